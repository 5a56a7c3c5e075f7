"""The command without its page: gold of the decisions, what is left, and the faults it tells of."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from review_by_hand import FLOOD, PIER, RECORDS, Reviewer, write_records

from quotes.formats.record_files import read_any_records
from quotes.labelstudio import results
from quotes.records import DocumentRecord

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bo(tmp_path: Path) -> Reviewer:
    """Bo has judged all of the flood, called one quotation unsure, and left another."""
    write_records(tmp_path / "p.jsonl")
    bo = Reviewer(tmp_path)
    for action in ("right", "reject", "unsure", "right"):
        bo.step(action)
    return bo


def read(path: Path) -> list[DocumentRecord]:
    return list(read_any_records(path))


def test_gold_of_the_decisions_is_scored(bo: Reviewer, run_quotes: Run, tmp_path: Path) -> None:
    done = run_quotes("review", "p.jsonl", "--gold", "gold.jsonl")
    assert done.returncode == 0
    assert "1 of 2 documents complete, 0 in part" in done.stderr
    assert [(one.doc_id, one.partly_reviewed) for one in read(tmp_path / "gold.jsonl")] == [("flood", False)]
    bo.step("right")
    run_quotes("review", "p.jsonl", "--gold", "gold.jsonl", "--with-text")
    flood, pier = read(tmp_path / "gold.jsonl")
    assert (flood.text, pier.partly_reviewed) == (FLOOD, True)
    scored = run_quotes("score", "p.jsonl", "gold.jsonl", "--samples", "0", "--by", "document")
    assert scored.returncode == 0
    assert "1 document was reviewed in part" in scored.stderr
    assert "2 documents" in scored.stdout


def test_what_is_left_goes_to_label_studio_and_comes_back(
    bo: Reviewer, run_quotes: Run, tmp_path: Path
) -> None:
    done = run_quotes("review", "p.jsonl", "--left", "left.jsonl")
    assert done.returncode == 0
    assert "1 of 2 documents have something left or unsure." in done.stderr
    assert [one.text for one in read(tmp_path / "left.jsonl")] == [PIER]
    assert run_quotes("labelstudio", "export", "left.jsonl", "--out", "tasks.json").returncode == 0
    # As if somebody had reviewed the article there: complete gold of the other document.
    pulled = RECORDS[1].model_copy(update={"text": None})
    write_records(tmp_path / "pulled.jsonl", [pulled])
    done = run_quotes("review", "p.jsonl", "--gold", "gold.jsonl", "--merge", "pulled.jsonl")
    assert done.returncode == 0
    assert "With what was merged: 2 documents, 2 of them complete." in done.stderr
    assert [(one.doc_id, one.partly_reviewed) for one in read(tmp_path / "gold.jsonl")] == [
        ("flood", False),
        ("pier", False),
    ]


def test_gold_of_others_stays_in_the_file(bo: Reviewer, run_quotes: Run, tmp_path: Path) -> None:
    pulled = RECORDS[1].model_copy(update={"text": None})
    write_records(tmp_path / "gold.jsonl", [pulled])
    done = run_quotes("review", "p.jsonl", "--gold", "gold.jsonl")
    assert done.returncode == 0
    assert "Kept: 1 document that gold.jsonl had already." in done.stderr
    assert [one.doc_id for one in read(tmp_path / "gold.jsonl")] == ["flood", "pier"]
    # A complete review counts more than what Bo has of the document.
    bo.step("right")
    assert run_quotes("review", "p.jsonl", "--gold", "gold.jsonl").returncode == 0
    assert read(tmp_path / "gold.jsonl")[1] == pulled


def test_what_somebody_took_back_leaves_the_gold(run_quotes: Run, tmp_path: Path) -> None:
    write_records(tmp_path / "p.jsonl")
    bo, ines = Reviewer(tmp_path), Reviewer(tmp_path, "ines")
    for reviewer in (bo, ines):
        reviewer.step("right")
    alone = ["review", "p.jsonl", "--journal", "p.ines.journal", "--gold", "gold.jsonl"]
    assert run_quotes(*alone).returncode == 0
    assert (
        run_quotes("review", "p.jsonl", "--journal", "p.bo.journal", "--gold", "gold.jsonl").returncode == 0
    )
    before = [one.rule for record in read(tmp_path / "gold.jsonl") for one in record.quotations]
    ines.step("undo")
    ines.step("reject")
    assert run_quotes(*alone).returncode == 0
    after = [one.rule for record in read(tmp_path / "gold.jsonl") for one in record.quotations]
    assert (before, after) == (["review:bo"], ["review:ines"])


def test_rejected_indirect_speech_goes_to_label_studio_as_no_quotation(
    run_quotes: Run, tmp_path: Path
) -> None:
    write_records(tmp_path / "p.jsonl", RECORDS[1:])
    Reviewer(tmp_path, "bo", RECORDS[1]).step("reject")
    assert run_quotes("review", "p.jsonl", "--left", "left.jsonl").returncode == 0
    [record] = read(tmp_path / "left.jsonl")
    assert [one.kind for one in record.quotations] == ["unattributed", "direct"]
    assert run_quotes("labelstudio", "export", "left.jsonl", "--out", "tasks.json").returncode == 0
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    reading = results.read(task["predictions"][0]["result"], PIER, record.text_sha256, rule="review:ines")
    assert [(one.kind, one.parts) for one in reading.quotations] == [
        (one.kind, one.parts) for one in record.quotations
    ]


def test_records_without_their_texts_need_the_articles(run_quotes: Run, tmp_path: Path) -> None:
    write_records(tmp_path / "p.jsonl", [one.model_copy(update={"text": None}) for one in RECORDS])
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "flood.txt").write_text(FLOOD, encoding="utf-8")
    Reviewer(tmp_path).step("right")
    done = run_quotes("review", "p.jsonl", "--texts", "articles", "--gold", "gold.jsonl")
    assert done.returncode == 1
    assert "pier: its text is missing" in done.stderr
    assert [one.doc_id for one in read(tmp_path / "gold.jsonl")] == ["flood"]


def test_several_files_and_reviewers(bo: Reviewer, run_quotes: Run, tmp_path: Path) -> None:
    ines = Reviewer(tmp_path, "ines")
    ines.step("person-name", number=1)
    write_records(tmp_path / "q.jsonl", RECORDS[1:])
    write_records(tmp_path / "p.jsonl", RECORDS[:1])
    done = run_quotes("review", "p.jsonl", "q.jsonl", "--gold", "gold.jsonl")
    assert done.returncode == 0
    assert "Agreement of reviewers on 1 document" in done.stderr
    assert {path.name for path in tmp_path.glob("gold*")} == {
        "gold.jsonl", "gold.bo.jsonl", "gold.ines.jsonl"
    }  # fmt: skip
    only = run_quotes("review", "p.jsonl", "q.jsonl", "--journal", "p.ines.journal", "--gold", "i.jsonl")
    assert "0 of 2 documents complete, 1 in part" in only.stderr


def test_a_torn_line_is_told(bo: Reviewer, run_quotes: Run) -> None:
    with bo.path.open("ab") as file:
        file.write(b'{"at":"2026')
    done = run_quotes("review", "p.jsonl", "--gold", "gold.jsonl")
    assert done.returncode == 0
    assert "p.bo.journal: the last line ends in the middle (11 bytes)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["q.jsonl", "--gold", "gold.jsonl"], 1, "q.NAME.journal: there are no decisions yet."),
        (["p.jsonl", "--gold", "gold.txt"], 2, "end the name in"),
        (["p.jsonl", "--left", "left.html"], 2, "end the name in"),
        (["p.jsonl", "--merge", "a.jsonl"], 2, "this needs --gold"),
        (["p.jsonl", "--consensus"], 2, "this needs --gold"),
        (["p.jsonl", "--as", "ada", "--journal", "p.bo.journal"], 1, "the journal of bo, not of ada"),
        (["p.jsonl", "--journal", "a", "--journal", "b"], 2, "the page writes one journal"),
        (["p.jsonl", "--journal", "no/a.journal"], 1, "the folder no does not exist"),
        (["-"], 2, "records from standard input have no place for a journal"),
        (["empty.jsonl"], 1, "There are no quotations to review."),
        (["p.jsonl", "--left", "p.jsonl"], 1, "p.jsonl"),
    ],
)
def test_faults_are_told(
    bo: Reviewer, run_quotes: Run, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    write_records(tmp_path / "q.jsonl")
    (tmp_path / "empty.jsonl").touch()
    stdin = (tmp_path / "p.jsonl").read_bytes() if arguments == ["-"] else b""
    done = run_quotes("review", *arguments, "--no-browser", stdin=stdin)
    assert done.returncode == code, done.stderr
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert read(tmp_path / "p.jsonl") == list(RECORDS)
