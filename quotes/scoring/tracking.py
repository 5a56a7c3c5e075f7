"""Track figures over time: floors that no figure may fall below, and the history of measurements.

attributed.f1 is 0.8913, its floor 0.9000          →   the gate fails
attributed.f1: 89.1 → 90.2 (better)                →   the history shows it

Floors and history belong to one gold: figures on different golds cannot be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quotes.errors import ScoringError
from quotes.files.whole_file import WholeFile
from quotes.scoring.scores import UPPER, Figures, meets

_Model = TypeVar("_Model", bound=BaseModel)

#: The figures that the table and the plot of the history show.
SHOWN = (
    "span.f1",
    "attributed.f1",
    "person.f1",
    "cue.f1",
    "confident.precision",
    "confident.ece",
    "attribution.indirect.f1",
)


class Floors(BaseModel):
    """A file of floors. A figure for which smaller is better has a ceiling instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made_by: str = "scripts/gate.py --set-floors"
    gold_sha256: str
    margin: float
    """How far below the measured figures the floors were set."""
    floors: dict[str, float]


def parse_floor(text: str) -> tuple[str, float]:
    """Read a floor such as "attributed.f1=0.90". Raises ValueError with the reason."""
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not name:
        raise ValueError(f"{text!r} is not a floor. Write it like attributed.f1=0.90")
    try:
        bound = float(value)
    except ValueError:
        bound = float("nan")
    if not 0 <= bound <= 1:
        raise ValueError(f"{value.strip()!r} is not a share. Write a number from 0 to 1, like {name}=0.90")
    return name, bound


def missed(figures: Figures, floors: Mapping[str, float]) -> list[str]:
    """A clause for each floor that is not reached. An unknown figure reaches none."""
    found = []
    for name, bound in sorted(floors.items()):
        value = figures.get(name)
        if not meets(name, value, bound):
            what = "ceiling" if name in UPPER else "floor"
            found.append(f"{name} is {'–' if value is None else f'{value:.4f}'}, its {what} {bound:.4f}")
    return found


def check(figures: Figures, floors: Floors, gold_sha256: str) -> None:
    """Raise ScoringError if a floor is missed, or the floors belong to another gold."""
    if floors.gold_sha256 != gold_sha256:
        raise ScoringError(
            "The floors were measured on another gold: documents or answers were added, removed or changed. "
            "Review the changes, then set new floors: --set-floors --allow-lower."
        )
    if below := missed(figures, floors.floors):
        raise ScoringError(f"Missed: {'; '.join(below)}.")


def raised(
    figures: Figures, old: Floors | None, gold_sha256: str, margin: float, *, lower: bool = False
) -> Floors:
    """The floors `margin` below the figures; an old floor that is stricter and is reached stays.

    Raises ScoringError if a floor would have to be lowered, unless `lower` is set.
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
    """The floor or ceiling with four decimals, rounded so that the figure still reaches it."""
    slack = 1e-6  # in units of the last decimal: 0.9 - 0.01 is a little less than 0.89
    if name in UPPER:
        return ceil(min(1.0, value + margin) * 10_000 - slack) / 10_000
    return floor(max(0.0, value - margin) * 10_000 + slack) / 10_000


def read_floors(path: Path) -> Floors | None:
    """Read a file of floors; None if there is no file. Raises ScoringError if it is malformed."""
    content = _read(path)
    return None if content is None else _parse(Floors, content, f"{path}: malformed")


def write_floors(path: Path, floors: Floors) -> None:
    """Replace the file of floors; an interrupted run leaves the old one. Raises OutputError."""
    with WholeFile(path) as file:
        file.write(floors.model_dump_json(indent=2).encode() + b"\n")


# History


class Entry(BaseModel):
    """One measurement: when, of which code, on which gold, and every figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    history_version: Literal[1] = 1
    date: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
    commit: str
    """The git commit, with "+" if files had changed since; "" without git."""
    quotes: str
    """The version of the package."""
    model: str
    """The spaCy pipeline and its version."""
    gold: str
    """The name of the gold."""
    gold_sha256: str
    documents: int
    quotations: int
    figures: dict[str, float | None]


def read_history(path: Path) -> list[Entry]:
    """Read a history, the oldest entry first; empty if there is no file.

    Raises ScoringError with the number of a malformed line.
    """
    lines = (_read(path) or b"").split(b"\n")
    return [
        _parse(Entry, line, f"{path}, line {number}: not an entry of a history")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]


def append(path: Path, entry: Entry) -> None:
    """Add an entry at the end; the file is replaced whole. Raises ScoringError and OutputError."""
    content = lines([*read_history(path), entry])
    with WholeFile(path) as file:
        file.write(content)


def lines(entries: Iterable[Entry]) -> bytes:
    """The content of a history, in ASCII."""
    return b"".join(json.dumps(one.model_dump(), ensure_ascii=True).encode() + b"\n" for one in entries)


def last_of(entries: Sequence[Entry], gold_sha256: str) -> Entry | None:
    """The last measurement on a gold; None if there is none."""
    return next((entry for entry in reversed(entries) if entry.gold_sha256 == gold_sha256), None)


def moved(before: Figures, now: Figures) -> list[tuple[str, float | None, float | None]]:
    """The figures that changed: the name, the old value, the new one."""
    names = [*now, *(name for name in before if name not in now)]
    return [(name, before.get(name), now.get(name)) for name in names if before.get(name) != now.get(name)]


def describe_changes(before: Entry | None, now: Entry) -> list[str]:
    """Lines that say which figures changed since `before`, the last entry of the same gold."""
    if before is None:
        return ["This is the first entry for this gold: there is nothing to compare with."]
    found = moved(before.figures, now.figures)
    if not found:
        return [f"No figure changed since {before.date[:10]}."]
    return [f"Changed since {before.date[:10]}:", *(_line(*row) for row in found)]


def _line(name: str, old: float | None, new: float | None) -> str:
    change = f"  {name}: {format_figure(name, old)} → {format_figure(name, new)}"
    if old is None or new is None:
        return change
    return f"{change} ({'better' if (new < old) == (name in UPPER) else 'worse'})"


def format_figure(name: str, value: float | None) -> str:
    """Format a figure: in per cent, except for the calibration error."""
    if value is None:
        return "–"
    return f"{value:.3f}" if name in UPPER else f"{100 * value:.1f}"


def table(entries: Sequence[Entry]) -> str:
    """The history as a Markdown table, the newest entry first."""
    head = ["date", "commit", "quotes", "gold", "quotations", *SHOWN]
    rows = [
        [
            entry.date[:10],
            entry.commit[:8] + ("+" if entry.commit.endswith("+") else ""),
            entry.quotes,
            f"{entry.gold} `{entry.gold_sha256[:8]}`",
            str(entry.quotations),
            *(format_figure(name, entry.figures.get(name)) for name in SHOWN),
        ]
        for entry in reversed(entries)
    ]
    rule = ["---"] * 4 + ["---:"] * (len(head) - 4)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))


def _read(path: Path) -> bytes | None:
    """The content of a file; None if there is no file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScoringError(f"{path}: cannot be read ({error.strerror}).") from error


def _parse(model: type[_Model], content: bytes, wrong: str) -> _Model:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        what = ": ".join(filter(None, (".".join(map(str, problem["loc"])), problem["msg"])))
        raise ScoringError(f"{wrong}: {what}. Restore the file from git.") from None
