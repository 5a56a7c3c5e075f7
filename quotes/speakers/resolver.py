"""One document's mentions → people."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from quotes import data
from quotes.attribution.mentions import Mention
from quotes.data import Gender, Registry, Speaker
from quotes.records import SpeakerKind
from quotes.speakers import names, pronouns
from quotes.speakers.people import People, Person
from quotes.speakers.roles import Roles

_WRITER = frozenset(["i", "me", "my", "we", "us", "our", "you"])
# Several of them are still single sources who want no name: "two aides", "officials".
_INSIDERS = frozenset(["source", "official", "aide", "insider", "adviser", "advisor", "staffer", "person"])
_PLURAL = frozenset(["they", "them", "their"])


class Resolution(NamedTuple):
    """Who a mention is. `chain` tells the steps: ("he", "Mr. Quill", "Tobias Quill (registry)").

    `person` has all that the document tells of who is named in it.
    """

    name: str | None
    kind: SpeakerKind
    chain: tuple[str, ...]
    person: Person | None = None


class Resolver:
    """Resolves the mentions of one document, in text order: who spoke helps to tell who speaks."""

    def __init__(
        self,
        text: str,
        paragraphs: list[tuple[int, int]],
        quoted: list[tuple[int, int]],
        registry: Registry,
        subjects: Iterable[Mention] = (),
        date: str | None = None,
    ) -> None:
        self.text = text
        self._paragraphs = paragraphs
        self._quoted = quoted
        self._registry = registry
        self._date = date
        known = list(subjects)
        self._speaking = frozenset(mention.end for mention in known if mention.form == "name")
        self._described: dict[tuple[int, Gender | None], list[Mention]] = {}
        for mention in sorted(mention for mention in known if _is_introduced(text, mention)):
            group = mention.paragraph, data.titles().nouns[mention.head].gender
            self._described.setdefault(group, []).append(mention)
        self._spoke: list[tuple[int, Person]] = []

    @cached_property
    def _cast(self) -> tuple[People, Roles]:
        # Found when first asked for: an article in which nobody says anything needs neither.
        people = People(self.text, names.find(self.text, self._paragraphs, self._quoted), self._registry)
        # Roles tell the kind and the gender of people: nobody may ask for one without the other.
        return people, Roles(self.text, people)

    @property
    def people(self) -> People:
        """All whom the document names."""
        return self._cast[0]

    @property
    def roles(self) -> Roles:
        """Who holds which role in the document."""
        return self._cast[1]

    @cached_property
    def _distance(self) -> pronouns.Distance:
        return pronouns.sentence_distance(self.text, self._quoted)

    @cached_property
    def _antecedents(self) -> pronouns.Antecedents:
        return pronouns.Antecedents(self.people, self._distance, self._speaking)

    def resolve(self, mention: Mention) -> Resolution:
        """Who the mention stands for; a kind of "unknown" when the document doesn't tell."""
        text = self.text[mention.start : mention.end]
        person: Person | None
        if mention.form == "pronoun":
            person, described = self._pronoun(mention)
            if described is not None:
                return Resolution(None, "anonymous", (text, self.text[described.start : described.end]))
        elif mention.form == "name":
            person = self._named(mention, text)
        else:
            person = self._nominal(mention, text)
        if person is not None:
            self._spoke.append((mention.start, person))
            noun = data.titles().nouns.get(mention.head) if mention.form == "nominal" else None
            body = person.kind == "organization" or (noun is not None and noun.kind == "organization")
            kind: SpeakerKind = "organization" if body or mention.head == "it" else "person"
            step = f"{person.name} (registry)" if person.known else person.name
            return Resolution(person.name, kind, (text, step), person)
        if mention.form == "name":
            return Resolution(text, "unknown", (text,))
        return Resolution(None, self._unnamed(mention), (text,))

    def span(self, mention: Mention) -> tuple[int, int]:
        """The mention's range, a name's made whole."""
        if mention.form != "name":
            return mention.start, mention.end
        return self.people.whole(mention.start, mention.end)

    def _pronoun(self, mention: Mention) -> tuple[Person | None, Mention | None]:
        """The person whom a pronoun means, or the unnamed one who was introduced nearer by."""
        if mention.head in _WRITER or mention.head in _PLURAL:
            return None, None
        found = self._antecedents.of(mention.head, mention.start, self._spoke)
        person, score = found[0] if found else (None, pronouns.LEAST)
        wanted = pronouns.GENDERS.get(mention.head)
        for gender in (wanted, None):
            # Of those of one gender, the nearest fits best.
            group = self._described.get((mention.paragraph, gender), [])
            place = bisect_left(group, mention.start, key=attrgetter("start"))
            if place:
                described = group[place - 1]
                fit = pronouns.by_description(self._distance, mention.head, mention.start, described)
                if fit is not None and fit > score:
                    return None, described
        if person is not None and person.gender is None and wanted:
            person.gender = wanted
        return person, None

    def _nominal(self, mention: Mention, text: str) -> Person | None:
        # A tagger may take a name for a noun; a run of capitals that ends the mention is a name all the same.
        person = self.people.ending_at(mention.end)
        if person is not None and data.fold(mention.head) in person.words:
            common = mention.head in data.titles().nouns
            if person.kind != "unknown" or not (common or " " in text):
                return person
        held = self.roles.holder(text, mention.head, mention.start) or self.roles.known_holder(text)
        return held or self.roles.body(text, mention.head, mention.start)

    def _named(self, mention: Mention, text: str) -> Person | None:
        if text.startswith("@") and (known := self._tweeting(text, self._date)):
            return self.people.of(known)
        person = self.people.at(mention.start, mention.end)
        if (
            person is not None
            and len(person.words) == 1
            and len(person.occurrences) == 1
            and not person.known
        ):
            # A surname that stands only once may be a misspelt one.
            person = self.people.misspelt(person.surname) or person
        return person or self.people.named(text, at=mention.start)

    def known_account(self, handle: str, day: str | None) -> Resolution | None:
        """Whose account it is on that day, if the registry knows it."""
        known = self._tweeting(handle, day)
        if known is None:
            return None
        return Resolution(known.name, known.kind, (handle, f"{known.name} (registry)"))

    def _tweeting(self, handle: str, day: str | None) -> Speaker | None:
        """Who tweets under a handle: an office's is its holder of the day, else the one named here."""
        known = self._registry.tweeting_as(handle, day)
        held = [speaker for speaker in self._registry.holders(handle) if day is None]
        named = [speaker for speaker in held if self.people.named(speaker.name)]
        return named[0] if len(named) == 1 else known

    def owner(self, handle: str, display: str | None) -> Resolution:
        """Whose account it is: by the registry, else by the name that it shows, else by its handle."""
        if (known := self.known_account(handle, self._date)) is not None:
            return known
        name = display or handle
        words = [data.fold(word) for word in name.split()]
        bodies = data.titles()
        nouns = [noun for word in words if (noun := bodies.nouns.get(word))]
        if any(noun.kind == "organization" for noun in nouns) or bodies.organization_endings & set(words):
            return Resolution(name, "organization", (handle, name))
        person = len(words) > 1 and words[0] in data.first_names()
        return Resolution(name, "person" if person else "unknown", (handle, name))

    def _unnamed(self, mention: Mention) -> SpeakerKind:
        """What an unnamed source is: a body, a group, or somebody who stays anonymous."""
        if mention.form == "pronoun":
            return "group" if mention.head in _PLURAL else "unknown"
        noun = data.titles().nouns.get(mention.head)
        if noun is not None and noun.kind in ("organization", "document"):
            return "organization"
        if noun is not None and noun.anonymous and noun.lemma in _INSIDERS:
            return "anonymous"
        return "group" if mention.plural or (noun is not None and noun.kind == "group") else "anonymous"


def _is_introduced(text: str, mention: Mention) -> bool:
    """Whether a mention brings in somebody unnamed: "a woman in a yellow coat"."""
    noun = data.titles().nouns.get(mention.head)
    article = text[mention.start : mention.start + 4].lower().split(" ")[0]
    return (
        mention.form == "nominal"
        and article in ("a", "an", "one")
        and noun is not None
        and noun.kind == "person"
    )
