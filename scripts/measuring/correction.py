"""A small correction of the ranker's weights, which pulls towards those that ship.

The ranker is a logistic regression. Its weights get a normal prior around the shipped ones: the correction
minimises the log loss of the candidates plus half of `penalty` times its own square (MacKay, Information
theory, inference and learning algorithms, 2003, chapter 41). The penalty is chosen by cross-validation over
documents, whose quotations are not independent.

`scripts/tune_curve.py` measures what it gains: nothing that one can rely on, so `quotes tune` doesn't do it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit

from quotes.attribution.ranker import Ranker
from scripts.fit_ranker import Rows

Floats = NDArray[np.float64]

#: The penalties that are tried, the greatest first: among equals, the smallest correction is taken.
PENALTIES: Final = (300.0, 100.0, 30.0, 10.0, 3.0)

_FOLDS = 5
_LEAST = 0.005  # smaller corrections are left out


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to the ranker's bias and weights, and the penalty that held it back."""

    bias: float
    weights: Mapping[str, float]
    penalty: float

    def of(self, ranker: Ranker) -> Ranker:
        """The corrected ranker."""
        names = dict.fromkeys((*ranker.weights, *self.weights))
        weights = {name: ranker.weights.get(name, 0.0) + self.weights.get(name, 0.0) for name in names}
        return Ranker(ranker.bias + self.bias, ranker.threshold, weights)


class _Table:
    """The candidates of some documents as arrays: the features, the ranker's log odds, and what is right."""

    def __init__(self, documents: Sequence[Rows], ranker: Ranker) -> None:
        rows = [names for features, _ in documents for names in features]
        self.names = sorted({name for names in rows for name in names})
        number = {name: i for i, name in enumerate(self.names)}
        columns = [number[name] for names in rows for name in names]
        ends = np.cumsum([0, *map(len, rows)])
        shape = len(rows), len(self.names)
        self.features: Any = csr_array((np.ones(len(columns)), columns, ends), shape=shape)
        known = np.array([ranker.weights.get(name, 0.0) for name in self.names])
        self.odds: Floats = self.features @ known + ranker.bias
        self.right: Floats = np.array([one for _, right in documents for one in right], dtype=np.float64)
        self.document = np.repeat(np.arange(len(documents)), [len(right) for _, right in documents])

    def fitted(self, penalty: float, kept: Any) -> Floats:
        """The correction of each feature, and of the bias as the last, from the rows `kept`."""
        features, odds, right = self.features[kept], self.odds[kept], self.right[kept]

        def loss(change: Floats) -> tuple[float, Floats]:
            scores = odds + features @ change[:-1] + change[-1]
            off = expit(scores) - right
            total = np.sum(np.logaddexp(0, scores) - right * scores) + penalty / 2 * change @ change
            return float(total), np.append(features.T @ off, off.sum()) + penalty * change

        start = np.zeros(len(self.names) + 1)
        return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)

    def loss(self, change: Floats, kept: Any) -> float:
        """The log loss of the rows `kept`, summed."""
        scores = self.odds[kept] + self.features[kept] @ change[:-1] + change[-1]
        return float(np.sum(np.logaddexp(0, scores) - self.right[kept] * scores))


def fit(documents: Sequence[Rows], ranker: Ranker, *, seed: int) -> Correction | None:
    """The correction that the candidates of these documents ask for; None if none helps unseen documents."""
    table = _Table(documents, ranker)
    fold = np.random.default_rng(seed).permutation(len(documents))[table.document] % _FOLDS
    nothing = np.zeros(len(table.names) + 1)
    best, least = None, table.loss(nothing, slice(None))
    for penalty in PENALTIES:
        held = [table.loss(table.fitted(penalty, fold != k), fold == k) for k in range(_FOLDS)]
        if sum(held) < least:
            best, least = penalty, sum(held)
    if best is None:
        return None
    change = table.fitted(best, slice(None))
    weights = {
        name: round(float(value), 3)
        for name, value in zip(table.names, change[:-1], strict=True)
        if abs(value) >= _LEAST
    }
    return Correction(round(float(change[-1]), 3), weights, best)
