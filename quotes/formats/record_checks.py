"""Check the records of any file: each document occurs once, and offsets fit its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from quotes.errors import ReadError
from quotes.records import SCHEMA_VERSION, Document, DocumentRecord, misplaced

#: What to do with a file that is not one of records.
WRITE_AGAIN = "Name a file that `quotes extract --out` wrote."


class Checks:
    """Checks the records of one file, which messages call `where`."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._places: dict[str, str] = {}

    def take(self, record: DocumentRecord, place: str) -> DocumentRecord:
        """The record at this place, "line 3" or "row 3".

        Raises ReadError if its document occurred before, its text doesn't match its hash, or an offset of a
        quotation doesn't fit the text.
        """
        if (first := self._places.setdefault(record.doc_id, place)) != place:
            raise ReadError(
                f"{self._where}, {place}: the document {record.doc_id!r} is already on {first}. "
                "Keep one of the two."
            )
        if not is_its_text(record):
            raise ReadError(
                f"{self._where}, {place}: the text of {record.doc_id!r} doesn't match its hash, "
                "so its offsets are wrong. Extract again."
            )
        if (quotation := misplaced(record)) is not None:
            raise ReadError(
                f"{self._where}, {place}: the offsets of quotation {quotation.quote_id!r} in "
                f"{record.doc_id!r} don't fit the text. Extract again."
            )
        return record


def is_its_text(record: DocumentRecord) -> bool:
    """Whether the record's text, if it has one, matches its hash.

    A text with U+FFFD is accepted: UTF-8 can't hold lone surrogates, and the hash is that of the original
    text.
    """
    text = record.text
    if text is None or "\ufffd" in text:
        return True
    return Document(doc_id="", text=text).text_sha256 == record.text_sha256


def complaint(value: Any, error: ValidationError) -> str:
    """What is wrong with a JSON value, or a row, that is not a record, and what to do."""
    if not isinstance(value, Mapping) or "quotations" not in value:
        return f"this is not a record of a document. {WRITE_AGAIN}"
    if value.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        return (
            f"this record has schema version {value['schema_version']!r}, and this program reads "
            f"version {SCHEMA_VERSION}. Extract again, or use the program that wrote it."
        )
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "the record"
    return f"{place}{_quotation(value, first['loc'])}: {first['msg']}. {WRITE_AGAIN}"


def _quotation(value: Mapping[str, Any], place: tuple[int | str, ...]) -> str:
    """The id of the quotation in which an error is, in brackets."""
    if len(place) < 2 or place[0] != "quotations":
        return ""
    quotation = value["quotations"][place[1]]
    quote_id = quotation.get("quote_id") if isinstance(quotation, Mapping) else None
    return f" (quotation {quote_id!r})" if isinstance(quote_id, str) else ""
