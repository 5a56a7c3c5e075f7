"""Indirect speech through a real Label Studio: byte for byte, and each correction as it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from indirect_by_hand import (
    ALL,
    CLOSE,
    DISGRACE,
    DOCUMENT,
    INNER,
    LEAKS,
    OPEN,
    OUTER,
    QUILL,
    RECORD,
    TEXT,
    at,
    said,
)
from labelstudio_by_hand import Reviewer as Marking
from labelstudio_by_hand import prediction, quote

from quotes.formats.jsonl.records import read_records
from quotes.records import Quotation, parts_text, quote_id

from review_room import Pairs, Reviewer, Run  # isort: skip

# One worker for all tests of the server, so that a run has one server.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("labelstudio")]


def moved(quotation: Quotation, *words: str, **fields: Any) -> Quotation:
    parts = tuple(map(at, words))
    update = {"parts": parts, "text": parts_text(TEXT, parts), **fields}
    return quotation.model_copy(update={**update, "quote_id": quote_id(DOCUMENT.text_sha256, parts)})


def corrected(marks: Marking) -> tuple[Quotation, ...]:
    """A boundary moved of an Indirect and of a Reported, an Indirect added and one deleted; what is meant."""
    marks.move(quote(CLOSE), *at("the pier would close "))
    marks.move(f"r-{INNER.quote_id}-1", *at("dam is “mad”"))
    marks.label("x", "Indirect", *at("runs the ferry"), attribution_type="fact", negated="negated")
    marks.tie("x", "s-{}-{}".format(*at("Ada Quill"))).tie("x", "p-{}-{}".format(*at("Mayor Ada Quill")))
    marks.delete(quote(LEAKS))
    added = said("runs the ferry", speaker="Ada Quill", source="Mayor Ada Quill", attribution_type="fact",
                 negated=True, **QUILL)  # fmt: skip
    inner = INNER.model_copy(update={"content": (at("dam is “mad”"),)})
    return (moved(CLOSE, "the pier would close"), OPEN, added, DISGRACE, OUTER, inner)


def written(quotations: tuple[Quotation, ...]) -> list[str]:
    """The lines of a file, but for what a review always says itself."""
    review = {"rule": "review:reviewer@quotes.example", "confidence": 1.0}
    return [one.model_copy(update=review).model_dump_json() for one in quotations]


def test_it_comes_home_byte_for_byte(
    predictions: Callable[[Pairs], Path], labelstudio: Run, reviewer: Reviewer, tmp_path: Path
) -> None:
    second = DOCUMENT.model_copy(update={"doc_id": "pier-2"})
    pairs = [(DOCUMENT, RECORD), (second, RECORD.model_copy(update={"doc_id": "pier-2"}))]
    pushed = labelstudio("push", predictions(pairs), "--project", reviewer.title)
    assert pushed.returncode == 0, pushed.stderr
    accepted, changed = reviewer.tasks
    reviewer.submit(accepted.id)
    marks = Marking(prediction(RECORD, DOCUMENT), TEXT)
    meant = corrected(marks)
    reviewer.submit(changed.id, marks.result)
    out = tmp_path / "gold.jsonl"
    pulled = labelstudio("pull", "--project", reviewer.title, "--out", out)
    assert pulled.returncode == 0, pulled.stderr
    one, other = read_records(out)
    assert [line.model_dump_json() for line in one.quotations] == written(ALL)
    assert [line.model_dump_json() for line in other.quotations] == written(meant)
    assert "9 unchanged, 2 changed, 1 removed, 1 added" in pulled.stderr
