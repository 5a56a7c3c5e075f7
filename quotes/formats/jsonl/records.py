"""Files of records, predictions and reviews alike, back into records: what `writing/jsonl.py` wrote."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from quotes.errors import ReadError
from quotes.files.inputs import BROKEN, cannot_read, open_unpacked
from quotes.files.limits import lines, raised
from quotes.formats.record_checks import WRITE_AGAIN, Checks, complaint
from quotes.records import DocumentRecord

#: The path that means standard input.
STDIN: Final = Path("-")


def read_records(path: Path) -> Iterator[DocumentRecord]:
    """Stream the records of a JSON Lines file, packed or not, one a line; blank lines are passed over.

    The path "-" is standard input. Raises ReadError, with file and line, when the file can't be opened, a
    line is no record or torn, its schema is another version's, its text doesn't fit its hash, an offset
    doesn't fit the text, or a `doc_id` stands on two lines.
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
        raise ReadError(f"{where}: broken behind line {number} ({error}). Extract anew.") from error
    except OSError as error:
        raise ReadError(cannot_read(where, error)) from error


def _record(line: bytes, where: str) -> DocumentRecord:
    try:
        return DocumentRecord.model_validate_json(line)
    except ValidationError as error:
        raise ReadError(f"{where}: {_complaint(line, error)}") from None


def _complaint(line: bytes, error: ValidationError) -> str:
    """Say what is wrong with a line that is no record, and what to do."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        if not line.endswith(b"\n"):
            return "the file ends in the middle of a record. Write it again, or delete this line."
        return f"this is no JSON. {WRITE_AGAIN}"
    return complaint(value, error)
