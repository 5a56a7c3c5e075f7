"""Records of many documents → utterances: which quotations are wordings of one statement.

This is the whole flow; `words`, `persons`, `candidates`, `verdict` and `grouping` are its steps.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from quotes.data import fold
from quotes.records import DocumentRecord, Metadata, Quotation, SpeakerKind
from quotes.variants.grouping import Member, group
from quotes.variants.persons import Names
from quotes.variants.verdict import CHANGES, CHANGING_WORDS, Change
from quotes.variants.words import PRONOUNS, Wording, wording

#: From how many words on the same words of an unnamed speaker, called the same, are one utterance.
FEWEST_UNNAMED = 8


class Place(NamedTuple):
    """One quotation of an utterance: where it stands, and how it is written there."""

    doc_id: str
    quote_id: str
    text: str
    speaker_name: str | None
    metadata: Metadata

    @property
    def order(self) -> tuple[str, str, str]:
        """By date, those without one last."""
        return self.metadata.date or "\uffff", self.doc_id, self.quote_id


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of an utterance, with all places where it stands, by date.

    `text` is its commonest form. `change` and `differences` are against the utterance's longest wording.
    """

    text: str
    words: int
    change: Change
    differences: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Utterance:
    """What somebody said, in all its wordings, the longest first."""

    utterance_id: str
    speaker_name: str | None
    versions: tuple[Version, ...]

    @property
    def text(self) -> str:
        """The longest wording."""
        return self.versions[0].text

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every quotation of it."""
        return tuple(place for version in self.versions for place in version.places)

    @cached_property
    def documents(self) -> int:
        """In how many documents it stands."""
        return len({place.doc_id for place in self.places})

    @property
    def change(self) -> Change:
        """The greatest change of any of its wordings."""
        return max((version.change for version in self.versions), key=CHANGES.index)

    @property
    def changes_words(self) -> bool:
        """Whether any of its wordings has other words, not just other marks, or fewer words."""
        return self.change in CHANGING_WORDS


class _Heard(NamedTuple):
    """A quotation that can be grouped, with whoever said it: a name, or how an unnamed speaker is called."""

    place: Place
    said: Wording
    speaker: tuple[str, SpeakerKind]


def find_utterances(records: Iterable[DocumentRecord], speakers: Path | None = None) -> list[Utterance]:
    """Group the quotations of documents that are variants of one utterance; the order of records has no say.

    Quotations that are nobody's variant, too short, without a speaker or in a page's boilerplate are in no
    utterance. Those in most documents come first. `speakers` is a TOML file of people, as `Extractor` takes.
    """
    names = Names(speakers)
    named: list[_Heard] = []
    unnamed: list[_Heard] = []
    for record in records:
        heard = list(_heard(record))
        names.add_document(one.speaker for one in heard if one.place.speaker_name is not None)
        for one in heard:
            (unnamed if one.place.speaker_name is None else named).append(one)
    people = names.people()
    written = names.written()
    by_person: dict[tuple[str, str | None], list[_Heard]] = {}
    for one in named:
        person = people[one.speaker]
        # A name that could be either of two people's means one person at least within a document.
        key = (f"{one.speaker[0]}\0{one.place.doc_id}", None) if person is None else (person, written[person])
        by_person.setdefault(key, []).append(one)
    found: list[Utterance] = []
    while by_person:  # so that what is done with is let go
        (person, name), heard = by_person.popitem()
        found += _utterances(person, name or heard[0].place.speaker_name, heard)
    found += _of_unnamed(unnamed)
    return sorted(found, key=lambda one: (-one.documents, -one.versions[0].words, one.utterance_id))


def utterance_ids(utterances: Iterable[Utterance]) -> dict[tuple[str, str], str]:
    """Look-up of the utterance's id by `doc_id` and `quote_id`."""
    return {(p.doc_id, p.quote_id): one.utterance_id for one in utterances for p in one.places}


def _heard(record: DocumentRecord) -> Iterator[_Heard]:
    for quotation in record.quotations:
        if quotation.speaker is None and quotation.speaker_name is None:
            continue
        if quotation.in_boilerplate:
            continue
        said = wording(quotation.text, tuple(end - start for start, end in quotation.parts))
        place = Place(
            record.doc_id, quotation.quote_id, quotation.text, quotation.speaker_name, record.metadata
        )
        yield _Heard(place, said, (_called(quotation), quotation.speaker_kind))


def _called(quotation: Quotation) -> str:
    if quotation.speaker_name is not None:
        return quotation.speaker_name
    assert quotation.speaker is not None
    words = fold(quotation.speaker.text).split()
    return " ".join(words[1:] if words[0] in ("a", "an", "the", "one") else words) if words else ""


def _utterances(person: str, name: str | None, heard: Iterable[_Heard]) -> Iterator[Utterance]:
    places: dict[Wording, list[Place]] = {}
    for one in heard:
        places.setdefault(one.said, []).append(one.place)
    for members in group(places):
        if sum(len(places[member.wording]) for member in members) > 1:
            yield _utterance(person, name, members, places)


def _of_unnamed(heard: Iterable[_Heard]) -> Iterator[Utterance]:
    """Put together only the same long words of speakers who are called the same, "he" and "they" aside."""
    same: dict[tuple[str, Wording], list[_Heard]] = {}
    for one in heard:
        called = one.speaker[0]
        if called and called not in PRONOUNS and len(one.said.words) >= FEWEST_UNNAMED:
            same.setdefault((called, one.said), []).append(one)
    for (called, _), several in same.items():
        yield from _utterances(f"{called}\0\0unnamed", None, several)


def _utterance(
    person: str, name: str | None, members: list[Member], places: dict[Wording, list[Place]]
) -> Utterance:
    center = members[0].wording
    text = _commonest(places[center])
    versions = tuple(_version(member, text, places[member.wording]) for member in members)
    # The person's fullest name and the longest wording: another article that has less of it changes nothing.
    key = "\0".join((person, " ".join(center.sequence)))
    return Utterance(hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16], name, versions)


def _version(member: Member, longest: str, places: list[Place]) -> Version:
    text = _commonest(places)
    if member.verdict is None:
        change: Change = "none" if all(place.text == longest for place in places) else "marks"
    else:
        change = member.verdict.change
    differences = member.verdict.differences if member.verdict else ()
    ordered = tuple(sorted(places, key=lambda place: place.order))
    return Version(text, len(member.wording.words), change, differences, ordered)


def _commonest(places: Iterable[Place]) -> str:
    count = Counter(place.text for place in places)
    return min(count, key=lambda text: (-count[text], text))
