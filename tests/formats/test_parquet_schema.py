"""Records go into rows of Parquet and come back as they were."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quotes.formats.jsonl import writing as jsonl
from quotes.formats.parquet.schema import SCHEMA, from_row, to_row
from quotes.records import DocumentRecord, Metadata, Quotation, Span

#: Everything that Python may hold, lone surrogates included, which JSON can bring in.
texts = st.text(st.characters(), max_size=12)
maybe = st.none() | texts


@st.composite
def spans(draw: st.DrawFn) -> Span:
    text, start = draw(texts), draw(st.integers(0, 2**40))
    return Span(start=start, end=start + len(text), text=text)


@st.composite
def parts(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    lengths = draw(st.lists(st.integers(1, 2**30), min_size=2, max_size=6).filter(lambda n: len(n) % 2 == 0))
    ends = [sum(lengths[: n + 1]) for n in range(len(lengths))]
    return tuple(zip(ends[::2], ends[1::2], strict=True))


quotations = st.builds(
    Quotation,
    quote_id=texts,
    parts=parts(),
    text=texts,
    speaker=st.none() | spans(),
    speaker_name=maybe,
    cue=st.none() | spans(),
    rule=texts,
    confidence=st.floats(0, 1),
    duplicate_of=maybe,
    utterance_id=maybe,
)
records = st.builds(
    DocumentRecord,
    doc_id=texts,
    text_sha256=st.text("0123456789abcdef", max_size=64),
    quotations=st.lists(quotations, max_size=3).map(tuple),
    metadata=st.builds(Metadata, title=maybe, author=maybe, date=maybe, outlet=maybe, url=maybe),
    text=maybe,
)


def through_parquet(found: list[DocumentRecord]) -> list[DocumentRecord]:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([to_row(record) for record in found], SCHEMA), file)
    table = pq.read_table(file)
    assert table.schema.equals(SCHEMA)
    return [from_row(row) for row in table.to_pylist()]


@settings(deadline=None)  # the first call imports half of pyarrow
@given(st.lists(records, max_size=3))
def test_what_comes_back_is_what_went_in(found: list[DocumentRecord]) -> None:
    back = through_parquet(found)
    assert [jsonl.encode(record) for record in back] == [jsonl.encode(record) for record in found]
    clean = [DocumentRecord.model_validate_json(jsonl.encode(record)) for record in found]
    assert back == clean


def test_a_record_made_by_hand_comes_back_equal(story_record: DocumentRecord) -> None:
    known = story_record.model_copy(update={"metadata": Metadata(outlet="The Ellery Post"), "text": "“…”"})
    assert through_parquet([story_record, known]) == [story_record, known]


def test_what_is_unset_is_null_and_no_field_is_forgotten(story_record: DocumentRecord) -> None:
    row = to_row(story_record)
    assert list(row) == list(SCHEMA.names) == list(DocumentRecord.model_fields)
    assert (row["metadata"], row["text"]) == (None, None)
    assert set(row["quotations"][0]) == set(Quotation.model_fields)
    assert [field.name for field in SCHEMA.field("quotations").type.value_type] == list(
        Quotation.model_fields
    )
    assert row["quotations"][1]["speaker_name"] is None


@pytest.mark.parametrize(
    "spoilt", [{"schema_version": 2}, {"colour": "red"}, {"text_sha256": 7}, {"quotations": [{"parts": []}]}]
)
def test_another_row_is_no_record(spoilt: dict[str, object], story_record: DocumentRecord) -> None:
    with pytest.raises(ValidationError):
        from_row({**to_row(story_record), **spoilt})
