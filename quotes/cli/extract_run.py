"""One run of `quotes extract`: articles stream through, with a progress bar, error messages and a summary."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TextIO

import typer

from quotes.cli.languages import LeftOut
from quotes.cli.messages import EXIT_FAILED, error, message
from quotes.cli.progress import ProgressBar
from quotes.errors import QuotesError
from quotes.formats.output import Output, open_output
from quotes.formats.sources import Sources, read_all
from quotes.formats.writers import Encode, WriteOptions
from quotes.records import Document, DocumentRecord
from quotes.running import ExtractorFactory, available_cores, extract_all
from quotes.running.selection import Selection
from quotes.running.tally import Tally


@dataclass(frozen=True, slots=True)
class _Finish:
    """Selects and encodes a record in the process that found it: bytes are cheaper to send than records."""

    selection: Selection
    encode: Encode | None
    any_language: bool

    def __call__(self, found: DocumentRecord) -> tuple[DocumentRecord | bytes, Tally, str]:
        shown = self.selection.of(found)
        tally = Tally.of(found, shown, any_language=self.any_language)
        return (self.encode(shown) if self.encode else shown), tally, found.doc_id


class ExtractRun:
    """One run over some sources: its output, its counts, and what it reports."""

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
        self._started = time.perf_counter()
        self._tally = Tally()
        self._failures = 0
        self._left_out = LeftOut()
        self._bar: ProgressBar | None = None
        self._output: Output | None = None
        self._on_screen = False

    @property
    def written(self) -> int:
        """The number of documents written."""
        return self._output.written if self._output else 0

    def failed(self, problem: QuotesError) -> None:
        """Report an article that can't be read or processed, and count it."""
        self._failures += 1
        if self._bar is None:
            error(problem)
            return
        with self._bar.paused():
            error(problem)
        self._bar.advance()

    @contextmanager
    def output(
        self, out: str | None, sources: Sources, *, resume: bool, shard_size: int | None, formulas: bool
    ) -> Iterator[None]:
        """Open the output: what `out` names, or tables on the screen for None. Raises OutputError."""
        self._on_screen = out is None or out == "-"
        if out is None:
            from quotes.display.tables import TableWriter

            self._output = Output.to(TableWriter())
            yield
            return
        inputs = (source.path for source in sources if source.path)
        options = WriteOptions(formulas)
        with open_output(out, inputs, resume=resume, shard_size=shard_size, options=options) as self._output:
            yield

    def extract(
        self, sources: Sources, settings: ExtractorFactory, *, jobs: int | None, ordered: bool
    ) -> None:
        """Stream every source into the output. Raises Exit if none of them could be read."""
        output = self._output
        assert output is not None
        before = output.before
        if before and not self._quiet:
            message(f"Resuming: {len(before):,} documents are already done.")
        left = (source for source in sources if source.is_stream or source.doc_id not in before)
        total = sources.total
        if before and total is not None:  # `before` may hold documents that aren't among the sources
            total -= sum(source.doc_id in before for source in sources)
        with ProgressBar(total, quiet=self._quiet) as self._bar:
            read = read_all(left, self.failed, author=self._author, fields=self._fields, split=self._split)
            documents = self._words_counted(one for one in read if one.doc_id not in before)
            finish = _Finish(self._selection, output.encode, settings.any_language)
            jobs = jobs or available_cores()
            done = extract_all(documents, settings, finish, jobs=jobs, ordered=ordered, on_error=self.failed)
            with closing(done):
                for shown, counts, doc_id in done:
                    with self._bar.paused() if self._on_screen else nullcontext():
                        if isinstance(shown, bytes):
                            output.write_piece(shown)
                        else:
                            output.write(shown)
                    self._tally.add(counts)
                    for language in counts.left_out:
                        with self._bar.paused():
                            self._left_out.report(doc_id, language)
                    self._bar.advance()
        if self._failures and not output.written:
            raise typer.Exit(EXIT_FAILED)  # while the file is open, so that no empty one is published

    def finish(self, file: TextIO) -> None:
        """Print the summary to `file`. Raises Exit if anything failed."""
        self._left_out.summarize(self._tally.left_out)
        from quotes.display.tables import console, summary

        if not self._quiet:
            seconds = time.perf_counter() - self._started
            console(file).print(summary(self._tally, seconds=seconds, failed=self._failures))
        if self._failures:
            raise typer.Exit(EXIT_FAILED)

    def _words_counted(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Pass documents through and count their words, since records don't hold the text."""
        for document in documents:
            self._tally.words += len(document.text.split())
            yield document
