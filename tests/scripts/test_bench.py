"""The benchmark's own sums: medians, growth, quarters, tables. How fast anything is, no test asserts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from quotes.records import Document
from scripts import bench
from scripts.benching import processes, speed, textacy_side
from scripts.benching.figures import Row, Timed, exponent, growth, markdown, plain, quarters


def test_the_median_run_counts() -> None:
    timed = Timed(900, (9.0, 1.0, 3.0))
    assert (timed.median, timed.rate) == (3.0, 300.0)
    assert timed.show() == "300 words/s (100 to 900)"


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_exponent_finds_the_power_of_the_growth(power: float) -> None:
    sizes = [100, 400, 1600]
    assert exponent(sizes, [0.3 * size**power for size in sizes]) == pytest.approx(power)


def test_exponent_needs_two_sizes() -> None:
    with pytest.raises(ValueError, match=r"."):
        exponent([100], [1.0])


@pytest.mark.parametrize(
    ("seconds", "expected"), [([1, 4, 16], [1, 1, 1]), ([1, 8, 64], [1, 2, 4]), ([2, 4, 8], [1, 0.5, 0.25])]
)
def test_growth_is_1_where_the_cost_is_linear(seconds: list[float], expected: list[float]) -> None:
    assert growth([100, 400, 1600], seconds) == pytest.approx(expected)


def test_quarters_give_the_peak_of_each() -> None:
    assert quarters([1, 9, 2, 3, 4, 4, 8, 5]) == [9, 3, 4, 8]
    assert quarters([1, 2, 3, 4, 5]) == [1, 2, 3, 5]
    with pytest.raises(ValueError, match="3 samples make no quarters"):
        quarters([1, 2, 3])


def test_tables_hold_every_row_and_escape_bars() -> None:
    rows = [Row("speed", "3 words/s", "≥ 2", "seeds"), Row("a|b", "1")]
    lines = plain(rows).splitlines()
    assert (
        len({line.find(cell) for line, cell in zip(lines, ("measured", "3 words/s", "1"), strict=True)}) == 1
    )
    assert markdown(rows).splitlines()[2:] == ["| speed | 3 words/s | ≥ 2 | seeds |", "| a\\|b | 1 |  |  |"]


def test_metered_counts_the_pipeline_and_not_what_feeds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def passes(seconds: float) -> None:
        nonlocal now
        now += seconds

    class Pipeline:
        def pipe(self, texts: Iterable[str], **_: Any) -> Iterator[str]:
            for text in texts:
                passes(10)
                yield text.upper()

    def fed() -> Iterator[str]:
        for text in ("a", "b"):
            passes(100)
            yield text

    monkeypatch.setattr(speed, "time", SimpleNamespace(perf_counter=lambda: now))
    metered = speed.Metered(Pipeline())  # type: ignore[arg-type]
    got = []
    for text in metered.pipe(fed()):
        passes(1000)
        got.append(text)
    assert got == ["A", "B"]
    assert metered.seconds == 20


def test_ways_run_in_turn_after_one_that_does_not_count() -> None:
    ran: list[str] = []

    def way(name: str) -> float:
        ran.append(name)
        return float(len(ran))

    timed = speed.side_by_side({"a": lambda: way("a"), "b": lambda: way("b")}, 10, 2)
    assert ran == ["a", "b", "a", "b", "a", "b"]
    assert timed["a"].seconds == (3, 5)
    assert timed["b"].seconds == (4, 6)


@pytest.mark.model
def test_the_own_share_is_a_share_of_a_real_run() -> None:
    articles = [Document(doc_id=str(n), text="“It rained,” Ada Quill said.") for n in range(3)]
    shares = speed.own_shares(articles, 2)
    assert len(shares) == 2
    assert all(0 < share < 1 for share in shares)


def test_read_repeats_a_small_folder(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(name, encoding="utf-8")
    articles = bench.read(tmp_path, 5)
    assert [article.text for article in articles] == list("ababa")
    assert len({article.doc_id for article in articles}) == 5
    with pytest.raises(typer.BadParameter, match=r"holds no \.txt file"):
        bench.read(tmp_path / "none", 5)


def test_a_stream_repeats_a_small_folder(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"“{name}”", encoding="utf-8")
    found = [json.loads(line) for line in processes.lines(tmp_path, 5)]
    assert [article["text"] for article in found] == ["“a”", "“b”", "“a”", "“b”", "“a”"]
    assert len({article["id"] for article in found}) == 5


def test_start_up_is_left_out_of_what_processes_gain() -> None:
    # Three seconds to start, one article a second and process.
    assert processes.Jobs(one_first=13, one_all=53, two_first=8, two_all=28).rest == (40, 20)


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_memory_is_that_of_a_process_that_did_all_articles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“It rained,” Ada Quill said.", encoding="utf-8")
    samples = processes.memory(tmp_path, 40)
    assert len(samples) >= 4
    assert 50 < max(samples) < 2000  # of an interpreter with a model


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_that_does_not_do_all_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="0 of 3 articles done"):
        processes.memory(tmp_path, 3)  # of a folder without articles


def test_the_quarters_are_those_of_one_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from /proc, which isn't here")
    runs = iter([[100.0, 230.0, 231.0, 232.0], [0.0, 250.0, 260.0, 255.0]])
    monkeypatch.setattr(processes, "memory", lambda folder, count, *more: next(runs))
    settings = bench.Settings(tmp_path, (), 5, None, 40, 1)
    peak, flat, peak_indirect, flat_indirect = bench.memory(settings)
    assert (peak.value, flat.value) == ("232 MB", "232 MB against 230 MB")
    assert (peak_indirect.value, flat_indirect.value) == ("260 MB", "255 MB against 250 MB")


def test_without_the_corpus_it_says_why_it_skips(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "_FOLDER", tmp_path / "missing")
    bench.main()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "missing isn't there. Name a folder" in captured.err


def test_without_the_corpus_accuracy_has_no_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "SHARED", tmp_path)
    assert list(bench.exhaustively(bench.Settings(tmp_path, (), 1, None, 0, 1))) == []


def test_publish_replaces_its_own_table_only(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    bench._publish(page, "one")
    page.write_text(f"# Title\n\n{page.read_text(encoding='utf-8')}\nwords behind\n", encoding="utf-8")
    bench._publish(page, "two")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Title\n")
    assert "words behind" in text
    assert "two" in text
    assert "one" not in text


def test_textacy_that_dies_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dead = tmp_path / "python"
    dead.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    dead.chmod(0o755)
    monkeypatch.setattr(textacy_side, "install", lambda _: dead)
    with (
        textacy_side.running(tmp_path, ["“No,” Quill said."]) as textacy,
        pytest.raises(textacy_side.TextacyError, match="has ended"),
    ):
        textacy.seconds()
