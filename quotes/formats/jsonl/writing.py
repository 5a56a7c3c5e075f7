"""The contract: one line a document, whatever the document holds."""

from __future__ import annotations

import json

from pydantic_core import PydanticSerializationError

from quotes.records import DocumentRecord, encodable

# JSON may hold these three as they are, but many programs take them for the end of a line.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}

HEADER = b""


def encode(record: DocumentRecord) -> bytes:
    r"""Give one record as a line of JSON in UTF-8, with its ``\n``.

    `DocumentRecord.model_validate_json` gives the record back. UTF-8 has no place for a lone surrogate:
    each becomes U+FFFD, one for one, so that all offsets still hold.
    """
    try:
        line = record.model_dump_json()
    except PydanticSerializationError:
        line = json.dumps(record.model_dump(), ensure_ascii=False, separators=(",", ":"))
        line = encodable(line)
    return line.translate(_LINE_ENDS).encode() + b"\n"
