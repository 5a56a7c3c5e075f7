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


def turned_before(words: Sequence[str], *, apart: bool = False) -> int:
    """How many of the words right before a passage turn it; `words` is its sentence up to there.

    `apart`: a comma stands right before the passage, which only “some say,” reaches across.
    """
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
            if not others and not apart:
                return size + between
            if others and named and lead[-1] not in lists.own:
                return size + between + len(lead) - named[0]
    return 0


def turned_after(words: Sequence[str], last: str = "") -> int:
    """How many of the words right behind a passage turn it; `words` is the rest of its sentence.

    `last` is the last word of the passage.
    """
    _, after = _phrases()
    for size in _SIZES:
        denies = after.get(tuple(words[:size])) if len(words) >= size else None
        if denies is not None and (not denies or len(words) == size or last in contexts().auxiliaries):
            return size
    return 0


@cache
def _phrases() -> tuple[Mapping[tuple[str, ...], bool], Mapping[tuple[str, ...], bool]]:
    """What stands before, and whether only others' saying it counts.

    And what stands behind, and whether that only counts behind an auxiliary.
    """
    lists = contexts()
    before = {tuple(row.text.split()): row.who == "others" for row in lists.before}
    return before, {tuple(row.text.split()): row.behind == "auxiliary" for row in lists.after}
