"""`quotes labelstudio config, export, import` as a user runs them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from labelstudio_by_hand import ALL, DOCUMENT, RECORD, TEXT, Reviewer, exported, quote, saved, submitted

from quotes.formats.jsonl import records as jsonl
from quotes.formats.jsonl.records import read_records
from quotes.labelstudio.config import label_config
from quotes.records import Document

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    """Two documents, of which only one holds its text."""
    path = tmp_path / "predictions.jsonl"
    told = RECORD.model_copy(update={"text": TEXT})
    path.write_bytes(jsonl.encode(told) + jsonl.encode(RECORD.model_copy(update={"doc_id": "other"})))
    return path


def test_config(run_quotes: Run, tmp_path: Path) -> None:
    assert run_quotes("labelstudio", "config").stdout == label_config()
    assert run_quotes("labelstudio", "config", "--out", "config.xml").returncode == 0
    assert (tmp_path / "config.xml").read_text(encoding="utf-8") == label_config()


def test_export_reports_what_is_left_out(run_quotes: Run, predictions: Path, tmp_path: Path) -> None:
    done = run_quotes("labelstudio", "export", str(predictions), "--out", "tasks.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Error: other: its text is missing. Extract with --with-text" in done.stderr
    assert "1 task in tasks.json." in done.stderr
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert task["predictions"][0]["model_version"].startswith("quotes-")


def test_export_takes_texts_from_articles(run_quotes: Run, predictions: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(TEXT, encoding="utf-8")
    arguments = ("labelstudio", "export", str(predictions), "--texts", "other.txt", "--out", "tasks.json")
    done = run_quotes(*arguments, "--blind", "--model", "mine")
    assert (done.returncode, done.stderr) == (0, "2 tasks in tasks.json.\n")
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert [(task["data"]["doc_id"], task["predictions"]) for task in tasks] == [("flood", []), ("other", [])]


def test_nothing_to_export_writes_nothing(run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_bytes(b"")
    done = run_quotes("labelstudio", "export", "none.jsonl", "--out", "tasks.json")
    assert (done.returncode, (tmp_path / "tasks.json").exists()) == (1, False)
    assert "There are no documents to export." in done.stderr


def test_import(run_quotes: Run, tmp_path: Path) -> None:
    saved(tmp_path, exported(submitted()))
    done = run_quotes("labelstudio", "import", "export.json", "--out", "gold.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "Written: gold.jsonl",
        "1 of 1 document reviewed. Quotations: 4 unchanged, 0 changed, 0 removed, 0 added.",
    ]
    assert [record.quotations for record in read_records(tmp_path / "gold.jsonl")] == [ALL]


def test_import_with_consensus(run_quotes: Run, tmp_path: Path) -> None:
    changed = submitted(Reviewer().delete(quote(ALL[2])), who="bo@example.org")
    saved(tmp_path, exported(submitted(), changed))
    done = run_quotes(
        "labelstudio", "import", "export.json", "--out", "gold.jsonl", "--consensus", "--with-text"
    )
    assert done.returncode == 0
    assert "Agreement of reviewers on 1 document: which words are quotations 80% (F1)" in done.stderr
    assert sorted(path.name for path in tmp_path.glob("gold*")) == [
        "gold.ada@example.org.jsonl", "gold.bo@example.org.jsonl", "gold.jsonl",
    ]  # fmt: skip
    [record] = read_records(tmp_path / "gold.jsonl")
    assert (record.text, {one.rule for one in record.quotations}) == (TEXT, {"review:consensus"})


def test_import_names_and_keeps_what_has_no_review_any_more(run_quotes: Run, tmp_path: Path) -> None:
    earlier = [RECORD.model_copy(update={"doc_id": name}) for name in ("dam", "flood", "pier")]
    (tmp_path / "gold.jsonl").write_bytes(b"".join(map(jsonl.encode, earlier)))
    saved(tmp_path, exported(submitted(Reviewer().delete(quote(ALL[2])))))
    arguments = ("labelstudio", "import", "export.json", "--out", "gold.jsonl")

    def gold() -> dict[str, int]:
        return {record.doc_id: len(record.quotations) for record in read_records(tmp_path / "gold.jsonl")}

    done = run_quotes(*arguments)
    assert done.returncode == 0
    assert gold() == {"dam": 4, "flood": 3, "pier": 4}
    assert done.stderr.splitlines()[:2] == [
        "Written: gold.jsonl",
        "Kept: dam, pier, without a finished review now; --drop-missing drops them.",
    ]
    done = run_quotes(*arguments, "--drop-missing")
    assert (done.returncode, gold()) == (0, {"flood": 3})
    assert "Dropped: dam, which has no finished review now.\nDropped: pier, " in done.stderr
    assert "Dropped" not in run_quotes(*arguments, "--drop-missing").stderr


def test_import_knows_reviewers_from_what_was_pulled(run_quotes: Run, tmp_path: Path) -> None:
    """The web page's file has their numbers only; one person is one person."""
    (tmp_path / "exports").mkdir()
    pulled = [exported(submitted(unique_id="a-1"))]
    (tmp_path / "exports" / "project-2-20261121T224800Z.json").write_text(json.dumps(pulled))
    (tmp_path / "exports" / "project-2-20261121T224801Z.json").write_text("torn [")
    other = Document(doc_id="other", text=TEXT + "!")
    saved(
        tmp_path,
        exported(submitted(who=5, unique_id="a-1"), submitted(who=6, unique_id="c-1")),
        exported(submitted(who=5, unique_id="b-2"), document=other),
    )
    done = run_quotes("labelstudio", "import", "export.json", "--out", "gold.jsonl")
    assert done.returncode == 0
    rules = {one.rule for record in read_records(tmp_path / "gold.jsonl") for one in record.quotations}
    assert rules <= {"review:ada@example.org", "review:user-6"}
    assert sorted(path.name for path in tmp_path.glob("gold.*.jsonl")) == [
        "gold.ada@example.org.jsonl", "gold.user-6.jsonl",
    ]  # fmt: skip
    assert "Note: the export does not say who user-6 is." in done.stderr
    assert "user-5" not in done.stderr


def test_import_over_something_else_writes_nothing(run_quotes: Run, tmp_path: Path) -> None:
    """What can't be read can't be kept."""
    (tmp_path / "gold.jsonl").write_text("my notes\n", encoding="utf-8")
    saved(tmp_path, exported(submitted()))
    done = run_quotes("labelstudio", "import", "export.json", "--out", "gold.jsonl")
    assert (done.returncode, (tmp_path / "gold.jsonl").read_text(encoding="utf-8")) == (1, "my notes\n")
    assert "gold.jsonl" in done.stderr


def test_import_of_another_text_fails(run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "flood.txt").write_text("Another.\n")
    saved(tmp_path, exported(submitted()))
    done = run_quotes("labelstudio", "import", "export.json", "--out", "gold.jsonl", "--texts", "flood.txt")
    assert (done.returncode, (tmp_path / "gold.jsonl").exists()) == (1, False)
    assert "Not used: flood: the article has changed since." in done.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"annotator,doc_id\n", "CSV"), (b"[", "is incomplete"), (b"[]", "0 of 0 documents")],
)
def test_import_of_something_else_fails(run_quotes: Run, tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "export.json").write_bytes(content)
    done = run_quotes("labelstudio", "import", "export.json", "--out", "gold.jsonl")
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_output_must_not_be_the_input(run_quotes: Run, predictions: Path, tmp_path: Path) -> None:
    export = saved(tmp_path, exported(submitted()))
    for command, input_, name in (("export", predictions, "input.json"), ("import", export, "input.jsonl")):
        path = input_.rename(tmp_path / name)
        before = path.read_bytes()
        done = run_quotes("labelstudio", command, name, "--out", name)
        assert (done.returncode, path.read_bytes()) == (1, before)
        assert "this is one of the inputs" in done.stderr


@pytest.mark.parametrize(
    ("command", "out"), [("export", "tasks.jsonl"), ("import", "gold.csv"), ("import", "gold")]
)
def test_the_output_needs_a_known_suffix(run_quotes: Run, command: str, out: str) -> None:
    done = run_quotes("labelstudio", command, "input", "--out", out)
    assert (done.returncode, "end the name in" in done.stderr) == (2, True)


def test_help_has_examples(run_quotes: Run) -> None:
    for command in ("config", "export", "import"):
        done = run_quotes("labelstudio", command, "--help")
        assert (done.returncode, f"quotes labelstudio {command}" in done.stdout) == (0, True)
    assert DOCUMENT.doc_id == "flood"
