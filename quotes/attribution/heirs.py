"""Quotations without an attribution of their own inherit their speaker from a neighbour.

“…,” Quill said. “…”                                     continuation
“…,” Quill said. [new paragraph] “…”                     floating
Quill wrote in a letter: [new paragraph] “…”             announced
“… [no closing mark, new paragraph] “…”                  continued
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes.attribution.scene import Candidate, Scene

# How many of the last cues before a quotation without a cue of its own are offered.
_CUES_BEFORE = 2


def continued(scene: Scene, segment: int) -> Iterator[Candidate]:
    """The paragraph before left its quotation open: this is more of it."""
    if scene.segments[segment].continues:
        yield from _from(scene, segment, segment - 1, "continued")


def continuation(scene: Scene, segment: int) -> Iterator[Candidate]:
    """“…,” Quill said. “…”: the speaker of the quotation before, in the same paragraph."""
    if segment and scene.segments[segment - 1].paragraph == scene.segments[segment].paragraph:
        yield from _from(scene, segment, segment - 1, "continuation")


def floating(scene: Scene, segment: int) -> Iterator[Candidate]:
    """A paragraph's first quotation: the speaker of the last quotation before it."""
    if segment and scene.segments[segment - 1].paragraph != scene.segments[segment].paragraph:
        for back in range(segment - 1, max(-1, segment - 4), -1):
            if scene.claims[back] is not None:
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


def _from(scene: Scene, segment: int, giver: int, rule: str) -> Iterator[Candidate]:
    claim = scene.claims[giver]
    if claim is not None:
        yield Candidate(segment, rule, claim.candidate.mention, None, None, giver)
