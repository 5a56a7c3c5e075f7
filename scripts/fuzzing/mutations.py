"""Sound files made unsound: by bytes, by fields, by parts of an archive."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from random import Random
from typing import Any

from scripts.fuzzing import texts

_PUT = (
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\r",
    b"\n",
    b'"',
    b"{",
    b"<",
)
_PUT_TEXT = (
    "“",
    "”",
    "\u2028",
    "\U0001f30a",
    "<b>" * 2000,
    "<!--",
    "&#0;",
    "%PDF-1.4",
    "\\ud800",
    ",,,",
    "[[[",
    "99999",
)

Node = tuple[Any, Any]
"""A container and the key or place of a value in it."""


def of_bytes(random: Random, data: bytes) -> bytes:
    """The bytes with one to eight places changed."""
    found = bytearray(data)
    for _ in range(1 + texts.size(random, 8)):
        at = random.randrange(len(found) + 1)
        end = min(at + texts.size(random, max(len(found), 2)), len(found))
        match random.randrange(8):
            case 0 | 1 if at < len(found):
                found[at] ^= 1 << random.randrange(8)
            case 2:
                del found[at:]
            case 3:
                del found[at:end]
            case 4:
                found[at:at] = found[at:end] * random.randint(1, 3)
            case 5:
                start = random.randrange(len(found) + 1)
                found[at:end] = found[start : start + end - at]
            case 6:
                found[at:at] = random.choice(_PUT)
            case _:
                found[at : at + 4] = random.choice([b"\xff\xff\xff\x7f", b"\0\0\0\0", random.randbytes(4)])
        del found[1 << 21 :]
    return bytes(found)


def of_json(random: Random, value: Any) -> Any:
    """The value, a copy, with one to four of its fields changed, so that it may still be read, or not."""
    return _gently(random, value) if random.random() < 0.6 else _roughly(random, value)


def _gently(random: Random, value: Any) -> Any:
    """Values stay of their kind, and spans as long as their texts."""
    whole = [deepcopy(value)]
    for _ in range(1 + texts.size(random, 4)):
        leaves = [(parent, key) for parent, key in _nodes(whole) if not isinstance(parent[key], dict | list)]
        # Few offsets: there are many, and hardly one can be changed alone.
        leaves = [leaf for leaf in leaves if not isinstance(leaf[0][leaf[1]], int) or random.random() < 0.1]
        if not leaves:
            break
        parent, key = random.choice(leaves)
        same = [other[name] for other, name in leaves if name == key]
        match parent[key]:
            case bool():
                parent[key] = not parent[key]
            case int():
                parent[key] = max(0, parent[key] + random.choice([-1, 1, 100, 10**6, 2**31, 2**62]))
            case float():
                parent[key] = random.choice([0.0, 1.0, random.random()])
            case _:
                parent[key] = random.choice([texts.weird_text(random), random.choice(same)])
    for parent, key in _nodes(whole):
        match parent[key]:
            case {"start": int() as start, "end": _, "text": str() as words}:
                parent[key]["end"] = start + len(words)
    return whole[0]


def _roughly(random: Random, value: Any) -> Any:
    """Fields are dropped, renamed, put elsewhere, and get values of other kinds."""
    whole = [deepcopy(value)]
    for _ in range(1 + texts.size(random, 4)):
        nodes = list(_nodes(whole))
        parent, key = random.choice(nodes)
        match random.randrange(8):
            case 0:
                del parent[key]
                if not whole:
                    return None
            case 1 if isinstance(parent, dict):
                parent[random.choice([*_names(nodes), "x", ""])] = parent.pop(key)
            case 2 if isinstance(parent, list):
                parent.insert(key, deepcopy(parent[key]))
            case 3:
                other, place = random.choice(nodes)
                parent[key] = deepcopy(other[place])
            case 4 if isinstance(parent[key], int):
                parent[key] += random.choice([-1, 1, 10, -1000, 10**9])
            case 5 if isinstance(parent[key], str):
                parent[key] = of_bytes(random, parent[key].encode("utf-8", "replace")).decode(
                    "utf-8", "replace"
                )
            case _:
                parent[key] = texts.weird(random)
    return whole[0]


def _nodes(value: Any) -> Iterator[Node]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _nodes(inner)


def _names(nodes: list[Node]) -> list[str]:
    return [key for _, key in nodes if isinstance(key, str)]


def of_lines(random: Random, data: bytes) -> bytes:
    """JSON Lines, or JSON, with the fields of some of its values changed."""
    try:
        lines = [json.loads(line) for line in data.decode().splitlines()]
    except ValueError:
        return as_json(of_json(random, json.loads(data)))
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(lines))
        lines[at] = of_json(random, lines[at])
    if random.random() < 0.1:
        lines.append(random.choice(lines))
    pieces = [as_json(line) for line in lines]
    if random.random() < 0.1:
        pieces.insert(random.randrange(len(pieces)), texts.raw_json(random).encode("utf-8", "surrogatepass"))
    return b"\n".join(pieces) + b"\n"


def as_json(value: Any) -> bytes:
    """The value as people's programs write it: with NaN, and lone surrogates escaped."""
    return json.dumps(value).encode()


def of_archive(random: Random, data: bytes) -> bytes:
    """A zip archive with one of its parts changed, left out, or packed in another way."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        name = random.choice([*parts, "word/document.xml"])
        changed = of_bytes(random, parts[name])
        for part, content in parts.items():
            how = random.choice(
                [zipfile.ZIP_DEFLATED] * 5 + [zipfile.ZIP_STORED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2]
            )
            if part != name or random.random() < 0.95:
                new.writestr(part, changed if part == name else content, how)
    return file.getvalue()


def pack(random: Random, data: bytes, suffix: str) -> bytes:
    """The bytes packed for `.gz` or `.zst`, sometimes in two frames, sometimes torn."""
    import zstandard

    # Without the time of day, which would make it another file each time.
    compress = partial(gzip.compress, mtime=0) if suffix == ".gz" else zstandard.compress
    middle = random.randrange(len(data) + 1) if random.random() < 0.2 else len(data)
    packed = compress(data[:middle]) + (compress(data[middle:]) if middle < len(data) else b"")
    return of_bytes(random, packed) if random.random() < 0.2 else packed


def bomb(random: Random, suffix: str) -> bytes:
    """A small file that unpacks to 200 MB or less, made a piece at a time: this process must stay small."""
    import zstandard

    # One long line, many short ones, or nothing that can be read.
    piece = random.choice(
        [b"a" * 999 + b" ", b"\xe2\x80\x9cIt rained.\xe2\x80\x9d Quill said.\n\n", b'{"text": "a"}\n', b"\0"]
    )
    piece *= (1 << 20) // len(piece)
    packer: Any = (
        zstandard.ZstdCompressor().compressobj() if suffix == ".zst" else zlib.compressobj(9, wbits=31)
    )
    packed = [packer.compress(piece) for _ in range(texts.size(random, 200))]
    return b"".join([*packed, packer.flush()])
