"""What the word lists give when they are asked: frozen, and keyed by folded words (see `fold`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from quotes.data.inflection import Form
from quotes.records import Channel

Strength = Literal["strong", "weak"]
Side = Literal["before", "after"]
Gender = Literal["male", "female"]
NounKind = Literal["person", "group", "organization", "document"]
PersonOrBody = Literal["person", "organization", "group"]


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


class Entry(BaseModel):
    """What a TOML table may hold: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1, str_strip_whitespace=True)


class Marks(Entry):
    """Words that tell what stands between quotation marks; `marks.toml` says what each list is for."""

    elisions: frozenset[str]
    named: frozenset[str]
    making: frozenset[str]
    carriers: frozenset[str]
    giving: frozenset[str]
    uttered: frozenset[str]
    before_names: frozenset[str]
    describing: frozenset[str]


class Speaker(Entry):
    """Someone, or something, that the registry knows."""

    name: str
    kind: PersonOrBody = "person"
    gender: Gender | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    twitter: tuple[str, ...] = ()
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$")] | None = None


class Tenure(Entry):
    """Who holds an office's account, from a day up to another; None where it has no end or no beginning."""

    name: str
    since: date | None = None
    until: date | None = None


class Office(Entry):
    """An account that goes from hand to hand with an office."""

    name: str
    twitter: tuple[str, ...]
    holder: tuple[Tenure, ...] = ()


@dataclass(frozen=True, slots=True)
class Registry:
    """Known speakers. Keys are folded (see `fold` and `name_key`); a key of several speakers gives them all.

    `offices` has the accounts of offices: the office, and each of its holders with the days.
    """

    speakers: tuple[Speaker, ...]
    by_name: Mapping[str, tuple[Speaker, ...]]
    by_role: Mapping[str, tuple[Speaker, ...]]
    by_twitter: Mapping[str, Speaker]
    offices: Mapping[str, tuple[Speaker, tuple[tuple[Tenure, Speaker], ...]]]

    def named(self, name: str) -> tuple[Speaker, ...]:
        """Find the speakers whose name or alias this is."""
        return self.by_name.get(name_key(name), ())

    def in_role(self, role: str) -> tuple[Speaker, ...]:
        """Find the speakers who hold this role, with or without "the"."""
        return self.by_role.get(role_key(role), ())

    def tweeting_as(self, handle: str, day: str | None = None) -> Speaker | None:
        """Find who writes under this Twitter handle; its "@" may be left out.

        An office's is its holder's on that day (ISO 8601, a moment will do); else it is the office's.
        """
        key = fold(handle).removeprefix("@")
        if key in self.by_twitter or key not in self.offices:
            return self.by_twitter.get(key)
        office, holders = self.offices[key]
        for tenure, speaker in holders if day else ():
            first, last = tenure.since or date.min, tenure.until or date.max
            if first.isoformat() <= (day or "")[:10] < last.isoformat():
                return speaker
        return office

    def holders(self, handle: str) -> tuple[Speaker, ...]:
        """Find all who have written under an office's handle."""
        key = fold(handle).removeprefix("@")
        if key in self.by_twitter or key not in self.offices:
            return ()
        return tuple(speaker for _, speaker in self.offices[key][1])


# Names and nouns come again and again; so many keys take a few megabytes.
@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """Make a look-up key: lower case, without accents, apostrophes straight, spaces single."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(text.casefold().split())


#: What stands behind a name and tells a son from his father, folded.
GENERATIONS = frozenset(["jr", "sr", "ii", "iii", "iv"])
_GENERATION = re.compile(rf",? ({'|'.join(sorted(GENERATIONS))})\.?$")


def name_key(text: str) -> str:
    """The key of a name: folded, and "Robert Kane, Jr." is "robert kane jr"."""
    return _GENERATION.sub(r" \1", fold(text))


def role_key(text: str) -> str:
    """The key of a role: folded, without its article."""
    return fold(text).removeprefix("the ")


@lru_cache(maxsize=1 << 14)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name for comparison: folded, without quoted nicknames, dots and "Jr."."""
    words: list[str] = []
    for word in name.split():
        bare = fold(word.strip("“”\"‘’'(),"))
        if word[0] in "“\"‘'(" or not bare or (words and bare.rstrip(".") in GENERATIONS):
            continue
        words.append(bare.replace(".", "") if len(bare) <= 4 else bare)
    return tuple(words)


def generation(name: str) -> str:
    """The suffix that separates a son from his father, folded: "jr" of "Robert Kane, Jr."; "" without one."""
    words = name.split()
    last = fold(words[-1].rstrip(".,")) if len(words) > 1 else ""
    return last if last in GENERATIONS else ""
