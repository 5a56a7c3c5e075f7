"""The word lists that the rules are written over: read from the TOML files beside this one, checked, looked up.

>>> cues().verbs["told"].lemma, cues().verbs["told"].form
('tell', 'past')
>>> titles().nouns["spokeswomen"].gender
'female'
>>> first_names().gender("Siobhán")
'female'

Each list is read once, when it is first asked for. README.md says where the words come from and how to add one.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

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
_FORMS: tuple[Form, ...] = ("base", "third", "past", "participle", "gerund")
_VOWELS = "aeiou"
_Model = TypeVar("_Model", bound=BaseModel)


# --- What a look-up gives -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cue:
    """One written form of a cue verb. `forms` has every reading ("read" has three), `form` the first of them."""

    lemma: str
    strength: Strength
    channel: Channel
    form: Form
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One written form of a cue of several words; `side` is where its source stands as seen from the phrase."""

    text: str
    words: tuple[str, ...]
    strength: Strength
    channel: Channel
    side: Side
    form: Form | None


@dataclass(frozen=True, slots=True)
class CueNoun:
    """A noun that names the medium: "in a statement", "her tweets"."""

    lemma: str
    channel: Channel
    plural: bool


@dataclass(frozen=True, slots=True)
class Noun:
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
        """The longest phrase that begins at `words[index]`; words are lower-cased tokens."""
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
        """The gender that a first name tells, if it tells one."""
        return self.genders.get(fold(name))

    def __contains__(self, name: str) -> bool:
        return fold(name) in self.genders


@dataclass(frozen=True, slots=True)
class Nicknames:
    """Which first names may be one another."""

    canonical: Mapping[str, frozenset[str]]

    def same(self, one: str, other: str) -> bool:
        """True when one name may be short for the other, or both for a third."""
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
        """The speakers whose name or alias this is."""
        return self.by_name.get(fold(name), ())

    def in_role(self, role: str) -> tuple[Speaker, ...]:
        """The speakers who hold this role."""
        return self.by_role.get(fold(role), ())

    def tweeting_as(self, handle: str) -> Speaker | None:
        """The speaker who writes under this Twitter handle, with or without its "@"."""
        return self.by_twitter.get(fold(handle).removeprefix("@"))


def fold(text: str) -> str:
    """Lower case, without accents, curly apostrophes made straight, spaces single: the form of look-up keys."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(text.casefold().split())


# --- What the files hold --------------------------------------------------------------------------------------


class _Verb(_Entry):
    lemma: str
    strength: Strength
    channel: Channel = "speech"
    forms: tuple[str, ...] = ()
    reason: str | None = None


class _Phrase(_Entry):
    text: str
    strength: Strength
    channel: Channel = "speech"
    side: Side
    # The first word of a phrasal verb is inflected: "point out" gives "points out", "pointed out", "pointing out".
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


def _split(separator: str | None) -> BeforeValidator:
    """Take a list written as one string apart; long lists are quicker to write and to read that way."""

    def split(value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(item for item in (part.strip() for part in value.split(separator)) if item)

    return BeforeValidator(split)


_Commas = Annotated[tuple[str, ...], _split(",")]
_Words = Annotated[tuple[str, ...], _split(None)]


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
    """The file's content as `model`, or a DataError that says where and what."""
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
    """The first thing that is wrong, with the entry's number and name."""
    first = error.errors(include_url=False, include_context=False)[0]
    location = list(first["loc"])
    where = []
    if len(location) > 1 and isinstance(location[1], int):
        table, number = str(location[0]), location[1]
        entry = data[table][number]
        name = next((entry[key] for key in ("lemma", "text", "name", "open") if key in entry), None)
        where.append(f"[[{table}]] number {number + 1}" + (f" ({name!r})" if name is not None else ""))
        location = location[2:]
    if location:
        where.append(".".join(map(str, location)))
    what = {
        "extra_forbidden": "is no known field; remove it or correct its spelling",
        "missing": "is missing; add it",
    }
    found = "" if first["type"] in what else f", found {first['input']!r}; correct it"
    return f"{path}: {': '.join(where)}: {what.get(first['type'], first['msg'])}{found}."


def _once(path: Path, keys: Iterable[tuple[str, str]]) -> None:
    """Refuse a key that stands twice. Takes (key, what it is called in its file)."""
    seen: dict[str, str] = {}
    for key, called in keys:
        if key in seen:
            raise DataError(
                f"{path}: {called!r} stands there twice (before as {seen[key]!r}). Remove one of the two."
            )
        seen[key] = called


# --- Inflection -----------------------------------------------------------------------------------------------


def inflect(lemma: str, irregular: Sequence[str] = ()) -> dict[str, tuple[Form, ...]]:
    """Every written form of a verb, and what it may be.

    >>> inflect("deny")
    {'deny': ('base',), 'denies': ('third',), 'denied': ('past', 'participle'), 'denying': ('gerund',)}

    Irregular forms take the regular ones' place. Which is which is told by their endings: "-ing" is a gerund,
    "-s" a third person, "-ed" a past and participle; of two others the first is the past, the second the
    participle; one other is both.
    """
    stem = lemma + lemma[-1] if _doubles(lemma) else lemma
    regular: dict[Form, list[str]] = {"base": [lemma], "third": [add_s(lemma)]}
    regular["past"] = [_add_ed(stem)]
    regular["participle"] = list(regular["past"])
    regular["gerund"] = [_add_ing(stem)]
    gerunds = [form for form in irregular if form.endswith("ing") and len(form) > len(lemma)]
    thirds = [form for form in irregular if form.endswith("s")]
    weak = [form for form in irregular if form.endswith("ed") and form not in thirds]
    others = [form for form in irregular if form not in {*gerunds, *thirds, *weak}]
    if weak or others:
        regular["past"] = weak + others[:1]
        regular["participle"] = weak + (others[1:] or others)
    regular["gerund"] = gerunds or regular["gerund"]
    regular["third"] = thirds or regular["third"]
    forms: dict[str, tuple[Form, ...]] = {}
    for kind in _FORMS:
        for form in regular[kind]:
            forms[form] = (*forms.get(form, ()), kind)
    return forms


def _doubles(lemma: str) -> bool:
    """True for one short syllable that ends in one consonant: "quip", "sob". Longer verbs name their forms."""
    body = lemma.replace("qu", "q")
    vowels = [
        character in _VOWELS or (character == "y" and place > 0) for place, character in enumerate(body)
    ]
    return len(body) > 2 and vowels[-2:] == [True, False] and sum(vowels) == 1 and body[-1] not in "wxy"


def add_s(word: str) -> str:
    """A verb's third person, and a noun's plural: "denies", "watches", "officials"."""
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
_AFTER_HEAD = (" of ", "-of-", " in ", "-in-", "-at-", " general", "-general", "-elect", "-by", "erby")
_IRREGULAR_PLURALS = {"child": "children", "person": "people", "wife": "wives", "people": "peoples"}


def plural(noun: str) -> str:
    """A noun's plural; of a compound, its head's: "attorneys general", "councilwomen", "ex-wives"."""
    for tail in _AFTER_HEAD:
        cut = noun.find(tail)
        if cut > 0 and not (tail == "erby" and noun != "passerby"):
            cut += 2 if tail == "erby" else 0
            return add_s(noun[:cut]) + noun[cut:]
    for singular, several in _IRREGULAR_PLURALS.items():
        if noun.endswith(singular):
            return noun.removesuffix(singular) + several
    if noun.endswith("man"):
        return noun[:-2] + "en"
    return add_s(noun)


# --- The lists ------------------------------------------------------------------------------------------------


@cache
def cues() -> Cues:
    """Verbs, phrases and nouns that introduce a quotation, and verbs that must not."""
    return _cues(FOLDER / "cues.toml")


def _cues(path: Path) -> Cues:
    file = _read(path, _CuesFile)
    verbs: dict[str, Cue] = {}
    for verb in file.verb:
        for surface, forms in inflect(verb.lemma, verb.forms).items():
            if surface in verbs:
                raise DataError(
                    f"{path}: [[verb]] {verb.lemma!r}: its form {surface!r} is {verbs[surface].lemma!r}'s, too. "
                    "Remove one of the two verbs, or name other forms."
                )
            verbs[surface] = Cue(verb.lemma, verb.strength, verb.channel, forms[0], forms)
    never = {form: verb.reason for verb in file.never for form in inflect(verb.lemma, verb.forms)}
    for surface in never:
        if surface in verbs:
            raise DataError(
                f"{path}: [[never]] {surface!r} is a form of the [[verb]] {verbs[surface].lemma!r}. Choose."
            )
    _once(path, ((noun.lemma, noun.lemma) for noun in file.noun))
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
    rest = (phrase.strength, phrase.channel, phrase.side)
    if not phrase.inflected:
        yield Phrase(phrase.text, words, *rest, None)
        return
    for form, kinds in inflect(words[0], phrase.forms).items():
        yield Phrase(phrase.text, (form, *words[1:]), *rest, kinds[0])


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
    genders: dict[str, Gender | None] = {}
    lists: tuple[tuple[Gender | None, tuple[str, ...]], ...] = (
        ("male", file.titles.male),
        ("female", file.titles.female),
        (None, file.titles.any),
    )
    _once(path, ((fold(title), title) for _, names in lists for title in names))
    for gender, names in lists:
        for title in names:
            genders[fold(title)] = genders[fold(title).replace(".", "")] = gender
    return Titles(
        MappingProxyType(genders),
        frozenset(map(fold, file.modifiers.any)),
        _nouns(path, file.nouns),
        frozenset(
            form
            for ending in file.organization_endings.any
            for form in (fold(ending), fold(ending).rstrip("."))
        ),
        max(len(title.split()) for title in genders),
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
    nouns: dict[str, Noun] = {}
    for words, kind, gender, anonymous in kinds:
        for word in words:
            several: NounKind = "group" if kind == "person" else kind
            nouns[plural(fold(word))] = Noun(fold(word), several, gender, anonymous, plural=True)
    for words, kind, gender, anonymous in kinds:
        for word in words:
            nouns[fold(word)] = Noun(fold(word), kind, gender, anonymous, plural=False)
    _once(path, ((fold(word), word) for words, *_ in kinds for word in words))
    _once(path, ((fold(word), word) for word in lists.group))
    for word in lists.group:
        # "officials" is the plural of an anonymous noun, too: keep what that says.
        known = nouns.get(fold(word))
        nouns[fold(word)] = Noun(
            known.lemma if known else fold(word),
            "group",
            known.gender if known else None,
            known.anonymous if known else False,
            plural=True,
        )
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
    """The known speakers: those that ship, and those of the user's file, which win over the same names."""
    shipped = _speakers(FOLDER / "speakers.toml")
    speakers = shipped | (_speakers(path) if path else {})
    by_name: dict[str, list[Speaker]] = {}
    by_role: dict[str, list[Speaker]] = {}
    by_twitter: dict[str, Speaker] = {}
    for speaker in speakers.values():
        for name in {fold(text) for text in (speaker.name, *speaker.aliases)}:
            by_name.setdefault(name, []).append(speaker)
        for role in {fold(text) for text in speaker.roles}:
            by_role.setdefault(role, []).append(speaker)
        by_twitter |= {fold(handle).removeprefix("@"): speaker for handle in speaker.twitter}
    return Registry(
        tuple(speakers.values()), _frozen(by_name), _frozen(by_role), MappingProxyType(by_twitter)
    )


def _frozen(groups: dict[str, list[Speaker]]) -> Mapping[str, tuple[Speaker, ...]]:
    return MappingProxyType({key: tuple(group) for key, group in groups.items()})


def _speakers(path: Path) -> dict[str, Speaker]:
    speakers = _read(path, _SpeakersFile).speaker
    _once(path, ((fold(speaker.name), speaker.name) for speaker in speakers))
    _once(
        path, ((fold(handle).removeprefix("@"), handle) for speaker in speakers for handle in speaker.twitter)
    )
    return {fold(speaker.name): speaker for speaker in speakers}
