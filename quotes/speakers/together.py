"""Several speakers of one quotation: whether the parts of a coordination are speakers, and whom "they" means.

“…,” Ada Quill and Tobias Renn said. “…,” they added.   →   both, twice
Ada Quill and Tobias Renn came. “…,” they said.         →   both
“…,” Hask and Sons said.                                →   a firm
“…,” Caldross and Lowmarsh said.                        →   neither stands without the other: one name
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from quotes import data
from quotes.parsing.mentions import Mention
from quotes.speakers.people import People, Person

# So many sentence ends may stand between a coordination and the "they" that means it.
_NEAR = 2
# So far before "they" the names are looked at, in code points.
_REACH = 500
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


def are_speakers(people: People, mentions: Sequence[Mention], kinds: Callable[[Person], str]) -> bool:
    """Whether each of these coordinated mentions is a speaker, and not a part of one name.

    `kinds` tells what is known of a person's kind by now.
    """
    found = [people.at(one.start, one.end) if one.form == "name" else None for one in mentions]
    for one, other, first, second in zip(mentions, mentions[1:], found, found[1:], strict=False):
        if people.whole(one.start, one.end)[1] > other.start or (first is not None and first is second):
            return False
        sure = [person is not None and kinds(person) == "person" for person in (first, second)]
        if "&" in people.text[one.end : other.start]:
            # A firm, unless both are named in full.
            words = [people.text[each.start : each.end].split() for each in (one, other)]
            if not all(sure) or any(len(each) == 1 for each in words):
                return False
        elif len(mentions) == 2 and not any(sure) and _is_coupled(first, second):
            return False
    return not any(
        one.form == "name" and (person is None or kinds(person) == "unknown") and _is_role(people.text, one)
        for one, person in zip(mentions, found, strict=True)
    )


def _is_role(text: str, mention: Mention) -> bool:
    """Whether the last word is one for persons: "Sons", "Friends", "Former Caldross Gov."."""
    words = [data.fold(word) for word in text[mention.start : mention.end].split()]
    noun = data.titles().nouns.get(words[-1])
    return data.titles().ends_in_role(words, person=True) or (
        noun is not None and noun.kind != "organization"
    )


def _is_coupled(first: Person | None, second: Person | None) -> bool:
    """Whether two words are one name, as far as the text shows: neither ever stands without the other."""
    if first is None or second is None or len(first.words) > 1 or len(second.words) > 1:
        return False
    if f"{first.words[0]} and {second.words[0]}" in data.titles().coupled:
        return True
    starts = {name.run for name in second.occurrences}
    return len(first.occurrences) == len(second.occurrences) and all(
        name.end + len(" and ") in starts for name in first.occurrences
    )


class Coordinations:
    """Where a document coordinates several speakers, to find out whom "they" means.

    `mentions` are the sources of all cues; those of one speaker are left out.
    """

    def __init__(
        self, people: People, mentions: Iterable[Mention], distance: Callable[[int, int], int]
    ) -> None:
        self._people = people
        self._text = people.text
        self._plural = sorted({one.start: one for one in mentions if one.plural or one.others}.values())
        self._distance = distance

    def before(self, start: int) -> tuple[Mention, ...]:
        """The mentions that "they" at `start` takes up: a coordination shortly before, nobody between."""
        place = bisect_left(self._plural, start, key=attrgetter("start"))
        nearest = self._plural[place - 1] if place else None
        found = self._acting(start)
        if nearest is not None and (not found or nearest.start > found[-1].start):
            found = (nearest._replace(others=()), *nearest.others) if nearest.others else ()
        if not found:
            return ()
        end = found[-1].end
        if end > start or self._distance(end, start) > _NEAR:
            return ()
        nouns = data.titles().nouns
        between = (nouns.get(data.fold(word)) for word in _WORD.findall(self._text, end, start))
        if any(noun is not None and (noun.plural or noun.kind == "group") for noun in between):
            return ()
        return found

    def _acting(self, start: int) -> tuple[Mention, ...]:
        """The last two people named before `start`, if "and" joins them and a verb follows."""
        near = self._people.between(max(0, start - _REACH), start)
        last = [(name, person) for name, person in near if not name.quoted][-2:]
        if len(last) < 2:
            return ()
        (first, one), (second, other) = last
        joined = self._text[first.end : second.run] == " and " and not first.oblique
        if not joined or not second.acting or {one.kind, other.kind} != {"person"} or one is other:
            return ()
        return tuple(
            Mention(name.start, name.end, "name", name.words[-1], False, -1, 0) for name in (first, second)
        )
