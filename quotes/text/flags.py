"""The flags of quotations: those in boilerplate, and those in a paragraph that occurs twice.

“It rained,” Quill said.  …  “It rained,” Quill said.     the second is a duplicate of the first
“It rained all night.”  …  “It rained all night,” …       a pull quote is a duplicate of the running text
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from quotes.records import Quotation
from quotes.text.boilerplate import Boilerplate
from quotes.text.marks import Range, is_set_apart
from quotes.text.pull_quotes import LENGTHS, Stretch, is_alone, repeats

_WORD = re.compile(r"\w+")
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
    places = [[max(0, bisect_right(starts, start) - 1) for start, _ in one.parts] for one in found]
    originals = _copied(text, paragraphs, found, places) | _pulled(text, paragraphs, found, places)
    flagged = []
    for quotation, numbers in zip(found, places, strict=True):
        flags: dict[str, Any] = {}
        if around.kind(numbers[0]) is not None:
            flags["in_boilerplate"] = True
        if quotation.quote_id in originals:
            flags["duplicate_of"] = originals[quotation.quote_id]
        flagged.append(quotation.model_copy(update=flags) if flags else quotation)
    return flagged


def _copied(
    text: str, paragraphs: Sequence[Range], found: Sequence[Quotation], places: Sequence[Sequence[int]]
) -> dict[str, str]:
    """The ids of quotations in copies of a paragraph, each with that of the quotation in the first one."""
    if len({one.text for one in found}) == len(found):
        return {}  # copies have the same words
    copies = _Copies(text, paragraphs)
    firsts: dict[Hashable, str] = {}
    copied = {}
    for one, numbers in zip(found, places, strict=True):
        if (key := copies.key(numbers, one)) is not None:
            first = firsts.setdefault(key, one.quote_id)
            if first != one.quote_id:
                copied[one.quote_id] = first
    return copied


def _pulled(
    text: str, paragraphs: Sequence[Range], found: Sequence[Quotation], places: Sequence[Sequence[int]]
) -> dict[str, str]:
    """The ids of pull quotes, each with that of the quotation of the running text that it repeats."""
    alone = [
        len(numbers) == 1 and is_alone(text, paragraphs[numbers[0]], *one.parts[0])
        for one, numbers in zip(found, places, strict=True)
    ]
    if not any(
        by_itself and len(_WORD.findall(one.text)) in LENGTHS
        for by_itself, one in zip(alone, found, strict=True)
    ):
        return {}
    stretches = [
        Stretch(
            [] if one.kind == "indirect" or one.channel == "tweet" else _WORD.findall(one.text.lower()),
            numbers[0],
            by_itself,
            is_set_apart(text, paragraphs[numbers[0]][0]),
        )
        for one, numbers, by_itself in zip(found, places, alone, strict=True)
    ]
    return {found[pull].quote_id: found[one].quote_id for pull, one in repeats(stretches).items()}


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
