r"""Files that appear whole or not at all, plain or packed.

    with file_for(path)(path, b"header\n", b"") as file:
        file.write(b"one piece\n")  # in the file whole or not at all, even after Ctrl-C

Own code, since libraries for atomic writing publish all or nothing: they can't keep the finished pieces of
an interrupted run.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import secrets
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from quotes.errors import OutputError, zstandard_is_missing

# Pieces are packed together in blocks of this many bytes, counted before packing.
_BLOCK = 1 << 20


class Done(NamedTuple):
    """The number of finished pieces, and their bytes. One value, so that an interrupt can't part them."""

    pieces: int
    size: int


class WholeFile:
    """Writes to a temporary file in the same folder, and renames it when the block ends.

    - After a normal end, the file is published and replaces an existing one.
    - After KeyboardInterrupt, the finished pieces are published, if there are any.
    - After any other exception, nothing is published.

    Entering raises OutputError if the folder is missing or not writable. Writing and leaving raise it if the
    disk fails.
    """

    def __init__(self, path: Path, header: bytes = b"", footer: bytes = b"") -> None:
        # A symbolic link stays: its target is replaced.
        self.path = Path(os.path.realpath(path)) if path.is_symlink() else path
        self._aside = aside(self.path)
        self._header = header
        self.footer = footer
        """Follows the last piece. It may still be set within the block."""
        self._done = Done(0, 0)
        self._file: BinaryIO

    @property
    def pieces(self) -> int:
        """The number of finished pieces, without the header."""
        return self._done.pieces

    @property
    def size(self) -> int:
        """Their size in bytes, with the header."""
        return self._done.size

    def write(self, piece: bytes) -> None:
        """Append one piece, which will be in the file whole or not at all. Raises OutputError."""
        try:
            self._file.write(piece)
        except OSError as error:
            raise self._failed(error) from error
        self._done = Done(self._done.pieces + 1, self._done.size + len(piece))

    def __enter__(self) -> Self:
        try:
            if not self.path.parent.is_dir():
                raise OutputError(no_folder(self.path))
            if self.path.is_dir():
                raise OutputError(f"{self.path}: this is a folder. Name a file.")
            self._done = self._open()
        except OSError as error:
            raise self._failed(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        interrupted = isinstance(error, KeyboardInterrupt) and self.pieces > 0
        try:
            if error is None or interrupted:
                self._publish()
        except OSError as problem:
            raise self._failed(problem) from problem
        finally:
            # After a failed write, closing repeats that write and fails again.
            with contextlib.suppress(OSError):
                self._file.close()
            self._aside.unlink(missing_ok=True)

    def _open(self) -> Done:
        self._file = self._aside.open("xb")
        self._file.write(self._header)
        return Done(0, len(self._header))

    def _publish(self) -> None:
        self._file.flush()
        self._file.truncate(self._done.size)  # an interrupt may have cut a piece in two
        self._file.seek(self._done.size)
        self._file.write(self.footer)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if self.path.exists():
            shutil.copymode(self.path, self._aside)
        self._aside.replace(self.path)
        with contextlib.suppress(OSError):  # not every file system can sync a folder
            to_disk(self.path.parent)

    def _failed(self, error: OSError) -> OutputError:
        return OutputError(cannot_write(self.path, error))


class PackedFile(WholeFile):
    """A file of packed blocks, one after the other; programs that unpack it read them as one stream.

    Each block holds whole pieces, so that an interrupt loses no finished one. `size` counts packed bytes, and
    those of the last block only when it is full.
    """

    def __init__(self, path: Path, header: bytes, footer: bytes, pack: Callable[[bytes], bytes]) -> None:
        super().__init__(path, pack(header) if header else b"", pack(footer) if footer else b"")
        self._pack = pack
        # With the number of the first piece: one value, so that an interrupt can't part them.
        self._waiting: tuple[int, list[bytes]] = (0, [])
        self._bytes = 0

    @property
    def pieces(self) -> int:
        """The number of finished pieces, with those that wait to be packed."""
        return self._done.pieces + len(self._unpacked())

    def write(self, piece: bytes) -> None:
        """Take one piece; a full block is packed and appended. Raises OutputError."""
        self._waiting[1].append(piece)
        self._bytes += len(piece)
        if self._bytes >= _BLOCK:
            try:
                self._write_block()
            except OSError as error:
                raise self._failed(error) from error

    def _unpacked(self) -> list[bytes]:
        first, pieces = self._waiting
        return pieces if first == self._done.pieces else []  # an interrupt came right after they were packed

    def _write_block(self) -> None:
        pieces = self._unpacked()
        block = self._pack(b"".join(pieces))
        self._file.seek(self._done.size)  # whatever follows was cut in two by an interrupt
        self._file.write(block)
        self._done = Done(self._done.pieces + len(pieces), self._done.size + len(block))
        self._waiting = (self._done.pieces, [])
        self._bytes = 0

    def _publish(self) -> None:
        if self._unpacked():
            self._write_block()
        super()._publish()


def file_for(path: Path) -> Callable[[Path, bytes, bytes], WholeFile]:
    """What opens a file of this name: packed if it ends in .gz or .zst.

    Raises OutputError if zstandard is needed and missing.
    """
    suffix = path.suffix.lower()
    if suffix == ".gz":
        # Without the time, so that the same records give the same bytes.
        return lambda path, header, footer: PackedFile(
            path, header, footer, lambda data: gzip.compress(data, compresslevel=6, mtime=0)
        )
    if suffix == ".zst":
        try:
            import zstandard
        except ImportError:
            raise OutputError(zstandard_is_missing(str(path))) from None
        pack = zstandard.ZstdCompressor(write_checksum=True).compress
        return lambda path, header, footer: PackedFile(path, header, footer, pack)
    return WholeFile


def aside(path: Path) -> Path:
    """A new hidden name in the same folder, for what isn't finished."""
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}.tmp")


def no_folder(path: Path) -> str:
    """The message for a missing folder."""
    return (
        f"{path}: the folder {path.parent} does not exist. "
        f"Create it first: mkdir -p {shlex.quote(str(path.parent))}"
    )


def cannot_write(path: Path, error: OSError) -> str:
    """The message for an error of the operating system."""
    return (
        f"{path}: can't be written ({error.strerror}). "
        "Check the folder's permissions and the space on the disk."
    )


def to_disk(path: Path) -> None:
    """Wait until a file, or the list of a folder's files, is on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
