"""What leads in a quotation without a cue verb: a line that ends in a colon, whose view it is, whose answer.

Quill released the following statement: ¶ “…”   lead-in: Quill
More from the report: “…”                        lead-in: the report
A year of storms - Sam Brody: “…”                lead-in: Sam Brody
Ada Quill on the ferry: “…”   For Quill, “…”     lead-in: Quill
Brody’s answer came on Friday. “…”               lead-in: Brody

Only for quotations that nothing else attributes.
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

LEAD_IN = "lead-in"

_SOMEBODY = rf"(?P<source>{NAME}|{NOMINAL})"
# Where a sentence begins in the text before a quotation.
_OPENS = r"(?:^|.*[.?!][”\"’)]* )"


def lead_in(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Quill released the following statement: ¶ “…”; more from the report: “…”."""
    before = scene.segments.before(segment)
    number = scene.segments[segment].paragraph
    if re.search(r"\w", before):
        shift = scene.segments[segment].start - len(before)
        for pattern, whole in _patterns():
            found = pattern.match(before)
            if found is None or (whole and not is_statement(scene, segment)):
                continue
            who = mention(scene.text, shift + found.start("source"), shift + found.end("source"), number)
            if who is not None:
                yield Candidate(segment, LEAD_IN, who)
                return
    elif number:
        start, end = scene.segments.paragraphs[number - 1]
        layouts = scene.layouts.get(number - 1, ())
        if layouts and scene.text[start:end].endswith(":") and (cue := _giving(layouts[-1])) is not None:
            assert cue.source is not None
            yield Candidate(segment, LEAD_IN, cue.source, cue)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """What stands before the marks, and whether the quotation must be a sentence of its own."""
    owned = "|".join(sorted(data.marks().owned))
    rest = r"(?: [^.?!“”\"]*)?[.:?]\s*$"
    colon = [
        rf"{_OPENS}(?:.* )?(?:[Mm]ore from|From|Here is|Here[’']s) {_SOMEBODY}(?: in [^:“”\"]{{2,30}})?:\s*$",
        rf".* [-–—] (?P<source>{NAME}(?: and {NAME})?):\s*$",
        rf"{_OPENS}(?P<source>{NAME}) on [^:.!?“”\"]{{2,60}}:\s*$",
        rf"(?:{_OPENS}|.*[,;–—-] |.*\b(?:because|that) )(?:[Ff]or|[Tt]o) (?P<source>{NAME}|him|her),\s*$",
    ]
    answer = [
        rf"{_OPENS}{_SOMEBODY}[’']s (?:[\w-]+ )?(?:{owned}){rest}",
        rf"{_OPENS}(?:The )?(?:{owned}) from {_SOMEBODY}[.:?]\s*$",
    ]
    return tuple((re.compile(one, re.DOTALL), one in answer) for one in (*colon, *answer))


def _giving(layout: Layout) -> Cue | None:
    """The outermost clause of a window's last sentence, if somebody gives or says something in it."""
    tokens = layout.window.tokens
    found = [cue for cue in layout.cues if cue.source and layout.ends[-1] == layout.ends[cue.last]]
    cue = min(found, key=lambda cue: (depth(tokens[cue.verb]), -cue.verb), default=None)
    if cue is None or cue.strength == "strong":
        return cue
    if tokens[cue.verb].lower_ not in data.marks().giving:
        return None  # who hears a complaint, doesn't make it
    objects = {child.lower_.removesuffix("s") for child in tokens[cue.verb].rights if child.dep_ == "dobj"}
    return None if data.marks().uttered.isdisjoint(objects) else cue
