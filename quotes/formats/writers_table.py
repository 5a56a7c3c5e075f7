"""Which writer writes which file. A new format is one file in this folder and one line in this table."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from quotes.errors import OutputError
from quotes.files.inputs import PACKED
from quotes.formats import csv as table_csv
from quotes.formats import markdown, tei, web_annotation
from quotes.formats.brat import writing as brat
from quotes.formats.docbin import writing as docbin
from quotes.formats.html import writing as html
from quotes.formats.jsonl import writing as jsonl
from quotes.formats.parquet import writing as parquet
from quotes.formats.writers import OpenWriter, in_pieces


class OutputFormat(NamedTuple):
    """What can be written.

    `suffixes` are in small letters. `needs_text`: records must hold their texts. `extra` is what has to be
    installed for it. `may_be_packed`: a name such as FILE.jsonl.gz asks for a packed one.
    """

    name: str
    suffixes: tuple[str, ...]
    holds: str
    open: OpenWriter
    needs_text: bool = False
    extra: str | None = None
    may_be_packed: bool = False


OUTPUT_FORMATS: tuple[OutputFormat, ...] = (
    OutputFormat(
        "jsonl",
        (".jsonl",),
        "a record a line: everything",
        in_pieces(jsonl.HEADER, jsonl.encode),
        may_be_packed=True,
    ),
    OutputFormat(
        "csv", (".csv",), "a row a quotation, for spreadsheets", table_csv.opened, may_be_packed=True
    ),
    OutputFormat("parquet", (".parquet",), "a row a document: everything", parquet.opened, extra="parquet"),
    OutputFormat("brat", (".brat",), "a folder to correct in brat", brat.opened, needs_text=True),
    OutputFormat("docbin", (".spacy",), "spaCy Docs with span groups", docbin.opened, needs_text=True),
    OutputFormat(
        "web-annotation", (".jsonld",), "W3C Web Annotation", web_annotation.opened, needs_text=True
    ),
    OutputFormat("tei", (".tei.xml",), "TEI P5, for editors", tei.opened, needs_text=True),
    OutputFormat("markdown", (".md",), "the articles, quotations in bold", markdown.opened, needs_text=True),
    OutputFormat("html", (".html",), "a page that one can mail", html.opened, needs_text=True, extra="html"),
)

#: Every suffix that `--out` understands, with its format.
BY_SUFFIX = {suffix: format_ for format_ in OUTPUT_FORMATS for suffix in format_.suffixes}


def format_of(path: Path) -> OutputFormat:
    """Find the format that the file's suffix asks for. Raises OutputError, with the choices, if none."""
    return BY_SUFFIX[_suffixes(path)[0]]


def parted(path: Path) -> tuple[str, str]:
    """The file's name, parted before the suffixes that say how it is written: "a", ".jsonl.gz".

    Raises OutputError as `format_of` does.
    """
    length = sum(map(len, _suffixes(path)))
    return path.name[:-length], path.name[-length:]


def _suffixes(path: Path) -> tuple[str, str]:
    """The suffix of a format, and that of how it is packed."""
    name = path.name.lower()
    packed = next((suffix for suffix in PACKED if name.endswith(suffix)), "")
    bare = name.removesuffix(packed)
    # The longest first: of "a.tei.xml", ".tei.xml" counts, not ".xml".
    for suffix in sorted(BY_SUFFIX, key=len, reverse=True):
        if bare.endswith(suffix) and (not packed or BY_SUFFIX[suffix].may_be_packed):
            return suffix, packed
    *known, last = BY_SUFFIX
    raise OutputError(
        f"{path}: no format has this suffix. End the name in {', '.join(known)} or {last}, "
        "or write - for JSONL on standard output."
    )
