"""What in a post is somebody else's: retweets, and quotations whose speaker the layout names.

RT @adaquill: The ferry is sold.                      retweet: all behind the colon
"@adaquill: The ferry is sold." At last!              manual-retweet: what stands between the marks
“The ferry is sold.” @adaquill                        tweet-credit: what stands between the marks
“The ferry is sold.” – Ada Quill https://t.co/x       tweet-credit
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from quotes.records import Document
from quotes.text.marks import Segment
from quotes.tweets.signs import LINK, Range, addressed, merged, overlaps

RETWEET, MANUAL, CREDIT = "retweet", "manual-retweet", "tweet-credit"

_RETWEETED = re.compile(r"(?<![\w@])(?:RT|MT) ?@(\w{1,50})\s?:|\A[\s\"“]*RT ?@(\w{1,50})(?=\s)", re.ASCII)
_MANUAL = re.compile(r"(?<![\w@])(?P<marks>[\"“”]{1,2}|''|[‘'])\s?(?P<who>@\w{1,50})\s?:", re.ASCII)
_CAPITAL = r"[^\W\d_a-z][\w.’'-]*+"
_NAME = rf"{_CAPITAL}(?:[ \u00a0](?:{_CAPITAL}|of|de|von|van|der|den|del|bin|al|la|the)){{0,5}}"
# Behind a credit: links, hashtags, further mentions, emoji.
_REST = rf"(?:\s|[#@]\w++|{LINK}|[^\w\s@#\"“”])*+\Z"
_CREDIT_HANDLE = re.compile(rf"\s*+(?:[-–—―~]+\s*+|by\s++)?(?P<who>@\w{{2,50}}){_REST}")
_CREDIT_NAME = re.compile(rf"\s*+[-–—―~]+\s*+(?P<who>{_NAME})(?:,\s?[^\n\"“”#@]{{1,80}}?)?{_REST}")
_DOUBLE, _SINGLE = '"“”„‟', "'‘’"
_SHORTEST_CREDITED = 3
_LONGEST_CREDIT = 300
# How far before a quotation the last word or mark is looked for, in code points.
_GLANCE = 100
# Retweets within retweets; a post that nests them deeper was made to hurt.
_DEEPEST = 8


class Found(NamedTuple):
    """Words of somebody else: the words, where they stand with all that introduces them, and the mention."""

    rule: str
    whole: Range
    words: Range
    mention: Range


class Post(NamedTuple):
    """What the layout of a tweet tells that is a document of its own."""

    account: str
    """Whose it is, "@name"."""
    author: str | None
    """The name that the account shows, if it is known."""
    others: tuple[Found, ...]
    """The words of somebody else in it, in text order."""


def read_post(document: Document, segments: Iterable[Segment]) -> Post | None:
    """Whose words are whose in a document that somebody posted; None for an article."""
    if document.posted_by is None:
        return None
    return Post(document.posted_by, document.metadata.author, tuple(others(document.text, segments)))


def others(text: str, segments: Iterable[Segment]) -> list[Found]:
    """All in a post that is another's by its layout, in text order; `segments` stand between marks."""
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
    """RT @x: all that follows is x's, up to the next RT."""
    found = list(_RETWEETED.finditer(text))
    for i, match in enumerate(found):
        end = found[i + 1].start() if i + 1 < len(found) else len(text)
        start, stop = match.span(1) if match[1] else match.span(2)
        yield Found(RETWEET, (match.start(), end), (match.end(), end), (start - 1, stop))


def _manual_retweets(text: str, start: int, end: int, depth: int = 0) -> Iterator[Found]:
    """What stands between the marks of "@x: …" is x's; within it, another may be retweeted in turn."""
    while (match := _MANUAL.search(text, start, end)) is not None:
        inner, after = _closed(text, match, end)
        words = match.end()
        behind = re.compile(r"\s*").match(text, words, inner)
        nested = _MANUAL.match(text, behind.end() if behind else words, inner)
        if nested is not None and depth < _DEEPEST:
            deeper = list(_manual_retweets(text, nested.start(), inner, depth + 1))
            yield from deeper
            words = max(found.whole[1] for found in deeper)
        yield Found(MANUAL, (match.start(), after), (words, inner), match.span("who"))
        start = after


def _closed(text: str, opening: re.Match[str], end: int) -> Range:
    """Where the words of a manual retweet end, and where what follows its closing marks begins.

    Straight marks nest as white space tells. Without a closing mark the last one will do, or all is quoted.
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
    """“…” @x, “…” – Ada Quill: a whole sentence in marks, and behind it nothing but who said it.

    The words of the post begin at `first`, behind the mentions at its head.
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
    # What a credit says of the person, "Ada Quill, mayor", is nobody's words either.
    return Found(CREDIT, (segment.start, segment.end + _credit_end(found)), (segment.start, segment.end), who)


def _credit_end(found: re.Match[str]) -> int:
    behind = re.compile(r"[^\n#@]*?(?=\s*(?:[#@]|https?:|pic\.|\Z|\n))").match(found.string, found.end("who"))
    return behind.end() if behind else found.end("who")


def _begins_sentence(text: str, first: int, start: int) -> bool:
    first = first if first <= start else 0
    before = text[max(first, start - _GLANCE) : start].rstrip()
    return not before or not (before[-1].isalnum() or before[-1] in ",;–—-&’'")


def _is_title(words: list[str]) -> bool:
    """The Morning Tide: in a post, a capital each is a programme's name or a headline."""
    long = [word for word in words if len(word) > 3]
    capital = bool(long) and all(word[0].isupper() for word in long)
    return capital and not all(word.isupper() for word in long)
