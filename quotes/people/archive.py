"""Records of many documents → the people who are quoted in them, one by one, and what is doubtful.

This is the whole flow: names are counted document by document (`tally`), then it is decided whose they are
(`persons`), and what contradicts is noted (`doubts`). Memory grows with the names, not with the quotations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quotes import data
from quotes.data import Gender, Speaker
from quotes.people.doubts import Doubt, of_the_evidence, of_the_name
from quotes.people.persons import Name, Names, label, read_name
from quotes.people.roles import Role
from quotes.people.tally import Tally
from quotes.records import DocumentRecord, Quotation, SpeakerKind

#: A name with a lower `name_confidence` than this is doubtful evidence.
SURE: Final = 0.5

#: The kinds of speakers that are listed if nothing else is asked for.
PEOPLE: Final = frozenset[SpeakerKind](["person"])


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
        self._sure: dict[Name, Tally] = {}
        self._unsure: dict[Name, Tally] = {}
        self._written: dict[Name, set[str]] = {}
        self._read: dict[_Written, Name] = {}
        self._documents = self._quotations = 0
        self._left_out: Counter[str] = Counter()

    def take(self, record: DocumentRecord) -> None:
        """Count the speakers of one document."""
        said: dict[_Written, Tally] = {}
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
        here: dict[Name, Tally] = {}
        for written, tally in sorted(said.items()):
            as_person: _Written = (written[0], "person")
            if written[1] == "unknown" and as_person in said:
                written = as_person
            name = self._name(written)
            if name.kind not in self._kinds:  # by the registry
                self._leave_out(name.kind, tally.quotations)
                continue
            here.setdefault(name, Tally()).add(tally)
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
                self._sure.setdefault(name, Tally()).add(tally)
                continue
            others = known.setdefault(name.words[-1], set())
            if others:
                tally.beside[frozenset(others)] += 1
            others.add(name)
            self._unsure.setdefault(name, Tally()).add(tally)

    def _reason(self, quotation: Quotation) -> str | None:
        """Why a quotation is nobody's here."""
        if quotation.in_boilerplate or quotation.duplicate_of is not None:
            return "boilerplate or copies"
        if quotation.speakers is None and quotation.speaker_name is None:
            return "unnamed sources"
        return None

    def _count(self, quotation: Quotation, said: dict[_Written, Tally]) -> None:
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
                said.setdefault((name, kind), Tally()).take(mention, name, role, wikidata, sure=sure)
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
        for person, names in sorted(members.items(), key=lambda one: label(one[0])):
            tally, known = tallies[person], self._known(names)
            if known is None and len(person.words) == 1 and called[person] in data.first_names():
                self._left_out["single given names"] += tally.quotations
                continue
            doubts = [
                *of_the_name(person, names, decided, tallies, called, known=known is not None),
                *of_the_evidence(tally, names, known=known is not None),
            ]
            written = {text for name in names for text in self._written[name]}
            kinds = sorted({name.kind for name in names} - {"unknown"}) or ["unknown"]
            people.append(_person(called[person], kinds[0], tally, written, known, tuple(doubts)))
        people.sort(key=lambda one: (-one.quotations, one.name, one.kind))
        return Found(tuple(people), self._documents, self._quotations, dict(sorted(self._left_out.items())))

    def _tally(self, names: Collection[Name]) -> Tally:
        whole = Tally()
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
    tally: Tally,
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


def _fullness(name: str) -> tuple[int, str]:
    return len(name), name


def _day(date: str | None) -> str | None:
    """The day of a date or time in ISO 8601."""
    return date[:10] if date else None
