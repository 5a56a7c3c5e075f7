"""What a million, a hundred million and a billion articles cost: cores, hours, memory, storage.

    python scripts/scale_model.py                          # rates measured on PolNeAR's train part, or seeds/
    python scripts/scale_model.py articles/ --cores 8 --cores 400
    python scripts/scale_model.py --words-second 20000 --words-article 800 --price-core-hour 0.04

The rates are measured in a process of its own, in CPU seconds; each can be given by its option instead. The
rest is multiplication, with what it assumes printed below the table.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated

import typer

from quotes.running import available_cores
from quotes.running.on_ray import PART
from scripts.benching import processes

_FOLDERS = (processes.ROOT.parent / "shared" / "polnear" / "train" / "text", processes.ROOT / "seeds")
_DRIVER = 60  # bytes that the driver of a run on Ray takes for each id; measured with three million
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Rates:
    """What is measured; bytes are those of a mean article."""

    words_second: float
    words_article: float
    startup: float
    memory: float
    input_bytes: float
    jsonl_bytes: float
    parquet_bytes: float


@dataclass(frozen=True, slots=True)
class Model:
    """Rates, and what is assumed. Hours are by the clock, core-hours of cores that are paid for."""

    rates: Rates
    efficiency: float
    ray_startup: float
    ray_memory: float

    def core_hours(self, articles: int) -> float:
        """Cores times hours that the work takes, start-up not counted."""
        words = articles * self.rates.words_article
        return words / (self.rates.words_second * self.efficiency) / 3600

    def hours(self, articles: int, cores: int, *, ray: bool) -> float:
        """Hours on so many cores."""
        startup = self.rates.startup + (self.ray_startup if ray else 0)
        return startup / 3600 + self.core_hours(articles) / cores

    def cores_for(self, articles: int, hours: float) -> int:
        """The fewest cores that do it in so many hours. Raises ValueError where starting takes longer."""
        left = hours - (self.rates.startup + self.ray_startup) / 3600
        if left <= 0:
            raise ValueError(f"{hours} hours are over before anything has started")
        return max(1, math.ceil(self.core_hours(articles) / left))

    def memory(self, cores: int, *, ray: bool) -> float:
        """Megabytes that the processes take, one a core."""
        return cores * (self.rates.memory + (self.ray_memory if ray else 0))

    def pays_from(self, here: int, there: int) -> int | None:
        """From how many articles on Ray with `there` cores is sooner done than `here` local processes.

        None where it never is.
        """
        saved = self.core_hours(1) * (1 / here - 1 / there) * 3600
        return None if saved <= 0 else math.ceil(self.ray_startup / saved)


@dataclass(frozen=True, slots=True)
class Prices:
    """What the user pays, in any currency; None where nothing was said."""

    core_hour: float | None = None
    gb_month: float | None = None


def measure(folder: Path, limit: int) -> Rates:
    """Measure one process over a folder's articles. Raises BadParameter where it holds none."""
    if not any(folder.glob("*.txt")):
        raise typer.BadParameter(f"{folder} holds no .txt file.")
    command = [sys.executable, "-m", "scripts.benching.rates", str(folder.resolve()), str(limit)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=processes.ROOT)
    found = json.loads(done.stdout)
    count = found["articles"]
    return Rates(
        words_second=found["words"] / found["seconds"],
        words_article=found["words"] / count,
        startup=found["startup"],
        memory=found["memory"],
        input_bytes=found["input"] / count,
        jsonl_bytes=found["jsonl"] / count,
        parquet_bytes=found["parquet"] / count,
    )


def table(model: Model, scales: list[int], cores: list[int], prices: Prices) -> list[tuple[str, ...]]:
    """The rows: what it is, and a cell for each number of articles."""
    rates = model.rates
    day = [model.cores_for(n, 24) for n in scales]

    def row(name: str, cells: list[str]) -> tuple[str, ...]:
        return (name, *cells)

    rows = [row("core-hours", [f"{model.core_hours(n):,.0f}" for n in scales])]
    for count in cores:
        name = f"time, --jobs {count} here" if count == cores[0] else f"time, {count:,} cores with Ray"
        rows.append(row(name, [_time(model.hours(n, count, ray=count != cores[0])) for n in scales]))
    rows += [
        row("cores for one day", [f"{count:,}" for count in day]),
        row("memory of their extractors", [_size(model.memory(count, ray=True) * 1e6) for count in day]),
        row("memory of Ray's driver, for ids", [_size(n * _DRIVER) for n in scales]),
        row("articles, as UTF-8", [_size(n * rates.input_bytes) for n in scales]),
        row("output, .jsonl", [_size(n * rates.jsonl_bytes) for n in scales]),
        row("output, .parquet", [_size(n * rates.parquet_bytes) for n in scales]),
        row("part files", [f"{math.ceil(n * rates.jsonl_bytes / PART):,}" for n in scales]),
    ]
    if prices.core_hour is not None:
        rows.append(
            row("price of the cores", [f"{model.core_hours(n) * prices.core_hour:,.2f}" for n in scales])
        )
    if prices.gb_month is not None:
        stored = [n * (rates.input_bytes + rates.parquet_bytes) / _GB for n in scales]
        rows.append(row("price of a month's storage", [f"{gb * prices.gb_month:,.2f}" for gb in stored]))
    return rows


def assumptions(model: Model, cores: list[int], prices: Prices) -> list[str]:
    """What the table takes for granted, in sentences."""
    rates = model.rates
    said = [
        f"An article has {rates.words_article:,.0f} words and {rates.input_bytes:,.0f} bytes.",
        f"A core does {rates.words_second:,.0f} words in a CPU second; where all cores work, "
        f"{model.efficiency:.0%} of that.",
        f"A process takes {rates.startup:.1f} CPU seconds to start and {rates.memory:,.0f} MB. Ray takes "
        f"{model.ray_startup:,.0f} s more, and {model.ray_memory:,.0f} MB more for each.",
        f"A document's record takes {rates.jsonl_bytes:,.0f} bytes as JSON Lines and "
        f"{rates.parquet_bytes:,.0f} as Parquet, without its text.",
        "Reading and writing keep up: an extractor reads some hundred kilobytes of text a second.",
        "All cores have work until the end: there are far more articles than the two hundred or so that an "
        "extractor is handed at a time.",
        "Nothing is counted for copies that a store keeps, for traffic, or for what fails and is done again.",
    ]
    for count in cores[1:]:
        from_ = model.pays_from(cores[0], count)
        when = "never" if from_ is None else f"from {from_:,} articles on"
        said.append(f"{count:,} cores with Ray are sooner done than --jobs {cores[0]} here {when}.")
    if prices.gb_month is not None:
        said.append("Stored are the articles, unpacked, and their records as Parquet.")
    return said


def main(
    folder: Annotated[
        Path | None, typer.Argument(help="Measure on the .txt articles of this folder.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Articles to measure on.")] = 200,
    articles: Annotated[
        list[int] | None, typer.Option(min=1, help="How many; say it again for more.")
    ] = None,
    cores: Annotated[list[int] | None, typer.Option(min=1, help="Cores with Ray; say it again.")] = None,
    words_second: Annotated[float | None, typer.Option(min=1, help="Words a core does in a second.")] = None,
    words_article: Annotated[float | None, typer.Option(min=1, help="Words of a mean article.")] = None,
    startup: Annotated[float | None, typer.Option(min=0, help="Seconds until a process is ready.")] = None,
    memory: Annotated[float | None, typer.Option(min=1, help="MB of a process.")] = None,
    input_bytes: Annotated[float | None, typer.Option(min=1, help="Bytes of a mean article.")] = None,
    jsonl_bytes: Annotated[float | None, typer.Option(min=0, help="Bytes of its record.")] = None,
    parquet_bytes: Annotated[float | None, typer.Option(min=0, help="The same in Parquet.")] = None,
    efficiency: Annotated[float, typer.Option(min=0.01, max=1, help="Of a busy machine's core.")] = 0.85,
    ray_startup: Annotated[float, typer.Option(min=0, help="Seconds that Ray takes more.")] = 30,
    ray_memory: Annotated[float, typer.Option(min=0, help="MB that Ray takes more a process.")] = 150,
    price_core_hour: Annotated[float | None, typer.Option(min=0, help="What a core costs an hour.")] = None,
    price_gb_month: Annotated[float | None, typer.Option(min=0, help="What storage costs.")] = None,
) -> None:
    """Print the table; messages go to standard error."""
    given = {
        "words_second": words_second,
        "words_article": words_article,
        "startup": startup,
        "memory": memory,
        "input_bytes": input_bytes,
        "jsonl_bytes": jsonl_bytes,
        "parquet_bytes": parquet_bytes,
    }
    model = Model(_rates(given, folder, limit), efficiency, ray_startup, ray_memory)
    scales = articles or [10**6, 10**8, 10**9]
    machines = [available_cores(), *(cores or [64, 1000])]
    prices = Prices(price_core_hour, price_gb_month)
    _print(table(model, scales, machines, prices), scales, assumptions(model, machines, prices))


def _rates(given: dict[str, float | None], folder: Path | None, limit: int) -> Rates:
    """The rates that were given, and the others as measured."""
    said = {name: value for name, value in given.items() if value is not None}
    if len(said) == len(fields(Rates)):
        return Rates(**said)
    where = folder or next(place for place in _FOLDERS if place.is_dir())
    print(f"Measuring on {where.name}, {limit} articles …", file=sys.stderr)
    return replace(measure(where, limit), **said)


def _print(rows: list[tuple[str, ...]], scales: list[int], said: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    grid = Table("", *(f"{n:,} articles" for n in scales))
    for column in grid.columns[1:]:
        column.justify = "right"
    for row in rows:
        grid.add_row(*row)
    console = Console(highlight=False)
    console.print(grid)
    for sentence in said:
        console.print(f"- {sentence}", markup=False, soft_wrap=True)


def _time(hours: float) -> str:
    if hours < 1:
        return f"{hours * 60:,.1f} min"
    return f"{hours:,.1f} h" if hours < 72 else f"{hours / 24:,.1f} days"


def _size(size: float) -> str:
    for unit in ("MB", "GB"):
        size /= 1000 if unit == "GB" else 1e6
        if size < 1000:
            return f"{size:,.1f} {unit}"
    return f"{size / 1000:,.1f} TB"


if __name__ == "__main__":
    typer.run(main)
