"""The limit for a line or a document, unpacked. No reader holds more of a file at a time.

A few bytes can unpack to gigabytes, and a file can be one endless line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from typing import BinaryIO, Final

from quotes.errors import ReadError

#: The environment variable that sets the limit. The option `--max-size` sets this variable.
VARIABLE: Final = "QUOTES_MAX_SIZE"

#: The default limit in bytes. A long novel has 3 MB, and so has a page of a thousand tweets.
USUAL: Final = 64_000_000

_CHUNK: Final = 1 << 20
# The end of a line that is too long is looked for within this many times the limit.
_MOST_SKIPPED: Final = 16


def max_size(usual: int = USUAL) -> int:
    """The limit in bytes, `usual` by default. Raises ReadError if the user's variable is not a size."""
    text = os.environ.get(VARIABLE)
    if not text:
        return usual
    try:
        return parse_size(text)
    except ValueError as error:
        raise ReadError(f"{VARIABLE}: {error}") from None


def parse_size(text: str) -> int:
    """The bytes of a size such as 100MB or 64MiB. Raises ValueError for anything else and for zero."""
    from pydantic import ByteSize, TypeAdapter, ValidationError

    try:
        size = int(TypeAdapter(ByteSize).validate_python(text))
    except (ValidationError, OverflowError):
        size = 0
    if size <= 0:
        raise ValueError(f"{text} is not a size; write it like 100MB or 64MiB.")
    return size


def too_large(where: str, limit: int, then: str = "") -> ReadError:
    """The error for a line or a document larger than the limit; `then` says what happens to it."""
    from pydantic import ByteSize

    size = ByteSize(limit).human_readable(decimal=True, separator=" ").replace(".0 ", " ")
    return ReadError(
        f"{where}: larger than {size}, the limit for a line or a document. {then}"
        f"If this is intended, raise the limit: --max-size SIZE, or {VARIABLE}=SIZE."
    )


def whole(file: BinaryIO, where: str, usual: int = USUAL) -> bytes:
    """All bytes of an open file. Raises ReadError if they exceed the limit."""
    limit = max_size(usual)
    pieces: list[bytes] = []
    left = limit + 1
    while left and (piece := file.read(min(left, _CHUNK))):
        pieces.append(piece)
        left -= len(piece)
    if not left:
        raise too_large(where, limit)
    return b"".join(pieces)


def raised(error: ReadError) -> None:
    """Raise an error, as the `report` of a reader that may not leave out lines."""
    raise error


def lines(file: BinaryIO, where: str, report: Callable[[ReadError], None]) -> Iterator[tuple[int, bytes]]:
    """Each line of an open file with its number, from 1.

    A line that is larger than the limit is passed to `report` as a ReadError and skipped. Raises ReadError if
    it doesn't end.
    """
    limit = max_size()
    for number in count(1):
        line = file.readline(limit + 1)
        if not line:
            return
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line
            continue
        del line
        place = f"{where}, line {number}"
        _skip_line(file, place, limit)
        report(too_large(place, limit, "The line is left out. "))


def _skip_line(file: BinaryIO, place: str, limit: int) -> None:
    left = _MOST_SKIPPED * limit
    while piece := file.readline(_CHUNK):
        if piece.endswith(b"\n"):
            return
        left -= len(piece)
        if left < 0:
            raise too_large(place, limit, "The line doesn't end, so the rest of the file is left out. ")
