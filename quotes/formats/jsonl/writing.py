"""The contract: one line a document, whatever the document holds."""

from __future__ import annotations

from typing import TypeVar

from pydantic_core import PydanticSerializationError, to_json

from quotes.records import DocumentRecord, Record, encodable

_Record = TypeVar("_Record", bound=Record)

# JSON may hold these three as they are, but many programs take them for the end of a line.
_LINE_ENDS = {character.encode(): f"\\u{ord(character):04x}".encode() for character in "\x85\u2028\u2029"}

HEADER = b""


def encode(record: DocumentRecord) -> bytes:
    r"""Give one record as a line of JSON in UTF-8, with its ``\n``.

    `DocumentRecord.model_validate_json` gives the record back. UTF-8 has no place for a lone surrogate:
    each becomes U+FFFD, one for one, so that all offsets still hold.
    """
    try:
        # Bytes at once: of a long line, a string would take twice as much.
        line = to_json(record)
    except PydanticSerializationError:
        line = to_json(_encodable(record))
    for character, escaped in _LINE_ENDS.items():
        line = line.replace(character, escaped)
    return line + b"\n"


def _encodable(record: _Record) -> _Record:
    """A copy without lone surrogates, which shares whatever has none."""
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
