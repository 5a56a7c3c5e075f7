"""Start a local Label Studio with the predictions of `seeds/`, and print the login.

    python scripts/review_team.py                  # or: make review-team
    python scripts/review_team.py --indirect       # with indirect speech
    python scripts/review_team.py --port 8090      # options as of `quotes labelstudio serve`

Installs Label Studio if it is missing (some minutes, 1 GB), starts it, extracts the articles, pushes them to
the project "seeds", prints the address and the login, and runs until Ctrl-C. Each step says that it begins,
and how long it took. Run it again to continue with the same data: articles are not duplicated, and reviews
are not changed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli.labelstudio_serve import DataDirOption, PortOption
from quotes.cli.messages import EXIT_FAILED, error, message
from quotes.errors import QuotesError

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "seeds"
STEPS = 4


def review(
    data_dir: DataDirOption = None,
    port: PortOption = 8080,
    indirect: Annotated[bool, typer.Option("--indirect", help="Also find indirect speech.")] = False,
) -> None:
    """Run a Label Studio with the articles of seeds/ to review, until Ctrl-C."""
    from quotes.cli.labelstudio_serve import ended_by_signals, show_login
    from quotes.labelstudio.address import default_data_dir
    from quotes.labelstudio.installation import install, server_command
    from quotes.labelstudio.server import Server

    missing = server_command() is None
    try:
        with ended_by_signals(), ExitStack() as stack:
            with _step(1, "Install Label Studio: some minutes, 1 GB" if missing else "Find Label Studio"):
                install()
            with _step(2, "Start it: the first start makes its database"):
                server = stack.enter_context(Server(data_dir or default_data_dir(), port))
            predictions = Path(stack.enter_context(tempfile.TemporaryDirectory()), "predictions.jsonl")
            with _step(3, "Extract the articles of seeds/"):
                _extract(predictions, ["--indirect"] if indirect else [])
            with _step(4, f"Push them to the project “{PROJECT}”"):
                push = ("labelstudio", "push", predictions, "--project", PROJECT)
                _quotes(*push, "--data-dir", server.data_dir)
            show_login(server)
            server.wait()
    except QuotesError as problem:
        error(problem)
        raise typer.Exit(EXIT_FAILED) from None
    except KeyboardInterrupt:
        message("Label Studio has stopped.")


@contextmanager
def _step(number: int, what: str) -> Iterator[None]:
    """Say that a step begins, how long it is running, and how long it took."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    message(f"Step {number} of {STEPS}. {what} ...")
    began = time.monotonic()
    # The commands of the last two steps have progress bars of their own.
    console = Console(stderr=True)
    hidden = number > STEPS - 2 or not console.is_terminal
    columns = (SpinnerColumn(), TextColumn("working"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        progress.add_task("", total=None)
        yield
    message(f"        done in {time.monotonic() - began:,.0f} s")


def _extract(predictions: Path, options: Sequence[str]) -> None:
    _quotes(
        "extract",
        ROOT / "seeds",
        "--with-text",
        "--include-unattributed",
        "--out",
        predictions,
        *options,
    )


def _quotes(*arguments: str | Path) -> None:
    """Run a command that a user would run."""
    done = subprocess.run([sys.executable, "-m", "quotes", *map(str, arguments)], check=False, cwd=ROOT)
    if done.returncode:
        raise typer.Exit(done.returncode)


if __name__ == "__main__":
    typer.run(review)
