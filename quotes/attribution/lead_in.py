"""A line that ends in a colon leads in a quotation, though it has no cue verb.

Quill released the following statement: ¶ “…”   lead-in: Quill
More from the report: “…”                        lead-in: the report
A year of storms - Sam Brody: “…”                lead-in: Sam Brody
For Quill, “…”                                   lead-in: Quill
Brody’s answer came on Friday. “…”               lead-in: Brody
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from quotes import data
from quotes.attribution.cues import Cue
from quotes.attribution.lone import is_statement
from quotes.attribution.relations import Layout, depth
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.attribution.surface import NAME, NOMINAL, mention
from quotes.text.segments import sentence_before

LEAD_IN = "lead-in"

_PERSON = rf"(?P<source>{NAME}(?: and {NAME})?)"
_FROM = re.compile(rf"(?:^|[\s–—-])(?:More from|From|Here is|Here’s|Here's) (?P<source>{NAME}|{NOMINAL})(?: in [^:“”\"]{{2,30}})?:\s*$")
_TO = re.compile(rf"(?:^|[,;–—-] |because |that )(?:[Ff]or|[Tt]o) (?P<source>{NAME}|[Hh]im|[Hh]er|[Tt]hem),\s*$")
_DASH = re.compile(rf" [-–—] {_PERSON}:\s*$")



def lead_in(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Quill released the following statement: ¶ “…”; more from the report: “…”."""
    before = scene.segments.before(segment)
    number = scene.segments[segment].paragraph
    if before.rstrip().endswith((":", ",")):
        line = sentence_before(before)
        for pattern in (_FROM, _DASH, _TO):
            found = pattern.search(line)
            if found is not None:
                shift = scene.segments[segment].start - len(line)
                who = mention(scene.text, shift + found.start("source"), shift + found.end("source"), number)
                if who is not None:
                    yield Candidate(segment, LEAD_IN, who)
                return
    elif (found := _answer().match(before)):
        shift = scene.segments[segment].start - len(before)
        who = mention(scene.text, shift + found.start("source"), shift + found.end("source"), number)
        if who is not None and is_statement(scene, segment):
            yield Candidate(segment, LEAD_IN, who)
    elif number and not re.search(r"\w", before):
        start, end = scene.segments.paragraphs[number - 1]
        layouts = scene.layouts.get(number - 1, ())
        if layouts and scene.text[start:end].endswith(":") and (cue := _subject(layouts[-1])) is not None:
            assert cue.source is not None
            yield Candidate(segment, LEAD_IN, cue.source, cue)


@cache
def _answer() -> re.Pattern[str]:
    """The sentence before: Brody’s final answer came on Friday."""
    owned = "|".join(sorted(data.marks().owned))
    return re.compile(
        rf"(?:^|.*[.?!][”\"]? )(?P<source>{NAME}|{NOMINAL})[’']s (?:[\w-]+ )?(?:{owned}) [^.?!“”\"]*[.:]\s*$"
    )


def _subject(layout: Layout) -> Cue | None:
    """The outermost clause of a window's last sentence, if somebody gives or says something in it."""
    tokens = layout.window.tokens
    last = [
        cue for cue in layout.cues if cue.source is not None and layout.ends[-1] == layout.ends[cue.last]
    ]
    cue = min(last, key=lambda cue: (depth(tokens[cue.verb]), -cue.verb), default=None)
    if cue is None:
        return None
    objects = {child.lower_.removesuffix("s") for child in tokens[cue.verb].rights if child.dep_ == "dobj"}
    return cue if cue.strength == "strong" or not data.marks().uttered.isdisjoint(objects) else None
