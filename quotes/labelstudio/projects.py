"""Projects and their tasks on the server: find or create a project, and list the tasks that it has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from quotes.errors import LabelStudioError
from quotes.labelstudio.client import PAUSES, Connection, UnsureError
from quotes.labelstudio.config import instructions, label_config, missing_labels
from quotes.records import Document

Key = tuple[str, str]
"""What identifies a task: its document's id, and the SHA-256 of its text."""

_EMPTY_CONFIGS = ("", "<View></View>", "<View/>")
_PAGE = 100
_TAB: Any = {
    "title": "Least sure first",
    "type": "list",
    "target": "tasks",
    "ordering": ["tasks:data.least_confidence"],
    "columnsDisplayType": {"tasks:data.quotations": "Number", "tasks:data.least_confidence": "Number"},
    "hiddenColumns": {
        "explore": [
            f"tasks:{name}"
            for name in (
                "inner_id", "total_predictions", "annotations_results", "annotations_ids",
                "predictions_score", "predictions_model_versions", "predictions_results", "file_upload",
                "storage_filename", "created_at", "updated_at", "updated_by", "avg_lead_time", "draft_exists",
                "data.text", "data.people", "data.who", "data.verified",
            )
        ],
        "labeling": [],
    },
}  # fmt: skip
_LISTED = 10


@dataclass(frozen=True, slots=True)
class Project:
    """A project. `model_version` is the version of the predictions that reviewers see.

    `created` is true if this run created it.
    """

    id: int
    title: str
    label_config: str
    model_version: str | None
    task_number: int
    created: bool = False


@dataclass(frozen=True, slots=True)
class StoredPrediction:
    """A prediction on the server; predictions with equal fingerprints have the same content."""

    id: int
    model_version: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task on the server.

    `edited`: its text no longer matches its SHA-256. `touched`: a person has annotated or skipped it, or has
    started to.
    """

    id: int
    key: Key
    edited: bool
    touched: bool
    predictions: tuple[StoredPrediction, ...]
    data: str = ""
    """The fingerprint of what the task shows."""


def find_project(connection: Connection, name: str) -> Project:
    """The project with this number, if `name` is all digits, or with exactly this title.

    Raises LabelStudioError if there is none, or several with the title.
    """
    if project := _find(connection, name):
        return project
    titles = sorted({f"“{title}”" for _, title in _all(connection)})
    known = ", ".join(titles[:_LISTED]) + (" and others" if len(titles) > _LISTED else "")
    raise LabelStudioError(
        f"{connection.url}: there is no project “{name}”. "
        + (f"The projects are {known}." if titles else "There are no projects at all.")
    )


def find_or_create_project(connection: Connection, name: str, *, verified: bool = False) -> Project:
    """The project with this number or title, created if no project has the title.

    `verified`: its labelling interface shows what sources have, and the verdicts.

    Raises LabelStudioError if the name can't be a title, if several projects have it, or if the project's
    labelling interface lacks something that our tasks need.
    """
    if project := _find(connection, name):
        return _with_interface(connection, project, verified=verified)
    if not 3 <= len(name) <= 50:
        raise LabelStudioError(f"“{name}” can't be a project's title: Label Studio needs 3 to 50 characters.")
    for pause in (*PAUSES, None):
        try:
            number = connection.write(
                "create the project",
                lambda: connection.client.projects.create(title=name, **_interface(verified=verified)).id,
            )
            return replace(project_of(connection, number), created=True)
        except UnsureError as problem:
            if pause is None:
                raise
            connection.wait(problem, pause)
            if project := _find(connection, name):  # the failed request did create it
                return replace(_with_interface(connection, project, verified=verified), created=True)
    raise AssertionError("the last attempt returns or raises")


def project_of(connection: Connection, number: int) -> Project:
    """The project with this number. Raises LabelStudioError if it does not exist or is not accessible."""
    raw: Any = connection.read(f"open the project {number}", lambda: connection.client.projects.get(number))
    return Project(
        id=raw.id,
        title=raw.title or "",
        label_config=raw.label_config or "",
        model_version=raw.model_version or None,
        task_number=raw.task_number or 0,
    )


def stored_tasks(connection: Connection, project: int) -> list[StoredTask]:
    """All tasks of a project, oldest first. Raises LabelStudioError if they can't be listed."""

    def read() -> tuple[list[Any], int]:
        listed = connection.client.tasks.list(project=project, page=page, page_size=_PAGE, fields="all")
        return list(listed.items or ()), int(getattr(listed.response, "total", None) or 0)

    tasks: list[StoredTask] = []
    page, total = 1, 1
    while len(tasks) < total:
        raw, total = connection.read(f"list the tasks of project {project}", read)
        if not raw:
            break
        tasks += map(_stored, raw)
        page += 1
    return sorted(tasks, key=lambda task: task.id)


def fingerprint(prediction: Mapping[str, Any]) -> str:
    """A hash of a prediction's content: its regions, its relations and its score."""
    return _hash([prediction.get("result"), prediction.get("score")])


def data_fingerprint(data: Mapping[str, Any]) -> str:
    """A hash of a task's data."""
    return _hash(data)


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def key_of(data: Mapping[str, Any], meta: Mapping[str, Any] | None) -> Key:
    """The key of a task. Those of other programs have keys that no task of ours can have.

    Earlier versions had the hash in the data, of which the Data Manager shows each field as a column.
    """
    sha = (meta or {}).get("text_sha256") or data.get("text_sha256", "")
    return str(data.get("doc_id", "")), str(sha)


def show_least_sure_first(connection: Connection, project: int) -> None:
    """Make a tab of the Data Manager that has the least sure tasks first, unless it has one already."""

    def titles() -> list[Any]:
        return [(one.data or {}).get("title") for one in connection.client.views.list(project=project)]

    if _TAB["title"] not in connection.read("list the tabs", titles):
        connection.write(
            "make a tab",
            lambda: connection.client.views.create(project=project, data=_TAB),
        )


def _find(connection: Connection, name: str) -> Project | None:
    if name.isascii() and name.isdigit():
        return project_of(connection, int(name))
    numbers = sorted(number for number, title in _all(connection) if title == name)
    if len(numbers) > 1:
        raise LabelStudioError(
            f"{connection.url}: {len(numbers)} projects have the title “{name}”. Choose one by its number: "
            + ", ".join(map(str, numbers))
            + "."
        )
    return project_of(connection, numbers[0]) if numbers else None


def _all(connection: Connection) -> list[tuple[int, str]]:
    def read() -> list[tuple[int, str]]:
        # Without the counts, each of which costs the server a query.
        listed = connection.client.projects.list(page_size=_PAGE, include="id,title")
        return [(project.id, project.title or "") for project in listed]

    return connection.read("list the projects", read)


def _interface(*, verified: bool) -> dict[str, Any]:
    """The fields of a project that hold our labelling interface and guidelines."""
    return {
        "label_config": label_config(verified=verified),
        "expert_instruction": instructions(),
        "show_instruction": True,
    }


def _with_interface(connection: Connection, project: Project, *, verified: bool) -> Project:
    """The project, after its labelling interface is checked, or set if it is empty."""
    if "".join(project.label_config.split()) in _EMPTY_CONFIGS and not project.task_number:
        connection.read(  # may be retried: setting it twice does no harm
            "set the labelling interface",
            lambda: connection.client.projects.update(project.id, **_interface(verified=verified)),
        )
        return project_of(connection, project.id)
    if missing := missing_labels(project.label_config, verified=verified):
        option = " --verified" * verified
        raise LabelStudioError(
            f"The labelling interface of project {project.id}, “{project.title}”, lacks "
            f"{', '.join(missing)}. Paste the output of `quotes labelstudio config{option}` into its "
            "Settings, Labeling Interface, Code; or choose another project."
        )
    if not verified and '"$verified"' in project.label_config:
        # The server would refuse tasks without that table.
        raise LabelStudioError(
            f"Project {project.id}, “{project.title}”, shows verdicts. Push records of `quotes verify` with "
            "--verified, or choose another project."
        )
    return project


def _stored(raw: Any) -> StoredTask:
    data = raw.data or {}
    doc_id, sha = key_of(data, raw.meta if isinstance(raw.meta, dict) else None)
    text = Document(doc_id=doc_id, text=str(data.get("text", "")))
    annotated = raw.total_annotations or raw.cancelled_annotations or raw.annotations
    predictions = [one if isinstance(one, dict) else one.model_dump() for one in raw.predictions or ()]
    return StoredTask(
        id=raw.id,
        key=(doc_id, sha),
        edited=text.text_sha256 != sha,
        touched=bool(annotated or raw.draft_exists or raw.drafts),
        data=data_fingerprint(data),
        predictions=tuple(
            StoredPrediction(one["id"], str(one.get("model_version") or ""), fingerprint(one))
            for one in predictions
        ),
    )
