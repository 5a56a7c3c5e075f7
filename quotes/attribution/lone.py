"""A paragraph that is a quotation alone, behind what a page puts between: the speaker of the text before.

Quill said the ferry would sail. ¶ Advertisement ¶ “We have waited long enough for it.”     lone
Renn told a story. ¶ The market on Monday. Photo: Guild of Pictures ¶ “It was dark by five.” lone

Pictures, captions, headings, lists, links and advertisements are passed over; "* * *" is not. Less sure than
`announced`, which is right behind its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes.attribution.cues import Cue
from quotes.attribution.relations import Layout, depth
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.text.furniture import above
from quotes.text.segments import sentence_before

LONE = "lone"


def lone(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Quill said … ¶ Advertisement ¶ “…”: who speaks in the last paragraph of the article before."""
    if not is_statement(scene, segment) or scene.segments.before(segment).strip():
        return
    number = scene.segments[segment].paragraph
    before = above(scene.segments, number)
    if before is None or before == number - 1:
        return  # the first pass has weighed what stands right before
    layouts = scene.layouts.get(before, ())
    cue = _speaking(layouts[-1]) if layouts else None
    if cue is not None and cue.source is not None:
        yield Candidate(segment, LONE, cue.source, cue)


def _speaking(layout: Layout) -> Cue | None:
    """The last sentence's clause that says who speaks: the outermost of the strong cues, or a person's."""
    found = [cue for cue in layout.cues if cue.source is not None]
    last = [cue for cue in found if layout.ends[-1] - layout.ends[cue.verb] <= 1]
    strong = [cue for cue in found if cue.strength == "strong"]
    said = [cue for cue in strong if cue in last] or [cue for cue in last if _is_person(cue)] or strong[-1:]
    return min(said, key=lambda cue: (depth(layout.window.tokens[cue.verb]), cue.verb), default=None)


def _is_person(cue: Cue) -> bool:
    """A name or a "she" as the subject of a verb that isn't passive."""
    who = cue.source
    named = who is not None and (who.form == "name" or who.head in ("he", "she"))
    return named and cue.link == "subject" and not cue.passive


def is_statement(scene: Scene, segment: int) -> bool:
    """Whether a quotation is a sentence of its own: it begins and ends one, and the writer adds nothing."""
    this = scene.segments[segment]
    inner = scene.text[this.start : this.end].strip("“”\"‘’'`«» ")
    if not inner[:1].isupper() or inner[-1:] not in ".?!…":
        return False
    if re.search(r"\w", sentence_before(scene.segments.before(segment))):
        return False
    after = scene.segments.after(segment).lstrip()
    return not after or after[0].isupper() or after[0] in "“\"‘'"
