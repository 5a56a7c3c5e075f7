"""What the mentions of a document tell one after the other: it goes from one resolution to the next.

“…,” Sandy Quill said. “…,” she added.   →   Sandy Quill spoke, twice; Sandy Quill is a woman
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quotes.data import Gender
from quotes.speakers.people import Person, PersonKind


@dataclass(slots=True)
class Learned:
    """Grows during one pass over a document's mentions, within stage 4; nobody else sees it."""

    spoke: list[tuple[int, Person]] = field(default_factory=list)
    """The speakers so far, each with the place of the mention."""
    genders: dict[Person, Gender] = field(default_factory=dict)
    """The genders that pronouns told."""
    kinds: dict[Person, PersonKind] = field(default_factory=dict)
    """The kinds that descriptions told."""
    added: dict[str, Person] = field(default_factory=dict)
    """Speakers of the registry whom the document gives only by their accounts, by name."""

    def gender(self, person: Person) -> Gender | None:
        """The person's gender, as far as it is known by now."""
        return self.genders.get(person, person.gender)

    def kind(self, person: Person) -> PersonKind:
        """The person's kind, as far as it is known by now."""
        return self.kinds.get(person, person.kind)
