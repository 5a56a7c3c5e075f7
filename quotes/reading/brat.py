"""Read brat standoff: the attributions of a corpus such as PolNeAR."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from quotes.errors import ReadError

Range = tuple[int, int]

_KEY = re.compile(r"[TE]\d+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One annotated attribution. Each role holds half-open ranges of code points, in the file's order."""

    source: tuple[Range, ...]
    cue: tuple[Range, ...]
    content: tuple[Range, ...]


def attributions(path: Path) -> list[Attribution]:
    """The attributions of one `.ann` file that have a content.

    Raises `ReadError` with file and line where the file is no brat standoff.
    """
    spans: dict[str, list[Range]] = {}
    events: list[dict[str, list[Range]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        key, _, rest = line.partition("\t")
        # An annotated text with a line break in it goes on in a line without a key.
        if not _KEY.fullmatch(key):
            continue
        try:
            if key[:1] == "T":
                ranges = rest.split("\t")[0].split(" ", 1)[1]
                spans[key] = [_range(part) for part in ranges.split(";")]
            else:
                roles: dict[str, list[Range]] = {}
                for pair in rest.split():
                    role, _, reference = pair.partition(":")
                    roles.setdefault(re.sub(r"\d+$", "", role).lower(), []).extend(spans.get(reference, ()))
                events.append(roles)
        except (IndexError, ValueError) as error:
            raise ReadError(
                f"{path}:{number}: no brat annotation: {line[:60]!r}. Export the file from brat again."
            ) from error
    return [
        Attribution(tuple(event.get("source", ())), tuple(event.get("cue", ())), tuple(event["content"]))
        for event in events
        if event.get("content")
    ]


def _range(part: str) -> Range:
    start, end = part.split()
    return int(start), int(end)
