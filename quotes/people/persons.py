"""Which names in many documents mean one person, so that no two people's words are grouped.

Sessions · Jeff Sessions · Jefferson Sessions     →  one
Clinton · Bill Clinton · Hillary Clinton          →  three: "Clinton" could be either of the two
Ada Quill · Ada Quill Jr.                         →  two
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from pathlib import Path
from typing import Final, NamedTuple

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


class Decision(NamedTuple):
    """Whose a name is. `person` is the fullest form of the person's name, None if it could be several's."""

    person: Name | None
    could_be: tuple[Name, ...]
    """Of a name that could be several people's: theirs, the fullest first. Otherwise empty."""
    told_apart: tuple[tuple[Name, str], ...]
    """Names that agree with it but are another person's, each with a document that has both."""


@dataclass(slots=True)
class Names:
    """Collects the names of all documents, then decides which mean one person."""

    speakers: Path | None = None
    _seen: dict[tuple[str, SpeakerKind], Name] = field(default_factory=dict)
    _written: dict[Name, str] = field(default_factory=dict)
    _known: set[Name] = field(default_factory=set)
    # Pairs that one document distinguishes, with the first such document by its id.
    _apart: dict[frozenset[Name], str] = field(default_factory=dict)

    def add_document(self, doc_id: str, speakers: Iterable[tuple[str, SpeakerKind]]) -> None:
        """Add the speakers of one document: different people, for within a document names are resolved."""
        registry = data.registry(self.speakers)
        by_surname: dict[str, set[Name]] = {}
        for written, kind in sorted(set(speakers)):
            name = self._seen.get((written, kind))
            if name is None:
                name, canonical = read_name(written, kind, registry)
                self._seen[written, kind] = name
                if len(registry.named(written)) == 1:
                    self._known.add(name)
                # Of two spellings of one name, always the same one, independent of the order.
                self._written[name] = max(
                    self._written.get(name, ""), canonical, key=lambda one: (len(one), one)
                )
            by_surname.setdefault(name.words[-1], set()).add(name)
        for names in by_surname.values():
            for one, other in combinations(names, 2):
                if (one.words, one.suffix) != (other.words, other.suffix):
                    pair = frozenset((one, other))
                    self._apart[pair] = min(self._apart.get(pair, doc_id), doc_id)

    def people(self) -> dict[tuple[str, SpeakerKind], str | None]:
        """Map each name to its person, identified by the fullest form of the name; None as in `decide`."""
        labels = {
            name: None if one.person is None else label(one.person) for name, one in self.decide().items()
        }
        return {seen: labels[name] for seen, name in self._seen.items()}

    def decide(self) -> dict[Name, Decision]:
        """Decide whose each name is.

        Two names mean one person if they agree and no third name agrees with only one of them. A name that
        could be either of two people's, such as "Clinton" if Bill and Hillary are both known, is nobody's.
        """
        blocks: dict[str, list[Name]] = {}
        for name in self._written:
            blocks.setdefault(name.words[-1], []).append(name)
        decided: dict[Name, Decision] = {}
        for block in blocks.values():
            decided.update(self._decide(sorted(block, key=_order)))
        return decided

    def written(self) -> Mapping[str, str]:
        """Map each person to the name as it is written."""
        return {label(name): written for name, written in self._written.items()}

    def _decide(self, block: list[Name]) -> Iterator[tuple[Name, Decision]]:
        agreeing: dict[Name, list[Name]] = {name: [] for name in block}
        apart: dict[Name, list[tuple[Name, str]]] = {}
        for one, other in _pairs(block):
            # The registry tells its speakers apart.
            if not agree(one, other) or self._known.issuperset((one, other)):
                continue
            if (doc_id := self._apart.get(frozenset((one, other)))) is None:
                agreeing[one].append(other)
                agreeing[other].append(one)
            else:
                apart.setdefault(one, []).append((other, doc_id))
                apart.setdefault(other, []).append((one, doc_id))
        # A name that agrees with two names that disagree could mean either. The others form cliques.
        clear = {name for name in block if self._is_clear(agreeing, name)}
        person: dict[Name, Name] = {}
        for name in block:  # the fullest first
            if name in clear:
                friends = [other for other in agreeing[name] if other in person]
                person[name] = person[friends[0]] if friends else name
            could_be = () if name in clear else tuple(agreeing[name])
            yield name, Decision(person.get(name), could_be, tuple(apart.get(name, ())))

    @staticmethod
    def _is_clear(agreeing: Mapping[Name, list[Name]], name: Name) -> bool:
        first, *rest = agreeing[name] or [name]
        friends = {first, *agreeing[first]}
        if not friends.issuperset(rest):
            return False
        return all(other in agreeing[one] for one, other in combinations(rest, 2))


def _pairs(block: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """All pairs of names that can agree, in order; thousands of people may share a surname."""
    by_key: dict[object, list[int]] = {}
    for number, name in enumerate(block):
        for key in (*_keys(name.words), ("initial", name.words[0][:1])):
            by_key.setdefault(key, []).append(number)
    pairs: set[tuple[int, int]] = set()
    for number, name in enumerate(block):
        if len(name.words) == 1:  # a surname alone agrees with all
            others: Iterable[int] = range(len(block))
        else:
            keys = [*_keys(name.words), *([("initial", name.words[0])] if len(name.words[0]) == 1 else ())]
            others = chain.from_iterable(by_key.get(key, ()) for key in keys)
        pairs.update((min(number, other), max(number, other)) for other in others if other != number)
    return ((block[one], block[other]) for one, other in sorted(pairs))


def _keys(words: tuple[str, ...]) -> Iterator[object]:
    """What two names have in common if they agree, unless one has an initial or is a surname alone."""
    yield words[0]
    yield from data.nicknames().canonical.get(words[0], ())
    yield from (words[at:] for at in range(len(words) - 1))


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


def read_name(written: str, kind: SpeakerKind, registry: Registry) -> tuple[Name, str]:
    """A name for comparison, and as it is written: by the registry, if that knows just one such speaker."""
    known = registry.named(written)
    if len(known) == 1:
        written, kind = known[0].name, known[0].kind
    return parse_name(written, kind), written


def parse_name(written: str, kind: SpeakerKind) -> Name:
    """A name for comparison, as it is written."""
    words = name_words(written) if kind in _MAYBE_PEOPLE else ()
    suffix = generation(written) if words else ""
    return Name(words or tuple(fold(written).split()) or ("",), suffix, kind)


def _order(name: Name) -> tuple[int, int, str]:
    return -len(name.words), -len(" ".join(name.words)), label(name)
