"""What a run amounted to."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from quotes.records import Document, DocumentRecord


class Counts(NamedTuple):
    """What one document amounts to."""

    quotations: int
    unattributed: int
    names: frozenset[str]
    unnamed: int

    @classmethod
    def of(cls, found: DocumentRecord, shown: DocumentRecord) -> Counts:
        """Count unattributed quotations among all found, all else among those shown."""
        said = [quotation for quotation in shown.quotations if quotation.kind != "unattributed"]
        unnamed = {
            quotation.speaker.text.casefold()
            for quotation in said
            if quotation.speaker_name is None
            and quotation.speaker is not None
            and quotation.speaker_kind != "unknown"
        }
        return cls(
            quotations=len(said),
            unattributed=sum(quotation.kind == "unattributed" for quotation in found.quotations),
            names=frozenset(
                quotation.speaker_name for quotation in said if quotation.speaker_name is not None
            ),
            unnamed=len(unnamed),
        )


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
        self.count(Counts.of(found, shown))

    def count(self, counts: Counts) -> None:
        """Count one document that was counted by itself, perhaps in another process."""
        self.documents += 1
        self.unattributed += counts.unattributed
        self.quotations += counts.quotations
        self._names.update(counts.names)
        self._unnamed += counts.unnamed

    def merge(self, other: Tally) -> None:
        """Count what another tally, perhaps another machine's, has counted."""
        self.documents += other.documents
        self.words += other.words
        self.quotations += other.quotations
        self.unattributed += other.unattributed
        self._names |= other._names
        self._unnamed += other._unnamed
