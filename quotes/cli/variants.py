"""`quotes variants`: the same statement in many articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli.messages import message, once, usage
from quotes.cli.options import RECORDS_HELP, MaxSizeOption, SpeakersOption, need_records


def variants(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=RECORDS_HELP)],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write .jsonl (one utterance a line) or .csv (one quotation a row); .gz or .zst compresses.",
        ),
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--records",
            metavar="FILE",
            help="Write the records with their utterance_id: .jsonl, .parquet, …",
        ),
    ] = None,
    documents: Annotated[
        int,
        typer.Option("--documents", min=1, metavar="N", help="Only statements in N documents or more."),
    ] = 2,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed", help="Only statements with changed words, not only changed punctuation or length."
        ),
    ] = False,
    speakers: SpeakersOption = None,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no summary.")] = False,
) -> None:
    """Find quotations that are wordings of one statement, and show how they differ.

    Prints each utterance with its wordings, the longest first, and their places; with --out, writes a file
    instead. Words of different speakers are never grouped.
    """
    from quotes.display.tables import console
    from quotes.files.alone import alone
    from quotes.formats.record_files import read_all_records
    from quotes.variants.tables import summary, utterance_table
    from quotes.variants.utterances import find_utterances, utterance_ids
    from quotes.variants.writing import UTTERANCES, write_records

    _check(files, out, records)
    with alone(out, records):
        found = find_utterances(read_all_records(files), speakers)
        if records is not None:
            write_records(files, utterance_ids(found), records)
        shown = [one for one in found if one.documents >= documents and (one.changes_words or not changed)]
        if out is not None:
            UTTERANCES.write(shown, out)
    terminal = console(sys.stdout)
    if out is None and str(records) != "-":
        for number, utterance in enumerate(shown, 1):
            terminal.print(utterance_table(utterance, number))
    if not quiet:
        message(summary(shown).plain)


def _check(files: list[Path], out: Path | None, records: Path | None) -> None:
    """Report wrong options before the work starts. Raises BadParameter."""
    from quotes.files.inputs import STDIN
    from quotes.variants.writing import UTTERANCES

    once("standard input", *files)
    once("standard output", out, records)
    if records is not None and STDIN in files:
        raise typer.BadParameter(
            "cannot be used with standard input, because it reads the files twice.", param_hint="--records"
        )
    if out is not None:
        with usage("--out"):
            UTTERANCES.encoder(out)
    if records is not None:
        need_records(records, "--records")
