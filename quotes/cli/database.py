"""`quotes db`: a quotation database to search, and to serve with Datasette."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli.messages import examples, message, once, usage
from quotes.cli.options import RECORDS_HELP, MaxSizeOption

app = typer.Typer(
    name="db",
    help="Store quotations in a database to search them, count them, or serve them with Datasette.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples("quotes db build quotations.jsonl --out quotes.db", "quotes db search harbour"),
)

_DATABASE = Path("quotes.db")


@app.command(
    epilog=examples(
        "quotes db build quotations.jsonl --out quotes.db", "quotes db build monday.jsonl tuesday.jsonl"
    )
)
def build(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=RECORDS_HELP)],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The database to create or update.")
    ] = _DATABASE,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no summary.")] = False,
) -> None:
    """Put the records of files into a SQLite database.

    An existing database is updated: changed documents are replaced, others stay. If the run is interrupted,
    the database is unchanged. A metadata file for Datasette is written beside it, unless it exists.
    """
    from quotes.database import build as building
    from quotes.database import metadata
    from quotes.files.alone import alone

    if str(out) == "-":
        raise typer.BadParameter("a database needs a file; name one.", param_hint="--out")
    once("standard input", *files)
    with alone(out):
        built = building.build(files, out)
        written = metadata.write(out)
    if quiet:
        return
    message(
        f"{built.added:,} documents added, {built.changed:,} replaced, {built.unchanged:,} unchanged; "
        f"{built.quotations:,} quotations in {out}."
    )
    if written is not None:
        message(f"To browse it: datasette {out} --metadata {written}")


@app.command(
    epilog=examples(
        "quotes db search recusal --speaker 'Jeff Sessions'",
        "quotes db search '\"the old pier\" rebuil*' --since 2017-03 --until 2017-06",
        "quotes db search '' --speaker Quill --outlet Echo",
        "quotes db search pier --kind indirect --type belief,eventuality",
    )
)
def search(
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY", help="Words, \"adjacent words\", prefix*; '' for everything by a speaker."
        ),
    ],
    db: Annotated[Path, typer.Option("--db", metavar="FILE", help="The database.")] = _DATABASE,
    speaker: Annotated[
        str | None, typer.Option("--speaker", metavar="NAME", help="Only of speakers with this name.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", help="Not before this date: 2017, 2017-06 or 2017-06-05."),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Not after this date.")] = None,
    outlet: Annotated[
        str | None, typer.Option("--outlet", metavar="NAME", help="Only of outlets whose name contains this.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="KINDS", help="Only of these kinds: direct, mixed, indirect, unattributed."
        ),
    ] = None,
    type_: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="TYPES",
            help="Only of these types of attribution: assertion, belief, fact, eventuality.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10**9, metavar="N", help="At most N quotations.")
    ] = 20,
) -> None:
    """Find quotations that contain all words of a query, the best matches first."""
    from quotes.database.search import Filters, check_days
    from quotes.database.search import search as find
    from quotes.database.tables import found_table
    from quotes.display.tables import console
    from quotes.running.selection import parse_kinds, parse_types

    with usage("--kind"):
        kinds = None if kind is None else parse_kinds(kind)
    with usage("--type"):
        types = None if type_ is None else parse_types(type_)
    with usage("--since/--until"):
        check_days(since, until)
    found = find(db, query, Filters(speaker, since, until, outlet, kinds, types), limit)
    console(sys.stdout).print(found_table(found))
