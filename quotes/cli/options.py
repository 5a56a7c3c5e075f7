"""Options that several commands share."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from quotes.errors import OutputError

#: Of an argument for records.
RECORDS_HELP: Final = "Records that `quotes` wrote: .jsonl, .jsonl.gz, .parquet, .spacy, or a folder."

ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="The spaCy pipeline to use, any installed English one."),
]
SpeakersOption = Annotated[
    Path | None,
    typer.Option(
        "--speakers",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        help="A TOML file of people you know: names, aliases, roles; added to those that ship with quotes.",
    ),
]
UnattributedOption = Annotated[
    bool,
    typer.Option("--include-unattributed", help="Keep what stands in quotation marks but has no speaker."),
]
FormulasOption = Annotated[
    bool,
    typer.Option("--formulas", help="Leave .csv cells alone that a spreadsheet would compute (= + - @)."),
]


def need_records(out: Path, option: str) -> bool:
    """Whether records need their texts to be written to `out`. Raises BadParameter where none come back."""
    from quotes.reading.record_formats import RECORD_FORMATS
    from quotes.writing.formats import OUTPUT_FORMATS, format_of

    backs = {format_.name for format_ in RECORD_FORMATS}
    with suppress(OutputError):
        found = format_of(out)
        if found.name in backs:
            return found.needs_text
    known = ", ".join(suffix for one in OUTPUT_FORMATS if one.name in backs for suffix in one.suffixes)
    raise typer.BadParameter(f"{out}: end the name in {known}.", param_hint=option)
