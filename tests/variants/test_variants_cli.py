"""`quotes variants` as a user calls it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from builders import spoken

from quotes.formats.jsonl import records as jsonl
from quotes.formats.jsonl.records import read_records
from quotes.records import Metadata

Run = Callable[..., CompletedProcess[str]]

LONG = "I have not had a discussion with him about that"
SHORT = "I have not had that discussion with him"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two articles of one statement, and a third with another."""
    metadata = Metadata(outlet="The Ellery Echo", date="2017-06-05")
    path = tmp_path / "archive.jsonl"
    path.write_bytes(
        jsonl.encode(spoken("echo", ("Ada Quill", LONG), ("Ned Pell", LONG), metadata=metadata))
        + jsonl.encode(spoken("post", ("Quill", SHORT)))
        + jsonl.encode(spoken("=cmd|'x'!A1", ("Quill", LONG)))
    )
    return path


def test_a_table_shows_what_differs_and_where(archive: Path, run_quotes: Run) -> None:
    done = run_quotes("variants", archive.name)
    assert done.returncode == 0, done.stderr
    for shown in ("Ada Quill", "a → that", "about that → ∅", "The Ellery Echo, 2017-06-05", "words changed"):
        assert shown in done.stdout
    assert "Pell" not in done.stdout
    assert "1 utterance, 3 quotations; 1 of them with words changed." in done.stderr


def test_files_are_written_and_records_get_their_ids(archive: Path, run_quotes: Run, tmp_path: Path) -> None:
    done = run_quotes("variants", archive.name, "--out", "v.jsonl", "--records", archive.name, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    [utterance] = map(json.loads, (tmp_path / "v.jsonl").read_text(encoding="utf-8").splitlines())
    ids = [[one.utterance_id for one in each.quotations] for each in read_records(archive)]
    known = utterance["utterance_id"]
    assert ids == [[known, None], [known], [known]]
    again = archive.read_bytes()
    run_quotes("variants", archive.name, "--out", "v.csv", "--records", archive.name)
    assert archive.read_bytes() == again
    rows = list(csv.DictReader(io.StringIO((tmp_path / "v.csv").read_text(encoding="utf-8"))))
    assert {row["utterance_id"] for row in rows} == {known}
    assert [row["change"] for row in rows] == ["none", "none", "words"]


def test_only_what_is_asked_for_is_listed(archive: Path, run_quotes: Run) -> None:
    assert "No statement" in run_quotes("variants", archive.name, "--documents", "4").stderr
    assert "1 utterance" in run_quotes("variants", archive.name, "--changed").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["archive.jsonl", "--out", "v.xls"], 2, "Use .jsonl or .csv", id="suffix"),
        pytest.param(["archive.jsonl", "--records", "v.csv"], 2, "end the name in .jsonl", id="records"),
        pytest.param(["nowhere.jsonl"], 1, "there is no such file", id="missing"),
        pytest.param(["archive.jsonl", "copy.jsonl"], 1, "is already in archive.jsonl", id="twice"),
        pytest.param(["torn.jsonl"], 1, "torn.jsonl, line 4", id="torn"),
        pytest.param([], 2, "Missing argument", id="nothing"),
    ],
)
def test_what_goes_wrong_is_told(
    archive: Path, run_quotes: Run, tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    (tmp_path / "copy.jsonl").write_bytes(archive.read_bytes())
    (tmp_path / "torn.jsonl").write_bytes(archive.read_bytes() + b'{"doc_id": "x", "te')
    done = run_quotes("variants", *arguments)
    assert done.returncode == code
    assert told in " ".join(done.stderr.split())
    assert not (tmp_path / "v.csv").exists()
