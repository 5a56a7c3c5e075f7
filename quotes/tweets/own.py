"""What in a post is its author's: all that is left when others have theirs.

Mentions at the head, which tell whom a post answers, links at the end and the numbers of a thread are not
said. What stands between blank lines is a part of its own: in a thread, each tweet is one.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from quotes.tweets.signs import Range, addressed, behind_links, blocks, merged, number_at, without_links

_PAIRS = (("“", "”"), ('"', '"'))


def own_parts(text: str, taken: Iterable[Range], account: str) -> tuple[Range, ...]:
    """The parts of the post's author, "@name", in text order; `taken` ranges are others'."""
    numbers = list(_numbers(text))
    lead = addressed(text, 0, len(text))
    # The later tweets of a thread answer the author, and whom the first one answers.
    companions = (lead[1] if lead else frozenset()) | {account.lower()}
    away = [*taken, *numbers]
    for number, (start, end) in enumerate(blocks(text, 0, len(text))):
        if head := addressed(text, start, end, companions if number else None):
            away.append((start, head[0]))
    return tuple(_left(text, merged(away)))


def parts_of(text: str, start: int, end: int) -> tuple[Range, ...]:
    """The parts of words that are somebody else's, without whom they address."""
    head = addressed(text, start, end)
    first = head[0] if head else start
    return tuple(part for a, b in blocks(text, first, end) for part in trimmed(text, a, b))


def trimmed(text: str, start: int, end: int) -> Iterator[Range]:
    """A stretch without links at its end, white space and halves of marks; none if it says nothing."""
    end = without_links(text, start, end)
    start = behind_links(text, _skip(text, start, end, ",:;"), end)
    for opening, closing in _PAIRS:
        half = text.count(opening, start, end) != text.count(closing, start, end)
        if opening == closing:
            half = text.count(opening, start, end) % 2 == 1
        # Half a pair: the other half stands with somebody else's words.
        if half and text.startswith((opening, closing), start, end):
            start = _skip(text, start + 1, end, ",:;")
        elif half and text.endswith((opening, closing), start, end):
            end = without_links(text, start, end - 1)
    if any(_says(character) for character in text[start:end]):
        yield start, end


def _left(text: str, away: list[Range]) -> Iterator[Range]:
    """What is left of each block when the disjoint ranges `away` are taken out."""
    ends = [end for _, end in away]
    for start, end in blocks(text, 0, len(text)):
        for a, b in away[bisect_right(ends, start) :]:
            if a >= end:
                break
            if a > start:
                yield from trimmed(text, start, a)
            start = b
        if start < end:
            yield from trimmed(text, start, end)


def _numbers(text: str) -> Iterator[Range]:
    """The numbers of a thread's parts, 1/3 and 2/3; a lone one may be a date."""
    found = [number for block in blocks(text, 0, len(text)) if (number := number_at(text, *block))]
    if len(found) > 1 and all(b.part == a.part + 1 and b.of == a.of for a, b in pairwise(found)):
        yield from ((number.start, number.end) for number in found)


def _skip(text: str, start: int, end: int, also: str) -> int:
    while start < end and (text[start].isspace() or text[start] in also):
        start += 1
    return start


def _says(character: str) -> bool:
    """Whether a character says something: a letter, a digit, an emoji."""
    return character.isalnum() or unicodedata.category(character) in ("So", "Sk")
