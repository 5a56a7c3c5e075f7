"""Runs between double quotation marks: the unit in which corpora of whole clauses can be compared.

PolNeAR annotates the content of an attribution, quoted words or not: said [that the pier is “a sham”]. What
it and our quotations have in common is what stands between marks, edge punctuation left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from quotes.scoring.items import Item, Range

# A curly pair may hold one level of curly pairs; a straight one ends with its line.
_QUOTED = re.compile(r"“[^“”]*(?:“[^“”]*”[^“”]*)*”|\"[^\"\n]*\"")
_EDGE = frozenset(" \t\r\n\"“”'‘’.,;:!?—-\u00a0")


def runs(text: str, ranges: Iterable[Range]) -> Iterator[Range]:
    """The runs between paired marks in these ranges, marks and edge punctuation trimmed, empty ones left out.

    The marks themselves may stand one code point outside a range: annotators leave them out at times.
    """
    for first, last in ranges:
        for found in _QUOTED.finditer(text, max(0, first - 1), min(len(text), last + 1)):
            start, end = found.span()
            while start < end and text[start] in _EDGE:
                start += 1
            while start < end and text[end - 1] in _EDGE:
                end -= 1
            if start < end:
                yield start, end


def segments_of(items: Iterable[Item], text: str) -> Iterator[Item]:
    """The runs of all items, as items of one part and without a kind; of two owners, the first keeps a run.

    Items without a mention are left out: who is to be scored is whoever says that somebody spoke.
    """
    seen: set[Range] = set()
    for item in items:
        if not item.speaker:
            continue
        for run in runs(text, item.parts):
            if run not in seen:
                seen.add(run)
                yield replace(item, parts=(run,), text=text[slice(*run)], kind=None)
