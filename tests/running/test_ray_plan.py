"""What a run on Ray reads, and which documents of it are left to do; no Ray is needed to know that."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import QuotesError
from quotes.formats.sources import expand, read_all
from quotes.running.on_ray_plan import File, Share, digest, documents, find, index, plan, repeated

IDS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), max_size=5)


def stream(number: int) -> Share:
    return Share((File("x", f"/{number}.jsonl", f"{number}.jsonl"),))


@settings(deadline=None)  # the first call imports numpy
@given(ids=IDS, done=st.sets(st.sampled_from("abcdefghxyz")))
def test_what_is_left_is_the_first_of_each_id_that_is_not_done(ids: list[list[str]], done: set[str]) -> None:
    shares = [stream(n) for n in range(len(ids))]
    found = plan(shares, [b"".join(map(digest, its)) for its in ids], b"".join(map(digest, done)))
    wanted, seen = [], set[str]()
    twice = []
    for share, its in zip(shares, ids, strict=True):
        for number, doc_id in enumerate(its):
            if doc_id in seen:
                twice.append((share, number))
            elif doc_id not in done:
                wanted.append((share.files, number))
            seen.add(doc_id)
    kept = [
        (share.files, number)
        for share in found.shares
        for number in range(len(ids[shares.index(Share(share.files))]))
        if share.keep is None or share.keep[number // 8] & (0x80 >> number % 8)
    ]
    assert kept == wanted
    assert found.total == len(wanted)
    assert [(share, number) for share, numbers in found.repeated for number in numbers] == twice


def test_files_of_one_document_are_left_out_one_by_one() -> None:
    files = tuple(File(name, f"/{name}.txt", f"{name}.txt") for name in "abc")
    share = Share(files)
    looked = index(share)
    assert looked.digests == b"".join(map(digest, "abc"))
    assert plan([share], [looked.digests], digest("b")).shares == [Share((files[0], files[2]))]
    assert repeated(share, [1]) == ["b.txt, document 1: another has the id 'b'. Give each its own."]


def test_what_is_done_is_read_past(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": ""}) + "\nno json\n" for n in range(20)))
    problems: list[QuotesError] = []
    [share] = find([str(path)], problems.append)
    looked = index(share)
    assert len(looked.problems) == 20
    [left] = plan([share], [looked.digests], b"".join(digest(str(n)) for n in range(1, 20, 2))).shares
    assert [d.doc_id for d in documents(left, problems.append)] == [str(n) for n in range(0, 20, 2)]


def test_files_and_folders_stand_for_what_the_local_engine_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("news/a.txt", "news/x/a.txt", "news/.hidden.txt", "news/results.jsonl", "b.txt", "c.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"id": 1, "text": ""}\n' if path.suffix == ".jsonl" else "Nobody said a word.")
    paths = ["b.txt", "c.jsonl", "news", "news/a.txt", "missing.txt"]
    problems: list[QuotesError] = []
    shares = find(paths, problems.append)
    found = [document for share in shares for document in documents(share, problems.append)]
    told: list[QuotesError] = []
    assert found == list(read_all(expand(paths, told.append), told.append))
    assert list(map(str, problems)) == list(map(str, told))
    assert all(Path(file.place).is_absolute() for share in shares for file in share.files)


def test_a_folder_without_texts_stands_for_its_files_of_many_articles(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl.gz", "sub dir/c.parquet", "_x.jsonl", ".y.jsonl", "z.csv"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    names = ["a.jsonl.gz", "b.jsonl", "c.parquet"]
    places = [str(tmp_path / "in"), (tmp_path / "in").as_uri()]
    for place in places:
        shares = find([place], pytest.fail)
        assert sorted(Path(share.files[0].place).name for share in shares) == names
        assert all(len(share.files) == 1 for share in shares)
    assert any("sub%20dir" in share.files[0].place for share in shares)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("file:///no/such/folder", "there is no such file or folder"),
        ("{}", "no article is in this folder"),
        ("file://{}", "no article is in this folder"),
        ("/no/such/folder", "there is no such file or folder"),
    ],
)
def test_what_is_not_there_is_told(path: str, told: str, tmp_path: Path) -> None:
    problems: list[QuotesError] = []
    assert find([path.format(tmp_path)], problems.append) == []
    assert told in str(problems[0])
    assert len(problems) == 1


def test_a_file_system_that_nobody_knows_is_refused() -> None:
    with pytest.raises(QuotesError, match="no file system can be opened for this address"):
        find(["gopher://news/2026"], pytest.fail)


def test_a_file_elsewhere_is_unpacked_as_one_here(tmp_path: Path) -> None:
    line = b'{"id": "a%d", "text": "Words"}\n'
    frames = [zstandard.compress(b"".join(line % (n + k) for k in range(9))) for n in (0, 9)]
    (tmp_path / "whole.jsonl.zst").write_bytes(b"".join(frames))
    (tmp_path / "torn.jsonl.zst").write_bytes(frames[0][:-5])
    (tmp_path / "torn.txt.gz").write_bytes(gzip.compress(b"Words" * 99, mtime=0)[:-5])
    names = ["whole.jsonl.zst", "torn.jsonl.zst", "torn.txt.gz"]
    problems: list[QuotesError] = []
    shares = find([(tmp_path / name).as_uri() for name in names], problems.append)
    found = [document.doc_id for share in shares for document in documents(share, problems.append)]
    assert found[:18] == [f"a{n}" for n in range(18)]
    told = [str(problem) for problem in problems]
    assert [
        "torn.jsonl.zst: damaged after line" in told[0],
        "torn.txt.gz: this packed file is damaged" in told[1],
    ] == [True] * 2
    assert len(told) == 2
