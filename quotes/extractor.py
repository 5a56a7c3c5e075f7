"""The whole flow: mark, parse, attribute, resolve, record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from quotes.records import Document, DocumentRecord, Quotation


class Extractor:
    """Finds quotations and their speakers; made once, used for any number of documents."""

    def __init__(
        self, model: str | None = None, *, speakers: Path | None = None, include_unattributed: bool = False
    ) -> None:
        self.model = model
        self.speakers = speakers
        self.include_unattributed = include_unattributed

    def extract(self, text: str) -> tuple[Quotation, ...]:
        """The quotations of `text`, in text order."""
        return next(self.pipe([Document(doc_id="", text=text)])).quotations

    def pipe(self, documents: Iterable[Document]) -> Iterator[DocumentRecord]:
        """Stream documents through, one record each, in order."""
        for document in documents:
            yield DocumentRecord(doc_id=document.doc_id, text_sha256=document.text_sha256, quotations=())


def extract(text: str) -> tuple[Quotation, ...]:
    """The quotations of `text`, by an extractor with the default settings."""
    return Extractor().extract(text)
