"""`quotes convert`, `quotes formats`, `quotes schema`, and every suffix of `quotes extract --out`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import paths
import pytest
from documents_by_hand import FLOOD, FLOOD_RECORD, FORMULA_RECORD, RECORDS, SILENT
from typer.testing import CliRunner

from quotes.cli.app import app
from quotes.errors import PACKAGES
from quotes.formats.jsonl.schema import article_schema, record_schema
from quotes.formats.output import open_output
from quotes.formats.record_files import read_any_records
from quotes.formats.table import FORMATS, RECORD_FORMATS
from quotes.records import DocumentRecord

SUFFIXES = list(RECORD_FORMATS)
# What each format says of articles and of records: suffixes, what a file holds, the extra.
ROWS = [
    *(
        (each.articles.suffixes, each.articles.holds, each.articles.extra)
        for each in FORMATS
        if each.articles
    ),
    *(((suffix,), each.holds, each.extra) for suffix, each in RECORD_FORMATS.items()),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


def write(name: str, *records: DocumentRecord) -> str:
    with open_output(name) as sink:
        for record in records:
            sink.write(record)
    return name


def without_text(record: DocumentRecord) -> DocumentRecord:
    return record.model_copy(update={"text": None})


# convert


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_records_become_any_format(suffix: str, here: Path) -> None:
    write("in.jsonl", *RECORDS)
    assert call("convert", "in.jsonl", "--out", f"out{suffix}") == (0, "", f"7 documents in out{suffix}.\n")
    assert (here / f"out{suffix}").exists()
    assert len(list(here.iterdir())) == 2


@pytest.mark.parametrize("suffix", [".parquet", ".brat", ".spacy"])
def test_there_and_back(suffix: str, here: Path) -> None:
    write(f"in{suffix}", *RECORDS)
    assert call("convert", f"in{suffix}", "-o", "out.jsonl", "--quiet") == (0, "", "")
    assert tuple(read_any_records(here / "out.jsonl")) == RECORDS


def test_convert_to_standard_output(here: Path) -> None:
    write("in.parquet", SILENT)
    code, out, err = call("convert", "in.parquet", "--out", "-")
    assert (code, err) == (0, "")
    assert DocumentRecord.model_validate_json(out) == SILENT


def test_texts_come_from_the_articles(here: Path) -> None:
    (here / "articles").mkdir()
    (here / "articles" / "river-flood.txt").write_text(FLOOD, encoding="utf-8")
    write("in.jsonl", without_text(FLOOD_RECORD))
    assert call("convert", "in.jsonl", "--texts", "articles", "-o", "out.brat", "-q") == (0, "", "")
    [back] = read_any_records(here / "out.brat")
    assert back.quotations == FLOOD_RECORD.quotations
    assert call("convert", "in.jsonl", "--texts", "articles", "-o", "full.jsonl", "-q") == (0, "", "")
    [full] = read_any_records(here / "full.jsonl")
    assert full == FLOOD_RECORD


def test_a_missing_text_is_told_and_the_rest_is_done(here: Path) -> None:
    write("in.jsonl", without_text(FLOOD_RECORD), SILENT)
    code, out, err = call("convert", "in.jsonl", "-o", "out.brat")
    assert (code, out) == (1, "")
    assert "river-flood: its text is missing" in err
    assert "1 document in out.brat." in err
    assert [record.doc_id for record in read_any_records(here / "out.brat")] == ["silent"]


def test_with_no_text_at_all_nothing_is_written(here: Path) -> None:
    write("in.jsonl", without_text(FLOOD_RECORD))
    code, _, err = call("convert", "in.jsonl", "-o", "out.brat")
    assert code == 1
    assert "--texts" in err
    assert [path.name for path in here.iterdir()] == ["in.jsonl"]


def test_a_format_that_holds_no_text_needs_none(here: Path) -> None:
    write("in.jsonl", without_text(FLOOD_RECORD))
    assert call("convert", "in.jsonl", "-o", "out.csv", "-q") == (0, "", "")


@pytest.mark.parametrize(("flag", "cell"), [([], "'=1+1"), (["--formulas"], "=1+1")])
def test_formulas_are_neutralised_unless_asked_for(flag: list[str], cell: str, here: Path) -> None:
    write("in.jsonl", FORMULA_RECORD)
    assert call("convert", "in.jsonl", "-o", "out.csv", "-q", *flag) == (0, "", "")
    with (here / "out.csv").open(newline="", encoding="utf-8") as file:
        assert next(csv.DictReader(file))["text"] == cell


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["in.jsonl"], 2, "Missing option '--out'"),
        (["in.jsonl", "--out", "x.pdf"], 2, "no format has this suffix"),
        (["missing.jsonl", "--out", "x.csv"], 1, "missing.jsonl: there is no such file"),
        (["in.txt", "--out", "x.csv"], 1, "in.txt: records can't be read from this kind of file"),
        (["in.jsonl", "--out", "in.jsonl"], 1, "this is one of the inputs"),
        (["in.jsonl", "--out", "no/x.csv"], 1, "no does not exist"),
    ],
    ids=str,
)
def test_what_convert_refuses(arguments: list[str], code: int, told: str, here: Path) -> None:
    write("in.jsonl", SILENT)
    (here / "in.txt").write_text("words")
    before = sorted(path.name for path in here.iterdir())
    actual, out, err = call("convert", *arguments)
    assert (actual, out) == (code, "")
    assert told in " ".join(err.split())
    assert sorted(path.name for path in here.iterdir()) == before


# extract


@pytest.mark.model
def test_extract_writes_every_format(here: Path) -> None:
    (here / "flood.txt").write_text(FLOOD, encoding="utf-8")
    for suffix in SUFFIXES:
        assert call("extract", "flood.txt", "--out", f"out{suffix}", "--quiet") == (0, "", "")
        assert (here / f"out{suffix}").exists()
    [record] = read_any_records(here / "out.brat")
    assert record.text == FLOOD
    [same] = read_any_records(here / "out.spacy")
    [bare] = read_any_records(here / "out.jsonl")
    assert record == same
    assert bare == without_text(record)


# formats, schema


def test_formats_lists_both_tables(here: Path) -> None:
    code, out, err = call("formats")
    assert (code, err) == (0, "")
    for suffixes, holds, _ in ROWS:
        [row] = [
            line
            for line in out.splitlines()
            if all(suffix in line.split() for suffix in suffixes) and holds in line
        ]
        assert "ready" in row


def test_formats_says_what_to_install(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "parquet", ("no_such_package",))
    assert call("formats")[1].count("pip install 'quotes[parquet]'") == 2
    write("in.jsonl", SILENT)
    code, _, err = call("convert", "in.jsonl", "--out", "x.parquet")
    assert (code, err) == (
        1,
        "Error: x.parquet: this format needs an extra. Install it: pip install 'quotes[parquet]'\n",
    )
    (here / "y.parquet").write_bytes(b"")
    code, _, err = call("convert", "y.parquet", "--out", "x.csv")
    assert code == 1
    assert "pip install 'quotes[parquet]'" in err


def test_every_extra_of_a_format_is_one_of_the_package() -> None:
    import tomllib

    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    assert PACKAGES.keys() <= extras.keys()
    assert {extra for _, _, extra in ROWS} - {None} <= PACKAGES.keys()


def test_schema_prints_what_the_library_gives() -> None:
    assert json.loads(call("schema")[1]) == record_schema()
    assert json.loads(call("schema", "--articles")[1]) == article_schema()


# show --html


@pytest.mark.model
def test_show_writes_a_page(here: Path) -> None:
    (here / "flood.txt").write_text(FLOOD, encoding="utf-8")
    code, out, err = call("show", "flood.txt", "--html", "flood.html")
    assert (code, out, err) == (0, "", "Written to flood.html.\n")
    page = (here / "flood.html").read_text(encoding="utf-8")
    assert '<mark class="quotation c1" id="d1-q1"' in page
    assert "NO FISHING.”</mark>" not in page
    call("show", "flood.txt", "--html", "flood.html", "--include-unattributed")
    assert "NO FISHING.”</mark>" in (here / "flood.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--html", "a.htm"], "end the name in .html"),
        (["--html", "a.html", "--explain"], "not together with --explain"),
    ],
    ids=str,
)
def test_what_show_refuses(arguments: list[str], told: str, here: Path) -> None:
    (here / "a.txt").write_text("words")
    code, out, err = call("show", "a.txt", *arguments)
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())
    assert [path.name for path in here.iterdir()] == ["a.txt"]
