"""A file that waits to be read, and how to get at its bytes."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from quotes.errors import ReadError, zstandard_is_missing
from quotes.files.limits import USUAL, whole
from quotes.files.opening import open_plain

OnError = Callable[[ReadError], None]

#: The suffixes of packed files; the one before says what is packed.
PACKED = (".gz", ".zst")

#: What reading a packed file raises where it is torn, or isn't packed at all.
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)

_BUFFER = 1 << 16
# Zstandard unpacks all that it is given at once, and four bytes may become 128 kB: of so many, 64 MB.
_CHUNK = 2048
_WINDOW = 1 << 31  # as `zstd --long=31` packs


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or standard input, whose turn has come.

    `doc_id` is the id of the file, for a format that holds one document. `report` takes what is wrong with a
    part of it, such as a line; what is wrong with all of it is raised as a ReadError. `author` is whose posts
    are in it, "@portellery", if the user says so: it counts where the file doesn't tell.
    `fields` names the fields of a file of many articles where they aren't called what they usually are:
    `{"text": "body"}`.
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
        """Open it for reading; what is packed is unpacked on the way. Raises OSError, or ReadError."""
        if self.path is None:
            return sys.stdin.buffer
        return open_unpacked(self.path)

    def data(self, usual: int = USUAL) -> bytes:
        """All its bytes. Raises OSError, and ReadError where they are more than the limit on a document."""
        with self.open() as file:
            return whole(file, self.where, usual)


def first_line(error: BaseException) -> str:
    """What an error says, in a line without its full stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def reason(error: OSError) -> str:
    """What an error of a file system says, in a few words."""
    return error.strerror or first_line(error)


def cannot_read(where: str, error: OSError) -> str:
    """What to tell where an input can't be opened, or not be read to its end."""
    return f"{where}: can't be read ({reason(error)}). Check that it is there and you may read it."


def repeated_id(where: str, number: int, doc_id: str) -> str:
    """What to tell of the document with this number in an input, whose id was there before."""
    return f"{where}, document {number}: another has the id {doc_id!r}. Give each its own."


def unpacked_name(path: Path) -> str:
    """The file's name in small letters, without the suffix that tells how it is packed."""
    name = path.name.lower()
    for suffix in PACKED:
        name = name.removesuffix(suffix)
    return name


def open_unpacked(path: Path) -> BinaryIO:
    """Open a file; what is packed is unpacked on the way. Raises OSError, or ReadError.

    Where a packed file is torn or is none, reading it raises one of `BROKEN`.
    """
    return unpacked(open_plain(path), path.suffix, str(path))


def unpacked(file: BinaryIO, suffix: str, where: str) -> BinaryIO:
    """What an open file holds, unpacked as its suffix says; closing it closes the file.

    Raises ReadError for want of an extra; reading it raises as `open_unpacked` says.
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
    """A file packed with gzip that owns the file beneath it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._beneath = file

    def close(self) -> None:
        super().close()
        self._beneath.close()


class _Frames(io.RawIOBase):
    """The frames of a file packed with Zstandard, one behind the other.

    zstandard's own reader takes the end of a file for the end of its data, wherever it is torn.
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
                    raise EOFError("it ends within its packed data")
                return 0
            self._unpack()
        count = min(len(buffer), len(self._unpacked))
        buffer[:count], self._unpacked = self._unpacked[:count], self._unpacked[count:]
        return count

    def _unpack(self) -> None:
        self._frame = self._frame or self._new()
        try:
            self._unpacked = memoryview(self._frame.decompress(self._packed))
        except Exception as error:  # zstandard's own, which can't be named where it isn't installed
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
