"""Which reader brings which file of records back. A new one is one function and one line in this table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from quotes.errors import ReadError
from quotes.reading.brat_records import read_brat_records
from quotes.reading.docbin import read_docbin_records
from quotes.reading.parquet import read_parquet_records
from quotes.reading.records import read_records
from quotes.records import DocumentRecord


class RecordFormat(NamedTuple):
    """What records can be read back from. `read` streams them, and raises ReadError."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path], Iterator[DocumentRecord]]


BRAT: Final = RecordFormat("brat", (".brat",), read_brat_records)

RECORD_FORMATS: Final[tuple[RecordFormat, ...]] = (
    RecordFormat("jsonl", (".jsonl",), read_records),
    RecordFormat("parquet", (".parquet",), read_parquet_records),
    BRAT,
    RecordFormat("docbin", (".spacy",), read_docbin_records),
)


def read_any_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records of a file, by its suffix, or of a folder of brat files, whatever its name.

    Raises ReadError, at once where the file is missing or nothing reads its suffix.
    """
    if not path.exists():
        raise ReadError(f"{path}: there is no such file or folder. Check its spelling, or name another.")
    if path.is_dir():
        return BRAT.read(path)
    suffix = path.suffix.lower()
    for format_ in RECORD_FORMATS:
        if suffix in format_.suffixes and format_ is not BRAT:
            return format_.read(path)
    known = [suffix for format_ in RECORD_FORMATS if format_ is not BRAT for suffix in format_.suffixes]
    raise ReadError(
        f"{path}: records can't be read from such a file. Name one that ends in {', '.join(known)}, "
        "or a folder of brat files."
    )
