"""Open an input for reading: a file, packed or not, a pipe, or standard input."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, Final, cast

from quotes.errors import ReadError, zstandard_is_missing
from quotes.files.limits import USUAL, whole

#: Takes an error in a part of an input; the rest is read.
OnError = Callable[[ReadError], None]

#: The path that means standard input, where a command reads records.
STDIN: Final = Path("-")

#: The suffixes of packed files, which follow the suffix of the format.
PACKED = (".gz", ".zst")

#: The exceptions that reading a packed file raises if it is truncated or not packed at all.
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)

_BUFFER = 1 << 16
# Zstandard unpacks a whole chunk at once, and four bytes may unpack to 128 kB: a chunk to 64 MB at most.
_CHUNK = 2048
_WINDOW = 1 << 31  # as `zstd --long=31` packs


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or standard input, to read documents from.

    `doc_id` is the id of the document in a file that holds one. `report` takes an error in a part of the
    file, such as a line; an error in the whole file is raised as a ReadError. `author` is the account,
    "@portellery", of posts whose file doesn't name one. `fields` maps the fields of an article to other
    names: `{"text": "body"}`.
    """

    doc_id: str
    path: Path | None
    report: OnError
    author: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The input's name for messages."""
        return "standard input" if self.path is None else str(self.path)

    def open(self) -> BinaryIO:
        """Open it for reading, and unpack it if it is packed. Raises OSError or ReadError."""
        if self.path is None:
            return sys.stdin.buffer
        return open_unpacked(self.path)

    def data(self, usual: int = USUAL) -> bytes:
        """All its bytes. Raises OSError, and ReadError if they exceed the limit for a document."""
        with self.open() as file:
            return whole(file, self.where, usual)


def first_line(error: BaseException) -> str:
    """The first line of an error's message, without a full stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def reason(error: OSError) -> str:
    """The message of an error of the file system, in a few words."""
    return error.strerror or first_line(error)


def cannot_read(where: str, error: OSError) -> str:
    """The message for an input that can't be opened or read to its end."""
    return f"{where}: can't be read ({reason(error)}). Check that it is there and you may read it."


def repeated_id(where: str, number: int, doc_id: str) -> str:
    """The message for document `number` of an input, whose id was seen before."""
    return f"{where}, document {number}: another has the id {doc_id!r}. Give each its own."


def unpacked_name(path: Path) -> str:
    """The file's name in lower case, without the suffix of a packed file."""
    name = path.name.lower()
    for suffix in PACKED:
        name = name.removesuffix(suffix)
    return name


def open_unpacked(path: Path) -> BinaryIO:
    """Open a file for reading, and unpack it if it is packed. Raises OSError or ReadError.

    If a packed file is truncated or not packed at all, reading it raises one of `BROKEN`.
    """
    return unpacked(open_plain(path), path.suffix, str(path))


def unpacked(file: BinaryIO, suffix: str, where: str) -> BinaryIO:
    """The contents of an open file, unpacked according to its suffix. Closing it closes the file.

    Raises ReadError if an extra is missing; reading raises as `open_unpacked` says.
    """
    try:
        match suffix.lower():
            case ".gz":
                return cast("BinaryIO", _Gzip(file))
            case ".zst":
                return _zstandard(file, where)
    except ReadError:
        file.close()
        raise
    return file


class _Gzip(gzip.GzipFile):
    """A file packed with gzip that also closes the file beneath it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._beneath = file

    def close(self) -> None:
        super().close()
        self._beneath.close()


class _Frames(io.RawIOBase):
    """The unpacked frames of a file packed with Zstandard.

    Own code, because zstandard's reader takes a truncated file for a complete one.
    """

    def __init__(self, file: BinaryIO, decompressor: Callable[[], Any]) -> None:
        self._file = file
        self._new = decompressor
        self._frame: Any = None
        self._packed = b""
        self._unpacked = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._unpacked:
            self._packed = self._packed or self._file.read(_CHUNK)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("it ends in the middle of its packed data")
                return 0
            self._unpack()
        count = min(len(buffer), len(self._unpacked))
        buffer[:count], self._unpacked = self._unpacked[:count], self._unpacked[count:]
        return count

    def _unpack(self) -> None:
        self._frame = self._frame or self._new()
        try:
            self._unpacked = memoryview(self._frame.decompress(self._packed))
        except Exception as error:  # ZstdError, which can't be named if zstandard isn't installed
            raise EOFError(str(error)) from None
        self._packed = b""
        if self._frame.eof:
            self._packed, self._frame = self._frame.unused_data, None

    def close(self) -> None:
        self._file.close()
        super().close()


def _zstandard(file: BinaryIO, where: str) -> BinaryIO:
    try:
        import zstandard
    except ImportError:
        raise ReadError(zstandard_is_missing(where)) from None
    new = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj
    return cast("BinaryIO", io.BufferedReader(_Frames(file, new), _BUFFER))


#: Seconds to wait until a program opens a named pipe for writing.
PATIENCE = 10.0


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading, as it is.

    Raises OSError, and ReadError for a device or a pipe without a writer.
    """
    found = path.stat()
    if stat.S_ISFIFO(found.st_mode) and _has_a_name(path):
        return _pipe(path)
    file = path.open("rb")
    if kind := _device(found, file):
        file.close()
        raise ReadError(f"{path}: this is {kind}, not a file. Name a file.")
    return file


def read_whole(path: Path, usual: int = USUAL) -> bytes:
    """All bytes of a file. Raises OSError, and ReadError if they exceed the limit for a document."""
    with open_plain(path) as file:
        return whole(file, str(path), usual)


def special_kind(mode: int) -> str | None:
    """What a path is, if it is neither a file, a folder nor a link; otherwise None."""
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return "a device"
    return "a socket" if stat.S_ISSOCK(mode) else None


def _device(found: os.stat_result, file: BinaryIO) -> str | None:
    """What it is, if it is a device; but a terminal can be read, and /dev/null is an empty file."""
    kind = special_kind(found.st_mode)
    if kind != "a device" or file.isatty():
        return None
    return None if os.path.samestat(found, os.stat(os.devnull)) else kind  # noqa: PTH116


def _has_a_name(path: Path) -> bool:
    """Whether a pipe was made by `mkfifo`; one of a shell, `<(zcat news.gz)`, already has a writer."""
    return Path(os.path.realpath(path)).exists()


def _pipe(path: Path) -> BinaryIO:
    """Open a named pipe, in a thread, because it blocks until a program opens the other end."""
    opened: Future[BinaryIO] = Future()

    def wait() -> None:
        try:
            opened.set_result(path.open("rb"))
        except OSError as error:
            opened.set_exception(error)

    Thread(target=wait, daemon=True).start()
    try:
        return opened.result(timeout=PATIENCE)
    except TimeoutError:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))  # the thread waits for this
        opened.result().close()
    raise ReadError(
        f"{path}: no program writes to this pipe. Start the program that writes to it, then try again."
    )
