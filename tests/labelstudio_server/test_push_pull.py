"""Push to a real Label Studio and pull: nothing is lost, shifted or duplicated."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from quotes.files.decoding import decode
from quotes.formats.jsonl.records import read_records
from quotes.labelstudio.client import Connection
from quotes.labelstudio.projects import find_or_create_project
from quotes.labelstudio.push import PushReport, push
from quotes.labelstudio.tasks import draw, least_confidence, to_task
from quotes.records import Document, DocumentRecord

from review_room import Pairs, Reviewer, Run, request  # isort: skip

# One worker for all tests of the server, so that a run has one server.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("labelstudio")]

STORY = "“It rained all night,” Mayor Ada Quill said. She called the dam a “disgrace” and left.\n"


def plain(record: DocumentRecord) -> list[dict[str, object]]:
    """What a review must not change by itself; its rule and how sure it is are its own."""
    quotations = sorted(record.quotations, key=lambda quotation: quotation.parts)
    return [
        quotation.model_dump(exclude={"rule", "confidence", "name_confidence"}) for quotation in quotations
    ]


def push_pairs(connection: Connection, title: str, pairs: Pairs, version: str = "quotes-1") -> PushReport:
    tasks = [to_task(document, record, model_version=version) for document, record in pairs]
    return push(connection, find_or_create_project(connection, title), tasks)


def test_accepted_records_are_pulled_unchanged(
    seeds: Pairs, predictions: Callable[[Pairs], Path], labelstudio: Run, reviewer: Reviewer, tmp_path: Path
) -> None:
    pushed = labelstudio("push", predictions(seeds), "--project", reviewer.title)
    assert pushed.returncode == 0, pushed.stderr
    assert f"{len(seeds)} new" in pushed.stderr
    reviewer.accept_all()
    out = tmp_path / "gold.jsonl"
    pulled = labelstudio("pull", "--project", reviewer.title, "--out", out)
    assert pulled.returncode == 0, pulled.stderr
    gold = {record.doc_id: record for record in read_records(out)}
    assert {name: plain(record) for name, record in gold.items()} == {
        document.doc_id: plain(record) for document, record in seeds
    }
    quotations = [quotation for record in gold.values() for quotation in record.quotations]
    assert {quotation.rule for quotation in quotations} == {"review:reviewer@quotes.example"}
    assert {quotation.kind for quotation in quotations} >= {"direct", "mixed", "unattributed"}
    [raw] = (tmp_path / "exports").glob("*.json")
    assert len(json.loads(raw.read_text(encoding="utf-8"))) == len(seeds)


TEXTS = {
    "astral": "The sign read 🏝️🌊 and 🦭.\n" + STORY,
    "joined": "👩‍👩‍👧‍👦 came with 🏳️‍🌈 and 👍🏽.\n" + STORY.replace("night", "night 👨‍🚒"),
    "combining": unicodedata.normalize("NFD", "Zoë Ångström’s café.\n" + STORY.replace("Ada", "Zoë")),
    "cjk": "東京の天気。𠮷野家。\n" + STORY.replace("It rained", "雨が降った. It rained"),
    "spaces": "A\u00a0dam\u202fin\u2009the\u200bhills.\n" + STORY.replace("Ada Quill", "Ada\u00a0Quill"),
    "tabs": "\tFirst\t\tnote:\n\t" + STORY.replace("all night", "all\tnight"),
    "blank lines": "\n\n  \nHeadline  here\n\n\n   \n" + STORY + "\n \n" + STORY,
    "line breaks": STORY.replace("rained all", "rained\nall").replace("a “dis", "a\n“dis"),
    "markup": "<p>&lt;b&gt; &amp; {{x}} $text %s</p>\n" + STORY,
    "right to left": "قالت المدينة شيئا.\n" + STORY,
}  # fmt: skip


def test_offsets_survive_any_text(
    extracted: Callable[..., Pairs],
    predictions: Callable[[Pairs], Path],
    labelstudio: Run,
    reviewer: Reviewer,
    tmp_path: Path,
) -> None:
    texts = {
        **TEXTS,
        "carriage returns": decode(f"Note:\r\n\r\n{STORY}\rEnd\r\n".encode(), "a test"),
        "200 kB": "".join(f"Line {number}: {STORY}" for number in range(2200)),
    }  # fmt: skip
    assert len(texts["200 kB"]) > 200_000
    # A few quotations of the long text will do: its end is what would drift.
    pairs = [
        (document, record.model_copy(update={"quotations": record.quotations[-40:]}))
        for document, record in extracted([Document(doc_id=name, text=text) for name, text in texts.items()])
    ]
    assert all(record.quotations for _, record in pairs)
    pushed = labelstudio("push", predictions(pairs), "--project", reviewer.title)
    assert pushed.returncode == 0, pushed.stderr
    for task in reviewer.tasks:
        assert reviewer.raw(task.id)["data"]["text"] == texts[task.key[0]]
    reviewer.accept_all()
    pulled = labelstudio("pull", "--project", reviewer.title, "--out", tmp_path / "gold.jsonl")
    assert pulled.returncode == 0, pulled.stderr
    gold = {record.doc_id: plain(record) for record in read_records(tmp_path / "gold.jsonl")}
    assert gold == {document.doc_id: plain(record) for document, record in pairs}


@pytest.mark.parametrize(("text", "what"), [("A\x00b. " + STORY, "U+0000"), ("A\ud83d. " + STORY, "U+D83D")])
def test_a_text_that_cannot_be_represented_is_refused(text: str, what: str) -> None:
    document = Document(doc_id="torn", text=text)
    record = DocumentRecord(doc_id="torn", text_sha256=document.text_sha256, quotations=())
    with pytest.raises(Exception, match=f"torn: .*{what.replace('+', '[+]')}"):
        to_task(document, record, model_version="quotes-1")


def test_a_second_push_changes_nothing(seeds: Pairs, connection: Connection, reviewer: Reviewer) -> None:
    first = push_pairs(connection, reviewer.title, seeds)
    before = reviewer.tasks
    second = push_pairs(connection, reviewer.title, seeds)
    assert (first.new, first.unchanged, first.project.created) == (len(seeds), 0, True)
    assert (second.new, second.renewed, second.unchanged, second.project.created) == (0, 0, len(seeds), False)
    assert reviewer.tasks == before
    assert [task.key[0] for task in before] == [document.doc_id for document, _ in seeds]


def test_new_predictions_replace_old_ones_in_untouched_tasks_only(
    seeds: Pairs, connection: Connection, reviewer: Reviewer
) -> None:
    pairs = seeds[:6]
    push_pairs(connection, reviewer.title, pairs, "quotes-1")
    submitted, skipped, begun, *rest = reviewer.tasks
    other = {"task": rest[0].id, "model_version": "another-model", "result": [], "score": 0.5}
    connection.client.projects.import_predictions(reviewer.project.id, request=[other])
    reviewer.submit(submitted.id)
    reviewer.submit(skipped.id, was_cancelled=True)
    draft = {"result": [], "lead_time": 1, "draft_id": 0}
    request(connection, "POST", f"api/tasks/{begun.id}/drafts", json=draft)
    new = [
        (document, record.model_copy(update={"quotations": record.quotations[1:]}))
        for document, record in pairs
    ]
    report = push_pairs(connection, reviewer.title, new, "quotes-2")
    assert (report.new, report.renewed, report.touched) == (0, 3, 3)
    after = {task.id: [one.model_version for one in task.predictions] for task in reviewer.tasks}
    assert after == {
        **{task.id: ["quotes-1"] for task in (submitted, skipped, begun)},
        **{task.id: ["quotes-2"] for task in rest[1:]},
        rest[0].id: ["another-model", "quotes-2"],
    }
    assert reviewer.project.model_version == "quotes-2"


def test_the_same_version_with_other_answers_is_replaced_too(
    seeds: Pairs, connection: Connection, reviewer: Reviewer
) -> None:
    [(document, record)] = pairs = seeds[:1]
    push_pairs(connection, reviewer.title, pairs)
    [before] = reviewer.tasks
    push_pairs(connection, reviewer.title, [(document, record.model_copy(update={"quotations": ()}))])
    [after] = reviewer.tasks
    assert after.id == before.id
    assert [one.model_version for one in after.predictions] == ["quotes-1"]
    assert after.predictions[0].fingerprint != before.predictions[0].fingerprint


def test_tasks_left_with_an_older_version_are_reported(
    seeds: Pairs, connection: Connection, reviewer: Reviewer
) -> None:
    push_pairs(connection, reviewer.title, seeds[:3], "quotes-1")
    report = push_pairs(connection, reviewer.title, seeds[3:5], "quotes-2")
    assert any(note.startswith("3 other tasks") for note in report.notes)


def test_another_text_under_the_same_name_is_a_task_of_its_own(
    seeds: Pairs, extracted: Callable[..., Pairs], connection: Connection, reviewer: Reviewer
) -> None:
    [(document, _)] = pairs = seeds[:1]
    push_pairs(connection, reviewer.title, pairs)
    report = push_pairs(
        connection, reviewer.title, extracted([document.model_copy(update={"text": document.text + STORY})])
    )
    assert report.new == 1
    assert any("with another text" in note for note in report.notes)
    assert len(reviewer.tasks) == 2


def test_a_duplicate_task_is_reported(seeds: Pairs, connection: Connection, reviewer: Reviewer) -> None:
    push_pairs(connection, reviewer.title, seeds[:1])
    [document, record] = seeds[0]
    task = to_task(document, record, model_version="quotes-1")
    connection.client.projects.import_tasks(reviewer.project.id, request=[task])
    report = push_pairs(connection, reviewer.title, seeds[:1])
    assert any("has it 2 times" in note for note in report.notes)


def test_the_same_seed_draws_the_same_random_sample(
    seeds: Pairs, predictions: Callable[[Pairs], Path], labelstudio: Run, reviewer: Reviewer
) -> None:
    file = predictions(seeds)
    for _ in range(2):
        done = labelstudio(
            "push", file, "--project", reviewer.title, "--sample", "4", "--seed", "7", "--blind"
        )
        assert done.returncode == 0, done.stderr
    tasks = reviewer.tasks
    assert [task.key[0] for task in tasks] == [document.doc_id for document, _ in draw(seeds, 4, 7)]
    assert not any(task.predictions for task in tasks)
    assert draw(seeds, 4, 7) != draw(seeds, 4, 8)
    assert draw(seeds, 4, 7) == draw(seeds, 8, 7)[:4]


def test_the_least_certain_come_first(
    seeds: Pairs, predictions: Callable[[Pairs], Path], labelstudio: Run, reviewer: Reviewer
) -> None:
    done = labelstudio("push", predictions(seeds), "--project", reviewer.title, "--order", "uncertain")
    assert done.returncode == 0, done.stderr
    scores = {document.doc_id: least_confidence(record) for document, record in seeds}
    ordered = [scores[task.key[0]] for task in reviewer.tasks]
    known = [score for score in ordered if score is not None]
    assert known == sorted(known)
    assert ordered[: len(known)] == known


def test_reviewers_see_the_guidelines_and_our_interface(
    seeds: Pairs, connection: Connection, reviewer: Reviewer
) -> None:
    from quotes.labelstudio.config import instructions, label_config

    push_pairs(connection, reviewer.title, seeds[:1])
    raw = connection.client.projects.get(reviewer.project.id)
    assert raw.show_instruction is True
    assert raw.expert_instruction.strip() == instructions().strip()
    assert "".join(raw.label_config.split()) == "".join(label_config().split())


def test_pulls_never_overwrite_a_raw_export(
    seeds: Pairs, connection: Connection, reviewer: Reviewer, tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    from quotes.labelstudio.pull import pull

    push_pairs(connection, reviewer.title, seeds[:1])
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    first, second = (pull(connection, reviewer.project, tmp_path / "exports", now) for _ in range(2))
    assert first.name == f"project-{reviewer.project.id}-20260102T030405Z.json"
    assert second.name == f"project-{reviewer.project.id}-20260102T030405Z-2.json"
    assert not [
        export
        for export in connection.client.projects.exports.list(reviewer.project.id)
        if "quotes pull" in (export.title or "")
    ]
