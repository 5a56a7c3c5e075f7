"""What several test files need: records made by hand, and the program as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import builders
import pytest
from hypothesis import HealthCheck, settings

from quotes.records import DocumentRecord, Quotation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says how busy the machine is, and nothing about the code.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples in every run, so that no change fails by bad luck.
settings.register_profile("fixed", UNHURRIED, derandomize=True, database=None)
# `make fuzz` looks for more: ten times as many, other ones each time, and those that failed before.
settings.register_profile("fuzz", UNHURRIED, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

ROOT = Path(__file__).resolve().parent.parent

STORY = "“It rained all night,” Mayor Ada Quill said. She called the dam a “disgrace” and left.\n"


def _quotation(text: str, *quoted: str, name: str | None = None, **fields: Any) -> Quotation:
    kind = "person" if name else "unknown"
    fields = {"speaker_kind": kind} | fields
    return builders.quotation(text, *quoted, speaker_name=name, **fields)


@pytest.fixture
def quotation() -> Callable[..., Quotation]:
    """Make a quotation: the text, the words of its parts, and the words of speaker and cue."""
    return _quotation


@pytest.fixture
def story_record() -> DocumentRecord:
    """The record of STORY: one quotation of a named speaker, one of a pronoun."""
    return DocumentRecord(
        doc_id="story",
        text_sha256="0" * 64,
        quotations=(
            _quotation(
                STORY, "“It rained all night,”", speaker="Mayor Ada Quill", name="Ada Quill", cue="said"
            ),
            _quotation(STORY, "“disgrace”", speaker="She", cue="called", kind="mixed", confidence=0.5),
        ),
    )


@pytest.fixture
def environment() -> dict[str, str]:
    """An environment in which a subprocess finds the package, and in which nothing sets width or colour."""
    kept = {
        key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@pytest.fixture
def run_quotes(
    environment: dict[str, str], tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `quotes ARGUMENT...` in `tmp_path` as a user does, and give its exit code and both outputs."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "quotes", *arguments],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=environment | variables,
            check=False,
            timeout=300,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


#: What lets a run wait for a pipe for as long as it takes: the first lines of its program.
PATIENT = "from quotes.files import inputs; inputs.PATIENCE = 3600\n"


@pytest.fixture
def heap(tmp_path: Path) -> Path:
    """A folder with `news/`, 300 articles, and a pipe `last.txt`: a patient run can't end by itself.

    It is so much text that several processes work on it, and that many records are written before the pipe
    is read.
    """
    (tmp_path / "news").mkdir()
    story = "“It rained all night,” Ada Quill said.\n\n" * 3 + "The dam held, and nobody was hurt. " * 60
    for number in range(300):
        (tmp_path / "news" / f"{number:03}.txt").write_text(
            f"Report {number}.\n\n{story}\n", encoding="utf-8"
        )
    os.mkfifo(tmp_path / "last.txt")
    return tmp_path


# `make check` leaves out what starts other programs: by the fixtures that a test asks for, and by files.
BY_FIXTURE = {"browser": "browser", "run_quotes": "process", "heap": "process"}
BY_FILE = {
    "test_ray": "ray",
    "test_docs": "process",
    "test_grouping": "process",
    "test_long_paragraphs": "process",
    "test_running": "process",
    "test_apart": "process",
    "test_accuracy_scripts": "process",
    "test_bench": "process",
    "test_fuzz": "process",
    "test_journal_killed": "process",
    "test_review_server": "process",
    "test_scale_model": "process",
    "test_scoring_scripts": "process",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start other programs."""
    for item in items:
        names = [BY_FIXTURE.get(name) for name in getattr(item, "fixturenames", ())]
        for marker in {BY_FILE.get(item.path.stem), *names} - {None}:
            item.add_marker(str(marker))


CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a module of tests shares one."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("continuous integration must have /usr/bin/chromium: apt-get install chromium")
        pytest.skip("no browser is here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
