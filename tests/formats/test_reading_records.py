"""Files of records come back as they were written, and what is no record is told with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quotes.errors import ReadError
from quotes.formats.jsonl import records as jsonl
from quotes.formats.jsonl.records import read_records
from quotes.records import Document, DocumentRecord


def _file(folder: Path, *lines: bytes) -> Path:
    path = folder / "records.jsonl"
    path.write_bytes(b"".join(lines))
    return path


def test_what_was_written_comes_back(tmp_path: Path, story_record: DocumentRecord) -> None:
    document = Document(doc_id="told", text="“Yes,” she said.\n")
    told = DocumentRecord(doc_id="told", text_sha256=document.text_sha256, quotations=(), text=document.text)
    path = _file(tmp_path, jsonl.encode(story_record), b"\n", jsonl.encode(told))
    assert list(read_records(path)) == [story_record, told]


def test_a_file_of_before_the_version_field_is_version_1(tmp_path: Path) -> None:
    path = _file(tmp_path, b'{"doc_id": "a", "text_sha256": "0", "quotations": []}\n')
    assert [record.schema_version for record in read_records(path)] == [1]


def _line(**changes: object) -> bytes:
    return json.dumps({"doc_id": "a", "text_sha256": "0", "quotations": []} | changes).encode() + b"\n"


@pytest.mark.parametrize(
    ("second", "told"),
    [
        pytest.param(b'{"doc_id": "b", "quot', "ends in the middle of a record", id="torn"),
        pytest.param(b'{"doc_id": "b", "quot\n', "not JSON", id="no JSON"),
        pytest.param(b"[" * 10_000 + b"\n", "not JSON", id="deep"),
        pytest.param(b"\xff\xfe\n", "not JSON", id="no text"),
        pytest.param(b"[1]\n", "not a record of a document", id="a list"),
        pytest.param(b'{"id": 4}\n', "not a record of a document", id="something else"),
        pytest.param(_line(doc_id="b", schema_version=2), "schema version 2", id="of the future"),
        pytest.param(_line(doc_id="b", quotations=[{"kind": "odd"}]), "quotations.0", id="a bad quotation"),
        pytest.param(_line(doc_id="b", colour="red"), "colour", id="an unknown field"),
        pytest.param(_line(doc_id="b", text="Not it."), "doesn't match its hash", id="another text"),
        pytest.param(_line(), "already on line 1", id="the same document twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, second: bytes, told: str) -> None:
    path = _file(tmp_path, _line(), second)
    with pytest.raises(ReadError, match=f"records.jsonl, line 2: .*{told}"):
        list(read_records(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"nowhere\.jsonl: can't be read"):
        list(read_records(tmp_path / "nowhere.jsonl"))
