"""Read back records, whatever file or folder a command wrote them to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from quotes.errors import ReadError
from quotes.files.inputs import STDIN, cannot_read, unpacked_name
from quotes.formats.brat.standoff import MANIFEST
from quotes.formats.shards import PART, PARTS_DONE, shards
from quotes.formats.table import BRAT, JSON_LINES, RECORD_FORMATS, RecordFormat
from quotes.records import DocumentRecord

#: The formats of files that records can be read back from, by suffix.
READABLE: Final = {
    suffix: each for suffix, each in RECORD_FORMATS.items() if each.reader is not None and each is not BRAT
}


def read_any_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records that a command wrote to this path.

    The path is a file, whose suffix says its format; a file written as shards; a folder of part files; or a
    folder of brat files of any name. A file with another suffix is read as JSON Lines if it looks like them.
    "-" is JSON Lines on standard input. Raises ReadError, at once if nothing is there or the format is
    unknown.
    """
    if path == STDIN:
        return JSON_LINES.read(path)
    if path.is_dir():
        return read_all_records(_parts(path)) if _has_parts(path) else BRAT.read(path)
    if path.exists():
        return _format(path).read(path)
    found = _shards(path)
    if not found:
        raise ReadError(f"{path}: there is no such file or folder. Check its spelling, or name another.")
    return read_all_records(found)


def read_all_records(paths: Iterable[Path]) -> Iterator[DocumentRecord]:
    """Stream the records of several files. Raises ReadError if a document is in two of them."""
    first_in: dict[str, tuple[int, Path]] = {}
    for named in enumerate(paths):
        for record in read_any_records(named[1]):
            if (first := first_in.setdefault(record.doc_id, named)) != named:
                raise ReadError(
                    f"{named[1]}: the document {record.doc_id!r} is already in {first[1]}. "
                    "Name only one of the two files."
                )
            yield record


def holds_records(folder: Path) -> bool:
    """Whether a command wrote this folder: it has part files, or brat files with their manifest."""
    return (folder / MANIFEST).is_file() or _has_parts(folder)


def _format(path: Path) -> RecordFormat:
    if (suffix := _suffix(path)) is not None:
        return READABLE[suffix]
    if _looks_like_json_lines(path):
        return JSON_LINES
    raise ReadError(
        f"{path}: records can't be read from this kind of file. "
        f"Name a file that ends in {', '.join(READABLE)}, a folder of brat files, or a folder of part files. "
        ".jsonl may be packed: .jsonl.gz or .jsonl.zst."
    )


def _suffix(path: Path) -> str | None:
    bare = unpacked_name(path)
    packed = bare != path.name.lower()
    for suffix, each in READABLE.items():
        if bare.endswith(suffix) and each.may_be_packed >= packed:
            return suffix
    return None


def _looks_like_json_lines(path: Path) -> bool:
    """Whether a file begins with a JSON object; a pipe is taken to, because it can be read only once."""
    if not path.is_file():
        return True
    try:
        with path.open("rb") as file:
            return file.read(4096).lstrip().startswith(b"{")
    except OSError as error:
        raise ReadError(cannot_read(str(path), error)) from error


def _shards(path: Path) -> list[Path]:
    """The shards of a file that does not exist itself. Raises ReadError if one of them is missing."""
    if (suffix := _suffix(path)) is None:
        return []
    found = shards(path, path.name[path.name.lower().rindex(suffix) :])
    for number, (actual, shard) in enumerate(found.items(), 1):
        if actual != number:
            raise ReadError(f"{shard}: file number {number}, which precedes it, is missing. Restore it.")
    return list(found.values())


def _has_parts(folder: Path) -> bool:
    try:
        return any(PART.fullmatch(entry.name) or entry.name == PARTS_DONE for entry in folder.iterdir())
    except OSError as error:
        raise ReadError(cannot_read(str(folder), error)) from error


def _parts(folder: Path) -> list[Path]:
    """The part files of a folder, sorted by name. Raises ReadError if the run has not finished."""
    if not (folder / PARTS_DONE).is_file():
        raise ReadError(
            f"{folder}: the run that writes this folder has not finished: it has no file {PARTS_DONE}. "
            "Run the same command again with --resume, or name the part files one by one."
        )
    return sorted(entry for entry in folder.iterdir() if PART.fullmatch(entry.name))
