"""Whether nine in ten predictions of confidence 0.9 are right, and what a threshold on confidence costs.

scikit-learn has such curves, but is not a dependency of the extra `score`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


class _Judged(NamedTuple):
    """A prediction: how sure it is, whether it is right, and whether it counts for recall as found."""

    confidence: float
    right: bool
    found: bool


def calibrate(verdicts: Iterable[Verdict], kind: str | None = None) -> Calibration:
    """Calibration and curve over the verdicts of all documents; with `kind`, over what is of this kind."""
    sure: list[_Judged] = []
    gold = 0
    for verdict in verdicts:
        gold += verdict.gold is not None and verdict.recalled and kind in (None, verdict.gold.kind)
        if verdict.predicted is not None and kind in (None, verdict.predicted.kind):
            right = verdict.attributed
            sure.append(_Judged(verdict.predicted.confidence, right, right and verdict.recalled))
    bins = _bins(sure)
    gaps = [
        b.count * abs(b.confidence - b.right)
        for b in bins
        if b.confidence is not None and b.right is not None
    ]
    curve = _curve(sure, gold)
    total = curve[-1].counts if curve else Counts(gold=gold)
    return Calibration(sum(gaps) / len(sure) if sure else None, bins, curve, total)


def _bins(sure: Sequence[_Judged]) -> tuple[Bin, ...]:
    groups: list[list[_Judged]] = [[] for _ in range(BINS)]
    for one in sure:
        groups[min(BINS - 1, int(one.confidence * BINS))].append(one)
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(group),
            confidence=sum(one.confidence for one in group) / len(group) if group else None,
            right=sum(one.right for one in group) / len(group) if group else None,
        )
        for number, group in enumerate(groups)
    )


def _curve(sure: Sequence[_Judged], gold: int) -> tuple[Point, ...]:
    points: list[Point] = []
    right = found = 0
    ordered = sorted(sure, key=lambda one: -one.confidence)
    for number, one in enumerate(ordered, 1):
        right += one.right
        found += one.found
        if number == len(ordered) or ordered[number].confidence != one.confidence:
            points.append(Point(one.confidence, Counts(right, number, found, gold)))
    return tuple(points)
