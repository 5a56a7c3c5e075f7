"""Folders of part files: each part whole, written twice the same as once, never mixed with other things."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from quotes.errors import OutputError
from quotes.formats import parts
from quotes.formats.jsonl import records as jsonl
from quotes.formats.parquet import from_row
from quotes.formats.parts import PartsFolder
from quotes.formats.shards import PARTS_DONE
from quotes.records import DocumentRecord

NAMES = ["a", "b/c", "\u2028", "ü"]
RECORDS = [DocumentRecord(doc_id=name, text_sha256="0" * 64, quotations=()) for name in NAMES]
LINES = [jsonl.encode(record) for record in RECORDS]


@pytest.fixture(params=["local", "object store"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A place for a folder: on the disk, or in a store that knows no renaming."""
    if request.param == "local":
        yield str(tmp_path / "out")
        return
    if importlib.util.find_spec("fsspec") is None:
        pytest.skip("fsspec isn't installed")
    from fsspec.implementations.memory import MemoryFileSystem

    store = fs.PyFileSystem(fs.FSSpecHandler(MemoryFileSystem()))
    folder = f"/{tmp_path.name}"
    monkeypatch.setattr(parts, "file_system", lambda name: (store, f"{folder}/{name.partition('://')[2]}"))
    yield "store://out"
    if store.get_file_info(folder).type == fs.FileType.Directory:
        store.delete_dir(folder)


@pytest.mark.parametrize("suffix", parts.SUFFIXES)
def test_a_part_holds_its_records_and_is_written_once(suffix: str, place: str) -> None:
    folder = PartsFolder(place + suffix)
    assert folder.prepare(resume=False) == []
    name = folder.write(LINES)
    assert folder.write(LINES) == name
    other = folder.write(LINES[:1])
    folder.finish()
    assert folder.prepare(resume=True) == sorted([name, other])
    assert folder.doc_ids(name) == NAMES
    assert folder.doc_ids(other) == NAMES[:1]
    with pytest.raises(OutputError, match="isn't empty"):
        folder.prepare(resume=False)
    folder.delete(other)
    assert folder.prepare(resume=True) == [name]


def test_parquet_parts_are_the_records(tmp_path: Path) -> None:
    folder = PartsFolder(f"{tmp_path}/out.parquet")
    folder.prepare(resume=False)
    table = pq.read_table(tmp_path / "out.parquet" / folder.write(LINES))
    assert [from_row(row) for row in table.to_pylist()] == RECORDS


@pytest.mark.parametrize("suffix", parts.SUFFIXES)
@pytest.mark.parametrize("cut", [0, 1, 30, -1])
def test_a_torn_part_is_known(suffix: str, cut: int, tmp_path: Path) -> None:
    folder = PartsFolder(f"{tmp_path}/out{suffix}")
    folder.prepare(resume=False)
    name = folder.write(LINES)
    part = tmp_path / f"out{suffix}" / name
    part.write_bytes(part.read_bytes()[:cut])
    assert folder.doc_ids(name) in (None, [])  # nothing is lost of an empty file


def test_a_parquet_file_of_something_else_is_no_part(tmp_path: Path) -> None:
    folder = PartsFolder(f"{tmp_path}/out.parquet")
    folder.prepare(resume=False)
    name = folder.write(LINES)
    pq.write_table(pa.table({"x": [1]}), tmp_path / "out.parquet" / name)
    assert folder.doc_ids(name) is None


def test_what_a_killed_run_left_aside_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    folder = PartsFolder(str(out))
    folder.prepare(resume=False)
    name = folder.write(LINES)
    folder.finish()
    (out / f".{name}.0123456789ab.tmp").write_bytes(b"{")
    assert folder.prepare(resume=True) == [name]
    assert [entry.name for entry in out.iterdir()] == [name]
    folder.finish()
    assert {entry.name for entry in out.iterdir()} == {name, PARTS_DONE}


@pytest.mark.parametrize("resume", [False, True])
def test_other_peoples_files_are_not_touched(resume: bool, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").mkdir()
    (tmp_path / "out.jsonl" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"'notes\.txt' is in this folder"):
        PartsFolder(str(tmp_path / "out.jsonl")).prepare(resume=resume)
    (tmp_path / "file.jsonl").write_text("mine")
    with pytest.raises(OutputError, match="this is a file"):
        PartsFolder(str(tmp_path / "file.jsonl")).prepare(resume=resume)
    with pytest.raises(OutputError, match="can't be written"):
        PartsFolder(str(tmp_path / "no" / "such" / "out.jsonl")).prepare(resume=resume)
    assert (
        (tmp_path / "out.jsonl" / "notes.txt").read_text() == (tmp_path / "file.jsonl").read_text() == "mine"
    )


@pytest.mark.parametrize(
    ("place", "suffix"),
    [("a.jsonl", ".jsonl"), ("s3://b/C.PARQUET/", ".parquet"), ("a", ""), ("a.csv", ""), ("-", "")],
)
def test_the_suffix_says_what_parts_are(place: str, suffix: str) -> None:
    assert PartsFolder(place).suffix == suffix
