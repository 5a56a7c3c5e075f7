"""Whether a name may be a person's, of which gender, and so whether a pronoun agrees with it.

Okafor lost her coat.   →   a woman, as far as the pronoun beside the name tells: "she" agrees, "he" doesn't
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from quotes import data
from quotes.data import Gender
from quotes.speakers.evidence import names_thing, opens, stands_alone
from quotes.speakers.learned import Learned
from quotes.speakers.names import Name
from quotes.speakers.people import Person

# So much evidence of pronouns beside a name, without any against it, tells the gender.
_CERTAIN = 4
_FIRST_NAME = 3

# "Okafor lost her coat": a pronoun before any other name, and in the same clause.
_AGREES = re.compile(r"[^“”\"‘.;:!?\nA-Z]*?\b(he|his|himself|she|her|herself)\b")
_CLAUSE = 80


class Agreement:
    """What pronouns can mean the people of one document; `speaking` are the ends of the names that speak."""

    def __init__(self, speaking: frozenset[int]) -> None:
        self._speaking = speaking
        self._somebody: dict[Person, bool] = {}
        self._acting: dict[Person, bool] = {}
        self._leanings: dict[Person, int] = {}

    def may_be_somebody(self, person: Person) -> bool:
        """Whether a name whose kind isn't known may be a person's, and not a place's or no name at all.

        An acronym is none, and a name that mostly follows "the" or "in" is a thing or a place. A word may
        have its capital only because it opens a sentence.
        """
        found = self._somebody.get(person)
        if found is None:
            found = self._somebody[person] = not self._is_place(person) and (
                person.kind == "person" or person.known is not None or self._looks_like_somebody(person)
            )
        return found

    def _looks_like_somebody(self, person: Person) -> bool:
        """Whether the places where a name stands, and its words, are as those of a person's."""
        names = [name for name in person.occurrences if not name.headline]
        if person.name.isupper() and not self._speaks(names):
            return False  # an acronym
        if person.words[-1] in data.titles().nouns and not any(map(stands_alone, names)):
            return False
        if 2 * sum(map(names_thing, names)) >= len(names) and not self._acts(person):
            return False
        return (
            len(person.words) > 1
            or person.words[0] in data.first_names()
            or self._speaks(names)
            or any(name.title or name.acting or not opens(name) for name in names)
        )

    def _speaks(self, names: Iterable[Name]) -> bool:
        return any(name.end in self._speaking for name in names)

    def _is_place(self, person: Person) -> bool:
        """Whether a name is a place's or a people's, and no pronoun beside it tells otherwise."""
        if len(person.words) > 1 or person.words[0] not in data.titles().places or person.known:
            return False
        titled = any(name.title for name in person.occurrences)
        return not titled and abs(self.leaning(person)) < _CERTAIN

    def fits(self, person: Person, wanted: Gender | None, learned: Learned) -> bool:
        """Whether a pronoun of a gender, or "it", agrees with what is known of a person."""
        if (learned.kind(person) == "organization") != (wanted is None):
            return False
        if wanted is None:
            return True
        gender = learned.gender(person)
        if gender is not None:
            return gender == wanted
        leaning = self.leaning(person)
        return leaning > -_CERTAIN if wanted == "male" else leaning < _CERTAIN

    def of_person(self, person: Person, wanted: Gender | None, learned: Learned) -> dict[str, float]:
        """What is known of a person, by weight."""
        gender, kind = learned.gender(person), learned.kind(person)
        found = {"often": math.log1p(len(person.occurrences))}
        if kind == "person":
            found["person"] = 1.0
        elif kind == "unknown" and wanted is not None and self._acts(person):
            found["acts"] = 1.0
        if wanted is not None and gender == wanted:
            found["gender"] = 1.0
        elif wanted and gender is None:
            leaning = self.leaning(person) * (1 if wanted == "male" else -1)
            if leaning:
                found["agrees" if leaning > 0 else "disagrees"] = 1.0
        return found

    def _acts(self, person: Person) -> bool:
        """Whether somebody whose kind isn't known speaks, and goes by a first name or by "he" or "she".

        Countries and firms speak, too, but not all of that is true of them.
        """
        if person not in self._acting:
            leaning = abs(self.leaning(person))
            self._acting[person] = leaning > 1 or (leaning > 0 and self._speaks(person.occurrences))
        return self._acting[person]

    def leaning(self, person: Person) -> int:
        """What "he" and "she" in the clauses of a person's names tell of the gender: more than 0 is male.

        A single word that is a first name tells as much as three pronouns. In contradiction, nothing is told.
        """
        if person not in self._leanings:
            votes = list(_votes(person)) if person.gender is None and person.occurrences else []
            total = sum(votes)
            self._leanings[person] = total if abs(total) * 2 > len(votes) else 0
        return self._leanings[person]


def _votes(person: Person) -> Iterator[int]:
    """What a first name, and pronouns beside the names of somebody of unknown gender, tell: 1 for male."""
    if gender := _of_first_name(person):
        yield from [1 if gender == "male" else -1] * _FIRST_NAME
    for name in person.occurrences if person.kind != "organization" else ():
        found = _AGREES.match(name.text, name.end, name.end + _CLAUSE)
        if found is None or name.headline or not name.acting:
            continue
        # "The Fed said he was wrong": what was said is of somebody else.
        if "," in found[0] or name.next_word not in data.cues().verbs:
            yield 1 if found[1] in ("he", "his", "himself") else -1


def _of_first_name(person: Person) -> Gender | None:
    """The gender of a first name that stands alone, or is short for others of one gender: "Bernie"."""
    names = data.first_names()
    first = person.words[0]
    if len(person.words) == 1 and first in data.titles().places:
        return None
    if len(person.words) == 1:
        return names.gender(first)
    genders = {names.gender(long) for long in data.nicknames().canonical.get(first, ())}
    return genders.pop() if len(genders) == 1 else None
