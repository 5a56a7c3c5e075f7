"""What `quotes tune` fitted to a newsroom's corrections: a folder of plain files for `--tuned`.

tuned.json        when, of which gold, and what each part gained on articles that it had not seen
speakers.toml     people, in the form of a file for --speakers
cues.toml         written forms of cue verbs beyond those that ship
confidence.json   a correction of the confidences

Only tuned.json must be there. All is read at once, so that the folder may go away afterwards.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import Field, ValidationError

from quotes import data
from quotes.data.inflection import Form
from quotes.data.lookups import Entry, Strength
from quotes.data.schemas import once, read
from quotes.errors import DataError
from quotes.records import DocumentRecord, Quotation, Record

ABOUT: Final = "tuned.json"
SPEAKERS: Final = "speakers.toml"
CUES: Final = "cues.toml"
CONFIDENCE: Final = "confidence.json"

_EDGE: Final = 0.001  # log odds of 0 and 1 have no value
_Model = TypeVar("_Model", bound=Record)


class Part(Record):
    """What one part gained on held-out documents, and whether it was written.

    `before` and `after` are values of `figure`; `p` is the probability that chance alone makes them differ as
    much. All are None if there was nothing to measure. `why` is a sentence.
    """

    written: bool
    figure: str
    before: float | None = None
    after: float | None = None
    p: float | None = None
    why: str


class About(Record):
    """`tuned.json`: what a folder was made of."""

    tuned_version: Literal[1] = 1
    date: str
    """UTC, in ISO 8601."""
    quotes: str
    """The version of the package."""
    fitted_on: str
    """The fingerprint of the weights that the parts were fitted on: see `fingerprint`."""
    gold: tuple[str, ...]
    gold_sha256: str
    documents: int
    partly_reviewed: int
    quotations: int
    folds: int
    seed: int
    level: float
    parts: dict[str, Part]


class CueRow(Entry):
    """One written form of a cue verb, in lower case."""

    text: str = Field(pattern=r"^\S+$")
    form: Form
    strength: Strength
    reason: str | None = None


class CueForms(Entry):
    """`cues.toml`."""

    cue: tuple[CueRow, ...]


class Confidence(Record):
    """A monotone correction of confidences: log odds x become `shift` + `slope` x (Platt 1999).

    Platt, Probabilistic outputs for support vector machines, 1999, has the same for scores.
    """

    shift: float
    slope: float = Field(gt=0)

    def of(self, record: DocumentRecord) -> DocumentRecord:
        """The record with corrected confidences of its quotations in marks that have a speaker."""
        return record.model_copy(update={"quotations": tuple(map(self._corrected, record.quotations))})

    def value(self, confidence: float) -> float:
        """The corrected confidence, with three decimals."""
        bounded = min(1 - _EDGE, max(_EDGE, confidence))
        odds = self.shift + self.slope * math.log(bounded / (1 - bounded))
        return round(1 / (1 + math.exp(-odds)), 3)

    def _corrected(self, quotation: Quotation) -> Quotation:
        if quotation.kind in ("unattributed", "indirect"):
            return quotation
        return quotation.model_copy(update={"confidence": self.value(quotation.confidence)})


@dataclass(frozen=True, slots=True)
class Tuned:
    """A folder that was read. What it has not is None."""

    about: About
    speakers: Path | None
    verbs: Mapping[str, data.Cue] | None
    """All cue verbs by their written forms, those that ship included."""
    confidence: Confidence | None


def read_tuned(folder: Path) -> Tuned:
    """Read a folder that `quotes tune` wrote. Raises DataError, also if it was made for other weights."""
    if not (folder / ABOUT).is_file():
        raise DataError(f"{folder}: there is no {ABOUT} in it. Name a folder that `quotes tune` wrote.")
    about = _read(folder / ABOUT, About)
    if about.fitted_on != fingerprint():
        raise DataError(
            f"{folder}: was made by quotes {about.quotes} for other weights than those of this version. "
            "Run `quotes tune` again, with the same gold and another folder."
        )
    files = {name: folder / name for name in (SPEAKERS, CUES, CONFIDENCE) if (folder / name).is_file()}
    if SPEAKERS in files:
        data.speakers_of(files[SPEAKERS])  # an error in it is raised here
    return Tuned(
        about,
        files.get(SPEAKERS),
        verbs_with(files[CUES]) if CUES in files else None,
        _read(files[CONFIDENCE], Confidence) if CONFIDENCE in files else None,
    )


def verbs_with(path: Path) -> Mapping[str, data.Cue]:
    """The cue verbs that ship and those of a file. What ships comes first. Raises DataError."""
    known, rows = data.cues(), read(path, CueForms).cue
    once(path, ((row.text, row.text) for row in rows))
    added = {row.text: data.Cue(row.text, row.strength, "speech", row.form) for row in rows}
    return {**{text: cue for text, cue in added.items() if text not in known.never}, **known.verbs}


@cache
def fingerprint() -> str:
    """16 hexadecimal digits that change with the weights of the ranker and of the confidences that ship."""
    files = (data.FOLDER / name for name in ("ranker.json", "confidence.json"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path}: can't be read ({error.strerror}). Check the path.") from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, problem["loc"]))
        raise DataError(
            f"{path}: {': '.join(filter(None, (where, problem['msg'])))}. Correct that place, or run "
            "`quotes tune` again."
        ) from error
