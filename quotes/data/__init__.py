"""The word lists that the rules are written over, read from the TOML files beside this one.

>>> cues().verbs["told"].lemma, cues().verbs["told"].form
('tell', 'past')
>>> titles().nouns["spokeswomen"].gender
'female'
>>> first_names().gender("Siobhán")
'female'

Each list is read once, when it is first asked for, and checked then. README.md says where the words come from
and how to add one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from quotes.errors import DataError
from quotes.records import Channel

Strength = Literal["strong", "weak"]
Form = Literal["base", "third", "past", "participle", "gerund"]
Side = Literal["before", "after"]
Gender = Literal["male", "female"]
NounKind = Literal["person", "group", "organization", "document"]
PersonOrBody = Literal["person", "organization", "group"]

FOLDER = Path(__file__).parent
_VOWELS = "aeiou"
# One short syllable that ends in one consonant doubles it ("quipped"); longer verbs name their forms.
_DOUBLING = re.compile(r"(?:qu|[^aeiou])+[aeiou][^aeiouwxy]")
_Model = TypeVar("_Model", bound=BaseModel)


# --- What a look-up gives ---


class Cue(NamedTuple):
    """One written form of a cue verb.

    `forms` has every reading ("read" has three), `form` the first of them. A verb that `describes` takes the
    quoted words into its clause, and they are its subject's: "called it “a mess”", "panned it as “a sham”".
    """

    lemma: str
    strength: Strength
    channel: Channel
    form: Form
    forms: tuple[Form, ...]
    describes: bool = False


class Phrase(NamedTuple):
    """One written form of a cue of several words; `side` is where its source stands, seen from the phrase."""

    text: str
    words: tuple[str, ...]
    strength: Strength
    channel: Channel
    side: Side
    form: Form | None
    describes: bool = False


class CueNoun(NamedTuple):
    """A noun that names the medium: "in a statement", "her tweets"."""

    lemma: str
    channel: Channel
    plural: bool


class Noun(NamedTuple):
    """A noun that stands for a speaker. Several persons are a group."""

    lemma: str
    kind: NounKind
    gender: Gender | None
    anonymous: bool
    plural: bool


@dataclass(frozen=True, slots=True)
class Cues:
    """Cue verbs, phrases and nouns by their lower-cased written forms."""

    verbs: Mapping[str, Cue]
    phrases: Mapping[str, tuple[Phrase, ...]]
    nouns: Mapping[str, CueNoun]
    never: Mapping[str, str]

    def phrase_at(self, words: Sequence[str], index: int) -> Phrase | None:
        """Find the longest phrase that begins at `words[index]`; words are lower-cased tokens."""
        for phrase in self.phrases.get(words[index], ()):
            if tuple(words[index : index + len(phrase.words)]) == phrase.words:
                return phrase
        return None


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles, role nouns and organisations' endings by their lower-cased forms, dots kept and left out."""

    titles: Mapping[str, Gender | None]
    modifiers: frozenset[str]
    nouns: Mapping[str, Noun]
    organization_endings: frozenset[str]
    longest_title: int


@dataclass(frozen=True, slots=True)
class FirstNames:
    """First names and the gender they tell; None for a name that tells nothing."""

    genders: Mapping[str, Gender | None]

    def gender(self, name: str) -> Gender | None:
        """Look up the gender that a first name tells, if it tells one."""
        return self.genders.get(fold(name))

    def __contains__(self, name: str) -> bool:
        return fold(name) in self.genders


@dataclass(frozen=True, slots=True)
class Nicknames:
    """Which first names may be one another."""

    canonical: Mapping[str, frozenset[str]]

    def same(self, one: str, other: str) -> bool:
        """Tell whether one name may be short for the other, or both for a third."""
        one, other = fold(one), fold(other)
        if one == other:
            return True
        ones, others = self.canonical.get(one, frozenset()), self.canonical.get(other, frozenset())
        return one in others or other in ones or bool(ones & others)


class _Entry(BaseModel):
    """What a TOML table may hold: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1, str_strip_whitespace=True)


class Pair(_Entry):
    """An opening and a closing quotation mark."""

    open: str
    close: str
    level: Literal["outer", "inner", "either"] = "either"
    note: str


class Marks(_Entry):
    """The pairs of quotation marks, and the words that begin with an apostrophe."""

    pair: tuple[Pair, ...]
    elisions: frozenset[str]


class Speaker(_Entry):
    """Someone, or something, that the registry knows."""

    name: str
    kind: PersonOrBody = "person"
    gender: Gender | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    twitter: tuple[str, ...] = ()
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$")] | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """Known speakers. Keys are folded (see `fold`); a key that fits several speakers gives them all."""

    speakers: tuple[Speaker, ...]
    by_name: Mapping[str, tuple[Speaker, ...]]
    by_role: Mapping[str, tuple[Speaker, ...]]
    by_twitter: Mapping[str, Speaker]

    def named(self, name: str) -> tuple[Speaker, ...]:
        """Find the speakers whose name or alias this is."""
        return self.by_name.get(fold(name), ())

    def in_role(self, role: str) -> tuple[Speaker, ...]:
        """Find the speakers who hold this role, with or without "the"."""
        return self.by_role.get(_role(role), ())

    def tweeting_as(self, handle: str) -> Speaker | None:
        """Find who writes under this Twitter handle; its "@" may be left out."""
        return self.by_twitter.get(fold(handle).removeprefix("@"))


def fold(text: str) -> str:
    """Make a look-up key: lower case, without accents, apostrophes straight, spaces single."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(text.casefold().split())


# --- What the files hold ---


class _Verb(_Entry):
    lemma: str
    strength: Strength
    channel: Channel = "speech"
    describes: bool = False
    forms: tuple[str, ...] = ()
    reason: str | None = None


class _Phrase(_Entry):
    text: str
    strength: Strength
    channel: Channel = "speech"
    side: Side
    describes: bool = False
    # The first word of a phrasal verb is inflected: "point out", "points out", "pointed out", "pointing out".
    inflected: bool = False
    forms: tuple[str, ...] = ()
    reason: str | None = None


class _CueNoun(_Entry):
    lemma: str
    channel: Channel
    plural: str | None = None
    reason: str | None = None


class _Never(_Entry):
    lemma: str
    forms: tuple[str, ...] = ()
    reason: str


class _CuesFile(_Entry):
    verb: tuple[_Verb, ...]
    phrase: tuple[_Phrase, ...]
    noun: tuple[_CueNoun, ...]
    never: tuple[_Never, ...]


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _commas(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(item for item in (part.strip() for part in fold(value).split(",")) if item)


# Lists written as one string, items parted by spaces or commas: quick to write, and quick to read.
_Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
_Commas = Annotated[tuple[str, ...], BeforeValidator(_commas)]


class _TitleLists(_Entry):
    male: _Commas
    female: _Commas
    any: _Commas


class _NounLists(_Entry):
    person_male: _Commas
    person_female: _Commas
    person_anonymous: _Commas
    person: _Commas
    group: _Commas
    organization: _Commas
    organization_name: _Commas
    document: _Commas


class _List(_Entry):
    any: _Commas


class _TitlesFile(_Entry):
    titles: _TitleLists
    modifiers: _List
    nouns: _NounLists
    organization_endings: _List


class _FirstNamesFile(_Entry):
    female: _Words
    male: _Words
    both: _Words


class _NicknamesFile(_Entry):
    nicknames: dict[str, tuple[str, ...]]


class _SpeakersFile(_Entry):
    speaker: tuple[Speaker, ...]


def _read(path: Path, model: type[_Model]) -> _Model:
    """Read the file into `model`, or raise a DataError that says where and what."""
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


def _explain(path: Path, data: dict[str, Any], error: ValidationError) -> str:
    """Say the first thing that is wrong, with the entry's number and name."""
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
        "extra_forbidden": "is no known field; remove it or correct its spelling",
        "missing": "is missing; add it",
        "tuple_type": f"is not a list; if its entries are tables, begin each with [[{first['loc'][0]}]]",
    }.get(first["type"], f"{first['msg']}, found {first['input']!r}; correct it")
    return f"{path}: {': '.join(where)}: {what}."


def _once(path: Path, keys: Iterable[tuple[str, str]]) -> None:
    """Refuse a key that stands twice. Takes (key, what it is called in its file)."""
    seen: dict[str, str] = {}
    for key, called in keys:
        if key in seen:
            raise DataError(
                f"{path}: {called!r} stands there twice (before as {seen[key]!r}). Remove one of the two."
            )
        seen[key] = called


# --- Inflection ---


def inflect(lemma: str, irregular: Sequence[str] = ()) -> dict[str, tuple[Form, ...]]:
    """Give every written form of a verb, and what it may be.

    >>> inflect("deny")
    {'deny': ('base',), 'denies': ('third',), 'denied': ('past', 'participle'), 'denying': ('gerund',)}

    Irregular forms take the regular ones' place. Which is which is told by their endings: "-ing" is a gerund,
    "-s" a third person, "-ed" a past and participle; of two others the first is the past, the second the
    participle; one other is both.
    """
    stem = lemma + lemma[-1] if _DOUBLING.fullmatch(lemma) else lemma
    if not irregular:
        return {
            lemma: ("base",),
            add_s(lemma): ("third",),
            _add_ed(stem): ("past", "participle"),
            _add_ing(stem): ("gerund",),
        }
    gerunds = [form for form in irregular if form.endswith("ing") and len(form) > len(lemma)]
    thirds = [form for form in irregular if form.endswith("s")]
    weak = [form for form in irregular if form.endswith("ed")]
    strong = [form for form in irregular if form not in {*gerunds, *thirds, *weak}]
    if not weak and not strong:
        weak = [_add_ed(stem)]
    kinds: dict[Form, list[str]] = {
        "base": [lemma],
        "third": thirds or [add_s(lemma)],
        "past": weak + strong[:1],
        "participle": weak + (strong[1:] or strong),
        "gerund": gerunds or [_add_ing(stem)],
    }
    forms: dict[str, tuple[Form, ...]] = {}
    for kind, written in kinds.items():
        for form in written:
            forms[form] = (*forms.get(form, ()), kind)
    return forms


def add_s(word: str) -> str:
    """Add the ending of a verb's third person and of a noun's plural: "denies", "watches"."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + (
        "es" if word.endswith(("s", "x", "z", "ch", "sh")) or word in ("echo", "veto", "hero") else "s"
    )


def _add_ed(stem: str) -> str:
    if stem.endswith("y") and stem[-2:-1] not in _VOWELS:
        return stem[:-1] + "ied"
    if stem.endswith("c"):
        return stem + "ked"
    return stem + ("d" if stem.endswith("e") else "ed")


def _add_ing(stem: str) -> str:
    if stem.endswith("ie"):
        return stem[:-2] + "ying"
    if stem.endswith("c"):
        return stem + "king"
    return (stem[:-1] if stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")) else stem) + "ing"


# "attorneys general", "chiefs of staff", "mothers-in-law": the plural goes on what stands before these.
_COMPOUND = re.compile(r"(.+?)((?: of | in |-of-|-in-|-at-).*| general|-general|-elect|-by|(?<=passer)by)")
_IRREGULAR_PLURALS = (("man", "men"), ("child", "children"), ("person", "people"), ("wife", "wives"))


def plural(noun: str) -> str:
    """Give a noun's plural; of a compound, its head's: "attorneys general", "ex-wives"."""
    compound = None if noun.isalpha() and noun != "passerby" else _COMPOUND.fullmatch(noun)
    if compound:
        return plural(compound[1]) + compound[2]
    for singular, several in _IRREGULAR_PLURALS:
        if noun.endswith(singular):
            return noun.removesuffix(singular) + several
    return add_s(noun)


# --- The lists ---


@cache
def cues() -> Cues:
    """Verbs, phrases and nouns that introduce a quotation, and verbs that must not."""
    return _cues(FOLDER / "cues.toml")


def _cues(path: Path) -> Cues:
    file = _read(path, _CuesFile)
    for entries in (file.verb, file.noun, file.never):
        _once(path, ((entry.lemma, entry.lemma) for entry in entries))
    verbs: dict[str, Cue] = {}
    for verb in file.verb:
        for surface, forms in inflect(verb.lemma, verb.forms).items():
            if surface in verbs:
                raise DataError(
                    f"{path}: verb {verb.lemma!r}: {surface!r} is a form of {verbs[surface].lemma!r}, too. "
                    "Remove one of the two verbs, or name other forms."
                )
            verbs[surface] = Cue(verb.lemma, verb.strength, verb.channel, forms[0], forms, verb.describes)
    never = {form: verb.reason for verb in file.never for form in inflect(verb.lemma, verb.forms)}
    for surface in never.keys() & verbs.keys():
        raise DataError(
            f"{path}: never: {surface!r} is a form of the verb {verbs[surface].lemma!r}. Remove one of them."
        )
    nouns: dict[str, CueNoun] = {}
    for noun in file.noun:
        nouns[noun.plural or plural(noun.lemma)] = CueNoun(noun.lemma, noun.channel, plural=True)
        nouns[noun.lemma] = CueNoun(noun.lemma, noun.channel, plural=False)
    phrases = [surface for phrase in file.phrase for surface in _surfaces(phrase)]
    _once(path, ((" ".join(phrase.words), phrase.text) for phrase in phrases))
    return Cues(
        MappingProxyType(verbs), _by_first_word(phrases), MappingProxyType(nouns), MappingProxyType(never)
    )


def _surfaces(phrase: _Phrase) -> Iterator[Phrase]:
    words = tuple(phrase.text.split())
    forms: Mapping[str, tuple[Form | None, ...]] = {words[0]: (None,)}
    if phrase.inflected:
        forms = inflect(words[0], phrase.forms)
    for first, kinds in forms.items():
        yield Phrase(
            phrase.text,
            (first, *words[1:]),
            phrase.strength,
            phrase.channel,
            phrase.side,
            kinds[0],
            phrase.describes,
        )


def _by_first_word(phrases: Iterable[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        found.setdefault(phrase.words[0], []).append(phrase)
    return MappingProxyType(
        {word: tuple(sorted(group, key=lambda phrase: -len(phrase.words))) for word, group in found.items()}
    )


@cache
def titles() -> Titles:
    """Titles before names, nouns that stand for speakers, endings of organisations' names."""
    return _titles(FOLDER / "titles.toml")


def _titles(path: Path) -> Titles:
    file = _read(path, _TitlesFile)
    by_gender: tuple[tuple[Gender | None, tuple[str, ...]], ...] = (
        ("male", file.titles.male),
        ("female", file.titles.female),
        (None, file.titles.any),
    )
    _once(path, ((title, title) for _, names in by_gender for title in names))
    genders: dict[str, Gender | None] = {}
    for gender, names in by_gender:
        for title in names:
            genders[title] = genders[title.replace(".", "")] = gender
    endings = file.organization_endings.any
    return Titles(
        titles=MappingProxyType(genders),
        modifiers=frozenset(file.modifiers.any),
        nouns=_nouns(path, file.nouns),
        organization_endings=frozenset(endings) | {ending.rstrip(".") for ending in endings},
        longest_title=max(len(title.split()) for title in genders),
    )


def _nouns(path: Path, lists: _NounLists) -> Mapping[str, Noun]:
    kinds: tuple[tuple[tuple[str, ...], NounKind, Gender | None, bool], ...] = (
        (lists.person_male, "person", "male", False),
        (lists.person_female, "person", "female", False),
        (lists.person_anonymous, "person", None, True),
        (lists.person, "person", None, False),
        (lists.organization, "organization", None, False),
        (lists.document, "document", None, False),
    )
    _once(path, ((word, word) for words in vars(lists).values() for word in words))
    nouns: dict[str, Noun] = {}
    for words, kind, gender, anonymous in kinds:
        several: NounKind = "group" if kind == "person" else kind
        for lemma in words:
            nouns.setdefault(plural(lemma), Noun(lemma, several, gender, anonymous, plural=True))
            nouns[lemma] = Noun(lemma, kind, gender, anonymous, plural=False)
    for lemma in lists.organization_name:
        nouns[lemma] = Noun(lemma, "organization", None, anonymous=False, plural=False)
    for lemma in lists.group:
        nouns[lemma] = Noun(lemma, "group", None, anonymous=False, plural=True)
    return MappingProxyType(nouns)


@cache
def first_names() -> FirstNames:
    """First names and the gender that each tells."""
    return _first_names(FOLDER / "first_names.toml")


def _first_names(path: Path) -> FirstNames:
    file = _read(path, _FirstNamesFile)
    genders: dict[str, Gender | None] = dict.fromkeys(file.female, "female")
    genders |= dict.fromkeys(file.male, "male")
    genders |= dict.fromkeys(file.both, None)
    if len(genders) < len(file.female) + len(file.male) + len(file.both):
        _once(path, ((name, name) for names in (file.female, file.male, file.both) for name in names))
    return FirstNames(MappingProxyType(genders))


@cache
def nicknames() -> Nicknames:
    """Short and pet forms of first names."""
    return _nicknames(FOLDER / "nicknames.toml")


def _nicknames(path: Path) -> Nicknames:
    canonical: dict[str, set[str]] = {}
    for name, short_forms in _read(path, _NicknamesFile).nicknames.items():
        _once(path, ((fold(short), short) for short in short_forms))
        for short in short_forms:
            canonical.setdefault(fold(short), set()).add(fold(name))
    return Nicknames(MappingProxyType({short: frozenset(names) for short, names in canonical.items()}))


@cache
def marks() -> Marks:
    """Pairs of quotation marks, and words that begin with an apostrophe."""
    return _marks(FOLDER / "marks.toml")


def _marks(path: Path) -> Marks:
    file = _read(path, Marks)
    _once(path, ((f"{pair.open} {pair.close}", f"{pair.open} {pair.close}") for pair in file.pair))
    return file


@cache
def registry(path: Path | None = None) -> Registry:
    """Know the speakers that ship, and those of the user's file, which win over the same names."""
    shipped = _speakers(FOLDER / "speakers.toml")
    speakers = shipped | (_speakers(path) if path else {})
    by_name: dict[str, list[Speaker]] = {}
    by_role: dict[str, list[Speaker]] = {}
    by_twitter: dict[str, Speaker] = {}
    for speaker in speakers.values():
        for name in {fold(text) for text in (speaker.name, *speaker.aliases)}:
            by_name.setdefault(name, []).append(speaker)
        for role in {_role(text) for text in speaker.roles}:
            by_role.setdefault(role, []).append(speaker)
        by_twitter |= {fold(handle).removeprefix("@"): speaker for handle in speaker.twitter}
    return Registry(
        tuple(speakers.values()), _frozen(by_name), _frozen(by_role), MappingProxyType(by_twitter)
    )


def _role(text: str) -> str:
    return fold(text).removeprefix("the ")


def _frozen(groups: dict[str, list[Speaker]]) -> Mapping[str, tuple[Speaker, ...]]:
    return MappingProxyType({key: tuple(group) for key, group in groups.items()})


def _speakers(path: Path) -> dict[str, Speaker]:
    speakers = _read(path, _SpeakersFile).speaker
    _once(path, ((fold(speaker.name), speaker.name) for speaker in speakers))
    _once(
        path, ((fold(handle).removeprefix("@"), handle) for speaker in speakers for handle in speaker.twitter)
    )
    return {fold(speaker.name): speaker for speaker in speakers}
