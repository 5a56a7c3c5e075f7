"""The journal of a program that is killed, or whose disk is full."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from review_by_hand import DAM, FLOOD_RECORD, RAIN, decision

from quotes.review.journal import Journal

FIRST, SECOND = decision(FLOOD_RECORD, RAIN), decision(FLOOD_RECORD, DAM)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.bo.journal"


def test_a_full_disk_leaves_no_half_line(path: Path, environment: dict[str, str]) -> None:
    """In a process of its own, whose files may not grow beyond a limit."""
    with Journal.continued(path, "bo") as journal:
        journal.add(FIRST)
    before = path.read_bytes()
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from quotes.errors import OutputError\n"
        "from quotes.review.decisions import Decision\n"
        "from quotes.review.journal import Journal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 100}, -1))\n"
        "journal = Journal.continued(Path(sys.argv[1]), 'bo')\n"
        "try:\n"
        "    journal.add(Decision.model_validate_json(sys.argv[2]))\n"
        "except OutputError as error:\n"
        "    print(error, len(journal.entries))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path, SECOND.model_dump_json()],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert "can't be written (File too large)" in done.stdout
    assert done.stdout.split()[-1] == "1"
    assert path.read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from quotes.review.decisions import Decision
from quotes.review.journal import Journal

one = Decision.model_validate_json(sys.argv[2])
with Journal.continued(Path(sys.argv[1]), "bo") as journal:
    number = len(journal.entries)
    while True:
        number += 1
        journal.add(one.model_copy(update={"quote_id": str(number)}))
        print(number, flush=True)
"""


def test_killed_at_any_moment_nothing_that_was_said_to_be_saved_is_lost(
    path: Path, environment: dict[str, str]
) -> None:
    moments = random.Random(18)
    saved = 0
    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, path, FIRST.model_dump_json()],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert writer.stdout is not None
        assert int(writer.stdout.readline()) == saved + 1
        time.sleep(moments.uniform(0, 0.05))
        writer.kill()
        rest = writer.communicate()[0].split("\n")[:-1]  # a number that isn't whole was not said
        said = int(rest[-1]) if rest else saved + 1
        with Journal(path) as journal:
            numbers = [int(one.quote_id) for one in journal.decisions()]
        # One more may be on the disk that the writer hadn't time to tell.
        assert numbers == list(range(1, len(numbers) + 1))
        assert said <= len(numbers) <= said + 1
        saved = len(numbers)
