"""Stage 1, text → Segments: the paragraphs of a document, and the quoted segments in them.

“A,” Quill said. ¶ It rained.   →   two paragraphs, one segment; before it "", after it " Quill said."
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from quotes.text import transcripts
from quotes.text.marks import DOUBLE, TWEET, UNMARKED, Range, Segment, is_set_apart
from quotes.text.pull_quotes import LENGTHS, Stretch, is_alone, repeats
from quotes.text.transcripts import Transcript

# The capital comes first, so that a search skips to it and looks back only there.
_CAPITAL = re.compile(r"[A-Z](?<=[a-z,]\s.)\w+")

#: The end of a sentence, with the white space after it. The end of a line ends a sentence, too. The stop is
#: first in the pattern, so a search skips to it.
SENTENCE_END = re.compile(r"[.?!\n](?:(?<=\n)|[”\"’')]*\s+(?=[“\"‘]|[^\W\d_a-z]))")

#: The rest of a quotation's sentence is looked for in so many code points on either side.
NEARBY = 250


@dataclass(frozen=True, slots=True)
class Segments:
    """The quoted segments of one document, in text order. All ranges are half-open, in code points."""

    text: str
    paragraphs: tuple[Range, ...]
    items: tuple[Segment, ...]
    starts: tuple[int, ...]
    """Where each segment starts."""
    words: tuple[tuple[str, ...], ...]
    """The words of each segment."""
    names: Container[str]
    """The words that the document writes with a capital within a sentence."""
    mostly_double: bool
    """Whether most quotations have double marks; then single marks hardly ever enclose speech."""
    transcript: Transcript
    """The turns of speakers, if the document's layout is that of a transcript or an interview."""
    befores: tuple[str, ...] = field(repr=False)
    """The text of its paragraph before each segment, up to the previous segment in it."""
    afters: tuple[str, ...] = field(repr=False)
    """The text of its paragraph after each segment, up to the next segment in it."""
    pull_quotes: Mapping[int, int] = field(hash=False)
    """The pull quotes, each with the segment that it repeats."""

    @classmethod
    def of(cls, text: str, paragraphs: tuple[Range, ...], items: tuple[Segment, ...]) -> Segments:
        """The segments, with the facts about the document that they give."""
        families = [segment.family for segment in items]
        marked = len(items) - sum(map(families.count, UNMARKED))
        words = tuple([tuple(segment.words(text)) for segment in items])
        befores, afters = _beside(text, paragraphs, items)
        return cls(
            text=text,
            paragraphs=paragraphs,
            items=items,
            starts=tuple([segment.start for segment in items]),
            words=words,
            names=_Names(text),
            mostly_double=2 * families.count(DOUBLE) >= marked,
            transcript=transcripts.transcript(text, paragraphs),
            befores=befores,
            afters=afters,
            pull_quotes=_pull_quotes(text, paragraphs, items, words),
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
        """The text of the segment's paragraph before the segment, up to the previous segment in it."""
        return self.befores[number]

    def after(self, number: int) -> str:
        """The text of the segment's paragraph after the segment, up to the next segment in it."""
        return self.afters[number]


class _Names:
    """The words with a capital within a sentence, found when asked for: most documents never ask."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, word: object) -> bool:
        return word in self._found

    @cached_property
    def _found(self) -> frozenset[str]:
        return frozenset(_CAPITAL.findall(self._text))


def _beside(
    text: str, paragraphs: Sequence[Range], items: Sequence[Segment]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts before and after each segment, cut once: the matchers ask for them some 15 times."""
    befores, afters = [], []
    ends = [0, *(segment.end for segment in items)]
    starts = [*(segment.start for segment in items), len(text)]
    for number, segment in enumerate(items):
        start, end = paragraphs[segment.paragraph]
        befores.append(text[max(start, ends[number]) : segment.start])
        afters.append(text[segment.end : min(end, starts[number + 1])])
    return tuple(befores), tuple(afters)


def _pull_quotes(
    text: str, paragraphs: Sequence[Range], items: Sequence[Segment], words: Sequence[Sequence[str]]
) -> dict[int, int]:
    """The pull quotes. Segments of tweets and of quotations over several paragraphs are none."""
    alone = [is_alone(text, paragraphs[one.paragraph], one.start, one.end) for one in items]
    if not any(by_itself and len(own) in LENGTHS for by_itself, own in zip(alone, words, strict=True)):
        return {}
    chained = {i for i, one in enumerate(items) if one.continues}
    stretches = [
        Stretch(
            []
            if one.family == TWEET or i in chained or i + 1 in chained
            else " ".join(words[i]).lower().split(),
            one.paragraph,
            alone[i],
            is_set_apart(text, paragraphs[one.paragraph][0]),
        )
        for i, one in enumerate(items)
    ]
    return repeats(stretches)


def sentence_before(before: str) -> str:
    """The beginning of the sentence in which the text before a quotation ends.

    A stop that touches the quotation ends it, too: Quill said.“It rained.”
    """
    before = before[-NEARBY:]
    if before[-1:] in (".", "?", "!") and not before.endswith(".."):
        return ""
    ends = [match.end() for match in SENTENCE_END.finditer(before + "A")]
    return before[ends[-1] :] if ends else before
