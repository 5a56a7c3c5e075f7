"""One run of `quotes extract`: articles stream through, and the user is told meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass
from typing import TextIO

import typer

from quotes.cli.messages import EXIT_FAILED, error, message
from quotes.cli.progress import ProgressBar
from quotes.errors import QuotesError
from quotes.formats.sinks import Sink
from quotes.formats.sources import Sources, read_all
from quotes.formats.writers import Encode
from quotes.records import DocumentRecord
from quotes.running import ExtractorFactory, extract_all
from quotes.running.selection import Selection
from quotes.running.tally import Counts, Tally


@dataclass(frozen=True, slots=True)
class _Finish:
    """What is made of a record in the process that found it: it is cheaper to send on as bytes."""

    selection: Selection
    encode: Encode | None

    def __call__(self, found: DocumentRecord) -> tuple[DocumentRecord | bytes, Counts]:
        shown = self.selection.of(found)
        return (self.encode(shown) if self.encode else shown), Counts.of(found, shown)


class ExtractRun:
    """One run over some sources: what it counts, and what it tells meanwhile."""

    def __init__(
        self,
        selection: Selection,
        quiet: bool,
        *,
        author: str | None = None,
        fields: Mapping[str, str] | None = None,
        split: bool = False,
    ) -> None:
        self._selection = selection
        self._fields = fields
        self._split = split
        self._quiet = quiet
        self._author = author
        self._tally = Tally()
        self._failures = 0
        self._bar: ProgressBar | None = None

    def failed(self, problem: QuotesError) -> None:
        """Tell of an article that can't be read or worked on, when it happens, and count it."""
        self._failures += 1
        if self._bar is None:
            error(problem)
            return
        with self._bar.paused():
            error(problem)
        self._bar.advance()

    def extract(
        self, sources: Sources, settings: ExtractorFactory, sink: Sink, *, jobs: int, ordered: bool
    ) -> None:
        """Stream every source through into the sink. Raises Exit where not one could be read."""
        if sink.before and not self._quiet:
            message(f"Going on: {len(sink.before):,} documents are done already.")
        before = sink.before
        left = (source for source in sources if source.is_stream or source.doc_id not in before)
        total = sources.total
        if before and total is not None:  # not their number: they may hold what isn't among the sources
            total -= sum(source.doc_id in before for source in sources)
        with ProgressBar(total, quiet=self._quiet) as self._bar:
            read = read_all(left, self.failed, author=self._author, fields=self._fields, split=self._split)
            documents = self._tally.reading(one for one in read if one.doc_id not in before)
            finish = _Finish(self._selection, sink.encode)
            done = extract_all(documents, settings, finish, jobs=jobs, ordered=ordered, on_error=self.failed)
            with closing(done):
                for shown, counts in done:
                    with self._bar.paused() if sink.on_screen else nullcontext():
                        if isinstance(shown, bytes):
                            sink.write_piece(shown)
                        else:
                            sink.write(shown)
                    self._tally.count(counts)
                    self._bar.advance()
        if self._failures and not sink.written:
            raise typer.Exit(EXIT_FAILED)  # while the file is open, so that no empty one is published

    def finish(self, file: TextIO) -> None:
        """Print the summary to `file`. Raises Exit when anything failed."""
        from quotes.display.tables import console, summary

        if not self._quiet:
            console(file).print(summary(self._tally, failed=self._failures))
        if self._failures:
            raise typer.Exit(EXIT_FAILED)
