"""Measure what an outlet's corrections gain: the learning curve of `quotes tune`.

    python scripts/tune_curve.py ../shared/polnear/train

For each outlet of a PolNeAR compartment, the ranker is fitted on all other outlets, and so are the trees of
the confidences. Then 50, 200 and 800 of the outlet's quotations, in whole articles drawn at random, play the
corrections; the rest of the outlet is the test. Two things are fitted: a correction of the ranker's weights
(`measuring/correction.py`), and the correction of confidences that `quotes tune` makes. A row is printed for
each outlet and number, and one for all outlets: the means over the draws, and in how many it was better.

The corpus can't tell what people and cue verbs gain: its train part has no names, and `cues.toml` was made by
counting in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Annotated, Any

import numpy as np
import typer

from quotes import parsing
from quotes.attribution import Claim, decide
from quotes.attribution.confidence import CERTAIN, TREES, Calibrator, evidence
from quotes.attribution.ranker import WEIGHTS, Ranker
from quotes.scoring.measures import Counts
from quotes.tuning.confidence import Told, fit_confidence, log_losses
from scripts import fit_confidence as trees
from scripts.fit_ranker import Article, Rows, annotated_names, read, right, table, train
from scripts.measuring.correction import fit

SIZES = (50, 200, 800)
# Articles that are left for the test, at least.
_REST = 15


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet's articles, with the ranker that was fitted on the others' articles."""

    articles: list[Article]
    ranker: Ranker

    def quotations(self, number: int) -> int:
        """How many quotations the gold of an article has."""
        return sum(sources is not None for sources in self.articles[number].sources)

    def draw(self, size: int, seed: int) -> tuple[list[int], list[int]] | None:
        """Articles with so many quotations, and the others; None if hardly any are left."""
        order = np.random.default_rng(seed).permutation(len(self.articles)).tolist()
        drawn, total = 0, 0
        while total < size and drawn < len(order):
            total += self.quotations(order[drawn])
            drawn += 1
        return (order[:drawn], order[drawn:]) if total >= size and len(order) - drawn >= _REST else None


@dataclass(frozen=True, slots=True)
class Draw:
    """A figure on the test articles before and after."""

    before: float
    after: float


#: The draws of one outlet, by the number of quotations.
Curve = dict[int, list[Draw]]


def outlets(folder: Path, model: str) -> Iterator[tuple[str, Outlet]]:
    """Each outlet by its name, which file names begin with."""
    articles = read(folder, model)
    names = [name.partition("_")[0] for name in annotated_names(folder)]
    fitted = json.loads(WEIGHTS.read_text(encoding="utf-8"))["settings"]
    settings = {name: fitted[name] for name in ("rounds", "strength", "least", "threshold")}
    for outlet in sorted(set(names)):
        others = [one for one, name in zip(articles, names, strict=True) if name != outlet]
        own = [one for one, name in zip(articles, names, strict=True) if name == outlet]
        yield outlet, Outlet(own, train(others, **settings))


def attributed(article: Article, ranker: Ranker) -> Counts:
    """The counts of segments with the right source."""
    found = decide(article.scene, ranker).of_segment
    hits = sum(_is_right(claim, sources) for claim, sources in zip(found, article.sources, strict=True))
    predicted, gold = (sum(one is not None for one in each) for each in (found, article.sources))
    return Counts(hits, predicted, hits, gold)


def _is_right(claim: Claim | None, sources: Any) -> bool:
    return claim is not None and right(sources, claim.candidate.mention.start, claim.candidate.mention.end)


def weights_curve(outlet: Outlet, draws: int) -> Curve:
    """Attributed F1, in per cent, without and with the correction of the ranker's weights."""
    rows: list[Rows] = [table([article], outlet.ranker) for article in outlet.articles]
    before = [attributed(article, outlet.ranker) for article in outlet.articles]
    found: Curve = {}
    for size in SIZES:
        for seed in range(draws):
            if (drawn := outlet.draw(size, seed)) is None:
                continue
            correction = fit([rows[number] for number in drawn[0]], outlet.ranker, seed=seed)
            old = sum((before[number] for number in drawn[1]), Counts())
            new = old
            if correction is not None:
                corrected = correction.of(outlet.ranker)
                new = sum((attributed(outlet.articles[n], corrected) for n in drawn[1]), Counts())
            found.setdefault(size, []).append(Draw(100 * (old.f1 or 0), 100 * (new.f1 or 0)))
    return found


def claims(outlet: Outlet) -> list[list[tuple[dict[str, float], bool]]]:
    """Of each article, what is known of its claims in double marks, and whether they are right.

    As in `fit_confidence.py`: what stands in single marks, the corpus mostly doesn't annotate.
    """
    found = []
    for article in outlet.articles:
        decided = decide(article.scene, outlet.ranker)
        told = []
        for group in decided.quotations:
            claim = decided.first(group)
            late = claim is None or claim.probability < outlet.ranker.threshold
            double = decided.segments[group[0]].family == "double"
            if claim is not None and double and not late and claim.candidate.rule not in CERTAIN:
                known = evidence(decided.segments, group, claim)
                told.append((known, _is_right(claim, article.sources[group[0]])))
        found.append(told)
    return found


def confidence_curve(outlet: Outlet, documents: Sequence[Told], draws: int) -> Curve:
    """The log loss of a prediction's confidence without and with its correction."""
    found: Curve = {}
    for size in SIZES:
        for seed in range(draws):
            drawn = outlet.draw(size, seed)
            correction = fit_confidence([documents[n] for n in drawn[0]]) if drawn else None
            if drawn is None or correction is None:
                continue
            rest = [documents[number] for number in drawn[1]]
            after = [[(correction.value(one), so) for one, so in document] for document in rest]
            number = sum(map(len, rest))
            found.setdefault(size, []).append(
                Draw(sum(log_losses(rest)) / number, sum(log_losses(after)) / number)
            )
    return found


def fitted_trees(others: Sequence[Any]) -> Calibrator:
    """The trees of the confidences, from claims of other outlets, with the settings of the shipped ones."""
    settings = json.loads(TREES.read_text(encoding="utf-8"))["settings"]
    settings = {name: value for name, value in settings.items() if name != "folds"}
    return trees.fit([known for known, _ in others], [so for _, so in others], **settings)


def show(what: str, curves: dict[str, Curve], *, lower: bool, digits: int) -> None:
    """The rows of a Markdown table, for each outlet and for all."""
    whole: Curve = {}
    for curve in curves.values():
        for size, draws in curve.items():
            whole.setdefault(size, []).extend(draws)
    for outlet, curve in {**curves, "all": whole}.items():
        for size, draws in sorted(curve.items()):
            before, after = mean(one.before for one in draws), mean(one.after for one in draws)
            better = sum((one.after < one.before) if lower else (one.after > one.before) for one in draws)
            values = (f"{before:.{digits}f}", f"{after:.{digits}f}", f"{after - before:+.{digits}f}")
            print(f"| {what} | {outlet} | {size} | {' | '.join(values)} | {better} of {len(draws)} |")


def main(
    compartment: Annotated[Path, typer.Argument(help="A folder with text/ and attributions/.", exists=True)],
    model: Annotated[str, typer.Option(help="The spaCy pipeline.")] = parsing.DEFAULT_MODEL,
    draws: Annotated[int, typer.Option(min=1, help="How often articles are drawn.")] = 5,
) -> None:
    """Print the curves as a table."""
    weights: dict[str, Curve] = {}
    known = {}
    for name, outlet in outlets(compartment, model):
        weights[name] = weights_curve(outlet, draws)
        known[name] = outlet, claims(outlet)
        print(name, file=sys.stderr)
    confidences: dict[str, Curve] = {}
    for name, (outlet, told) in known.items():
        others = [one for other, (_, each) in known.items() if other != name for d in each for one in d]
        calibrator = fitted_trees(others)
        documents = [
            list(zip(calibrator.confidences([k for k, _ in one]), (so for _, so in one), strict=True))
            for one in told
        ]
        confidences[name] = confidence_curve(outlet, documents, draws)
    print("| part | outlet | corrections | before | after | change | better |")
    print("|---|---|---:|---:|---:|---:|---:|")
    show("weights, F1", weights, lower=False, digits=1)
    show("confidence, log loss", confidences, lower=True, digits=3)


if __name__ == "__main__":
    typer.run(main)
