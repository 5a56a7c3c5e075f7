"""Stage 2, Segments → Parse: parsed windows, each token with its place in the document.

“I never said so. Ever,” Quill told us.   →   [So][,][Quill][told][us][.]: [So] stands for the quotation
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quotes.parsing.masking import Masked, stretches
from quotes.parsing.tokens import Token, tokens_of
from quotes.text.segments import Segments

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# The most tokens that are parsed together; 256 stretches of ordinary articles hold fewer.
_TOKENS = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """A parsed stretch. Token i stands for the document's code points [starts[i], ends[i])."""

    tokens: list[Token]
    starts: list[int]
    ends: list[int]
    segment_at: list[int]
    """For each token the number of the segment that it belongs to, or -1 for the writer's own words."""
    where: dict[int, tuple[int, int]]
    """For each segment its half-open range of tokens."""
    paragraph: int
    names: frozenset[str] = frozenset()
    """Words that the document writes with a capital within sentences: names, whatever the tagger says."""

    def range(self, first: int, last: int) -> tuple[int, int]:
        """The document's code points for which the tokens [first, last) stand."""
        return self.starts[first], self.ends[last - 1]

    def close(self) -> None:
        """Let go of the tokens: some 500 bytes each, which else wait for the garbage collector."""
        for column in (self.tokens, self.starts, self.ends, self.segment_at):
            column.clear()


@dataclass(frozen=True, slots=True)
class Parse:
    """Stage 2: the parsed windows of one document, by the number of their paragraph and in text order."""

    segments: Segments
    windows: Mapping[int, tuple[Window, ...]]

    def release(self) -> None:
        """Forget the tokens, which refer to one another: without it they wait for the garbage collector."""
        for windows in self.windows.values():
            for window in windows:
                window.close()


def parse(
    nlp: Language, documents: Sequence[Segments], *, exhaustive: bool = False, batch_size: int = 256
) -> list[Parse]:
    """Parse what documents have near their quotations, all together: records don't depend on the grouping.

    Batches of 256 fill the parser better than those of 64, by 4 % of its time, and take 100 MB more. Those of
    long stretches hold fewer: the parser takes some 10 kB for each token of a batch.
    """
    masked = (
        (stretch, number)
        for number, segments in enumerate(documents)
        for stretch in stretches(segments, exhaustive=exhaustive)
    )
    windows: list[dict[int, list[Window]]] = [{} for _ in documents]
    for batch in _batches(nlp, masked, batch_size):
        for doc, (stretch, number) in nlp.pipe(batch, as_tuples=True, batch_size=batch_size):
            window = locate(doc, stretch, documents[number].names)
            windows[number].setdefault(stretch.paragraph, []).append(window)
    return [
        Parse(segments, {paragraph: tuple(group) for paragraph, group in found.items()})
        for segments, found in zip(documents, windows, strict=True)
    ]


def _batches(
    nlp: Language, masked: Iterable[tuple[Masked, int]], most: int
) -> Iterator[list[tuple[Doc, tuple[Masked, int]]]]:
    """What is parsed together: stretches cut into tokens, each with the number of its document."""
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
    """Give each token of a parsed stretch its place in the document; `names` are `Window.names`."""
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
            # What `original` says of all tokens of a piece, once a piece: most texts have few.
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
