"""Gold of several files as one: complete reviews count more than those in part, and what differs is told."""

from __future__ import annotations

import pytest
from review_by_hand import CLOSED, DAM, FLOOD_RECORD, PIER_RECORD, RAIN

from quotes.gold.files import merge, safe_name
from quotes.records import DocumentRecord, Quotation

OTHER = RAIN.model_copy(update={"speaker_name": "Ada Quill"})


def gold(*quotations: Quotation, part: bool = False, sha: str = FLOOD_RECORD.text_sha256) -> DocumentRecord:
    return DocumentRecord(doc_id="flood", text_sha256=sha, quotations=quotations, partly_reviewed=part)


@pytest.mark.parametrize(
    ("first", "second", "wanted", "note"),
    [
        (gold(RAIN, part=True), gold(DAM, part=True), gold(RAIN, DAM, part=True), None),
        (gold(RAIN, part=True), gold(OTHER, part=True), gold(OTHER, part=True), "later file"),
        (gold(RAIN, part=True), gold(RAIN, DAM), gold(RAIN, DAM), None),
        (gold(RAIN, DAM), gold(RAIN, part=True), gold(RAIN, DAM), None),
        (gold(RAIN, DAM), gold(OTHER, part=True), gold(RAIN, DAM), "complete review"),
        (gold(OTHER, part=True), gold(RAIN, DAM), gold(RAIN, DAM), "complete review"),
        (gold(RAIN), gold(RAIN, DAM), gold(RAIN, DAM), None),
        (gold(RAIN, DAM), gold(RAIN), gold(RAIN), "1 answer differs in two reviews: the later file"),
        (gold(RAIN), gold(DAM, sha="1" * 64), gold(DAM, sha="1" * 64), "two versions of its text"),
    ],
)
def test_two_reviews_of_a_document(
    first: DocumentRecord, second: DocumentRecord, wanted: DocumentRecord, note: str | None
) -> None:
    merged, notes = merge([[first], [second]])
    assert merged == (wanted,)
    assert len(notes) == (note is not None)
    assert note is None or note in notes[0]


def test_who_found_it_is_no_difference() -> None:
    again = RAIN.model_copy(update={"rule": "review:bo", "confidence": 1.0})
    assert merge([[gold(RAIN)], [gold(again)]]) == ((gold(again),), ())


def test_documents_of_one_file_only_are_kept_in_order() -> None:
    pier = PIER_RECORD.model_copy(update={"text": None})
    assert merge([[pier], [gold(CLOSED)], []])[0] == (gold(CLOSED), pier)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("ada@example.org", "ada@example.org"),
        ("../../x y", "_.._x_y"),
        ("..", "_"),
        ("", "_"),
        ("Å" * 90, "Å" * 40),
    ],
)
def test_names_in_file_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe
