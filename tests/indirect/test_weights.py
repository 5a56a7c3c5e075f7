"""The linear models: a score depends on the features, and not on their order."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quotes.indirect.weights import Linear

#: In some orders an ordinary sum of these is 5.6e-17 and not 0, which is on the other side of a threshold.
TIE = Linear({"a": 0.1, "b": 0.2, "c": -0.3})


@given(st.permutations(["a", "b", "c", "unknown"]))
def test_a_tie_is_a_tie_in_every_order(features: list[str]) -> None:
    assert TIE.score(features) == TIE.score(["a", "b", "c"])


@given(st.lists(st.floats(-10, 10), max_size=30), st.randoms())
def test_a_score_does_not_depend_on_the_order(weights: list[float], random: Random) -> None:
    linear = Linear({str(number): weight for number, weight in enumerate(weights)}, bias=0.5)
    names = list(linear.weights)
    shuffled = random.sample(names, len(names))
    assert linear.score(shuffled) == linear.score(names)
