"""Verdicts in Label Studio: shown beside the quotations, and confirmed or corrected by a person."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from labelstudio_by_hand import (
    CLOSED,
    DISGRACE,
    DOCUMENT,
    OUT,
    RAINED,
    RECORD,
    TEXT,
    Change,
    Reviewer,
    exported,
    parsed,
    quote,
    submitted,
)
from verdicts_by_hand import ALTERED, CHECKED, CHECKED_RECORD, MISSING, SHORT, checked_task

from quotes.errors import LabelStudioError
from quotes.formats.jsonl.records import encode
from quotes.gold.consensus import consensus_of
from quotes.labelstudio.checks import validate
from quotes.labelstudio.config import label_config
from quotes.labelstudio.reviews import review
from quotes.labelstudio.tasks import to_task
from quotes.records import Quotation, Verification


def reviewing() -> Reviewer:
    return Reviewer(checked_task()["predictions"][0]["result"])


def test_both_wordings_stand_beside_the_article_what_needs_a_look_first() -> None:
    assert checked_task()["data"]["verified"] == [
        {
            "Verdict": "altered (0.97)\nwords: did rain → rained",
            "Quotation and source": "“It **rained** all night,”\n\nIt **did rain** all night,\n"
            "speech · Ada Quill · 2017-06-01 · https://town.example/speech",
        },
        {"Verdict": "not_found (0.99)", "Quotation and source": OUT.text},
    ]
    validate([checked_task()], verified=True)


def test_without_the_option_a_task_is_as_it_was() -> None:
    plain = to_task(DOCUMENT, RECORD, model_version="m")
    assert checked_task(verified=False) == plain
    assert "verified" not in plain["data"]
    assert "verdict" not in json.dumps(plain["predictions"])
    with pytest.raises(LabelStudioError, match="verdict"):
        validate([checked_task()])


def person_s(found: Verification, **fields: object) -> Verification:
    return found.model_copy(update={"probability": 1.0, **fields})


WRONG = person_s(ALTERED, verdict="cut")


@pytest.mark.parametrize(
    ("change", "found", "confirmed", "corrected"),
    [
        pytest.param(lambda r: r, {RAINED: person_s(ALTERED), OUT: person_s(MISSING)}, 3, 0, id="accepted"),
        pytest.param(
            lambda r: r.set(quote(RAINED), "verdict", "cut"),
            {RAINED: WRONG, OUT: person_s(MISSING)},
            2,
            1,
            id="another verdict, at the same place",
        ),
        pytest.param(
            lambda r: r.set(quote(RAINED), "verdict", "verbatim"),
            {RAINED: person_s(ALTERED, verdict="verbatim", changes=()), OUT: person_s(MISSING)},
            2,
            1,
            id="nothing differs",
        ),
        pytest.param(
            lambda r: r.set(quote(RAINED), "verdict", "not_found"),
            {RAINED: person_s(MISSING), OUT: person_s(MISSING)},
            2,
            1,
            id="the place is wrong",
        ),
        pytest.param(
            lambda r: r.set(quote(OUT), "verdict", "altered"),
            {RAINED: person_s(ALTERED), OUT: person_s(MISSING, verdict="altered")},
            2,
            1,
            id="found by the person",
        ),
        pytest.param(
            lambda r: r.clear(quote(RAINED), "verdict"), {OUT: person_s(MISSING)}, 2, 1, id="no verdict"
        ),
        pytest.param(
            lambda r: r.set(quote(RAINED), "speaker_kind", "group"),
            {RAINED: person_s(ALTERED), OUT: person_s(MISSING)},
            3,
            0,
            id="something else is changed",
        ),
        pytest.param(
            lambda r: r.set(quote(RAINED), "kind", "not a quotation"),
            {OUT: person_s(MISSING)},
            2,
            0,
            id="not a quotation",
        ),
        pytest.param(lambda r: r.delete(quote(DISGRACE)), {RAINED: person_s(ALTERED), OUT: person_s(MISSING)},
                     2, 0, id="deleted"),
    ],
)  # fmt: skip
def test_a_review_brings_back_the_person_s_verdict(
    change: Change, found: dict[Quotation, Verification], confirmed: int, corrected: int
) -> None:
    reviewer = reviewing()
    change(reviewer)
    reviews = review(parsed(exported(submitted(reviewer))))
    [record] = reviews.gold
    verdicts = {one.text: one.verification for one in record.quotations if one.verification is not None}
    short = {DISGRACE.text: SHORT} if any(one.text == DISGRACE.text for one in record.quotations) else {}
    assert verdicts == {one.text: verification for one, verification in found.items()} | short
    assert (reviews.report.confirmed, reviews.report.corrected) == (confirmed, corrected)
    assert any(line.startswith("Verdicts: ") for line in reviews.report.lines())
    assert CLOSED.text not in verdicts


def test_damage_to_what_was_kept_costs_the_place_alone() -> None:
    reviewer = reviewing()
    for item in reviewer.result:
        if "verification" in item.get("meta", {}):
            item["meta"]["verification"] = {"verdict": "nonsense"}
    [record] = review(parsed(exported(submitted(reviewer)))).gold
    assert record.quotations[0].verification == Verification(verdict="altered", probability=1.0)


def test_the_majority_has_the_verdict() -> None:
    other = [one.model_copy(update={"verification": WRONG}) for one in CHECKED[:1]]
    records = [
        CHECKED_RECORD.model_copy(update={"quotations": tuple(other)}),
        CHECKED_RECORD,
        CHECKED_RECORD.model_copy(update={"quotations": tuple(other)}),
    ]
    [agreed, *_], _ = consensus_of(records, "review:consensus")
    assert agreed.verification == WRONG


def test_a_source_that_cannot_be_represented_is_told() -> None:
    torn = ALTERED.model_copy(update={"speaker": "Ada\x00Quill"})
    quotation = CHECKED[0].model_copy(update={"verification": torn})
    record = RECORD.model_copy(update={"quotations": (quotation,)})
    with pytest.raises(LabelStudioError, match=r"flood: its source contains the character U\+0000"):
        to_task(DOCUMENT, record, model_version="m", verified=True)


def test_the_options_need_verdicts(
    run_quotes: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    for name, record in (("plain", RECORD), ("checked", CHECKED_RECORD)):
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(encode(record.model_copy(update={"text": TEXT})))
    for arguments, told in (
        (["plain.jsonl", "--verified"], "has no verdicts. Make them: quotes verify plain.jsonl"),
        (["checked.jsonl", "--verified", "--blind"], "a blind review shows no verdicts"),
    ):
        done = run_quotes("labelstudio", "export", *arguments, "--out", "tasks.json")
        assert done.returncode == 2
        assert told in done.stderr
    done = run_quotes("labelstudio", "export", "checked.jsonl", "--verified", "--out", "tasks.json")
    assert done.returncode == 0, done.stderr
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert task["data"]["verified"] == checked_task()["data"]["verified"]
    plain = run_quotes("labelstudio", "export", "checked.jsonl", "--out", "plain.json")
    assert "Note: reviewers don't see the verdicts" in plain.stderr
    assert run_quotes("labelstudio", "config", "--verified").stdout == label_config(verified=True)
