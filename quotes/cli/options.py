"""Options that several commands share."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from quotes.cli.messages import usage
from quotes.errors import OutputError
from quotes.files import limits

if TYPE_CHECKING:
    from quotes.running.selection import Selection

#: Of an argument for records.
RECORDS_HELP: Final = "Records that `quotes` wrote: .jsonl, .jsonl.gz, .parquet, .spacy, or a folder."


def _set_limit(ctx: typer.Context, size: str | None) -> None:
    """Set the limit for one command and the processes that it starts."""
    if size is None:
        return
    with usage("--max-size"):
        limits.parse_size(size)
    before = os.environ.get(limits.VARIABLE)
    os.environ[limits.VARIABLE] = size
    if before is None:
        ctx.call_on_close(lambda: os.environ.pop(limits.VARIABLE, None))
    else:
        ctx.call_on_close(lambda: os.environ.update({limits.VARIABLE: before}))


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
KindOption = Annotated[
    str | None,
    typer.Option("--kind", metavar="KINDS", help="Only these: direct, mixed, indirect, unattributed."),
]
MinConfidenceOption = Annotated[
    float,
    typer.Option("--min-confidence", min=0, max=1, metavar="X", help="Only those at least this sure."),
]
FormulasOption = Annotated[
    bool,
    typer.Option("--formulas", help="Leave .csv cells alone that a spreadsheet would compute (= + - @)."),
]
# Its callback does all, so that no command passes it on.
MaxSizeOption = Annotated[
    str | None,
    typer.Option(
        "--max-size",
        metavar="SIZE",
        envvar=limits.VARIABLE,
        callback=_set_limit,
        expose_value=False,
        help="The most that a line or a document may have, unpacked: 500MB, 1GiB.",
    ),
]


def need_records(out: Path, option: str) -> bool:
    """Whether records need their texts to be written to `out`. Raises BadParameter where none come back."""
    from quotes.formats.table import RECORD_FORMATS, record_format

    if str(out) == "-":
        return False
    with suppress(OutputError):
        found = record_format(out)
        if found.reader is not None:
            return found.needs_text
    known = ", ".join(suffix for suffix, each in RECORD_FORMATS.items() if each.reader is not None)
    raise typer.BadParameter(f"{out}: end the name in {known}.", param_hint=option)


def selection_of(
    kind: str | None, include_unattributed: bool, min_confidence: float, skip: str | None = None
) -> Selection:
    """Which quotations these options ask for. Raises BadParameter."""
    from quotes.running.selection import Selection, parse_kinds, parse_skip

    with usage("--kind"):
        kinds = None if kind is None else parse_kinds(kind)
    with usage("--skip"):
        skipped = frozenset[str]() if skip is None else parse_skip(skip)
    return Selection(kinds, include_unattributed, min_confidence, skipped)
