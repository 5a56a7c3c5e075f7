"""The formats as tables for a person, made of the tables that the program itself goes by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from quotes.errors import how_to_install, installed
from quotes.files.inputs import PACKED
from quotes.formats.articles_table import INPUT_FORMATS
from quotes.formats.records_table import RECORD_FORMATS
from quotes.formats.writers_table import OUTPUT_FORMATS

_READY: Final = Text("ready", style="green")


def format_tables() -> Iterator[Table]:
    """Articles in, and records out; each with what is missing to use it."""
    articles = _table("Articles in: quotes extract FILE", "In folders")
    for read in INPUT_FORMATS:
        in_folders = Text("yes") if read.in_folders else Text("name them", style="dim")
        articles.add_row(Text(" ".join(read.suffixes)), Text(read.holds), in_folders, _state(read.extra))
    articles.caption = f"Also packed: {' '.join(PACKED)} behind the suffix"
    yield articles
    back = {suffix for read_back in RECORD_FORMATS for suffix in read_back.suffixes}
    records = _table("Records out: quotes extract … --out FILE, quotes convert IN --out FILE", "Comes back")
    for written in OUTPUT_FORMATS:
        comes_back = Text("yes") if back.issuperset(written.suffixes) else Text("no", style="dim")
        records.add_row(
            Text(" ".join(written.suffixes)), Text(written.holds), comes_back, _state(written.extra)
        )
    records.caption = "What comes back can be IN of quotes convert, too"
    yield records


def _table(title: str, third: str) -> Table:
    table = Table(
        box=box.ROUNDED, border_style="dim", title=title, title_justify="left", caption_justify="left"
    )
    table.title_style, table.caption_style = "bold", "dim"
    table.add_column("Suffix", style="bold cyan", no_wrap=True)
    table.add_column("Holds")
    table.add_column(third, no_wrap=True)
    table.add_column("Ready?")
    return table


def _state(extra: str | None) -> Text:
    if installed(extra):
        return _READY
    assert extra is not None
    return Text(how_to_install(extra), style="yellow")
