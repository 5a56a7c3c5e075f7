"""Fit the ranker's weights on a corpus with human attributions, and say how good they are.

    python scripts/fit_ranker.py ../shared/polnear/train

Reads a PolNeAR compartment (`text/` and brat files in `attributions/`), proposes candidates for every quoted
segment, and fits a logistic regression of "the candidate's mention overlaps the annotated source". A speaker
passes from one quotation to the next, so the weights are fitted in rounds: each round's decisions give the
next round its inherited candidates. The figures are those of a cross-validation over documents.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from quotes import parsing
from quotes.attribution import Claim, Scene, propose
from quotes.attribution.ranker import WEIGHTS, Ranker, features
from quotes.attribution.scene import Decided
from quotes.extractor import mark
from quotes.files.whole_file import WholeFile
from quotes.formats.brat.standoff import Attribution, Range, attributions

Rows = tuple[list[list[str]], list[bool]]


@dataclasses.dataclass(slots=True)
class Article:
    """A parsed article, and for each of its segments the sources that people gave it (None: no quotation)."""

    scene: Scene
    sources: list[tuple[Range, ...] | None]


def read(folder: Path, model: str) -> list[Article]:
    """Parse every annotated article of a compartment."""
    nlp = parsing.load(model)
    articles = []
    for text, gold in annotated(folder):
        [parse] = parsing.parse(nlp, [mark(text)])
        scene = Scene.of(parse)
        articles.append(Article(scene, _sources(scene, gold)))
    return articles


def annotated(folder: Path) -> Iterator[tuple[str, list[Attribution]]]:
    """The text and the attributions of each annotated article; of several annotators the first is taken."""
    for path, annotation in _annotated(folder):
        yield path.read_bytes().decode("utf-8"), list(attributions(annotation))


def annotated_names(folder: Path) -> list[str]:
    """The names of the annotated articles' files, in the same order."""
    return [path.name for path, _ in _annotated(folder)]


def _annotated(folder: Path) -> Iterator[tuple[Path, Path]]:
    for path in sorted((folder / "text").iterdir()):
        name = path.name.removesuffix(".txt").replace("[", "[[]")
        annotations = sorted((folder / "attributions").glob(f"{name}_????.ann"))
        if annotations:
            yield path, annotations[0]


def _sources(scene: Scene, gold: Sequence[Attribution]) -> list[tuple[Range, ...] | None]:
    """For each segment the sources of the first attribution that holds nearly all of it."""
    found: list[tuple[Range, ...] | None] = []
    for segment in scene.segments:
        size = segment.end - segment.start
        holds = (
            attribution.source
            for attribution in gold
            if any(min(e, segment.end) - max(s, segment.start) >= 0.8 * size for s, e in attribution.content)
        )
        found.append(next(holds, None))
    return found


def right(sources: tuple[Range, ...] | None, start: int, end: int) -> bool:
    """Whether a mention overlaps one of the annotated sources."""
    return bool(sources) and any(min(e, end) > max(s, start) for s, e in sources or ())


def table(articles: Iterable[Article], ranker: Ranker | None) -> Rows:
    """A row a candidate: its features, and whether it is right. `ranker` decides who passes a speaker on."""
    rows: Rows = ([], [])
    for article in articles:
        scene = article.scene
        decided: list[Claim | None] = []
        for segment, sources in enumerate(article.sources):
            candidates = propose(scene, segment, decided)
            rows_of = zip(candidates, features(scene, segment, candidates, decided), strict=True)
            for candidate, names in rows_of:
                rows[0].append(names)
                rows[1].append(right(sources, candidate.mention.start, candidate.mention.end))
            decided.append(_choose(ranker, scene, segment, decided) if ranker else None)
    return rows


def _choose(ranker: Ranker, scene: Scene, segment: int, decided: Decided) -> Claim | None:
    candidates = propose(scene, segment, decided)
    return ranker.choose(scene, segment, ranker.weigh(scene, segment, candidates, decided))


def fit(rows: Rows, *, strength: float, least: int, threshold: float) -> Ranker:
    """Weights for the features that at least `least` candidates have; `strength` is the inverse penalty."""
    counts = Counter(name for names in rows[0] for name in set(names))
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        [{name: 1 for name in names if counts[name] >= least} for names in rows[0]]
    )
    model = LogisticRegression(C=strength, max_iter=4000).fit(matrix, np.array(rows[1]))
    weights = {
        str(name): round(float(weight), 2)
        for name, weight in zip(vectorizer.feature_names_, model.coef_[0], strict=True)
        if abs(weight) >= 0.03
    }
    return Ranker(round(float(model.intercept_[0]), 3), threshold, dict(sorted(weights.items())))


def train(articles: list[Article], rounds: int, *, strength: float, least: int, threshold: float) -> Ranker:
    """Fit in rounds, so that inherited speakers are learned from decisions such as the extractor's."""
    ranker = None
    for _ in range(rounds):
        ranker = fit(table(articles, ranker), strength=strength, least=least, threshold=threshold)
    assert ranker is not None
    return ranker


def held_out(
    articles: Sequence[Article], folds: int, seed: int, rounds: int, **settings: Any
) -> Iterator[tuple[list[int], Ranker]]:
    """For each fold of the documents their indices, and a ranker that was fitted on the others."""
    for kept, held in KFold(folds, shuffle=True, random_state=seed).split(np.arange(len(articles))):
        yield held.tolist(), train([articles[i] for i in kept], rounds, **settings)


def score(articles: Iterable[Article], ranker: Ranker) -> Counter[str]:
    """Counts: gold segments, predicted ones, those that are quotations, and those with the right source."""
    counts: Counter[str] = Counter()
    for article in articles:
        decided: list[Claim | None] = []
        for segment, sources in enumerate(article.sources):
            claim = _choose(ranker, article.scene, segment, decided)
            decided.append(claim)
            counts["gold"] += sources is not None
            if claim is not None:
                mention = claim.candidate.mention
                counts["predicted"] += 1
                counts["span"] += sources is not None
                counts["right"] += right(sources, mention.start, mention.end)
    return counts


def f1(hits: int, counts: Counter[str]) -> float:
    """F1 in per cent, one decimal."""
    return round(200 * hits / max(1, counts["gold"] + counts["predicted"]), 1)


def main(
    compartment: Annotated[Path, typer.Argument(help="A folder with text/ and attributions/.", exists=True)],
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = WEIGHTS,
    model: Annotated[str, typer.Option(help="The spaCy pipeline.")] = parsing.DEFAULT_MODEL,
    strength: Annotated[float, typer.Option(help="Inverse penalty of the regression.")] = 0.15,
    least: Annotated[int, typer.Option(help="The candidates that a feature needs.")] = 4,
    threshold: Annotated[float, typer.Option(help="The least probability that names a speaker.")] = 0.4,
    rounds: Annotated[int, typer.Option(help="Rounds of fitting.")] = 3,
    folds: Annotated[int, typer.Option(help="Folds of the cross-validation; 0 leaves it out.")] = 4,
    seed: Annotated[int, typer.Option(help="Shuffles the documents into folds.")] = 0,
) -> None:
    """Fit the weights, cross-validate them, and write both down."""
    articles = read(compartment, model)
    settings = {"strength": strength, "least": least, "threshold": threshold}
    counts: Counter[str] = Counter()
    if folds:
        for held, ranker in held_out(articles, folds, seed, rounds, **settings):
            counts += score([articles[i] for i in held], ranker)
    ranker = train(articles, rounds, **settings)  # type: ignore[arg-type]
    content = {
        "made by": "scripts/fit_ranker.py",
        "articles": len(articles),
        "settings": settings | {"rounds": rounds, "seed": seed},
        "cross-validation": {
            "folds": folds,
            **counts,
            "span F1": f1(counts["span"], counts),
            "attributed F1": f1(counts["right"], counts),
        },
        "bias": ranker.bias,
        "threshold": ranker.threshold,
        "weights": ranker.weights,
    }
    with WholeFile(out) as file:
        file.write((json.dumps(content, ensure_ascii=False, indent=0) + "\n").encode())
    typer.echo(json.dumps(content["cross-validation"]))
    print(f"{len(ranker.weights)} weights in {out.name}, {out.stat().st_size // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    typer.run(main)
