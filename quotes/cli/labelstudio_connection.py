"""Which Label Studio, and which project: what `push` and `pull` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from quotes.labelstudio.connect import Connection

UrlOption = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="Label Studio's address; or set LABEL_STUDIO_URL."),
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--api-key",
        metavar="KEY",
        help="Your key. Better set LABEL_STUDIO_API_KEY: process lists show options.",
    ),
]
DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        file_okay=False,
        help="The data folder of `serve`: database, log and login; a default one if not named.",
    ),
]
ProjectOption = Annotated[
    str, typer.Option("--project", metavar="NAME|ID", help="The project, by title or by number.")
]


def connect(url: str | None, key: str | None, data_dir: Path | None) -> Connection:
    """The Label Studio that these options, or what stands in for them, name."""
    from quotes.labelstudio.address import find_address
    from quotes.labelstudio.connect import Connection

    return Connection(find_address(url, key, data_dir))
