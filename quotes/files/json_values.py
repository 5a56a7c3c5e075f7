"""Read the values of a JSON file of any size, one at a time.

    [{…}, {…}, …]   the items of an array         {…} {…}   values on lines of their own, or a single one

Python's decoder reads one value at a time from a window of the text. Own code, because an event parser
(ijson) keeps the path of every event, so that a file with a hundred thousand opening brackets fills the
memory.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.files.inputs import BROKEN
from quotes.files.limits import max_size, too_large

_CHUNK = 1 << 18
_SPACE = re.compile(r"[\s,;]*")
_DECODER = json.JSONDecoder()
_CUT = 16  # if the window ends in a value, its last characters may look wrong: tru, \ud83c\u


def values(texts: Iterator[str], where: str, what: str = "item") -> Iterator[tuple[str, object]]:
    """Each value with its place, "tweets.json, item 3".

    Raises ReadError at a value that is not JSON or larger than the limit; the values before it are yielded.
    """
    limit = max_size()
    buffer, position, number, wanted = "", 0, 0, _CHUNK
    array: bool | None = None
    end = False
    while True:
        position = _skipped(buffer, position)
        if array is None and position < len(buffer):
            array = buffer[position] == "["
            position = _skipped(buffer, position + array)
        if array and buffer[position : position + 1] == "]":
            return
        try:
            value, after = _DECODER.raw_decode(buffer, position)
        except RecursionError:
            raise _broken(where, what, number, "it is nested too deeply") from None
        except ValueError as error:
            if end and position == len(buffer) and not array:
                return
            if end or _is_final(error, len(buffer)):
                reason = "it ends too early" if end and position == len(buffer) else _reason(error)
                raise _broken(where, what, number, reason) from None
        else:
            # A number may continue after the window; a value in brackets can't.
            if (end or after < len(buffer)) and after - position <= limit:
                number, position, wanted = number + 1, after, _CHUNK
                yield f"{where}, {what} {number}", value
                continue
        if len(buffer) - position > limit:
            raise too_large(f"{where}, {what} {number + 1}", limit, "The items before it were read. ")
        buffer, position = buffer[position:], 0
        goal = min(len(buffer) + wanted, limit + 1)
        while len(buffer) < goal and not end:
            more = next(texts, None)
            end = more is None
            buffer += more or ""
        wanted = min(2 * wanted, limit)  # so that a long value isn't decoded many times


def decoded(file: BinaryIO, where: str) -> Iterator[str]:
    """The text of a file in UTF-8, in pieces.

    Raises ReadError if it is not UTF-8, or packed and truncated.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise ReadError(f"{where}: this is not JSON in UTF-8. Save it as UTF-8 and try again.") from None
    except BROKEN as error:
        raise ReadError(
            f"{where}: damaged ({error}). The items before it were read; pack the file again."
        ) from error


def _skipped(buffer: str, position: int) -> int:
    found = _SPACE.match(buffer, position)
    return found.end() if found else position


def _is_final(error: ValueError, size: int) -> bool:
    """Whether this is an error whatever follows the window, which has this size."""
    if not isinstance(error, json.JSONDecodeError):
        return True
    return error.pos < size - _CUT and not error.msg.startswith("Unterminated")


def _reason(error: ValueError) -> str:
    return str(getattr(error, "msg", error))


def _broken(where: str, what: str, number: int, reason: str) -> ReadError:
    return ReadError(
        f"{where}: {what} {number + 1} is not JSON ({reason}). The items before it were read. "
        "Repair the file, or leave it out."
    )
