"""What Label Studio exports, checked: files that somebody saved in the web page, lists from the server."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic_core
from pydantic import ValidationError

from quotes.errors import LabelStudioError, ReadError
from quotes.files.inputs import STDIN, cannot_read, read_whole
from quotes.files.limits import whole
from quotes.labelstudio.raw import RawAnnotation, RawData, RawDraft, RawPerson, RawPrediction, RawTask
from quotes.records import Document

#: Bytes that a file may have if nobody sets a limit: it is held whole.
LARGEST = 1_000_000_000

_PRESS = (
    "In the project's Data Manager press Export, choose “JSON” (the first of the list), and Export again."
)
_HEADER = re.compile(r"\b(?:annotation_id|annotator|lead_time|doc_id)\b")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One person's finished work on a task; `prefilled` is the result list that they began with, if known.

    `blind` says that they saw no prediction, `lead_time` how many seconds they took, where that is known.
    """

    who: str
    result: tuple[Any, ...]
    skipped: bool
    prefilled: tuple[Any, ...] | None
    updated_at: str
    id: int | None = None
    blind: bool = False
    lead_time: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Work that somebody has not submitted; `annotation` is the id of the one that it changes, if any."""

    who: str
    annotation: int | None


@dataclass(frozen=True, slots=True)
class ExportedTask:
    """A task as it came home. With a `problem`, nothing but its names is to be used."""

    id: int | None
    doc_id: str
    text_sha256: str = ""
    text: str = ""
    annotations: tuple[Annotation, ...] = ()
    drafts: tuple[Draft, ...] = ()
    problem: str | None = None


def read_export(path: Path) -> list[ExportedTask]:
    """Read a file that was exported as “JSON”, or standard input where the path is "-".

    Raises LabelStudioError when it is another export format, damaged, or of another project, and says which
    button to press.
    """
    where = "standard input" if path == STDIN else str(path)
    try:
        data = whole(sys.stdin.buffer, where, LARGEST) if path == STDIN else read_whole(path, LARGEST)
    except ReadError as error:
        raise LabelStudioError(str(error)) from error
    except OSError as error:
        raise LabelStudioError(cannot_read(where, error)) from error
    try:
        # Unlike the standard library's, this parser gives up on deep nesting and on NaN by itself.
        tasks = pydantic_core.from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise LabelStudioError(f"{where}: {_no_json(data, error)}") from None
    return parse_export(tasks, where)


def parse_export(tasks: object, where: str, people: Mapping[int, str] | None = None) -> list[ExportedTask]:
    """Check the tasks of a JSON export; `people` gives the e-mails of user ids, `where` is for messages.

    A task that can't be used has its `problem` told. Raises LabelStudioError when the whole is no JSON
    export, or no task of it is ours.
    """
    if not isinstance(tasks, list):
        raise LabelStudioError(f"{where}: this is no list of tasks. {_PRESS}")
    if any(isinstance(task, dict) and _is_minimal(task) for task in tasks):
        raise LabelStudioError(
            f"{where}: this is an export as JSON-MIN, which leaves out who said what (the relations) and "
            f"which name belongs to which quotation. {_PRESS}"
        )
    read = [_task(task, number, people or {}) for number, task in enumerate(tasks, 1)]
    if read and not any(task.text_sha256 for task in read):
        raise LabelStudioError(
            f"{where}: no task has a text, a doc_id and a text_sha256: this is an export of another project. "
            "Export the project whose tasks `quotes labelstudio` made."
        )
    return read


def _is_minimal(task: Mapping[str, Any]) -> bool:
    return "data" not in task and bool({"annotation_id", "annotator", "lead_time"} & task.keys())


def _no_json(data: bytes, error: ValueError) -> str:
    head = data[:4096].decode("utf-8", "replace").lstrip("\ufeff")
    first_line = head.partition("\n")[0]
    if head.startswith("-DOCSTART-"):
        return f"this is an export as CONLL2003, which leaves out relations and nested regions. {_PRESS}"
    if not head.lstrip().startswith(("[", "{")):
        if _HEADER.search(first_line) and ("," in first_line or "\t" in first_line):
            kind = "TSV" if "\t" in first_line else "CSV"
            return f"this is an export as {kind}, which leaves out relations and skips. {_PRESS}"
        return f"this is no JSON. {_PRESS}"
    reason = str(error)
    if "EOF" in reason:
        return "this file breaks off in the middle. Export it again."
    return f"this is no JSON as Label Studio writes it ({reason}). Export it again."


def _task(raw: object, number: int, people: Mapping[int, str]) -> ExportedTask:
    try:
        task = RawTask.model_validate(raw)
    except ValidationError as error:
        return _unusable(raw, number, f"its export is damaged ({_first(error)})")
    try:
        data = RawData.model_validate(task.data)
    except ValidationError:
        return _unusable(raw, number, "it is no task of quotes: its data lack text, doc_id or text_sha256")
    if Document(doc_id=data.doc_id, text=data.text).text_sha256 != data.text_sha256:
        problem = "its text was edited in Label Studio, so offsets no longer fit the article"
        return ExportedTask(task.id, data.doc_id, data.text_sha256, problem=problem)
    return ExportedTask(
        id=task.id,
        doc_id=data.doc_id,
        text_sha256=data.text_sha256,
        text=data.text,
        annotations=tuple(_annotation(one, task, people) for one in task.annotations),
        drafts=tuple(
            Draft(_who(draft.user, people), draft.annotation)
            for draft in task.drafts
            if isinstance(draft, RawDraft)
        ),
    )


def _annotation(raw: RawAnnotation, task: RawTask, people: Mapping[int, str]) -> Annotation:
    return Annotation(
        who=_who(raw.completed_by, people),
        result=tuple(raw.result or ()),
        skipped=bool(raw.was_cancelled),
        prefilled=_prefilled(raw, task.predictions),
        updated_at=raw.updated_at or raw.created_at or "",
        id=raw.id,
        blind=not task.predictions and not _began_with_prediction(raw),
        lead_time=_lead_time(raw.lead_time),
    )


def _began_with_prediction(raw: RawAnnotation) -> bool:
    """Whether an annotation was made from a prediction: it keeps a reference, also when that was deleted."""
    copy = raw.prediction
    if isinstance(copy, RawPrediction) and copy.id is None and copy.result is None:
        copy = None  # Label Studio writes {} where there is none
    return bool(raw.parent_prediction) or copy is not None


def _lead_time(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and value > 0 else None


def _prefilled(raw: RawAnnotation, predictions: Iterable[RawPrediction | int]) -> tuple[Any, ...] | None:
    """The result list of the prediction that an annotation began as: the task's, or the annotation's copy.

    The copy is of the version that was current on saving, which may be another than the one begun with.
    """
    began = raw.parent_prediction
    for prediction in (*predictions, raw.prediction):
        if isinstance(prediction, RawPrediction) and prediction.result is not None:
            ours = prediction is raw.prediction and (began is None or prediction.id is None)
            if ours or (began is not None and prediction.id == began):
                return tuple(prediction.result)
    return None


def _who(person: int | str | RawPerson | None, people: Mapping[int, str]) -> str:
    if isinstance(person, RawPerson):
        person = person.email or person.id
    if isinstance(person, int):
        person = people.get(person) or f"user-{person}"
    return " ".join(person.split()) if person and person.strip() else "somebody"


def _unusable(raw: object, number: int, problem: str) -> ExportedTask:
    task = raw if isinstance(raw, dict) else {}
    data = task.get("data") if isinstance(task.get("data"), dict) else {}
    identity = task.get("id") if type(task.get("id")) is int else None
    doc_id, sha = (data or {}).get("doc_id"), (data or {}).get("text_sha256")
    name = doc_id if isinstance(doc_id, str) else f"task {number if identity is None else identity}"
    ours = sha if isinstance(doc_id, str) and isinstance(sha, str) else ""
    return ExportedTask(identity, name, ours, problem=problem)


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "the task"
    return f"{place}: {first['msg']}"
