"""What a run on Ray has to read: shares of files, and which of their documents are left to do.

    find(["news/", "s3://news/2026"]) → [Share(50 files), Share(1 file of many articles), …]
    plan(shares, indexes, done)       → the same without repeated ids and without what an earlier run has done

The driver holds a digest of each document's id, 16 bytes. So it knows which ids are repeated and which are
done, in whichever file, and tells each task which documents to skip.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from quotes.errors import ReadError
from quotes.files.inputs import OnError, reason, repeated_id, unpacked_name
from quotes.files.uris import PlacedInput, absolute, file_system, is_uri
from quotes.formats.doc_ids import doc_ids
from quotes.formats.sources import documents_of, expand
from quotes.formats.table import FOLDER_SUFFIXES, article_format
from quotes.records import Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Digests = NDArray[np.bytes_]

# Read in folders that have no files of the other formats; other tables and arrays must be named.
_FILES_OF_MANY = (".jsonl", ".parquet")
# Files of one document each that a task reads. A file of many documents has a task of its own.
_FILES_IN_A_SHARE = 50
_DIGEST = 16  # bytes


class File(NamedTuple):
    """A file to read: its document id, its path or URI, and its name in messages."""

    doc_id: str
    place: str
    shown: str


@dataclass(frozen=True, slots=True)
class Share:
    """The files that one task reads. `keep` has a bit for each document, in order; None keeps all."""

    files: tuple[File, ...]
    keep: bytes | None = None

    @property
    def many(self) -> bool:
        """Whether this is one file of many documents, each with its own id."""
        return _many(self.files[0].place)


class Index(NamedTuple):
    """The digests of a share's ids in order, 16 bytes each, and messages about what can't be read."""

    digests: bytes
    problems: list[str]


class Plan(NamedTuple):
    """What is left to do: the shares, the number of documents, and the documents with repeated ids."""

    shares: list[Share]
    total: int
    repeated: list[tuple[Share, list[int]]]


# Files


def find(paths: Sequence[str], report: OnError) -> list[Share]:
    """The files in paths, folders and URIs as shares, in the order given, with URIs last.

    A folder gives the same files as without Ray; if it has none of them, its files of many articles. What is
    missing is passed to `report`. Raises QuotesError for an unknown file system.
    """
    local = [inner for path in paths if not is_uri(path) for inner in _unfolded(path)]
    remote = [inner for path in paths if is_uri(path) for inner in _listed(path, report)]
    places = [*(str(source.path) for source in expand(local, report)), *dict.fromkeys(remote)]
    ids = doc_ids([Path(file_system(place)[1] if is_uri(place) else place) for place in places])
    shares: list[list[File]] = []
    for place, doc_id in zip(places, ids, strict=True):
        file = File(doc_id, absolute(place), place)
        full = not shares or _many(shares[-1][0].place) or len(shares[-1]) == _FILES_IN_A_SHARE
        if full or _many(place):
            shares.append([file])
        else:
            shares[-1].append(file)
    return [Share(tuple(files)) for files in shares]


def documents(share: Share, report: OnError) -> Iterator[Document]:
    """The documents of a share that `keep` keeps. What can't be read is passed to `report` as a ReadError."""
    number = 0
    for file in share.files:
        path = file_system(file.place)[1] if is_uri(file.place) else file.place
        source = PlacedInput(file.doc_id, Path(path), report, place=file.place, shown=file.shown)
        try:
            for document in documents_of(source):
                if share.keep is None or _bit(share.keep, number):
                    yield document
                number += 1
        except ReadError as error:
            report(error)


def _bit(bits: bytes, number: int) -> bool:
    return number < 8 * len(bits) and bool(bits[number // 8] & (0x80 >> number % 8))


def _many(place: str) -> bool:
    return article_format(Path(place)).many


def _unfolded(path: str) -> list[str]:
    """The path itself; for a folder without files of one article, its files of many articles."""
    files_of_many: list[str] = []
    if not Path(path).is_dir():
        return [path]
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if any(_in_folders(name) for name in names):
            return [path]
        files_of_many += [os.path.join(folder, n) for n in sorted(names) if _of_many(n)]  # noqa: PTH118
    return files_of_many or [path]


def _listed(uri: str, report: OnError) -> list[str]:
    """The URIs of the files at a URI."""
    from pyarrow import fs

    files, path = file_system(uri)
    try:
        found = files.get_file_info(path)
        if found.type == fs.FileType.File:
            return [uri]
        if found.type == fs.FileType.NotFound:
            report(ReadError(f"{uri}: there is no such file or folder. Check its spelling, or name another."))
            return []
        entries = files.get_file_info(fs.FileSelector(path, recursive=True))
    except OSError as error:
        report(ReadError(f"{uri}: can't be listed ({reason(error)}). Check that you may read this folder."))
        return []
    start = len(path.rstrip("/")) + 1
    inner = sorted(entry.path[start:] for entry in entries if entry.type == fs.FileType.File)
    inner = [name for name in inner if not any(part.startswith(".") for part in name.split("/"))]
    articles = [n for n in inner if _in_folders(Path(n).name)] or [n for n in inner if _of_many(Path(n).name)]
    if not articles:
        report(ReadError(f"{uri}: no article is in this folder or below. Name one with articles in it."))
    base, mark, query = uri.partition("?")
    return [f"{base.rstrip('/')}/{quote(name)}{mark}{query}" for name in articles]


def _in_folders(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in FOLDER_SUFFIXES


def _of_many(name: str) -> bool:
    return not name.startswith((".", "_")) and unpacked_name(Path(name)).endswith(_FILES_OF_MANY)


# Documents


def digest(doc_id: str) -> bytes:
    """16 bytes for an id; even among a billion ids, two equal digests are next to impossible."""
    return hashlib.blake2b(doc_id.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def index(share: Share) -> Index:
    """List a share's documents. Files of one document each aren't opened, since their ids are known."""
    if not share.many:
        return Index(b"".join(digest(file.doc_id) for file in share.files), [])
    problems: list[str] = []
    found = documents(share, lambda error: problems.append(str(error)))
    return Index(b"".join(digest(document.doc_id) for document in found), problems)


def plan(shares: Sequence[Share], indexes: Sequence[bytes], done: bytes) -> Plan:
    """Leave out what is done, and keep only the first of documents with the same id."""
    import numpy as np

    digests = _digests(b"".join(indexes))
    first = np.zeros(len(digests), bool)
    first[np.unique(digests, return_index=True)[1]] = True
    left = first & ~np.isin(digests, _digests(done))
    result = Plan([], int(left.sum()), [])
    end = 0
    for share, its in zip(shares, indexes, strict=True):
        start, end = end, end + len(its) // _DIGEST
        if not first[start:end].all():
            result.repeated.append((share, np.flatnonzero(~first[start:end]).tolist()))
        keep = left[start:end]
        if share.many and keep.any():
            result.shares.append(replace(share, keep=None if keep.all() else np.packbits(keep).tobytes()))
        elif keep.any():
            result.shares.append(Share(tuple(f for f, kept in zip(share.files, keep, strict=True) if kept)))
    return result


def repeated(share: Share, numbers: Sequence[int]) -> list[str]:
    """Messages about a share's documents with these numbers, whose ids appear earlier."""
    wanted = set(numbers)
    if not share.many:
        return [repeated_id(f.shown, 1, f.doc_id) for n, f in enumerate(share.files) if n in wanted]
    where = share.files[0].shown
    read = enumerate(documents(share, lambda _: None))
    return [repeated_id(where, n + 1, document.doc_id) for n, document in read if n in wanted]


def count_repeated(done: bytes) -> int:
    """How many of the digests appear earlier among them."""
    import numpy as np

    digests = _digests(done)
    return len(digests) - len(np.unique(digests))


def _digests(content: bytes) -> Digests:
    import numpy as np

    return np.frombuffer(content, dtype=f"S{_DIGEST}")
