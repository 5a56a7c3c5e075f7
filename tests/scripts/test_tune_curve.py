"""The experiment of `scripts/tune_curve.py`: a correction drawn to the shipped weights, and fair draws."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from quotes.attribution.ranker import Ranker
from scripts.fit_ranker import Rows
from scripts.measuring.correction import PENALTIES, fit
from scripts.tune_curve import Outlet

RANKER = Ranker(0.0, 0.4, {"behind": -1.0, "before": 1.0})


def documents(number: int, *, right: bool) -> list[Rows]:
    """Documents of a candidate behind, right or not, and of one before, right in half of them."""
    return [([["behind"], ["before"]], [right, n % 2 == 0]) for n in range(number)]


def test_a_weight_that_is_wrong_is_corrected() -> None:
    correction = fit(documents(200, right=True), RANKER, seed=0)
    assert correction is not None
    corrected = correction.of(RANKER)
    assert corrected.weights["behind"] > RANKER.weights["behind"] + 1
    assert corrected.threshold == RANKER.threshold


def test_more_documents_move_it_farther() -> None:
    few, many = (fit(documents(number, right=True), RANKER, seed=0) for number in (10, 200))
    assert few is not None
    assert many is not None
    assert few.weights["behind"] < many.weights["behind"]
    assert many.penalty in PENALTIES


def test_weights_that_are_right_stay() -> None:
    sure = Ranker(0.0, 0.4, {"before": 0.0})
    assert fit([([["before"]], [n % 2 == 0]) for n in range(40)], sure, seed=0) is None


@pytest.mark.parametrize(("size", "drawn"), [(1, 1), (6, 3), (7, 4)])
def test_whole_articles_are_drawn_until_there_are_enough(size: int, drawn: int) -> None:
    outlet = Outlet(articles(20), RANKER)
    found = outlet.draw(size, seed=0)
    assert found is not None
    assert len(found[0]) == drawn
    assert sorted([*found[0], *found[1]]) == list(range(20))


def test_nothing_is_drawn_if_hardly_anything_is_left_for_the_test() -> None:
    assert Outlet(articles(20), RANKER).draw(12, seed=0) is None


def articles(number: int) -> Any:
    """Articles of two quotations, and of one segment that is none."""
    return [SimpleNamespace(sources=[((0, 1),), (), None]) for _ in range(number)]
