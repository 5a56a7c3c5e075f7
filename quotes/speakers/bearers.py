"""Who bears a name, while the names of a document are gathered and after.

Bill Clinton, Hillary Clinton   →   "Mrs. Clinton" matches the second, "Clinton" who was named last and often
Jeff Sessions                   →   "Session" is a misspelling
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
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

# "Her son, Piet Quill": how much less likely the bare surname means the relative of whom the text is about.
_RELATIVE = 2.0
_RELATED = re.compile(
    r"(?:\b(?:[Hh]is|[Hh]er|[Tt]heir)|\w[’']s?)\s(?:[a-z-]+\s){0,2}"
    r"(?:(?:grand|step)?(?:son|daughter|father|mother|parents)|(?:half-)?(?:brother|sister)|wife|husband|widow|widower"
    r"|uncle|aunt|niece|nephew|cousin),?\s$"
)
# In code points.
_GLANCE = 60

# What a country may be, too: "Lowmark, a longtime ally".
_STATES_TOO = frozenset(["ally", "rival", "opponent", "member", "donor", "backer", "supporter", "critic"])
# Titles of two women; "Ms." fits both.
_APART = {"miss": "mrs", "mrs": "miss"}

PersonKind = Literal["person", "organization", "unknown"]


@dataclass(slots=True, eq=False)  # not frozen: that takes three times as long, and a document has hundreds
class Person:
    """Somebody, or some body, whom a document names. While the names are gathered, it is a `Draft`."""

    words: tuple[str, ...]
    """The words of the fullest name."""
    name: str
    """The fullest name as the document writes it, or as the registry has it."""
    kind: PersonKind
    gender: Gender | None = None
    known: Speaker | None = None
    suffix: str = ""
    """What distinguishes a son from his father of the same name: "jr"."""
    occurrences: Sequence[Name] = ()
    """Where the person is named, in text order."""

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.words[-1]


@dataclass(slots=True, eq=False)
class Draft(Person):
    """A person while the names are gathered: the occurrences are in the order in which they were added."""

    occurrences: list[Name] = field(default_factory=list)
    titles: frozenset[str] = frozenset()
    introduced: Name | None = None
    """The occurrence that was added first. The longest names are the first."""
    _relative: bool | None = None
    _places: list[list[int]] = field(default_factory=list)
    _placed: int = 0
    """How many of the occurrences are in `_places`."""

    @classmethod
    def of(cls, known: Speaker) -> Draft:
        """A speaker of the registry."""
        kind: PersonKind = "organization" if known.kind == "organization" else "person"
        words = key(known.name)
        # An entry need not say what the first name does.
        gender = known.gender or (data.first_names().gender(words[0]) if known.kind == "person" else None)
        return cls(words, known.name, kind, gender, known, suffix(known.name))

    def add(self, name: Name) -> None:
        """Add an occurrence."""
        self.occurrences.append(name)

    @property
    def places(self) -> list[list[int]]:
        """Where the occurrences outside headlines begin, in the order added, cut into runs that ascend.

        Not those where the writer uses the first name: whom a text calls "Nell", it hardly calls "Quill".
        Few people share a name, so that their places are asked for.
        """
        for name in self.occurrences[self._placed :]:
            by_first_name = name.words[-1] != self.words[-1] and not name.quoted
            if not name.headline and not by_first_name:
                if not self._places or self._places[-1][-1] > name.start:
                    self._places.append([])
                self._places[-1].append(name.start)
        self._placed = len(self.occurrences)
        return self._places

    @property
    def relative(self) -> bool:
        """Whether it is first presented as somebody's relative: "her son, Piet Quill"."""
        if self._relative is None:
            name = self.introduced
            before = name.text[max(name.paragraph, name.run - _GLANCE) : name.run] if name else ""
            self._relative = _RELATED.search(before) is not None
        return self._relative

    def sort(self) -> None:
        """Put the occurrences in text order."""
        if len(self.occurrences) > 1:
            self.occurrences.sort(key=itemgetter(0))
            self._places, self._placed = [], 0

    def may_be_called(self, title: str) -> bool:
        """Whether a courtesy title fits: who is Miss Quill is not Mrs. Quill, in one document."""
        word = courtesy(title)
        other = _APART.get(word)
        if other is None:
            return True
        called = {courtesy(one) for one in self.titles}
        return word in called or other not in called

    @property
    def learned(self) -> bool:
        """Whether roles tell nothing new: it is a body, or somebody whose gender is known."""
        return self.kind == "organization" or (self.kind == "person" and self.gender is not None)

    def learn(self, role: tuple[str, ...]) -> bool:
        """Take kind and gender from a role beside the name; False where the role can't be this one's."""
        if role[-1:] == ("old",) and self.kind == "unknown":
            self.kind = "person"
        noun = data.titles().nouns.get(role[-1]) if role else None
        if noun is None:
            return True
        if (noun.kind == "organization") != (self.kind == "organization"):
            if self.kind != "unknown":
                return False
            self.kind = "organization" if noun.kind == "organization" else "person"
        single = noun.kind == "person" and not noun.plural and noun.lemma not in _STATES_TOO
        if single and self.kind == "unknown" and len(self.words) > 1:
            self.kind = "person"
        if noun.gender and self.gender is None and not noun.plural:
            # "her son, Piet": the noun has a gender when the name may not.
            self.gender, self.kind = noun.gender, "person"
        return True


class Bearers:
    """The people of a document by surname, by first name, and by whole name."""

    def __init__(self, names: Collection[Name], registry: Registry) -> None:
        self._registry = registry
        self._by_last: dict[str, list[Draft]] = {}
        self._by_first: dict[str, list[Draft]] = {}
        self._by_words: dict[tuple[tuple[str, ...], str], Draft] = {}
        self._names = names

    @cached_property
    def alone(self) -> Counter[str]:
        """How often a word is the whole name, without a title."""
        plain = (
            name for name in self._names if len(name.words) == 1 and not name.headline and not name.title
        )
        return Counter(name.words[0] for name in plain)

    @cached_property
    def _called(self) -> set[str]:
        """The names of one word, with titles and without."""
        return {name.words[0] for name in self._names if len(name.words) == 1}

    @cached_property
    def _titled(self) -> set[str]:
        """The surnames that stand behind a title: "Mr. Quill"."""
        return {name.words[0] for name in self._names if len(name.words) == 1 and name.title}

    @cached_property
    def _misses(self) -> set[str]:
        """The surnames of all who are called Miss."""
        return {name.words[-1] for name in self._names if name.title and courtesy(name.title) == "miss"}

    def add(self, draft: Draft, name: Name) -> None:
        """Index a person by surname and first name, once, and by the name as it stands here."""
        named = self._by_last.setdefault(draft.words[-1], [])
        if draft not in named and not (draft.kind == "organization" and _is_for_somebody(draft.name)):
            _append(named, draft)
            if len(draft.words) > 1:
                _append(self._by_first.setdefault(draft.words[0], []), draft)
        self._by_words.setdefault((name.words, name.suffix), draft)

    def rename(self, draft: Draft) -> None:
        """Index a person by a fuller name, too."""
        self._by_words.setdefault((draft.words, draft.suffix), draft)
        _append(self._by_first.setdefault(draft.words[0], []), draft)

    def of_surname(self, word: str) -> list[Draft]:
        """Those of a surname."""
        return self._by_last.get(word, [])

    def exact(self, words: tuple[str, ...], generation: str) -> Draft | None:
        """Who bears exactly this name."""
        return self._by_words.get((words, generation))

    def sharing(self, word: str) -> int:
        """How many have a name as their surname or as their first name."""
        return len({*self._by_last.get(word, ()), *self._by_first.get(word, ())})

    def match(self, words: tuple[str, ...], generation: str, title: str, at: int) -> Draft | None:
        """The person whom these words fit: one surname, and no contradiction in first name and title."""
        if len(words) > 1 and (words[-1] not in self._by_last or ends_body(words[-1])):
            return None  # Commissions have no first names: only the whole name fits.
        bearers = self._by_last.get(words[-1], ())
        ambiguous = words[0] in self._by_first and words[0] in data.first_names().genders
        if len(bearers) == len(words) == 1 and not (title or generation or ambiguous):
            return bearers[0]  # most names are surnames that one person bears
        if not bearers and not generation and words[0] not in self._by_first:
            return None
        gender = data.titles().gender(title)
        fits = [p for p in bearers if _agree(words, p.words)]
        fits = of_generation(fits, generation, whole=len(words) > 1)
        if title:
            fits = [p for p in fits if p.may_be_called(title)]
            if courtesy(title) == "mrs" and words[-1] in self._misses:
                # Where there is a Miss Quill, too, who is named in full is rather she than Mrs. Quill.
                fits = [p for p in fits if p.titles or len(p.words) == 1]
        single = len(words) == 1 and (not title or title.split()[-1] in data.titles().before_first_names)
        if fits and single and words[0] in data.first_names():
            # "Hillary" is Hillary Clinton rather than Crooked Hillary.
            first_names = data.first_names()
            named = [p for p in self._by_first.get(words[0], ()) if p.kind == "person"]
            if len(named) == 1 and not any(len(p.words) == 1 or p.words[0] in first_names for p in fits):
                fits = named
        if not fits and single:
            # "Don Jr." is short for "Donald Trump Jr."; "Don" alone may be anybody.
            firsts = _long_forms(words[0]) if generation else {words[0]}
            named = [p for first in sorted(firsts) for p in self._by_first.get(first, ())]
            if title:
                alike = [p for p in named if any(courtesy(one) == courtesy(title) for one in p.titles)]
                named = alike or [p for p in named if not p.titles]
            fits = of_generation([p for p in named if p.kind == "person"], generation, whole=False)
            if len(fits) > 1:
                return None
        if not fits and title and len(words) == 1 and not single:
            # "Mr. Lou" is Lou Jiwei, unless somebody is called Jiwei, too.
            named = [p for p in self._by_first.get(words[0], ()) if p.kind == "person"]
            fits = named if len(named) == 1 and named[0].words[-1] not in self._called else []
        if not fits and len(words) == 1:
            fits = [p for p in self._by_first.get(words[0], ()) if self._goes_by_front(p, at)]
            if len(fits) > 1:
                return None
        if gender:
            fits = [p for p in fits if p.gender in (gender, None)]
        if not title and len(words) == 1:
            # "Quill" is Ada Quill rather than who goes by "Mrs. Quill".
            fits = [p for p in fits if len(p.words) > 1 or not p.titles] or fits
        if len(fits) < 2:
            return fits[0] if fits else None
        asides = () if title else _asides(fits, at)
        return max(fits, key=lambda p: _nearness(p, at) - _RELATIVE * (p in asides))

    def _goes_by_front(self, person: Draft, at: int) -> bool:
        """Whether a name that was given before may be cut to its first word: "Ban Ki-moon", "Corvane Energy".

        If there is a "Mr. Quill" for "Ferdl Quill", it need not have been given before: stories begin so. It
        may not if its last word stands alone, too, nor if the first is a first name or describes a body.
        """
        lexicon, (first, last) = data.titles(), (person.words[0], person.words[-1])
        company = last in lexicon.answers["company"]
        return (
            len(person.words) == 2
            and last not in self.alone
            and first not in data.first_names()
            and first not in lexicon.nouns
            and not self._registry.named(first)
            and (
                company
                or not (ends_body(last) or last in lexicon.nouns or {first, last} & lexicon.not_people)
            )
            and (last in self._titled or any(name.start < at for name in person.occurrences))
            and (company or self.alone[first] > 1)
        )

    def misspelt(self, word: str) -> Draft | None:
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


def _is_for_somebody(body: str) -> bool:
    """Whether a body's name ends in a person's, who is called by the last word: Committee for Tobias Marl."""
    whom = body.partition(" for ")[2].split()
    return len(whom) > 1 and whom[0] in data.first_names()


def courtesy(title: str) -> str:
    """The last word of a title, without its dot: "mrs" of "poor mrs."."""
    return title.rsplit(" ", 1)[-1].rstrip(".")


def _append(bearers: list[Draft], draft: Draft) -> None:
    """Add a bearer of a name, up to a limit: all of them are looked at wherever the name stands alone."""
    if len(bearers) < _MOST_BEARERS:
        bearers.append(draft)


def _slips(word: str) -> set[str]:
    """A surname with no letter or one left out; nothing for one that is too short, or too long to be one."""
    if not _SHORTEST_SLIP <= len(word) <= _LONGEST_SLIP:
        return set()
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def of_generation(people: list[Draft], generation: str, *, whole: bool) -> list[Draft]:
    """Of those who share a surname or a first name: whom a name with or without "Jr." may mean.

    "Kane Jr." is a junior only. A whole name without "Jr." is never a junior; a king may lack his number.
    "Kane" is who has the plain name, or the junior if nobody of that first name has it.
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


def _named_before(person: Draft, at: int) -> int:
    return sum(bisect_left(run, at) for run in person.places)


def _nearness(person: Draft, at: int) -> float:
    """Of several who share a surname, how likely one is meant: named often so far, and lately."""
    runs, before = person.places, _named_before(person, at)
    if not before:
        return -100.0 - (person.occurrences[0].start if person.occurrences else 0) / 1e6
    last = next(run[found - 1] for run in reversed(runs) if (found := bisect_left(run, at)))
    return math.log(1 + before) - (at - last) / _FORGOTTEN


def _asides(people: list[Draft], at: int) -> list[Draft]:
    """Those who are somebody's relatives, named before `at` no more often than any of the others."""
    relatives = [person for person in people if person.relative]
    if not relatives:
        return relatives
    most = max((_named_before(person, at) for person in people if not person.relative), default=0)
    return [person for person in relatives if _named_before(person, at) <= most]


def is_fuller(words: tuple[str, ...], than: tuple[str, ...]) -> bool:
    """Whether a form is fuller: more words, or the first name and not its initial."""
    if len(words) != len(than):
        return len(words) > len(than)
    return len(than[0]) == 1 < len(words[0])


def _agree(words: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether a form may be short for a full name: its first name is equal, an initial or a nickname."""
    if len(words) == 1 or len(full) == 1 or full[-len(words) :] == words:
        return True
    one, other = words[0], full[0]
    if one == other or data.nicknames().same(one, other):
        return True
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]
