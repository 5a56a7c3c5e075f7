"""How far a figure may be off by chance: the bootstrap over documents.

Quotations of one document aren't independent, so it is documents that are drawn, with replacement, as many
as there are (Efron and Tibshirani 1993, chapter 13: percentile intervals).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.scoring.counts import Counts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Interval = tuple[float, float]

SAMPLES = 1000
LEVEL = 0.95
_SEED = 20_170_301  # fixed, so that the same files give the same report
_CELLS = 20_000_000  # of the matrix of draws that is held at a time


class Intervals(NamedTuple):
    """The intervals of one measure's shares; None where a share isn't known in the draws."""

    precision: Interval | None = None
    recall: Interval | None = None
    f1: Interval | None = None


def intervals(documents: Sequence[Sequence[Counts]], samples: int = SAMPLES) -> list[Intervals]:
    """The 95 % intervals of several measures: `documents[d][m]` are document d's counts of measure m.

    With no samples, or fewer than two documents, nothing is known of chance and each is empty.
    """
    import numpy as np

    if samples < 1 or len(documents) < 2:
        return [Intervals() for _ in documents[0]] if documents else []
    table: Floats = np.asarray(documents, dtype=np.float64)
    shares = _shares(_resampled(table, samples))
    known = np.isfinite(shares)
    edges = [100 * (1 - LEVEL) / 2, 100 * (1 + LEVEL) / 2]
    found = []
    for measure in range(table.shape[1]):
        one: list[Any] = []
        for share in range(3):
            values = shares[known[:, measure, share], measure, share]
            one.append(tuple(map(float, np.percentile(values, edges))) if len(values) else None)
        found.append(Intervals(*one))
    return found


def _resampled(table: Floats, samples: int) -> Floats:
    """Totals of drawn documents: (documents, measures, 4) to (samples, measures, 4)."""
    import numpy as np

    documents = len(table)
    flat = table.reshape(documents, -1)
    generator = np.random.default_rng(_SEED)
    odds = np.full(documents, 1 / documents)
    rows = max(1, _CELLS // documents)
    blocks = [
        generator.multinomial(documents, odds, size=min(rows, samples - done)).astype(np.float64) @ flat
        for done in range(0, samples, rows)
    ]
    return np.concatenate(blocks).reshape(samples, *table.shape[1:])


def _shares(totals: Floats) -> Floats:
    """Precision, recall and F1 in the last axis, as `Counts` has them; NaN where a denominator is zero."""
    import numpy as np

    right, predicted, found, gold = np.moveaxis(totals, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision, recall = right / predicted, found / gold
        both = precision + recall
        f1 = np.where(both == 0, 0.0, 2 * precision * recall / both)
    return np.stack([precision, recall, f1], axis=-1)
