"""Files of tweets: the documents in them, and the messages about what can't be used."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import paths
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.files import json_values
from quotes.formats.sources import expand, read_all
from quotes.records import Document
from quotes.tweets import archives as tweets
from quotes.tweets.archives import date, handle, tweet_id, unescaped

FILES = paths.TESTS / "samples" / "tweets"
QUILL = {"screen_name": "adaquill", "name": "Ada Quill"}


def read(*paths: Path, author: str | None = None) -> tuple[list[Document], list[str]]:
    problems: list[ReadError] = []
    found = list(read_all(expand([str(path) for path in paths]), problems.append, author=author))
    return found, [str(problem) for problem in problems]


def write(path: Path, content: object) -> Path:
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- Files as they are ---


@pytest.mark.parametrize("name", ["archive.json", "archive.csv"])
def test_the_columns_of_the_trump_twitter_archive(name: str) -> None:
    found, problems = read(FILES / name, author="@mayorquill")
    assert problems == []
    by_id = {document.doc_id: document for document in found}
    first = by_id["871700000000000001"]
    assert first.text == "The ferry is sold & nobody asked us. 🚢 https://t.co/abc123"
    assert (first.posted_by, first.metadata.date) == ("@mayorquill", "2017-06-05T08:10:11")
    assert first.metadata.url == "https://twitter.com/mayorquill/status/871700000000000001"
    assert first.metadata.outlet == "Twitter"
    assert by_id["871700000000000002"].text == "RT @tubs_renn: They have sold our ferry!"
    # The thread, whichever way the file runs: the first tweet's id, both tweets' words.
    assert "871700000000000005" not in by_id
    assert by_id["871700000000000004"].text == (
        "I asked the harbour board three times who signed the papers....\n\n"
        "....and three times I was told that the papers are at sea."
    )
    assert len(found) == 5


def test_the_archive_without_an_account_is_known_by_its_columns(tmp_path: Path) -> None:
    row = {"id": 1, "text": "x", "isRetweet": "f", "isDeleted": "f", "device": "d", "date": "nonsense"}
    [one], problems = read(write(tmp_path / "a.json", [row]))
    assert (one.posted_by, one.metadata.author, one.metadata.date) == (
        "@realDonaldTrump",
        "Donald J. Trump",
        None,
    )
    assert problems == []


def test_an_accounts_own_archive() -> None:
    [thread, retweet], problems = read(FILES / "account" / "tweets.js")
    assert problems == []
    assert (thread.doc_id, thread.posted_by) == ("871800000000000001", "@tubs_renn")
    assert (thread.metadata.author, thread.metadata.date) == ("Tobias Renn", "2017-06-06T11:00:00+00:00")
    assert thread.text.split("\n\n") == [
        "@adaquill I was at the pier until four. 1/3",
        "Nobody boarded, and the lamp was lit. 2/3 https://t.co/lamp",
        "@adaquill It is in the log book. 3/3",
    ]
    assert retweet.text.startswith("RT @adaquill: ")


def test_the_api_version_1() -> None:
    found, problems = read(FILES / "api-v1.jsonl")
    assert problems == []
    assert [(one.doc_id, one.posted_by, one.text) for one in found] == [
        (
            "871750000000000001",
            "@adaquill",
            "The council meets at noon, in the old sail loft <upstairs>.",
        ),
        # A native retweet: whole, and the words are the original's.
        (
            "871750000000000002",
            "@adaquill",
            "The council meets at noon, in the old sail loft <upstairs>.",
        ),
        ("871750000000000003", "@portellerynews", "This is how a town is run. https://t.co/q1"),
        ("871740000000000009", "@harbourboard", "We close the harbour gate at six from today."),
        (
            "871750000000000004",
            "@adaquill",
            "One line that was cut off by the old limit, and here is the rest of it.",
        ),
    ]
    assert found[1].metadata.url == "https://twitter.com/adaquill/status/871750000000000001"


def test_the_api_version_2_as_pages_and_flattened() -> None:
    found, problems = read(FILES / "api-v2-pages.jsonl")
    assert problems == []
    assert [(one.doc_id[-6:], one.posted_by, one.text) for one in found] == [
        ("000001", "@adaquill", "Tickets & timetables are in my office."),
        ("000002", "@adaquill", "Tickets & timetables are in my office."),
        ("000003", "@tubs_renn", "Read this twice. https://t.co/zz"),
        ("000007", "@idabakes", "There will be bread on the pier."),
    ]
    flat, problems = read(FILES / "api-v2-flat.jsonl")
    # The quoted tweet stands on a line of its own, too: it comes once, and nothing is reported.
    assert (flat, problems) == (found[2:], [])
    [page] = (json.loads(line) for line in (FILES / "api-v2-pages.jsonl").read_text().splitlines())
    assert [one.doc_id for one in tweets.documents(page, "x", pytest.fail)] == [one.doc_id for one in found]


def test_a_tweet_in_two_files_comes_once() -> None:
    found, problems = read(FILES / "api-v2-pages.jsonl", FILES / "api-v2-flat.jsonl")
    assert (len(found), problems) == (4, [])


def test_packed_indented_and_with_a_byte_order_mark(tmp_path: Path) -> None:
    whole, _ = read(FILES / "archive.json", author="@mayorquill")
    data = (FILES / "archive.json").read_bytes()
    packed = write(tmp_path / "a.json.gz", gzip.compress(b"\xef\xbb\xbf" + data))
    assert read(packed, author="@mayorquill") == (whole, [])


def test_articles_and_tweets_in_one_file(tmp_path: Path) -> None:
    lines = [{"id": "a", "text": "An article."}, {"id_str": "9", "full_text": "A tweet.", "user": QUILL}]
    for path, content in (
        (tmp_path / "mixed.jsonl", "".join(json.dumps(line) + "\n" for line in lines)),
        (tmp_path / "mixed.json", json.dumps(lines)),
        (tmp_path / "lines.json", "\n".join(map(json.dumps, lines))),
    ):
        found, problems = read(write(path, content))
        assert [(one.doc_id, one.posted_by) for one in found] == [("a", None), ("9", "@adaquill")]
        assert problems == []


@pytest.mark.parametrize(
    "article",
    [
        {"id": "a", "text": "x", "author_id": 12},
        {"id": "a", "text": "x", "author_id": "12", "title": "The ferry"},
        {"id": "a", "text": "x", "author": "Ada Quill"},
        {"id": "a", "text": "x", "author": {"name": "Ada Quill"}},
        {"id": "a", "text": "x", "user": "ada", "data": {"text": "y"}},
        {"id": "a", "text": "x", "tweet": {"text": "y"}},
    ],
)
def test_an_article_is_not_a_tweet(article: dict[str, object], tmp_path: Path) -> None:
    assert not tweets.is_tweet(article)
    [one], problems = read(write(tmp_path / "a.jsonl", article))
    assert (one.posted_by, problems) == (None, [])


def test_a_table_that_has_no_tweets_is_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,title,text\n1,x,“It rained,” Ada Quill said.\n")
    [one], problems = read(path)
    assert (one.doc_id, one.posted_by, problems) == ("a", None, [])


def test_a_table_that_names_its_accounts(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", "ID,created_at,text,username,name\n7,2017-06-05,Hello,adaquill,Ada Quill\n"
    )
    [one], problems = read(path)
    assert (one.doc_id, one.posted_by, one.metadata.author) == ("7", "@adaquill", "Ada Quill")
    assert (one.metadata.date, problems) == ("2017-06-05", [])


# --- Fields ---


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": 9007199254740993}, "9007199254740993"),
        ({"id": 9007199254740992, "id_str": "9007199254740993"}, "9007199254740993"),
        ({"id": "abc"}, "abc"),
        ({"id": "../../x"}, "../../x"),
        ({"id": 0}, "0"),
        ({"id": 1.5e18}, None),  # its last digits are lost
        ({"id": True}, None),
        ({"id": -1}, None),
        ({"id": " "}, None),
        ({"id": None}, None),
        ({"id": [1]}, None),
        ({}, None),
    ],
)
def test_ids(fields: dict[str, object], expected: str | None) -> None:
    assert tweet_id(fields) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A &amp; B &lt;3", "A & B <3"),
        ("&amp;amp; &amp;lt;", "&amp; &lt;"),  # once
        ("caf&eacute; &#8220;x&#x201D;", "café “x”"),
        ("https://x.org/?a=1&copy=2&lt", "https://x.org/?a=1&copy=2&lt"),
        ("&nosuch; &#99999999; &", "&nosuch; &#99999999; &"),
        ("&#xD800;", "\ufffd"),
    ],
)
def test_entities(text: str, expected: str) -> None:
    assert unescaped(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24+00:00"),
        ("2018-10-10T20:19:24.000Z", "2018-10-10T20:19:24+00:00"),
        ("2011-08-02 18:07:48", "2011-08-02T18:07:48"),
        ("2017-06-05", "2017-06-05"),
        ("2013-05-01 10:00:00 +0000", "2013-05-01T10:00:00+00:00"),
        ("Wed Foo 99 20:19:24 +0000 2018", None),
        ("Wed Feb 30 20:19:24 +0000 2018", None),
        ("yesterday", None),
        ("", None),
        (5, None),
        (None, None),
        ([], None),
    ],
)
def test_dates(value: object, expected: str | None) -> None:
    assert date(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("adaquill", "@adaquill"),
        (" @adaquill", "@adaquill"),
        ("../x", None),
        ("a b", None),
        ("", None),
        (5, None),
    ],
)
def test_handles(value: object, expected: str | None) -> None:
    assert handle(value) == expected


def test_an_address_only_for_a_number(tmp_path: Path) -> None:
    [one], _ = read(write(tmp_path / "a.jsonl", {"id": "../../x", "full_text": "x", "user": QUILL}))
    assert (one.doc_id, one.metadata.url) == ("../../x", None)


# --- What is wrong with them ---

HOSTILE: list[tuple[object, str]] = [
    ({"full_text": "x", "user": QUILL}, 'has no "id"'),
    ({"id": None, "full_text": "x", "user": QUILL}, 'has no "id"'),
    ({"id": 1.5, "full_text": "x", "user": QUILL}, 'has no "id"'),
    ({"id": {}, "full_text": "x", "user": QUILL}, 'has no "id"'),
    ({"id": 1, "full_text": None, "user": QUILL}, 'has no "text"'),
    ({"id": 1, "full_text": ["x"], "user": QUILL}, 'has no "text"'),
    ({"id": 1, "full_text": "x", "user": None}, "--author @HANDLE"),
    ({"id": 1, "full_text": "x", "user": []}, "--author @HANDLE"),
    ({"id": 1, "full_text": "x", "user": {"screen_name": 5}}, "--author @HANDLE"),
    ({"id": 1, "full_text": "x", "user": {"screen_name": "../x"}}, "--author @HANDLE"),
    ({"id": "1", "text": "x", "author_id": "7"}, "--author @HANDLE"),
    ({"data": [{"id": "1", "text": "x", "author_id": "7"}, None], "meta": {}}, "--author @HANDLE"),
    ({"data": [5], "meta": {}}, "tweet 1: this is not a tweet"),
    ({"data": 5, "meta": {}}, 'no "id"'),
    ({"tweet": None}, 'no "id"'),
    ({"id": 1, "text": "x", "isRetweet": "t", "isDeleted": "f", "device": ""}, "doesn't name its original"),
]


@pytest.mark.parametrize(("item", "expected"), HOSTILE)
def test_a_tweet_of_odd_types_is_reported_with_its_place(item: object, expected: str, tmp_path: Path) -> None:
    good = {"id_str": "2", "full_text": "fine", "user": QUILL}
    [one], problems = read(write(tmp_path / "a.json", [item, good]))
    assert one.text == "fine"
    assert problems[0].startswith(f"{tmp_path}/a.json, item 1")
    assert expected in problems[0]
    lines = json.dumps(item) + "\n" + json.dumps(good) + "\n"
    [one], problems = read(write(tmp_path / "b.jsonl", lines))
    assert problems[0].startswith(f"{tmp_path}/b.jsonl, line 1")
    assert expected in problems[0]


@pytest.mark.parametrize(
    ("name", "content", "expected", "left"),
    [
        ("a.json", "[" * 10_000, "item 1 is not JSON (it is nested too deeply)", 0),
        ("a.json", '[{"id": "a", "text": "b"}, ' + '{"a":' * 100_000, "item 2 is not JSON", 1),
        ("a.json", '[{"id": "a", "text": "b"}, {"id": ', "item 2 is not JSON", 1),
        ("a.json", '[{"id": "a", "text": "b"}', "item 2 is not JSON (it ends too early)", 1),
        ("a.json", '[{"id": "a", "text": "b"} {]', "item 2 is not JSON", 1),
        ("a.json", "hello", "item 1 is not JSON", 0),
        ("a.json", b'[{"id": "a", "text": "\xff"}]', "not JSON in UTF-8", 0),
        ("a.json.gz", b"no gzip", "damaged", 0),
        ("a.jsonl", "[" * 10_000, "not JSON", 0),
        ("tweets.js", "", "not a file of tweets", 0),
        ("tweets.js", "fetch('x'); window.YTD.tweets.part0 = [1]", "not a file of tweets", 0),
        ("tweets.js", "window.YTD.like.part0 = [1]", "not a file of tweets", 0),
        ("tweets.js", " " * 100_000 + "window.YTD.tweets.part0 = []", "not a file of tweets", 0),
        ("tweets.js", "window.YTD.tweets.part0 = [5]", "tweet 1: this is not a tweet", 0),
        ("tweets.js", "window.YTD.tweets.part0 = alert()", "tweet 1 is not JSON", 0),
        ("tweets.js", "window.YTD.tweets.part0 = " + "[" * 10_000, "tweet 1 is not JSON", 0),
    ],
)
def test_a_damaged_file_is_reported(
    name: str, content: str | bytes, expected: str, left: int, tmp_path: Path
) -> None:
    found, problems = read(write(tmp_path / name, content), author="@adaquill")
    assert len(found) == left
    assert len(problems) == 1
    assert str(tmp_path / name) in problems[0]
    assert expected in problems[0]


def test_a_thread_that_a_broken_file_holds_isnt_lost(tmp_path: Path) -> None:
    tweet = {"id_str": "2", "full_text": "The ferry is sold 1/2", "user": QUILL}
    [one], [problem] = read(write(tmp_path / "a.json", f"[{json.dumps(tweet)}, "))
    assert (one.doc_id, "item 2" in problem) == ("2", True)


def test_text_after_an_accounts_array_is_ignored(tmp_path: Path) -> None:
    tweet = {"tweet": {"id": "1", "full_text": "x"}}
    path = write(tmp_path / "tweet.js", f"window.YTD.tweet.part0 = [ {json.dumps(tweet)} ];\n")
    [one], problems = read(path, author="@adaquill")
    assert (one.posted_by, problems) == ("@adaquill", [])


def test_an_archive_of_before_2019(tmp_path: Path) -> None:
    tweet = {"id_str": "5", "text": "Good morning.", "created_at": "2013-05-01 10:00:00 +0000", "user": QUILL}
    path = write(tmp_path / "2013_05.js", f"Grailbird.data.tweets_2013_05 = \n [ {json.dumps(tweet)} ]")
    [one], problems = read(path)
    assert (one.posted_by, one.metadata.date, problems) == ("@adaquill", "2013-05-01T10:00:00+00:00", [])


@pytest.mark.parametrize(
    "account",
    [None, "", "window.YTD.account.part0 = [", "window.YTD.account.part0 = [1, {}]", "alert(1)", b"\xff" * 9],
)
def test_without_a_usable_account_file_the_account_has_to_be_named(
    account: str | bytes | None, tmp_path: Path
) -> None:
    if account is not None:
        write(tmp_path / "account.js", account)
    path = write(
        tmp_path / "tweets.js", 'window.YTD.tweets.part0 = [{"tweet": {"id": "1", "full_text": "x"}}]'
    )
    assert ["--author" in problem for problem in read(path)[1]] == [True]
    assert read(path, author="@adaquill")[0][0].posted_by == "@adaquill"


HEADER = "id,text,isRetweet,isDeleted,device,favorites,retweets,date,isFlagged\n"


@pytest.mark.parametrize(
    ("rows", "texts", "expected"),
    [
        ('1,"a ""b"", c\nd",f,f,x,1,2,2017-06-05 10:00:00,f\n', ['a "b", c\nd'], None),
        ("1,a\0b,f,f,x,1,2,,f\n", ["a\0b"], None),
        ("1,short\n\n2,also\n", ["short", "also"], None),
        ("1\n2,b,f,f,x\n", ["b"], "line 2"),
        ("1,a,f,f,x,1,2,,f,more,and more\n", ["a"], None),
        ("1,a,t,f,x\n", [], "doesn't name its original"),
        (",a,f,f,x\n", [], 'line 2: this tweet has no "id"'),
        ('1,a,f,f,x\n2,"no end ' + "x" * 200_000, ["a"], "not a table from line 3 on"),
    ],
)
def test_odd_rows_of_a_table(rows: str, texts: list[str], expected: str | None, tmp_path: Path) -> None:
    found, problems = read(write(tmp_path / "a.csv", HEADER + rows))
    assert [one.text for one in found] == texts
    assert len(problems) == (expected is not None)
    assert expected is None or expected in problems[0]


def test_a_table_from_an_old_spreadsheet(tmp_path: Path) -> None:
    rows = HEADER.encode() + "1,“No” Élodie,f,f,x\n".encode("cp1252") + "2,“Ja”,f,f,x\n".encode()
    found, problems = read(write(tmp_path / "a.csv", rows))
    assert ([one.text for one in found], problems) == (["“No” Élodie", "“Ja”"], [])


# --- Properties ---

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "id_str", "text", "full_text", "user", "author", "author_id", "screen_name",
             "username", "data", "includes", "users", "tweets", "tweet", "type", "referenced_tweets",
             "retweeted_status", "quoted_status", "created_at", "isRetweet", "isDeleted", "device",
             "extended_tweet", "note_tweet", "meta", "name", "date", "title"]
        ),
        inner | st.sampled_from(["7", "quoted", "retweeted", "RT @x: y", "t", {"screen_name": "a"}]),
        max_size=8,
    ),
    max_leaves=24,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(ODD, max_size=5), author=st.none() | st.just("@adaquill"))
def test_no_json_value_crashes_a_reader(items: list[object], author: str | None, tmp_path: Path) -> None:
    lines = "".join(json.dumps(item) + "\n" for item in items)
    for path in (
        write(tmp_path / "a.json", items),
        write(tmp_path / "a.jsonl", lines),
        write(tmp_path / "tweets.js", "window.YTD.tweets.part0 = " + json.dumps(items)),
    ):
        found, problems = read(path, author=author)
        assert all(problem.startswith(str(path)) for problem in problems)
        assert all(isinstance(one.doc_id, str) and one.doc_id for one in found)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(max_size=6), max_size=6), max_size=5), rest=st.binary(max_size=40))
def test_no_table_crashes_the_reader(rows: list[list[str]], rest: bytes, tmp_path: Path) -> None:
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    body = table.getvalue().encode("utf-8", "surrogatepass")
    _, problems = read(write(tmp_path / "a.csv", HEADER.encode() + body + rest))
    assert all(problem.startswith(str(tmp_path)) for problem in problems)


@settings(deadline=None)
@given(
    values=st.lists(
        st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5)) | st.integers()
    ),
    cut=st.integers(1, 9),
    indent=st.none() | st.just(1),
)
def test_values_come_out_however_the_file_is_cut(values: list[object], cut: int, indent: int | None) -> None:
    def pieces(text: str) -> Iterable[str]:
        return (text[i : i + cut] for i in range(0, len(text), cut))

    array = json.dumps(values, indent=indent)
    assert [value for _, value in json_values.values(iter(pieces(array)), "x")] == values
    lines = "\n".join(json.dumps(value, indent=indent) for value in values)
    assert [value for _, value in json_values.values(iter(pieces(lines)), "x")] == values


def test_a_large_array_is_streamed(tmp_path: Path) -> None:
    tweet = json.dumps({"id": 1, "full_text": "The ferry is sold. " * 10, "user": QUILL})
    path = tmp_path / "a.json"
    with path.open("w") as file:
        file.write("[")
        for number in range(15_000):
            file.write(("," if number else "") + tweet.replace('"id": 1', f'"id": {number}'))
        file.write("]")
    assert path.stat().st_size > 3_500_000
    tracemalloc.start()
    try:
        count = sum(1 for _ in tweets_of(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 15_000
    assert peak < 2_500_000


def tweets_of(path: Path) -> Iterable[Document]:
    from quotes.files.inputs import Input
    from quotes.formats.table import article_format

    return article_format(path).read(Input("a", path, pytest.fail))


# --- On the command line ---


@pytest.mark.model
def test_a_whole_run(run_quotes: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    done = run_quotes("extract", str(FILES / "archive.csv"), "--author", "mayorquill", "--out", "out.jsonl")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    said = [
        (record["doc_id"][-1], one["rule"], one["speaker_name"], one["channel"])
        for record in records
        for one in record["quotations"]
    ]
    assert sorted(said) == [
        ("1", "tweet-author", "@mayorquill", "tweet"),
        ("2", "retweet", "@tubs_renn", "tweet"),
        ("3", "manual-retweet", "@tubs_renn", "tweet"),
        ("3", "tweet-author", "@mayorquill", "tweet"),
        ("4", "tweet-author", "@mayorquill", "tweet"),
        ("6", "tweet-credit", "Ida Fenwick", "tweet"),
    ]
    assert records[0]["metadata"]["outlet"] == "Twitter"


def test_a_malformed_account_is_a_usage_error(
    run_quotes: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = run_quotes("extract", "x.json", "--author", "Ada Quill")
    assert (done.returncode, "--author" in done.stderr) == (2, True)


@pytest.mark.model
def test_ids_are_no_paths(
    run_quotes: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    tweet = {"id": "../../../escaped", "full_text": "Good morning.", "user": QUILL}
    write(tmp_path / "a.json", [tweet])
    before = set(tmp_path.parent.iterdir())
    assert run_quotes("extract", "a.json", "--out", "out.jsonl").returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", "out.jsonl"}
    assert set(tmp_path.parent.iterdir()) == before
