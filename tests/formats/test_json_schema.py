"""The published JSON Schema is that of what is really written, and refuses what isn't."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import paths
import pytest
from documents_by_hand import FLOOD_RECORD, RECORDS, records
from hypothesis import given
from jsonschema import Draft202012Validator

from quotes import records as models
from quotes.formats.jsonl import records as jsonl
from quotes.formats.jsonl.schema import DESCRIPTIONS, article_schema, record_schema
from quotes.records import DocumentRecord

ROOT = paths.ROOT
RECORD = Draft202012Validator(record_schema())
ARTICLE = Draft202012Validator(article_schema())


def line(record: DocumentRecord) -> dict[str, Any]:
    return json.loads(jsonl.encode(record))


def test_they_are_schemas() -> None:
    Draft202012Validator.check_schema(record_schema())
    Draft202012Validator.check_schema(article_schema())


@given(records())
def test_every_line_that_is_written_fits(record: DocumentRecord) -> None:
    RECORD.validate(line(record))


def test_the_records_of_the_seeds_fit() -> None:
    lines = (ROOT / "annotations" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    for one in lines:
        RECORD.validate(json.loads(one))


@pytest.mark.parametrize(
    "change",
    [
        {"doc_id": 1},
        {"text_sha256": "x"},
        {"more": 1},
        {"schema_version": 2},
        {"metadata": {"colour": "red"}},
        {"quotations": [{}]},
        {"quotations": [{**line(FLOOD_RECORD)["quotations"][0], "kind": "spoken"}]},
        {"quotations": [{**line(FLOOD_RECORD)["quotations"][0], "confidence": 2}]},
        {"quotations": [{**line(FLOOD_RECORD)["quotations"][0], "parts": []}]},
        {"quotations": [{**line(FLOOD_RECORD)["quotations"][0], "parts": [[1]]}]},
    ],
    ids=str,
)
def test_what_is_no_record_does_not_fit(change: dict[str, Any]) -> None:
    assert RECORD.is_valid(line(FLOOD_RECORD))
    assert not RECORD.is_valid({**line(FLOOD_RECORD), **change})


@pytest.mark.parametrize("field", ["doc_id", "text_sha256", "quotations"])
def test_a_record_needs_these(field: str) -> None:
    without = line(FLOOD_RECORD)
    del without[field]
    assert not RECORD.is_valid(without)


def test_every_field_is_described() -> None:
    for name, described in DESCRIPTIONS.items():
        assert list(described) == list(getattr(models, name).model_fields), name
    assert DESCRIPTIONS.keys() == {*record_schema()["$defs"], record_schema()["title"]}


@pytest.mark.parametrize(
    ("article", "fits"),
    [
        ({"id": "a", "text": ""}, True),
        ({"id": 1, "text": "x", "more": []}, True),
        ({"doc_id": "a", "text": "x"}, True),
        ({"text": "x"}, False),
        ({"id": "", "text": "x"}, False),
        ({"id": True, "text": "x"}, False),
        ({"id": "a"}, False),
        ({"id": "a", "text": None}, False),
        ([], False),
    ],
    ids=str,
)
def test_an_article_fits_where_the_reader_takes_it(article: Any, fits: bool, tmp_path: Path) -> None:
    from quotes.formats.sources import expand, read_all

    assert ARTICLE.is_valid(article) == fits
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(article) + "\n", encoding="utf-8")
    problems: list[Exception] = []
    assert len(list(read_all(expand([str(path)]), problems.append))) == fits
    assert len(problems) == (not fits)


def test_all_documents_by_hand_fit() -> None:
    for record in RECORDS:
        RECORD.validate(line(record))
