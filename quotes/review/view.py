"""What the page shows of an article: the paragraphs around a quotation, cut where a mark begins or ends.

[“It rained,”] quotation, [ ] none, [she] mention, [ ] none, [said] cue
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from quotes.records import Quotation
from quotes.text.marks import paragraphs

# How many paragraphs are shown before and after, and how many of a wide view.
_AROUND: Final = (2, 1)
_WIDE: Final = (30, 30)
# More of one paragraph is not shown: some texts have no line ends. In code points.
_LONGEST: Final = 4000

_Range = tuple[int, int]


class Piece(NamedTuple):
    """A stretch of text with the names of its marks, as classes of CSS; empty for none."""

    text: str
    marks: str


class Paragraph(NamedTuple):
    """A paragraph; `start` is the offset of its first code point. `near`: the quotation stands in it."""

    start: int
    near: bool
    pieces: tuple[Piece, ...]


def excerpt(text: str, quotation: Quotation, *, wide: bool) -> list[Paragraph]:
    """The paragraphs of a quotation, of its mention and its cue, and some around them."""
    marks = list(_marks(quotation))
    first, last = min(start for _, (start, _) in marks), max(end for _, (_, end) in marks)
    blocks = paragraphs(text) or [(0, len(text))]
    inside = [number for number, (start, end) in enumerate(blocks) if start < last and first < end]
    before, after = _WIDE if wide else _AROUND
    low = max(0, min(inside, default=0) - before)
    high = max(inside, default=len(blocks) - 1) + 1 + after
    return [
        Paragraph(start, number in inside, tuple(_pieces(text, start, end, marks)))
        for number, (block_start, block_end) in enumerate(blocks[low:high], low)
        for start, end in [(max(block_start, first - _LONGEST), min(block_end, last + _LONGEST))]
        if start < end
    ]


def _marks(quotation: Quotation) -> Iterator[tuple[str, _Range]]:
    for part in quotation.parts:
        yield "quotation", part
    for part in quotation.content or ():
        yield "reported", part
    for speaker in quotation.everyone:
        yield "mention", (speaker.start, speaker.end)
    if quotation.source is not None:
        yield "source", (quotation.source.start, quotation.source.end)
    if quotation.cue is not None:
        yield "cue", (quotation.cue.start, quotation.cue.end)


def _pieces(text: str, start: int, end: int, marks: Iterable[tuple[str, _Range]]) -> Iterator[Piece]:
    inside = [(name, mark) for name, mark in marks if mark[0] < end and start < mark[1]]
    edges = {edge for _, mark in inside for edge in mark if start < edge < end}
    for low, high in pairwise([start, *sorted(edges), end]):
        names = dict.fromkeys(name for name, mark in inside if mark[0] <= low and high <= mark[1])
        yield Piece(text[low:high], " ".join(names))
