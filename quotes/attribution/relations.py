"""How a cue relates to a quotation: the facts that the matchers use.

Quill said on Monday that the plan was “a farce,” adding: “No one asked us.”
     said   → “a farce,”         before, governs it, no rival between
     adding → “No one asked us.” before, a colon between, nothing else
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from typing import NamedTuple

from quotes.attribution.cues import Cue
from quotes.parsing import Window
from quotes.parsing.tokens import Token

# The tokens on either side of a quotation within which a cue is considered.
_REACH = 60
# The steps from a quotation's first word up to the verb of its clause.
_CLAUSE = 4
_ENDS = frozenset({".", "?", "!", ";", "...", "…"})


class Relation(NamedTuple):
    """A quoted segment and a cue in the same window."""

    after: bool
    """The cue comes after the quotation."""
    gap: int
    """The writer's words between the clause (cue and source, whichever is nearer) and the quotation."""
    cue_gap: int
    """The writer's words between the cue itself and the quotation."""
    sentences: int
    """The sentence ends between them."""
    segments: int
    """The other quotations between them."""
    rivals: int
    """The other cues between them that have a source of their own."""
    governs: bool
    """The cue's verb governs the quotation in the parse."""
    depth: int
    """The steps up from the quotation to the cue's verb, 0 when it doesn't govern it."""
    governed: bool
    """The quotation's head governs the cue's verb, as the parser often has it for “…,” Quill said."""
    straddles: bool
    """The source comes before the quotation and the cue after it."""
    join: str
    """The punctuation or the word that touches the quotation on the cue's side: ",", ":", "that" or ""."""


class Layout:
    """A window's counts, made once: sentence ends, the writer's words, quotations, and the verbs' places."""

    def __init__(self, window: Window, found: list[Cue]) -> None:
        self.window = window
        self.cues = found
        self._with_source = sorted((cue for cue in found if cue.source is not None), key=lambda cue: cue.verb)
        self._verbs = [cue.verb for cue in self._with_source]
        self._rivals = [
            cue.verb for cue in self._with_source if cue.link in ("subject", "inverted", "phrase")
        ]
        # Each counts up to a token; a difference is the number between two tokens.
        doc, segment_at = (window.tokens, window.segment_at) if self.relates else ([], [])
        own = [s < 0 and token.text[0].isalnum() for s, token in zip(segment_at, doc, strict=True)]
        begins = [0 <= s != last for last, s in pairwise([-1, *segment_at])]
        self.ends = [0, *accumulate([token.text in _ENDS for token in doc])]
        self.words = [0, *accumulate(own)]
        self.quoted = [0, *accumulate(begins)]
        near = window.where if self.relates else {}
        self._governors = {segment: self._above(*near[segment]) for segment in near}

    @property
    def relates(self) -> bool:
        """Whether any cue has a source; without one, no relation is needed."""
        return bool(self._with_source)

    def near(self, segment: int) -> list[Cue]:
        """The cues with a source near a segment; the limit avoids quadratic time in a crowded paragraph."""
        first, last = self.window.where[segment]
        i, j = bisect_left(self._verbs, first - _REACH), bisect_right(self._verbs, last + _REACH)
        return self._with_source[i:j]

    def relation(self, segment: int, cue: Cue) -> Relation | None:
        """The facts about a quotation and a cue; None for a cue that is quoted or can't introduce it."""
        first, last = self.window.where[segment]
        if cue.verb >= last:
            after, a, b, cue_a, cue_b = True, last, max(last, cue.left), last, cue.verb
        elif cue.verb < first:
            after, a, b, cue_a, cue_b = False, min(cue.right, first), first, cue.last, first
        else:
            return None
        if self._undergoes(first, cue.verb):
            return None
        rivals = bisect_left(self._rivals, cue_b) - bisect_left(self._rivals, cue_a)
        depth = self._governors[segment].get(cue.verb, 0)
        return Relation(
            after, self.words[b] - self.words[a], self.words[cue_b] - self.words[cue_a],
            self.ends[cue_b] - self.ends[cue_a],
            self.quoted[cue_b] - self.quoted[cue_a],
            rivals, depth > 0, depth, self._governed(first, last, cue.verb),
            after and cue.left < first, self._join(first, last, after),
        )  # fmt: skip

    def _above(self, first: int, last: int) -> dict[int, int]:
        """The tokens that govern one of the tokens [first, last), each with the fewest steps up to it."""
        steps_to: dict[int, int] = {}
        for token in self.window.tokens[first:last]:
            steps = 0
            while token.head != token and steps < 12 and not _begins_clause(token):
                token, steps = token.head, steps + 1
                steps_to[token.i] = min(steps, steps_to.get(token.i, steps))
        return steps_to

    def _undergoes(self, first: int, verb: int) -> bool:
        """Whether the verb is joined to a passive one that holds the quotation: left and was voted “…”."""
        token = self.window.tokens[first]
        for _ in range(_CLAUSE):
            if token.head == token or token.tag_[0] == "V":
                break
            token = token.head
        return token.dep_ == "conj" and token.head.i == verb and _is_passive(token)

    def _governed(self, first: int, last: int, verb: int) -> bool:
        token, steps = self.window.tokens[verb], 0
        while token.head != token and steps < 4:
            token, steps = token.head, steps + 1
            if first <= token.i < last:
                return True
        return False

    def _join(self, first: int, last: int, after: bool) -> str:
        doc = self.window.tokens
        if after:
            return doc[last].text if last < len(doc) and not doc[last].text[0].isalnum() else ""
        if first == 0:
            return ""
        text = doc[first - 1].lower_
        return text if text in (",", ":", "that", "as", "-", "–", "—", "--", ";") else ""


def _begins_clause(token: Token) -> bool:
    """Whether a coordinated verb has a subject of its own: "Quill left, and Renn said …"."""
    return token.dep_ == "conj" and any(child.dep_ in ("nsubj", "nsubjpass") for child in token.lefts)


def _is_passive(token: Token) -> bool:
    """Whether a verb is passive: who was voted “best” only undergoes it."""
    return any(child.dep_ == "auxpass" for child in token.lefts)


def depth(token: Token) -> int:
    """The steps up from a token to its sentence's root."""
    steps = 0
    while token.head != token:
        token, steps = token.head, steps + 1
    return steps
