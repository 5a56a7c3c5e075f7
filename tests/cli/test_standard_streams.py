"""`-` is standard input where a file is read, and standard output where one is written, in all commands."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import spoken
from labelstudio_by_hand import ALL, RECORD, TEXT, exported, saved, submitted
from typer.testing import CliRunner

from quotes.cli.app import app
from quotes.formats.jsonl import records as jsonl
from quotes.records import DocumentRecord

Run = Callable[..., subprocess.CompletedProcess[str]]

#: Two articles of one statement.
RECORDS = b"".join(
    jsonl.encode(spoken(name, ("Ada Quill", f"“We will rebuild the {what} before winter.”")))
    for name, what in (("echo", "old pier"), ("post", "pier"))
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with records in `in.jsonl`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_bytes(RECORDS)
    return tmp_path


def call(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    done = CliRunner().invoke(app, arguments, input=stdin)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("command", "suffix"),
    [
        ("convert in.jsonl --out OUT", ".jsonl"),
        ("variants in.jsonl --quiet --out OUT", ".jsonl"),
        ("variants in.jsonl --quiet --records OUT", ".jsonl"),
        ("people in.jsonl --quiet --out OUT", ".jsonl"),
        ("score in.jsonl in.jsonl --samples 0 --json OUT", ".json"),
        ("score in.jsonl in.jsonl --samples 0 --quiet --html OUT", ".html"),
        ("schema --out OUT", ".json"),
        ("labelstudio config --out OUT", ".xml"),
    ],
)
def test_standard_output_gets_what_a_file_gets(command: str, suffix: str, here: Path) -> None:
    out = here / f"out{suffix}"
    assert call(*command.replace("OUT", out.name).split())[0] == 0
    code, stdout, stderr = call(*command.replace("OUT", "-").split())
    assert (code, stderr) == (0, "")
    assert stdout == out.read_text(encoding="utf-8") != ""
    assert sorted(path.name for path in here.iterdir()) == ["in.jsonl", out.name]


@pytest.mark.parametrize(
    "command",
    [
        "convert IN --out -",
        "variants IN --quiet --out -",
        "variants IN",
        "people IN",
        "score IN in.jsonl --samples 0 --json -",
        "score in.jsonl IN --samples 0 --by speaker",
    ],
)
def test_standard_input_is_read_as_a_file_is(command: str, here: Path) -> None:
    file = call(*command.replace("IN", "in.jsonl").split())
    assert call(*command.replace("IN", "-").split(), stdin=RECORDS) == file
    assert file[0] == 0


def test_a_database_is_built_from_standard_input(here: Path) -> None:
    code, _, err = call("db", "build", "-", "--out", "q.db", stdin=RECORDS)
    assert code == 0
    assert "2 documents added" in err


def test_reviews_go_through_pipes(here: Path) -> None:
    told = jsonl.encode(RECORD.model_copy(update={"text": TEXT}))
    code, out, err = call("labelstudio", "export", "-", "--out", "-", stdin=told)
    assert (code, err) == (0, "")
    assert [task["data"]["doc_id"] for task in json.loads(out)] == ["flood"]
    export = saved(here, exported(submitted(), submitted(who="bo@example.org")))
    code, out, err = call("labelstudio", "import", "-", "--out", "-", stdin=export.read_bytes())
    assert code == 0
    assert "Written" not in err
    gold = DocumentRecord.model_validate_json(out).quotations
    assert [one.quote_id for one in gold] == [one.quote_id for one in ALL]
    assert not list(here.glob("-*"))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("variants - -", "standard input, which can be named only once"),
        ("people - -", "standard input, which can be named only once"),
        ("score - -", "standard input, which can be named only once"),
        ("score in.jsonl - --baseline -", "standard input, which can be named only once"),
        ("db build - in.jsonl -", "standard input, which can be named only once"),
        ("variants in.jsonl --out - --records -", "standard output, which can be named only once"),
        ("score in.jsonl in.jsonl --json - --html -", "standard output, which can be named only once"),
        ("variants - --records r.jsonl", "cannot be used with standard input"),
        ("db build in.jsonl --out -", "a database needs a file"),
    ],
)
def test_what_can_not_be_is_wrong_usage(command: str, told: str, here: Path) -> None:
    code, out, err = call(*command.split(), stdin=RECORDS)
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())
    assert [path.name for path in here.iterdir()] == ["in.jsonl"]


def test_what_is_wrong_with_standard_input_is_told(here: Path) -> None:
    code, _, err = call("convert", "-", "--out", "a.csv", stdin=RECORDS + b"{}\n")
    assert (code, (here / "a.csv").exists()) == (1, False)
    assert err.startswith("Error: standard input, line 3: this is not a record")
    code, _, err = call("labelstudio", "import", "-", "--out", "gold.jsonl", stdin=b"[")
    assert code == 1
    assert "standard input: " in err


@pytest.mark.model
def test_commands_make_a_pipe(run_quotes: Run) -> None:
    article = "“It rained all night,” Ada Quill said.\n".encode()
    records = run_quotes("extract", "-", "--out", "-", "--quiet", stdin=article).stdout
    again = run_quotes("convert", "-", "--out", "-", stdin=records.encode())
    assert (again.returncode, again.stdout) == (0, records)
