"""Parquet: an article a row, or a record a row with its quotations nested in it.

This module needs pyarrow, an extra. Files are read and written row group by row group, so they may have any
size.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

import pyarrow as pa
from pyarrow import parquet
from pydantic import ValidationError

from quotes.errors import ReadError
from quotes.files.inputs import Input, cannot_read, first_line, open_plain
from quotes.files.limits import max_size, too_large
from quotes.files.whole_file import WholeFile
from quotes.formats.jsonl.articles import FIELDS, document
from quotes.formats.record_checks import WRITE_AGAIN, Checks, complaint
from quotes.formats.writers import WriteOptions, Writer, undisturbed
from quotes.records import (
    Change,
    Document,
    DocumentRecord,
    Metadata,
    Quotation,
    Span,
    Speaker,
    Verification,
    encodable,
)

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
_SPEAKER = pa.struct([*_SPAN, pa.field("name", pa.string()), pa.field("kind", pa.string(), nullable=False)])
_CHANGE = pa.struct([pa.field(name, pa.string(), nullable=False) for name in Change.model_fields])
_VERIFICATION = pa.struct(
    [
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("source", pa.string()),
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
        pa.field("text", pa.string()),
        pa.field("date", pa.string()),
        pa.field("url", pa.string()),
        pa.field("speaker", pa.string()),
        pa.field("changes", pa.list_(_CHANGE), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
    ]
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
        pa.field("speakers", pa.list_(_SPEAKER)),
        pa.field("speaker_role", pa.string()),
        pa.field("speaker_id", pa.string()),
        pa.field("name_confidence", pa.float64()),
        pa.field("content", pa.list_(_PART)),
        pa.field("source", _SPAN),
        pa.field("attribution_type", pa.string()),
        pa.field("negated", pa.bool_(), nullable=False),
        pa.field("in_boilerplate", pa.bool_(), nullable=False),
        pa.field("duplicate_of", pa.string()),
        pa.field("utterance_id", pa.string()),
        pa.field("verification", _VERIFICATION),
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
        pa.field("partly_reviewed", pa.bool_(), nullable=False),
        pa.field("schema_version", pa.int32(), nullable=False),
    ]
)


_BATCH: Final = 256  # rows; a row may hold a long article
# A row group that unpacks to more than so many times the limit is read one row at a time.
_LARGE_GROUP: Final = 16
_BUFFER: Final = 1 << 20  # bytes; without it, the packed columns of a row group are read whole
# A row group is written when so many documents or code points are waiting: enough to compress well, and few
# enough to hold in memory.
_GROUP_ROWS: Final = 5_000
_GROUP_SIZE: Final = 16_000_000
# About how many bytes a record or a quotation takes without its texts.
_OVERHEAD: Final = 200


def to_row(record: DocumentRecord) -> dict[str, Any]:
    """The record as a row of `SCHEMA`; `metadata` is null if nothing is known.

    Strings are UTF-8, as in JSON Lines: each lone surrogate becomes U+FFFD, so that offsets stay valid.
    """
    known = record.metadata != Metadata()
    return {
        "doc_id": _utf8(record.doc_id),
        "text_sha256": record.text_sha256,
        "quotations": [_quotation(quotation) for quotation in record.quotations],
        "metadata": {name: _utf8(value) for name, value in record.metadata} if known else None,
        "text": _utf8(record.text),
        "partly_reviewed": record.partly_reviewed,
        "schema_version": record.schema_version,
    }


def from_row(row: Mapping[str, Any]) -> DocumentRecord:
    """The record of a row that `to_row` made.

    Raises ValidationError, KeyError or TypeError for any other row.
    """
    fields = {name: value for name, value in row.items() if value is not None}
    fields["quotations"] = tuple(
        {**quotation, "parts": _ranges(quotation["parts"]), "content": _ranges(quotation.get("content"))}
        for quotation in row["quotations"]
    )
    return DocumentRecord.model_validate(fields)


def _ranges(found: list[dict[str, int]] | None) -> list[tuple[int, int]] | None:
    return None if found is None else [(one["start"], one["end"]) for one in found]


def _quotation(quotation: Quotation) -> dict[str, Any]:
    return {
        **_fields(quotation),
        "parts": [{"start": start, "end": end} for start, end in quotation.parts],
        "content": quotation.content and [{"start": start, "end": end} for start, end in quotation.content],
        "speaker": _span(quotation.speaker),
        "speakers": quotation.speakers and [_fields(one) for one in quotation.speakers],
        "cue": _span(quotation.cue),
        "source": _span(quotation.source),
        "verification": quotation.verification and _verification(quotation.verification),
    }


def _verification(found: Verification) -> dict[str, Any]:
    changes = [{name: _utf8(value) for name, value in change} for change in found.changes]
    return {**_fields(found), "changes": changes}


def _fields(of: Quotation | Speaker | Verification) -> dict[str, Any]:
    return {name: _utf8(value) if isinstance(value, str) else value for name, value in of}


def _span(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": _utf8(span.text)}


def _utf8(text: _Text) -> _Text:
    return text if text is None else encodable(text)


def read(source: Input) -> Iterator[Document]:
    r"""Stream the articles of a file: columns `id` (or `doc_id`), `text`, and those of `Metadata`.

    Columns are the fields of an article in JSON Lines, with the same names. Metadata may also be in a struct
    column `metadata`, as in records with their texts. A row that is not an article is reported with its
    number. Raises ReadError if the file is not Parquet or lacks these columns.
    """
    if source.path is None:
        raise ReadError("standard input: Parquet can't be read from a pipe. Name the file.")
    with _opened(source.where, source.open) as file:
        columns = _article_columns(file.schema_arrow.names, source)
        for where, batch in _rows(file, source.where, columns):
            try:
                row = _values(batch, where, "The row is left out. ")
                yield document({name: _plain(value) for name, value in row.items()}, source, where)
            except ReadError as error:
                source.report(error)


def read_parquet_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records that `opened` wrote. Raises ReadError, with file and row."""
    with _opened(str(path), lambda: open_plain(path)) as file:
        if "quotations" not in file.schema_arrow.names:
            raise ReadError(f"{path}: this file holds no records. {WRITE_AGAIN}")
        checks = Checks(str(path))
        for number, (where, batch) in enumerate(_rows(file, str(path), None), 1):
            row = _values(batch, where)
            try:
                record = from_row(row)
            except ValidationError as error:
                raise ReadError(f"{where}: {complaint(row, error)}") from None
            except (KeyError, TypeError) as error:
                raise ReadError(
                    f"{where}: this is not a record ({first_line(error)}). {WRITE_AGAIN}"
                ) from None
            yield checks.take(record, f"row {number}")


@contextmanager
def _opened(where: str, open_file: Callable[[], BinaryIO]) -> Iterator[parquet.ParquetFile]:
    try:
        with open_file() as opened:
            schema = parquet.read_metadata(opened).schema
            paths = {schema.column(number).path for number in range(len(schema))}
            # A text that many rows share is held once: unpacked for each row, it could fill all memory.
            shared = list(paths.intersection(["text", *Metadata.model_fields]))
            with parquet.ParquetFile(opened, read_dictionary=shared, buffer_size=_BUFFER) as file:
                yield file
    except (pa.ArrowException, UnicodeDecodeError) as error:  # names of columns may be in another encoding
        raise ReadError(f"{where}: this is not a complete Parquet file ({first_line(error)}).") from error
    except OSError as error:
        raise ReadError(cannot_read(where, error)) from error


def _article_columns(names: list[str], source: Input) -> list[str]:
    """The columns to read. Raises ReadError if there is none for the id or for the text."""
    wanted = {
        field: [source.fields[field], source.fields[field].split(".")[0]] if field in source.fields else also
        for field, also in FIELDS.items()
    }
    if not all(set(names).intersection(wanted[field]) for field in ("id", "text")):
        raise ReadError(
            f"{source.where}: no articles are in this file: its columns are {', '.join(names)[:200]}, "
            'and "id" and "text" are needed.'
        )
    return [name for name in names if name == "metadata" or any(name in also for also in wanted.values())]


def _rows(
    file: parquet.ParquetFile, where: str, columns: list[str] | None
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Each row, as a batch of one, with its place for messages."""
    number, large = 0, _LARGE_GROUP * max_size()
    for group in range(file.num_row_groups):
        at_once = _BATCH if file.metadata.row_group(group).total_byte_size <= large else 1
        for batch in file.iter_batches(batch_size=at_once, row_groups=[group], columns=columns):
            for start in range(batch.num_rows):
                number += 1
                yield f"{where}, row {number}", batch.slice(start, 1)


def _values(row: pa.RecordBatch, where: str, consequence: str = "") -> dict[str, Any]:
    """The values of one row. Raises ReadError if one can't be read, or a text exceeds the limit."""
    try:
        values: dict[str, Any] = row.to_pylist()[0]
    except UnicodeDecodeError:
        raise ReadError(
            f"{where}: a text of this row is not UTF-8. {consequence}Write the file again."
        ) from None
    except (ValueError, OverflowError) as error:  # a date beyond the year 9999, for example
        raise ReadError(
            f"{where}: this row can't be read ({first_line(error)}). {consequence}Write the file again."
        ) from None
    limit = max_size()
    if any(isinstance(value, str) and len(value) > limit for value in values.values()):
        raise too_large(where, limit, consequence)
    return values


def _plain(value: Any) -> Any:
    """A value of a column as JSON would have it: a date as its ISO 8601 text."""
    return value.isoformat() if isinstance(value, datetime.date) else value  # a datetime is a date, too


def packed(records: Iterable[DocumentRecord]) -> bytes:
    """A whole Parquet file that holds some records."""
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(map(to_row, records)), SCHEMA), file, compression="zstd")
    return file.getvalue()


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer. An interrupted run keeps the records written so far."""
    del options
    with WholeFile(path) as file:
        writer = _RowWriter(file)
        try:
            yield writer
        except KeyboardInterrupt:
            if writer.written:
                writer.finish()
            raise
        writer.finish()


class _RowWriter:
    def __init__(self, file: WholeFile) -> None:
        self._file = file
        self._writer: parquet.ParquetWriter | None = None
        self._waiting: list[dict[str, Any]] = []
        self._waiting_size = 0
        self._flushed = 0

    @property
    def written(self) -> int:
        return self._flushed + len(self._waiting)

    @property
    def size(self) -> int:
        return self._file.size + self._waiting_size

    def write(self, record: DocumentRecord) -> None:
        self._waiting.append(to_row(record))
        self._waiting_size += len(record.text or "") + _OVERHEAD
        self._waiting_size += sum(len(quotation.text) + _OVERHEAD for quotation in record.quotations)
        if len(self._waiting) >= _GROUP_ROWS or self._waiting_size >= _GROUP_SIZE:
            with undisturbed():  # half a row group would damage the file
                self._flush()

    def finish(self) -> None:
        """Write the rows that are waiting, and the footer, without which the file can't be read."""
        with undisturbed():
            self._flush()
            if self._writer is not None:
                self._writer.close()

    def _flush(self) -> None:
        if (
            self._writer is None
        ):  # opened late, so that an interrupted run never publishes a file without rows
            self._writer = parquet.ParquetWriter(_Bytes(self._file), SCHEMA, compression="zstd")
        if self._waiting:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=SCHEMA))
            self._flushed, self._waiting, self._waiting_size = self.written, [], 0


class _Bytes:
    """The methods of a binary file that pyarrow calls."""

    closed = False
    mode = "wb"

    def __init__(self, file: WholeFile) -> None:
        self._file = file

    def write(self, content: bytes) -> int:
        self._file.write(bytes(content))
        return len(content)

    def tell(self) -> int:
        return self._file.size

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False
