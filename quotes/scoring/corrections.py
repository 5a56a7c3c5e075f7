"""What reviewers changed in predictions, how long a review took, and what blind reviews say about accuracy.

predicted “A.” (she, Ada Quill), reviewed “A.” (she, Cy Orr)   →   changed: renamed

A reviewer who sees a prediction tends to keep it (Fort and Sagot 2010), so gold made from predictions
flatters them. A sample that was reviewed blind, without predictions, shows by how much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from quotes.records import DocumentRecord, Quotation
from quotes.scoring.items import Judged, item_of
from quotes.scoring.judging import Judge
from quotes.scoring.measures import percent
from quotes.scoring.names import Names
from quotes.scoring.pairing import Both
from quotes.scoring.scores import SAMPLES, Measure, Scores, totals

#: What can be changed in a quotation; several of them may be in one.
WAYS = ("moved", "re-attributed", "renamed", "other kind", "other cue", "other values")
#: What figures on corrected predictions need to have said.
OPTIMISM = (
    "Who sees an answer tends to take it, so figures on corrected predictions flatter. Tasks that were "
    "reviewed blind, without predictions, don’t."
)
#: The measures that are shown for blind and for corrected documents.
SHOWN = ("attributed", "span", "person")


@dataclass(frozen=True, slots=True)
class Review:
    """One finished review of a document.

    `predicted` is the record that the review began with, None for a blind review; `reviewed` is the result.
    Both are None if the result cannot be read: then only the time counts. `seconds` is None if unknown.
    """

    blind: bool
    predicted: DocumentRecord | None
    reviewed: DocumentRecord | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Corrections:
    """Counts over all reviews.

    `lead_times` and `blind_lead_times` are seconds, one value a review: with predictions, and without.
    """

    reviews: int
    blind: int
    skipped: int
    preannotated: int
    outcomes: Mapping[str, int]
    lead_times: tuple[float, ...] = ()
    blind_lead_times: tuple[float, ...] = ()

    def rows(self) -> Iterator[tuple[str, str]]:
        """The rows of a table: what was counted, and the count."""
        yield "reviews that began with predictions", f"{self.reviews:,}"
        yield "reviews that began blind", f"{self.blind:,}"
        yield "skipped", f"{self.skipped:,}"
        yield "quotations pre-annotated", f"{self.preannotated:,}"
        for outcome in ("accepted", "changed", "deleted"):
            count = self.outcomes.get(outcome, 0)
            share = f" ({percent(count / self.preannotated)} %)" if self.preannotated else ""
            yield outcome, f"{count:,}{share}"
        for way in WAYS:
            yield f"of the changed: {way}", f"{self.outcomes.get(way, 0):,}"
        yield "added", f"{self.outcomes.get('added', 0):,}"
        yield "median seconds a review, with predictions", _seconds(self.lead_times)
        yield "median seconds a review, blind", _seconds(self.blind_lead_times)


@dataclass(frozen=True, slots=True)
class Estimates:
    """The measures on documents that were reviewed blind, and on those that were corrected."""

    blind_documents: int
    blind: dict[str, Measure]
    corrected_documents: int
    corrected: dict[str, Measure]


def count_corrections(reviews: Iterable[Review], skipped: int = 0) -> Corrections:
    """Count what reviewers changed. `skipped` is the number of reviews without a result."""
    found: Counter[str] = Counter()
    times: dict[bool, list[float]] = {False: [], True: []}
    number: Counter[bool] = Counter()
    preannotated = 0
    for review in reviews:
        number[review.blind] += 1
        if review.seconds is not None:
            times[review.blind].append(review.seconds)
        if review.predicted is not None and review.reviewed is not None:
            preannotated += len(review.predicted.quotations)
            found += outcomes(review.predicted, review.reviewed)
    return Corrections(
        reviews=number[False],
        blind=number[True],
        skipped=skipped,
        preannotated=preannotated,
        outcomes=dict(found),
        lead_times=tuple(times[False]),
        blind_lead_times=tuple(times[True]),
    )


def estimates(scores: Scores, samples: int = SAMPLES) -> Estimates | None:
    """The measures for blind and corrected documents; None if the gold has no document reviewed blind."""
    blind, corrected = (
        [
            counts
            for judgement, counts in zip(scores.judgements, scores.documents, strict=True)
            if judgement.document.gold.blind is side
        ]
        for side in (True, False)
    )
    if not blind:
        return None
    return Estimates(len(blind), totals(blind, samples), len(corrected), totals(corrected, samples))


def outcomes(before: DocumentRecord, after: DocumentRecord) -> Counter[str]:
    """What a review made of a prediction. `accepted`, `changed` and `deleted` add up to the predictions.

    A changed one counts once as that, and once for each way in which it was changed. What was marked as not
    a quotation counts as deleted.
    """
    found: Counter[str] = Counter()
    for one, other in _pairs(before.quotations, after.quotations):
        if one is None:
            found["added"] += 1
        elif other is None or (other.kind == "unattributed" != one.kind):
            found["deleted"] += 1
        elif ways := [name for name, differs in _changes(one, other) if differs]:
            found.update(("changed", *ways))
        else:
            found["accepted"] += 1
    return found


def _pairs(
    before: Sequence[Quotation], after: Sequence[Quotation]
) -> Iterator[tuple[Quotation | None, Quotation | None]]:
    """Each quotation beside what it became: first those of the same words, then those that overlap."""
    old, new = ({one.parts: one for one in side} for side in (before, after))
    same = old.keys() & new.keys()
    yield from ((old[parts], new[parts]) for parts in sorted(same))
    rest = [tuple(item_of(one) for parts, one in side.items() if parts not in same) for side in (old, new)]
    empty = Judged(doc_id="", text_sha256="", items=())
    both = Both(gold=replace(empty, items=rest[1]), predicted=replace(empty, items=rest[0]))
    for verdict in Judge(Names()).judge(both).verdicts:
        yield (
            None if verdict.predicted is None else old[verdict.predicted.parts],
            None if verdict.gold is None else new[verdict.gold.parts],
        )


def _changes(before: Quotation, after: Quotation) -> Iterator[tuple[str, bool]]:
    one, other = (
        (
            (quotation.parts, quotation.reported),
            ([(span.start, span.end) for span in quotation.everyone], quotation.source),
            (quotation.speaker_name, [speaker.name for speaker in quotation.speakers or ()]),
            quotation.kind,
            quotation.cue,
            (
                quotation.speaker_kind,
                [speaker.kind for speaker in quotation.speakers or ()],
                quotation.channel,
                quotation.attribution_type,
                quotation.negated,
            ),
        )
        for quotation in (before, after)
    )
    yield from zip(WAYS, (a != b for a, b in zip(one, other, strict=True)), strict=True)


def _seconds(times: Sequence[float]) -> str:
    return f"{median(times):,.0f} (of {len(times):,})" if times else "–"
