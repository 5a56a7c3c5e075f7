"""The tasks of a project as Label Studio has them now: what a push compares with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quotes.labelstudio.connect import Connection
from quotes.records import Document

Key = tuple[str, str]
"""What a task is the same by: its document's id, and its text's SHA-256."""

_PAGE = 100


@dataclass(frozen=True, slots=True)
class StoredPrediction:
    """A prediction on the server; `fingerprint` tells whether it says the same as another."""

    id: int
    model_version: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task on the server."""

    id: int
    key: Key
    edited: bool
    """Its text is no longer the one that its SHA-256 stands for."""
    touched: bool
    """A person has annotated or skipped it, or begun to."""
    predictions: tuple[StoredPrediction, ...]


def fingerprint(prediction: Mapping[str, Any]) -> str:
    """A hash of what a prediction says: its regions and relations, and its score."""
    said = json.dumps([prediction.get("result"), prediction.get("score")], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def key_of(data: Mapping[str, Any]) -> Key:
    """The key in a task's data; tasks that aren't ours have none that one of ours could have."""
    return str(data.get("doc_id", "")), str(data.get("text_sha256", ""))


def stored_tasks(connection: Connection, project: int) -> list[StoredTask]:
    """All tasks of a project, oldest first. Raises LabelStudioError when they can't be listed."""
    tasks: list[StoredTask] = []
    page, total = 1, 1
    while len(tasks) < total:
        raw, total = _page(connection, project, page)
        if not raw:
            break
        tasks += map(_stored, raw)
        page += 1
    return sorted(tasks, key=lambda task: task.id)


def _page(connection: Connection, project: int, number: int) -> tuple[list[Any], int]:
    def read() -> tuple[list[Any], int]:
        listed = connection.client.tasks.list(project=project, page=number, page_size=_PAGE, fields="all")
        return list(listed.items or ()), int(getattr(listed.response, "total", None) or 0)

    return connection.read(f"list the tasks of project {project}", read)


def _stored(raw: Any) -> StoredTask:
    data = raw.data or {}
    doc_id, sha = key_of(data)
    text = Document(doc_id=doc_id, text=str(data.get("text", "")))
    begun = (
        raw.total_annotations
        or raw.cancelled_annotations
        or raw.draft_exists
        or raw.annotations
        or raw.drafts
    )
    predictions = [one if isinstance(one, dict) else one.model_dump() for one in raw.predictions or ()]
    return StoredTask(
        id=raw.id,
        key=(doc_id, sha),
        edited=text.text_sha256 != sha,
        touched=bool(begun),
        predictions=tuple(
            StoredPrediction(one["id"], str(one.get("model_version") or ""), fingerprint(one))
            for one in predictions
        ),
    )
