"""A line and a document have a limit, packed or not, and no reader holds more of a file at a time."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet
from typer.testing import CliRunner

from quotes.cli.app import app
from quotes.errors import LabelStudioError, ReadError
from quotes.files import limits
from quotes.files.inputs import unpacked
from quotes.files.limits import VARIABLE, max_size, parse_size
from quotes.formats.jsonl import records as jsonl
from quotes.formats.record_files import read_any_records
from quotes.formats.sources import expand, read_all
from quotes.labelstudio.exports import read_export
from quotes.records import Document, DocumentRecord

SMALL = 10_000


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(SMALL))


def read(path: Path) -> tuple[list[str], list[str]]:
    problems: list[str] = []
    sources = expand([str(path)], lambda error: problems.append(str(error)))
    found = read_all(sources, lambda error: problems.append(str(error)), author="@quill")
    return [document.doc_id for document in found], problems


def packed(path: Path, content: bytes) -> Path:
    pack = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}.get(path.suffix, bytes)
    path.write_bytes(pack(content))
    return path


def article(name: str, size: int = 10) -> bytes:
    return json.dumps({"id": name, "text": "x" * size}).encode() + b"\n"


def tweet(name: str, size: int = 10) -> str:
    return json.dumps({"id": name, "full_text": "x" * size})


PACKINGS = ["", ".gz", ".zst"]


# What every reader tells


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("suffix", [".txt", ".html", ".docx", ".pdf"])
def test_a_document_that_is_too_large_is_told(suffix: str, packing: str, tmp_path: Path) -> None:
    path = packed(tmp_path / f"a{suffix}{packing}", b"x" * (SMALL + 1))
    assert read(path) == (
        [],
        [
            f"{path}: larger than 10 KB, the limit for a line or a document. "
            "If this is intended, raise the limit: --max-size SIZE, or QUOTES_MAX_SIZE=SIZE."
        ],
    )


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_text_as_large_as_the_limit_is_read(packing: str, tmp_path: Path) -> None:
    assert read(packed(tmp_path / f"a.txt{packing}", b"x" * SMALL))[1] == []


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("size", [SMALL, 3 * SMALL])
def test_a_line_that_is_too_long_is_left_out_and_the_next_is_read(
    packing: str, size: int, tmp_path: Path
) -> None:
    lines = article("a") + article("b", size) + article("c", SMALL - 100) + article("d", size).rstrip()
    path = packed(tmp_path / f"news.jsonl{packing}", lines)
    found, problems = read(path)
    assert found == ["a", "c"]
    assert [problem.partition(". ")[0] for problem in problems] == [
        f"{path}, line {line}: larger than 10 KB, the limit for a line or a document" for line in (2, 4)
    ]


def test_a_line_as_long_as_the_limit_is_read(tmp_path: Path) -> None:
    line = article("a", SMALL - len(article("a", 0)) + 1)
    assert len(line) == SMALL + len(b"\n")
    assert read(packed(tmp_path / "news.jsonl", line + article("b"))) == (["a", "b"], [])


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_line_without_an_end_is_not_read_for_ever(packing: str, tmp_path: Path) -> None:
    endless = b"x" * (40 * SMALL)
    found, [problem] = read(packed(tmp_path / f"news.jsonl{packing}", article("a") + endless))
    assert found == ["a"]
    assert "line 2: larger than 10 KB" in problem
    assert "The line doesn't end" in problem


def test_an_endless_stream_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    endless = io.BufferedReader(Endless())
    with pytest.raises(ReadError, match="larger than 10 KB"):
        limits.whole(endless, "pipe")
    with pytest.raises(ReadError, match=r"pipe, line 1: .* doesn't end"):
        list(limits.lines(endless, "pipe", print))


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    ("suffix", "head", "between"),
    [(".json", "[", ","), (".json", "", "\n"), (".js", "window.YTD.tweets.part0 = [", ",")],
)
def test_a_value_that_is_too_large_ends_the_file(
    suffix: str, head: str, between: str, packing: str, tmp_path: Path
) -> None:
    content = head + between.join([tweet("1"), tweet("2", 3 * SMALL), tweet("3")])
    found, [problem] = read(packed(tmp_path / f"tweets{suffix}{packing}", content.encode()))
    assert found == ["1"]
    assert " 2: larger than 10 KB" in problem


@pytest.mark.parametrize(
    "content", [b"[1." + b"1" * 5 * SMALL, b'["' + b"x" * 5 * SMALL, b"[" + b"8" * 5 * SMALL]
)
def test_a_value_without_an_end_is_told(content: bytes, tmp_path: Path) -> None:
    found, [problem] = read(packed(tmp_path / "tweets.json", content))
    assert found == []
    assert "item 1" in problem


def test_a_json_file_that_is_broken_is_told_as_broken(tmp_path: Path) -> None:
    found, [problem] = read(packed(tmp_path / "tweets.json", b"[{]" + b" " * 5 * SMALL))
    assert found == []
    assert "item 1 is not JSON (Expecting property name" in problem


HEADER = b"id,text,created_at\n"


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    "large",
    [
        pytest.param(b"2,x" + b",y" * SMALL + b"\n", id="a line"),
        pytest.param(b"2,x" + b',"y\n"' * SMALL + b"\n", id="a row of many lines"),
    ],
)
def test_a_row_that_is_too_large_ends_the_table(large: bytes, packing: str, tmp_path: Path) -> None:
    content = HEADER + b"1,words,2017-06-05\n" + large + b"3,words,2017-06-05\n"
    found, [problem] = read(packed(tmp_path / f"tweets.csv{packing}", content))
    assert found == ["1"]
    assert "larger than 10 KB" in problem
    assert "The rows before it were read." in problem


def test_a_table_of_any_length_is_read(tmp_path: Path) -> None:
    rows = b"".join(b"%d,words,2017-06-05\n" % number for number in range(2_000))
    found, problems = read(packed(tmp_path / "tweets.csv", HEADER + rows))
    assert (len(found), problems) == (2_000, [])


# Memory


def most_memory(work: Callable[[], object]) -> int:
    work()  # what is imported on the way stays
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packing", [".gz", ".zst"])
@pytest.mark.parametrize("fill", [b"\0", b" "])
@pytest.mark.parametrize("suffix", [".jsonl", ".txt", ".csv", ".json", ".js", ".html"])
def test_what_unpacks_to_much_takes_little(
    suffix: str, fill: bytes, packing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotes.files.inputs._CHUNK", 64)  # which unpack to 2 MB
    path = packed(tmp_path / f"bomb{suffix}{packing}", fill * 50_000_000)
    assert most_memory(lambda: read(path)) < 15_000_000


def test_zstandard_unpacks_little_at_a_time() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(400_000_000))
    file = unpacked(io.BytesIO(bomb), ".zst", "bomb.zst")
    assert most_memory(lambda: file.read(10)) < 150_000_000


# Records


def read_records(path: Path) -> Iterator[DocumentRecord]:
    return read_any_records(path)


def record(name: str, text: str) -> DocumentRecord:
    sha256 = Document(doc_id=name, text=text).text_sha256
    return DocumentRecord(doc_id=name, text_sha256=sha256, quotations=(), text=text)


def test_a_record_that_is_too_long_is_told_with_its_line(tmp_path: Path) -> None:
    lines = [jsonl.encode(record("a", "x")), jsonl.encode(record("b", "x" * SMALL))]
    path = packed(tmp_path / "records.jsonl", b"".join(lines))
    with pytest.raises(ReadError, match=r"records.jsonl, line 2: larger than 10 KB"):
        list(read_records(path))


def table(path: Path, **columns: object) -> Path:
    parquet.write_table(pa.table(columns), path)
    return path


def test_a_row_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", id=["a", "b", "c"], text=["x", "x" * SMALL * 2, "y"])
    found, [problem] = read(path)
    assert found == ["a", "c"]
    assert problem.startswith(f"{path}, row 2: larger than 10 KB")


def test_a_text_that_many_rows_share_is_held_once(tmp_path: Path) -> None:
    rows = 200
    path = tmp_path / "a.parquet"
    text = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 1_000_000]))
    shared = pa.table({"id": [str(number) for number in range(rows)], "text": text})
    parquet.write_table(shared, path, dictionary_pagesize_limit=1 << 30)
    before = pa.default_memory_pool().max_memory()
    assert most_memory(lambda: read(path)) < 30_000_000
    assert pa.default_memory_pool().max_memory() - before < 50_000_000


@pytest.mark.parametrize("content", [b"x" * (SMALL + 1), zlib.compress(bytes(10 * SMALL))])
def test_a_docbin_that_is_too_large_is_told(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="larger than 10 KB"):
        list(read_records(packed(tmp_path / "a.spacy", content)))


@pytest.mark.parametrize("suffix", [".txt", ".ann"])
def test_a_brat_file_that_is_too_large_is_told(suffix: str, tmp_path: Path) -> None:
    for name in (".txt", ".ann"):
        (tmp_path / f"a{name}").write_bytes(b"x" * (SMALL + 1) if name == suffix else b"")
    with pytest.raises(ReadError, match=rf"a\{suffix}: larger than 10 KB"):
        list(read_records(tmp_path))


def test_an_export_that_is_too_large_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabelStudioError, match="larger than 10 KB"):
        read_export(packed(tmp_path / "export.json", b"[" * (SMALL + 1)))


def test_an_export_from_a_pipe_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"[" * (SMALL + 1))))
    with pytest.raises(LabelStudioError, match="standard input: larger than 10 KB"):
        read_export(Path("-"))


def test_a_record_from_a_pipe_that_is_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"[" * (SMALL + 1))))
    with pytest.raises(ReadError, match="standard input, line 1: larger than 10 KB"):
        list(read_records(Path("-")))


# Files that aren't what they are called


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 100,
        "\n".join(f"line {number}" for number in range(1_000)).encode(),
        b"".join(article(str(number)) for number in range(20)).decode().encode("utf-16"),
        b"PK\3\4\n\0\n" * 100,
    ],
)
def test_what_is_no_json_lines_is_told_once(content: bytes, tmp_path: Path) -> None:
    path = packed(tmp_path / "news.jsonl", content)
    found, [problem] = read(path)
    assert found == []
    assert problem.startswith(f"{path}: this is not JSON Lines in UTF-8")


def test_bad_lines_before_the_first_good_one_are_told(tmp_path: Path) -> None:
    found, problems = read(packed(tmp_path / "news.jsonl", b"oops\noops\n" + article("a") + b"oops\0\n" * 50))
    assert found == ["a"]
    assert len(problems) == 52
    assert problems[0].endswith("news.jsonl, line 1: this is not JSON in UTF-8. It is left out.")


def test_a_few_bad_lines_are_told_one_by_one(tmp_path: Path) -> None:
    found, problems = read(packed(tmp_path / "news.jsonl", b"oops\n" * 9))
    assert (found, len(problems)) == ([], 9)


def test_very_many_bad_lines_are_counted(tmp_path: Path) -> None:
    path = packed(tmp_path / "news.jsonl", article("a") + b"oops\n" * 1_234 + article("b"))
    found, problems = read(path)
    assert found == ["a", "b"]
    assert len(problems) == 101
    assert problems[-1] == f"{path}: 1,134 more like these are left out."


# What the user sets


@pytest.mark.parametrize(("text", "size"), [("100MB", 100_000_000), ("64MiB", 64 << 20), ("123", 123)])
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "0", "-5MB", "0.1", "1e999", "5 bananas"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size; write it like 100MB or 64MiB"):
        parse_size(text)


def test_the_variable_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "much")
    with pytest.raises(ReadError, match="QUOTES_MAX_SIZE: much is not a size"):
        max_size()
    monkeypatch.delenv(VARIABLE)
    assert (max_size(), max_size(5)) == (limits.USUAL, 5)


COMMANDS = [
    ["score", "r.jsonl", "r.jsonl"],
    ["variants", "r.jsonl"],
    ["convert", "r.jsonl", "--out", "o.csv"],
    ["db", "build", "r.jsonl", "--out", "o.db"],
    ["labelstudio", "export", "r.jsonl", "--out", "o.json"],
    ["show", "a.txt"],
    ["extract", "a.txt", "--out", "o.jsonl"],
    ["extract", "a.jsonl", "--out", "o.jsonl"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("before", [None, "1GB"])
def test_every_command_that_reads_has_the_option(
    command: list[str], before: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE)
    if before:
        monkeypatch.setenv(VARIABLE, before)
    packed(tmp_path / "r.jsonl", jsonl.encode(record("a", "x" * 200)))
    packed(tmp_path / "a.txt", b"x" * 200)
    packed(tmp_path / "a.jsonl", article("a", 200))
    done = CliRunner().invoke(app, [*command, "--max-size", "100"])
    assert done.exit_code == 1
    assert "larger than 100 B" in done.stderr + str(done.exception)
    assert os.environ.get(VARIABLE) == before


def test_a_wrong_size_is_wrong_usage() -> None:
    done = CliRunner().invoke(app, ["extract", "a.txt", "--max-size", "much"])
    assert done.exit_code == 2
    assert "Invalid value for --max-size: much is not a size" in done.stderr
