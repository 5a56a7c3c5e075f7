"""Why an entry may not be one person, or not this one.

Quill, where Jo Quill and Al Quill are quoted   →   ambiguous: could be Al Quill or Jo Quill
John Smith, a mayor here and a goalkeeper there →   roles: hardly one person's
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from quotes.people.persons import Decision, Name, label
from quotes.people.roles import contradicting
from quotes.people.tally import Tally

DoubtKind = Literal["ambiguous", "told-apart", "surname", "roles", "gender", "wikidata", "name", "kind"]

# To contradict, so many documents must have "he", and so many "she", and this share of all that have either.
_FEWEST_OF_A_GENDER: Final = 2
_LEAST_SHARE_OF_A_GENDER: Final = 0.25
# The names that a doubt lists.
_MOST_NAMED: Final = 3


class Doubt(NamedTuple):
    """Why an entry may not be one person, or not this one: a kind for programs, and a reason for people."""

    kind: DoubtKind
    why: str


def of_the_name(
    person: Name,
    names: Iterable[Name],
    decided: Mapping[Name, Decision],
    tallies: Mapping[Name, Tally],
    called: Mapping[Name, str],
    *,
    known: bool,
) -> Iterator[Doubt]:
    """Whether the names may be another's, or several people's."""
    told_apart: dict[Name, str] = {}
    for name in names:
        if name not in decided:
            continue
        one = decided[name]
        if one.could_be:
            # Names that are one person's are listed once; those that are nobody's, as they are.
            owners = {decided[other].person or other for other in one.could_be}
            ranked = sorted(owners, key=lambda owner: _rank(owner, tallies), reverse=True)
            yield Doubt("ambiguous", f"could be {_listed([called[owner] for owner in ranked])}")
        for other, doc_id in one.told_apart:
            owner = decided[other].person
            # Of two people, the one with fewer quotations is doubted.
            if owner is not None and _rank(owner, tallies) > _rank(person, tallies):
                told_apart[owner] = min(doc_id, told_apart.get(owner, doc_id))
    for owner, doc_id in sorted(told_apart.items(), key=lambda one: label(one[0])):
        yield Doubt("told-apart", f"the document {doc_id} names {called[owner]}, too")
    nobodys = person in decided and decided[person].person is None
    if len(person.words) == 1 and person.kind in ("person", "unknown") and not (known or nobodys):
        yield Doubt("surname", "only one name")


def of_the_evidence(tally: Tally, names: Collection[Name], *, known: bool) -> Iterator[Doubt]:
    """Whether what the documents say of a person contradicts, or is weak. The registry settles some of it."""
    if not known and (roles := contradicting(tally.role_list(), tally.together)):
        yield Doubt("roles", f"hardly one person's roles: {roles[0].dated}; {roles[1].dated}")
    male, female = tally.genders["male"], tally.genders["female"]
    fewer = min(male, female)
    if not known and fewer >= max(_FEWEST_OF_A_GENDER, _LEAST_SHARE_OF_A_GENDER * (male + female)):
        yield Doubt("gender", f"“he” in {male:,} documents, “she” in {female:,}")
    if len(tally.ids) > 1:
        yield Doubt("wikidata", f"several Wikidata ids: {', '.join(sorted(tally.ids))}")
    if 2 * tally.uncertain >= tally.quotations:
        yield Doubt(
            "name", f"the name is uncertain in {tally.uncertain:,} of {tally.quotations:,} quotations"
        )
    if not known and all(name.kind == "unknown" for name in names):
        yield Doubt("kind", "no article shows that this is a person")


def _rank(person: Name, tallies: Mapping[Name, Tally]) -> tuple[int, int, str]:
    return tallies[person].quotations, len(person.words), label(person)


def _listed(names: list[str]) -> str:
    """A, B or C; of many names, the first and how many there are."""
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} or {len(names) - _MOST_NAMED:,} more"
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
