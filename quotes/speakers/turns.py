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
# An inherited speaker who is less likely is dropped: of few words, and in a document that is mostly talk.
_UNLIKELY = 0.35
_BRIEF, _STORY = 20, 20
# Set between the runs of PolNeAR's train part, of which hardly any is a dialogue, and those of fiction.
_TALK, _LEAST_TALK = 0.45, 2.0
_SHORT, _LONG = 8, 40
# The turns on either side that tell whether it is a dialogue, and the weight of the document, in turns.
_AROUND, _TRUST = 5, 10
# So many turns on either side tell who takes part.
_REACH = 8
# What names in a turn's words say of who speaks it: one hardly says one's own name.
_ADDRESSED, _MENTIONED, _PRESENTED = 0.02, 0.15, 4.0
_SHARE = {"tag": 1.0, "told": 0.6, "narrated": 0.3, "somebody": 0.2, "third": 0.1}
# So near is a woman who may be "she", compared with the pronoun.
_NEAR = 0.3
# Who speaks alone, and somebody.
_ALONE = 2
_PER_TURN, _PER_PAUSE, _LATER, _LATER_AS_THIRD = 0.85, 0.75, 0.5, 0.3


def take_turns(claims: Claims, entities: Entities) -> tuple[Claims, Entities]:
    """Give the turns of dialogues their speakers; where there is no dialogue, the same claims and entities."""
    reader = Reader(claims, entities)
    runs = list(reader.runs())
    everywhere = [_talk(turn) for run in runs for turn in run]
    usual = len(everywhere) >= _STORY and sum(everywhere) >= _TALK * len(everywhere)
    of_segment = list(claims.of_segment)
    speakers = list(entities.speakers)
    group_of = {segment: number for number, group in enumerate(claims.quotations) for segment in group}
    changed = False
    for run in runs:
        if not any(turn.open for turn in run):
            continue
        for turn, shares in _decide(run, everywhere, reader):
            name, probability = max(shares.items(), key=itemgetter(1))
            sure = name != SOMEBODY and probability >= _LEAST
            source = _source(run, run.index(turn), name) if sure else None
            for segment, inherited in turn.open.items():
                group, old = group_of[segment], of_segment[segment]
                floats = _is_floating(old)
                if len(claims.quotations[group]) > 1 or (inherited == name and not floats):
                    continue
                if source is not None:
                    of_segment[segment], speakers[group] = _claim(claims.segments, segment, source, probability)
                elif old is not None and (turn.words <= _BRIEF or usual) and shares.get(inherited, 0.0) < _UNLIKELY:
                    of_segment[segment], speakers[group] = None, None
                else:
                    continue
                changed = True
            if turn.pronoun and turn.tagged is not None and sure and name in reader.people:
                for segment in turn.segments:
                    group = group_of[segment]
                    changed |= _meant(reader, claims, speakers, group, name)
    if not changed:
        return claims, entities
    return replace(claims, of_segment=tuple(of_segment)), replace(entities, speakers=tuple(speakers))


def _is_floating(claim: Claim | None) -> bool:
    return claim is not None and claim.candidate.rule == "floating"


def _meant(reader: Reader, claims: Claims, speakers: list[Resolution | None], group: int, name: str) -> bool:
    """Let whom a pronoun, or "his sister", means be who the order of the speakers tells; whether that is another."""
    claim, old = claims.first(claims.quotations[group]), speakers[group]
    if claim is None or old is None or not reader.pronoun(claim, old) or old.name == name:
        return False
    text = claims.segments.text[slice(*old.mention)]
    speakers[group] = Resolution(name, "person", (text, name), old.mention)
    return True


def _talk(turn: Turn) -> float:
    """How much a turn is like talk, and not like what a reporter quotes: a question, a few words, a name."""
    short = turn.opens and turn.words <= _SHORT
    return turn.asks + short + bool(turn.addressed) + 0.5 * turn.pure - 0.5 * (turn.words > _LONG)


def _is_dialogue(run: list[Turn], i: int, everywhere: Sequence[float]) -> bool:
    """Whether the turns around one are talk; the rest of the document has its say, too."""
    around = run[max(0, i - _AROUND) : i + _AROUND + 1]
    near = [_talk(turn) for turn in around]
    rest = len(everywhere) - len(near)
    trust = min(_TRUST, rest)
    talk = sum(near) + (trust * (sum(everywhere) - sum(near)) / rest if rest else 0.0)
    exchange = len({name for turn in around for name in turn.tags}) > 1 or any(
        turn.asks or turn.addressed or turn.told for turn in around
    )
    return exchange and talk >= _LEAST_TALK and talk / (len(near) + trust) >= _TALK


Source = tuple[Claim, Resolution] | tuple[str, Name]


def _decide(run: list[Turn], everywhere: list[float], reader: Reader) -> Iterator[tuple[Turn, dict[str, float]]]:
    """The turns of a run that are part of a dialogue, each with how likely its speakers are."""
    if not any(turn.open for turn in run):
        return
    talk = [i for i, turn in enumerate(run) if not turn.layout and _is_dialogue(run, i, everywhere)]
    if talk:
        shares = posteriors([_step(run, i, reader) for i in range(len(run))])
        yield from ((run[i], shares[i]) for i in talk if not run[i].conflicting)


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
    return Step(likely, evidence, turn.gap, turn.pure, turn.asks, frozenset([*turn.addressed, *turn.told]))


def _likely(run: list[Turn], i: int, reader: Reader) -> dict[str, float]:
    """Who may speak a turn: who is said to speak nearby, who is addressed, and whom the narration names."""
    found: dict[str, float] = {SOMEBODY: 0.0}
    pronouns: dict[str, float] = {}

    def add(names: Iterable[str], share: float) -> None:
        for name in names:
            shares = pronouns if name in GENDERS else found
            shares[name] = max(share, shares.get(name, 0.0))

    for k, nearness in _nearness(run, i):
        turn = run[k]
        if k > i:
            # Who enters does so with a tag: who speaks only later is hardly here yet, if two are.
            nearness *= _LATER if len(found) <= _ALONE else _LATER_AS_THIRD
        add((*turn.tags, *turn.gesture), nearness * _SHARE["tag"])
        add((*turn.told, *turn.addressed.keys() - turn.strangers), nearness * _SHARE["told"])
        add(turn.before, nearness * _SHARE["narrated"])
    if len(found) <= _ALONE:
        for k, nearness in _nearness(run, i):
            add(run[k].strangers, nearness * _SHARE["told"])
    found[SOMEBODY] = _SHARE["somebody"] if len(found) <= _ALONE else _SHARE["third"]
    # "She" is one of those who are named or described, if there is a woman among them.
    for pronoun, share in pronouns.items():
        fit = (other for name, other in found.items() if reader.genders.get(name) == GENDERS[pronoun])
        if max(fit, default=0.0) < _NEAR * share:
            found[pronoun] = share
    return found


def _nearness(run: list[Turn], i: int) -> Iterator[tuple[int, float]]:
    """The turns around one, each with how much it tells of who takes part there: those before come first."""
    yield i, 1.0
    for numbers in (range(i - 1, max(-1, i - 1 - _REACH), -1), range(i + 1, min(len(run), i + 1 + _REACH))):
        nearness = 1.0
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
