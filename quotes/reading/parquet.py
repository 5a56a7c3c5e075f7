"""Parquet: articles in, a row each, and records back; both read group by group."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from quotes.errors import ReadError
from quotes.extras import how_to_install, installed
from quotes.reading.inputs import Input, cannot_read
from quotes.reading.record_checks import WRITE_AGAIN, Checks, complaint
from quotes.records import Document, DocumentRecord, Metadata

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_BATCH: Final = 256  # rows; a row may hold a long article


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
            try:
                yield _document(row, key, f"{source.where}, row {number}")
            except ReadError as error:
                source.report(error)


def read_parquet_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records that `writing/parquet.py` wrote. Raises ReadError, with the row."""
    from pydantic import ValidationError

    with _opened(str(path), lambda: path.open("rb")) as file:
        if "quotations" not in file.schema_arrow.names:
            raise ReadError(f"{path}: no records are in this file. Name one that `quotes extract` wrote.")
        from quotes.reading.parquet_schema import from_row

        checks = Checks(str(path))
        for number, row in _rows(file, None):
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
    from pyarrow.parquet import ParquetFile

    try:
        with open_file() as opened, ParquetFile(opened) as file:
            yield file
    except ArrowException as error:
        raise ReadError(f"{where}: this is no whole Parquet file ({str(error).splitlines()[0]}).") from error
    except OSError as error:
        raise ReadError(cannot_read(where, error)) from error


def _rows(file: ParquetFile, columns: list[str] | None) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
        for row in batch.to_pylist():
            number += 1
            yield number, row


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
