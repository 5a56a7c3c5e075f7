"""What stands beside a name and tells who that is: roles, ages, and what only things have.

Mayor Ada Quill        campaign manager Tobias Renn        Ada Quill, the mayor of Lowmarsh, …
Marl Hydro, which …    →   no person
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from quotes import data
from quotes.speakers.names import Name, may_end_role, word_before

WORDS = re.compile(r"[\w’'-]+")
_AFTER = re.compile(
    r",\s((?:[\w’'&.-]+\s){0,9}?[\w’'-]+)(?=[,.;:)—–]|\swho\b|\sand\b|\sof\b|\sfor\b|\sin\b"
    r"|\sat\b(?!\s(?:last|once|first|length|least|present|a)\b))"
)
# "… of Lowmarsh" behind a role, and an age behind a name.
_PLACE = re.compile(r"\s(?:of|for|in|at|from)\s(?:the\s)?((?:[A-Z][\w’'-]+\s?){1,4})")
_AGE = re.compile(r",\s(\d{1,3})(?=[,.;])|\s\((\d{1,3})\)")
_BREAK = re.compile(r"[.;:!?“”\"()—]|,(?=.*,)")
_BREAKS = frozenset('.;:!?“”"()—')
# What follows a thing's name, and hardly a person's.
_RELATIVE = ", which "
_ITS = " its "
# "said its gates": what a body has, right behind the verb.
_SAID_ITS = re.compile(r" (?:has |had )?([a-z]+)(?: that)? its ")
_GLANCE = 40
# So far before a name its role begins.
_LEAD = 60
# What follows tells for whom or with whom: "an adviser to the mayor" is no mayor.
_TOWARDS = frozenset(["to", "by", "with", "from", "against", "under", "on"])
# "…, the captain at last relented" is a clause.
_CLAUSE = " at "


class Fact(NamedTuple):
    """That somebody is said to hold a role, at a place: "the mayor" beside "Ada Quill"."""

    at: int
    words: tuple[str, ...]
    """The role, folded, its abbreviations spelt out; the last word is its head."""
    places: frozenset[str] = frozenset()
    """What follows the role: "lowmarsh" of "the mayor of Lowmarsh"."""


def is_thing(names: Iterable[Name]) -> bool:
    """Whether they are no person's: "Marl Hydro, which runs the dam", "Marl Hydro said its dam was safe"."""
    for name in names:
        text, end = name.text, name.end
        if text.startswith(_RELATIVE, end):
            return True
        # Few names have an "its" so near.
        its = _SAID_ITS.match(text, end, end + _GLANCE) if _ITS in text[end : end + _GLANCE] else None
        verb = data.cues().verbs.get(its.group(1)) if its else None
        if verb is not None and verb.form != "base" and not name.oblique:
            return True
    return False


def facts_beside(name: Name) -> list[Fact]:
    """Every role that stands beside a name or before it."""
    if name.quoted:
        return []
    text, at, end = name.text, name.start, name.end
    facts = []
    if name.title:
        facts.append(Fact(at, _role_words(name.title)))
    if before := _role_before(text, at):
        facts.append(Fact(at, _role_words(before)))
    comma = text.startswith(",", end)
    if comma and (found := _AFTER.match(text, end, end + 120)):
        place = _PLACE.match(text, found.end(), found.end() + 60)
        places = frozenset(data.fold(word) for word in place.group(1).split()) if place else frozenset()
        role = " ".join(takewhile(lambda word: word not in _TOWARDS, found.group(1).split()))
        if _CLAUSE not in role:
            facts.append(Fact(at, _role_words(role), places))
    if (comma or text.startswith("(", end + 1)) and (age := _AGE.match(text, end, end + 8)):
        facts.append(Fact(at, (f"{age.group(1) or age.group(2)}-year-old", "old")))
    return facts


@lru_cache(maxsize=1 << 13)  # "president" and "mr." recur
def _role_words(role: str) -> tuple[str, ...]:
    words = [data.fold(word) for word in WORDS.findall(role)]
    words = [data.titles().abbreviations.get(word, word) for word in words]
    apposition = words[:1] in (["the"], ["a"], ["an"])
    while words and not apposition and not data.titles().ends_in_role(words):
        words.pop()
    return tuple(words)


def _role_before(text: str, start: int) -> str:
    """The lower-case role right before a name: "campaign manager Tobias Renn", "the mayor, Tobias Renn"."""
    last = word_before(text, start)
    if last == " ":  # what stands before a paragraph is hardly a role
        last = text[max(0, start - _LEAD) : start].rstrip()[-1:]
        if last in _BREAKS:
            return ""
    elif not _may_be_role(last):
        return ""
    before = _BREAK.split(text[max(0, start - _LEAD) : start])[-1].rstrip()
    words = before.rstrip(",").split()[-5:]
    # "of the White House, Quill said": what a comma follows is a role only if it is a person's.
    person = before.endswith(",")
    folded = [data.fold(word) for word in words]
    return " ".join(words) if data.titles().ends_in_role(folded, person=person) else ""


@lru_cache(maxsize=1 << 13)
def _may_be_role(last: str) -> bool:
    """Whether a role before a name may end in this word, by a quick test."""
    return last[-1:] not in _BREAKS and may_end_role(last)
