"""The turns of a dialogue, and what each shows of its speaker.

“Wait, Bell.” Roe lit the lamp.   →   one turn: it calls Bell, who doesn't speak it, and Roe acts beside it

A turn is a paragraph with spoken words, or several that the marks make one quotation. Turns in a row are a
run; the end of a scene, or a long stretch of narration, ends it. Most runs are no dialogue: `Reader.runs`
only finds what tells that, and `Reader.read` the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from quotes import data
from quotes.attribution import CONTINUED, Claim, Claims
from quotes.attribution.confidence import PASSED_ON
from quotes.attribution.titles import is_nobodys
from quotes.data import Gender
from quotes.speakers.entities import Entities, Resolution
from quotes.speakers.names import Name
from quotes.speakers.pronouns import GENDERS
from quotes.text.marks import MARKS, UNMARKED, Range, Segment

#: Who says "I" in the narration.
NARRATOR = "I"

#: Rules by which a speaker of another paragraph goes on. In a dialogue they are mostly wrong.
FLOATING = frozenset(["floating", "lone", "sole-source"])

_INHERITED = FLOATING | {"continuation", "announced", "lone", "sole-source", CONTINUED}
# Rules that don't ask whether anybody said the words at all.
_UNPROPOSED = frozenset([CONTINUED, PASSED_ON])
# Who speaks in a layout's turns is written there.
_LAYOUT = frozenset(["speaker-label", "credit-line", "tweet-footer", "listed"])
_OWNERS = frozenset(["his", "her", "their", "our"])
_NARRATORS = frozenset(["i", "me", "my"])
# A longer paragraph ends no scene, in code points.
_LONGEST_HEADING = 80
# More paragraphs of narration end a conversation.
_LONGEST_PAUSE = 6
_WORD = re.compile(r"\w")
_OPENS_SPEECH = frozenset(".?!:;…—–-”’\"'")
_ENDS_SPEECH = re.compile(r"[.,?!…—–-]$")
# Asterisks and the like, a heading with its number, or a number alone.
_SCENE = re.compile(
    r"[\W_]*|(?i:chapter|part|book|volume|canto|scene|act)\s"
    r"(?:[IVXLC]+|\d+|(?i:the )?[A-Z][\w-]+)\b[^“”\"?!]*"
    r"|[IVXLC]+\.?|\d{1,3}\.?"
)
_SUBJECT = re.compile(r"(?:^|[.?!”\"’']\s+|(?<=\n))(He|She|I|His|Her)\b")
_NOMINATIVE = {"his": "he", "her": "she"}
_FIRST_PERSON = re.compile(r"\bI (?!['’])")
_CALLED = re.compile(r"(?:^|[,.!?;—–-]|\b(?:[Dd]ear|[Oo]h|[Yy]es|[Nn]o|[Ww]ell|[Tt]hank you|[Pp]lease))\W*$")
_CALL_ENDS = re.compile(rf"\s*(?:[,.!?;—–-]|[ {re.escape(MARKS)}]*\Z)")
_ONESELF = re.compile(r"(?:\bI['’]m|\bI am|\b[Nn]ame(?:['’]s| is)|\bcall me|\b[Ii]t['’]s)\s(?:\w+\.?\s)?$")
# What surrounds the words themselves.
_MARKS_AND_SPACES = MARKS + " "
# A shorter word isn't short for a name, in code points.
_SHORTEST = 3
# So far behind a cue its hearer is looked for, in code points.
_TO_WHOM = 20


@dataclass(slots=True)
class Turn:
    """The words of one speaker. Speakers are full names; without one, the narrator or a noun: "clerk"."""

    segments: list[int]
    """The spoken segments, in text order."""
    gap: int
    """The paragraphs of narration since the turn before."""
    narration: range
    """The paragraphs before it that may name who takes part."""
    opens: bool
    """Whether the paragraph begins with the mark."""
    pure: bool = True
    """Whether no word stands outside the marks."""
    words: int = 0
    asks: bool = False
    called: list[str] = field(default_factory=list)
    """The full names that its words call somebody, whether he or she is a person or not: "Yes, Bell"."""
    # All that follows is empty until the turn is read.
    open: dict[int, str] = field(default_factory=dict)
    """Those whose speaker nothing in the turn's paragraphs tells, each with who was taken to go on, or ""."""
    tags: dict[str, float] = field(default_factory=dict)
    """Who is said to speak it, each with the odds."""
    pronoun: str = ""
    """The pronoun by which a tag or a gesture names the speaker: "he", "she"."""
    acts: Range | None = None
    """Where a gesture has its name or pronoun."""
    tagged: tuple[Claim, Resolution] | None = None
    """The claim behind the best of the tags."""
    gesture: dict[str, float] = field(default_factory=dict)
    """Who the narration beside the words may show to speak, with odds."""
    addressed: dict[str, Name] = field(default_factory=dict)
    mentioned: dict[str, None] = field(default_factory=dict)
    """Whom its words name otherwise. It has keys only, in text order."""
    presents: dict[str, None] = field(default_factory=dict)
    """Who says his or her own name in it."""
    strangers: set[str] = field(default_factory=set)
    """Those of the addressed whom the narration never names; there, they may have other names."""
    told: dict[str, Name] = field(default_factory=dict)
    """To whom the tag says it was said."""
    before: dict[str, Name | None] = field(default_factory=dict)
    """Who is named in the narration since the turn before; the narrator without a name."""
    layout: bool = False
    conflicting: bool = False
    """Whether the paragraph has words of two speakers."""


class Reader:
    """Reads the turns of one document from its claims and entities."""

    def __init__(self, claims: Claims, entities: Entities) -> None:
        self._claims = claims
        self._segments = claims.segments
        self._text = claims.segments.text
        self._resolved = {
            segment: resolution
            for group, resolution in zip(claims.quotations, entities.speakers, strict=True)
            for segment in group
        }
        self._entities = entities

    @cached_property
    def people(self) -> Collection[str]:
        """The full names of the people who may speak."""
        # Whom only pronouns let speak may be a place or a people that stands nearby.
        speaking = {
            one.name
            for one, group in zip(self._entities.speakers, self._claims.quotations, strict=True)
            if one is not None and one.kind == "person" and (claim := self._claims.first(group)) is not None
            if claim.candidate.mention.form != "pronoun"
        }
        return {full for full, names in self._entities.names.items() if full in speaking or _is_person(names)}

    @cached_property
    def _written(self) -> _Written:
        names = self._entities.names
        return _Written([full for full in self.people if any(not name.quoted for name in names[full])])

    @cached_property
    def _quoted(self) -> list[tuple[int, str, Name]]:
        """The names that stand in quotations, or whose title at least stands before one, in text order."""
        quoted = [
            (name.start, full, name)
            for full, names in self._entities.names.items()
            for name in names
            if name.quoted or name.run != name.start
        ]
        return sorted(quoted)

    @cached_property
    def _quoted_starts(self) -> list[int]:
        return [start for start, _, _ in self._quoted]

    @cached_property
    def _names(self) -> list[tuple[int, str, Name]]:
        """Where people are named, in text order, each with the full name."""
        bearers = ((self._written.bearer(full), names) for full, names in self._entities.names.items())
        return sorted(
            ((name.start, full, name) for full, names in bearers if full in self.people for name in names),
            key=itemgetter(0),
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _, _ in self._names]

    @cached_property
    def unclaimed(self) -> frozenset[int]:
        """The spoken segments whose paragraphs don't tell the speaker."""
        return frozenset(filter(self._is_spoken, self._untold))

    @cached_property
    def _untold(self) -> frozenset[int]:
        """The segments beside which nothing tells who speaks them."""
        resolved, everything = self._resolved, range(len(self._segments))
        return frozenset(n for n in everything if resolved.get(n) is None or self._is_inherited(n))

    def runs(self) -> Iterator[list[Turn]]:
        """The runs of turns, in text order, with what tells whether they are a dialogue."""
        inside: dict[int, list[int]] = {}
        for number, segment in enumerate(self._segments):
            if number in self.unclaimed if number in self._untold else self._is_spoken(number):
                inside.setdefault(segment.paragraph, []).append(number)
        run: list[Turn] = []
        last = -1
        for paragraph, spoken in inside.items():
            if run and self._segments[spoken[0]].continues and paragraph == last + 1:
                self._add(run[-1], spoken, paragraph)
                last = paragraph
                continue
            gap = paragraph - last - 1
            near = range(max(last + 1, paragraph - _LONGEST_PAUSE), paragraph)
            ended = self._last_end_of_scene(near)
            if run and (gap > _LONGEST_PAUSE or ended is not None):
                yield run
                run = []
            narration = near if ended is None else range(ended + 1, paragraph)
            opens = self._segments[spoken[0]].start == self._segments.paragraphs[paragraph][0]
            run.append(Turn([], gap if run else 0, narration, opens))
            self._add(run[-1], spoken, paragraph)
            last = paragraph
        if run:
            yield run

    def _add(self, turn: Turn, spoken: list[int], paragraph: int) -> None:
        """Add to a turn its words in a paragraph: the first, or the next of a quotation over several."""
        turn.segments += spoken
        if turn.pure:
            turn.pure = not any(_WORD.search(self._text, *own) for own in self._own(spoken, paragraph))
        for number in spoken:
            turn.words += len(self._segments.words[number])
            turn.called += self._called(self._segments[number])
        last = self._segments[spoken[-1]]
        turn.asks = "?" in self._text[max(last.start, last.end - 3) : last.end]

    def _own(self, spoken: list[int], paragraph: int) -> Iterator[Range]:
        """The ranges of a paragraph outside the spoken segments: the writer's words."""
        at, end = self._segments.paragraphs[paragraph]
        for number in spoken:
            yield at, self._segments[number].start
            at = self._segments[number].end
        yield at, end

    def _called(self, words: Segment) -> list[str]:
        """The full names by which some words call somebody."""
        starts, names = self._quoted_starts, self._quoted
        near = names[bisect_left(starts, words.start) : bisect_left(starts, words.end)]
        return [full for _, full, name in near if self._is_called(name, words)]

    def calls(self, turn: Turn) -> bool:
        """Whether the words of a turn address a person by name."""
        return any(self._written.bearer(full) in self.people for full in turn.called)

    def _is_called(self, name: Name, words: Segment) -> bool:
        """Whether a name within some words calls somebody, who is not their speaker."""
        if not _CALL_ENDS.match(self._text, name.end, words.end):
            return False
        before = self._before(name, words)
        return _CALLED.search(before) is not None and not _ONESELF.search(before)

    def _before(self, name: Name, words: Segment) -> str:
        """The words right before a name within the marks."""
        return self._text[max(words.start + 1, name.run - 20) : name.run]

    def _is_spoken(self, number: int) -> bool:
        """Whether a segment is claimed, or looks like words that somebody says and not like a title."""
        segments, claim = self._segments, self._claims.of_segment[number]
        this = segments[number]
        if this.family in UNMARKED or number in segments.pull_quotes:
            return False
        inner = self._text[this.start : this.end].strip(_MARKS_AND_SPACES)
        before = segments.befores[number][-40:].rstrip()[-1:]
        if claim is not None and not self._is_inherited(number):
            # A fragment in the writer's clause, “another year of growth”, is no turn.
            spoken = not (inner[:1].islower() and before.isalnum())
        elif (segments.mostly_double and this.family == "single") or not inner or inner[0].islower():
            spoken = False
        else:
            ended = not this.closed or _ENDS_SPEECH.search(inner[-2:]) is not None
            spoken = ended and (not before or before in _OPENS_SPEECH)
        # For what nobody said, the matchers propose nobody.
        proposed = claim is not None and claim.candidate.rule not in _UNPROPOSED
        return spoken and (proposed or not is_nobodys(segments, number))

    def _is_inherited(self, number: int) -> bool:
        """Whether only a neighbour tells the speaker; a colon before the paragraph tells as much as a tag."""
        claim = self._claims.of_segment[number]
        if claim is None or claim.candidate.rule not in _INHERITED:
            return False
        if claim.candidate.rule != "announced":
            return True
        _, end = self._segments.paragraphs[self._segments[number].paragraph - 1]
        return self._text[end - 1] != ":"

    def _last_end_of_scene(self, paragraphs: range) -> int | None:
        """The last of some paragraphs that ends a scene."""
        for paragraph in reversed(paragraphs):
            start, end = self._segments.paragraphs[paragraph]
            if end - start < _LONGEST_HEADING and _SCENE.fullmatch(self._text, start, end):
                return paragraph
        return None

    def read(self, run: list[Turn]) -> None:
        """Read what the turns of a run show of their speakers."""
        for turn in run:
            turn.before = dict(self._narrated(turn.narration))
            parts = groupby(turn.segments, key=lambda number: self._segments[number].paragraph)
            for place, (paragraph, numbers) in enumerate(parts):
                spoken = list(numbers)
                self._read(turn, spoken)
                if not place and not turn.tags:
                    self._gestures(turn, spoken, paragraph)

    def _read(self, turn: Turn, spoken: list[int]) -> None:
        """Read the tags in one paragraph of a turn, and whom its words name."""
        strong: set[str] = set()
        for number in spoken:
            claim, resolution = self._claims.of_segment[number], self._resolved.get(number)
            segment = self._segments[number]
            self._named(turn, segment)
            if claim is None or resolution is None or self._is_inherited(number):
                turn.open[number] = self.who(claim, resolution) if claim and resolution else ""
                announced = claim is not None and claim.candidate.rule == "announced" and turn.gap > 0
                if announced and claim is not None and resolution is not None:
                    cue = claim.candidate.cue
                    says = cue is not None and cue.strength == "strong"
                    turn.gesture[self.who(claim, resolution)] = 8.0 if says else 2.0
                continue
            turn.layout |= claim.candidate.rule in _LAYOUT
            cue = claim.candidate.cue
            name = self.who(claim, resolution)
            certain = cue is not None and cue.strength != "none" and claim.candidate.rule != "near-sentence"
            if certain:
                strong.add(name)
                turn.told |= self._hearers(claim)
            pronoun = self.pronoun(claim, resolution)
            turn.pronoun = turn.pronoun or pronoun
            far = pronoun and not self._opens_with(segment.paragraph, claim.candidate.mention.start, name)
            odds = (20.0 if far else 60.0) if certain else 6.0
            if odds > turn.tags.get(name, 0.0):
                if odds > max(turn.tags.values(), default=0.0):
                    turn.tagged = claim, resolution
                turn.tags[name] = odds
        turn.conflicting = len(strong) > 1

    def _opens_with(self, paragraph: int, end: int, name: str) -> bool:
        """Whether a paragraph up to `end` names only this person, first: Roe laughed. “…,” he said."""
        start, _ = self._segments.paragraphs[paragraph]
        named = [(full, one) for full, one in self._between(start, end) if not one.quoted]
        return bool(named) and named[0][1].run == start and {full for full, _ in named} == {name}

    def _named(self, turn: Turn, words: Segment) -> None:
        """Whom some words of a turn name: whom they address, mention or present."""
        for full, name in self._between(words.start, words.end):
            if _ONESELF.search(self._before(name, words)):
                turn.presents[full] = None
            elif self._is_called(name, words):
                # In a story that somebody tells, whom only the others name is who tells it.
                stranger = full not in self._written.names
                called = NARRATOR if stranger and self._narrates else full
                turn.addressed.setdefault(called, name)
                if stranger and called == full:
                    turn.strangers.add(full)
            else:
                turn.mentioned[full] = None

    def _between(self, start: int, end: int) -> Iterator[tuple[str, Name]]:
        for _, full, name in self._names[bisect_left(self._starts, start) : bisect_left(self._starts, end)]:
            yield full, name

    def _hearers(self, claim: Claim) -> dict[str, Name]:
        """Brandt in “…,” Okafor told Brandt."""
        mention, cue = claim.candidate.mention, claim.candidate.cue
        assert cue is not None
        end = max(mention.end, cue.end)
        for full, name in self._between(end, end + _TO_WHOM):
            linked = self._text[end : name.run].strip()
            if linked == "to" or (not linked and mention.end <= cue.start):
                return {full: name}
            break
        return {}

    def _gestures(self, turn: Turn, spoken: list[int], paragraph: int) -> None:
        """Who acts in the sentences around the words, if no tag tells the speaker."""
        start, end = self._segments.paragraphs[paragraph]
        for full, name in self._between(start, end):
            if not name.quoted and not name.possessive and not name.oblique and (name.opening or name.acting):
                turn.gesture[full] = 5.0
                turn.acts = name.start, name.end
                break
        pieces = (_SUBJECT.search(self._text, *piece) for piece in self._own(spoken, paragraph))
        found = next(filter(None, pieces), None)
        if found is not None:
            if found.group(1) == "I":
                turn.gesture[NARRATOR] = 5.0
            else:
                turn.pronoun = _NOMINATIVE.get(found.group(1).lower(), found.group(1).lower())
                turn.acts = turn.acts or found.span(1)

    def _narrated(self, paragraphs: range) -> Iterator[tuple[str, Name | None]]:
        """The people whom the narration of some paragraphs names."""
        if not paragraphs:
            return
        start, _ = self._segments.paragraphs[paragraphs[0]]
        _, end = self._segments.paragraphs[paragraphs[-1]]
        for full, name in self._between(start, end):
            if not name.quoted and not name.headline and not name.possessive:
                yield full, name
        if self._narrates and _FIRST_PERSON.search(self._text, start, end):
            yield NARRATOR, None

    @cached_property
    def _narrates(self) -> bool:
        """Whether somebody tells the story who says "I"."""
        return any(
            claim is not None and claim.candidate.mention.head in _NARRATORS
            for claim in self._claims.of_segment
        )

    def who(self, claim: Claim, resolution: Resolution) -> str:
        """What tells a speaker from the others of a dialogue: a full name, the narrator, or a noun."""
        mention = claim.candidate.mention
        if resolution.name is not None and (resolution.name in self.people or mention.form != "pronoun"):
            return resolution.name
        if pronoun := self.pronoun(claim, resolution):
            return pronoun
        if mention.head in _NARRATORS:
            return NARRATOR
        # "Killpath's nasal voice": it is he who speaks.
        owner = next(
            (full for full, name in self._between(mention.start, mention.end) if name.possessive), None
        )
        return owner or mention.head

    def pronoun(self, claim: Claim, resolution: Resolution) -> str:
        """The pronoun that a mention is, or that fits an unnamed relative: "she" for "his sister"."""
        mention = claim.candidate.mention
        if mention.head in GENDERS:
            return mention.head
        owner = self._text[mention.start : mention.end].split()[0].lower()
        noun = data.titles().nouns.get(mention.head)
        if resolution.name is None and owner in _OWNERS and noun is not None and noun.gender:
            return "he" if noun.gender == "male" else "she"
        return ""

    def agrees(self, pronoun: str, name: str) -> float:
        """How well a pronoun fits a speaker: 1 where nothing is known."""
        if name == NARRATOR:
            return 0.05
        gender = self.genders.get(name)
        return 1.0 if gender is None else 2.0 if gender == GENDERS[pronoun] else 0.05

    @cached_property
    def genders(self) -> dict[str, Gender]:
        """The genders that first names, titles, nouns and the document's pronouns tell."""
        found: dict[str, Gender] = dict(GENDERS)
        for full, names in self._by_full.items():
            told = {data.titles().gender(name.title) for name in names if name.title} - {None}
            first = data.first_names().gender(data.fold(full.split()[0]))
            if (gender := told.pop() if len(told) == 1 else first) is not None:
                found[full] = gender
        for number, claim in enumerate(self._claims.of_segment):
            if claim is None or (resolution := self._resolved.get(number)) is None:
                continue
            if resolution.name and (gender := GENDERS.get(claim.candidate.mention.head)):
                found.setdefault(resolution.name, gender)
            noun = data.titles().nouns.get(claim.candidate.mention.head)
            if not resolution.name and noun is not None and noun.gender:
                found.setdefault(claim.candidate.mention.head, noun.gender)
        return found

    @cached_property
    def _by_full(self) -> dict[str, list[Name]]:
        found: dict[str, list[Name]] = {}
        for _, full, name in self._names:
            found.setdefault(full, []).append(name)
        return found


def _is_person(names: Sequence[Name]) -> bool:
    """Whether a name that nobody bears who speaks is a person's: by a title or a first name."""
    genders = data.first_names().genders
    for name in names:
        if (name.title or name.words[0] in genders) and not name.headline and not name.attributive:
            return True
    return False


class _Written:
    """The names of the narration, by which what only speakers call somebody is found: "Mary Jane", "Clay"."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = frozenset(names)
        self._by_beginning: dict[str, list[str]] = {}
        for name in names:
            self._by_beginning.setdefault(name[:_SHORTEST], []).append(name)

    def bearer(self, name: str) -> str:
        """The only one whose name begins so; else the name itself."""
        if name in self.names or len(name) < _SHORTEST:
            return name
        longer = [full for full in self._by_beginning.get(name[:_SHORTEST], ()) if full.startswith(name)]
        return longer[0] if len(longer) == 1 else name
