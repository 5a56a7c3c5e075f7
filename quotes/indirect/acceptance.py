"""Which attributions are kept: the confidence of the whole from those of its steps.

Boosted trees (see `quotes.attribution.confidence`) over the probabilities of cue, source and content and what
is known of all three. Their probability is that content and source are right, and it is the record's
`confidence`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from quotes.indirect.contents import FINITE, Attribution, Content, pair_values, without_attribution
from quotes.indirect.grammar import noun_class
from quotes.indirect.weights import Models, odds


class Proposal(NamedTuple):
    """An attribution with its content, and how probable its steps are."""

    attribution: Attribution
    content: Content
    cue_probability: float
    source_probability: float

    @property
    def tokens(self) -> list[int]:
        """The tokens that are reported."""
        return without_attribution(self.attribution, self.content.edges.first, self.content.edges.last)


_OPENINGS = frozenset("that to whether if what how for of on about a the it he she".split())
# The odds of a rival that there isn't.
_NO_RIVAL = -9.0


def evidence(proposal: Proposal, rivals: Sequence[Proposal], models: Models) -> dict[str, float]:
    """The features of a proposal: numbers by name. `rivals` are all proposals of its window."""
    attribution, content = proposal.attribution, proposal.content
    grammar, head, source = attribution.grammar, attribution.head, attribution.source
    tokens, edges = grammar.tokens, content.edges
    token = tokens[head]
    low, high = grammar.sentence(head)
    first, last = edges.first, edges.last
    start, end = pair_values(edges)
    known: dict[str, float] = {
        "cue": odds(proposal.cue_probability),
        "source": odds(proposal.source_probability),
        "start": start,
        "end": end,
        "pair": odds(content.probability),
        "runner-up": content.runner_up,
        "lemma": models.lemmas.get(attribution.lemma, 0.0),
        "verb": token.tag_[0] == "V",
        "noun": token.tag_[0] == "N",
        "root": token.dep_ == "ROOT",
        f"dep {token.dep_}": 1,
        "cue length": attribution.cue[1] - attribution.cue[0],
        "words": last - first,
        "holds the cue": first <= head < last,
        "behind the cue": first - attribution.cue[1] if first >= attribution.cue[1] else -1,
        "to the end": high - last,
        "sentence": high - low,
        "quoted": sum(part >= 0 for part in grammar.window.segment_at[first:last]),
        "other words": sum(part < 0 for part in grammar.window.segment_at[first:last]),
        "quoted in sentence": sum(part >= 0 for part in grammar.window.segment_at[low:high]),
        f"opens {grammar.word(first)}" if grammar.word(first) in _OPENINGS else "opens otherwise": 1,
        f"opens {grammar.tag(first)}": 1,
        f"hangs as {tokens[grammar.opens[first]].dep_}": 1,
        "verbs": sum(tokens[i].tag_[0] in "VM" for i in range(first, last)),
        "finite": sum(tokens[i].tag_ in FINITE for i in range(first, last)),
    }
    if source is None:
        known["no source"] = 1
    else:
        known["source words"] = source.last - source.first
        known["source gap"] = max(source.first - attribution.cue[1], attribution.cue[0] - source.last)
        known["source behind"] = source.first >= attribution.cue[1]
        known[f"source {noun_class(tokens[source.head])}"] = 1
    others = [one for one in rivals if one is not proposal and low <= one.attribution.head < high]
    known["others"] = len(others)
    groups = {
        "best other": others,
        "within another": (one for one in others if one.content.edges.first <= head < one.content.edges.last),
        "holds another": (one for one in others if first <= one.attribution.head < last),
        "same content": (one for one in others if one.content.edges[:2] == (first, last)),
        "within another cue": (
            one for one in others if one.attribution.cue[0] <= head < one.attribution.cue[1]
        ),
    }
    for name, group in groups.items():
        known[name] = max((odds(one.cue_probability) for one in group), default=_NO_RIVAL)
    return {name: float(value) for name, value in known.items()}
