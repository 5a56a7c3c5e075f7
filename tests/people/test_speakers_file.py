"""People become a file for --speakers: what is written, what stays, and what is never touched."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import given, settings
from test_people import ARCHIVES, archive, mentioned, said

from quotes import data
from quotes.errors import OutputError
from quotes.people import find_people
from quotes.people.speakers_file import Written, speakers_in, write_speakers
from quotes.records import DocumentRecord

BY_HAND = """# Ours.
[[speaker]]
name = 'Ada Quill'   # the mayor
aliases = [
  "Ada Tess Quill",  # on her birth certificate
]

[[office]]
name = "Mayor of Lowmarsh"
twitter = ["lowmarshmayor"]
holder = [{name = "Ada Quill", since = 2017-01-20}]
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "speakers.toml"


def write(records: Iterable[DocumentRecord], out: Path, **options: Any) -> Written:
    """What a run of the command does."""
    data.registry.cache_clear()  # which a process reads once
    found = find_people(records, out if out.exists() else None)
    return write_speakers(out, found.people, found.people, **options)


def entries(out: Path) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in tomllib.loads(out.read_text(encoding="utf-8"))["speaker"]}


def test_a_new_file_has_names_aliases_roles_and_where_they_come_from(out: Path) -> None:
    records = [
        said("a", "Ada Quill", day="2017-03-01", speaker_role="mayor of Lowmarsh", speaker_id="Q42"),
        said("b", "Ada J. Quill", "Ada J. Quill", day="2017-06-05", speaker_role="grandmother of two"),
        mentioned("c", "Quill", "she"),
        mentioned("d", "Quill", "she"),
    ]
    assert write(records, out) == (1, 0, 0)
    text = out.read_text(encoding="utf-8")
    assert text.endswith(
        """
[[speaker]]
# 5 quotations in 4 documents, 2017-03-01 to 2017-06-05
name = "Ada J. Quill"
kind = "person"
gender = "female"
wikidata = "Q42"
aliases = ["Ada Quill"]
roles = ["mayor of Lowmarsh"] # mayor of Lowmarsh (2017-03-01)
"""
    )
    assert [one.name for one in data.registry(out).named("Ada Quill")] == ["Ada J. Quill"]


def test_what_was_written_by_hand_stays(out: Path) -> None:
    out.write_text(BY_HAND, encoding="utf-8")
    records = [said("a", "Ada J. Quill", speaker_role="mayor of Lowmarsh"), said("b", "Ned Pell")]
    assert write(records, out) == (1, 1, 0)
    text = out.read_text(encoding="utf-8")
    for line in BY_HAND.splitlines():
        assert line in text.splitlines()
    assert entries(out)["Ada Quill"] == {
        "name": "Ada Quill",
        "aliases": ["Ada Tess Quill", "Ada J. Quill"],
        "roles": ["mayor of Lowmarsh"],
    }
    assert entries(out)["Ned Pell"] == {"name": "Ned Pell", "kind": "person"}
    assert write(records, out) == (0, 0, 2)
    assert out.read_text(encoding="utf-8") == text


def test_a_file_without_news_is_not_touched(out: Path) -> None:
    out.write_text(BY_HAND, encoding="utf-8")
    before = out.stat()
    assert write([said("a", "Ada Quill"), said("b", "Quill")], out) == (0, 0, 1)
    assert (out.stat().st_ino, out.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_inline_list_is_extended_too(out: Path) -> None:
    out.write_text('speaker = [{ name = "Ada Quill" }]\n', encoding="utf-8")
    assert write([said("a", "Ada J. Quill", day="2017-01-01", speaker_role="mayor of Lowmarsh")], out)
    assert entries(out)["Ada Quill"]["aliases"] == ["Ada J. Quill"]
    assert write([said("b", "Ned Pell", day="2017-01-01", speaker_role="mayor of Merrow")], out) == (1, 0, 1)
    assert list(entries(out)) == ["Ada Quill", "Ned Pell"]


def test_an_entry_that_ships_is_copied_only_if_there_is_news(out: Path) -> None:
    spicer = next(one for one in data.registry().speakers if one.name == "Sean Spicer")
    assert write([said("a", "Sean Spicer"), said("b", "Ada Quill")], out) == (1, 0, 0)
    assert write([said("a", "Sean T. Spicer")], out) == (1, 0, 1)
    entry = entries(out)["Sean Spicer"]
    assert entry["aliases"] == [*spicer.aliases, "Sean T. Spicer"]
    assert (entry["roles"], entry["twitter"]) == (list(spicer.roles), list(spicer.twitter))


def test_an_entry_that_could_be_either_s_is_neither_s(out: Path) -> None:
    out.write_text('[[speaker]]\nname = "Ada Quill"\n', encoding="utf-8")
    assert write([said("a", "Ada J. Quill"), said("b", "Ada M. Quill")], out) == (0, 0, 1)
    assert write([said("a", "Ada J. Quill")], out) == (0, 1, 0)


@pytest.mark.parametrize(
    ("records", "clear", "all_"),
    [
        pytest.param([said("a", "Quill")], [], [], id="a surname alone"),
        pytest.param(
            [said("a", "Jo Quill"), said("b", "Al Quill"), said("c", "Quill")],
            ["Al Quill", "Jo Quill"],
            ["Al Quill", "Jo Quill"],
            id="a surname of two",
        ),
        pytest.param(
            [said("a", "Ada Quill", name_confidence=0.1)], [], ["Ada Quill"], id="an uncertain name"
        ),
        pytest.param([said("a", "Ada Quill", speaker_kind="unknown")], [], [], id="of unknown kind"),
        pytest.param(
            [said("a", "Ada Quill", "Ada J. Quill"), said("b", "Ada Quill")],
            ["Ada Quill"],
            ["Ada J. Quill", "Ada Quill"],
            id="told apart",
        ),
    ],
)
def test_what_is_doubtful_is_written_only_if_asked_for(
    out: Path, records: list[DocumentRecord], clear: list[str], all_: list[str]
) -> None:
    write(records, out)
    assert sorted(speaker.name for speaker in speakers(out)) == clear
    write(records, out, doubtful=True)
    assert sorted(speaker.name for speaker in speakers(out)) == all_


def speakers(out: Path) -> tuple[data.Speaker, ...]:
    held = speakers_in(out)
    assert held is not None
    return held.speaker


def test_a_role_or_an_alias_of_two_people_is_nobody_s(out: Path) -> None:
    role = "mayor of Lowmarsh"
    records = [
        said("a", "Ada Quill", speaker_role=role),
        said("b", "Ned Pell", speaker_role=role),
        mentioned("c", "Jo Renn", "J. Renn"),
        mentioned("d", "Jack Renn", "J. Renn"),
    ]
    write(records, out)
    assert set(entries(out)) == {"Ada Quill", "Ned Pell", "Jo Renn", "Jack Renn"}
    assert not any({"roles", "aliases"} & entry.keys() for entry in entries(out).values())


def test_organisations_are_written_if_they_are_listed(out: Path) -> None:
    found = find_people([said("a", "Harbour Board", speaker_kind="organization")], kinds=["organization"])
    write_speakers(out, found.people, found.people)
    assert entries(out) == {"Harbour Board": {"name": "Harbour Board", "kind": "organization"}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("Dear diary", "is not valid TOML", id="not TOML"),
        pytest.param("", "speaker: is missing", id="empty"),
        pytest.param('[tool.x]\na = "b"\n', "speaker: is missing", id="another TOML file"),
        pytest.param('[[speaker]]\nname = "A"\nage = 3\n', "is not a known field", id="an unknown field"),
        pytest.param('[[speaker]]\nname = "A"\n' * 2, "is listed twice", id="twice"),
    ],
)
def test_another_file_is_never_overwritten(out: Path, content: str, told: str) -> None:
    out.write_text(content, encoding="utf-8")
    with pytest.raises(OutputError, match=told) as raised:
        write_speakers(out, [], [])
    assert "name another file for --out" in str(raised.value)
    assert out.read_text(encoding="utf-8") == content


def test_strange_names_are_written_too(out: Path) -> None:
    name = 'Robert C. "Bobby" \ud800Quill'
    write([said("a", name)], out)
    assert list(entries(out)) == ['Robert C. "Bobby" \ufffdQuill']


def test_no_record_writes_lines_of_its_own(out: Path) -> None:
    day, role = "1\n[[speak", "mayor of Low\nmarsh\n[[speaker]]\x07\ud800"
    write([said("a", 'Ada "\n[[speaker]]\n" Quill', day=day, speaker_role=role)], out)
    [entry] = entries(out).values()
    assert entry["roles"] == ["mayor of Low marsh [[speaker]]\x07\ufffd"]


def test_line_ends_and_a_mark_of_order_are_no_mistake(out: Path) -> None:
    out.write_bytes(b"\xef\xbb\xbf# Ours\r\n[[speaker]]\r\nname = 'Ada Quill'\r\n")
    assert write([said("a", "Ned Pell"), said("b", "Ada J. Quill")], out) == (1, 1, 0)
    assert b"# Ours\r\n[[speaker]]\r\nname = 'Ada Quill'\r\n" in out.read_bytes()
    assert list(entries(out)) == ["Ada Quill", "Ned Pell"]


@given(ARCHIVES)
@settings(max_examples=examples(25))
def test_merging_twice_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Any]
) -> None:
    out = tmp_path_factory.mktemp("twice") / "speakers.toml"
    records = archive(documents)
    first = write(records, out)
    text = out.read_text(encoding="utf-8")
    assert write(records[::-1], out) == (0, 0, first.added)
    assert out.read_text(encoding="utf-8") == text


@given(ARCHIVES, ARCHIVES)
@settings(max_examples=examples(25))
def test_a_second_archive_takes_nothing_away(
    tmp_path_factory: pytest.TempPathFactory, one: list[Any], other: list[Any]
) -> None:
    out = tmp_path_factory.mktemp("more") / "speakers.toml"
    write(archive(one), out)
    before = {speaker.name: speaker for speaker in speakers(out)}
    write(archive(other), out)
    after = {speaker.name: speaker for speaker in speakers(out)}
    for name, speaker in before.items():
        assert set(speaker.aliases) <= set(after[name].aliases)
        assert set(speaker.roles) <= set(after[name].roles)
