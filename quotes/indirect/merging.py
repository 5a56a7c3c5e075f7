"""Claims and reports → what is reported, each attribution once.

Quill called the plan “a gift” to Caldross.
    →   the quotation “a gift” is part of the report "the plan “a gift” to Caldross": one mixed quotation
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quotes.attribution import Candidate, Claim, Claims
from quotes.attribution.confidence import PASSED_ON, REPORTED
from quotes.indirect.reports import Report
from quotes.parsing.mentions import Mention
from quotes.text.marks import TWEET, Range
from quotes.text.segments import Segments

# So much of a quotation, or of a content, stands in another when it belongs to it.
_MOST = 0.8
# A shorter quotation that nobody nearby attributes may be a title or a scare quote.
_LEAST_WORDS = 4
# How often a speaker who is passed on is right, measured on PolNeAR's train compartment.
_PASSED_ON = 0.6
_STOP = re.compile(r"[.?!…,][”\"’']*\s*$")


@dataclass(frozen=True, slots=True)
class Reported:
    """The reports of one document, matched with its quotations."""

    of_quotation: Mapping[int, Report]
    """The report that holds a quotation, by the quotation's number in the claims."""
    others: tuple[tuple[Report, tuple[int, ...]], ...]
    """All other reports in text order, each with the segments in it that nobody else is said to have said."""

    @property
    def claimed(self) -> frozenset[int]:
        """The segments that only a report attributes."""
        return frozenset(segment for _, inside in self.others for segment in inside)


NOTHING = Reported({}, ())


def merge(claims: Claims, found: Iterable[Report]) -> Reported:
    """Match reports with the quotations of the claims; of two reports of the same words, keep the surer."""
    ordered = sorted(found, key=lambda report: (report.content[0], -report.content[-1][1]))
    inside = [tuple(_segments_in(claims.segments, report.content)) for report in ordered]
    holding: dict[int, list[int]] = {}
    for number, segments in enumerate(inside):
        for segment in segments:
            holding.setdefault(segment, []).append(number)
    of_quotation: dict[int, Report] = {}
    taken: set[int] = set()
    for quotation, group in enumerate(claims.quotations):
        claim = claims.first(group)
        held = {number for segment in group for number in holding.get(segment, ())}
        fitting = [number for number in held if claim and _is_same(claim, ordered[number])]
        if claim and fitting:
            best = min(
                fitting, key=lambda n: (not _same_cue(claim, ordered[n]), _size(ordered[n].content), n)
            )
            of_quotation[quotation] = ordered[best]
            taken.add(best)
    surest: dict[tuple[Range, ...], int] = {}
    for number, report in enumerate(ordered):
        if report.accepted and number not in taken and not _is_all_claimed(claims, report, inside[number]):
            other = surest.setdefault(report.content, number)
            if report.confidence > ordered[other].confidence:
                surest[report.content] = number
    others = [
        (ordered[n], tuple(segment for segment in inside[n] if claims.of_segment[segment] is None))
        for n in surest.values()
    ]
    return Reported(of_quotation, tuple(others))


def _segments_in(segments: Segments, content: Sequence[Range]) -> Iterator[int]:
    """The segments that stand in a content, all but a little."""
    starts = segments.starts
    for start, end in content:
        for number in range(max(0, bisect_left(starts, start) - 1), bisect_left(starts, end)):
            segment = segments[number]
            if min(end, segment.end) - max(start, segment.start) >= _MOST * (segment.end - segment.start):
                yield number


def _is_same(claim: Claim, report: Report) -> bool:
    """Whether a claim and a report have one cue, or else one source."""
    if _same_cue(claim, report):
        return True
    mention = claim.candidate.mention
    named = report.source is not None and _overlap(report.source, (mention.start, mention.end))
    return report.accepted and named


def _same_cue(claim: Claim, report: Report) -> bool:
    cue = claim.candidate.cue
    return cue is not None and _overlap(report.cue, (cue.start, cue.end))


def _is_all_claimed(claims: Claims, report: Report, inside: Sequence[int]) -> bool:
    """Whether a report is of quotations that have a speaker, and of little else."""
    claimed = [claims.segments[segment] for segment in inside if claims.of_segment[segment] is not None]
    size = sum(segment.end - segment.start for segment in claimed)
    return size >= _MOST * _size(report.content)


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _size(content: Sequence[Range]) -> int:
    return sum(end - start for start, end in content)


def passed_on(claims: Claims, found: Iterable[Report]) -> Claims:
    """The claims, with speakers for quotations that only the paragraph before explains.

    Quill admitted that the pier had a leak. ¶ “It was a mistake.”   →   Quill
    """
    last: dict[int, tuple[Range, Mention]] = {}
    for report in found:
        mention = report.mention
        if mention is not None and report.accepted and report.type == "assertion":
            last[mention.paragraph] = max(
                last.get(mention.paragraph, ((0, 0), mention)), (report.cue, mention)
            )
    of_segment = list(claims.of_segment)
    for number, segment in enumerate(claims.segments):
        before = last.get(segment.paragraph - 1)
        if before is None or of_segment[number] is not None or not _stands_alone(claims.segments, number):
            continue
        candidate = Candidate(number, PASSED_ON, before[1])
        of_segment[number] = Claim(candidate, _PASSED_ON)
    return replace(claims, of_segment=tuple(of_segment))


def nested(claims: Claims, found: Sequence[Report]) -> Claims:
    """The claims, with the inner one of two speakers for a fragment that a report within a report holds.

    Renn said Quill had called it “a gift”   →   Quill, whose words Renn repeats
    """
    sure = [report for report in found if report.accepted and report.mention is not None]
    holding: dict[int, list[Report]] = {}
    for report in sure:
        for segment in _segments_in(claims.segments, report.content):
            holding.setdefault(segment, []).append(report)
    of_segment = list(claims.of_segment)
    for number, reports in holding.items():
        claim = of_segment[number]
        if claim is None or claim.candidate.cue is None:
            continue
        outer = [report for report in reports if _same_cue(claim, report)]
        inner = [one for one in reports if any(_is_within(one, other) for other in outer)]
        if inner:
            best = min(inner, key=lambda report: (_size(report.content), report.cue))
            assert best.mention is not None
            candidate = Candidate(number, REPORTED, best.mention)
            of_segment[number] = Claim(candidate, best.confidence)
    return replace(claims, of_segment=tuple(of_segment))


def _is_within(inner: Report, outer: Report) -> bool:
    """Whether cue and source of one report stand in the content of another."""
    words = [inner.cue, *([inner.source] if inner.source else [])]
    return all(any(start <= a and b <= end for start, end in outer.content) for a, b in words)


def _stands_alone(segments: Segments, number: int) -> bool:
    """Whether a segment is a whole quotation that begins its paragraph."""
    segment = segments[number]
    words = segments.text[segment.start : segment.end]
    return (
        segment.family != TWEET
        and not segments.before(number).strip()
        and len(segments.words[number]) >= _LEAST_WORDS
        and _STOP.search(words) is not None
    )
