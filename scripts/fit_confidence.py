"""Fit the trees that turn a claim into a confidence, and say how well calibrated it is.

    python scripts/fit_confidence.py ../shared/polnear/train

A ranker knows the articles that it was fitted on too well to be asked how sure it is of them. So the train
compartment is cut into folds, each fold is attributed by a ranker fitted on the others, and gradient boosting
learns from those claims which were right: the mention overlaps the annotated source. The figures are those of
a second cross-validation, over the claims of whole documents. Run it after `scripts/fit_ranker.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.model_selection import GroupKFold

from quotes import parsing
from quotes.attribution import decide
from quotes.attribution.confidence import CERTAIN, TREES, Calibrator, Tree, evidence
from quotes.attribution.ranker import WEIGHTS
from quotes.files.whole_file import WholeFile
from scripts.fit_ranker import Article, held_out, read, right


@dataclass(slots=True)
class Claims:
    """What is known of each claim, whether it is right, and the number of its document."""

    known: list[dict[str, float]]
    right: list[bool]
    document: list[int]


def unseen(articles: Sequence[Article], folds: int, seed: int) -> Claims:
    """The claims for every article, by a ranker fitted without it; single marks left out, as in scoring."""
    # The claims must be such as the shipped ranker makes: its file says how it was fitted.
    fitted = json.loads(WEIGHTS.read_text(encoding="utf-8"))["settings"]
    settings = {name: fitted[name] for name in ("rounds", "strength", "least", "threshold")}
    claims = Claims([], [], [])
    for held, ranker in held_out(articles, folds, seed, **settings):
        for number in held:
            scene, sources = articles[number].scene, articles[number].sources
            decided = decide(scene, ranker)
            for group in decided.quotations:
                claim = decided.first(group)
                if claim is None or claim.candidate.rule in CERTAIN or claim.probability < ranker.threshold:
                    continue  # their confidence is a constant
                known, mention = evidence(scene.segments, group, claim), claim.candidate.mention
                if scene.segments[group[0]].family == "double":
                    claims.known.append(known)
                    claims.right.append(right(sources[group[0]], mention.start, mention.end))
                    claims.document.append(number)
    return claims


def fit(known: Sequence[dict[str, float]], is_right: Sequence[bool], **settings: Any) -> Calibrator:
    """Boosted trees on claims; `settings` are those of scikit-learn's GradientBoostingClassifier."""
    vectorizer = DictVectorizer(sparse=False)
    model = GradientBoostingClassifier(**settings)
    model.fit(vectorizer.fit_transform(known), np.array(is_right))
    odds = model.init_.class_prior_[1] / model.init_.class_prior_[0]
    names = [str(name) for name in vectorizer.feature_names_]
    trees = tuple(_tree(one.tree_, 0, names, model.learning_rate) for one in model.estimators_[:, 0])
    return Calibrator(round(float(np.log(odds)), 3), trees)


def _tree(tree: Any, node: int, names: Sequence[str], rate: float) -> Tree:
    left, right_ = tree.children_left[node], tree.children_right[node]
    if left == right_:  # a leaf
        return round(float(rate * tree.value[node, 0, 0]), 3)
    # scikit-learn compares in single precision; three decimals are enough for counts and odds.
    most = round(float(tree.threshold[node]), 3)
    branches = (_tree(tree, child, names, rate) for child in (left, right_))
    return (names[tree.feature[node]], most, *branches)


def figures(confidence: NDArray[np.float64], is_right: NDArray[np.bool_]) -> dict[str, float]:
    """Precision in per cent of the claims at 0.9 and above, the share that these are, and the error."""
    sure = confidence >= 0.9
    bins = np.minimum(9, (confidence * 10).astype(int))
    gaps = (abs(confidence[bins == k].sum() - is_right[bins == k].sum()) for k in range(10))
    return {
        "precision at 0.9": round(100 * float(is_right[sure].mean()), 1),
        "coverage": round(100 * float(sure.mean()), 1),
        "calibration error": round(float(sum(gaps)) / len(confidence), 3),
    }


def cross_validate(claims: Claims, folds: int, **settings: Any) -> dict[str, float]:
    """The figures of claims for documents that the trees weren't fitted on."""
    is_right, documents = np.array(claims.right), np.array(claims.document)
    confidence = np.zeros(len(is_right))
    for kept, held in GroupKFold(folds).split(is_right, is_right, documents):
        calibrator = fit([claims.known[i] for i in kept], is_right[kept].tolist(), **settings)
        confidence[held] = [calibrator.confidence(claims.known[i]) for i in held]
    return figures(confidence, is_right)


def main(
    compartment: Annotated[Path, typer.Argument(help="A folder with text/ and attributions/.", exists=True)],
    out: Annotated[Path, typer.Option(help="Where the trees go.")] = TREES,
    model: Annotated[str, typer.Option(help="The spaCy pipeline.")] = parsing.DEFAULT_MODEL,
    trees: Annotated[int, typer.Option(help="How many trees.")] = 120,
    depth: Annotated[int, typer.Option(help="The forks on the way to a leaf.")] = 3,
    rate: Annotated[float, typer.Option(help="How much of each tree counts.")] = 0.06,
    least: Annotated[int, typer.Option(help="The claims that a leaf needs.")] = 30,
    folds: Annotated[int, typer.Option(help="Folds of both cross-validations.")] = 4,
    seed: Annotated[int, typer.Option(help="Shuffles documents, and draws the claims of each tree.")] = 0,
) -> None:
    """Fit the trees, cross-validate them, and write both down."""
    settings: dict[str, Any] = {
        "n_estimators": trees, "max_depth": depth, "learning_rate": rate, "min_samples_leaf": least,
        "subsample": 0.7, "random_state": seed,
    }  # fmt: skip
    claims = unseen(read(compartment, model), folds, seed)
    calibrator = fit(claims.known, claims.right, **settings)
    content = {
        "made by": "scripts/fit_confidence.py",
        "claims": len(claims.right),
        "settings": settings | {"folds": folds},
        "cross-validation": cross_validate(claims, folds, **settings),
        "bias": calibrator.bias,
    }
    head = json.dumps(content, indent=0).removesuffix("\n}")
    lines = ",\n".join(json.dumps(tree) for tree in calibrator.trees)
    with WholeFile(out) as file:
        file.write(f'{head},\n"trees": [\n{lines}\n]\n}}\n'.encode())
    typer.echo(json.dumps(content["cross-validation"]))
    print(f"{len(calibrator.trees)} trees in {out.name}, {out.stat().st_size // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    typer.run(main)
