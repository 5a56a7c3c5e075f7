"""Quotations of `labelstudio_by_hand`, held against sources: what was found, by hand."""

from __future__ import annotations

from typing import Any

from labelstudio_by_hand import ALL, CLOSED, DISGRACE, DOCUMENT, OUT, RAINED, RECORD

from quotes.labelstudio.tasks import to_task
from quotes.records import Change, Verification

ALTERED = Verification(
    verdict="altered",
    source="speech",
    start=12,
    end=34,
    text="It did rain all night,",
    date="2017-06-01T10:00:00+00:00",
    url="https://town.example/speech",
    speaker="Ada Quill",
    changes=(Change(kind="words", source="did rain", quoted="rained"),),
    probability=0.97,
)
MISSING = Verification(verdict="not_found", probability=0.99)
SHORT = Verification(verdict="too_short", probability=1.0)

FOUND = {RAINED: ALTERED, OUT: MISSING, DISGRACE: SHORT, CLOSED: MISSING}
CHECKED = tuple(one.model_copy(update={"verification": FOUND[one]}) for one in ALL)
CHECKED_RECORD = RECORD.model_copy(update={"quotations": CHECKED})


def checked_task(**options: bool) -> dict[str, Any]:
    """The task of a record with verdicts."""
    return to_task(DOCUMENT, CHECKED_RECORD, model_version="m", **({"verified": True} | options))
