"""Floors: the least value of each figure that is accepted, on the gold that it was measured on."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from quotes.scoring.extra import ScoringError
from quotes.scoring.figures import UPPER, Figures, meets


class Floors(BaseModel):
    """A file of floors. What is the better the smaller has a ceiling, which stands here, too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made_by: str = "scripts/gate.py --set-floors"
    gold_sha256: str
    margin: float
    """How far below what was measured the floors were set."""
    floors: dict[str, float]


def parse_floor(text: str) -> tuple[str, float]:
    """Read a floor such as "attributed.f1=0.90". Raises ValueError that says what is wrong with it."""
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not name:
        raise ValueError(f"{text!r} is no floor. Write it like attributed.f1=0.90")
    try:
        bound = float(value)
    except ValueError:
        bound = float("nan")
    if not 0 <= bound <= 1:
        raise ValueError(f"{value.strip()!r} is no share. Write one from 0 to 1, like {name}=0.90")
    return name, bound


def missed(figures: Figures, floors: Mapping[str, float]) -> list[str]:
    """A sentence for each floor that isn't reached; a figure that isn't known doesn't reach any."""
    found = []
    for name, bound in sorted(floors.items()):
        value = figures.get(name)
        if not meets(name, value, bound):
            what = "ceiling" if name in UPPER else "floor"
            found.append(f"{name} is {'–' if value is None else f'{value:.4f}'}, its {what} {bound:.4f}")
    return found


def check(figures: Figures, floors: Floors, gold_sha256: str) -> None:
    """Raise ScoringError when a floor is missed, or the floors are those of another gold."""
    if floors.gold_sha256 != gold_sha256:
        raise ScoringError(
            "The floors were measured on another gold, so they say nothing here: documents or answers "
            "were added, removed or changed. Look at what changed; then measure anew: "
            "--set-floors --allow-lower."
        )
    if below := missed(figures, floors.floors):
        raise ScoringError(f"Missed: {'; '.join(below)}.")


def raised(
    figures: Figures, old: Floors | None, gold_sha256: str, margin: float, *, lower: bool = False
) -> Floors:
    """The floors that lie `margin` below the figures; one that holds and is stricter stays as it is.

    Raises ScoringError where one would have to be lowered, unless `lower` is set.
    """
    if old is not None and not lower:
        try:
            check(figures, old, gold_sha256)
        except ScoringError as problem:
            raise ScoringError(
                f"{problem} No floor was set. To lower floors on purpose: --set-floors --allow-lower."
            ) from None
    known = old.floors if old is not None and old.gold_sha256 == gold_sha256 else {}
    found = {}
    for name, value in figures.items():
        if value is None:
            continue
        new = _bound(name, value, margin)
        kept = known.get(name)
        stays = kept is not None and meets(name, value, kept) and not meets(name, new, kept)
        found[name] = kept if stays and kept is not None else new
    return Floors(gold_sha256=gold_sha256, margin=margin, floors=found)


def _bound(name: str, value: float, margin: float) -> float:
    """The floor or ceiling of a figure with four decimals, which the figure itself still reaches."""
    slack = 1e-6  # of a last decimal: 0.9 - 0.01 is a little less than 0.89
    if name in UPPER:
        return ceil(min(1.0, value + margin) * 10_000 - slack) / 10_000
    return floor(max(0.0, value - margin) * 10_000 + slack) / 10_000


def read_floors(path: Path) -> Floors | None:
    """The floors of a file, None where there is none yet. Raises ScoringError when it is malformed."""
    try:
        return Floors.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScoringError(f"{path}: can't be read ({error.strerror}).") from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, problem["loc"])) or "the file"
        raise ScoringError(f"{path} is malformed: {place}: {problem['msg']}. Restore it from git.") from None


def write_floors(path: Path, floors: Floors) -> None:
    """Replace the file of floors; an interrupted run leaves the old one. Raises OutputError."""
    from quotes.files.whole_file import WholeFile

    with WholeFile(path) as file:
        file.write(floors.model_dump_json(indent=2).encode() + b"\n")
