"""Who each mention of a document is.

“…,” said Ada Quill. “…,” she added. A White House official denied it: “…”
    →   Ada Quill, person;  she → Ada Quill, person;  nobody by name, anonymous
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from quotes import data
from quotes.data import Gender, Registry, Speaker
from quotes.parsing.mentions import Mention
from quotes.records import SpeakerKind
from quotes.speakers import interviews, names, pronouns
from quotes.speakers.certainty import Evidence, evidence
from quotes.speakers.descriptions import description, unnamed
from quotes.speakers.evidence import stands_alone, weighed
from quotes.speakers.learned import Learned
from quotes.speakers.names import Name
from quotes.speakers.people import People, Person, person_of
from quotes.speakers.roles import Roles, people_and_roles
from quotes.speakers.together import Coordinations, are_speakers
from quotes.text.marks import Range
from quotes.text.segments import Segments

_SINGULAR_WRITER = frozenset(["i", "me", "my"])
_LABEL = re.compile(r"[\"“]?([A-Z][\w.’' -]{1,40}):\s")
_WRITER = frozenset(["i", "me", "my", "we", "us", "our", "you"])
# “I am Ada Quill,”: not “I am Ada Quill’s sister,”. The first letter comes first, so a search skips to it.
_MY_NAME = re.compile(r"[IMm](?<!\w.)(?:(?<=I)(?: am|’m|'m)|(?<!I)y name(?: is|’s|'s)) (?=[A-Z])")
_ENDS_NAME = frozenset(',.;!?—–”"')
# "the old doctor": a determiner, and adjectives; so far back it is looked for, in code points.
_DETERMINED = re.compile(r"(?i)\b((?:the|a|an|one|this|that|his|her)\s(?:[a-z’'-]+\s){0,3})$")
_PHRASE = 40
# The paragraphs among which the byline is, and its longest line in code points.
_BYLINE, _LINE = 6, 60
# So far before "the 18-year-old" its bearer is the subject, in code points.
_NEAR = 700
_BY = re.compile(r"(?:By|BY)\s[^\W\d_a-z][^,.;:!?“”\"]*\Z")
_PLURAL = frozenset(["they", "them", "their"])


class Resolution(NamedTuple):
    """Who a mention is. `chain` has the steps: ("he", "Mr. Quill", "Tobias Quill (registry)")."""

    name: str | None
    kind: SpeakerKind
    chain: tuple[str, ...]
    mention: Range = (0, 0)
    """The mention's range, a name's extended to the whole name: half-open, in code points."""
    role: str | None = None
    """What the document says that person is, in its words."""
    wikidata: str | None = None
    """The id in Wikidata, if the registry has it."""
    evidence: Evidence = MappingProxyType({})
    """What tells how sure the name is."""
    others: tuple[Resolution, ...] = ()
    """Who speaks together with this one, in text order."""


@dataclass(frozen=True, slots=True)
class Entities:
    """Who speaks in one document."""

    speakers: tuple[Resolution | None, ...]
    """The speaker of each quotation of the claims; None where it has none."""
    reported: tuple[Resolution | None, ...] = ()
    """The source of each of the reports that stand beside the quotations; None where it has none."""
    others: tuple[Resolution, ...] = ()
    """In a post: those whom its layout quotes, in order."""
    owner: Resolution | None = None
    """In a post: whose account it is."""
    turns: tuple[Resolution | None, ...] = ()
    """In a transcript: whose the turns without marks are, in order; None where nobody is named."""
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    """Where each person is named, by full name."""


class Resolver:
    """What one document says about people. It doesn't change.

    What one resolution shows for the next (who spoke, that "she" is a woman) is in a `Learned`.
    """

    def __init__(
        self,
        segments: Segments,
        registry: Registry,
        subjects: Iterable[Mention] = (),
        date: str | None = None,
        topics: Sequence[Range] = (),
        claimed: Iterable[Mention] = (),
    ) -> None:
        self.text = segments.text
        self._topics = topics
        self._segments = segments
        self._quoted = [(segment.start, segment.end) for segment in segments]
        self._registry = registry
        self._date = date
        known = list(subjects)
        self._sources = [*known, *claimed]
        self._speaking = frozenset(mention.end for mention in known if mention.form == "name")
        self._role_by_person: dict[Person, str | None] = {}
        self._subjects = known
        self._described_in: dict[int, dict[Gender | None, list[Mention]]] = {}

    def _described(self, paragraph: int) -> Mapping[Gender | None, list[Mention]]:
        """The unnamed people of a paragraph for whom a pronoun may stand, in text order, by gender."""
        found = self._described_in.get(paragraph)
        if found is None:
            found = self._described_in[paragraph] = {}
            for mention in sorted(
                {*self._introduced_in.get(paragraph, ()), *self._unnamed_topics(paragraph)}
            ):
                found.setdefault(data.titles().nouns[mention.head].gender, []).append(mention)
        return found

    @cached_property
    def _introduced_in(self) -> Mapping[int, list[Mention]]:
        found: dict[int, list[Mention]] = {}
        for mention in self._subjects:
            if mention.form == "nominal" and _is_introduced(self.text, mention):
                found.setdefault(mention.paragraph, []).append(mention)
        return found

    def _unnamed_topics(self, paragraph: int) -> Iterator[Mention]:
        """The roles and descriptions of one person that are subjects of main clauses: "the old doctor"."""
        start, stop = self._segments.paragraphs[paragraph]
        topics = self._topics[bisect_left(self._topics, (start, 0)) : bisect_left(self._topics, (stop, 0))]
        for at, end in topics:
            head = data.fold(self.text[at:end])
            noun = data.titles().nouns.get(head)
            if noun is None or noun.kind != "person" or noun.plural or head in data.cues().body:
                continue  # "his voice" is another's
            if found := _DETERMINED.search(self.text, max(start, at - _PHRASE), at):
                yield Mention(found.start(1), end, "nominal", head, False, 0, paragraph)

    @cached_property
    def _people_and_roles(self) -> tuple[People, Roles]:
        # Found when first asked for: an article in which nobody says anything needs neither.
        found = names.find(self.text, list(self._segments.paragraphs), self._quoted)
        return people_and_roles(self.text, weighed(self.text, found), self._registry)

    @property
    def people(self) -> People:
        """All whom the document names."""
        return self._people_and_roles[0]

    @property
    def roles(self) -> Roles:
        """Who holds which role in the document."""
        return self._people_and_roles[1]

    @cached_property
    def _sentences(self) -> pronouns.Sentences:
        return pronouns.Sentences(self.text, self._quoted)

    @cached_property
    def antecedents(self) -> pronouns.Antecedents:
        """Those for whom pronouns may stand."""
        return pronouns.Antecedents(self.people, self._sentences, self._speaking, self._topics)

    def with_others(self, mention: Mention, found: Resolution, learned: Learned) -> Resolution:
        """A resolution with those who speak together with it; for "they", the first of whom it means.

        It is returned as it was where one of them isn't sure to be a speaker, or none has a name.
        """
        mentions = (mention, *mention.others) if mention.others else ()
        if mention.head == "they" and found.name is None:
            mentions = self._coordinations.before(mention.start)
        if not mentions or not are_speakers(self.people, mentions, learned.kind):
            return found
        # Who speaks second is no antecedent of a later pronoun; the first is one.
        apart = replace(learned, spoke=[*learned.spoke])
        everyone = [self.resolve(_by_itself(one), apart) for one in mentions]
        known = [one.name for one in everyone if one.name is not None]
        if len(set(known)) < max(1, len(known)):
            return found
        if mention.head == "they":
            if len(known) < len(everyone):
                return found
            step = self.text[mention.start : mention.end]
            everyone = [
                one._replace(chain=(step, *one.chain), mention=found.mention, evidence={"they": 1.0})
                for one in everyone
            ]
        # `found` knows to whom a pronoun's bearer spoke; only alone is "the mayor" no group.
        first = found if found.name is not None else everyone[0]
        return first._replace(others=tuple(everyone[1:]))

    @cached_property
    def _coordinations(self) -> Coordinations:
        return Coordinations(self.people, self._sources, self._sentences)

    @cached_property
    def _interview(self) -> interviews.Interview:
        return interviews.interview(self._segments, self.people)

    def _as(
        self, person: Person, kind: SpeakerKind, mention: Mention, span: Range, sure: Evidence
    ) -> Resolution:
        """That a mention is a person; `span` is its range, and `sure` tells how sure the name is."""
        step = f"{person.name} (registry)" if person.known else person.name
        steps = (self.text[mention.start : mention.end], step)
        role = self._role_of(person) if kind == "person" else None
        wikidata = person.known.wikidata if person.known else None
        return Resolution(person.name, kind, steps, span, role, wikidata, sure)

    def resolve(
        self, mention: Mention, learned: Learned, words: Sequence[Range] = (), *, answers: bool = False
    ) -> Resolution:
        """Whom a mention stands for; without a name when the document doesn't say.

        `words` are the ranges of what is said, and `answers` tells whether that is an answer.
        """
        text = self.text[mention.start : mention.end]
        span = self._whole(mention)
        person = self._introduced(mention, words) if mention.form != "name" else None
        kind: SpeakerKind
        if person is not None:
            pass
        elif mention.form == "pronoun":
            person, described = self._pronoun(mention, learned, words, answers=answers)
            if described is not None:
                steps = (text, self.text[described.start : described.end])
                return Resolution(None, "anonymous", steps, span, role=unnamed(steps[1]))
        elif mention.form == "name":
            person = self._named(mention, text, learned)
        else:
            person = self._nominal(mention, text, learned)
        if person is not None:
            sure = evidence(self.people, mention, span, person, learned, self._sentences)
            learned.spoke.append((mention.start, person))
            noun = data.titles().nouns.get(mention.head) if mention.form == "nominal" else None
            body = learned.kind(person) == "organization" or (
                noun is not None and noun.kind == "organization"
            )
            kind = "organization" if body or mention.head == "it" else "person"
            return self._as(person, kind, mention, span, sure)
        if mention.form == "name":
            start, _ = self._segments.paragraphs[mention.paragraph]
            nobody = names.in_dateline(self.text, start, mention.start)
            return Resolution(
                None if nobody else text, "unknown", (text,), span, evidence={"nobody known": 1.0}
            )
        kind = unnamed_kind(mention)
        one = mention.form == "nominal" and kind == "anonymous" and not mention.plural
        return Resolution(None, kind, (text,), span, unnamed(text) if one else None)

    def _role_of(self, person: Person) -> str | None:
        if person not in self._role_by_person:
            self._role_by_person[person] = description(self.text, person.occurrences)
        return self._role_by_person[person]

    def _whole(self, mention: Mention) -> Range:
        """The mention's range, a name's extended to the whole name."""
        if mention.form != "name":
            return mention.start, mention.end
        return self.people.whole(mention.start, mention.end)

    def _introduced(self, mention: Mention, words: Sequence[Range]) -> Person | None:
        """Who gives his or her own name: “I am Ada Quill,” she said."""
        wanted = pronouns.GENDERS.get(mention.head)
        if mention.plural or (mention.form == "pronoun" and wanted is None):
            return None
        for start, end in words:
            found = _MY_NAME.search(self.text, start, end)
            first = next(self.people.between(found.end(), end), None) if found else None
            if found is None or first is None:
                continue
            name, person = first
            whole = name.run == found.end() and self.text[name.end] in _ENDS_NAME
            if whole and person.kind == "person" and wanted in (None, person.gender):
                return person
        return None

    def _pronoun(
        self, mention: Mention, learned: Learned, words: Sequence[Range], *, answers: bool
    ) -> tuple[Person | None, Mention | None]:
        """The person whom a pronoun means, or an unnamed one who was introduced nearer to it."""
        if mention.head in _SINGULAR_WRITER:
            return self._of_label(mention) or self._writer, None
        if mention.head == "you":
            asked = self._segments.transcript.asks(mention.start)
            return self._interview.answers if asked else None, None
        if mention.head in _PLURAL:
            return self.antecedents.of_they(mention.start, learned), None
        if mention.head in _WRITER:
            return None, None
        self.antecedents.follow(mention.start, learned)
        told = learned.told() if answers and learned.told else None
        person, score = self.antecedents.best(mention.head, mention.start, learned, words, told=told)
        if person is None:
            score = pronouns.LEAST
        wanted = pronouns.GENDERS.get(mention.head)
        for gender in (wanted, None):
            # Among those of one gender, the nearest fits best.
            group = self._described(mention.paragraph).get(gender, [])
            if place := bisect_left(group, mention.start, key=attrgetter("start")):
                described = group[place - 1]
                fit = pronouns.by_description(self._sentences, mention.head, mention.start, described)
                if fit is not None and fit > score:
                    words_of = self.text[described.start : described.end]
                    held = self._nominal(described, words_of, learned)
                    return (held, None) if held else (None, described)
        if person is not None and wanted and learned.gender(person) is None:
            learned.genders[person] = wanted
        return person, None

    def _of_label(self, mention: Mention) -> Person | None:
        """Who says "I" in a transcript: whom the label at the paragraph's start names."""
        start, _ = self._segments.paragraphs[mention.paragraph]
        label = _LABEL.match(self.text, start, mention.start)
        return self.people.at(*label.span(1)) if label else None

    @cached_property
    def _writer(self) -> Person | None:
        """Who says "I" in an article: the one person of its byline."""
        for start, end in self._segments.paragraphs[:_BYLINE]:
            if end - start <= _LINE and _BY.match(self.text, start, end):
                people = [person for _, person in self.people.between(start, end)]
                return people[0] if len(people) == 1 and people[0].kind == "person" else None
        return None

    def _nominal(self, mention: Mention, text: str, learned: Learned) -> Person | None:
        # The tagger may take a name for a noun; capitalised words at the mention's end are a name anyway.
        person = self.people.through(mention.start, mention.end)
        if person is not None and data.fold(mention.head) in person.words:
            common = mention.head in data.titles().nouns and mention.head not in data.first_names()
            if learned.kind(person) != "unknown" or not (common or " " in text):
                return person
            # "Rector said", where the text has "when Rector came" twice: it is his name.
            if " " not in text and sum(map(stands_alone, person.occurrences)) > 1:
                return person
        noun = data.titles().nouns.get(mention.head)
        held = (
            (
                self.roles.apposed(self.text, mention.start, mention.end)
                if noun and noun.kind == "person"
                else None
            )
            or self.roles.holder(text, mention.head, mention.start)
            or self.roles.known_holder(text, self._registry, lambda known: self._bearing(known, learned))
        )
        if held is not None:
            return held
        body = self.roles.body(text, mention.head, mention.start) or self.roles.answering(
            text, mention.head, mention.start
        )
        if body is None and noun is not None and noun.kind == "document":
            body = self.roles.publisher(text, mention.head, mention.start)
            if body is not None:
                learned.publishers[mention.head] = body
            elif len(text.split()) == 2 and text.lower().startswith("the "):
                body = learned.publishers.get(mention.head)
        if body is not None:
            learned.kinds[body] = "organization"
            return body
        return self._called(mention, text, learned)

    def _called(self, mention: Mention, text: str, learned: Learned) -> Person | None:
        """Whom "the New York businessman" means, if nobody in the document is said to be one."""
        lexicon, words = data.titles(), [data.fold(word) for word in text.split()]
        if words[0] != "the" or self.roles.held(mention.head):
            return None
        if mention.head == "old" and len(words) == 2:  # "the 18-year-old", where no age is given
            found = self.antecedents.of_calling(None, mention.start, learned)
            return found if found is not None and self._is_topic(found, mention) else None
        if mention.head not in words:
            return None
        end = words.index(mention.head) + 1
        tails = (" ".join(words[start:end]) for start in range(1, end))
        noun = next((lexicon.nouns[tail] for tail in tails if tail in lexicon.callings), None)
        return noun and self.antecedents.of_calling(noun.gender, mention.start, learned)

    def _is_topic(self, person: Person, mention: Mention) -> bool:
        """Whether this person is the subject of a clause shortly before, or opens a sentence just before.

        Not who is named in the words beside the mention: one hardly says one's own name.
        """
        paragraph, _ = self._segments.paragraphs[max(0, mention.paragraph - 1)]
        ends = {end for _, end in self._topics}
        own = self.people.between(*self._segments.paragraphs[mention.paragraph])
        if any(name.quoted and one is person for name, one in own):
            return False
        return any(
            name.end in ends
            or (name.opening and name.start >= paragraph)
            or (name.subject and not name.oblique)
            for name in person.occurrences
            if mention.start - _NEAR <= name.start < mention.start
        )

    def _named(self, mention: Mention, text: str, learned: Learned) -> Person | None:
        if text.startswith("@") and (known := self._tweeting(text, self._date)):
            return self._registered(known, learned)
        person = self.people.at(mention.start, mention.end)
        if (
            person is not None
            and len(person.words) == 1
            and len(person.occurrences) == 1
            and not person.known
            and not person.suffix
        ):
            # A surname that occurs only once may be misspelt.
            person = self.people.misspelt(person.surname) or person
        if person is not None:
            return person
        start, _ = self._segments.paragraphs[mention.paragraph]
        if names.in_dateline(self.text, start, mention.start):
            return None
        words = [data.fold(word) for word in text.split()]
        if len(words) > 1 and data.titles().ends_in_role(words, person=True):
            # A headline writes "Lowmarsh Mayor" for the mayor of Lowmarsh.
            return self.roles.holder(f"the {text}", words[-1], mention.start)
        return self.people.named(text, at=mention.start)

    def _registered(self, known: Speaker, learned: Learned) -> Person:
        """The registry's speaker as a person of this document, whether it gives the name or not."""
        person = self._bearing(known, learned)
        if person is None:
            person = learned.added[known.name] = person_of(known)
        return person

    def _bearing(self, known: Speaker, learned: Learned) -> Person | None:
        return self.people.bearing(known) or learned.added.get(known.name)

    def _tweeting(self, handle: str, day: str | None) -> Speaker | None:
        """Who tweets under a handle: for an office, its holder on that day, else the one named here."""
        known = self._registry.tweeting_as(handle, day)
        held = [speaker for speaker in self._registry.holders(handle) if day is None]
        named = [speaker for speaker in held if self.people.named(speaker.name)]
        return named[0] if len(named) == 1 else known


def unnamed_kind(mention: Mention) -> SpeakerKind:
    """What an unnamed source is: an organisation, a group, or somebody who stays anonymous."""
    if mention.form == "pronoun":
        return "group" if mention.head in _PLURAL else "unknown"
    noun = data.titles().nouns.get(mention.head)
    if noun is not None and noun.kind in ("organization", "document"):
        return "organization"
    if noun is not None and noun.anonymous and noun.lemma in data.titles().insiders:
        return "anonymous"
    return "group" if mention.plural or (noun is not None and noun.kind == "group") else "anonymous"


def _by_itself(mention: Mention) -> Mention:
    """A mention as it would be alone: the "mayor" of "the mayor and Renn" is one person."""
    noun = data.titles().nouns.get(mention.head)
    one = mention.others and noun is not None and noun.kind == "person" and not noun.plural
    return mention._replace(plural=False) if one else mention


def _is_introduced(text: str, mention: Mention) -> bool:
    """Whether a description introduces somebody unnamed: "a woman in a yellow coat"."""
    noun = data.titles().nouns.get(mention.head)
    if noun is None or noun.kind != "person":
        return False
    return text[mention.start : mention.start + 4].lower().split(" ")[0] in ("a", "an", "one")
