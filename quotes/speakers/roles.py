"""Roles and descriptions: "the mayor", "Quill’s lawyer", "a White House official", "residents".

A role stands for a person when the document says who holds it, beside the name or as a title:

    Ada Quill, the mayor, …      Mayor Ada Quill      campaign manager Tobias Renn
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from quotes import data
from quotes.data import Registry, Speaker
from quotes.speakers.bearers import Draft
from quotes.speakers.facts import WORDS
from quotes.speakers.names import Name, ends_body
from quotes.speakers.people import Gathering, People, Person

# Between "his partner" and the partner's name: "at Corvane, "
_APPOSED = re.compile(r"(?:\s(?:at|of|for|in|from|with)\s[^,.;:“”\"]{1,40})?,\s")
# So far behind a description its bearer's name may stand, and so far before "the company" the company's.
_APPOSITION, _NEAR_BODY, _BESIDE = 60, 2500, 250
# The holders of a role on either side of a description that are looked at, and how far away, in code points.
_HOLDERS, _REACH = 20, 50_000
_POSSESSIVE = re.compile(r"[’']s?$")
_SMALL = frozenset(["of", "for", "in", "at", "from", "and"])
_DEFINITE = frozenset(["the", "his", "her", "their", "its", "this", "that"])
_DETERMINERS = _DEFINITE | {"a", "an"}


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

    They are read when somebody asks for these, or who "the mayor" is.
    """
    gathered = Gathering(text, names, registry)
    for draft in gathered.drafts:
        draft.unread = not draft.learned
    people = gathered.people()
    return people, Roles(people, gathered.drafts)


class Roles:
    """Who holds which role in one document."""

    def __init__(self, people: People, drafts: Sequence[Draft]) -> None:
        self._people = people
        self._drafts = drafts
        self._places: dict[str, list[tuple[int, Person]]] = {}

    @cached_property
    def _by_head(self) -> Mapping[str, Sequence[_Held]]:
        """Who holds a role, in text order, by the role's head."""
        found: dict[str, list[_Held]] = {}
        for person in self._drafts:
            for at, words, places in person.facts():
                if words and not _is_anonymous(words[-1]):
                    held_here = _Held(at, frozenset(words[:-1]) - _DETERMINERS, places, person)
                    found.setdefault(words[-1], []).append(held_here)
        for held in found.values():
            held.sort(key=itemgetter(0))
        return found

    @cached_property
    def _by_word(self) -> Mapping[str, list[Person]]:
        """All who have names of several words, by each of them."""
        found: dict[str, list[Person]] = {}
        for person in self._people.all:
            if len(person.words) > 1:
                for word in person.words:
                    found.setdefault(word, []).append(person)
        return found

    def _bodies(self, word: str) -> list[tuple[int, Person]]:
        """Where organisations are named, in text order, that have the word in their names."""
        found = self._places.get(word)
        if found is None:
            bodies = [person for person in self._by_word.get(word, ()) if person.kind != "person"]
            found = [(name.start, person) for person in bodies for name in person.occurrences]
            found.sort(key=itemgetter(0))
            self._places[word] = found
        return found

    def holder(self, description: str, head: str, before: int) -> Person | None:
        """Who is "the mayor" at this place: the last person before it whom the document gave this role.

        None for an indefinite description ("a lawyer"), and when the document doesn't say.
        """
        words = [data.fold(word) for word in WORDS.findall(description)]
        if not words or (words[0] not in _DEFINITE and "'s" not in description and "’s" not in description):
            return None
        modifiers = frozenset(words[1:]) - {head} - _DEFINITE - _SMALL
        proper = frozenset(data.fold(word) for word in WORDS.findall(description) if word[0].isupper())
        held = self._by_head.get(head, ())
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
        named = self._bodies(head)
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
            named = self._bodies(owner)
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


def _is_anonymous(head: str) -> bool:
    noun = data.titles().nouns.get(head)
    return noun is not None and noun.anonymous
