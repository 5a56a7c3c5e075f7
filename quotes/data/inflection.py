"""The written forms of verbs and nouns by rule; irregular forms are given in the word lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Form = Literal["base", "third", "past", "participle", "gerund"]

_VOWELS = "aeiou"
# One short syllable that ends in one consonant doubles it ("quipped"); longer verbs name their forms.
_DOUBLING = re.compile(r"(?:qu|[^aeiou])+[aeiou][^aeiouwxy]")


def inflect(lemma: str, irregular: Sequence[str] = ()) -> dict[str, tuple[Form, ...]]:
    """Every written form of a verb, each with what it may be.

    >>> inflect("deny")
    {'deny': ('base',), 'denies': ('third',), 'denied': ('past', 'participle'), 'denying': ('gerund',)}

    Irregular forms replace the regular ones. Their endings decide which they replace: "-ing" is a gerund,
    "-s" a third person, "-ed" a past and participle; of two others the first is the past, the second the
    participle; one other is both.
    """
    stem = lemma + lemma[-1] if _DOUBLING.fullmatch(lemma) else lemma
    if not irregular:
        return {
            lemma: ("base",),
            add_s(lemma): ("third",),
            _add_ed(stem): ("past", "participle"),
            _add_ing(stem): ("gerund",),
        }
    gerunds = [form for form in irregular if form.endswith("ing") and len(form) > len(lemma)]
    thirds = [form for form in irregular if form.endswith("s")]
    weak = [form for form in irregular if form.endswith("ed")]
    strong = [form for form in irregular if form not in {*gerunds, *thirds, *weak}]
    if not weak and not strong:
        weak = [_add_ed(stem)]
    kinds: dict[Form, list[str]] = {
        "base": [lemma],
        "third": thirds or [add_s(lemma)],
        "past": weak + strong[:1],
        "participle": weak + (strong[1:] or strong),
        "gerund": gerunds or [_add_ing(stem)],
    }
    forms: dict[str, tuple[Form, ...]] = {}
    for kind, written in kinds.items():
        for form in written:
            forms[form] = (*forms.get(form, ()), kind)
    return forms


def add_s(word: str) -> str:
    """Add the ending of a verb's third person and of a noun's plural: "denies", "watches"."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + (
        "es" if word.endswith(("s", "x", "z", "ch", "sh")) or word in ("echo", "veto", "hero") else "s"
    )


def _add_ed(stem: str) -> str:
    if stem.endswith("y") and stem[-2:-1] not in _VOWELS:
        return stem[:-1] + "ied"
    if stem.endswith("c"):
        return stem + "ked"
    return stem + ("d" if stem.endswith("e") else "ed")


def _add_ing(stem: str) -> str:
    if stem.endswith("ie"):
        return stem[:-2] + "ying"
    if stem.endswith("c"):
        return stem + "king"
    return (stem[:-1] if stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")) else stem) + "ing"


# "attorneys general", "chiefs of staff", "mothers-in-law": the plural goes on what stands before these.
_COMPOUND = re.compile(r"(.+?)((?: of | in |-of-|-in-|-at-).*| general|-general|-elect|-by|(?<=passer)by)")
_IRREGULAR_PLURALS = (("man", "men"), ("child", "children"), ("person", "people"), ("wife", "wives"))


def plural(noun: str) -> str:
    """A noun's plural; of a compound, its head's: "attorneys general", "ex-wives"."""
    compound = None if noun.isalpha() and noun != "passerby" else _COMPOUND.fullmatch(noun)
    if compound:
        return plural(compound[1]) + compound[2]
    for singular, several in _IRREGULAR_PLURALS:
        if noun.endswith(singular):
            return noun.removesuffix(singular) + several
    return add_s(noun)
