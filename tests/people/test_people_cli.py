"""`quotes people` as a user calls it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import paths
import pytest
from test_people import mentioned, said

from quotes.formats.jsonl import records as jsonl
from quotes.formats.jsonl.records import read_records

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with somebody clear, somebody doubtful, and a name that a spreadsheet would compute."""
    records = [
        said("a", "Ada Quill", "Ada Quill", day="2017-03-01", outlet="The Echo"),
        said("b", "Ada Quill", day="2017-06-05", outlet="The Post", speaker_role="mayor of Lowmarsh"),
        said("c", "Pell"),
        said("d", "=cmd|'x' Renn"),
        mentioned("e", "Harbour Board", "the board", speaker_kind="organization"),
    ]
    path = tmp_path / "archive.jsonl"
    path.write_bytes(b"".join(map(jsonl.encode, records)))
    return path


def test_tables_show_who_and_who_is_doubtful(archive: Path, run_quotes: Run) -> None:
    done = run_quotes("people", archive.name)
    assert done.returncode == 0, done.stderr
    clear, doubtful = (part.splitlines() for part in done.stdout.split("Doubtful"))
    [ada] = [line for line in clear if "Ada Quill" in line]
    for shown in ("mayor of Lowmarsh (2017-06-05)", " 3 ", " 2 ", "The Echo", "2017-03-01"):
        assert shown in ada
    assert any("Pell" in line and "only one name" in line for line in doubtful)
    assert "3 speakers are quoted 5 times in 5 documents; 1 of them are doubtful." in done.stderr
    assert "Left out: 1 of organizations." in done.stderr


def test_lists_are_written(archive: Path, run_quotes: Run, tmp_path: Path) -> None:
    done = run_quotes("people", archive.name, "--out", "p.jsonl.gz", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = gzip.decompress((tmp_path / "p.jsonl.gz").read_bytes()).decode().splitlines()
    ada, *rest = map(json.loads, lines)
    assert ada == {
        "name": "Ada Quill",
        "kind": "person",
        "quotations": 3,
        "uncertain": 0,
        "documents": 2,
        "outlets": ["The Echo", "The Post"],
        "first": "2017-03-01",
        "last": "2017-06-05",
        "forms": ["Ada Quill"],
        "roles": [{"text": "mayor of Lowmarsh", "documents": 1, "first": "2017-06-05", "last": "2017-06-05"}],
        "gender": None,
        "wikidata": None,
        "doubts": [],
    }
    assert [one["doubts"] for one in rest] == [[], [{"kind": "surname", "why": "only one name"}]]
    assert run_quotes("people", archive.name, "--out", "-", "--quiet").stdout.splitlines() == lines
    run_quotes("people", archive.name, "--out", "p.csv", "--limit", "2")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text(encoding="utf-8"))))
    assert [row["name"] for row in rows] == ["Ada Quill", "'=cmd|'x' Renn"]
    assert rows[0]["roles"] == "mayor of Lowmarsh (2017-06-05)"


def test_only_whom_one_asks_for_is_listed(archive: Path, run_quotes: Run) -> None:
    assert "Renn" not in run_quotes("people", archive.name, "--documents", "2").stdout
    bodies = run_quotes("people", archive.name, "--kind", "organization").stdout
    assert "Harbour Board" in bodies
    assert "Quill" not in bodies
    limited = run_quotes("people", archive.name, "--limit", "1").stdout
    assert "1 more; --limit shows them" in limited


def test_a_file_of_speakers_is_written_and_extended(archive: Path, run_quotes: Run, tmp_path: Path) -> None:
    out = tmp_path / "speakers.toml"
    out.write_text('# Ours\n[[speaker]]\nname = "Ada Quill"\n', encoding="utf-8")
    done = run_quotes("people", archive.name, "--out", "speakers.toml")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "speakers.toml: 1 added, 1 extended, 0 as before." in done.stderr
    assert "Doubtful speakers were not written" in done.stderr
    text = out.read_text(encoding="utf-8")
    assert text.startswith("# Ours\n")
    ada, renn = tomllib.loads(text)["speaker"]
    assert ada == {"name": "Ada Quill", "roles": ["mayor of Lowmarsh"]}
    assert renn == {"name": "=cmd|'x' Renn", "kind": "person"}
    assert "0 added, 0 extended, 2 as before." in run_quotes("people", archive.name, "-o", out.name).stderr
    assert out.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["archive.jsonl", "--out", "p.xls"], 2, "Use .jsonl or .csv", id="suffix"),
        pytest.param(["archive.jsonl", "--kind", "direct"], 2, "direct is no kind of speaker", id="kind"),
        pytest.param(["archive.jsonl", "--kind", ""], 2, "nothing is no kind of speaker", id="no kind"),
        pytest.param(["archive.jsonl", "--doubtful"], 2, "only with --out FILE.toml", id="doubtful"),
        pytest.param(["archive.jsonl", "--kind", "group"], 1, "names such a speaker", id="nobody"),
        pytest.param(["nobody.jsonl"], 1, "none of 1 quotations names such a speaker", id="no names"),
        pytest.param(["empty.jsonl"], 1, "empty.jsonl: there are no records here", id="empty"),
        pytest.param(["nowhere.jsonl"], 1, "there is no such file", id="missing"),
        pytest.param(["archive.jsonl", "copy.jsonl"], 1, "is already in archive.jsonl", id="twice"),
        pytest.param(["torn.jsonl"], 1, "torn.jsonl, line 6", id="torn"),
        pytest.param(["archive.jsonl", "-o", "diary.toml"], 1, "diary.toml: is not valid TOML", id="diary"),
        pytest.param(["archive.jsonl", "-o", "no/s.toml"], 1, "the folder no does not exist", id="folder"),
        pytest.param([], 2, "Missing argument", id="nothing"),
    ],
)
def test_what_goes_wrong_is_told(
    archive: Path, run_quotes: Run, tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    (tmp_path / "copy.jsonl").write_bytes(archive.read_bytes())
    (tmp_path / "torn.jsonl").write_bytes(archive.read_bytes() + b'{"doc_id": "x", "te')
    (tmp_path / "empty.jsonl").write_bytes(b"")
    unnamed = said("x", "she", speaker_name=None, speaker_kind="anonymous")
    (tmp_path / "nobody.jsonl").write_bytes(jsonl.encode(unnamed))
    (tmp_path / "diary.toml").write_text("Dear diary", encoding="utf-8")
    done = run_quotes("people", *arguments)
    assert done.returncode == code
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert (tmp_path / "diary.toml").read_text(encoding="utf-8") == "Dear diary"
    assert sorted(tmp_path.glob("[ps].*")) == []


@pytest.mark.model
def test_what_is_learnt_from_the_seeds_names_them_as_well_or_better(run_quotes: Run, tmp_path: Path) -> None:
    """Seeds → records → speakers → records: each name is the same as before, or fuller."""
    seeds = str(paths.ROOT / "seeds")
    for command in (
        ("extract", seeds, "--out", "first.jsonl"),
        ("people", "first.jsonl", "--out", "speakers.toml"),
        ("extract", seeds, "--speakers", "speakers.toml", "--out", "second.jsonl"),
        ("people", "second.jsonl", "--out", "speakers.toml"),
    ):
        done = run_quotes(*command)
        assert done.returncode == 0, done.stderr
    assert " 0 added, 0 extended," in done.stderr
    first, second = (
        {
            (record.doc_id, quotation.quote_id): quotation.speaker_name
            for record in read_records(tmp_path / name)
            for quotation in record.quotations
        }
        for name in ("first.jsonl", "second.jsonl")
    )
    assert len(first) > 100
    assert first.keys() == second.keys()
    for key, name in first.items():
        assert name is None or set(name.split()) <= set((second[key] or "").split()), (key, name, second[key])
