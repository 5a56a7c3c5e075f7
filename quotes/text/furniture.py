"""What stands between two paragraphs of one article on a page, and interrupts it: captions, headings, lists.

Quill said so. ¶ Advertisement ¶ “It is late.”   →   the paragraph above the quotation is the first
"""

from __future__ import annotations

import re
from bisect import bisect_left

from quotes.text.boilerplate import Boilerplate
from quotes.text.segments import Segments

_WORD = re.compile(r"\w")
_ITEM = re.compile(r"(?:[-–—•*·‣▪●◦○]|\(?\w{1,2}[.)])\s")
_CHAPTER = re.compile(r"(?:(?i:chapter|part|book|volume|canto|scene|act)\b[^.?!]{0,60}|[IVXLC]+|\d{1,3})\.?")
_STOP = re.compile(r"[.?!:;,…][”\"’')\]]*\Z")
# A longer line without a stop is hardly a heading or a caption.
_MOST_WORDS = 14
# In paragraphs: so many pictures, links and items may stand between.
_REACH = 8


def above(segments: Segments, number: int) -> int | None:
    """The last paragraph of running text above one; None behind a break, a chapter's heading or a tweet."""
    known = Boilerplate(segments.text, segments.paragraphs)
    for i in range(number - 1, max(-1, number - 1 - _REACH), -1):
        start, end = segments.paragraphs[i]
        line = segments.text[start:end]
        if not _WORD.search(line) or _CHAPTER.fullmatch(line):
            return None
        if not _interrupts(line) and known.kind(i) is None:
            return i
        if bisect_left(segments.starts, end) > bisect_left(segments.starts, start):
            return None  # a tweet, a title or another quotation
    return None


def _interrupts(line: str) -> bool:
    """A heading, a caption without a stop, or an item of a list."""
    return bool(_ITEM.match(line)) or (not _STOP.search(line) and len(line.split()) <= _MOST_WORDS)
