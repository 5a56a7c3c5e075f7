"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
