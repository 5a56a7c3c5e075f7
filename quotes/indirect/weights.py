"""The weights of the models of indirect speech: text files, fitted by `scripts/fit_indirect.py`.

Each model is linear over features with readable names, such as "lemma say" or "path ccomp|". A name that has
no weight counts nothing. Cues and their extents are decided by logistic regressions; of sources and of the
edges of contents, one of several is chosen (a conditional logit: McFadden, "Conditional logit analysis of
qualitative choice behavior", 1974).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

from quotes import data
from quotes.attribution.confidence import Calibrator, calibrator

FOLDER = Path(__file__).parent.parent / "data" / "indirect"
# So sure at most, and so unsure at least, that logarithms stay finite.
_EXTREME = 1e-6


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model: a bias and a weight for each feature."""

    weights: Mapping[str, float]
    bias: float = 0.0

    def score(self, features: Iterable[str]) -> float:
        """The sum of the weights of the features that hold, the same for every order of the features.

        Features may come from a set. An ordinary sum would then differ in its last digit from run to run, and
        a score at a threshold would fall on either side of it.
        """
        return self.bias + math.fsum(map(self.weights.get, features, repeat(0.0)))

    def probability(self, features: Iterable[str]) -> float:
        """The probability of yes, of a model that answers yes or no."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.score(features)))))

    def valued(self, values: Iterable[tuple[str, float]]) -> float:
        """The score of features with a value."""
        return sum(self.weights.get(name, 0.0) * value for name, value in values)

    def shares(self, choices: Sequence[Iterable[str]], added: Sequence[float] = ()) -> list[float]:
        """The probability of each of several choices, of which one is right; `added` are more scores."""
        scores = [self.score(features) for features in choices]
        if added:
            scores = [score + more for score, more in zip(scores, added, strict=True)]
        most = max(scores, default=0.0)
        parts = [math.exp(score - most) for score in scores]
        total = sum(parts)
        return [part / total for part in parts]


@dataclass(frozen=True, slots=True)
class Models:
    """All that is fitted. `sentences` tells which sentences are worth a parse."""

    sentences: Linear
    lemmas: Mapping[str, float]
    """How often a lemma is a cue, for those that are often enough to be asked."""
    cues: Linear
    extents: Linear
    sources: Linear
    starts: Linear
    ends: Linear
    pairs: Linear
    acceptance: Calibrator
    threshold: float
    """An attribution that is less probably right is left out."""


def odds(probability: float) -> float:
    """The logarithm of the odds of a probability."""
    kept = min(1 - _EXTREME, max(_EXTREME, probability))
    return math.log(kept / (1 - kept))


@cache
def shipped() -> Models:
    """The models that ship with the package. Raises DataError if a file is damaged."""
    return load(FOLDER)


def load(folder: Path) -> Models:
    """The models of a folder. Raises DataError if a file is damaged."""

    def linear(name: str) -> Linear:
        return data.fitted(
            folder / f"{name}.json",
            lambda file: Linear({str(k): float(v) for k, v in file["weights"].items()}, float(file["bias"])),
        )

    acceptance, threshold = data.fitted(
        folder / "acceptance.json", lambda file: (calibrator(file), float(file["threshold"]))
    )
    return Models(
        sentences=linear("sentences"),
        lemmas=data.fitted(
            folder / "lemmas.json", lambda file: {str(k): float(v) for k, v in file["lemmas"].items()}
        ),
        cues=linear("cues"),
        extents=linear("extents"),
        sources=linear("sources"),
        starts=linear("starts"),
        ends=linear("ends"),
        pairs=linear("pairs"),
        acceptance=acceptance,
        threshold=threshold,
    )
