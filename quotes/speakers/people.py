"""From names to people: the occurrences that stand for one person or one organisation.

Jeff Sessions … Sessions … Mr. Sessions                     →  one person, "Jeff Sessions"
Bill Clinton … Hillary Clinton … Mrs. Clinton … Clinton     →  two
Robert Kane … Robert Kane Jr. … Kane Jr. … Kane             →  two: "Kane" is who bears the plain name
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from quotes import data
from quotes.data import Gender, Registry, Speaker
from quotes.speakers.names import Name, ends_body, key, suffix

# Words that make a place, a party or a thing of a run that begins like a person's name: "Kent County".
_NOT_PEOPLE = frozenset(
    ["county", "city", "street", "avenue", "road", "river", "lake", "island", "islands", "beach", "valley",
     "park", "hall", "house", "school", "bridge", "square", "republican", "republicans", "democrat",
     "democrats", "democratic", "state", "hotel", "hospital", "mountain", "springs", "prize", "act",
     "port", "fort", "north", "south", "east", "west", "new", "san", "los", "cape",
     "mount", "mt", "saint", "upper", "lower", "great"]
)  # fmt: skip

# Whose number is part of the name: "King Osric" is Osric III, and no son of his.
_CROWNED = frozenset(
    ["king", "queen", "pope", "emperor", "empress", "prince", "princess", "tsar", "czar", "sultan", "emir",
     "duke", "duchess", "archduke"]
)  # fmt: skip

# Code points after which the last mention of a person counts one less in the exponent of how often.
_FORGOTTEN = 1500
# Of more people who share a surname, or a first name, the further ones are known by their full names only.
_MOST_BEARERS = 50
# The surnames in which a slip of the pen is looked for, in code points.
_SHORTEST_SLIP, _LONGEST_SLIP = 5, 40

PersonKind = Literal["person", "organization", "unknown"]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody, or some body, whom a document names."""

    words: tuple[str, ...]
    """The words of the fullest name."""
    name: str
    """The fullest name as the document writes it, or as the registry has it."""
    kind: PersonKind
    gender: Gender | None = None
    known: Speaker | None = None
    occurrences: list[Name] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    suffix: str = ""
    """What tells a son from his father of the same name: "jr"."""
    places: list[list[int]] = field(default_factory=list)
    """Where the occurrences outside headlines begin, in their order, cut into runs that ascend."""

    def add(self, name: Name) -> None:
        """Take in an occurrence."""
        self.occurrences.append(name)
        if not name.headline:
            if not self.places or self.places[-1][-1] > name.start:
                self.places.append([])
            self.places[-1].append(name.start)

    def sort(self) -> None:
        """Put the occurrences in text order."""
        self.occurrences.sort(key=lambda name: name.start)
        starts = sorted(start for run in self.places for start in run)
        self.places = [starts] if starts else []

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.words[-1]


def person_of(known: Speaker) -> Person:
    """A speaker of the registry as a person."""
    kind: PersonKind = "organization" if known.kind == "organization" else "person"
    return Person(key(known.name), known.name, kind, known.gender, known, suffix=suffix(known.name))


class People:
    """All who are named in one document: found when it is made, and not changed afterwards."""

    def __init__(self, text: str, names: Iterable[Name], registry: Registry) -> None:
        self.text = text
        self.registry = registry
        self.all: list[Person] = []
        self._by_last: dict[str, list[Person]] = {}
        self._by_first: dict[str, list[Person]] = {}
        self._by_words: dict[tuple[tuple[str, ...], str], Person] = {}
        self._of: dict[int, Person] = {}
        self._of_known: dict[str, Person] = {}
        found = [name for name in names if name.words]
        self._names = found
        self._starts = [name.start for name in found]
        # Full names first, the longest first: a surname then finds its bearer, wherever he is introduced.
        for name in sorted(found, key=lambda n: (-len(n.words), n.headline, not n.suffix, n.start)):
            if len(name.words) > 1 and not name.headline:
                self._place(name)
        for name in sorted(found, key=lambda n: (not n.suffix, n.start)):
            if len(name.words) == 1 and not name.headline:
                self._place(name)
        for name in found:
            if name.headline:
                self._place_headline(name)
        for person in self.all:
            person.sort()
            bare = any(n.words == person.words[-1:] for n in person.occurrences)
            if person.kind == "unknown" and 2 <= len(person.words) <= 3 and bare:
                # Only people go by the last word of a name that has no body's word in it.
                person.kind = "person" if not _NOT_PEOPLE & set(person.words) else "unknown"

    def at(self, start: int, end: int) -> Person | None:
        """The person whose name stands at [start, end), or overlaps it."""
        i = max(0, bisect_right(self._starts, start) - 1)
        for name in self._names[i : bisect_right(self._starts, end - 1)]:
            if name.end > start and name.start in self._of:
                return self._of[name.start]
        return None

    def between(self, start: int, end: int) -> Iterator[tuple[Name, Person]]:
        """The names that begin in [start, end), with who is meant."""
        for name in self._names[bisect_left(self._starts, start) : bisect_left(self._starts, end)]:
            person = self._of.get(name.start)
            if person is not None:
                yield name, person

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The range of the whole name of which [start, end) is a part: "Maarten van der Hoek", not "Hoek"."""
        i = bisect_right(self._starts, start) - 1
        if i >= 0 and self._names[i].end >= end and not self._names[i].headline:
            return self._names[i].start, self._names[i].end
        return start, end

    def ending_at(self, end: int) -> Person | None:
        """The person whose name ends at this place."""
        i = bisect_right(self._starts, end - 1) - 1
        if i < 0 or self._names[i].end != end:
            return None
        return self._of.get(self._names[i].start)

    def named(self, name: str, title: str = "", at: int = 0) -> Person | None:
        """The person whom a name or a part of a name means; of several, the likeliest."""
        words = key(name)
        if not words:
            return None
        exact = self._by_words.get((words, suffix(name)))
        if exact is not None:
            return exact
        gender = data.titles().titles.get(title.split()[-1]) if title else None
        return self._match(words, suffix(name), gender, at)

    def names(self) -> dict[str, tuple[Name, ...]]:
        """The places where each person is named, in text order, by full name."""
        found: dict[str, tuple[Name, ...]] = {}
        for person in self.all:
            found.setdefault(person.name, tuple(person.occurrences))
        return found

    def learn(self, person: Person, role: tuple[str, ...]) -> bool:
        """Take in what a role beside a name tells of kind and gender; False where it can't be this one's.

        Called while the stage gathers its people, before any mention is resolved.
        """
        noun = data.titles().nouns.get(role[-1]) if role else None
        if noun is None:
            return True
        if (noun.kind == "organization") != (person.kind == "organization"):
            if person.kind != "unknown":
                return False
            person.kind = "organization" if noun.kind == "organization" else "person"
        if noun.gender and person.gender is None and not noun.plural:
            # "her son, Piet": the noun tells what the name may not.
            person.gender, person.kind = noun.gender, "person"
        return True

    def bearing(self, known: Speaker) -> Person | None:
        """The person of this document who is the registry's speaker, if it names him."""
        return self._of_known.get(known.name)

    def misspelt(self, word: str) -> Person | None:
        """The person whose surname is one slip of the pen away: "Session" for Sessions."""
        alike = {other for form in _slips(word) for other in self._alike.get(form, ()) if other[1] != word}
        if not alike:
            return None
        from rapidfuzz.distance import DamerauLevenshtein  # seldom needed, and slow to load

        for _, last in sorted(alike):
            if DamerauLevenshtein.distance(last, word, score_cutoff=1) <= 1:
                return self._by_last[last][0]
        return None

    @cached_property
    def _alike(self) -> dict[str, list[tuple[int, str]]]:
        """The surnames, numbered, by the forms that `_slips` gives: those one slip apart share one."""
        found: dict[str, list[tuple[int, str]]] = {}
        for numbered in enumerate(self._by_last):
            for form in _slips(numbered[1]):
                found.setdefault(form, []).append(numbered)
        return found

    def _place(self, name: Name) -> None:
        gender = data.titles().titles.get(name.title.split()[-1]) if name.title else None
        person = self._by_words.get((name.words, name.suffix))
        if person is None or (gender and person.gender not in (gender, None)):
            person = self._match(name.words, name.suffix, gender, name.start)
        if person is None:
            person = self._new(name)
        self._add(person, name)

    def _place_headline(self, name: Name) -> None:
        """In a headline's capitals only what the text names too is a name; it may give the first name."""
        words = name.words
        for i, word in enumerate(words):
            people = self._by_last.get(word, [])
            if not people:
                continue
            person = (_of_generation(people, name.suffix, whole=False) or people)[0]
            first = words[i - 1] if i else ""
            if len(person.words) == 1 and first in data.first_names() and person.known is None:
                run = self.text[name.start : name.end]
                if found := re.search(rf"\b({first})[ \u00a0]({word})\b", run, re.IGNORECASE):
                    self._rename(person, (first, word), found.group())
            self._add(person, name)
            return

    def _rename(self, person: Person, words: tuple[str, ...], written: str) -> None:
        """Give a person a fuller name."""
        person.words, person.name = words, written
        self._by_words.setdefault((words, person.suffix), person)
        _append(self._by_first.setdefault(words[0], []), person)
        if words[0] in data.first_names():
            person.kind = "person"
            person.gender = person.gender or data.first_names().gender(words[0])

    def _add(self, person: Person, name: Name) -> None:
        person.add(name)
        self._of[name.start] = person
        if name.title:
            person.titles.add(name.title)
            gender = data.titles().titles.get(name.title.split()[-1])
            if gender and person.gender is None:
                person.gender = gender
            if person.kind == "unknown":
                person.kind = "person"
        written = self.text[name.start : name.end]
        if person.known is None and not name.headline and _is_fuller(name.words, person.words):
            self._rename(person, name.words, " ".join(written.split()))

    def _new(self, name: Name) -> Person:
        written = " ".join(self.text[name.start : name.end].split())
        known = self._known(name, written)
        if known is not None:
            person = self._of_known.get(known.name)
            if person is None:
                person = self._of_known[known.name] = person_of(known)
                self.all.append(person)
        else:
            person = Person(name.words, written, *_kind(name), suffix=name.suffix)
            self.all.append(person)
        self._index(person)
        self._by_words.setdefault((name.words, name.suffix), person)
        return person

    def _index(self, person: Person) -> None:
        """Make a person known by surname and first name, once."""
        named = self._by_last.setdefault(person.surname, [])
        if person not in named:
            _append(named, person)
            if len(person.words) > 1:
                _append(self._by_first.setdefault(person.words[0], []), person)

    def _known(self, name: Name, written: str) -> Speaker | None:
        """The registry's speaker of this name; a lone surname is enough only when nobody else is meant."""
        words = (*name.words, name.suffix) if name.suffix else name.words
        fits = self.registry.named(written) or self.registry.named(" ".join(words))
        return fits[0] if len(fits) == 1 else None

    def _match(
        self, words: tuple[str, ...], generation: str, gender: Gender | None, at: int
    ) -> Person | None:
        """The person whom these words fit: the same surname, and a first name that doesn't contradict."""
        if len(words) > 1 and ends_body(words[-1]):
            return None  # Commissions have no first names: each is whoever bears the whole name.
        fits = [p for p in self._by_last.get(words[-1], ()) if _agree(words, p.words)]
        fits = _of_generation(fits, generation, whole=len(words) > 1)
        if not fits and len(words) == 1:
            # "Don Jr." is short for "Donald Trump Jr."; "Don" alone may be anybody.
            firsts = _long_forms(words[0]) if generation else {words[0]}
            named = [p for first in sorted(firsts) for p in self._by_first.get(first, ())]
            fits = _of_generation([p for p in named if p.kind == "person"], generation, whole=False)
            if len(fits) > 1:
                return None
        if gender:
            fits = [p for p in fits if p.gender in (gender, None)]
        if len(fits) < 2:
            return fits[0] if fits else None
        return max(fits, key=lambda p: _nearness(p, at))


def _append(bearers: list[Person], person: Person) -> None:
    """Note who bears a name; all of them are looked at for each place where it stands alone."""
    if len(bearers) < _MOST_BEARERS:
        bearers.append(person)


def _slips(word: str) -> set[str]:
    """A surname with no letter or one left out; nothing for one that is too short, or too long to be one."""
    if not _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP:
        return set()
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _of_generation(people: list[Person], generation: str, *, whole: bool) -> list[Person]:
    """Those of one surname, or of one first name, whom a name with or without its "Jr." may mean.

    "Kane Jr." is a junior only, and the whole name without "Jr." nobody who has one, a king's number aside.
    "Kane" is who bears the plain name; where there is none of that first name, it may be the junior.
    """
    if generation:
        return [person for person in people if person.suffix == generation]
    if not any(person.suffix for person in people):
        return people
    if whole:
        return [person for person in people if not person.suffix or person.titles & _CROWNED]
    plain = {form for person in people if not person.suffix for form in _long_forms(person.words[0])}
    return [person for person in people if not person.suffix or not _long_forms(person.words[0]) & plain]


def _long_forms(first_name: str) -> frozenset[str]:
    """A first name, and those for which it may be short."""
    return data.nicknames().canonical.get(first_name, frozenset()) | {first_name}


def _nearness(person: Person, at: int) -> float:
    """Of several who share a surname: who was named often so far, and who was named last."""
    runs = person.places
    before = sum(bisect_left(run, at) for run in runs)
    if not before:
        return -100.0 - (person.occurrences[0].start if person.occurrences else 0) / 1e6
    last = next(run[found - 1] for run in reversed(runs) if (found := bisect_left(run, at)))
    return math.log(1 + before) - (at - last) / _FORGOTTEN


def _is_fuller(words: tuple[str, ...], than: tuple[str, ...]) -> bool:
    """Whether a form tells more of a name: more words, or the first name and not its initial."""
    if len(words) != len(than):
        return len(words) > len(than)
    return len(than[0]) == 1 < len(words[0])


def _agree(words: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether a form may be short for a full name: its first name is equal, an initial or a nickname."""
    if len(words) == 1 or len(full) == 1:
        return True
    one, other = words[0], full[0]
    if one == other or data.nicknames().same(one, other):
        return True
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]


def _kind(name: Name) -> tuple[PersonKind, Gender | None]:
    """A person or a body, as far as the name itself tells."""
    lexicon, first_names = data.titles(), data.first_names()
    if name.title:
        return "person", lexicon.titles.get(name.title.split()[-1]) or first_names.gender(name.words[0])
    if _names_body(name.words):
        return "organization", None
    if len(name.words) > 1 and name.words[0] in first_names and not _NOT_PEOPLE & set(name.words):
        return "person", first_names.gender(name.words[0])
    return "unknown", None


def _names_body(words: tuple[str, ...]) -> bool:
    """Whether a name is an organisation's; "Jordan Banks" is not, for a first name stands before one word."""
    if len(words) == 2 and words[0] in data.first_names():
        return words[1] in data.titles().organization_endings
    return any(ends_body(word) for word in words)
