"""`quotes extract`: articles in, quotations out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from quotes.cli.messages import EXIT_FAILED, EXIT_INTERRUPTED, error, message
from quotes.cli.options import ModelOption, SpeakersOption, UnattributedOption
from quotes.cli.progress import ProgressBar

if TYPE_CHECKING:
    from quotes.errors import ReadError
    from quotes.reading.files import Source
    from quotes.selection import Selection
    from quotes.writing.sinks import Sink


def extract(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Files, folders (all .txt in them), or - for standard input."),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write .jsonl or .csv; - is JSONL on standard output."
        ),
    ] = None,
    model: ModelOption = None,
    speakers: SpeakersOption = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KINDS", help="Only these: direct, mixed, indirect, unattributed."),
    ] = None,
    include_unattributed: UnattributedOption = False,
    min_confidence: Annotated[
        float,
        typer.Option("--min-confidence", min=0, max=1, metavar="X", help="Only those at least this sure."),
    ] = 0.0,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Keep each document's text beside its quotations (.jsonl).")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bar and no summary; errors still show.")
    ] = False,
) -> None:
    """Find the quotations of articles and who said them.

    Prints a table a document and a summary, or writes a file with --out. A file that can't be read is
    reported, the others are done, and the exit code is 1.
    """
    from quotes.reading.files import expand
    from quotes.writing.sinks import open_sink

    selection = _selection(kind, include_unattributed, min_confidence)
    _check_suffix(out)
    run = _Run(selection, quiet, with_text=with_text)
    sources = expand(paths, run.failed)
    if not sources:
        raise typer.Exit(EXIT_FAILED)
    sink: Sink | None = None
    try:
        with open_sink(out, [source.path for source in sources if source.path]) as sink:
            run.extract(sources, model, speakers, sink)
    except KeyboardInterrupt:
        message(_interrupted(sink.written if sink else 0, len(sources), out))
        raise typer.Exit(EXIT_INTERRUPTED) from None
    run.finish(sys.stdout if out is None else sys.stderr)


class _Run:
    """One run over some sources: what it counts, and what it tells meanwhile."""

    def __init__(self, selection: Selection, quiet: bool, *, with_text: bool) -> None:
        from quotes.writing.tally import Tally

        self._selection = selection
        self._quiet = quiet
        self._with_text = with_text
        self._tally = Tally()
        self._failures = 0
        self._bar: ProgressBar | None = None

    def failed(self, problem: ReadError) -> None:
        """Tell of an input that can't be read, when it happens, and count it for the exit code."""
        self._failures += 1
        if self._bar is None:
            error(problem)
            return
        with self._bar.paused():
            error(problem)
        self._bar.advance()

    def extract(
        self, sources: Sequence[Source], model: str | None, speakers: Path | None, sink: Sink
    ) -> None:
        """Stream every source through into the sink. Raises Exit where not one could be read."""
        from quotes.extractor import Extractor
        from quotes.reading.files import read_all

        with ProgressBar(len(sources), quiet=self._quiet) as self._bar:
            # All are asked for, so that the summary can count those without a speaker.
            extractor = Extractor(
                model, speakers=speakers, include_unattributed=True, with_text=self._with_text
            )
            for record in extractor.pipe(self._tally.reading(read_all(sources, self.failed))):
                shown = self._selection.of(record)
                with self._bar.paused() if sink.on_screen else nullcontext():
                    sink.write(shown)
                self._tally.add(record, shown)
                self._bar.advance()
        if self._failures and not sink.written:
            raise typer.Exit(EXIT_FAILED)  # while the file is open, so that no empty one is published

    def finish(self, file: TextIO) -> None:
        """Print the summary to `file`. Raises Exit when anything failed."""
        from quotes.writing.terminal import console, summary

        if not self._quiet:
            console(file).print(summary(self._tally, failed=self._failures))
        if self._failures:
            raise typer.Exit(EXIT_FAILED)


def _selection(kind: str | None, include_unattributed: bool, min_confidence: float) -> Selection:
    from quotes.selection import Selection, parse_kinds

    try:
        kinds = None if kind is None else parse_kinds(kind)
    except ValueError as problem:
        raise typer.BadParameter(str(problem), param_hint="--kind") from None
    return Selection(kinds, include_unattributed, min_confidence)


def _check_suffix(out: str | None) -> None:
    from quotes.errors import OutputError
    from quotes.writing.sinks import format_of

    if out in (None, "-"):
        return
    try:
        format_of(Path(out))
    except OutputError as problem:
        raise typer.BadParameter(str(problem), param_hint="--out") from None


def _interrupted(done: int, total: int, out: str | None) -> str:
    if out in (None, "-"):
        return f"Interrupted: {done:,} of {total:,} documents are done."
    if not done:
        return f"Interrupted before the first of {total:,} documents was done: {out} is left as it was."
    return f"Interrupted: {done:,} of {total:,} documents are in {out}."
