"""Dialogue: who says the turns that no words near them attribute.

“Are you sure?” asked Roe.     the cue tells: Roe
“No,” said Bell.               Bell
“Then why say so?”             turn: Roe, who speaks again after Bell
“For peace.” Bell sat down.    turn: Bell

All turns of a run are decided together (`alternation.py`), from what each shows of its speaker (`dialogue.py`).
Only dialogues are decided: in news, paragraphs in marks after one speaker are that speaker's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from quotes.attribution import Candidate, Claim, Claims
from quotes.attribution.confidence import TURN
from quotes.attribution.labels import named
from quotes.speakers.alternation import SOMEBODY, Step, posteriors
from quotes.speakers.dialogue import NARRATOR, Reader, Turn
from quotes.speakers.entities import Entities, Resolution
from quotes.speakers.names import Name
from quotes.speakers.pronouns import GENDERS
from quotes.text.segments import Segments

# The least probability at which a turn gets its speaker.
_LEAST = 0.6
# Set between the runs of PolNeAR's train part, of which hardly any is a dialogue, and those of fiction.
_TALK = 0.45
_SHORT, _LONG = 8, 40
# The turns on either side that tell whether it is a dialogue, and the weight of the document, in turns.
_AROUND, _TRUST = 5, 10
# So many turns on either side tell who takes part.
_REACH = 8
# What names in a turn's words say of who speaks it: one hardly says one's own name.
_ADDRESSED, _MENTIONED, _PRESENTED = 0.02, 0.15, 4.0
_SHARE = {"tag": 1.0, "told": 0.6, "narrated": 0.3, "somebody": 0.2}
_PER_TURN, _PER_PAUSE, _BEHIND = 0.85, 0.75, 0.5


def take_turns(claims: Claims, entities: Entities) -> tuple[Claims, Entities]:
    """Give the turns of dialogues their speakers; where there is no dialogue, the same claims and entities."""
    reader = Reader(claims, entities)
    runs = list(reader.runs())
    everywhere = [_talk(turn) for run in runs for turn in run]
    if not everywhere:
        return claims, entities
    usual = sum(everywhere) / len(everywhere)
    of_segment = list(claims.of_segment)
    speakers = list(entities.speakers)
    group_of = {segment: number for number, group in enumerate(claims.quotations) for segment in group}
    changed = False
    for run in runs:
        if not any(turn.open for turn in run):
            continue
        for turn, name, source, probability in _decide(run, usual, reader):
            for segment, inherited in turn.open.items():
                group = group_of[segment]
                if len(claims.quotations[group]) > 1 or (inherited and inherited == name):
                    continue
                if source is not None:
                    of_segment[segment], speakers[group] = _claim(claims.segments, segment, source, probability)
                elif inherited and _is_floating(of_segment[segment]):
                    of_segment[segment], speakers[group] = None, None
                else:
                    continue
                changed = True
    if not changed:
        return claims, entities
    return replace(claims, of_segment=tuple(of_segment)), replace(entities, speakers=tuple(speakers))


def _is_floating(claim: Claim | None) -> bool:
    return claim is not None and claim.candidate.rule == "floating"


def _talk(turn: Turn) -> float:
    """How much a turn is like talk, and not like what a reporter quotes: a question, a few words, a name."""
    short = turn.opens and turn.words <= _SHORT
    return turn.asks + short + bool(turn.addressed) + 0.5 * turn.pure - 0.5 * (turn.words > _LONG)


def _is_dialogue(run: list[Turn], i: int, usual: float) -> bool:
    """Whether the turns around one are talk; where there are few, the whole document has its say."""
    near = run[max(0, i - _AROUND) : i + _AROUND + 1]
    return (sum(map(_talk, near)) + _TRUST * usual) / (len(near) + _TRUST) >= _TALK


Source = tuple[Claim, Resolution] | tuple[str, Name]


def _decide(run: list[Turn], usual: float, reader: Reader) -> Iterator[tuple[Turn, str, Source | None, float]]:
    """The turns whose speaker no words near them tell, each with its likeliest speaker, where he or she is
    named if that is likely enough, and how likely it is."""
    open_turns = [
        i
        for i, turn in enumerate(run)
        if turn.open and not turn.layout and not turn.conflicting and _is_dialogue(run, i, usual)
    ]
    if not open_turns:
        return
    shares = posteriors([_step(run, i, reader) for i in range(len(run))])
    for i in open_turns:
        name, probability = max(shares[i].items(), key=itemgetter(1))
        known = name != SOMEBODY and probability >= _LEAST
        yield run[i], name, _source(run, i, name) if known else None, probability


def _step(run: list[Turn], i: int, reader: Reader) -> Step:
    turn = run[i]
    likely = _likely(run, i, reader)
    evidence = dict.fromkeys(likely, 1.0)
    for name, odds in (*turn.tags.items(), *turn.gesture.items()):
        evidence[name] = max(evidence.get(name, 1.0), odds)
    if turn.pronoun:
        for name in likely:
            evidence[name] *= reader.agrees(turn.pronoun, name)
    for name in turn.addressed:
        evidence[name] = evidence.get(name, 1.0) * _ADDRESSED
    for name in turn.mentioned - turn.presents:
        evidence[name] = evidence.get(name, 1.0) * _MENTIONED
    for name in turn.presents:
        evidence[name] = evidence.get(name, 1.0) * _PRESENTED
    return Step(likely, evidence, turn.gap, turn.asks, frozenset([*turn.addressed, *turn.told]))


def _likely(run: list[Turn], i: int, reader: Reader) -> dict[str, float]:
    """Who may speak a turn: who is said to speak nearby, who is addressed, and whom the narration names."""
    found: dict[str, float] = {SOMEBODY: _SHARE["somebody"]}
    pronouns: dict[str, float] = {}

    def add(names: Iterable[str], share: float) -> None:
        for name in names:
            shares = pronouns if name in GENDERS else found
            shares[name] = max(share, shares.get(name, 0.0))

    for k, nearness in _nearness(run, i):
        turn = run[k]
        add((*turn.tags, *turn.gesture), nearness * _SHARE["tag"])
        add((*turn.told, *turn.addressed), nearness * _SHARE["told"])
        add(turn.before, nearness * _SHARE["narrated"])
    # "She" is one of those who are named or described, if there is a woman among them.
    for pronoun, share in pronouns.items():
        if not any(reader.genders.get(name) == GENDERS[pronoun] for name in found):
            found[pronoun] = share
    return found


def _nearness(run: list[Turn], i: int) -> Iterator[tuple[int, float]]:
    """The turns around one, each with how much it tells of who takes part there: those behind half as much."""
    yield i, 1.0
    for numbers, nearness in ((range(i - 1, max(-1, i - 1 - _REACH), -1), 1.0), (range(i + 1, min(len(run), i + 1 + _REACH)), _BEHIND)):
        for k in numbers:
            nearness *= _PER_TURN * _PER_PAUSE ** run[k + 1 if k < i else k].gap
            yield k, nearness


def _source(run: list[Turn], i: int, name: str) -> Source | None:
    """The nearest turn that is said to be this speaker's, those before first; else where the name stands."""
    for k in (*range(i - 1, max(-1, i - 1 - 2 * _REACH), -1), *range(i, min(len(run), i + 2 * _REACH))):
        tagged = run[k].tagged
        if tagged is not None and max(run[k].tags, key=run[k].tags.__getitem__) == name:
            return tagged
    for k in (*range(i, max(-1, i - 1 - _REACH), -1), *range(i, min(len(run), i + _REACH))):
        for place in (run[k].told, run[k].addressed, run[k].before):
            if (at := place.get(name)) is not None:
                return name, at
    return None


def _claim(segments: Segments, segment: int, source: Source, probability: float) -> tuple[Claim, Resolution]:
    first, second = source
    if isinstance(first, Claim):
        assert isinstance(second, Resolution)
        mention = first.candidate.mention
        candidate = Candidate(segment, TURN, mention, inherited_from=first.candidate.segment)
        return Claim(candidate, round(probability, 3)), second
    assert isinstance(second, Name)
    mention = named(segments.text, second.start, second.end, segments[segment].paragraph)
    text = segments.text[second.start : second.end]
    resolution = Resolution(first, "person", (text, first), (second.start, second.end))
    return Claim(Candidate(segment, TURN, mention), round(probability, 3)), resolution
