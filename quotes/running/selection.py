"""Which of the quotations found a user wants: --kind direct,mixed --type assertion --min-confidence 0.8."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from quotes.records import AttributionType, DocumentRecord, Kind, Quotation

#: What `--skip` can leave out.
SKIPPABLE: tuple[str, ...] = ("boilerplate", "duplicates")

KINDS: tuple[str, ...] = get_args(Kind)
TYPES: tuple[str, ...] = get_args(AttributionType)


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter. `kinds` of None means all kinds that have a speaker; `skip` holds names from SKIPPABLE.

    `types` keeps quotations whose attribution is of one of these; None keeps all, also those without a type.
    """

    kinds: frozenset[str] | None = None
    include_unattributed: bool = False
    min_confidence: float = 0.0
    skip: frozenset[str] = frozenset()
    types: frozenset[str] | None = None

    def takes(self, quotation: Quotation) -> bool:
        """Whether a quotation passes.

        Unattributed ones pass if `include_unattributed` or `kinds` asks for them; they have no type.
        """
        if quotation.confidence < self.min_confidence:
            return False
        if quotation.in_boilerplate and "boilerplate" in self.skip:
            return False
        if quotation.kind == "unattributed" and self.include_unattributed:
            return True
        if self.types is not None and quotation.attribution_type not in self.types:
            return False
        if self.kinds is None:
            return quotation.kind != "unattributed"
        return quotation.kind in self.kinds

    def of(self, record: DocumentRecord) -> DocumentRecord:
        """The record with the quotations that pass, in the same order.

        A duplicate is skipped only if its original passes, so that no statement is lost.
        """
        passed = tuple(filter(self.takes, record.quotations))
        if "duplicates" in self.skip:
            originals = {quotation.quote_id for quotation in passed if quotation.duplicate_of is None}
            passed = tuple(quotation for quotation in passed if quotation.duplicate_of not in originals)
        return record.model_copy(update={"quotations": passed})


def parse_kinds(names: str) -> frozenset[str]:
    """Read a list such as "direct,mixed". Raises ValueError for an unknown kind or an empty list."""
    return _chosen(names, KINDS, "is not a kind of quotation")


def parse_types(names: str) -> frozenset[str]:
    """Read a list such as "assertion,belief". Raises ValueError for other names or an empty list."""
    return _chosen(names, TYPES, "is not a type of attribution")


def parse_skip(names: str) -> frozenset[str]:
    """Read a list such as "boilerplate,duplicates". Raises ValueError for other names or an empty list."""
    return _chosen(names, SKIPPABLE, "can't be skipped")


def _chosen(names: str, choices: tuple[str, ...], wrong: str) -> frozenset[str]:
    chosen = frozenset(name.strip().lower() for name in names.split(",") if name.strip())
    unknown = sorted(chosen.difference(choices))
    if unknown or not chosen:
        raise ValueError(f"{', '.join(unknown) or 'nothing'} {wrong}; choose from {', '.join(choices)}.")
    return chosen
