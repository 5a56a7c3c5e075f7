"""Records on standard output: lines for programs, tables for a person."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from quotes.errors import OutputError
from quotes.files.packed_file import file_for
from quotes.formats.jsonl import records as jsonl
from quotes.formats.writers import Encode
from quotes.records import DocumentRecord


def to_stdout(piece: bytes) -> None:
    """Write bytes to standard output. Raises OutputError, or BrokenPipeError where nobody reads on."""
    try:
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()  # the next program in the pipe can go on
    except BrokenPipeError:
        raise  # that program has had enough; no error
    except OSError as error:
        raise OutputError(f"standard output: can't be written ({error.strerror}).") from error


@contextmanager
def output(out: str | Path, header: bytes = b"") -> Iterator[Callable[[bytes], None]]:
    """Give what writes pieces to a whole file, packed if its name says so, or to standard output for "-".

    Raises as `WholeFile` and `to_stdout` do.
    """
    if str(out) == "-":
        to_stdout(header)
        yield to_stdout
        return
    path = Path(out)
    with file_for(path)(path, header, b"") as file:
        yield file.write


def put(out: str | Path, content: bytes) -> None:
    """Write all of a file or of standard output, as `output` does."""
    with output(out) as write:
        write(content)


class Lines:
    """JSONL on standard output, as bytes: the contract is UTF-8, whatever the terminal speaks."""

    on_screen = True
    before: Set[str] = frozenset()

    def __init__(self) -> None:
        self.written = 0
        self.encode: Encode | None = jsonl.encode

    def write(self, record: DocumentRecord) -> None:
        """Take one record."""
        self.write_piece(jsonl.encode(record))

    def write_piece(self, piece: bytes) -> None:
        """Take one line. Raises OutputError, or BrokenPipeError where nobody reads on."""
        to_stdout(piece)
        self.written += 1


class Tables:
    """A table a document."""

    on_screen = True
    before: Set[str] = frozenset()
    encode: Encode | None = None

    def __init__(self) -> None:
        from quotes.display.tables import console, document_table  # rich is slow to import

        self.written = 0
        self._console = console(sys.stdout)
        self._table = document_table

    def write(self, record: DocumentRecord) -> None:
        """Take one record."""
        self._console.print(self._table(record, self._console.width))
        self._console.print()
        self.written += 1

    def write_piece(self, piece: bytes) -> None:
        """Not for tables, which are made of records."""
        raise NotImplementedError("tables are made of records")
