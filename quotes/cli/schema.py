"""`quotes schema`: what a line of the output looks like, for programs that check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema(
    articles: Annotated[
        bool, typer.Option("--articles", help="That of an article in JSON Lines, which goes in, instead.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Write it to this file instead.")
    ] = Path("-"),
) -> None:
    """Print the JSON Schema of a line of .jsonl, as `quotes extract --out` writes it."""
    import json

    from quotes.files.alone import alone
    from quotes.files.standard_output import write_bytes
    from quotes.formats.jsonl.schema import article_schema, record_schema

    found = article_schema() if articles else record_schema()
    with alone(out):
        write_bytes(out, json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n")
