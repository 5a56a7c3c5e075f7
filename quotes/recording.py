"""Claims and resolved speakers → the records of one document.

“A,” Quill said. “B.”            one quotation of two parts
Quill called it “a” and “b”      two quotations
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes import data
from quotes.attribution.scene import Claim, Scene
from quotes.marks import Segment
from quotes.records import Channel, Kind, Quotation, Span, parts_text, quote_id
from quotes.speakers import Resolution, Resolver

UNATTRIBUTED = "none"

_SENTENCE_END = re.compile(r"[.?!][”\"’')]*\s+(?=[^\W\d_a-z“\"‘])|\n")
_TWEET = re.compile(r"\b(?:tweet|twitter|retweet)", re.IGNORECASE)
_NEARBY = 250
_NAMING = frozenset(
    ["call", "describe", "dub", "label", "name", "brand", "term", "deem", "denounce", "dismiss", "refer",
     "characterize", "characterise", "praise", "blast", "slam", "mock", "deride", "criticize", "criticise"]
)  # fmt: skip


def record(
    scene: Scene, resolver: Resolver, text_sha256: str, *, include_unattributed: bool = False
) -> Iterator[Quotation]:
    """The quotations of a decided scene, in text order."""
    for group in _groups(scene):
        claim = scene.claims[group[0]]
        if claim is None:
            if include_unattributed:
                yield _unattributed(scene, group[0], text_sha256)
            continue
        parts = tuple(_range(scene, scene.segments[i]) for i in group)
        candidate = claim.candidate
        mention, cue = candidate.mention, candidate.cue
        who: Resolution = resolver.resolve(mention)
        yield Quotation(
            quote_id=quote_id(text_sha256, parts),
            kind=_kind(scene, group, claim),
            channel=_channel(scene, group[0], claim),
            parts=parts,
            text=parts_text(scene.text, parts),
            speaker=Span.of(scene.text, mention.start, mention.end),
            speaker_name=who.name,
            speaker_kind=who.kind,
            cue=Span.of(scene.text, cue.start, cue.end) if cue else None,
            rule=candidate.rule,
            confidence=round(claim.probability, 3),
        )


def _unattributed(scene: Scene, segment: int, text_sha256: str) -> Quotation:
    parts = (_range(scene, scene.segments[segment]),)
    return Quotation(
        quote_id=quote_id(text_sha256, parts),
        kind="unattributed",
        channel="speech",
        parts=parts,
        text=parts_text(scene.text, parts),
        speaker=None,
        speaker_name=None,
        speaker_kind="unknown",
        cue=None,
        rule=UNATTRIBUTED,
        confidence=0.0,
    )


def _range(scene: Scene, segment: Segment) -> tuple[int, int]:
    """A segment's range; one that never closed ends with its paragraph's last word."""
    end = segment.end
    while end > segment.start + 1 and scene.text[end - 1].isspace():
        end -= 1
    return segment.start, end


def _groups(scene: Scene) -> list[list[int]]:
    """The segments, with the parts of one quotation together."""
    groups: list[list[int]] = []
    for i in range(len(scene.segments)):
        if groups and _joins(scene, groups[-1], i):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _joins(scene: Scene, group: list[int], segment: int) -> bool:
    """Whether a segment goes on with the quotation that the group holds."""
    last = group[-1]
    one, other = scene.claims[last], scene.claims[segment]
    if one is None or other is None:
        return False
    if other.candidate.rule == "continued":
        return True
    anchor = scene.claims[group[0]]
    cue = anchor.candidate.cue if anchor else None
    if scene.segments[last].paragraph != scene.segments[segment].paragraph or cue is None or len(group) > 1:
        return False
    if not scene.segments[last].end <= cue.start < scene.segments[segment].start:
        return False
    if other.candidate.cue is not None:
        return other.candidate.cue.start == cue.start
    return other.candidate.heir_of == last and len(_SENTENCE_END.findall(scene.between(last, segment))) <= 1


def _sentence_before(scene: Scene, segment: int) -> str:
    """The writer's words of the quotation's sentence that stand before it."""
    before = scene.before(segment)[-_NEARBY:]
    ends = [match.end() for match in _SENTENCE_END.finditer(before + "A")]
    return before[ends[-1] :] if ends else before


def _kind(scene: Scene, group: list[int], claim: Claim) -> Kind:
    """Direct when all that was said stands between the marks; mixed when the writer's clause holds some."""
    if len(group) > 1:
        return "direct"
    segment = scene.segments[group[0]]
    words = segment.words(scene.text)
    inner = scene.text[segment.start : segment.end].strip("“”„\"‘’'«» ")
    capital = inner[:1].isupper()
    lead = _sentence_before(scene, group[0]).strip()
    cue, relation = claim.candidate.cue, claim.candidate.relation
    if not re.search(r"\w", lead) or scene.before(group[0])[-1:] == "\n":
        follow = scene.after(group[0]).lstrip()
        complete = inner[-1:] in ",.?!…—–-" or follow[:1] in (",", "") or not segment.closed
        return "direct" if complete or claim.candidate.heir_of is not None else "mixed"
    if lead[-1] in ":—–-":
        return "direct"
    if lead[-1] == ",":
        return "direct" if capital or len(words) >= 5 else "mixed"
    if cue is not None and relation is not None and not relation.after:
        if relation.cue_gap == 0 and cue.lemma not in _NAMING:
            return "direct" if capital or len(words) >= 4 else "mixed"
        if capital and len(words) >= 4 and inner[-1:] in ".?!" and not lead.endswith(" that"):
            return "direct"
    return "mixed"


def _channel(scene: Scene, segment: int, claim: Claim) -> Channel:
    """Speech unless the cue, or a medium named in its sentence, tells of writing or a tweet."""
    cue = claim.candidate.cue
    given: Channel = "speech"
    if cue is not None:
        given = "tweet" if cue.channel == "tweet" else "writing" if cue.channel == "writing" else "speech"
    if given == "tweet":
        return given
    after = scene.after(segment)[:_NEARBY]
    stop = _SENTENCE_END.search(after + "\n")
    sentence = _sentence_before(scene, segment) + " " + (after[: stop.start()] if stop else after)
    if _TWEET.search(sentence):
        return "tweet"
    for preposition, noun in re.findall(r"\b(in|on)\s(?:[\w’'-]+\s){1,3}?([\w-]+)\b", sentence.lower()):
        medium = data.cues().nouns.get(noun)
        if medium is not None and preposition and medium.channel != "speech":
            return medium.channel
    return given
