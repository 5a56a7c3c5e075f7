"""Quotation marks → segments: the stretches of the text between marks.

    “A,” he said. ‘B “c” d’   →   [“A,”]  [‘B “c” d’]

Only the marks and the characters beside them decide, with a short list of elisions such as ’tis. The time is
linear in the length of the text. Marks pair within a paragraph, so a mark that never closes affects only its
own paragraph. Nested marks belong to the outer segment.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from quotes import data

Range = tuple[int, int]
"""A half-open range of code points."""

DOUBLE, SINGLE, GUILLEMET = "double", "single", "guillemet"
#: The family of a segment that needs no marks: a tweet embedded in an article.
TWEET = "tweet"
#: The family of a paragraph that the layout sets apart as a quotation, without marks.
BLOCK = "block"
#: The families of segments that need no marks.
UNMARKED = frozenset([TWEET, BLOCK])

_OPENS = {"“": DOUBLE, "„": DOUBLE, "‟": DOUBLE, "``": DOUBLE, "‘‘": DOUBLE, "‘": SINGLE, "‚": SINGLE}
_OPENS |= {"«": GUILLEMET, "‹": GUILLEMET, "`": SINGLE}
_CLOSES = {"”": DOUBLE, "’’": DOUBLE, "’": SINGLE, "»": GUILLEMET, "›": GUILLEMET}
_EITHER = {'"': DOUBLE, "''": DOUBLE, "'": SINGLE, "＂": DOUBLE}
_FAMILY = _OPENS | _CLOSES | _EITHER

#: All characters that may be quotation marks, to strip them from quoted words.
MARKS = "“”„‟\"‘’‚'«»‹›`"

# A mark that isn't an apostrophe within a word. A single class of characters first, so that a search skips to
# it; then the second half of double marks.
_MARK = re.compile(
    r"[“”„‟\"＂‘’‚'`«»‹›]"
    r"(?:(?<=[“”„‟\"＂«»‹›])|(?<=`)`|(?<=‘)‘|(?<=’)’|(?<=')'|(?![^\W_])|(?<![^\W_].))"
)
_PRIME = re.compile(r"\d{1,2}['’′]\s?\d{1,2}\Z")
_YEAR = re.compile(r"\d0s\b|\d\d\b(?!['’])")
_WORD = re.compile(r"\w+")
_BEFORE_OPENING = frozenset("([{—–-―/,:;…>\u200b")
_AFTER_CLOSING = frozenset(")]},.;:?!—–-―/…<\u2026*|")
_STOPS = frozenset(',.?!…;:—–-)]”"')
# No quotation in single marks begins so; with an ellipsis it may: ‘… and the whole roof came down.’
_NO_START = _STOPS - {'"', "…"}
_LAST_WORD = re.compile(r"[^\W\d_]+$")
# A single mark that is still open after so many others is a mistake. The limit keeps the time linear.
_REACH = 400
# Prose isn't wrapped at fewer code points: such lines are headlines or verse.
_NARROWEST = 40


class Segment(NamedTuple):
    """A stretch between marks: the half-open range [start, end) of code points, marks included."""

    start: int
    end: int
    paragraph: int
    family: str
    closed: bool = True
    continues: bool = False
    """Whether the quotation began in the paragraph before, whose mark is still open."""

    def words(self, text: str) -> list[str]:
        """The words between the marks."""
        return _WORD.findall(text, self.start, self.end)


class _Mark(NamedTuple):
    start: int
    end: int
    family: str
    opens: bool
    closes: bool
    elides: bool = False
    """It may be the apostrophe of ’tis or ’90s, so it opens only if the closing mark follows punctuation."""


def paragraphs(text: str) -> list[Range]:
    """The paragraphs of `text` as half-open ranges, without blank ones and without white space at the edges.

    A line is a paragraph. If the text is wrapped at a fixed width, blank lines separate paragraphs.
    """
    lines = [(m.start(), m.end()) for m in re.finditer(r"\S(?:[^\n]*\S)?", text)]
    if not _is_wrapped(text, lines):
        return lines
    joined: list[Range] = []
    for start, end in lines:
        if joined and text.count("\n", joined[-1][1], start) == 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def without_arrows(text: str, ranges: list[Range]) -> list[Range]:
    """The paragraphs without the arrows (">") before them, which set them apart as block quotations."""
    if ">" not in text:
        return ranges
    return [(start, end) for a, end in ranges if (start := behind_arrows(text, a, end)) < end]


def behind_arrows(text: str, start: int, end: int) -> int:
    """The start of the words after ">", which sets lines apart as block quotations."""
    while start < end and (text[start] == ">" or text[start].isspace()):
        start += 1
    return start


def is_set_apart(text: str, start: int) -> bool:
    """Whether a paragraph that starts at `start`, with its arrow or behind it, has an arrow."""
    return text[text.rfind("\n", 0, start) + 1 : start + 1].lstrip()[:1] == ">"


def _is_wrapped(text: str, lines: list[Range]) -> bool:
    """Whether lines are wrapped at a fixed width: most of them end in mid-sentence near the same length."""
    followed = [
        (start, end)
        for (start, end), (after, _) in itertools.pairwise(lines)
        if text.count("\n", end, after) == 1
    ]
    if len(followed) < 3:
        return False
    longest = max(end - start for start, end in followed)
    open_ended = sum(
        text[end - 1] not in ".?!:;”\"'’)" and end - start > 0.7 * longest for start, end in followed
    )
    return _NARROWEST <= longest <= 120 and open_ended > 0.5 * len(followed)


def segments(text: str, ranges: list[Range] | None = None) -> list[Segment]:
    """The outermost quoted segments of `text`, in text order and disjoint.

    `ranges` are the paragraphs, if they are known. It raises nothing: every text has a result.
    """
    found: list[Segment] = []
    ranges = paragraphs(text) if ranges is None else ranges
    for number, marks in _marks(text, ranges).items():
        last = found[-1] if found else None
        left_open = last is not None and not last.closed and last.paragraph == number - 1
        for segment in _pair(text, ranges, number, marks):
            if left_open and last and segment.start == ranges[number][0] and segment.family == last.family:
                segment = segment._replace(continues=True)
            found.append(segment)
    return found


def _marks(text: str, ranges: list[Range]) -> dict[int, list[_Mark]]:
    """The marks of each paragraph that has some, with the roles that their neighbours allow.

    All are found in one pass over the text. Apostrophes are left out.
    """
    marks: dict[int, list[_Mark]] = {}
    bounds = [*ranges, (len(text), sys.maxsize)]
    paragraph, (start, end) = -1, (0, 0)
    for match in _MARK.finditer(text):
        a, b = match.span()
        while a >= end:
            paragraph += 1
            start, end = bounds[paragraph]
        if a < start:
            continue
        mark = match.group()
        before = text[a - 1] if a > start else " "
        after = text[b] if b < end else " "
        may_open, may_close = _roles(mark, before, after)
        if not (may_open or may_close):
            continue
        family, elides = _FAMILY[mark], False
        if family == SINGLE:
            elides = may_open and _is_elision(text, b, end)
        elif mark in _EITHER and before.isdigit() and _PRIME.search(text, max(start, a - 6), a):
            continue
        marks.setdefault(paragraph, []).append(_Mark(a, b, family, may_open, may_close, elides))
    return marks


@lru_cache(4096)
def _roles(mark: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether a mark may open and may close, by the characters beside it. An apostrophe can do neither."""
    family = _FAMILY[mark]
    if family == SINGLE and before.isalnum() and after.isalnum():
        return False, False
    may_open = not after.isspace() and (before.isspace() or not (before.isalnum() or before in ".?!%$"))
    may_close = not before.isspace() and (after.isspace() or not after.isalnum())
    if family == SINGLE:
        return may_open and mark != "’" and after not in _NO_START, may_close and mark != "`"
    if mark in _EITHER:
        if not may_open and not may_close:
            return True, True
        if may_open and may_close:
            # Neighbours such as dashes allow both; white space on one side decides.
            return not after.isspace(), not before.isspace()
        return may_open, may_close
    natural_open = mark in _OPENS
    turned = (may_close and not may_open) if natural_open else (may_open and not may_close)
    return (True, True) if turned else (natural_open, not natural_open)


def _is_elision(text: str, position: int, end: int) -> bool:
    """Whether a word that begins with an apostrophe starts at `position`: ’tis, ’em, ’90s, ’98."""
    if _YEAR.match(text, position, end):
        return True
    word = _WORD.match(text, position, end)
    return word is not None and f"'{word.group().lower()}" in data.marks().elisions


def _opens_next(text: str, ranges: list[Range], number: int) -> str:
    """The single mark that opens the next paragraph, or an empty string."""
    if number + 1 >= len(ranges):
        return ""
    start, end = ranges[number + 1]
    return text[start] if text[start] in "‘'" and not _is_elision(text, start + 1, end) else ""


def _pair(text: str, ranges: list[Range], number: int, marks: list[_Mark]) -> Iterator[Segment]:
    """Pair the marks of one paragraph."""
    start, end = ranges[number]
    closers_left: list[int] = []
    last_single = _runs_on(text, ranges, number, marks)
    i = 0
    while i < len(marks):
        mark = marks[i]
        if not mark.opens:
            i += 1
            continue
        if mark.family == SINGLE:
            runs_on = i == last_single and _is_led(text, start, mark.start)
            j = _single_end(text, marks, i, possessives=not runs_on)
            if j is not None and mark.elides and text[marks[j].start - 1] not in _STOPS:
                j = None
            if j is not None:
                yield Segment(mark.start, marks[j].end, number, SINGLE)
            elif runs_on:
                yield Segment(mark.start, end, number, SINGLE, closed=False)
                return
            i = i + 1 if j is None else j + 1
            continue
        j = _outer_end(text, marks, i, closers_left)
        if j is None:
            if text[mark.end : end].strip():
                yield Segment(mark.start, end, number, mark.family, closed=False)
            return
        if j > i:
            yield Segment(mark.start, marks[j].end, number, mark.family)
        i = abs(j) + 1


def _runs_on(text: str, ranges: list[Range], number: int, marks: list[_Mark]) -> int:
    """The last single mark that opens, if the next paragraph opens with the same mark again; else -1."""
    if not (next_mark := _opens_next(text, ranges, number)):
        return -1
    for k in range(len(marks) - 1, -1, -1):
        mark = marks[k]
        if mark.family == SINGLE and mark.opens and not mark.elides:
            return k if text[mark.start] == next_mark else -1
    return -1


def _closers_left(marks: list[_Mark]) -> list[int]:
    """For each mark how many marks from it on may close, single marks aside; then 0."""
    closes = [mark.family != SINGLE and mark.closes for mark in reversed(marks)]
    return [0, *itertools.accumulate(closes)][::-1]


def _is_led(text: str, start: int, position: int) -> bool:
    """Whether a mark opens its paragraph or follows punctuation: it begins a quotation, not a fragment."""
    return position == start or text[max(start, position - 3) : position].rstrip()[-1:] in _STOPS


def _outer_end(text: str, marks: list[_Mark], i: int, closers_left: list[int]) -> int | None:
    """The index of the mark that closes double mark `i`.

    None if it stays open to the paragraph's end; -k if it is dropped with all marks up to mark k.
    `closers_left` is empty until it is needed.
    """
    depth = 1
    for k in range(i + 1, len(marks)):
        mark = marks[k]
        if mark.family != marks[i].family:
            continue
        if mark.closes and (not mark.opens or depth == 1 or text[mark.start] in _EITHER):
            if text[mark.start - 1].isdigit() and _closing(marks, k + 1, mark.family):
                continue  # "A 12" record," she said: inches.
            depth -= 1
            if depth == 0:
                return k
        elif mark.opens:
            if not closers_left:
                closers_left += _closers_left(marks)
            twice = _closing(marks, k + 1, mark.family) and _closing(marks, k + 2, mark.family)
            if (text[mark.start] in _EITHER and not twice) or closers_left[k] <= depth:
                # A second opening mark, and too few closing marks for both: the first one never closes.
                return -(k - 1) if k - 1 > i else -i
            depth += 1
    return None


def _closing(marks: list[_Mark], k: int, family: str) -> bool:
    """Whether mark `k` exists and can only close."""
    return k < len(marks) and marks[k].family == family and marks[k].closes and not marks[k].opens


def _is_clipped(text: str, position: int) -> bool:
    """Whether a word that ends in an apostrophe stands before `position`: o’, an’."""
    word = _LAST_WORD.search(text, max(0, position - 6), position)
    return word is not None and word.group().lower() in data.marks().clipped


def _single_end(text: str, marks: list[_Mark], i: int, *, possessives: bool) -> int | None:
    """The index of the mark that closes single mark `i`, or None if that is an apostrophe.

    ‘Sessions’ decision was wrong,’ he said: a mark after an s, or after "o", and before a word may be an
    apostrophe. It closes only if no better mark comes before the next opening mark, and if `possessives`
    allows it.
    """
    inner, weak = False, None
    for k in range(i + 1, min(len(marks), i + _REACH)):
        mark = marks[k]
        if mark.family == DOUBLE:
            inner = not inner
            continue
        if mark.family != SINGLE or inner:
            continue
        if mark.closes and mark.start > marks[i].end:
            before, after = text[mark.start - 1], text[mark.end : mark.end + 2]
            followed = after[:1] == " " and after[1:2].isalpha()
            # ‘It was the bakers’,’ he said: a better mark follows directly.
            followed = followed or (after[:1] in _STOPS and after[1:] in ("’", "'"))
            possessive = followed and (before in "sSxzn" or _is_clipped(text, mark.start))
            if not possessive:
                return k
            weak = k if possessives else None
        elif mark.opens and not mark.elides:
            break
    return weak
