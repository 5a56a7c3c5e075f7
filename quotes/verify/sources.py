"""Sources → passages: each sentence with its place, and whose words it holds.

a tweet of @portellery              →   one passage or more of that account
VALE: We sold it. ¶ QUILL: Why?     →   a passage of VALE, a passage of QUILL
a speech, with --speaker            →   passages of the speaker that the user names
an article                          →   passages of nobody in particular
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from quotes import data
from quotes.data.lookups import name_words
from quotes.records import Document
from quotes.text.sentences import sentences
from quotes.verify.turns import turns

# A longer sentence is cut, in code points.
_LONGEST = 1000


class Passage(NamedTuple):
    """A sentence of a source: the half-open range of its text, and the name of who says it."""

    start: int
    end: int
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Sourcing:
    """Whose words the sources hold: `speaker` says all of them, unless a source says otherwise.

    `speakers` is a file of known people, for the accounts of tweets.
    """

    speaker: str | None = None
    speakers: Path | None = None

    def passages(self, document: Document) -> Iterator[Passage]:
        """The sentences of a document, in order. They cover it, but for white space at its end."""
        text = document.text
        said = turns(text) if document.posted_by is None else []
        bounds = [(0, None if said else self._author(document))]
        for turn in said:
            bounds += [(turn.label, None), (turn.start, turn.speaker)]
        for (start, speaker), (end, _) in zip(bounds, [*bounds[1:], (len(text), None)], strict=True):
            for first, last in sentences(text, start, end, longest=_LONGEST):
                yield from (Passage(*piece, speaker) for piece in _lines(text, first, last))

    def _author(self, document: Document) -> str | None:
        if document.posted_by is None:
            return self.speaker
        known = data.registry(self.speakers).tweeting_as(document.posted_by, document.metadata.date)
        if known is not None:
            return known.name
        shown = document.metadata.author
        return shown if shown and len(name_words(shown)) > 1 else document.posted_by


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a sentence that blank lines separate: a headline without a stop ends there."""
    while (gap := text.find("\n\n", start, end)) >= 0 and text[gap:end].strip():
        while gap < end and text[gap].isspace():
            gap += 1
        yield start, gap
        start = gap
    if start < end:
        yield start, end
