"""An interrupted or killed run is resumed: nothing lost, nothing twice, no torn line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.errors import OutputError
from quotes.formats.output import ResumedFile
from tests.conftest import PATIENT

Run = Callable[..., subprocess.CompletedProcess[str]]


def line(doc_id: str) -> bytes:
    record = {"doc_id": doc_id, "text_sha256": "", "quotations": [], "text": "“é”"}
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


ABC = [line(doc_id) for doc_id in "abc"]


def resumed(path: Path, *lines: bytes) -> set[str]:
    with ResumedFile(path) as file:
        before = set(file.before)
        for piece in lines:
            file.write(piece)
    return before


@given(cut=st.integers(0, sum(map(len, ABC))))
def test_wherever_it_was_cut_no_line_is_torn_or_lost(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cut") / "out.jsonl"
    partial = path.with_name("out.jsonl.partial")
    partial.write_bytes(b"".join(ABC)[:cut])
    whole = b"".join(ABC)[:cut].count(b"\n")
    assert resumed(path, *ABC[whole:]) == set("abc"[:whole])
    assert path.read_bytes() == b"".join(ABC)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_what_is_finished_is_kept_for_the_next_run(error: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"

    def stop() -> None:
        with ResumedFile(path) as file:
            file.write(ABC[0])
            file._file.write(b'{"doc_id": "b", "quot')
            raise error

    with pytest.raises(error):
        stop()
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl.partial"]
    assert (tmp_path / "out.jsonl.partial").read_bytes() == ABC[0]
    assert resumed(path, *ABC[1:]) == {"a"}


def test_a_run_that_had_done_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), ResumedFile(tmp_path / "out.jsonl"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_finished_file_is_added_to_and_stays_until_that_is_done(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(ABC[0])
    with ResumedFile(path) as file:
        assert file.before == {"a"}
        file.write(ABC[1])
        assert path.read_bytes() == ABC[0]
    assert path.read_bytes() == ABC[0] + ABC[1]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"My notes\n" + ABC[0], "line 1: this is not a record; cannot resume"),
        (ABC[0] + b'{"doc_id": "x"}\n' + ABC[1], "line 2: this is not a record; cannot resume"),
        (ABC[0] + b"\0" * 20 + b"\n" + ABC[1], "line 2: this is not a record; cannot resume"),
        (ABC[0] + ABC[1] + ABC[0], "line 3: the document 'a' appears twice"),
    ],
)
def test_what_no_run_has_left_is_refused_and_not_touched(content: bytes, told: str, tmp_path: Path) -> None:
    partial = tmp_path / "out.jsonl.partial"
    partial.write_bytes(content)
    with pytest.raises(OutputError, match=told):
        resumed(tmp_path / "out.jsonl")
    assert partial.read_bytes() == content


def test_two_runs_never_write_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with ResumedFile(path) as file:
        file.write(ABC[0])
        with pytest.raises(OutputError, match="another run is writing"):
            resumed(path, ABC[1])
    assert path.read_bytes() == ABC[0]


@pytest.mark.parametrize("out", [[], ["-o", "-"], ["-o", "out.csv"]])
def test_only_jsonl_can_be_resumed(out: list[str], run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Nobody said a word.")
    done = run_quotes("extract", "a.txt", "--resume", *out)
    assert done.returncode == 2
    assert "Invalid value for --out: --resume works with .jsonl only. Name such a file" in done.stderr


# A real process, really killed


@pytest.mark.model
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_run_is_resumed_as_if_it_had_not_been_killed(
    jobs: str, environment: dict[str, str], run_quotes: Run, heap: Path
) -> None:
    articles = ("extract", "news", "last.txt", "--jobs", jobs)
    partial = heap / "out.jsonl.partial"
    program = f"{PATIENT}from quotes.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, *articles, "--resume", "--out", "out.jsonl", "--quiet"],
        cwd=heap,
        env=environment,
        start_new_session=True,
    ) as process:
        while process.poll() is None and not (partial.exists() and b"\n" in partial.read_bytes()):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not (heap / "out.jsonl").exists()
    done = partial.read_bytes().count(b"\n")
    assert 0 < done < 301
    (heap / "last.txt").unlink()
    (heap / "last.txt").write_text("Nobody said a word.")
    again = run_quotes(*articles, "--resume", "--out", "out.jsonl")
    assert again.returncode == 0
    assert f"Resuming: {done} documents are already done." in again.stderr
    assert run_quotes(*articles, "--quiet", "--out", "never_killed.jsonl").returncode == 0
    assert (heap / "out.jsonl").read_bytes() == (heap / "never_killed.jsonl").read_bytes()
    assert not partial.exists()
