"""Dialogue: who says the turns that no words near them attribute.

“Are you sure?” asked Roe.     the cue tells: Roe
“No,” said Bell.               Bell
“Then why say so?”             turn: Roe, who speaks again after Bell
“For peace.” Bell sat down.    turn: Bell

All turns of a run are decided together (`alternation.py`), from who takes part (`participants.py`)
and what each turn shows of its speaker (`dialogue.py`).
Only dialogues are decided: in news, paragraphs in marks after one speaker are that speaker's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from quotes.attribution import Candidate, Claim, Claims
from quotes.attribution.confidence import TURN
from quotes.attribution.labels import named
from quotes.speakers.alternation import SOMEBODY, posteriors
from quotes.speakers.dialogue import FLOATING, Reader, Turn
from quotes.speakers.entities import Entities, Resolution
from quotes.speakers.participants import REACH, step
from quotes.speakers.pronouns import GENDERS
from quotes.text.marks import Range
from quotes.text.segments import Segments

# The least probability at which a turn gets its speaker.
_LEAST = 0.6
# An inherited speaker who is less likely is dropped: of few words, or in a document that is mostly talk.
_UNLIKELY = 0.35
_BRIEF, _STORY = 20, 20
# How much turns must be like talk, on average and in sum. Set between the runs of PolNeAR's train part, of
# which hardly any is a dialogue, and those of fiction.
_TALK, _LEAST_TALK = 0.45, 2.0
_SHORT, _LONG = 8, 40
# What goes on over more segments is a story within the story: the order of turns doesn't tell who tells it.
_LONGEST_TURN = 12
# The turns on either side that tell whether it is a dialogue, and for how many the rest counts at most.
_AROUND, _TRUST = 5, 10

# The claim of a turn that is said to be somebody's, or a full name and where it or a pronoun for it stands.
Source = tuple[Claim, Resolution] | tuple[str, Range]


def take_turns(claims: Claims, entities: Entities) -> tuple[Claims, Entities]:
    """Give the turns of dialogues their speakers. Without dialogue, claims and entities stay as they are."""
    reader = Reader(claims, entities)
    if not reader.unclaimed:
        return claims, entities
    runs = list(reader.runs())
    if sum(max(0.0, _talk(turn, calls=bool(turn.called))) for run in runs for turn in run) < _LEAST_TALK:
        return claims, entities  # even if all whom they call are people
    talks = [[_talk(turn, calls=reader.calls(turn)) for turn in run] for run in runs]
    talk = [one for each in talks for one in each]
    everywhere = len(talk), sum(talk)
    decisions = [
        (run, dict(_decide(run, each, everywhere, reader))) for run, each in zip(runs, talks, strict=True)
    ]
    if not any(decided for _, decided in decisions):
        return claims, entities
    taken = _Taken(claims, entities, story=len(talk) >= _STORY and sum(talk) >= _TALK * len(talk))
    for run, decided in decisions:
        meant = [_tag(turn, decided.get(i)) for i, turn in enumerate(run)]
        for i, shares in decided.items():
            name, probability = max(shares.items(), key=itemgetter(1))
            sure = name != SOMEBODY and probability >= _LEAST
            taken.take(run[i], shares, _source(run, i, name, meant, reader) if sure else None, probability)
            if sure and run[i].tagged is not None and name in reader.people:
                taken.mean(run[i], name, reader)
    return taken.result()


class _Taken:
    """Claims and speakers of a document while its turns are given to their speakers."""

    def __init__(self, claims: Claims, entities: Entities, *, story: bool) -> None:
        self._claims, self._entities = claims, entities
        self._story = story
        self._of_segment = list(claims.of_segment)
        self._speakers = list(entities.speakers)
        self._group = {segment: i for i, group in enumerate(claims.quotations) for segment in group}
        self._changed = False

    def take(
        self, turn: Turn, shares: Mapping[str, float], source: Source | None, probability: float
    ) -> None:
        """Give the open segments of a turn to its likeliest speaker, if a source names one."""
        best = max(shares, key=shares.__getitem__)
        for segment, inherited in turn.open.items():
            group, old = self._group[segment], self._of_segment[segment]
            floats = old is not None and old.candidate.rule in FLOATING
            if len(self._claims.quotations[group]) > 1 or (inherited == best and not floats):
                continue
            drops = shares.get(inherited, 0.0) < _UNLIKELY and (self._story or turn.words <= _BRIEF)
            if source is not None:
                claim, speaker = _claim(self._claims.segments, segment, source, probability)
                self._of_segment[segment], self._speakers[group] = claim, speaker
            elif old is not None and drops:
                self._of_segment[segment], self._speakers[group] = None, None
            else:
                continue
            self._changed = True

    def mean(self, turn: Turn, name: str, reader: Reader) -> None:
        """Let whom the pronouns of a turn's tags mean be who the order of the speakers tells."""
        for group in dict.fromkeys(self._group[segment] for segment in turn.segments):
            claim, old = self._claims.first(self._claims.quotations[group]), self._speakers[group]
            if claim is None or old is None or old.name == name or not reader.pronoun(claim, old):
                continue
            self._speakers[group] = _person(old, name)
            self._changed = True

    def result(self) -> tuple[Claims, Entities]:
        if not self._changed:
            return self._claims, self._entities
        claims = replace(self._claims, of_segment=tuple(self._of_segment))
        return claims, replace(self._entities, speakers=tuple(self._speakers))


def _talk(turn: Turn, *, calls: bool) -> float:
    """How much a turn is like talk, and not like what a reporter quotes: a question, a few words, a name."""
    short = turn.opens and turn.words <= _SHORT
    return turn.asks + short + calls + 0.5 * turn.pure - 0.5 * (turn.words > _LONG)


def _talks(talk: Sequence[float], everywhere: tuple[int, float]) -> list[int]:
    """The turns around which there is talk. The rest of the document has its say, too.

    `talk` is how much each turn of a run is like talk, and `everywhere` the number of the document's turns,
    and how much talk they are together.
    """
    found = []
    for i in range(len(talk)):
        near = talk[max(0, i - _AROUND) : i + _AROUND + 1]
        here, rest = sum(near), everywhere[0] - len(near)
        trust = min(_TRUST, rest)
        all_told = here + (trust * (everywhere[1] - here) / rest if rest else 0.0)
        if all_told >= _LEAST_TALK and all_told / (len(near) + trust) >= _TALK:
            found.append(i)
    return found


def _is_exchange(run: list[Turn], i: int) -> bool:
    """Whether somebody asks, is called or is spoken to around a turn, or two people speak."""
    around = run[max(0, i - _AROUND) : i + _AROUND + 1]
    speakers = {name for turn in around for name in turn.tags}
    return len(speakers) > 1 or any(turn.asks or turn.addressed or turn.told for turn in around)


def _decide(
    run: list[Turn], talk: Sequence[float], everywhere: tuple[int, float], reader: Reader
) -> Iterator[tuple[int, dict[str, float]]]:
    """The turns of a run that are part of a dialogue, each with how likely its speakers are."""
    if all(reader.unclaimed.isdisjoint(turn.segments) for turn in run):
        return
    likely = [i for i in _talks(talk, everywhere) if len(run[i].segments) <= _LONGEST_TURN]
    if not likely:
        return
    reader.read(run)
    exchange = [i for i in likely if not run[i].layout and _is_exchange(run, i)]
    if exchange:
        shares = posteriors([step(run, i, reader) for i in range(len(run))])
        yield from ((i, shares[i]) for i in exchange if not run[i].conflicting)


def _tag(turn: Turn, shares: Mapping[str, float] | None) -> str | None:
    """Who a turn's own tag means."""
    if not turn.tags:
        return None
    name = max(turn.tags, key=turn.tags.__getitem__)
    return max(shares, key=shares.__getitem__) if shares and turn.pronoun else name


def _source(run: list[Turn], i: int, name: str, meant: Sequence[str | None], reader: Reader) -> Source | None:
    """Where a turn's speaker is named: in its own paragraph, in the attribution before it, or elsewhere."""
    turn = run[i]
    if turn.acts is not None and not turn.tags and name in reader.people:
        return name, turn.acts
    near = (i, *range(i - 1, max(-1, i - 1 - 2 * REACH), -1), *range(i + 1, min(len(run), i + 2 * REACH)))
    for k in near:
        tagged = run[k].tagged
        if tagged is not None and meant[k] == name:
            claim, speaker = tagged
            same = name == speaker.name or name not in reader.people
            return claim, speaker if same else _person(speaker, name)
    for k in near if name in reader.people else ():
        for place in (run[k].told, run[k].addressed, run[k].before):
            if (at := place.get(name)) is not None:
                return name, (at.start, at.end)
    return None


def _person(old: Resolution, name: str) -> Resolution:
    """The same mention as a person of this name."""
    return Resolution(name, "person", (old.chain[0], name), old.mention, evidence={"turn": 1.0})


def _claim(segments: Segments, segment: int, source: Source, probability: float) -> tuple[Claim, Resolution]:
    first, second = source
    if isinstance(first, Claim):
        assert isinstance(second, Resolution)
        inherited = first.candidate.segment
        candidate = Candidate(segment, TURN, first.candidate.mention, inherited_from=inherited)
        return Claim(candidate, round(probability, 3)), second
    assert not isinstance(second, Resolution)
    text = segments.text[slice(*second)]
    mention = named(segments.text, *second, segments[segment].paragraph)
    if text.lower() in GENDERS:
        mention = mention._replace(form="pronoun")
    resolution = Resolution(first, "person", (text, first), second, evidence={"turn": 1.0})
    return Claim(Candidate(segment, TURN, mention), round(probability, 3)), resolution
