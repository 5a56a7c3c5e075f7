"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import shutil
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from quotes.errors import OutputError


class Done(NamedTuple):
    """What is finished: so many pieces, so many bytes. One value, so that no interrupt can come between."""

    pieces: int
    size: int


class WholeFile:
    """Writes to a file aside, in the same folder, and puts it in its place when the block is left.

    - Left in peace: the file is published, and replaces one of that name.
    - Left by KeyboardInterrupt: the pieces that were finished are published, unless there are none.
    - Left by any other exception: nothing is published.

    Raises OutputError on entering when the folder is missing or can't be written to, and on writing or
    leaving when the disk gives out.
    """

    def __init__(self, path: Path, header: bytes = b"", footer: bytes = b"") -> None:
        # A link keeps pointing where it did: it is its target that is replaced.
        self.path = Path(os.path.realpath(path)) if path.is_symlink() else path
        self._aside = aside(self.path)
        self._header = header
        self.footer = footer
        """What comes behind the last piece; it may still be set within the block."""
        self._done = Done(0, 0)
        self._file: BinaryIO

    @property
    def pieces(self) -> int:
        """How many pieces are finished, the header not counted."""
        return self._done.pieces

    @property
    def size(self) -> int:
        """How many bytes they take, the header counted."""
        return self._done.size

    def write(self, piece: bytes) -> None:
        """Append one piece, which will be in the file whole or not at all."""
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
            # After a failed write, closing tries that write again, and fails again.
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


def aside(path: Path) -> Path:
    """A name beside a path, for what isn't finished: hidden, and nobody else's."""
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}.tmp")


def no_folder(path: Path) -> str:
    """What to tell where the folder of a path is missing."""
    return (
        f"{path}: the folder {path.parent} does not exist. "
        f"Create it first: mkdir -p {shlex.quote(str(path.parent))}"
    )


def cannot_write(path: Path, error: OSError) -> str:
    """What to tell where the disk doesn't let us."""
    return (
        f"{path}: can't be written ({error.strerror}). "
        "Check the folder's permissions and the space on the disk."
    )


def to_disk(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
