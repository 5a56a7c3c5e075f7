"""What a mention says of a name: the form that it has here, and the bearer's gender.

Mayor Ada Quill, of Ada Quill   →   Ada Quill
Mr. Pelow, of Ingram Pellow     →   Pelow, male
she, of Ada Quill               →   no form, female
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from quotes import data
from quotes.data import Gender, fold
from quotes.data.lookups import name_words

_GENDERS: Final[dict[str, Gender]] = {"he": "male", "him": "male", "she": "female", "her": "female"}
# So similar is a misspelt surname, in percent.
_MISSPELT: Final = 85

# "de la", "van der"
_MOST_PARTICLES: Final = 2


@lru_cache(maxsize=1 << 15)
def form_of(mention: str, name: str) -> str | None:
    """The name in a mention, without titles: from its first to its last word that is one of `name`'s.

    None for a pronoun or a description.
    """
    known = name_words(name)
    words = mention.removesuffix("’s").removesuffix("'s").split()
    names = [
        at
        for at, word in enumerate(words)
        if word[:1].isupper() and any(_same(key, other) for key in name_words(word) for other in known)
    ]
    if not names:
        return None
    end = names[-1] + 1
    end += end < len(words) and fold(words[end].rstrip(".")) in data.GENERATIONS
    form = words[names[0] : end]
    particles = sum(not word[:1].isupper() for word in form)
    if len(form[-1]) > 2 and fold(form[-1].rstrip(".")) not in data.GENERATIONS:
        form[-1] = form[-1].rstrip(".,;:")  # not the dots of "Ada Q." and "Quill Jr."
    return " ".join(form) if particles <= _MOST_PARTICLES else None


@lru_cache(maxsize=1 << 15)
def gender_of(mention: str) -> Gender | None:
    """The gender that a pronoun or a title tells."""
    words = fold(mention).split()
    if len(words) == 1:
        return _GENDERS.get(words[0])
    return data.titles().titles.get(words[0]) if words else None


def _same(one: str, other: str) -> bool:
    if one == other or data.nicknames().same(one, other):
        return True
    return len(one) > 3 and fuzz.ratio(one, other) >= _MISSPELT
