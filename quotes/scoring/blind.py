"""The honest estimate: accuracy on documents that were reviewed without predictions, beside the others.

Who corrects a prediction that stands there tends to leave it (Fort and Sagot 2010): gold that grew out of
predictions flatters them. A sample that was reviewed blind shows by how much.
"""

from __future__ import annotations

from dataclasses import dataclass

from quotes.scoring.intervals import SAMPLES
from quotes.scoring.scores import Measure, Scores, totals

#: The measures for which the two estimates are shown.
SHOWN = ("attributed", "span", "person")


@dataclass(frozen=True, slots=True)
class Estimates:
    """The measures on documents that were reviewed blind, and on those that were corrected."""

    blind_documents: int
    blind: dict[str, Measure]
    corrected_documents: int
    corrected: dict[str, Measure]


def estimates(scores: Scores, samples: int = SAMPLES) -> Estimates | None:
    """Both estimates; None where the gold doesn't tell of any document that it was reviewed blind."""
    blind, corrected = (
        [
            counts
            for judgement, counts in zip(scores.judgements, scores.documents, strict=True)
            if judgement.document.gold.blind is seen
        ]
        for seen in (True, False)
    )
    if not blind:
        return None
    return Estimates(len(blind), totals(blind, samples), len(corrected), totals(corrected, samples))
