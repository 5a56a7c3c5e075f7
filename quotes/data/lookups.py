"""The word lists as look-ups: frozen, and keyed by folded words (see `fold`)."""

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
from quotes.records import AttributionType, Channel

Strength = Literal["strong", "weak"]
Side = Literal["before", "after"]
Gender = Literal["male", "female"]
NounKind = Literal["person", "group", "organization", "document"]
PersonOrBody = Literal["person", "organization", "group"]


class Cue(NamedTuple):
    """One written form of a cue verb; of a form with several readings ("read"), `form` is the first.

    A verb that `describes` takes the quoted words into its clause, and they are its subject's: "called it
    “a mess”", "panned it as “a sham”".
    """

    lemma: str
    strength: Strength
    channel: Channel
    form: Form
    describes: bool = False


class Phrase(NamedTuple):
    """One written form of a cue of several words; `side` is where its source stands, seen from the phrase.

    One of strength "none" looks like a cue and is none: "gasped for air".
    """

    text: str
    words: tuple[str, ...]
    strength: Strength | Literal["none"]
    channel: Channel
    side: Side


class CueNoun(NamedTuple):
    """A noun that names the medium: "in a statement", "her tweets"."""

    lemma: str
    channel: Channel


class Noun(NamedTuple):
    """A noun that stands for a speaker. Several persons are a group."""

    lemma: str
    kind: NounKind
    gender: Gender | None
    anonymous: bool
    plural: bool


@dataclass(frozen=True, slots=True)
class Cues:
    """Cue verbs, phrases and nouns by their lower-cased written forms.

    `saying` and `denying` are lemmas of verbs, `quoting`, `inverted` and `body` written forms. `cues.toml`
    says what they are for.
    """

    verbs: Mapping[str, Cue]
    phrases: Mapping[str, tuple[Phrase, ...]]
    nouns: Mapping[str, CueNoun]
    never: Mapping[str, str]
    saying: frozenset[str]
    denying: frozenset[str]
    quoting: frozenset[str]
    inverted: frozenset[str]
    body: frozenset[str]

    def phrase_at(self, words: Sequence[str], index: int) -> Phrase | None:
        """The longest phrase that begins at `words[index]`; words are lower-cased tokens."""
        for phrase in self.phrases.get(words[index], ()):
            if tuple(words[index : index + len(phrase.words)]) == phrase.words:
                return phrase
        return None


class AttributionWords(NamedTuple):
    """Cues of attributions that are no assertions, and words for the forms that their endings don't tell."""

    types: Mapping[str, AttributionType]
    irregular: Mapping[str, str]
    no_source: frozenset[str]
    """After "according to", these words name nobody."""
    no_content: frozenset[str]
    """These words alone report nothing."""
    greetings: frozenset[str]
    """What is said at a meeting, and reports nothing, whatever is told of the meeting."""
    said_to_be: frozenset[str]
    """Verbs that report an infinitive as an assertion."""


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles, role nouns and organisations' endings by their lower-cased forms, dots kept and left out."""

    titles: Mapping[str, Gender | None]
    modifiers: frozenset[str]
    nouns: Mapping[str, Noun]
    organization_endings: frozenset[str]
    longest_title: int
    insiders: frozenset[str]
    not_people: frozenset[str]
    places: frozenset[str]
    courtesies: frozenset[str]
    addressed: frozenset[str]
    crowned: frozenset[str]
    openers: frozenset[str]
    epithets: frozenset[str]
    before_first_names: frozenset[str]
    callings: frozenset[str]
    things_too: frozenset[str]
    coupled: frozenset[str]
    answers: Mapping[str, frozenset[str]]
    abbreviations: Mapping[str, str]

    def is_courtesy(self, word: str) -> bool:
        """Whether a word is a title that tells no office, with its dot or without: "Mr."."""
        return fold(word).strip(".") in self.courtesies

    def gender(self, title: str) -> Gender | None:
        """The gender of a title, by its last word; None for ""."""
        return self.titles.get(title.split()[-1]) if title else None

    def ends_in_role(self, words: Sequence[str], *, person: bool = False) -> bool:
        """Whether the last of these folded words are a role: "former harbour master".

        With `person`, a noun counts only if it stands for one person: "council leader", not "the council".
        """
        for size in range(1, min(3, len(words)) + 1):
            tail = " ".join(words[-size:])
            if tail in self.titles:
                return True
            if tail in self.nouns and (not person or self.nouns[tail].kind == "person"):
                return True
        return False


class RoleWords(NamedTuple):
    """Heads of roles, folded."""

    of_places: frozenset[str]
    """Offices of places that one person holds at a time, and no other such office beside it."""
    of_bodies: frozenset[str]
    """Offices of bodies that one person holds at a time."""
    fields: Mapping[str, frozenset[str]]
    """Callings of one field, by its name: "sport" has "goalkeeper". A head may be in several fields."""


@dataclass(frozen=True, slots=True)
class FirstNames:
    """First names, each with the gender of most of its bearers; None for a name of both."""

    genders: Mapping[str, Gender | None]

    def gender(self, name: str) -> Gender | None:
        """The gender of a first name, if it is one of either."""
        return self.genders.get(fold(name))

    def __contains__(self, name: str) -> bool:
        return fold(name) in self.genders


@dataclass(frozen=True, slots=True)
class Nicknames:
    """Which first names may stand for the same person."""

    canonical: Mapping[str, frozenset[str]]

    def same(self, one: str, other: str) -> bool:
        """Whether one name may be short for the other, or both for a third."""
        one, other = fold(one), fold(other)
        if one == other:
            return True
        ones, others = self.canonical.get(one, frozenset()), self.canonical.get(other, frozenset())
        return one in others or other in ones or bool(ones & others)


class Entry(BaseModel):
    """A TOML table: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1, str_strip_whitespace=True)


class Marks(Entry):
    """Words that show what stands between quotation marks; `marks.toml` says what each list is for."""

    elisions: frozenset[str]
    clipped: frozenset[str]
    named: frozenset[str]
    making: frozenset[str]
    carriers: frozenset[str]
    reading: tuple[str, ...]
    page_labels: frozenset[str]
    giving: frozenset[str]
    uttered: frozenset[str]
    before_names: frozenset[str]
    describing: frozenset[str]
    askers: frozenset[str]
    answerers: frozenset[str]
    headings: frozenset[str]
    made: frozenset[str]
    owned: frozenset[str]
    using: frozenset[str]
    mottoes: frozenset[str]
    wording: frozenset[str]
    views: frozenset[str]


class Speaker(Entry):
    """A person, organisation or group that the registry knows."""

    name: str
    kind: PersonOrBody = "person"
    gender: Gender | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    twitter: tuple[str, ...] = ()
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$")] | None = None


class Tenure(Entry):
    """Who holds an office's account from one day up to another; None where that is open."""

    name: str
    since: date | None = None
    until: date | None = None


class Office(Entry):
    """An account that passes from one holder of an office to the next."""

    name: str
    twitter: tuple[str, ...]
    holder: tuple[Tenure, ...] = ()


@dataclass(frozen=True, slots=True)
class Registry:
    """Known speakers. Keys are folded (see `fold` and `name_key`); several speakers may share one.

    `offices` has the accounts of offices: the office, and each of its holders with the days.
    """

    speakers: tuple[Speaker, ...]
    by_name: Mapping[str, tuple[Speaker, ...]]
    by_role: Mapping[str, tuple[Speaker, ...]]
    by_twitter: Mapping[str, Speaker]
    offices: Mapping[str, tuple[Speaker, tuple[tuple[Tenure, Speaker], ...]]]

    def named(self, name: str) -> tuple[Speaker, ...]:
        """The speakers with this name or alias."""
        return self.by_name.get(name_key(name), ())

    def in_role(self, role: str) -> tuple[Speaker, ...]:
        """The speakers who hold this role, with or without "the"."""
        return self.by_role.get(role_key(role), ())

    def tweeting_as(self, handle: str, day: str | None = None) -> Speaker | None:
        """Who writes under this Twitter handle; its "@" may be left out.

        An office's account belongs to its holder on that day (ISO 8601, with or without a time), or to the
        office where no holder is known.
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
        """All who have written under an office's handle."""
        key = fold(handle).removeprefix("@")
        if key in self.by_twitter or key not in self.offices:
            return ()
        return tuple(speaker for _, speaker in self.offices[key][1])


# Names and nouns recur; so many keys take a few megabytes.
@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """The look-up key of a text: lower case, no accents, straight apostrophes, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(text.casefold().split())


#: What follows a name and distinguishes a son from his father, folded.
GENERATIONS = frozenset(["jr", "sr", "ii", "iii", "iv"])
_GENERATION = re.compile(rf",? ({'|'.join(sorted(GENERATIONS))})\.?$")


@lru_cache(maxsize=1 << 14)
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
