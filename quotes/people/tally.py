"""What is counted of one name, in one document and in all: quotations, documents, days, forms, roles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

from quotes.data import Gender
from quotes.data.lookups import role_key
from quotes.people.forms import form_of, gender_of
from quotes.people.persons import Name
from quotes.people.roles import Role


@dataclass(slots=True)
class _Days:
    """How many documents have something, and the first and last of their days."""

    documents: int = 0
    first: str | None = None
    last: str | None = None

    def add(self, documents: int, first: str | None, last: str | None) -> None:
        """Add what was counted elsewhere."""
        self.documents += documents
        self.first = min(filter(None, (self.first, first)), default=None)
        self.last = max(filter(None, (self.last, last)), default=None)


@dataclass(slots=True)
class _Called(_Days):
    """A role: as it is written, and in how many documents. Of two spellings, "mayor" goes before "Mayor"."""

    text: str = ""


@dataclass(slots=True)
class Tally:
    """What is counted of one name, in one document or in all."""

    quotations: int = 0
    uncertain: int = 0
    days: _Days = field(default_factory=_Days)
    outlets: set[str] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)
    roles: dict[str, _Called] = field(default_factory=dict)
    together: set[frozenset[str]] = field(default_factory=set)
    genders: Counter[Gender] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    beside: Counter[frozenset[Name]] = field(default_factory=Counter)
    """Of an uncertain name: the others of its surname in a document, which may be the same person's."""

    def take(self, mention: str, name: str, role: str | None, wikidata: str | None, *, sure: bool) -> None:
        """Count one quotation. What an uncertain one says of the person may be another's."""
        self.quotations += 1
        self.uncertain += not sure
        if not sure:
            return
        self.forms[name] += 0
        if (form := form_of(mention, name)) is not None:
            self.forms[form] += 1
        if (gender := gender_of(mention)) is not None:
            self.genders[gender] += 1
        if role:
            self._call(" ".join(role.split()))
        if wikidata:
            self.ids.add(wikidata)

    def end_document(self, day: str | None, outlet: str | None) -> None:
        """Turn what one document says into its part of the whole."""
        self.days.add(1, day, day)
        if outlet:
            self.outlets.add(outlet)
        for days in self.roles.values():
            days.add(1, day, day)
        self.together = {frozenset(pair) for pair in combinations(self.roles, 2)}
        self.genders = Counter(self.genders.keys()) if len(self.genders) == 1 else Counter()

    def add(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        self.quotations += other.quotations
        self.uncertain += other.uncertain
        self.days.add(other.days.documents, other.days.first, other.days.last)
        self.outlets |= other.outlets
        self.forms.update(other.forms)
        for one in other.roles.values():
            self._call(one.text).add(one.documents, one.first, one.last)
        self.together |= other.together
        self.genders += other.genders
        self.ids |= other.ids
        self.beside.update(other.beside)

    def role_list(self) -> tuple[Role, ...]:
        """The roles, those of most documents first."""
        roles = (Role(one.text, one.documents, one.first, one.last) for one in self.roles.values())
        return tuple(sorted(roles, key=lambda role: (-role.documents, role.first or "", role.text)))

    def _call(self, role: str) -> _Called:
        called = self.roles.setdefault(role_key(role), _Called())
        called.text = max(called.text, role)
        return called
