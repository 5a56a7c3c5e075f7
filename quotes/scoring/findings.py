"""Everything that one run of `quotes score` can find out, for whoever shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quotes import data
from quotes.scoring.agreement import Agreement, agree
from quotes.scoring.blind import Estimates, estimates
from quotes.scoring.compare import Comparison, compare
from quotes.scoring.corrections import Corrections
from quotes.scoring.gold import Side, read_side
from quotes.scoring.names import Names
from quotes.scoring.scores import Scores, score


@dataclass(frozen=True, slots=True)
class Findings:
    """The scores, and what was asked for beside them."""

    scores: Scores
    comparison: Comparison | None = None
    agreement: Agreement | None = None
    corrections: Corrections | None = None
    estimates: Estimates | None = None
    notes: tuple[str, ...] = ()
    """What a person should know: of how the gold was read, and which documents were not scored."""


def find(
    predictions: Path,
    gold: Path,
    *,
    baseline: Path | None = None,
    agreement: bool = False,
    texts: Sequence[str] = (),
    speakers: Path | None = None,
    threshold: float,
    samples: int,
) -> Findings:
    """Read, score, and compare. Raises ReadError, ScoringError, and LabelStudioError for a bad export."""
    names = Names(data.registry(speakers))

    def scored(side: Side, draws: int) -> Scores:
        return score(side.documents, right.documents, names=names, threshold=threshold, samples=draws)

    right = read_side(gold, texts)
    scores = scored(read_side(predictions, texts), samples)
    older = None if baseline is None else scored(read_side(baseline, texts), 0)
    return Findings(
        scores=scores,
        comparison=None if older is None else compare(older, scores),
        agreement=agree(scores) if agreement else None,
        corrections=right.corrections,
        estimates=estimates(scores, samples),
        notes=(*right.notes, *_unscored(scores)),
    )


def _unscored(scores: Scores) -> Iterator[str]:
    pairing = scores.pairing
    for names, what in (
        (pairing.other_text, "with another text than the gold's"),
        (pairing.only_gold, "in the gold only"),
        (pairing.only_predicted, "in the predictions only"),
    ):
        if names:
            noun = "document" if len(names) == 1 else "documents"
            yield f"Not scored: {len(names):,} {noun} {what}: {_some(names)}"


def _some(names: Sequence[str], most: int = 10) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
