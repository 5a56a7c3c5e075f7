"""`quotes verify`: was it said, and in these words?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.messages import EXIT_FAILED, Problems, message, once
from quotes.cli.options import RECORDS_HELP, MaxSizeOption, SpeakersOption, need_records

if TYPE_CHECKING:
    from quotes.records import Document
    from quotes.verify import Index

# Rows of the table on the terminal.
_ROWS = 50


def verify(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help=RECORDS_HELP)] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="PATH",
            help="Sources: files and folders of all that `quotes extract` reads. Repeat it for more.",
        ),
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option(
            "--index",
            metavar="FILE",
            help="With --against, write the sources' index to this file; without, use the one in it.",
        ),
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            "--speaker", metavar="NAME", help="Whose words the sources hold, where they don't say it."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the records with their verdicts: .jsonl, …"),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with quotations and sources side by side."),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option("--author", metavar="@HANDLE", help="The author of tweets, if the file names none."),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Number of processes, for many quotations."),
    ] = 1,
    speakers: SpeakersOption = None,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no summary.")] = False,
) -> None:
    """Hold quotations against transcripts, statements and tweets, and say what was changed.

    Prints the quotations that it found, what needs a look first; with --out, writes all records instead.
    "Not found" means not in these sources; it does not mean "not said".
    """
    from quotes.display.tables import console
    from quotes.files.alone import alone
    from quotes.files.standard_output import write_bytes
    from quotes.formats.output import open_output
    from quotes.formats.record_files import read_all_records
    from quotes.verify.counts import Counts
    from quotes.verify.page import MOST_CARDS, page
    from quotes.verify.parallel import verify_in_processes
    from quotes.verify.tables import verdict_table
    from quotes.verify.verifier import Verifier

    _check(files or [], against, index, out, html)
    problems = Problems()
    counts = Counts(MOST_CARDS if html is not None else _ROWS)
    with alone(out, html, index if against else None):
        documents = None if against is None else _documents(against, author, problems)
        with (
            _index(documents, index, speaker, speakers, quiet=quiet) as found,
            Verifier(found, speakers=speakers) as verifier,
        ):
            records = read_all_records(files or [])
            checked = (
                verifier.verify(records) if jobs == 1 else verify_in_processes(found, records, jobs, speakers)
            )
            if out is None:
                for record in checked:
                    counts.add(record)
            else:
                with open_output(str(out), files or []) as sink:
                    for record in checked:
                        counts.add(record)
                        sink.write(record)
        if html is not None:
            write_bytes(html, page(counts))
    if out is None and html is None and counts.placed:
        console(sys.stdout).print(verdict_table(counts.placed))
    if files and not quiet:
        message(counts.summary)
    if problems.found:
        raise typer.Exit(EXIT_FAILED)


@contextmanager
def _index(
    documents: Iterator[Document] | None,
    path: Path | None,
    speaker: str | None,
    speakers: Path | None,
    *,
    quiet: bool,
) -> Iterator[Index]:
    """The index to use: the one in `path`, built of the documents if there are any, or a temporary one."""
    from contextlib import closing

    from quotes.errors import ReadError
    from quotes.verify.index import Index, build, temporary
    from quotes.verify.sources import Sourcing

    sourcing = Sourcing(speaker, speakers)
    if path is None:
        assert documents is not None
        with temporary(documents, sourcing) as index:
            if not index.sentences:
                raise ReadError("No source has words, so nothing was verified. Name others with --against.")
            yield index
        return
    if documents is not None:
        built = build(path, documents, sourcing)
        if not quiet:
            message(
                f"{path}: {built.documents:,} source{'s' * (built.documents != 1)}, {built.words:,} words; "
                f"left out: {built.duplicates:,} copies, {built.empty:,} without words."
            )
    with closing(Index(path)) as index:
        yield index


def _documents(paths: list[str], author: str | None, problems: Problems) -> Iterator[Document]:
    from quotes.formats.sources import expand, read_all
    from quotes.tweets.archives import handle

    if author is not None and handle(author) is None:
        raise typer.BadParameter(f"{author!r} is not an account; write it as @name.", param_hint="--author")
    return read_all(expand(paths, problems.report), problems.report, author=handle(author))


def _check(
    files: list[Path], against: list[str] | None, index: Path | None, out: Path | None, html: Path | None
) -> None:
    """Report wrong options before the work starts. Raises BadParameter."""
    from quotes.verify.page import needs_html

    once("standard input", *files, *(against or ()))
    once("standard output", out, html)
    if against is None and index is None:
        raise typer.BadParameter("name sources with --against PATH, or an index of them with --index FILE.",
                                 param_hint="--against")  # fmt: skip
    if not files and (against is None or index is None):
        raise typer.BadParameter("name records to verify, or --against and --index to build an index.",
                                 param_hint="FILE")  # fmt: skip
    if out is not None:
        need_records(out, "--out")
    if html is not None:
        if str(html) != "-" and html.suffix.lower() != ".html":
            raise typer.BadParameter(f"{html}: end the name in .html.", param_hint="--html")
        needs_html()
