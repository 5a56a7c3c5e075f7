"""Records as rows of Parquet: a row a document, its quotations nested in it, nothing lost either way.

This module needs pyarrow, which is an extra: import it where a user has asked for Parquet.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import pyarrow as pa

from quotes.records import DocumentRecord, Metadata, Quotation, Span, encodable

_Text = TypeVar("_Text", str, str | None)

_SPAN = pa.struct(
    [
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
    ]
)
_PART = pa.struct(
    [pa.field("start", pa.int64(), nullable=False), pa.field("end", pa.int64(), nullable=False)]
)
_QUOTATION = pa.struct(
    [
        pa.field("quote_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("parts", pa.list_(_PART), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("speaker", _SPAN),
        pa.field("speaker_name", pa.string()),
        pa.field("speaker_kind", pa.string(), nullable=False),
        pa.field("cue", _SPAN),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("in_boilerplate", pa.bool_(), nullable=False),
        pa.field("duplicate_of", pa.string()),
        pa.field("utterance_id", pa.string()),
    ]
)
_METADATA = pa.struct([pa.field(name, pa.string()) for name in Metadata.model_fields])

#: One row a document. Offsets are half-open ranges of code points, as in the record.
SCHEMA: Final = pa.schema(
    [
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("text_sha256", pa.string(), nullable=False),
        pa.field("quotations", pa.list_(_QUOTATION), nullable=False),
        pa.field("metadata", _METADATA),
        pa.field("text", pa.string()),
        pa.field("schema_version", pa.int32(), nullable=False),
    ]
)


def to_row(record: DocumentRecord) -> dict[str, Any]:
    """Give the record as a row that fits `SCHEMA`; `metadata` is null where nothing is known.

    Parquet's strings are UTF-8, as JSON's lines are: a lone surrogate becomes U+FFFD, one for one.
    """
    known = record.metadata != Metadata()
    return {
        "doc_id": _utf8(record.doc_id),
        "text_sha256": record.text_sha256,
        "quotations": [_quotation(quotation) for quotation in record.quotations],
        "metadata": {name: _utf8(value) for name, value in record.metadata} if known else None,
        "text": _utf8(record.text),
        "schema_version": record.schema_version,
    }


def from_row(row: Mapping[str, Any]) -> DocumentRecord:
    """The record that `to_row` made this row of. Raises pydantic's ValidationError where it made it not."""
    fields = {name: value for name, value in row.items() if value is not None}
    fields["quotations"] = tuple(
        {**quotation, "parts": [(part["start"], part["end"]) for part in quotation["parts"]]}
        for quotation in row["quotations"]
    )
    return DocumentRecord.model_validate(fields)


def _quotation(quotation: Quotation) -> dict[str, Any]:
    return {
        **{name: _utf8(value) if isinstance(value, str) else value for name, value in quotation},
        "parts": [{"start": start, "end": end} for start, end in quotation.parts],
        "speaker": _span(quotation.speaker),
        "cue": _span(quotation.cue),
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": _utf8(span.text)}


def _utf8(text: _Text) -> _Text:
    return text if text is None else encodable(text)


def packed(records: Iterable[DocumentRecord]) -> bytes:
    """A whole Parquet file of some records."""
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(map(to_row, records)), SCHEMA), file, compression="zstd")
    return file.getvalue()
