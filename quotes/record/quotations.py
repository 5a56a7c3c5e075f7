"""Stage 5, Claims and Entities → the quotations of one document.

“A,” Quill said.   →   kind direct, channel speech, parts [[0, 4]], speaker "Quill", cue "said"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quotes import data
from quotes.attribution import Claim, Claims
from quotes.attribution.confidence import confidences
from quotes.attribution.labels import TWEET_FOOTER
from quotes.records import Channel, Kind, Quotation, Span, parts_text, quote_id
from quotes.speakers import Entities
from quotes.text.marks import MARKS, Segment
from quotes.text.segments import Segments
from quotes.text.sentences import NEARBY, SENTENCE_END, sentence_before

UNATTRIBUTED = "none"

_TWEET = re.compile(r"\b(?:tweet|twitter|retweet)", re.IGNORECASE)
# "in a long letter", "on her blog": a preposition, and the words behind it among which the medium stands.
_MEDIUM = re.compile(r"\b(?:in|on)\s((?:[\w’'-]+\s?){1,4})")


def quotations(
    claims: Claims, entities: Entities, text_sha256: str, *, include_unattributed: bool = False
) -> Iterator[Quotation]:
    """The quotations of a document, in text order."""
    segments = claims.segments
    sure = confidences(claims)
    for group, speaker in zip(claims.quotations, entities.speakers, strict=True):
        claim = claims.first(group)
        if claim is None or speaker is None:
            if include_unattributed:
                yield _unattributed(segments, group[0], text_sha256)
            continue
        parts = tuple(_range(segments, segments[i]) for i in group)
        cue = claim.candidate.cue
        yield Quotation(
            quote_id=quote_id(text_sha256, parts),
            kind=_kind(segments, group, claim),
            channel=_channel(segments, group[0], claim),
            parts=parts,
            text=parts_text(segments.text, parts),
            speaker=Span.of(segments.text, *speaker.mention),
            speaker_name=speaker.name,
            speaker_kind=speaker.kind,
            cue=Span.of(segments.text, cue.start, cue.end) if cue else None,
            rule=claim.candidate.rule,
            confidence=round(sure[group[0]], 3),
        )


def _unattributed(segments: Segments, segment: int, text_sha256: str) -> Quotation:
    parts = (_range(segments, segments[segment]),)
    return Quotation(
        quote_id=quote_id(text_sha256, parts),
        kind="unattributed",
        channel="speech",
        parts=parts,
        text=parts_text(segments.text, parts),
        speaker=None,
        speaker_name=None,
        speaker_kind="unknown",
        cue=None,
        rule=UNATTRIBUTED,
        confidence=0.0,
    )


def _range(segments: Segments, segment: Segment) -> tuple[int, int]:
    """A segment's range; one that never closed ends with its paragraph's last word."""
    end = segment.end
    while end > segment.start + 1 and segments.text[end - 1].isspace():
        end -= 1
    return segment.start, end


def _kind(segments: Segments, group: Sequence[int], claim: Claim) -> Kind:
    """Direct when all that was said stands between the marks; mixed when the writer's clause holds some."""
    if len(group) > 1 or claim.candidate.rule == TWEET_FOOTER:
        return "direct"
    segment = segments[group[0]]
    words = segments.words[group[0]]
    inner = segments.text[segment.start : segment.end].strip(MARKS + " ")
    capital = inner[:1].isupper()
    lead = sentence_before(segments.before(group[0])).strip()
    cue, relation = claim.candidate.cue, claim.candidate.relation
    if not re.search(r"\w", lead) or segments.before(group[0])[-1:] == "\n":
        follow = segments.after(group[0]).lstrip()
        complete = inner[-1:] in ",.?!…—–-" or follow[:1] in (",", "") or not segment.closed
        return "direct" if complete or claim.candidate.inherited_from is not None else "mixed"
    if lead[-1] in ":—–-":
        return "direct"
    if lead[-1] == ",":
        # ", adding, “we shall see”" is all speech; "was, in the words of Quill, “…”" is the writer's clause.
        introduced = relation is not None and not relation.after and relation.cue_gap == 0
        spoken = introduced and cue is not None and cue.link != "phrase"
        return "direct" if capital or (spoken and len(words) >= 3) else "mixed"
    if cue is not None and relation is not None and not relation.after:
        if relation.cue_gap == 0 and cue.lemma not in data.marks().describing:
            return "direct" if capital or len(words) >= 4 else "mixed"
        if capital and len(words) >= 4 and inner[-1:] in ".?!" and not lead.endswith(" that"):
            return "direct"
    return "mixed"


def _channel(segments: Segments, segment: int, claim: Claim) -> Channel:
    """Speech unless the cue, or a medium named in its sentence, tells of writing or a tweet."""
    cue = claim.candidate.cue
    given: Channel = "tweet" if claim.candidate.rule == TWEET_FOOTER else "speech"
    if cue is not None:
        given = "tweet" if cue.channel == "tweet" else "writing" if cue.channel == "writing" else "speech"
    if given == "tweet":
        return given
    after = segments.after(segment)[:NEARBY]
    stop = SENTENCE_END.search(after + "\n")
    sentence = sentence_before(segments.before(segment)) + " " + (after[: stop.start()] if stop else after)
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
