"""Words beside a passage that turn it.

Some say that | we will sell the pier     →   "some say that"
We will sell the pier | if nobody pays    →   "if"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from quotes.data import contexts

# How many words before the quotation may name those who say it.
_NEAR: Final = 4
_MOST_BETWEEN: Final = 2
# The longest phrase of the lists has so many words; longer ones are tried first.
_SIZES: Final = (4, 3, 2, 1)


def turned_before(words: Sequence[str]) -> int:
    """How many of the words right before a passage turn it; `words` is its sentence up to there."""
    before, _ = _phrases()
    lists = contexts()
    for between in range(min(_MOST_BETWEEN, len(words)) + 1):
        if between and words[-between] not in lists.between:
            break
        kept = words[: len(words) - between]
        for size in _SIZES:
            others = before.get(tuple(kept[-size:])) if len(kept) >= size else None
            if others is None:
                continue
            lead = kept[-size - _NEAR : -size]
            named = [at for at, word in enumerate(lead) if word in lists.others]
            if not others:
                return size + between
            if named:
                return size + between + len(lead) - named[0]
    return 0


def turned_after(words: Sequence[str]) -> int:
    """How many of the words right behind a passage turn it; `words` is the rest of its sentence."""
    _, after = _phrases()
    return next((size for size in _SIZES if len(words) >= size and tuple(words[:size]) in after), 0)


@cache
def _phrases() -> tuple[Mapping[tuple[str, ...], bool], frozenset[tuple[str, ...]]]:
    """What stands before, and whether only others' saying it counts; and what stands behind."""
    lists = contexts()
    before = {tuple(row.text.split()): row.who == "others" for row in lists.before}
    return before, frozenset(tuple(row.text.split()) for row in lists.after)
