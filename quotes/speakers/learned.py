"""What the mentions resolved so far tell for the next.

“…,” Okafor told Brandt. “…,” he answered.   →   Okafor spoke, to Brandt, who may be "he"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from quotes.data import Gender
from quotes.speakers.bearers import PersonKind
from quotes.speakers.people import Person


class Told(NamedTuple):
    """Who said the last quotation to whom: “…,” Okafor told Brandt."""

    at: int
    speaker: Person
    hearer: Person | None
    asked: bool
    """Whether it was a question."""


@dataclass(slots=True)
class Learned:
    """What the mentions resolved so far tell: who spoke, and that "she" is a woman.

    It grows during one pass over a document's mentions, within stage 4; nothing else sees it.
    """

    spoke: list[tuple[int, Person]] = field(default_factory=list)
    """The speakers so far, each with the place of the mention."""
    genders: dict[Person, Gender] = field(default_factory=dict)
    """The genders shown by pronouns."""
    kinds: dict[Person, PersonKind] = field(default_factory=dict)
    """The kinds shown by descriptions."""
    told: Callable[[], Told] | None = None
    """Finds the last quotation's speaker and to whom it was said: only an answer asks."""
    followed: int = 0
    """How far the topics were followed."""
    topics: list[tuple[int, Person]] = field(default_factory=list)
    """Whom the pronouns mean that are subjects of main clauses, each with its place."""
    publishers: dict[str, Person] = field(default_factory=dict)
    """Whose a document is, by the noun: "the Herald article" is later "the article"."""
    added: dict[str, Person] = field(default_factory=dict)
    """Speakers of the registry whom the document gives only by their accounts, by name."""

    def gender(self, person: Person) -> Gender | None:
        """The person's gender, as far as it is known by now."""
        return self.genders.get(person, person.gender)

    def kind(self, person: Person) -> PersonKind:
        """The person's kind, as far as it is known by now."""
        return self.kinds.get(person, person.kind)
