"""Why a quotation has its speaker: the candidates that were weighed, and the steps from mention to person.

“…,” she said.   →   0.97 she, said, after-quotation;  0.08 Bo Tarn, told, near-sentence
                     she → Mayor Quill → Ada Quill
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from quotes.attribution import Candidate, Claim, Claims
from quotes.attribution.confidence import REPORTED
from quotes.indirect.merging import NOTHING, Reported
from quotes.records import Explanation, Quotation, Span, Weighed
from quotes.speakers import Entities, Resolution
from quotes.speakers.names import Name

# How far before a name its titles are looked for, in code points.
_LONGEST_TITLE = 200


def explain(
    claims: Claims, entities: Entities, quotations: Iterable[Quotation], reported: Reported = NOTHING
) -> Iterator[Explanation]:
    """The quotations of a document, each with its candidates and with how its speaker was resolved.

    Of what is `reported` without marks, the one candidate is its source.
    """
    segments = claims.segments
    group_at = {segments[group[0]].start: number for number, group in enumerate(claims.quotations)}
    sources = {
        (report.speaker, report.content[0]): source
        for (report, _), source in zip(reported.others, entities.reported, strict=True)
    }
    for quotation in quotations:
        span = quotation.speaker
        key = (span.start, span.end) if span else None, quotation.reported[0]
        if quotation.rule == REPORTED and key in sources:
            source = sources[key]
            chain = source.chain if source else ()
            yield Explanation(quotation=quotation, candidates=tuple(_only(quotation)), chain=chain)
            continue
        number = group_at[quotation.parts[0][0]]
        first = claims.quotations[number][0]
        claim, speaker = claims.of_segment[first], entities.speakers[number]
        chosen = claim.candidate if claim else None
        weighed = tuple(
            _weighed(segments.text, one, p, chosen=one == chosen) for one, p in claims.weighed[first]
        )
        chain = _chain(segments.text, entities, claim, speaker) if claim and speaker else ()
        yield Explanation(quotation=quotation, candidates=weighed, chain=chain)


def _only(quotation: Quotation) -> Iterator[Weighed]:
    if quotation.speaker is not None:
        yield Weighed(
            mention=quotation.speaker,
            cue=quotation.cue,
            rule=quotation.rule,
            probability=quotation.confidence,
            chosen=True,
        )


def _weighed(text: str, candidate: Candidate, probability: float, *, chosen: bool) -> Weighed:
    mention, cue = candidate.mention, candidate.cue
    return Weighed(
        mention=Span.of(text, mention.start, mention.end),
        cue=Span.of(text, cue.start, cue.end) if cue else None,
        rule=candidate.rule,
        probability=round(probability, 3),
        chosen=chosen,
    )


def _chain(text: str, entities: Entities, claim: Claim, speaker: Resolution) -> tuple[str, ...]:
    """The steps to the person; for a pronoun or a role, with the name that the text used last."""
    steps = list(speaker.chain)
    mention = claim.candidate.mention
    if speaker.name is not None and mention.form != "name" and len(steps) == 2:
        steps.insert(
            1, _called_before(text, entities.names.get(speaker.name, ()), speaker.name, mention.start)
        )
    return tuple(step for step, _ in groupby(steps) if step)


def _called_before(text: str, names: tuple[Name, ...], full: str, before: int) -> str:
    """What the text last called a person before a place, title included; "" if that is the full name."""
    behind = bisect_right(names, before, key=attrgetter("end"))
    earlier = (names[i] for i in range(behind - 1, -1, -1))
    last = next((name for name in earlier if not name.quoted and not name.headline), None)
    if last is None:
        return ""
    lead = text[max(0, last.start - _LONGEST_TITLE) : last.start]
    title = re.search(rf"(?:\S+\s+){{{len(last.title.split())}}}$", lead)
    called = (title.group() if title else "") + text[last.start : last.end]
    return "" if called == full else called
