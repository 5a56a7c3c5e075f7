"""Lists of quotations under a line that announces them.

Quill made three promises:       listed
• “We will rebuild the pier.”
• “We will lower the rates.”
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes import data
from quotes.attribution.cues import Cue
from quotes.attribution.relations import Layout, depth
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.attribution.titles import title_case
from quotes.parsing.tokens import Token
from quotes.text.marks import MARKS

LISTED = "listed"

# A bullet, or a number as in "1.", "2)" or "(a)".
_BULLET = re.compile(r"\s*(?:[-–—•*·‣▪●◦○]|\(?\w{1,2}[.)])\s*$")
_WORD = re.compile(r"\w")
# A shorter item without a stop may be a title.
_FEWEST_WORDS = 4


def listed(scene: Scene, segment: int, decided: Decided) -> Iterator[Candidate]:
    """• “…”: an item that is nothing but a quotation, under "Quill made three promises:"."""
    if not _is_item(scene, segment):
        return
    paragraph = scene.segments[segment].paragraph
    last = segment - 1
    if segment and scene.segments[last].paragraph == paragraph - 1 and (claim := decided[last]):
        if claim.candidate.rule == LISTED:
            yield Candidate(segment, LISTED, claim.candidate.mention, inherited_from=last)
        return
    start, end = scene.segments.paragraphs[paragraph - 1]
    layouts = scene.layouts.get(paragraph - 1, ())
    if not layouts or not scene.text[start:end].rstrip().endswith(":"):
        return
    cue = _announcing(layouts[-1])
    if cue is not None and cue.source is not None:
        yield Candidate(segment, LISTED, cue.source, cue)


def _is_item(scene: Scene, segment: int) -> bool:
    """Whether a paragraph is a bullet and a quotation that is not a title."""
    if not scene.segments[segment].paragraph or _WORD.search(scene.segments.after(segment)):
        return False
    if not _BULLET.match(scene.segments.before(segment)) or title_case(scene.segments, segment) is not None:
        return False
    end = scene.segments[segment].end
    inner = scene.text[max(0, end - 5) : end].rstrip(MARKS)[-1:]
    return inner in ".?!,;…" or len(scene.segments.words[segment]) >= _FEWEST_WORDS


def _announcing(layout: Layout) -> Cue | None:
    """The announcing cue of a window's last sentence that is nearest to the root."""
    tokens = layout.window.tokens
    found = [cue for cue in layout.cues if cue.source is not None and _announces(tokens, cue)]
    last = [cue for cue in found if layout.ends[-1] == layout.ends[cue.last]]
    return min(last, key=lambda cue: (depth(tokens[cue.verb]), -cue.verb), default=None)


def _announces(tokens: list[Token], cue: Cue) -> bool:
    """Said, promised; or made three promises, gave two reasons; not "wrote three books"."""
    verb, marks = tokens[cue.verb], data.marks()
    objects = {child.lower_.removesuffix("s") for child in verb.rights if child.dep_ == "dobj"}
    if cue.strength == "none":
        return verb.lower_ in marks.giving and not marks.uttered.isdisjoint(objects)
    return marks.named.isdisjoint(objects) and (cue.strength == "strong" or cue.lemma in marks.uttered)
