"""Files of many articles, a line each."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.files import inputs
from quotes.formats.sources import expand, read_all
from quotes.records import Document, DocumentRecord

STORY = "“It rained,” Ada Quill said."


def read(*paths: Path) -> tuple[list[tuple[str, str]], list[str]]:
    problems: list[ReadError] = []
    found = list(read_all(expand([str(path) for path in paths]), problems.append))
    return [(document.doc_id, document.text) for document in found], [str(problem) for problem in problems]


@given(
    articles=st.dictionaries(st.text(min_size=1), st.text(st.characters(exclude_characters="\r"))),
    packed=st.booleans(),
)
def test_what_is_written_is_read(
    articles: dict[str, str], packed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("stream")
    lines = "".join(
        json.dumps({"id": key, "text": text, "year": 1998}) + "\n" for key, text in articles.items()
    )
    path = folder / ("news.jsonl.gz" if packed else "news.jsonl")
    path.write_bytes(gzip.compress(lines.encode()) if packed else lines.encode())
    assert read(path) == (list(articles.items()), [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not an article"),
        (b'{"text": "x"}', 'no "id"'),
        (b'{"id": "", "text": "x"}', 'no "id"'),
        (b'{"id": true, "text": "x"}', 'no "id"'),
        (b'{"id": "b"}', "'b' has no \"text\""),
        (b'{"id": "b", "text": null}', "'b' has no \"text\""),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_left_out(line: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b'{"id": "a", "text": "A"}\n\n' + line + b'\n{"id": 7, "text": "c\\r\\nd"}')
    found, [problem] = read(path)
    assert found == [("a", "A"), ("7", "c\nd")]
    assert problem.startswith(f"{path}, line 3: ")
    assert told in problem


def test_no_two_articles_of_a_run_have_one_id(tmp_path: Path) -> None:
    one, two, plain = tmp_path / "one.jsonl", tmp_path / "two.jsonl", tmp_path / "c.txt"
    one.write_text('{"id": "a", "text": "A"}\n{"id": "c", "text": "C"}\n')
    two.write_text('{"id": "a", "text": "other"}\n{"id": "b", "text": "B"}\n')
    plain.write_text("D")
    found, problems = read(one, two, plain)
    assert found == [("a", "A"), ("c", "C"), ("b", "B")]
    assert [problem.partition(":")[0] for problem in problems] == [
        f"{two}, document 1",
        f"{plain}, document 1",
    ]


LINES = b'{"id": "a", "text": "A"}\n' * 99


def zst(*parts: bytes) -> bytes:
    """A frame for each part, as `zstd` and appending to a file make them."""
    return b"".join(zstandard.ZstdCompressor(write_checksum=True).compress(part) for part in parts)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("news.jsonl.gz", b"plainly no gzip\n"),
        ("news.jsonl.gz", gzip.compress(LINES, mtime=0)[:-9]),
        ("news.jsonl.gz", gzip.compress(LINES, mtime=0) + b"rubbish"),
        ("news.jsonl.zst", b"plainly no zstd\n"),
        ("news.jsonl.zst", zst(LINES)[:-1]),
        ("news.jsonl.zst", zst(LINES)[:-9]),
        ("news.jsonl.zst", zst(LINES, LINES)[:-9]),
        ("news.jsonl.zst", zst(LINES)[:3]),
        ("news.jsonl.zst", zst(LINES)[:-4] + b"oops"),
        ("news.jsonl.zst", zst(LINES) + b"rubbish"),
        ("news.txt.gz", gzip.compress(LINES, mtime=0)[:-9]),
        ("news.txt.zst", zst(LINES)[:-9]),
    ],
)
def test_a_broken_archive_is_told_and_the_next_file_is_read(
    name: str, content: bytes, tmp_path: Path
) -> None:
    path, after = tmp_path / name, tmp_path / "b.txt"
    path.write_bytes(content)
    after.write_text("B")
    found, problems = read(path, after)
    assert found[-1] == ("b", "B")
    assert str(path) in problems[-1]
    assert "broken" in problems[-1]


@settings(deadline=None)  # it writes files
@given(
    texts=st.lists(st.text(st.characters(exclude_characters="\r")), min_size=1, max_size=8),
    cuts=st.lists(st.integers(0, 400), max_size=3),
    chunk=st.sampled_from([1, 7, 1 << 16]),
)
def test_zstandard_in_any_number_of_frames(
    texts: list[str], cuts: list[int], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts)).encode()
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    path = tmp_path_factory.mktemp("frames") / "news.jsonl.zst"
    path.write_bytes(zst(*(lines[a:b] for a, b in pairwise(edges))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "_CHUNK", chunk)
        assert read(path) == ([(str(n), text) for n, text in enumerate(texts)], [])


def test_a_packed_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress("“Words”".encode()))
    (tmp_path / "b.txt.zst").write_bytes(zst("“Words”".encode()))
    assert read(tmp_path / "a.txt.gz", tmp_path / "b.txt.zst") == (
        [("a.txt", "“Words”"), ("b.txt", "“Words”")],
        [],
    )


def test_without_zstandard_it_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    (tmp_path / "a.jsonl.zst").write_bytes(b"")
    found, [problem] = read(tmp_path / "a.jsonl.zst")
    assert found == []
    assert problem.endswith("Install it: pip install 'quotes[zstd]'")


def test_in_a_folder_streams_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "quotations.jsonl").write_text('{"id": "a", "text": "A"}\n')
    (tmp_path / "b.txt").write_text("B")
    assert read(tmp_path) == ([("b", "B")], [])


@pytest.mark.model
def test_extract_goes_through_a_stream_and_on_with_it(
    run_quotes: Callable[..., object], tmp_path: Path
) -> None:
    lines = [json.dumps({"id": name, "text": STORY}) + "\n" for name in "abc"]
    (tmp_path / "news.jsonl").write_text(lines[0] + "no article\n" + lines[1])
    done = run_quotes("extract", "news.jsonl", "--resume", "--out", "out.jsonl")
    assert done.returncode == 1
    assert "Error: news.jsonl, line 2: this is not JSON" in done.stderr
    (tmp_path / "news.jsonl").write_text("".join(lines))
    done = run_quotes("extract", "news.jsonl", "--resume", "--out", "out.jsonl")
    assert done.returncode == 0
    assert "Resuming: 2 documents are already done." in done.stderr
    records = [
        DocumentRecord.model_validate_json(x) for x in (tmp_path / "out.jsonl").read_text().splitlines()
    ]
    assert [record.doc_id for record in records] == ["a", "b", "c"]
    assert {record.text_sha256 for record in records} == {Document(doc_id="", text=STORY).text_sha256}
    assert all(record.quotations[0].speaker_name == "Ada Quill" for record in records)
