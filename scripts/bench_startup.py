"""How long a command takes to answer: the median of some runs, each in a process of its own.

    python scripts/bench_startup.py            # quotes --help
    python scripts/bench_startup.py --runs 50 -- extract --help

`quotes --help` is meant to answer in under 0.3 seconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

_ROOT = Path(__file__).resolve().parent.parent


def main(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- ARGUMENT...]", help="What to call quotes with; --help if left out."),
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="How many runs to measure.")] = 20,
) -> None:
    """Print the median, least and greatest seconds that a call of quotes takes."""
    command = [sys.executable, "-m", "quotes", *(arguments or ["--help"])]
    with tempfile.TemporaryDirectory() as cache:
        # Compiled modules, as an installed package has them, without touching anybody's environment.
        environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _seconds(command, environment)  # compiles, and warms the disk's cache
        seconds = [_seconds(command, environment) for _ in range(runs)]
    typer.echo(
        f"quotes {' '.join(command[3:])}: median {statistics.median(seconds):.3f} s "
        f"({min(seconds):.3f} to {max(seconds):.3f} s in {runs} runs)"
    )


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    typer.run(main)
