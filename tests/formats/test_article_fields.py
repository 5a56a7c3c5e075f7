"""Metadata of articles in JSON Lines: found under many names, said by the user, and told where it is odd."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.files.inputs import Input
from quotes.formats.jsonl.articles import FIELDS, document, parse_fields
from quotes.formats.metadata_fields import iso_date
from quotes.formats.sources import expand, read_all
from quotes.records import Document, DocumentRecord, Metadata


def made(article: dict[str, Any], **fields: str) -> tuple[Document, list[str]]:
    problems: list[str] = []
    source = Input("a", None, lambda error: problems.append(str(error)), fields=fields)
    return document({"id": "a", "text": "A", **article}, source, "a.jsonl, line 3"), problems


@pytest.mark.parametrize(
    ("article", "metadata"),
    [
        ({}, Metadata()),
        ({"title": "The wall", "author": "Bo Fenwick"}, Metadata(title="The wall", author="Bo Fenwick")),
        ({"headline": " The\n wall "}, Metadata(title="The wall")),
        ({"title": "One", "headline": "Two"}, Metadata(title="One")),
        ({"title": None, "headline": "Two"}, Metadata(title="Two")),
        ({"authors": ["Bo Fenwick", "Ivo Larch"]}, Metadata(author="Bo Fenwick; Ivo Larch")),
        ({"author": [], "title": ""}, Metadata()),
        ({"author": {"@type": "Person", "name": "Bo Fenwick"}}, Metadata(author="Bo Fenwick")),
        ({"source": {"id": None, "name": "The Courier"}}, Metadata(outlet="The Courier")),
        ({"publisher": "The Courier", "source": "The Agency"}, Metadata(outlet="The Courier")),
        ({"publishedAt": "2017-06-05T09:30:00Z"}, Metadata(date="2017-06-05T09:30:00Z")),
        ({"date": "June 5, 2017"}, Metadata(date="2017-06-05")),
        ({"link": "https://courier.example/7"}, Metadata(url="https://courier.example/7")),
        (
            {"metadata": {"title": "The wall", "date": "2017-06-05"}},
            Metadata(title="The wall", date="2017-06-05"),
        ),
        ({"title": "One", "metadata": {"title": "Two"}}, Metadata(title="One")),
        ({"metadata": [1, 2]}, Metadata()),
    ],
)
def test_metadata_by_its_usual_names(article: dict[str, Any], metadata: Metadata) -> None:
    assert made(article) == (Document(doc_id="a", text="A", metadata=metadata), [])


@pytest.mark.parametrize(
    ("article", "problem"),
    [
        ({"title": 7}, "\"title\" is not a string: '7'"),
        ({"title": {"en": "The wall"}}, '"title" is not a string'),
        ({"author": ["Bo", 7]}, '"author" is not a string'),
        ({"date": 1496620800}, '"date" is not a date such as 2017-06-05'),
        ({"date": "soon"}, "\"date\" is not a date such as 2017-06-05: 'soon'"),
        ({"date": "05/06/2017"}, '"date" is not a date'),
        ({"url": False}, '"url" is not a string'),
    ],
)
def test_odd_metadata_is_told_and_the_article_read(article: dict[str, Any], problem: str) -> None:
    found, [told] = made(article)
    assert found.text == "A"
    assert found.metadata == Metadata()
    assert told.startswith(f"a.jsonl, line 3: {problem}")
    assert told.endswith("The article is read without it.")


def test_other_fields_may_hold_what_they_like() -> None:
    assert made({"source": 3, "published": 1496620800, "byline": [[]], "link": {}}) == (
        Document(doc_id="a", text="A"),
        [],
    )


def test_the_user_names_fields() -> None:
    fields = {"id": "_id", "text": "_source.body", "outlet": "site", "date": "a.b"}
    article = {
        "_id": 7,
        "_source": {"body": "B"},
        "site": "The Courier",
        "publisher": "no",
        "a.b": "2017-06-05",
    }
    found, problems = made(article, **fields)
    assert found == Document(doc_id="7", text="B", metadata=Metadata(outlet="The Courier", date="2017-06-05"))
    assert not problems


@pytest.mark.parametrize(
    ("article", "fields", "message"),
    [
        ({}, {"text": "body"}, "the article 'a' has no \"body\""),
        ({"body": 7}, {"text": "body"}, 'has no "body"'),
        ({"x": 7}, {"text": "x.y.z"}, 'has no "x.y.z"'),
        ({}, {"id": "uuid"}, 'has no "uuid"'),
        ({"id": True}, {}, 'has no "id"'),
        ({"id": 1.5}, {}, 'has no "id"'),
        ({"id": ["a"]}, {}, 'has no "id"'),
    ],
)
def test_an_article_without_id_or_text_is_left_out(
    article: dict[str, Any], fields: dict[str, str], message: str
) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        made(article, **fields)
    assert str(caught.value).startswith("a.jsonl, line 3: ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([name for names in FIELDS.values() for name in names] + ["metadata"])


@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_any_article_is_read_or_refused(article: dict[str, Any]) -> None:
    try:
        found, _ = made(article)
    except ReadError:
        return
    assert found.metadata == Metadata.model_validate_json(found.metadata.model_dump_json())


@given(st.text(max_size=70))
def test_any_date_is_iso_or_none(text: str) -> None:
    found = iso_date(text)
    assert found is None or found[:4].isdigit()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2017-06-05", "2017-06-05"),
        ("2017-06", "2017-06"),
        ("2017-06-05 09:30:00 +0000", "2017-06-05T09:30:00+0000"),
        ("2017-06-05T09:30:00.123Z", "2017-06-05T09:30:00.123Z"),
        ("June 5th, 2017", "2017-06-05"),
        ("5 Sept. 2017", "2017-09-05"),
        ("2017/06/05", "2017-06-05"),
        ("Mon, 05 Jun 2017 10:00:00 GMT", "2017-06-05T10:00:00+00:00"),
        ("Mon Jun 05 10:00:00 +0000 2017", "2017-06-05T10:00:00+00:00"),
        ("2017-02-30", None),
        ("2017-06-05T99:00", None),
        ("06/05/2017", None),
        ("", None),
        ("9" * 100, None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["text"], "not a pair such as text=body"),
        (["text="], "not a pair"),
        (["body=text"], "'body' is not a field of an article; choose from id, text,"),
        (["text=a", "text=b"], "named twice"),
    ],
)
def test_pairs_that_are_none(pairs: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_fields(pairs)


def test_lines_of_a_file_are_told_by_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": 1, "text": "A", "title": 7}\n[[\n{"id": 2, "text": "B", "title": "T"}\n' + "[" * 10_000
    )
    problems: list[str] = []
    found = list(read_all(expand([str(path)]), lambda error: problems.append(str(error))))
    assert [(d.doc_id, d.metadata.title) for d in found] == [("1", None), ("2", "T")]
    assert [problem.split(":")[0] for problem in problems] == [f"{path}, line {n}" for n in (1, 2, 4)]


@pytest.mark.model
def test_fields_on_the_command_line(run_quotes: Callable[..., CompletedProcess[str]], tmp_path: Path) -> None:
    article = {"uuid": "harbour", "body": "“It rained,” Ada Quill said.", "site": {"name": "The Courier"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(article) + "\n")
    named = ("--field", "id=uuid", "--field", "text=body", "--field", "outlet=site.name")
    done = run_quotes("extract", "a.jsonl", *named, "-o", "-", "-q")
    record = DocumentRecord.model_validate_json(done.stdout)
    assert (record.doc_id, record.metadata) == ("harbour", Metadata(outlet="The Courier"))
    assert record.quotations[0].speaker_name == "Ada Quill"
    assert run_quotes("extract", "a.jsonl", "--field", "body").returncode == 2
