"""Which writer writes which file. A new format is one file in this folder and one line in this table."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from quotes.errors import OutputError
from quotes.writing import jsonl, table_csv
from quotes.writing.writers import OpenWriter, in_pieces


class OutputFormat(NamedTuple):
    """What can be written.

    `suffixes` are in small letters. `needs_text`: records must hold their texts. `extra` is what has to be
    installed for it.
    """

    name: str
    suffixes: tuple[str, ...]
    holds: str
    open: OpenWriter
    needs_text: bool = False
    extra: str | None = None


OUTPUT_FORMATS: tuple[OutputFormat, ...] = (
    OutputFormat("jsonl", (".jsonl",), "a record a line: everything", in_pieces(jsonl.HEADER, jsonl.encode)),
    OutputFormat("csv", (".csv",), "a row a quotation", in_pieces(table_csv.HEADER, table_csv.encode)),
)

#: Every suffix that `--out` understands, with its format.
BY_SUFFIX = {suffix: format_ for format_ in OUTPUT_FORMATS for suffix in format_.suffixes}


def format_of(path: Path) -> OutputFormat:
    """Find the format that the file's suffix asks for. Raises OutputError, with the choices, if none."""
    name = path.name.lower()
    # The longest first: of "a.tei.xml", ".tei.xml" counts, not ".xml".
    for suffix in sorted(BY_SUFFIX, key=len, reverse=True):
        if name.endswith(suffix):
            return BY_SUFFIX[suffix]
    raise OutputError(
        f"{path}: no format has this suffix. End the name in {' or '.join(BY_SUFFIX)}, "
        "or write - for JSONL on standard output."
    )
