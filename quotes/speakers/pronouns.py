"""He and she: the person who agrees, stands near, and was likely the subject or the speaker.

Quill rose. “Order,” she said.                   →   Quill, the nearest subject
“…,” Renn told Quill. “…,” he added.             →   Renn, who spoke last

Each candidate has a score: the sum of the weights of what speaks for it and against it. The weights are in
`quotes/data/antecedents.json`: `scripts/fit_antecedents.py` fits them on pronouns that people resolved.
The kinds of evidence are those of the literature on pronouns: agreement, nearness, subjecthood and the topic
that is carried on (Lappin and Leass 1994; Grosz, Joshi and Weinstein 1995).
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from quotes import data
from quotes.data import Gender
from quotes.data.lookups import Noun
from quotes.parsing.mentions import Mention
from quotes.speakers.bearers import PersonKind
from quotes.speakers.evidence import names_thing, opens, stands_alone
from quotes.speakers.names import Name, is_verb
from quotes.speakers.people import People, Person
from quotes.text.marks import Range
from quotes.text.sentences import ABBREVIATION_AWARE_END

GENDERS: dict[str, Gender] = {
    "he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female",
}  # fmt: skip
WEIGHTS: Final = Path(data.__file__).parent / "antecedents.json"

# Scores below which nobody is meant, and by how much "the businessman" must be likelier than another.
LEAST = -1.0
FLOOR = -2.5
CLEARLY = 1.2
# So much evidence of pronouns beside a name, without any against it, tells the gender.
CERTAIN = 4
FIRST_NAME = 3

# How far back an antecedent is sought, in code points.
_REACH = 2500
# The speakers and the topics that are remembered.
_REMEMBERED = 6
# "Okafor lost her coat": a pronoun before any other name, and in the same clause.
_AGREES = re.compile(r"[^“”\"‘.;:!?\nA-Z]*?\b(he|his|himself|she|her|herself)\b")
_CLAUSE = 80
_SENTENCE = 300
# The rest of a pronoun's clause: whom it names is somebody else.
_REST = re.compile(r"[^.;!?“”\"\n]{0,90}")
# "He told Quill", "she said of Quill": so near behind the pronoun, in code points.
_OBJECT = 20
_WORDS = re.compile(r"[^\W\d_]+")
_ADDRESSED = re.compile(r"\b(?:ask|tell|press|remind|urge|told)(?:s|ed|ing)?\s$")
_ROLE_AND_NAME = re.compile(r" ((?:[a-z-]+ ){1,4})(?=[A-Z])")
# How far back whom "the businessman" means is sought, in code points.
_NEAR = 700
_CLOSING_STOP = re.compile(r"[.?!][”\"’']+$")

Distance = Callable[[int, int], int]
"""The sentence ends between two offsets."""


@cache
def weights() -> Mapping[str, float]:
    """The weight of each kind of evidence."""
    found: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return found


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
    followed: int = 0
    """How far the topics were followed."""
    topics: list[tuple[int, Person]] = field(default_factory=list)
    """Whom the pronouns mean that are subjects of main clauses, each with its place."""
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


class Place(NamedTuple):
    """Where a candidate is named, speaks, or is the topic."""

    person: Person
    at: int
    holds: tuple[str, ...]
    """What holds of it, by the names of the weights."""
    sentences: int
    """The sentence ends between the place and the pronoun."""
    apart: bool
    """Whether it stands in another paragraph than the pronoun."""


class Antecedents:
    """The people of one document for whom a pronoun may stand.

    `speaking` are the ends of the names that are the source of a cue, with a quotation or without, and
    `topics` the ranges of the words that are the subject of a main clause.
    """

    def __init__(
        self, people: People, distance: Distance, speaking: frozenset[int], topics: Sequence[Range] = ()
    ) -> None:
        self._people = people
        self._distance = distance
        self._speaking = speaking
        self._topics = topics
        self._topic_ends = frozenset(end for _, end in topics)
        self._holds: dict[int, tuple[str, ...]] = {}
        self._scores: dict[tuple[str, ...], float] = {}
        self._somebody: dict[Person, bool] = {}
        self._acting: dict[Person, bool] = {}
        self._leanings: dict[Person, int] = {}

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
        and `answers` tells whether that is an answer. What is known of gender and of being a person at all
        must agree.
        """
        weight = weights()
        found: dict[Person, list[float]] = {}
        for place in self.places(pronoun, start, learned):
            score = self._score(place.holds) + weight["sentence"] * place.sentences
            found.setdefault(place.person, []).append(score + weight["other paragraph"] * place.apart)
        if not found:
            return []
        standing = self.standing(pronoun, start, list(found), learned, words, answers=answers)
        scores = {
            # The places of one person add up: their sum is taken of the odds, not of the scores.
            person: math.log(sum(map(math.exp, places)))
            + sum(weight[one] * value for one, value in standing[person].items())
            for person, places in found.items()
        }
        likely = ((person, score) for person, score in scores.items() if score >= FLOOR)
        return sorted(likely, key=lambda item: -item[1])

    def places(self, pronoun: str, start: int, learned: Learned) -> Iterator[Place]:
        """The places before `start` where the candidates are named, speak, or are the topic."""
        wanted = GENDERS.get(pronoun)
        spoke = dict(learned.spoke[-_REMEMBERED:])
        paragraph = self._people.text.rfind("\n", 0, start) + 1
        # Each person is looked at once: in a long article the same few are named again and again.
        possible: dict[Person, bool] = {}
        for name, named in self._people.between(start - _REACH, start):
            # Of a misspelt name, who is meant is known once it was resolved.
            person = spoke.get(name.start, named)
            if person not in possible:
                fits = self._fits(person, wanted, learned)
                possible[person] = fits and (wanted is None or self._may_be_somebody(person))
            if possible[person]:
                holds = self._of_name(name)
                holds = (*holds, "spoke") if spoke.pop(name.start, None) else holds
                yield Place(person, name.end, holds, self._distance(name.end, start), name.start < paragraph)
        carried = sorted({**spoke, **dict(learned.topics[-_REMEMBERED:])}.items(), key=itemgetter(0))
        for n, (at, person) in enumerate(reversed(carried)):
            if start - _REACH <= at < start and self._fits(person, wanted, learned):
                holds = ("carried on",) if n else ("carried on", "carried on last")
                yield Place(person, at, holds, self._distance(at, start), at < paragraph)

    def standing(
        self,
        pronoun: str,
        start: int,
        people: Sequence[Person],
        learned: Learned,
        words: Sequence[Range] = (),
        *,
        answers: bool = False,
    ) -> dict[Person, dict[str, float]]:
        """The evidence for each person that doesn't depend on where he or she was named, by weight."""
        wanted = GENDERS.get(pronoun)
        found = {person: self._of_person(person, wanted, learned) for person in people}
        rest = _REST.match(self._people.text, start)
        end = rest.end() if rest else start
        behind = {person for _, person in self._people.between(start, end)}
        objects = {person for _, person in self._people.between(start, min(end, start + _OBJECT))}
        named = (self._people.between(*said) for said in words if self._is_sentence(*said))
        words_of = {person for names in named for _, person in names}
        for kind, those in (("object", objects), ("named behind", behind), ("own words", words_of)):
            for person in those:
                if person in found:
                    found[person][kind] = 1.0
        told = learned.told
        if answers and told is not None and self._distance(told.at, start) <= 2:
            if told.hearer in found:
                found[told.hearer]["hearer"] = 1.0
            if told.speaker in found and (told.hearer is not None or told.asked):
                found[told.speaker]["asker"] = 1.0
        return found

    def follow(self, start: int, learned: Learned) -> None:
        """Find whom the pronouns before `start` mean that are the topic there, in text order."""
        first = bisect_left(self._topics, (learned.followed, 0))
        for at, end in self._topics[first : bisect_left(self._topics, (start, 0))]:
            pronoun = self._people.text[at:end].lower()
            if GENDERS.get(pronoun) and at >= start - _REACH:
                found = self.of(pronoun, at, learned)
                if found and found[0][1] >= LEAST:
                    learned.topics.append((at, found[0][0]))
        learned.followed = max(learned.followed, start)

    def of_they(self, start: int, learned: Learned) -> Person | None:
        """The one person whom "they" at `start` means: the topic of a paragraph that names nobody else.

        Rowan Tisdale stood under the beam. “It leaks,” they said.   →   Rowan Tisdale
        """
        text = self._people.text
        paragraph = text.rfind("\n", 0, start) + 1
        named = [(name, person) for name, person in self._people.between(paragraph, start) if not name.quoted]
        nouns = data.titles().nouns
        others = (nouns.get(data.fold(word)) for word in _WORDS.findall(text, paragraph, start))
        if len({person for _, person in named}) != 1 or any(noun and _is_several(noun) for noun in others):
            return None
        name, person = named[-1]
        alone = not text.startswith(" and ", name.end) and name.end in self._topic_ends
        unclear = learned.kind(person) == "person" and learned.gender(person) is None
        return person if alone and unclear and not self._leaning(person) else None

    def of_calling(self, gender: Gender | None, start: int, learned: Learned) -> Person | None:
        """Whom "the businessman" at `start` means: who was named shortly before, clearly the likeliest.

        `gender` is the noun's.
        """
        weight = weights()
        best: dict[Person, float] = {}
        found = [
            (person, name.end, self._of_name(name))
            for name, person in self._people.between(start - _NEAR, start)
        ]
        found += [
            (person, at, ("spoke",)) for at, person in learned.spoke[-2:] if start - _NEAR <= at < start
        ]
        for person, at, holds in found:
            if learned.kind(person) == "person" and (not gender or self._fits(person, gender, learned)):
                score = self._score(holds) + weight["sentence"] * self._distance(at, start)
                score += weight["often"] * math.log1p(len(person.occurrences))
                best[person] = max(best.get(person, score), score)
        first, second, *_ = [
            *sorted(best.items(), key=lambda item: -item[1]),
            (None, -CLEARLY),
            (None, -CLEARLY),
        ]
        return first[0] if first[1] - second[1] >= CLEARLY else None

    def _is_first(self, name: Name) -> bool:
        """Whether nobody else is named before in the sentence."""
        before = self._people.between(max(name.paragraph, name.start - _SENTENCE), name.start)
        return not any(
            not (person.kind == "organization" or other.possessive)
            and self._distance(other.end, name.start + 1) == 0
            for other, person in before
        )

    def _is_sentence(self, start: int, end: int) -> bool:
        """Whether quoted words end in a stop or a comma: they are hardly a phrase of the writer's."""
        return self._people.text[max(start, end - 4) : end].rstrip("”\"’' ")[-1:] in (",", ".", "?", "!")

    def _may_be_somebody(self, person: Person) -> bool:
        """Whether a name whose kind isn't known may be a person's, and not a place's or no name at all.

        An acronym is none, and a name that mostly follows "the" or "in" is a thing or a place. A word may
        have its capital only because it opens a sentence.
        """
        if self._is_place(person):
            return False
        if person.kind == "person" or person.known:
            return True
        if person not in self._somebody:
            names = [name for name in person.occurrences if not name.headline]
            things = sum(names_thing(name) for name in names)
            acronym = person.name.isupper() and not any(name.end in self._speaking for name in names)
            common = person.words[-1] in data.titles().nouns and not any(stands_alone(name) for name in names)
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

    def _is_place(self, person: Person) -> bool:
        """Whether a name is a place's or a people's, and no pronoun beside it tells otherwise."""
        if len(person.words) > 1 or person.words[0] not in data.titles().places or person.known:
            return False
        titled = any(name.title for name in person.occurrences)
        return not titled and abs(self._leaning(person)) < CERTAIN

    def _fits(self, person: Person, wanted: Gender | None, learned: Learned) -> bool:
        if wanted is None:
            return learned.kind(person) == "organization"
        if learned.kind(person) == "organization":
            return False
        gender = learned.gender(person)
        if gender is None:
            leaning = self._leaning(person)
            return leaning > -CERTAIN if wanted == "male" else leaning < CERTAIN
        return gender == wanted

    def _of_person(self, person: Person, wanted: Gender | None, learned: Learned) -> dict[str, float]:
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
            leaning = self._leaning(person) * (1 if wanted == "male" else -1)
            if leaning:
                found["agrees" if leaning > 0 else "disagrees"] = 1.0
        return found

    def _acts(self, person: Person) -> bool:
        """Whether somebody whose kind isn't known speaks, and goes by a first name or by "he" or "she".

        Countries and firms speak, too, but not all of that is true of them.
        """
        if person not in self._acting:
            leaning = abs(self._leaning(person))
            self._acting[person] = leaning > 1 or (
                leaning > 0 and any(name.end in self._speaking for name in person.occurrences)
            )
        return self._acting[person]

    def _leaning(self, person: Person) -> int:
        """What "he" and "she" in the clauses of a person's names tell of the gender: more than 0 is male.

        A single word that is a first name tells as much as three pronouns. In contradiction, nothing is told.
        """
        if person not in self._leanings:
            votes = list(_votes(person)) if person.gender is None and person.occurrences else []
            total = sum(votes)
            self._leanings[person] = total if abs(total) * 2 > len(votes) else 0
        return self._leanings[person]

    def _score(self, holds: tuple[str, ...]) -> float:
        """The sum of the weights of what holds. The same few combinations recur."""
        if holds not in self._scores:
            self._scores[holds] = sum(weights()[one] for one in holds)
        return self._scores[holds]

    def _of_name(self, name: Name) -> tuple[str, ...]:
        """What speaks for one occurrence of a name as the antecedent of any pronoun, and against it."""
        if name.start not in self._holds:
            speaking = name.end in self._speaking
            subject = name.end in self._topic_ends
            before = name.text[max(name.paragraph, name.run - 12) : name.run]
            possessive, word = name.possessive, name.next_word
            found = {
                "main subject": subject,
                "first": not (name.quoted or possessive) and self._is_first(name),
                "subject": speaking
                or is_verb(word)
                or (name.opening and not possessive and not _modifies(name)),
                "speaking": speaking or word in data.cues().verbs,
                "addressed": _ADDRESSED.search(before) is not None,
                "oblique": name.oblique,
                "possessive": possessive,
                "attributive": name.attributive,
                "quoted": name.quoted,
                "headline": name.headline,
            }
            self._holds[name.start] = tuple(one for one, holds in found.items() if holds)
        return self._holds[name.start]


def _votes(person: Person) -> Iterator[int]:
    """What a first name, and pronouns beside the names of somebody of unknown gender, tell: 1 for male."""
    if gender := _of_first_name(person):
        yield from [1 if gender == "male" else -1] * FIRST_NAME
    for name in person.occurrences if person.kind != "organization" else ():
        if name.headline or not name.acting:
            continue
        found = _AGREES.match(name.text, name.end, name.end + _CLAUSE)
        # "The Fed said he was wrong": what was said is of somebody else.
        if found is not None and ("," in found[0] or name.next_word not in data.cues().verbs):
            yield 1 if found[1] in ("he", "his", "himself") else -1


def _is_several(noun: Noun) -> bool:
    return noun.plural or noun.kind in ("group", "organization")


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
    weight, agrees = weights(), noun.gender == wanted
    known = weight["subject"] + weight["main subject"] + weight["person"] + weight["gender"] * agrees
    return known + weight["sentence"] * distance(described.end, start)


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
