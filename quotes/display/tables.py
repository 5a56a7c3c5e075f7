"""Records as tables on the terminal. Text from articles is never read as rich's markup."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from quotes.files.visible import shortened
from quotes.formats.marked_text import names_of
from quotes.records import DocumentRecord, Quotation
from quotes.running.tally import Tally

# Columns of output that is not a terminal.
_WIDTH_OF_A_PIPE = 120
_LONGEST_QUOTATION = 120
_LONGEST_CELL = 60
# Rows of one table. Rich lays out a row in half a millisecond, and nobody reads more of them on a screen.
_MOST_ROWS = 1000

_ENOUGH_FOR_ALL_COLUMNS = 100
# Headings, and the greatest width of each; the quotation gets the rest.
_COLUMNS = (
    ("Speaker", 24),
    ("Named here as", 26),
    ("Cue", 16),
    ("Quotation", None),
    ("Rule", 20),
    ("Conf.", 5),
)
_NARROW_COLUMNS = (("Speaker", 18), ("Cue", 10), ("Quotation", None), ("Rule", 16))


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise  # the BrokenPipeError that rich is handling; rich would exit with 1


def console(file: TextIO) -> Console:
    """A console for `file`, as wide as the terminal, or 120 columns if it is not a terminal."""
    width = None if file.isatty() or "COLUMNS" in os.environ else _WIDTH_OF_A_PIPE
    return _Console(file=file, width=width, highlight=False, markup=False, emoji=False)


def colourless(terminal: Console) -> bool:
    """Whether no colours are shown: in a pipe, or if NO_COLOR is set."""
    return terminal.color_system is None or terminal.no_color


def document_table(record: DocumentRecord, width: int) -> RenderableType:
    """A table of one document's quotations, or a line if it has none.

    Below 100 columns, the mention stands below the speaker, and the confidence below the rule, to leave room
    for the quotation. The table has 1,000 rows at most; a line tells of the rest.
    """
    title = Text(shortened(record.doc_id, 2 * width), style="bold")
    if not record.quotations:
        return title + Text(": no quotations", style="dim not bold")
    wide = width >= _ENOUGH_FOR_ALL_COLUMNS
    table = Table(box=box.ROUNDED, border_style="dim", show_lines=not wide)
    for name, longest in _COLUMNS if wide else _NARROW_COLUMNS:
        table.add_column(
            name, max_width=longest, overflow="fold", justify="right" if name == "Conf." else "left"
        )
    for quotation in record.quotations[:_MOST_ROWS]:
        speaker, mention, cue, text, rule, confidence = _cells(quotation)
        if wide:
            table.add_row(speaker, mention, cue, text, rule, confidence)
        else:
            named = [speaker] if mention.plain in ("", speaker.plain) else [speaker, mention]
            table.add_row(Text("\n").join(named), cue, text, Text("\n").join([rule, confidence]))
    if len(record.quotations) <= _MOST_ROWS:
        return Group(title, table)
    total = len(record.quotations)
    return Group(
        title, table, Text(f"The first {_MOST_ROWS:,} of {total:,} quotations. --out FILE writes all.")
    )


class TableWriter:
    """Prints a table for each document on standard output."""

    size = 0

    def __init__(self) -> None:
        self.written = 0
        self._console = console(sys.stdout)

    def write(self, record: DocumentRecord) -> None:
        """Print one record. Raises BrokenPipeError if the reader of a pipe has left."""
        self._console.print(document_table(record, self._console.width))
        self._console.print()
        self.written += 1


def summary(tally: Tally, *, seconds: float, failed: int = 0) -> RenderableType:
    """What the run amounts to, and how many inputs could not be read, in two columns."""
    rows = [
        ("documents", f"{tally.documents:,}"),
        ("words", f"{tally.words:,}"),
        ("quotations", f"{tally.quotations:,}"),
        *([("indirect", f"{tally.indirect:,}")] if tally.indirect else []),
        ("speakers found", f"{tally.speakers:,}"),
        ("unattributed", f"{tally.unattributed:,}"),
        *([("other languages", f"{tally.left_out.total():,}")] if tally.left_out else []),
        ("seconds", f"{seconds:,.1f}"),
    ]
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right", style="bold")
    for name, value in rows:
        grid.add_row(name, value)
    if failed:
        grid.add_row(Text("not read", style="red"), Text(f"{failed:,}", style="red"))
    return grid


def _cells(quotation: Quotation) -> list[Text]:
    # Where one word stands for several, it is shown once.
    mentions = dict.fromkeys(one.text for one in quotation.everyone)
    mention = shortened(" and ".join(mentions), _LONGEST_CELL)
    names = names_of(quotation)
    # Without a name, the mention has its own column.
    speaker = Text(shortened(names or "–", _LONGEST_CELL), style="bold cyan" if names else "dim")
    cue = shortened(quotation.cue.text, _LONGEST_CELL) if quotation.cue else ""
    return [
        speaker,
        Text(mention),
        Text(cue, style="yellow"),
        # What is reported without marks is no quotation, and isn't green.
        Text(
            shortened(quotation.text, _LONGEST_QUOTATION),
            style="" if quotation.kind == "indirect" else "green",
        ),
        Text(shortened(quotation.rule, _LONGEST_CELL), style="dim"),
        Text(f"{quotation.confidence:.2f}"),
    ]
