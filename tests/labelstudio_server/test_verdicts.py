"""Verdicts through a real Label Studio: shown, confirmed, corrected, and refused where they have no place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from labelstudio_by_hand import ALL, DOCUMENT, RAINED, RECORD, quote
from labelstudio_by_hand import Reviewer as Marking
from verdicts_by_hand import ALTERED, CHECKED, CHECKED_RECORD, checked_task

from quotes.formats.jsonl.records import read_records

from review_room import Pairs, Reviewer, Run  # isort: skip

# One worker for all tests of the server, so that a run has one server.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("labelstudio")]


def test_a_person_confirms_or_corrects_verdicts(
    predictions: Callable[[Pairs], Path], labelstudio: Run, reviewer: Reviewer, tmp_path: Path
) -> None:
    second = DOCUMENT.model_copy(update={"doc_id": "flood-2"})
    checked = [(DOCUMENT, CHECKED_RECORD), (second, CHECKED_RECORD.model_copy(update={"doc_id": "flood-2"}))]
    file = predictions(checked)
    pushed = labelstudio("push", file, "--project", reviewer.title, "--verified")
    assert pushed.returncode == 0, pushed.stderr
    assert "2 new" in pushed.stderr
    again = labelstudio("push", file, "--project", reviewer.title, "--verified")
    assert "2 unchanged" in again.stderr
    accepted, changed = reviewer.tasks
    assert reviewer.raw(accepted.id)["data"]["verified"] == checked_task()["data"]["verified"]
    reviewer.submit(accepted.id)
    marks = Marking(checked_task()["predictions"][0]["result"])
    reviewer.submit(changed.id, marks.set(quote(RAINED), "verdict", "cut").result)
    out = tmp_path / "gold.jsonl"
    pulled = labelstudio("pull", "--project", reviewer.title, "--out", out)
    assert pulled.returncode == 0, pulled.stderr
    one, other = read_records(out)
    by_person = {"probability": 1.0}
    was = [found and found.model_copy(update=by_person) for found in (each.verification for each in CHECKED)]
    was[-1] = None  # nobody is quoted with these words
    assert [each.verification for each in one.quotations] == was
    cut = ALTERED.model_copy(update={"verdict": "cut", **by_person})
    assert [each.verification for each in other.quotations] == [cut, *was[1:]]
    assert "Verdicts: 5 confirmed, 1 corrected." in pulled.stderr

    # Records without verdicts have no place there, nor verdicts in a project that doesn't show them.
    refused = labelstudio("push", predictions([(DOCUMENT, RECORD)]), "--project", reviewer.title)
    assert refused.returncode == 1
    assert "shows verdicts. Push records of `quotes verify` with --verified" in refused.stderr
    plain = f"{reviewer.title} plain"
    assert labelstudio("push", predictions([(DOCUMENT, RECORD)]), "--project", plain).returncode == 0
    refused = labelstudio("push", predictions(checked), "--project", plain, "--verified")
    assert refused.returncode == 1
    assert "quotes labelstudio config --verified" in " ".join(refused.stderr.split())
    assert len(ALL) == len(CHECKED)
