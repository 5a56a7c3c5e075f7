"""Web pages: the main text, in reading order, and the metadata. Nothing is ever fetched.

Trafilatura finds the main text; what it would drop is prepared here (`quotations.py`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from quotes.errors import ReadError
from quotes.files import apart
from quotes.files.apart import Content
from quotes.files.decoding import decode
from quotes.files.inputs import Input
from quotes.formats.html.metadata import page_metadata
from quotes.formats.html.quotations import keep_questions, keep_quotations
from quotes.records import Document

if TYPE_CHECKING:
    from lxml.html import HtmlElement


#: The default limit in bytes; a larger page contains pictures.
MAX_BYTES: Final = 20_000_000

_NEVER_TEXT = "|".join(
    f"//{tag}" for tag in "script style template noscript svg iframe object nav button select".split()
)


def read(source: Input) -> Iterator[Document]:
    """The one article of a page. Raises ReadError and OSError."""
    yield apart.document(source, "html.reading", MAX_BYTES)


def content(data: bytes, where: str) -> Content:
    """The main text of a page, with an empty line between paragraphs, and its metadata.

    Raises ReadError if the bytes are not text, if elements are nested too deeply, or if the page has no
    article.
    """
    import trafilatura

    html = decode_page(data, where)
    tree = _tree(html, where)
    metadata = page_metadata(tree, html)
    for element in tree.xpath(_NEVER_TEXT):
        element.drop_tree()
    _unfold_layout_tables(tree)
    keep_questions(tree)
    keep_quotations(tree)
    found = trafilatura.extract(tree, include_comments=False, with_metadata=False, config=_config())
    paragraphs = (found or "").split("\n")
    text = "\n\n".join(line for line in (" ".join(paragraph.split()) for paragraph in paragraphs) if line)
    if not text:
        raise ReadError(f"{where}: no article was found in this page. {_perhaps(html)}")
    return Content(text + "\n", metadata)


def _config() -> Any:
    """Trafilatura's settings. Only of shorter texts, it takes all words of the page as one paragraph."""
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "100")
    return config


def _tree(html: str, where: str) -> HtmlElement:
    from lxml.html import HTMLParser, document_fromstring

    if not html.strip():
        raise ReadError(f"{where}: this page is empty. Save it again.")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree: HtmlElement = document_fromstring(html.encode(), parser=parser)
    except Exception as error:
        raise ReadError(f"{where}: no article was found in this page. {_perhaps(html)}") from error
    # The parser stops there, and the rest of the page is lost.
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ReadError(
            f"{where}: the elements of this page are nested too deeply. Save its text as UTF-8 (.txt)."
        )
    return tree


def _unfold_layout_tables(tree: HtmlElement) -> None:
    """Replace tables that contain paragraphs by divisions: older pages use them for their layout."""
    for table in tree.xpath("//table[.//td//p or .//td//div or .//td//h1 or .//td//h2 or .//td//table]"):
        for element in table.iter("table", "thead", "tbody", "tfoot", "tr", "td", "th"):
            element.tag = "div"


def _perhaps(html: str) -> str:
    if re.search(r"<script\b", html, re.IGNORECASE):
        return (
            "Its text may be loaded by a script: save the page from a browser, or its text as UTF-8 (.txt)."
        )
    return "Check that it contains one, or save its text as UTF-8 (.txt)."


# A page saved with its HTTP headers, as `curl -i` does.
_HTTP_HEAD = re.compile(rb"\AHTTP/[\d.]+ \d{3}\b.*?\r?\n\r?\n", re.DOTALL)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# By the HTML standard, browsers look at the first 1,024 bytes; some pages declare it later.
_DECLARED_WITHIN = 4096
# By the HTML standard, these names mean their Windows supersets, which have curly quotation marks.
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
# A few NULs are errors; more of them are an encoding with two bytes a character, or binary data.
_NULS = 8
_NUL_SHARE = 0.01
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def decode_page(data: bytes, where: str) -> str:
    r"""The text of an HTML file, with ``\n`` as line ends and without characters that XML forbids.

    A byte order mark decides. Otherwise bytes that are valid UTF-8 are UTF-8, because copied pages often
    declare another encoding; then the declared encoding is tried, then a guess. Raises ReadError if the bytes
    are not text.
    """
    head = _HTTP_HEAD.match(data[:65536])
    body = data[head.end() :] if head else data
    if 0 < body.count(b"\0") <= max(_NULS, _NUL_SHARE * len(body)):
        body = body.replace(b"\0", b"")
    declared = _declared(head.group()) if head else None
    text = _as_declared(body, declared or _declared(body[:_DECLARED_WITHIN]))
    if text is None:
        text = decode(body, where)
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _as_declared(data: bytes, encoding: str | None) -> str | None:
    if encoding is None or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    if b"\0" in data or _is_utf8(data):
        return None
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        # Five bytes have no character in Windows-1252; one of them is not a reason to guess.
        return data.decode(encoding, "replace") if encoding.startswith("cp125") else None


def _declared(data: bytes) -> str | None:
    """The charset that a page or its HTTP header declares, by its Python name."""
    match = _CHARSET.search(data)
    if match is None:
        return None
    try:
        found = codecs.lookup(match.group(1).decode("ascii", "replace"))
    except LookupError:
        return None
    # Some Python codecs are not charsets ("hex", "rot13"), and UTF-16 could not have been read so far.
    if not found._is_text_encoding or found.name.startswith(("utf-16", "utf-32", "idna", "punycode")):
        return None
    return _MEANT.get(found.name, found.name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
