"""Which of the quotations found a user wants to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from quotes.records import DocumentRecord, Kind, Quotation

KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter: `kinds` of None means every kind that has a speaker."""

    kinds: frozenset[str] | None = None
    include_unattributed: bool = False
    min_confidence: float = 0.0

    def takes(self, quotation: Quotation) -> bool:
        """Whether one quotation passes. Unattributed ones pass when asked for by either name."""
        if quotation.confidence < self.min_confidence:
            return False
        if quotation.kind == "unattributed" and self.include_unattributed:
            return True
        if self.kinds is None:
            return quotation.kind != "unattributed"
        return quotation.kind in self.kinds

    def of(self, record: DocumentRecord) -> DocumentRecord:
        """Give the record with only those quotations that pass, in the same order."""
        return record.model_copy(update={"quotations": tuple(filter(self.takes, record.quotations))})


def parse_kinds(names: str) -> frozenset[str]:
    """Read a list such as "direct,mixed". Raises ValueError for an unknown kind or for none at all."""
    kinds = frozenset(name.strip().lower() for name in names.split(",") if name.strip())
    unknown = sorted(kinds.difference(KINDS))
    if unknown or not kinds:
        raise ValueError(
            f"{', '.join(unknown) or 'nothing'} is no kind of quotation; choose from {', '.join(KINDS)}."
        )
    return kinds
