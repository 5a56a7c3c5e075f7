"""`quotes schema`: what a line of the output looks like, for programs that check it."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    articles: Annotated[
        bool, typer.Option("--articles", help="That of an article in JSON Lines, which goes in, instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of a line of .jsonl, as `quotes extract --out` writes it."""
    import json

    from quotes.writing.json_schema import article_schema, record_schema

    typer.echo(json.dumps(article_schema() if articles else record_schema(), ensure_ascii=False, indent=2))
