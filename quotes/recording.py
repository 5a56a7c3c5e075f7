"""Claims and resolved speakers → the records of one document.

“A,” Quill said. “B.”            one quotation of two parts
Quill called it “a” and “b”      two quotations
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes import data
from quotes.attribution.confidence import confidences
from quotes.attribution.footers import TWEET_FOOTER, footer_of
from quotes.attribution.scene import Claim, Scene
from quotes.marks import Segment
from quotes.records import Channel, Kind, Quotation, Span, parts_text, quote_id
from quotes.speakers import Resolution, Resolver

UNATTRIBUTED = "none"

_SENTENCE_END = re.compile(r"[.?!][”\"’')]*\s+(?=[“\"‘]|[^\W\d_a-z])|\n")
_TWEET = re.compile(r"\b(?:tweet|twitter|retweet)", re.IGNORECASE)
# "in a long letter", "on her blog": a preposition, and the words behind it among which the medium stands.
_MEDIUM = re.compile(r"\b(?:in|on)\s((?:[\w’'-]+\s?){1,4})")
_NEARBY = 250
_LEADS_TO_A_NAME = frozenset(
    ["a", "an", "the", "his", "her", "their", "its", "this", "these", "those", "so-called", "called",
     "titled", "named", "on", "in", "of", "for", "at", "to", "with", "from", "about", "by", "during",
     "against", "as"]
)  # fmt: skip
_NAMING = frozenset(
    ["call", "describe", "dub", "label", "name", "brand", "term", "deem", "denounce", "dismiss", "refer",
     "characterize", "characterise", "praise", "blast", "slam", "mock", "deride", "criticize", "criticise"]
)  # fmt: skip


def record(
    scene: Scene, resolver: Resolver, text_sha256: str, *, include_unattributed: bool = False
) -> Iterator[Quotation]:
    """The quotations of a decided scene, in text order."""
    groups = _groups(scene)
    sure = confidences(scene, (group[0] for group in groups))
    for group in groups:
        claim = scene.claims[group[0]]
        if claim is None:
            if include_unattributed:
                yield _unattributed(scene, group[0], text_sha256)
            continue
        parts = tuple(_range(scene, scene.segments[i]) for i in group)
        candidate = claim.candidate
        mention, cue = candidate.mention, candidate.cue
        who = _tweeter(scene, resolver, claim) or resolver.resolve(mention)
        yield Quotation(
            quote_id=quote_id(text_sha256, parts),
            kind=_kind(scene, group, claim),
            channel=_channel(scene, group[0], claim),
            parts=parts,
            text=parts_text(scene.text, parts),
            speaker=Span.of(scene.text, *resolver.span(mention)),
            speaker_name=who.name,
            speaker_kind=who.kind,
            cue=Span.of(scene.text, cue.start, cue.end) if cue else None,
            rule=candidate.rule,
            confidence=round(sure[group[0]], 3),
        )


def _tweeter(scene: Scene, resolver: Resolver, claim: Claim) -> Resolution | None:
    """Whose account an embedded tweet's footer names, where the registry knows it."""
    if claim.candidate.rule != TWEET_FOOTER:
        return None
    footer = footer_of(scene.text, claim.candidate.mention)
    return resolver.known_account(footer.handle, footer.day) if footer else None


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
    """The segments, with the parts of one quotation together, in the order of their first parts."""
    groups: list[list[int]] = []
    open_group: list[int] | None = None
    for i, claim in enumerate(scene.claims):
        if open_group is not None and claim is not None and _joins(scene, open_group, i):
            open_group.append(i)
            continue
        groups.append([i])
        # A title within the attribution doesn't end the quotation around it.
        if claim is not None:
            open_group = groups[-1]
    return groups


def _joins(scene: Scene, group: list[int], segment: int) -> bool:
    """Whether a segment goes on with the quotation that the group holds."""
    last = group[-1]
    one, other = scene.claims[last], scene.claims[segment]
    if one is None or other is None:
        return False
    if scene.segments[segment].continues:
        return segment == last + 1
    anchor = scene.claims[group[0]]
    cue = anchor.candidate.cue if anchor else None
    if scene.segments[last].paragraph != scene.segments[segment].paragraph or cue is None or len(group) > 1:
        return False
    if not scene.segments[last].end <= cue.start < scene.segments[segment].start:
        return False
    between = scene.between(last, segment)
    if len(_SENTENCE_END.findall(between + "“")) > 1:
        return False
    if other.candidate.cue is not None and other.candidate.cue.start == cue.start:
        return not _opens_anew(between) and not _names_a_thing(between)
    same = other.candidate.heir_of == last or other.candidate.mention.start == one.candidate.mention.start
    return same and _resumes(scene, segment)


def _opens_anew(between: str) -> bool:
    """“…,” Quill replied with a tweet of her own: “…”: a colon announces another quotation."""
    return between.rstrip().endswith(":")


def _names_a_thing(between: str) -> bool:
    """“…,” Quill said on CNN’s “The Hour”: words that lead up to a name, not to more of what was said."""
    word = between.rsplit(maxsplit=1)[-1].lower() if between.strip() else ""
    return word in _LEADS_TO_A_NAME or word.endswith(("’s", "'s", "s’", "s'"))


def _resumes(scene: Scene, segment: int) -> bool:
    """Whether a segment stands alone as a sentence, so that it goes on with what was said before."""
    return not re.search(r"\w", _sentence_before(scene, segment))


def _sentence_before(scene: Scene, segment: int) -> str:
    """The writer's words of the quotation's sentence that stand before it."""
    before = scene.before(segment)[-_NEARBY:]
    ends = [match.end() for match in _SENTENCE_END.finditer(before + "A")]
    return before[ends[-1] :] if ends else before


def _kind(scene: Scene, group: list[int], claim: Claim) -> Kind:
    """Direct when all that was said stands between the marks; mixed when the writer's clause holds some."""
    if len(group) > 1 or claim.candidate.rule == TWEET_FOOTER:
        return "direct"
    segment = scene.segments[group[0]]
    words = scene.words(group[0])
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
        # ", adding, “we shall see”" is all speech; "was, in the words of Quill, “…”" is the writer's clause.
        introduced = relation is not None and not relation.after and relation.cue_gap == 0
        spoken = introduced and cue is not None and cue.link != "phrase"
        return "direct" if capital or (spoken and len(words) >= 3) else "mixed"
    if cue is not None and relation is not None and not relation.after:
        if relation.cue_gap == 0 and cue.lemma not in _NAMING:
            return "direct" if capital or len(words) >= 4 else "mixed"
        if capital and len(words) >= 4 and inner[-1:] in ".?!" and not lead.endswith(" that"):
            return "direct"
    return "mixed"


def _channel(scene: Scene, segment: int, claim: Claim) -> Channel:
    """Speech unless the cue, or a medium named in its sentence, tells of writing or a tweet."""
    cue = claim.candidate.cue
    given: Channel = "tweet" if claim.candidate.rule == TWEET_FOOTER else "speech"
    if cue is not None:
        given = "tweet" if cue.channel == "tweet" else "writing" if cue.channel == "writing" else "speech"
    if given == "tweet":
        return given
    after = scene.after(segment)[:_NEARBY]
    stop = _SENTENCE_END.search(after + "\n")
    sentence = _sentence_before(scene, segment) + " " + (after[: stop.start()] if stop else after)
    if _TWEET.search(sentence):
        return "tweet"
    nouns = data.cues().nouns
    for phrase in _MEDIUM.findall(sentence.lower()):
        media = [nouns[word] for word in phrase.split() if word in nouns]
        if media and media[0].channel != "speech":
            return media[0].channel
    source = data.titles().nouns.get(claim.candidate.mention.head)
    if given == "speech" and source is not None and source.kind == "document":
        return "writing"
    return given
