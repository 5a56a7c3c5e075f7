"""Lists of results that are no records, for other programs: .jsonl has one a line, .csv has rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from quotes.errors import OutputError
from quotes.files.inputs import unpacked_name
from quotes.files.standard_output import file_or_stdout
from quotes.formats.csv import harmless_rows
from quotes.records import encodable

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Listing(Generic[_Item]):
    """How items of one kind are written: a line of JSON each, or rows under `columns`."""

    columns: Sequence[str]
    as_json: Callable[[_Item], bytes]
    as_csv: Callable[[_Item], bytes]

    def encoder(self, path: Path) -> tuple[bytes, Callable[[_Item], bytes]]:
        """A file's header, and the function that encodes an item for it; "-" takes JSON Lines.

        Raises OutputError for another suffix.
        """
        name = unpacked_name(path)
        if name == "-" or name.endswith(".jsonl"):
            return b"", self.as_json
        if name.endswith(".csv"):
            return harmless_rows([self.columns]), self.as_csv
        raise OutputError(
            f"{path}: unknown suffix. Use .jsonl or .csv, followed by .gz or .zst to compress the file."
        )

    def write(self, items: Iterable[_Item], path: Path) -> None:
        """Write .jsonl or .csv; an error leaves no file. Raises OutputError."""
        header, encode = self.encoder(path)
        with file_or_stdout(path, header) as write:
            for item in items:
                write(encode(item))


def json_line(fields: Mapping[str, object]) -> bytes:
    """A line of JSON in UTF-8; lone surrogates become U+FFFD."""
    return encodable(json.dumps(fields, ensure_ascii=False)).encode() + b"\n"
