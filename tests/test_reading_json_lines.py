"""Files of many articles, a line each."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.reading.files import expand, read_all
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
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no article"),
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


@pytest.mark.parametrize(
    "content",
    [b"plainly no gzip\n", gzip.compress(b'{"id": "a", "text": "A"}\n' * 99)[:-9]],
    ids=["no gzip", "cut off"],
)
def test_a_broken_archive_is_told_and_the_next_file_is_read(content: bytes, tmp_path: Path) -> None:
    path, after = tmp_path / "news.jsonl.gz", tmp_path / "b.txt"
    path.write_bytes(content)
    after.write_text("B")
    found, problems = read(path, after)
    assert found[-1] == ("b", "B")
    assert f"{path}: broken behind line" in problems[-1]


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
    assert "Error: news.jsonl, line 2: this is no JSON" in done.stderr
    (tmp_path / "news.jsonl").write_text("".join(lines))
    done = run_quotes("extract", "news.jsonl", "--resume", "--out", "out.jsonl")
    assert done.returncode == 0
    assert "Going on: 2 documents are done already." in done.stderr
    records = [
        DocumentRecord.model_validate_json(x) for x in (tmp_path / "out.jsonl").read_text().splitlines()
    ]
    assert [record.doc_id for record in records] == ["a", "b", "c"]
    assert {record.text_sha256 for record in records} == {Document(doc_id="", text=STORY).text_sha256}
    assert all(record.quotations[0].speaker_name == "Ada Quill" for record in records)
