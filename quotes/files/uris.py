"""Files on any file system that pyarrow supports: a local path, or a URI such as s3://news/2026."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from quotes.errors import QuotesError, how_to_install
from quotes.files.inputs import Input, first_line, unpacked

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_BUFFER = 1 << 20  # bytes; a request to an object store takes about as long as reading them


def absolute(place: str) -> str:
    """The place, as an absolute path or a URI, for a process with another working directory."""
    return place if is_uri(place) else os.path.abspath(place)  # noqa: PTH100 - links keep their names


def is_uri(place: str) -> bool:
    """Whether the place is a URI."""
    return "://" in place


def file_system(place: str) -> tuple[FileSystem, str]:
    """The file system of a path or a URI, and the path on it. Raises QuotesError if it is not supported."""
    try:
        from pyarrow import fs
    except ImportError:
        raise QuotesError(f"{place}: this needs an extra. {how_to_install('ray')}") from None
    if not is_uri(place):
        return fs.LocalFileSystem(), absolute(place)
    try:
        found: tuple[FileSystem, str] = fs.FileSystem.from_uri(place)
    except (ValueError, OSError, NotImplementedError) as error:
        raise QuotesError(
            f"{place}: no file system can be opened for this address ({first_line(error)})."
        ) from error
    return found


@dataclass(frozen=True, kw_only=True)
class PlacedInput(Input):
    """A file at `place`, an absolute path or a URI. Messages call it `shown`."""

    place: str
    shown: str

    @property
    def where(self) -> str:
        """The input's name for messages."""
        return self.shown

    def open(self) -> BinaryIO:
        """Open it for reading, and unpack it if it is packed. Raises OSError or QuotesError."""
        if not is_uri(self.place):
            return super().open()
        files, path = file_system(self.place)
        raw = io.BufferedReader(files.open_input_file(path), _BUFFER)
        return unpacked(cast("BinaryIO", raw), Path(path).suffix, self.place)
