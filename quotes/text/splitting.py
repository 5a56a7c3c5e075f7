"""A text that holds several articles, such as a thread with pasted articles → one document for each.

The wall is back                              ← a title, and
By BO FENWICK                                 ← a byline: the second article begins at its title
LOWMARSH, June 5 — The council …              ← a dateline: an article begins, with its head above

A text is split only at evidence: a dateline with an agency, a date or a head above it, or a byline with a
title or a date beside it. A second one within a few paragraphs belongs to the same head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes.data.boilerplate_patterns import boilerplate
from quotes.records import Document
from quotes.text import marks
from quotes.text.boilerplate import Boilerplate
from quotes.text.marks import Range

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_WRAPPED = 120  # the longest line of a wrapped text, in code points
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
# "WASHINGTON — ", which may also be a label.
_PLACE_ONLY = re.compile(rf"{_CAPITALS}(?:\s{_DASH}\s{_BEGINS}|[—–][A-Z])")
_BYLINE = re.compile(r"(?:By|BY) [A-Z]")
_DATE = re.compile(r"[^.!?]{0,60}\b(?:19|20)\d\d\b[^.!?]{0,30}\Z")
_HEAD_KINDS = frozenset(["byline", "caption", "highlights", "share", "forum", "navigation"])
_STOP = re.compile(r"[.,;:…][”\"’')]*\Z")
_TITLE_WORDS = 20
# A head has a title, a subtitle, a byline, a date, a caption, highlights and buttons: so many paragraphs.
_HEAD = 14
# A shorter text is not an article, but part of one with datelines of its own. In code points.
_SHORTEST = 150


def articles(document: Document) -> Iterator[Document]:
    """The articles of a document. If it holds several, each has its number after the id: "thread#2".

    The offsets in an article count from the article's beginning.
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
    """Where articles begin: 0, and the heads of all articles after the first."""
    paragraphs = _paragraphs(text)
    cuts = [0]
    for head in _Heads(text, paragraphs).find()[1:]:
        start = paragraphs[head][0]
        if start - cuts[-1] >= _SHORTEST:
            cuts.append(start)
    return cuts if len(text) - cuts[-1] >= _SHORTEST else cuts[:-1]


def _paragraphs(text: str) -> list[Range]:
    """The paragraphs of a text. A text with long lines isn't wrapped, even if its heads have short lines."""
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text)]
    return lines if any(end - start > _WRAPPED for start, end in lines) else marks.paragraphs(text)


class _Heads:
    """Finds the heads of articles. Paragraphs are given by their numbers."""

    def __init__(self, text: str, paragraphs: list[Range]) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._boilerplate = Boilerplate(text, paragraphs)

    def find(self) -> list[int]:
        """The first paragraph of the head of each article."""
        heads: list[int] = []
        last = -1  # the last paragraph that shows an article
        for number in range(len(self._paragraphs)):
            if self._shows_article(number):
                if last < 0 or self._has_prose(last, number):
                    heads.append(self._first_of_head(number, last))
                last = number
        return heads

    def _shows_article(self, number: int) -> bool:
        """Whether a paragraph begins with a dateline, or is a byline with a title or a date beside it."""
        start, end = self._paragraphs[number]
        if _DATELINE.match(self._text, start, end):
            return True
        if _PLACE_ONLY.match(self._text, start, end):
            return number == 0 or self._in_head(number - 1)
        if (
            not _BYLINE.match(self._text, start, end)
            or boilerplate().line(self._text, start, end) != "byline"
        ):
            return False
        beside = [i for i in (number - 1, number + 1) if 0 <= i < len(self._paragraphs)]
        return any(map(self._is_dated, beside)) or (number > 0 and self._is_title(number - 1))

    def _has_prose(self, one: int, other: int) -> bool:
        """Whether the body of an article stands between two paragraphs, and not only the rest of a head."""
        body = (self._paragraphs[i] for i in range(one, other) if not self._in_head(i))
        return sum(end - start for start, end in body) >= _SHORTEST

    def _first_of_head(self, number: int, last: int) -> int:
        """The first paragraph of the head that a dateline or a byline belongs to."""
        first = number
        while first - 1 > max(last, number - _HEAD) and self._in_head(first - 1):
            first -= 1
        return first

    def _in_head(self, number: int) -> bool:
        return self._boilerplate.kind(number) in _HEAD_KINDS or self._is_title(number)

    def _is_dated(self, number: int) -> bool:
        dated = _DATE.match(self._text, *self._paragraphs[number])
        return dated is not None and self._boilerplate.kind(number) == "byline"

    def _is_title(self, number: int) -> bool:
        words = self._text[slice(*self._paragraphs[number])]
        return len(words.split()) <= _TITLE_WORDS and not _STOP.search(words)
