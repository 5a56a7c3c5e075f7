"""What pages share: overlapping marks cut into pieces that nest, a list of speakers, the writer's words."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from quotes.records import Quotation

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


@dataclass(slots=True)
class Speaker:
    """A speaker of a document; the one who is quoted first has the number 1."""

    number: int
    name: str
    kind: str
    named: bool
    """Whether `name` is a name, not the mention in the text."""
    quotations: list[int] = field(default_factory=list)
    """The indices of their quotations in the record."""


def speakers_of(quotations: Sequence[Quotation]) -> list[Speaker]:
    """The speakers of one document, in the order in which they are first quoted.

    Quotations with the same name have the same speaker. Without a name, those with the same mention, in any
    case, have; but each speaker of unknown kind ("she") counts as another. Quotations without name and
    mention have no speaker.
    """
    found: dict[tuple[str, bool, int | None], Speaker] = {}
    for index, quotation in enumerate(quotations):
        if quotation.speaker_name is not None:
            name, named = quotation.speaker_name, True
        elif quotation.speaker is not None:
            name, named = " ".join(quotation.speaker.text.split()), False
        else:
            continue
        alone = not named and quotation.speaker_kind == "unknown"
        key = (name if named else name.casefold(), named, index if alone else None)
        if key not in found:
            found[key] = Speaker(len(found) + 1, name, quotation.speaker_kind, named)
        found[key].quotations.append(index)
    return list(found.values())
