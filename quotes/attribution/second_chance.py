"""What nobody has said so far gets a second chance: less sure, so that `--min-confidence` can leave it out.

A quotation of eight words or more is hardly ever a title or the writer's irony: on news that nobody tuned to,
half of the missed quotations are such. The first pass is over by then, so its answers stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from quotes.attribution.beside import beside
from quotes.attribution.confidence import CERTAIN
from quotes.attribution.inherited import CONTINUED
from quotes.attribution.lone import lone
from quotes.attribution.ranker import Ranker
from quotes.attribution.scene import Candidate, Claim, Matcher, Scene, Scored
from quotes.attribution.sole import sole_source
from quotes.attribution.titles import is_nobodys
from quotes.text.marks import TWEET

#: The matchers of the second chance, the most precise first. The ranker doesn't weigh what they propose.
LATE: tuple[Matcher, ...] = (beside, lone, sole_source)

# In words. A cue verb that touches the marks explains shorter quotations, too.
_LONG = 8
_BESIDE_A_CUE = 3
# The ranker's lowest probability for a long quotation: in PolNeAR's train part, as many are right as wrong.
_LEAST = 0.2


def second_chances(
    scene: Scene, decided: list[Claim | None], left: Mapping[int, Scored], ranker: Ranker, without: Set[str]
) -> Iterator[tuple[int, Claim]]:
    """The claims for segments that have none. `left` are their candidates, as the ranker weighed them."""
    for number, scored in left.items():
        words = len(scene.segments.words[number])
        if decided[number] is not None or words < _BESIDE_A_CUE or not _is_open(scene, number):
            continue
        claim = _late(scene, number, decided, LATE if words >= _LONG else (beside,), without, scored, ranker)
        if claim is not None:
            yield number, claim
            yield from _to_its_end(scene, number, claim)


def _is_open(scene: Scene, number: int) -> bool:
    """Whether a segment begins a quotation that somebody may have said."""
    this = scene.segments[number]
    return this.family != TWEET and not this.continues and not is_nobodys(scene.segments, number)


def _late(
    scene: Scene,
    number: int,
    decided: list[Claim | None],
    matchers: tuple[Matcher, ...],
    without: Set[str],
    scored: Scored,
    ranker: Ranker,
) -> Claim | None:
    """What the matchers say, and before the last of them the ranker's best, if that isn't too unlikely."""
    for matcher in matchers:
        for candidate in matcher(scene, number, decided):
            if candidate.rule not in without:
                return Claim(candidate, CERTAIN[candidate.rule])
        if matcher is lone:
            claim = ranker.choose(scene, number, scored, least=_LEAST)
            if claim is not None:
                return claim
    return None


def _to_its_end(scene: Scene, number: int, claim: Claim) -> Iterator[tuple[int, Claim]]:
    """The claims of the later paragraphs of a quotation whose marks say that it goes on."""
    for part in range(number + 1, len(scene.segments)):
        if not scene.segments[part].continues:
            return
        candidate = Candidate(part, CONTINUED, claim.candidate.mention, inherited_from=number)
        yield part, Claim(candidate, claim.probability)
