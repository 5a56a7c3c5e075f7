"""What the matchers get, a scene, and what they give: candidates, one of which becomes the claim.

“…,” Quill said.   →   candidate: segment 0, rule "after-quotation", mention "Quill", cue "said"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quotes.attribution.cues import Cue, Verbs, cues
from quotes.attribution.relations import Layout, Relation
from quotes.parsing import Parse
from quotes.parsing.mentions import Mention
from quotes.parsing.tokens import Token
from quotes.text.marks import Range
from quotes.text.segments import Segments

_SUBJECTS = frozenset(["nsubj", "nsubjpass"])


class Candidate(NamedTuple):
    """A possible answer to "who said this?", and the matcher that proposes it."""

    segment: int
    rule: str
    mention: Mention
    cue: Cue | None = None
    relation: Relation | None = None
    inherited_from: int | None = None
    """The segment whose speaker this one would inherit."""


class Rivals(NamedTuple):
    """The candidates that lost against a claim."""

    best: float = 0.0
    """The highest probability of one with another mention."""
    all: float = 0.0
    """The sum of the probabilities of those with another mention."""
    proposals: int = 1
    """How many candidates have the mention that won."""


Scored = tuple[tuple[Candidate, float], ...]
"""Candidates with their probabilities."""


class Claim(NamedTuple):
    """The answer for one segment, with the probability that the ranker gives it."""

    candidate: Candidate
    probability: float
    rivals: Rivals = Rivals()


Decided = Sequence[Claim | None]
"""The answers for the segments before, in order; None where nobody is likely to have said it."""

Matcher = Callable[["Scene", int, Decided], Iterator[Candidate]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One parsed document with its cues; it doesn't change while its segments are decided."""

    segments: Segments
    layouts: Mapping[int, tuple[Layout, ...]]
    """The parsed windows of each paragraph that was parsed, in text order, with their cues."""
    layout_of: Mapping[int, Layout]
    """The window of each segment."""

    @classmethod
    def of(cls, parse: Parse, verbs: Verbs | None = None) -> Scene:
        """Find the cues of every window. `verbs` are the cue verbs; by default, those that ship."""
        layouts = {
            paragraph: tuple(Layout(window, cues(window, verbs)) for window in windows)
            for paragraph, windows in parse.windows.items()
        }
        of = {
            number: layout for group in layouts.values() for layout in group for number in layout.window.where
        }
        return cls(parse.segments, layouts, of)

    @property
    def text(self) -> str:
        """The document's text."""
        return self.segments.text

    def subjects(self) -> Iterator[Mention]:
        """The sources of cues, with a quotation or without: who speaks there is likely to speak again."""
        for layouts in self.layouts.values():
            for layout in layouts:
                for cue in layout.cues:
                    if cue.source is not None and (cue.strength == "strong" or cue.source.form == "nominal"):
                        yield cue.source

    def topics(self) -> Iterator[Range]:
        """The last words of the subjects of main clauses: what the sentences are about."""
        for layouts in self.layouts.values():
            for window in (layout.window for layout in layouts):
                for token in [token for token in window.tokens if token.dep_ in _SUBJECTS]:
                    if window.segment_at[token.i] < 0 and _is_main(token.head):
                        yield window.range(token.i, token.i + 1)


def _is_main(verb: Token) -> bool:
    """Whether a verb is its sentence's main verb, or joined to it by "and"."""
    return verb.dep_ == "ROOT" or (verb.dep_ == "conj" and verb.head.dep_ == "ROOT")
