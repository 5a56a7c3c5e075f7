"""Whose words are whose in a post: its author's, or those of somebody whom its layout quotes.

RT @adaquill: The ferry is sold.                      retweet: everything after the colon
"@adaquill: The ferry is sold." At last!              manual-retweet: the words between the marks
“The ferry is sold.” @adaquill                        tweet-credit: the words between the marks
“The ferry is sold.” – Ada Quill https://t.co/x       tweet-credit

All other words are the author's. Not said are the mentions at the head, which address others, links at the
end and the numbers of a thread.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from quotes.records import Document
from quotes.text.marks import Segment
from quotes.tweets.signs import (
    LINK,
    Range,
    addressed,
    behind_links,
    blocks,
    merged,
    number_at,
    overlaps,
    without_links,
)

RETWEET, MANUAL, CREDIT = "retweet", "manual-retweet", "tweet-credit"

_RETWEETED = re.compile(r"(?<![\w@])(?:RT|MT) ?@(\w{1,50})\s?:|\A[\s\"“]*RT ?@(\w{1,50})(?=\s)", re.ASCII)
_MANUAL = re.compile(r"(?<![\w@])(?P<marks>[\"“”]{1,2}|''|[‘'])\s?(?P<who>@\w{1,50})\s?:", re.ASCII)
_CAPITAL = r"[^\W\d_a-z][\w.’'-]*+"
_NAME = rf"{_CAPITAL}(?:[ \u00a0](?:{_CAPITAL}|of|de|von|van|der|den|del|bin|al|la|the)){{0,5}}"
# After a credit: links, hashtags, more mentions, emoji.
_REST = rf"(?:\s|[#@]\w++|{LINK}|[^\w\s@#\"“”])*+\Z"
_CREDIT_HANDLE = re.compile(rf"\s*+(?:[-–—―~]+\s*+|by\s++)?(?P<who>@\w{{2,50}}){_REST}")
_CREDIT_NAME = re.compile(rf"\s*+[-–—―~]+\s*+(?P<who>{_NAME})(?:,\s?[^\n\"“”#@]{{1,80}}?)?{_REST}")
# "Ada Quill, mayor of Port Ellery #ferry": what a credit says of the person.
_DESCRIPTION = re.compile(r"[^\n#@]*?(?=\s*(?:[#@]|https?:|pic\.|\Z|\n))")
_DOUBLE, _SINGLE = '"“”„‟', "'‘’"
_SHORTEST_CREDITED = 3
_LONGEST_CREDIT = 300
# The last word or mark before a quotation is looked for in so many code points.
_GLANCE = 100
# Retweets within retweets are followed to this depth; only an attack nests deeper.
_DEEPEST = 8
_PAIRS = (("“", "”"), ('"', '"'))


class Found(NamedTuple):
    """Words of somebody else: the range with what introduces them, their own range, the mention's range."""

    rule: str
    whole: Range
    words: Range
    mention: Range


class Post(NamedTuple):
    """What the layout of a tweet says about its speakers."""

    account: str
    """The author's account, "@name"."""
    author: str | None
    """The account's display name, if it is known."""
    others: tuple[Found, ...]
    """The words of others, in text order."""


def read_post(document: Document, segments: Iterable[Segment]) -> Post | None:
    """The post that a document is; None for an article."""
    if document.posted_by is None:
        return None
    return Post(document.posted_by, document.metadata.author, tuple(others(document.text, segments)))


def others(text: str, segments: Iterable[Segment]) -> list[Found]:
    """The words of others in a post, in text order. `segments` are the quoted segments of the text."""
    retweeted = list(_retweets(text))
    end = retweeted[0].whole[0] if retweeted else len(text)
    found = [*_manual_retweets(text, 0, end), *retweeted]
    taken = merged(one.whole for one in found)
    free = (one for one in segments if not overlaps(taken, one.start, one.end))
    head = addressed(text, 0, len(text))
    first = head[0] if head else 0
    found += [credit for segment in free if (credit := _credit(text, segment, first, end))]
    return sorted(found, key=lambda one: one.whole)


def _retweets(text: str) -> Iterator[Found]:
    """After "RT @x:", everything up to the next RT is x's."""
    found = list(_RETWEETED.finditer(text))
    for i, match in enumerate(found):
        end = found[i + 1].start() if i + 1 < len(found) else len(text)
        start, stop = match.span(1) if match[1] else match.span(2)
        yield Found(RETWEET, (match.start(), end), (match.end(), end), (start - 1, stop))


def _manual_retweets(text: str, start: int, end: int, depth: int = 0) -> Iterator[Found]:
    """In "@x: …", the words between the marks are x's, except for retweets within them."""
    while (match := _MANUAL.search(text, start, end)) is not None:
        inner, after = _closed(text, match, end)
        words = match.end()
        nested = _MANUAL.match(text, _skip(text, words, inner), inner)
        if nested is not None and depth < _DEEPEST:
            deeper = list(_manual_retweets(text, nested.start(), inner, depth + 1))
            yield from deeper
            words = max(found.whole[1] for found in deeper)
        yield Found(MANUAL, (match.start(), after), (words, inner), match.span("who"))
        start = after


def _closed(text: str, opening: re.Match[str], end: int) -> Range:
    """The end of the words of a manual retweet, and the end of its closing marks.

    White space shows how straight marks nest. Without a closing mark, the last mark counts, or the end.
    """
    double = opening["marks"][0] in _DOUBLE
    marks = _DOUBLE if double else _SINGLE
    depth, last = len(opening["marks"]) if double else 1, None
    for k in range(opening.end(), end):
        if text[k] not in marks:
            continue
        before, after = text[k - 1], text[k + 1 : k + 2]
        if not double and after.isalnum():
            continue  # an apostrophe
        straight = text[k] in "\"'" and (before.isspace() or before in '("') and after.strip()
        if text[k] in "“„‟‘" or straight:
            depth += 1
            continue
        depth, last = depth - 1, k
        if depth == 0:
            break
    if last is None:
        return end, end
    first = last
    while first > opening.end() and text[first - 1] in marks:
        first -= 1
    return first, last + 1


def _credit(text: str, segment: Segment, first: int, end: int) -> Found | None:
    """“…” @x, “…” – Ada Quill: a whole sentence in marks, and after it nothing but the speaker.

    The words of the post begin at `first`, after the mentions at its head.
    """
    words = segment.words(text)
    if len(words) < _SHORTEST_CREDITED or not segment.closed or _is_title(words):
        return None
    if segment.end > end or not _begins_sentence(text, first, segment.start):
        return None
    line = text.find("\n\n", segment.end, end)
    rest = text[segment.end : line if line >= 0 else end]
    if len(rest) > _LONGEST_CREDIT:
        return None
    found = _CREDIT_HANDLE.match(rest) or _CREDIT_NAME.match(rest)
    if found is None:
        return None
    who = segment.end + found.start("who"), segment.end + found.end("who")
    # The description in a credit, "Ada Quill, mayor", is nobody's words either.
    return Found(CREDIT, (segment.start, segment.end + _credit_end(found)), (segment.start, segment.end), who)


def _credit_end(found: re.Match[str]) -> int:
    description = _DESCRIPTION.match(found.string, found.end("who"))
    return description.end() if description else found.end("who")


def _begins_sentence(text: str, first: int, start: int) -> bool:
    first = first if first <= start else 0
    before = text[max(first, start - _GLANCE) : start].rstrip()
    return not before or not (before[-1].isalnum() or before[-1] in ",;–—-&’'")


def _is_title(words: list[str]) -> bool:
    """Whether all words have a capital, as in “The Morning Tide”: a programme's name or a headline."""
    long = [word for word in words if len(word) > 3]
    capital = bool(long) and all(word[0].isupper() for word in long)
    return capital and not all(word.isupper() for word in long)


def own_parts(text: str, taken: Iterable[Range], account: str) -> tuple[Range, ...]:
    """The parts of a post that its author, "@name", says, in text order; `taken` are the others' ranges."""
    numbers = list(_numbers(text))
    lead = addressed(text, 0, len(text))
    # The later tweets of a thread address the author, and those whom the first tweet addresses.
    companions = (lead[1] if lead else frozenset()) | {account.lower()}
    away = [*taken, *numbers]
    for number, (start, end) in enumerate(blocks(text, 0, len(text))):
        if head := addressed(text, start, end, companions if number else None):
            away.append((start, head[0]))
    return tuple(_left(text, merged(away)))


def parts_of(text: str, start: int, end: int) -> tuple[Range, ...]:
    """The parts of words that are somebody else's, without the mentions at their head."""
    head = addressed(text, start, end)
    first = head[0] if head else start
    return tuple(part for a, b in blocks(text, first, end) for part in trimmed(text, a, b))


def trimmed(text: str, start: int, end: int) -> Iterator[Range]:
    """The range without links, white space and half pairs of marks at its edges; none if nothing is left."""
    end = without_links(text, start, end)
    start = behind_links(text, _skip(text, start, end, ",:;"), end)
    for opening, closing in _PAIRS:
        half = text.count(opening, start, end) != text.count(closing, start, end)
        if opening == closing:
            half = text.count(opening, start, end) % 2 == 1
        # Half a pair: the other half is in somebody else's words.
        if half and text.startswith((opening, closing), start, end):
            start = _skip(text, start + 1, end, ",:;")
        elif half and text.endswith((opening, closing), start, end):
            end = without_links(text, start, end - 1)
    if any(_says(character) for character in text[start:end]):
        yield start, end


def _left(text: str, away: list[Range]) -> Iterator[Range]:
    """The ranges that are left of each block without the disjoint ranges `away`."""
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
    """The numbers of a thread's parts, 1/3 and 2/3. A single one may be a date, so it is not a number."""
    found = [number for block in blocks(text, 0, len(text)) if (number := number_at(text, *block))]
    if len(found) > 1 and all(b.part == a.part + 1 and b.of == a.of for a, b in pairwise(found)):
        yield from ((number.start, number.end) for number in found)


def _skip(text: str, start: int, end: int, also: str = "") -> int:
    while start < end and (text[start].isspace() or text[start] in also):
        start += 1
    return start


def _says(character: str) -> bool:
    """Whether a character carries meaning: a letter, a digit, an emoji."""
    return character.isalnum() or unicodedata.category(character) in ("So", "Sk")
