"""The word lists that the rules use, read from the TOML files in this folder.

>>> cues().verbs["told"].lemma, cues().verbs["told"].form
('tell', 'past')
>>> titles().nouns["spokeswomen"].gender
'female'
>>> first_names().gender("Siobhán")
'female'

Each list is read and checked once, when it is first used. README.md says where the words come from and how to
add one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from quotes.data.inflection import inflect, plural
from quotes.data.lookups import (
    GENERATIONS,
    AttributionWords,
    Cue,
    CueNoun,
    Cues,
    FirstNames,
    Gender,
    Marks,
    Nicknames,
    Noun,
    NounKind,
    Office,
    Phrase,
    Registry,
    RoleWords,
    Speaker,
    Tenure,
    Titles,
    fold,
    name_key,
    role_key,
)
from quotes.data.schemas import (
    AttributionFile,
    ContextsFile,
    CuesFile,
    FirstNamesFile,
    NicknamesFile,
    NounLists,
    PhraseRow,
    RolesFile,
    SpeakersFile,
    TitlesFile,
    fitted,
    once,
    read,
)
from quotes.errors import DataError
from quotes.records import AttributionType

__all__ = [
    "FOLDER", "GENERATIONS", "Cue", "CueNoun", "Gender", "Phrase", "Registry", "Speaker", "attribution_words",
    "contexts", "cues",
    "first_names", "fitted", "fold", "inflect", "marks", "nicknames", "plural", "registry", "role_words",
    "speakers_of", "titles",
]  # fmt: skip

FOLDER = Path(__file__).parent


@cache
def cues(path: Path = FOLDER / "cues.toml") -> Cues:
    """Verbs, phrases and nouns that introduce a quotation, and verbs that must not."""
    file = read(path, CuesFile)
    for entries in (file.verb, file.noun, file.never):
        once(path, ((entry.lemma, entry.lemma) for entry in entries))
    verbs: dict[str, Cue] = {}
    for verb in file.verb:
        for surface, forms in inflect(verb.lemma, verb.forms).items():
            if surface in verbs:
                raise DataError(
                    f"{path}: verb {verb.lemma!r}: {surface!r} is also a form of {verbs[surface].lemma!r}. "
                    "Remove one of the two verbs, or name other forms."
                )
            verbs[surface] = Cue(verb.lemma, verb.strength, verb.channel, forms[0], verb.describes)
    never = {form: verb.reason for verb in file.never for form in inflect(verb.lemma, verb.forms)}
    for surface in never.keys() & verbs.keys():
        raise DataError(
            f"{path}: never: {surface!r} is a form of the verb {verbs[surface].lemma!r}. Remove one of them."
        )
    for lemma in (file.saying | file.denying) - {verb.lemma for verb in file.verb}:
        raise DataError(f"{path}: {lemma!r} is not in the list `verb`. Add it there, or remove it here.")
    nouns: dict[str, CueNoun] = {}
    for noun in file.noun:
        cue = CueNoun(noun.lemma, noun.channel)
        nouns |= {noun.plural or plural(noun.lemma): cue, noun.lemma: cue}
    phrases = [surface for phrase in file.phrase for surface in _surfaces(phrase)]
    once(path, ((" ".join(phrase.words), phrase.text) for phrase in phrases))
    return Cues(
        verbs=MappingProxyType(verbs),
        phrases=_by_first_word(phrases),
        nouns=MappingProxyType(nouns),
        never=MappingProxyType(never),
        saying=file.saying,
        denying=file.denying,
        quoting=frozenset(form for lemma in file.quoting for form in inflect(lemma)),
        inverted=frozenset(row.text for row in file.inverted),
        body=file.body,
    )


@cache
def attribution_words(path: Path = FOLDER / "attribution.toml") -> AttributionWords:
    """Cues of belief, fact and eventuality, and irregular forms of all cues."""
    file = read(path, AttributionFile)
    types: dict[str, AttributionType] = dict.fromkeys(file.belief, "belief")
    types |= dict.fromkeys(file.fact, "fact")
    types |= dict.fromkeys(file.eventuality, "eventuality")
    once(path, ((word, word) for words in (file.belief, file.fact, file.eventuality) for word in words))
    irregular = MappingProxyType(file.irregular)
    return AttributionWords(
        MappingProxyType(types),
        irregular,
        no_source=frozenset(file.no_source),
        no_content=frozenset(file.no_content),
        greetings=frozenset(file.greetings),
        said_to_be=frozenset(file.said_to_be),
    )


def _surfaces(phrase: PhraseRow) -> Iterator[Phrase]:
    first, *rest = phrase.text.split()
    for form in inflect(first, phrase.forms) if phrase.inflected else (first,):
        yield Phrase(phrase.text, (form, *rest), phrase.strength, phrase.channel, phrase.side)


def _by_first_word(phrases: Iterable[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        found.setdefault(phrase.words[0], []).append(phrase)
    return MappingProxyType(
        {word: tuple(sorted(group, key=lambda phrase: -len(phrase.words))) for word, group in found.items()}
    )


@cache
def titles(path: Path = FOLDER / "titles.toml") -> Titles:
    """Titles before names, nouns that stand for speakers, endings of organisations' names."""
    file = read(path, TitlesFile)
    by_gender: tuple[tuple[Gender | None, tuple[str, ...]], ...] = (
        ("male", file.titles.male),
        ("female", file.titles.female),
        (None, file.titles.any),
    )
    once(path, ((title, title) for _, names in by_gender for title in names))
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
        insiders=frozenset(file.insiders.any),
        not_people=frozenset(file.names.not_people),
        places=frozenset(file.names.places),
        courtesies=frozenset(file.names.courtesies),
        addressed=frozenset(file.names.addressed),
        crowned=frozenset(file.names.crowned),
        openers=frozenset(file.names.openers),
        epithets=frozenset(file.names.epithets),
        before_first_names=frozenset(file.names.before_first_names),
        callings=frozenset(file.names.callings),
        things_too=frozenset(file.names.things_too),
        coupled=frozenset(file.names.coupled),
        answers=MappingProxyType(
            {noun: frozenset(words) for nouns, words in file.answers.items() for noun in nouns.split(", ")}
        ),
        abbreviations=MappingProxyType(file.abbreviations),
    )


def _nouns(path: Path, lists: NounLists) -> Mapping[str, Noun]:
    kinds: tuple[tuple[tuple[str, ...], NounKind, Gender | None, bool], ...] = (
        (lists.person_male, "person", "male", False),
        (lists.person_female, "person", "female", False),
        (lists.person_anonymous, "person", None, True),
        (lists.person, "person", None, False),
        (lists.organization, "organization", None, False),
        (lists.document, "document", None, False),
    )
    once(path, ((word, word) for words in vars(lists).values() for word in words))
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
def first_names(path: Path = FOLDER / "first_names.toml") -> FirstNames:
    """First names, each with the gender of most of its bearers."""
    file = read(path, FirstNamesFile)
    genders: dict[str, Gender | None] = dict.fromkeys(file.female, "female")
    genders |= dict.fromkeys(file.male, "male")
    genders |= dict.fromkeys(file.both, None)
    if len(genders) < len(file.female) + len(file.male) + len(file.both):
        once(path, ((name, name) for names in (file.female, file.male, file.both) for name in names))
    return FirstNames(MappingProxyType(genders))


@cache
def nicknames(path: Path = FOLDER / "nicknames.toml") -> Nicknames:
    """Short and pet forms of first names."""
    canonical: dict[str, set[str]] = {}
    for name, short_forms in read(path, NicknamesFile).nicknames.items():
        once(path, ((fold(short), short) for short in short_forms))
        for short in short_forms:
            canonical.setdefault(fold(short), set()).add(fold(name))
    return Nicknames(MappingProxyType({short: frozenset(names) for short, names in canonical.items()}))


@cache
def role_words(path: Path = FOLDER / "roles.toml") -> RoleWords:
    """Offices that one person holds, and callings that are hardly one person's at the same time."""
    file = read(path, RolesFile)
    for words in ((*file.of_places, *file.of_bodies), *file.fields.values()):
        once(path, ((word, word) for word in words))
    fields = {field: frozenset(words) for field, words in file.fields.items()}
    return RoleWords(frozenset(file.of_places), frozenset(file.of_bodies), MappingProxyType(fields))


@cache
def contexts(path: Path = FOLDER / "contexts.toml") -> ContextsFile:
    """What, beside quoted words, turns them."""
    file = read(path, ContextsFile)
    for rows in (file.before, file.after):
        once(path, ((row.text, row.text) for row in rows))
    return file


@cache
def marks() -> Marks:
    """Words that show what stands between quotation marks."""
    return read(FOLDER / "marks.toml", Marks)


@cache
def registry(*paths: Path | None) -> Registry:
    """The speakers that ship, and those of the user's files, which replace entries of the same name.

    A later file replaces entries of an earlier one; None is no file. Raises DataError for a file that can't
    be read or has a mistake.
    """
    files = tuple(path for path in paths if path is not None)
    if files != paths:
        return registry(*files)  # which may be known
    speakers, offices = speakers_of(FOLDER / "speakers.toml")
    for added, more in map(speakers_of, files):
        speakers, offices = speakers | added, (*offices, *more)
    by_name: dict[str, list[Speaker]] = {}
    by_role: dict[str, list[Speaker]] = {}
    by_twitter: dict[str, Speaker] = {}
    for speaker in speakers.values():
        for name in {name_key(text) for text in (speaker.name, *speaker.aliases)}:
            by_name.setdefault(name, []).append(speaker)
        for role in {role_key(text) for text in speaker.roles}:
            by_role.setdefault(role, []).append(speaker)
        by_twitter |= {fold(handle).removeprefix("@"): speaker for handle in speaker.twitter}
    return Registry(
        tuple(speakers.values()),
        _frozen(by_name),
        _frozen(by_role),
        MappingProxyType(by_twitter),
        MappingProxyType(_offices(offices, speakers)),
    )


def _frozen(groups: dict[str, list[Speaker]]) -> Mapping[str, tuple[Speaker, ...]]:
    return MappingProxyType({key: tuple(group) for key, group in groups.items()})


def _offices(
    offices: Iterable[Office], speakers: Mapping[str, Speaker]
) -> dict[str, tuple[Speaker, tuple[tuple[Tenure, Speaker], ...]]]:
    result: dict[str, tuple[Speaker, tuple[tuple[Tenure, Speaker], ...]]] = {}
    for office in offices:
        body = Speaker(name=office.name, kind="organization")
        # A holder without an entry of his or her own is known by the account alone.
        holders = ((one, speakers.get(fold(one.name), Speaker(name=one.name))) for one in office.holder)
        held = (body, tuple(holders))
        result |= {fold(handle).removeprefix("@"): held for handle in office.twitter}
    return result


def speakers_of(path: Path) -> tuple[dict[str, Speaker], tuple[Office, ...]]:
    """The speakers of one file, by their folded names, and its offices. Raises DataError."""
    file = read(path, SpeakersFile)
    speakers = file.speaker
    once(path, ((fold(speaker.name), speaker.name) for speaker in speakers))
    once(
        path, ((fold(handle).removeprefix("@"), handle) for speaker in speakers for handle in speaker.twitter)
    )
    return {fold(speaker.name): speaker for speaker in speakers}, file.office
