"""Roles and descriptions: "the mayor", "Quill’s lawyer", "a White House official", "residents".

A role stands for a person when the document says who holds it, beside the name or as a title:

    Ada Quill, the mayor, …      Mayor Ada Quill      campaign manager Tobias Renn
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, takewhile
from operator import itemgetter
from typing import NamedTuple

from quotes import data
from quotes.data import Registry, Speaker
from quotes.speakers.bearers import Draft
from quotes.speakers.names import Name, ends_body, may_end_role, word_before
from quotes.speakers.people import Gathering, People, Person

_WORDS = re.compile(r"[\w’'-]+")
_AFTER = re.compile(
    r",\s((?:[\w’'&.-]+\s){0,9}?[\w’'-]+)(?=[,.;:)—–]|\swho\b|\sand\b|\sof\b|\sfor\b|\sin\b"
    r"|\sat\b(?!\s(?:last|once|first|length|least|present|a)\b))"
)
# "… of Lowmarsh" behind a role, and an age behind a name.
_PLACE = re.compile(r"\s(?:of|for|in|at|from)\s(?:the\s)?((?:[A-Z][\w’'-]+\s?){1,4})")
_AGE = re.compile(r",\s(\d{1,3})(?=[,.;])|\s\((\d{1,3})\)")
# Between "his partner" and the partner's name: "at Corvane, "
_APPOSED = re.compile(r"(?:\s(?:at|of|for|in|from|with)\s[^,.;:“”\"]{1,40})?,\s")
_BREAK = re.compile(r"[.;:!?“”\"()—]|,(?=.*,)")
_BREAKS = frozenset('.;:!?“”"()—')
# So far behind a description its bearer's name may stand, and so far before "the company" the company's.
_APPOSITION, _NEAR_BODY, _BESIDE = 60, 2500, 250
# The holders of a role on either side of a description that are looked at, and how far away, in code points.
_HOLDERS, _REACH = 20, 50_000
# What follows a thing's name, and hardly a person's.
_RELATIVE = ", which "
_ITS = " its "
# "said its gates": what a body has, right behind the verb.
_SAID_ITS = re.compile(r" (?:has |had )?([a-z]+)(?: that)? its ")
_GLANCE = 40
# So far before a name its role begins.
_LEAD = 60
_POSSESSIVE = re.compile(r"[’']s?$")
_SMALL = frozenset(["of", "for", "in", "at", "from", "and"])
# What follows tells for whom or with whom: "an adviser to the mayor" is no mayor.
_TOWARDS = frozenset(["to", "by", "with", "from", "against", "under", "on"])
_DEFINITE = frozenset(["the", "his", "her", "their", "its", "this", "that"])
# "…, the captain at last relented" is a clause.
_CLAUSE = " at "
_DETERMINERS = _DEFINITE | {"a", "an"}


class _Fact(NamedTuple):
    """That a person is said to hold a role, at a place: "the mayor" beside "Ada Quill"."""

    at: int
    words: tuple[str, ...]
    """The role, folded, its abbreviations spelt out; the last word is its head."""
    person: Person
    places: frozenset[str] = frozenset()
    """What follows the role: "lowmarsh" of "the mayor of Lowmarsh"."""


class _Held(NamedTuple):
    """That a person holds a role, as it is looked up by the role's head."""

    at: int
    modifiers: frozenset[str]
    places: frozenset[str]
    person: Person

    def fits(self, modifiers: frozenset[str], proper: frozenset[str]) -> bool:
        """Whether a description with these modifiers, some of them proper names, may mean this one."""
        if not modifiers or modifiers & (self.modifiers | self.places):
            return True
        return not self.modifiers and not (proper and self.places)


def people_and_roles(text: str, names: Iterable[Name], registry: Registry) -> tuple[People, Roles]:
    """Who is named in a document, and who holds which role. Roles also tell people's kind and gender.

    Where these are known, the other roles are found when somebody asks who "the mayor" is.
    """
    gathered = Gathering(text, names, registry)
    facts: list[_Fact] = []
    unread: list[tuple[Draft, int]] = []
    for draft in gathered.drafts:
        if draft.kind == "unknown" and _is_thing(text, draft.occurrences):
            draft.kind = "organization"
        for number, name in enumerate(draft.occurrences):
            if draft.learned:
                unread.append((draft, number))
                break
            if found := _facts(text, name, draft):
                facts += [fact for fact in found if draft.learn(fact.words)]
    people = gathered.people()
    return people, Roles(people, facts, unread)


def _is_thing(text: str, names: Iterable[Name]) -> bool:
    """Whether they are no person's: "Marl Hydro, which runs the dam", "Marl Hydro said its dam was safe"."""
    for name in names:
        end = name.end
        if text.startswith(_RELATIVE, end):
            return True
        # Few names have an "its" so near.
        its = _SAID_ITS.match(text, end, end + _GLANCE) if _ITS in text[end : end + _GLANCE] else None
        verb = data.cues().verbs.get(its.group(1)) if its else None
        if verb is not None and verb.form != "base" and not name.oblique:
            return True
    return False


def _facts(text: str, name: Name, person: Person) -> list[_Fact]:
    """Every role that stands beside a name or before it."""
    if name.quoted:
        return []
    at, end = name.start, name.end
    facts = []
    if name.title:
        facts.append(_Fact(at, _role_words(name.title), person))
    if before := _role_before(text, at):
        facts.append(_Fact(at, _role_words(before), person))
    comma = text.startswith(",", end)
    if comma and (found := _AFTER.match(text, end, end + 120)):
        place = _PLACE.match(text, found.end(), found.end() + 60)
        places = frozenset(data.fold(word) for word in place.group(1).split()) if place else frozenset()
        role = " ".join(takewhile(lambda word: word not in _TOWARDS, found.group(1).split()))
        if _CLAUSE not in role:
            facts.append(_Fact(at, _role_words(role), person, places))
    if (comma or text.startswith("(", end + 1)) and (age := _AGE.match(text, end, end + 8)):
        facts.append(_Fact(at, (f"{age.group(1) or age.group(2)}-year-old", "old"), person))
    return facts


class Roles:
    """Who holds which role in one document."""

    def __init__(self, people: People, facts: Sequence[_Fact], unread: Iterable[tuple[Draft, int]]) -> None:
        self._people = people
        self._facts = facts
        self._unread = unread
        """Whose roles are not among them, each with the number of the name from which on that is so."""

    @cached_property
    def _by_head(self) -> Mapping[str, list[_Held]]:
        """Who holds a role, in text order, by the role's head."""
        found: dict[str, list[_Held]] = {}
        text = self._people.text
        more = (
            fact
            for draft, number in self._unread
            for name in draft.occurrences[number:]
            for fact in _facts(text, name, draft)
            if draft.learn(fact.words)
        )
        for at, words, person, of in chain(self._facts, more):
            if words and not _is_anonymous(words[-1]):
                held_here = _Held(at, frozenset(words[:-1]) - _DETERMINERS, of, person)
                found.setdefault(words[-1], []).append(held_here)
        for held in found.values():
            held.sort(key=itemgetter(0))
        return found

    @cached_property
    def _bodies(self) -> Mapping[str, list[tuple[int, Person]]]:
        """Where organisations are named, in text order, by each word of their names."""
        found: dict[str, list[tuple[int, Person]]] = {}
        for person in self._people.all:
            if person.kind != "person" and len(person.words) > 1:
                for word in person.words:
                    found.setdefault(word, []).extend((name.start, person) for name in person.occurrences)
        for places in found.values():
            places.sort(key=itemgetter(0))
        return found

    def holder(self, description: str, head: str, before: int) -> Person | None:
        """Who is "the mayor" at this place: the last person before it whom the document gave this role.

        None for an indefinite description ("a lawyer"), and when the document doesn't say.
        """
        words = [data.fold(word) for word in _WORDS.findall(description)]
        if not words or (words[0] not in _DEFINITE and "'s" not in description and "’s" not in description):
            return None
        modifiers = frozenset(words[1:]) - {head} - _DEFINITE - _SMALL
        proper = frozenset(data.fold(word) for word in _WORDS.findall(description) if word[0].isupper())
        held = self._by_head.get(head, [])
        place = bisect_left(held, before, key=itemgetter(0))
        # The last before this place come first, then the first after it; far ones don't count.
        near = [*reversed(held[max(0, place - _HOLDERS) : place]), *held[place : place + _HOLDERS]]
        fits = [
            fit for fit in near if fit.fits(modifiers, proper & modifiers) and abs(fit.at - before) < _REACH
        ]
        if not fits or (head == "old" and not modifiers & fits[0].modifiers):
            return None
        return max(fits, key=lambda fit: len(modifiers & (fit.modifiers | fit.places))).person

    def held(self, head: str) -> bool:
        """Whether the document says of anybody that he or she has this role."""
        return head in self._by_head

    def body(self, description: str, head: str, before: int) -> Person | None:
        """The last organisation before "the commission" whose name holds the word."""
        if data.fold(description.split()[0]) not in _DEFINITE:
            return None
        named = self._bodies.get(head, [])
        place = bisect_left(named, before, key=itemgetter(0))
        return named[place - 1][1] if place else None

    def answering(self, description: str, head: str, before: int) -> Person | None:
        """Who is "the company": the only body before it whose name is a company's."""
        words = data.titles().answers.get(head)
        if (
            words is None
            or len(description.split()) != 2
            or data.fold(description.split()[0]) not in _DEFINITE
        ):
            return None
        near = {person for _, person in self._people.between(max(0, before - _NEAR_BODY), before)}
        bodies = {person for person in near if person.kind != "person" and words & set(person.words)}
        # A body whose name doesn't tell what it is may be a company: "Marl Hydro, which runs the dam".
        if not bodies and "company" in words:
            near = {person for _, person in self._people.between(max(0, before - _BESIDE), before)}
            bodies = {p for p in near if p.kind == "organization" and not any(map(ends_body, p.words))}
        return bodies.pop() if len(bodies) == 1 else None

    def publisher(self, description: str, head: str, before: int) -> Person | None:
        """Whose article "the Herald article" is: the last body before it that has the word."""
        words = description.split()
        folded = [data.fold(word) for word in words]
        for i, word in enumerate(words[: folded.index(head) if head in folded else 0]):
            owner = _POSSESSIVE.sub("", folded[i])
            if owner == folded[i] and not (word[0].isupper() and folded[i + 1] == head):
                continue
            named = self._bodies.get(owner, [])
            place = bisect_left(named, before, key=itemgetter(0))
            if place and named[place - 1][1].kind == "organization":
                return named[place - 1][1]
        return None

    def apposed(self, text: str, start: int, end: int) -> Person | None:
        """Who is named right behind a definite description: "his partner at Corvane, Rufus Hask,"."""
        if data.fold(text[start:end].split()[0]) not in _DEFINITE:
            return None
        for name, person in self._people.between(end, end + _APPOSITION):
            if text[name.end : name.end + 1] == "," and _APPOSED.fullmatch(text, end, name.run):
                return person if person.kind == "person" else None
        return None

    @staticmethod
    def known_holder(
        description: str, registry: Registry, bearing: Callable[[Speaker], Person | None]
    ) -> Person | None:
        """Who holds the role by the registry, if the document has that speaker as a person (`bearing`)."""
        words = [word for word in description.split() if data.fold(word) not in _DEFINITE]
        for size in range(len(words)):
            for speaker in registry.in_role(" ".join(words[size:])):
                if (person := bearing(speaker)) is not None:
                    return person
        return None


@lru_cache(maxsize=1 << 13)  # "president" and "mr." recur
def _role_words(role: str) -> tuple[str, ...]:
    words = [data.fold(word) for word in _WORDS.findall(role)]
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


def _is_anonymous(head: str) -> bool:
    noun = data.titles().nouns.get(head)
    return noun is not None and noun.anonymous
