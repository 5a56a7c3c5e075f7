"""Quotations without an attribution of their own inherit their speaker from a neighbour.

“…,” Quill said. “…”                                     continuation
“…,” Quill said. [new paragraph] “…”                     floating
Quill wrote in a letter: [new paragraph] “…”             announced
“… [no closing mark, new paragraph] “…”                  continued
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes.attribution.scene import Candidate, Claim, Scene
from quotes.marks import TWEET

# How many of the last cues before a quotation without a cue of its own are offered.
_CUES_BEFORE = 2
# How many quotations back the giver of a speaker may stand; titles and scare quotes between have none.
_SEGMENTS_BACK = 3

#: The name of what `unify` claims: a certain rule, which proposes nothing to the ranker.
CONTINUED = "continued"


def continuation(scene: Scene, segment: int) -> Iterator[Candidate]:
    """“…,” Quill said. “…”: the speaker of the last quotation before, in the same paragraph."""
    paragraph = scene.segments[segment].paragraph
    for back in range(segment - 1, max(-1, segment - 1 - _SEGMENTS_BACK), -1):
        if scene.segments[back].paragraph != paragraph:
            return
        if _gives(scene, back):
            yield from _from(scene, segment, back, "continuation")
            return


def floating(scene: Scene, segment: int) -> Iterator[Candidate]:
    """A paragraph's first quotation: the speaker of the last quotation before it."""
    if segment and scene.segments[segment - 1].paragraph != scene.segments[segment].paragraph:
        for back in range(segment - 1, max(-1, segment - 1 - _SEGMENTS_BACK), -1):
            if _gives(scene, back):
                yield from _from(scene, segment, back, "floating")
                return


def announced(scene: Scene, segment: int) -> Iterator[Candidate]:
    """Quill wrote in a letter: [new paragraph] “…”: the last clauses of the paragraph before."""
    paragraph = scene.segments[segment].paragraph
    if segment and scene.segments[segment - 1].paragraph == paragraph:
        return
    layouts = scene.windows.get(paragraph - 1, ())
    if not layouts:
        return
    sourced = [cue for cue in layouts[-1].cues if cue.source is not None and cue.strength != "none"]
    for cue in sourced[: -_CUES_BEFORE - 1 : -1]:
        assert cue.source is not None
        yield Candidate(segment, "announced", cue.source, cue)


def unify(scene: Scene, segment: int) -> None:
    """Give the parts of a quotation over several paragraphs, of which `segment` is the last, one speaker.

    “… [no closing mark, new paragraph] “…,” Quill said: whichever part knows best tells the others. This rule
    is certain: the marks say that it is one quotation.
    """
    before, this = scene.claims[segment - 1], scene.claims[segment]
    if before is None and this is None:
        return
    # Parts that were given one speaker already aren't gone through again: that would cost their square.
    if before is not None and before.candidate.rule == CONTINUED and not _is_surer(this, before):
        scene.claims[segment] = _continued(segment, before, before.candidate.heir_of)
        return
    first = segment
    while scene.segments[first].continues:
        first -= 1
    chain = range(first, segment + 1)
    best = max((claim for i in chain if (claim := scene.claims[i])), key=lambda c: c.probability)
    for i in chain:
        if scene.claims[i] is not best:
            scene.claims[i] = _continued(i, best, best.candidate.segment)


def _is_surer(claim: Claim | None, other: Claim) -> bool:
    return claim is not None and claim.probability > other.probability


def _continued(segment: int, claim: Claim, giver: int | None) -> Claim:
    """The claim of another part of a quotation, for this segment."""
    heir = Candidate(segment, CONTINUED, claim.candidate.mention, None, None, giver)
    return Claim(heir, claim.probability, ((heir, claim.probability),))


def _gives(scene: Scene, segment: int) -> bool:
    """Whether a quotation has a speaker to pass on; an embedded tweet's is no part of the conversation."""
    return scene.claims[segment] is not None and scene.segments[segment].family != TWEET


def _from(scene: Scene, segment: int, giver: int, rule: str) -> Iterator[Candidate]:
    claim = scene.claims[giver]
    if claim is not None:
        yield Candidate(segment, rule, claim.candidate.mention, None, None, giver)
