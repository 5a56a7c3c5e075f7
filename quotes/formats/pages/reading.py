"""Web pages: the main text, in reading order, and what the page says of itself. Nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from quotes.errors import ReadError, how_to_install
from quotes.files import apart
from quotes.files.apart import Content
from quotes.files.inputs import Input
from quotes.formats.pages.encoding import decode_page
from quotes.formats.pages.metadata import page_metadata
from quotes.formats.pages.quotations import keep_quotations
from quotes.records import Document

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: No article's page is larger; what is larger has pictures in it.
MAX_BYTES: Final = 20_000_000

_NEVER_TEXT = "|".join(
    f"//{tag}" for tag in "script style template noscript svg iframe object nav button select".split()
)


def read(source: Input) -> Iterator[Document]:
    """The one article of a page. Raises ReadError and OSError."""
    yield apart.document(source, "pages.reading", MAX_BYTES)


def content(data: bytes, where: str) -> Content:
    r"""The main text of a page, paragraphs parted by an empty line, and its metadata.

    Raises ReadError where the bytes are no text, where elements are nested too deeply, and where the page
    holds nothing that reads like an article.
    """
    try:
        import trafilatura
    except ImportError:
        raise ReadError(f"{where}: web pages need an extra. {how_to_install('pages')}") from None

    html = decode_page(data, where)
    tree = _tree(html, where)
    metadata = page_metadata(tree, html)
    for element in tree.xpath(_NEVER_TEXT):
        element.drop_tree()
    _unfold_layout_tables(tree)
    keep_quotations(tree)
    found = trafilatura.extract(tree, include_comments=False, with_metadata=False, config=_config())
    paragraphs = (found or "").split("\n")
    text = "\n\n".join(line for line in (" ".join(paragraph.split()) for paragraph in paragraphs) if line)
    if not text:
        raise ReadError(f"{where}: no article was found in this page. {_perhaps(html)}")
    return Content(text + "\n", metadata)


def _config() -> Any:
    """Trafilatura's settings, but for when it gives up and takes all words of the page as one paragraph."""
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "100")
    return config


def _tree(html: str, where: str) -> HtmlElement:
    from lxml.html import HTMLParser, document_fromstring

    if not html.strip():
        raise ReadError(f"{where}: this page is empty. Save it anew.")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree: HtmlElement = document_fromstring(html.encode(), parser=parser)
    except Exception as error:
        raise ReadError(f"{where}: no article was found in this page. {_perhaps(html)}") from error
    # The parser stops there, and what follows is lost.
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ReadError(
            f"{where}: the elements of this page are nested too deeply. Save its text as UTF-8 (.txt)."
        )
    return tree


def _unfold_layout_tables(tree: HtmlElement) -> None:
    """Make divisions of tables with paragraphs in them: older pages are laid out by them."""
    for table in tree.xpath("//table[.//td//p or .//td//div or .//td//h1 or .//td//h2 or .//td//table]"):
        for element in table.iter("table", "thead", "tbody", "tfoot", "tr", "td", "th"):
            element.tag = "div"


def _perhaps(html: str) -> str:
    if re.search(r"<script\b", html, re.IGNORECASE):
        return "Perhaps its text comes by script: save the page from a browser, or its text as UTF-8 (.txt)."
    return "Look whether it holds one, or save its text as UTF-8 (.txt)."
