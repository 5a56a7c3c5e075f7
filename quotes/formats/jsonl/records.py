"""Records in JSON Lines, the format that contains everything: one document a line.

{"doc_id": "flood", "text_sha256": "…", "quotations": [{"quote_id": "…", "text": "“It rained,”", …}]}
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, to_json

from quotes.errors import ReadError
from quotes.files.inputs import BROKEN, STDIN, cannot_read, open_unpacked
from quotes.files.limits import lines, raised
from quotes.formats.record_checks import WRITE_AGAIN, Checks, complaint
from quotes.formats.writers import in_pieces
from quotes.records import DocumentRecord, Record, encodable

_Record = TypeVar("_Record", bound=Record)

# JSON allows these three as they are, but many programs take them for the end of a line.
_LINE_ENDS = {character.encode(): f"\\u{ord(character):04x}".encode() for character in "\x85\u2028\u2029"}


def encode(record: DocumentRecord) -> bytes:
    r"""The record as a line of JSON in UTF-8, with its ``\n``.

    `DocumentRecord.model_validate_json` gives the record back. UTF-8 can't hold a lone surrogate: each
    becomes U+FFFD, so that offsets stay valid.
    """
    return encode_line(record)


def encode_line(record: Record) -> bytes:
    """Any record, as `encode` does."""
    try:
        line = to_json(record)  # bytes at once: a long line as a string would take twice the memory
    except PydanticSerializationError:
        line = to_json(_encodable(record))
    for character, escaped in _LINE_ENDS.items():
        line = line.replace(character, escaped)
    return line + b"\n"


def _encodable(record: _Record) -> _Record:
    """A copy without lone surrogates. It shares all values that have none."""
    changed: dict[str, object] = {}
    for name, value in record:
        if isinstance(value, str):
            changed[name] = encodable(value)
        elif isinstance(value, Record):
            changed[name] = _encodable(value)
        elif name == "quotations":
            changed[name] = tuple(map(_encodable, value))
    new = {name: value for name, value in changed.items() if value != getattr(record, name)}
    return record.model_copy(update=new) if new else record


#: Opens a writer of JSON Lines.
opened = in_pieces(b"", encode)


def read_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records of a JSON Lines file, packed or not. Blank lines are skipped.

    The path "-" is standard input. Raises ReadError, with file and line, if the file can't be opened, a line
    is not a record or truncated, its schema has another version, its text doesn't match its hash, an offset
    doesn't fit the text, or a `doc_id` occurs twice.
    """
    where = "standard input" if path == STDIN else str(path)
    checks = Checks(where)
    number = 0
    try:
        with nullcontext(sys.stdin.buffer) if path == STDIN else open_unpacked(path) as file:
            for number, line in lines(file, where, raised):
                if not line.strip():
                    continue
                yield checks.take(_record(line, f"{where}, line {number}"), f"line {number}")
    except BROKEN as error:
        raise ReadError(f"{where}: damaged after line {number} ({error}). Extract again.") from error
    except OSError as error:
        raise ReadError(cannot_read(where, error)) from error


def _record(line: bytes, where: str) -> DocumentRecord:
    try:
        return DocumentRecord.model_validate_json(line)
    except ValidationError as error:
        raise ReadError(f"{where}: {_complaint(line, error)}") from None


def _complaint(line: bytes, error: ValidationError) -> str:
    """What is wrong with a line that is not a record, and what to do."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        if not line.endswith(b"\n"):
            return "the file ends in the middle of a record. Write it again, or delete this line."
        return f"this is not JSON. {WRITE_AGAIN}"
    return complaint(value, error)
