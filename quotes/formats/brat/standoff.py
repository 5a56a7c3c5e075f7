"""brat standoff: the annotations of a corpus such as PolNeAR, or of a folder that `writing.py` wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from quotes.errors import ReadError
from quotes.files.inputs import read_whole
from quotes.records import Quotation

Range = tuple[int, int]

#: The file of a folder that says which document each pair of files holds.
MANIFEST: Final = "documents.jsonl"

#: The attributes of an event, with the fields of a quotation that they hold.
ATTRIBUTES: Final = {
    "Kind": "kind",
    "Channel": "channel",
    "SpeakerKind": "speaker_kind",
    "Type": "attribution_type",
}
#: The fields of a quotation that are spans; a note has their offsets.
SPANS: Final = ("speaker", "cue", "source")
#: The attributes that are there or not, with their fields.
FLAGS: Final = {"Negated": "negated", "InBoilerplate": "in_boilerplate"}

_KEY = re.compile(r"[TEAM#]\d+")

# The line ends that brat sees, which reads lines with Python's codecs. It cuts annotations at each of them.
_LINE_END = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One annotated attribution. Each role holds half-open ranges of code points, in the file's order."""

    source: tuple[Range, ...]
    cue: tuple[Range, ...]
    content: tuple[Range, ...]


@dataclass(slots=True)
class Event:
    """One event: the ranges of its roles (in small letters), its attributes (by name), and its note."""

    roles: dict[str, list[Range]]
    attributes: dict[str, str] = field(default_factory=dict)
    note: str = ""


def attributions(path: Path) -> list[Attribution]:
    """The attributions of one `.ann` file that have content.

    Raises ReadError, with file and line, if the file is not brat standoff.
    """
    return [
        Attribution(*(tuple(event.roles.get(role, ())) for role in ("source", "cue", "content")))
        for event in events(path)
        if event.roles.get("content")
    ]


def events(path: Path) -> list[Event]:
    """All events of one `.ann` file, in order. Raises ReadError if it is not brat standoff."""
    spans: dict[str, list[Range]] = {}
    found: dict[str, Event] = {}
    for number, line in enumerate(_text(path).split("\n"), 1):
        key, _, rest = line.partition("\t")
        # The text of an annotation may continue in a line without a key.
        if not _KEY.fullmatch(key):
            continue
        try:
            if key[:1] == "T":
                ranges = rest.split("\t")[0].split(" ", 1)[1]
                spans[key] = [_range(part) for part in ranges.split(";")]
            elif key[:1] == "E":
                found[key] = Event(_roles(rest, spans))
            else:
                _describe(found, key, rest)
        except (IndexError, ValueError) as error:
            raise ReadError(
                f"{path}:{number}: this is not a brat annotation: {line[:60]!r}. "
                "Export the file from brat again."
            ) from error
    return list(found.values())


def roles_of(text: str, quotation: Quotation) -> dict[str, list[Range]]:
    """The ranges of each role of a quotation's event, those that it has, in the order of the roles.

    As in PolNeAR, Content is all that is reported, and Source the whole phrase. Where the words in marks, or
    the mention of the speaker, are less than that, they are Quoted and Speaker.
    """
    spans = {
        "Source": quotation.source or quotation.speaker,
        "Speaker": quotation.speaker if quotation.source else None,
        "Cue": quotation.cue,
    }
    ranges = {name: [(span.start, span.end)] for name, span in spans.items() if span is not None}
    found = {**ranges, "Content": quotation.reported, "Quoted": quotation.parts if quotation.content else ()}
    return {role: apart for role, of in found.items() if (apart := lines_apart(text, of))}


def lines_apart(text: str, ranges: Iterable[Range]) -> list[Range]:
    """The ranges as brat can hold them: cut at line ends, without empty ones."""
    return [piece for start, end in ranges for piece in _within_lines(text, start, end)]


def lines_joined(text: str, ranges: Iterable[Range]) -> list[Range]:
    """The ranges in text order. Those that only line ends separate are joined."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and joined[-1][1] < start and _LINE_END.fullmatch(text, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _within_lines(text: str, start: int, end: int) -> Iterator[Range]:
    for line_end in _LINE_END.finditer(text, start, end):
        if start < line_end.start():
            yield start, line_end.start()
        start = line_end.end()
    if start < end:
        yield start, end


def _roles(pairs: str, spans: dict[str, list[Range]]) -> dict[str, list[Range]]:
    roles: dict[str, list[Range]] = {}
    for pair in pairs.split():
        role, _, reference = pair.partition(":")
        roles.setdefault(re.sub(r"\d+$", "", role).lower(), []).extend(spans.get(reference, ()))
    return roles


def _describe(found: dict[str, Event], key: str, rest: str) -> None:
    """Add an attribute or a note to its event; those of anything else are skipped."""
    if key[:1] == "#":
        head, _, note = rest.partition("\t")
        _, _, reference = head.partition(" ")
        if reference in found:
            found[reference].note = note
        return
    name, reference, *value = rest.split()
    if reference in found:
        found[reference].attributes[name] = " ".join(value)


def _range(part: str) -> Range:
    start, end = part.split()
    return int(start), int(end)


def _text(path: Path) -> str:
    try:
        return read_whole(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{path}: this is no UTF-8 ({error.reason}). Export the file from brat again."
        ) from None
