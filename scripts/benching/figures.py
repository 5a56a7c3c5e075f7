"""Measured figures → a table: medians, growth, and what the project has set itself."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of the table; `must` is the bound that it has to keep, "" where there is none."""

    figure: str
    value: str
    must: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """The seconds of several runs over the same words."""

    words: int
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the runs, in seconds."""
        return statistics.median(self.seconds)

    @property
    def rate(self) -> float:
        """Words a second in the median run."""
        return self.words / self.median

    def show(self) -> str:
        """The rate, with the least and the greatest of the runs."""
        low, high = self.words / max(self.seconds), self.words / min(self.seconds)
        return f"{self.rate:,.0f} words/s ({low:,.0f} to {high:,.0f})"


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the size with which the cost grows: the slope of a least-squares line through the logs.

    1 is linear, 2 is quadratic. Raises ValueError for fewer than two different sizes.
    """
    slope, _ = statistics.linear_regression([math.log(x) for x in sizes], [math.log(x) for x in seconds])
    return float(slope)


def growth(sizes: Sequence[float], seconds: Sequence[float]) -> list[float]:
    """What a unit of each size costs, as a multiple of what it costs at the first: 1 where it is linear."""
    unit = seconds[0] / sizes[0]
    return [time / size / unit for size, time in zip(sizes, seconds, strict=True)]


def quarters(samples: Sequence[float]) -> list[float]:
    """The greatest sample of each quarter of a run. Raises ValueError for fewer than four samples."""
    if len(samples) < 4:
        raise ValueError(f"{len(samples)} samples make no quarters; stream more articles")
    edges = [len(samples) * k // 4 for k in range(5)]
    return [max(samples[a:b]) for a, b in pairwise(edges)]


def plain(rows: Sequence[Row]) -> str:
    """The rows in columns, for a terminal."""
    cells = [("figure", "measured", "must", ""), *((r.figure, r.value, r.must, r.note) for r in rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(3)]
    lines = ("  ".join([*(row[k].ljust(widths[k]) for k in range(3)), row[3]]).rstrip() for row in cells)
    return "\n".join(lines)


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| figure | measured | must | how |", "|---|---|---|---|"]
    cells = ((r.figure, r.value, r.must, r.note) for r in rows)
    lines += ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)
    return "\n".join(lines)


def machine() -> str:
    """The machine and the versions that measure, in one line, with how busy it is."""
    model = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        named = [
            line for line in cpu.read_text(encoding="utf-8").splitlines() if line.startswith("model name")
        ]
        model = named[0].partition(":")[2].strip() if named else model
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{os.cpu_count()} cores of {model}, {platform.system()}, Python {platform.python_version()}, "
        f"spaCy {version('spacy')}; load average at the start {load}"
    )
