"""`quotes tune`: reviewed articles in, a folder for `quotes extract --tuned` out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.messages import EXIT_FAILED, Problems, message
from quotes.cli.options import RECORDS_HELP, MaxSizeOption, ModelOption, QuietOption, SpeakersOption

if TYPE_CHECKING:
    from quotes.tuned import About
    from quotes.tuning.held_out import Reviewed


def tune(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD...", help=f"Reviewed articles. {RECORDS_HELP}")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder to write.")],
    texts: Annotated[
        list[str] | None,
        typer.Option("--texts", metavar="PATH", help="The articles, if the gold does not contain them."),
    ] = None,
    model: ModelOption = None,
    speakers: SpeakersOption = None,
    folds: Annotated[
        int, typer.Option("--folds", min=2, metavar="N", help="Measure on one of N parts of the articles.")
    ] = 5,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Deals the articles into parts.")] = 0,
    level: Annotated[
        float,
        typer.Option(
            "--level",
            min=0,
            max=1,
            metavar="P",
            help="Write what is better only if chance explains that with less than this probability.",
        ),
    ] = 0.05,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Number of processes (default: all cores)."),
    ] = None,
    _max_size: MaxSizeOption = None,
    quiet: QuietOption = False,
) -> None:
    """Fit people, cue verbs and confidences to reviewed articles.

    Each part is measured on articles that it was not fitted on, and written only if it is better there. The
    exit code is 1 if nothing was written, or a document can't be read.
    """
    from quotes.cli.progress import ProgressBar
    from quotes.display.tables import console
    from quotes.files.alone import alone
    from quotes.files.whole_folder import WholeFolder
    from quotes.running import ExtractorFactory, available_cores
    from quotes.tuning.fitting import tune as fit
    from quotes.tuning.folder import write_folder
    from quotes.tuning.held_out import HeldOut
    from quotes.tuning.table import table

    problems = Problems()
    articles = _read(gold, texts or [], problems)
    about = _about(gold, articles, folds, seed, level)
    settings = ExtractorFactory(model, speakers)
    with alone(out), WholeFolder(out) as folder:  # before the work, so that a wrong folder is told at once
        with ProgressBar(None, quiet=quiet) as bar:
            jobs = jobs or available_cores()
            tuning = fit(HeldOut.of(articles, settings, about, jobs=jobs, progress=bar.advance))
        console(sys.stdout).print(table(tuning))
        if not tuning.files:
            message(f"Nothing was written: no part is better on held-out articles.{_old(out)}")
            raise typer.Exit(EXIT_FAILED)
        write_folder(folder, tuning, about, model)
    if not quiet:
        message(f"To use it: quotes extract … --tuned {out}")
    if problems.found:
        raise typer.Exit(EXIT_FAILED)


def _read(gold: list[Path], texts: list[str], problems: Problems) -> list[Reviewed]:
    """The reviewed articles; one that can't be read is reported, and left out."""
    from quotes.formats.record_files import read_all_records
    from quotes.formats.texts import with_texts
    from quotes.tuning.held_out import Reviewed

    return [Reviewed.of(*pair) for pair in with_texts(read_all_records(gold), texts, problems.report)]


def _about(gold: list[Path], articles: list[Reviewed], folds: int, seed: int, level: float) -> About:
    from quotes import __version__
    from quotes.scoring.scores import fingerprint
    from quotes.tuned import About
    from quotes.tuned import fingerprint as of_weights
    from quotes.tuning.folder import now

    return About(
        date=now(),
        quotes=__version__,
        fitted_on=of_weights(),
        gold=tuple(path.name for path in gold),
        gold_sha256=fingerprint(one.gold for one in articles),
        documents=len(articles),
        partly_reviewed=sum(one.gold.partial for one in articles),
        quotations=sum(len(one.gold.items) for one in articles),
        folds=folds,
        seed=seed,
        level=level,
        parts={},
    )


def _old(out: Path) -> str:
    return f" {out} is as it was." if out.exists() else ""
