"""What the data files may hold, and how one is read and checked; an error says where it is and what to do."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from quotes.data.lookups import Entry, Office, Side, Speaker, Strength, fold
from quotes.errors import DataError
from quotes.records import Channel

_Model = TypeVar("_Model", bound=BaseModel)
_T = TypeVar("_T")


class VerbRow(Entry):
    """One verb of `cues.toml`."""

    lemma: str
    strength: Strength
    channel: Channel = "speech"
    describes: bool = False
    forms: tuple[str, ...] = ()
    reason: str | None = None


class PhraseRow(Entry):
    """One cue of several words."""

    text: str
    strength: Strength | Literal["none"]
    channel: Channel = "speech"
    side: Side
    # The first word of a phrasal verb is inflected: "point out", "points out", "pointed out", "pointing out".
    inflected: bool = False
    forms: tuple[str, ...] = ()
    reason: str | None = None


class CueNounRow(Entry):
    """One noun that names a medium, a single word."""

    lemma: Annotated[str, Field(pattern=r"^\S+$")]
    channel: Channel
    plural: str | None = None
    reason: str | None = None


class NeverRow(Entry):
    """One verb that must not be a cue, and why."""

    lemma: str
    forms: tuple[str, ...] = ()
    reason: str


class InvertedRow(Entry):
    """A verb, with its particle, that is a cue only right behind a quotation and before its subject."""

    text: Annotated[str, Field(pattern=r"^\S+( \S+)?$")]
    reason: str


class CuesFile(Entry):
    """`cues.toml`."""

    verb: tuple[VerbRow, ...]
    phrase: tuple[PhraseRow, ...]
    noun: tuple[CueNounRow, ...]
    never: tuple[NeverRow, ...]
    inverted: tuple[InvertedRow, ...] = ()
    body: frozenset[str] = frozenset()
    saying: frozenset[str] = frozenset()
    denying: frozenset[str] = frozenset()
    quoting: frozenset[str] = frozenset()


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _commas(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(item for item in (part.strip() for part in fold(value).split(",")) if item)


# Lists written as one string, items separated by spaces or commas: quick to write, and quick to read.
_Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
_Commas = Annotated[tuple[str, ...], BeforeValidator(_commas)]


class AttributionFile(Entry):
    """`attribution.toml`."""

    belief: _Words
    fact: _Words
    eventuality: _Words
    no_source: _Words
    no_content: _Words
    greetings: _Words
    said_to_be: _Words
    irregular: dict[str, str]


class _TitleLists(Entry):
    male: _Commas
    female: _Commas
    any: _Commas


class NounLists(Entry):
    """The nouns of `titles.toml`, by what they stand for."""

    person_male: _Commas
    person_female: _Commas
    person_anonymous: _Commas
    person: _Commas
    group: _Commas
    organization: _Commas
    organization_name: _Commas
    document: _Commas


class _List(Entry):
    any: _Commas


class _NameLists(Entry):
    not_people: _Commas
    places: _Commas
    courtesies: _Commas
    addressed: _Commas
    crowned: _Commas
    openers: _Commas
    epithets: _Commas
    before_first_names: _Commas
    callings: _Commas
    things_too: _Commas
    coupled: _Commas


class TitlesFile(Entry):
    """`titles.toml`."""

    titles: _TitleLists
    modifiers: _List
    nouns: NounLists
    insiders: _List
    organization_endings: _List
    names: _NameLists
    answers: dict[str, _Commas]
    abbreviations: dict[str, str]


class ContextRow(Entry):
    """What turns the words beside it; with `who`, only if others than the speaker say it.

    With `behind`, only right behind an auxiliary, or at the end of its sentence.
    """

    text: str
    reason: str
    who: Literal["others"] | None = None
    behind: Literal["auxiliary"] | None = None


class ContextsFile(Entry):
    """`contexts.toml`."""

    before: tuple[ContextRow, ...]
    after: tuple[ContextRow, ...]
    others: frozenset[str]
    own: frozenset[str]
    auxiliaries: frozenset[str]
    between: frozenset[str]


class RolesFile(Entry):
    """`roles.toml`."""

    of_places: _Commas
    of_bodies: _Commas
    fields: dict[str, _Commas]


class FirstNamesFile(Entry):
    """`first_names.toml`."""

    female: _Words
    male: _Words
    both: _Words


class NicknamesFile(Entry):
    """`nicknames.toml`."""

    nicknames: dict[str, tuple[str, ...]]


class SpeakersFile(Entry):
    """`speakers.toml`, and a user's own file."""

    speaker: tuple[Speaker, ...]
    office: tuple[Office, ...] = ()


def read(path: Path, model: type[_Model]) -> _Model:
    """Read a TOML file into `model`. Raises DataError with the place of the first error."""
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise DataError(f"{path}: can't be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: is not valid TOML: {error}. Correct that place.") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise DataError(_explain(path, data, error)) from error


def fitted(path: Path, build: Callable[[Any], _T]) -> _T:
    """What `build` makes of a JSON file that a script fitted. Raises DataError where it can't be read."""
    try:
        return build(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        script = path.stem if path.parent.name == "data" else path.parent.name
        raise DataError(
            f"{path.name} can't be read ({error}). Install the package again, or fit it again with"
            f" scripts/fit_{script}.py."
        ) from error


def _explain(path: Path, data: dict[str, Any], error: ValidationError) -> str:
    """The first error, with the entry's number and name."""
    first = error.errors(include_url=False, include_context=False)[0]
    location = list(first["loc"])
    where = []
    if len(location) > 1 and isinstance(location[1], int):
        table, number = str(location[0]), location[1]
        entry = data[table][number]
        keys = ("lemma", "text", "name", "open") if isinstance(entry, dict) else ()
        name = next((f" ({entry[key]!r})" for key in keys if key in entry), "")
        where.append(f"{table} number {number + 1}{name}")
        location = location[2:]
    if location:
        where.append(".".join(map(str, location)))
    what = {
        "extra_forbidden": "is not a known field; remove it or correct its spelling",
        "missing": "is missing; add it",
        "tuple_type": f"is not a list; if its entries are tables, begin each with [[{first['loc'][0]}]]",
    }.get(first["type"], f"{first['msg']}, found {first['input']!r}; correct it")
    return f"{path}: {': '.join(where)}: {what}."


def once(path: Path, keys: Iterable[tuple[str, str]]) -> None:
    """Refuse a key that is given twice. Takes pairs of the key and how the file writes it."""
    seen: dict[str, str] = {}
    for key, called in keys:
        if key in seen:
            raise DataError(
                f"{path}: {called!r} is listed twice (first as {seen[key]!r}). Remove one of the two."
            )
        seen[key] = called
