"""Gold that was reviewed in part: precision on what was judged, recall where a document is complete."""

from __future__ import annotations

import pytest
from builders import quotation, record

from quotes.records import DocumentRecord, Quotation
from quotes.scoring.compare import compare
from quotes.scoring.findings import find
from quotes.scoring.gold import Side
from quotes.scoring.items import judged_of
from quotes.scoring.measures import Counts
from quotes.scoring.scores import Scores, fingerprint, score

TEXT = (
    "“One,” Ada Quill said. “Two,” Cy Orr said. “Three,” Bo Tarn said. A sign: “Four”. Quill said it rained."
)
ONE, TWO, THREE = (
    quotation(TEXT, f"“{words},”", speaker=name, speaker_name=name, cue=(f"{name} ", "said"))
    for words, name in (("One", "Ada Quill"), ("Two", "Cy Orr"), ("Three", "Bo Tarn"))
)
FOUR = quotation(TEXT, "“Four”", speaker="Bo Tarn", speaker_name="Bo Tarn", confidence=0.3)
RAIN = quotation(
    TEXT, "it rained", kind="indirect", speaker=("“Four”. ", "Quill"), cue=("“Four”. Quill ", "said")
)
NO_FOUR = FOUR.model_copy(
    update={"kind": "unattributed", "speaker": None, "speaker_name": None, "speaker_kind": "unknown"}
)
WRONG = TWO.model_copy(update={"speaker": ONE.speaker, "speaker_name": "Ada Quill"})


def of(*quotations: Quotation, part: bool = False, doc_id: str = "a") -> DocumentRecord:
    return record(doc_id, TEXT + doc_id, *quotations).model_copy(update={"partly_reviewed": part})


def scored(predicted: list[DocumentRecord], gold: list[DocumentRecord]) -> Scores:
    sides = ([judged_of(one, "") for one in side] for side in (predicted, gold))
    return score(*sides, samples=20)


PREDICTED = of(ONE, WRONG, THREE, FOUR)


@pytest.mark.parametrize(
    ("gold", "wanted"),
    [
        # All is judged, or nothing says that it isn't.
        (of(ONE, TWO, THREE, NO_FOUR), Counts(2, 4, 2, 3)),
        # THREE and FOUR weren't judged: they are neither right nor wrong.
        (of(ONE, TWO, part=True), Counts(1, 2, 0, 0)),
        # FOUR was judged to be none.
        (of(ONE, NO_FOUR, part=True), Counts(1, 2, 0, 0)),
        # What was judged and isn't predicted any more says nothing of recall, either.
        (of(ONE, RAIN, part=True), Counts(1, 1, 0, 0)),
        (of(part=True), Counts()),
    ],
)
def test_what_counts(gold: DocumentRecord, wanted: Counts) -> None:
    scores = scored([PREDICTED], [gold])
    assert scores.measures["attributed"].counts == wanted


def test_every_measure_of_a_part_is_precision_alone() -> None:
    predicted, gold = of(ONE, WRONG, RAIN), of(ONE, TWO, RAIN, part=True)
    counts = {name: measure.counts for name, measure in scored([predicted], [gold]).measures.items()}
    whole = scored([predicted], [gold.model_copy(update={"partly_reviewed": False})]).measures
    assert counts.keys() == whole.keys()
    for name, found in counts.items():
        assert found == whole[name].counts._replace(found=0, gold=0), name
        assert found.recall is None


def test_complete_documents_give_recall_beside_partial_ones() -> None:
    complete = of(ONE, TWO, doc_id="b")
    scores = scored([PREDICTED, of(ONE, doc_id="b")], [of(ONE, TWO, part=True), complete])
    counts = scores.measures["attributed"].counts
    assert counts == Counts(2, 3, 1, 2)
    assert (counts.precision, counts.recall) == (2 / 3, 1 / 2)
    assert scores.calibration.total == counts
    by_document = scores.slices["document"]
    assert by_document["a"] == Counts(1, 2, 0, 0)
    assert by_document["b"] == Counts(1, 1, 1, 2)


def test_indirect_gold_is_counted_in_the_heading() -> None:
    scores = scored([of(ONE, RAIN)], [of(ONE, RAIN, part=True)])
    assert (scores.indirect_gold, scores.indirect and scores.indirect.total.gold) == (1, 0)


def test_a_judged_quotation_within_reported_words_that_nobody_judged() -> None:
    around = quotation(TEXT, TEXT[:60], kind="indirect", speaker="Bo Tarn")
    gold = of(ONE, RAIN, part=True)
    counts = scored([of(ONE, around, RAIN)], [gold]).measures["attribution"].counts
    assert counts == Counts(2, 2, 0, 0)


def test_the_gold_is_another_one_if_it_is_in_part() -> None:
    answers = (ONE, NO_FOUR)
    whole, part, fewer = (
        fingerprint([judged_of(one, "")])
        for one in (of(*answers), of(*answers, part=True), of(ONE, part=True))
    )
    assert len({whole, part, fewer}) == 3
    assert whole == fingerprint([judged_of(of(ONE), "")])


def test_a_note_says_how_partial_reviews_count() -> None:
    gold = Side((judged_of(of(ONE, part=True), ""),))
    found = find(Side((judged_of(PREDICTED, ""),)), gold, threshold=0.8, samples=0)
    assert any(
        note.startswith("1 document was reviewed in part: ") and note.endswith(": a") for note in found.notes
    )


def test_comparing_takes_f1_from_precision_and_recall() -> None:
    """Where documents in part are among them, right and found aren't the same numbers."""
    golds = [of(ONE, TWO, part=True), of(ONE, TWO, doc_id="b"), of(ONE, TWO, doc_id="c")]
    old = scored([of(ONE, WRONG), of(ONE, doc_id="b"), of(ONE, doc_id="c")], golds)
    new = scored([of(ONE, TWO), of(ONE, TWO, doc_id="b"), of(ONE, TWO, doc_id="c")], golds)
    difference = {one.name: one for one in compare(old, new).differences}["attributed"]
    assert (difference.old, difference.new) == (pytest.approx(2 * 0.75 * 0.5 / 1.25), 1.0)
    assert difference.p is not None
    assert 0 < difference.p <= 1
