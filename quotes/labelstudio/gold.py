"""Read a Label Studio export as gold for `quotes score`: records, blind reviews, and corrections.

`quotes.scoring` knows records alone; this adapter converts what it needs from an export.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quotes.errors import LabelStudioError
from quotes.labelstudio.exports import Annotation, ExportedTask, read_export
from quotes.labelstudio.results import read
from quotes.labelstudio.reviews import review
from quotes.records import DocumentRecord
from quotes.scoring.corrections import Review, count_corrections
from quotes.scoring.gold import Side, read_side
from quotes.scoring.items import judged_of


def read_export_or_records(path: Path, texts: Sequence[str] = ()) -> Side:
    """Read predictions or gold: a Label Studio export, or whatever `quotes.scoring.gold.read_side` reads.

    Raises ReadError, or LabelStudioError for an export that cannot be used.
    """
    return read_gold(path) if is_export(path) else read_side(path, texts)


def is_export(path: Path) -> bool:
    """Whether a file holds a JSON list, as Label Studio exports; records are one JSON object a line."""
    if path.suffix.lower() == ".jsonl" or not path.is_file():  # a pipe can be read only once
        return False
    try:
        with path.open("rb") as file:
            return file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    except OSError:
        return False  # reading it as records reports the error


def read_gold(path: Path) -> Side:
    """Read an export. Raises LabelStudioError if it cannot be used."""
    tasks = read_export(path)
    reviews = review(tasks, with_text=True)
    blind = blind_documents(tasks)
    return Side(
        documents=tuple(
            judged_of(record, str(path), blind=record.doc_id in blind) for record in reviews.gold
        ),
        notes=tuple(reviews.report.lines()),
        corrections=count_corrections(
            _reviews(tasks), skipped=sum(annotation.skipped for _, annotation in _annotations(tasks))
        ),
    )


def blind_documents(tasks: Sequence[ExportedTask]) -> set[str]:
    """The names of the reviewed documents of which no reviewer saw a prediction."""
    blind: dict[str, set[bool]] = {}
    for task, annotation in _annotations(tasks):
        if not annotation.skipped:
            blind.setdefault(task.doc_id, set()).add(annotation.blind)
    return {doc_id for doc_id, found in blind.items() if found == {True}}


def _annotations(tasks: Sequence[ExportedTask]) -> Iterator[tuple[ExportedTask, Annotation]]:
    for task in tasks:
        if task.problem is None:
            for annotation in task.annotations:
                yield task, annotation


def _reviews(tasks: Sequence[ExportedTask]) -> Iterator[Review]:
    """The reviews of an export; those that began with a prediction that was deleted since are left out."""
    for task, annotation in _annotations(tasks):
        if annotation.skipped:
            continue
        if annotation.blind:
            yield Review(True, None, None, annotation.lead_time)
        elif annotation.prefilled is not None:
            predicted, reviewed = (
                _record(task, annotation, result) for result in (annotation.prefilled, annotation.result)
            )
            yield Review(False, predicted, reviewed, annotation.lead_time)


def _record(task: ExportedTask, annotation: Annotation, result: Sequence[Any]) -> DocumentRecord | None:
    """The record of a result list; None if it is malformed, which `Reviews.report` says, too."""
    try:
        reading = read(result, task.text, task.text_sha256, rule="review:", prefilled=annotation.prefilled)
    except LabelStudioError:
        return None
    return DocumentRecord(doc_id=task.doc_id, text_sha256=task.text_sha256, quotations=reading.quotations)
