"""Finished reviews become gold: one record per document, in the same schema as predictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from quotes.errors import LabelStudioError
from quotes.gold.consensus import Agreement, agreement, consensus_of
from quotes.labelstudio.exports import NUMBER, Annotation, ExportedTask
from quotes.labelstudio.results import Reading, read
from quotes.records import DocumentRecord
from quotes.scoring.corrections import outcomes

CONSENSUS = "consensus"


@dataclass(slots=True)
class ReviewReport:
    """What the reviews contain. `problems` are not in the gold; `notes` are, read as the guidelines say.

    `unchanged`, `changed`, `removed` and `added` count quotations compared with the pre-annotated ones, if
    these are known; if a document has several reviews, each counts. `confirmed` and `corrected` count the
    verdicts of `quotes verify` in the same way. `emptied` are reviews without any quotation on tasks that had
    predictions: they are gold, and may be a slip. `numbers` are reviewers whose e-mail addresses are not
    known, such as "user-1".
    """

    documents: int = 0
    reviewed: int = 0
    unchanged: int = 0
    changed: int = 0
    removed: int = 0
    added: int = 0
    confirmed: int = 0
    corrected: int = 0
    skipped: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    numbers: tuple[str, ...] = ()
    agreement: Agreement | None = None

    def lines(self) -> list[str]:
        """The report as lines of text, the most important last."""
        lines = [f"Note: {note}" for note in self.notes]
        lines += [f"Draft, not counted: {draft}" for draft in self.drafts]
        lines += [f"Skipped: {skip}" for skip in self.skipped]
        lines += [f"Nothing left: {one}" for one in self.emptied]
        lines += [f"Several reviewers: {one}" for one in self.several]
        lines += [f"Not used: {problem}" for problem in self.problems]
        lines += self.agreement.lines() if self.agreement else []
        lines += [
            f"Note: the export does not say who {who} is. Pull once into the same folder, or pull instead."
            for who in self.numbers
        ]
        if self.confirmed or self.corrected:
            lines.append(f"Verdicts: {self.confirmed:,} confirmed, {self.corrected:,} corrected.")
        lines.append(
            f"{self.reviewed:,} of {self.documents:,} document{'s' * (self.documents != 1)} reviewed. "
            f"Quotations: {self.unchanged:,} unchanged, {self.changed:,} changed, {self.removed:,} removed, "
            f"{self.added:,} added." + self._warning()
        )
        return lines

    def _warning(self) -> str:
        if not self.emptied:
            return ""
        reviews = "1 review" if len(self.emptied) == 1 else f"{len(self.emptied):,} reviews"
        return f" Check the {reviews} in which nothing is left of the predictions."


@dataclass(frozen=True, slots=True)
class Reviews:
    """Gold, sorted by `doc_id`: one record per document.

    `by_reviewer` has each reviewer's own records, if any document has several reviews.
    """

    gold: tuple[DocumentRecord, ...]
    by_reviewer: Mapping[str, tuple[DocumentRecord, ...]]
    report: ReviewReport


@dataclass(frozen=True, slots=True)
class _Review:
    who: str
    updated_at: str
    record: DocumentRecord


def review(
    tasks: Iterable[ExportedTask],
    *,
    consensus: bool = False,
    with_text: bool = False,
    hashes: Mapping[str, str] | None = None,
) -> Reviews:
    """Turn exported tasks into gold.

    A document's record is its latest review, or with `consensus` the majority's answer. Skipped tasks and
    drafts give no record. `hashes`, from `text_hashes`, are those of the current articles: a task with
    another text is a problem in the report. A single bad task raises nothing.
    """
    report = ReviewReport()
    by_document: dict[str, list[ExportedTask]] = {}
    for task in tasks:
        by_document.setdefault(task.doc_id, []).append(task)
    report.documents = len(by_document)
    gold: list[DocumentRecord] = []
    everyone: dict[str, list[DocumentRecord]] = {}
    with_several: list[list[DocumentRecord]] = []
    for doc_id in sorted(by_document):
        done = _of_one_text(doc_id, _reviews(by_document[doc_id], report, hashes, with_text), report)
        if not done:
            continue
        gold.append(done[-1].record)
        if len(done) > 1:
            with_several.append([one.record for one in done])
            report.several.append(f"{doc_id}: {', '.join(one.who for one in done)}")
            if consensus:
                gold[-1] = _agreed(doc_id, done, report)
        for one in done:
            everyone.setdefault(one.who, []).append(one.record)
    report.reviewed = len(gold)
    report.numbers = tuple(sorted(who for who in everyone if NUMBER.fullmatch(who)))
    report.agreement = agreement(with_several) if with_several else None
    by_reviewer = {who: tuple(everyone[who]) for who in sorted(everyone)} if with_several else {}
    return Reviews(tuple(gold), by_reviewer, report)


def _reviews(
    tasks: Sequence[ExportedTask], report: ReviewReport, hashes: Mapping[str, str] | None, with_text: bool
) -> list[_Review]:
    """The finished reviews of one document, from all its tasks, the latest one last."""
    done: list[_Review] = []
    for task in tasks:
        problem = task.problem
        if problem is None and hashes is not None and hashes.get(task.doc_id) != task.text_sha256:
            missing = task.doc_id not in hashes
            problem = "there is no article with this id" if missing else "the article has changed since"
        if problem is not None:
            report.problems.append(f"{task.doc_id}: {problem}.")
            continue
        for draft in task.drafts:
            what = "changed a review and did not press Update" if draft.annotation else "has not submitted"
            report.drafts.append(f"{task.doc_id}: {draft.who} {what}.")
        for annotation in task.annotations:
            if annotation.skipped:
                report.skipped.append(f"{task.doc_id}, by {annotation.who}.")
                continue
            try:
                record = _record(task, annotation, report, with_text)
                done.append(_Review(annotation.who, annotation.updated_at, record))
            except LabelStudioError as error:
                report.problems.append(f"{task.doc_id}, by {annotation.who}: {error}.")
    return sorted(done, key=lambda one: _time(one.updated_at))


def _time(moment: str) -> float:
    """Seconds since 1970; an unreadable time comes first."""
    try:
        return datetime.fromisoformat(moment).timestamp()
    except (ValueError, OverflowError, OSError):
        return float("-inf")


def _record(
    task: ExportedTask, annotation: Annotation, report: ReviewReport, with_text: bool
) -> DocumentRecord:
    """One annotation's record; adds counts and notes to the report."""
    rule = f"review:{annotation.who}"
    prefilled = annotation.prefilled
    reading = read(annotation.result, task.text, task.text_sha256, rule=rule, prefilled=prefilled)
    report.notes += (f"{task.doc_id}, by {annotation.who}: {note}." for note in reading.notes)
    record = DocumentRecord(
        doc_id=task.doc_id,
        text_sha256=task.text_sha256,
        quotations=reading.quotations,
        text=task.text if with_text else None,
    )
    before = None
    if prefilled is not None:
        before = read(prefilled, task.text, task.text_sha256, rule=rule, prefilled=prefilled)
        _count(record.model_copy(update={"quotations": before.quotations}), record, report)
        _count_verdicts(before, reading, report)
    if not reading.quotations and not annotation.blind and (before is None or before.quotations):
        number = "" if before is None else f"{len(before.quotations):,} "
        report.emptied.append(f"{task.doc_id}, by {annotation.who}: all {number}predictions removed.")
    return record


def _count(before: DocumentRecord, after: DocumentRecord, report: ReviewReport) -> None:
    """Count as `quotes score` does."""
    found = outcomes(before, after)
    report.unchanged += found["accepted"]
    report.changed += found["changed"]
    report.added += found["added"]
    report.removed += found["deleted"]


def _count_verdicts(before: Reading, after: Reading, report: ReviewReport) -> None:
    was = {before.regions[one.quote_id]: one.verification for one in before.quotations}
    for one in after.quotations:
        found = was.get(after.regions[one.quote_id])
        if one.kind != "unattributed" and (found or one.verification):
            report.confirmed += one.verification == found
            report.corrected += one.verification != found


def _of_one_text(doc_id: str, done: list[_Review], report: ReviewReport) -> list[_Review]:
    """Each person's latest review, of the text version that was reviewed last."""
    latest = {one.who: one for one in done}
    if len(latest) < len(done):
        report.notes.append(f"{doc_id}: a reviewer reviewed it more than once: the latest review counts.")
    kept = [one for one in done if latest[one.who] is one]
    texts = {one.record.text_sha256 for one in kept}
    if len(texts) > 1:
        report.problems.append(
            f"{doc_id}: {len(texts)} versions of its text were reviewed: only the latest is used."
        )
        kept = [one for one in kept if one.record.text_sha256 == kept[-1].record.text_sha256]
    return kept


def _agreed(doc_id: str, done: Sequence[_Review], report: ReviewReport) -> DocumentRecord:
    quotations, unsettled = consensus_of([one.record for one in done], f"review:{CONSENSUS}")
    for left in unsettled:
        where = f"{left.parts[0][0]} to {left.parts[-1][1]}"
        report.notes.append(
            f"{doc_id}: no majority for the quotation from {where}: left out. Decide it together."
        )
    return done[-1].record.model_copy(update={"quotations": quotations})
