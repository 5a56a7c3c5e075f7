"""From names to people: the occurrences that stand for one person or one organisation.

Jeff Sessions … Sessions … Mr. Sessions                     →  one person, "Jeff Sessions"
Bill Clinton … Hillary Clinton … Mrs. Clinton … Clinton     →  two
Robert Kane … Robert Kane Jr. … Kane Jr. … Kane             →  two: "Kane" is who bears the plain name
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from quotes import data
from quotes.data import Gender, Registry, Speaker
from quotes.speakers.bearers import Bearers, Draft, Person, PersonKind, is_fuller, of_generation
from quotes.speakers.names import Name, ends_body, in_small_letters, key, suffix

__all__ = ["Gathering", "People", "Person", "person_of"]

# So often a surname stands alone before a form of it with an unknown first word is taken for a nickname.
_ALONE_BEFORE = 3
# A nickname stands once, or so many times more seldom than the surname.
_RARER = 20
_AND = (" and ", " & ")


def person_of(known: Speaker) -> Person:
    """A speaker of the registry as a person."""
    return Draft.of(known)


class People:
    """All who are named in one document; made by a `Gathering`, and not changed afterwards."""

    def __init__(self, gathered: Gathering) -> None:
        self.all: tuple[Person, ...] = tuple(gathered.drafts)
        self.text = gathered.text
        self._bearers = gathered.bearers
        self._names = gathered.names
        self._starts = [name.start for name in self._names]
        self._of: Mapping[int, Person] = gathered.of
        self._of_known: Mapping[str, Person] = gathered.of_known
        # In a headline, a name may be nobody's.
        bearing = zip(self._names, map(gathered.of.get, self._starts), strict=True)
        self._borne = [(name, person) for name, person in bearing if person is not None]
        self._borne_starts = [name.start for name, _ in self._borne]

    def at(self, start: int, end: int) -> Person | None:
        """The person whose name stands at [start, end), or overlaps it."""
        i = max(0, bisect_right(self._starts, start) - 1)
        for name in self._names[i : bisect_right(self._starts, end - 1)]:
            if name.end > start and name.start in self._of:
                return self._of[name.start]
        return None

    def between(self, start: int, end: int) -> Iterator[tuple[Name, Person]]:
        """The names that begin in [start, end), with who is meant."""
        starts = self._borne_starts
        return iter(self._borne[bisect_left(starts, start) : bisect_left(starts, end)])

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The range of the whole name of which [start, end) is a part: "Maarten van der Hoek", not "Hoek".

        Of words that only open the sentence, the name is left: of "Demanded Mary", "Mary".
        """
        i = bisect_right(self._starts, start) - 1
        for after in self._names[i + 1 : i + 2]:
            if (after.run, after.end) == (start, end) and not (after.title or after.headline):
                return after.start, after.end
        if i >= 0 and self._names[i].end >= end and not self._names[i].headline:
            return self._names[i].start, self._names[i].end
        return start, end

    def through(self, start: int, end: int) -> Person | None:
        """The person whose name begins in [start, end) and goes on to its end or beyond."""
        i = bisect_right(self._starts, end - 1) - 1
        if i > 0 and self._names[i - 1].end == self._names[i].end and self._names[i - 1].start >= start:
            i -= 1  # the body, not the person in its name: "the Committee for Tobias Marl"
        if i < 0 or self._names[i].end < end or self._names[i].start < start:
            return None
        return self._of.get(self._names[i].start)

    def named(self, name: str, at: int = 0) -> Person | None:
        """The person whom a name or a part of a name means at a place; of several, the likeliest."""
        words = key(name)
        if not words:
            return None
        return self._bearers.exact(words, suffix(name)) or self._bearers.match(words, suffix(name), "", at)

    def names(self) -> dict[str, tuple[Name, ...]]:
        """The places where each person is named, in text order, by full name."""
        found: dict[str, tuple[Name, ...]] = {}
        for person in self.all:
            found.setdefault(person.name, tuple(person.occurrences))
        return found

    def sharing(self, word: str) -> int:
        """How many people have this word as their surname or their first name."""
        return self._bearers.sharing(word)

    def bearing(self, known: Speaker) -> Person | None:
        """The person of this document who is the registry's speaker, if it names him or her."""
        return self._of_known.get(known.name)

    def misspelt(self, word: str) -> Person | None:
        """The person whose surname differs by one letter: "Session" for Sessions."""
        return self._bearers.misspelt(word)


class Gathering:
    """Goes over the names of a document and finds who bears them. Its result is `people`."""

    def __init__(self, text: str, names: Iterable[Name], registry: Registry) -> None:
        self.drafts: list[Draft] = []
        self.of: dict[int, Draft] = {}
        """Who is meant by the name that starts at a place."""
        self.of_known: dict[str, Draft] = {}
        """The registry's speakers whom the document names, by name."""
        self.text = text
        self._registry = registry
        self._spelt: dict[int, str] = {}
        """The full names of those who share a surname that stands once, by where they start."""
        self.names = [name for name in names if name.words]
        self._coordinate()
        self.bearers = Bearers(self.names, registry)
        running = [name for name in self.names if not name.headline]
        nicknames = _late(running)
        late = {name.start for name in nicknames}
        # Full names first, the longest first: a surname then finds its bearer, wherever that is introduced.
        for name in sorted(running, key=lambda n: 2 * len(n.words) + bool(n.suffix), reverse=True):
            if name.start not in late:
                self._place(name)
        for name in nicknames:
            self._add(self._new(name, nickname=True), name)
        for name in self.names:
            if name.headline:
                self._place_headline(name)
        for draft in self.drafts:
            self._finish(draft)

    def _finish(self, draft: Draft) -> None:
        """Give a person kind and name by all the occurrences."""
        draft.sort()
        last = draft.words[-1]
        # Only people go by the last word of a name that has no body's word in it.
        if (
            draft.kind == "unknown"
            and len(draft.occurrences) > 1
            and 2 <= len(draft.words) <= 3
            and any(name.words == (last,) for name in draft.occurrences)
            and data.titles().not_people.isdisjoint(draft.words)
        ):
            draft.kind = "person"
        if draft.titles:
            self._keep_apart(draft)
        if draft.kind == "person" and len(draft.words) > 1 and draft.name.isupper() and not draft.known:
            draft.name = self._in_small_letters(draft)

    def _in_small_letters(self, draft: Draft) -> str:
        """A name that its fullest form has in capitals: "Ada Quill" of "ADA QUILL" in a transcript."""
        forms = (self._written(name) for name in draft.occurrences if name.words == draft.words)
        return next((form for form in forms if not form.isupper()), in_small_letters(draft.name))

    def _coordinate(self) -> None:
        """Give the first of "Tobias and Ida Renn" the surname, too."""
        names, text = self.names, self.text
        pairs = [
            (i, name, following)
            for i, (name, following) in enumerate(pairwise(names))
            if len(name.words) == 1 and len(following.words) == 2 and text[name.end : following.start] in _AND
        ]
        first_names = data.first_names()
        surnames = {name.words[-1] for name in names if len(name.words) > 1} if pairs else ()
        for i, name, following in pairs:
            if (
                not name.title
                and name.words[0] in first_names
                and following.words[0] in first_names
                and name.words[0] not in surnames
                and not self._registry.named(name.words[0])
            ):
                surname = text[following.start : following.end].split()[-1]
                self._spelt[name.start] = f"{text[name.start : name.end]} {surname}"
                names[i] = name._replace(words=(*name.words, following.words[1]))

    def people(self) -> People:
        """Everybody, as far as is known now."""
        return People(self)

    def _place(self, name: Name) -> None:
        draft = self.bearers.exact(name.words, name.suffix)
        if draft is not None and (not (name.title or draft.titles) or self._fits(name, draft)):
            self._add(draft, name)
            return
        draft = self.bearers.match(name.words, name.suffix, name.title, name.start)
        if draft is None:
            self._add(self._new(name), name)
            return
        self._add(draft, name)
        if draft.known is None and is_fuller(name.words, draft.words):
            self._rename(draft, name.words, self._written(name))

    def _fits(self, name: Name, draft: Draft) -> bool:
        """Whether a name means who bears exactly this name.

        Not if the title contradicts, nor a bare surname if who bears it was only found with a title, as
        "Mrs. Quill", and others bear it, too.
        """
        if not name.title:
            return len(name.words) > 1 or not draft.titles or self.bearers.sharing(name.words[0]) < 2
        gender = data.titles().gender(name.title)
        return (gender is None or draft.gender in (gender, None)) and draft.may_be_called(name.title)

    def _place_headline(self, name: Name) -> None:
        """In a headline only what the text also names is a name; the headline may give the first name."""
        for i, word in enumerate(name.words):
            bearers = self.bearers.of_surname(word)
            if not bearers:
                continue
            draft = (of_generation(bearers, name.suffix, whole=False) or bearers)[0]
            first = name.words[i - 1] if i else ""
            if len(draft.words) == 1 and first in data.first_names() and draft.known is None:
                run = self.text[name.start : name.end]
                if found := re.search(rf"\b({first})[ \u00a0]({word})\b", run, re.IGNORECASE):
                    self._rename(draft, (first, word), found.group())
            self._add(draft, name)
            return

    def _keep_apart(self, draft: Draft) -> None:
        """Call by a title whom only that tells from another: "Mrs. Miller" beside Daisy Miller."""
        if (
            len(draft.words) > 1
            or draft.known
            or not draft.titles
            or self.bearers.sharing(draft.words[0]) < 2
        ):
            return
        titled = next(name for name in draft.occurrences if name.title)
        title = self.text[titled.run : titled.start].split()[-1]
        draft.name = f"{title} {draft.name}"

    def _rename(self, draft: Draft, words: tuple[str, ...], written: str) -> None:
        """Give a person a fuller name."""
        draft.words, draft.name = words, written
        self.bearers.rename(draft)
        if words[0] in data.first_names():
            draft.kind = "person"
            draft.gender = draft.gender or data.first_names().gender(words[0])

    def _add(self, draft: Draft, name: Name) -> None:
        draft.add(name)
        self.of[name.start] = draft
        if name.title:
            draft.titles |= {name.title}
            draft.gender = draft.gender or data.titles().gender(name.title)
            if draft.kind == "unknown":
                draft.kind = "person"

    def _written(self, name: Name) -> str:
        """A name as the text has it, with single spaces."""
        if name.start in self._spelt:
            return self._spelt[name.start]
        written = self.text[name.start : name.end]
        return written if written.isalpha() else " ".join(written.split())

    def _new(self, name: Name, *, nickname: bool = False) -> Draft:
        written = self._written(name)
        known = self._known(name, written)
        draft = self.of_known.get(known.name) if known else None
        if draft is None:
            kind = _kind(name.words, name.title)
            draft = Draft.of(known) if known else Draft(name.words, written, *kind, suffix=name.suffix)
            draft.introduced = name
            self.drafts.append(draft)
        if known is not None:
            self.of_known[known.name] = draft
        if not nickname:
            self.bearers.add(draft, name)
        return draft

    def _known(self, name: Name, written: str) -> Speaker | None:
        """The registry's speaker of this name, if it has just one."""
        # Of letters only, a name has no more than one key.
        plain = written.isalpha() or written.replace(" ", "").isalpha()
        fits = () if plain else self._registry.named(written)
        if not fits:
            words = " ".join((*name.words, name.suffix) if name.suffix else name.words)
            fits = self._registry.by_name.get(words, ())
        return fits[0] if len(fits) == 1 else None


def _late(names: list[Name]) -> list[Name]:
    """The names that may be nicknames: rare, with no first name, and after the surname stood alone.

    "Trump … Trump … Trump … Demogorgon Trump": the others are not called by it. Whom a text names in full,
    it names so first. `names` are those outside headlines.
    """
    often = Counter([name.words for name in names])
    alone = {words[0]: times for words, times in often.items() if times >= _ALONE_BEFORE and len(words) == 1}
    rare = {
        words
        for words, times in often.items()
        if words[-1] in alone and len(words) > 1 and _is_rare(words, times, alone[words[-1]])
    }
    if not rare:
        return []
    titled = {name.words for name in names if name.title}
    before: Counter[str] = Counter()
    found = []
    for name in names:
        words = name.words
        if len(words) == 1:
            before[words[0]] += 1
        elif words in rare and words not in titled and before[words[-1]] >= _ALONE_BEFORE:
            found.append(name)
    return found


def _is_rare(words: tuple[str, ...], times: int, alone: int) -> bool:
    """Whether a name that stands so many times is hardly one, beside so many of the surname alone."""
    return (
        (times == 1 or times * _RARER <= alone)
        and len(words[0]) > 1
        and words[0] not in data.first_names()
        and not ends_body(words[-1])
    )


@lru_cache(maxsize=1 << 13)  # the same few people and places recur
def _kind(words: tuple[str, ...], title: str) -> tuple[PersonKind, Gender | None]:
    """Whether a name is a person's or an organisation's, and the gender, as far as the name shows."""
    lexicon, first_names = data.titles(), data.first_names()
    if title:
        return "person", lexicon.gender(title) or first_names.gender(words[0])
    if _names_body(words):
        return "organization", None
    if len(words) > 1 and words[0] in first_names and lexicon.not_people.isdisjoint(words):
        return "person", first_names.gender(words[0])
    return "unknown", None


def _names_body(words: tuple[str, ...]) -> bool:
    """Whether a name is an organisation's; "Jordan Banks" is not, for a first name stands before one word."""
    if len(words) == 2 and words[0] in data.first_names():
        return words[1] in data.titles().organization_endings
    return any(ends_body(word) for word in words)
