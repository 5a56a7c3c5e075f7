"""Why a quotation has its speaker: what was weighed, and the steps from the mention to the person.

“…,” she said.   →   0.97 she, said, after-quotation;  0.08 Bo Tarn, told, near-sentence
                     she → Mayor Quill → Ada Quill
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from pydantic import Field

from quotes.attribution import Candidate, Scene, propose
from quotes.attribution.mentions import Mention
from quotes.attribution.ranker import shipped
from quotes.records import Quotation, Record, Span
from quotes.speakers import Resolver
from quotes.speakers.people import Person

# What is looked at before a name for its titles, in code points.
_LONGEST_TITLE = 200


class Weighed(Record):
    """A candidate for the speaker of one quotation."""

    mention: Span
    cue: Span | None
    rule: str
    probability: float = Field(ge=0, le=1)
    """That this mention is the source of this quotation."""
    chosen: bool


class Explanation(Record):
    """One quotation, and how it was decided."""

    quotation: Quotation
    candidates: tuple[Weighed, ...]
    """The most probable first. Of several cues of one mention, the most precise rule's is chosen."""
    chain: tuple[str, ...]
    """From the mention's words to the person's name: ("she", "Mayor Quill", "Ada Quill"). Of a pronoun or a
    role, the middle is what the text last called that person. Empty where there is no speaker."""


def explain(scene: Scene, quotations: Iterable[Quotation], resolver: Resolver) -> Iterator[Explanation]:
    """The quotations of a decided scene, in text order, each with its explanation.

    `resolver` is one that has resolved nothing yet: who spoke before counts, so it goes the way again.
    """
    segment_at = {segment.start: i for i, segment in enumerate(scene.segments)}
    for quotation in quotations:
        segment = segment_at[quotation.parts[0][0]]
        claim = scene.claims[segment]
        if claim is None:
            weighed = _rejected(scene, segment)
            chain: tuple[str, ...] = ()
        else:
            weighed = [_weighed(scene, c, p, chosen=c == claim.candidate) for c, p in claim.considered]
            chain = _chain(resolver, claim.candidate.mention)
        yield Explanation(quotation=quotation, candidates=tuple(weighed), chain=chain)


def _rejected(scene: Scene, segment: int) -> list[Weighed]:
    """What was proposed for a segment without a speaker: worked out anew, for no claim keeps it."""
    candidates = propose(scene, segment)
    scored = zip(candidates, shipped().score(scene, segment, candidates), strict=True)
    return [_weighed(scene, c, p, chosen=False) for c, p in sorted(scored, key=lambda pair: -pair[1])]


def _weighed(scene: Scene, candidate: Candidate, probability: float, *, chosen: bool) -> Weighed:
    mention, cue = candidate.mention, candidate.cue
    return Weighed(
        mention=Span.of(scene.text, mention.start, mention.end),
        cue=Span.of(scene.text, cue.start, cue.end) if cue else None,
        rule=candidate.rule,
        probability=round(probability, 3),
        chosen=chosen,
    )


def _chain(resolver: Resolver, mention: Mention) -> tuple[str, ...]:
    """The resolver's steps; between a pronoun or a role and the person, the name that the text used last."""
    found = resolver.resolve(mention)
    steps = list(found.chain)
    if found.person is not None and mention.form != "name" and len(steps) == 2:
        steps.insert(1, _called_before(resolver.text, found.person, mention.start))
    return tuple(step for step, _ in groupby(steps) if step)


def _called_before(text: str, person: Person, before: int) -> str:
    """What the text last called a person before this place, title included; "" when that is the full name."""
    behind = bisect_right(person.occurrences, before, key=attrgetter("end"))
    earlier = (person.occurrences[i] for i in range(behind - 1, -1, -1))
    last = next((name for name in earlier if not name.quoted and not name.headline), None)
    if last is None:
        return ""
    lead = text[max(0, last.start - _LONGEST_TITLE) : last.start]
    title = re.search(rf"(?:\S+\s+){{{len(last.title.split())}}}$", lead)
    called = (title.group() if title else "") + text[last.start : last.end]
    return "" if called == person.name else called
