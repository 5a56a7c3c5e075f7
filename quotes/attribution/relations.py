"""How a cue relates to a quotation: the facts that the matchers use.

Quill said on Monday that the plan was “a farce,” adding: “No one asked us.”
     said   → “a farce,”         before, governs it, no rival between
     adding → “No one asked us.” before, a colon between, nothing else
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Set
from itertools import accumulate
from typing import NamedTuple

from quotes.attribution.cues import Cue
from quotes.parsing import Window
from quotes.parsing.tokens import Token

# The tokens on either side of a quotation within which a cue is considered.
_REACH = 60
# The steps from a quotation's first word up to the verb of its clause, and to a verb that governs it.
_CLAUSE, _STEPS = 4, 12
# What may stand between a cue and a quotation behind it.
_JOINTS = frozenset([",", ":", "that", "as", "-", "–", "—", "--", ";"])
# What ties a cue to a source of its own.
_OWN = frozenset(["subject", "inverted", "phrase"])
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


class _Place(NamedTuple):
    """A quotation's place in its window: what its relations to all cues share."""

    first: int
    last: int
    """Its half-open range of tokens."""
    steps_to: dict[int, int]
    """The tokens that govern one of its tokens, each with the fewest steps up to it."""
    join_before: str
    join_after: str
    undergoes: int
    """The verb to which the passive verb that holds it is joined, or -1: left and was voted “…”."""


class Layout:
    """A window's counts, made once: sentence ends, the writer's words, quotations, and the verbs' places."""

    def __init__(self, window: Window, found: list[Cue]) -> None:
        self.window = window
        self.cues = found
        self._with_source = sourced = [cue for cue in found if cue.source is not None]
        self._verbs = [cue.verb for cue in sourced]
        self._rivals = [cue.verb for cue in sourced if cue.link in _OWN]
        # Each counts up to a token; a difference is the number between two tokens. Nothing is counted that no
        # cue or no quotation asks for.
        tokens = window.tokens if sourced else []
        self.ends = list(accumulate([token.text in _ENDS for token in tokens], initial=0))
        own = zip(window.segment_at, tokens if window.where else ())  # noqa: B905 (none, or all of them)
        self._words = list(accumulate([s < 0 and token.text[0].isalnum() for s, token in own], initial=0))
        self._quoted = [first for first, _ in window.where.values()]
        self._forms = {token.lower_ for token in window.tokens} if window.where else set[str]()

    def holds(self, forms: Set[str]) -> bool:
        """Whether one of these words, in small letters, is in a window with a quotation."""
        return not self._forms.isdisjoint(forms)

    def related(self, segment: int) -> Iterator[tuple[Cue, Relation]]:
        """The cues with a source near a segment, each with its relation to it.

        The limit avoids quadratic time in a crowded paragraph.
        """
        first, last = self.window.where[segment]
        i, j = bisect_left(self._verbs, first - _REACH), bisect_right(self._verbs, last + _REACH)
        if i < j:
            place = self._place(first, last)
            for cue in self._with_source[i:j]:
                relation = self._relation(place, cue)
                if relation is not None:
                    yield cue, relation

    def relation(self, segment: int, cue: Cue) -> Relation | None:
        """The facts about a quotation and a cue; None for a cue that is quoted or can't introduce it."""
        return self._relation(self._place(*self.window.where[segment]), cue)

    def _relation(self, place: _Place, cue: Cue) -> Relation | None:
        first, last, steps_to, join_before, join_after, undergoes = place
        verb, left = cue.verb, cue.left
        if verb >= last:
            after, a, b, cue_a, cue_b = True, last, max(last, left), last, verb
        elif verb < first:
            after, a, b, cue_a, cue_b = False, min(cue.right, first), first, cue.last, first
        else:
            return None
        if verb == undergoes:
            return None
        words, ends, quoted, rivals = self._words, self.ends, self._quoted, self._rivals
        depth = steps_to.get(verb, 0)
        return Relation(
            after, words[b] - words[a], words[cue_b] - words[cue_a], ends[cue_b] - ends[cue_a],
            bisect_left(quoted, cue_b) - bisect_left(quoted, cue_a) if len(quoted) > 1 else 0,
            bisect_left(rivals, cue_b) - bisect_left(rivals, cue_a) if rivals else 0,
            depth > 0, depth, self._governed(first, last, verb),
            after and left < first, join_after if after else join_before,
        )  # fmt: skip

    def _place(self, first: int, last: int) -> _Place:
        doc = self.window.tokens
        before = doc[first - 1].lower_ if first else ""
        behind = doc[last].text if last < len(doc) else ""
        return _Place(
            first, last, self._above(first, last),
            before if before in _JOINTS else "", "" if behind[:1].isalnum() else behind,
            self._undergoes(first),
        )  # fmt: skip

    def _above(self, first: int, last: int) -> dict[int, int]:
        """The tokens that govern one of the tokens [first, last), each with the fewest steps up to it."""
        doc = self.window.tokens
        steps_to: dict[int, int] = {}
        for token in doc[first:last]:
            for steps in range(1, _STEPS + 1):
                if token.head_i == token.i or _begins_clause(token):
                    break
                token = doc[token.head_i]
                if steps_to.get(token.i, _STEPS + 1) <= steps:
                    break  # what is above was reached with as few steps
                steps_to[token.i] = steps
        return steps_to

    def _undergoes(self, first: int) -> int:
        """The verb to which the passive verb that holds the quotation is joined, or -1."""
        doc = self.window.tokens
        token = doc[first]
        for _ in range(_CLAUSE):
            if token.head_i == token.i or token.tag_[0] == "V":
                break
            token = doc[token.head_i]
        return token.head_i if token.dep_ == "conj" and _is_passive(token) else -1

    def _governed(self, first: int, last: int, verb: int) -> bool:
        doc = self.window.tokens
        for _ in range(_CLAUSE):
            head = doc[verb].head_i
            if head == verb:
                return False
            if first <= head < last:
                return True
            verb = head
        return False


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
