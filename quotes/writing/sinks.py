"""Where records go: a file of a known format, standard output, or tables for a person."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from quotes.errors import OutputError
from quotes.records import DocumentRecord
from quotes.writing import jsonl
from quotes.writing.formats import format_of
from quotes.writing.resumed_file import ResumedFile
from quotes.writing.writers import PieceWriter, WriteOptions, Writer


class Sink(Protocol):
    """Takes records one by one."""

    @property
    def written(self) -> int:
        """How many records have been taken whole."""
        ...

    @property
    def before(self) -> Set[str]:
        """The `doc_id`s that an earlier run has written; they count as taken."""
        ...

    @property
    def on_screen(self) -> bool:
        """Whether it prints to standard output, so that a progress bar must step aside."""
        ...

    def write(self, record: DocumentRecord) -> None:
        """Take one record. Raises OutputError when it can't be written."""
        ...


class _File:
    on_screen = False

    def __init__(self, writer: Writer, before: Set[str] = frozenset()) -> None:
        self._writer = writer
        self.before = before

    @property
    def written(self) -> int:
        return self._writer.written

    def write(self, record: DocumentRecord) -> None:
        self._writer.write(record)


class _Lines:
    """JSONL on standard output, as bytes: the contract is UTF-8, whatever the terminal speaks."""

    on_screen = True
    before: Set[str] = frozenset()

    def __init__(self) -> None:
        self.written = 0

    def write(self, record: DocumentRecord) -> None:
        try:
            sys.stdout.buffer.write(jsonl.encode(record))
            sys.stdout.buffer.flush()  # the next program in the pipe can go on
        except BrokenPipeError:
            raise  # that program has had enough; no error
        except OSError as error:
            raise OutputError(f"standard output: can't be written ({error.strerror}).") from error
        self.written += 1


class _Tables:
    on_screen = True
    before: Set[str] = frozenset()

    def __init__(self) -> None:
        from quotes.writing.terminal import console, document_table  # rich is slow to import

        self.written = 0
        self._console = console(sys.stdout)
        self._table = document_table

    def write(self, record: DocumentRecord) -> None:
        self._console.print(self._table(record, self._console.width))
        self._console.print()
        self.written += 1


@contextmanager
def open_sink(
    out: str | None,
    inputs: Iterable[Path] = (),
    *,
    resume: bool = False,
    options: WriteOptions = WriteOptions(),  # noqa: B008
) -> Iterator[Sink]:
    """Open the sink that `out` names: a file, "-" for JSONL on standard output, None for tables.

    A file is published when the block ends, as `WholeFile` says, or `ResumedFile` with `resume`, which only
    .jsonl can be: the other formats don't name documents without quotations. Raises OutputError at once when
    the suffix is unknown, the folder is missing, or the file is one of the `inputs`.
    """
    if out is None:
        yield _Tables()
    elif out == "-":
        yield _Lines()
    else:
        path = Path(out)
        format_ = format_of(path)
        _refuse_inputs(path, inputs)
        if not resume:
            with format_.open(path, options) as writer:
                yield _File(writer)
        elif resumable(out):
            with ResumedFile(path) as file:
                yield _File(PieceWriter(file, jsonl.encode), file.before)
        else:
            raise OutputError(f"{path}: only .jsonl can be gone on with. Name such a file.")


def resumable(out: str | None) -> bool:
    """Whether `out` names a file that a later run can go on with."""
    return out is not None and Path(out).suffix.lower() == ".jsonl"


def _refuse_inputs(path: Path, inputs: Iterable[Path]) -> None:
    if not path.exists():
        return
    there = path.stat()
    for other in inputs:
        with suppress(OSError):  # an input that is missing is told when its turn comes
            if os.path.samestat(there, other.stat()):
                raise OutputError(f"{path}: this is one of the inputs. Name another file for the output.")
