"""Records of many documents → utterances: which quotations are wordings of one statement.

“We will rebuild,” Mayor Quill said.   Ada Quill: “We will rebuild it”   →   one utterance, two wordings

This is the whole flow. Its steps are `words`, `persons`, `verdict` and `grouping`.
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
from quotes.people.persons import Names
from quotes.records import DocumentRecord, Metadata, Quotation, SpeakerKind
from quotes.variants.grouping import Member, group
from quotes.variants.verdict import CHANGES, CHANGING_WORDS, Change
from quotes.variants.words import PRONOUNS, Wording, wording

#: The fewest words that make identical quotations of an unnamed speaker one utterance.
FEWEST_UNNAMED = 8


class Place(NamedTuple):
    """One quotation of an utterance: its document and its text there."""

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
    """One wording of an utterance, with all its places by date.

    `text` is its most frequent form. `change` and `differences` compare it with the longest wording.
    """

    text: str
    words: int
    change: Change
    differences: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Utterance:
    """A statement in all its wordings, the longest first."""

    utterance_id: str
    speaker_name: str | None
    versions: tuple[Version, ...]

    @property
    def text(self) -> str:
        """The longest wording."""
        return self.versions[0].text

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All its quotations."""
        return tuple(place for version in self.versions for place in version.places)

    @cached_property
    def documents(self) -> int:
        """The number of its documents."""
        return len({place.doc_id for place in self.places})

    @property
    def change(self) -> Change:
        """The greatest change of its wordings."""
        return max((version.change for version in self.versions), key=CHANGES.index)

    @property
    def changes_words(self) -> bool:
        """Whether a wording has different words, not only different punctuation or fewer words."""
        return self.change in CHANGING_WORDS


class _Candidate(NamedTuple):
    """A quotation that can be grouped, with its speaker: a name, or the description of an unnamed one."""

    place: Place
    said: Wording
    speaker: tuple[str, SpeakerKind]


def find_utterances(records: Iterable[DocumentRecord], speakers: Path | None = None) -> list[Utterance]:
    """Group quotations that are variants of one utterance, independent of the order of the records.

    Quotations without variants, too short, without a speaker or in a page's boilerplate are left out; so is
    what is reported without marks, for the words are the writer's. The utterances in most documents come
    first. `speakers` is a TOML file of people, as for `Extractor`.
    """
    names = Names(speakers)
    named: list[_Candidate] = []
    unnamed: list[_Candidate] = []
    for record in records:
        candidates = list(_candidates(record))
        names.add_document(
            record.doc_id, (one.speaker for one in candidates if one.place.speaker_name is not None)
        )
        for one in candidates:
            (unnamed if one.place.speaker_name is None else named).append(one)
    people = names.people()
    written = names.written()
    by_person: dict[tuple[str, str | None], list[_Candidate]] = {}
    for one in named:
        person = people[one.speaker]
        # An ambiguous name still means one person within a document.
        key = (f"{one.speaker[0]}\0{one.place.doc_id}", None) if person is None else (person, written[person])
        by_person.setdefault(key, []).append(one)
    found: list[Utterance] = []
    while by_person:  # frees the memory of finished people
        (person, name), candidates = by_person.popitem()
        found += _utterances(person, name or candidates[0].place.speaker_name, candidates)
    found += _of_unnamed(unnamed)
    return sorted(found, key=lambda one: (-one.documents, -one.versions[0].words, one.utterance_id))


def utterance_ids(utterances: Iterable[Utterance]) -> dict[tuple[str, str], str]:
    """The utterance's id by `doc_id` and `quote_id`."""
    return {(p.doc_id, p.quote_id): one.utterance_id for one in utterances for p in one.places}


def _candidates(record: DocumentRecord) -> Iterator[_Candidate]:
    for quotation in record.quotations:
        if quotation.speaker is None and quotation.speaker_name is None:
            continue
        if quotation.in_boilerplate or quotation.kind == "indirect":
            continue
        said = wording(quotation.text, tuple(end - start for start, end in quotation.parts))
        place = Place(
            record.doc_id, quotation.quote_id, quotation.text, quotation.speaker_name, record.metadata
        )
        yield _Candidate(place, said, (_description(quotation), quotation.speaker_kind))


def _description(quotation: Quotation) -> str:
    if quotation.speaker_name is not None:
        return quotation.speaker_name
    assert quotation.speaker is not None
    words = fold(quotation.speaker.text).split()
    return " ".join(words[1:] if words[0] in ("a", "an", "the", "one") else words) if words else ""


def _utterances(person: str, name: str | None, candidates: Iterable[_Candidate]) -> Iterator[Utterance]:
    places: dict[Wording, list[Place]] = {}
    for one in candidates:
        places.setdefault(one.said, []).append(one.place)
    for members in group(places):
        if sum(len(places[member.wording]) for member in members) > 1:
            yield _utterance(person, name, members, places)


def _of_unnamed(candidates: Iterable[_Candidate]) -> Iterator[Utterance]:
    """Group only identical long quotations of speakers with the same description, never "he" or "they"."""
    same: dict[tuple[str, Wording], list[_Candidate]] = {}
    for one in candidates:
        called = one.speaker[0]
        if called and called not in PRONOUNS and len(one.said.words) >= FEWEST_UNNAMED:
            same.setdefault((called, one.said), []).append(one)
    for (called, _), several in same.items():
        yield from _utterances(f"{called}\0\0unnamed", None, several)


def _utterance(
    person: str, name: str | None, members: list[Member], places: dict[Wording, list[Place]]
) -> Utterance:
    center = members[0].wording
    text = _most_frequent(places[center])
    versions = tuple(_version(member, text, places[member.wording]) for member in members)
    # From the fullest name and the longest wording, so that articles with shorter ones change nothing.
    key = "\0".join((person, " ".join(center.sequence)))
    return Utterance(hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16], name, versions)


def _version(member: Member, longest: str, places: list[Place]) -> Version:
    text = _most_frequent(places)
    if member.verdict is None:
        change: Change = "none" if all(place.text == longest for place in places) else "marks"
    else:
        change = member.verdict.change
    differences = member.verdict.differences if member.verdict else ()
    ordered = tuple(sorted(places, key=lambda place: place.order))
    return Version(text, len(member.wording.words), change, differences, ordered)


def _most_frequent(places: Iterable[Place]) -> str:
    count = Counter(place.text for place in places)
    return min(count, key=lambda text: (-count[text], text))
