"""Fit the weights by which "he" and "she" are resolved, and say how often they are right.

    python scripts/fit_antecedents.py ../shared/polnear/train

`annotations/antecedents.jsonl` has 240 pronouns of the train compartment, each with the person who is meant,
found by reading: 130 drawn at random among the speakers of quotations that have two candidates or more, and
110 that weights set by hand decided by a narrow margin. The model is a conditional logit over a pronoun's
candidates; a candidate's odds are summed over the places where he or she is named. Earlier pronouns are such
places, too, so the weights are fitted and the articles resolved again, `ROUNDS` times. The penalty draws the
weights to those of `EXPECTED`, set by hand: 240 pronouns show much evidence seldom, and some never.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from quotes import data, parsing
from quotes.attribution import attribute
from quotes.extractor import mark
from quotes.files.whole_file import WholeFile
from quotes.parsing import Parse
from quotes.speakers import pronouns
from quotes.speakers.learned import Learned
from quotes.speakers.people import Person
from quotes.speakers.pronouns import WEIGHTS
from quotes.speakers.speaking import Speakers

ANNOTATIONS = Path(__file__).parents[1] / "annotations" / "antecedents.jsonl"
ROUNDS = 3
FOLDS = 10
EXPECTED = {
    "sentence": -0.8, "other paragraph": -0.2, "main subject": 0.6, "first": 0.6, "subject": 1.2,
    "speaking": 0.4, "spoke": 0.3, "carried on": 2.0, "carried on last": 1.0, "addressed": 1.0,
    "oblique": -1.0, "possessive": -0.7, "attributive": -0.6, "quoted": -2.0, "headline": -1.0,
    "often": 0.1, "person": 2.0, "acts": 1.5, "gender": 0.8, "agrees": 0.5, "disagrees": -2.0,
    "own words": -2.5, "named behind": -1.5, "object": -3.0, "hearer": 2.5, "asker": -2.5,
}  # fmt: skip

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """A pronoun: the evidence for each place of a candidate, whose place it is, and which is right."""

    document: str
    places: Vector
    """Shape (places, weights)."""
    owners: NDArray[np.int64]
    right: int

    def odds(self, weights: Vector) -> Vector:
        """The logarithm of the odds of each candidate."""
        odds = np.full(int(self.owners.max()) + 1, -np.inf)
        np.logaddexp.at(odds, self.owners, self.places @ weights)
        return odds


def questions(parses: Mapping[str, Parse], names: Sequence[str]) -> Iterator[Question]:
    """The annotated pronouns, with the evidence as the weights shipped now give it; `names` orders it."""
    wanted: dict[str, dict[int, str]] = {}
    for row in map(json.loads, ANNOTATIONS.read_text(encoding="utf-8").splitlines()):
        if row["name"] is not None:
            wanted.setdefault(row["document"], {})[row["start"]] = row["name"]
    for document, named in wanted.items():
        claims = attribute(parses[document])
        segments = claims.segments
        resolver = Speakers(segments, data.registry(None), claims.subjects, topics=claims.topics)
        learned = Learned()
        for group in claims.quotations:
            claim = claims.first(group)
            if claim is None:
                continue
            words = [(segments[number].start, segments[number].end) for number in group]
            mention = claim.candidate.mention
            if name := named.pop(mention.start, None):
                yield from _question(
                    document, resolver, learned, (mention.head, mention.start), words, name, names
                )
            resolver.speaker(claim, learned, words)


def _question(
    document: str,
    resolver: Speakers,
    learned: Learned,
    pronoun: tuple[str, int],
    words: Sequence[tuple[int, int]],
    name: str,
    names: Sequence[str],
) -> Iterator[Question]:
    antecedents = resolver.antecedents
    antecedents.follow(pronoun[1], learned)
    candidates = antecedents.candidates(*pronoun, learned)
    right = [number for number, person in enumerate(candidates) if _is(person, name)]
    if len(right) != 1:
        return
    beside = antecedents.beside(pronoun[1], words)
    rows, owners = [], []
    for number, (person, places) in enumerate(candidates.items()):
        standing = antecedents.standing(person, pronouns.GENDERS.get(pronoun[0]), learned, beside)
        for place in places:
            where = {"sentence": float(place.sentences), "other paragraph": float(place.apart)}
            rows.append(dict.fromkeys(place.holds, 1.0) | where | standing)
            owners.append(number)
    evidence = np.array([[float(row.get(name, 0)) for name in names] for row in rows])
    yield Question(document, evidence, np.array(owners), right[0])


def _is(person: Person, name: str) -> bool:
    """Whether a person bears an annotated name, of which the text may give more or less."""
    words = {data.fold(word) for word in name.split()}
    return words <= set(person.words) or set(person.words) <= words


def fit(asked: Sequence[Question], expected: Vector, penalty: float) -> Vector:
    """The weights that make the annotated persons likeliest, with a penalty on squared distances."""

    def loss(weights: Vector) -> tuple[float, Vector]:
        off = weights - expected
        total, slope = penalty * float(off @ off), 2 * penalty * off
        for question in asked:
            scores = question.places @ weights
            odds = np.exp(scores - scores.max())
            own = odds * (question.owners == question.right)
            total += float(np.log(odds.sum()) - np.log(own.sum()))
            slope = slope + question.places.T @ (odds / odds.sum() - own / own.sum())
        return total, slope

    return np.asarray(minimize(loss, expected, jac=True, method="L-BFGS-B").x)


def share(asked: Sequence[Question], weights: Vector) -> int:
    """How many questions the weights answer right."""
    return sum(int(np.argmax(question.odds(weights))) == question.right for question in asked)


def main(
    folder: Annotated[Path, typer.Argument(help="A PolNeAR compartment, with text/.")],
    penalty: Annotated[float, typer.Option(help="On the squared distances from what is expected.")] = 3.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how good the shipped weights are.")
    ] = False,
) -> None:
    """Fit the weights and write them into the package."""
    nlp = parsing.load(parsing.DEFAULT_MODEL)
    documents = {json.loads(line)["document"] for line in ANNOTATIONS.read_text("utf-8").splitlines()}
    texts = {one: (folder / "text" / f"{one}.txt").read_bytes().decode("utf-8") for one in sorted(documents)}
    parses = {document: next(parsing.parse(nlp, [mark(text)])) for document, text in texts.items()}
    names = list(EXPECTED)
    expected = np.array([EXPECTED[name] for name in names])
    for _ in range(ROUNDS):
        asked = list(questions(parses, names))
        shipped = np.array([pronouns.weights()[name] for name in names])
        print(f"{share(asked, shipped)} of {len(asked)} right with the weights of now", file=sys.stderr)
        if dry_run:
            return
        folds = [zlib.crc32(question.document.encode()) % FOLDS for question in asked]
        held_out = 0
        for fold in range(FOLDS):
            rest = [one for one, number in zip(asked, folds, strict=True) if number != fold]
            tested = [one for one, number in zip(asked, folds, strict=True) if number == fold]
            held_out += share(tested, fit(rest, expected, penalty))
        print(f"{held_out} of {len(asked)} right in {FOLDS}-fold cross-validation", file=sys.stderr)
        found = fit(asked, expected, penalty)
        content = {
            "made_by": "scripts/fit_antecedents.py",
            "settings": {"penalty": penalty, "rounds": ROUNDS, "pronouns": len(asked)},
            "weights": {name: round(float(weight), 2) for name, weight in zip(names, found, strict=True)},
        }
        with WholeFile(WEIGHTS) as out:
            out.write((json.dumps(content, indent=1) + "\n").encode())
        pronouns.forget()


if __name__ == "__main__":
    typer.run(main)
