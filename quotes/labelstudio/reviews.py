"""Finished reviews to gold: one record a document, in the very schema of the predictions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quotes.errors import LabelStudioError
from quotes.formats.output import open_output
from quotes.formats.writers_table import parted
from quotes.labelstudio.consensus import agreement, consensus_of
from quotes.labelstudio.exports import Annotation, ExportedTask
from quotes.labelstudio.report import ReviewReport
from quotes.labelstudio.results import Reading, read
from quotes.records import DocumentRecord, Quotation

CONSENSUS = "consensus"

# In characters, of four bytes at most: file systems take names of 255 bytes.
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Reviews:
    """Gold, sorted by `doc_id`: one record a document, and, where several reviewed one, each one's own."""

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

    A document's record is its latest review, or with `consensus` what most of its reviewers agree on. Skips
    and drafts give none. `hashes`, from `texts.hashes`, are the articles as they are now: a task of another
    text is a problem in the report. Nothing is raised for a single task.
    """
    report = ReviewReport()
    by_document: dict[str, list[ExportedTask]] = {}
    for task in tasks:
        by_document.setdefault(task.doc_id, []).append(task)
    report.documents = len(by_document)
    gold: list[DocumentRecord] = []
    everyone: dict[str, list[DocumentRecord]] = {}
    together: list[list[DocumentRecord]] = []
    for doc_id in sorted(by_document):
        done = _of_one_text(doc_id, _reviews(by_document[doc_id], report, hashes, with_text), report)
        if not done:
            continue
        gold.append(done[-1].record)
        if len(done) > 1:
            together.append([one.record for one in done])
            report.several.append(f"{doc_id}: {', '.join(one.who for one in done)}")
            if consensus:
                gold[-1] = _agreed(doc_id, done, report)
        for one in done:
            everyone.setdefault(one.who, []).append(one.record)
    report.reviewed = len(gold)
    report.agreement = agreement(together) if together else None
    by_reviewer = {who: tuple(everyone[who]) for who in sorted(everyone)} if together else {}
    return Reviews(tuple(gold), by_reviewer, report)


def publish(reviews: Reviews, out: Path, inputs: Iterable[Path] = ()) -> list[Path]:
    """Write the gold to `out`, and beside it each reviewer's own where several reviewed one document.

    These are named after the reviewer: `gold.ada@example.org.jsonl`; beside standard output, "-", there
    are none. Raises OutputError when a file can't be written, or is one of the `inputs`. Returns the files'
    paths.
    """
    files = {out: reviews.gold}
    for who, records in reviews.by_reviewer.items() if str(out) != "-" else ():
        files[_beside(out, who, files)] = records
    for path, records in files.items():
        with open_output(str(path), inputs) as sink:
            for record in records:
                sink.write(record)
    return list(files)


def _beside(out: Path, who: str, taken: Mapping[Path, object]) -> Path:
    """A file name for a reviewer, who may be called anything."""
    name = re.sub(r"[^\w@.+-]+", "_", who)[:_LONGEST_NAME].strip(".") or "_"
    stem, suffixes = parted(out)
    path, number = out.with_name(f"{stem}.{name}{suffixes}"), 1
    while path in taken:
        number += 1
        path = out.with_name(f"{stem}.{name}~{number}{suffixes}")
    return path


def _reviews(
    tasks: Sequence[ExportedTask], report: ReviewReport, hashes: Mapping[str, str] | None, with_text: bool
) -> list[_Review]:
    """The finished reviews of one document, from all its tasks, the latest one last."""
    done: list[_Review] = []
    for task in tasks:
        problem = task.problem
        if problem is None and hashes is not None and hashes.get(task.doc_id) != task.text_sha256:
            missing = task.doc_id not in hashes
            problem = "no article named so is there" if missing else "the article has changed since"
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
                done.append(_Review(annotation.who, *_record(task, annotation, report, with_text)))
            except LabelStudioError as error:
                report.problems.append(f"{task.doc_id}, by {annotation.who}: {error}.")
    return sorted(done, key=lambda one: _time(one.updated_at))


def _time(moment: str) -> float:
    """Seconds since 1970; a moment that can't be read comes first."""
    try:
        return datetime.fromisoformat(moment).timestamp()
    except (ValueError, OverflowError, OSError):
        return float("-inf")


def _record(
    task: ExportedTask, annotation: Annotation, report: ReviewReport, with_text: bool
) -> tuple[str, DocumentRecord]:
    """One annotation's record, and when it was made; counts and notes go into the report."""
    rule = f"review:{annotation.who}"
    prefilled = annotation.prefilled
    reading = read(annotation.result, task.text, task.text_sha256, rule=rule, prefilled=prefilled)
    report.notes += (f"{task.doc_id}, by {annotation.who}: {note}." for note in reading.notes)
    if prefilled is not None:
        _count(reading, read(prefilled, task.text, task.text_sha256, rule=rule, prefilled=prefilled), report)
    record = DocumentRecord(
        doc_id=task.doc_id,
        text_sha256=task.text_sha256,
        quotations=reading.quotations,
        text=task.text if with_text else None,
    )
    return annotation.updated_at, record


def _count(now: Reading, before: Reading, report: ReviewReport) -> None:
    there = _by_region(before)
    here = _by_region(now)
    for region, quotation in here.items():
        if region not in there:
            report.added += 1
        elif quotation == there[region]:
            report.unchanged += 1
        else:
            report.changed += 1
    report.removed += len(there.keys() - here.keys())


def _by_region(reading: Reading) -> dict[str, Quotation]:
    return {reading.regions[quotation.quote_id]: quotation for quotation in reading.quotations}


def _of_one_text(doc_id: str, done: list[_Review], report: ReviewReport) -> list[_Review]:
    """One review a person, the latest; all of the text that was reviewed last."""
    latest = {one.who: one for one in done}
    if len(latest) < len(done):
        report.notes.append(f"{doc_id}: somebody reviewed it more than once: the latest review counts.")
    kept = [one for one in done if latest[one.who] is one]
    texts = {one.record.text_sha256 for one in kept}
    if len(texts) > 1:
        report.problems.append(
            f"{doc_id}: it was reviewed in {len(texts)} versions: only the latest is used."
        )
        kept = [one for one in kept if one.record.text_sha256 == kept[-1].record.text_sha256]
    return kept


def _agreed(doc_id: str, done: Sequence[_Review], report: ReviewReport) -> DocumentRecord:
    quotations, unsettled = consensus_of([one.record for one in done], f"review:{CONSENSUS}")
    for left in unsettled:
        where = f"{left.parts[0][0]} to {left.parts[-1][1]}"
        report.notes.append(
            f"{doc_id}: no majority on the quotation from {where}: left out, decide it together."
        )
    return done[-1].record.model_copy(update={"quotations": quotations})
