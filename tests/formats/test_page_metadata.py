"""What pages and files say of their article: the right field of several, cleaned; empty where doubtful."""

from __future__ import annotations

import json
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import tostring

from quotes.formats.html import reading as pages
from quotes.formats.html.metadata import page_metadata
from quotes.formats.metadata_fields import authors, dateline, file_title
from quotes.records import Metadata

LONG = "<p>The wall held all night, and nobody in the lower town had to leave a bed or a boat.</p>"
SITE = '<meta property="og:site_name" content="The Lowmarsh Courier">'
TITLE = "Harbour wall to be rebuilt"


def ld(*nodes: Any, **article: Any) -> str:
    """A JSON-LD script: these nodes as a graph, or one article with these fields."""
    data: dict[str, Any] = {"@context": "https://schema.org"}
    data |= {"@graph": nodes} if nodes else {"@type": "NewsArticle", **article}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def news(**fields: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", **fields}


def meta(name: str, content: str) -> str:
    return f'<meta {"property" if ":" in name else "name"}="{name}" content="{content}">'


def page(head: str, body: str = "") -> str:
    return f"<html><head>{head}</head><body><article>{body}{LONG}</article></body></html>"


def said(head: str, body: str = "") -> Metadata:
    return pages.content(page(head, body).encode(), "page.html").metadata


PERSON = {"@type": "Person", "@id": "#bo", "name": "Bo Fenwick"}
OTHER = {"@type": "Person", "@id": "#site", "name": "Olga Owner"}


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        ("", "", None),
        # JSON-LD
        (ld(author=PERSON), "", "Bo Fenwick"),
        (ld(author="Bo Fenwick"), "", "Bo Fenwick"),
        (ld(author=["Bo Fenwick", {"name": "Ada Quill"}]), "", "Bo Fenwick; Ada Quill"),
        (ld(author={"name": ["Bo Fenwick", "Ada Quill"]}), "", "Bo Fenwick; Ada Quill"),
        (ld(author={"@type": "Person", "givenName": "Bo", "familyName": "Fenwick"}), "", "Bo Fenwick"),
        (ld(author={"@type": "Organization", "name": "Reuters"}), "", "Reuters"),
        (ld(author={"@type": "Organization", "name": "Ministry of Health and Welfare"}), "",
         "Ministry of Health and Welfare"),
        (ld(news(author={"@id": "#bo"}), OTHER, PERSON), "", "Bo Fenwick"),
        (ld({"@type": ["WebPage"], "mainEntity": news(author=[PERSON])}), "", "Bo Fenwick"),
        (ld(author="Bo Fenwick") + meta("author", "The Web Team"), "", "Bo Fenwick"),
        (ld(author="admin") + meta("author", "Bo Fenwick"), "", "Bo Fenwick"),
        (ld(author="Bo O&#8217;Fenwick") , "", "Bo O’Fenwick"),
        (meta("author", "Bo Fenwick") + ld(OTHER), "", "Bo Fenwick"),
        # Meta elements
        (meta("article:author", "Bo Fenwick"), "", "Bo Fenwick"),
        (meta("parsely-author", "Bo Fenwick"), "", "Bo Fenwick"),
        (meta("dc.creator", "Bo Fenwick"), "", "Bo Fenwick"),
        (meta("article:author", "https://www.facebook.example/bofenwick"), "", None),
        (meta("author", "Bo Fenwick, Political Editor"), "", "Bo Fenwick"),
        (meta("author", "Bo Fenwick") + meta("article:author", "BO FENWICK"), "", "Bo Fenwick"),
        (meta("author", "BO FENWICK; Ada Quill; bo fenwick"), "", "Bo Fenwick; Ada Quill"),
        (meta("author", "BO FENWICK"), "<p class='byline'>By Bo Fenwick</p>", "Bo Fenwick"),
        (meta("author", "BO FENWICK"), "", "BO FENWICK"),
        # The page's text
        ("", "<p class='byline'>By GILLIAN MOHNEY March 5, 2017, 4:00 PM</p>", "GILLIAN MOHNEY"),
        ("", "<p class='byline'>By Ada Quill and Bo Fenwick</p>", "Ada Quill; Bo Fenwick"),
        (meta("author", "Username"), "<a rel='author'>Bo Fenwick</a>", "Bo Fenwick"),
        # Doubtful
        (meta("author", "Username"), "", None),
        (meta("author", "Mac; I"), "", None),
        (meta("author", "Site Admin"), "", None),
        (meta("author", "Fenwick"), "", None),
        (meta("author", "Staff Reporter"), "", None),
        (meta("author", "bo.fenwick@courier.example"), "", None),
        (SITE + meta("author", "The Lowmarsh Courier"), "", None),
        (SITE + ld(author={"@type": "Organization", "name": "The Lowmarsh Courier"}),
         "<p class='byline'>By Bo Fenwick</p>", "Bo Fenwick"),
        (ld(OTHER) + ld(news(headline="Ferry is late", author=PERSON), news(headline="Salt", author=OTHER)),
         "<h1>Harbour wall</h1>", None),
    ],
)  # fmt: skip
def test_author(head: str, body: str, author: str | None) -> None:
    assert said(head, body).author == author


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("", "", None),
        (ld(headline=TITLE) + meta("og:title", "The Lowmarsh Courier"), "<h1>Other</h1>", TITLE),
        (ld(headline="Salt &amp; <em>storms</em>"), "", "Salt & storms"),
        (ld(news(headline="Ferry is late"), news(headline=TITLE)),
         f"<h1>{TITLE} by spring</h1>", TITLE),
        (ld(news(headline="Ferry is late"), news(headline="Salt trial")), f"<h1>{TITLE}</h1>", TITLE),
        (ld({"@type": "WebSite", "name": "The Lowmarsh Courier"}), f"<h1>{TITLE}</h1>", TITLE),
        (ld({"@type": "ItemList", "itemListElement": [news(headline="Ferry is late")]}),
         f"<h1>{TITLE}</h1>", TITLE),
        (meta("og:title", TITLE), "<h1>Other</h1>", TITLE),
        (SITE + meta("og:title", f"{TITLE} | The Lowmarsh Courier"), "", TITLE),
        (SITE + meta("og:title", f"The Lowmarsh Courier - {TITLE}"), "", TITLE),
        (SITE + meta("og:title", "The Lowmarsh Courier"), f"<h1>{TITLE}</h1>", TITLE),
        (SITE + meta("og:title", "THE LOWMARSH COURIER") +
         f"<title>{TITLE} – The Lowmarsh Courier</title>", "", TITLE),
        ("", f"<h1><a href='/'>The Lowmarsh Courier</a></h1><h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE} | The Lowmarsh Courier</title>",
         "<h1 class='logo'>The Lowmarsh Courier</h1>", TITLE),
        ("<title>Dr. Quill resigns | The Lowmarsh Courier</title>", "", "Dr. Quill resigns"),
        (f"<title>Lowmarsh News - {TITLE} by spring</title>", "", f"{TITLE} by spring"),
        ("<title>Quill quits | The Lowmarsh Courier</title>", "", "Quill quits"),
        (f"<title>{TITLE}</title>", "", TITLE),
        ("<title>Self-help for harbour walls</title>", "", "Self-help for harbour walls"),
        # Doubtful
        (SITE + "<title>The Lowmarsh Courier</title>", "", None),
        (SITE + meta("og:title", "Home"), "", None),
        ("<title>Untitled Document</title>", "", None),
        ("<title>https://courier.example/7</title>", "", None),
        ('<link rel="canonical" href="https://courier.example/7"><title>courier.example</title>', "", None),
    ],
)  # fmt: skip
def test_title(head: str, body: str, title: str | None) -> None:
    assert said(head, body).title == title


PUBLISHED = meta("article:published_time", "2017-06-05T23:40:00-05:00")


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ("", "", None),
        (ld(datePublished="2017-06-05T23:40:00-05:00", dateModified="2018-01-01"), "", "2017-06-05"),
        (ld(datePublished="June 5, 2017"), "", "2017-06-05"),
        (ld(datePublished="2017-06-05") + meta("date", "2019-01-02"), "", "2017-06-05"),
        (ld(news(headline="Ferry is late", datePublished="2016-01-01"),
            news(headline=TITLE, datePublished="2017-06-05")), f"<h1>{TITLE}</h1>", "2017-06-05"),
        (PUBLISHED, "", "2017-06-05"),
        (PUBLISHED + '<link rel="canonical" href="https://courier.example/2017/06/06/wall">',
         "", "2017-06-05"),
        ('<link rel="canonical" href="https://courier.example/2017/06/05/wall">', "", "2017-06-05"),
        (meta("article:modified_time", "2018-01-01") + PUBLISHED, "", "2017-06-05"),
        ("", "<time datetime='2017-06-05T21:40'>Monday</time>", "2017-06-05"),
        ("", "<time class='updated' datetime='2018-01-01'>x</time><time datetime='2017-06-05'>y</time>",
         "2017-06-05"),
        ("", "<p class='date'>June 5, 2017</p>", "2017-06-05"),
        ("", "<p class='date'>2017-06-05 9 p.m.</p>", "2017-06-05"),
        # Doubtful
        (ld(datePublished="1970-01-01T00:00:00Z"), "", None),
        (ld(datePublished="0001-01-01"), "", None),
        (ld(dateModified="2018-01-01"), "", None),
        (ld(news(headline="Ferry is late", datePublished="2016-01-01"),
            news(headline="Salt", datePublished="2016-02-02")),
         f"<h1>{TITLE}</h1>", None),
        (meta("article:modified_time", "2018-01-01"), "", None),
        ('<meta http-equiv="last-modified" content="2018-01-01">', "", None),
        ('<meta itemprop="copyrightYear" content="2018">', "", None),
        (meta("article:published_time", "06/05/2017"), "", None),
        ("", "<p class='date'>06/05/2017</p>", None),
        ("", "<p>The old wall broke on 2015-03-04, at night.</p>", None),
        ("", "<h1>The flood of 4 March 2015</h1>", None),
        ("", "<aside><time datetime='2016-01-01'>Ferry is late</time></aside>", None),
        ("", "<div class='meta'>Printed 2018-01-01</div>", None),
    ],
)  # fmt: skip
def test_date(head: str, body: str, date: str | None) -> None:
    assert said(head, body).date == date


def test_no_part_of_the_title_is_an_outlet() -> None:
    assert said("<title>Dr. Quill resigns | The Lowmarsh Courier</title>").outlet is None
    assert said(SITE).outlet == "The Lowmarsh Courier"


def test_the_page_itself_is_not_changed() -> None:
    html = page(
        SITE + PUBLISHED + meta("author", "Bo Fenwick"), f"<h1>{TITLE}</h1><aside>Printed 2018-01-01</aside>"
    )
    tree = pages._tree(html, "page.html")
    before = tostring(tree)
    assert page_metadata(tree, html).title == TITLE
    assert tostring(tree) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "@graph @id @type name author publisher headline datePublished mainEntity givenName".split()
            ),
            inner | st.sampled_from(["NewsArticle", "Person", "#a", TITLE]),
            max_size=5,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_any_json_ld_costs_neither_text_nor_what_else_is_known(value: object) -> None:
    script = f'<script type="application/ld+json">{json.dumps(value)}</script>'
    found = pages.content(page(script + PUBLISHED + meta("og:title", "Salt trial")).encode(), "page.html")
    assert found.text.startswith("The wall held all night")
    assert found.metadata.title
    assert found.metadata.date
    assert found.metadata == Metadata.model_validate_json(found.metadata.model_dump_json())


@pytest.mark.parametrize(
    "script",
    ["[" * 100_000, '{"a":' * 100_000, '{"@graph": [' * 400 + "]}" * 400, "9" * 10_000,
     '{"author": ' * 10_000,
     '{"@type": "NewsArticle", "author": [' + '"Bo Fenwick",' * 50_000 + '"Ada Quill"]}',
     "[" + "{}," * 50_000 + "{}]", '{"@type": "NewsArticle", "headline": "' + "<" * 100_000 + '"}',
     '{"@id": "#a", "@type": "NewsArticle", "author": {"@id": "#a"}}'],
)  # fmt: skip
def test_hostile_json_ld(script: str) -> None:
    found = said(f'<script type="application/ld+json">{script}</script>' + PUBLISHED)
    assert found.date == "2017-06-05"
    assert len(found.author or "") <= 500


@pytest.mark.parametrize(
    ("signature", "author"),
    [
        ("By Bo Fenwick", "Bo Fenwick"),
        ("Posted by: Bo Fenwick", "Bo Fenwick"),
        ("Bo  Fenwick March", "Bo Fenwick"),
        ("Bo Fenwick Monday, June 5, 2017", "Bo Fenwick"),
        ("Bo Fenwick May 5, 2017", "Bo Fenwick"),
        ("Bo Fenwick 5 June 2017", "Bo Fenwick"),
        ("Bo Fenwick Updated 9.40", "Bo Fenwick"),
        ("Bo Fenwick @bofenwick", "Bo Fenwick"),
        ("Bo Fenwick (bo@courier.example)", "Bo Fenwick"),
        ("Bo Fenwick | The Courier", "Bo Fenwick; The Courier"),
        ("Bo Fenwick, AFP", "Bo Fenwick; AFP"),
        ("Bo Fenwick & Ada Quill", "Bo Fenwick; Ada Quill"),
        ("Bo and Ada Quill", "Bo and Ada Quill"),
        ("Theresa May", "Theresa May"),
        ("Ada Jane May", "Ada Jane May"),
        ("June Quill", "June Quill"),
        ("J. R. Quill, Jr.", "J. R. Quill"),
        ("Jean-Luc d’Ary", "Jean-Luc d’Ary"),
        ("村上 春樹", "村上 春樹"),
        ("Byron Quill", "Byron Quill"),
        ("Fenwick, Bo", None),
        ("bofenwick", None),
        ("bo fenwick", None),
        ("Bo Fenwick42", None),
        ("{{author.name}} x", None),
        ("http://courier.example/bo", None),
        ("MAC", None),
        ("I", None),
        ("A B", None),
        ("", None),
        ("Read more of the stories that our writers have for you here", None),
    ],
)
def test_signatures(signature: str, author: str | None) -> None:
    assert authors([[signature]]) == author


@given(st.lists(st.lists(st.text(max_size=80), max_size=3), max_size=3))
def test_any_signature_is_cleaned(sources: list[list[str]]) -> None:
    found = authors(sources)
    assert found is None or (found == found.strip() and len(found) <= 500)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        (TITLE, True),
        ("Print is dead", True),
        ("Untitled works of a lighthouse keeper", True),
        ("Microsoft Word - story.doc", False),
        ("wall_final2.indd", False),
        ("untitled", False),
        ("Untitled-1", False),
        ("Document1", False),
        ("about:blank", False),
        ("https://courier.example/7", False),
        ("", False),
        (7, False),
    ],
)
def test_titles_of_files(title: object, kept: bool) -> None:
    assert file_title(title) == (title if kept else None)


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ([TITLE, "June 5, 2017"], "2017-06-05"),
        ([TITLE, "By Bo Fenwick | Monday, 5 June 2017 at 9.40"], "2017-06-05"),
        (["The Lowmarsh Courier, June 5th, 2017"], "2017-06-05"),
        (["Published June 5, 2017 21:40", "June 5, 2017"], "2017-06-05"),
        (["June 5, 2017", "March 4, 2015"], None),
        (["The flood of 4 March 2015"], None),
        (["Printed: June 5, 2017"], None),
        (["11/22/26, 7:13 AM"], None),
        (["June 31, 2017"], None),
        (["the wall broke on June 5, 2017"], None),
        (["June 5, 2017, was the night"], None),
        (["June 5, 2017, " + "was the night on which the old wall broke, " * 3], None),
        ([TITLE] * 8 + ["June 5, 2017"], None),
        ([], None),
    ],
)
def test_datelines(lines: list[str], date: str | None) -> None:
    assert dateline(lines) == date
