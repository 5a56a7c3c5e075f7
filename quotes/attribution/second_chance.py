"""What nobody has said so far gets a second chance: less sure, so that `--min-confidence` can leave it out.

A quotation of eight words or more is hardly ever a title or the writer's irony: on news that nobody tuned to,
half of the missed quotations are such. The first pass is over by then, so its answers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set

from quotes import data
from quotes.attribution.beside import beside
from quotes.attribution.confidence import CERTAIN
from quotes.attribution.cue_rules import is_things
from quotes.attribution.inherited import CONTINUED
from quotes.attribution.lead_in import lead_in
from quotes.attribution.lone import is_statement, lone
from quotes.attribution.scene import Candidate, Claim, Decided, Matcher, Scene
from quotes.attribution.sole import sole_source
from quotes.attribution.titles import is_nobodys
from quotes.text.marks import UNMARKED

#: The matchers of the second chance, the most precise first. The ranker doesn't weigh what they propose.
LATE: tuple[Matcher, ...] = (beside, lead_in, lone, sole_source)

# Who takes a turn in a dialogue, or says a few words, isn't told from afar.
_NEAR: tuple[Matcher, ...] = (beside, lead_in)

# In words. Sentences of their own are quotations though they are shorter, and so is what touches a cue verb.
_LONG = 8
_SHORT = 3
# An article titled “…”, and what somebody never said, did not say or denied having said.
_CLOSED = re.compile(
    r"\b(?:(?:sub|en)?titled|headlined|(?:never|not|den(?:y|ies|ied|ying)|\w+n[’']t)(?: \w+){1,3}),?:? *\Z"
)
_NEARBY = 60
# The ranker's lowest probability for a long quotation: in PolNeAR's train part, as many are right as wrong.
_LEAST = 0.2

Choose = Callable[[int, float | None], Claim | None]
"""The ranker's choice for a segment; its lowest probability, or None for the ranker's own."""


def second_chances(
    scene: Scene, decided: Decided, choose: Choose, without: Set[str]
) -> Iterator[tuple[int, Claim]]:
    """Claims for segments without one. The caller puts each into `decided`, for others may continue it."""
    late: int | None = None
    for number, claim in enumerate(decided):
        if claim is not None:
            continue
        found, words = None, len(scene.segments.words[number])
        if (words < _SHORT and number - 1 != late) or not _is_open(scene, number):
            continue
        if words >= _LONG or (words >= _SHORT and is_statement(scene, number)):
            turn = _is_turn(scene, number)
            near = turn or words < _LONG
            found = _first(scene, number, decided, _NEAR if near else LATE, without)
            if found is None and not turn:
                found = _plausible(choose(number, _LEAST))
        elif words >= _SHORT:
            found = _first(scene, number, decided, (beside,), without)
        if found is None and number - 1 == late:
            found = choose(number, None)  # “…,” Quill said. “…”: the first has a speaker only now
        if found is not None:
            late = number
            yield number, found
            yield from _to_its_end(scene, number, found)


def _is_open(scene: Scene, number: int) -> bool:
    """Whether a segment begins a quotation that somebody may have said."""
    this = scene.segments[number]
    if this.family in UNMARKED or this.continues or number in scene.segments.pull_quotes:
        return False
    closed = _CLOSED.search(scene.segments.before(number)[-_NEARBY:].lower()) is not None
    return not (closed or is_nobodys(scene.segments, number))


def _plausible(claim: Claim | None) -> Claim | None:
    """A claim that an unlikely candidate may have: with a strong cue, or of somebody who can speak."""
    if claim is None or claim.candidate.rule == "floating" or is_things(claim):
        return None  # over a paragraph's end, an unlikely speaker is right in two of five
    cue, who = claim.candidate.cue, claim.candidate.mention
    if cue is None or cue.strength == "strong" or who.form == "name":
        return claim
    if who.form == "pronoun":
        return claim if who.head != "it" else None
    return claim if data.fold(who.head) in data.titles().nouns else None


def _is_turn(scene: Scene, number: int) -> bool:
    """Whether a paragraph is a quotation alone, right below one that has a quotation, too."""
    this = scene.segments[number]
    beside = scene.segments.before(number) + scene.segments.after(number)
    below = number > 0 and scene.segments[number - 1].paragraph == this.paragraph - 1
    return below and not re.search(r"\w", beside)


def _first(
    scene: Scene, number: int, decided: Decided, matchers: tuple[Matcher, ...], without: Set[str]
) -> Claim | None:
    """The first candidate of the first matcher that has one."""
    for matcher in matchers:
        for candidate in matcher(scene, number, decided):
            if candidate.rule not in without:
                return Claim(candidate, CERTAIN[candidate.rule])
    return None


def _to_its_end(scene: Scene, number: int, claim: Claim) -> Iterator[tuple[int, Claim]]:
    """The claims of the later paragraphs of a quotation whose marks say that it goes on."""
    for part in range(number + 1, len(scene.segments)):
        if not scene.segments[part].continues:
            return
        candidate = Candidate(part, CONTINUED, claim.candidate.mention, inherited_from=number)
        yield part, Claim(candidate, claim.probability)
