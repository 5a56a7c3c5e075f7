"""`quotes convert`: records from one format to another, without extracting again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.messages import EXIT_FAILED, Problems, message, once, usage
from quotes.cli.options import RECORDS_HELP, FormulasOption, MaxSizeOption

if TYPE_CHECKING:
    from quotes.formats.texts import OnError
    from quotes.records import DocumentRecord


def convert(
    records: Annotated[
        list[Path],
        typer.Argument(metavar="IN", help=RECORDS_HELP),
    ],
    out: Annotated[
        str,
        typer.Option(
            "--out",
            "-o",
            metavar="OUT",
            help="The file to write. Its suffix sets the format; see `quotes formats`.",
        ),
    ],
    texts: Annotated[
        list[str] | None,
        typer.Option(
            "--texts", metavar="PATH", help="The articles, if the records don't contain their texts."
        ),
    ] = None,
    formulas: FormulasOption = False,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only, no summary.")] = False,
) -> None:
    """Convert records to another format: for a spreadsheet, for brat, as a web page, and back.

    If the format needs texts, a document whose text is missing or has changed is reported and left out, and
    the exit code is 1.
    """
    from quotes.files.alone import alone
    from quotes.formats.output import open_output
    from quotes.formats.record_files import read_all_records
    from quotes.formats.table import record_format
    from quotes.formats.writers import WriteOptions

    once("standard input", *records)
    with usage("--out"):
        needs_text = out != "-" and record_format(Path(out)).needs_text
    problems = Problems()
    found = read_all_records(records)
    with alone(out), open_output(out, records, options=WriteOptions(formulas)) as output:
        for record in _with_texts(found, texts or [], problems.report) if needs_text or texts else found:
            output.write(record)
        if problems.found and not output.written:
            raise typer.Exit(EXIT_FAILED)  # while the file is open, so that no empty one is published
    if not quiet and out != "-":
        message(f"{output.written:,} document{'s' * (output.written != 1)} in {out}.")
    if problems.found:
        raise typer.Exit(EXIT_FAILED)


def _with_texts(
    records: Iterable[DocumentRecord], paths: list[str], on_error: OnError
) -> Iterator[DocumentRecord]:
    from quotes.formats.texts import with_texts

    for document, record in with_texts(records, paths, on_error):
        yield record.model_copy(update={"text": document.text})
