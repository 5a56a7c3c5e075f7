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

from quotes.errors import ReadError

OnError = Callable[[ReadError], None]

#: The suffixes of packed files; the one before says what is packed.
PACKED = (".gz", ".zst")

#: What reading a packed file raises where it is torn, or isn't packed at all.
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)

_CHUNK = 1 << 16
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

    def data(self) -> bytes:
        """All its bytes. Raises OSError."""
        with self.open() as file:
            return file.read()


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
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return cast("BinaryIO", gzip.open(path, "rb"))
    if suffix == ".zst":
        return _zstandard(path)
    return path.open("rb")


class _Frames(io.RawIOBase):
    """The frames of a file packed with Zstandard, one behind the other.

    zstandard's own reader takes the end of a file for the end of its data, wherever it is torn.
    """

    def __init__(self, path: Path, decompressor: Callable[[], Any]) -> None:
        self._file = path.open("rb")
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


def _zstandard(path: Path) -> BinaryIO:
    try:
        import zstandard
    except ImportError:
        raise ReadError(
            f"{path}: files packed with Zstandard need an extra. Install it: pip install 'quotes[zstd]'"
        ) from None
    new = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj
    return cast("BinaryIO", io.BufferedReader(_Frames(path, new), _CHUNK))
