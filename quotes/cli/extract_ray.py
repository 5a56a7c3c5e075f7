"""`quotes extract --engine ray`: the same on many machines, into a folder of part files."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from quotes.cli.languages import LeftOut
from quotes.cli.messages import EXIT_FAILED, EXIT_INTERRUPTED, error, message

if TYPE_CHECKING:
    from quotes.errors import QuotesError
    from quotes.running import ExtractorFactory
    from quotes.running.on_ray import RayRun
    from quotes.running.selection import Selection


class Engine(StrEnum):
    """Where to run."""

    LOCAL = "local"
    RAY = "ray"


def extract_ray(
    paths: Sequence[str],
    out: str | None,
    settings: ExtractorFactory,
    selection: Selection,
    *,
    address: str | None,
    jobs: int | None,
    resume: bool,
    quiet: bool,
) -> None:
    """Extract on Ray, report errors, and print the summary. Raises Exit and BadParameter."""
    folder = _check(paths, out)
    from quotes.display.tables import console, summary
    from quotes.formats.parts import PartsFolder
    from quotes.running.on_ray import RayRun
    from quotes.running.on_ray_session import session

    started = time.perf_counter()
    reports = _Reports(quiet)
    try:
        with session(address, jobs) as actors:
            run = RayRun(
                paths,
                settings,
                selection,
                PartsFolder(folder),
                actors=actors,
                problem=reports.failed,
                resume=resume,
            )
            if not run.found:
                raise typer.Exit(EXIT_FAILED)
            reports.follow(run)
    except KeyboardInterrupt:
        message(
            f"Interrupted: {reports.tally.documents:,} documents are in {out}. "
            "Run the same command with --resume to continue."
        )
        raise typer.Exit(EXIT_INTERRUPTED) from None
    LeftOut().summarize(reports.tally.left_out)
    if not quiet:
        seconds = time.perf_counter() - started
        console(sys.stderr).print(summary(reports.tally, seconds=seconds, failed=reports.failures))
    if reports.failures:
        raise typer.Exit(EXIT_FAILED)


class _Reports:
    """What a run reports, and its counts."""

    def __init__(self, quiet: bool) -> None:
        from quotes.running.tally import Tally

        self._quiet = quiet
        self.tally = Tally()
        self.failures = 0

    def failed(self, problem: QuotesError) -> None:
        """Report an article that is left out."""
        self.failures += 1
        error(problem)

    def follow(self, run: RayRun) -> None:
        """Do the work, with a progress bar."""
        from quotes.cli.progress import ProgressBar

        for name in run.torn:
            message(f"{name} was damaged and has been removed; its documents are done again.")
        if run.before and not self._quiet:
            message(f"Resuming: {run.before:,} documents are already done.")
        with ProgressBar(run.total, quiet=self._quiet) as bar:
            for part in run.parts():
                self.tally.add(part.tally)
                with bar.paused():
                    for problem in part.problems:
                        self.failed(problem)
                bar.advance(part.written + len(part.problems))


def _check(paths: Sequence[str], out: str | None) -> str:
    """The absolute path or the URI of the folder. Raises BadParameter for what Ray can't do."""
    from quotes.files.uris import absolute
    from quotes.formats.parts import SUFFIXES, PartsFolder

    if "-" in paths:
        raise typer.BadParameter("--engine ray can't read standard input; name files.", param_hint="PATH")
    if out is None or not PartsFolder(out).suffix:
        raise typer.BadParameter(
            f"with --engine ray, name a folder that ends in {' or '.join(SUFFIXES)}, as its parts will.",
            param_hint="--out",
        )
    return absolute(out)
