"""`quotes db` as a user calls it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from builders import spoken, words_of

from quotes.formats.jsonl import records as jsonl
from quotes.records import Metadata

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two articles."""
    path = tmp_path / "archive.jsonl"
    echo = Metadata(outlet="The Ellery Echo", date="2017-06-05")
    path.write_bytes(
        jsonl.encode(spoken("echo", ("Ada Quill", "“We will rebuild the old pier,”"), metadata=echo))
        + jsonl.encode(spoken("post", ("Ned Pell", "“The [red]pier[/red] is \x1b[31mmine.”")))
    )
    return path


def test_what_is_built_can_be_searched(archive: Path, run_quotes: Run, tmp_path: Path) -> None:
    done = run_quotes("db", "build", archive.name, "--out", "harbour.db")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "2 documents added, 0 replaced, 0 unchanged; 2 quotations in harbour.db." in done.stderr
    assert "datasette harbour.db --metadata harbour-metadata.json" in done.stderr
    found = run_quotes("db", "search", "pier", "--db", "harbour.db", "--speaker", "Quill", "--since", "2017")
    assert found.returncode == 0
    for shown in (
        "Ada Quill",
        "“We will rebuild the old pier,”",
        "2017-06-05",
        "The Ellery Echo",
        "1 quotation",
    ):
        assert shown in found.stdout
    odd = run_quotes("db", "search", "pier", "--db", "harbour.db", "--limit", "2")
    assert "[red]pier[/red] is mine" in odd.stdout
    assert "\x1b" not in odd.stdout
    assert run_quotes("db", "search", "eels", "--db", "harbour.db").stdout == "Nothing found.\n"
    again = run_quotes("db", "build", archive.name, "--out", "harbour.db")
    assert "0 documents added, 0 replaced, 2 unchanged" in again.stderr
    assert "datasette" not in again.stderr


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], "2 quotations"),
        (["--kind", "indirect"], "the pier was safe"),
        (["--type", "belief,fact"], "the pier was safe"),
        (["--kind", "direct", "--type", "belief"], "Nothing found."),
    ],
)
def test_a_search_is_for_kinds_and_types(
    options: list[str], found: str, run_quotes: Run, tmp_path: Path
) -> None:
    said = words_of("0", "Ada Quill", "the pier was safe", 100, kind="indirect", attribution_type="belief")
    (tmp_path / "a.jsonl").write_bytes(jsonl.encode(spoken("echo", ("Ada Quill", "“A pier!”"), said)))
    run_quotes("db", "build", "a.jsonl")
    shown = run_quotes("db", "search", "pier", *options)
    assert (shown.returncode, found in shown.stdout) == (0, True)
    assert ("“A pier!”" in shown.stdout) == (not options)


def test_a_mention_does_not_look_like_a_name(run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl.encode(spoken("echo", (None, "“The pier is mine.”"))))
    run_quotes("db", "build", "a.jsonl")
    assert "│ – (a fisherman) " in run_quotes("db", "search", "pier").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(
            ["search", "pier", "--db", "none.db"],
            1,
            "Build a database: quotes db build",
            id="no database",
        ),
        pytest.param(
            ["search", "pier", "--db", "archive.jsonl"], 1, "not a database, or a damaged one", id="no SQLite"
        ),
        pytest.param(["search", "pier", "--since", "June"], 2, "Write a year, a month or a day", id="no day"),
        pytest.param(["search", "pier", "--since", "2017-13"], 2, "'2017-13' is not a date", id="no month"),
        pytest.param(
            ["search", "pier", "--until", "2017-02-29"], 2, "'2017-02-29' is not a date", id="no 29th"
        ),
        pytest.param(["search", "pier", "--since", "٢٠١٧"], 2, "is not a date", id="other digits"),
        pytest.param(["search", "pier", "--since", "0000"], 2, "is not a date", id="year 0"),
        pytest.param(["search", "pier", "--until", ""], 2, "'' is not a date", id="nothing as a day"),
        pytest.param(
            ["search", "pier", "--since", "2017-06", "--until", "2017-05-31"],
            2,
            "2017-06 is after 2017-05-31",
            id="backwards",
        ),
        pytest.param(["search", "pier", "--limit", f"{10**30}"], 2, "less than or equal", id="limit"),
        pytest.param(["search", '"(*', "--db", "q.db"], 1, "no word to search for", id="no word"),
        pytest.param(["search", "", "--db", "q.db"], 1, "no word to search for", id="nothing"),
        pytest.param(
            ["search", "a", "--db", "q.db", "--speaker", "Ned Pel"], 1, "Did you mean Ned Pell?", id="name"
        ),
        pytest.param(["search", "a", "--kind", "spoken"], 2, "choose from direct, mixed", id="kind"),
        pytest.param(["search", "a", "--type", "wish"], 2, "choose from assertion, belief", id="type"),
        pytest.param(["build", "none.jsonl"], 1, "there is no such file", id="no records"),
        pytest.param(["build", "archive.jsonl", "--out", "x/q.db"], 1, "mkdir -p", id="no folder"),
        pytest.param(["build"], 2, "Missing argument", id="no file"),
    ],
)
def test_what_goes_wrong_is_told(
    archive: Path, run_quotes: Run, arguments: list[str], code: int, told: str
) -> None:
    if "q.db" in arguments:
        run_quotes("db", "build", archive.name, "--out", "q.db")
    done = run_quotes("db", *arguments)
    assert done.returncode == code
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["torn.jsonl", "torn.jsonl.gz", "records.spacy", "records.parquet"])
def test_a_build_that_fails_leaves_neither_a_database_nor_its_metadata(
    archive: Path, run_quotes: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(archive.read_bytes()[:-20])
    done = run_quotes("db", "build", name, "--out", "quotes.db")
    assert done.returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {archive.name, name}


def test_without_the_extra_it_says_what_to_install(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quotes.database.build import build
    from quotes.errors import DatabaseError

    monkeypatch.setitem(sys.modules, "sqlite_utils", None)
    with pytest.raises(DatabaseError, match=r"pip install 'quotes\[db\]'"):
        build([archive], tmp_path / "q.db")
    assert [path.name for path in tmp_path.iterdir()] == ["archive.jsonl"]


@pytest.mark.parametrize(
    ("since", "until"), [("2017", "2017-06-05"), ("2017-06", "2017"), ("2017-06-05",) * 2]
)
def test_days_that_overlap_are_searched(archive: Path, run_quotes: Run, since: str, until: str) -> None:
    run_quotes("db", "build", archive.name, "--out", "q.db")
    found = run_quotes("db", "search", "pier", "--db", "q.db", "--since", since, "--until", until)
    assert (found.returncode, found.stderr) == (0, "")
    assert "1 quotation" in found.stdout
