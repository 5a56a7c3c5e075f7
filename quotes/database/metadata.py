"""Datasette's metadata for a quotation database: titles, descriptions, units, facets, and a query.

quotes.db   →   quotes-metadata.json beside it, made from `datasette.json` in this folder
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quotes.files.whole_file import WholeFile


def metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata for a database of this name: its file's name without the suffix."""
    content: dict[str, Any] = json.loads(Path(__file__).with_name("datasette.json").read_bytes())
    return content | {"databases": {database: content["databases"]["NAME"]}}


def write(database: Path) -> Path | None:
    """Write the metadata beside a database, unless the file exists: the user may have edited it.

    Returns the path, None if nothing was written. Raises OutputError.
    """
    path = database.with_name(f"{database.stem}-metadata.json")
    if path.exists():
        return None
    with WholeFile(path) as file:
        file.write(json.dumps(metadata(database.stem), ensure_ascii=False, indent=2).encode() + b"\n")
    return path
