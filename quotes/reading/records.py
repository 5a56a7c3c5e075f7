"""Files of records, predictions and reviews alike, back into records: what `writing/jsonl.py` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from quotes.errors import ReadError
from quotes.reading.inputs import BROKEN, cannot_read, open_unpacked
from quotes.records import SCHEMA_VERSION, Document, DocumentRecord


def read_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records of a JSON Lines file, packed or not, one a line; blank lines are passed over.

    Raises ReadError, with file and line, when the file can't be opened, a line is no record or torn, its
    schema is another version's, its text doesn't fit its hash, or a `doc_id` stands on two lines.
    """
    first_seen: dict[str, int] = {}
    number = 0
    try:
        with open_unpacked(path) as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                record = _record(line, f"{path}, line {number}")
                if (first := first_seen.setdefault(record.doc_id, number)) != number:
                    raise ReadError(
                        f"{path}, line {number}: the document {record.doc_id!r} is on line {first} already. "
                        "Keep one of the two lines."
                    )
                yield record
    except BROKEN as error:
        raise ReadError(f"{path}: broken behind line {number} ({error}). Extract anew.") from error
    except OSError as error:
        raise ReadError(cannot_read(str(path), error)) from error


def _record(line: bytes, where: str) -> DocumentRecord:
    try:
        record = DocumentRecord.model_validate_json(line)
    except ValidationError as error:
        raise ReadError(_complaint(line, where, error)) from None
    if record.text is not None:
        document = Document(doc_id=record.doc_id, text=record.text)
        if document.text_sha256 != record.text_sha256:
            raise ReadError(
                f"{where}: the text of {record.doc_id!r} isn't the one that its offsets count in."
            )
    return record


def _complaint(line: bytes, where: str, error: ValidationError) -> str:
    """Say what is wrong with a line that is no record, and what to do."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        if not line.endswith(b"\n"):
            return f"{where}: the file ends in the middle of a record. Write it again, or delete this line."
        return f"{where}: this is no JSON. Name a file that `quotes extract --out FILE.jsonl` wrote."
    if not isinstance(value, dict) or "quotations" not in value:
        return f"{where}: this is no record of a document. Name a file that `quotes extract --out` wrote."
    if value.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        return (
            f"{where}: this record has schema version {value['schema_version']!r}, and this program reads "
            f"version {SCHEMA_VERSION}. Extract anew, or use the program that wrote it."
        )
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "the record"
    return f"{where}: {place}: {first['msg']}. Name a file that `quotes extract --out` wrote."
