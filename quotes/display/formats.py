"""The table of formats, shown to a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from quotes.errors import how_to_install, installed
from quotes.files.inputs import PACKED
from quotes.formats.table import FORMATS


def format_tables() -> Iterator[Table]:
    """A table of what articles are read from, and one of what records are written to."""
    articles = _table("Articles in: quotes extract FILE", "In folders")
    records = _table("Records out: quotes extract … --out FILE, quotes convert IN --out FILE", "Comes back")
    for each in FORMATS:
        if each.articles is not None:
            suffixes = " ".join(each.articles.suffixes)
            in_folders = _yes_or("name them", each.articles.in_folders)
            articles.add_row(suffixes, each.articles.holds, in_folders, _state(each.articles.extra))
        if each.records is not None:
            comes_back = _yes_or("no", each.records.reader is not None)
            records.add_row(each.records.suffix, each.records.holds, comes_back, _state(each.records.extra))
    articles.caption = f"Also packed: append {' or '.join(PACKED)} to the suffix"
    records.caption = "What comes back can also be IN of quotes convert"
    yield articles
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


def _yes_or(no: str, value: bool) -> Text:
    return Text("yes") if value else Text(no, style="dim")


def _state(extra: str | None) -> Text:
    if extra is None or installed(extra):
        return Text("ready", style="green")
    return Text(how_to_install(extra), style="yellow")
