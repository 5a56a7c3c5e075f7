"""Stage 2, Segments → Parse: parsed windows, with the offsets of each token in the document.

“I never said so. Ever,” Quill told us.   →   [So][,][Quill][told][us][.]: [So] stands for the quotation
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from quotes.parsing.masking import Masked, elsewhere, stretches
from quotes.parsing.tokens import Token, tokens_of
from quotes.text.segments import Segments

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# The most tokens of a batch: it takes about 14 kB for each, and more of them together aren't parsed faster.
_TOKENS = 2_500


@dataclass(frozen=True, slots=True)
class Window:
    """A parsed stretch. Token i stands for the document's code points [starts[i], ends[i])."""

    tokens: list[Token]
    starts: list[int]
    ends: list[int]
    segment_at: list[int]
    """For each token, the number of the segment that it belongs to, or -1 for the writer's own words."""
    where: dict[int, tuple[int, int]]
    """For each segment, its half-open range of tokens."""
    paragraph: int
    names: frozenset[str] = frozenset()
    """Words that the document writes with a capital within a sentence: names, even if tagged otherwise."""

    def range(self, first: int, last: int) -> tuple[int, int]:
        """The code points of the document that the tokens [first, last) stand for."""
        return self.starts[first], self.ends[last - 1]


@dataclass(frozen=True, slots=True)
class Parse:
    """The parsed windows of one document in text order, by the number of their paragraph."""

    segments: Segments
    windows: Mapping[int, tuple[Window, ...]]
    others: tuple[Window, ...] = ()
    """Sentences away from all quotations that may hold indirect speech, if they were asked for."""

    def every(self) -> Iterator[Window]:
        """All windows: those near quotations, then the others."""
        return chain(*self.windows.values(), self.others)

    def release(self) -> None:
        """Free the tokens, about 500 bytes each, which would else wait for the garbage collector."""
        for window in self.every():
            for column in (window.tokens, window.starts, window.ends, window.segment_at):
                column.clear()


def parse(
    nlp: Language,
    documents: Sequence[Segments],
    *,
    exhaustive: bool = False,
    also: Callable[[str], bool] | None = None,
    batch_size: int = 256,
) -> list[Parse]:
    """Parse the stretches of several documents together. Records don't depend on the batches.

    `also` tells which sentences away from quotations are parsed, too.

    A batch has `batch_size` stretches at most, and fewer of long ones (see `_TOKENS`).
    """
    windows: list[dict[int, list[Window]]] = [{} for _ in documents]
    masked = (
        (stretch, number)
        for number, segments in enumerate(documents)
        for stretch in stretches(segments, exhaustive=exhaustive)
    )
    for number, window in _parsed(nlp, masked, documents, batch_size):
        windows[number].setdefault(window.paragraph, []).append(window)
    others: list[list[Window]] = [[] for _ in documents]
    if also is not None:
        unmasked = (
            (stretch, number)
            for number, segments in enumerate(documents)
            for stretch in elsewhere(segments, also)
        )
        for number, window in _parsed(nlp, unmasked, documents, batch_size):
            others[number].append(window)
    return [
        Parse(segments, {paragraph: tuple(group) for paragraph, group in found.items()}, tuple(more))
        for segments, found, more in zip(documents, windows, others, strict=True)
    ]


def _parsed(
    nlp: Language, masked: Iterable[tuple[Masked, int]], documents: Sequence[Segments], batch_size: int
) -> Iterator[tuple[int, Window]]:
    """The windows of stretches, each with the number of its document."""
    for batch in _batches(nlp, masked, batch_size):
        # spaCy's parser works on a quarter of a batch at a time, and each of its steps takes as long for few.
        for doc, (stretch, number) in nlp.pipe(batch, as_tuples=True, batch_size=4 * len(batch)):
            yield number, locate(doc, stretch, documents[number].names)


def _batches(
    nlp: Language, masked: Iterable[tuple[Masked, int]], most: int
) -> Iterator[list[tuple[Doc, tuple[Masked, int]]]]:
    """Batches of tokenized stretches, each with the number of its document."""
    batch: list[tuple[Doc, tuple[Masked, int]]] = []
    tokens = 0
    for stretch, number in masked:
        doc = nlp.make_doc(stretch.text)
        if batch and (len(batch) == most or tokens + len(doc) > _TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append((doc, (stretch, number)))
        tokens += len(doc)
    if batch:
        yield batch


def locate(doc: Doc, masked: Masked, names: frozenset[str] = frozenset()) -> Window:
    """Locate each token of a parsed stretch in the document. `names` becomes `Window.names`."""
    tokens = tokens_of(doc, masked.text)
    pieces = masked.pieces
    beginnings = [*(piece.offset for piece in pieces[1:]), sys.maxsize]
    starts: list[int] = []
    ends: list[int] = []
    segment_at: list[int] = []
    where: dict[int, tuple[int, int]] = {}
    k = -1  # the piece in which a token begins; pieces and tokens are both in text order
    stop = 0
    for token in tokens:
        a = token.idx
        b = a + len(token.text)
        while stop <= a:
            k += 1
            piece, stop = pieces[k], beginnings[k]
            # The same as `piece.original`, computed once for each piece.
            copied, segment, moved = not piece.stands_in, piece.segment, piece.start - piece.offset
        starts.append(a + moved if copied else piece.start)
        if b > stop:
            ends.append(pieces[bisect_left(beginnings, b)].original(b))
        else:
            ends.append(b + moved if copied else piece.start + piece.size)
        segment_at.append(segment)
        if segment >= 0:
            first = where[segment][0] if segment in where else token.i
            where[segment] = first, token.i + 1
    return Window(tokens, starts, ends, segment_at, where, masked.paragraph, names)
