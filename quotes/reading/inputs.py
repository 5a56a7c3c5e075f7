"""A file that waits to be read, and how to get at its bytes."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from quotes.errors import ReadError

OnError = Callable[[ReadError], None]

#: The suffixes of packed files; the one before says what is packed.
PACKED = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or standard input, whose turn has come.

    `doc_id` is the id of the file, for a format that holds one document. `report` takes what is wrong with a
    part of it, such as a line; what is wrong with all of it is raised as a ReadError.
    """

    doc_id: str
    path: Path | None
    report: OnError

    @property
    def where(self) -> str:
        """The input's name for messages."""
        return "standard input" if self.path is None else str(self.path)

    def open(self) -> BinaryIO:
        """Open it for reading; what is packed is unpacked on the way. Raises OSError, or ReadError."""
        if self.path is None:
            return sys.stdin.buffer
        suffix = self.path.suffix.lower()
        if suffix == ".gz":
            return cast("BinaryIO", gzip.open(self.path, "rb"))
        if suffix == ".zst":
            return _zstandard(self.path)
        return self.path.open("rb")

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


def _zstandard(path: Path) -> BinaryIO:
    try:
        import zstandard
    except ImportError:
        raise ReadError(
            f"{path}: files packed with Zstandard need an extra. Install it: pip install 'quotes[zstd]'"
        ) from None
    return cast("BinaryIO", zstandard.open(path, "rb"))
