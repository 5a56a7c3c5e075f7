"""The turns of a transcript: whose words a line is, by the label before it.

MAYOR QUILL: We will rebuild the pier.   →   "MAYOR QUILL" from behind the label on
Q. When?                                 →   somebody, from behind the label on

`text/transcripts.py` has a stricter rule, for texts that may be articles: four turns or more, of speakers who
come back. What is named as a source may be a statement or an excerpt of two lines, and its labels are meant,
alone on their lines, too. The letters of questions and answers are the same there and here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from quotes import data
from quotes.data.lookups import name_words
from quotes.text.transcripts import LETTER, TIME

_WORD = r"[^\W\d_][\w.’'-]*"
_LINE = re.compile(r"^.+", re.MULTILINE)
_LABEL = re.compile(
    rf"[ \t>*•-]*\**{TIME}\**(?P<name>{_WORD}(?:[ \u00a0](?:{_WORD}|&)){{0,6}})(?:,[^:.!?\n]{{1,60}})?"
    r"(?:[ \u00a0]?[(\[][^()\[\]\n]{1,60}[)\]])?[ \u00a0]?\**:\**(?=\s|$)"
)
#: Labels that stand for a person whom they don't name.
_NOBODY: Final = frozenset(
    "q a question answer questions reporter reporters moderator interviewer host audience speaker "
    "unidentified male female man woman voice operator narrator chorus crowd all".split()
)


class Turn(NamedTuple):
    """From `label` to `start` stands the label, from there to the next label what is said, in code points.

    `speaker` is None if the label names nobody.
    """

    label: int

    start: int
    speaker: str | None


def turns(text: str) -> list[Turn]:
    """The turns of a transcript; none if the text is not one.

    A text is a transcript if two lines or more begin with labels. In small letters, a label must appear
    twice: “Note: …” is none.
    """
    found = [(match["name"], match.span()) for match in _labels(text) if _may_be_label(match["name"])]
    times = Counter(name for name, _ in found)
    labels = [
        (name, place)
        for name, place in found
        if (name.isupper() or times[name] > 1) and (name != "A" or "Q" in times)  # not in “A. Quill said”
    ]
    if len(labels) < 2:
        return []
    return [Turn(start, end, _named(name)) for name, (start, end) in labels]


def _labels(text: str) -> Iterator[re.Match[str]]:
    for line in _LINE.finditer(text):
        if (found := LETTER.match(text, *line.span()) or _LABEL.match(text, *line.span())) is not None:
            yield found


def _may_be_label(name: str) -> bool:
    folded = name.casefold()
    return name.split()[-1][0].isupper() and (folded in _NOBODY or folded not in data.marks().page_labels)


def _named(label: str) -> str | None:
    words = label.replace(".", " ").casefold().split()
    return None if _NOBODY.intersection(words) or not name_words(label) else label
