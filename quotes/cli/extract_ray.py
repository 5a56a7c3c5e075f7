"""`quotes extract --engine ray`: the same on many machines, into a folder of part files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from quotes.cli.messages import EXIT_FAILED, EXIT_INTERRUPTED, error, message

if TYPE_CHECKING:
    from quotes.errors import QuotesError
    from quotes.running import ExtractorFactory
    from quotes.running.on_ray import RayRun
    from quotes.running.selection import Selection
    from quotes.running.tally import Tally


class Engine(StrEnum):
    """What does the work."""

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
    """Extract on Ray, tell meanwhile, and print the summary. Raises Exit and BadParameter."""
    folder = _check(paths, out)
    from quotes.display.tables import console, summary
    from quotes.formats.parts import PartsFolder
    from quotes.running.on_ray import RayRun
    from quotes.running.on_ray_session import session

    told = _Told(quiet)
    try:
        with session(address, jobs) as actors:
            run = RayRun(
                paths,
                settings,
                selection,
                PartsFolder(folder),
                actors=actors,
                problem=told.failed,
                resume=resume,
            )
            if not run.found:
                raise typer.Exit(EXIT_FAILED)
            told.follow(run)
    except KeyboardInterrupt:
        message(f"Interrupted: {told.written:,} documents are in {out}. Say the same with --resume to go on.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if not quiet:
        console(sys.stderr).print(summary(told.tally, failed=told.failures))
    if told.failures:
        raise typer.Exit(EXIT_FAILED)


class _Told:
    """What the user is told meanwhile, and what it amounts to."""

    def __init__(self, quiet: bool) -> None:
        from quotes.running.tally import Tally

        self._quiet = quiet
        self.tally: Tally = Tally()
        self.failures = 0
        self.written = 0

    def failed(self, problem: QuotesError) -> None:
        """Tell of an article that is left out."""
        self.failures += 1
        error(problem)

    def follow(self, run: RayRun) -> None:
        """Do the work, with a progress bar."""
        from quotes.cli.progress import ProgressBar

        for name in run.torn:
            message(f"{name} was torn and is removed; its documents are done again.")
        if run.before and not self._quiet:
            message(f"Going on: {run.before:,} documents are done already.")
        with ProgressBar(run.total, quiet=self._quiet) as bar:
            for part in run.parts():
                self.written += part.written
                self.tally.merge(part.tally)
                with bar.paused():
                    for problem in part.problems:
                        self.failed(problem)
                for _ in range(part.written + len(part.problems)):
                    bar.advance()


def _check(paths: Sequence[str], out: str | None) -> str:
    """The folder that `out` names, for a process anywhere. Raises BadParameter for what Ray can't do."""
    from quotes.files.uris import absolute
    from quotes.formats.parts import SUFFIXES, PartsFolder

    if "-" in paths:
        raise typer.BadParameter("standard input can't be read on Ray; name files.", param_hint="PATH")
    if out is None or not PartsFolder(out).suffix:
        raise typer.BadParameter(
            f"with --engine ray, name a folder that ends in {' or '.join(SUFFIXES)}, as its parts will.",
            param_hint="--out",
        )
    return absolute(out)
