"""Tweets that an article embeds, recognised by their footer.

They have sold our ferry! — Tobias Renn (@tubs_renn) June 5, 2017          tweet-footer
> They have sold our ferry! [new line] > — Tobias Renn (@tubs_renn) 5 June 2017

With or without marks, the words before the footer are the quotation: those of its own paragraph or, if it has
none, of the one above.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import attrgetter, itemgetter
from typing import NamedTuple

from quotes.text.marks import TWEET, Segment, behind_arrows, is_set_apart
from quotes.tweets.signs import Range, addressed, overlaps, without_links

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_GAP = r"[\s>]{0,8}"
_FOOTER = re.compile(
    rf"[-–—―]{{1,3}}{_GAP}(?P<name>[^\s()@>—–][^\n()@—–]{{0,60}}?){_GAP}\((?P<handle>@\w{{1,30}})\),?{_GAP}"
    rf"(?:on |· |- )?(?:(?P<m>{_MONTH}) (?P<d>\d{{1,2}}),?|(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH}),?)"
    r" (?P<y>20\d\d)\b"
)
# Trump tweeted on Monday: [the tweet, unmarked]
_LEAD = re.compile(
    r"[^:\n]{1,160}\b(?:tweet\w*|twitter|wrote|posted|writes)\b[^:\n]{0,60}:\s+", re.IGNORECASE
)
_WORD = re.compile(r"\w")
# The longest dash with the gap between it and the name, in code points.
_DASH = 12
# The most code points of a tweet, links included. More than that before a footer is an article.
_LONGEST = 560


class Footer(NamedTuple):
    """A footer: its range, the range of the name, the account "@name", and the day in ISO 8601."""

    whole: Range
    name: Range
    handle: str
    day: str


def with_tweets(text: str, paragraphs: list[Range], marked: list[Segment]) -> list[Segment]:
    """The segments of an article. Embedded tweets replace the marked segments within them."""
    if "(@" not in text:
        return marked
    found: list[Segment] = []
    taken: list[Range] = []
    floor = 0
    parted = 2 * text.count("\n\n") >= len(paragraphs) - 1
    for footer in footers(text):
        parts = _tweet(text, paragraphs, marked, floor, footer.whole[0], parted=parted)
        floor = footer.whole[1]
        found += parts
        taken += [(part.start, part.end) for part in parts]
    if not found:
        return marked
    kept = [segment for segment in marked if not overlaps(taken, segment.start, segment.end)]
    previous = {segment: marked[i - 1] for i, segment in enumerate(marked) if segment.continues and i}
    there = set(kept)
    kept = [
        one._replace(continues=False) if one.continues and previous.get(one) not in there else one
        for one in kept
    ]
    return sorted([*kept, *found], key=lambda segment: segment.start)


def footers(text: str, start: int = 0) -> Iterator[Footer]:
    """Every footer of an embedded tweet after `start`, in text order."""
    for found in _FOOTER.finditer(text, start):
        month = _MONTHS.index((found["m"] or found["m2"])[:3].lower()) + 1
        day = int(found["d"] or found["d2"])
        if 1 <= day <= 31:
            iso = f"{found['y']}-{month:02}-{day:02}"
            yield Footer(found.span(), found.span("name"), found["handle"], iso)


def footer_of(text: str, name: int) -> Footer | None:
    """The footer whose name begins at the offset `name`."""
    found = footers(text, max(0, name - _DASH))
    return next((one for one in found if one.name[0] <= name < one.whole[1]), None)


def _tweet(
    text: str, paragraphs: list[Range], marked: list[Segment], floor: int, end: int, *, parted: bool
) -> list[Segment]:
    """The segments of the tweet before a footer that begins at `end`, one for each line.

    An article may hold any number of tweets, so only the text near the footer is looked at.
    """
    stretch = _stretch(text, paragraphs, floor, end, parted=parted)
    if stretch is None:
        return []
    start, end = stretch
    place = bisect_right(marked, end, key=attrgetter("end"))
    last = marked[place - 1] if place else None
    if last is not None and last.end == end and last.start > start:
        lead = text[start : last.start].rstrip()
        if lead[-1:] in ":," and last.closed:
            start = last.start
    elif (lead_in := _LEAD.match(text, start, end)) is not None:
        start = lead_in.end()
    head = addressed(text, start, end)
    start = head[0] if head else start
    reaching = (bisect_left(marked, place, key=attrgetter("start")) for place in (start, end))
    if any(_crosses(one, start, end) for i in reaching for one in marked[max(0, i - 1) : i]):
        return []
    numbers = range(_paragraph_at(paragraphs, start), _paragraph_at(paragraphs, end - 1) + 1)
    lines = [(max(start, paragraphs[i][0]), min(end, paragraphs[i][1]), i) for i in numbers]
    found = [Segment(behind_arrows(text, a, b), b, i, TWEET) for a, b, i in lines if _WORD.search(text, a, b)]
    return [one._replace(continues=True) if number else one for number, one in enumerate(found)]


def _crosses(segment: Segment, start: int, end: int) -> bool:
    """Whether a segment crosses an edge of the tweet; a mark may lack its other half."""
    if segment.start == start and not segment.closed and not segment.continues:
        return False
    return segment.start < start < segment.end or segment.start < end < segment.end


def _paragraph_at(paragraphs: list[Range], place: int) -> int:
    return bisect_right(paragraphs, place, key=itemgetter(0)) - 1


def _stretch(text: str, paragraphs: list[Range], floor: int, end: int, *, parted: bool) -> Range | None:
    """The words before a footer: its own line or the one above, with the lines of the same block.

    `parted` says that blank lines separate the paragraphs of the text.
    """
    at = _paragraph_at(paragraphs, end)
    while at >= 0 and not _WORD.search(text, *_before(text, paragraphs[at], end)):
        at -= 1
    if at < 0 or paragraphs[at][1] <= floor:
        return None
    start, end = paragraphs[at][0], _end(text, paragraphs[at][0], min(end, paragraphs[at][1]))
    quoted = is_set_apart(text, start)
    while at > 0 and paragraphs[at - 1][0] >= floor and text.count("\n", paragraphs[at - 1][1], start) == 1:
        above = paragraphs[at - 1][0]
        if end - above > _LONGEST or not (is_set_apart(text, above) if quoted else parted):
            break
        start, at = above, at - 1
    start = behind_arrows(text, max(start, floor), end)
    return (start, end) if 0 < end - start <= _LONGEST else None


def _before(text: str, paragraph: Range, footer: int) -> Range:
    """The range of a paragraph before a footer, without its links; text after the footer may be long."""
    start, end = paragraph
    return (start, footer) if end > footer else (start, _end(text, start, end))


def _end(text: str, start: int, end: int) -> int:
    return without_links(text, start, end)
