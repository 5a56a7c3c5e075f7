"""Records of many documents → the people who are quoted in them, one by one, and what is doubtful.

This is the whole flow: names are counted document by document, `persons` decides whose they are, and what
contradicts is noted. Memory grows with the names, not with the quotations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Final, Literal, NamedTuple

from quotes import data
from quotes.data import Gender, Speaker
from quotes.data.lookups import role_key
from quotes.people.forms import form_of, gender_of
from quotes.people.persons import Decision, Name, Names, label, read_name
from quotes.people.roles import Role, contradicting
from quotes.records import DocumentRecord, Quotation, SpeakerKind

#: A name with a lower `name_confidence` than this is doubtful evidence.
SURE: Final = 0.5

#: The kinds of speakers that are listed if nothing else is asked for.
PEOPLE: Final = frozenset[SpeakerKind](["person"])

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


@dataclass(frozen=True, slots=True)
class Person:
    """One person, as far as the names tell, or an organisation or a group.

    `forms` are the names by which the articles call him or her, the most frequent first, `aliases` those of
    several words. `uncertain` counts the quotations with a name that the extractor wasn't sure of. `first`
    and `last` are days in ISO 8601, None if no document has a date. `known` is the entry in the registry.
    """

    name: str
    kind: SpeakerKind
    forms: tuple[str, ...]
    aliases: tuple[str, ...]
    roles: tuple[Role, ...]
    quotations: int
    uncertain: int
    documents: int
    outlets: tuple[str, ...]
    first: str | None
    last: str | None
    gender: Gender | None
    wikidata: str | None
    known: Speaker | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The people of an archive, those with most quotations first, and what else was read."""

    people: tuple[Person, ...]
    documents: int
    quotations: int
    left_out: Mapping[str, int]
    """The numbers of quotations that are nobody's here, by the reason."""


@dataclass(slots=True)
class _Days:
    """How many documents have something, and the first and last of their days."""

    documents: int = 0
    first: str | None = None
    last: str | None = None

    def add(self, documents: int, first: str | None, last: str | None) -> None:
        self.documents += documents
        self.first = min(filter(None, (self.first, first)), default=None)
        self.last = max(filter(None, (self.last, last)), default=None)


@dataclass(slots=True)
class _Called(_Days):
    """A role: as it is written, and in how many documents. Of two spellings, "mayor" goes before "Mayor"."""

    text: str = ""


@dataclass(slots=True)
class _Tally:
    """What is counted of one name, in one document or in all."""

    quotations: int = 0
    uncertain: int = 0
    days: _Days = field(default_factory=_Days)
    outlets: set[str] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)
    roles: dict[str, _Called] = field(default_factory=dict)
    together: set[frozenset[str]] = field(default_factory=set)
    genders: Counter[Gender] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    beside: Counter[frozenset[Name]] = field(default_factory=Counter)
    """Of an uncertain name: the others of its surname in a document, which may be the same person's."""

    def take(self, mention: str, name: str, role: str | None, wikidata: str | None, *, sure: bool) -> None:
        """Count one quotation. What an uncertain one says of the person may be another's."""
        self.quotations += 1
        self.uncertain += not sure
        if not sure:
            return
        self.forms[name] += 0
        if (form := form_of(mention, name)) is not None:
            self.forms[form] += 1
        if (gender := gender_of(mention)) is not None:
            self.genders[gender] += 1
        if role:
            self._call(" ".join(role.split()))
        if wikidata:
            self.ids.add(wikidata)

    def end_document(self, day: str | None, outlet: str | None) -> None:
        """Turn what one document says into its part of the whole."""
        self.days.add(1, day, day)
        if outlet:
            self.outlets.add(outlet)
        for days in self.roles.values():
            days.add(1, day, day)
        self.together = {frozenset(pair) for pair in combinations(self.roles, 2)}
        self.genders = Counter(self.genders.keys()) if len(self.genders) == 1 else Counter()

    def add(self, other: _Tally) -> None:
        """Add what was counted elsewhere."""
        self.quotations += other.quotations
        self.uncertain += other.uncertain
        self.days.add(other.days.documents, other.days.first, other.days.last)
        self.outlets |= other.outlets
        self.forms.update(other.forms)
        for one in other.roles.values():
            self._call(one.text).add(one.documents, one.first, one.last)
        self.together |= other.together
        self.genders += other.genders
        self.ids |= other.ids
        self.beside.update(other.beside)

    def role_list(self) -> tuple[Role, ...]:
        """The roles, those of most documents first."""
        roles = (Role(one.text, one.documents, one.first, one.last) for one in self.roles.values())
        return tuple(sorted(roles, key=lambda role: (-role.documents, role.first or "", role.text)))

    def _call(self, role: str) -> _Called:
        called = self.roles.setdefault(role_key(role), _Called())
        called.text = max(called.text, role)
        return called


_Written = tuple[str, SpeakerKind]


def find_people(
    records: Iterable[DocumentRecord],
    speakers: Path | None = None,
    kinds: Collection[SpeakerKind] = PEOPLE,
) -> Found:
    """Who is quoted in these records, independent of their order.

    `speakers` is a TOML file of known people, as for `Extractor`; `kinds` are the kinds of speakers to list.
    Quotations in a page's boilerplate and copies of a paragraph are left out.
    """
    archive = _Archive(speakers, frozenset(kinds))
    for record in records:
        archive.take(record)
    return archive.found()


class _Archive:
    """Counts records one by one, and then makes people of the names."""

    def __init__(self, speakers: Path | None, kinds: frozenset[SpeakerKind]) -> None:
        self._registry = data.registry(speakers)
        self._kinds = kinds | ({"unknown"} if "person" in kinds else set())
        self._names = Names(speakers)
        self._sure: dict[Name, _Tally] = {}
        self._unsure: dict[Name, _Tally] = {}
        self._written: dict[Name, set[str]] = {}
        self._read: dict[_Written, Name] = {}
        self._documents = self._quotations = 0
        self._left_out: Counter[str] = Counter()

    def take(self, record: DocumentRecord) -> None:
        """Count the speakers of one document."""
        said: dict[_Written, _Tally] = {}
        self._documents += 1
        for quotation in record.quotations:
            if quotation.kind == "unattributed":
                continue
            self._quotations += 1
            if reason := self._reason(quotation):
                self._left_out[reason] += 1
            else:
                self._count(quotation, said)
        sure: dict[_Written, Name] = {}
        here: dict[Name, _Tally] = {}
        for written, tally in sorted(said.items()):
            as_person: _Written = (written[0], "person")
            if written[1] == "unknown" and as_person in said:
                written = as_person
            name = self._name(written)
            if name.kind not in self._kinds:  # by the registry
                self._leave_out(name.kind, tally.quotations)
                continue
            here.setdefault(name, _Tally()).add(tally)
            if tally.uncertain < tally.quotations:
                sure[written] = name
        self._names.add_document(record.doc_id, sure)
        day, outlet = _day(record.metadata.date), record.metadata.outlet
        known: dict[str, set[Name]] = {}
        for name in sure.values():
            known.setdefault(name.words[-1], set()).add(name)
        for name, tally in here.items():
            tally.end_document(day, outlet)
            if tally.uncertain < tally.quotations:
                self._sure.setdefault(name, _Tally()).add(tally)
                continue
            others = known.setdefault(name.words[-1], set())
            if others:
                tally.beside[frozenset(others)] += 1
            others.add(name)
            self._unsure.setdefault(name, _Tally()).add(tally)

    def _reason(self, quotation: Quotation) -> str | None:
        """Why a quotation is nobody's here."""
        if quotation.in_boilerplate or quotation.duplicate_of is not None:
            return "boilerplate or copies"
        if quotation.speakers is None and quotation.speaker_name is None:
            return "unnamed sources"
        return None

    def _count(self, quotation: Quotation, said: dict[_Written, _Tally]) -> None:
        mention = quotation.speaker.text if quotation.speaker else ""
        first: tuple[str, str | None, SpeakerKind] = (
            mention, quotation.speaker_name, quotation.speaker_kind,
        )  # fmt: skip
        others = ((one.text, one.name, one.kind) for one in (quotation.speakers or ())[1:])
        sure = quotation.name_confidence is None or quotation.name_confidence >= SURE
        role, wikidata = quotation.speaker_role, quotation.speaker_id
        for mention, name, kind in (first, *others):
            if name is None:
                self._left_out["unnamed sources"] += 1
            elif kind not in self._kinds:
                self._leave_out(kind, 1)
            else:
                said.setdefault((name, kind), _Tally()).take(mention, name, role, wikidata, sure=sure)
            role = wikidata = None  # the record tells the first speaker's alone

    def _leave_out(self, kind: SpeakerKind, quotations: int) -> None:
        self._left_out["people" if kind in ("person", "unknown") else f"{kind}s"] += quotations

    def _name(self, written: _Written) -> Name:
        if written not in self._read:
            self._read[written], _ = read_name(*written, self._registry)
            self._written.setdefault(self._read[written], set()).add(written[0])
        return self._read[written]

    def found(self) -> Found:
        """The people of all documents so far."""
        decided = self._names.decide()
        members: dict[Name, list[Name]] = {}
        for name, one in decided.items():
            members.setdefault(one.person or name, []).append(name)
        members |= {name: [name] for name in self._unsure.keys() - decided.keys()}
        tallies = {person: self._tally(names) for person, names in members.items()}
        called = {person: self._called(person, names) for person, names in members.items()}
        people = []
        for person, names in members.items():
            tally, known = tallies[person], self._known(names)
            if known is None and len(person.words) == 1 and called[person] in data.first_names():
                self._left_out["single given names"] += tally.quotations
                continue
            doubts = [
                *_of_the_name(person, names, decided, tallies, called, known=known is not None),
                *_of_the_evidence(tally, names, known=known is not None),
            ]
            written = {text for name in names for text in self._written[name]}
            kinds = sorted({name.kind for name in names} - {"unknown"}) or ["unknown"]
            people.append(_person(called[person], kinds[0], tally, written, known, tuple(doubts)))
        people.sort(key=lambda one: (-one.quotations, one.name, one.kind))
        return Found(tuple(people), self._documents, self._quotations, dict(sorted(self._left_out.items())))

    def _tally(self, names: Collection[Name]) -> _Tally:
        whole = _Tally()
        for name in names:
            for tallies in (self._sure, self._unsure):
                if name in tallies:
                    whole.add(tallies[name])
        # A document is counted once, if an uncertain name stands beside a certain one of the same person.
        whole.days.documents -= sum(
            number for others, number in whole.beside.items() if not others.isdisjoint(names)
        )
        return whole

    def _known(self, names: Iterable[Name]) -> Speaker | None:
        """The speaker of the registry who has one of these names; it knows two of them apart."""
        found = (self._registry.named(text) for name in names for text in self._written[name])
        return next((speakers[0] for speakers in found if len(speakers) == 1), None)

    def _called(self, person: Name, names: Iterable[Name]) -> str:
        """The name that the registry gives, otherwise the fullest as it is written."""
        known = self._known(names)
        return known.name if known else max(self._written[person], key=_fullness)


def _person(
    name: str,
    kind: SpeakerKind,
    tally: _Tally,
    written: Iterable[str],
    known: Speaker | None,
    doubts: tuple[Doubt, ...],
) -> Person:
    forms = sorted(tally.forms.items(), key=lambda one: (-one[1], one[0]))
    full = {form for form in {*written, *tally.forms} if len(form.split()) > 1}
    [gender] = tally.genders if len(tally.genders) == 1 and tally.genders.total() > 1 else [None]
    return Person(
        name=name,
        kind=known.kind if known else kind,
        forms=tuple(form for form, _ in forms),
        aliases=tuple(sorted(full, key=_fullness, reverse=True)),
        roles=tally.role_list(),
        quotations=tally.quotations,
        uncertain=tally.uncertain,
        documents=tally.days.documents,
        outlets=tuple(sorted(tally.outlets)),
        first=tally.days.first,
        last=tally.days.last,
        gender=gender,
        wikidata=min(tally.ids) if len(tally.ids) == 1 else None,
        known=known,
        doubts=doubts,
    )


def _of_the_name(
    person: Name,
    names: Iterable[Name],
    decided: Mapping[Name, Decision],
    tallies: Mapping[Name, _Tally],
    called: Mapping[Name, str],
    *,
    known: bool,
) -> Iterator[Doubt]:
    """Whether the names may be another's, or several people's."""
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
                yield Doubt("told-apart", f"the document {doc_id} names {called[owner]}, too")
    nobodys = person in decided and decided[person].person is None
    if len(person.words) == 1 and person.kind in ("person", "unknown") and not (known or nobodys):
        yield Doubt("surname", "only one name")


def _of_the_evidence(tally: _Tally, names: Collection[Name], *, known: bool) -> Iterator[Doubt]:
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


def _rank(person: Name, tallies: Mapping[Name, _Tally]) -> tuple[int, int, str]:
    return tallies[person].quotations, len(person.words), label(person)


def _listed(names: list[str]) -> str:
    """A, B or C; of many names, the first and how many there are."""
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} or {len(names) - _MOST_NAMED:,} more"
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _fullness(name: str) -> tuple[int, str]:
    return len(name), name


def _day(date: str | None) -> str | None:
    """The day of a date or time in ISO 8601."""
    return date[:10] if date else None
