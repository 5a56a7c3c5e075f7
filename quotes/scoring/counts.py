"""Counts, and the shares that follow from them."""

from __future__ import annotations

from typing import NamedTuple


class Counts(NamedTuple):
    """How many were predicted and how many of these are right; how many there are and how many were found.

    The two numbers of right ones are the same unless the two sides are sliced by something of their own,
    as by kind. A share whose denominator is zero is None: it isn't known, and not 0.
    """

    right: float = 0
    predicted: float = 0
    found: float = 0
    gold: float = 0

    @property
    def precision(self) -> float | None:
        """The share of what was predicted that is right."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of what there is that was found."""
        return self.found / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where one of them is."""
        precision, recall = self.precision, self.recall
        if precision is None or recall is None:
            return None
        both = precision + recall
        return 2 * precision * recall / both if both else 0.0

    def __add__(self, other: object) -> Counts:
        """The sum, number by number."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


def percent(share: float | None) -> str:
    """A share for people, in per cent with one decimal; – where there is none."""
    return "–" if share is None else f"{100 * share:.1f}"
