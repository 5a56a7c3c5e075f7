"""Web pages: what is kept, in which order, and that no page can do harm."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import paths
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.formats.html import reading as pages
from quotes.formats.sources import expand, read, single
from quotes.records import Metadata

FILES = paths.TESTS / "samples" / "pages"
LONG = "<p>The wall held all night, and nobody in the lower town had to leave a bed or a boat.</p>"

GOLDEN = {
    "harbour-wall": Metadata(
        title="Harbour wall to be rebuilt by spring",
        author="Bo Fenwick",
        date="2017-06-05",
        outlet="The Lowmarsh Courier",
        url="https://courier.example/news/harbour-wall",
    ),
    "island-ferry-1252": Metadata(title="Ferry strands forty on Gull Island", date="2003-11-14"),
}


def text_of(html: str | bytes) -> str:
    data = html if isinstance(html, bytes) else html.encode()
    return pages.content(data, "page.html").text


def body(html: str) -> str:
    return text_of(
        f"<html><head><title>T</title></head><body><article>{LONG}{html}{LONG}</article></body></html>"
    )


@pytest.mark.parametrize("name", GOLDEN)
def test_a_realistic_page(name: str) -> None:
    document = read(single(str(FILES / f"{name}.html")))
    assert document.doc_id == name
    assert document.text == (FILES / f"{name}.expected.txt").read_text(encoding="utf-8")
    assert document.metadata == GOLDEN[name]


def test_nothing_around_the_article_is_in_the_text() -> None:
    text = (FILES / "harbour-wall.expected.txt").read_text(encoding="utf-8")
    for words in (
        "Never printed",
        "Not this either",
        "cookies",
        "newsletter",
        "First!",
        "Nobody told",
        "Sport",
    ):
        assert words in (FILES / "harbour-wall.html").read_text(encoding="utf-8")
        assert words not in text


@pytest.mark.parametrize("wrapper", ["{}", "<div class='embed social'>{}</div>", "<figure>{}</figure>",
                                     "<div><center><figure class='tweet'>{}</figure></center></div>",
                                     "<figure>{}<figcaption>On Monday</figcaption></figure>"])  # fmt: skip
def test_an_embedded_tweet_is_a_paragraph_with_its_footer(wrapper: str) -> None:
    tweet = (
        '<blockquote class="twitter-tweet"><p>It rained.<br><br>All &amp; everywhere.</p>&mdash; Port Ellery '
        '(@portellery) <a href="https://twitter.com/portellery/status/1">June 5, 2017</a></blockquote>'
        '<script async src="https://platform.twitter.com/widgets.js"></script>'
    )
    lines = body(wrapper.format(tweet)).split("\n\n")
    assert lines[1] == "It rained. All & everywhere. — Port Ellery (@portellery) June 5, 2017"
    assert len(lines) in (3, 4)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<blockquote>It held.</blockquote>", ["> It held."]),
        ("<blockquote>“It held.”</blockquote>", ["“It held.”"]),
        (
            "<blockquote class='quote'><p>It held.</p><p>It stood.</p></blockquote>",
            ["> It held.", "> It stood."],
        ),
        (
            "<blockquote><p>It <em>held</em>.</p><footer>— <cite>A. Quill</cite></footer></blockquote>",
            ["> It held.", "> — A. Quill"],
        ),
        ("<blockquote><p>It held.</p><cite>A. Quill</cite></blockquote>", ["> It held.", "> — A. Quill"]),
        ("<blockquote><p>“It held.”</p><footer>A. Quill</footer></blockquote>", ["“It held.”", "— A. Quill"]),
        (
            "<blockquote>It held<br>for a year.<br><br>Then not.</blockquote>",
            ["> It held for a year.", "> Then not."],
        ),
        (
            "<blockquote><blockquote>He said.</blockquote>She said.</blockquote>",
            ["> He said.", "> She said."],
        ),
        ("<blockquote><p>A</p></blockquote>and what follows it", ["> A", "and what follows it"]),
        ("<blockquote><script>x = 1</script><p>It <!-- not --> held.</p></blockquote>", ["> It held."]),
        ("<p>He said <q>it held</q>, once.</p>", ["He said “it held”, once."]),
        ("<p>He said <q>“it held”</q>, once.</p>", ["He said “it held”, once."]),
    ],
)
def test_block_quotations_stay_where_they_are(html: str, expected: list[str]) -> None:
    assert body(html).strip().split("\n\n")[1:-1] == expected


QUESTIONS = "<p><b>{}</b></p><p>One.</p><h3>Two?</h3><p>Two.</p><p><strong>Three?</strong><br>Three.</p>"


def test_the_questions_of_an_interview_are_marked() -> None:
    lines = body(QUESTIONS.format("One?")).strip().split("\n\n")[1:-1]
    assert lines == ["**One?**", "One.", "**Two?**", "Two.", "**Three?**", "Three."]


def test_few_questions_are_no_interview() -> None:
    assert "*" not in body(QUESTIONS.format("One."))


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        ('<meta charset="windows-1252">', "cp1252"),
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-15">', "iso8859-15"),
        ("<meta charset='utf-16'>", "utf-8"),
        ("<meta charset=iso-8859-1>", "utf-8"),
        ("<meta charset=rot13>", "utf-8"),
        ("<meta charset=nonsense>", "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("<meta charset=koi8-r>", "koi8-r"),
    ],
)
def test_encodings(head: str, charset: str) -> None:
    words = (
        "ещё одно слово"
        if charset == "koi8-r"
        else "Zoë Quill’s café".replace("’", "'" * ("15" in charset) or "’")
    )
    html = f"<html><head>{head}</head><body>{LONG}<p>{words} was dry.</p></body></html>"
    assert f"{words} was dry." in text_of(html.encode(charset))


def test_an_http_header_before_the_page_is_read_and_dropped() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\nServer: x\r\n\r\n"
    text = text_of(head + f"<html><body>{LONG}<p>Zoë’s café.</p></body></html>".encode("cp1252"))
    assert "Zoë’s café." in text
    assert "200 OK" not in text


def test_the_address_that_a_browser_saved() -> None:
    saved = "<!-- saved from url=(0031)https://courier.example/news/7 -->\n"
    found = pages.content(f"<!DOCTYPE html>{saved}<html><body>{LONG}</body></html>".encode(), "page.html")
    assert found.metadata.url == "https://courier.example/news/7"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://", ""])
def test_only_web_addresses_are_addresses(url: str) -> None:
    html = f'<html><head><link rel="canonical" href="{url}"></head><body>{LONG}</body></html>'
    assert pages.content(html.encode(), "page.html").metadata.url is None


HOSTILE = {
    "a script of a megabyte": f"<html><body><script>{'x=1;' * 250_000}</script>{LONG}</body></html>",
    "ten thousand scripts": f"<html><body>{'<script>x</script>' * 10_000}{LONG}</body></html>",
    "an unclosed comment": f"<html><body>{LONG}<!-- {LONG * 50}",
    "an unclosed script": f"<html><body>{LONG}<script>{'never ' * 1000}",
    "NULs": f"<html>\0<body>\0{LONG}\0</body></html>",
    "entities of its own": f'<!DOCTYPE html [<!ENTITY a "{"x" * 99}"><!ENTITY b "&a;&a;">]><p>&b;</p>{LONG}',
    "an entity that is a file": f'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>{LONG}',
    "numbers that are no characters": f"<html><body>{LONG}<p>&#0;&#xD800;&#x110000;&#99999999999;</p>",
    "tags never closed": f"<html><body>{'<b><p>' * 1000}{LONG}",
    "only brackets": "<" * 50_000 + LONG,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_give_text_without_scripts(name: str) -> None:
    text = text_of(HOSTILE[name])
    assert "The wall held all night" in text
    assert not any(word in text for word in ("x=1", "never", "root:", "\0", "xxxxxx"))
    text.encode()  # no lone surrogates


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   \n",
        "<html></html>",
        "<html/>",
        "<!-- nothing",
        "<html><body><script>document.write('“It rained,” Quill said.')</script></body></html>",
        "<html><body><nav><a href='/'>Home</a></nav></body></html>",
        f"<html><body>{'<div>' * 10_000}{LONG}{'</div>' * 10_000}</body></html>",
        "\0\1\2" * 500,
        "<frameset><frame src='https://courier.example'></frameset>",
    ],
)
def test_a_page_without_an_article_is_told(html: str) -> None:
    with pytest.raises(ReadError, match=r"^page\.html: ") as caught:
        text_of(html)
    assert caught.value.__cause__ is None or not str(caught.value).startswith(str(caught.value.__cause__))


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a page was to be fetched")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    html = (
        '<html><head><link rel="canonical" href="https://courier.example/a">'
        f'<base href="https://courier.example/"></head><body>{LONG}'
        '<iframe src="https://courier.example/b"></iframe><img src="//courier.example/c"></body></html>'
    )
    assert "The wall held" in text_of(html)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_mutated_page_is_read_or_refused(data: st.DataObject) -> None:
    page = bytearray((FILES / "harbour-wall.html").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(page) - 1))
        length = data.draw(st.integers(0, 200))
        page[at : at + length] = data.draw(
            st.binary(max_size=40) | st.sampled_from([b"<", b"<!--", b"<script>", b"\0"])
        )
        if not page:
            return
    try:
        found = pages.content(bytes(page), "page.html")
    except ReadError:
        return
    found.text.encode()
    assert found.text.strip()
    assert "\r" not in found.text


@pytest.mark.parametrize("suffix", [".html", ".htm", ".HTML"])
def test_pages_in_a_folder_are_articles(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"story{suffix}").write_text(f"<html><body>{LONG}</body></html>")
    [source] = expand([str(tmp_path)])
    assert read(source).text.startswith("The wall held")


@pytest.mark.model
def test_pages_go_through_extract(run_quotes: Callable[..., object]) -> None:
    done = run_quotes("extract", str(FILES), "--out", "out.jsonl", "--with-text")
    assert done.returncode == 0, done.stderr
