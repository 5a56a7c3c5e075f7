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

# Code points after which the last mention of a person counts one less in the exponent of how often.
_FORGOTTEN = 1500
# Of more people who share a surname, or a first name, the further ones are known by their full names only.
_MOST_BEARERS = 50
# The surnames in which a misspelling is looked for, in code points.
_SHORTEST_SLIP, _LONGEST_SLIP = 5, 40

PersonKind = Literal["person", "organization", "unknown"]


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody, or some body, whom a document names."""

    words: tuple[str, ...]
    """The words of the fullest name."""
    name: str
    """The fullest name as the document writes it, or as the registry has it."""
    kind: PersonKind
    gender: Gender | None = None
    known: Speaker | None = None
    suffix: str = ""
    """What distinguishes a son from his father of the same name: "jr"."""
    occurrences: tuple[Name, ...] = ()
    """Where the person is named, in text order."""

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.words[-1]


def person_of(known: Speaker) -> Person:
    """A speaker of the registry as a person."""
    return _Draft.of(known).person()


@dataclass(slots=True, eq=False)
class _Draft:
    """A person while the names are gathered."""

    words: tuple[str, ...]
    name: str
    kind: PersonKind
    gender: Gender | None = None
    known: Speaker | None = None
    suffix: str = ""
    occurrences: list[Name] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    places: list[list[int]] = field(default_factory=list)
    """Where the occurrences outside headlines begin, in the order added, cut into runs that ascend."""

    @classmethod
    def of(cls, known: Speaker) -> _Draft:
        """A speaker of the registry."""
        kind: PersonKind = "organization" if known.kind == "organization" else "person"
        return cls(key(known.name), known.name, kind, known.gender, known, suffix(known.name))

    def person(self) -> Person:
        """The person as far as it is known now."""
        return Person(
            self.words, self.name, self.kind, self.gender, self.known, self.suffix, tuple(self.occurrences)
        )

    def add(self, name: Name) -> None:
        """Add an occurrence."""
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

    def learn(self, role: tuple[str, ...]) -> bool:
        """Take kind and gender from a role beside the name; False where the role can't be this one's."""
        noun = data.titles().nouns.get(role[-1]) if role else None
        if noun is None:
            return True
        if (noun.kind == "organization") != (self.kind == "organization"):
            if self.kind != "unknown":
                return False
            self.kind = "organization" if noun.kind == "organization" else "person"
        if noun.gender and self.gender is None and not noun.plural:
            # "her son, Piet": the noun tells what the name may not.
            self.gender, self.kind = noun.gender, "person"
        return True


class People:
    """All who are named in one document; made by a `Gathering`, and not changed afterwards."""

    def __init__(self, gathered: Gathering) -> None:
        persons = {draft: draft.person() for draft in gathered.drafts}
        self.all = tuple(persons.values())
        self._persons = persons
        self._bearers = gathered.bearers
        self._names = gathered.names
        self._starts = [name.start for name in self._names]
        self._of = {start: persons[draft] for start, draft in gathered.of.items()}
        self._of_known = {name: persons[draft] for name, draft in gathered.of_known.items()}

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

    def named(self, name: str, at: int = 0) -> Person | None:
        """The person whom a name or a part of a name means at a place; of several, the likeliest."""
        words = key(name)
        if not words:
            return None
        found = self._bearers.exact(words, suffix(name)) or self._bearers.match(words, suffix(name), None, at)
        return self._persons[found] if found else None

    def names(self) -> dict[str, tuple[Name, ...]]:
        """The places where each person is named, in text order, by full name."""
        found: dict[str, tuple[Name, ...]] = {}
        for person in self.all:
            found.setdefault(person.name, person.occurrences)
        return found

    def bearing(self, known: Speaker) -> Person | None:
        """The person of this document who is the registry's speaker, if it names him or her."""
        return self._of_known.get(known.name)

    def misspelt(self, word: str) -> Person | None:
        """The person whose surname differs by one letter: "Session" for Sessions."""
        found = self._bearers.misspelt(word)
        return self._persons[found] if found else None


class Gathering:
    """Goes over the names of a document and finds who bears them. Its result is `people`."""

    def __init__(self, text: str, names: Iterable[Name], registry: Registry) -> None:
        self.drafts: list[_Draft] = []
        self.bearers = _Bearers()
        self.of: dict[int, _Draft] = {}
        """Who is meant by the name that starts at a place."""
        self.of_known: dict[str, _Draft] = {}
        """The registry's speakers whom the document names, by name."""
        self.names = [name for name in names if name.words]
        self._text = text
        self._registry = registry
        # Full names first, the longest first: a surname then finds its bearer, wherever he is introduced.
        for name in sorted(self.names, key=lambda n: (-len(n.words), n.headline, not n.suffix, n.start)):
            if len(name.words) > 1 and not name.headline:
                self._place(name)
        for name in sorted(self.names, key=lambda n: (not n.suffix, n.start)):
            if len(name.words) == 1 and not name.headline:
                self._place(name)
        for name in self.names:
            if name.headline:
                self._place_headline(name)
        for draft in self.drafts:
            draft.sort()
            bare = any(n.words == draft.words[-1:] for n in draft.occurrences)
            if draft.kind == "unknown" and 2 <= len(draft.words) <= 3 and bare:
                # Only people go by the last word of a name that has no body's word in it.
                draft.kind = "person" if not data.titles().not_people & set(draft.words) else "unknown"

    def people(self) -> People:
        """Everybody, as far as is known now."""
        return People(self)

    def _place(self, name: Name) -> None:
        gender = data.titles().gender(name.title)
        draft = self.bearers.exact(name.words, name.suffix)
        if draft is None or (gender and draft.gender not in (gender, None)):
            draft = self.bearers.match(name.words, name.suffix, gender, name.start)
        self._add(draft or self._new(name), name)

    def _place_headline(self, name: Name) -> None:
        """In a headline only what the text also names is a name; the headline may give the first name."""
        for i, word in enumerate(name.words):
            bearers = self.bearers.of_surname(word)
            if not bearers:
                continue
            draft = (_of_generation(bearers, name.suffix, whole=False) or bearers)[0]
            first = name.words[i - 1] if i else ""
            if len(draft.words) == 1 and first in data.first_names() and draft.known is None:
                run = self._text[name.start : name.end]
                if found := re.search(rf"\b({first})[ \u00a0]({word})\b", run, re.IGNORECASE):
                    self._rename(draft, (first, word), found.group())
            self._add(draft, name)
            return

    def _rename(self, draft: _Draft, words: tuple[str, ...], written: str) -> None:
        """Give a person a fuller name."""
        draft.words, draft.name = words, written
        self.bearers.rename(draft)
        if words[0] in data.first_names():
            draft.kind = "person"
            draft.gender = draft.gender or data.first_names().gender(words[0])

    def _add(self, draft: _Draft, name: Name) -> None:
        draft.add(name)
        self.of[name.start] = draft
        if name.title:
            draft.titles.add(name.title)
            draft.gender = draft.gender or data.titles().gender(name.title)
            if draft.kind == "unknown":
                draft.kind = "person"
        written = self._text[name.start : name.end]
        if draft.known is None and not name.headline and _is_fuller(name.words, draft.words):
            self._rename(draft, name.words, " ".join(written.split()))

    def _new(self, name: Name) -> _Draft:
        written = " ".join(self._text[name.start : name.end].split())
        known = self._known(name, written)
        draft = self.of_known.get(known.name) if known else None
        if draft is None:
            draft = (
                _Draft.of(known) if known else _Draft(name.words, written, *_kind(name), suffix=name.suffix)
            )
            self.drafts.append(draft)
        if known is not None:
            self.of_known[known.name] = draft
        self.bearers.add(draft, name)
        return draft

    def _known(self, name: Name, written: str) -> Speaker | None:
        """The registry's speaker of this name, if it has just one."""
        words = (*name.words, name.suffix) if name.suffix else name.words
        fits = self._registry.named(written) or self._registry.named(" ".join(words))
        return fits[0] if len(fits) == 1 else None


class _Bearers:
    """Who bears a name: by surname, by first name, and by the whole name."""

    def __init__(self) -> None:
        self._by_last: dict[str, list[_Draft]] = {}
        self._by_first: dict[str, list[_Draft]] = {}
        self._by_words: dict[tuple[tuple[str, ...], str], _Draft] = {}

    def add(self, draft: _Draft, name: Name) -> None:
        """Index a person by surname and first name, once, and by the name as it stands here."""
        named = self._by_last.setdefault(draft.words[-1], [])
        if draft not in named:
            _append(named, draft)
            if len(draft.words) > 1:
                _append(self._by_first.setdefault(draft.words[0], []), draft)
        self._by_words.setdefault((name.words, name.suffix), draft)

    def rename(self, draft: _Draft) -> None:
        """Index a person by a fuller name, too."""
        self._by_words.setdefault((draft.words, draft.suffix), draft)
        _append(self._by_first.setdefault(draft.words[0], []), draft)

    def of_surname(self, word: str) -> list[_Draft]:
        """Those of a surname."""
        return self._by_last.get(word, [])

    def exact(self, words: tuple[str, ...], generation: str) -> _Draft | None:
        """Who bears exactly this name."""
        return self._by_words.get((words, generation))

    def match(self, words: tuple[str, ...], generation: str, gender: Gender | None, at: int) -> _Draft | None:
        """The person whom these words fit: the same surname, and a first name that doesn't contradict."""
        if len(words) > 1 and ends_body(words[-1]):
            return None  # Commissions have no first names: only the whole name fits.
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

    def misspelt(self, word: str) -> _Draft | None:
        """Who has a surname that differs by one letter."""
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
        """The surnames, numbered, by the forms that `_slips` gives: those one letter apart share one."""
        found: dict[str, list[tuple[int, str]]] = {}
        for numbered in enumerate(self._by_last):
            for form in _slips(numbered[1]):
                found.setdefault(form, []).append(numbered)
        return found


def _append(bearers: list[_Draft], draft: _Draft) -> None:
    """Add a bearer of a name, up to a limit: all of them are looked at wherever the name stands alone."""
    if len(bearers) < _MOST_BEARERS:
        bearers.append(draft)


def _slips(word: str) -> set[str]:
    """A surname with no letter or one left out; nothing for one that is too short, or too long to be one."""
    if not _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP:
        return set()
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _of_generation(people: list[_Draft], generation: str, *, whole: bool) -> list[_Draft]:
    """Those of one surname, or of one first name, whom a name with or without its "Jr." may mean.

    "Kane Jr." is a junior only, and the whole name without "Jr." nobody who has one, a king's number aside.
    "Kane" is who bears the plain name; where there is none of that first name, it may be the junior.
    """
    if generation:
        return [person for person in people if person.suffix == generation]
    if not any(person.suffix for person in people):
        return people
    if whole:
        return [person for person in people if not person.suffix or person.titles & data.titles().crowned]
    plain = {form for person in people if not person.suffix for form in _long_forms(person.words[0])}
    return [person for person in people if not person.suffix or not _long_forms(person.words[0]) & plain]


def _long_forms(first_name: str) -> frozenset[str]:
    """A first name, and those for which it may be short."""
    return data.nicknames().canonical.get(first_name, frozenset()) | {first_name}


def _nearness(person: _Draft, at: int) -> float:
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
        return "person", lexicon.gender(name.title) or first_names.gender(name.words[0])
    if _names_body(name.words):
        return "organization", None
    if (
        len(name.words) > 1
        and name.words[0] in first_names
        and not data.titles().not_people & set(name.words)
    ):
        return "person", first_names.gender(name.words[0])
    return "unknown", None


def _names_body(words: tuple[str, ...]) -> bool:
    """Whether a name is an organisation's; "Jordan Banks" is not, for a first name stands before one word."""
    if len(words) == 2 and words[0] in data.first_names():
        return words[1] in data.titles().organization_endings
    return any(ends_body(word) for word in words)
