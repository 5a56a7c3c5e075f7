"""Stage 1, text → Segments: the paragraphs of a document, and what is quoted in them.

“A,” Quill said. ¶ It rained.   →   two paragraphs, one segment; before it "", after it " Quill said."
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.text.marks import TWEET, Range, Segment

# The capital first: a search skips to it, and looks behind only there.
_CAPITAL = re.compile(r"[A-Z](?<=[a-z,]\s.)\w+")


@dataclass(frozen=True, slots=True)
class Segments:
    """The quoted segments of one document, in text order. All ranges are half-open, in code points."""

    text: str
    paragraphs: tuple[Range, ...]
    items: tuple[Segment, ...]
    words: tuple[tuple[str, ...], ...]
    """The words of each segment."""
    names: frozenset[str]
    """The words that the document writes with a capital within a sentence."""
    mostly_double: bool
    """Whether the document sets its quotations in double marks; single ones then hardly ever hold speech."""

    @classmethod
    def of(cls, text: str, paragraphs: tuple[Range, ...], items: tuple[Segment, ...]) -> Segments:
        """The segments with what is known of them all."""
        double = sum(segment.family == "double" for segment in items)
        return cls(
            text=text,
            paragraphs=paragraphs,
            items=items,
            words=tuple(tuple(segment.words(text)) for segment in items),
            names=frozenset(_CAPITAL.findall(text)),
            mostly_double=2 * double >= sum(segment.family != TWEET for segment in items),
        )

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, number: int) -> Segment:
        return self.items[number]

    def __iter__(self) -> Iterator[Segment]:
        return iter(self.items)

    def between(self, one: int, other: int) -> str:
        """The text between two segments."""
        return self.text[self.items[one].end : self.items[other].start]

    def before(self, number: int) -> str:
        """The text of the segment's paragraph up to the segment, or up to the one before."""
        start = self.paragraphs[self.items[number].paragraph][0]
        if number and self.items[number - 1].end > start:
            start = self.items[number - 1].end
        return self.text[start : self.items[number].start]

    def after(self, number: int) -> str:
        """The text of the segment's paragraph behind the segment, or up to the next one."""
        end = self.paragraphs[self.items[number].paragraph][1]
        if number + 1 < len(self.items):
            end = min(end, self.items[number + 1].start)
        return self.text[self.items[number].end : end]
