"""He and she: the person who agrees, stands near, and was likely the subject or the speaker.

Quill rose. “Order,” she said.                   →   Quill, the nearest subject
“…,” Renn told Quill. “…,” he added.             →   Renn, who spoke last

Each candidate has a score: the sum of the weights of what speaks for it and against it. Who is too far away
to be the likeliest gets none. The weights are in `quotes/data/antecedents.json`; `scripts/fit_antecedents.py`
fits them on pronouns that people resolved.
The kinds of evidence are those of the literature on pronouns: agreement, nearness, subjecthood and the topic
that is carried on (Lappin and Leass 1994; Grosz, Joshi and Weinstein 1995).
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from quotes import data
from quotes.data import Gender
from quotes.data.lookups import Noun
from quotes.parsing.mentions import Mention
from quotes.speakers.agreement import Agreement
from quotes.speakers.learned import Learned, Told
from quotes.speakers.names import PAST, Name, is_verb
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
# Sums of floating-point numbers in another order are hardly ever less than so.
_NEARLY = 1 - 1e-9
CLEARLY = 1.2

# How far back an antecedent is sought, in code points.
_REACH = 2500
# The speakers and the topics that are remembered.
_REMEMBERED = 6
# More sentences than that between a candidate and a pronoun don't make it less likely.
_FAR = 8
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


# What is said of whom the text goes on about, and of the last of those.
_CARRIED, _CARRIED_LAST = ("carried on",), ("carried on", "carried on last")


class _Most(NamedTuple):
    """The greatest odds that evidence can give."""

    name: float
    quoted: float
    """Of a name in a quotation."""
    topic: float
    """How much greater they are for the subject of a main clause."""
    carried: float
    person: float
    answering: float
    near: tuple[Sequence[float], Sequence[float]]
    """In the pronoun's paragraph and elsewhere, by the sentence ends between; -1 if the name covers one.

    They go as far as ends may stand within reach.
    """


@cache
def _most() -> _Most:
    """The greatest odds by the weights: what speaks against somebody may not hold, so it is left out."""
    weight = weights()

    def most(*kinds: str) -> float:
        return sum(max(0.0, weight[kind]) for kind in kinds)

    def near(other: float) -> list[float]:
        odds = [math.exp(weight["sentence"] * gap + other) for gap in range(_FAR + 1)]
        return [*odds, *odds[-1:] * 2 * _REACH, math.inf]

    name = most(
        "subject", "speaking", "spoke", "addressed", "oblique", "possessive", "attributive", "headline"
    )
    person = max(most("person"), most("acts")) + max(most("gender"), most("agrees"), most("disagrees"))
    return _Most(
        name=math.exp(name + most("first")),
        quoted=math.exp(name + weight["quoted"]),
        topic=math.exp(most("main subject")),
        carried=math.exp(most(*_CARRIED_LAST)),
        person=math.exp(person + most("own words", "named behind", "object")),
        answering=math.exp(most("hearer", "asker")),
        near=(near(0.0), near(most("other paragraph"))),
    )


# What holds, at which distance, recurs: a few combinations are most of all.
@lru_cache(maxsize=1 << 12)
def _score(holds: tuple[str, ...]) -> float:
    """The sum of the weights of what holds."""
    return sum(weights()[one] for one in holds)


@lru_cache(maxsize=1 << 12)
def _odds(holds: tuple[str, ...], sentences: int, apart: bool) -> float:
    """The odds that one place gives."""
    weight = weights()
    return math.exp(_score(holds) + weight["sentence"] * sentences + weight["other paragraph"] * apart)


def forget() -> None:
    """Forget the weights, which were written anew, and what follows from them."""
    for remembered in (weights, _most, _score, _odds):
        remembered.cache_clear()


def of_places(places: Iterable[Place]) -> float:
    """The score of the places of one person. They add up: the sum is taken of the odds, not of the scores."""
    odds = 0.0
    for _, holds, sentences, apart in places:
        odds += _odds(holds, sentences, apart)
    return math.log(odds)


def of_standing(standing: Mapping[str, float]) -> float:
    """The score of evidence that doesn't depend on a place."""
    weight = weights()
    return sum([weight[one] * value for one, value in standing.items()])


class Sentences:
    """Where the sentences of a document end, those in quotations left out.

    `quoted` are the ranges between quotation marks, sorted. So a long quotation doesn't separate its speaker
    from the pronoun after it.
    """

    def __init__(self, text: str, quoted: Sequence[Range]) -> None:
        self._text = text
        self._quoted = quoted

    @cached_property
    def ends(self) -> list[int]:
        """The ends, in text order."""
        # Found when first asked for: an article in which only names speak needs none.
        ends = []
        position = 0
        for start, end in [*self._quoted, (len(self._text), len(self._text))]:
            ends += [match.end() for match in ABBREVIATION_AWARE_END.finditer(self._text, position, start)]
            if _CLOSING_STOP.search(self._text, max(start, end - 3), end):
                ends.append(end)
            position = end
        return ends

    def __call__(self, start: int, end: int) -> int:
        """The number of sentence ends between two places, of which so many count at most."""
        return min(_FAR, bisect_left(self.ends, end) - bisect_left(self.ends, start))


class Place(NamedTuple):
    """Where a candidate is named, speaks, or is the topic."""

    order: int
    """Names come in text order, then topics, the last one first."""
    holds: tuple[str, ...]
    """What holds of it, by the names of the weights."""
    sentences: int
    """The sentence ends between the place and the pronoun."""
    apart: bool
    """Whether it stands in another paragraph than the pronoun."""


class _Before(NamedTuple):
    """What stands before a pronoun."""

    start: int
    """Where the pronoun is."""
    paragraph: int
    """Where its paragraph starts."""
    sentences: int
    """The sentences that end before it."""
    wanted: Gender | None
    spoke: Mapping[int, Person]
    """Who spoke last, by the places of the mentions."""
    first: int
    """The number of the first name that is near enough."""
    bearers: list[Person]
    """Who bears the names from there on."""
    carried: list[tuple[int, Person]]
    """Who speaks or is the topic where no name stands, the last one first."""

    def has(self, place: int) -> bool:
        """Whether a place is within reach."""
        return self.start - _REACH <= place < self.start


class Antecedents:
    """The people of one document for whom a pronoun may stand.

    `speaking` are the ends of the names that are the source of a cue, with a quotation or without, and
    `topics` the ranges of the words that are the subject of a main clause.
    """

    def __init__(
        self, people: People, sentences: Sentences, speaking: frozenset[int], topics: Sequence[Range] = ()
    ) -> None:
        self._people = people
        self._sentences = sentences
        self._speaking = speaking
        self._topics = topics
        self._topic_ends = frozenset(end for _, end in topics)
        named, most, ends = list(people.between(0, len(people.text))), _most(), sentences.ends
        self._names = [name for name, _ in named]
        self._bearers = [person for _, person in named]
        self._starts = [name.start for name in self._names]
        self._ended = [bisect_left(ends, name.end) for name in self._names]
        """How many sentences end before a name's end."""
        plain, topic = (most.name, most.quoted), (most.name * most.topic, most.quoted * most.topic)
        self._odds = [(topic if name.end in self._topic_ends else plain)[name.quoted] for name in self._names]
        """The greatest odds that a name itself gives; once they are asked for, those that it gives."""
        self._holds: dict[int, tuple[str, ...]] = {}
        self._most_standing = _most().person * math.exp(
            max(0.0, weights()["often"]) * math.log1p(len(self._names))
        )
        self._agreement = Agreement(speaking)

    def best(
        self,
        pronoun: str,
        start: int,
        learned: Learned,
        words: Sequence[Range] = (),
        *,
        told: Told | None = None,
        least: float = FLOOR,
    ) -> tuple[Person | None, float]:
        """For whom a pronoun at `start` is likeliest to stand, and the score: nobody below `least`.

        `learned` has the speakers resolved so far, and `words` are the ranges of what the pronoun's bearer
        says. If that is an answer, `told` is what was said before. What is known of gender and of being a
        person at all must agree.
        """
        before = self._before(start, GENDERS.get(pronoun), learned)
        beside = self.beside(start, words, told)
        most = self._most_standing * (_most().answering if told else 1.0)
        best, found, enough = (least, -math.inf), None, math.exp(least) * _NEARLY
        for person, odds in sorted(self._greatest(before).items(), key=itemgetter(1), reverse=True):
            if odds * most < enough:
                break  # whoever follows is too far away
            if not self._agreement.fits(person, before.wanted, learned):
                continue
            standing = of_standing(self.standing(person, before.wanted, learned, beside))
            if odds * math.exp(standing) < enough:
                continue  # wherever he or she was named
            if places := self._places(person, before):
                score = of_places(places) + standing
                if (score, -places[0].order) > best:
                    best, found = (score, -places[0].order), person
                    enough = math.exp(score) * _NEARLY
        return found, best[0]

    def candidates(self, pronoun: str, start: int, learned: Learned) -> dict[Person, list[Place]]:
        """All for whom a pronoun at `start` may stand, each with the places that tell it."""
        before = self._before(start, GENDERS.get(pronoun), learned)
        fitting = self._agreement.fits
        found = {
            person: self._places(person, before)
            for person in self._greatest(before)
            if fitting(person, before.wanted, learned)
        }
        return {person: places for person, places in found.items() if places}

    def _before(self, start: int, wanted: Gender | None, learned: Learned) -> _Before:
        """Who is named, speaks or is the topic before a place, whether that may be meant or not."""
        first, stop = bisect_left(self._starts, start - _REACH), bisect_left(self._starts, start)
        bearers, spoke = self._bearers[first:stop], dict(learned.spoke[-_REMEMBERED:])
        carried = dict(learned.topics[-_REMEMBERED:])
        for at, person in spoke.items():
            i = bisect_left(self._starts, at, first, stop)
            named = i < stop and self._starts[i] == at
            if named:
                # Of a misspelt name, who is meant is known once it was resolved.
                bearers[i - first] = person
            if not (
                named and self._agreement.fits(person, wanted, learned) and self._is_named(person, wanted)
            ):
                carried.setdefault(at, person)
        return _Before(
            start,
            self._people.text.rfind("\n", 0, start) + 1,
            bisect_left(self._sentences.ends, start),
            wanted,
            spoke,
            first,
            bearers,
            sorted(carried.items(), key=itemgetter(0), reverse=True),
        )

    def _greatest(self, before: _Before) -> dict[Person, float]:
        """The greatest odds to which the places of each person may add up, wherever they were named."""
        most, found, first = _most(), dict.fromkeys(before.bearers, 0.0), before.first
        here, stop = before.sentences, first + len(before.bearers)
        beside = bisect_left(self._starts, before.paragraph, first, stop)
        for near, a, b in ((most.near[1], first, beside), (most.near[0], beside, stop)):
            of_names = zip(
                before.bearers[a - first : b - first], self._ended[a:b], self._odds[a:b], strict=True
            )
            for person, ended, odds in of_names:
                found[person] += odds * near[here - ended]
        for at, person in before.carried:
            if before.has(at):
                near = most.near[at < before.paragraph]
                found[person] = (
                    found.get(person, 0.0) + most.carried * near[self._sentences(at, before.start)]
                )
        return found

    def _places(self, person: Person, before: _Before) -> list[Place]:
        """The places that tell that a pronoun means a person who fits."""
        found = []
        if self._is_named(person, before.wanted):
            for i, bearer in enumerate(before.bearers, before.first):
                if bearer is person:
                    at, holds = self._starts[i], self._of_name(i)
                    gap = min(_FAR, before.sentences - self._ended[i])
                    holds = (*holds, "spoke") if at in before.spoke else holds
                    found.append(Place(i, holds, gap, at < before.paragraph))
        for n, (at, one) in enumerate(before.carried):
            if one is person and before.has(at):
                gap = self._sentences(at, before.start)
                holds = _CARRIED if n else _CARRIED_LAST
                found.append(Place(len(self._names) + n, holds, gap, at < before.paragraph))
        return found

    def _is_named(self, person: Person, wanted: Gender | None) -> bool:
        """Whether the names of a person who fits may be what the pronoun takes up."""
        return wanted is None or self._agreement.may_be_somebody(person)

    def beside(
        self, start: int, words: Sequence[Range] = (), told: Told | None = None
    ) -> list[tuple[str, Collection[Person | None]]]:
        """Those who are named behind a pronoun and in its bearer's words, and whom he or she answers."""
        rest = _REST.match(self._people.text, start)
        behind = list(self._people.between(start, rest.end() if rest else start))
        objects = {person for name, person in behind if name.start < start + _OBJECT}
        named = (self._people.between(*said) for said in words if self._is_sentence(*said))
        found: list[tuple[str, Collection[Person | None]]] = [
            ("object", objects),
            ("named behind", {person for _, person in behind}),
            ("own words", {person for names in named for _, person in names}),
        ]
        if told is not None and self._sentences(told.at, start) <= 2:
            asks = told.hearer is not None or told.asked
            found += [("hearer", (told.hearer,)), ("asker", (told.speaker,) if asks else ())]
        return found

    def standing(
        self,
        person: Person,
        wanted: Gender | None,
        learned: Learned,
        beside: Iterable[tuple[str, Collection[Person | None]]],
    ) -> dict[str, float]:
        """The evidence for a person that doesn't depend on where he or she was named, by weight."""
        found = self._agreement.of_person(person, wanted, learned)
        for kind, people in beside:
            if person in people:
                found[kind] = 1.0
        return found

    def follow(self, start: int, learned: Learned) -> None:
        """Find whom the pronouns before `start` mean that are the topic there, in text order."""
        first = bisect_left(self._topics, (learned.followed, 0))
        for at, end in self._topics[first : bisect_left(self._topics, (start, 0))]:
            pronoun = self._people.text[at:end].lower()
            if GENDERS.get(pronoun) and at >= start - _REACH:
                person, _ = self.best(pronoun, at, learned, least=LEAST)
                if person is not None:
                    learned.topics.append((at, person))
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
        return person if alone and unclear and not self._agreement.leaning(person) else None

    def of_calling(self, gender: Gender | None, start: int, learned: Learned) -> Person | None:
        """Whom "the businessman" at `start` means: who was named shortly before, clearly the likeliest.

        `gender` is the noun's.
        """
        weight = weights()
        best: dict[Person, float] = {}
        near = range(bisect_left(self._starts, start - _NEAR), bisect_left(self._starts, start))
        found = [(self._bearers[i], self._names[i].end, self._of_name(i)) for i in near]
        found += [
            (person, at, ("spoke",)) for at, person in learned.spoke[-2:] if start - _NEAR <= at < start
        ]
        for person, at, holds in found:
            if learned.kind(person) == "person" and (
                not gender or self._agreement.fits(person, gender, learned)
            ):
                score = _score(holds) + weight["sentence"] * self._sentences(at, start)
                score += weight["often"] * math.log1p(len(person.occurrences))
                best[person] = max(best.get(person, score), score)
        first, second, *_ = [
            *sorted(best.items(), key=lambda item: -item[1]),
            (None, -CLEARLY),
            (None, -CLEARLY),
        ]
        return first[0] if first[1] - second[1] >= CLEARLY else None

    def _is_first(self, number: int) -> bool:
        """Whether nobody else is named before a name in its sentence."""
        name, ends = self._names[number], self._sentences.ends
        least, ended = max(name.paragraph, name.start - _SENTENCE), bisect_left(ends, name.start + 1)
        for i in range(number - 1, -1, -1):
            if self._starts[i] < least:
                break
            other = self._bearers[i].kind != "organization" and self._ended[i] == ended
            if other and not self._names[i].possessive:
                return False
        return True

    def _is_sentence(self, start: int, end: int) -> bool:
        """Whether quoted words end in a stop or a comma: they are hardly a phrase of the writer's."""
        return self._people.text[max(start, end - 4) : end].rstrip("”\"’' ")[-1:] in (",", ".", "?", "!")

    def _of_name(self, number: int) -> tuple[str, ...]:
        """What speaks for one occurrence of a name as the antecedent of any pronoun, and against it."""
        holds = self._holds.get(number)
        if holds is None:
            holds = self._holds[number] = tuple(self._facts(number))
            self._odds[number] = math.exp(_score(holds) + max(0.0, weights()["spoke"]))
        return holds

    def _facts(self, number: int) -> Iterator[str]:
        name = self._names[number]
        possessive, opening, word = name.possessive, name.opening, name.next_word
        verb = is_verb(word)
        says = name.end in self._speaking or (verb and word in data.cues().verbs)
        if name.end in self._topic_ends:
            yield "main subject"
        if not (name.quoted or possessive) and self._is_first(number):
            yield "first"
        if says or verb or (opening and not possessive and not _modifies(name)):
            yield "subject"
        if says:
            yield "speaking"
        if not opening:  # Before what opens a sentence stands no word of it.
            if _ADDRESSED.search(name.text, max(name.paragraph, name.run - 12), name.run):
                yield "addressed"
            if name.oblique:
                yield "oblique"
        if possessive:
            yield "possessive"
        if not (verb or word in PAST) and name.attributive:
            yield "attributive"
        if name.quoted:
            yield "quoted"
        if name.headline:
            yield "headline"


def _is_several(noun: Noun) -> bool:
    return noun.plural or noun.kind in ("group", "organization")


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
