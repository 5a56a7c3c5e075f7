"""What every writer of a file can do, and the writer for formats that are written piece by piece."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from quotes.errors import OutputError, how_to_install, installed
from quotes.files.packed_file import file_for
from quotes.files.whole_file import WholeFile
from quotes.records import DocumentRecord


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


#: Makes the bytes of one record.
Encode = Callable[[DocumentRecord], bytes]


class PieceWriter:
    """Writes what `encode` makes of each record to a file."""

    def __init__(self, file: WholeFile, encode: Encode) -> None:
        self._file = file
        #: May be called in another process, whose pieces `write_piece` takes: it has to be picklable.
        self.encode = encode

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
        self._file.write(self.encode(record))

    def write_piece(self, piece: bytes) -> None:
        """Append what `encode` made of one record. Raises OutputError."""
        self._file.write(piece)


def in_pieces(header: bytes, encode: Encode, footer: bytes = b"") -> OpenWriter:
    """A writer for a format whose files are a header, a piece for each record, and a footer.

    Such files may be packed, as the path's last suffix says. `encode` is a function of a module.
    """

    @contextmanager
    def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
        del options
        with file_for(path)(path, header, footer) as file:
            yield PieceWriter(file, encode)

    return opened


def text_of(record: DocumentRecord) -> str:
    """The record's text, for a format that can't do without. Raises OutputError where it isn't there."""
    if record.text is None:
        raise OutputError(
            f"{record.doc_id}: its text is not here, and this format needs it. Extract with --with-text, "
            "or name with --texts all the files and folders that were extracted."
        )
    return record.text


def need_extra(path: Path, extra: str) -> None:
    """Raise OutputError, and tell what to install, where an optional package is missing."""
    if not installed(extra):
        raise OutputError(f"{path}: this format needs an extra. {how_to_install(extra)}")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold Ctrl-C back until the block is left, for steps that must not be done by half."""
    if threading.current_thread() is not threading.main_thread():  # nobody else is interrupted
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if asked:
            signal.raise_signal(signal.SIGINT)
