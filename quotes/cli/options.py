"""Options that several commands share, each declared once, and what their values mean."""

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

#: The help of an argument for records.
RECORDS_HELP: Final = "Records that `quotes` wrote: .jsonl, .jsonl.gz, .parquet, .spacy, or a folder."


def _set_limit(ctx: typer.Context, size: str | None) -> None:
    """Set the limit for this command and the processes that it starts."""
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
    typer.Option("--model", metavar="NAME", help="The spaCy pipeline to use: any installed English one."),
]
SpeakersOption = Annotated[
    Path | None,
    typer.Option(
        "--speakers",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        help="A TOML file of known people: names, aliases, roles. It adds to those that ship with quotes.",
    ),
]
TunedOption = Annotated[
    Path | None,
    typer.Option(
        "--tuned",
        metavar="DIR",
        exists=True,
        file_okay=False,
        readable=True,
        help="A folder that `quotes tune` fitted to reviewed articles.",
    ),
]
UnattributedOption = Annotated[
    bool,
    typer.Option("--include-unattributed", help="Keep passages in quotation marks that have no speaker."),
]
KindOption = Annotated[
    str | None,
    typer.Option("--kind", metavar="KINDS", help="Keep only these: direct, mixed, indirect, unattributed."),
]
IndirectOption = Annotated[
    bool,
    typer.Option(
        "--indirect", help="Also find what is reported without quotation marks: Quill said the pier was safe."
    ),
]
TypeOption = Annotated[
    str | None,
    typer.Option(
        "--type",
        metavar="TYPES",
        help="With --indirect, keep only these: assertion, belief, fact, eventuality.",
    ),
]
MinConfidenceOption = Annotated[
    float,
    typer.Option(
        "--min-confidence",
        min=0,
        max=1,
        metavar="X",
        help="Keep only quotations of at least this confidence.",
    ),
]
QuietOption = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print only results and errors: no progress, legend or summary."),
]
FormulasOption = Annotated[
    bool,
    typer.Option("--formulas", help="Don't protect .csv cells that a spreadsheet would compute (= + - @)."),
]
# Its callback does everything; the commands don't use the value.
MaxSizeOption = Annotated[
    str | None,
    typer.Option(
        "--max-size",
        metavar="SIZE",
        envvar=limits.VARIABLE,
        callback=_set_limit,
        expose_value=False,
        help="The largest line or document to read, unpacked: 500MB, 1GiB.",
    ),
]


def need_records(out: Path, option: str) -> bool:
    """Whether writing records to `out` needs their texts. Raises BadParameter if they can't be read back."""
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
    kind: str | None,
    include_unattributed: bool,
    min_confidence: float,
    skip: str | None = None,
    *,
    indirect: bool,
    type_: str | None,
) -> Selection:
    """The filter that these options describe. Raises BadParameter, also for what needs --indirect."""
    from quotes.running.selection import Selection, parse_kinds, parse_skip, parse_types

    with usage("--kind"):
        kinds = None if kind is None else parse_kinds(kind)
    if kinds and "indirect" in kinds and not indirect:
        raise typer.BadParameter("indirect needs --indirect; add it.", param_hint="--kind")
    with usage("--type"):
        types = None if type_ is None else parse_types(type_)
    if types and not indirect:
        raise typer.BadParameter("types are found with --indirect only; add it.", param_hint="--type")
    with usage("--skip"):
        skipped = frozenset[str]() if skip is None else parse_skip(skip)
    return Selection(kinds, include_unattributed, min_confidence, skipped, types)
