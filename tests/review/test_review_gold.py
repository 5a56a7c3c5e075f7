"""Decisions become gold: complete or in part, of one reviewer or several; and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from builders import quotation
from review_by_hand import (
    CLOSED,
    CLOSING,
    DAM,
    FLOOD,
    FLOOD_RECORD,
    PIER_RECORD,
    PITY,
    RAIN,
    Reviewer,
    decision,
    queue,
)

from quotes.records import DocumentRecord
from quotes.review.decisions import Decision, rejected
from quotes.review.gold import Gold, gold, left
from quotes.review.journal import Journal


class Journals:
    """Journals of several reviewers, written from decisions."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack

    def __call__(self, **of: list[Decision]) -> list[Journal]:
        found = []
        for name, decisions in of.items():
            journal = self._stack.enter_context(Journal.continued(self._folder / f"p.{name}.journal", name))
            for one in decisions:
                journal.add(one)
            found.append(journal)
        return found


@pytest.fixture
def journals(tmp_path: Path) -> Iterator[Journals]:
    with ExitStack() as stack:
        yield Journals(tmp_path, stack)


def only(found: Gold) -> DocumentRecord:
    [record] = found.records
    return record


ALL_OF_FLOOD = [
    decision(FLOOD_RECORD, RAIN),
    decision(FLOOD_RECORD, DAM),
    decision(FLOOD_RECORD, CLOSED, "rejected", rejected(CLOSED, "")),
]


def test_a_document_whose_quotations_are_all_decided_is_complete(journals: Journals) -> None:
    record = only(gold(queue(), journals(bo=ALL_OF_FLOOD)))
    assert (record.doc_id, record.partly_reviewed, record.text) == ("flood", False, None)
    assert [(one.text, one.kind) for one in record.quotations] == [
        (RAIN.text, "direct"),
        (DAM.text, "direct"),
        (CLOSED.text, "unattributed"),
    ]
    assert {(one.rule, one.confidence) for one in record.quotations} == {("review:bo", 1.0)}


def test_one_that_is_decided_in_part_says_so_and_holds_what_was_judged(journals: Journals) -> None:
    found = gold(queue(), journals(bo=[*ALL_OF_FLOOD[1:], decision(FLOOD_RECORD, RAIN, "unsure")]))
    assert only(found).partly_reviewed
    assert [one.text for one in only(found).quotations] == [DAM.text, CLOSED.text]
    assert found.lines[-1] == (
        "0 of 2 documents complete, 1 in part. Quotations: 1 unchanged, 0 changed, 1 rejected, 0 added; "
        "3 left, 1 of them unsure."
    )


def test_what_nobody_looked_at_is_left_out(journals: Journals) -> None:
    found = gold(queue(), journals(bo=[decision(FLOOD_RECORD, RAIN, "unsure")]))
    assert found.records == ()
    assert found.lines[-1].startswith("0 of 2 documents complete, 0 in part.")


def test_what_was_added_is_gold_and_gets_the_flags_of_a_copy(journals: Journals) -> None:
    text = FLOOD + "\n“The dam held,” Orr told reporters. A sign read “Closed”.\n"
    again = FLOOD_RECORD.model_copy(update={"text": text, "quotations": (DAM,)})
    start = len(FLOOD) + 1
    copied = quotation(text, (start, start + 15), speaker=(start + 16, start + 19), speaker_name="Cy Orr")
    assert copied.text == DAM.text
    found = gold(queue(again), journals(bo=[decision(again, DAM), decision(again, copied, "added")]))
    assert not only(found).partly_reviewed
    assert [one.duplicate_of for one in only(found).quotations] == [None, DAM.quote_id]


def test_two_reviewers_share_the_work(journals: Journals) -> None:
    first, *others = ALL_OF_FLOOD
    found = gold(queue(), journals(bo=[first], ines=others))
    assert not only(found).partly_reviewed
    assert found.by_reviewer == {}


CORRECTED = RAIN.model_copy(update={"speaker_name": "Ada Quill"})
BO = decision(FLOOD_RECORD, RAIN)
INES = decision(FLOOD_RECORD, RAIN, "corrected", CORRECTED, by="ines", at="2026-03-02T10:00:00Z")
NOOR = decision(FLOOD_RECORD, RAIN, "corrected", CORRECTED, by="noor", at="2026-02-02T10:00:00Z")


def test_of_several_answers_the_latest_counts_and_agreement_is_told(journals: Journals) -> None:
    found = gold(queue(), journals(ines=[INES], bo=[BO]))
    [answer] = only(found).quotations
    assert (answer.speaker_name, answer.rule) == ("Ada Quill", "review:ines")
    assert {who: one.quotations[0].speaker_name for who, [one] in found.by_reviewer.items()} == {
        "bo": "Cy Orr",
        "ines": "Ada Quill",
    }
    assert any("the speaker's mention 100%, the name 0%" in line for line in found.lines)


def test_with_consensus_the_majority_counts(journals: Journals) -> None:
    found = gold(queue(), journals(bo=[BO], ines=[INES], noor=[NOOR]), consensus=True)
    [answer] = only(found).quotations
    assert (answer.speaker_name, answer.rule) == ("Ada Quill", "review:consensus")


def test_without_a_majority_it_is_left(journals: Journals) -> None:
    no = decision(FLOOD_RECORD, RAIN, "rejected", rejected(RAIN, ""), by="ines")
    two = journals(bo=[BO], ines=[no])
    found = gold(queue(), two, consensus=True)
    assert found.records == ()
    [(start, end)] = RAIN.parts
    assert any(f"no majority for the quotation from {start} to {end}" in line for line in found.lines)


def test_decisions_on_other_texts_and_documents_are_told_and_not_used(journals: Journals) -> None:
    changed = decision(FLOOD_RECORD.model_copy(update={"text_sha256": "1" * 64}), RAIN)
    found = gold(queue(FLOOD_RECORD), journals(bo=[changed, decision(PIER_RECORD, PITY)]))
    assert found.records == ()
    assert found.lines[:2] == (
        "Not used: 1 decision of bo on documents whose text has changed since.",
        "Not used: 1 decision of bo on documents that are not in these records.",
    )


def test_an_answer_outlives_the_prediction_it_was_given_to(journals: Journals) -> None:
    newer = FLOOD_RECORD.model_copy(update={"quotations": (DAM,)})
    record = only(gold(queue(newer), journals(bo=ALL_OF_FLOOD), with_text=True))
    assert not record.partly_reviewed
    assert len(record.quotations) == 3
    assert record.text == FLOOD


def test_what_is_left_are_whole_documents_with_the_answers_in_them(journals: Journals) -> None:
    several = journals(bo=[*ALL_OF_FLOOD, decision(PIER_RECORD, CLOSING, "unsure")], ines=[])
    [record] = left(queue(), several)
    assert record == PIER_RECORD
    [record] = left(queue(FLOOD_RECORD), journals(noor=ALL_OF_FLOOD[1:]))
    assert [(one.text, one.confidence) for one in record.quotations] == [
        (RAIN.text, 0.41),
        (DAM.text, 1.0),
        (CLOSED.text, 1.0),
    ]
    assert list(left(queue(FLOOD_RECORD), journals(ada=ALL_OF_FLOOD))) == []


def test_the_ends_of_indirect_speech_that_were_moved_are_one_quotation(tmp_path: Path) -> None:
    bo = Reviewer(tmp_path, "bo", PIER_RECORD)
    bo.step("end", number=1)
    bo.step("right")
    record = only(gold(queue(PIER_RECORD), [bo.journal]))
    assert [one.text for one in record.quotations] == ["the old pier would close on"]
    assert record.partly_reviewed
    bo.step("right")
    assert not only(gold(queue(PIER_RECORD), [bo.journal])).partly_reviewed
    assert list(left(queue(PIER_RECORD), [bo.journal])) == []
