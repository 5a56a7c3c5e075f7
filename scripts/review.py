"""Start a local Label Studio with the predictions of `seeds/`, and print the login.

    python scripts/review.py                  # or: make review
    python scripts/review.py --indirect       # with indirect speech
    python scripts/review.py --port 8090      # options as of `quotes labelstudio serve`

Installs Label Studio if it is missing (some minutes, 1 GB), starts it, extracts the articles, pushes them to
the project "seeds", prints the address and the login, and runs until Ctrl-C. Run it again to continue with
the same data: articles are not duplicated, and reviews are not changed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli.labelstudio_serve import DataDirOption, PortOption
from quotes.cli.messages import EXIT_FAILED, error, message
from quotes.errors import QuotesError

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "seeds"


def review(
    data_dir: DataDirOption = None,
    port: PortOption = 8080,
    indirect: Annotated[bool, typer.Option("--indirect", help="Also find indirect speech.")] = False,
) -> None:
    """Run a Label Studio with the articles of seeds/ to review, until Ctrl-C."""
    from quotes.cli.labelstudio_serve import ended_by_signals, show_login
    from quotes.labelstudio.address import default_data_dir
    from quotes.labelstudio.server import Server

    folder = data_dir or default_data_dir()
    message("Starting Label Studio (the first start installs it, which takes some minutes) ...")
    try:
        with ended_by_signals(), Server(folder, port) as server:
            _push(server.data_dir, ["--indirect"] if indirect else [])
            show_login(server)
            server.wait()
    except QuotesError as problem:
        error(problem)
        raise typer.Exit(EXIT_FAILED) from None
    except KeyboardInterrupt:
        message("Label Studio has stopped.")


def _push(data_dir: Path, options: Sequence[str]) -> None:
    """Extract the articles and push them, with the commands that a user would run."""
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
            *options,
        )
        _quotes("labelstudio", "push", predictions, "--project", PROJECT, "--data-dir", data_dir)


def _quotes(*arguments: str | Path) -> None:
    done = subprocess.run([sys.executable, "-m", "quotes", *map(str, arguments)], check=False, cwd=ROOT)
    if done.returncode:
        raise typer.Exit(done.returncode)


if __name__ == "__main__":
    typer.run(review)
