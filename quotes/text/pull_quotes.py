"""Pull quotes: a sentence of the article that the page repeats, large and alone.

“We will rebuild the pier, and soon.”                                   ← a pull quote, alone in its paragraph
“We will rebuild the pier, and soon,” Quill said. “By May.”             ← what it repeats, in the running text

The words may be cut a little. A short line of a dialogue that somebody says twice is no pull quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from quotes.text.marks import Range

_ALNUM = re.compile(r"[^\W_]")
# A line that people may say twice by chance, “What do you mean by that?”, has fewer words; one that the
# layout sets apart may be shorter. A pull quote has no more than the third.
_FEWEST, _FEWEST_SET_APART, _MOST = 8, 4, 60
#: How many words a pull quote may have: a quick test.
LENGTHS = range(_FEWEST_SET_APART, _MOST + 1)
# So many words in a row show which quotations may be the same.
_GRAM = 4
# The limits keep the time linear: pull quotes with the same words in a row, and quoted words of a paragraph.
_SHARING, _LONGEST = 20, 3000
# This share of a pull quote's words must be in what it repeats, in the same order.
_KEPT = 0.95


class Stretch(NamedTuple):
    """Quoted words, and where they stand."""

    words: Sequence[str]
    """In lower case."""
    paragraph: int
    alone: bool
    """Whether nothing else stands in their paragraph."""
    set_apart: bool = False
    """Whether the layout sets their paragraph apart."""


def repeats(stretches: Sequence[Stretch]) -> dict[int, int]:
    """For each pull quote, by number, the stretch of the running text that it repeats.

    The time is linear in the number of words.
    """
    grams: dict[tuple[str, ...], list[int]] = {}
    for number, one in enumerate(stretches):
        if one.alone and (_FEWEST_SET_APART if one.set_apart else _FEWEST) <= len(one.words) <= _MOST:
            for at in {0, (len(one.words) - _GRAM) // 2, len(one.words) - _GRAM}:
                sharing = grams.setdefault(tuple(one.words[at : at + _GRAM]), [])
                if len(sharing) < _SHARING:
                    sharing.append(number)
    found: dict[int, int] = {}
    if not grams:
        return found
    running: Mapping[int, list[str]] | None = None
    tried: set[tuple[int, int]] = set()
    for number, one in enumerate(stretches):
        if one.alone or grams.keys().isdisjoint(_grams(one.words)):
            continue
        running = running or _by_paragraph(stretches)
        for gram in _grams(one.words):
            for pull in grams.get(gram, ()):
                if pull in found or (pull, one.paragraph) in tried:
                    continue
                tried.add((pull, one.paragraph))
                if _is_part(stretches[pull].words, running[one.paragraph]):
                    found[pull] = number
    return found


def _grams(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*[words[i:] for i in range(_GRAM)], strict=False)


def _by_paragraph(stretches: Iterable[Stretch]) -> Mapping[int, list[str]]:
    """The quoted words of each paragraph, one quotation after the other, the first thousands of them."""
    found: dict[int, list[str]] = {}
    for one in stretches:
        words = found.setdefault(one.paragraph, [])
        words.extend(one.words[: max(0, _LONGEST - len(words))])
    return found


def _is_part(words: Sequence[str], of: Sequence[str]) -> bool:
    """Whether the words stand in the others, in this order; some of those may be cut."""
    from rapidfuzz.distance import LCSseq

    return LCSseq.similarity(words, of) >= _KEPT * len(words)


def is_alone(text: str, paragraph: Range, start: int, end: int) -> bool:
    """Whether [start, end) is all of its paragraph but for marks and spaces."""
    first, last = paragraph
    if end - start <= (last - first) // 2:
        return False
    return _ALNUM.search(text, first, start) is None and _ALNUM.search(text, end, last) is None
