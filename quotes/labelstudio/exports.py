"""Read Label Studio's JSON export, from the web page's Export button or from `pull`, and check it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quotes.errors import LabelStudioError, ReadError
from quotes.files.inputs import STDIN, cannot_read, read_whole
from quotes.files.limits import whole
from quotes.records import Document

#: The default limit of a file's size in bytes: it is read into memory as a whole.
LARGEST = 1_000_000_000

_PRESS = (
    "In the project's Data Manager press Export, choose “JSON” (the first in the list), and press Export."
)
#: The name of a reviewer whose e-mail address is not known.
NUMBER: Final = re.compile(r"user-\d+")
_HEADER = re.compile(r"\b(?:annotation_id|annotator|lead_time|doc_id)\b")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One person's finished work on a task; `prefilled` is the result list that they started with, if known.

    `blind`: they saw no prediction. `lead_time` is how many seconds they took, if known.
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
    """Work that somebody has not submitted; `annotation` is the id of the review that it changes, if any."""

    who: str
    annotation: int | None


@dataclass(frozen=True, slots=True)
class ExportedTask:
    """A task with its reviews. If it has a `problem`, only its ids can be used."""

    id: int | None
    doc_id: str
    text_sha256: str = ""
    text: str = ""
    annotations: tuple[Annotation, ...] = ()
    drafts: tuple[Draft, ...] = ()
    problem: str | None = None


def read_export(path: Path, pulled: Path | None = None) -> list[ExportedTask]:
    """Read a file that was exported as “JSON”; "-" is standard input.

    The web page's file has reviewers' numbers only. `pulled` is a folder of raw exports of `pull`, which have
    their e-mail addresses, too: who has a review in both has the address.

    Raises LabelStudioError if it has another export format, is damaged, or is from another project. The
    message says which button to press.
    """
    where = "standard input" if path == STDIN else str(path)
    try:
        data = whole(sys.stdin.buffer, where, LARGEST) if path == STDIN else read_whole(path, LARGEST)
    except ReadError as error:
        raise LabelStudioError(str(error)) from error
    except OSError as error:
        raise LabelStudioError(cannot_read(where, error)) from error
    try:
        # Unlike the standard library's parser, this one refuses deep nesting and NaN.
        tasks = pydantic_core.from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise LabelStudioError(f"{where}: {_not_json(data, error)}") from None
    if pulled is not None:
        _name_reviewers(tasks, pulled)
    return parse_export(tasks, where)


def parse_export(tasks: object, where: str) -> list[ExportedTask]:
    """Check the tasks of a JSON export; `where` names its file in messages.

    A task that can't be used has a `problem`. Raises LabelStudioError if this is not a JSON export, or if
    none of its tasks is ours.
    """
    if not isinstance(tasks, list):
        raise LabelStudioError(f"{where}: this is not a list of tasks. {_PRESS}")
    if any(isinstance(task, dict) and _is_minimal(task) for task in tasks):
        raise LabelStudioError(
            f"{where}: this is a JSON-MIN export, which lacks the relations (who said what) and does not "
            f"tell which name belongs to which quotation. {_PRESS}"
        )
    read = [_task(task, number) for number, task in enumerate(tasks, 1)]
    if read and not any(task.text_sha256 for task in read):
        raise LabelStudioError(
            f"{where}: no task has a text, a doc_id and a text_sha256: this is an export of another project. "
            "Export the project whose tasks `quotes labelstudio` created."
        )
    return read


# --- The JSON as Label Studio writes it: only the fields that we use ---


class _Raw(BaseModel):
    """Strict about types, so that damage is noticed; other fields are ignored."""

    model_config = ConfigDict(strict=True)


class _RawPerson(_Raw):
    """A user, if the export has more than an id."""

    id: int | None = None
    email: str | None = None


class _RawPrediction(_Raw):
    """A prediction, or the copy of one in an annotation."""

    id: int | None = None
    result: list[Any] | None = None


class _RawAnnotation(_Raw):
    """A submitted or skipped review. `lead_time` is in seconds; a value of another type is ignored."""

    id: int | None = None
    completed_by: int | str | _RawPerson | None = None
    result: list[Any] | None = None
    was_cancelled: bool | None = False
    parent_prediction: int | None = None
    prediction: _RawPrediction | int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    lead_time: Any = None


class _RawDraft(_Raw):
    """Work that was not submitted."""

    user: int | str | _RawPerson | None = None
    annotation: int | None = None


class _RawData(_Raw):
    """What we put into a task's data."""

    text: str
    doc_id: str


class _RawMeta(_Raw):
    """What we put into a task's `meta`; earlier versions put it into the data."""

    text_sha256: str


class _RawTask(_Raw):
    """A task with everything that was done to it."""

    id: int | None = None
    data: dict[str, Any]
    meta: Any = None
    annotations: list[_RawAnnotation]
    drafts: list[_RawDraft | int] = Field(default_factory=list)
    predictions: list[_RawPrediction | int] = Field(default_factory=list)


def _name_reviewers(tasks: object, pulled: Path) -> None:
    """Replace the numbers of reviewers by their addresses, where a pulled export has the same review."""
    numbers: dict[str, int] = {}
    for one in _reviews_in(tasks):
        if type(one.get("completed_by")) is int:
            numbers[str(one.get("unique_id"))] = one["completed_by"]
    addresses: dict[int, str] = {}
    for path in sorted(pulled.glob("project-*.json"), reverse=True) if numbers else ():
        try:
            earlier = pydantic_core.from_json(read_whole(path, LARGEST))
        except (OSError, ValueError, ReadError):
            continue  # it is no export of ours, and nothing depends on it
        for one in _reviews_in(earlier):
            person, number = one.get("completed_by"), numbers.get(str(one.get("unique_id")))
            if number is not None and isinstance(person, dict) and isinstance(person.get("email"), str):
                addresses.setdefault(number, person["email"])
        if addresses.keys() == set(numbers.values()):
            break
    for one in _reviews_in(tasks):
        if type(one.get("completed_by")) is int:
            one["completed_by"] = addresses.get(one["completed_by"], one["completed_by"])


def _reviews_in(tasks: object) -> Iterator[dict[str, Any]]:
    """The annotations of an export that nobody has checked yet."""
    for task in tasks if isinstance(tasks, list) else ():
        annotations = task.get("annotations") if isinstance(task, dict) else None
        for one in annotations if isinstance(annotations, list) else ():
            if isinstance(one, dict):
                yield one


def _is_minimal(task: Mapping[str, Any]) -> bool:
    return "data" not in task and bool({"annotation_id", "annotator", "lead_time"} & task.keys())


def _not_json(data: bytes, error: ValueError) -> str:
    head = data[:4096].decode("utf-8", "replace").lstrip("\ufeff")
    first_line = head.partition("\n")[0]
    if head.startswith("-DOCSTART-"):
        return f"this is a CONLL2003 export, which lacks relations and nested regions. {_PRESS}"
    if not head.lstrip().startswith(("[", "{")):
        if _HEADER.search(first_line) and ("," in first_line or "\t" in first_line):
            kind = "TSV" if "\t" in first_line else "CSV"
            return f"this is a {kind} export, which lacks relations and skipped tasks. {_PRESS}"
        return f"this is not JSON. {_PRESS}"
    reason = str(error)
    if "EOF" in reason:
        return "this file is incomplete. Export it again."
    return f"this is not JSON as Label Studio writes it ({reason}). Export it again."


def _task(raw: object, number: int) -> ExportedTask:
    try:
        task = _RawTask.model_validate(raw)
    except ValidationError as error:
        return _unusable(raw, number, f"its export is damaged ({_first(error)})")
    try:
        data = _RawData.model_validate(task.data)
        text_sha256 = _RawMeta.model_validate(_meta(raw)).text_sha256
    except ValidationError:
        return _unusable(
            raw, number, "it is not a task of quotes: its data lacks text, doc_id or text_sha256"
        )
    if Document(doc_id=data.doc_id, text=data.text).text_sha256 != text_sha256:
        problem = "its text was edited in Label Studio, so offsets no longer fit the article"
        return ExportedTask(task.id, data.doc_id, text_sha256, problem=problem)
    return ExportedTask(
        id=task.id,
        doc_id=data.doc_id,
        text_sha256=text_sha256,
        text=data.text,
        annotations=tuple(_annotation(one, task) for one in task.annotations),
        drafts=tuple(
            Draft(_who(draft.user), draft.annotation) for draft in task.drafts if isinstance(draft, _RawDraft)
        ),
    )


def _meta(task: Any) -> Mapping[str, Any]:
    """The object of a task that has our hash."""
    found = (task.get(name) for name in ("meta", "data") if isinstance(task, dict))
    return next((one for one in found if isinstance(one, dict) and "text_sha256" in one), {})


def _annotation(raw: _RawAnnotation, task: _RawTask) -> Annotation:
    return Annotation(
        who=_who(raw.completed_by),
        result=tuple(raw.result or ()),
        skipped=bool(raw.was_cancelled),
        prefilled=_prefilled(raw, task.predictions),
        updated_at=raw.updated_at or raw.created_at or "",
        id=raw.id,
        blind=not task.predictions and not _has_prediction(raw),
        lead_time=_lead_time(raw.lead_time),
    )


def _has_prediction(raw: _RawAnnotation) -> bool:
    """Whether an annotation started from a prediction; it keeps a reference even if that was deleted."""
    copy = raw.prediction
    if isinstance(copy, _RawPrediction) and copy.id is None and copy.result is None:
        copy = None  # Label Studio writes {} if there is none
    return bool(raw.parent_prediction) or copy is not None


def _lead_time(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 < value < sys.maxsize else None


def _prefilled(raw: _RawAnnotation, predictions: Iterable[_RawPrediction | int]) -> tuple[Any, ...] | None:
    """The result list that an annotation started from: of the task's prediction, or of the annotation's copy.

    The copy is of the version that was current on saving, which may differ from the one at the start.
    """
    parent = raw.parent_prediction
    for prediction in (*predictions, raw.prediction):
        if isinstance(prediction, _RawPrediction) and prediction.result is not None:
            is_copy = prediction is raw.prediction and (parent is None or prediction.id is None)
            if is_copy or (parent is not None and prediction.id == parent):
                return tuple(prediction.result)
    return None


def _who(person: int | str | _RawPerson | None) -> str:
    if isinstance(person, _RawPerson):
        person = person.email or person.id
    if isinstance(person, int):
        person = f"user-{person}"
    return " ".join(person.split()) if person and person.strip() else "somebody"


def _unusable(raw: object, number: int, problem: str) -> ExportedTask:
    task = raw if isinstance(raw, dict) else {}
    data = task.get("data") if isinstance(task.get("data"), dict) else {}
    identity = task.get("id") if type(task.get("id")) is int else None
    doc_id, sha = (data or {}).get("doc_id"), _meta(task).get("text_sha256")
    name = doc_id if isinstance(doc_id, str) else f"task {number if identity is None else identity}"
    ours = sha if isinstance(doc_id, str) and isinstance(sha, str) else ""
    return ExportedTask(identity, name, ours, problem=problem)


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "the task"
    return f"{place}: {first['msg']}"
