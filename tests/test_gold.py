"""The gold records and the texts of seeds/ must fit each other, character for character."""

from __future__ import annotations

from itertools import combinations, pairwise

import paths
import pytest

from quotes.records import Document, DocumentRecord, Quotation, parts_text, quote_id

ROOT = paths.ROOT
GOLD = ROOT / "annotations" / "gold.jsonl"
LINES = GOLD.read_text(encoding="utf-8").splitlines()
RECORDS = [DocumentRecord.model_validate_json(line) for line in LINES]
OPENING = "“‘\"'"
CLOSING = "”’\"'"


def seed(doc_id: str) -> Document:
    # Bytes, because reading as text would translate line ends and so move offsets.
    return Document(doc_id=doc_id, text=(ROOT / "seeds" / f"{doc_id}.txt").read_bytes().decode("utf-8"))


def has_marks(quotation: Quotation, text: str) -> bool:
    """Whether each part stands in quotation marks."""
    spans = [text[start:end] for start, end in quotation.parts]
    return quotation.kind != "indirect" and all(span[0] in OPENING and span[-1] in CLOSING for span in spans)


CASES = [
    pytest.param(record, quotation, id=f"{record.doc_id}-{number}")
    for record in RECORDS
    for number, quotation in enumerate(record.quotations, start=1)
]


def test_every_seed_has_one_line_and_every_line_a_seed() -> None:
    seeds = sorted(path.stem for path in (ROOT / "seeds").glob("*.txt"))
    assert [record.doc_id for record in RECORDS] == seeds


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.doc_id)
def test_document(record: DocumentRecord) -> None:
    document = seed(record.doc_id)
    assert record.text_sha256 == document.text_sha256
    assert not set("\r\ufeff") & set(document.text), "the reader would change this text, and move the offsets"

    assert record.quotations
    starts = [quotation.parts[0][0] for quotation in record.quotations]
    assert starts == sorted(starts), "quotations are not in text order"
    spans = [part for one in record.quotations if has_marks(one, document.text) for part in one.parts]
    assert spans == sorted(spans), "quotations in marks are not in text order"
    assert all(end <= start for (_, end), (start, _) in pairwise(spans)), "parts in marks overlap"
    reported = [part for quotation in record.quotations for part in quotation.reported]
    for (start, end), (other, last) in combinations(reported, 2):
        crosses = start < other < end < last or other < start < last < end
        assert not crosses, "reported words cross: they may stand within others, or apart"


@pytest.mark.parametrize(("record", "quotation"), CASES)
def test_quotation(record: DocumentRecord, quotation: Quotation) -> None:
    text = seed(record.doc_id).text
    assert quotation.quote_id == quote_id(record.text_sha256, quotation.parts)
    assert quotation.text == parts_text(text, quotation.parts)
    for start, end in (*quotation.parts, *quotation.reported):
        assert end <= len(text)
        assert text[start:end] == text[start:end].strip()
    if has_marks(quotation, text):
        assert all(text[start] in OPENING for start, _ in quotation.parts)
    elif quotation.kind != "indirect":  # a turn of a transcript, or a block quotation
        assert quotation.kind == "direct"
        assert all(text[end] == "\n" for _, end in quotation.parts), "it has no whole paragraphs"
    for span in filter(None, (quotation.speaker, quotation.cue, quotation.source)):
        assert text[span.start : span.end] == span.text
        assert span.text == span.text.strip()
        assert all(span.end <= start or end <= span.start for start, end in quotation.reported)


@pytest.mark.parametrize(("record", "quotation"), CASES)
def test_what_is_left_out_where_it_says_nothing_new(record: DocumentRecord, quotation: Quotation) -> None:
    if quotation.content is not None:
        assert quotation.kind == "mixed"
        assert quotation.content != quotation.parts
        for start, end in quotation.parts:
            assert any(first <= start and end <= last for first, last in quotation.content)
    if quotation.source is not None:
        speaker = quotation.speaker
        assert speaker is not None
        assert quotation.source != speaker
        assert quotation.source.start <= speaker.start
        assert speaker.end <= quotation.source.end


@pytest.mark.parametrize(("record", "quotation"), CASES)
def test_annotation_is_consistent(record: DocumentRecord, quotation: Quotation) -> None:
    assert quotation.kind in {"direct", "mixed", "indirect"}
    assert (quotation.rule, quotation.confidence) == ("review:founders", 1.0)
    assert quotation.attribution_type is not None
    if quotation.kind == "indirect":
        assert quotation.cue is not None
    else:
        assert quotation.attribution_type == "assertion", "whoever is quoted has said it"
        assert quotation.speaker is not None
    if quotation.speaker is None:
        assert (quotation.speaker_name, quotation.speaker_kind) == (None, "unknown")
    if quotation.speaker_kind == "person":
        assert quotation.speaker_name
    if quotation.speaker_kind in {"anonymous", "group"}:
        assert quotation.speaker_name is None


def test_quote_ids_are_unique() -> None:
    ids = [quotation.quote_id for record in RECORDS for quotation in record.quotations]
    assert len(set(ids)) == len(ids)
