"""What a run amounted to."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from quotes.records import Document, DocumentRecord


class Tally:
    """Counts documents and records as they stream by; the clock runs from when it is made."""

    def __init__(self) -> None:
        self.documents = 0
        self.words = 0
        self.quotations = 0
        self.unattributed = 0
        self._names: set[str] = set()
        self._unnamed = 0
        self._started = time.perf_counter()

    @property
    def speakers(self) -> int:
        """Different speakers: named ones once in the whole run, unnamed ones once a document."""
        return len(self._names) + self._unnamed

    @property
    def seconds(self) -> float:
        """Seconds since the tally was made."""
        return time.perf_counter() - self._started

    def reading(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Pass documents through and count their words, which records don't hold."""
        for document in documents:
            self.words += len(document.text.split())
            yield document

    def add(self, found: DocumentRecord, shown: DocumentRecord) -> None:
        """Count one document: unattributed quotations among all found, all else among those shown."""
        self.documents += 1
        self.unattributed += sum(quotation.kind == "unattributed" for quotation in found.quotations)
        unnamed = set()
        for quotation in shown.quotations:
            if quotation.kind == "unattributed":
                continue
            self.quotations += 1
            if quotation.speaker_name is not None:
                self._names.add(quotation.speaker_name)
            elif quotation.speaker is not None and quotation.speaker_kind != "unknown":
                unnamed.add(quotation.speaker.text.casefold())
        self._unnamed += len(unnamed)
