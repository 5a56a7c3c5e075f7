"""Quotations without an attribution of their own inherit their speaker from a neighbour.

“…,” Quill said. “…”                                     continuation
“…,” Quill said. [new paragraph] “…”                     floating
Quill wrote in a letter: [new paragraph] “…”             announced
“… [no closing mark, new paragraph] “…”                  continued
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from quotes.attribution.scene import Candidate, Claim, Decided, Scene
from quotes.text.marks import TWEET

#: The rule of a part that the marks join to another. It is certain, so the ranker doesn't weigh it.
CONTINUED = "continued"

# How many of the last cues before a quotation without a cue of its own are offered.
_CUES_BEFORE = 2
# How many segments back the speaker may be found; titles and scare quotes between have none.
_SEGMENTS_BACK = 3


def continuation(scene: Scene, segment: int, decided: Decided) -> Iterator[Candidate]:
    """“…,” Quill said. “…”: the speaker of the last quotation before, in the same paragraph."""
    items = scene.segments.items
    paragraph = items[segment].paragraph
    for back in range(segment - 1, max(-1, segment - 1 - _SEGMENTS_BACK), -1):
        if items[back].paragraph != paragraph:
            return
        if (claim := _to_pass_on(scene, back, decided)) is not None:
            yield Candidate(segment, "continuation", claim.candidate.mention, inherited_from=back)
            return


def floating(scene: Scene, segment: int, decided: Decided) -> Iterator[Candidate]:
    """A paragraph's first quotation: the speaker of the last quotation before it."""
    items = scene.segments.items
    if segment and items[segment - 1].paragraph != items[segment].paragraph:
        for back in range(segment - 1, max(-1, segment - 1 - _SEGMENTS_BACK), -1):
            if (claim := _to_pass_on(scene, back, decided)) is not None:
                yield Candidate(segment, "floating", claim.candidate.mention, inherited_from=back)
                return


def announced(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Quill wrote in a letter: [new paragraph] “…”: the last clauses of the paragraph before."""
    items = scene.segments.items
    paragraph = items[segment].paragraph
    if segment and items[segment - 1].paragraph == paragraph:
        return
    layouts = scene.layouts.get(paragraph - 1, ())
    if not layouts:
        return
    sourced = (cue for cue in reversed(layouts[-1].cues) if cue.source is not None and cue.strength != "none")
    for cue in islice(sourced, _CUES_BEFORE):
        assert cue.source is not None
        yield Candidate(segment, "announced", cue.source, cue)


def continued(scene: Scene, segment: int, decided: Decided) -> Iterator[tuple[int, Claim]]:
    """The new claims of the parts of a quotation over several paragraphs, of which `segment` is the last.

    “… [no closing mark, new paragraph] “…,” Quill said: copies the most confident speaker to the other parts.
    This rule is certain: the marks say that it is one quotation.
    """
    before, this = decided[segment - 1], decided[segment]
    if before is None and this is None:
        return
    # Parts that were given one speaker already aren't gone through again, which avoids quadratic time.
    if before is not None and before.candidate.rule == CONTINUED and not _is_surer(this, before):
        yield segment, _continued(segment, before, before.candidate.inherited_from)
        return
    first = segment
    while scene.segments[first].continues:
        first -= 1
    chain = range(first, segment + 1)
    best = max((claim for i in chain if (claim := decided[i])), key=lambda c: c.probability)
    for i in chain:
        if decided[i] is not best:
            yield i, _continued(i, best, best.candidate.segment)


def _is_surer(claim: Claim | None, other: Claim) -> bool:
    return claim is not None and claim.probability > other.probability


def _continued(segment: int, claim: Claim, source: int | None) -> Claim:
    """The claim of another part of a quotation, for this segment."""
    part = Candidate(segment, CONTINUED, claim.candidate.mention, inherited_from=source)
    return Claim(part, claim.probability)


def _to_pass_on(scene: Scene, segment: int, decided: Decided) -> Claim | None:
    """The claim whose speaker may go on speaking; an embedded tweet is not part of the conversation."""
    return decided[segment] if scene.segments[segment].family != TWEET else None
