"""Reviews become gold: skips, drafts, several reviewers, and what they agree on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from labelstudio_by_hand import (
    ALL,
    CLOSED,
    DISGRACE,
    OUT,
    RAINED,
    RECORD,
    SHA,
    TEXT,
    Reviewer,
    at,
    exported,
    mention,
    parsed,
    quote,
    quoted,
    span,
    submitted,
)

from quotes.formats.jsonl.records import read_records
from quotes.gold.consensus import agreement, consensus_of
from quotes.gold.files import publish
from quotes.labelstudio.reviews import Reviews, review
from quotes.records import Document, DocumentRecord, Quotation

ADA, BO, CY = "ada@example.org", "bo@example.org", "cy@example.org"


def reviewed(*annotations: dict[str, Any], **options: Any) -> Reviews:
    return review(parsed(exported(*annotations)), **options)


def by(who: str, at: int = 1, reviewer: Reviewer | None = None, **fields: Any) -> dict[str, Any]:
    """An annotation of the `at`th minute."""
    return submitted(reviewer, who=who, updated_at=f"2026-11-21T22:{at:02}:00Z", **fields)


def of(record: DocumentRecord, who: str) -> DocumentRecord:
    found = tuple(one.model_copy(update={"rule": f"review:{who}"}) for one in record.quotations)
    return record.model_copy(update={"quotations": found})


def test_an_accepted_task_is_gold() -> None:
    reviews = reviewed(by(ADA))
    assert reviews.gold == (RECORD,)
    assert reviews.by_reviewer == {}
    assert reviews.report.lines() == [
        "1 of 1 document reviewed. Quotations: 4 unchanged, 0 changed, 0 removed, 0 added."
    ]


def test_corrections_are_counted() -> None:
    done = Reviewer().delete(quote(DISGRACE)).set(quote(OUT), "kind", "mixed").move(quote(RAINED), 0, 11)
    done.label("x", "Quote", *at("The sign"), kind="mixed").label("y", "Quote", *at("Mayor"), kind="mixed")
    report = reviewed(by(ADA, reviewer=done)).report
    assert (report.unchanged, report.changed, report.removed, report.added) == (1, 2, 1, 2)


def test_the_text_is_included_on_request() -> None:
    [gold] = reviewed(by(ADA), with_text=True).gold
    assert gold == RECORD.model_copy(update={"text": TEXT})


def test_a_skipped_task_gives_nothing() -> None:
    """It exports all that was pre-filled, as if it were accepted."""
    reviews = reviewed(by(ADA, was_cancelled=True))
    assert (reviews.gold, reviews.report.reviewed) == ((), 0)
    assert reviews.report.skipped == ["flood, by ada@example.org."]
    assert "0 of 1 document reviewed" in reviews.report.lines()[-1]


def test_a_skip_does_not_affect_another_review() -> None:
    reviews = reviewed(by(ADA), by(BO, 2, was_cancelled=True))
    assert (reviews.gold, reviews.by_reviewer, len(reviews.report.skipped)) == ((RECORD,), {}, 1)


def test_an_untouched_task_is_not_gold() -> None:
    reviews = reviewed()
    assert (reviews.gold, reviews.report.documents, reviews.report.problems) == ((), 1, [])


def test_a_review_that_deleted_everything_is_gold() -> None:
    done = Reviewer()
    done.result = []
    [gold] = reviewed(by(ADA, reviewer=done)).gold
    assert gold.quotations == ()


def test_drafts_are_reported_and_not_counted() -> None:
    drafts = [{"user": BO, "annotation": None}, {"user": ADA, "annotation": 2}]
    reviews = review(parsed(exported(by(ADA), drafts=drafts)))
    assert reviews.gold == (RECORD,)
    assert reviews.report.drafts == [
        "flood: bo@example.org has not submitted.",
        "flood: ada@example.org changed a review and did not press Update.",
    ]


def test_a_damaged_review_is_reported_and_not_used() -> None:
    damaged = by(BO, 2)
    damaged["result"][0]["value"]["end"] = 10**6
    reviews = reviewed(by(ADA), damaged)
    assert reviews.gold == (RECORD,)
    assert reviews.report.problems == [
        "flood, by bo@example.org: result 1 is damaged (it is outside the text)."
    ]


def test_a_task_with_an_edited_text_is_reported_and_not_used() -> None:
    task = exported(by(ADA))
    task["data"]["text"] += "!"
    reviews = review(parsed(task))
    assert reviews.gold == ()
    assert reviews.report.problems == [
        "flood: its text was edited in Label Studio, so offsets no longer fit the article."
    ]


@pytest.mark.parametrize(
    ("hashes", "problem"),
    [
        ({"flood": SHA}, None),
        ({"flood": "0"}, "the article has changed since"),
        ({}, "there is no article with this id"),
    ],
)
def test_reviews_are_compared_with_the_articles(hashes: dict[str, str], problem: str | None) -> None:
    reviews = reviewed(by(ADA), hashes=hashes)
    assert reviews.gold == ((RECORD,) if problem is None else ())
    assert reviews.report.problems == ([] if problem is None else [f"flood: {problem}."])


def test_of_two_versions_of_a_text_the_latest_review_counts() -> None:
    other = Document(doc_id="flood", text="“No,” he said.")
    old = exported(submitted(Reviewer([]), updated_at="2020"), document=other)
    for tasks in ([exported(by(ADA)), old], [old, exported(by(BO))]):
        reviews = review(parsed(*tasks))
        assert [gold.text_sha256 for gold in reviews.gold] == [SHA]
    assert reviews.report.problems == [
        "flood: 2 versions of its text were reviewed: only the latest is used."
    ]


def test_a_task_that_was_imported_twice_is_one_document() -> None:
    reviews = review(parsed(exported(by(ADA)), exported(by(BO, 2))))
    assert (len(reviews.gold), set(reviews.by_reviewer)) == (1, {ADA, BO})


# --- Several reviewers ---


def test_all_reviews_are_kept_and_the_latest_is_gold() -> None:
    changed = Reviewer().delete(quote(DISGRACE))
    reviews = reviewed(by(BO, 2, changed), by(ADA, 1))
    fewer = of(RECORD.model_copy(update={"quotations": (RAINED, OUT, CLOSED)}), BO)
    assert reviews.gold == (fewer,)
    assert reviews.by_reviewer == {ADA: (RECORD,), BO: (fewer,)}
    assert reviews.report.several == ["flood: ada@example.org, bo@example.org"]


def test_of_two_reviews_by_one_person_the_latest_counts() -> None:
    reviews = reviewed(by(ADA, 1, Reviewer().delete(quote(DISGRACE))), by(ADA, 2))
    assert (reviews.gold, reviews.by_reviewer) == ((RECORD,), {})
    assert reviews.report.notes == ["flood: a reviewer reviewed it more than once: the latest review counts."]


def test_gold_is_written_beside_each_reviewer_s_own(tmp_path: Path) -> None:
    reviews = reviewed(by("../../Bo  Quill/é"), by(ADA, 2), by("Bo/ Quill:é", 3), by("..", 4))
    out = tmp_path / "gold.jsonl"
    paths = publish(reviews.gold, reviews.by_reviewer, out)
    assert [path.parent for path in paths] == [tmp_path] * 5
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)
    assert {"gold.jsonl", "gold.ada@example.org.jsonl", "gold._.jsonl", "gold.Bo_Quill_é.jsonl"} < {
        path.name for path in paths
    }
    assert list(read_records(out)) == list(reviews.gold)
    for path, records in zip(paths[1:], reviews.by_reviewer.values(), strict=True):
        assert tuple(read_records(path)) == records


# --- Consensus ---


def records(*reviews: tuple[Quotation, ...]) -> list[DocumentRecord]:
    return [DocumentRecord(doc_id="flood", text_sha256=SHA, quotations=found) for found in reviews]


def renamed(quotation: Quotation, **fields: Any) -> Quotation:
    return quotation.model_copy(update=fields)


NEGATIVE = renamed(
    DISGRACE, kind="unattributed", speaker=None, speaker_name=None, speaker_kind="unknown", cue=None
)
WIDE = quoted("the dam a “disgrace”", speaker="Tobias Renn", cue="called", speaker_name="Tobias Renn",
              speaker_kind="person", kind="mixed", channel="writing")  # fmt: skip
TINY = quoted("dis", kind="mixed")
CLAUSE = renamed(DISGRACE, content=(at("the dam a “disgrace”"),), source=span("Tobias Renn 🌊"),
                 attribution_type="assertion")  # fmt: skip
AROUND = quoted("Tobias Renn 🌊 called the dam a “disgrace”", kind="indirect", speaker="she")
QUILL = {"speaker": RAINED.speaker, "speaker_name": "Ada Quill"}

VOTES: dict[str, tuple[list[tuple[Quotation, ...]], tuple[Quotation, ...], int]] = {
    "all alike": ([ALL, ALL, ALL], ALL, 0),
    "two of three": ([(DISGRACE,), (DISGRACE,), ()], (DISGRACE,), 0),
    "one of three": ([(DISGRACE,), (), ()], (), 0),
    "one of two": ([(DISGRACE,), ()], (), 1),
    "two of four": ([(DISGRACE,), (DISGRACE,), (), ()], (), 1),
    "a negative of two": ([(NEGATIVE,), (NEGATIVE,), (DISGRACE,)], (NEGATIVE,), 0),
    "a negative of one": ([(NEGATIVE,), (DISGRACE,), (DISGRACE,)], (DISGRACE,), 0),
    "one each way": ([(NEGATIVE,), (DISGRACE,)], (), 1),
    "a kind": ([(DISGRACE,), (renamed(DISGRACE, kind="direct"),), (DISGRACE,)], (DISGRACE,), 0),
    "a kind, even: the latest": ([(DISGRACE,), (renamed(DISGRACE, kind="direct"),)],
                                 (renamed(DISGRACE, kind="direct"),), 0),
    "a speaker, with the name of those who chose it": (
        [(renamed(DISGRACE, **QUILL),), (DISGRACE,), (renamed(DISGRACE, speaker_name="T. Renn"),)],
        (renamed(DISGRACE, speaker_name="T. Renn"),), 0,
    ),
    "edges": ([(WIDE,), (DISGRACE,), (WIDE,)], (WIDE,), 0),
    "too little in common": ([(TINY,), (DISGRACE,)], (), 2),
    "nested ones are two": (
        [(RAINED, TINY, DISGRACE), (RAINED, DISGRACE), (RAINED, DISGRACE)], (RAINED, DISGRACE), 0
    ),
    "content, source and type": (
        [(CLAUSE,), (CLAUSE,), (renamed(DISGRACE, attribution_type="belief", negated=True),)], (CLAUSE,), 0
    ),
    "a source belongs to its speaker": (
        [(CLAUSE,), (renamed(DISGRACE, **QUILL),), (renamed(DISGRACE, **QUILL),)],
        (renamed(DISGRACE, **QUILL),), 0,
    ),
    "indirect speech around a quotation": (
        [(AROUND, DISGRACE), (AROUND, DISGRACE), (DISGRACE,)], (AROUND, DISGRACE), 0
    ),
    "nobody marked anything": ([(), ()], (), 0),
}  # fmt: skip


@pytest.mark.parametrize("name", VOTES)
def test_the_majority_wins(name: str) -> None:
    reviews, agreed, unsettled = VOTES[name]
    found, left = consensus_of(records(*reviews), RAINED.rule)
    assert (found, len(left)) == (agreed, unsettled)


def test_consensus_is_of_documents_with_several_reviews() -> None:
    alone = {**exported(by(ADA)), "data": {"text": "a", "doc_id": "alone", "text_sha256": _sha("a")}}
    alone["annotations"][0] |= {"result": [], "prediction": {}}
    both = exported(by(ADA), by(BO, 2, Reviewer().delete(quote(DISGRACE))))
    reviews = review(parsed(both, alone), consensus=True)
    assert [gold.doc_id for gold in reviews.gold] == ["alone", "flood"]
    assert reviews.gold[1] == of(RECORD.model_copy(update={"quotations": (RAINED, OUT, CLOSED)}), "consensus")
    assert reviews.report.notes == [
        "flood: no majority for the quotation from 114 to 124: left out. Decide it together."
    ]
    assert {who: len(found) for who, found in reviews.by_reviewer.items()} == {ADA: 2, BO: 1}


def _sha(text: str) -> str:
    return Document(doc_id="", text=text).text_sha256


def test_agreement_is_measured() -> None:
    other = (renamed(RAINED, **{**QUILL, "speaker_name": "Quill"}), WIDE, renamed(OUT, kind="indirect"))
    found = agreement([records(ALL, other)])
    assert (found.documents, found.marked, found.pairs) == (1, 6, 3)
    assert (found.parts, found.speaker, found.name, found.kind) == (2, 3, 2, 2)
    assert found.f1 == 1.0
    assert found.lines() == [
        "Agreement of reviewers on 1 document: which words are quotations 100% (F1); on the 3 found by both: "
        "their edges 67%, the speaker's mention 100%, the name 67%, the kind 67%."
    ]


@pytest.mark.parametrize(
    ("one", "other", "f1"),
    [
        ((), (), 1.0),
        ((RAINED,), (), 0.0),
        ((RAINED, OUT, DISGRACE), (RAINED,), 0.5),
        ((CLOSED,), (), 1.0),
        ((TINY,), (DISGRACE,), 0.0),
        ((DISGRACE, WIDE), (DISGRACE,), 2 / 3),
    ],
)
def test_agreement_on_which_words(
    one: tuple[Quotation, ...], other: tuple[Quotation, ...], f1: float
) -> None:
    assert agreement([records(one, other)]).f1 == f1
    assert agreement([records(other, one)]).f1 == f1


def test_agreement_is_reported_with_and_without_consensus() -> None:
    changed = Reviewer().tie(quote(RAINED), mention("Tobias Renn"))
    for consensus in (False, True):
        report = reviewed(by(ADA), by(BO, 2, changed), consensus=consensus).report
        assert report.agreement is not None
        assert (report.agreement.pairs, report.agreement.speaker) == (3, 2)
        assert any(line.startswith("Agreement of reviewers on 1 document") for line in report.lines())
