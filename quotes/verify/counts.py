"""What was found, counted by speaker and outlet, and the quotations that are worth a look.

Counts grow with the number of speakers and outlets, not of quotations: a run may have millions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple, get_args

from quotes.records import DocumentRecord, Metadata, Quotation, Verdict, Verification

#: The verdicts, what needs a person's look first.
WORTH_A_LOOK: Final[tuple[Verdict, ...]] = (
    "other_speaker", "altered", "context", "cut", "marks", "verbatim", "not_found", "too_short",
)  # fmt: skip
assert set(WORTH_A_LOOK) == set(get_args(Verdict))


class Checked(NamedTuple):
    """A quotation, what was found, and the document that it stands in."""

    doc_id: str
    metadata: Metadata
    quotation: Quotation
    verification: Verification


@dataclass
class Counts:
    """Counts of verdicts; `most` quotations of each verdict are kept, the first ones."""

    most: int
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    speakers: dict[str, Counter[Verdict]] = field(default_factory=dict)
    outlets: dict[str, Counter[Verdict]] = field(default_factory=dict)
    _kept: dict[Verdict, list[Checked]] = field(default_factory=dict)

    def add(self, record: DocumentRecord) -> None:
        """Count the quotations of a record that were verified."""
        for quotation in record.quotations:
            if (found := quotation.verification) is None:
                continue
            self.verdicts[found.verdict] += 1
            speaker = quotation.speaker_name or (quotation.speaker.text if quotation.speaker else "–")
            for name, counts in (
                (speaker, self.speakers),
                (record.metadata.outlet or "–", self.outlets),
            ):
                counts.setdefault(name, Counter())[found.verdict] += 1
            kept = self._kept.setdefault(found.verdict, [])
            if len(kept) < self.most:
                kept.append(Checked(record.doc_id, record.metadata, quotation, found))

    @property
    def shown(self) -> list[Checked]:
        """The quotations to show, what needs a look first."""
        return [one for verdict in WORTH_A_LOOK for one in self._kept.get(verdict, ())][: self.most]

    @property
    def placed(self) -> list[Checked]:
        """Those of them that were found in a source."""
        return [one for one in self.shown if one.verification.source is not None]

    @property
    def summary(self) -> str:
        """One line with the number of each verdict."""
        total = self.verdicts.total()
        found = [
            f"{self.verdicts[verdict]:,} {verdict}" for verdict in WORTH_A_LOOK if self.verdicts[verdict]
        ]
        return f"{total:,} quotation{'s' * (total != 1)}: {', '.join(found) or 'none was verified'}."
