"""What the roles that articles give a name say about whether it is one person's.

mayor of Port Ellery · mayor of Lowmarsh        →  two people, if nothing else is known
goalkeeper · bishop of Ellery                   →  the same
mayor · mayor of Lowmarsh · former goalkeeper   →  may be one
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import Final, NamedTuple

from quotes import data
from quotes.data import fold
from quotes.data.lookups import role_key

_OF: Final = re.compile(r"\b(?:of|for|at|in|to|from|with|on|and|who|that)\b|,")
_WORD: Final = re.compile(r"[^\s,]+")
# A role that was held says nothing about the one that is held now.
_PAST: Final = frozenset("former ex then late retired onetime one-time sometime ousted fired".split())


class Role(NamedTuple):
    """What articles call a person: "mayor of Port Ellery", in how many documents, and when (ISO 8601)."""

    text: str
    documents: int
    first: str | None
    last: str | None

    @property
    def dated(self) -> str:
        """The role with its dates: "mayor of Port Ellery (2017-03-01 to 2017-06-05)"."""
        when = days(self.first, self.last)
        return f"{self.text} ({when})" if when else self.text


class _Parsed(NamedTuple):
    head: str
    """Folded, without adjectives of the past: "police chief" of "former police chief of Port Ellery"."""
    place: frozenset[str]
    """The folded proper names behind the head: "port", "ellery"."""
    past: bool

    @property
    def noun(self) -> str:
        """The last word of the head."""
        return self.head.rpartition(" ")[2]

    @property
    def fields(self) -> frozenset[str]:
        """The fields whose callings the head is, by its last words."""
        words = self.head.split()
        tails = {" ".join(words[at:]) for at in range(len(words))}
        return frozenset(field for field, heads in data.role_words().fields.items() if tails & heads)


def days(first: str | None, last: str | None) -> str:
    """A range of dates, as a person writes it; "" if it isn't known."""
    return (first or "") if first == last else f"{first} to {last}"


def names_one_person(role: str) -> bool:
    """Whether only one person has this role now: an office of a named place or body."""
    head, place, past = _parsed(role)
    words = data.role_words()
    return not past and bool(place) and (head in words.of_places or head in words.of_bodies)


def contradicting(
    roles: Sequence[Role], together: Collection[frozenset[str]] = ()
) -> tuple[Role, Role] | None:
    """The first two roles that are hardly one person's, or None.

    They are the same office of two places, or callings of different fields. Roles that stand `together` in
    one document, as pairs of their keys, are one person's; so are those that are also called former.
    """
    held = {_parsed(role.text).noun for role in roles if _parsed(role.text).past}
    for one, other in combinations(roles, 2):
        first, second = _parsed(one.text), _parsed(other.text)
        if first.past or second.past or held & {first.noun, second.noun}:
            continue
        if frozenset((role_key(one.text), role_key(other.text))) not in together and _contradict(
            first, second
        ):
            return one, other
    return None


def _contradict(one: _Parsed, other: _Parsed) -> bool:
    if one.head == other.head:
        places = one.place and other.place and not one.place & other.place
        return bool(places) and one.head in data.role_words().of_places
    return bool(one.fields and other.fields) and not one.fields & other.fields


@cache
def _whole() -> tuple[str, ...]:
    """Offices with an "of" or "in" of their own: "chief of police"."""
    words = data.role_words()
    return tuple(sorted(one for one in words.of_places | words.of_bodies if _OF.search(one)))


@lru_cache(maxsize=1 << 14)
def _parsed(role: str) -> _Parsed:
    cut = _OF.search(role, len(next((one for one in _whole() if fold(role).startswith(one)), "")))
    before, after = (role[: cut.start()], role[cut.start() :]) if cut else (role, "")
    words = fold(before).replace("ex-", "ex ").split()
    spelt = data.titles().abbreviations
    head = " ".join(spelt.get(word.rstrip("."), word) for word in words if word not in _PAST)
    behind = _WORD.findall(after)[1:]
    named = behind[behind[:1] == ["the"] :][:1]
    # Not "director of debate at Ellery University"
    place = frozenset(fold(word) for word in behind if word[:1].isupper() and named[0][:1].isupper())
    return _Parsed(head, place, past=not _PAST.isdisjoint(words))
