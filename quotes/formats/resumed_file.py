"""A file of records that a later run can go on with, however the earlier one ended."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Set
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from pydantic_core import from_json

from quotes.errors import OutputError
from quotes.files.alone import in_use, locked
from quotes.files.whole_file import Done, WholeFile


class ResumedFile(WholeFile):
    """Writes JSON Lines to FILE.partial, and makes it FILE when the block is left in peace.

    Left in any other way, or killed, FILE.partial stays and the next `ResumedFile` goes on with it; a line
    that was torn is cut off. Where there is none but FILE is there, it goes on with a copy of that. `before`
    holds the `doc_id`s that are in it, once the block is entered.

    Raises OutputError as `WholeFile` does, and where another run is writing to the same file or the file
    holds something else than records.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._aside = _partial(self.path)
        self.before: Set[str] = frozenset()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._publish()
            else:
                self._keep()
        except OSError as problem:
            raise self._failed(problem) from problem
        finally:
            with contextlib.suppress(OSError):
                self._file.close()

    def _open(self) -> Done:
        self._file = _alone(self._aside)
        if not os.fstat(self._file.fileno()).st_size and self.path.exists():
            with self.path.open("rb") as finished:
                shutil.copyfileobj(finished, self._file)
        try:
            self.before, size = _whole_lines(self._file, self._aside)
        except OutputError:
            self._file.close()
            raise
        self._file.seek(size)
        self._file.truncate()
        return Done(len(self.before), size)

    def _keep(self) -> None:
        """Leave what is finished to the next run."""
        with contextlib.suppress(OSError):  # on a full disk, the next run cuts the torn line off
            self._file.flush()
            self._file.truncate(self._done.size)
        if not self._done.size:
            self._aside.unlink(missing_ok=True)


def begun(path: Path) -> bool:
    """Whether an earlier run has left records of this file unfinished."""
    try:
        return _partial(path).stat().st_size > 0
    except OSError:
        return False


def recorded(path: Path) -> Set[str]:
    """The `doc_id`s of a file of records that is finished. Raises OutputError where it isn't."""
    try:
        with path.open("rb") as file:
            found, size = _whole_lines(file, path)
            torn = size < os.fstat(file.fileno()).st_size
    except OSError as error:
        raise OutputError(f"{path}: can't be read ({error.strerror}).") from error
    if torn:
        raise OutputError(f"{path}: its last line is no record. Delete the file to have it written anew.")
    return found


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.partial")


def _alone(path: Path) -> BinaryIO:
    """Open the file for this process alone."""
    try:
        return locked(path)
    except BlockingIOError:
        raise OutputError(in_use(path)) from None


def _whole_lines(file: BinaryIO, path: Path) -> tuple[Set[str], int]:
    """The `doc_id`s of a file of records, and its size in bytes up to the end of the last whole one."""
    found: set[str] = set()
    size = 0
    torn = 0
    file.seek(0)
    for number, line in enumerate(file, 1):
        if torn:
            raise OutputError(
                f"{path}, line {torn}: this is no record, so nothing can be gone on with. "
                "Delete the file to begin anew."
            )
        doc_id = _doc_id(line)
        if doc_id is None:
            torn = number  # fine if it is the last
            continue
        if doc_id in found:
            raise OutputError(
                f"{path}, line {number}: the document {doc_id!r} is there twice. "
                "Delete one of the lines, or the file."
            )
        found.add(doc_id)
        size += len(line)
    return found, size


def _doc_id(line: bytes) -> str | None:
    if not line.endswith(b"\n"):
        return None
    try:
        record = from_json(line)
    except ValueError:
        return None
    if not isinstance(record, dict) or "quotations" not in record:
        return None
    doc_id = record.get("doc_id")
    return doc_id if isinstance(doc_id, str) else None
