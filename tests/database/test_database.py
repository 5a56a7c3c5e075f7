"""A quotation database holds what the records hold, stays whole, and finds what is asked for."""

from __future__ import annotations

import io
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import spoken, words_of
from documents_by_hand import BOTH_RECORD, PLAN_RECORD
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from quotes.database.build import Built, build
from quotes.database.metadata import metadata
from quotes.database.metadata import write as write_metadata
from quotes.database.opening import to_read
from quotes.database.search import HIT_BEGINS, HIT_ENDS, Filters, fts_query, search
from quotes.database.tables import found_table, highlighted
from quotes.errors import DatabaseError, ReadError
from quotes.formats.jsonl import records as jsonl
from quotes.records import Change, DocumentRecord, Metadata, Verification
from quotes.variants import find_utterances, utterance_ids
from quotes.variants.writing import write_records

PIER = "“We will rebuild the old pier by spring,”"
TUNNEL = "“Nobody told the board that the tunnel had been closed since the flood.”"
ECHO = Metadata(
    outlet="The Ellery Echo", date="2017-06-05", title="Pier to rise", url="https://echo.example/1"
)
POST = Metadata(outlet="The Bexley Post", date="2017-07-01T08:00:00Z")

ALTERED = Verification(
    verdict="altered",
    source="speech",
    start=10,
    end=42,
    text="we will rebuild 4 piers, perhaps",
    date="2017-06-01",
    url="https://x.example",
    speaker="Ada Quill",
    changes=(
        Change(kind="number", source="4", quoted="five"),
        Change(kind="left_out", source="perhaps", quoted=""),
    ),
    probability=0.97,
)
VERIFICATION_COLUMNS = [name for name in Verification.model_fields if name != "changes"]
MISSING = Verification(verdict="not_found", probability=0.9)

ARCHIVE = [
    spoken("echo", ("Ada Quill", PIER), ("Ned Pell", TUNNEL), metadata=ECHO),
    spoken("post", ("Ada Quill", "“We rebuilt piers before,”"), metadata=POST, verification=ALTERED),
    spoken(
        "undated", ("Ada Quill Jr.", "“A pier is a pier, and Café Noël isn't one.”"), (None, "“No comment.”")
    ),
    spoken("empty", metadata=Metadata(date="2018")),
]


def written(path: Path, records: Iterable[DocumentRecord]) -> Path:
    path.write_bytes(b"".join(map(jsonl.encode, records)))
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "quotes.db"
    build([written(tmp_path / "archive.jsonl", ARCHIVE)], path)
    return path


def rows(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What a database says, whichever numbers it gave to rows."""
    selects = {
        "statements": "SELECT text, speaker, cue, outlet, date, kind, doc_id, quote_id, utterance_id, rule "
        "FROM statements",
        "parts": "SELECT q.doc_id, q.quote_id, p.number, p.start, p.end FROM parts p "
        "JOIN quotations q ON q.id = p.quotation_id",
        "documents": "SELECT * FROM documents",
        "verified": "SELECT doc_id, quote_id, verdict, probability, source_text, changes FROM verified",
        "speakers": "SELECT name FROM speakers",
        "cues": "SELECT text FROM cues",
        "utterances": "SELECT u.utterance_id, u.text, s.name FROM utterances u "
        "LEFT JOIN speakers s ON s.id = u.speaker_id",
    }
    return {name: sorted(rows(path, sql), key=repr) for name, sql in selects.items()}


def assert_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # Raises where the index isn't that of the texts.
        connection.execute("INSERT INTO quotations_fts(quotations_fts, rank) VALUES ('integrity-check', 1)")
        views = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
        assert len(views) == 7
        for (view,) in views:
            connection.execute(f"SELECT * FROM {view}").fetchall()


# --- Building ---


def test_every_field_of_a_record_is_in_the_database(db: Path) -> None:
    assert_sound(db)
    said = ARCHIVE[0].quotations[1]
    assert said.speaker is not None
    assert said.cue is not None
    [row] = rows(
        db,
        "SELECT q.text, s.name, q.mention, q.mention_start, q.mention_end, c.text, q.cue_start, q.cue_end, "
        "q.source, q.source_start, q.source_end, q.attribution_type, q.negated, q.start, "
        "q.end, q.kind, q.channel, q.speaker_kind, q.rule, q.confidence, q.in_boilerplate "
        "FROM quotations q JOIN speakers s ON s.id = q.speaker_id JOIN cues c ON c.id = q.cue_id "
        "WHERE q.quote_id = ?",
        said.quote_id,
    )
    assert row == (
        TUNNEL, "Ned Pell", said.speaker.text, said.speaker.start, said.speaker.end, "said", said.cue.start,
        said.cue.end, None, None, None, None, 0, *said.parts[0],
        "direct", "speech", "person", "by-hand", 0.9, 0,
    )  # fmt: skip
    [document] = rows(db, "SELECT doc_id, title, outlet, date, url FROM documents WHERE doc_id = 'echo'")
    assert document == ("echo", ECHO.title, ECHO.outlet, ECHO.date, ECHO.url)
    assert rows(db, "SELECT count(*) FROM documents") == [(4,)]


def test_what_is_reported_is_in_the_database(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    build([written(tmp_path / "r.jsonl", [PLAN_RECORD])], path)
    assert_sound(path)
    assert rows(
        path, "SELECT kind, speaker, source, attribution_type, negated FROM statements WHERE speaker > ''"
    ) == [
        ("indirect", "Ada Quill", None, "assertion", 0),
        ("mixed", "Bram Ostler", None, "belief", 0),
        ("indirect", "Noor Adeyemi", "Noor Adeyemi, once a pilot here", "assertion", 1),
    ]
    said = PLAN_RECORD.quotations
    for name in ("parts", "content"):
        assert rows(path, f"SELECT * FROM {name} ORDER BY 1, 2") == [
            (at, number, *part)
            for at, one in enumerate(said, 1)
            for number, part in enumerate(getattr(one, name) or (), 1)
        ]
    [source] = rows(path, "SELECT source_start, source_end FROM quotations WHERE source IS NOT NULL")
    assert source == (said[2].source.start, said[2].source.end)
    shorter = PLAN_RECORD.model_copy(update={"quotations": said[:1]})
    assert build([written(tmp_path / "r.jsonl", [shorter])], path).changed == 1
    assert rows(path, "SELECT count(*) FROM content UNION ALL SELECT count(*) FROM parts") == [(0,), (1,)]


def test_building_twice_changes_nothing(db: Path, tmp_path: Path) -> None:
    before = content(db)
    assert build([tmp_path / "archive.jsonl"], db) == Built(unchanged=4, quotations=5)
    assert content(db) == before


def test_a_document_that_changed_is_replaced_and_others_stay(db: Path, tmp_path: Path) -> None:
    said = "“Sell the harbour,”"
    changed = spoken("echo", ("Bea Marrow", said), metadata=ECHO)
    built = build([written(tmp_path / "new.jsonl", [changed, spoken("more", ("Ada Quill", said))])], db)
    assert built == Built(added=1, changed=1, quotations=5)
    assert_sound(db)
    assert rows(db, "SELECT speaker, text FROM statements WHERE doc_id = 'echo'") == [("Bea Marrow", said)]
    assert ("Ned Pell",) not in rows(db, "SELECT name FROM speakers")
    assert search(db, "tunnel").total == 0
    assert search(db, "harbour").total == 2


def test_utterances_come_with_their_records(db: Path, tmp_path: Path) -> None:
    archive = tmp_path / "variants.jsonl"
    longer = f"{PIER} “and paint it.”"
    written(archive, [spoken("a", ("Ada Quill", longer)), spoken("b", ("Quill", PIER), metadata=POST)])
    write_records(
        [archive], utterance_ids(find_utterances([*map(record_of, ("a", "b"), (longer, PIER))])), archive
    )
    build([archive], db)
    assert_sound(db)
    [(utterance, text, speaker)] = rows(
        db, "SELECT utterance_id, text, name FROM utterances JOIN speakers ON speakers.id = speaker_id"
    )
    assert (text, speaker) == (longer, "Ada Quill")
    assert rows(db, "SELECT utterance_id, text, documents FROM wordings") == [
        (utterance, longer, 1),
        (utterance, PIER, 1),
    ]


def record_of(doc_id: str, text: str) -> DocumentRecord:
    return spoken(doc_id, ("Ada Quill" if doc_id == "a" else "Quill", text))


def test_views_count_without_copies_and_boilerplate(tmp_path: Path) -> None:
    said = [
        words_of("0", "Ada Quill", PIER),
        words_of("0", "Ada Quill", PIER, 100, duplicate_of="x"),
        words_of("0", "Ada Quill", PIER, 200, in_boilerplate=True),
    ]
    other = spoken("other", ("Ned Pell", PIER), ("Ned Pell", TUNNEL), metadata=POST)
    path = tmp_path / "q.db"
    build([written(tmp_path / "r.jsonl", [spoken("one", *said, metadata=ECHO), other])], path)
    assert rows(path, "SELECT speaker, quotations, documents, outlets, first_date FROM most_quoted") == [
        ("Ned Pell", 2, 1, 1, POST.date),
        ("Ada Quill", 1, 1, 1, ECHO.date),
    ]
    assert rows(path, "SELECT * FROM by_month_and_outlet") == [
        ("2017-06", "The Ellery Echo", 1, 1, 1, 0),
        ("2017-07", "The Bexley Post", 2, 1, 1, 0),
    ]
    assert rows(path, "SELECT * FROM speakers_by_month WHERE speaker = 'Ned Pell'") == [
        ("Ned Pell", "2017-07", "The Bexley Post", 2, 0)
    ]
    assert rows(path, "SELECT * FROM by_kind_and_type") == [("direct", None, 0, 3, 2, 2)]


def test_everyone_of_several_is_found_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    build([written(tmp_path / "r.jsonl", [BOTH_RECORD])], path)
    assert rows(
        path,
        "SELECT quotation_id, number, s.name, b.speaker_kind, mention "
        "FROM said_by b LEFT JOIN speakers s ON s.id = b.speaker_id ORDER BY 1, 2",
    ) == [
        (1, 1, "Ada Quill", "person", "Ada Quill"),
        (1, 2, None, "anonymous", "a *pilot*"),
        (2, 1, "Ada Quill", "person", "they"),
        (2, 2, "Bram Ostler", "person", "they"),
    ]
    assert rows(path, "SELECT name, wikidata FROM speakers ORDER BY name") == [
        ("Ada Quill", "Q42"),
        ("Bram Ostler", None),
    ]
    assert rows(
        path, "SELECT speaker, speakers, speaker_role, name_confidence, wikidata FROM statements"
    ) == [
        ("Ada Quill", "Ada Quill and a *pilot*", "mayor & *pilot*", 0.97, "Q42"),
        ("Ada Quill", "Ada Quill and Bram Ostler", None, 0.5, "Q42"),
    ]
    assert rows(path, "SELECT speaker, quotations FROM most_quoted") == [("Ada Quill", 2), ("Bram Ostler", 1)]
    assert rows(path, "SELECT quotations, speakers FROM by_month_and_outlet") == [(2, 2)]
    assert rows(path, "SELECT records, speakers FROM by_kind_and_type") == [(2, 2)]
    [hit] = search(path, "", Filters(speaker="Ostler")).hits
    assert (hit.text, hit.speaker) == ("“So we are,”", "Ada Quill and Bram Ostler")
    alone = BOTH_RECORD.model_copy(update={"quotations": BOTH_RECORD.quotations[:1]})
    build([written(tmp_path / "r.jsonl", [alone])], path)
    assert rows(path, "SELECT count(*) FROM said_by") == [(2,)]
    assert rows(path, "SELECT name FROM speakers") == [("Ada Quill",)]


def test_views_count_what_is_reported_apart(tmp_path: Path) -> None:
    said = [
        words_of("0", "Ada Quill", PIER),
        words_of("0", "Ada Quill", "the pier was safe", 100, kind="indirect", attribution_type="belief"),
        words_of(
            "0", "Ada Quill", "it rained", 200, kind="indirect", attribution_type="belief", negated=True
        ),
        words_of("0", "Ned Pell", "the pier was old", 300, kind="indirect", attribution_type="belief"),
        words_of(
            "0", "Ned Pell", "it was", 400, kind="indirect", attribution_type="fact", in_boilerplate=True
        ),
    ]
    path = tmp_path / "q.db"
    build([written(tmp_path / "r.jsonl", [spoken("one", *said, metadata=ECHO)])], path)
    assert rows(path, "SELECT speaker, quotations, indirect FROM most_quoted") == [
        ("Ada Quill", 1, 2),
        ("Ned Pell", 0, 1),
    ]
    assert rows(path, "SELECT * FROM by_month_and_outlet") == [("2017-06", "The Ellery Echo", 1, 1, 2, 3)]
    assert rows(path, "SELECT speaker, quotations, indirect FROM speakers_by_month") == [
        ("Ada Quill", 1, 2),
        ("Ned Pell", 0, 1),
    ]
    assert rows(path, "SELECT kind, attribution_type, negated, records, speakers FROM by_kind_and_type") == [
        ("indirect", "belief", 0, 2, 2),
        ("direct", None, 0, 1, 1),
        ("indirect", "belief", 1, 1, 1),
    ]
    for filters, found in (
        ({}, 3),
        ({"kinds": frozenset({"indirect"})}, 2),
        ({"kinds": frozenset({"direct", "mixed"})}, 1),
        ({"types": frozenset({"belief"})}, 2),
        ({"types": frozenset({"fact", "eventuality"})}, 0),
        ({"kinds": frozenset({"direct"}), "types": frozenset({"belief"})}, 0),
    ):
        assert search(path, "pier", Filters(**filters)).total == found
    assert search(path, "", Filters(kinds=frozenset({"indirect"}))).total == 4
    shown = found_table(search(path, "pier"))
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system="truecolor", width=200).print(shown)
    assert "\x1b[32m“We will rebuild the old " in file.getvalue()
    assert "\x1b[32mthe " not in file.getvalue()


def test_verdicts_are_in_the_database(tmp_path: Path) -> None:
    said = [
        words_of("0", "Ada Quill", "“We will rebuild five piers,”", verification=ALTERED),
        words_of("0", "Ned Pell", TUNNEL, 100, verification=MISSING),
        words_of("0", None, "“No comment.”", 300),
    ]
    archive, path = tmp_path / "r.jsonl", tmp_path / "q.db"
    build([written(archive, [spoken("echo", *said, metadata=ECHO)])], path)
    assert_sound(path)
    assert rows(
        path,
        f"SELECT quotation_id, {', '.join(f'[{name}]' for name in VERIFICATION_COLUMNS)} "
        "FROM verifications ORDER BY 1",
    ) == [
        (1, *(getattr(ALTERED, name) for name in VERIFICATION_COLUMNS)),
        (2, "not_found", *[None] * 7, 0.9),
    ]
    assert rows(path, "SELECT * FROM changes ORDER BY 1, 2") == [
        (1, 1, "number", "4", "five"),
        (1, 2, "left_out", "perhaps", ""),
    ]
    said_of = [("altered", "Ada Quill", said[0].text), ("not_found", "Ned Pell", TUNNEL)]
    assert rows(
        path, "SELECT verdict, speaker, quotation, source_text, changes, outlet, source_speaker FROM verified"
    ) == [
        (*said_of[0], ALTERED.text, "number: 4 → five; left_out: perhaps → ", ECHO.outlet, "Ada Quill"),
        (*said_of[1], None, None, ECHO.outlet, None),
    ]
    again = [said[0].model_copy(update={"verification": MISSING}), *said[1:]]
    assert build([written(archive, [spoken("echo", *again, metadata=ECHO)])], path).changed == 1
    assert_sound(path)
    assert rows(path, "SELECT verdict, source_text FROM verified") == [("not_found", None)] * 2
    assert rows(path, "SELECT count(*) FROM changes") == [(0,)]


@pytest.mark.parametrize(
    "doc_id",
    ["../../x", "/etc/passwd", "a'; DROP TABLE documents; --", "=1+1", "%s", "\x00", "😀", " ", "[red]"],
)
def test_odd_ids_are_cells_as_they_are(tmp_path: Path, doc_id: str) -> None:
    path = tmp_path / "in" / "q.db"
    path.parent.mkdir()
    odd = spoken(doc_id, (doc_id, f"“{doc_id}”"), metadata=Metadata(outlet=doc_id))
    build([written(tmp_path / "r.jsonl", [odd])], path)
    assert_sound(path)
    assert rows(path, "SELECT doc_id, outlet FROM documents") == [(doc_id, doc_id)]
    assert rows(path, "SELECT name FROM speakers") == [(doc_id,)]
    assert [each.name for each in path.parent.iterdir()] == ["q.db"]


_DOCUMENTS = st.lists(
    st.builds(
        spoken,
        st.sampled_from(["a", "b", "../c", "d"]),
        st.tuples(st.sampled_from(["Ada Quill", "Ned Pell", None]), st.sampled_from([PIER, TUNNEL, "“No”"])),
        metadata=st.sampled_from([ECHO, POST, Metadata()]),
        verification=st.sampled_from([ALTERED, MISSING, None]),
    ),
    max_size=5,
    unique_by=lambda one: one.doc_id,
)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(_DOCUMENTS, min_size=1, max_size=4))
def test_builds_one_after_the_other_are_one_build_of_the_latest(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[DocumentRecord]]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    latest: dict[str, DocumentRecord] = {}
    for number, run in enumerate(runs):
        build([written(folder / f"{number}.jsonl", run)], folder / "step.db")
        latest |= {one.doc_id: one for one in run}
    build([written(folder / "all.jsonl", latest.values())], folder / "once.db")
    assert content(folder / "step.db") == content(folder / "once.db")
    assert_sound(folder / "step.db")


# --- Whole at any time ---

_KILLED = """
import os, signal, sys
from pathlib import Path
from quotes.database import build
def die(db):
    os.kill(os.getpid(), signal.SIGKILL)
take = build._Loading.take
def take_with_little_memory(loading, records):
    loading._db.execute("PRAGMA cache_size = 10")  # so that pages are written before the end
    take(loading, records)
build._clean_up = die
build._Loading.take = take_with_little_memory
build.build([Path(sys.argv[1])], Path(sys.argv[2]))
"""


@pytest.mark.parametrize("there", [True, False], ids=["an old database", "a new one"])
def test_who_is_killed_leaves_the_database_as_it_was(
    db: Path, tmp_path: Path, environment: dict[str, str], there: bool
) -> None:
    before = content(db)
    path = db if there else tmp_path / "new.db"
    size = path.stat().st_size if there else 0
    many = [spoken(f"echo-{n}", *[("Ada Quill", PIER * 30)] * 10) for n in range(100)]
    source = written(tmp_path / "many.jsonl", [spoken("echo", ("Bea Marrow", PIER)), *many])
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(source), str(path)], env=environment, check=False, timeout=300
    )
    assert done.returncode == -signal.SIGKILL
    if there:
        assert path.stat().st_size > size  # it was in the midst of writing
    else:
        assert not path.exists()
        build([tmp_path / "archive.jsonl"], path)
    assert content(path) == before
    assert_sound(path)


def test_what_goes_wrong_on_the_way_leaves_the_database_as_it_was(db: Path, tmp_path: Path) -> None:
    before = content(db)
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(jsonl.encode(spoken("echo", ("Bea Marrow", PIER))) + b'{"doc_id": "x", "te')
    for out in (db, tmp_path / "new.db"):
        with pytest.raises(ReadError, match="line 2"):
            build([torn], out)
    assert content(db) == before
    assert not (tmp_path / "new.db").exists()
    assert not list(tmp_path.glob(".*"))


def test_an_offset_that_no_text_has_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "r.jsonl", [spoken("huge", ("Ada Quill", PIER))])
    path.write_text(re.sub(r'"parts":\[\[0,\d+\]\]', f'"parts":[[0,{10**30}]]', path.read_text()))
    with pytest.raises(
        ReadError, match=r"line 1: quotations\.0\.parts\.0\.1 \(quotation '[0-9a-f]+'\): .* less"
    ):
        build([path], tmp_path / "q.db")
    assert not (tmp_path / "q.db").exists()


def test_a_database_in_use_is_told(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **kwargs: real(*args, **kwargs | {"timeout": 0}))
    with closing(real(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="another program is writing"):
            build([tmp_path / "archive.jsonl"], db)
        assert search(db, "pier").total == 3  # readers go on


def test_what_is_no_quotation_database_is_left_alone(tmp_path: Path) -> None:
    source = written(tmp_path / "r.jsonl", ARCHIVE)
    text, other, folder, newer = (
        tmp_path / name for name in ("text.db", "other.db", "folder.db", "newer.db")
    )
    text.write_text("No database at all. " * 100)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE mine (x)")
    folder.mkdir()
    build([source], newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    older = tmp_path / "older.db"
    build([source], older)
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("PRAGMA user_version = 1")
    for path, told in (
        (older, "has version 1, and this program reads version 4"),
        (text, "not a database"),
        (other, "wasn't built by quotes"),
        (newer, "has version 99"),
        (folder, "folder|no such file"),
        (tmp_path / "missing" / "q.db", "mkdir -p|no such file"),
    ):
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(DatabaseError, match=told):
            build([source], path)
        with pytest.raises(DatabaseError, match=told), to_read(path):
            pass
        assert before is None or path.read_bytes() == before
    empty = tmp_path / "empty.db"
    empty.touch()
    assert build([source], empty).added == 4


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    link, target = tmp_path / "link.db", tmp_path / "target.db"
    link.symlink_to(target)
    build([written(tmp_path / "r.jsonl", ARCHIVE)], link)
    assert link.is_symlink()
    assert_sound(target)


# --- Searching ---


@pytest.mark.parametrize(
    ("query", "filters", "found"),
    [
        pytest.param("pier", {}, ["echo", "post", "undated"], id="stems: pier, piers"),
        pytest.param("REBUILD pier", {}, ["echo"], id="all words"),
        pytest.param("rebuil* pier", {}, ["echo", "post"], id="a word's beginning"),
        pytest.param('"old pier"', {}, ["echo"], id="a phrase"),
        pytest.param("“pier old”", {}, [], id="a phrase in another order"),
        pytest.param("cafe noel", {}, ["undated"], id="accents"),
        pytest.param("pier", {"speaker": "Ada Quill"}, ["echo", "post", "undated"], id="a speaker"),
        pytest.param("pier", {"speaker": "quill jr"}, ["undated"], id="a part of a name"),
        pytest.param("", {"speaker": "Pell"}, ["echo"], id="all of a speaker"),
        pytest.param("pier", {"since": "2017-06-06"}, ["post"], id="since a day"),
        pytest.param("pier", {"until": "2017-06"}, ["echo"], id="until a month"),
        pytest.param("pier", {"since": "2017-07-01", "until": "2017-07-01"}, ["post"], id="a moment's day"),
        pytest.param("pier", {"since": "2018"}, [], id="no such day"),
        pytest.param("pier", {"outlet": "echo"}, ["echo"], id="an outlet"),
        pytest.param("pier", {"outlet": "%"}, [], id="no wildcard"),
        pytest.param("", {"since": "2017"}, ["echo", "echo", "post"], id="all since"),
        pytest.param("told OR pier", {}, [], id="no operators"),
        pytest.param("text:pier", {}, [], id="no columns"),
    ],
)
def test_a_search_finds(db: Path, query: str, filters: dict[str, str], found: list[str]) -> None:
    hits = search(db, query, Filters(**filters))
    assert sorted(hit.doc_id for hit in hits.hits) == found
    assert hits.total == len(found)


def test_a_hit_is_marked_and_the_rest_is_counted(db: Path) -> None:
    found = search(db, "pier", limit=1)
    assert (len(found.hits), found.total) == (1, 3)
    [hit] = search(db, "rebuild old").hits
    assert (
        hit.text == f"“We will {HIT_BEGINS}rebuild{HIT_ENDS} the {HIT_BEGINS}old{HIT_ENDS} pier by spring,”"
    )
    shown = highlighted(hit.text)
    assert shown.plain == PIER
    assert [shown.plain[span.start : span.end] for span in shown.spans if "bold" in str(span.style)] == [
        "rebuild",
        "old",
    ]


def test_what_is_shown_is_never_obeyed() -> None:
    assert (
        highlighted(f"[red]a\x1b[2J{HIT_BEGINS}[/b]\x07{HIT_ENDS}{HIT_BEGINS}\x1b]0;x\x07\u202e").plain
        == "[red]a[/b]"
    )


HOSTILE = [
    '"', '""', '"a', "a AND", "OR", "NOT", "NEAR(a b", "(", ")", "a)", "^pier", "pier*", "*", "**", "a:b",
    "text : pier", "-pier", "+", "'", "';--", "\\", "\x00", "\x00pier", "pier\x02", "\ud800", "é" * 500,
    "{a b}", "“", "a“b”c", "_", "١٢٣", "漢字", "🙂", "\N{COMBINING ACUTE ACCENT}", "½", "a_b", "ª",
    "quotations_fts MATCH 'x'",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=ascii)
def test_no_query_is_too_odd(db: Path, query: str) -> None:
    assert_answered(db, query)


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=30) | st.text(alphabet='"*()“”-+:^ANDORa \x00', max_size=30))
def test_any_query_gets_an_answer(tmp_path_factory: pytest.TempPathFactory, query: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.db"
    if not path.exists():
        build([written(path.with_suffix(".jsonl"), ARCHIVE)], path)
    assert_answered(path, query)


def assert_answered(path: Path, query: str) -> None:
    """A query is searched for, or refused because it has no word; nothing else may happen."""
    if fts_query(query):
        assert search(path, query, Filters(speaker="Quill", outlet=query or None)).total >= 0
        search(path, query)
    else:
        with pytest.raises(DatabaseError, match="no word to search for"):
            search(path, query)
    with pytest.raises(DatabaseError, match="Nobody called"):
        search(path, "pier", Filters(speaker=f"Nobody {query}"))


def test_a_query_of_many_words_is_refused(db: Path) -> None:
    assert search(db, "pier " * 200).total == 3
    with pytest.raises(DatabaseError, match="more than 200 words"):
        search(db, "pier " * 201)


def test_a_name_that_is_misspelt_is_guessed(db: Path) -> None:
    with pytest.raises(DatabaseError, match="Did you mean Ned Pell"):
        search(db, "pier", Filters(speaker="Ned Pel"))


# --- Datasette ---


def test_the_metadata_is_the_user_s_once_it_is_there(tmp_path: Path) -> None:
    path = write_metadata(tmp_path / "harbour.db")
    assert path == tmp_path / "harbour-metadata.json"
    assert list(json.loads(path.read_text(encoding="utf-8"))["databases"]) == ["harbour"]
    path.write_text("{}")
    assert write_metadata(tmp_path / "harbour.db") is None
    assert path.read_text() == "{}"


def test_the_metadata_names_what_there_is(db: Path) -> None:
    tables = metadata("quotes")["databases"]["quotes"]["tables"]
    there = {name for (name,) in rows(db, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    assert set(tables) == {name for name in there if not name.startswith(("quotations_fts", "sqlite_"))}
    for name, table in tables.items():
        columns = {row[1] for row in rows(db, f"PRAGMA table_info([{name}])")}
        described = {*table.get("columns", ()), *table.get("units", ()), *table.get("facets", ())}
        described |= {table[key] for key in ("label_column", "sort_desc", "fts_pk") if key in table}
        assert described <= columns, name


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", ["Quotations"]),
        ("/quotes", ["most_quoted", "What did … say about …?"]),
        ("/quotes/statements", ["Who said what, where and when", "Ada Quill", "The Ellery Echo", "5 rows"]),
        ("/quotes/statements?_search=rebuild", ["1 row", "old pier"]),
        ("/quotes/quotations?_search=piers", ["3 rows"]),
        ("/quotes/most_quoted", ["Who is quoted most", "Ned Pell"]),
        ("/quotes/by_month_and_outlet", ["2017-06", "2017-07"]),
        ("/quotes/speakers_by_month", ["2017-06"]),
        ("/quotes/wordings", ["The same statement in many articles"]),
        ("/quotes/quotations/1", ["char", "Ada Quill"]),
        ("/quotes/documents/echo", ["Pier to rise"]),
        ("/quotes/by_kind_and_type", ["How it is reported", "direct"]),
        ("/quotes/content", ["0 rows"]),
        (
            "/quotes/verified?_facet=verdict",
            ["Was it said, and in these words?", "number: 4 → five", "1 row"],
        ),
        ("/quotes/speakers", ["Ada Quill Jr."]),
        ("/quotes/said_about?speaker=pell&about=tunnel", ["Nobody told the board"]),
        ('/quotes/said_about?speaker=&about="(', ["0 results"]),
    ],
)
def test_datasette_serves_it(db: Path, path: str, shown: list[str]) -> None:
    import asyncio

    from datasette.app import Datasette

    served = Datasette([str(db)], metadata=metadata("quotes"))
    answer = asyncio.run(served.client.get(path, follow_redirects=True))
    assert answer.status_code == 200, answer.text
    for text in shown:
        assert text in answer.text
