"""Segments → claims: who said each quoted segment.

The matchers propose candidates, the most precise first; a candidate that several propose keeps the name of
the first. The ranker chooses.
"""

from __future__ import annotations

from collections.abc import Set

from quotes.attribution import cue_rules, footers, heirs, labels
from quotes.attribution.confidence import CERTAIN
from quotes.attribution.heirs import CONTINUED
from quotes.attribution.ranker import Ranker, shipped
from quotes.attribution.scene import Candidate, Claim, Matcher, Scene
from quotes.attribution.titles import is_nobodys
from quotes.marks import TWEET

ORDER: tuple[Matcher, ...] = (
    footers.tweet_footer,
    labels.speaker_label,
    labels.credit_line,
    cue_rules.match,
    heirs.continuation,
    heirs.floating,
    heirs.announced,
)

__all__ = ["CONTINUED", "ORDER", "Candidate", "Claim", "Scene", "attribute", "propose"]


def attribute(
    scene: Scene, ranker: Ranker | None = None, *, without: Set[str] = frozenset()
) -> list[Claim | None]:
    """Decide every segment of a scene in text order, for a speaker passes from one to the next.

    `without` are the names of rules that have no say, to see what they are worth.
    """
    chooser = ranker or shipped()
    for segment in range(len(scene.segments)):
        candidates = propose(scene, segment, without=without)
        scene.claims.append(_certain(candidates) or chooser.choose(scene, segment, candidates))
        this = scene.segments[segment]
        if this.continues and this.family != TWEET and CONTINUED not in without:
            heirs.unify(scene, segment)
    return scene.claims


def _certain(candidates: list[Candidate]) -> Claim | None:
    """The claim of a rule that leaves the ranker nothing to weigh."""
    for candidate in candidates:
        if candidate.rule in CERTAIN:
            probability = CERTAIN[candidate.rule]
            return Claim(candidate, probability, ((candidate, probability),))
    return None


def propose(scene: Scene, segment: int, *, without: Set[str] = frozenset()) -> list[Candidate]:
    """All candidates for one segment, each mention and cue once, but for those of the rules `without`."""
    found: dict[tuple[int, int, int], Candidate] = {}
    tweet = scene.segments[segment].family == TWEET
    if not scene.words(segment) or (not tweet and is_nobodys(scene, segment)):
        return []
    for matcher in ORDER:
        for candidate in matcher(scene, segment):
            if candidate.rule in without:
                continue
            at = candidate.cue.start if candidate.cue else -1
            found.setdefault((candidate.mention.start, at, candidate.heir_of is not None), candidate)
    return list(found.values())
