"""What every writer of a file can do, and the writer for formats that are written piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from quotes.records import DocumentRecord
from quotes.writing.whole_file import WholeFile


class WriteOptions(NamedTuple):
    """What a user can ask of writers. `formulas`: leave cells alone that a spreadsheet would compute."""

    formulas: bool = False


class Writer(Protocol):
    """Takes records one by one."""

    @property
    def written(self) -> int:
        """How many records have been taken whole."""
        ...

    @property
    def size(self) -> int:
        """About how many bytes the file holds by now."""
        ...

    def write(self, record: DocumentRecord) -> None:
        """Take one record. Raises OutputError when it can't be written."""
        ...


#: Opens a writer for a path. The file appears, whole, when the block ends in peace, as `WholeFile` says.
OpenWriter = Callable[[Path, WriteOptions], AbstractContextManager[Writer]]


class PieceWriter:
    """Writes what `encode` makes of each record to a file."""

    def __init__(self, file: WholeFile, encode: Callable[[DocumentRecord], bytes]) -> None:
        self._file = file
        self._encode = encode

    @property
    def written(self) -> int:
        """How many records are in the file."""
        return self._file.pieces

    @property
    def size(self) -> int:
        """How many bytes they take, with the header."""
        return self._file.size

    def write(self, record: DocumentRecord) -> None:
        """Encode and append one record. Raises OutputError."""
        self._file.write(self._encode(record))


def in_pieces(header: bytes, encode: Callable[[DocumentRecord], bytes], footer: bytes = b"") -> OpenWriter:
    """A writer for a format whose files are a header, a piece for each record, and a footer."""

    @contextmanager
    def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
        del options
        with WholeFile(path, header, footer) as file:
            yield PieceWriter(file, encode)

    return opened
