"""The records that every part of the package speaks in: predictions and reviews alike.

All offsets are half-open ranges of code points into `Document.text`, which never changes once it is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["direct", "mixed", "indirect", "unattributed"]
Channel = Literal["speech", "writing", "tweet"]
SpeakerKind = Literal["person", "organization", "group", "anonymous", "unknown"]

#: The version of the record format. It grows when a reader of the old one would misread the new one.
SCHEMA_VERSION: Final = 1

#: Where a range may begin or end: no text is longer, and JSON, Parquet and SQLite hold such a number exactly.
Offset = Annotated[int, Field(ge=0, le=2**53 - 1)]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Record(BaseModel):
    """A frozen model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_unset(value: object) -> bool:
    return value is None or value is False or (isinstance(value, Metadata) and value == Metadata())


class Metadata(Record):
    """What is known about where a document comes from; None where it isn't known.

    `date` is ISO 8601, a day or a moment; `author` is whoever signed it, of a tweet its account's name.
    """

    title: str | None = Field(default=None, exclude_if=_is_unset)
    author: str | None = Field(default=None, exclude_if=_is_unset)
    date: str | None = Field(default=None, exclude_if=_is_unset)
    outlet: str | None = Field(default=None, exclude_if=_is_unset)
    url: str | None = Field(default=None, exclude_if=_is_unset)


class Document(Record):
    """A text to extract from, with the name it is filed under and what is known about its origin.

    `posted_by` is the account of a post, such as "@portellery": whatever isn't quoted in it is its words.
    """

    doc_id: str
    text: str
    metadata: Metadata = Metadata()
    posted_by: str | None = None

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text in UTF-8, as lower-case hexadecimal digits."""
        # Lone surrogates can reach us from JSON; they must be hashed, not crash the run.
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class Span(Record):
    """A stretch of the document: `document.text[start:end] == text`."""

    start: Offset
    end: Offset
    text: str

    @model_validator(mode="after")
    def _offsets_fit(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"span [{self.start}, {self.end}) does not fit its {len(self.text)} characters")
        return self

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Self:
        """The span [start, end) of `text`."""
        return cls(start=start, end=end, text=text[start:end])


class Quotation(Record):
    """One quotation, who said it, and why we think so.

    The last three fields are written only where they say something. `in_boilerplate`: it stands in what the
    page has around its article. `duplicate_of`: the `quote_id` of the same quotation in a paragraph before,
    of which its own is a copy. `utterance_id`: quotations with one id are wordings of one statement, in one
    document or many.
    """

    quote_id: str
    kind: Kind
    channel: Channel
    parts: tuple[tuple[Offset, Offset], ...] = Field(min_length=1)
    text: str
    speaker: Span | None
    speaker_name: str | None
    speaker_kind: SpeakerKind
    cue: Span | None
    rule: str
    confidence: float = Field(ge=0, le=1)
    in_boilerplate: bool = Field(default=False, exclude_if=_is_unset)
    duplicate_of: str | None = Field(default=None, exclude_if=_is_unset)
    utterance_id: str | None = Field(default=None, exclude_if=_is_unset)

    @model_validator(mode="after")
    def _parts_in_order(self) -> Self:
        previous_end = 0
        for start, end in self.parts:
            if start < previous_end or end <= start:
                raise ValueError(f"parts are not in text order, disjoint and non-empty: {self.parts}")
            previous_end = end
        # Which fields were given is of no account, and a set of them is as large as the rest of a quotation.
        object.__setattr__(self, "__pydantic_fields_set__", _ALL_FIELDS)
        return self


_ALL_FIELDS = set(Quotation.model_fields)


class DocumentRecord(Record):
    """One line of the output: a document and all that was found in it.

    `text` is the text that the offsets count in; it is there only when asked for (`--with-text`), and then
    fits `text_sha256`. `metadata` is written where something is known.
    """

    doc_id: str
    text_sha256: str
    quotations: tuple[Quotation, ...]
    metadata: Metadata = Field(default=Metadata(), exclude_if=_is_unset)
    text: str | None = Field(default=None, exclude_if=_is_unset)
    schema_version: Literal[1] = SCHEMA_VERSION


def parts_text(text: str, parts: Iterable[tuple[int, int]]) -> str:
    """The parts' text, joined by a space, as `Quotation.text` holds it."""
    return " ".join(text[start:end] for start, end in parts)


def misplaced(record: DocumentRecord) -> Quotation | None:
    """The first quotation whose offsets don't fit its words, or the text where the record holds it."""
    return next((one for one in record.quotations if not _fits(one, record.text)), None)


def _fits(quotation: Quotation, text: str | None) -> bool:
    if text is None:
        size = sum(end - start for start, end in quotation.parts) + len(quotation.parts) - 1
        return size == len(quotation.text)
    spans = [span for span in (quotation.speaker, quotation.cue) if span is not None]
    return (
        quotation.parts[-1][1] <= len(text)
        and parts_text(text, quotation.parts) == quotation.text
        and all(text[span.start : span.end] == span.text for span in spans)
    )


def quote_id(text_sha256: str, parts: Iterable[tuple[int, int]]) -> str:
    """A stable id: the same text and the same parts give the same 16 hexadecimal digits in every run.

    Takes the text's hash, not the text, so that a long document is hashed once, not once a quotation.
    """
    spans = ";".join(f"{start}-{end}" for start, end in parts)
    return hashlib.sha256(f"{text_sha256}\0{spans}".encode()).hexdigest()[:16]


def encodable(text: str) -> str:
    """The text with each lone surrogate, for which UTF-8 has no place, as U+FFFD: offsets still hold."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)
