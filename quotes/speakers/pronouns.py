"""He and she: the person who agrees, stands near, and was likely the subject or the speaker.

Quill rose. “Order,” she said.                   →   Quill, the nearest subject
“…,” Renn told Quill. “…,” he added.             →   Renn, who spoke last
"""

from __future__ import annotations

import re

from quotes.data import Gender
from quotes.speakers.people import People, Person

GENDERS: dict[str, Gender] = {
    "he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female",
}  # fmt: skip

# How far back an antecedent is sought, in code points.
_REACH = 2500
_SENTENCE_END = re.compile(r"[.?!][”\"’')]*\s|\n")


def antecedents(
    text: str, people: People, pronoun: str, start: int, spoke: list[tuple[int, Person]]
) -> list[tuple[Person, float]]:
    """The people for whom a pronoun at `start` may stand, each with a score, the best first.

    `spoke` are the speakers resolved so far, each with the place of the mention. The score adds up evidence:
    nearness in sentences, subjecthood, having just spoken, being named often. A known gender must agree.
    """
    wanted = GENDERS.get(pronoun)
    scores: dict[int, float] = {}
    by_id: dict[int, Person] = {}
    for person in people.all:
        if person.kind == "organization" or (wanted and person.gender not in (wanted, None)):
            continue
        near = [n for n in person.occurrences if start - _REACH <= n.start < start and not n.headline]
        best = None
        for name in near:
            gap = _sentences(text, name.end, start)
            score = -0.6 * gap + 0.9 * name.opening - 0.5 * name.oblique - 0.6 * name.possessive
            score -= 1.5 * name.quoted
            best = score if best is None else max(best, score)
        if best is None:
            continue
        best += 0.8 * (person.gender == wanted) + 0.5 * (person.kind == "person")
        best += 0.15 * min(len(person.occurrences), 8)
        scores[id(person)] = best
        by_id[id(person)] = person
    for at, person in spoke[-6:]:
        if wanted and person.gender not in (wanted, None):
            continue
        if person.kind == "organization" or at >= start or start - at > _REACH:
            continue
        bonus = 1.6 - 0.45 * _sentences(text, at, start)
        floor = scores.get(id(person), -2.0)
        scores[id(person)] = max(floor, floor + bonus)
        by_id[id(person)] = person
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return [(by_id[key], score) for key, score in ranked]


def _sentences(text: str, start: int, end: int) -> int:
    return min(8, len(_SENTENCE_END.findall(text, start, end)))
