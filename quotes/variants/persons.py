"""Which names in many documents mean one person, so that no two people's words are grouped.

Sessions · Jeff Sessions · Jefferson Sessions     →  one
Clinton · Bill Clinton · Hillary Clinton          →  three: "Clinton" could be either of the two
Ada Quill · Ada Quill Jr.                         →  two
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Final

from quotes import data
from quotes.data import Registry, fold
from quotes.data.lookups import generation, name_words
from quotes.records import SpeakerKind

# A speaker of unknown kind may be a person.
_MAYBE_PEOPLE: Final = frozenset(["person", "unknown"])


@dataclass(frozen=True, slots=True)
class Name:
    """A speaker's name for comparison: its folded words, its suffix such as "jr", and the speaker's kind."""

    words: tuple[str, ...]
    suffix: str
    kind: SpeakerKind


@dataclass(slots=True)
class Names:
    """Collects the names of all documents, then decides which mean one person."""

    speakers: Path | None = None
    _seen: dict[tuple[str, SpeakerKind], Name] = field(default_factory=dict)
    _written: dict[Name, str] = field(default_factory=dict)
    _apart: set[frozenset[Name]] = field(default_factory=set)

    def add_document(self, speakers: Iterable[tuple[str, SpeakerKind]]) -> None:
        """Add the speakers of one document: different people, for within a document names are resolved."""
        registry = data.registry(self.speakers)
        by_surname: dict[str, set[Name]] = {}
        for written, kind in sorted(set(speakers)):
            name = self._seen.get((written, kind))
            if name is None:
                name, canonical = _name(written, kind, registry)
                self._seen[written, kind] = name
                # Of two spellings of one name, always the same one, independent of the order.
                self._written[name] = max(
                    self._written.get(name, ""), canonical, key=lambda one: (len(one), one)
                )
            by_surname.setdefault(name.words[-1], set()).add(name)
        for names in by_surname.values():
            self._apart.update(frozenset(pair) for pair in combinations(names, 2))

    def people(self) -> dict[tuple[str, SpeakerKind], str | None]:
        """Map each name to its person, identified by the fullest form of the name.

        Two names mean one person if they agree and no third name agrees with only one of them. A name that
        could be either of two people's, such as "Clinton" if Bill and Hillary are both known, maps to None.
        """
        blocks: dict[str, list[Name]] = {}
        for name in self._written:
            blocks.setdefault(name.words[-1], []).append(name)
        person: dict[Name, str | None] = {}
        for block in blocks.values():
            person |= self._people_of(sorted(block, key=_order))
        return {seen: person[name] for seen, name in self._seen.items()}

    def written(self) -> Mapping[str, str]:
        """Map each person to the name as it is written."""
        return {label(name): written for name, written in self._written.items()}

    def _people_of(self, block: list[Name]) -> dict[Name, str | None]:
        agreeing: dict[Name, list[Name]] = {name: [] for name in block}
        for one, other in combinations(block, 2):
            if frozenset((one, other)) not in self._apart and agree(one, other):
                agreeing[one].append(other)
                agreeing[other].append(one)
        # A name that agrees with two names that disagree could mean either. The others form cliques.
        clear = {name for name in block if self._is_clear(agreeing, name)}
        person: dict[Name, str | None] = {}
        for name in block:  # the fullest first
            friends = [other for other in agreeing[name] if other in person and other in clear]
            person[name] = None if name not in clear else person[friends[0]] if friends else label(name)
        return person

    @staticmethod
    def _is_clear(agreeing: Mapping[Name, list[Name]], name: Name) -> bool:
        first, *rest = agreeing[name] or [name]
        friends = {first, *agreeing[first]}
        if not friends.issuperset(rest):
            return False
        return all(other in agreeing[one] for one, other in combinations(rest, 2))


def label(name: Name) -> str:
    """A string that identifies a name."""
    return "\0".join((" ".join(name.words), name.suffix, name.kind))


def agree(one: Name, other: Name) -> bool:
    """Whether two names may mean one person: the same rule as for names within a document.

    Names of organisations and groups must be equal. For people, surnames must be equal, and first and middle
    names must not contradict: an initial fits a name, a nickname fits its long form, and a missing name fits
    any.
    """
    if one.words == other.words and one.suffix == other.suffix:
        return one.kind == other.kind or "unknown" in (one.kind, other.kind)
    if one.kind not in _MAYBE_PEOPLE or other.kind not in _MAYBE_PEOPLE or one.suffix != other.suffix:
        return False
    shorter, longer = sorted((one.words, other.words), key=len)
    if shorter == longer[-len(shorter) :]:
        return True
    if len(shorter) == 1 or shorter[-1] != longer[-1] or not _fits(shorter[0], longer[0]):
        return False
    return _middles_fit(shorter[1:-1], longer[1:-1])


def _middles_fit(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether the middle names are the same, as far as both are given."""
    if len(shorter) != len(longer):
        return not shorter or set(shorter) <= set(longer)
    return all(one == other or _initial(one, other) for one, other in zip(shorter, longer, strict=True))


def _fits(one: str, other: str) -> bool:
    return one == other or data.nicknames().same(one, other) or _initial(one, other)


def _initial(one: str, other: str) -> bool:
    return 1 in (len(one), len(other)) and one[0] == other[0]


def _name(written: str, kind: SpeakerKind, registry: Registry) -> tuple[Name, str]:
    known = registry.named(written)
    if len(known) == 1:
        written, kind = known[0].name, known[0].kind
    folded = fold(written)
    words = name_words(written) if kind in _MAYBE_PEOPLE else ()
    suffix = generation(written) if words else ""
    return Name(words or tuple(folded.split()) or ("",), suffix, kind), written


def _order(name: Name) -> tuple[int, int, str]:
    return -len(name.words), -len(" ".join(name.words)), label(name)
