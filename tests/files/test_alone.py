"""Two runs with one output: the second is told, nothing is lost, and no lock outlives its run."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import spoken
from typer.testing import CliRunner

from quotes.cli.app import app
from quotes.errors import OutputError
from quotes.files.alone import alone
from quotes.formats.jsonl import records as jsonl

Run = Callable[..., subprocess.CompletedProcess[str]]

OLD = b"what an earlier run wrote\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an article, and a file of records with their texts."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rain.txt").write_text("“It rained all night,” Ada Quill said.\n", encoding="utf-8")
    (tmp_path / "in.jsonl").write_bytes(jsonl.encode(spoken("echo", ("Ada Quill", "“It rained,”"))))
    (tmp_path / "export.json").write_text("[]")
    return tmp_path


@pytest.mark.parametrize(
    ("out", "command"),
    [
        pytest.param(out, command, id=" ".join(command[:2]))
        for out, command in [
            ("out.jsonl", ["extract", "rain.txt", "--out", "out.jsonl"]),
            ("out.jsonl", ["extract", "rain.txt", "--resume", "--out", "./out.jsonl"]),
            ("out.jsonl", ["extract", "rain.txt", "--shard-size", "1MB", "--out", "out.jsonl"]),
            ("out.jsonl", ["extract", "in.jsonl", "--engine", "ray", "--out", "out.jsonl"]),
            ("out.brat", ["convert", "in.jsonl", "--texts", "rain.txt", "--out", "out.brat"]),
            ("out.csv", ["variants", "in.jsonl", "--out", "out.csv"]),
            ("out.jsonl", ["variants", "in.jsonl", "--records", "out.jsonl"]),
            ("out.json", ["score", "in.jsonl", "in.jsonl", "--json", "out.json"]),
            ("out.html", ["score", "in.jsonl", "in.jsonl", "--html", "out.html"]),
            ("out.html", ["show", "rain.txt", "--html", "out.html"]),
            ("out.db", ["db", "build", "in.jsonl", "--out", "out.db"]),
            ("out.json", ["labelstudio", "export", "in.jsonl", "--out", "out.json"]),
            ("out.jsonl", ["labelstudio", "import", "export.json", "--out", "out.jsonl"]),
            ("out.jsonl", ["labelstudio", "pull", "--project", "floods", "--out", "out.jsonl"]),
            ("out.xml", ["labelstudio", "config", "--out", "out.xml"]),
        ]
    ],
)
def test_the_second_run_is_told_and_touches_nothing(out: str, command: list[str], here: Path) -> None:
    (here / out).write_bytes(OLD)
    with alone(out):
        before = sorted(here.iterdir())
        done = CliRunner().invoke(app, command)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == (
            f"Error: {out}: another run is writing to this file. Wait until it ends, or name another file.\n"
        )
        assert sorted(here.iterdir()) == before
    assert (here / out).read_bytes() == OLD
    assert not list(here.glob(".*"))


def test_two_names_of_one_file_are_one_output(here: Path) -> None:
    (here / "out.jsonl").write_bytes(OLD)
    (here / "link.jsonl").symlink_to("out.jsonl")
    with alone("out.jsonl"), pytest.raises(OutputError, match="another run"), alone(here / "link.jsonl"):
        pass


def test_outputs_side_by_side_do_not_disturb_each_other(here: Path) -> None:
    with alone("a.jsonl", None, "-"), alone("b.jsonl", "b.jsonl", "-"):
        assert sorted(path.name for path in here.glob(".*")) == [".a.jsonl.lock", ".b.jsonl.lock"]
    assert not list(here.glob(".*"))


def test_where_there_can_be_no_lock_the_writer_says_what_is_wrong(here: Path) -> None:
    with alone("missing/out.jsonl"):
        pass
    assert "missing" not in [path.name for path in here.iterdir()]


# Real processes

HOLDS = """
import sys, time
from quotes.files.alone import alone
with alone("out.jsonl"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(here: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that holds `out.jsonl`."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS], cwd=here, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_killed_run_blocks_nobody_and_the_next_one_clears_up(
    holder: subprocess.Popen[str], here: Path
) -> None:
    convert = ["convert", "in.jsonl", "--out", "out.jsonl"]
    assert CliRunner().invoke(app, convert).exit_code == 1
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert CliRunner().invoke(app, convert).exit_code == 0
    assert not list(here.glob(".*"))


@pytest.mark.model
def test_of_two_runs_at_once_one_fails_and_its_articles_are_not_missed(
    environment: dict[str, str], run_quotes: Run, heap: Path
) -> None:
    """The first waits for a pipe that nobody has opened; the second comes meanwhile."""
    command = ("extract", "--quiet", "--out", "out.jsonl")
    with subprocess.Popen(
        [sys.executable, "-m", "quotes", *command, "last.txt", "--jobs", "1"], cwd=heap, env=environment
    ) as first:
        while first.poll() is None and not list(heap.glob(".out.jsonl.*")):
            time.sleep(0.01)
        second = run_quotes(*command, "news/000.txt")
        (heap / "last.txt").write_text("Nobody said a word.")
    assert (second.returncode, second.stdout) == (1, "")
    assert "another run is writing to this file" in second.stderr
    assert first.returncode == 0
    [line] = (heap / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["doc_id"] == "last"
    assert sorted(path.name for path in heap.iterdir()) == ["last.txt", "news", "out.jsonl"]
