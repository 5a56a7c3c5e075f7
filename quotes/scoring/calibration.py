"""Whether nine in ten predictions of confidence 0.9 are right, and what a threshold on confidence costs.

scikit-learn has such curves, but is not a dependency of the extra `score`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotes.scoring.judging import Verdict
from quotes.scoring.measures import Counts

BINS = 10
#: The confidence from which a prediction counts as sure.
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions of a tenth of the scale: their number, mean confidence, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """The counts if only predictions of at least this confidence are kept."""

    threshold: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Calibration:
    """The confidences of all predictions, compared with whether words and mention are right."""

    error: float | None
    """Expected calibration error (Naeini, Cooper and Hauskrecht 2015) over ten bins of equal width."""
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]
    """One point for each distinct confidence, the highest first."""
    total: Counts
    """All predictions, as `attributed` counts them."""

    def at(self, threshold: float) -> Counts:
        """The counts at a threshold."""
        kept = [point for point in self.curve if point.threshold >= threshold]
        return kept[-1].counts if kept else Counts(gold=self.total.gold)

    def reaching(self, precision: float) -> Point | None:
        """The lowest threshold that reaches a precision: it keeps the most predictions."""
        fits = (p for p in reversed(self.curve) if (p.counts.precision or 0.0) >= precision)
        return next(fits, None)

    @property
    def sure(self) -> Counts:
        """The counts of the sure predictions."""
        return self.at(SURE)

    @property
    def coverage(self) -> float | None:
        """The share of all predictions that are sure."""
        return self.sure.predicted / self.total.predicted if self.total.predicted else None


def calibrate(verdicts: Iterable[Verdict], kind: str | None = None) -> Calibration:
    """Calibration and curve over the verdicts of all documents; with `kind`, over what is of this kind."""
    sure: list[tuple[float, bool]] = []
    gold = 0
    for verdict in verdicts:
        gold += verdict.gold is not None and kind in (None, verdict.gold.kind)
        if verdict.predicted is not None and kind in (None, verdict.predicted.kind):
            sure.append((verdict.predicted.confidence, verdict.attributed))
    bins = _bins(sure)
    gaps = [
        b.count * abs(b.confidence - b.right)
        for b in bins
        if b.confidence is not None and b.right is not None
    ]
    curve = _curve(sure, gold)
    total = curve[-1].counts if curve else Counts(gold=gold)
    return Calibration(sum(gaps) / len(sure) if sure else None, bins, curve, total)


def _bins(sure: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in sure:
        groups[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(group),
            confidence=sum(c for c, _ in group) / len(group) if group else None,
            right=sum(r for _, r in group) / len(group) if group else None,
        )
        for number, group in enumerate(groups)
    )


def _curve(sure: Sequence[tuple[float, bool]], gold: int) -> tuple[Point, ...]:
    points: list[Point] = []
    right = 0
    ordered = sorted(sure, key=lambda pair: -pair[0])
    for number, (confidence, hit) in enumerate(ordered, 1):
        right += hit
        if number == len(ordered) or ordered[number][0] != confidence:
            points.append(Point(confidence, Counts(right, number, right, gold)))
    return tuple(points)
