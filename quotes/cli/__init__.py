"""The command line: it reads options, calls the library and prints. All decisions are made elsewhere.

Imports stand inside functions throughout this folder, so that `quotes --help` doesn't wait for spaCy,
pydantic or rich. `scripts/bench_startup.py` measures it.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path


def main() -> None:
    """Run the program and exit.

    Exit codes: 0 success, 1 something failed, 2 wrong usage, 130 Ctrl-C, 141 the reader of a pipe has left.
    """
    _repair_streams()
    try:
        from quotes.cli.app import app

        app(prog_name="quotes")
    except KeyboardInterrupt:  # before any command began
        sys.exit(130)


def _repair_streams() -> None:
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the program that started this one, such as a scheduler
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it stays open
        elif isinstance(stream, TextIOWrapper) and name != "stdin":
            stream.reconfigure(errors="replace")  # a terminal without curly quotation marks shows "?"
