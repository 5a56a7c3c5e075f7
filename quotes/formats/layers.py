"""Marks that overlap, cut into pieces that nest: for XML, HTML and whatever else is a tree."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Range = tuple[int, int]


class Piece(NamedTuple):
    """The half-open range [start, end) of the mark at index `mark`."""

    start: int
    end: int
    mark: int


class Event(NamedTuple):
    """A step of a walk through a text: a stretch of it, or a piece that begins or ends there."""

    kind: Literal["text", "open", "close"]
    text: str
    piece: Piece | None


def nested(marks: Sequence[Range], blocks: Sequence[Range]) -> list[list[Piece]]:
    """For each block of the text, the pieces of the marks in it: any two are apart, or one holds the other.

    Blocks are in text order and disjoint. Pieces come in the order in which they begin, the longer before
    the shorter, then by the mark's index. A mark that crosses the end of another is cut there. Empty marks,
    and what stands between blocks, are left out.
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
    """Go through one block of the text, with its pieces opened and closed where they begin and end."""
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
