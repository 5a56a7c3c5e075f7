"""The scale model multiplies right, says what it assumes, and measures what it isn't given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import paths
import pytest

from scripts.scale_model import Model, Prices, Rates, assumptions, table

ROOT = paths.ROOT
SCRIPT = ROOT / "scripts" / "scale_model.py"

# 1,000 words in a second of which half is lost: a core does an article of 500 words in a second.
RATES = Rates(
    words_second=1000,
    words_article=500,
    startup=4,
    memory=300,
    input_bytes=3000,
    jsonl_bytes=2000,
    parquet_bytes=500,
)
MODEL = Model(RATES, efficiency=0.5, ray_startup=56, ray_memory=100)
GIVEN = {
    "--words-second": "1000",
    "--words-article": "500",
    "--startup": "4",
    "--memory": "300",
    "--input-bytes": "3000",
    "--jsonl-bytes": "2000",
    "--parquet-bytes": "500",
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
    )


def test_the_arithmetic() -> None:
    assert MODEL.core_hours(3600) == pytest.approx(1)
    assert MODEL.hours(3600, 2, ray=False) == pytest.approx(0.5 + 4 / 3600)
    assert MODEL.hours(3600, 2, ray=True) == pytest.approx(0.5 + 60 / 3600)
    assert MODEL.memory(10, ray=True) == 4000
    assert MODEL.memory(10, ray=False) == 3000


@pytest.mark.parametrize(("articles", "hours"), [(1, 1), (3600, 0.5), (10**6, 24), (10**9, 24)])
def test_the_fewest_cores_that_do_it(articles: int, hours: float) -> None:
    cores = MODEL.cores_for(articles, hours)
    assert MODEL.hours(articles, cores, ray=True) <= hours
    assert cores == 1 or MODEL.hours(articles, cores - 1, ray=True) > hours


def test_no_cores_are_enough_where_starting_takes_longer() -> None:
    with pytest.raises(ValueError, match="before anything has started"):
        MODEL.cores_for(1, 1 / 60)


@pytest.mark.parametrize(("here", "there"), [(2, 64), (2, 3), (8, 1000)])
def test_ray_pays_from_where_both_take_as_long(here: int, there: int) -> None:
    articles = MODEL.pays_from(here, there)
    assert articles is not None
    assert MODEL.hours(articles, there, ray=True) <= MODEL.hours(articles, here, ray=False)
    assert MODEL.hours(articles - 2, there, ray=True) > MODEL.hours(articles - 2, here, ray=False)


@pytest.mark.parametrize("there", [1, 2])
def test_ray_never_pays_with_no_more_cores(there: int) -> None:
    assert MODEL.pays_from(2, there) is None
    assert f"{there} cores with Ray are sooner done than --jobs 2 here never." in assumptions(
        MODEL, [2, there], Prices()
    )


def test_prices_are_there_only_if_the_user_gave_them() -> None:
    without = table(MODEL, [10**6], [2], Prices())
    assert not [row for row in without if "price" in row[0]]
    prices = Prices(core_hour=0.1, gb_month=2)
    rows = {name: cells for name, *cells in table(MODEL, [3600, 10**6], [2], prices)}
    assert rows["price of the cores"] == ["0.10", "27.78"]
    assert rows["price of a month's storage"] == ["0.03", "7.00"]
    assert rows["part files"] == ["1", "60"]
    assert rows["output, .jsonl"] == ["7.2 MB", "2.0 GB"]


def test_with_all_rates_given_nothing_is_measured() -> None:
    done = run(
        *(word for pair in GIVEN.items() for word in pair), "--articles", "1000000", "--efficiency", "0.5"
    )
    assert done.returncode == 0, done.stderr
    assert "Measuring" not in done.stderr
    assert "1,000,000" in done.stdout
    assert "278" in done.stdout  # core-hours
    assert "An article has 500 words and 3,000 bytes." in done.stdout


@pytest.mark.model
def test_what_is_not_given_is_measured() -> None:
    done = run(str(ROOT / "seeds"), "--limit", "3", "--words-article", "500")
    assert done.returncode == 0, done.stderr
    assert "Measuring on seeds, 3 articles" in done.stderr
    assert "An article has 500 words and " in done.stdout


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    done = run(str(tmp_path))
    assert done.returncode == 2
    assert "holds no .txt file" in done.stderr
