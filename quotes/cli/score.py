"""`quotes score`: predictions against gold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.messages import EXIT_FAILED, message, once, usage
from quotes.cli.options import RECORDS_HELP, MaxSizeOption, SpeakersOption

if TYPE_CHECKING:
    from quotes.scoring.findings import Findings
    from quotes.scoring.tracking import Entry


def score(
    predictions: Annotated[Path, typer.Argument(metavar="PREDICTIONS", help=RECORDS_HELP)],
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD",
            help="The correct answers: records as above, a Label Studio export (.json), or a brat folder.",
        ),
    ],
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="FILE", help="Older predictions: show what was fixed and what broke."
        ),
    ] = None,
    agreement: Annotated[
        bool,
        typer.Option("--agreement", help="Treat the two files as two reviewers: show how far they agree."),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a report for the browser; - is standard output."),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="Write all figures as JSON; - is standard output."),
    ] = None,
    texts: Annotated[
        list[str] | None,
        typer.Option("--texts", metavar="PATH", help="The articles, if the records do not contain them."),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option("--history", metavar="FILE", help="A history.jsonl to plot in the report of --html."),
    ] = None,
    by: Annotated[
        str,
        typer.Option("--by", metavar="WHAT", help="Also show tables by rule, document, speaker or folder."),
    ] = "",
    iou: Annotated[
        float, typer.Option("--iou", min=0.01, max=1, metavar="X", help="The overlap from which words match.")
    ] = 0.8,
    want_precision: Annotated[
        float | None,
        typer.Option(
            "--want-precision",
            min=0,
            max=1,
            metavar="X",
            help="Show which confidence reaches this precision.",
        ),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option("--fail-under", metavar="NAME=X", help="Exit with 1 if a figure is lower."),
    ] = None,
    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            min=0,
            max=100_000,
            metavar="N",
            help="Number of bootstrap samples; 0 for no intervals.",
        ),
    ] = 1000,
    speakers: SpeakersOption = None,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no tables and no notes.")] = False,
) -> None:
    """Measure how good predictions are, and show where they are wrong.

    Only documents with the same text on both sides are scored; the others are listed. The exit code is 1 if a
    figure is below --fail-under, or nothing can be scored.
    """
    from quotes.files.alone import alone
    from quotes.labelstudio.gold import read_export_or_records as read
    from quotes.scoring.findings import find
    from quotes.scoring.scores import SLICES

    once("standard input", predictions, gold, baseline)
    once("standard output", html, json)
    slices = _parse_by(by, SLICES)
    floors = [_floor(text) for text in fail_under or ()]
    if history is not None and html is None:
        raise typer.BadParameter("this needs --html: the report has the plot.", param_hint="--history")
    entries = _entries(history)
    with alone(html, json):
        right = read(gold, texts or [])
        findings = find(
            read(predictions, texts or []),
            right,
            baseline=None if baseline is None else read(baseline, texts or []),
            agreement=agreement,
            speakers=speakers,
            threshold=iou,
            samples=samples,
        )
        _check_names(floors, findings)
        if not quiet:
            for note in findings.notes:
                message(note)
        _write(findings, html, json, entries)
    if not quiet and "-" not in (json, str(html)):
        _print(findings, slices, want_precision)
    _gate(findings, dict(floors))


def _parse_by(by: str, known: tuple[str, ...]) -> list[str]:
    names = [name.strip() for name in by.split(",") if name.strip()]
    if unknown := sorted(set(names).difference(known)):
        raise typer.BadParameter(f"{', '.join(unknown)}: choose from {', '.join(known)}.", param_hint="--by")
    return names


def _floor(text: str) -> tuple[str, float]:
    """Parse a floor before scoring starts; the names of the figures are known only after it."""
    from quotes.scoring.tracking import parse_floor

    with usage("--fail-under"):
        return parse_floor(text)


def _check_names(floors: list[tuple[str, float]], findings: Findings) -> None:
    from quotes.scoring.scores import figures

    known = figures(findings.scores)
    for name, _ in floors:
        if name not in known:
            raise typer.BadParameter(
                f"{name!r} is not a figure. Choose from {', '.join(sorted(known))}.",
                param_hint="--fail-under",
            )


def _entries(history: Path | None) -> list[Entry]:
    from quotes.errors import ScoringError
    from quotes.scoring.tracking import read_history

    if history is None:
        return []
    if not history.is_file():
        raise ScoringError(f"{history}: there is no such file. Check its spelling, or leave out --history.")
    return read_history(history)


def _write(findings: Findings, html: Path | None, json: str | None, history: list[Entry]) -> None:
    from quotes.files.standard_output import write_bytes

    if json is not None:
        from quotes.scoring.findings import report

        write_bytes(json, report(findings))
    if html is not None:
        from quotes.scoring.report.page import page

        same = [entry for entry in history if entry.gold_sha256 == findings.scores.gold_sha256]
        write_bytes(html, page(findings, history=same))


def _print(findings: Findings, by: list[str], want_precision: float | None) -> None:
    from quotes.display.tables import console
    from quotes.scoring.report import tables

    out = console(sys.stdout)
    for table in tables.tables(findings, by):
        out.print(table)
    if want_precision is not None:
        out.print(tables.wanted(findings.scores, want_precision))


def _gate(findings: Findings, floors: dict[str, float]) -> None:
    """Raise Exit if a floor is missed."""
    from quotes.scoring.scores import figures
    from quotes.scoring.tracking import missed

    if below := missed(figures(findings.scores), floors):
        message(f"Error: Missed: {'; '.join(below)}.")
        raise typer.Exit(EXIT_FAILED)
