"""Who may speak a turn of a dialogue, and what the turn itself says of it.

“Wait, Bell.” Roe lit the lamp.   →   likely: Roe and Bell, hardly somebody else; Roe acts, and Bell is called
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quotes.speakers.alternation import SOMEBODY, Step
from quotes.speakers.dialogue import Reader, Turn
from quotes.speakers.pronouns import GENDERS

# Set by hand, after reading dialogues in fiction; the results hardly depend on any single one.
#: So many turns on either side tell who takes part, and at most so many people do.
REACH, _MOST = 12, 8
# How much each kind of evidence tells of who takes part, if it stands in the turn itself.
_TAGGED, _TOLD, _NARRATED = 1.0, 0.6, 0.45
# Somebody who isn't named nearby: beside one speaker who is, and beside two.
_SECOND, _THIRD = 0.2, 0.1
# Who speaks alone, and somebody.
_ALONE = 2
# What of that remains from one turn to the next, and across a paragraph of narration.
_PER_TURN, _PER_PAUSE = 0.88, 0.75
# Who enters does so with a tag: who speaks only later is hardly here yet, the less so if two are.
_LATER, _LATER_AS_THIRD = 0.5, 0.3
# So near is a woman who may be "she", compared with the pronoun.
_NEAR = 0.15
# What names in a turn's words say of who speaks it: one hardly says one's own name.
_CALLED, _MENTIONED, _PRESENTED = 0.02, 0.15, 4.0


def step(run: list[Turn], i: int, reader: Reader) -> Step:
    """A turn as the model sees it."""
    turn = run[i]
    likely = _likely(run, i, reader)
    evidence = dict.fromkeys(likely, 1.0)
    for name, odds in (*turn.tags.items(), *turn.gesture.items()):
        evidence[name] = max(evidence.get(name, 1.0), odds)
    if turn.pronoun:
        for name in likely:
            evidence[name] *= reader.agrees(turn.pronoun, name)
    for names, factor in (
        (turn.addressed, _CALLED),
        (turn.mentioned, _MENTIONED),
        (turn.presents, _PRESENTED),
    ):
        for name in names:
            if name not in turn.tags:
                evidence[name] = evidence.get(name, 1.0) * factor
    addressed = tuple(dict.fromkeys([*turn.addressed, *turn.told]))
    return Step(likely, evidence, turn.gap, turn.pure, turn.asks, addressed)


def _likely(run: list[Turn], i: int, reader: Reader) -> dict[str, float]:
    """Who may speak a turn: who is said to speak nearby, who is addressed, and whom the narration names."""
    found: dict[str, float] = {SOMEBODY: 0.0}
    pronouns: dict[str, float] = {}

    def add(names: Iterable[str], share: float) -> None:
        for name in names:
            shares = pronouns if name in GENDERS else found
            shares[name] = max(share, shares.get(name, 0.0))

    for k, nearness in _nearness(run, i):
        turn = run[k]
        if k > i:
            nearness *= _LATER if len(found) <= _ALONE else _LATER_AS_THIRD
        add((*turn.tags, *turn.gesture), nearness * _TAGGED)
        add((*turn.told, *(name for name in turn.addressed if name not in turn.strangers)), nearness * _TOLD)
        add(turn.before, nearness * _NARRATED)
    if len(found) <= _ALONE:
        for k, nearness in _nearness(run, i):
            add(run[k].strangers, nearness * _TOLD)
    found[SOMEBODY] = _SECOND if len(found) <= _ALONE else _THIRD
    # "She" is one of those who are named or described, if there is a woman among them.
    for pronoun, share in pronouns.items():
        fit = (other for name, other in found.items() if reader.genders.get(name) == GENDERS[pronoun])
        if max(fit, default=0.0) < _NEAR * share:
            found[pronoun] = share
    if len(found) > _MOST:
        kept = sorted(found, key=found.__getitem__, reverse=True)[:_MOST]
        found = {name: share for name, share in found.items() if name in kept or name in run[i].tags}
    return found


def _nearness(run: list[Turn], i: int) -> Iterator[tuple[int, float]]:
    """The turns around one, each with how much it tells of who takes part there: those before come first."""
    yield i, 1.0
    for numbers in (range(i - 1, max(-1, i - 1 - REACH), -1), range(i + 1, min(len(run), i + 1 + REACH))):
        nearness = 1.0
        for k in numbers:
            nearness *= _PER_TURN * _PER_PAUSE ** run[k + 1 if k < i else k].gap
            yield k, nearness
