"""Parquet: records become rows and come back unchanged; articles are read; damaged rows are reported."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from documents_by_hand import verifications
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quotes.errors import ReadError
from quotes.files.inputs import Input
from quotes.formats.jsonl import records as jsonl
from quotes.formats.parquet import SCHEMA, from_row, read, read_parquet_records, to_row
from quotes.records import Document, DocumentRecord, Metadata, Quotation, Span

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
    speaker_role=maybe,
    speaker_id=st.sampled_from([None, "Q76"]),
    name_confidence=st.none() | st.floats(0, 1),
    content=st.none() | parts(),
    source=st.none() | spans(),
    attribution_type=st.sampled_from([None, "assertion", "belief", "fact", "eventuality"]),
    negated=st.booleans(),
    duplicate_of=maybe,
    utterance_id=maybe,
    verification=st.none() | verifications(texts),
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


def articles(path: Path, **fields: str) -> tuple[list[Document], list[str]]:
    problems: list[ReadError] = []
    found = list(read(Input("articles", path, problems.append, fields=fields)))
    return found, [str(problem) for problem in problems]


def damaged(path: Path, table: pa.Table, old: bytes, new: bytes) -> Path:
    """Write a table, and put other bytes into one of its texts."""
    pq.write_table(table, path, compression="none", use_dictionary=False, write_statistics=False)
    content = path.read_bytes()
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))
    return path


@pytest.mark.parametrize("name", ["doc_id", "text", "quotations", "metadata"])
def test_a_record_that_is_not_utf_8_is_reported_with_its_row(name: str, tmp_path: Path) -> None:
    text = "“It rained,” Quill said."
    other = to_row(DocumentRecord(doc_id="a", text_sha256="0" * 64, quotations=()))
    row = to_row(
        DocumentRecord(
            doc_id="Dullmar" if name == "doc_id" else "b",
            text_sha256="0" * 64,
            quotations=(
                Quotation(
                    quote_id="q",
                    kind="direct",
                    channel="speech",
                    parts=((0, 12),),
                    text=text[:12],
                    speaker=None,
                    speaker_name="Dullmar" if name == "quotations" else None,
                    speaker_kind="person",
                    cue=None,
                    rule="cue",
                    confidence=0.5,
                ),
            ),
            metadata=Metadata(title="Dullmar" if name == "metadata" else None),
            text="Dullmar" if name == "text" else None,
        )
    )
    table = pa.Table.from_pylist([other, row], SCHEMA)
    path = damaged(tmp_path / "records.parquet", table, b"Dullmar", b"Dull\xffar")
    with pytest.raises(ReadError, match=r"records\.parquet, row 2: a text of this row is not UTF-8"):
        list(read_parquet_records(path))


@pytest.mark.parametrize("name", ["id", "text", "title"])
def test_an_article_that_is_not_utf_8_is_left_out(name: str, tmp_path: Path) -> None:
    rows = [{"id": key, "text": "words", "title": "News"} for key in "abc"]
    rows[1][name] = "Dullmar"
    path = damaged(tmp_path / "a.parquet", pa.Table.from_pylist(rows), b"Dullmar", b"Dull\xffar")
    found, [problem] = articles(path)
    assert [document.doc_id for document in found] == ["a", "c"]
    assert problem.startswith(f"{path}, row 2: a text of this row is not UTF-8. The row is left out.")


def test_a_column_whose_name_is_not_utf_8_is_a_read_error(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([{"id": "a", "text": "words", "Dullmar": 1}])
    pq.write_table(table, tmp_path / "a.parquet", store_schema=False)
    content = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(content.replace(b"Dullmar", b"Dull\xffar"))
    with pytest.raises(ReadError, match=r"a\.parquet: this is not a complete Parquet file"):
        articles(tmp_path / "a.parquet")


def test_a_value_that_python_cannot_hold_is_reported(tmp_path: Path) -> None:
    table = pa.table({"id": ["a", "b"], "text": ["x", "y"], "date": pa.array([0, 10**8], pa.date32())})
    pq.write_table(table, tmp_path / "a.parquet")
    found, [problem] = articles(tmp_path / "a.parquet")
    assert [(document.doc_id, document.metadata.date) for document in found] == [("a", "1970-01-01")]
    assert f"{tmp_path / 'a.parquet'}, row 2: this row can't be read" in problem


def test_columns_have_the_names_of_fields_in_json_lines(tmp_path: Path) -> None:
    row = {
        "uuid": 7,
        "body": {"text": "“It rained,”\r\nQuill said."},
        "authors": ["Ada Quill", "Bo Fenwick"],
        "published_at": date(2017, 6, 5),
        "source": {"id": None, "name": "The Courier"},
        "other": 1,
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    metadata = Metadata(author="Ada Quill; Bo Fenwick", date="2017-06-05", outlet="The Courier")
    document = Document(doc_id="7", text="“It rained,”\nQuill said.", metadata=metadata)
    assert articles(tmp_path / "a.parquet", id="uuid", text="body.text") == ([document], [])
    with pytest.raises(ReadError, match='"id" and "text" are needed'):
        articles(tmp_path / "a.parquet")
