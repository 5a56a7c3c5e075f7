"""Stage 2, Segments → Parse: parsed windows, with the offsets of each token in the document.

“I never said so. Ever,” Quill told us.   →   [So][,][Quill][told][us][.]: [So] stands for the quotation
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.parsing.masking import Masked, elsewhere, stretches
from quotes.parsing.tokens import Token, columns_of, tokens_from
from quotes.text.segments import Segments

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.strings import StringStore
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
    names: Container[str] = ()
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


class Read(NamedTuple):
    """A stretch that spaCy has parsed, before its tokens are made."""

    columns: Any
    masked: Masked
    strings: StringStore

    @classmethod
    def of(cls, doc: Doc, masked: Masked) -> Read:
        """What is kept of spaCy's `doc` of a stretch."""
        return cls(columns_of(doc), masked, doc.vocab.strings)


def parse(
    nlp: Language,
    documents: Sequence[Segments],
    *,
    exhaustive: bool = False,
    also: Callable[[str], bool] | None = None,
    batch_size: int = 256,
) -> Iterator[Parse]:
    """Parse the stretches of several documents together. Records don't depend on the batches.

    `also` tells which sentences away from quotations are parsed, too.

    A batch has `batch_size` stretches at most, and fewer of long ones (see `_TOKENS`). All are parsed at
    once, but the tokens of a document are made when its turn comes, so that few tokens are there at a time.
    """
    near = _parsed(nlp, documents, lambda segments: stretches(segments, exhaustive=exhaustive), batch_size)
    others: list[list[Read]] = [[] for _ in documents]
    if also is not None:
        others = _parsed(nlp, documents, lambda segments: elsewhere(segments, also), batch_size)
    return (_located(*document) for document in zip(documents, near, others, strict=True))


def _parsed(
    nlp: Language,
    documents: Sequence[Segments],
    masked: Callable[[Segments], Iterator[Masked]],
    batch_size: int,
) -> list[list[Read]]:
    """The stretches of each document, parsed."""
    found: list[list[Read]] = [[] for _ in documents]
    every = ((stretch, number) for number, one in enumerate(documents) for stretch in masked(one))
    for batch in _batches(nlp, every, batch_size):
        # spaCy's parser works on a quarter of a batch at a time, and each of its steps takes as long for few.
        for doc, (stretch, number) in nlp.pipe(batch, as_tuples=True, batch_size=4 * len(batch)):
            found[number].append(Read.of(doc, stretch))
    return found


def _located(segments: Segments, near: list[Read], others: list[Read]) -> Parse:
    """A document's parse, whose tokens are made now."""
    windows: dict[int, list[Window]] = {}
    for read in near:
        windows.setdefault(read.masked.paragraph, []).append(locate(read, segments.names))
    return Parse(
        segments,
        {paragraph: tuple(group) for paragraph, group in windows.items()},
        tuple(locate(read, segments.names) for read in others),
    )


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


def locate(read: Read, names: Container[str] = ()) -> Window:
    """Locate each token of a parsed stretch in the document. `names` becomes `Window.names`."""
    text, pieces, paragraph = read.masked
    columns = read.columns.T.tolist()
    tokens = tokens_from(columns, text, read.strings)
    offsets = columns[0]
    stops = list(map(add, offsets, columns[1]))
    beginnings = [*[piece.offset for piece in pieces[1:]], sys.maxsize]
    starts: list[int] = []
    ends: list[int] = []
    segment_at: list[int] = []
    where: dict[int, tuple[int, int]] = {}
    first = 0
    for (offset, length, start, size, segment), stop in zip(pieces, beginnings, strict=True):
        last = bisect_left(offsets, stop, first)  # the tokens [first, last) begin in this piece
        if first == last:
            continue
        if length != size:  # a placeholder
            starts += [start] * (last - first)
            ends += [start + size] * (last - first)
        else:
            moved = start - offset
            starts += [place + moved for place in offsets[first:last]]
            ends += [place + moved for place in stops[first:last]]
        if (end := stops[last - 1]) > stop:  # in a later piece
            ends[-1] = pieces[bisect_left(beginnings, end)].original(end)
        segment_at += [segment] * (last - first)
        if segment >= 0:
            where[segment] = where[segment][0] if segment in where else first, last
        first = last
    return Window(tokens, starts, ends, segment_at, where, paragraph, names)
