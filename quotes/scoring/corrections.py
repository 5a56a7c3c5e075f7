"""What reviewers did with what was pre-annotated, and how long it took them; from a Label Studio export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from quotes.errors import LabelStudioError
from quotes.records import DocumentRecord
from quotes.scoring.counts import percent
from quotes.scoring.items import judged_of
from quotes.scoring.judging import Judge, Verdict
from quotes.scoring.names import Names
from quotes.scoring.pairing import Both

if TYPE_CHECKING:
    from quotes.labelstudio.exports import Annotation, ExportedTask

#: What can have become of a quotation that was pre-annotated, or wasn't. One that was changed may be several.
OUTCOMES = ("accepted", "moved", "re-attributed", "renamed", "other kind", "other cue", "deleted", "added")


@dataclass(frozen=True, slots=True)
class Corrections:
    """What became of pre-annotated quotations, and how long reviewing took.

    `lead_times` and `blind_lead_times` are seconds, of one review each: with predictions, and without.
    """

    reviews: int
    blind: int
    skipped: int
    preannotated: int
    outcomes: Mapping[str, int]
    lead_times: tuple[float, ...] = ()
    blind_lead_times: tuple[float, ...] = ()

    def rows(self) -> Iterator[tuple[str, str]]:
        """The statistics for a table: what, and how much."""
        yield "reviews that began with predictions", f"{self.reviews:,}"
        yield "reviews that began blind", f"{self.blind:,}"
        yield "skipped", f"{self.skipped:,}"
        yield "quotations pre-annotated", f"{self.preannotated:,}"
        for outcome in OUTCOMES:
            count = self.outcomes.get(outcome, 0)
            share = (
                f" ({percent(count / self.preannotated)} %)"
                if self.preannotated and outcome != "added"
                else ""
            )
            yield outcome, f"{count:,}{share}"
        yield "median seconds a review, with predictions", _seconds(self.lead_times)
        yield "median seconds a review, blind", _seconds(self.blind_lead_times)


def corrections(tasks: Sequence[ExportedTask]) -> Corrections:
    """The statistics of an export.

    A review whose beginning isn't known, because the prediction was deleted since, counts in neither sum.
    """
    outcomes: Counter[str] = Counter()
    preannotated = reviews = skipped = 0
    times: dict[bool, list[float]] = {False: [], True: []}
    blind = 0
    for task, annotation in _annotations(tasks):
        if annotation.skipped:
            skipped += 1
            continue
        if not annotation.blind and annotation.prefilled is None:
            continue
        if annotation.lead_time is not None:
            times[annotation.blind].append(annotation.lead_time)
        if annotation.blind:
            blind += 1
            continue
        reviews += 1
        before, verdicts = _verdicts(task, annotation)
        preannotated += before
        outcomes.update(outcome for verdict in verdicts for outcome in _outcomes(verdict))
    return Corrections(
        reviews, blind, skipped, preannotated, dict(outcomes), tuple(times[False]), tuple(times[True])
    )


def blind_documents(tasks: Sequence[ExportedTask]) -> set[str]:
    """The names of the documents that were reviewed, and by nobody who saw a prediction."""
    saw: dict[str, set[bool]] = {}
    for task, annotation in _annotations(tasks):
        if not annotation.skipped:
            saw.setdefault(task.doc_id, set()).add(annotation.blind)
    return {doc_id for doc_id, found in saw.items() if found == {True}}


def _annotations(tasks: Sequence[ExportedTask]) -> Iterator[tuple[ExportedTask, Annotation]]:
    for task in tasks:
        if task.problem is None:
            for annotation in task.annotations:
                yield task, annotation


def _verdicts(task: ExportedTask, annotation: Annotation) -> tuple[int, tuple[Verdict, ...]]:
    """How many quotations were pre-annotated, and how each stands to what the reviewer left."""
    from quotes.labelstudio.results import read

    sides = []
    for result in (annotation.result, annotation.prefilled or ()):
        try:
            reading = read(
                result, task.text, task.text_sha256, rule="review:", prefilled=annotation.prefilled
            )
        except LabelStudioError:  # the review's report has told of it
            return 0, ()
        record = DocumentRecord(
            doc_id=task.doc_id, text_sha256=task.text_sha256, quotations=reading.quotations
        )
        sides.append(judged_of(record, task.doc_id))
    reviewed, before = sides
    return len(before.items), Judge(Names()).judge(Both(reviewed, before)).verdicts


def _outcomes(verdict: Verdict) -> list[str]:
    gold, before = verdict.gold, verdict.predicted
    if gold is None:
        return ["deleted"]
    if before is None:
        return ["added"]
    changed = [
        ("moved", gold.parts != before.parts),
        ("re-attributed", gold.speaker != before.speaker),
        ("renamed", gold.name != before.name),
        ("other kind", gold.kind != before.kind),
        ("other cue", gold.cue != before.cue),
    ]
    return [name for name, differs in changed if differs] or ["accepted"]


def _seconds(times: Sequence[float]) -> str:
    return f"{median(times):,.0f} (of {len(times):,})" if times else "–"
