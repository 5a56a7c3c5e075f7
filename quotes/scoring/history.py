"""The history of accuracy: one line a measurement, so that what moved can be told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quotes.scoring.extra import ScoringError
from quotes.scoring.figures import UPPER, Figures

#: The figures that the table and the picture show.
SHOWN = ("span.f1", "attributed.f1", "person.f1", "cue.f1", "confident.precision", "confident.ece")


class Entry(BaseModel):
    """One measurement: when, of which code, on which gold, and every figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    history_version: Literal[1] = 1
    date: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
    commit: str
    """The git commit, with "+" where files had changed since; "" where there is no git."""
    quotes: str
    """The version of the package."""
    model: str
    """The spaCy pipeline and its version."""
    gold: str
    """What the gold is called."""
    gold_sha256: str
    documents: int
    quotations: int
    figures: dict[str, float | None]


def read_history(path: Path) -> list[Entry]:
    """The entries of a history, the oldest first; none where there is no file yet.

    Raises ScoringError with the line that is no entry, or is torn.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ScoringError(f"{path}: can't be read ({error.strerror}).") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(Entry.model_validate_json(line))
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, problem["loc"])) or "the line"
            raise ScoringError(
                f"{path}, line {number}: this is no entry of a history: {place}: {problem['msg']}. "
                "Restore the file from git, or delete this line."
            ) from None
    return found


def append(path: Path, entry: Entry) -> None:
    """Add an entry at the end; the file is replaced whole. Raises ScoringError and OutputError."""
    from quotes.files.whole_file import WholeFile

    entries = [*read_history(path), entry]
    with WholeFile(path) as file:
        for one in entries:
            file.write(json.dumps(one.model_dump(), ensure_ascii=True).encode() + b"\n")


def last_of(entries: Sequence[Entry], gold_sha256: str) -> Entry | None:
    """The last measurement on a gold: those on another can't be compared."""
    return next((entry for entry in reversed(entries) if entry.gold_sha256 == gold_sha256), None)


def moved(before: Figures, now: Figures) -> list[tuple[str, float | None, float | None]]:
    """The figures that aren't what they were: the name, the old value, the new one."""
    names = [*now, *(name for name in before if name not in now)]
    return [(name, before.get(name), now.get(name)) for name in names if before.get(name) != now.get(name)]


def tell(before: Entry | None, now: Entry) -> list[str]:
    """What moved since an entry, a line each; the last entry of the same gold."""
    if before is None:
        return ["This is the first entry for this gold: there is nothing to compare with."]
    found = moved(before.figures, now.figures)
    if not found:
        return [f"No figure moved since {before.date[:10]}."]
    return [f"Moved since {before.date[:10]}:", *(_line(*row) for row in found)]


def _line(name: str, old: float | None, new: float | None) -> str:
    if old is None or new is None:
        return f"  {name}: {show(name, old)} → {show(name, new)}"
    better = (new < old) == (name in UPPER)
    return f"  {name}: {show(name, old)} → {show(name, new)} ({'better' if better else 'worse'})"


def show(name: str, value: float | None) -> str:
    """A figure for people: in per cent, but for a calibration error."""
    if value is None:
        return "–"
    return f"{value:.3f}" if name in UPPER else f"{100 * value:.1f}"


def table(entries: Sequence[Entry]) -> str:
    """The history as a Markdown table, the newest first."""
    head = ["date", "commit", "quotes", "gold", "quotations", *SHOWN]
    rows = [
        [
            entry.date[:10],
            entry.commit[:8] + ("+" if entry.commit.endswith("+") else ""),
            entry.quotes,
            f"{entry.gold} `{entry.gold_sha256[:8]}`",
            str(entry.quotations),
            *(show(name, entry.figures.get(name)) for name in SHOWN),
        ]
        for entry in reversed(entries)
    ]
    rule = ["---"] * 4 + ["---:"] * (len(head) - 4)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))
