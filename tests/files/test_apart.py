"""Hostile files cost themselves, never the run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from quotes.errors import PACKAGES
from quotes.files import apart
from quotes.formats.sources import expand, read_all

PAGE = b"<html><body><p>The wall held all night, and nobody in the lower town left a bed.</p></body></html>"
# The parser compares each attribute with all before it: a few hundred kilobytes keep it busy for minutes.
SLOW = b"<html><body><p " + b" ".join(b"a%d=x" % i for i in range(120_000)) + b">x</p></body></html>"


def read_folder(folder: Path) -> tuple[list[str], list[str]]:
    problems: list[str] = []
    documents = read_all(expand([str(folder)]), lambda error: problems.append(str(error)))
    return [document.doc_id for document in documents], problems


def test_a_page_that_takes_for_ever_is_given_up_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "SECONDS", 2)
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "b.html").write_bytes(SLOW)
    (tmp_path / "c.html").write_bytes(PAGE)
    found, problems = read_folder(tmp_path)
    assert found == ["a", "c"]
    [problem] = problems
    assert problem.startswith(f"{tmp_path / 'b.html'}: this file took too long to read")


def test_a_page_that_takes_all_memory_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MEMORY", 400 << 20)
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "b.html").write_bytes(b"<html><body>" + b"<p>x</p>" * 2_400_000)
    found, problems = read_folder(tmp_path)
    assert found == ["a"]
    assert len(problems) == 1
    assert problems[0].startswith(f"{tmp_path / 'b.html'}: ")


def test_what_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    with path.open("wb") as file:
        file.truncate(apart_limit := (20 << 20) + 1)
    assert path.stat().st_size == apart_limit
    found, [problem] = read_folder(tmp_path)
    assert not found
    assert "larger than 20 MB" in problem


def test_the_clock_ends_what_only_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.5)
    (tmp_path / "b.html").write_bytes(SLOW)
    found, [problem] = read_folder(tmp_path)
    assert not found
    assert "took too long" in problem


def test_the_process_ends_with_its_parent(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    script = (
        "import os, signal; from quotes.files import apart; from quotes.formats.sources import read, single\n"
        f"read(single({str(tmp_path / 'a.html')!r}))\n"
        "print(apart._PROCESS._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    # The pipe that `capture_output` reads is ours alone: the child's standard output is another.
    patience = time.monotonic() + 120  # on a busy machine; else it takes no time
    while _runs(pid) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize(("suffix", "extra"), [(".html", "pages"), (".docx", "office"), (".pdf", "pdf")])
def test_a_missing_extra_is_named(
    suffix: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PACKAGES, extra, ("no_such_package",))
    (tmp_path / f"a{suffix}").write_bytes(PAGE)
    found, [problem] = read_folder(tmp_path)
    assert not found
    assert f"pip install 'quotes[{extra}]'" in problem
