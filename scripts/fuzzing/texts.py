"""Invented texts and JSON values to try the program on: from sensible to hostile."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

#: What the program looks at, by kind, and characters that texts trip over.
_MARKS = [
    *"“”‘’\"'«»‹›„‟‚‛「」『』〝〞", "“", "”", '"', "’s ", "don’t ", "'90s ", "``", "''", "<<", ">>", "&quot;",
]  # fmt: skip
_NAMES = [
    "Ada Quill",
    "Mayor Quill",
    "Mr. Larch",
    "Bo O’Larch",
    "the council",
    "a spokeswoman",
    "She",
    "they",
]
_CUES = [
    " said",
    " told reporters",
    ", according to ",
    " wrote: ",
    " asked",
    " said:\n\n",
    " added that ",
    "—",
]
_WORDS = [
    "It rained", " all night", ", ", ". ", "?! ", " the dam", " (and the pier) ",
    " 3.5%", " QUILL: ", "Q: ", "A. ",
]  # fmt: skip
_BREAKS = [
    "\n", "\n\n", "\n \n", "\r\n", "\r", "\t", "\u2028", "\u2029", "\x0b",
    "\x0c", "\x85", "  ", "* * *\n", "> ",
]  # fmt: skip
_POSTS = [
    "@quill ", "RT @larch: ", "#pier ", "https://t.co/x1 ", "pic.twitter.com/a ",
    "(@quill) June 5, 2017", "1/ ",
]  # fmt: skip
_ODD = [
    "\0", "\ufeff", "\u200b", "\u200d", "\u202e", "\u202c", "\u2066", "\u00ad", "e\u0301", "\u0301" * 9,
    "שלום", "“אמר”", "雨が", "\U0001f469\u200d\U0001f680", "\U0001f1ec\U0001f1e7", "\U0001f30a", "\uffff",
    "\U0010ffff", "ﬁ", "İ", "ß", "\ud800", "A" * 300, "“" * 50, ". " * 50, "<b>", "</p>", "&amp;",
    "\x1b[31m", "[1]", "\\", "{{x}}",
]  # fmt: skip
_ALL = (_MARKS, _NAMES, _CUES, _WORDS, _BREAKS, _POSTS, _ODD)
_FORMS: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    str.title,
    lambda text: text.replace(" ", ""),
)


def size(random: Random, largest: int) -> int:
    """A size of which there are as many between 10 and 100 as between 10,000 and 100,000."""
    return int(largest ** random.random())


def text(random: Random, largest: int) -> str:
    """A text of marks, names, cues and oddities, each kind as often as the text's own taste has it."""
    length = size(random, largest)
    weights = [random.random() ** 3 for _ in _ALL]
    pieces = [random.choice(kind) for kind in random.choices(_ALL, weights, k=min(length, 5000))]
    found = "".join(pieces)
    if len(found) < length:
        found *= length // max(len(found), 1)
    if random.random() < 0.1:
        found = random.choice(_FORMS)(found)
    return found[:length]


def sentence(random: Random) -> str:
    """A few words for a field."""
    return text(random, 200)


_WEIRD: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(10**30), 10**30, 0.5, -0.0, 1e308,
    float("nan"), float("inf"), [], {}, [[]], [None], [[0, 10**30]], [[1, 0]], [[-1, 5]],
    {"start": 0, "end": 0, "text": ""}, {"start": -5, "end": 10**30, "text": "x"},
]  # fmt: skip
_WEIRD_TEXTS = [
    "", " ", "\0", "null", "NaN", "9" * 5000, "\ud800", "2017-13-45", "9999-12-31T23:59:60Z", "-0001-01-01",
    "0000", "Mon Jun 05 21:40:00 +0000 2017", "http://[", "../../x", "a/b", "con",
    "x" * 300, "=1+1", "“", "\u2028",
    "\r\n", "direct", "unattributed", "tweet", "@quill", "1234567890123456789",
]  # fmt: skip


def weird_text(random: Random) -> str:
    """A string that a field of strings may not expect."""
    return random.choice([*_WEIRD_TEXTS, sentence(random)])


def weird(random: Random) -> Any:
    """A value that a field may not expect."""
    found = random.choice([*_WEIRD, weird_text(random), weird_text(random), random.randrange(10**6)])
    return deepcopy(found)  # for it is put where it may be changed


def raw_json(random: Random) -> str:
    """JSON that a library may choke on: deep, long, huge, twice, none at all."""
    depth = size(random, 200_000)
    return random.choice(
        [
            "[" * depth,
            "[" * depth + "]" * depth,
            '{"a":' * depth + "1" + "}" * depth,
            f'{{"id": 1, "text": {"9" * depth}}}',
            f'{{"id": "{"9" * 400}", "text": "“a” said b", "text": 1e{depth}, "id": -0}}',
            '{"doc_id": NaN, "text": Infinity}',
            '{"text": "\\ud800\\udc00 \\ud800 “a” said Ada Quill"}',
            '{"text": "“a” said Ada Quill"' + "".join(f', "k{n}": {n}' for n in range(depth)) + "}",
            "\ufeff" + '{"text": "x"}',
            f'{{"text": "{sentence(random)}"}}',
            '"' + "\\u0000" * depth + '"',
            "window.YTD.tweets.part0 = " + "[" * depth,
        ]
    )
