"""The parts, one after the other: each is fitted on folds, measured on the others, and kept if it is better.

gold of 120 articles   →   people: person F1 71.0 → 78.2, p 0.002, kept; cues: 89.1 → 89.0, not kept
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from quotes.records import DocumentRecord
from quotes.scoring.compare import compare
from quotes.scoring.scores import Scores
from quotes.tuned import CONFIDENCE, CUES, SPEAKERS, Confidence, Part
from quotes.tuning.confidence import chance, fit_confidence, log_losses, told
from quotes.tuning.cues import fit_cues
from quotes.tuning.held_out import Files, HeldOut, records_of
from quotes.tuning.people import fit_people

#: What each part is, by the name of its file, and the figure that says whether it is better.
FIGURES: Final = {SPEAKERS: "person.f1", CUES: "attributed.f1", CONFIDENCE: "log loss"}


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was tried, the files of what is better, and the held-out scores without and with them."""

    parts: dict[str, Part]
    files: dict[str, bytes]
    before: Scores
    after: Scores


class _State:
    """What is kept so far: the files of each fold and of all articles, and the held-out records with them."""

    def __init__(self, held_out: HeldOut) -> None:
        self.held_out = held_out
        self.files: dict[str, bytes] = {}
        self.of_fold: list[Files] = [{} for _ in held_out.folds]
        self.records = held_out.extract(self.of_fold)
        self.shipped = self.scores = held_out.score(self.records)

    def keep(self, name: str, whole: bytes, of_fold: Sequence[Files], records: list[DocumentRecord]) -> None:
        self.files[name] = whole
        self.of_fold, self.records = list(of_fold), records
        self.scores = self.held_out.score(records)


def tune(held_out: HeldOut) -> Tuning:
    """Fit all parts on these articles. Raises QuotesError."""
    state = _State(held_out)
    parts = {
        SPEAKERS: _extracted(state, SPEAKERS, "The reviewers name nobody who isn't known."),
        CUES: _extracted(state, CUES, "No unknown cue was missed, and stands in two articles."),
        CONFIDENCE: _confidence(state),
    }
    return Tuning(parts, state.files, state.shipped, state.scores)


def _fitted(state: _State, name: str, fold: int | None) -> bytes | None:
    """The file of a part, fitted on the articles outside a fold."""
    numbers = state.held_out.without(fold)
    if name == SPEAKERS:
        return fit_people(records_of(state.held_out.articles, numbers), state.held_out.settings.speakers)
    return fit_cues(state.shipped.judgements[number] for number in numbers)


def _extracted(state: _State, name: str, nothing: str) -> Part:
    """Try a part that changes what is extracted."""
    whole = _fitted(state, name, None)
    if whole is None:
        return Part(written=False, figure=FIGURES[name], why=nothing)
    of_fold = []
    for fold, files in zip(state.held_out.folds, state.of_fold, strict=True):
        mine = _fitted(state, name, fold)
        of_fold.append(files if mine is None else {**files, name: mine})
    records = state.held_out.extract(of_fold)
    after = state.held_out.score(records)
    measure = FIGURES[name].removesuffix(".f1")
    found = {one.name: one for one in compare(state.scores, after).differences}.get(measure)
    if found is None or found.old is None or found.new is None or found.p is None:
        return Part(written=False, figure=FIGURES[name], why="The gold has nothing to measure it by.")
    part = _part(state, name, found.old, found.new, found.p, better=found.new > found.old)
    if part.written:
        state.keep(name, whole, of_fold, records)
    return part


def _confidence(state: _State) -> Part:
    """Try the correction of confidences, which changes nothing else: no article is extracted again."""
    known, held_out = told(state.scores), state.held_out
    whole = fit_confidence(known)
    if whole is None:
        return Part(written=False, figure=FIGURES[CONFIDENCE], why="There are no predictions to correct.")
    corrections = [fit_confidence([known[n] for n in held_out.without(fold)]) for fold in held_out.folds]
    records = list(state.records)
    of_fold = []
    for fold, (files, correction) in enumerate(zip(state.of_fold, corrections, strict=True)):
        if correction is None:
            of_fold.append(files)
            continue
        of_fold.append({**files, CONFIDENCE: encoded(correction)})
        for number, mine in enumerate(held_out.fold):
            if mine == fold:
                records[number] = correction.of(records[number])
    old, new = (log_losses(each) for each in (known, told(held_out.score(records))))
    predictions = sum(map(len, known))
    part = _part(
        state, CONFIDENCE, sum(old) / predictions, sum(new) / predictions, chance(old, new),
        better=sum(new) < sum(old),
    )  # fmt: skip
    if part.written:
        state.keep(CONFIDENCE, encoded(whole), of_fold, records)
    return part


def _part(state: _State, name: str, old: float, new: float, p: float, *, better: bool) -> Part:
    level = state.held_out.about.level
    if not better:
        why = "Not better on held-out articles."
    elif p >= level:
        why = f"Better, but chance alone may explain that: p is {p:.3f}, not below {level:g}."
    else:
        why = "Better on held-out articles."
    return Part(
        written=better and p < level,
        figure=FIGURES[name],
        before=round(old, 4),
        after=round(new, 4),
        p=round(p, 4),
        why=why,
    )


def encoded(correction: Confidence) -> bytes:
    """The content of `confidence.json`."""
    return correction.model_dump_json(indent=1).encode() + b"\n"
