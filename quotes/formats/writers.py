"""What the writer of a format has to do, and the writer for formats that are written piece by piece.

jsonl = in_pieces(header=b"", encode=record_to_line)
with jsonl(Path("quotations.jsonl"), WriteOptions()) as writer:
writer.write(record)
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from quotes.errors import OutputError
from quotes.files.whole_file import file_for
from quotes.records import DocumentRecord


class WriteOptions(NamedTuple):
    """Options of writers. `formulas`: don't protect CSV cells that a spreadsheet would compute."""

    formulas: bool = False


class Writer(Protocol):
    """Takes records one by one."""

    @property
    def written(self) -> int:
        """The number of records written."""
        ...

    @property
    def size(self) -> int:
        """The size of the file in bytes so far, about."""
        ...

    def write(self, record: DocumentRecord) -> None:
        """Write one record. Raises OutputError."""
        ...


#: Opens a writer for a path. The file appears when the block ends, as `WholeFile` says.
OpenWriter = Callable[[Path, WriteOptions], AbstractContextManager[Writer]]

#: Makes the bytes of one record.
Encode = Callable[[DocumentRecord], bytes]


class PieceFile(Protocol):
    """Where pieces go: a `WholeFile`, or standard output."""

    @property
    def pieces(self) -> int:
        """The number of finished pieces."""
        ...

    @property
    def size(self) -> int:
        """Their size in bytes, with the header."""
        ...

    def write(self, piece: bytes) -> None:
        """Append one piece. Raises OutputError."""
        ...


class PieceWriter:
    """Writes what `encode` makes of each record to a file."""

    def __init__(self, file: PieceFile, encode: Encode) -> None:
        self._file = file
        #: Must be picklable: other processes call it, and `write_piece` takes what they send.
        self.encode = encode

    @property
    def written(self) -> int:
        """The number of records written."""
        return self._file.pieces

    @property
    def size(self) -> int:
        """The size of the file in bytes so far, with the header."""
        return self._file.size

    def write(self, record: DocumentRecord) -> None:
        """Encode and append one record. Raises OutputError."""
        self._file.write(self.encode(record))

    def write_piece(self, piece: bytes) -> None:
        """Append what `encode` made of one record. Raises OutputError."""
        self._file.write(piece)


def in_pieces(header: bytes, encode: Encode, footer: bytes = b"") -> OpenWriter:
    """A writer for a format whose files are a header, a piece for each record, and a footer.

    The file is packed if its name ends in .gz or .zst. `encode` must be picklable: a function of a module.
    """

    @contextmanager
    def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
        del options
        with file_for(path)(path, header, footer) as file:
            yield PieceWriter(file, encode)

    return opened


def text_of(record: DocumentRecord) -> str:
    """The record's text, for a format that needs it. Raises OutputError if the record has none."""
    if record.text is None:
        raise OutputError(
            f"{record.doc_id}: this format needs the document's text, and the record has none. "
            "Extract with --with-text, or name the extracted files and folders with --texts."
        )
    return record.text


@contextmanager
def undisturbed() -> Iterator[None]:
    """Delay Ctrl-C until the block ends, for steps that must not be half done."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread is interrupted
        yield
        return
    received: list[int] = []
    previous = signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
        if received:
            signal.raise_signal(signal.SIGINT)
