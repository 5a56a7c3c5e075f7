"""Is a text English? Quotations of other languages can't be found, and “das” would become a person.

The writer's own words decide, not what is quoted: an English article with a French quotation is English. Most
texts are recognised by the small words that every English text has. Only for the others, py3langid is asked
(Adrien Barbaresi's fork of langid.py; Lui and Baldwin, ACL 2012): naive Bayes over byte n-grams. It works
offline, and gives the same answer each time.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from quotes.text.segments import Segments

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: Of fewer letters of the writer's, some 20 words, nobody can tell the language: it counts as English.
FEWEST_LETTERS = 100

# Enough to tell; more takes more time. In code points, from the beginning, the middle and the end.
_SAMPLE = 1000
_WORD = re.compile(r"[^\W\d_]+")
# Small words that other languages don't have, or have seldom. In English news they are a third of the words
# without a capital; of 947 articles, none had fewer than 16 %. Names, as in a table of polls, don't count.
_SMALL = frozenset(
    "the of and to that is for with was it as at be by are from this his have has he they which or were not"
    " would said who but their been had its you".split()
)
_LEAST_SMALL = 0.12
# Four of them, so often (once in so many code points), show English text at once.
_FREQUENT = (" the ", " of ", " and ", " to ")
_ONCE_IN = 60
# So sure the library must be. Of 37,000 stretches of 10 to 50 words of English news, it said so of none.
_SURE = 0.95


def language_of(segments: Segments) -> str | None:
    """The language of a text that isn't English, as its code in ISO 639; None for English, or if unclear."""
    text = segments.text
    if _ONCE_IN * sum(map(text.count, _FREQUENT)) >= len(text):
        return None
    sample = _own_words(segments)
    words = _WORD.findall(sample)
    if _has_small_words(words) or sum(map(len, words)) < FEWEST_LETTERS:
        return None
    language, probability = _identifier().classify(sample)
    return language if language != "en" and probability >= _SURE else None


def _has_small_words(words: list[str]) -> bool:
    """Whether the words are those of English, names aside: those with a capital, if some have none."""
    small = sum(map(_SMALL.__contains__, words))
    if small >= _LEAST_SMALL * len(words):
        return True  # with the names, too, as in most texts
    without_capital = [word for word in words if not word[0].isupper()]
    if not without_capital:
        small = sum(word.lower() in _SMALL for word in words)
    return small >= _LEAST_SMALL * len(without_capital or words)


def _own_words(segments: Segments) -> str:
    """A sample of the words outside quotation marks."""
    pieces: list[str] = []
    position = 0
    for segment in segments:
        pieces.append(segments.text[position : segment.start])
        position = max(position, segment.end)
    own = " ".join([*pieces, segments.text[position:]])
    if len(own) <= 3 * _SAMPLE:
        return own
    middle = len(own) // 2
    return " ".join((own[:_SAMPLE], own[middle : middle + _SAMPLE], own[-_SAMPLE:]))


@cache
def _identifier() -> LanguageIdentifier:
    """The model, loaded when a text is first doubtful, which takes a third of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
