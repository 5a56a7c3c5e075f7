"""Stage 5, Claims and Entities → the quotations of one document.

“A,” Quill said.   →   kind direct, channel speech, parts [[0, 4]], speaker "Quill", cue "said"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quotes import data
from quotes.attribution import Claim, Claims
from quotes.attribution.confidence import REPORTED, confidences
from quotes.attribution.cue_rules import named_cue
from quotes.attribution.labels import CREDIT_LINE, TWEET_FOOTER
from quotes.indirect.merging import Reported
from quotes.indirect.reports import Report
from quotes.records import AttributionType, Channel, Kind, Quotation, Span, Speaker, parts_text, quote_id
from quotes.speakers import Entities, Resolution, certainty
from quotes.text.blocks import introduction
from quotes.text.marks import BLOCK, MARKS, UNMARKED, Range, Segment
from quotes.text.segments import NEARBY, SENTENCE_END, Segments, sentence_before

UNATTRIBUTED = "none"

# What parts a quotation from the writer's clause.
_BREAKS = frozenset(",:—–-.?!")
_WORD = re.compile(r"\w+")
_TWEET = re.compile(r"\b(?:tweet|twitter|retweet)", re.IGNORECASE)
# "in a long letter", "on her blog": a preposition, and the words after it, one of which is the medium. The
# preposition comes first, so that a search skips to it.
_MEDIUM = re.compile(r"[io]n\s(?<!\w..\s)((?:[\w’'-]+\s?){1,4})")
# A clause that breaks off, and an aside between commas in it: "it was, Quill said,".
_INTERRUPTED = re.compile(
    r"\b(?:am|is|are|was|were|be|been|being|has|have|had|do|does|did|will|would|can|could|may|might|must|shall"
    r"|should|because|that|which|whether|if|although|than|as|of|to|for|with|by|in|on|at|from|into|about)"
    r", [^,:;.]+,$"
)
# "a letter to the board, in which", and a sentence that goes on from one that names a letter.
_IN_WHICH = re.compile(r"([\w-]+)(?: (?:to|from|by|of) (?:[\w’'.-]+ ){0,3}[\w’'.-]+)?,? in which\b")
_IN_IT = re.compile(r"In (?:it|them)\b")


def quotations(
    claims: Claims,
    entities: Entities,
    text_sha256: str,
    *,
    reported: Reported | None = None,
    include_unattributed: bool = False,
) -> Iterator[Quotation]:
    """The quotations in marks, in text order; with `reported`, each tells of the report that holds it."""
    segments = claims.segments
    sure = confidences(claims)
    also_claimed = reported.claimed if reported else frozenset()
    for number, (group, speaker) in enumerate(zip(claims.quotations, entities.speakers, strict=True)):
        claim = claims.first(group)
        parts = tuple([_range(segments.text, segments.items[i]) for i in group])
        if claim is not None and speaker is not None:
            cue = named_cue(claim)
            lead = sentence_before(segments.befores[group[0]])
            found = quotation(
                segments.text,
                text_sha256,
                parts,
                kind=_kind(segments, group, claim, lead.strip()),
                channel=_channel(segments, group[0], claim, speaker, lead),
                speaker=Span.of(segments.text, *speaker.mention),
                who=speaker,
                cue=Span.of(segments.text, cue.start, cue.end) if cue else None,
                rule=claim.candidate.rule,
                confidence=round(sure[group[0]], 3),
            )
            yield (
                found
                if reported is None
                else _within(segments.text, found, reported.of_quotation.get(number))
            )
        elif include_unattributed and group[0] not in also_claimed:
            yield quotation(segments.text, text_sha256, parts[:1], kind="unattributed", rule=UNATTRIBUTED)


def reported_quotations(
    claims: Claims, entities: Entities, text_sha256: str, reported: Reported
) -> Iterator[Quotation]:
    """What is reported without marks, and around marks that nobody else is said to have said."""
    for (report, inside), source in zip(reported.others, entities.reported, strict=True):
        yield _reported(claims.segments, text_sha256, report, inside, source)


def _within(text: str, found: Quotation, report: Report | None) -> Quotation:
    """A quotation with what the report that holds it tells: all that is reported, whole source, whole cue."""
    if report is None:
        return found.model_copy(update={"attribution_type": "assertion"})
    changes: dict[str, object] = {"attribution_type": report.type, "negated": report.negated}
    content = _joined([*found.parts, *report.content])
    fits = found.kind == "mixed" or (report.accepted and _runs_on(text, found.parts, content))
    if fits and _words(text, content) > _words(text, found.parts):
        changes |= {"kind": "mixed", "content": content}
    source, cue = (
        Span.of(text, *whole)
        if whole and inner and whole[0] <= inner.start and inner.end <= whole[1]
        else inner
        for whole, inner in ((report.source, found.speaker), (report.cue, found.cue))
    )
    return found.model_copy(
        update=changes | {"cue": cue, "source": None if source == found.speaker else source}
    )


def _runs_on(text: str, parts: Sequence[Range], content: Sequence[Range]) -> bool:
    """Whether the writer's clause runs on into the marks: it’s “mad” to go; but not: he rose, “It’s mad.”"""
    for start, end in parts:
        first, last = next(whole for whole in content if whole[0] <= start < whole[1])
        if first < start and text[first:start].rstrip()[-1:] in _BREAKS:
            return False
        if end < last and text[end - 2] in _BREAKS:
            return False
    return True


def _words(text: str, ranges: Sequence[Range]) -> int:
    return sum(len(_WORD.findall(text, start, end)) for start, end in ranges)


def _joined(ranges: Sequence[Range]) -> tuple[Range, ...]:
    """The same code points as ranges in order that don't touch."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _reported(
    segments: Segments, text_sha256: str, report: Report, inside: Sequence[int], source: Resolution | None
) -> Quotation:
    """What is reported in the writer's words, or around quotations that nobody else is said to have said."""
    text = segments.text
    parts = tuple([_range(text, segments.items[i]) for i in inside]) or report.content
    content = _joined([*parts, *report.content])
    speaker, whole = report.speaker, report.source
    return quotation(
        text,
        text_sha256,
        parts,
        kind="indirect" if not inside else "direct" if content == parts else "mixed",
        channel=_channel_of_report(text, report),
        speaker=Span.of(text, *speaker) if speaker else None,
        who=source,
        cue=Span.of(text, *report.cue) if report.cue else None,
        rule=REPORTED,
        confidence=round(report.confidence, 3),
        content=None if content == parts else content,
        source=Span.of(text, *whole) if whole and whole != speaker else None,
        attribution_type=report.type,
        negated=report.negated,
    )


def _channel_of_report(text: str, report: Report) -> Channel:
    """The channel that the cue tells, "has written", "a letter", or the source, "a report"."""
    lexicon = data.cues()
    for word in _WORD.findall(text[slice(*(report.cue or (0, 0)))].lower()):
        known = lexicon.verbs.get(word) or lexicon.nouns.get(word)
        if known is not None and known.channel != "speech":
            return known.channel
    noun = data.titles().nouns.get(report.mention.head) if report.mention else None
    return "writing" if noun is not None and noun.kind == "document" else "speech"


def quotation(
    text: str,
    text_sha256: str,
    parts: tuple[Range, ...],
    *,
    kind: Kind,
    rule: str,
    channel: Channel = "speech",
    speaker: Span | None = None,
    who: Resolution | None = None,
    cue: Span | None = None,
    confidence: float = 0.0,
    content: tuple[Range, ...] | None = None,
    source: Span | None = None,
    attribution_type: AttributionType | None = None,
    negated: bool = False,
) -> Quotation:
    """A quotation with its id and text; without `who` its speaker is unknown."""
    return Quotation(
        quote_id=quote_id(text_sha256, parts),
        kind=kind,
        channel=channel,
        parts=parts,
        text=parts_text(text, parts),
        speaker=speaker,
        speaker_name=who.name if who else None,
        speaker_kind=who.kind if who else "unknown",
        speakers=_speakers(text, speaker, who) if who and who.others and speaker else None,
        speaker_role=who.role if who else None,
        speaker_id=who.wikidata if who else None,
        name_confidence=round(certainty.confidence(who.evidence), 3) if who and who.name else None,
        cue=cue,
        rule=rule,
        confidence=confidence,
        content=content,
        source=source,
        attribution_type=attribution_type,
        negated=negated,
    )


def _speakers(text: str, first: Span, who: Resolution) -> tuple[Speaker, ...]:
    spans = [first, *(Span.of(text, *one.mention) for one in who.others)]
    return tuple(
        Speaker(**span.model_dump(), name=one.name, kind=one.kind)
        for span, one in zip(spans, (who, *who.others), strict=True)
    )


def _range(text: str, segment: Segment) -> Range:
    """A segment's range; one without a closing mark ends at its paragraph's last word."""
    start, end, *_ = segment
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _kind(segments: Segments, group: Sequence[int], claim: Claim, lead: str) -> Kind:
    """Direct when everything said is between the marks; mixed when a part is in the writer's clause.

    `lead` is what stands before the marks in their sentence.
    """
    segment = segments.items[group[0]]
    if len(group) > 1 or segment.family in UNMARKED:
        return "direct"
    words = segments.words[group[0]]
    inner = segments.text[segment.start : segment.end].strip(MARKS + " ")
    capital = inner[:1].isupper()
    cue, relation = claim.candidate.cue, claim.candidate.relation
    if not _WORD.search(lead) or segments.befores[group[0]][-1:] == "\n":
        follow = segments.after(group[0]).lstrip()
        complete = inner[-1:] in ",.?!…—–-" or follow[:1] in (",", "") or not segment.closed
        apart = claim.candidate.inherited_from is not None or claim.candidate.rule == CREDIT_LINE
        return "direct" if complete or apart else "mixed"
    if lead[-1] in ":—–-":
        return "direct"
    if lead[-1] == ",":
        # ", adding, “we shall see”" is all speech; "was, in the words of Quill, “…”" is the writer's clause,
        # and so is "it was, Quill said, “a farce”".
        introduced = relation is not None and not relation.after and relation.cue_gap == 0
        spoken = introduced and cue is not None and cue.link != "phrase" and not _INTERRUPTED.search(lead)
        return "direct" if capital or (spoken and len(words) >= 3) else "mixed"
    if cue is not None and relation is not None and not relation.after:
        if relation.cue_gap == 0 and cue.lemma not in data.marks().describing:
            return "direct" if capital or len(words) >= 4 else "mixed"
        if capital and len(words) >= 4 and inner[-1:] in ".?!" and not lead.endswith(" that"):
            return "direct"
    return "mixed"


def _channel(segments: Segments, segment: int, claim: Claim, who: Resolution, lead: str) -> Channel:
    """Speech, unless the cue or a medium named in its sentence means writing or a tweet."""
    cue = claim.candidate.cue
    given: Channel = "tweet" if claim.candidate.rule == TWEET_FOOTER else "speech"
    if cue is not None:
        given = "tweet" if cue.channel == "tweet" else "writing" if cue.channel == "writing" else "speech"
    if given == "tweet":
        return given
    before, after = segments.befores[segment], segments.afters[segment][:NEARBY]
    is_block = segments.items[segment].family == BLOCK
    if is_block:
        sentence = introduction(segments.text, segments.paragraphs, segments[segment].paragraph)
    elif given == "speech" and _is_last(segments, segment, claim):
        sentence = lead
    else:
        stop = SENTENCE_END.search(after + "\n")
        sentence = f"{lead} {after[: stop.start()] if stop else after}"
    small = sentence.lower()
    if "tw" in small and _TWEET.search(sentence):  # a quick test rules out most sentences
        return "tweet"
    nouns = data.cues().nouns
    if is_block:
        media = [nouns[word] for word in _WORD.findall(small) if word in nouns]
        return next((noun.channel for noun in media if noun.channel != "speech"), given)
    for phrase in _MEDIUM.findall(small):
        media = [nouns[word] for word in phrase.split() if word in nouns]
        if media and media[0].channel != "speech":
            return media[0].channel
    if (medium := _named_before(before, lead)) is not None:
        return medium
    source = data.titles().nouns.get(claim.candidate.mention.head)
    document = source is not None and source.kind == "document"
    return "writing" if document or _is_papers_own(claim, who) else given


def _is_papers_own(claim: Claim, who: Resolution) -> bool:
    """Whether a newspaper's own words are quoted, which are written; not what it reports of somebody."""
    cue = claim.candidate.cue
    if who.kind != "organization" or cue is None or cue.link == "phrase" or cue.lemma in ("report", "ask"):
        return False
    return claim.candidate.mention.head in data.titles().answers["newspaper"]


def _is_last(segments: Segments, segment: int, claim: Claim) -> bool:
    """Whether a quotation behind its cue ends the sentence: Quill called it “a farce.” In a letter, …"""
    relation, this = claim.candidate.relation, segments.items[segment]
    if relation is None or relation.after:
        return False
    stops = segments.text[this.start : this.end].rstrip(MARKS + " ")[-1:] in (".", "?", "!")
    follow = segments.afters[segment].lstrip()[:1]
    return stops and (follow.isupper() or follow in MARKS)


def _named_before(before: str, lead: str) -> Channel | None:
    """The medium for which "which" or "it" stands: a letter in which Quill …; an email. In it, Quill …"""
    nouns = data.cues().nouns
    # The quick test rules out most sentences.
    if " in which" in lead and (found := _IN_WHICH.search(lead)):
        named = nouns.get(found[1].lower())
    elif _IN_IT.match(lead):
        earlier = before[: len(before) - len(lead)].rstrip(" \u00a0\n.?!")
        words = _WORD.findall(sentence_before(earlier).lower())
        named = next((nouns[word] for word in reversed(words) if word in nouns), None)
    else:
        return None
    return named.channel if named is not None and named.channel != "speech" else None
