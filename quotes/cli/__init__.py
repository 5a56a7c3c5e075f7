"""The command line: it reads options, calls the library and prints; whatever decides anything is elsewhere.

Imports stand inside functions throughout this folder: `quotes --help` must not wait for spaCy, pydantic or
rich. `scripts/bench_startup.py` measures it.
"""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from pathlib import Path


def main() -> None:
    """Run the program and exit.

    Exit codes: 0 all done, 1 something failed, 2 wrong usage, 130 Ctrl-C, 141 the reader of a pipe left.
    """
    _mend_streams()
    # A batch makes hundreds of thousands of small objects that live until it is done. Python's default, to
    # search for cycles after 700 new ones, costs a run 8 % of its time.
    gc.set_threshold(50_000, 20, 50)
    try:
        from quotes.cli.app import app

        app(prog_name="quotes")
    except KeyboardInterrupt:  # so early that no command had begun
        sys.exit(130)


def _mend_streams() -> None:
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us, as a scheduler may do
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it stays open
        elif isinstance(stream, TextIOWrapper) and name != "stdin":
            stream.reconfigure(errors="replace")  # a terminal without curly quotation marks shows "?"
