"""What a run amounts to: 2 documents, 18 words, 2 quotations, 2 speakers, 1 unattributed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from quotes.records import DocumentRecord


@dataclass(slots=True)
class Tally:
    """Counts of some documents. Unattributed quotations are counted as found, all others as shown.

    `quotations` have marks; `indirect` have none.
    """

    documents: int = 0
    words: int = 0
    quotations: int = 0
    indirect: int = 0
    unattributed: int = 0
    names: set[str] = field(default_factory=set)
    unnamed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """How many documents were left out because of their language, by its code."""

    @classmethod
    def of(
        cls, found: DocumentRecord, shown: DocumentRecord, *, words: int = 0, any_language: bool = False
    ) -> Tally:
        """Count one document: its record as found, and what a `Selection` shows of it.

        `any_language` is that of `Settings`: then no document was left out.
        """
        language = found.metadata.language
        said = [quotation for quotation in shown.quotations if quotation.kind != "unattributed"]
        unnamed = {
            quotation.speaker.text.casefold()
            for quotation in said
            if quotation.speaker_name is None
            and quotation.speaker is not None
            and quotation.speaker_kind != "unknown"
        }
        return cls(
            documents=1,
            words=words,
            quotations=sum(quotation.kind != "indirect" for quotation in said),
            indirect=sum(quotation.kind == "indirect" for quotation in said),
            unattributed=sum(quotation.kind == "unattributed" for quotation in found.quotations),
            names={quotation.speaker_name for quotation in said if quotation.speaker_name is not None},
            unnamed=len(unnamed),
            left_out=Counter([language]) if language is not None and not any_language else Counter(),
        )

    @property
    def speakers(self) -> int:
        """The number of speakers: named ones once in the run, unnamed ones once in each document."""
        return len(self.names) + self.unnamed

    def add(self, other: Tally) -> None:
        """Add the counts of other documents, perhaps from another process."""
        self.documents += other.documents
        self.words += other.words
        self.quotations += other.quotations
        self.indirect += other.indirect
        self.unattributed += other.unattributed
        self.names |= other.names
        self.unnamed += other.unnamed
        self.left_out += other.left_out
