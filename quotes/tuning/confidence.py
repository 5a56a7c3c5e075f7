"""Gold → a monotone correction of confidences, in two numbers that are drawn to "no correction"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quotes.scoring.scores import Scores
from quotes.tuned import Confidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# How strongly: as much as some 600 quotations of a confidence of 0.9. With a tenth of it, 50 or 200
# quotations of an outlet of PolNeAR do more harm than good (`scripts/tune_curve.py`).
_PENALTY = 60.0
_LEAST_SLOPE = 0.2
_EDGE = 0.001
_RESAMPLES = 9999
_SEED = 20_170_301

#: Of one document: for each prediction its confidence, and whether words and mention are right.
Told = Sequence[tuple[float, bool]]


def told(scores: Scores) -> list[Told]:
    """What the scores tell of confidences, document by document, in the order of their names."""
    return [
        [(v.predicted.confidence, v.attributed) for v in judgement.verdicts if v.predicted is not None]
        for judgement in scores.judgements
    ]


def fit_confidence(documents: Sequence[Told]) -> Confidence | None:
    """The shift and slope of log odds with the least penalised log loss; None without any prediction."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit, logit

    pairs = [pair for document in documents for pair in document]
    if not pairs:
        return None
    odds = logit(np.clip([confidence for confidence, _ in pairs], _EDGE, 1 - _EDGE))
    right = np.array([is_right for _, is_right in pairs], dtype=np.float64)

    def loss(change: Floats) -> tuple[float, Floats]:
        scores = change[0] + (1 + change[1]) * odds
        off = expit(scores) - right
        total = np.sum(np.logaddexp(0, scores) - right * scores) + _PENALTY / 2 * change @ change
        return float(total), np.array([off.sum(), off @ odds]) + _PENALTY * change

    bounds = [(None, None), (_LEAST_SLOPE - 1, None)]
    shift, more = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=bounds).x
    return Confidence(shift=round(float(shift), 3), slope=round(1 + float(more), 3))


def log_losses(documents: Sequence[Told]) -> list[float]:
    """Minus the log of the probability that was given to what is so, summed for each document."""
    import numpy as np

    def loss(confidence: float, is_right: bool) -> float:
        bounded = min(1 - _EDGE, max(_EDGE, confidence))
        return -float(np.log(bounded if is_right else 1 - bounded))

    return [sum(loss(*pair) for pair in document) for document in documents]


def chance(old: Sequence[float], new: Sequence[float]) -> float:
    """The probability that chance alone makes the sums of two paired samples differ as much.

    Approximate randomisation over documents, as in `quotes.scoring.compare`.
    """
    import numpy as np
    from scipy.stats import permutation_test

    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    if len(pairs) < 2:
        return 1.0
    result = permutation_test(
        tuple(np.array(pairs).T),
        lambda a, b, axis=-1: np.sum(b - a, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)
