"""Comparisons: two predictions, two reviewers, what reviewers corrected, and the blind estimate."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import builders
import pytest
from labelstudio_by_hand import CLOSED, DISGRACE, OUT, Reviewer, at, exported, quote, saved, submitted
from rich.console import Console

from quotes.errors import ScoringError
from quotes.formats.jsonl import records as jsonl
from quotes.labelstudio.exports import read_export
from quotes.labelstudio.gold import read_gold
from quotes.labelstudio.reviews import review
from quotes.labelstudio.tasks import to_task
from quotes.records import Document, DocumentRecord, Quotation
from quotes.scoring.agreement import agree
from quotes.scoring.compare import compare
from quotes.scoring.corrections import OPTIMISM, estimates
from quotes.scoring.findings import find
from quotes.scoring.gold import read_side
from quotes.scoring.items import Item, Judged
from quotes.scoring.measures import Counts
from quotes.scoring.report.page import page
from quotes.scoring.report.tables import sides, tables
from quotes.scoring.scores import Scores, score

TEXT = "abcd " * 40


def item(start: int, *, speaker: int | None = 150, name: str | None = "Ada Quill", rule: str = "r") -> Item:
    return Item(
        parts=((start, start + 9),),
        text=TEXT[start : start + 9],
        kind="direct",
        speaker=((speaker, speaker + 4),) if speaker is not None else (),
        speaker_text="abcd",
        name=name,
        form="name" if name else "anonymous",
        rule=rule,
    )


def document(number: int, *items: Item, blind: bool | None = None) -> Judged:
    return Judged(f"d{number}", f"sha{number}", items, text=TEXT, blind=blind)


GOLD = [document(n, item(0), item(20)) for n in range(8)]
ALL_RIGHT = [document(n, item(0), item(20)) for n in range(8)]
ONE_MISSED = [document(n, item(0)) for n in range(8)]


def against_gold(*documents: Judged) -> Scores:
    return score(documents, GOLD)


# Baseline


def test_what_was_fixed_and_what_broke() -> None:
    old = [document(0, item(0), item(20, speaker=160)), document(1, item(0), item(50))]
    new = [document(0, item(0), item(20)), document(1, item(20), item(70))]
    found = compare(against_gold(*old), against_gold(*new))
    assert [(c.what, c.doc_id, c.parts[0][0]) for c in found.changes] == [
        ("broken", "d1", 0),
        ("new spurious", "d1", 70),
        ("fixed", "d0", 20),
        ("fixed", "d1", 20),
        ("spurious gone", "d1", 50),
    ]
    assert {what: found.count(what) for what in ("fixed", "broken")} == {"fixed": 2, "broken": 1}


def test_comparing_the_other_way_round_turns_everything_round() -> None:
    old, new = against_gold(*ONE_MISSED), against_gold(*ALL_RIGHT)
    there, back = compare(old, new), compare(new, old)
    assert there.count("fixed") == back.count("broken") == 8
    for one, other in zip(there.differences, back.differences, strict=True):
        assert (one.old, one.new) == (other.new, other.old)
        assert one.p == pytest.approx(other.p)


def test_the_same_predictions_differ_by_nothing() -> None:
    found = compare(against_gold(*ALL_RIGHT), against_gold(*ALL_RIGHT))
    assert found.changes == ()
    assert {difference.p for difference in found.differences if difference.new is not None} == {1.0}


def test_the_p_value_is_that_of_all_ways_to_swap() -> None:
    """Eight documents, all better: of the 256 ways to swap, two are as extreme as that."""
    found = {d.name: d for d in compare(against_gold(*ONE_MISSED), against_gold(*ALL_RIGHT)).differences}
    assert found["span"].p == pytest.approx(2 / 256)
    assert (found["span"].old, found["span"].new) == (pytest.approx(2 / 3), 1.0)


def test_the_p_value_by_hand_where_documents_differ_both_ways() -> None:
    old = [*ONE_MISSED[:2], *ALL_RIGHT[2:]]
    new = [ALL_RIGHT[0], ALL_RIGHT[1], ONE_MISSED[2], *ALL_RIGHT[3:]]
    found = {d.name: d for d in compare(against_gold(*old), against_gold(*new)).differences}
    # Of the three that differ, each is either way round: all eight ways, by the gain in quotations found.
    gains = [sum(signs) for signs in product((1, -1), repeat=3)]
    assert found["span"].p == pytest.approx(2 * min(
        sum(gain >= 1 for gain in gains) / 8, sum(gain <= 1 for gain in gains) / 8
    ))  # fmt: skip


def test_one_document_more_is_within_chance() -> None:
    old = [ONE_MISSED[0], *ALL_RIGHT[1:]]
    found = {d.name: d for d in compare(against_gold(*old), against_gold(*ALL_RIGHT)).differences}
    assert found["span"].p == 1.0


def test_many_documents_are_drawn_by_lot_and_the_lot_is_fixed() -> None:
    gold = [document(n, item(0)) for n in range(60)]
    worse = [replace(one, items=()) if n % 2 else one for n, one in enumerate(gold)]
    old, new = score(worse, gold), score(gold, gold)
    first, second = (compare(old, new).differences for _ in range(2))
    assert first == second
    p = {d.name: d.p for d in first}["span"]
    assert p is not None
    assert p < 0.001


def test_only_documents_that_both_have_are_compared() -> None:
    found = compare(against_gold(*ALL_RIGHT[:3]), against_gold(*ALL_RIGHT[2:]))
    assert found.documents == 1
    with pytest.raises(ScoringError, match="no document in common"):
        compare(against_gold(*ALL_RIGHT[:3]), against_gold(*ALL_RIGHT[3:]))


def test_another_gold_is_refused() -> None:
    other = score(ALL_RIGHT, [document(n, item(0)) for n in range(8)])
    with pytest.raises(ScoringError, match="isn't the same for both"):
        compare(other, against_gold(*ALL_RIGHT))


def test_an_unknown_share_has_no_p() -> None:
    nothing = [document(n) for n in range(8)]
    found = {d.name: d for d in compare(against_gold(*nothing), against_gold(*ALL_RIGHT)).differences}
    assert (found["span"].old, found["span"].p) == (None, None)


# Two reviewers


def test_reviewers_who_agree() -> None:
    found = {alpha.question: alpha for alpha in agree(against_gold(*ALL_RIGHT)).alphas}
    assert found["is the word quoted?"].alpha == 1.0
    assert found["is the word quoted?"].units == 8 * 40
    assert found["which mention?"].alike == 1.0
    # Everybody answers "direct" everywhere: nothing varies, so chance would agree as well.
    assert (found["which kind?"].alike, found["which kind?"].alpha) == (1.0, None)
    assert not agree(against_gold(*ALL_RIGHT)).disagreements


def test_where_reviewers_disagree() -> None:
    first = [document(0, item(0, speaker=160, name="Bo Tarn"), item(50))]
    found = agree(against_gold(*first))
    alphas = {alpha.question: alpha for alpha in found.alphas}
    assert (alphas["which mention?"].units, alphas["which mention?"].alike) == (1, 0.0)
    # Four of 40 words are quoted by one only (5 at 20, 2 of them; 2 at 50), two by both.
    assert alphas["is the word quoted?"].alike == pytest.approx(36 / 40)
    assert [verdict.errors for _, verdict in found.disagreements] == [
        ("wrong mention", "wrong person"), ("missed",), ("spurious",)
    ]  # fmt: skip


SAID = replace(item(0), text="“It rained,”", speaker_text="she")
LONG = "“" + "It rained, and the dam held, and nobody was hurt, " * 3


@pytest.mark.parametrize(
    ("first", "second", "cells"),
    [
        pytest.param(
            SAID,
            replace(SAID, name="Bo Tarn"),
            ["Ada Quill (she): “It rained,”", "Bo Tarn (she): “It rained,”"],
            id="person",
        ),
        pytest.param(
            replace(SAID, speaker_text="Quill", name=None),
            replace(SAID, speaker_text="Quill", name="Quill"),
            ["– (Quill): “It rained,”", "Quill: “It rained,”"],
            id="no name",
        ),
        pytest.param(
            SAID,
            replace(SAID, speaker=((170, 174),)),
            ["Ada Quill (she): “It rained,” [0–9; 150–154]", "Ada Quill (she): “It rained,” [0–9; 170–174]"],
            id="two mentions of the same words",
        ),
        pytest.param(
            SAID,
            replace(SAID, kind="mixed"),
            ["Ada Quill (she), direct: “It rained,”", "Ada Quill (she), mixed: “It rained,”"],
            id="kind",
        ),
        pytest.param(
            replace(SAID, text=f"{LONG}” she said."),
            replace(SAID, text=f"{LONG}twice.”", parts=((0, 10),)),
            ["Ada Quill (she): …was hurt, ” she said.", "Ada Quill (she): …was hurt, twice.”"],
            id="ends of long quotations",
        ),
        pytest.param(None, SAID, ["–", "Ada Quill (she): “It rained,”"], id="only the second"),
    ],
)
def test_what_two_reviewers_disagree_about_shows(first: Item | None, second: Item, cells: list[str]) -> None:
    documents = ([document(0, *([first] if first else []))], [document(0, second)])
    [(_, verdict)] = agree(score(*documents)).disagreements
    assert sides(verdict) == cells


def test_without_texts_nothing_is_known_of_words() -> None:
    bare = [replace(one, text=None) for one in ALL_RIGHT]
    [words, *_] = agree(score(bare, [replace(one, text=None) for one in GOLD])).alphas
    assert (words.units, words.alike, words.alpha) == (0, None, None)


def test_one_name_in_two_forms_is_agreement() -> None:
    first = [document(0, item(0, name="Ada J. Quill"), item(20, name="Bo Tarn"))]
    second = [document(0, item(0, name="Ada Quill"), item(20, name="Bo Tarn"))]
    [who] = [alpha for alpha in agree(score(first, second)).alphas if alpha.question == "who is it?"]
    assert (who.alike, who.alpha) == (1.0, 1.0)


# Blind


def test_the_blind_estimate_stands_beside_the_other() -> None:
    gold = [replace(one, blind=n < 3) for n, one in enumerate(GOLD)]
    scores = score([*ONE_MISSED[:3], *ALL_RIGHT[3:]], gold)
    found = estimates(scores, samples=20)
    assert found is not None
    assert (found.blind_documents, found.corrected_documents) == (3, 5)
    assert found.blind["attributed"].counts == Counts(3, 3, 3, 6)
    assert found.corrected["attributed"].counts == Counts(10, 10, 10, 10)


@pytest.mark.parametrize("blind", [None, False])
def test_without_blind_reviews_there_is_no_estimate(blind: bool | None) -> None:
    assert estimates(score(ALL_RIGHT, [replace(one, blind=blind) for one in GOLD])) is None


# What reviewers corrected

STORY = Document(
    doc_id="dam",
    text="“It rained,” Ada Quill said. “It poured,” she said. “It hailed,” Bo Tarn said. “A title” was up.\n",
)


def _quotation(words: str, speaker: str, cue: int, name: str | None) -> Quotation:
    lead = f"{words} {speaker} "
    fields = {"cue": (lead, "said")} if cue else {}
    return builders.quotation(
        STORY.text, words, speaker=(f"{words} ", speaker), speaker_name=name, rule="after-quotation", **fields
    )


PREDICTED = DocumentRecord(
    doc_id="dam",
    text_sha256=STORY.text_sha256,
    quotations=(
        _quotation("“It rained,”", "Ada Quill", 1, "Ada Quill"),
        _quotation("“It poured,”", "she", 1, "Ada Quill"),
        _quotation("“It hailed,”", "Bo Tarn", 1, "Bo Tarn"),
        _quotation("“A title”", "was", 0, None),
    ),
)


def _export(tmp_path: Path, *, blind: bool, lead_time: Any = 42.5, skipped: bool = False) -> Path:
    """A task as Label Studio exports it: the second renamed, the third moved, the fourth deleted."""
    task = to_task(STORY, PREDICTED, model_version="quotes-0")
    prefilled = task["predictions"][0]["result"]
    title = STORY.text.index("“A title")
    result = [one for one in copy.deepcopy(prefilled) if one.get("value", {}).get("start") != title]
    hailed, poured = STORY.text.index("“It hailed"), STORY.text.index("“It poured")
    for one in result:
        value = one.get("value", {})
        if value.get("start") == poured and one["from_name"] == "person":
            value["choices"] = ["Cy Orr"]
        if value.get("start") == hailed:
            value["end"] -= 1
    ids = {one["id"] for one in result if "id" in one}
    result = [one for one in result if one["type"] != "relation" or {one["from_id"], one["to_id"]} <= ids]
    began = {"id": 5, "result": prefilled}
    annotation = {
        "id": 7, "completed_by": {"id": 1, "email": "ada@example.org"}, "result": result,
        "lead_time": lead_time,
        "was_cancelled": skipped, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        "prediction": {} if blind else began, "parent_prediction": None if blind else 5,
    }  # fmt: skip
    content = {"id": 1, "data": task["data"], "meta": task["meta"], "annotations": [annotation], "drafts": []}
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{**content, "predictions": [] if blind else [began]}]), encoding="utf-8")
    return path


def test_what_reviewers_did_is_counted(tmp_path: Path) -> None:
    side = read_gold(_export(tmp_path, blind=False))
    found = side.corrections
    assert found is not None
    assert found.outcomes == {"accepted": 1, "changed": 2, "renamed": 1, "moved": 1, "deleted": 1}
    assert (found.reviews, found.blind, found.skipped, found.preannotated) == (1, 0, 0, 4)
    assert (found.lead_times, found.blind_lead_times) == ((42.5,), ())
    rows = dict(found.rows())
    assert rows["accepted"] == "1 (25.0 %)"
    assert rows["added"] == "0"
    counts = [int(rows[name].split()[0]) for name in ("accepted", "changed", "deleted")]
    assert sum(counts) == int(rows["quotations pre-annotated"])
    assert rows["median seconds a review, with predictions"] == "42 (of 1)"
    assert rows["median seconds a review, blind"] == "–"
    assert side.documents[0].blind is False


def test_pull_and_score_count_the_same(tmp_path: Path) -> None:
    """One accepted, one changed in two ways, one marked as not a quotation, one deleted, one added."""
    reviewer = Reviewer().set(quote(OUT), "kind", "mixed").set(quote(OUT), "speaker_name", "A. Quill")
    reviewer.set(quote(DISGRACE), "kind", "not a quotation").delete(quote(CLOSED))
    reviewer.label("x", "Quote", *at("Mayor"), kind="mixed")
    path = saved(tmp_path, exported(submitted(reviewer)))
    side = read_gold(path)
    found = side.corrections
    assert found is not None
    assert found.outcomes == {
        "accepted": 1, "changed": 1, "renamed": 1, "other kind": 1, "deleted": 2, "added": 1
    }  # fmt: skip
    report = review(read_export(path)).report
    assert (report.unchanged, report.changed, report.removed, report.added) == (1, 1, 2, 1)
    assert report.lines()[-1] in side.notes


def test_the_terminal_says_that_figures_on_corrected_predictions_flatter(tmp_path: Path) -> None:
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_bytes(jsonl.encode(PREDICTED))
    findings = find(
        read_side(predictions), read_gold(_export(tmp_path, blind=False)), threshold=0.8, samples=0
    )
    out = StringIO()
    for table in tables(findings):
        Console(file=out, width=200).print(table)
    assert OPTIMISM in " ".join(out.getvalue().split())
    assert OPTIMISM in page(findings).decode()


def test_a_blind_review_is_told_from_a_correction(tmp_path: Path) -> None:
    side = read_gold(_export(tmp_path, blind=True))
    assert side.corrections is not None
    assert (side.corrections.reviews, side.corrections.blind) == (0, 1)
    assert side.corrections.outcomes == {}
    assert side.corrections.blind_lead_times == (42.5,)
    assert side.documents[0].blind is True


def test_a_skipped_task_is_no_review(tmp_path: Path) -> None:
    found = read_gold(_export(tmp_path, blind=False, skipped=True)).corrections
    assert found is not None
    assert (found.reviews, found.skipped, found.outcomes) == (0, 1, {})


@pytest.mark.parametrize("odd", [None, "soon", True, -3])
def test_a_lead_time_that_is_none_is_left_out(odd: object, tmp_path: Path) -> None:
    found = read_gold(_export(tmp_path, blind=False, lead_time=odd)).corrections
    assert found is not None
    assert found.lead_times == ()


def test_an_export_is_scored_like_records(tmp_path: Path) -> None:
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_bytes(jsonl.encode(PREDICTED))
    findings = find(
        read_side(predictions), read_gold(_export(tmp_path, blind=True)), threshold=0.8, samples=0
    )
    assert findings.scores.measures["span"].counts == Counts(3, 4, 3, 3)
    assert findings.scores.measures["exact"].counts.right == 2
    assert findings.scores.measures["person"].counts.right == 2
    assert findings.estimates is not None
    assert findings.estimates.blind["span"].counts.right == 3
