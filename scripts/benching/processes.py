"""Whole processes: how long `quotes extract` takes, the memory of a long stream, what --jobs gains."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from scripts.benching.speed import articles, seconds

ROOT = Path(__file__).resolve().parent.parent.parent
_PAUSE = 0.1


def _environment() -> dict[str, str]:
    # Compiled modules are kept, as they are for users, whatever the shell that measures says.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _quotes(*arguments: str) -> None:
    command = [sys.executable, "-m", "quotes", *arguments]
    subprocess.run(
        command, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )


def extract_seeds(runs: int) -> list[float]:
    """Seconds of `quotes extract seeds/` from start to end; a first run, which compiles, is left out."""
    return [seconds(lambda: _quotes("extract", str(ROOT / "seeds"))) for _ in range(runs + 1)][1:]


class Jobs(NamedTuple):
    """Seconds of one round: with one process and with two, over the first articles and over all of them."""

    one_first: float
    one_all: float
    two_first: float
    two_all: float

    @property
    def rest(self) -> tuple[float, float]:
        """What the articles behind the first take, without start-up: with one process, and with two."""
        return self.one_all - self.one_first, self.two_all - self.two_first


def jobs(folder: Path, first: int, count: int, runs: int) -> list[Jobs]:
    """Run `quotes extract --jobs 1` and `--jobs 2` in turn, over `first` articles and over `count`.

    Each process needs seconds to load its model, and a run over few articles would measure that.
    """
    with tempfile.TemporaryDirectory() as folder_of_streams:
        streams = [Path(folder_of_streams) / f"{size}.jsonl" for size in (first, count)]
        for path, size in zip(streams, (first, count), strict=True):
            with path.open("wb") as file:
                file.writelines(lines(folder, size))
        return [Jobs(*(_jobs_seconds(path, n) for n in (1, 2) for path in streams)) for _ in range(runs)]


def _jobs_seconds(stream: Path, number: int) -> float:
    out = str(stream.with_suffix(".out.jsonl"))
    return seconds(lambda: _quotes("extract", str(stream), "--jobs", str(number), "--out", out, "--quiet"))


def memory(folder: Path, count: int, *more: str) -> list[float]:
    """The resident memory of one `quotes extract --jobs 1` over a stream, in MB, from first to last.

    `more` are further options of the command. The articles come through a pipe, so that none is made before
    its turn; the records go to a file. Raises OSError where there is no /proc, and RuntimeError when the
    process fails.
    """
    with tempfile.TemporaryDirectory() as place:
        stream, out = Path(place) / "stream.jsonl", Path(place) / "out.jsonl"
        os.mkfifo(stream)
        options = ["--jobs", "1", "--out", str(out), "--quiet", *more]
        command = [sys.executable, "-m", "quotes", "extract", str(stream), *options]
        samples = []
        with subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL) as child:
            feeding = threading.Thread(target=_feed, args=(stream, folder, count), daemon=True)
            feeding.start()
            while child.poll() is None:
                samples.append(_resident(child.pid))
                time.sleep(_PAUSE)
        found = out.read_bytes().count(b"\n") if out.exists() else 0
        if child.returncode or found != count:
            raise RuntimeError(f"it ended with {child.returncode}, {found} of {count} articles done")
        return [sample for sample in samples if sample]


def _feed(stream: Path, folder: Path, count: int) -> None:
    with suppress(BrokenPipeError), stream.open("wb") as file:  # when the process has failed
        file.writelines(lines(folder, count))


def lines(folder: Path, count: int) -> Iterator[bytes]:
    """So many articles of a folder, over again where it has fewer, as JSON Lines; each is read anew."""
    for article in islice(articles(folder), count):
        yield json.dumps({"id": article.doc_id, "text": article.text}).encode() + b"\n"


def _resident(pid: int) -> float:
    """A process's resident memory in MB; 0 when it has just ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    lines = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0]) / 1024 if lines else 0.0
