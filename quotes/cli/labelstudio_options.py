"""Options that the commands of `quotes labelstudio` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PredictionsArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PREDICTIONS", help="Records of `quotes extract`, best made with --with-text: .jsonl, …"
    ),
]
TextsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--texts",
        metavar="PATH",
        help="The articles that were extracted, files or folders, where records don't hold their text.",
    ),
]
CurrentTextsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--texts",
        metavar="PATH",
        help="The articles, files or folders: a review of another text than theirs is reported, not used.",
    ),
]
TaskModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="The spaCy pipeline that the extraction used, if named."),
]
BlindOption = Annotated[
    bool,
    typer.Option("--blind", help="Send texts without predictions, for reviewers to start from nothing."),
]
ConsensusOption = Annotated[
    bool,
    typer.Option(
        "--consensus",
        help="Where several people reviewed a document, keep what most of them agree on.",
    ),
]
GoldWithTextOption = Annotated[
    bool, typer.Option("--with-text", help="Keep each document's text beside its quotations.")
]


def need_suffix(out: Path, suffix: str) -> None:
    """Refuse an output whose name doesn't tell what it holds. Raises BadParameter."""
    if str(out) != "-" and out.suffix.lower() != suffix:
        raise typer.BadParameter(f"{out}: end the name in {suffix}.", param_hint="--out")
