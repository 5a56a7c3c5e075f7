"""The metadata of a web page: title, author, day, outlet and address. Doubtful values are left out.

<script type="application/ld+json">{"@type": "NewsArticle", "headline": "…", "author": {"name": "…"}}</script>

JSON-LD comes first, then Open Graph and similar tags, then what trafilatura and htmldate find in the page.
JSON-LD is read here, because trafilatura takes any person and any article in it for the page's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from copy import deepcopy
from html import unescape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from quotes.files.apart import one_line
from quotes.formats.metadata_fields import authors, file_title, iso_date, key
from quotes.records import Metadata

if TYPE_CHECKING:
    from lxml.html import HtmlElement


# Browsers write this comment into pages that they save.
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://\S+) -->")
_NO_TITLE = frozenset(
    ["home", "homepage", "home page", "front page", "index", "news", "article", "new page 1"]
)
_MOST_TITLES = 20
_BETWEEN = r"(?:\s+[–—•·:»«‹›>-]\s+|\s*\|\s*)"
_HOME = (
    '@href="/" or contains(@class, "logo") or contains(@class, "site-title") or contains(@class, "site-name")'
)
_HEADLINES = f"//h1[not(ancestor-or-self::*[not(self::body or self::html)][{_HOME}]) and not(.//*[{_HOME}])]"
_LOGOS = f"//h1[ancestor-or-self::*[not(self::body or self::html)][{_HOME}] or .//*[{_HOME}]]"
# 06/05/2017 is ambiguous; and a day of change, printing or copyright need not be that of publication.
_OTHER_DAY = (
    r"^\W*(?:last\s+)?(?:updated|modified|printed|retrieved|accessed|copyright|©)"
    r"|(?<![\d/])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/\d\d"
)
_SENTENCE = r"(?<![ap]\.m)[.!?][”’]?$"
_LOWER = "translate(concat(@property, @name, @itemprop, @http-equiv), 'CDFIMOPRTUY', 'cdfimoprtuy')"
_NOT_ITS_DAY = (
    f"//meta[contains({_LOWER}, 'modif') or contains({_LOWER}, 'updat') or contains({_LOWER}, 'copyright')]",
    f"//meta[re:test(@content, '{_OTHER_DAY}', 'i')]",
    "//time[contains(@class, 'updat') or contains(@class, 'modif') or @itemprop='dateModified']",
    "//title | //h1 | //h2 | //h3 | //aside | //nav | //footer[not(ancestor::article)] | //blockquote",
    "//body//*[self::p or self::li][string-length(normalize-space()) > 120 "
    f"or re:test(normalize-space(), '{_SENTENCE}')]",
    "//body//*[not(*/*/*) and string-length(normalize-space()) < 120 "
    f"and re:test(normalize-space(), '{_OTHER_DAY}', 'i')]",
)
_REGEXPS = {"re": "http://exslt.org/regular-expressions"}


def page_metadata(tree: HtmlElement, html: str) -> Metadata:
    """The metadata of the page; a field is None if it is missing or doubtful."""
    from trafilatura.metadata import examine_meta, extract_author, extract_metadata, extract_title
    from trafilatura.settings import set_date_params

    try:
        found: Any = extract_metadata(tree, date_config=set_date_params(extensive=False), extensive=False)
        said: Any = examine_meta(tree)
        outlet = _outlet(tree, found, said)
        headlines = [one_line(h1.text_content()) for h1 in tree.xpath(_HEADLINES)]
        titles = [said.title, *tree.xpath("//head/title/text()"), *headlines]
        article = described(tree, [title for title in titles if title][:_MOST_TITLES])
        json_ld = article or Described()
        names = [name for name in (outlet, said.sitename, json_ld.publisher, found.hostname) if name]
        logos = [name for h1 in tree.xpath(_LOGOS) if (name := one_line(h1.text_content()))]
        # If there is JSON-LD, trafilatura finds nothing more in it, but may take others for the author.
        guess = (found.title, found.author) if article is None else (extract_title(tree), None)
        signed = (said.author, guess[1], extract_author(tree))
        candidates = [json_ld.headline, said.title, *(headlines if len(headlines) == 1 else [])]
        return Metadata(
            title=_title([*candidates, *_found_titles(tree, guess[0], names)], [*names, *logos]),
            author=authors([json_ld.authors, *([name] for name in signed if name)], names),
            date=_day(json_ld.date) or _found_day(tree, found.url, with_json_ld=article is None),
            outlet=outlet,
            url=_url(found.url, html),
        )
    except Exception:  # metadata may be malformed in any way; the text is useful without it
        return Metadata()


def _outlet(tree: HtmlElement, found: Any, said: Any) -> str | None:
    from trafilatura.metadata import extract_sitename

    guess = extract_sitename(tree)
    # Trafilatura takes any part of the title with a dot for an address: "Dr. Quill resigns".
    if found.sitename and found.sitename == guess != said.sitename and guess and " " in guess:
        return one_line(found.hostname)
    return one_line(found.sitename)


def _url(found: object, html: str) -> str | None:
    url = one_line(found)
    if url is not None and re.match(r"https?://[^/]", url):
        return url
    saved = _SAVED_FROM.search(html[:2000])
    return saved.group(1) if saved else None


def _title(candidates: Iterable[str | None], portals: list[str]) -> str | None:
    """The first valid title, without the name of the portal before or after it; never that name alone."""
    nothing = _NO_TITLE | {key(name) for name in portals}
    anyone = "|".join(re.escape(name) for name in sorted(portals, key=len, reverse=True))
    around = (
        re.compile(rf"\A(?:{anyone}){_BETWEEN}|{_BETWEEN}(?:{anyone})\Z", re.IGNORECASE) if anyone else None
    )
    for candidate in candidates:
        title = one_line(candidate)
        title = one_line(around.sub("", title)) if around and title else title
        if title and key(title) not in nothing and file_title(title):
            return title
    return None


def _found_titles(tree: HtmlElement, found: str | None, portals: list[str]) -> Iterator[str | None]:
    """The title that trafilatura finds, unless it is half of the <title>; then the likelier half."""
    from trafilatura.metadata import examine_title_element

    whole, first, last = examine_title_element(tree)
    if found not in (first, last):
        yield found
    if first and last:
        named = {key(name) for name in portals}
        words = len(first.split())
        # "BBC News - Harbour wall to be rebuilt": the portal comes first, and is much shorter.
        reverse = key(last) not in named and words <= 3 and len(last.split()) >= words + 3
        yield last if reverse else first
    yield whole


def _day(moment: str | None) -> str | None:
    date = iso_date(moment or "")
    # Programs without a date write the earliest that they know.
    return None if date is None or date < "1700" or date.startswith("1970-01-01") else date[:10]


def _found_day(tree: HtmlElement, url: str | None, *, with_json_ld: bool) -> str | None:
    """The day of publication that htmldate finds, outside of prose and of days of changes."""
    from htmldate import find_date
    from trafilatura.settings import set_date_params

    tree = deepcopy(tree)
    for path in (*_NOT_ITS_DAY, *([] if with_json_ld else ['//script[@type="application/ld+json"]'])):
        for element in tree.xpath(path, namespaces=_REGEXPS):
            if element.getparent() is not None:
                element.drop_tree()
    found: str | None = find_date(
        tree, url=url, deferred_url_extractor=True, **set_date_params(extensive=False)
    )
    return iso_date(found or "")


Node = dict[str, Any]

# Properties that lead to nodes about this page; others lead to what it mentions.
_INWARD = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_NODES = 10_000
_MOST_AUTHORS: Final = 50
_ARTICLE = re.compile(r"(?:\w*article|(?:blog|liveblog|socialmedia)posting|report)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


class Described(NamedTuple):
    """The properties of the page's article in JSON-LD."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    publisher: str | None = None


def described(tree: HtmlElement, titles: Collection[str]) -> Described | None:
    """The page's article; None if the page has no readable JSON-LD.

    Of several articles, it is the one whose headline is the beginning of one of the page's own `titles`, or
    vice versa; if there is none, all properties are empty.
    """
    nodes = _nodes(tree)
    if not nodes:
        return None
    articles = [node for node in nodes if any(_ARTICLE.fullmatch(kind) for kind in _kinds(node))]
    if len(articles) > 1:
        known = [key(title) for title in titles]
        articles = [node for node in articles if _fits(key(_text(node.get("headline")) or ""), known)]
    if not articles:
        return Described()
    article = articles[0]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    author = article.get("author") or article.get("creator")
    publisher = _names(article.get("publisher"), by_id)
    return Described(
        _text(article.get("headline")) or _text(article.get("name")),
        tuple(_names(author, by_id)),
        _text(article.get("datePublished")),
        publisher[0] if publisher else None,
    )


def _nodes(tree: HtmlElement) -> list[Node]:
    """The nodes about the page, in its order."""
    found: list[Node] = []
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        try:
            waiting: list[object] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and len(found) < _MOST_NODES:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += reversed(value)
            elif isinstance(value, dict):
                found.append(value)
                waiting += [value[name] for name in reversed(_INWARD) if name in value]
    return found


def _kinds(node: Node) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _fits(headline: str, titles: Collection[str]) -> bool:
    return any(
        headline and title and (title.startswith(headline) or headline.startswith(title)) for title in titles
    )


def _names(value: object, by_id: dict[str, Node]) -> list[str]:
    """The names of persons and organizations, given as texts, as nodes, or by reference."""
    names: list[str | None] = []
    for one in value[:_MOST_AUTHORS] if isinstance(value, list) else [value]:
        if isinstance(one, dict) and "name" not in one and isinstance(one.get("@id"), str):
            one = by_id.get(one["@id"], one)
        if not isinstance(one, dict):
            names.append(_text(one))
        elif isinstance(one.get("name"), list):
            names += map(_text, one["name"][:_MOST_AUTHORS])
        else:
            parts = [_text(one.get(part)) for part in ("givenName", "familyName")]
            names.append(_text(one.get("name")) or (" ".join(map(str, parts)) if all(parts) else None))
    return [name for name in names if name]


def _text(value: object) -> str | None:
    """A string on one line, without HTML entities and tags."""
    return one_line(_TAG.sub("", unescape(value))) if isinstance(value, str) else None
