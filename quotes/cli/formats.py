"""`quotes formats`: the files that can be read and written."""

from __future__ import annotations

import sys


def formats() -> None:
    """List the files that can be read and written, with their suffixes and the extras that they need."""
    from quotes.display.formats import format_tables
    from quotes.display.tables import console

    terminal = console(sys.stdout)
    for table in format_tables():
        terminal.print(table, end="\n\n")
