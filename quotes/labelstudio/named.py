"""Quotations as marked → quotations of the record. Whom a new mention means, the other quotations tell.

“It rained,” → “she”, Ada Quill;  “No,” → “she”, drawn anew   →   both are Ada Quill's
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from quotes.labelstudio.marked import Found, Notes
from quotes.labelstudio.regions import Region
from quotes.labelstudio.several import usual_kind
from quotes.records import (
    AttributionType,
    Channel,
    DocumentRecord,
    Kind,
    Quotation,
    Span,
    Speaker,
    SpeakerKind,
    parts_text,
    quote_id,
)
from quotes.review.people import People

Known = dict[tuple[int, int], tuple[str | None, str | None]]


def known_of(found: Iterable[Found]) -> Known:
    """The name and kind of each mention, from the quotations that have them themselves."""
    known: Known = {}
    for one in found:
        if (
            one.speaker is not None
            and one.speaker_kind is not None
            and one.kind != "unattributed"
            and not one.inherits
            and not (one.several and one.several[1].region is one.speaker)
        ):
            known.setdefault((one.speaker.start, one.speaker.end), (one.name, one.speaker_kind))
    return known


def known_by_words(
    found: Iterable[Found], known: Known, all_found: Iterable[Found], text: str, text_sha256: str
) -> Known:
    """The name and kind of new mentions that nothing else is said of, if the article has one such person.

    “Quill” is a new mention, and the article has an Ada Quill, and no other Quill   →   Ada Quill, person
    """
    new = [
        one.speaker
        for one in found
        if one.inherits and one.speaker and (one.speaker.start, one.speaker.end) not in known
    ]
    if not new:
        return {}
    quotations = {
        one.parts: quotation_of(named(one, known, Notes(text)), text, text_sha256, "") for one in all_found
    }
    record = DocumentRecord(
        doc_id="", text_sha256=text_sha256, quotations=tuple(quotations.values()), text=text
    )
    names = People(record).names
    by_words: Known = {}
    for mention in new:
        words = text[mention.start : mention.end].split()
        fits = [name for name in names if name.split()[-len(words) :] == words]
        if len(fits) == 1:
            by_words[mention.start, mention.end] = (fits[0], names[fits[0]])
    return by_words


def named(one: Found, known: Known, notes: Notes) -> Found:
    """Give a quotation with a new speaker the name and the kind that this mention has elsewhere."""
    name, speaker_kind = one.name, one.speaker_kind
    if one.speaker is not None:
        other_name, other_kind = known.get((one.speaker.start, one.speaker.end), (None, None))
        if one.inherits:
            name = other_name
            if other_kind is not None and not one.chosen:
                if speaker_kind not in (None, other_kind) and one.kind != "unattributed":
                    notes.add(one.parts, f"has a new speaker: {other_kind}, not {speaker_kind}, as elsewhere")
                speaker_kind = other_kind
        speaker_kind = speaker_kind or other_kind
    if one.dropped is not None and name is None and one.kind != "unattributed":
        notes.add(one.parts, f"has a new speaker: the name {one.dropped!r} is left out")
    others = []
    for marked in one.several[1:]:
        own_name, own_kind = known.get((marked.region.start, marked.region.end), (None, None))
        inherited = marked._replace(name=own_name, kind=cast(SpeakerKind | None, own_kind))
        others.append(inherited if marked.inherits else marked)
    several = (*one.several[:1], *others)
    return replace(one, name=name, speaker_kind=speaker_kind or "unknown", several=several)


def quotation_of(one: Found, text: str, text_sha256: str, rule: str) -> Quotation:
    """The quotation of the record, with confidence 1."""
    quoted = one.kind != "unattributed"
    speaker, source = _span(text, one.speaker), _span(text, one.source)
    return Quotation(
        quote_id=quote_id(text_sha256, one.parts),
        kind=cast(Kind, one.kind),
        channel=cast(Channel, one.channel),
        parts=one.parts,
        text=parts_text(text, one.parts),
        speaker=speaker if quoted else None,
        speaker_name=one.name if quoted else None,
        speaker_kind=cast(SpeakerKind, one.speaker_kind) if quoted else "unknown",
        speakers=_speakers(one, text) if quoted and one.several else None,
        speaker_role=one.about.get("speaker_role") if quoted else None,
        speaker_id=one.about.get("speaker_id") if quoted else None,
        cue=_span(text, one.cue) if quoted else None,
        rule=rule,
        confidence=1.0,
        content=one.content if quoted else None,
        source=source if quoted and source != speaker else None,
        attribution_type=cast(AttributionType | None, one.attribution_type) if quoted else None,
        negated=quoted and one.negated,
        verification=one.verification if quoted else None,
    )


def _speakers(one: Found, text: str) -> tuple[Speaker, ...]:
    kind = cast(SpeakerKind, one.speaker_kind)
    named = [(one.several[0].region, one.name, kind)]
    named += (
        (marked.region, marked.name, marked.kind or usual_kind(marked.name, kind))
        for marked in one.several[1:]
    )
    return tuple(
        Speaker(**Span.of(text, region.start, region.end).model_dump(), name=name, kind=of)
        for region, name, of in named
    )


def _span(text: str, region: Region | None) -> Span | None:
    return None if region is None else Span.of(text, region.start, region.end)
