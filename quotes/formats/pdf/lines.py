"""The lines of pages → paragraphs: a PDF knows where its letters stand, but not what belongs together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

# How many lines at a page's top and bottom can be its running head and foot.
_EDGE = 2
_PAGE_NUMBER = re.compile(r"\W*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[.!?:…][”\"’')\]]*\Z")
# A word that was broken: letters before the hyphen, and a small one at the next line's beginning.
_BROKEN = re.compile(r"[^\W\d_]{2,}[-\u00ad\u2010]\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
# Parts that keep their hyphen: "twenty-" and "four" are no broken word.
_HYPHENATED = re.compile(
    r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|self|well|half|ex|non|vice|mid|so)-\Z",
    re.IGNORECASE,
)
# Fonts have one sign for some pairs of letters; a name written with it isn't found elsewhere.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " "}
)
# A line shorter than this share of the longest ones hasn't been filled: the paragraph ended there.
_FILLED = 0.75


def paragraphs(pages: Sequence[str]) -> list[str]:
    """Join the lines of all pages to paragraphs; running heads, running feet and page numbers are dropped.

    A paragraph ends at an empty line, and at an unfilled line that ends a sentence or has no small letter
    behind it. One that ends in the middle of a sentence goes on over the page's edge.
    """
    found: list[str] = []
    gathered = ""
    bodies = list(_bodies(pages))
    width = _width([line for lines in bodies for line in lines])
    for lines in bodies:
        for i, line in enumerate(lines):
            if not line:
                if gathered and (_ENDS.search(gathered) or i + 1 < len(lines)):
                    found.append(gathered)
                    gathered = ""
                continue
            gathered = _join(gathered, line)
            follows = next((other for other in lines[i + 1 :] if other), "")
            if follows and _ends_paragraph(line, lines[i + 1], width):
                found.append(gathered)
                gathered = ""
        # At the page's end, only a full sentence on an unfilled line ends the paragraph.
        if gathered and _ENDS.search(gathered) and lines and len(lines[-1]) < _FILLED * width:
            found.append(gathered)
            gathered = ""
    return [*found, gathered] if gathered else found


def _ends_paragraph(line: str, after: str, width: float) -> bool:
    if not after or len(line) >= _FILLED * width or _BROKEN.search(line):
        return False
    return _ENDS.search(line) is not None or not after[:1].islower()


def _join(gathered: str, line: str) -> str:
    if not gathered:
        return line
    if _BROKEN.search(gathered) and line[:1].islower():
        return gathered + line if _HYPHENATED.search(gathered) else gathered[:-1] + line
    if gathered.endswith("\u00ad"):
        return gathered[:-1] + line
    return f"{gathered} {line}"


def _width(lines: Sequence[str]) -> float:
    """How many characters a filled line has: all but the longest tenth are shorter."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[ceil(0.9 * (len(lengths) - 1))] if lengths else 0


def _bodies(pages: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each page, without what stands at the edge of most pages."""
    split = [_lines(page) for page in pages]
    seen: Counter[str] = Counter()
    for lines in split:
        seen.update({_shape(lines[i]) for i in _edges(lines)})
    often = max(2, (len(split) + 1) // 3)
    for lines in split:
        dropped = {
            i for i in _edges(lines) if _PAGE_NUMBER.fullmatch(lines[i]) or seen[_shape(lines[i])] >= often
        }
        yield [line for i, line in enumerate(lines) if i not in dropped]


def _lines(page: str) -> list[str]:
    text = _CONTROL.sub(
        "", page.translate(_LIGATURES).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    )
    return [" ".join(line.split()) for line in text.strip().split("\n")]


def _edges(lines: Sequence[str]) -> list[int]:
    """The numbers of the first and last lines that aren't empty."""
    filled = [i for i, line in enumerate(lines) if line]
    return sorted({*filled[:_EDGE], *filled[-_EDGE:]})


def _shape(line: str) -> str:
    """A line with its numbers made alike, for a page's number changes."""
    return _DIGITS.sub("0", line)
