"""The boilerplate of a scraped page: which paragraphs don't belong to the article, and of what kind they are.

Related stories
Ferry late again: “Nobody told the tide”     ← a title in a list, not a quotation of this article

Only the paragraphs that a caller asks for are matched, with their neighbours if those decide. The patterns
and the reason for each are in `data/boilerplate.toml`. They don't match what an article itself could say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from quotes.data.boilerplate_patterns import LONGEST_HEADING, boilerplate

_BULLET = re.compile(r"[•▪◦‣·*–—-](?:\s|\Z)")
# A quick test for the form of a newsletter, which few texts have.
_FORM = re.compile(r"S(?:ign [Uu]p|ubscribe|IGN UP|UBSCRIBE) ")
# A title has no full stop. A sentence has one, before its closing mark or after it.
_STOPS = re.compile(r"[.,;:…][”\"’')\]]*\Z")
_QUOTED_WHOLE = re.compile(r"[“\"‘'].*[?!][”\"’']\Z", re.DOTALL)
_TITLE_WORDS = 40
_TITLE_LENGTH = 300
# The longest list, in paragraphs. The limit keeps the time linear.
_REACH = 80
# So many bullets alone on a line, each before a title, make a list of other stories.
_LONE_BULLETS = 3
# The longest paragraph that is matched, in code points.
_LONGEST = 1000


class Boilerplate:
    """The boilerplate of one text. `paragraphs` are its paragraphs as half-open ranges, in order."""

    def __init__(self, text: str, paragraphs: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._patterns = boilerplate()
        self._lines: dict[int, str | None] = {}
        self._known: dict[int, str | None] = {}

    def kind(self, number: int) -> str | None:
        """The kind of the paragraph with this number, such as "related" or "caption"; None: the article's."""
        if number not in self._known:
            self._known[number] = self._find_kind(number)
        return self._known[number]

    def _find_kind(self, number: int) -> str | None:
        start, end = self._paragraphs[number]
        if end - start > _LONGEST:
            return None
        return (
            self._line(number)
            or (self._heading(number) if end - start <= LONGEST_HEADING else None)
            or (self._item(number) if end - start <= _TITLE_LENGTH else None)
            or self._beside(number)
            or self._between(number)
        )

    def _line(self, number: int) -> str | None:
        """The kind of a paragraph whose own words decide."""
        if number not in self._lines:
            start, end = self._paragraphs[number]
            self._lines[number] = self._patterns.line(self._text, start, end)
        return self._lines[number]

    def _beside(self, number: int) -> str | None:
        """The kind of a paragraph that could be the article's, but stands beside boilerplate."""
        start, end = self._paragraphs[number]
        kind = self._patterns.within(self._text[start:end])
        if kind is None:
            return None
        last = len(self._paragraphs) - 1
        if number in (0, last):
            return kind
        beside = (self._line(i) or self._heading(i) or self._item(i) for i in (number - 1, number + 1))
        return kind if any(beside) else None

    def _between(self, number: int) -> str | None:
        """The kind of a short paragraph between two lines of a newsletter's form."""
        if not self._has_form or len(self._text[slice(*self._paragraphs[number])].split()) > _TITLE_WORDS:
            return None
        for above, below in ((1, 1), (1, 2), (2, 1)):
            if number >= above and number + below < len(self._paragraphs):
                around = {self._line(number - above), self._line(number + below)}
                if around == {"newsletter"}:
                    return "newsletter"
        return None

    @cached_property
    def _has_form(self) -> bool:
        return _FORM.search(self._text) is not None

    def _heading(self, number: int) -> str | None:
        """The kind of the list that follows, if this paragraph is its heading."""
        section = self._patterns.heading(self._text, *self._paragraphs[number])
        if section is None or number + 1 == len(self._paragraphs):
            return None
        followed = self._is_bullet(number + 1) if section.items == "bullets" else self._is_title(number + 1)
        return section.kind if followed else None

    def _item(self, number: int) -> str | None:
        """The kind of the list that a title belongs to, by the list's heading or its bullets."""
        if not self._is_title(number):
            return None
        only_bullets = True
        for above in range(number - 1, max(-1, number - _REACH), -1):
            only_bullets = only_bullets and self._is_bullet(above + 1)
            start, end = self._paragraphs[above]
            section = self._patterns.heading(self._text, start, end)
            if section is not None and (section.items == "titles" or only_bullets):
                return section.kind
            if not self._is_title(above):
                break
        return "related" if self._in_bullets(number) else None

    def _in_bullets(self, number: int) -> bool:
        """Whether a title stands below one of several bullets that are alone on their lines."""
        if not any(self._is_lone(i) for i in (number, number - 1, number - 2) if i >= 0):
            return False
        found = 0
        for steps in (range(number, max(-1, number - _REACH), -1), self._below(number)):
            for i in steps:
                if self._is_lone(i):
                    found += 1
                elif not self._is_title(i):
                    break
        return found >= _LONE_BULLETS

    def _below(self, number: int) -> range:
        return range(number + 1, min(len(self._paragraphs), number + _REACH))

    def _is_lone(self, number: int) -> bool:
        start, end = self._paragraphs[number]
        return end - start == 1 and _BULLET.match(self._text, start, end) is not None

    def _is_bullet(self, number: int) -> bool:
        start, end = self._paragraphs[number]
        return _BULLET.match(self._text, start, end) is not None

    def _is_title(self, number: int) -> bool:
        """Whether a paragraph reads like an item of a list: short, and without a full stop."""
        start, end = self._paragraphs[number]
        if end - start > _TITLE_LENGTH or _STOPS.search(self._text[max(start, end - 3) : end]):
            return False
        words = self._text[start:end]
        return len(words.split()) <= _TITLE_WORDS and not _QUOTED_WHOLE.match(words)
