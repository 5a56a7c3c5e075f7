"""One round of review: extract, push, wait for the reviewers, pull, score, and append to the history.

    python scripts/review_round.py seeds/ rounds/2026-11 --project november
    python scripts/review_round.py seeds/ rounds/2026-11 --project november --blind 5

Label Studio must be running (`quotes labelstudio serve`). Everything is written to the round's folder: the
predictions, the raw exports, the gold and a report. You can interrupt it and run it again at any time:
articles are not extracted again, because people review the existing predictions, and pushing twice changes
nothing. With --blind, a sample is also pushed without predictions to a project "NAME blind", for people who
have not seen the predictions. With --indirect, people also review indirect speech.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from quotes.errors import QuotesError, ScoringError
from quotes.files.whole_file import WholeFile
from quotes.labelstudio.gold import read_gold
from quotes.scoring.findings import Findings, find
from quotes.scoring.gold import read_side
from quotes.scoring.measures import percent
from quotes.scoring.report.page import page
from scripts.track_accuracy import HISTORY, entry, extract, publish

#: The number of finished tasks, and of all tasks.
Progress = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Round:
    """The files of one round."""

    folder: Path
    project: str

    @property
    def predictions(self) -> Path:
        """The extracted records, with their texts."""
        return self.folder / "predictions.jsonl"

    def exports(self, project: str) -> Path:
        """The folder for a project's gold and raw exports, named independently of the project's title."""
        return self.folder / ("blind" if project != self.project else "reviewed")


def quotes(*arguments: str | Path) -> None:
    """Run a `quotes` command. Raises ScoringError if it fails."""
    done = subprocess.run([sys.executable, "-m", "quotes", *arguments], check=False)
    if done.returncode:
        raise ScoringError(f"quotes {' '.join(map(str, arguments[:2]))} failed; see the message above.")


def progress(project: str) -> Progress:
    """How many of a project's tasks are finished, and how many it has. Raises LabelStudioError."""
    from quotes.labelstudio.address import find_address
    from quotes.labelstudio.client import Connection
    from quotes.labelstudio.projects import find_project

    connection = Connection(find_address(None, None, None))
    number = find_project(connection, project).id
    found = connection.read("count the finished tasks", lambda: connection.client.projects.get(number))
    return int(found.finished_task_number or 0), int(found.task_number or 0)


def wait(
    projects: Sequence[str],
    look: Callable[[str], Progress] = progress,
    pause: Callable[[], None] = lambda: time.sleep(60),
) -> None:
    """Return when every task of these projects is finished; print the numbers when they change."""
    printed: list[Progress] = []
    while True:
        now = [look(project) for project in projects]
        if now != printed:
            for name, (done, tasks) in zip(projects, now, strict=True):
                print(f"{name}: {done:,} of {tasks:,} tasks are finished.", file=sys.stderr, flush=True)
            printed = now
        if all(done >= tasks for done, tasks in now):
            return
        pause()


def pulled(this: Round, project: str) -> Path:
    """Pull a project's reviews, and return the raw export, which also has the pre-annotations."""
    folder = this.exports(project)
    folder.mkdir(parents=True, exist_ok=True)
    before = set((folder / "exports").glob("*.json"))
    quotes("labelstudio", "pull", "--project", project, "--out", folder / "gold.jsonl")
    new = sorted(set((folder / "exports").glob("*.json")) - before)
    if not new:
        raise ScoringError(f"{folder}: `quotes labelstudio pull` wrote no export.")
    return new[-1]


def scored(this: Round, project: str) -> Findings:
    """Pull and score a project, and write its report. Raises a QuotesError."""
    findings = find(
        read_side(this.predictions), read_gold(pulled(this, project)), threshold=0.8, samples=1000
    )
    for note in findings.notes:
        print(note, file=sys.stderr)
    report = this.exports(project) / "report.html"
    with WholeFile(report) as file:
        file.write(page(findings, title=f"Review of {project}"))
    measure = findings.scores.measures["attributed"]
    spread = measure.intervals.f1
    chance = f" ({percent(spread[0])} to {percent(spread[1])})" if spread else ""
    print(f"{project}: attributed F1 {percent(measure.counts.f1)}{chance}. See {report}")
    return findings


def main(
    texts: Annotated[Path, typer.Argument(help="The articles.")],
    folder: Annotated[Path, typer.Argument(help="The round's folder.")],
    project: Annotated[str, typer.Option(help="The project in Label Studio, by title.")],
    blind: Annotated[
        int, typer.Option(min=0, help="The number of documents for an additional blind review.")
    ] = 0,
    history: Annotated[Path, typer.Option(help="The history to append to.")] = HISTORY,
    indirect: Annotated[bool, typer.Option("--indirect", help="Also find indirect speech.")] = False,
) -> None:
    """Run one round, or continue it."""
    this = Round(folder, project)
    projects = [project, *([f"{project} blind"] if blind else [])]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not this.predictions.exists():
            extract(texts, this.predictions, *(["--indirect"] if indirect else []))
        quotes("labelstudio", "push", this.predictions, "--project", project)
        if blind:
            sample = ("--sample", str(blind), "--blind")
            quotes("labelstudio", "push", this.predictions, "--project", projects[1], *sample)
        wait(projects)
        findings = [scored(this, name) for name in projects]
        publish(history, entry(findings[-1], projects[-1]))
        print(f"The scores of {projects[-1]} are appended to {history.name}.")
    except QuotesError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        print("Interrupted. Run the same command again to continue.", file=sys.stderr)
        raise typer.Exit(130) from None


if __name__ == "__main__":
    typer.run(main)
