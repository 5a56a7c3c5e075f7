"""Start a local Label Studio with the predictions of `seeds/` in it, and say how to get in.

    python scripts/review.py                  # or: make review
    python scripts/review.py --port 8090      # what follows goes to `quotes labelstudio serve`

Installs Label Studio if it is missing (some minutes, 1 GB), starts it, extracts the articles, pushes them to
the project "seeds", prints the address and the login, and runs until Ctrl-C. Said again, it goes on with the
same data: no article is there twice, and no review is touched.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli.labelstudio_connection import DataDirOption
from quotes.cli.messages import EXIT_FAILED, error, message
from quotes.errors import QuotesError

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "seeds"


def review(
    data_dir: DataDirOption = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="0 is any free one.")
    ] = 8080,
) -> None:
    """Run a Label Studio with the articles of seeds/ to review, until Ctrl-C."""
    from quotes.cli.labelstudio_serve import ended_by_signals, say_where
    from quotes.labelstudio.server import Server, default_data_dir

    folder = data_dir or default_data_dir()
    message("Starting Label Studio; the first time, some minutes go into installing it ...")
    try:
        with ended_by_signals(), Server(folder, port) as server:
            _push(server.data_dir)
            say_where(server)
            server.wait()
    except QuotesError as problem:
        error(problem)
        raise typer.Exit(EXIT_FAILED) from None
    except KeyboardInterrupt:
        message("Label Studio has ended.")


def _push(data_dir: Path) -> None:
    """Extract and push, as a user does: by the commands."""
    with tempfile.TemporaryDirectory() as folder:
        predictions = Path(folder, "predictions.jsonl")
        _quotes(
            "extract",
            ROOT / "seeds",
            "--with-text",
            "--include-unattributed",
            "--out",
            predictions,
            "--quiet",
        )
        _quotes("labelstudio", "push", predictions, "--project", PROJECT, "--data-dir", data_dir)


def _quotes(*arguments: str | Path) -> None:
    done = subprocess.run([sys.executable, "-m", "quotes", *map(str, arguments)], check=False, cwd=ROOT)
    if done.returncode:
        raise typer.Exit(done.returncode)


if __name__ == "__main__":
    typer.run(review)
