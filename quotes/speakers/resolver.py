"""One document's mentions → people."""

from __future__ import annotations

from dataclasses import dataclass

from quotes import data
from quotes.attribution.mentions import Mention
from quotes.data import Registry
from quotes.records import SpeakerKind
from quotes.speakers import names, pronouns
from quotes.speakers.people import People, Person
from quotes.speakers.roles import Roles

_WRITER = frozenset(["i", "we", "me", "us", "my", "our", "you"])


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a mention is. `chain` tells the steps: ("he", "Mr. Quill", "Tobias Quill (registry)")."""

    name: str | None
    kind: SpeakerKind
    chain: tuple[str, ...]


class Resolver:
    """Resolves the mentions of one document, in text order: who spoke helps to tell who speaks."""

    def __init__(
        self, text: str, paragraphs: list[tuple[int, int]], quoted: list[tuple[int, int]], registry: Registry
    ) -> None:
        self.text = text
        self.people = People(text, names.find(text, paragraphs, quoted), registry)
        self.roles = Roles(text, self.people)
        self._spoke: list[tuple[int, Person]] = []

    def resolve(self, mention: Mention) -> Resolution:
        """Who the mention stands for; a kind of "unknown" when the document doesn't tell."""
        text = self.text[mention.start : mention.end]
        person: Person | None
        if mention.form == "pronoun":
            if mention.head in _WRITER or mention.head in ("it", "its", "they", "their", "them"):
                return self._impersonal(mention, text)
            found = pronouns.antecedents(self.text, self.people, mention.head, mention.start, self._spoke)
            person = found[0][0] if found else None
        elif mention.form == "name":
            person = self._named(mention, text)
        else:
            person = self.roles.holder(text, mention.head, mention.start) or self._by_registry(mention, text)
        if person is not None:
            self._spoke.append((mention.start, person))
            kind: SpeakerKind = "organization" if person.kind == "organization" else "person"
            step = f"{person.name} (registry)" if person.known else person.name
            return Resolution(person.name, kind, (text, step))
        if mention.form == "nominal":
            return self._described(mention, text)
        return Resolution(text if mention.form == "name" else None, "unknown", (text,))

    def _named(self, mention: Mention, text: str) -> Person | None:
        person = self.people.at(mention.start, mention.end)
        if (
            person is not None
            and len(person.words) == 1
            and len(person.occurrences) == 1
            and not person.known
        ):
            # A surname that stands only once may be a misspelt one.
            person = self.people.misspelt(person.surname) or person
        return person or self.people.named(text, before=mention.start)

    def _by_registry(self, mention: Mention, text: str) -> Person | None:
        return self.roles.known_holder(text) if text[:1].isalpha() else None

    def _impersonal(self, mention: Mention, text: str) -> Resolution:
        if mention.head in ("they", "their", "them", "we", "us", "our"):
            return Resolution(None, "group", (text,))
        return Resolution(None, "unknown", (text,))

    def _described(self, mention: Mention, text: str) -> Resolution:
        """An unnamed source: a body, a group, or somebody who stays anonymous."""
        noun = data.titles().nouns.get(mention.head)
        if noun is None:
            kind: SpeakerKind = "group" if mention.plural else "anonymous"
        elif noun.anonymous:
            kind = "anonymous"
        elif noun.kind in ("organization", "document"):
            kind = "organization"
        elif noun.kind == "group" or mention.plural:
            kind = "group"
        else:
            kind = "anonymous"
        return Resolution(None, kind, (text,))
