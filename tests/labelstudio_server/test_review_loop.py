"""Nothing that a reviewer did is lost or unseen: from pushing to gold, and to gold that there is already."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from review_by_hand import FLOOD_RECORD, PIER_RECORD, RECORDS, write_records
from review_by_hand import Reviewer as AtThePage

from quotes.formats.jsonl.records import read_records
from quotes.labelstudio.client import Connection

from review_room import Pairs, Reviewer, Run, request  # isort: skip

# One worker for all tests of the server, so that a run has one server.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("labelstudio")]

RunQuotes = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def pushed(
    seeds: Pairs, predictions: Callable[[Pairs], Path], labelstudio: Run, reviewer: Reviewer
) -> list[str]:
    """Three documents on the server, in the order of their names."""
    pairs = sorted(seeds, key=lambda pair: pair[0].doc_id)[:3]
    done = labelstudio("push", predictions(pairs), "--project", reviewer.title)
    assert done.returncode == 0, done.stderr
    return [document.doc_id for document, _ in pairs]


def names(gold: Path) -> list[str]:
    return [record.doc_id for record in read_records(gold)]


def test_a_task_that_is_deleted_stays_in_the_gold_and_is_named(
    pushed: list[str], labelstudio: Run, reviewer: Reviewer, connection: Connection, tmp_path: Path
) -> None:
    reviewer.accept_all()
    pull = ("pull", "--project", reviewer.title, "--out", tmp_path / "gold.jsonl")
    assert labelstudio(*pull).returncode == 0
    before = (tmp_path / "gold.jsonl").read_bytes()
    [gone] = [task for task in reviewer.tasks if task.key[0] == pushed[1]]
    connection.client.tasks.delete(str(gone.id))
    again = labelstudio(*pull)
    assert again.returncode == 0
    assert f"Kept: {pushed[1]}, without a finished review now; --drop-missing" in again.stderr
    assert (tmp_path / "gold.jsonl").read_bytes() == before
    dropped = labelstudio(*pull, "--drop-missing")
    assert f"Dropped: {pushed[1]}, " in dropped.stderr
    assert names(tmp_path / "gold.jsonl") == [pushed[0], pushed[2]]


def test_an_empty_submission_is_flagged(
    pushed: list[str], labelstudio: Run, reviewer: Reviewer, tmp_path: Path
) -> None:
    first, *others = reviewer.tasks
    reviewer.submit(first.id, [])
    for task in others:
        reviewer.submit(task.id)
    pulled = labelstudio("pull", "--project", reviewer.title, "--out", tmp_path / "gold.jsonl")
    assert pulled.returncode == 0
    [line] = [line for line in pulled.stderr.splitlines() if line.startswith("Nothing left: ")]
    assert line.startswith(f"Nothing left: {first.key[0]}, by reviewer@quotes.example: all ")
    assert "Check the 1 review in which nothing is left" in pulled.stderr.splitlines()[-1]
    assert len(pushed) == 3


def test_the_web_page_s_export_names_the_same_person_as_pull(
    pushed: list[str],
    labelstudio: Run,
    reviewer: Reviewer,
    connection: Connection,
    run_quotes: RunQuotes,
    tmp_path: Path,
) -> None:
    reviewer.accept_all()
    pull = labelstudio("pull", "--project", reviewer.title, "--out", tmp_path / "gold.jsonl")
    assert pull.returncode == 0
    pulled = list(read_records(tmp_path / "gold.jsonl"))
    path = f"api/projects/{reviewer.project.id}/export?exportType=JSON"
    export = request(connection, "GET", path)
    assert {type(one["completed_by"]) for task in export for one in task["annotations"]} == {int}
    (tmp_path / "export.json").write_text(json.dumps(export), encoding="utf-8")
    done = run_quotes("labelstudio", "import", "export.json", "--out", "gold.jsonl")
    assert (done.returncode, "user-" in done.stderr) == (0, False)
    assert list(read_records(tmp_path / "gold.jsonl")) == pulled
    assert [record.doc_id for record in pulled] == pushed


def test_tasks_can_be_told_apart_and_are_sorted_by_the_least_sure(
    pushed: list[str],
    labelstudio: Run,
    reviewer: Reviewer,
    connection: Connection,
    tmp_path: Path,
) -> None:
    project = reviewer.project.id
    columns = request(connection, "GET", f"api/dm/columns/?project={project}")["columns"]
    data = {column["id"] for column in columns if column.get("parent") == "data"}
    assert {"title", "quotations", "least_confidence"} < data
    assert "text_sha256" not in data
    again = labelstudio("push", tmp_path / "predictions.jsonl", "--project", reviewer.title)
    assert "3 unchanged" in again.stderr
    [tab] = request(connection, "GET", f"api/dm/views/?project={project}")
    assert tab["data"]["title"] == "Least sure first"
    listed = request(connection, "GET", f"api/tasks/?project={project}&view={tab['id']}")["tasks"]
    least = [task["data"]["least_confidence"] for task in listed]
    assert least == sorted(least)
    assert len(least) == len(pushed)
    assert all(task["data"]["title"] and task["data"]["who"] for task in listed)


def test_new_predictions_come_with_a_new_table(
    pushed: list[str], labelstudio: Run, reviewer: Reviewer, tmp_path: Path
) -> None:
    """In untouched tasks; whoever has begun sees what was there."""
    begun, *others = reviewer.tasks
    reviewer.submit(begun.id)
    records = [
        record.model_copy(update={"quotations": record.quotations[:1]})
        for record in read_records(tmp_path / "predictions.jsonl")
    ]
    write_records(tmp_path / "fewer.jsonl", records)
    before = reviewer.raw(begun.id)["data"]
    done = labelstudio("push", tmp_path / "fewer.jsonl", "--project", reviewer.title)
    assert "2 with new predictions, 1 annotated and not changed" in done.stderr
    assert reviewer.raw(begun.id)["data"] == before
    for task in others:
        raw = reviewer.raw(task.id)
        assert raw["data"]["quotations"] <= 1
        assert raw["meta"]["text_sha256"] == task.key[1]
    assert "3 unchanged" not in done.stderr
    assert len(pushed) == 3


def test_what_is_left_at_the_page_comes_back_from_label_studio_into_the_same_gold(
    labelstudio: Run, reviewer: Reviewer, run_quotes: RunQuotes, tmp_path: Path
) -> None:
    """The flood is decided at the page; of the pier, one quotation is, and one is unsure."""
    write_records(tmp_path / "p.jsonl", RECORDS)
    page = AtThePage(tmp_path, "bo", *RECORDS)
    for action in ("right", "reject", "unsure", "right"):
        page.step(action)
    gold = tmp_path / "gold.jsonl"
    assert run_quotes("review", "p.jsonl", "--gold", "gold.jsonl", "--left", "left.jsonl").returncode == 0
    flood, *_ = read_records(gold)
    assert [one.doc_id for one in read_records(tmp_path / "left.jsonl")] == ["pier"]
    pushed = labelstudio("push", tmp_path / "left.jsonl", "--project", reviewer.title)
    assert "1 new" in pushed.stderr
    reviewer.accept_all()
    pulled = labelstudio("pull", "--project", reviewer.title, "--out", gold)
    assert "Kept: flood, without a finished review now;" in pulled.stderr
    both = list(read_records(gold))
    assert [(one.doc_id, one.partly_reviewed) for one in both] == [("flood", False), ("pier", False)]
    assert both[0] == flood
    assert [one.parts for one in both[1].quotations] == [one.parts for one in PIER_RECORD.quotations]
    assert {one.rule for one in both[1].quotations} == {"review:reviewer@quotes.example"}
    assert flood.doc_id == FLOOD_RECORD.doc_id
