"""Which reader brings which file of records back. A new one is one function and one line in this table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from quotes.errors import ReadError
from quotes.files.inputs import cannot_read, unpacked_name
from quotes.formats.brat.reading import MANIFEST, read_brat_records
from quotes.formats.docbin.reading import read_docbin_records
from quotes.formats.jsonl.records import STDIN, read_records
from quotes.formats.parquet.reading import read_parquet_records
from quotes.formats.shards import PART, PARTS_DONE, shards
from quotes.records import DocumentRecord


class RecordFormat(NamedTuple):
    """What records can be read back from. `read` streams them, and raises ReadError."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path], Iterator[DocumentRecord]]
    may_be_packed: bool = False


JSONL: Final = RecordFormat("jsonl", (".jsonl",), read_records, may_be_packed=True)
BRAT: Final = RecordFormat("brat", (".brat",), read_brat_records)

RECORD_FORMATS: Final[tuple[RecordFormat, ...]] = (
    JSONL,
    RecordFormat("parquet", (".parquet",), read_parquet_records),
    BRAT,
    RecordFormat("docbin", (".spacy",), read_docbin_records),
)

#: The suffixes of the files among them.
_FILES: Final = [suffix for format_ in RECORD_FORMATS if format_ is not BRAT for suffix in format_.suffixes]


def read_any_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records of whatever a command wrote under this name.

    That is a file, by its suffix; the shards of a file, where it isn't there itself; a folder of part files;
    or a folder of brat files, whatever its name. A file of another suffix is read as JSON Lines where it
    looks like them; "-" is standard input, JSON Lines. Raises ReadError, at once where
    nothing is there or nothing reads it.
    """
    if path == STDIN:
        return read_records(path)
    if path.is_dir():
        return read_all_records(_parts(path)) if _has_parts(path) else BRAT.read(path)
    if path.exists():
        return _format_of(path).read(path)
    found = _shards(path)
    if not found:
        raise ReadError(f"{path}: there is no such file or folder. Check its spelling, or name another.")
    return read_all_records(found)


def read_all_records(paths: Iterable[Path]) -> Iterator[DocumentRecord]:
    """Stream the records of several files. Raises ReadError where a document stands in two of them."""
    where: dict[str, tuple[int, Path]] = {}
    for named in enumerate(paths):
        for record in read_any_records(named[1]):
            if (first := where.setdefault(record.doc_id, named)) != named:
                raise ReadError(
                    f"{named[1]}: the document {record.doc_id!r} is in {first[1]} already. "
                    "Name one of the two files."
                )
            yield record


def holds_records(folder: Path) -> bool:
    """Whether a command wrote this folder: it has the parts of a run, or brat files with their manifest."""
    return (folder / MANIFEST).is_file() or _has_parts(folder)


def _format_of(path: Path) -> RecordFormat:
    if (found := _by_suffix(path)) is not None:
        return found
    if _looks_like_lines(path):
        return JSONL
    raise ReadError(
        f"{path}: records can't be read from such a file. Name one that ends in {', '.join(_FILES)}, "
        "a folder of brat files, or a folder of part files; .jsonl may be packed, as .jsonl.gz or .jsonl.zst."
    )


def _by_suffix(path: Path) -> RecordFormat | None:
    bare = unpacked_name(path)
    packed = bare != path.name.lower()
    for format_ in RECORD_FORMATS:
        if format_ is not BRAT and bare.endswith(format_.suffixes) and format_.may_be_packed >= packed:
            return format_
    return None


def _looks_like_lines(path: Path) -> bool:
    """Whether a file begins with a JSON object; of a pipe, which can be read only once, we take it."""
    if not path.is_file():
        return True
    try:
        with path.open("rb") as file:
            return file.read(4096).lstrip().startswith(b"{")
    except OSError as error:
        raise ReadError(cannot_read(str(path), error)) from error


def _shards(path: Path) -> list[Path]:
    """The shards of a file that isn't there itself. Raises ReadError where one is missing among them."""
    if (format_ := _by_suffix(path)) is None:
        return []
    bare = next(suffix for suffix in format_.suffixes if unpacked_name(path).endswith(suffix))
    found = shards(path, path.name[path.name.lower().rindex(bare) :])
    for number, (actual, shard) in enumerate(found.items(), 1):
        if actual != number:
            raise ReadError(f"{shard}: the file number {number} before it is missing. Bring it back.")
    return list(found.values())


def _has_parts(folder: Path) -> bool:
    try:
        return any(PART.fullmatch(entry.name) or entry.name == PARTS_DONE for entry in folder.iterdir())
    except OSError as error:
        raise ReadError(cannot_read(str(folder), error)) from error


def _parts(folder: Path) -> list[Path]:
    """The parts in a folder, always in one order. Raises ReadError where the run isn't finished."""
    if not (folder / PARTS_DONE).is_file():
        raise ReadError(
            f"{folder}: the run that writes this folder isn't finished: there is no file {PARTS_DONE}. "
            "Run the same command again with --resume, or name the part files one by one."
        )
    return sorted(entry for entry in folder.iterdir() if PART.fullmatch(entry.name))
