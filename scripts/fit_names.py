"""Fit the weights that tell how sure a name is, and say how well calibrated they are.

    python scripts/fit_names.py ../shared/polnear/train

PolNeAR says which words are the source, not who that is. So `annotations/names.jsonl` has the names of some
hundred sources of its train part, read by hand: the document, the range of the mention, and the name, null
where it is nobody's. Pronouns and roles were drawn more often than whole names, so each counts as many times
as its kind has sources in the corpus for one that was read. A logistic regression learns from them when the
name that the extractor gives is right, given that the mention is. The figures are those of a cross-validation
over documents. Run it after a change to `quotes/speakers/`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from quotes import data, parsing
from quotes.attribution import attribute
from quotes.extractor import mark
from quotes.files.whole_file import WholeFile
from quotes.formats.brat.standoff import attributions
from quotes.scoring.names import Names
from quotes.speakers import resolve
from quotes.speakers.certainty import CERTAIN, WEIGHTS, Evidence, probability

ANNOTATED = Path(__file__).resolve().parent.parent / "annotations" / "names.jsonl"


class Named(BaseModel):
    """A source that was read by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    doc: str
    mention: tuple[int, int]
    name: str | None


class Source(NamedTuple):
    """A source of the corpus, the name that the extractor gives, and what speaks for it."""

    doc: str
    mention: tuple[int, int]
    name: str
    evidence: Evidence


class Rows(NamedTuple):
    """What was learned from: evidence, whether the name is right, how often it counts, and its document."""

    known: list[Evidence]
    right: NDArray[np.bool_]
    weight: NDArray[np.float64]
    document: list[str]


def sources(folder: Path, model: str) -> Iterator[Source]:
    """The quotations of a compartment whose mention overlaps an annotated source, and that have a name."""
    nlp, registry = parsing.load(model), data.registry()
    for path in sorted((folder / "text").iterdir()):
        doc, text = path.name.removesuffix(".txt"), path.read_bytes().decode("utf-8")
        files = (folder / "attributions").glob(f"{doc.replace('[', '[[]')}_????.ann")
        gold = [range_ for file in sorted(files)[:1] for one in attributions(file) for range_ in one.source]
        [parse] = parsing.parse(nlp, [mark(text)])
        for who in resolve(attribute(parse), registry).speakers:
            if who is None or who.name is None or CERTAIN.keys() & who.evidence.keys():
                continue
            start, end = who.mention
            if any(first < end and start < last for first, last in gold):
                yield Source(doc, who.mention, who.name, who.evidence)


def rows(found: Sequence[Source], annotated: Sequence[Named]) -> Rows:
    """The sources that were read by hand."""
    by_place = {(one.doc, one.mention[1]): one for one in found}
    both = [(by_place[key], one) for one in annotated if (key := (one.doc, one.mention[1])) in by_place]
    everywhere, read = (
        Counter(kind(one.evidence) for one in some) for some in (found, [ours for ours, _ in both])
    )
    same = Names().same
    return Rows(
        [ours.evidence for ours, _ in both],
        np.array([gold.name is not None and same(ours.name, gold.name) for ours, gold in both]),
        np.array([everywhere[k] / read[k] for k in (kind(ours.evidence) for ours, _ in both)]),
        [ours.doc for ours, _ in both],
    )


def kind(evidence: Evidence) -> str:
    """The kind of source by which they were drawn: pronouns, roles, and names in three kinds."""
    if "pronoun" in evidence or "role" in evidence:
        return "pronoun" if "pronoun" in evidence else "role"
    if evidence.keys() & {"name: namesakes", "name: one word", "name: unknown kind", "nobody known"}:
        return "doubtful name"
    return "part" if "name: a part of the name" in evidence else "whole"


def fit(these: Rows, chosen: NDArray[np.intp], strength: float) -> dict[str, float]:
    """The weights on some of the rows; `strength` is that of the L2 penalty."""
    vectorizer = DictVectorizer(sparse=False)
    values = vectorizer.fit_transform([dict(these.known[i]) for i in chosen])
    model = LogisticRegression(C=1 / strength, max_iter=1000)
    share = these.weight[chosen] / these.weight[chosen].mean()
    model.fit(values, these.right[chosen], sample_weight=share)
    names = [str(name) for name in vectorizer.feature_names_]
    weights = {name: round(float(w), 3) for name, w in zip(names, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 3), **weights}


def cross_validate(these: Rows, folds: int, strength: float) -> dict[str, float]:
    """The figures for documents that the weights weren't fitted on, in shares of the corpus."""
    sure = np.zeros(len(these.right))
    for kept, held in GroupKFold(folds).split(these.right, groups=these.document):
        weights = fit(these, kept, strength)
        sure[held] = [probability(these.known[i], weights) for i in held]
    return figures(sure, these.right, these.weight)


def figures(
    sure: NDArray[np.float64], right: NDArray[np.bool_], weight: NDArray[np.float64]
) -> dict[str, float]:
    """Precision in per cent of the names at 0.9 and above, their share, and the calibration error."""
    bins, high = np.minimum(9, (sure * 10).astype(int)), sure >= 0.9
    gaps = (abs(np.sum(weight[bins == k] * (sure[bins == k] - right[bins == k]))) for k in range(10))
    below = weight[~high]
    return {
        "precision at 0.9": round(100 * float(np.average(right[high], weights=weight[high])), 1),
        "precision below": round(100 * float(np.average(right[~high], weights=below)), 1)
        if len(below)
        else 0,
        "coverage": round(100 * float(np.average(high, weights=weight)), 1),
        "calibration error": round(float(sum(gaps)) / float(weight.sum()), 3),
    }


def write(out: Path, content: Mapping[str, object]) -> None:
    """Replace the file of weights."""
    with WholeFile(out) as file:
        file.write(json.dumps(content, indent=2).encode() + b"\n")


def main(
    compartment: Annotated[Path, typer.Argument(help="A folder with text/ and attributions/.", exists=True)],
    annotated: Annotated[Path, typer.Option(help="The names that were read by hand.")] = ANNOTATED,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = WEIGHTS,
    model: Annotated[str, typer.Option(help="The spaCy pipeline.")] = parsing.DEFAULT_MODEL,
    strength: Annotated[float, typer.Option(help="The L2 penalty.")] = 3.0,
    folds: Annotated[int, typer.Option(help="Folds of the cross-validation.")] = 5,
) -> None:
    """Fit the weights, cross-validate them, and write both down."""
    lines = annotated.read_text(encoding="utf-8").splitlines()
    these = rows(
        list(sources(compartment, model)),
        [TypeAdapter(Named).validate_json(line) for line in lines],
    )
    content = {
        "made by": "scripts/fit_names.py",
        "names": len(these.right),
        "settings": {"strength": strength, "folds": folds},
        "cross-validation": cross_validate(these, folds, strength),
        "weights": fit(these, np.arange(len(these.right)), strength),
    }
    write(out, content)
    typer.echo(json.dumps(content["cross-validation"]))


if __name__ == "__main__":
    typer.run(main)
