"""Formats fit together: what one command writes, every command reads, with the same result.

A new format that comes back, and a new command that reads records, has to be in the tables here.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from pkgutil import resolve_name

import pytest
import typer
from builders import record
from documents_by_hand import FLOOD_RECORD, RECORDS
from labelstudio_by_hand import RECORD, exported, saved, submitted
from typer.testing import CliRunner

from quotes.cli.app import app
from quotes.cli.labelstudio import PredictionsArgument
from quotes.cli.options import RECORDS_HELP
from quotes.errors import ReadError
from quotes.files.inputs import PACKED
from quotes.formats.jsonl import records as jsonl
from quotes.formats.output import open_output
from quotes.formats.parts import SUFFIXES as PARTS
from quotes.formats.parts import PartsFolder
from quotes.formats.record_files import READABLE, read_all_records, read_any_records
from quotes.formats.table import ARTICLE_FORMATS, FORMATS, RECORD_FORMATS
from quotes.scoring.gold import read_side

#: Two of them have the same statements, so that there are utterances.
FOUND = (*RECORDS, FLOOD_RECORD.model_copy(update={"doc_id": "again"}))

#: Output formats from which records don't come back: they hold quotations for people or other programs.
ONE_WAY = {".csv", ".jsonld", ".tei.xml", ".md", ".html"}


def suffixes() -> list[str]:
    """What `--out` may end in, of formats that come back."""
    return [
        suffix + packed
        for suffix, format_ in RECORD_FORMATS.items()
        if suffix not in ONE_WAY
        for packed in ("", *(PACKED if format_.may_be_packed else ()))
    ]


# --- What is written ---


def as_file(path: Path, size: int | None = None) -> Path:
    with open_output(str(path), shard_size=size) as sink:
        for one in FOUND:
            sink.write(one)
    return path


def in_shards(path: Path) -> Path:
    """Named as in `--out FILE`, which isn't there: FILE-00001 and the others are."""
    as_file(path, size=1)
    assert not path.exists()
    return path


def in_parts(path: Path) -> Path:
    """As Ray's tasks write them."""
    folder = PartsFolder(str(path))
    folder.prepare(resume=False)
    folder.write([jsonl.encode(one) for one in FOUND])
    folder.write([])  # the order of parts says nothing
    folder.finish()
    return path


WRITERS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    **{suffix: (f"records{suffix}", as_file) for suffix in suffixes()},
    "shards": ("records.jsonl", in_shards),
    "packed shards": ("records.jsonl.zst", in_shards),
    "shards of Parquet": ("records.parquet", in_shards),
    **{f"parts{suffix}": (f"records{suffix}", in_parts) for suffix in PARTS},
}

# --- What reads it ---


def call(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def convert(path: Path) -> object:
    return call("convert", path, "--out", "-")


def score(path: Path) -> object:
    return call("score", path, "gold.jsonl", "--json", "-", "--quiet", "--samples", "0")


def score_gold(path: Path) -> object:
    return call("score", "gold.jsonl", path, "--json", "-", "--quiet", "--samples", "0")


def score_baseline(path: Path) -> object:
    same = ("gold.jsonl", "gold.jsonl")
    return call("score", *same, "--baseline", path, "--json", "-", "--quiet", "--samples", "0")


def variants(path: Path) -> object:
    call("variants", path, "--out", "v.jsonl", "--records", "r.jsonl", "--quiet")
    assert Path("v.jsonl").read_bytes()
    return [Path(name).read_bytes() for name in ("v.jsonl", "r.jsonl")]


def people(path: Path) -> object:
    call("people", path, "--out", "p.csv", "--quiet")
    return Path("p.csv").read_bytes()


def verify(path: Path) -> object:
    Path("source.txt").write_text("It rained all night.\n", encoding="utf-8")
    call("verify", path, "--against", "source.txt", "--out", "r.jsonl", "--quiet")
    return Path("r.jsonl").read_bytes()


def db_build(path: Path) -> object:
    Path("q.db").unlink(missing_ok=True)
    call("db", "build", path, "--out", "q.db", "--quiet")
    with closing(sqlite3.connect("q.db")) as db:
        return [db.execute(f"SELECT * FROM {name}").fetchall() for name in ("documents", "quotations")]


def labelstudio_export(path: Path) -> object:
    call("labelstudio", "export", path, "--out", "tasks.json")
    return json.loads(Path("tasks.json").read_bytes())


READERS: dict[tuple[str, str], Callable[[Path], object]] = {
    ("convert", "records"): convert,
    ("score", "predictions"): score,
    ("score", "gold"): score_gold,
    ("score", "baseline"): score_baseline,
    ("variants", "files"): variants,
    ("people", "files"): people,
    ("verify", "files"): verify,
    ("db build", "files"): db_build,
    ("labelstudio export", "predictions"): labelstudio_export,
}
#: They read by the very function that one above does: a test of theirs needs a server.
ALIKE = {("labelstudio push", "predictions"), ("review", "records")}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    as_file(tmp_path / "gold.jsonl")
    (tmp_path / "in").mkdir()
    return tmp_path


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
@pytest.mark.parametrize("writer", WRITERS)
def test_what_one_command_writes_every_command_reads(
    writer: str, reader: tuple[str, str], here: Path
) -> None:
    name, write = WRITERS[writer]
    read = READERS[reader]
    expected = read(Path("gold.jsonl"))
    assert read(write(here / "in" / name)) == expected


def test_every_format_is_in_the_table() -> None:
    readable = {suffix for suffix, format_ in RECORD_FORMATS.items() if format_.reader is not None}
    assert RECORD_FORMATS.keys() - ONE_WAY == readable == {*READABLE, ".brat"}


def test_every_name_in_the_table_is_a_function() -> None:
    sides = [side for each in FORMATS for side in (each.articles, each.records) if side is not None]
    names = {name for side in sides for name in (side.reader, getattr(side, "writer", None)) if name}
    assert all(callable(resolve_name(f"quotes.{name}")) for name in names)
    suffixes = [suffix for each in FORMATS if each.articles for suffix in each.articles.suffixes]
    assert len(ARTICLE_FORMATS) == len(suffixes)
    assert len(RECORD_FORMATS) == sum(each.records is not None for each in FORMATS)


def test_every_command_that_reads_records_is_in_the_table() -> None:
    helps = {RECORDS_HELP, PredictionsArgument.__metadata__[0].help}
    commands = [("", typer.main.get_command(app))]
    found = set()
    for name, command in commands:
        commands += [(f"{name} {key}".strip(), one) for key, one in getattr(command, "commands", {}).items()]
        found |= {(name, one.name) for one in command.params if getattr(one, "help", None) in helps}
    assert found == (READERS.keys() - {("score", "gold"), ("score", "baseline")}) | ALIKE


# --- Where records are written ---


@pytest.mark.parametrize("suffix", suffixes())
def test_convert_and_variants_write_every_format_that_comes_back(suffix: str, here: Path) -> None:
    call("convert", "gold.jsonl", "--out", f"a{suffix}", "--quiet")
    assert tuple(read_any_records(here / f"a{suffix}")) == FOUND
    call("variants", "gold.jsonl", "--records", f"b{suffix}", "--out", "v.jsonl", "--quiet")
    assert [one.doc_id for one in read_any_records(here / f"b{suffix}")] == [one.doc_id for one in FOUND]


@pytest.mark.parametrize("suffix", suffixes())
def test_reviews_come_home_in_every_format_that_comes_back(suffix: str, here: Path) -> None:
    saved(here, exported(submitted(), submitted(who="bo@example.org")))
    call("labelstudio", "import", "export.json", "--out", f"reviewed{suffix}")
    beside = [path for path in here.glob("reviewed.*") if path.name.endswith(suffix)]
    assert len(beside) == 3
    for path in beside:
        assert [one.doc_id for one in read_any_records(path)] == [RECORD.doc_id]


@pytest.mark.parametrize("suffix", [".csv.gz", ".jsonl.gz", ".jsonl.zst"])
def test_utterances_may_be_packed(suffix: str, here: Path) -> None:
    call("variants", "gold.jsonl", "--out", f"v{suffix}", "--quiet")
    assert (here / f"v{suffix}").read_bytes()[:2] in (b"\x1f\x8b", b"\x28\xb5")


def test_convert_puts_several_files_together(here: Path) -> None:
    as_file(here / "in" / "records.jsonl", size=1)
    files = sorted((here / "in").iterdir())
    assert len(files) == len(FOUND)
    call("convert", *files, "--out", "all.jsonl", "--quiet")
    assert tuple(read_any_records(here / "all.jsonl")) == FOUND
    with pytest.raises(
        ReadError, match=r"gold\.jsonl: the document 'river-flood' is already in .*gold\.jsonl"
    ):
        list(read_all_records([here / "gold.jsonl", here / "gold.jsonl"]))


# --- What isn't whole, or isn't records ---


def test_a_missing_shard_is_told(here: Path) -> None:
    path = in_shards(here / "in" / "records.jsonl")
    (here / "in" / "records-00002.jsonl").unlink()
    with pytest.raises(ReadError, match=r"00003\.jsonl: file number 2, which precedes it, is missing"):
        read_any_records(path)


@pytest.mark.parametrize("suffix", PARTS)
def test_a_run_that_is_not_finished_is_told(suffix: str, here: Path) -> None:
    folder = in_parts(here / f"parts{suffix}")
    (folder / "_SUCCESS").unlink()
    with pytest.raises(ReadError, match=r"has not finished.*--resume"):
        read_any_records(folder)
    assert sorted(len(list(read_any_records(part))) for part in folder.iterdir()) == [0, len(FOUND)]


@pytest.mark.parametrize("name", ["records.json", "records", "records.jsonl.partial"])
def test_lines_of_another_suffix_are_read(name: str, here: Path) -> None:
    (here / "gold.jsonl").rename(here / name)
    assert tuple(read_any_records(here / name)) == FOUND


def test_a_pipe_is_read_once(here: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading), os.fdopen(writing, "wb") as pipe:
        pipe.write(jsonl.encode(FLOOD_RECORD))
        pipe.close()
        [judged] = read_side(Path(f"/dev/fd/{reading}")).documents
    assert judged.doc_id == FLOOD_RECORD.doc_id


@pytest.mark.parametrize("name", ["a.parquet.gz", "a.csv", "a.jsonld", "a.html"])
@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_what_cannot_be_read_is_told_with_what_can(name: str, reader: tuple[str, str], here: Path) -> None:
    (here / name).write_bytes(gzip.compress(b"doc_id,quote_id\n"))
    with pytest.raises(AssertionError) as failed:
        READERS[reader](here / name)
    assert f"{name}: records can't be read from this kind of file" in str(failed.value)
    for suffix in (".jsonl", ".parquet", ".spacy", "brat", ".jsonl.gz", ".jsonl.zst"):
        assert suffix in str(failed.value)


@pytest.mark.parametrize("suffix", suffixes())
def test_what_utf8_cannot_hold_comes_back_from_every_format(suffix: str, tmp_path: Path) -> None:
    one = record("broken", "a \udfff “b”")
    path = tmp_path / f"out{suffix}"
    with open_output(str(path)) as sink:
        sink.write(one)
    [back] = read_any_records(path)
    assert (back.text, back.text_sha256) == ("a \ufffd “b”", one.text_sha256)
    with open_output(str(tmp_path / "again.jsonl")) as sink:
        sink.write(back)
    assert list(read_any_records(tmp_path / "again.jsonl")) == [back]


@pytest.mark.parametrize("suffix", [suffix for suffix in suffixes() if suffix != ".brat"])
def test_a_document_that_is_there_twice_is_told(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"
    with open_output(str(path)) as sink:
        sink.write(FLOOD_RECORD)
        sink.write(FLOOD_RECORD)
    with pytest.raises(ReadError, match=r", \w+ 2: the document 'river-flood' is already on \w+ 1"):
        list(read_any_records(path))


# --- brat: our own folders, and people's ---


def test_our_own_brat_folder_is_scored_whole(here: Path) -> None:
    folder = as_file(here / "ours.brat")
    ours = read_side(folder)
    assert ours.notes == ()
    assert ours.documents == read_side(here / "gold.jsonl").documents
    (folder / "documents.jsonl").unlink()
    theirs = read_side(folder)
    assert "runs between quotation marks are scored" in theirs.notes[0]
    assert all(one.segments for one in theirs.documents)


@pytest.mark.parametrize("range_", ["0 999999", "30 20", f"0 {10**30}"])
def test_a_range_of_a_people_folder_outside_its_text_is_told(range_: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“It rained,” Quill said.\n", encoding="utf-8")
    (tmp_path / "a.ann").write_text(f"T1\tContent {range_}\tx\nE1\tAttribution:T1 Content:T1\n")
    with pytest.raises(ReadError, match=r"a\.ann: the range \d+ to \d+ isn't within its text"):
        read_side(tmp_path)
