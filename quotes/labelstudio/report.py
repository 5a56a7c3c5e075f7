"""What became of the reviews, for the person who fetched them."""

from __future__ import annotations

from dataclasses import dataclass, field

from quotes.labelstudio.consensus import Agreement


@dataclass(slots=True)
class ReviewReport:
    """What became of the tasks. `problems` are not in the gold; `notes` are, read as the guidelines say.

    `unchanged`, `changed`, `removed` and `added` count quotations against what was pre-filled, where that
    is known; of several reviews of a document, each counts.
    """

    documents: int = 0
    reviewed: int = 0
    unchanged: int = 0
    changed: int = 0
    removed: int = 0
    added: int = 0
    skipped: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    agreement: Agreement | None = None

    def lines(self) -> list[str]:
        """The report for a person, the gravest last."""
        counts = f"{self.unchanged:,} unchanged, {self.changed:,} changed, {self.removed:,} removed"
        lines = [f"Note: {note}" for note in self.notes]
        lines += [f"Draft, not counted: {draft}" for draft in self.drafts]
        lines += [f"Skipped: {skip}" for skip in self.skipped]
        lines += [f"Several reviewers: {one}" for one in self.several]
        lines += [f"Not used: {problem}" for problem in self.problems]
        if self.agreement is not None:
            lines += self.agreement.lines()
        lines.append(
            f"{self.reviewed:,} of {self.documents:,} document{'s' * (self.documents != 1)} reviewed. "
            f"Quotations: {counts}, {self.added:,} added."
        )
        return lines
