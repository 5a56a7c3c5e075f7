"""`quotes verify` as a user calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from builders import spoken

from quotes.formats.jsonl import records as jsonl
from quotes.formats.jsonl.records import read_records
from quotes.records import Metadata

Run = Callable[..., CompletedProcess[str]]

PIER = "We will rebuild the pier by spring, and we will do it with the town's own money"
SCHOOL = PIER.replace("pier", "school")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three quotations: one as in the source, one altered, one of somebody else's words."""
    path = tmp_path / "archive.jsonl"
    metadata = Metadata(outlet="<b>Echo</b>", url="javascript:alert(1)")
    said = ("Ada Quill", f"“{PIER}”"), ("Ada Quill", f"“{SCHOOL}”"), ("Tobias Renn", f"“{PIER}”")
    path.write_bytes(jsonl.encode(spoken("a", *said, metadata=metadata)))
    return path


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    text = f"ADA QUILL: {PIER}.\n\nTOBIAS RENN: The channel loses a foot a year.\n"
    (folder / "council.txt").write_text(text, encoding="utf-8")
    return folder


def test_it_prints_a_table_and_a_summary(run_quotes: Run, archive: Path, sources: Path) -> None:
    done = run_quotes("verify", str(archive), "--against", str(sources))
    assert done.returncode == 0, done.stderr
    assert "altered" in done.stdout
    assert "council" in done.stdout
    assert done.stderr.strip() == "3 quotations: 1 other_speaker, 1 altered, 1 verbatim."


def test_records_keep_everything_and_have_their_verdicts(
    run_quotes: Run, archive: Path, sources: Path, tmp_path: Path
) -> None:
    out = tmp_path / "checked.jsonl"
    done = run_quotes("verify", str(archive), "--against", str(sources), "--out", str(out), "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    [before], [after] = read_records(archive), read_records(out)
    found = [one.verification for one in after.quotations]
    assert [one.verdict if one else None for one in found] == ["verbatim", "altered", "other_speaker"]
    assert found[1] is not None
    assert [(one.source, one.quoted) for one in found[1].changes] == [("pier", "school")]
    bare = [one.model_copy(update={"verification": None}) for one in after.quotations]
    assert bare == list(before.quotations)


def test_an_index_is_built_once_and_used_again(
    run_quotes: Run, archive: Path, sources: Path, tmp_path: Path
) -> None:
    index = tmp_path / "sources.idx"
    built = run_quotes("verify", "--against", str(sources), "--index", str(index))
    assert built.returncode == 0, built.stderr
    assert "1 source, 28 words" in built.stderr
    used = run_quotes("verify", str(archive), "--index", str(index), "--out", "-")
    assert json.loads(used.stdout)["quotations"][0]["verification"]["verdict"] == "verbatim"


def test_the_page_escapes_and_loads_nothing(
    run_quotes: Run, archive: Path, sources: Path, tmp_path: Path
) -> None:
    page = tmp_path / "checked.html"
    done = run_quotes("verify", str(archive), "--against", str(sources), "--html", str(page))
    assert done.returncode == 0, done.stderr
    html = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;Echo&lt;/b&gt;" in html
    assert "<b>Echo" not in html
    assert "javascript:" not in html
    assert '<mark class="quoted">school</mark>' in html
    assert '<mark class="source">pier</mark>' in html
    assert "default-src 'none'" in html


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "--against PATH"),
        (["--against", "missing/"], "no such file"),
        (["--index", "missing.idx"], "no index"),
        (["--against", ".", "--html", "page.txt"], ".html"),
        (["--against", ".", "--out", "checked.csv"], "end the name"),
        (["--against", ".", "--author", "Ada Quill"], "@name"),
    ],
)
def test_wrong_options_are_explained(run_quotes: Run, archive: Path, options: list[str], says: str) -> None:
    done = run_quotes("verify", str(archive), *options)
    assert done.returncode in (1, 2)
    assert says in done.stderr


def test_without_sources_nothing_is_written(run_quotes: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "speeches.jsonl").write_text("{}\n")
    index = tmp_path / "sources.idx"
    index.write_bytes(b"an index of yesterday")
    before = sorted(tmp_path.iterdir())
    for options, told in (
        (["--against", "empty.txt", "--out", "checked.jsonl"], "No source has words"),
        (["--against", "empty.txt", "--index", "sources.idx"], "not written, because no source has words"),
        (["--against", "records", "--out", "checked.jsonl"], "such as records/speeches.jsonl"),
    ):
        done = run_quotes("verify", str(archive), *options)
        assert done.returncode == 1
        assert told in done.stderr
    assert sorted(tmp_path.iterdir()) == before
    assert index.read_bytes() == b"an index of yesterday"


def test_records_with_their_texts_are_sources(run_quotes: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "speech.txt").write_text(f"ADA QUILL: {PIER}.\n\nRENN: Good.\n")
    assert run_quotes("extract", "speech.txt", "--with-text", "--out", "speech.jsonl").returncode == 0
    done = run_quotes("verify", str(archive), "--against", "speech.jsonl", "--out", "-")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[0])["quotations"][0]["verification"]
    assert (found["source"], found["speaker"]) == ("speech", "ADA QUILL")


def test_without_records_there_must_be_an_index_to_build(run_quotes: Run, sources: Path) -> None:
    done = run_quotes("verify", "--against", str(sources))
    assert done.returncode == 2
    assert "name records" in done.stderr
