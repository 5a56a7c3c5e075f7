"""What reviewers changed in predictions, how long a review took, and what blind reviews say about accuracy.

predicted “A.” (she, Ada Quill), reviewed “A.” (she, Cy Orr)   →   renamed

A reviewer who sees a prediction tends to keep it (Fort and Sagot 2010), so gold made from predictions
flatters them. A sample that was reviewed blind, without predictions, shows by how much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from quotes.records import DocumentRecord
from quotes.scoring.items import judged_of
from quotes.scoring.judging import Judge, Verdict
from quotes.scoring.measures import percent
from quotes.scoring.names import Names
from quotes.scoring.pairing import Both
from quotes.scoring.scores import SAMPLES, Measure, Scores, totals

#: What can happen to a quotation in a review. A changed one may have several outcomes.
OUTCOMES = ("accepted", "moved", "re-attributed", "renamed", "other kind", "other cue", "deleted", "added")
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
        for outcome in OUTCOMES:
            count = self.outcomes.get(outcome, 0)
            of_all = self.preannotated and outcome != "added"
            yield outcome, f"{count:,} ({percent(count / self.preannotated)} %)" if of_all else f"{count:,}"
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
    outcomes: Counter[str] = Counter()
    times: dict[bool, list[float]] = {False: [], True: []}
    number: Counter[bool] = Counter()
    preannotated = 0
    for review in reviews:
        number[review.blind] += 1
        if review.seconds is not None:
            times[review.blind].append(review.seconds)
        if review.predicted is not None and review.reviewed is not None:
            after, before = (judged_of(one, one.doc_id) for one in (review.reviewed, review.predicted))
            before, after = (replace(one, items=one.attributions) for one in (before, after))
            preannotated += len(before.items)
            for verdict in Judge(Names()).judge(Both(after, before)).verdicts:
                outcomes.update(_outcomes(verdict))
    return Corrections(
        reviews=number[False],
        blind=number[True],
        skipped=skipped,
        preannotated=preannotated,
        outcomes=dict(outcomes),
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


def _outcomes(verdict: Verdict) -> list[str]:
    after, before = verdict.gold, verdict.predicted
    if after is None:
        return ["deleted"]
    if before is None:
        return ["added"]
    changed = {
        "moved": after.parts != before.parts,
        "re-attributed": (after.speaker, after.source) != (before.speaker, before.source),
        "renamed": after.name != before.name,
        "other kind": after.kind != before.kind,
        "other cue": after.cue != before.cue,
    }
    return [name for name, differs in changed.items() if differs] or ["accepted"]


def _seconds(times: Sequence[float]) -> str:
    return f"{median(times):,.0f} (of {len(times):,})" if times else "–"
