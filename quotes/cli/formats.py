"""`quotes formats`: what can be read and written."""

from __future__ import annotations

import sys


def formats() -> None:
    """List what can be read and written: by which suffix, what it holds, and which extra it needs."""
    from quotes.display.formats import format_tables
    from quotes.display.tables import console

    terminal = console(sys.stdout)
    for table in format_tables():
        terminal.print(table, end="\n\n")
