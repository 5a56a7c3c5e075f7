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
from quotes.attribution.titles import is_nobodys
from quotes.indirect.reports import Report
from quotes.parsing.mentions import Mention
from quotes.text.marks import TWEET, Range
from quotes.text.segments import Segments

# So much of a quotation, or of a content, stands in another when it belongs to it.
_MOST = 0.8
# Marks that no matcher gives to anybody are often no quotation: only a report so sure gives them a speaker.
_SURE = 0.6
# A shorter quotation that nobody nearby attributes may be a title or a scare quote.
_LEAST_WORDS = 4
# Reports of one source without a name are many; so many of them are compared.
_FEW = 8
_FIRST_PERSON = frozenset(["i", "we", "you"])
# How often a speaker who is passed on is right: 8 of 12 on PolNeAR's train compartment.
_PASSED_ON = 0.67
_LABEL = re.compile(r"\W*[A-Z][A-Z. ]+:")
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
    holding = _by_segment(inside)
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
    kept: list[int] = []
    of_source: dict[Range | None, list[int]] = {}
    known: set[tuple[Range, ...]] = set()
    for number in sorted(range(len(ordered)), key=lambda n: (-ordered[n].confidence, n)):
        report = ordered[number]
        if not report.accepted or number in taken or _is_all_claimed(claims, report, inside[number]):
            continue
        same = of_source.setdefault(report.source, [])
        if report.content in known or any(_is_alike(report, ordered[other]) for other in same[-_FEW:]):
            continue
        kept.append(number)
        same.append(number)
        known.add(report.content)
    parts: dict[int, tuple[int, ...]] = {}
    given: set[int] = set()
    for n in sorted(kept, key=lambda n: (_size(ordered[n].content), n)):  # the inner ones first
        sure = ordered[n].confidence >= _SURE
        parts[n] = tuple(one for one in _nobody_elses(claims, inside[n]) if sure and one not in given)
        given.update(parts[n])
    return Reported(of_quotation, tuple((ordered[n], parts[n]) for n in sorted(parts)))


def _by_segment(inside: Iterable[Iterable[int]]) -> dict[int, list[int]]:
    """The places of the reports that hold each segment, from the segments that each report holds."""
    holding: dict[int, list[int]] = {}
    for place, segments in enumerate(inside):
        for segment in segments:
            holding.setdefault(segment, []).append(place)
    return holding


def _nobody_elses(claims: Claims, inside: Iterable[int]) -> Iterator[int]:
    """The segments that no claim gives to somebody, and that aren't titles or signs."""
    for segment in inside:
        if claims.of_segment[segment] is None and not is_nobodys(claims.segments, segment):
            yield segment


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
    return cue is not None and report.cue is not None and _overlap(report.cue, (cue.start, cue.end))


def _is_alike(report: Report, other: Report) -> bool:
    """Whether two reports share most of their contents."""
    first, last = report.content[0][0], report.content[-1][1]
    start, end = other.content[0][0], other.content[-1][1]
    return min(last, end) - max(first, start) >= _MOST * (max(last, end) - min(first, start))


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
    quoting = {segment.paragraph for segment in claims.segments}
    last: dict[int, tuple[Range, Mention]] = {}
    for report in found:
        mention = report.mention
        if mention is None or mention.paragraph in quoting or mention.head in _FIRST_PERSON:
            continue
        if report.cue and report.accepted and report.type == "assertion":
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
    holding = _by_segment(_segments_in(claims.segments, report.content) for report in sure)
    of_segment = list(claims.of_segment)
    for number, places in holding.items():
        claim = of_segment[number]
        if claim is None or claim.candidate.cue is None:
            continue
        reports = [sure[place] for place in places]
        outer = [report for report in reports if _same_cue(claim, report)]
        inner = [one for one in reports if any(_is_within(one, other) for other in outer)]
        if inner:
            best = min(inner, key=lambda report: (_size(report.content), report.content))
            assert best.mention is not None
            candidate = Candidate(number, REPORTED, best.mention)
            of_segment[number] = Claim(candidate, best.confidence)
    return replace(claims, of_segment=tuple(of_segment))


def _is_within(inner: Report, outer: Report) -> bool:
    """Whether cue and source of one report stand in the content of another."""
    words = [words for words in (inner.cue, inner.source) if words is not None]
    return all(any(start <= a and b <= end for start, end in outer.content) for a, b in words)


def _stands_alone(segments: Segments, number: int) -> bool:
    """Whether a segment is a whole quotation that begins its paragraph."""
    segment = segments[number]
    words = segments.text[segment.start : segment.end]
    return (
        segment.family != TWEET
        and (segment.family == "double" or not segments.mostly_double)  # else it is a heading
        and not _LABEL.match(words)
        and not segments.before(number).strip()
        and len(segments.words[number]) >= _LEAST_WORDS
        and _STOP.search(words) is not None
    )
