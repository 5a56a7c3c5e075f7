"""People → a file for `--speakers`, new or extended. What a person wrote in it stays.

Ada Quill, “Ada J. Quill”, mayor of Port Ellery   →   [[speaker]]
                                                      name = "Ada Quill"
                                                      aliases = ["Ada J. Quill"]
                                                      roles = ["mayor of Port Ellery"]
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from quotes import data
from quotes.data import Speaker, fold
from quotes.data.lookups import name_key, role_key
from quotes.data.schemas import SpeakersFile
from quotes.errors import DataError, OutputError
from quotes.files.standard_output import write_bytes
from quotes.files.visible import shortened
from quotes.people.archive import Person
from quotes.people.persons import Name, agree, parse_name
from quotes.people.roles import Role, days, names_one_person
from quotes.records import encodable

_HEAD: Final = (
    "Known people, for `quotes extract --speakers` and `quotes people --speakers`.",
    "`quotes people --out` adds to this file, and keeps what is changed by hand.",
)
_KINDS: Final = ("person", "organization", "group")
_LONGEST_COMMENT: Final = 200


class Written(NamedTuple):
    """How many entries of a file were added and extended, and how many are as before."""

    added: int
    extended: int
    kept: int


class _News(NamedTuple):
    """What the articles tell of a speaker beyond his or her entry."""

    person: Person
    entry: Speaker
    aliases: tuple[str, ...]
    roles: tuple[Role, ...]
    facts: Mapping[str, str]
    """The fields with one value, "gender" and "wikidata", that the entry lacks."""

    @property
    def any(self) -> bool:
        return bool(self.aliases or self.roles or self.facts)


def speakers_in(path: Path) -> SpeakersFile | None:
    """What an existing file holds; None if there is none. Raises OutputError if it isn't one of speakers."""
    if not path.exists():
        return None
    try:
        speakers, offices = data.speakers_of(path)
    except DataError as error:
        raise OutputError(
            f"{error} This file exists, so it would be extended. If it should hold speakers, correct it; "
            "otherwise name another file for --out."
        ) from None
    return SpeakersFile(speaker=tuple(speakers.values()), office=offices)


def write_speakers(
    path: Path, chosen: Iterable[Person], people: Sequence[Person], *, doubtful: bool = False
) -> Written:
    """Add the `chosen` of all `people` to the file at `path`, which is created if it does not exist.

    New people are added if their name is full and clear; of known ones, what is new. Doubtful ones are left
    out unless `doubtful`; what could be several people's name is never added. A file is not touched if there
    is nothing new for it. Raises OutputError, also for a file that isn't one of speakers.
    """
    before = speakers_in(path)
    entries = before.speaker if before else ()
    candidates = (one for one in chosen if _is_clear(one, doubtful=doubtful))
    news = list(_news(candidates, people, entries))
    own = {speaker.name for speaker in entries}
    extended = sum(one.entry.name in own for one in news)
    if news or before is None:
        text = _extended(path.read_bytes().decode("utf-8-sig") if before else "", news, own)
        _check(text, path, before)
        write_bytes(path, text.encode())
    return Written(len(news) - extended, extended, len(own) - extended)


def _is_clear(person: Person, *, doubtful: bool) -> bool:
    doubts = {doubt.kind for doubt in person.doubts}
    return person.kind in _KINDS and "ambiguous" not in doubts and (doubtful or not doubts)


def _news(candidates: Iterable[Person], people: Sequence[Person], own: Sequence[Speaker]) -> Iterator[_News]:
    """What is new, compared with a file's own entries and those that ship."""
    # An own entry replaces that of the same name that ships.
    known = {fold(one.name): one for one in (*data.registry().speakers, *own)}.values()
    # A name and a role that two people have, the doubtful among them, says nothing of either.
    named = Counter(key for one in people for key in {name_key(name) for name in _names(one)})
    entries = _Entries(known, people, named)
    held = Counter(key for one in people for key in {role_key(role.text) for role in one.roles})
    held.update(role_key(role) for speaker in known for role in speaker.roles)
    done = set[str]()
    for person in candidates:
        found = entries.of(person)
        entry = found[0] if found else _bare(person)
        full = bool(found) or person.kind != "person" or " " in person.name
        if len(found) > 1 or not full or entry.name in done:
            continue
        done.add(entry.name)
        own_name = parse_name(entry.name, entry.kind)
        called = {name_key(name) for name in (entry.name, *entry.aliases)}
        aliases = {
            key: name
            for name in _names(person)
            if (key := name_key(name)) not in called
            and named[key] == 1
            and agree(parse_name(name, entry.kind), own_name)
        }
        roles = (role for role in person.roles if names_one_person(role.text))
        facts = {"gender": person.gender, "wikidata": person.wikidata}
        news = _News(
            person,
            entry,
            tuple(aliases.values()),
            tuple(role for role in roles if held[role_key(role.text)] == 1),
            {key: value for key, value in facts.items() if value and getattr(entry, key) is None},
        )
        if news.any or not found:
            yield news


class _Entries:
    """Whose entry is whose, among the known speakers."""

    def __init__(self, known: Iterable[Speaker], people: Sequence[Person], named: Mapping[str, int]) -> None:
        self._count = named
        self._by_name: dict[str, list[Speaker]] = {}
        self._by_surname: dict[str, list[tuple[Name, Speaker]]] = {}
        for speaker in known:
            for key in {name_key(name) for name in (speaker.name, *speaker.aliases)}:
                self._by_name.setdefault(key, []).append(speaker)
            name = parse_name(speaker.name, speaker.kind)
            self._by_surname.setdefault(name.words[-1], []).append((name, speaker))
        # An entry of somebody's name in these articles is hers, and of no other whose name agrees with it.
        self._taken = {one.name for person in people for one in self._named(person)}
        self._agreeing = Counter(one.name for person in people for one in self._agree(person))

    def of(self, person: Person) -> list[Speaker]:
        """The speakers who may be this person: of this name, otherwise of a name that agrees with it.

        An entry whose name agrees with two people's names could be either's, so both get more than one.
        """
        if named := self._named(person):
            return named
        found = self._agree(person)
        return found if all(self._agreeing[one.name] == 1 for one in found) else [*found, _bare(person)]

    def _named(self, person: Person) -> list[Speaker]:
        keys = {name_key(name): name for name in _names(person)}
        own = (key for key, name in keys.items() if self._count[key] == 1 or name == person.name)
        return list({one.name: one for key in own for one in self._by_name.get(key, ())}.values())

    def _agree(self, person: Person) -> list[Speaker]:
        own = parse_name(_bare(person).name, person.kind)
        if len(own.words) == 1 or self._named(person):
            return []
        return [
            speaker
            for name, speaker in self._by_surname.get(own.words[-1], ())
            if len(name.words) > 1 and speaker.name not in self._taken and agree(own, name)
        ]


def _bare(person: Person) -> Speaker:
    kind = "person" if person.kind == "unknown" else person.kind
    return Speaker.model_validate({"name": encodable(person.name), "kind": kind})


def _names(person: Person) -> tuple[str, ...]:
    return (*map(encodable, person.aliases), encodable(person.name))


def _extended(text: str, news: Sequence[_News], own: Container[str]) -> str:
    """The file's text with the news, in its own layout."""
    import tomlkit

    document = tomlkit.parse(text)
    if not text:
        for line in _HEAD:
            document.add(tomlkit.comment(line))
    if news and not document.get("speaker"):
        document.pop("speaker", None)
        document.add("speaker", tomlkit.aot())
    rows = document.setdefault("speaker", [])
    by_name = {str(row["name"]).strip(): row for row in rows}
    for one in news:
        if one.entry.name in own:
            _add(by_name[one.entry.name], one)
        else:
            row = tomlkit.table() if isinstance(rows, tomlkit.items.AoT) else tomlkit.inline_table()
            _begin(row, one)
            _add(row, one)
            rows.append(row)
    return tomlkit.dumps(document)


def _begin(row: Any, one: _News) -> None:
    """A new entry: where it comes from, and what is known of the speaker already."""
    import tomlkit

    if isinstance(row, tomlkit.items.Table):
        row.trivia.indent = "\n"
        row.add(tomlkit.comment(shortened(_source(one.person), _LONGEST_COMMENT)))
    known = one.entry.model_dump(exclude_defaults=True, mode="json")
    row.update({"name": one.entry.name, "kind": one.entry.kind} | known)


def _add(row: Any, one: _News) -> None:
    """What is new of a speaker; the days of roles, which are facts of a time, as a comment."""
    import tomlkit

    row.update(one.facts)
    for key, values in (("aliases", one.aliases), ("roles", [encodable(role.text) for role in one.roles])):
        if values:
            row.setdefault(key, []).extend(values)
    dated = "; ".join(role.dated for role in one.roles if role.first)
    if dated and isinstance(row, tomlkit.items.Table) and not row["roles"].trivia.comment:
        row["roles"].comment(shortened(dated, _LONGEST_COMMENT))


def _source(person: Person) -> str:
    """12 quotations in 1 document, 2017-03-01"""
    counts = ((person.quotations, "quotation"), (person.documents, "document"))
    text = " in ".join(f"{number:,} {what}{'s' * (number != 1)}" for number, what in counts)
    return ", ".join(filter(None, (text, days(person.first, person.last))))


def _check(text: str, path: Path, before: SpeakersFile | None) -> None:
    """Make sure that a new text has all that the file had. Raises OutputError."""
    try:
        after = SpeakersFile.model_validate(tomllib.loads(text))
    except ValueError as error:
        raise OutputError(f"{path}: can't be extended ({error}). Simplify its layout.") from error
    names = {speaker.name for speaker in after.speaker}
    lost = before is not None and (
        before.office != after.office or not names.issuperset(one.name for one in before.speaker)
    )
    if lost:
        raise OutputError(
            f"{path}: can't be extended without a loss. Put all [[speaker]] tables before the others."
        )
