"""Who asks and who answers in an interview or a hearing whose labels name nobody.

Ada Quill is the mayor of Port Ellery. She spoke to the Herald’s Jonas Wick.
Q: Why was the gate shut?             Q → Jonas Wick
A: Nobody told us to open it.         A → Ada Quill

The headline and the introduction tell: who is named often and early answers; who "asked", "spoke to her", has
a byline or belongs to a paper asks; else the paper itself does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from quotes.speakers.names import Name
from quotes.speakers.people import People, Person
from quotes.text.segments import Segments
from quotes.text.transcripts import ASKS

# So many code points before the first question are the introduction, and so many beside a name are read.
_INTRODUCTION, _BESIDE = 3000, 70

_SPOKE = r"(?:speaks?|spoke|talks?|talked|sat down|sits down|caught up)"
_ASKED = r"(?:asks?|asked|interview(?:s|ed)|questions|questioned|meets?|met|(?:cross-)?examine[sd]|quizzed)"
_COUNSEL = r"(?:lawyer|prosecutor|counsel|attorney|barrister|solicitor)"
_PRESS = (
    rf"(?:reporter|correspondent|editor|columnist|writer|host|presenter|interviewer|journalist|{_COUNSEL})"
)
# What stands before the name of somebody who answers, or who asks, and its weight. The first that fits.
_BEFORE = (
    (
        re.compile(
            r"(?:interview(?:ed)?|questioned|examined|examination|asked|quizzed) by (?:[a-z]+ ){0,4}$"
        ),
        -6,
    ),
    (re.compile(r"(?:^|\n|[.!?] )(?:[Ii]nterview by|[Tt]ext by|[Ww]ords by|By|BY|[Ii]nterviewer:) $"), -6),
    (re.compile(rf"\b{_PRESS},? $"), -5),
    (re.compile(r"[^\W\d_a-z]\w*[’']s? (?:[a-z]+ ){0,3}$"), -5),
    (
        re.compile(
            r"(?:[Ii]nterview|[Cc]onversation|Q ?& ?A|[Qq]uestions?|[Cc]hat) "
            r"(?:with|for|to) (?:[\w-]+ ){0,4}$"
        ),
        5,
    ),
    (re.compile(rf"\b(?:[Hh]e|[Ss]he|[Tt]hey) {_SPOKE} (?:with|to) (?:[a-z]+ ){{0,2}}$"), -4),
    (re.compile(rf"\b(?:[Ww]e|I|our reporter) {_SPOKE} (?:with|to) (?:[a-z]+ ){{0,2}}$"), 5),
    (re.compile(r"\b(?:tells?|told) $"), -4),
    (re.compile(rf"\b{_ASKED} (?:[a-z]+ ){{0,2}}$"), 3),
    (re.compile(r"\b(?:in|at|from|near|of|on|into) $"), -3),
)
_AFTER = (
    (re.compile(rf"(?:, [^,.]{{1,60}},)? (?:{_ASKED}|{_SPOKE} (?:to|with) (?:her|him|them)) "), -5),
    (re.compile(rf", (?:[a-z]+ ){{0,3}}{_PRESS}\b"), -4),
    (re.compile(rf"(?:, [^,.]{{1,60}},)? (?:was|were|has been) {_ASKED}\b"), 4),
    (
        re.compile(
            rf"(?:, [^,.]{{1,60}},)? (?:{_SPOKE}|testified|gave evidence|answer(?:s|ed)|tells|told|took)\b"
        ),
        2,
    ),
)
_OBJECT = re.compile(rf"\b(?:{_SPOKE} (?:with|to)|told|tells) (?:the )?$", re.IGNORECASE)
_SUBJECT = re.compile(rf" (?:{_SPOKE}|{_ASKED})\b")
_INITIALS = re.compile(r"[A-Z]{2,3}")
# A name that scores no more is that of somebody who asks.
_ASKS = -4


class Interview(NamedTuple):
    """Who answers and who asks, as far as the text says."""

    answers: Person | None = None
    asks: Person | None = None

    def of(self, key: str) -> Person | None:
        """Who asks, for the key `ASKS`, or answers."""
        return self.asks if key == ASKS else self.answers

    def introduces(self, key: str, before: int) -> Name | None:
        """Where the text last names who asks or answers before a place."""
        person = self.of(key)
        names = person.occurrences if person is not None else ()
        return next((name for name in reversed(names) if name.end <= before and not name.headline), None)


def interview(segments: Segments, people: People) -> Interview:
    """Who answers and who asks, by the names before the first turn of the transcript."""
    turns = segments.transcript.turns
    if not turns:
        return Interview()
    first = turns[0].label[0] if turns[0].label else turns[0].words[0][0]
    paragraph = next((start for start, end in reversed(segments.paragraphs) if end < first), 0)
    answering: Counter[Person] = Counter()
    asking: Counter[Person] = Counter()
    for name, person in people.between(max(0, first - _INTRODUCTION), first):
        score = _score(segments.text, name)
        if person.kind == "organization":
            asking[person] += _publishes(segments.text, name)
        elif score <= _ASKS:
            asking[person] -= score
        else:
            weight = 1 + 2 * name.headline + 2 * (name.start >= paragraph) + (person.kind == "person")
            answering[person] += score + weight
    found = [(score, person) for person, score in answering.items() if score > asking[person]]
    answers = max(found, key=itemgetter(0))[1] if found else None
    others = [(score, person) for person, score in asking.items() if score > 0 and person is not answers]
    return Interview(answers, max(others, key=itemgetter(0))[1] if others else None)


def _score(text: str, name: Name) -> int:
    """How the words beside a name show that its bearer answers (more than 0) or asks (less)."""
    before, after = text[max(0, name.run - _BESIDE) : name.run], text[name.end : name.end + _BESIDE]
    ahead = next((weight for pattern, weight in _BEFORE if pattern.search(before)), 0)
    behind = next((weight for pattern, weight in _AFTER if pattern.match(after)), 0)
    return min(ahead, behind) if min(ahead, behind) < 0 else ahead + behind


def _publishes(text: str, name: Name) -> int:
    """How the words beside a body's name show that it asks: 1 for a body that spoke, or was spoken to."""
    before, after = text[max(0, name.run - _BESIDE) : name.run], text[name.end : name.end + _BESIDE]
    return 2 * bool(_SUBJECT.match(after) or _OBJECT.search(before))


def with_initials(label: str, people: Sequence[Person]) -> Person | None:
    """The one person whose initials a label has: Ada Quill for "AQ"."""
    if not _INITIALS.fullmatch(label):
        return None
    found = [one for one in people if len(one.words) > 1 and _fits(one, label)]
    return found[0] if len(found) == 1 else None


def _fits(person: Person, label: str) -> bool:
    firsts = [word[0] for word in person.words]
    return label.lower() in ("".join(firsts), firsts[0] + firsts[-1])
