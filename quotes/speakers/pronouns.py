"""He and she: the person who agrees, stands near, and was likely the subject or the speaker.

Quill rose. “Order,” she said.                   →   Quill, the nearest subject
“…,” Renn told Quill. “…,” he added.             →   Renn, who spoke last
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from quotes import data
from quotes.data import Gender
from quotes.parsing.mentions import Mention
from quotes.speakers.bearers import PersonKind
from quotes.speakers.evidence import opens
from quotes.speakers.names import Name
from quotes.speakers.people import People, Person
from quotes.text.marks import Range
from quotes.text.sentences import ABBREVIATION_AWARE_END

GENDERS: dict[str, Gender] = {
    "he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female",
}  # fmt: skip

# The weights of the evidence, set by hand; a sentence's distance is the unit that the rest is measured in.
PER_SENTENCE = 0.6
SUBJECT = 1.2
SPEAKING = 0.5
SPOKE = 1.7
OBLIQUE = 0.5
POSSESSIVE = 0.6
QUOTED = 1.5
HEADLINE = 1.5
PERSON = 2.0
LEAST = -1.0
GENDER = 0.8
OFTEN = 0.1

OWN_WORDS = 1.5
FLOOR = -2.5
CLEARLY = 1.2
ANSWERS = 2.5
LEANING = 0.4
# So much evidence of pronouns beside a name, without any against it, tells the gender.
CERTAIN = 4

# How far back an antecedent is sought, in code points.
_REACH = 2500
# "Okafor lost her coat": a pronoun before any other name, and in the same clause.
_AGREES = re.compile(r"[^“”\"‘.;:!?\nA-Z]*?\b(he|his|himself|she|her|herself)\b")
_CLAUSE = 80
_BEFORE_THINGS = (" the ", " in ", " a ", " an ", "The ", "In ")
_ROLE_AND_NAME = re.compile(r" ((?:[a-z-]+ ){1,4})(?=[A-Z])")
# How far back whom "the businessman" means is sought, in code points.
_NEAR = 700
_CLOSING_STOP = re.compile(r"[.?!][”\"’']+$")

Distance = Callable[[int, int], int]
"""The sentence ends between two offsets."""


class Told(NamedTuple):
    """Who said the last quotation to whom: “…,” Okafor told Brandt."""

    at: int
    speaker: Person
    hearer: Person | None
    asked: bool
    """Whether it was a question."""


@dataclass(slots=True)
class Learned:
    """What the mentions resolved so far tell: who spoke, and that "she" is a woman.

    It grows during one pass over a document's mentions, within stage 4; nothing else sees it.
    """

    spoke: list[tuple[int, Person]] = field(default_factory=list)
    """The speakers so far, each with the place of the mention."""
    genders: dict[Person, Gender] = field(default_factory=dict)
    """The genders shown by pronouns."""
    kinds: dict[Person, PersonKind] = field(default_factory=dict)
    """The kinds shown by descriptions."""
    told: Told | None = None
    """The last quotation's speaker and to whom it was said."""
    publishers: dict[str, Person] = field(default_factory=dict)
    """Whose a document is, by the noun: "the Herald article" is later "the article"."""
    added: dict[str, Person] = field(default_factory=dict)
    """Speakers of the registry whom the document gives only by their accounts, by name."""

    def gender(self, person: Person) -> Gender | None:
        """The person's gender, as far as it is known by now."""
        return self.genders.get(person, person.gender)

    def kind(self, person: Person) -> PersonKind:
        """The person's kind, as far as it is known by now."""
        return self.kinds.get(person, person.kind)


class Antecedents:
    """The people of one document for whom a pronoun may stand.

    `speaking` are the ends of the names that are the source of a cue, with a quotation or without.
    """

    def __init__(self, people: People, distance: Distance, speaking: frozenset[int]) -> None:
        self._people = people
        self._distance = distance
        self._speaking = speaking
        self._prepares: dict[int, float] = {}
        self._somebody: dict[Person, bool] = {}
        self._acting: dict[Person, bool] = {}

    def of(
        self,
        pronoun: str,
        start: int,
        learned: Learned,
        words: Sequence[Range] = (),
        *,
        answers: bool = False,
    ) -> list[tuple[Person, float]]:
        """Those for whom a pronoun at `start` may stand, each with a score, the best first.

        `learned` has the speakers resolved so far, `words` are the ranges of what the pronoun's bearer says,
        and `answers` tells whether that is an answer. The score adds up evidence: nearness in sentences,
        subjecthood, having just spoken, being named often. What is known of gender and of being a person at
        all must agree.
        """
        wanted = GENDERS.get(pronoun)
        near = list(self._people.between(start - _REACH, start))
        # Each person is looked at once: in a long article the same few are named again and again.
        possible = {
            person
            for person in dict.fromkeys(person for _, person in near)
            if self._fits(person, wanted, learned) and (wanted is None or self._may_be_somebody(person))
        }
        found = [(person, name.end, self._by_name(name)) for name, person in near if person in possible]
        found += [
            (person, at, SPOKE)
            for at, person in learned.spoke[-6:]
            if start - _REACH <= at < start and self._fits(person, wanted, learned)
        ]
        best: dict[Person, float] = {}
        for person, at, evidence in found:
            score = evidence - PER_SENTENCE * self._distance(at, start)
            best[person] = max(best.get(person, score), score)
        scores = {person: score + self._standing(person, wanted, learned) for person, score in best.items()}
        named = (self._people.between(*said) for said in words if self._is_sentence(*said))
        for person in {person for names in named for _, person in names}:
            # Whom a speaker names in a sentence is hardly the speaker.
            if person in scores:
                scores[person] -= OWN_WORDS
        told = learned.told
        if answers and told is not None and self._distance(told.at, start) <= 2:
            if told.hearer in scores:
                scores[told.hearer] += ANSWERS
            if told.speaker in scores and (told.hearer is not None or told.asked):
                scores[told.speaker] -= ANSWERS
        likely = ((person, score) for person, score in scores.items() if score >= FLOOR)
        return sorted(likely, key=lambda item: -item[1])

    def of_calling(self, gender: Gender | None, start: int, learned: Learned) -> Person | None:
        """Whom "the businessman" at `start` means: who was named shortly before, clearly the likeliest.

        `gender` is the noun's.
        """
        best: dict[Person, float] = {}
        found = [
            (person, name.end, self._by_name(name))
            for name, person in self._people.between(start - _NEAR, start)
        ]
        found += [(person, at, SPOKE) for at, person in learned.spoke[-2:] if start - _NEAR <= at < start]
        for person, at, evidence in found:
            if learned.kind(person) == "person" and (not gender or self._fits(person, gender, learned)):
                score = (
                    evidence
                    - PER_SENTENCE * self._distance(at, start)
                    + OFTEN * min(len(person.occurrences), 8)
                )
                best[person] = max(best.get(person, score), score)
        first, second, *_ = [
            *sorted(best.items(), key=lambda item: -item[1]),
            (None, -CLEARLY),
            (None, -CLEARLY),
        ]
        return first[0] if first[1] - second[1] >= CLEARLY else None

    def _is_sentence(self, start: int, end: int) -> bool:
        """Whether quoted words end in a stop or a comma: they are hardly a phrase of the writer's."""
        return self._people.text[max(start, end - 4) : end].rstrip("”\"’' ")[-1:] in (",", ".", "?", "!")

    def _may_be_somebody(self, person: Person) -> bool:
        """Whether a name whose kind isn't known may be a person's, and not a place's or no name at all.

        An acronym is none, and a name that mostly follows "the" or "in" is a thing or a place. A word may
        have its capital only because it opens a sentence.
        """
        if person.kind == "person" or person.known:
            return True
        if person not in self._somebody:
            names = [name for name in person.occurrences if not name.headline]
            things = sum(_names_thing(name) for name in names)
            acronym = person.name.isupper() and not any(name.end in self._speaking for name in names)
            common = person.words[-1] in data.titles().nouns
            self._somebody[person] = (
                not (acronym or common)
                and (2 * things < len(names) or self._acts(person))
                and (
                    len(person.words) > 1
                    or person.words[0] in data.first_names()
                    or any(
                        name.title or name.acting or name.end in self._speaking or not opens(name)
                        for name in names
                    )
                )
            )
        return self._somebody[person]

    def _fits(self, person: Person, wanted: Gender | None, learned: Learned) -> bool:
        if wanted is None:
            return learned.kind(person) == "organization"
        if learned.kind(person) == "organization":
            return False
        gender = learned.gender(person)
        if gender is None:
            leaning = self._leanings.get(person, 0)
            return leaning > -CERTAIN if wanted == "male" else leaning < CERTAIN
        return gender == wanted

    def _standing(self, person: Person, wanted: Gender | None, learned: Learned) -> float:
        """The evidence for a person that doesn't depend on the place."""
        gender = learned.gender(person)
        agrees = GENDER * (wanted is not None and gender == wanted)
        if wanted and gender is None:
            leaning = self._leanings.get(person, 0) * (1 if wanted == "male" else -1)
            agrees = LEANING * max(-2, min(2, leaning))
        kind = learned.kind(person)
        known = PERSON * (
            kind == "person" or (kind == "unknown" and wanted is not None and self._acts(person))
        )
        return known + agrees + OFTEN * min(len(person.occurrences), 8)

    def _acts(self, person: Person) -> bool:
        """Whether somebody whose kind isn't known speaks, and goes by a first name or by "he" or "she".

        Countries and firms speak, too, but not all of that is true of them.
        """
        if person not in self._acting:
            leaning = abs(self._leanings.get(person, 0))
            self._acting[person] = leaning > 1 or (
                leaning > 0 and any(name.end in self._speaking for name in person.occurrences)
            )
        return self._acting[person]

    @cached_property
    def _leanings(self) -> dict[Person, int]:
        """What "he" and "she" in the clauses of the names tell of the gender: more than 0 is male.

        A single word that is a first name tells as much as a pronoun. In contradiction, nothing is told.
        """
        votes: dict[Person, list[int]] = {}
        for person in self._people.all:
            if person.gender is None and (gender := _of_first_name(person)):
                votes[person] = [1 if gender == "male" else -1]
        for name, person in self._people.between(0, sys.maxsize):
            if person.gender is None and person.kind != "organization" and not name.headline:
                found = _AGREES.match(name.text, name.end, name.end + _CLAUSE) if name.acting else None
                # "The Fed said he was wrong": what was said is of somebody else.
                if found is not None and ("," in found.group() or not name.speaking):
                    votes.setdefault(person, []).append(
                        1 if found.group(1) in ("he", "his", "himself") else -1
                    )
        return {person: sum(ballot) for person, ballot in votes.items() if abs(sum(ballot)) * 2 > len(ballot)}

    def _by_name(self, name: Name) -> float:
        """How likely one occurrence of a name is to be the antecedent of any pronoun."""
        if name.start not in self._prepares:
            speaking = name.end in self._speaking
            self._prepares[name.start] = (
                SUBJECT * (speaking or name.subject or (name.opening and not _modifies(name)))
                + SPEAKING * speaking
                - OBLIQUE * name.oblique
                - POSSESSIVE * name.possessive
                - (QUOTED * name.quoted + HEADLINE * name.headline)
            )
        return self._prepares[name.start]


def _names_thing(name: Name) -> bool:
    """Whether a name looks like a thing's in one place: "the Herald", "in Caldross", "Dutch ships"."""
    return name.attributive or name.text[max(0, name.start - 5) : name.start].endswith(_BEFORE_THINGS)


def _of_first_name(person: Person) -> Gender | None:
    """The gender of a first name that stands alone, or is short for others of one gender: "Bernie"."""
    names = data.first_names()
    first = person.words[0]
    if len(person.words) == 1:
        return names.gender(first)
    genders = {names.gender(long) for long in data.nicknames().canonical.get(first, ())}
    return genders.pop() if len(genders) == 1 else None


def _modifies(name: Name) -> bool:
    """Whether a name only belongs to the role of another: "Quill aide Ida Vale said"."""
    found = _ROLE_AND_NAME.match(name.text, name.end, name.end + 60)
    return found is not None and data.titles().ends_in_role(found.group(1).split())


def by_description(distance: Distance, pronoun: str, start: int, described: Mention) -> float | None:
    """How likely an unnamed subject, "a woman in a yellow coat", is the antecedent; None if it can't be."""
    noun = data.titles().nouns.get(described.head)
    wanted = GENDERS.get(pronoun)
    if wanted is None or noun is None or noun.gender not in (wanted, None):
        return None
    return SUBJECT + PERSON + GENDER * (noun.gender == wanted) - PER_SENTENCE * distance(described.end, start)


def sentence_distance(text: str, quoted: list[tuple[int, int]]) -> Distance:
    """The number of sentences between two places, those in quotations left out.

    `quoted` are the ranges between quotation marks, sorted. So a long quotation doesn't separate its speaker
    from the pronoun after it.
    """
    ends = []
    position = 0
    for start, end in [*quoted, (len(text), len(text))]:
        ends += [match.end() for match in ABBREVIATION_AWARE_END.finditer(text, position, start)]
        if _CLOSING_STOP.search(text, max(start, end - 3), end):
            ends.append(end)
        position = end

    def distance(start: int, end: int) -> int:
        return min(8, bisect_left(ends, end) - bisect_left(ends, start))

    return distance
