"""What holds of the records of any file: each document once, offsets that fit; and how a fault is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from quotes.errors import ReadError
from quotes.records import SCHEMA_VERSION, Document, DocumentRecord, misplaced

WRITE_AGAIN = "Name a file that `quotes extract --out` wrote."


class Checks:
    """Checks the records of one file, `where`, one after the other."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._places: dict[str, str] = {}

    def take(self, record: DocumentRecord, place: str) -> DocumentRecord:
        """The record that stands at this place, "line 3" or "row 3".

        Raises ReadError where its document was there before, its text isn't the one of its hash, or an offset
        of a quotation doesn't fit.
        """
        if (first := self._places.setdefault(record.doc_id, place)) != place:
            raise ReadError(
                f"{self._where}, {place}: the document {record.doc_id!r} is on {first} already. "
                "Keep one of the two."
            )
        if not is_its_text(record):
            raise ReadError(
                f"{self._where}, {place}: the text of {record.doc_id!r} isn't the one that its offsets "
                "count in."
            )
        if (quotation := misplaced(record)) is not None:
            raise ReadError(
                f"{self._where}, {place}: the offsets of quotation {quotation.quote_id!r} in "
                f"{record.doc_id!r} don't fit the text. Extract again."
            )
        return record


def is_its_text(record: DocumentRecord) -> bool:
    """Whether the text that a record holds, if any, is the one of its hash.

    What UTF-8 can't hold was written as U+FFFD: then the hash is that of the text before.
    """
    text = record.text
    if text is None or "\ufffd" in text:
        return True
    return Document(doc_id="", text=text).text_sha256 == record.text_sha256


def complaint(value: Any, error: ValidationError) -> str:
    """Say what is wrong with a JSON value, or a row, that is no record, and what to do."""
    if not isinstance(value, Mapping) or "quotations" not in value:
        return f"this is no record of a document. {WRITE_AGAIN}"
    if value.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        return (
            f"this record has schema version {value['schema_version']!r}, and this program reads "
            f"version {SCHEMA_VERSION}. Extract anew, or use the program that wrote it."
        )
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "the record"
    return f"{place}{_quotation(value, first['loc'])}: {first['msg']}. {WRITE_AGAIN}"


def _quotation(value: Mapping[str, Any], place: tuple[int | str, ...]) -> str:
    """Which quotation a fault stands in, by its id."""
    if len(place) < 2 or place[0] != "quotations":
        return ""
    quotation = value["quotations"][place[1]]
    quote_id = quotation.get("quote_id") if isinstance(quotation, Mapping) else None
    return f" (quotation {quote_id!r})" if isinstance(quote_id, str) else ""
