"""How sure a name is: more evidence for it, or against it, moves the probability the right way."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotes import extract
from quotes.errors import DataError
from quotes.speakers import certainty

HER = "Ada Quill came late. “It rained,” she said."


def sure(text: str) -> float:
    found = extract(text)[-1].name_confidence
    assert found is not None
    return found


@pytest.mark.model
def test_a_whole_name_is_surer_than_a_pronoun_and_rivals_count() -> None:
    rivals = HER.replace("late.", "late. Ida Vale met Grace Hask at noon. Ada Quill saw Rose Renn.")
    assert sure("“It rained,” Ada Quill said.") > sure(HER) > sure(rivals)


@pytest.mark.model
def test_a_name_far_away_is_less_sure() -> None:
    assert sure(HER) > sure(
        HER.replace("late.", "late. It was cold. Nobody came. The boats lay in the harbour.")
    )


@pytest.mark.model
def test_namesakes_count() -> None:
    one = "Ada Quill came. “It rained,” Quill said."
    assert sure(one) > sure(one.replace("came.", "came, and so did Rufus Quill and Tobias Quill."))


@pytest.mark.model
def test_without_a_name_nothing_is_sure() -> None:
    [found] = extract("“It rained,” a fisherman said.")
    assert found.name_confidence is None


@pytest.mark.model
def test_several_that_one_word_means_have_the_confidence_set_by_hand() -> None:
    both = "Ada Quill and Tobias Renn said it had rained. “It snowed,” they said."
    assert sure(both) == certainty.CERTAIN["they"]


def test_weights_are_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "data" / "names.json"
    path.parent.mkdir()
    path.write_text('{"weights": {"pronoun": 1}}')
    monkeypatch.setattr(certainty, "WEIGHTS", path)
    with pytest.raises(DataError, match=r"scripts/fit_names\.py"):
        certainty.shipped.__wrapped__()


def test_a_feature_without_a_weight_adds_nothing() -> None:
    assert certainty.probability({"unheard of": 5.0}, {"bias": 0.0}) == 0.5
    assert certainty.probability({"pronoun": 1.0}, {"bias": 0.0, "pronoun": 100.0}) == pytest.approx(1)
