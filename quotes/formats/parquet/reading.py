"""Parquet: articles in, a row each, and records back; both read group by group."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from quotes.errors import ReadError, how_to_install, installed
from quotes.files.inputs import Input, cannot_read
from quotes.files.limits import max_size, too_large
from quotes.files.opening import open_plain
from quotes.formats.record_checks import WRITE_AGAIN, Checks, complaint
from quotes.records import Document, DocumentRecord, Metadata

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_BATCH: Final = 256  # rows; a row may hold a long article
# Of a group of rows that unpacks to more than so many times the limit, one row is read at a time.
_LARGE_GROUP: Final = 16
_BUFFER: Final = 1 << 20  # bytes; otherwise the packed columns of a group are read whole


def read(source: Input) -> Iterator[Document]:
    r"""Stream the articles of a file: columns `id` (or `doc_id`), `text`, and those of `Metadata`.

    Metadata may also stand together in a column `metadata`, as in records with their texts. Other columns
    are not read. ``\r\n`` and ``\r`` in a text become ``\n``. A row that is no article is reported with its
    number. Raises ReadError where the file is no Parquet or has no such columns.
    """
    if source.path is None:
        raise ReadError("standard input: Parquet can't be read from a pipe. Name the file.")
    with _opened(source.where, source.open) as file:
        names = file.schema_arrow.names
        key = next((name for name in ("id", "doc_id") if name in names), None)
        if key is None or "text" not in names:
            raise ReadError(
                f"{source.where}: no articles are in this file: its columns are {', '.join(names)[:200]}, "
                'and "id" and "text" are needed.'
            )
        columns = [key, "text", *(name for name in ("metadata", *Metadata.model_fields) if name in names)]
        for number, row in _rows(file, columns):
            where = f"{source.where}, row {number}"
            try:
                _check_size(row, where, "The row is left out. ")
                yield _document(row, key, where)
            except ReadError as error:
                source.report(error)


def read_parquet_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records that `writing/parquet.py` wrote. Raises ReadError, with the row."""
    from pydantic import ValidationError

    with _opened(str(path), lambda: open_plain(path)) as file:
        if "quotations" not in file.schema_arrow.names:
            raise ReadError(f"{path}: no records are in this file. Name one that `quotes extract` wrote.")
        from quotes.formats.parquet.schema import from_row

        checks = Checks(str(path))
        for number, row in _rows(file, None):
            _check_size(row, f"{path}, row {number}")
            try:
                record = from_row(row)
            except ValidationError as error:
                raise ReadError(f"{path}, row {number}: {complaint(row, error)}") from None
            except (KeyError, TypeError) as error:
                raise ReadError(
                    f"{path}, row {number}: this is no record ({str(error).splitlines()[0]}). {WRITE_AGAIN}"
                ) from None
            yield checks.take(record, f"row {number}")


@contextmanager
def _opened(where: str, open_file: Callable[[], BinaryIO]) -> Iterator[ParquetFile]:
    if not installed("parquet"):
        raise ReadError(f"{where}: Parquet needs an extra. {how_to_install('parquet')}")
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile, read_metadata

    try:
        with open_file() as opened:
            schema = read_metadata(opened).schema
            paths = {schema.column(number).path for number in range(len(schema))}
            # A text of which many rows have a copy stays one: unpacked, it could fill all memory.
            once = list(paths.intersection(["text", *Metadata.model_fields]))
            with ParquetFile(opened, read_dictionary=once, buffer_size=_BUFFER) as file:
                yield file
    except ArrowException as error:
        raise ReadError(f"{where}: this is no whole Parquet file ({str(error).splitlines()[0]}).") from error
    except OSError as error:
        raise ReadError(cannot_read(where, error)) from error


def _rows(file: ParquetFile, columns: list[str] | None) -> Iterator[tuple[int, dict[str, Any]]]:
    number, large = 0, _LARGE_GROUP * max_size()
    for group in range(file.num_row_groups):
        at_once = _BATCH if file.metadata.row_group(group).total_byte_size <= large else 1
        for batch in file.iter_batches(batch_size=at_once, row_groups=[group], columns=columns):
            for start in range(batch.num_rows):
                number += 1
                yield number, batch.slice(start, 1).to_pylist()[0]


def _check_size(row: dict[str, Any], where: str, then: str = "") -> None:
    text, limit = row.get("text"), max_size()
    if isinstance(text, str) and len(text) > limit:
        raise too_large(where, limit, then)


def _document(row: dict[str, Any], key: str, where: str) -> Document:
    doc_id, text = row[key], row["text"]
    if isinstance(doc_id, int) and not isinstance(doc_id, bool):
        doc_id = str(doc_id)
    if not isinstance(doc_id, str) or not doc_id:
        raise ReadError(f'{where}: this article has no "{key}". The row is left out.')
    if not isinstance(text, str):
        raise ReadError(f'{where}: the article {doc_id!r} has no "text". The row is left out.')
    together = row.get("metadata")
    known = {**(together if isinstance(together, dict) else {}), **row}
    return Document(
        doc_id=doc_id,
        text=text.replace("\r\n", "\n").replace("\r", "\n"),
        metadata=Metadata(**{name: _plain(known.get(name)) for name in Metadata.model_fields}),
    )


def _plain(value: Any) -> str | None:
    """A metadatum as text; a list of authors becomes their names with commas."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime.date):  # a moment is one, too
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value if item is not None) or None
    return str(value)
