"""Stage 3, Parse → Claims: who said each quoted segment.

The matchers propose candidates, the most precise matcher first; a candidate that several propose keeps the
rule of the first. The ranker chooses.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

from quotes.attribution import cue_rules, inherited, labels
from quotes.attribution.agents import BY, agent
from quotes.attribution.behind import source_above, source_behind
from quotes.attribution.block_quotations import block_quotation
from quotes.attribution.claims import Claims
from quotes.attribution.confidence import certain
from quotes.attribution.cues import Verbs
from quotes.attribution.headlines import headline
from quotes.attribution.inherited import CONTINUED
from quotes.attribution.lists import listed
from quotes.attribution.owners import owned_nouns, owner
from quotes.attribution.pull_quotes import PULL_QUOTE, pull_quote
from quotes.attribution.ranker import Ranker, best_first, shipped
from quotes.attribution.reported import of_speakers
from quotes.attribution.scene import Candidate, Claim, Decided, Matcher, Scene, Scored
from quotes.attribution.second_chance import LATE, second_chances
from quotes.attribution.titles import is_nobodys
from quotes.parsing import Parse
from quotes.text.marks import BLOCK, TWEET, UNMARKED

ORDER: tuple[Matcher, ...] = (
    labels.tweet_footer,
    labels.speaker_label,
    headline,
    labels.credit_line,
    block_quotation,
    source_above,
    source_behind,
    listed,
    agent,
    owner,
    cue_rules.match,
    inherited.continuation,
    inherited.floating,
    inherited.announced,
)

# What the layout sets apart without marks was said by whom the credit below it, or the sentence above, names.
_OF_BLOCKS: tuple[Matcher, ...] = (labels.credit_line, block_quotation)
# What has words behind it is neither alone in its paragraph nor in a list.
_ALONE = (source_above, source_behind, listed)
# Only a paragraph's first quotation goes on from the paragraph before.
_FIRST = (headline, inherited.floating, inherited.announced)
# What stands right before a quotation with a label, and right behind one in a headline or with a credit line.
_LABELS, _HEADLINES, _CREDITS = ("", ":"), tuple(":-–—|"), ("", *".-–—―")
_WORD = re.compile(r"\w")

__all__ = [
    "CONTINUED",
    "LATE",
    "ORDER",
    "Candidate",
    "Claim",
    "Claims",
    "Scene",
    "attribute",
    "decide",
    "propose",
]


def attribute(parse: Parse, verbs: Verbs | None = None, *, keep_weighed: bool = False) -> Claims:
    """Decide every segment of a parsed document.

    `verbs` are the cue verbs by their written forms; by default, those that ship. With `keep_weighed` the
    claims keep all candidates: in a crowded paragraph, some 20 kB a segment.
    """
    return decide(Scene.of(parse, verbs), keep_weighed=keep_weighed)


def decide(
    scene: Scene,
    ranker: Ranker | None = None,
    *,
    without: Set[str] = frozenset(),
    keep_weighed: bool = False,
) -> Claims:
    """Decide every segment of a scene in text order, since a speaker passes from one to the next.

    `without` names rules to leave out, to measure what they are worth.
    """
    chooser = ranker or shipped()
    decided: list[Claim | None] = []
    weighed: list[Scored] = []
    pulled = scene.segments.pull_quotes if PULL_QUOTE not in without else {}

    def choose(number: int, least: float | None) -> Claim | None:
        candidates = propose(scene, number, decided, without=without)
        return chooser.choose(scene, number, chooser.weigh(scene, number, candidates, decided), least=least)

    for number, segment in enumerate(scene.segments):
        if number in pulled:  # nobody's turn: no speaker passes to it or from it
            decided.append(None)
            weighed.append(())
            continue
        candidates = propose(scene, number, decided, without=without)
        claim = _certain(scene, candidates)
        scored = _alone(claim) if claim else chooser.weigh(scene, number, candidates, decided)
        claim = claim or chooser.choose(scene, number, scored)
        nobody = claim is None or cue_rules.is_things(claim) or cue_rules.is_being(claim)
        decided.append(None if nobody else claim)
        weighed.append(best_first(scored) if keep_weighed else ())
        if segment.continues and segment.family != TWEET and CONTINUED not in without:
            for part, same in list(inherited.continued(scene, number, decided)):
                decided[part] = same
                weighed[part] = _alone(same) if keep_weighed else ()
    for number, late in second_chances(scene, decided, choose, without):
        decided[number] = late
        weighed[number] = weighed[number] or (_alone(late) if keep_weighed else ())
    for number, original in pulled.items():
        if (claim := pull_quote(number, original, decided)) is not None:
            decided[number] = claim
            weighed[number] = _alone(claim) if keep_weighed else ()
    return Claims.of(scene, decided, weighed)


def _alone(claim: Claim) -> Scored:
    return ((claim.candidate, claim.probability),)


def _certain(scene: Scene, candidates: list[Candidate]) -> Claim | None:
    """The claim of a rule that the ranker doesn't weigh."""
    for candidate in candidates:
        # What stands in a relation to a cue is always weighed.
        if candidate.relation is None and (confidence := certain(scene.segments, candidate)):
            return Claim(candidate, confidence)
    return None


def propose(
    scene: Scene, segment: int, decided: Decided, *, without: Set[str] = frozenset()
) -> list[Candidate]:
    """All candidates for one segment, each mention and cue once, without those of the rules `without`."""
    found: dict[tuple[int, int, bool], Candidate] = {}
    unmarked = scene.segments.items[segment].family in UNMARKED
    if not scene.segments.words[segment] or (not unmarked and is_nobodys(scene.segments, segment)):
        return []
    for matcher in _matchers(scene, segment):
        for candidate in matcher(scene, segment, decided):
            if candidate.rule in without:
                continue
            at = candidate.cue.start if candidate.cue else -1
            found.setdefault((candidate.mention.start, at, candidate.inherited_from is not None), candidate)
    candidates = list(found.values())
    return candidates if unmarked else of_speakers(scene, segment, candidates)


def _matchers(scene: Scene, segment: int) -> tuple[Matcher, ...]:
    """The matchers that can have candidates for a segment."""
    items = scene.segments.items
    this = items[segment]
    if this.family in UNMARKED:
        return _OF_BLOCKS if this.family == BLOCK else ORDER
    before, after = scene.segments.befores[segment].rstrip(), scene.segments.afters[segment].lstrip()
    layout = scene.layout_of.get(segment)
    return _marked(
        not segment or items[segment - 1].paragraph != this.paragraph,
        _WORD.search(after) is not None,
        before[-1:] in _LABELS or bool(scene.segments.transcript.turns),
        after[:1] in _HEADLINES,
        after[:1] in _CREDITS,
        layout is not None and layout.holds(BY),
        layout is not None and layout.holds(owned_nouns()),
    )


@cache
def _marked(
    first: bool, followed: bool, labelled: bool, headlined: bool, credited: bool, by: bool, owned: bool
) -> tuple[Matcher, ...]:
    """The matchers for a quotation in marks, without those that what is beside it rules out."""
    ruled_out: list[Matcher] = [labels.tweet_footer, block_quotation]
    ruled_out += _ALONE if followed else ()
    ruled_out += (inherited.continuation,) if first else _FIRST
    beside = ((labels.speaker_label, labelled), (headline, headlined), (labels.credit_line, credited))
    ruled_out += [matcher for matcher, able in (*beside, (agent, by), (owner, owned)) if not able]
    return tuple(matcher for matcher in ORDER if matcher not in ruled_out)
