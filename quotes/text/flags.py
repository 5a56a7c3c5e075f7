"""The flags of quotations: those in boilerplate, and those in a paragraph that occurs twice.

“It rained,” Quill said.  …  “It rained,” Quill said.     the second is a duplicate of the first
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from quotes.records import Quotation
from quotes.text.boilerplate import Boilerplate

# A shorter paragraph, in words, may occur twice without being a copy: “No,” he said.
_COPY_WORDS = 8
_LONG = 160  # in code points; longer paragraphs aren't counted, as they have more words than that


def flag(
    text: str, paragraphs: Sequence[tuple[int, int]], quotations: Iterable[Quotation]
) -> list[Quotation]:
    """The quotations, with `in_boilerplate` and `duplicate_of` set.

    `paragraphs` are those of the text as half-open ranges, in order. Each quotation stands in them.
    """
    found = list(quotations)
    if not found or not paragraphs:  # a reviewer can mark white space in a blank text
        return found
    starts = [start for start, _ in paragraphs]
    around = Boilerplate(text, paragraphs)
    copies = _Copies(text, paragraphs)
    originals: dict[Hashable, str] = {}
    flagged = []
    for quotation in found:
        numbers = [max(0, bisect_right(starts, start) - 1) for start, _ in quotation.parts]
        flags: dict[str, Any] = {}
        if around.kind(numbers[0]) is not None:
            flags["in_boilerplate"] = True
        if (key := copies.key(numbers, quotation)) is not None:
            original = originals.setdefault(key, quotation.quote_id)
            if original != quotation.quote_id:
                flags["duplicate_of"] = original
        flagged.append(quotation.model_copy(update=flags) if flags else quotation)
    return flagged


class _Copies:
    """Gives quotations that are copies of one another the same key."""

    def __init__(self, text: str, paragraphs: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._firsts: dict[str, int] = {}
        self._known: dict[int, int] = {}

    def key(self, numbers: Sequence[int], quotation: Quotation) -> Hashable:
        """The key of a quotation: the text of its paragraphs, and its offsets in them.

        None if the paragraphs are so short that they may occur twice by chance. A quotation without a speaker
        is never the original of one that has a speaker, because it isn't in the output by default.
        """
        words = 0
        parts = []
        for number, (part_start, part_end) in zip(numbers, quotation.parts, strict=True):
            start, end = self._paragraphs[number]
            parts.append((self._first(number), part_start - start, part_end - start))
            if words < _COPY_WORDS:
                long = end - start > _LONG
                words += _COPY_WORDS if long else len(self._text[start:end].split(None, _COPY_WORDS))
        return (quotation.speaker is None, *parts) if words >= _COPY_WORDS else None

    def _first(self, number: int) -> int:
        """The first paragraph with the same text among those asked for; its own number if there is none.

        Each paragraph is copied and hashed once, not once for each quotation: that avoids quadratic time.
        """
        if number not in self._known:
            start, end = self._paragraphs[number]
            self._known[number] = self._firsts.setdefault(self._text[start:end], number)
        return self._known[number]
