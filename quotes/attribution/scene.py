"""What the matchers look at: a document with its segments, its parsed windows, and what is decided so far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from quotes import data
from quotes.attribution.clauses import Cue, cues
from quotes.attribution.mentions import Mention
from quotes.attribution.relations import Layout, Relation
from quotes.marks import TWEET, Segment
from quotes.parsing import Masked, Window, mask

_WORD = re.compile(r"[^\W\d_]+")
# The capital first: a search skips to it, and looks behind only there.
_CAPITAL = re.compile(r"[A-Z](?<=[a-z,]\s.)\w+")
# The stretch on either side of a quotation in which a cue of its own is looked for, in code points.
_BESIDE = 200


class Candidate(NamedTuple):
    """A possible answer to "who said this?", and the matcher that proposes it."""

    segment: int
    rule: str
    mention: Mention
    cue: Cue | None = None
    relation: Relation | None = None
    heir_of: int | None = None
    """The segment whose speaker this one would inherit."""


class Rivals(NamedTuple):
    """What the candidates that lost say of a claim."""

    best: float = 0.0
    """The probability of the likeliest one with another mention."""
    all: float = 0.0
    """The sum of the probabilities of those with another mention."""
    proposals: int = 1
    """The candidates with the mention that won."""


class Claim(NamedTuple):
    """The answer for one segment, with the probability that the ranker gives it."""

    candidate: Candidate
    probability: float
    considered: tuple[tuple[Candidate, float], ...] = ()
    """Every candidate with its score, the best first; empty where the scene doesn't keep them."""
    rivals: Rivals = Rivals()


Matcher = Callable[["Scene", int], Iterator[Candidate]]


@dataclass(slots=True)
class Scene:
    """One document, on its way through the matchers."""

    text: str
    paragraphs: list[tuple[int, int]]
    segments: list[Segment]
    windows: dict[int, list[Layout]] = field(default_factory=dict)
    """The parsed windows of each paragraph that was parsed, in text order."""
    layout_of: dict[int, Layout] = field(default_factory=dict)
    """The window of each segment."""
    claims: list[Claim | None] = field(default_factory=list)
    """What is decided so far, in the order of the segments."""
    keeps_considered: bool = True
    """Whether claims keep the candidates that lost: of a crowded paragraph, some 20 kB for each quotation."""

    _words: dict[int, list[str]] = field(default_factory=dict, repr=False)

    mostly_double: bool = field(init=False)
    """Whether the document sets its quotations in double marks; single ones then hardly ever hold speech."""

    names: frozenset[str] = field(init=False)
    """The words that stand with a capital within a sentence."""

    def __post_init__(self) -> None:
        self.names = frozenset(_CAPITAL.findall(self.text))
        double = sum(segment.family == "double" for segment in self.segments)
        self.mostly_double = 2 * double >= sum(segment.family != TWEET for segment in self.segments)

    def add(self, window: Window) -> None:
        """Take in a parsed window."""
        window.names = self.names
        layout = Layout(window, cues(window))
        if not layout.relates:
            window.close()
        self.windows.setdefault(window.paragraph, []).append(layout)
        for segment in window.where:
            self.layout_of[segment] = layout

    def close(self) -> None:
        """Let go of the parse, when all segments are decided."""
        for layouts in self.windows.values():
            for layout in layouts:
                layout.window.close()
        self.windows.clear()
        self.layout_of.clear()

    def masked(self, *, exhaustive: bool = False) -> Iterator[Masked]:
        """What is to be parsed: the paragraphs with quotations, and those that may announce one.

        With `exhaustive` it is every paragraph, however long and however far from any quotation: what that
        changes is what the short way loses.
        """
        inside: dict[int, list[tuple[int, Segment]]] = {}
        for i, segment in enumerate(self.segments):
            inside.setdefault(segment.paragraph, []).append((i, segment))
        if exhaustive:
            for number, paragraph in enumerate(self.paragraphs):
                yield from mask(self.text, paragraph, number, inside.get(number, []), whole=True)
            return
        for number, found in inside.items():
            if number and number - 1 not in inside and not self._has_cue(found):
                yield from mask(self.text, self.paragraphs[number - 1], number - 1, [])
            yield from mask(self.text, self.paragraphs[number], number, found)

    def _has_cue(self, inside: list[tuple[int, Segment]]) -> bool:
        """Whether the writer's own words beside a paragraph's first quotation hold a cue verb."""
        first = inside[0][0]
        own = self.before(first)[-_BESIDE:] + " " + self.after(first)[:_BESIDE]
        verbs = data.cues().verbs
        return any(word in verbs for word in _WORD.findall(own.lower()))

    def related(self, segment: int) -> list[tuple[Cue, Relation]]:
        """The cues with a source in the segment's window, each with its relation to the segment."""
        layout = self.layout_of.get(segment)
        if layout is None:
            return []
        pairs = ((cue, layout.relation(segment, cue)) for cue in layout.near(segment))
        return [(cue, relation) for cue, relation in pairs if relation is not None]

    def subjects(self) -> Iterator[Mention]:
        """The sources of cues, whatever they say: who speaks there is likely to speak again."""
        for layouts in self.windows.values():
            for layout in layouts:
                for cue in layout.cues:
                    if cue.source is not None and (cue.strength == "strong" or cue.source.form == "nominal"):
                        yield cue.source

    def words(self, segment: int) -> list[str]:
        """The words between a segment's marks, looked for once."""
        if segment not in self._words:
            self._words[segment] = self.segments[segment].words(self.text)
        return self._words[segment]

    def between(self, one: int, other: int) -> str:
        """The text between two segments."""
        return self.text[self.segments[one].end : self.segments[other].start]

    def before(self, segment: int) -> str:
        """The text of the segment's paragraph up to the segment, or up to the one before."""
        start = self.paragraphs[self.segments[segment].paragraph][0]
        if segment and self.segments[segment - 1].end > start:
            start = self.segments[segment - 1].end
        return self.text[start : self.segments[segment].start]

    def after(self, segment: int) -> str:
        """The text of the segment's paragraph behind the segment, or up to the next one."""
        end = self.paragraphs[self.segments[segment].paragraph][1]
        if segment + 1 < len(self.segments):
            end = min(end, self.segments[segment + 1].start)
        return self.text[self.segments[segment].end : end]
