"""The trees that say how sure a claim is, and what stands in marks and is nobody's words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import paths
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer

from quotes import parsing
from quotes.attribution import Claim, Scene, confidence, propose, titles
from quotes.attribution.confidence import Calibrator, Tree
from quotes.attribution.ranker import Ranker, features, shipped
from quotes.errors import DataError
from quotes.extractor import mark
from scripts.fit_confidence import figures, fit

SEEDS = paths.ROOT / "seeds"
SETTINGS = {"n_estimators": 20, "max_depth": 3, "min_samples_leaf": 5, "random_state": 0}


def test_our_trees_say_what_scikit_learns_say() -> None:
    dice = np.random.default_rng(0)
    known = [{"a": float(a), "b": float(b)} for a, b in dice.integers(0, 9, (300, 2))]
    right = [bool(k["a"] > 4) ^ bool(dice.random() < 0.2) for k in known]
    ours = fit(known, right, **SETTINGS)
    vectors = DictVectorizer(sparse=False).fit_transform(known)
    theirs = GradientBoostingClassifier(**SETTINGS).fit(vectors, right).predict_proba(vectors)[:, 1]
    assert [ours.confidence(k) for k in known] == pytest.approx(theirs.tolist(), abs=0.01)


def test_a_tree_is_walked_by_name() -> None:
    model = Calibrator(0.0, (("words", 3.0, -1.0, ("gap", 0.5, 1.0, 2.0)),))
    odds = {0.2689: {"words": 3.0}, 0.7311: {"words": 4.0}, 0.8808: {"words": 4.0, "gap": 1.0}}
    for wanted, known in odds.items():
        assert model.confidence(known) == pytest.approx(wanted, abs=1e-4)


@given(st.dictionaries(st.sampled_from(["log odds", "words", "gap", "odd"]), st.floats(-1e9, 1e9)))
def test_whatever_is_known_it_is_a_probability(known: dict[str, float]) -> None:
    assert 0 < confidence.shipped().confidence(known) < 1


def test_what_ships_was_fitted_and_is_small() -> None:
    content = json.loads(confidence.TREES.read_text(encoding="utf-8"))
    assert content["claims"] > 1000
    assert content["cross-validation"]["calibration error"] < 0.05
    assert confidence.TREES.stat().st_size < 200_000


@pytest.mark.parametrize(
    "broken", ["", "{}", '{"bias": 0, "trees": [["words", 1, 2]]}', '{"bias": 0, "trees": [{}]}']
)
def test_a_broken_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    path = tmp_path / "confidence.json"
    path.write_text(broken, encoding="utf-8")
    monkeypatch.setattr(confidence, "TREES", path)
    with pytest.raises(DataError, match=r"confidence\.json can't be read"):
        confidence.shipped.__wrapped__()


def test_figures_by_hand() -> None:
    sure, right = np.array([0.95, 0.95, 0.5, 0.5]), np.array([True, False, True, False])
    assert figures(sure, right) == {"precision at 0.9": 50.0, "coverage": 50.0, "calibration error": 0.225}


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("Quill said on KLTV’s “The Morning Tide” that …", titles.is_titled),
        ("He told NBQ's “Today” so.", titles.is_titled),
        ("Her second novel, “The Book of Eels,” sold well.", titles.is_titled),
        ("She appeared on “Face the Harbor” again.", titles.is_titled),
        ("The trawler “Maid of Ellery” sank.", titles.is_titled),
        ("The choir sang “The Long Road Home” at noon.", titles.is_made),
        ("A sign reads “No entry after dark”.", titles.is_inscription),
        ("Renn wore a shirt that read “Save the Pier”.", titles.is_inscription),
        ("He pressed the button marked “Stop” twice.", titles.is_inscription),
        ("Tobias “Tubs” Renn came.", titles.is_nickname),
    ],
)
def test_nobodys_words(text: str, test: object) -> None:
    tests = (titles.is_titled, titles.is_made, titles.is_inscription, titles.is_nickname)
    assert [one for one in tests if one(mark(text), 0)] == [test]


@pytest.mark.parametrize(
    "text",
    [
        "Quill said on KLTV’s breakfast show: “We will rebuild the pier.”",
        "Her novel, “which nobody read,” sold well.",
        "She insisted on “a fair hearing” for all.",
        "She wrote: “Never Again” and left.",
        "She wrote “we will rebuild the pier” on the wall.",
        "The sign, Quill said, “has to go.”",
        "He read “Stop” aloud.",
        "Quill’s “Very Good Plan” failed.",
    ],
)
def test_somebodys_words_perhaps(text: str) -> None:
    tests = (titles.is_titled, titles.is_made, titles.is_inscription, titles.is_nickname)
    assert not any(one(mark(text), 0) for one in tests)


@pytest.mark.model
@pytest.mark.parametrize("story", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_ranker_adds_up_the_features_that_it_names(story: Path) -> None:
    [parse] = parsing.parse(parsing.load(), [mark(story.read_text(encoding="utf-8"))])
    scene, decided = Scene.of(parse), list[Claim | None]()
    ranker = shipped()
    for segment in range(len(scene.segments)):
        candidates = propose(scene, segment, decided)
        odds = [
            ranker.bias + sum(ranker.weights.get(name, 0.0) for name in names)
            for names in features(scene, segment, candidates, decided)
        ]
        scores = ranker.score(scene, segment, candidates, decided)
        assert scores == pytest.approx([1 / (1 + np.exp(-x)) for x in odds])
        weighed = ranker.weigh(scene, segment, candidates, decided)
        decided.append(ranker.choose(scene, segment, weighed))


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Renn sighed. Ada Quill was calm and then she said: “It is only rain, and it will pass.”", "said"),
        ("“It is only rain, and it will pass,” Quill said, while Renn, who had called, sighed.", "said"),
    ],
)
def test_of_candidates_with_the_same_score_the_most_direct_wins(text: str, wanted: str) -> None:
    [parse] = parsing.parse(parsing.load(), [mark(text)])
    scene, ranker = Scene.of(parse), Ranker(0.0, 0.5, {})
    for order in (1, -1):
        weighed = ranker.weigh(scene, 0, propose(scene, 0, [])[::order], [])
        claim = ranker.choose(scene, 0, weighed)
        assert claim is not None
        assert len(weighed) > 1
        cue = claim.candidate.cue
        assert cue is not None
        assert text[cue.start : cue.end] == wanted


TREE = st.recursive(
    st.floats(-2, 2),
    lambda below: st.tuples(st.sampled_from("abc"), st.floats(-2, 2), below, below),
    max_leaves=9,
)


def walked(tree: Tree, known: dict[str, float]) -> float:
    while not isinstance(tree, float):
        name, most, left, right = tree
        tree = left if known.get(name, 0.0) <= most else right
    return tree


@given(
    trees=st.lists(TREE, max_size=5).map(tuple),
    known=st.dictionaries(st.sampled_from("abcd"), st.floats(-2, 2)),
)
def test_all_trees_at_once_are_each_walked_alone(trees: tuple[Tree, ...], known: dict[str, float]) -> None:
    model = Calibrator(0.1, trees)
    log_odds = 0.1 + sum(walked(tree, known) for tree in trees)
    assert model.confidence(known) == pytest.approx(1 / (1 + np.exp(-log_odds)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(confidence, "_TOGETHER", 2)
        assert model.confidences([known, {}, known]) == [model.confidence(one) for one in (known, {}, known)]
