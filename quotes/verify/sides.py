"""A quotation and its source side by side: runs of words that are the same, and runs that differ.

“We will rebuild it”  |  we will soon rebuild it   →   We will rebuild it  |  we will [soon] rebuild it
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from quotes.records import Verification
from quotes.variants.words import located

Run = tuple[str, bool]
"""Words, and whether they differ from the other side's."""

_WORD = re.compile(r"\S+")


def sides(quoted: str, found: Verification) -> tuple[list[Run], list[Run]]:
    """Both sides as runs that a space joins; the source's is empty where nothing was found.

    What stands beside the source's words and turns them is shown as different.
    """
    if found.text is None:
        return [(quoted, False)], []
    ours, theirs = _WORD.findall(quoted), _WORD.findall(found.text)
    left: list[Run] = []
    right: list[Run] = []
    for one in Levenshtein.opcodes(_compared(ours), _compared(theirs)):
        differs = one.tag != "equal"
        _add(left, ours[one.src_start : one.src_end], differs)
        _add(right, theirs[one.dest_start : one.dest_end], differs)
    beside = [(change.source, True) for change in found.changes if change.kind == "context"]
    return left, [*right, *((f"({words} …)", True) for words, _ in beside)]


def _compared(words: Sequence[str]) -> list[str]:
    """Words without case and punctuation; what has no letters and digits equals only itself."""
    return [" ".join(one.word for one in located(word)) or word for word in words]


def _add(runs: list[Run], words: Sequence[str], differs: bool) -> None:
    if words and runs and runs[-1][1] == differs:
        runs[-1] = (" ".join([runs[-1][0], *words]), differs)
    elif words:
        runs.append((" ".join(words), differs))
