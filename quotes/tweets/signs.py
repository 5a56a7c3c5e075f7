"""The parts of a post that are not its words: mentions, links, the numbers and dots of a thread.

@adaquill @tubs_renn They have sold the ferry.... 1/3 https://t.co/x
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

Range = tuple[int, int]

#: A whole link. The quantifiers are possessive, which avoids quadratic time in a text of links.
LINK = r"(?:https?://\S++|pic\.twitter\.com/\S++|\bt\.co/\S++)"

_BLANK = re.compile(r"\n\s*\n\s*")
_LINK_FIRST = re.compile(rf"\s*+(?:{LINK})?+")
_LINK_LAST = re.compile(rf"{LINK}\Z")
_MENTIONS = r"\s*+(?:@\w++\s++)*+"
_DOTS = r"(?:\.\s?\.|…)"
_BEGINS = re.compile(rf"{_MENTIONS}{_DOTS}")
_ENDS = re.compile(rf"{_DOTS}[.\s]*\Z")
_NUMBER = r"(?P<number>[(\[]?(?P<k>[0-9]{1,2})/(?P<n>[0-9]{0,2})(?!\w)[)\]]?)"
_NUMBER_FIRST = re.compile(rf"{_MENTIONS}{_NUMBER}")
_NUMBER_LAST = re.compile(rf"(?<!\S){_NUMBER}\s*\Z")
_RETWEET = re.compile(r"\W{0,3}[RM]T\s?@\w", re.ASCII)
_LEADING = re.compile(r"[.\s]*+(?P<run>@\w++(?:,?\s++@\w++)*+)(?![\w’'])[,:]?\s*", re.ASCII)
# "@portferry is late again": the mention is the sentence's subject; in "@portferry are you late?" it isn't.
_PREDICATE = re.compile(
    r"(?:is|are|was|were|has|had|will|would|should|could|can|must|does|did|says|said|just|and|never|now)\b"
    r"(?!\s+(?:you|u|we|i)\b)",
    re.IGNORECASE,
)
# Dots and numbers stand within so many code points of a post's end.
_EDGE = 60
# In code points; a longer word is not a link.
_LONGEST_LINK = 2000


class Number(NamedTuple):
    """Which part of a thread a tweet is, of how many ("" if it doesn't say), and the number's range."""

    part: int
    of: str
    start: int
    end: int


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The ranges in order; those that overlap or touch are joined."""
    result: list[Range] = []
    for start, end in sorted(ranges):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def overlaps(disjoint: list[Range], start: int, end: int) -> bool:
    """Whether [start, end) overlaps one of the ranges, which are in order and disjoint."""
    at = bisect_left(disjoint, (end, end)) - 1
    return at >= 0 and disjoint[at][1] > start


def blocks(text: str, start: int, end: int) -> Iterator[Range]:
    """The ranges that blank lines separate, in [start, end)."""
    position = start
    for blank in _BLANK.finditer(text, start, end):
        yield position, blank.start()
        position = blank.end()
    if position < end:
        yield position, end


def without_links(text: str, start: int, end: int) -> int:
    """The end of [start, end) without the links and the white space at its end."""
    while end > start:
        if text[end - 1].isspace():
            end -= 1
            continue
        word = end - 1
        least = max(start, end - _LONGEST_LINK)
        while word > least and not text[word - 1].isspace():
            word -= 1
        link = _LINK_LAST.search(text, word, end)
        if link is None:
            return end
        end = link.start()
    return end


def behind_links(text: str, start: int, end: int) -> int:
    """The start of [start, end) without the links and the white space at its head."""
    while (link := _LINK_FIRST.match(text, start, end)) is not None and link.end() > start:
        start = link.end()
    return start


def addressed(
    text: str, start: int, end: int, companions: frozenset[str] | None = None
) -> tuple[int, frozenset[str]] | None:
    """Where the words of a post begin after the mentions at its head, and the mentions in lower case.

    None if there are no mentions, or they belong to the sentence: "@portferry is late again". In a later
    tweet of a thread, only the `companions` can be addressed.
    """
    lead = _LEADING.match(text, start, end)
    if lead is None:
        return None
    run = frozenset(lead["run"].lower().replace(",", " ").split())
    within = run - companions if companions is not None else _PREDICATE.match(text, lead.end(), end)
    return None if within else (lead.end(), run)


def number_at(text: str, start: int, end: int) -> Number | None:
    """The number of a part, "2/3" or "(2/", at the head or the end of the tweet [start, end)."""
    found = _NUMBER_FIRST.match(text, start, end)
    if found is None:
        end = without_links(text, start, end)
        found = _NUMBER_LAST.search(text, max(start, end - _EDGE), end)
    if found is None or int(found["k"]) < 1 or (found["n"] and not int(found["k"]) <= int(found["n"]) > 1):
        return None
    return Number(int(found["k"]), found["n"], found.start("number"), found.end("number"))


def begins_with_dots(text: str) -> bool:
    """Whether a tweet continues another one: "....and nobody asked us."."""
    return _BEGINS.match(text) is not None


def ends_with_dots(text: str) -> bool:
    """Whether a tweet ends with dots, so that another one continues it."""
    end = without_links(text, 0, len(text))
    return _ENDS.search(text, max(0, end - _EDGE), end) is not None


def is_retweet(text: str) -> bool:
    """Whether a tweet begins with RT @x: or MT @x:."""
    return _RETWEET.match(text) is not None
