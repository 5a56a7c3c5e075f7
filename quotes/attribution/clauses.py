"""What the verbs of a window govern, found in one pass over its words.

The plan was dismissed by Quill, who hates it   →   dismissed: subject "plan", passive, agent "Quill"
                                                    hates: subject "who"
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from quotes.parsing import Window
from quotes.parsing.mentions import Mention, mention_at
from quotes.parsing.tokens import Token

_SUBJECTS = frozenset(["nsubj", "nsubjpass", "csubj"])
_OF_VERBS = _SUBJECTS | {"agent", "auxpass"}


class Clauses(NamedTuple):
    """The words that the verbs of one window govern, by the places of the verbs."""

    window: Window
    subjects: Mapping[int, Token]
    """The subject of each verb: the first one behind it, else the last one before it. None is quoted."""
    ties: Mapping[int, Sequence[Token]]
    """The "by" of each verb that has one with an agent, in text order."""
    passive: Set[int]
    """The verbs with a passive auxiliary before them."""

    sources: dict[int, tuple[Mention | None, int, int]]
    """What `source` has found."""

    @classmethod
    def of(cls, window: Window) -> Clauses:
        """Gather what each verb of a window governs."""
        subjects: dict[int, Token] = {}
        ties: dict[int, list[Token]] = defaultdict(list)
        passive: set[int] = set()
        for token in [token for token in window.tokens if token.dep_ in _OF_VERBS]:
            i, verb = token.i, token.head_i
            if token.dep_ == "auxpass":
                if i < verb:
                    passive.add(verb)
            elif token.dep_ == "agent":
                ties[verb].append(token)
            elif (
                window.segment_at[i] < 0
                and token.tag_ != "EX"
                and (verb not in subjects or subjects[verb].i < verb)
            ):
                subjects[verb] = token
        return cls(window, subjects, ties, passive, {})

    def agent(self, verb: Token) -> Token | None:
        """Who stands after the "by" of a verb."""
        for tie in self.ties.get(verb.i, ()):
            for child in tie.children:
                if child.dep_ == "pobj":
                    return child
        return None

    def source(self, token: Token) -> tuple[Mention | None, int, int]:
        """The mention that a token heads, and its phrase, [first, last), found once for all verbs of it."""
        if token.i not in self.sources:
            self.sources[token.i] = mention_at(self.window, token), *token.extent
        return self.sources[token.i]
