"""Fit the models of indirect speech on a corpus with human attributions.

    python scripts/fit_indirect.py ../shared/polnear/train

Reads a PolNeAR compartment (`text/` and brat files in `attributions/`), parses it whole, and fits the steps
of `quotes/indirect` one after the other: cue heads, extents, sources, edges of contents. A model knows the
articles that it was fitted on too well, so what follows (pairs of edges, acceptance) is fitted on what the
first steps find in articles that they haven't seen: the articles are cut into folds, and each fold is read by
models fitted on the others. The weights go to `quotes/data/indirect/`. Takes 20 minutes and 3 GB.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from quotes import parsing
from quotes.attribution.confidence import Calibrator
from quotes.extractor import mark
from quotes.files.whole_file import WholeFile
from quotes.formats.brat.standoff import Attribution as Annotated_
from quotes.formats.brat.standoff import Range
from quotes.indirect import contents, cues, reports, sources
from quotes.indirect.acceptance import Proposal, evidence
from quotes.indirect.contents import Attribution
from quotes.indirect.grammar import Grammar, lemma
from quotes.indirect.sentences import sentence_features
from quotes.indirect.sources import Source
from quotes.indirect.weights import FOLDER, Linear, Models
from quotes.parsing import Window
from quotes.parsing.masking import other_sentences
from scripts.fit_confidence import fit as fit_trees
from scripts.fit_ranker import annotated

_EDGE = " \t\r\n\"“”'‘’.,;:!?—-\u00a0()[]–*_"
_NOTHING = Linear({})
# A content is right if it and the annotated one share so much of what either covers, in code points: a little
# less than in scoring, because white space between tokens isn't counted here.
_SHARED = 0.75
_NEARLY = 0.002


class Gold(NamedTuple):
    """An annotated attribution in its window. `cue`, `source` and `content` are tokens in order."""

    grammar: Grammar
    head: int
    cue: list[int]
    source: list[int]
    content: list[int]

    @property
    def attribution(self) -> Attribution:
        """Cue and source as one range of tokens each."""
        cue = (self.cue[0], self.cue[-1] + 1) if _is_run(self.cue) else (self.head, self.head + 1)
        return Attribution(self.grammar, self.head, cue, self._phrase())

    def _phrase(self) -> Source | None:
        if not self.source:
            return None
        first, last = self.source[0], self.source[-1] + 1
        tokens = self.grammar.tokens
        heads = [
            i for i in range(first, last) if not first <= tokens[i].head_i < last or tokens[i].head_i == i
        ]
        return Source(first, last, heads[0])


@dataclass(slots=True)
class Article:
    """A parsed article with its annotations."""

    text: str
    windows: list[Window]
    annotated: list[Annotated_]
    golds: list[Gold] = field(default_factory=list)


def read(folder: Path, model: str) -> list[Article]:
    """Parse every annotated article of a compartment whole."""
    nlp = parsing.load(model)
    articles = []
    for text, attributions in annotated(folder):
        [parse] = parsing.parse(nlp, [mark(text)], also=lambda _: True)
        article = Article(text, list(parse.every()), attributions)
        article.golds = list(_golds(article))
        articles.append(article)
    return articles


def _golds(article: Article) -> Iterator[Gold]:
    grammars: dict[int, Grammar] = {}
    for one in article.annotated:
        if not one.cue or not one.content:
            continue
        place = min(one.cue)[0]
        number = next(
            (n for n, w in enumerate(article.windows) if w.tokens and w.starts[0] <= place < w.ends[-1]), -1
        )
        if number < 0:
            continue
        window = article.windows[number]
        cue = tokens_in(article.text, window, one.cue)
        if not cue:
            continue
        heads = [i for i in cue if window.tokens[i].head_i not in cue or window.tokens[i].head_i == i]
        head = next((i for i in heads if window.tokens[i].tag_[0] == "V"), heads[0])
        grammar = grammars.setdefault(number, Grammar.of(window))
        source, content = (tokens_in(article.text, window, ranges) for ranges in (one.source, one.content))
        yield Gold(grammar, head, cue, source, content)


def tokens_in(text: str, window: Window, ranges: Iterable[Range]) -> list[int]:
    """The tokens that stand for annotated ranges, whose marks and stops at the edges don't count."""
    found: set[int] = set()
    for start, end in ranges:
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        found |= {
            i
            for i, (a, b) in enumerate(zip(window.starts, window.ends, strict=True))
            if a < end and start < b
        }
    return sorted(found)


def _is_run(tokens: list[int]) -> bool:
    return tokens == list(range(tokens[0], tokens[-1] + 1))


class Names:
    """The numbers of the features that at least `least` rows have."""

    def __init__(self, rows: Iterable[Iterable[str]], least: int) -> None:
        counts = Counter(name for row in rows for name in set(row))
        self.numbers = {name: i for i, name in enumerate(name for name, n in counts.items() if n >= least)}

    def matrix(self, rows: Sequence[Iterable[str]]) -> csr_matrix:
        """A row of ones and zeros for each row of features."""
        columns: list[int] = []
        ends = [0]
        for row in rows:
            columns += sorted({self.numbers[name] for name in row if name in self.numbers})
            ends.append(len(columns))
        return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), len(self.numbers)))

    def keep(self, values: NDArray[Any], smallest: float) -> None:
        """Drop the features whose weights are nearer to 0: the others are then fitted again."""
        kept = (name for name, value in zip(self.numbers, values, strict=True) if abs(value) >= smallest)
        self.numbers = {name: i for i, name in enumerate(kept)}

    def weights(self, values: NDArray[Any]) -> dict[str, float]:
        """The weights by name, in two decimals."""
        named = zip(self.numbers, values.tolist(), strict=True)
        return {name: round(value, 2) for name, value in sorted(named) if round(value, 2)}


def logistic(
    rows: Sequence[Sequence[str]], yes: Sequence[bool], *, least: int, strength: float, smallest: float
) -> Linear:
    """A logistic regression of "yes"; `strength` is the inverse penalty."""
    names = Names(rows, least)
    model = LogisticRegression(C=strength, max_iter=300, solver="liblinear", random_state=0)
    model.fit(names.matrix(rows), np.array(yes))
    names.keep(model.coef_[0], smallest)
    model.fit(names.matrix(rows), np.array(yes))
    return Linear(names.weights(model.coef_[0]), round(float(model.intercept_[0]), 3))


class Choice(NamedTuple):
    """The features of each alternative, the number of the right one, and features with values."""

    rows: list[list[str]]
    right: int
    values: Sequence[tuple[float, ...]] = ()


def conditional(
    choices: Sequence[Choice],
    *,
    least: int,
    penalty: float,
    smallest: float,
    valued: Sequence[str] = (),
    steps: int = 60,
) -> Linear:
    """A conditional logit: of each group of alternatives one is right."""
    rows = [row for choice in choices for row in choice.rows]
    sizes = [len(choice.rows) for choice in choices]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    right = starts + np.array([choice.right for choice in choices])
    group = np.repeat(np.arange(len(choices)), sizes)
    names = Names(rows, least)
    values = csr_matrix([value for choice in choices for value in choice.values]) if valued else None

    def fitted() -> NDArray[Any]:
        matrix = names.matrix(rows) if values is None else hstack([names.matrix(rows), values]).tocsr()
        turned = matrix.T.tocsr()
        observed = np.asarray(matrix[right].sum(axis=0)).ravel()

        def loss(weights: NDArray[Any]) -> tuple[float, NDArray[Any]]:
            scores = matrix @ weights
            most = np.maximum.reduceat(scores, starts)
            parts = np.exp(scores - most[group])
            sums = np.add.reduceat(parts, starts)
            likelihood = scores[right].sum() - (np.log(sums) + most).sum()
            gradient = turned @ (parts / sums[group]) - observed + penalty * weights
            return -likelihood + penalty * (weights @ weights) / 2, gradient

        options = {"maxiter": steps}
        found = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options=options)
        return np.asarray(found.x)

    names.keep(fitted()[: len(names.numbers)], smallest)
    found = fitted()
    more = zip(valued, found[len(names.numbers) :].tolist(), strict=True)
    return Linear(
        names.weights(found[: len(names.numbers)]) | {name: round(value, 3) for name, value in more}
    )


def rates(articles: Iterable[Article]) -> dict[str, float]:
    """How often each lemma is a cue, where it is one in at least 1.5 % of its places."""
    found: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for article in articles:
        found.update(lemma(gold.grammar.tokens[gold.head].lower_) for gold in article.golds)
        seen.update(lemma(token.lower_) for window in article.windows for token in window.tokens)
    often = {word: round(n / seen[word], 3) for word, n in found.items() if len(word) > 1}
    return {word: rate for word, rate in sorted(often.items()) if rate >= 0.015}


def cue_rows(articles: Iterable[Article], lemmas: Mapping[str, float]) -> tuple[list[list[str]], list[bool]]:
    """A row for each token that may head a cue, and whether it does."""
    rows: list[list[str]] = []
    yes: list[bool] = []
    for article in articles:
        heads = {(id(gold.grammar.window), gold.head) for gold in article.golds}
        for window in article.windows:
            if not window.tokens:
                continue
            grammar = Grammar.of(window)
            for token in window.tokens:
                if not grammar.quoted(token.i) and lemma(token.lower_) in lemmas:
                    rows.append(cues.features(grammar, token))
                    yes.append((id(window), token.i) in heads)
    return rows, yes


def extent_rows(articles: Iterable[Article]) -> tuple[list[list[str]], list[bool]]:
    """A row for each token beside a growing cue, and whether it belongs to the cue."""
    rows: list[list[str]] = []
    yes: list[bool] = []
    for article in articles:
        for gold in article.golds:

            def belongs(names: list[str], at: int, gold: Gold = gold) -> bool:
                rows.append(names)
                yes.append(at in gold.cue)
                return yes[-1]

            cues.extent(gold.grammar, gold.head, belongs)
    return rows, yes


def source_choices(articles: Iterable[Article]) -> Iterator[Choice]:
    """For each cue the phrases that may name its source."""
    for article in articles:
        for gold in article.golds:
            attribution = gold.attribution
            found = [*sources.candidates(gold.grammar, gold.head), None]
            wanted = attribution.source[:2] if attribution.source else None
            right = [k for k, one in enumerate(found) if (one[:2] if one else None) == wanted]
            if right:
                rows = [sources.features(gold.grammar, gold.head, attribution.cue, one) for one in found]
                yield Choice(rows, right[0])


def edge_choices(
    articles: Iterable[Article],
) -> Iterator[tuple[Attribution, tuple[int, int], Choice, Choice]]:
    """For each cue and source the edges of the content, with the choices of the start and of the end."""
    for article in articles:
        for gold in article.golds:
            if not gold.content:
                continue
            attribution = gold.attribution
            first, last = gold.content[0], gold.content[-1] + 1
            starts, ends = contents.start_places(attribution), contents.end_places(attribution)
            if first in starts and last in ends:
                yield (
                    attribution,
                    (first, last),
                    Choice([contents.start_features(attribution, i) for i in starts], starts.index(first)),
                    Choice([contents.end_features(attribution, i) for i in ends], ends.index(last)),
                )


def steps_of(articles: Sequence[Article], smallest: float) -> Models:
    """The models up to the edges of contents, fitted on these articles."""
    lemmas = rates(articles)
    edges = list(edge_choices(articles))
    return Models(
        sentences=_NOTHING,
        lemmas=lemmas,
        cues=logistic(*cue_rows(articles, lemmas), least=4, strength=0.1, smallest=smallest),
        extents=logistic(*extent_rows(articles), least=3, strength=0.3, smallest=smallest),
        sources=conditional([*source_choices(articles)], least=3, penalty=1, smallest=smallest),
        starts=conditional([start for *_, start, _ in edges], least=4, penalty=2, smallest=smallest),
        ends=conditional([end for *_, end in edges], least=4, penalty=2, smallest=smallest),
        pairs=_NOTHING,
        acceptance=Calibrator(0.0, ()),
        threshold=0.0,
    )


def pair_choices(articles: Iterable[Article], models: Models) -> Iterator[Choice]:
    """For each cue and source the most probable pairs of edges, if the right one is among them."""
    for attribution, right, _, _ in edge_choices(articles):
        pairs = list(contents.best_pairs(attribution, models))
        found = [k for k, pair in enumerate(pairs) if (pair.first, pair.last) == right]
        if found:
            rows = [list(contents.pair_features(attribution, pair)) for pair in pairs]
            yield Choice(rows, found[0], [contents.pair_values(pair) for pair in pairs])


def judged(article: Article, models: Models) -> Iterator[tuple[dict[str, float], bool]]:
    """What is known of each proposal for an article, and whether its content and its source are right."""
    wanted = [({i for s, e in one.content for i in range(s, e)}, one.source) for one in article.annotated]
    for window in article.windows:
        found = reports.proposals(window, models)
        for one in found:
            yield evidence(one, found, models), _is_right(window, one, wanted)


def _is_right(
    window: Window, proposal: Proposal, wanted: Sequence[tuple[set[int], tuple[Range, ...]]]
) -> bool:
    tokens = [i for i in proposal.tokens if not window.tokens[i].is_punct]
    places = {place for i in tokens for place in range(window.starts[i], window.ends[i])}
    source = proposal.attribution.source
    mention = window.range(source.first, source.last) if source else None
    for content, named in wanted:
        if len(places & content) >= _SHARED * len(places | content):
            if mention is None and not named:
                return True
            if mention is not None and any(s < mention[1] and mention[0] < e for s, e in named):
                return True
    return False


def sentence_rows(articles: Iterable[Article]) -> tuple[list[list[str]], list[bool]]:
    """The words of each sentence away from quotations, and whether an annotated cue stands in it."""
    rows: list[list[str]] = []
    yes: list[bool] = []
    for article in articles:
        segments = mark(article.text)
        cue_starts = sorted(min(one.cue)[0] for one in article.annotated if one.cue)
        for _, (start, end) in other_sentences(segments):
            rows.append(sorted(sentence_features(article.text[start:end])))
            yes.append(any(start <= place < end for place in cue_starts))
    return rows, yes


def save(models: Models, how: dict[str, object]) -> None:
    """Write the weights as text, a file for each model."""
    FOLDER.mkdir(exist_ok=True)
    linear = {
        name: {"bias": model.bias, "weights": dict(model.weights)}
        for name in ("sentences", "cues", "extents", "sources", "starts", "ends", "pairs")
        if isinstance(model := getattr(models, name), Linear)
    }
    trees = {"bias": models.acceptance.bias, "trees": models.acceptance.trees, "threshold": models.threshold}
    for name, file in (linear | {"lemmas": {"lemmas": models.lemmas}, "acceptance": trees}).items():
        with WholeFile(FOLDER / f"{name}.json") as out:
            out.write((json.dumps({"fitted": how} | file, ensure_ascii=False, indent=0) + "\n").encode())


def main(
    train: Annotated[Path, typer.Argument(help="A PolNeAR compartment: text/ and attributions/.")],
    model: Annotated[str, typer.Option(help="The spaCy pipeline.")] = parsing.DEFAULT_MODEL,
    folds: Annotated[int, typer.Option(min=2, help="How many parts the articles are cut into.")] = 3,
    smallest: Annotated[float, typer.Option(help="Weights nearer to 0 are left out.")] = 0.1,
    lost: Annotated[
        float, typer.Option(help="The share of cues lost in sentences that aren't parsed.")
    ] = 0.02,
) -> None:
    """Fit all models, write them, and print how often attributions are right in articles not seen."""
    articles = read(train, model)
    typer.echo(f"{len(articles)} articles, {sum(len(one.golds) for one in articles):,} cues")
    held = [articles[k::folds] for k in range(folds)]
    seen_by = [[one for i, one in enumerate(articles) if i % folds != k] for k in range(folds)]
    firsts = [steps_of(kept, smallest) for kept in seen_by]
    choices = [
        choice for part, first in zip(held, firsts, strict=True) for choice in pair_choices(part, first)
    ]
    pairs = conditional(choices, least=4, penalty=6, smallest=smallest, valued=contents.EDGES)
    lemmas = rates(articles)
    known: list[dict[str, float]] = []
    right: list[bool] = []
    for part, first in zip(held, firsts, strict=True):
        ready = replace(first, pairs=pairs, lemmas=lemmas)
        for article in part:
            for features, is_right in judged(article, ready):
                known.append(features)
                right.append(is_right)
    trees = {"n_estimators": 200, "max_depth": 4, "learning_rate": 0.08, "subsample": 0.7, "random_state": 0}
    acceptance = fit_trees(known, right, **trees)
    wanted = sum(len(one.annotated) for one in articles)
    threshold, best = best_threshold(acceptance.confidences(known), right, wanted)
    typer.echo(f"proposals {len(known):,}, right {sum(right):,}; F1 {best:.3f} at a threshold of {threshold}")
    fitted = replace(
        steps_of(articles, smallest),
        sentences=sentence_model(articles, smallest, lost),
        pairs=pairs,
        acceptance=acceptance,
        threshold=threshold,
    )
    save(fitted, {"corpus": "PolNeAR train", "articles": len(articles), "folds": folds, "smallest": smallest})


def sentence_model(articles: Iterable[Article], smallest: float, lost: float) -> Linear:
    """A regression of "a cue stands in this sentence"; its threshold, 0, loses the share `lost` of cues."""
    rows, yes = sentence_rows(articles)
    model = logistic(rows, yes, least=4, strength=0.1, smallest=smallest)
    scores = sorted(model.score(row) for row, has in zip(rows, yes, strict=True) if has)
    return Linear(model.weights, round(model.bias - scores[int(lost * len(scores))], 3))


def best_threshold(sure: Sequence[float], right: Sequence[bool], wanted: int) -> tuple[float, float]:
    """The lowest threshold whose F1 is nearly the best, and that F1.

    The curve is flat there, and a reader can leave out what is doubtful, but can't add what is missing.
    """
    known, is_right = np.array(sure), np.array(right)
    scores: list[tuple[float, float]] = []
    for threshold in np.arange(0.1, 0.7, 0.02):
        kept = known >= threshold
        f1 = 2 * float((kept & is_right).sum()) / (float(kept.sum()) + wanted)
        scores.append((f1, round(float(threshold), 2)))
    best = max(scores)[0]
    return min((threshold, f1) for f1, threshold in scores if f1 >= best - _NEARLY)


if __name__ == "__main__":
    typer.run(main)
