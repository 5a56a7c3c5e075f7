"""What a page says of its article: title, author, day, outlet and address; what is doubtful is left out.

JSON-LD comes first, then Open Graph and its like, then what trafilatura and htmldate find in the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from quotes.files.apart import one_line
from quotes.files.dates import iso_date
from quotes.formats.metadata_fields import authors, file_title, key
from quotes.formats.pages.json_ld import Described, described
from quotes.records import Metadata

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Browsers write it into the pages that they save.
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
# 06/05/2017 is two days; and what was changed, printed or protected then needn't have been published then.
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
    """What is known of the page's origin; an empty field for what isn't said, or is doubtful."""
    from trafilatura.metadata import examine_meta, extract_author, extract_metadata, extract_title
    from trafilatura.settings import set_date_params

    try:
        found: Any = extract_metadata(tree, date_config=set_date_params(extensive=False), extensive=False)
        said: Any = examine_meta(tree)
        outlet = _outlet(tree, found, said)
        headlines = [one_line(h1.text_content()) for h1 in tree.xpath(_HEADLINES)]
        titles = [said.title, *tree.xpath("//head/title/text()"), *headlines]
        article = described(tree, [title for title in titles if title][:_MOST_TITLES])
        told = article or Described()
        names = [name for name in (outlet, said.sitename, told.publisher, found.hostname) if name]
        logos = [name for h1 in tree.xpath(_LOGOS) if (name := one_line(h1.text_content()))]
        # Of JSON-LD that can be read, trafilatura tells no more, but takes others for the author.
        guess = (found.title, found.author) if article is None else (extract_title(tree), None)
        signed = (said.author, guess[1], extract_author(tree))
        candidates = [told.headline, said.title, *(headlines if len(headlines) == 1 else [])]
        return Metadata(
            title=_title([*candidates, *_found_titles(tree, guess[0], names)], [*names, *logos]),
            author=authors([told.authors, *([name] for name in signed if name)], names),
            date=_day(told.date) or _found_day(tree, found.url, with_json_ld=article is None),
            outlet=outlet,
            url=_url(found.url, html),
        )
    except Exception:  # a page can say anything of itself; the text is worth having without it
        return Metadata()


def _outlet(tree: HtmlElement, found: Any, said: Any) -> str | None:
    from trafilatura.metadata import extract_sitename

    guess = extract_sitename(tree)
    # For an address, trafilatura takes any part of the title that has a dot: "Dr. Quill resigns".
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
    """The first that is a title, without the portal's name before or behind it; never that name alone."""
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
    """What trafilatura finds, unless it is half of the page's <title>; then that, the likelier half first."""
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
    # Where a program has no date it writes the first that it knows.
    return None if date is None or date < "1700" or date.startswith("1970-01-01") else date[:10]


def _found_day(tree: HtmlElement, url: str | None, *, with_json_ld: bool) -> str | None:
    """The day that htmldate finds where a day of publication stands: in no prose, and no day of a change."""
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
