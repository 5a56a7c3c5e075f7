"""Exported JSON as Label Studio writes it: only the fields that we use."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Raw(BaseModel):
    """Strict about types, so that damage is seen; whatever else Label Studio sends is passed over."""

    model_config = ConfigDict(strict=True)


class RawPerson(Raw):
    """A user, where an export says more than an id."""

    id: int | None = None
    email: str | None = None


class RawPrediction(Raw):
    """A prediction, or the copy of one beside an annotation."""

    id: int | None = None
    result: list[Any] | None = None


class RawAnnotation(Raw):
    """What somebody submitted or skipped."""

    id: int | None = None
    completed_by: int | str | RawPerson | None = None
    result: list[Any] | None = None
    was_cancelled: bool | None = False
    parent_prediction: int | None = None
    prediction: RawPrediction | int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    lead_time: Any = None
    """Seconds. Of any type: a strange one is no reason to lose the review."""


class RawDraft(Raw):
    """What somebody has not submitted."""

    user: int | str | RawPerson | None = None
    annotation: int | None = None


class RawData(Raw):
    """What we put into a task's data."""

    text: str
    doc_id: str
    text_sha256: str


class RawTask(Raw):
    """A task with all that was done to it."""

    id: int | None = None
    data: dict[str, Any]
    annotations: list[RawAnnotation]
    drafts: list[RawDraft | int] = Field(default_factory=list)
    predictions: list[RawPrediction | int] = Field(default_factory=list)
