"""Output in several files, and packed output: each file is whole or not there."""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import OutputError
from quotes.files import whole_file
from quotes.files.inputs import open_unpacked
from quotes.files.whole_file import WholeFile
from quotes.formats.jsonl import records as jsonl
from quotes.formats.jsonl.records import read_records
from quotes.formats.output import open_output
from quotes.formats.table import RECORD_FORMATS, record_format, split_suffixes
from quotes.formats.writers import PieceWriter, WriteOptions
from quotes.records import DocumentRecord

Run = Callable[..., object]

A_B_C = [DocumentRecord(doc_id=name, text_sha256="0" * 64, quotations=()) for name in "abcdefgh"]
LINE = len(jsonl.encode(A_B_C[0]))


def write(out: Path, records: list[DocumentRecord], *, size: int | None = None, resume: bool = False) -> None:
    with open_output(str(out), shard_size=size, resume=resume) as output:
        for record in records:
            if record.doc_id not in output.before:
                output.write(record)


def stopped(
    out: Path, records: list[DocumentRecord], error: type[BaseException], *, size: int, resume: bool = False
) -> None:
    """A run that ends by an error once it has written these."""

    def run() -> None:
        with open_output(str(out), shard_size=size, resume=resume) as output:
            for record in records:
                output.write(record)
            raise error

    with pytest.raises(error):
        run()


def held(folder: Path) -> dict[str, str]:
    """The documents of each file of records, by its name."""
    files = sorted(path for path in folder.iterdir() if path.name != "news.jsonl")
    return {path.name: "".join(record.doc_id for record in read_records(path)) for path in files}


# Shards


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, ["a", "b", "c", "d", "e", "f", "g", "h"]),
        (LINE, ["a", "b", "c", "d", "e", "f", "g", "h"]),
        (LINE + 1, ["ab", "cd", "ef", "gh"]),
        (3 * LINE, ["abc", "def", "gh"]),
        (9 * LINE, ["abcdefgh"]),
    ],
)
def test_a_new_file_is_begun_when_one_is_full(size: int, expected: list[str], tmp_path: Path) -> None:
    write(tmp_path / "out.jsonl", A_B_C, size=size)
    assert held(tmp_path) == {f"out-{n:05}.jsonl": ids for n, ids in enumerate(expected, 1)}


def test_a_run_without_documents_leaves_a_file_as_ever(tmp_path: Path) -> None:
    write(tmp_path / "out.jsonl", [], size=100)
    assert held(tmp_path) == {"out-00001.jsonl": ""}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl.gz", ".jsonl.zst"])
def test_shards_of_any_format(suffix: str, tmp_path: Path, story_record: DocumentRecord) -> None:
    records = [story_record.model_copy(update={"doc_id": name}) for name in "abc"]
    write(tmp_path / f"out{suffix}", records, size=1)
    names = [f"out-{n:05}{suffix}" for n in (1, 2, 3)]
    # A packed file is as full as its blocks say: here none is full.
    assert sorted(path.name for path in tmp_path.iterdir()) == (names if suffix == ".csv" else names[:1])
    whole = tmp_path / "whole" / f"out{suffix}"
    whole.parent.mkdir()
    write(whole, records)
    if suffix == ".csv":
        lines = [(tmp_path / name).read_bytes().splitlines(keepends=True) for name in names]
        assert b"".join(lines[0] + lines[1][1:] + lines[2][1:]) == whole.read_bytes()
    else:
        assert (tmp_path / names[0]).read_bytes() == whole.read_bytes()


def test_shards_of_an_earlier_run_are_never_mixed_in(tmp_path: Path) -> None:
    write(tmp_path / "out.jsonl", A_B_C, size=2 * LINE)
    before = held(tmp_path)
    with pytest.raises(OutputError, match=r"out-00001.jsonl: an earlier run .* Delete its 4 files"):
        write(tmp_path / "out.jsonl", A_B_C[:2], size=2 * LINE)
    assert held(tmp_path) == before
    write(tmp_path / "out-2.jsonl", A_B_C[:2], size=2 * LINE)  # of another name
    write(tmp_path / "out.csv", A_B_C[:2], size=2 * LINE)


@settings(deadline=None, max_examples=examples(30))  # each file is synced
@given(killed=st.integers(0, 8), size=st.integers(1, 5 * LINE))
def test_shards_are_resumed(killed: int, size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = tmp_path_factory.mktemp("whole")
    write(whole / "out.jsonl", A_B_C, size=size)
    folder = tmp_path_factory.mktemp("killed")
    stopped(folder / "out.jsonl", A_B_C[:killed], ZeroDivisionError, size=size, resume=True)
    with open_output(str(folder / "out.jsonl"), shard_size=size, resume=True) as output:
        assert output.before == {record.doc_id for record in A_B_C[:killed]}
        assert output.written == killed
        for record in A_B_C[killed:]:
            assert output.encode is not None
            output.write_piece(output.encode(record))
        assert output.written == 8
    files = {path.name: path.read_bytes() for path in whole.iterdir()}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    write(folder / "out.jsonl", A_B_C, size=size, resume=True)  # and once more, with nothing left to do
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_to_a_finished_run_new_documents_are_added_in_new_files(tmp_path: Path) -> None:
    write(tmp_path / "out.jsonl", A_B_C[:3], size=2 * LINE)
    write(tmp_path / "out.jsonl", A_B_C[:5], size=2 * LINE, resume=True)
    assert held(tmp_path) == {"out-00001.jsonl": "ab", "out-00002.jsonl": "c", "out-00003.jsonl": "de"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda folder: (folder / "out-00002.jsonl").unlink(),
            "out-00002.jsonl: this file of the earlier run is missing",
        ),
        (lambda folder: (folder / "out-00002.jsonl").write_text("notes\n"), "out-00002.jsonl: the last line"),
        (lambda folder: (folder / "out-00002.jsonl").write_text("notes\n\n"), "out-00002.jsonl, line 1"),
    ],
)
def test_shards_that_no_run_has_left_are_refused(
    change: Callable[[Path], object], told: str, tmp_path: Path
) -> None:
    write(tmp_path / "out.jsonl", A_B_C, size=2 * LINE)
    change(tmp_path)
    with pytest.raises(OutputError, match=told):
        write(tmp_path / "out.jsonl", A_B_C, size=2 * LINE, resume=True)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt, {"o-00001.jsonl": "ab", "o-00002.jsonl": "c"}),
        (ZeroDivisionError, {"o-00001.jsonl": "ab"}),
    ],
)
def test_what_stays_of_a_run_that_was_stopped(
    error: type[BaseException], expected: dict[str, str], tmp_path: Path
) -> None:
    stopped(tmp_path / "o.jsonl", A_B_C[:3], error, size=2 * LINE)
    assert held(tmp_path) == expected


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--shard-size", "100MB"], "Invalid value for --out: --shard-size needs a file"),
        (["--shard-size", "100MB", "-o", "-"], "Invalid value for --out: --shard-size needs a file"),
        (["--shard-size", "much", "-o", "x.jsonl"], "much is not a size"),
        (["--shard-size", "0", "-o", "x.jsonl"], "0 is not a size"),
        (["--shard-size", "-5MB", "-o", "x.jsonl"], "-5MB is not a size"),
    ],
)
def test_wrong_usage(arguments: list[str], told: str, run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Nobody said a word.")
    done = run_quotes("extract", "a.txt", *arguments)
    assert done.returncode == 2
    assert told in done.stderr


@pytest.mark.model
def test_a_killed_run_in_shards_is_resumed(run_quotes: Run, tmp_path: Path) -> None:
    articles = [
        json.dumps({"id": f"{n:02}", "text": f"“It rained {n} nights,” Ada Quill said."}) + "\n"
        for n in range(12)
    ]
    (tmp_path / "news.jsonl").write_text("".join(articles[:7]))
    options = ("--quiet", "--shard-size", "1kB", "--out", "out.jsonl")
    assert run_quotes("extract", "news.jsonl", *options).returncode == 0
    first = held(tmp_path)
    assert "".join(first.values()) == "".join(f"{n:02}" for n in range(7))
    assert len(first) > 1
    last = tmp_path / max(first)
    # As it stands after a SIGKILL: the last shard is unfinished, and its last line is torn.
    (tmp_path / f"{last.name}.partial").write_bytes(last.read_bytes()[:-5])
    last.unlink()
    (tmp_path / "news.jsonl").write_text("".join(articles))
    refused = run_quotes("extract", "news.jsonl", *options)
    assert refused.returncode == 1
    assert "an earlier run has written this" in refused.stderr
    assert run_quotes("extract", "news.jsonl", "--resume", *options).returncode == 0
    assert run_quotes("extract", "news.jsonl", "--quiet", "--out", "whole.jsonl").returncode == 0
    shards = sorted(tmp_path.glob("out-*"))
    assert b"".join(path.read_bytes() for path in shards) == (tmp_path / "whole.jsonl").read_bytes()


# Packed files


@pytest.mark.parametrize("name", ["out.jsonl.gz", "OUT.JSONL.ZST", "out.csv.gz", "out.csv.zst"])
@pytest.mark.parametrize("block", [1, 3 * LINE, 1 << 20])
def test_what_is_packed_is_the_same_unpacked(
    name: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story_record: DocumentRecord
) -> None:
    monkeypatch.setattr(whole_file, "_BLOCK", block)
    plain = tmp_path / Path(name.lower()).stem
    records = [*A_B_C, story_record]
    write(plain, records)
    write(tmp_path / name, records)
    unpack = gzip.decompress if name.endswith(".gz") else _unzst
    assert unpack((tmp_path / name).read_bytes()) == plain.read_bytes()
    with open_unpacked(tmp_path / name) as file:
        assert file.read() == plain.read_bytes()
    if ".jsonl" in name:
        assert list(read_records(tmp_path / name)) == records


def _unzst(data: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
        return reader.read()


@pytest.mark.parametrize("block", [1, 2 * LINE, 1 << 20])
@pytest.mark.parametrize("moment", ["between", "while a block is written", "behind a block"])
def test_ctrl_c_leaves_each_packed_piece_once(
    block: int, moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_file, "_BLOCK", block)
    path = tmp_path / "out.jsonl.gz"

    def run() -> None:
        with whole_file.file_for(path)(path, b"head\n", b"foot\n") as file:
            assert isinstance(file, whole_file.PackedFile)
            for piece in (b"a\n", b"b\n", b"c\n"):
                file.write(piece)
            if moment == "while a block is written":
                file._file.write(b"half a blo")
            if moment == "behind a block" and file._unpacked():
                waiting = file._waiting
                file._write_block()
                file._waiting = waiting
            assert file.pieces == 3
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert gzip.decompress(path.read_bytes()) == b"head\na\nb\nc\nfoot\n"


@pytest.mark.parametrize("name", ["out.parquet.gz", "out.txt.gz", "out.gz", ".gz"])
def test_other_packed_names_are_refused(name: str) -> None:
    with pytest.raises(OutputError, match="no format has this suffix"):
        record_format(Path(name))


@pytest.mark.parametrize(
    ("name", "parts"),
    [("a.jsonl", ("a", ".jsonl")), ("a.b.CSV", ("a.b", ".CSV")), ("a.jsonl.gz", ("a", ".jsonl.gz"))],
)
def test_a_name_is_parted_before_its_suffixes(name: str, parts: tuple[str, str]) -> None:
    assert split_suffixes(Path("folder", name)) == parts


@pytest.mark.parametrize("suffix", [suffix for suffix, each in RECORD_FORMATS.items() if each.may_be_packed])
def test_other_processes_can_be_told_to_encode(suffix: str, tmp_path: Path) -> None:
    with record_format(tmp_path / f"out{suffix}").open(tmp_path / f"out{suffix}", WriteOptions()) as writer:
        assert isinstance(writer, PieceWriter)
        assert pickle.loads(pickle.dumps(writer.encode))(A_B_C[0]) == writer.encode(A_B_C[0])


def test_a_file_that_is_not_packed_is_plain() -> None:
    assert whole_file.file_for(Path("out.jsonl")) is WholeFile
