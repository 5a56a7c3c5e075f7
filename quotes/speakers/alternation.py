"""Who speaks in each turn of a dialogue, all turns decided together.

“Are you sure?” asked Roe. ¶ “No.” ¶ “Then why say so?” ¶ “For peace,” said Bell.   →   Roe Bell Roe Bell

The turns are the steps of a hidden Markov model of second order. A state is who speaks now, and with whom;
what a turn shows of its speaker (a tag, a gesture, a name in its words) is its evidence. The forward-backward
algorithm (Rabiner, "A tutorial on hidden Markov models", 1989) sums over all ways to share out the turns. So
tags count in both directions, and the further a turn is from any tag, the less sure is its speaker.

That untagged turns return to the last but one speaker is a rule of Elson and McKeown ("Automatic attribution
of quoted speech in literary narrative", 2010), and a sieve of Muzny, Fang, Chang and Jurafsky ("A two-stage
sieve approach for quote attribution", 2017). He, Barbosa and Kondrak ("Identification of speakers in novels",
2013) weigh the speakers of neighbouring turns, and who is called by name, together.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

#: The speaker whom nobody in sight is: he or she isn't named nearby.
SOMEBODY = ""

# How often a turn is its predecessor's speaker's, and the last but one's: set by hand after reading fiction.
# Where the writer adds nothing to the words, the order of speakers must be clear, so it is kept more often.
_GOES_ON, _RETURNS = 0.08, 0.8
_BARE_GOES_ON, _BARE_RETURNS = 0.05, 0.9
# What a paragraph of narration leaves of the order of speakers.
_KEPT, _WAITS = 0.7, 0.9
# A question is not answered by who asks it.
_ASKED = 0.3
# How often who is spoken to by name speaks next, whoever has spoken before.
_ADDRESSED = 0.7
# A state so much less likely than the likeliest is left out.
_BEAM = 0.001

Share = Mapping[str, float]
# The last who spoke before and is another, None at the start, and who speaks.
_State = tuple[str | None, str]
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Step:
    """A turn, as the model sees it. Speakers are any strings; `SOMEBODY` is who isn't known."""

    likely: Share
    """Who may speak here, with how likely each is if the order of speakers is left out of account."""
    evidence: Share = field(default_factory=dict)
    """Factors of what the turn itself shows; 1 for those left out."""
    gap: int = 0
    """The paragraphs of narration since the turn before."""
    bare: bool = False
    """Whether the paragraph holds nothing but the words."""
    asks: bool = False
    addressed: tuple[str, ...] = ()


def posteriors(steps: Sequence[Step]) -> list[dict[str, float]]:
    """For each turn the probability of each speaker. The time is linear in the number of turns."""
    if not steps:
        return []
    ahead: list[dict[_State, float]] = [
        _normed(
            {(None, who): share * steps[0].evidence.get(who, 1.0) for who, share in steps[0].likely.items()}
        )
    ]
    moves: list[dict[_State, dict[_State, float]]] = []
    for before, step in pairwise(steps):
        found: dict[_State, float] = {}
        move = {}
        lasts = {last for _, last in ahead[-1]}
        others = {last: _normed({a: p for a, p in step.likely.items() if a != last}) for last in lasts}
        for state, weight in ahead[-1].items():
            shares = _next(state, others[state[1]], before, step)
            move[state] = {_then(state, who): share for who, share in shares.items()}
            for then, share in move[state].items():
                found[then] = found.get(then, 0.0) + weight * share
        moves.append(move)
        ahead.append(_likeliest({(a, b): w * step.evidence.get(b, 1.0) for (a, b), w in found.items()}))
    behind = dict.fromkeys(ahead[-1], 1.0)
    result = [_speakers(ahead[-1], behind)]
    for i in range(len(steps) - 2, -1, -1):
        after = steps[i + 1].evidence
        behind = {
            state: sum(
                share * after.get(then[1], 1.0) * behind.get(then, 0.0)
                for then, share in moves[i][state].items()
            )
            for state in ahead[i]
        }
        most = max(behind.values()) or 1.0
        behind = {state: value / most for state, value in behind.items()}
        result.append(_speakers(ahead[i], behind))
    return result[::-1]


def _then(state: _State, who: str) -> _State:
    """The state after somebody's turn: who goes on keeps his or her partner."""
    other, last = state
    return (other, who) if who == last else (last, who)


def _next(state: _State, others: Share, before: Step, step: Step) -> dict[str, float]:
    """Who speaks after a state, before the turn itself is looked at; `others` are all but the last."""
    first, last = state
    returns, goes_on = (_BARE_RETURNS, _BARE_GOES_ON) if step.bare else (_RETURNS, _GOES_ON)
    if first is not None and first != last and first in others:
        # Across a pause the last but one may no longer be waiting for an answer.
        returns *= _WAITS**before.gap
        found = {who: (1 - returns - goes_on) * share for who, share in others.items()}
        found[first] += returns
    else:
        found = {who: (1 - goes_on) * share for who, share in others.items()}
    if last in step.likely:
        found[last] = goes_on * (_ASKED if before.asks else 1.0)
    found = _normed(found)
    if called := [who for who in before.addressed if who in found and who != last]:
        found = {who: (1 - _ADDRESSED) * share for who, share in found.items()}
        for who in called:
            found[who] += _ADDRESSED / len(called)
    if step.gap:
        kept, anew = _KEPT**step.gap, _normed(step.likely)
        found = {who: kept * share + (1 - kept) * anew.get(who, 0.0) for who, share in found.items()}
    return found


def _speakers(ahead: Mapping[_State, float], behind: Mapping[_State, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for state, weight in ahead.items():
        found[state[1]] = found.get(state[1], 0.0) + weight * behind[state]
    return _normed(found)


def _likeliest(shares: Mapping[_State, float]) -> dict[_State, float]:
    """The states that may still matter: without the others it takes a third of the time."""
    least = _BEAM * max(shares.values())
    return _normed({state: share for state, share in shares.items() if share >= least})


def _normed(shares: Mapping[_Key, float]) -> dict[_Key, float]:
    total = sum(shares.values())
    return {key: share / total for key, share in shares.items()} if total else dict(shares)
