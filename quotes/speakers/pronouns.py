"""He and she: the person who agrees, stands near, and was likely the subject or the speaker.

Quill rose. “Order,” she said.                   →   Quill, the nearest subject
“…,” Renn told Quill. “…,” he added.             →   Renn, who spoke last
"""

from __future__ import annotations

import re

from quotes.data import Gender
from quotes.speakers.names import Name
from quotes.speakers.people import People, Person

GENDERS: dict[str, Gender] = {
    "he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female",
}  # fmt: skip

# The weights of the evidence, set by hand; a sentence's distance is the unit that the rest is measured in.
PER_SENTENCE = 0.6
SUBJECT = 1.2
SPOKE = 1.6
OBLIQUE = 0.5
POSSESSIVE = 0.6
QUOTED = 1.5
HEADLINE = 1.5
PERSON = 2.0
GENDER = 0.8
OFTEN = 0.1

# How far back an antecedent is sought, in code points.
_REACH = 2500
_SENTENCE_END = re.compile(r"[.?!][”\"’')]*\s|\n")


def antecedents(
    text: str, people: People, pronoun: str, start: int, spoke: list[tuple[int, Person]]
) -> list[tuple[Person, float]]:
    """The people for whom a pronoun at `start` may stand, each with a score, the best first.

    `spoke` are the speakers resolved so far, each with the place of the mention. The score adds up evidence:
    nearness in sentences, subjecthood, having just spoken, being named often. What is known of gender and of
    being a person at all must agree.
    """
    wanted = GENDERS.get(pronoun)
    fitting = [person for person in people.all if _fits(person, wanted)]
    scores = {}
    for person in fitting:
        said = [at for at, speaker in spoke[-6:] if speaker is person and start - _REACH <= at < start]
        evidence = [_by_name(text, n, start) for n in person.occurrences if start - _REACH <= n.start < start]
        evidence += [SPOKE - PER_SENTENCE * _sentences(text, at, start) for at in said]
        if evidence:
            scores[person] = max(evidence) + _standing(person, wanted)
    return sorted(scores.items(), key=lambda item: -item[1])


def _fits(person: Person, wanted: Gender | None) -> bool:
    if wanted is None:
        return person.kind == "organization"
    return person.kind != "organization" and person.gender in (wanted, None)


def _by_name(text: str, name: Name, start: int) -> float:
    """How well one occurrence of a name prepares for the pronoun."""
    score = SUBJECT * (name.subject or name.opening) - OBLIQUE * name.oblique - POSSESSIVE * name.possessive
    score -= QUOTED * name.quoted + HEADLINE * name.headline
    return score - PER_SENTENCE * _sentences(text, name.end, start)


def _standing(person: Person, wanted: Gender | None) -> float:
    """What speaks for a person wherever he or she is named."""
    known = PERSON * (person.kind == "person") + GENDER * (wanted is not None and person.gender == wanted)
    return known + OFTEN * min(len(person.occurrences), 8)


def _sentences(text: str, start: int, end: int) -> int:
    return min(8, len(_SENTENCE_END.findall(text, start, end)))
