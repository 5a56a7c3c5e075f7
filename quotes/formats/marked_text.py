"""What pages share: overlapping marks cut into pieces that nest, a list of speakers, the writer's words."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from quotes.records import Quotation, Span, SpeakerKind

Range = tuple[int, int]


class Piece(NamedTuple):
    """The half-open range [start, end) of the mark at index `mark`."""

    start: int
    end: int
    mark: int


class Event(NamedTuple):
    """A step of a walk through a text: a stretch of text, or the beginning or end of a piece."""

    kind: Literal["text", "open", "close"]
    text: str
    piece: Piece | None


def nested(marks: Sequence[Range], blocks: Sequence[Range]) -> list[list[Piece]]:
    """For each block of the text, the pieces of its marks: any two are disjoint, or one contains the other.

    Blocks are in text order and disjoint. Pieces are sorted by start, the longer before the shorter, then by
    the mark's index. A mark that crosses the end of another is cut there. Empty marks, and the text between
    blocks, are left out.
    """
    waiting = [(start, -end, mark) for mark, (start, end) in enumerate(marks) if start < end]
    heapq.heapify(waiting)
    found: list[list[Piece]] = []
    for block_start, block_end in blocks:
        pieces: list[Piece] = []
        ends = [block_end]
        while waiting and waiting[0][0] < block_end:
            start, negative_end, mark = heapq.heappop(waiting)
            if start < block_start:
                if -negative_end > block_start:
                    heapq.heappush(waiting, (block_start, negative_end, mark))
                continue
            while ends[-1] <= start:
                ends.pop()
            end = -negative_end
            if end > ends[-1]:
                heapq.heappush(waiting, (ends[-1], negative_end, mark))
                end = ends[-1]
            pieces.append(Piece(start, end, mark))
            ends.append(end)
        found.append(pieces)
    return found


def walk(text: str, block: Range, pieces: Sequence[Piece]) -> Iterator[Event]:
    """Walk through one block of the text: its stretches, and the beginning and end of its pieces."""
    at, end = block
    still_open: list[Piece] = []
    for piece in pieces:
        while still_open and still_open[-1].end <= piece.start:
            yield from _stretch(text, at, still_open[-1].end)
            at = still_open[-1].end
            yield Event("close", "", still_open.pop())
        yield from _stretch(text, at, piece.start)
        at = piece.start
        yield Event("open", "", piece)
        still_open.append(piece)
    while still_open:
        yield from _stretch(text, at, still_open[-1].end)
        at = still_open[-1].end
        yield Event("close", "", still_open.pop())
    yield from _stretch(text, at, end)


def _stretch(text: str, start: int, end: int) -> Iterator[Event]:
    if start < end:
        yield Event("text", text[start:end], None)


def writers_words(text: str, quotation: Quotation) -> list[Range]:
    """What is reported without marks: of an indirect quotation all, of others `content` without the parts.

    White space around the words is left out, and so are punctuation marks between two quoted parts.
    """
    marked = () if quotation.kind == "indirect" else quotation.parts
    ends = [end for _, end in marked]
    found = []
    for reported_start, reported_end in quotation.reported:
        start = reported_start
        for number in range(bisect_right(ends, start), len(marked)):
            if marked[number][0] >= reported_end:
                break
            found.append((start, marked[number][0]))
            start = marked[number][1]
        found.append((start, reported_end))
    return [
        (start + len(words) - len(words.lstrip()), start + len(words.rstrip()))
        for start, end in found
        if any(map(str.isalnum, words := text[start:end]))
    ]


def how_told(quotation: Quotation) -> list[str]:
    """What a list of quotations tells beside one: the whole source, the cue, and the type of attribution."""
    told = [span.text for span in (quotation.source, quotation.cue) if span is not None]
    return [*told, *([attribution] if (attribution := attribution_of(quotation)) else [])]


def attribution_of(quotation: Quotation) -> str:
    """The type of an attribution, in words: belief; belief, negated; "" if nothing is known."""
    return ", ".join(filter(None, (quotation.attribution_type, "negated" if quotation.negated else None)))


def names_of(quotation: Quotation) -> str:
    """The name of the speaker; of several, all names, and the mentions of those without: Ada Quill and a man.

    Empty if nobody has a name.
    """
    if quotation.speakers is None:
        return quotation.speaker_name or ""
    named = any(one.name for one in quotation.speakers)
    return " and ".join(dict.fromkeys(one.name or one.text for one in quotation.speakers)) if named else ""


@dataclass(slots=True)
class Speaker:
    """A speaker of a document; the one who is quoted first has the number 1."""

    number: int
    name: str
    kind: str
    named: bool
    """Whether `name` is a name, not the mention in the text."""
    role: str | None = None
    """The longest role that a quotation gives."""
    speaker_id: str | None = None
    quotations: list[int] = field(default_factory=list)
    """The indices of their quotations in the record."""


class Speakers(NamedTuple):
    """The speakers of a document, and those of each quotation with their mentions, the first one first."""

    all: list[Speaker]
    of: list[list[tuple[Speaker, Span | None]]]


def speakers_of(quotations: Sequence[Quotation]) -> Speakers:
    """The speakers of one document, in the order in which they are first quoted.

    Quotations with the same name have the same speaker. Without a name, those with the same mention, in any
    case, have; but each speaker of unknown kind ("she") counts as another. Quotations without name and
    mention have no speaker; a quotation of several has each of them.
    """
    found: dict[tuple[str, bool, int | None], Speaker] = {}
    of: list[list[tuple[Speaker, Span | None]]] = []
    for index, quotation in enumerate(quotations):
        of.append([])
        for place, (mention, given, kind) in enumerate(_said_by(quotation)):
            if given is not None:
                name, named = given, True
            elif mention is not None:
                name, named = " ".join(mention.text.split()), False
            else:
                continue
            alone = not named and kind == "unknown"
            key = (name if named else name.casefold(), named, index if alone else None)
            speaker = found.setdefault(key, Speaker(len(found) + 1, name, kind, named))
            if any(speaker is other for other, _ in of[-1]):
                continue
            speaker.quotations.append(index)
            of[-1].append((speaker, mention))
            if place == 0 and named:
                # Of an unnamed speaker, the name is the mention, which holds the role.
                speaker.role = max(speaker.role, quotation.speaker_role, key=lambda role: len(role or ""))
                speaker.speaker_id = speaker.speaker_id or quotation.speaker_id
    return Speakers(list(found.values()), of)


def _said_by(quotation: Quotation) -> list[tuple[Span | None, str | None, SpeakerKind]]:
    if quotation.speakers is None:
        return [(quotation.speaker, quotation.speaker_name, quotation.speaker_kind)]
    return [(one, one.name, one.kind) for one in quotation.speakers]
