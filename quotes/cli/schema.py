"""`quotes schema`: the JSON Schema of the output, for programs that validate it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema(
    articles: Annotated[
        bool, typer.Option("--articles", help="Print the schema of an input article in JSON Lines instead.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Write the schema to this file.")
    ] = Path("-"),
) -> None:
    """Print the JSON Schema of one line of the .jsonl that `quotes extract --out` writes."""
    import json

    from quotes.files.alone import alone
    from quotes.files.standard_output import write_bytes
    from quotes.formats.jsonl.schema import article_schema, record_schema

    found = article_schema() if articles else record_schema()
    with alone(out):
        write_bytes(out, json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n")
