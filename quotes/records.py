"""The records that every part of the package speaks in: predictions and reviews alike.

All offsets are half-open ranges of code points into `Document.text`, which never changes once it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["direct", "mixed", "indirect", "unattributed"]
Channel = Literal["speech", "writing", "tweet"]
SpeakerKind = Literal["person", "organization", "group", "anonymous", "unknown"]

#: The version of the record format. It grows when a reader of the old one would misread the new one.
SCHEMA_VERSION: Final = 1


class Record(BaseModel):
    """A frozen model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Record):
    """A text to extract from, with the name it is filed under."""

    doc_id: str
    text: str

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text in UTF-8, as lower-case hexadecimal digits."""
        # Lone surrogates can reach us from JSON; they must be hashed, not crash the run.
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class Span(Record):
    """A stretch of the document: `document.text[start:end] == text`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
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
    """One quotation, who said it, and why we think so."""

    quote_id: str
    kind: Kind
    channel: Channel
    parts: tuple[tuple[int, int], ...] = Field(min_length=1)
    text: str
    speaker: Span | None
    speaker_name: str | None
    speaker_kind: SpeakerKind
    cue: Span | None
    rule: str
    confidence: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _parts_in_order(self) -> Self:
        previous_end = 0
        for start, end in self.parts:
            if start < previous_end or end <= start:
                raise ValueError(f"parts are not in text order, disjoint and non-empty: {self.parts}")
            previous_end = end
        return self


class DocumentRecord(Record):
    """One line of the output: a document and all that was found in it.

    `text` is the text that the offsets count in; it is there only when asked for (`--with-text`), and then
    fits `text_sha256`.
    """

    doc_id: str
    text_sha256: str
    quotations: tuple[Quotation, ...]
    text: str | None = None
    schema_version: Literal[1] = SCHEMA_VERSION


def parts_text(text: str, parts: Iterable[tuple[int, int]]) -> str:
    """The parts' text, joined by a space, as `Quotation.text` holds it."""
    return " ".join(text[start:end] for start, end in parts)


def quote_id(text_sha256: str, parts: Iterable[tuple[int, int]]) -> str:
    """A stable id: the same text and the same parts give the same 16 hexadecimal digits in every run.

    Takes the text's hash, not the text, so that a long document is hashed once, not once a quotation.
    """
    spans = ";".join(f"{start}-{end}" for start, end in parts)
    return hashlib.sha256(f"{text_sha256}\0{spans}".encode()).hexdigest()[:16]
