"""One text that holds several articles, such as a thread that people pasted them into → a document each.

The wall is back                              ← a title, and
By BO FENWICK                                 ← a byline: the second article begins at its title
LOWMARSH, June 5 — The council …              ← a dateline: an article begins, and its head is above

Only evidence parts a text: a dateline with an agency, a date or a head above it, or a byline with a title or
a date beside it. A second one within a few paragraphs belongs to the same head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quotes.data.boilerplate_patterns import boilerplate
from quotes.records import Document
from quotes.text import marks
from quotes.text.boilerplate import Boilerplate

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_WRAPPED = 120  # nobody wraps lines at more code points
_DASH = r"(?:—|–|--|-)"
_BEGINS = r"[“\"‘A-Z]"
_DAY = r"(?:, (?:[A-Z][a-z]+day, )?[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)"
_CAPITALS = r"[A-Z][A-Z.’'-]+(?:[ -][A-Z][A-Z.’'-]+){0,3}(?:, [A-Z][\w.’' -]{1,25})?"
_PLACE = r"[A-Z][\w.’'-]+(?:,? [A-Z][\w.’'-]+){0,3}"
_AGENCY = r"\((?:CNN|AP|Reuters|REUTERS|AFP|UPI|Bloomberg|Xinhua|PTI|ANI|IANS|dpa|DPA)(?: [\w.]{2,12})?\)"
# "WASHINGTON (AP) — ", "Washington (CNN)President", "LONDON, June 5 — "
_DATELINE = re.compile(
    rf"{_PLACE}{_DAY}? {_AGENCY}\s*{_DASH}?\s*{_BEGINS}"
    rf"|{_PLACE} \([A-Z]{{2,6}}\)(?:\s?{_DASH}\s?)?{_BEGINS}"
    rf"|{_CAPITALS}{_DAY}\s?{_DASH}\s?{_BEGINS}"
)
# "WASHINGTON — ", which can be a label as well.
_PLACE_ONLY = re.compile(rf"{_CAPITALS}(?:\s{_DASH}\s{_BEGINS}|[—–][A-Z])")
_BYLINE = re.compile(r"(?:By|BY) [A-Z]")
_DATE = re.compile(r"[^.!?]{0,60}\b(?:19|20)\d\d\b[^.!?]{0,30}\Z")
_HEAD_KINDS = frozenset(["byline", "caption", "highlights", "share", "forum", "navigation"])
_TITLE_WORDS = 20
# A head has a title, a line below it, a byline, a date, a caption, highlights and buttons; no more.
_HEAD = 14
# A text that is shorter is no article, but a part of one that has datelines of its own.
_SHORTEST = 150


def articles(document: Document) -> Iterator[Document]:
    """The articles of a document: itself, if it is one; else each with its number behind the id, "thread#2".

    Each article's text is a stretch of the document's, so that its offsets count anew from its beginning.
    """
    cuts = _beginnings(document.text)
    if len(cuts) < 2:
        yield document
        return
    for number, (start, end) in enumerate(zip(cuts, [*cuts[1:], len(document.text)], strict=True), 1):
        yield document.model_copy(
            update={"doc_id": f"{document.doc_id}#{number}", "text": document.text[start:end].strip() + "\n"}
        )


def _beginnings(text: str) -> list[int]:
    """Where articles begin: 0, and the heads of those behind the first."""
    paragraphs = _paragraphs(text)
    around = Boilerplate(text, paragraphs)
    heads: list[int] = []
    last = -1  # the last paragraph that told of an article
    for number in range(len(paragraphs)):
        if not _tells(text, paragraphs, around, number):
            continue
        if last < 0 or _has_prose(text, paragraphs, around, last, number):
            heads.append(_head(text, paragraphs, around, number, last))
        last = number
    cuts = [0]
    for head in heads[1:]:
        start = paragraphs[head][0]
        if start - cuts[-1] >= _SHORTEST:
            cuts.append(start)
    return cuts if len(text) - cuts[-1] >= _SHORTEST else cuts[:-1]


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a text; where there are long lines, it isn't wrapped, however short a head's are."""
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text)]
    return lines if any(end - start > _WRAPPED for start, end in lines) else marks.paragraphs(text)


def _tells(text: str, paragraphs: Sequence[tuple[int, int]], around: Boilerplate, number: int) -> bool:
    """Whether a paragraph begins with a dateline, or is a byline with a title above or a date beside it."""
    start, end = paragraphs[number]
    if _DATELINE.match(text, start, end):
        return True
    if _PLACE_ONLY.match(text, start, end):
        return number == 0 or _is_head(text, paragraphs, around, number - 1)
    if not _BYLINE.match(text, start, end) or boilerplate().line(text, start, end) != "byline":
        return False
    beside = [i for i in (number - 1, number + 1) if 0 <= i < len(paragraphs)]
    dated = any(_DATE.match(text, *paragraphs[i]) and around.kind(i) == "byline" for i in beside)
    return dated or (number > 0 and _is_title(text, paragraphs[number - 1]))


def _has_prose(
    text: str, paragraphs: Sequence[tuple[int, int]], around: Boilerplate, one: int, other: int
) -> bool:
    """Whether an article's body stands between two paragraphs, and not only the rest of a head."""
    body = (i for i in range(one, other) if not _is_head(text, paragraphs, around, i))
    return sum(paragraphs[i][1] - paragraphs[i][0] for i in body) >= _SHORTEST


def _head(
    text: str, paragraphs: Sequence[tuple[int, int]], around: Boilerplate, number: int, last: int
) -> int:
    """The first paragraph of the head that a dateline or a byline belongs to."""
    first = number
    while first - 1 > max(last, number - _HEAD) and _is_head(text, paragraphs, around, first - 1):
        first -= 1
    return first


def _is_head(text: str, paragraphs: Sequence[tuple[int, int]], around: Boilerplate, number: int) -> bool:
    return around.kind(number) in _HEAD_KINDS or _is_title(text, paragraphs[number])


def _is_title(text: str, paragraph: tuple[int, int]) -> bool:
    words = text[slice(*paragraph)]
    return len(words.split()) <= _TITLE_WORDS and not re.search(r"[.,;:…][”\"’')]*\Z", words)
