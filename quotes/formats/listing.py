"""Lists of results that are no records, for other programs: .jsonl has one a line, .csv has rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from quotes.errors import OutputError
from quotes.files.inputs import unpacked_name
from quotes.formats.csv import harmless_rows
from quotes.records import encodable

_Item = TypeVar("_Item")


def listing(
    path: Path,
    columns: Sequence[str],
    as_json: Callable[[_Item], bytes],
    as_csv: Callable[[_Item], bytes],
) -> tuple[bytes, Callable[[_Item], bytes]]:
    """A file's header, and the function that encodes an item for it; "-" takes JSON Lines.

    Raises OutputError for another suffix.
    """
    name = unpacked_name(path)
    if name == "-" or name.endswith(".jsonl"):
        return b"", as_json
    if name.endswith(".csv"):
        return harmless_rows([columns]), as_csv
    raise OutputError(
        f"{path}: unknown suffix. Use .jsonl or .csv, followed by .gz or .zst to compress the file."
    )


def json_line(fields: Mapping[str, object]) -> bytes:
    """A line of JSON in UTF-8; lone surrogates become U+FFFD."""
    return encodable(json.dumps(fields, ensure_ascii=False)).encode() + b"\n"
