"""He and she: the person who agrees, stands near, and was likely the subject or the speaker.

Quill rose. “Order,” she said.                   →   Quill, the nearest subject
“…,” Renn told Quill. “…,” he added.             →   Renn, who spoke last
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from quotes import data
from quotes.data import Gender
from quotes.parsing.mentions import Mention
from quotes.speakers.bearers import PersonKind
from quotes.speakers.names import Name
from quotes.speakers.people import People, Person
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

# How far back an antecedent is sought, in code points.
_REACH = 2500
_CLOSING_STOP = re.compile(r"[.?!][”\"’']+$")

Distance = Callable[[int, int], int]
"""The sentence ends between two offsets."""


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

    def of(self, pronoun: str, start: int, learned: Learned) -> list[tuple[Person, float]]:
        """Those for whom a pronoun at `start` may stand, each with a score, the best first.

        `learned` has the speakers resolved so far. The score adds up evidence: nearness in sentences,
        subjecthood, having just spoken, being named often. What is known of gender and of being a person at
        all must agree.
        """
        wanted = GENDERS.get(pronoun)
        near = self._people.between(start - _REACH, start)
        found = [
            (person, name.end, self._by_name(name)) for name, person in near if _fits(person, wanted, learned)
        ]
        found += [
            (person, at, SPOKE)
            for at, person in learned.spoke[-6:]
            if start - _REACH <= at < start and _fits(person, wanted, learned)
        ]
        best: dict[Person, float] = {}
        for person, at, evidence in found:
            score = evidence - PER_SENTENCE * self._distance(at, start)
            best[person] = max(best.get(person, score), score)
        scores = {person: score + _standing(person, wanted, learned) for person, score in best.items()}
        return sorted(scores.items(), key=lambda item: -item[1])

    def _by_name(self, name: Name) -> float:
        """How likely one occurrence of a name is to be the antecedent of any pronoun."""
        if name.start not in self._prepares:
            speaking = name.end in self._speaking
            self._prepares[name.start] = (
                SUBJECT * (speaking or name.subject or name.opening)
                + SPEAKING * speaking
                - OBLIQUE * name.oblique
                - POSSESSIVE * name.possessive
                - (QUOTED * name.quoted + HEADLINE * name.headline)
            )
        return self._prepares[name.start]


def by_description(distance: Distance, pronoun: str, start: int, described: Mention) -> float | None:
    """How likely an unnamed subject, "a woman in a yellow coat", is the antecedent; None if it can't be."""
    noun = data.titles().nouns.get(described.head)
    wanted = GENDERS.get(pronoun)
    if wanted is None or noun is None or noun.gender not in (wanted, None):
        return None
    return SUBJECT + PERSON + GENDER * (noun.gender == wanted) - PER_SENTENCE * distance(described.end, start)


def _fits(person: Person, wanted: Gender | None, learned: Learned) -> bool:
    if wanted is None:
        return learned.kind(person) == "organization"
    return learned.kind(person) != "organization" and learned.gender(person) in (wanted, None)


def _standing(person: Person, wanted: Gender | None, learned: Learned) -> float:
    """The evidence for a person that doesn't depend on the place."""
    agrees = wanted is not None and learned.gender(person) == wanted
    known = PERSON * (learned.kind(person) == "person") + GENDER * agrees
    return known + OFTEN * min(len(person.occurrences), 8)


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
