"""What tuning did, as a table for the terminal."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.table import Table

from quotes.tuned import CONFIDENCE, CUES, SPEAKERS, Part
from quotes.tuning.fitting import Tuning

_NAMES: Final = {SPEAKERS: "people", CUES: "cue verbs", CONFIDENCE: "confidences"}


def table(tuning: Tuning) -> Table:
    """A row for each part: its figure on held-out articles before and after, and whether it is kept."""
    found = Table(box=box.SIMPLE, title="Held-out articles", title_justify="left")
    for column in ("part", "figure"):
        found.add_column(column)
    for column in ("before", "after", "p"):
        found.add_column(column, justify="right")
    found.add_column("")
    found.add_column("why")
    for name, part in tuning.parts.items():
        values = (_shown(part, part.before), _shown(part, part.after))
        p = "–" if part.p is None else f"{part.p:.3f}"
        kept = "kept" if part.written else "left out"
        found.add_row(_NAMES[name], part.figure, *values, p, kept, part.why)
    return found


def _shown(part: Part, value: float | None) -> str:
    """A share in per cent; a log loss as it is."""
    if value is None:
        return "–"
    return f"{100 * value:.1f}" if part.figure.endswith(".f1") else f"{value:.3f}"
