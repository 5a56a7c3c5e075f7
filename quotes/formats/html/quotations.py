"""Make plain paragraphs of embedded tweets and block quotations, so that trafilatura keeps them.

<blockquote class="twitter-tweet"><p>It rained.</p>&mdash; Port Ellery (@portellery) <a>June 5, 2017</a>
→ <p>It rained. — Port Ellery (@portellery) June 5, 2017</p>
<blockquote><p>We regret the noise.</p></blockquote>      → <p>> We regret the noise.</p>
<p><strong>Why did you leave?</strong></p>                → <p>**Why did you leave?**</p>

An extractor of main text drops embedded, linked and quoted elements as decoration. A `q` gets its quotation
marks, which a browser would draw, as characters. A block quotation without marks gets an arrow before each
paragraph, and the questions of an interview get stars, as in Markdown: so the text itself shows them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quotes.text.marks import MARKS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "td",
     "tr", "ul"]
)  # fmt: skip
_NO_TEXT = frozenset(["script", "style", "template", "svg", "button", "iframe", "noscript"])
_TWEET_FOOTER = re.compile(r"\s[—–-]\s?[^\n]{1,80}\(@\w{1,15}\)\s+\w{3,9} \d{1,2}, \d{4}\Z")
# Elements that may wrap an embedded element; others keep its place in the text.
_WRAPPERS = frozenset(["div", "figure", "span", "center", "p", "twitter-widget", "amp-twitter"])
# The elements that a question of an interview may be, and the fewest of them on a page of one.
_MAY_ASK = ("p", "h2", "h3", "h4", "h5")
_FEWEST_QUESTIONS = 3
_DASHES = frozenset("—–―-")
_MARKS = re.compile(r"\A\s*[“\"„«‘'].*[”\"“»’']\s*\Z", re.DOTALL)


def keep_quotations(tree: HtmlElement) -> None:
    """Replace block quotations, tweets and `q` in the tree, in place."""
    for inline in tree.xpath("//q"):
        _mark(inline)
    for quotation in tree.xpath("//blockquote[not(ancestor::blockquote)]"):
        _dash(quotation)
        paragraphs = _paragraphs(quotation)
        if _is_tweet(quotation, paragraphs):
            paragraphs = [" ".join(paragraphs)]
        elif paragraphs and paragraphs[0][0] not in MARKS:
            paragraphs = [f"> {paragraph}" for paragraph in paragraphs]
        _replace(_wrapper(quotation), paragraphs)


def _dash(quotation: HtmlElement) -> None:
    """Put a dash before the credit below a block quotation, if it has none, so that the text shows it."""
    for credit in quotation.xpath(".//footer | ./cite[not(following-sibling::p)]"):
        if credit.text_content().strip()[:1] not in _DASHES:
            credit.text = "\n\n— " + (credit.text or "").lstrip()


def keep_questions(tree: HtmlElement) -> None:
    """Mark bold questions and headings that ask, in place, if there are several: so interviews are set."""
    found = [element for element in tree.iter(*_MAY_ASK) if _asks(element)]
    if len(found) < _FEWEST_QUESTIONS:
        return
    for element in found:
        question = _bold(element) if element.tag == "p" else element
        assert question is not None
        words = " ".join(question.text_content().split())
        if question is element or _text_beside(element, question) is None:
            _clear(element, f"**{words}**")
        else:  # <p><strong>Why?</strong><br>Because.</p>
            answer = _text_beside(element, question)
            _clear(element, f"**{words}**")
            element.addnext(_paragraph(answer or ""))


def _asks(element: HtmlElement) -> bool:
    question = _bold(element) if element.tag == "p" else element
    return question is not None and question.text_content().strip().endswith("?")


def _bold(paragraph: HtmlElement) -> HtmlElement | None:
    """The bold element that is all of a paragraph, or its first line."""
    first = paragraph[0] if len(paragraph) else None
    if first is None or first.tag not in ("b", "strong") or (paragraph.text or "").strip():
        return None
    alone = not (first.tail or "").strip() and len(paragraph) == 1
    broken = not (first.tail or "").strip() and len(paragraph) > 1 and paragraph[1].tag == "br"
    return first if alone or broken else None


def _text_beside(paragraph: HtmlElement, question: HtmlElement) -> str | None:
    whole, words = paragraph.text_content(), question.text_content()
    return " ".join(whole[whole.index(words) + len(words) :].split()) or None


def _clear(element: HtmlElement, text: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text, element.tag = text, "p"


def _paragraph(text: str) -> HtmlElement:
    from lxml.html import Element

    paragraph: HtmlElement = Element("p")
    paragraph.text = text
    return paragraph


def _mark(inline: HtmlElement) -> None:
    """Replace a `q` by its text with quotation marks."""
    if not _MARKS.match(inline.text_content()):
        inline.text = "“" + (inline.text or "")
        inline.tail = "”" + (inline.tail or "")
    inline.drop_tag()


def _paragraphs(quotation: HtmlElement) -> list[str]:
    """The paragraphs of a block quotation, with normalized white space."""
    from lxml.etree import iterwalk

    pieces: list[str] = []
    walk = iterwalk(quotation, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("comment", "pi") or element.tag in _NO_TEXT:
            if event == "start":
                walk.skip_subtree()
            if event != "start" and element is not quotation:
                pieces.append(element.tail or "")
            continue
        if element.tag in _BLOCKS:
            pieces.append("\n\n")
        elif element.tag == "br":
            pieces.append("\n" if event == "start" else "")
        if event == "start":
            pieces.append(element.text or "")
        elif element is not quotation:
            pieces.append(element.tail or "")
    blocks = re.split(r"\n\s*\n", re.sub(r"[^\S\n]+", " ", "".join(pieces)))
    return [text for text in (" ".join(block.split()) for block in blocks) if text]


def _is_tweet(quotation: HtmlElement, paragraphs: list[str]) -> bool:
    classes = (quotation.get("class") or "").split()
    named = any(name.startswith(("twitter-tweet", "twitter-video")) for name in classes)
    return named or _TWEET_FOOTER.search(" " + " ".join(paragraphs[-2:])) is not None


def _wrapper(quotation: HtmlElement) -> HtmlElement:
    """The outermost element that contains the quotation and no other text."""
    words = len(quotation.text_content().split())
    element = quotation
    for _ in range(4):
        parent = element.getparent()
        if parent is None or parent.tag not in _WRAPPERS or len(parent.text_content().split()) != words:
            break
        element = parent
    return element


def _replace(element: HtmlElement, paragraphs: list[str]) -> None:
    from lxml.html import Element

    parent = element.getparent()
    if parent is None:
        return
    if parent.tag == "figure":  # with a caption; trafilatura would drop the figure
        parent.tag = "div"
        parent.attrib.clear()
        for caption in parent.findall("figcaption"):
            caption.drop_tree()
    place = parent.index(element)
    tail = element.tail
    element.tail = None
    parent.remove(element)
    for offset, text in enumerate(paragraphs):
        parent.insert(place + offset, _paragraph(text))
    if tail and tail.strip():
        last = Element("span")
        last.text = tail
        parent.insert(place + len(paragraphs), last)
