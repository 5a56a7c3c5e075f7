"""Whole processes: how long `quotes extract` takes, the memory of a long stream, what --jobs gains."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.benching.speed import seconds

ROOT = Path(__file__).resolve().parent.parent.parent
_PAUSE = 0.1


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _quotes(*arguments: str) -> None:
    command = [sys.executable, "-m", "quotes", *arguments]
    subprocess.run(
        command, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )


def extract_seeds(runs: int) -> list[float]:
    """Seconds of `quotes extract seeds/` from start to end; a first run, which compiles, is left out."""
    return [seconds(lambda: _quotes("extract", str(ROOT / "seeds"))) for _ in range(runs + 1)][1:]


def knows_jobs() -> bool:
    """Whether `quotes extract` has --jobs."""
    command = [sys.executable, "-m", "quotes", "extract", "--help"]
    wide = {**_environment(), "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    told = subprocess.run(command, env=wide, capture_output=True, text=True, check=True)
    return "--jobs" in told.stdout


def jobs_seconds(folder: Path, jobs: int) -> float:
    """The seconds of one whole run over a folder with so many processes."""
    with tempfile.TemporaryDirectory() as out:
        path = str(Path(out) / "quotations.jsonl")
        return seconds(lambda: _quotes("extract", str(folder), "--jobs", str(jobs), "--out", path, "--quiet"))


def memory(folder: Path, count: int) -> list[float]:
    """The resident memory of a process that streams `count` articles, in MB, sampled from first to last.

    Raises OSError where there is no /proc, and RuntimeError when the process fails.
    """
    command = [sys.executable, "-m", "scripts.benching.stream", str(folder), str(count)]
    samples = []
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()  # "ready": the model is loaded, the articles begin
        while child.poll() is None:
            samples.append(_resident(child.pid))
            time.sleep(_PAUSE)
    if child.returncode:
        raise RuntimeError(f"the streaming process ended with {child.returncode}")
    return [sample for sample in samples if sample]


def _resident(pid: int) -> float:
    """A process's resident memory in MB; 0 when it has just ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    lines = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0]) / 1024 if lines else 0.0
