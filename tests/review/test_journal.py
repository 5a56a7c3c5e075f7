"""The journal: what is said to be saved is on the disk, whenever the program is killed."""

from __future__ import annotations

from pathlib import Path

import paths
import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_by_hand import DAM, FLOOD_RECORD, PIER_RECORD, PITY, RAIN, decision

from quotes.errors import OutputError, ReadError
from quotes.review.decisions import Decision
from quotes.review.journal import Journal

FIRST = decision(FLOOD_RECORD, RAIN)
SECOND = decision(FLOOD_RECORD, DAM, "rejected", DAM.model_copy(update={"kind": "unattributed"}))
OTHER = decision(FLOOD_RECORD, RAIN, "unsure")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.bo.journal"


def written(path: Path, *decisions: Decision) -> bytes:
    with Journal.continued(path, "bo") as journal:
        for one in decisions:
            journal.add(one)
    return path.read_bytes()


def test_what_is_added_is_read_back(path: Path) -> None:
    lines = written(path, FIRST, SECOND).splitlines()
    assert len(lines) == 3
    with Journal(path) as journal:
        assert journal.reviewer == "bo"
        assert list(journal.decisions()) == [FIRST, SECOND]
        assert journal.problem is None


def test_it_goes_on_where_it_ended(path: Path) -> None:
    before = written(path, FIRST)
    after = written(path, SECOND)
    assert after.startswith(before)
    with Journal(path) as journal:
        assert list(journal.decisions()) == [FIRST, SECOND]


def test_the_later_decision_on_a_quotation_counts(path: Path) -> None:
    written(path, FIRST, SECOND, OTHER)
    with Journal(path) as journal:
        assert list(journal.decisions()) == [OTHER, SECOND]
        assert [one.verdict for one in journal.entries.values()] == ["unsure", "rejected"]


def test_undoing_goes_back_through_all_decisions_and_is_written_down(path: Path) -> None:
    written(path, FIRST, SECOND, OTHER)
    with Journal.continued(path, "bo") as journal:
        undone = journal.undo("now")
        assert undone is not None
        assert undone[0] == OTHER.key
        assert list(journal.decisions()) == [FIRST, SECOND]
        journal.undo("now")
        assert list(journal.decisions()) == [FIRST]
        journal.add(OTHER)
    with Journal.continued(path, "bo") as journal:  # as it is read back
        assert list(journal.decisions()) == [OTHER]
        assert journal.undo("now") is not None
        assert list(journal.decisions()) == [FIRST]
        assert journal.undo("now") is not None
        assert journal.undo("now") is None
        assert journal.entries == {}


def test_a_line_cut_anywhere_is_told_and_loses_nothing_else(path: Path) -> None:
    whole = written(path, FIRST, SECOND)
    begin = whole.rindex(b"\n", 0, -1) + 1
    for end in range(begin, len(whole)):
        path.write_bytes(whole[:end])
        counts = [FIRST, SECOND] if end == len(whole) - 1 else [FIRST]  # only the line end is missing
        with Journal(path) as journal:
            assert list(journal.decisions()) == counts
            assert (journal.problem is not None) == (begin < end < len(whole) - 1)
        if (end - begin) % 100 < 2 or end > len(whole) - 3:
            with Journal.continued(path, "bo") as journal:
                journal.add(OTHER)
            with Journal(path) as journal:
                assert list(journal.decisions()) == [OTHER, *counts[1:]]
                assert journal.problem is None


def test_a_first_line_that_is_cut_begins_anew(path: Path) -> None:
    whole = written(path)
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert written(path) == whole


def test_a_damaged_line_in_the_middle_is_an_error_with_its_number(path: Path) -> None:
    header, first, second = written(path, FIRST, SECOND).splitlines(keepends=True)
    path.write_bytes(header + first[:50] + b"\n" + second)
    with pytest.raises(ReadError, match=r"line 2: this is not a decision .* Restore"):
        Journal(path)
    path.write_bytes(first + second)
    with pytest.raises(ReadError, match="line 1: this is not a journal"):
        Journal.continued(path, "bo")
    assert path.read_bytes() == first + second


def test_somebody_elses_journal_stays_as_it_is(path: Path) -> None:
    before = written(path, FIRST)
    with pytest.raises(ReadError, match=r"the journal of bo, not of ada\. Add --as"):
        Journal.continued(path, "ada")
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"the folder .* does not exist"):
        Journal.continued(tmp_path / "no" / "p.journal", "bo")
    with pytest.raises(OutputError, match="can't be written"):
        Journal.continued(tmp_path, "bo")
    with pytest.raises(ReadError, match="irectory"):
        Journal(tmp_path)
    with pytest.raises(ReadError, match="No such file"):
        Journal(tmp_path / "p.journal")


@given(st.lists(st.sampled_from([FIRST, SECOND, OTHER, decision(PIER_RECORD, PITY), None]), max_size=12))
def test_reading_gives_what_the_writer_had(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Decision | None]
) -> None:
    """None is an undo."""
    path = tmp_path_factory.mktemp("journal") / "p.journal"
    history: list[Decision] = []
    with Journal.continued(path, "bo") as journal:
        for step in steps:
            if step is not None:
                journal.add(step)
                history.append(step)
            elif journal.undo("now"):
                history.pop()
        wanted = list({one.key: one for one in history}.values())
        assert sorted(journal.decisions(), key=repr) == sorted(wanted, key=repr)
        entries = dict(journal.entries)
    with Journal(path) as again:
        assert again.entries == entries


def test_a_journal_of_another_version_is_refused(path: Path) -> None:
    path.write_text('{"journal_version":2,"reviewer":"bo"}\n', encoding="utf-8")
    with pytest.raises(ReadError, match="line 1: this is not a journal"):
        Journal(path)


def test_its_lines_are_described(path: Path) -> None:
    documented = (paths.ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    for name in Decision.model_fields:
        assert f"`{name}`" in documented
