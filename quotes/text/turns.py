"""The turns of a transcript: whose words a line is, by the label before it.

MAYOR QUILL: We will rebuild the pier.   →   "QUILL" from behind the label on
Q: When?                                 →   somebody, from behind the label on
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from quotes import data
from quotes.data.lookups import name_words

_WORD = r"[^\W\d_][\w.’'-]*"
_LABEL = re.compile(
    rf"^[ \t>*•-]*\**(?P<name>{_WORD}(?:[ \u00a0](?:{_WORD}|&)){{0,6}})(?:,[^:.!?\n]{{1,60}})?"
    r"(?:[ \u00a0]?[(\[][^()\[\]\n]{1,60}[)\]])?[ \u00a0]?\**:\**(?=\s|$)",
    re.MULTILINE,
)
#: Labels that stand for a person whom they don't name.
_NOBODY: Final = frozenset(
    "q a question answer questions reporter reporters moderator interviewer host audience speaker "
    "unidentified male female man woman voice operator narrator chorus crowd all".split()
)


class Turn(NamedTuple):
    """The words from `start` to the next turn, in code points; `speaker` is None if the label names nobody."""

    start: int
    speaker: str | None


def turns(text: str) -> list[Turn]:
    """The turns of a transcript; none if the text is not one.

    A text is a transcript if two lines or more begin with labels. In small letters, a label must appear
    twice: “Note: …” is none.
    """
    found = [match for match in _LABEL.finditer(text) if _may_be_label(match["name"])]
    times = Counter(match["name"] for match in found)
    labels = [match for match in found if match["name"].isupper() or times[match["name"]] > 1]
    if len(labels) < 2:
        return []
    return [Turn(match.end(), _named(match["name"])) for match in labels]


def _may_be_label(name: str) -> bool:
    words = name.split()
    return words[-1][0].isupper() and name.casefold() not in data.marks().page_labels


def _named(label: str) -> str | None:
    words = label.replace(".", " ").casefold().split()
    return None if _NOBODY.intersection(words) or not name_words(label) else label
