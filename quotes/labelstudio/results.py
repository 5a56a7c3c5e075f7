"""Marks become quotations: what each mark of a reviewer means, as `guidelines.md` tells reviewers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, cast

from quotes.errors import LabelStudioError
from quotes.labelstudio import config, verdicts
from quotes.labelstudio.regions import Comparison, Marks, Region, excerpt, read_marks
from quotes.labelstudio.several import Marked, named_before, several, usual_kind
from quotes.records import (
    AttributionType,
    Channel,
    DocumentRecord,
    Kind,
    Quotation,
    Span,
    Speaker,
    SpeakerKind,
    Verification,
    parts_text,
    quote_id,
)
from quotes.review.people import People
from quotes.text.flags import flag
from quotes.text.marks import paragraphs

_OPENING_MARKS = tuple("“\"„«‹‘'‚＂`")

# A Quote or an Indirect makes a quotation; Reported belongs to one.
_HEADS = (config.QUOTE, config.INDIRECT)
_REPORTED = (*_HEADS, config.REPORTED)

_Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one `result` list says: quotations in text order, and notes on doubtful marks.

    `regions` maps each `quote_id` to the id of its first region.
    """

    quotations: tuple[Quotation, ...]
    regions: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A quotation as marked. With `inherits`, it gets the name that its mention has for another quotation.

    `dropped` is the pre-annotated name of the old speaker, which is not used.
    """

    region: str
    parts: _Ranges
    content: _Ranges | None
    kind: str
    channel: str
    speaker: Region | None
    source: Region | None
    cue: Region | None
    attribution_type: str | None
    negated: bool
    name: str | None
    speaker_kind: str | None
    inherits: bool
    dropped: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    """The role and the id of the speaker, if a person left the speaker and the name as they were."""
    chosen: bool = False
    """A person chose the kind of the speaker."""
    verification: Verification | None = None
    several: tuple[Marked, ...] = ()
    """All who speak, if they are several; the first is `speaker`."""


@dataclass(slots=True)
class _Notes:
    text: str
    lines: list[str] = field(default_factory=list)

    def add(self, spans: Sequence[tuple[int, int]], note: str) -> None:
        self.lines.append(f"{excerpt(self.text, *spans[0])} {note}")


def read(
    result: Iterable[Any],
    text: str,
    text_sha256: str,
    *,
    rule: str,
    prefilled: Iterable[Any] | None = None,
) -> Reading:
    """Read a `result` list of Label Studio over `text`; all quotations get `rule` and the confidence 1.

    `prefilled` is the result list of the prediction that the reviewer started with, if it is known: it shows
    what was corrected. Raises LabelStudioError if the result list is damaged, as `read_marks` does.
    """
    marks = read_marks(result, text)
    before = _started_with(prefilled, text, marks)
    review = Comparison(marks, before)
    notes = _Notes(text, list(marks.notes))
    found = _all_found(_quotes(marks, notes), review, notes)
    known = _known(found)
    if before is not None:  # mentions whose quotations the reviewer deleted
        ignored = _Notes(text)
        accepted = Comparison(before, before)
        were = [_found(parts, accepted, ignored) for parts in _quotes(before, ignored)]
        known = _known(were) | known
        known |= _known_by_words(found, known, [*were, *found], text, text_sha256)
    for role in (config.SPEAKER, config.SOURCE, config.CUE, config.REPORTED):
        for region in review.unused(role):
            notes.add([(region.start, region.end)], f"is a {role} without an arrow to a quotation: left out")
    unique = _without_duplicates((_named(one, known, notes) for one in found), notes)
    # Reviewers do not mark boilerplate and copies: they are found in the text.
    quotations = flag(text, paragraphs(text), [_quotation(one, text, text_sha256, rule) for one in unique])
    return Reading(
        quotations=tuple(quotations),
        regions={quote_id(text_sha256, one.parts): one.region for one in unique},
        notes=tuple(notes.lines),
    )


def _started_with(prefilled: Iterable[Any] | None, text: str, marks: Marks) -> Marks | None:
    """The prediction's marks; None if they are not known, or the reviewer used none of them."""
    if prefilled is None:
        return None
    try:
        before = read_marks(prefilled, text)
    except LabelStudioError:
        return None  # the review may still be valid
    return before if before.regions.keys() & marks.regions.keys() else None


def _without_duplicates(found: Iterable[_Found], notes: _Notes) -> list[_Found]:
    """In text order, one quotation for the same words: the one with a speaker, otherwise the first."""
    kept: dict[_Ranges, _Found] = {}
    for one in found:
        other = kept.get(one.parts)
        if other is not None:
            notes.add(one.parts, "is marked twice: one of the two is left out")
        if other is None or (other.speaker is None and one.speaker is not None):
            kept[one.parts] = one
    return [kept[parts] for parts in sorted(kept)]


def _quotes(marks: Marks, notes: _Notes) -> Iterator[list[Region]]:
    """The regions of each quotation: Quote, Indirect and Reported, in text order."""
    groups = {region.id: [region] for region in marks.regions.values() if region.role in _REPORTED}
    for relation in marks.relations:
        ends = marks.regions[relation.source], marks.regions[relation.target]
        inside = sum(end.role in _REPORTED for end in ends)
        if inside == 2 and relation.label in (None, "continues"):
            one, other = groups[ends[0].id], groups[ends[1].id]
            if one is not other:
                one += other
                groups.update((region.id, one) for region in other)
        elif inside != 1:
            target = excerpt(notes.text, ends[1].start, ends[1].end)
            notes.add([(ends[0].start, ends[0].end)], f"has an arrow to {target} without meaning: ignored")
    for group in {id(group): group for group in groups.values()}.values():
        if any(region.role in _HEADS for region in group):
            yield sorted(group, key=lambda region: (region.start, region.end))


def _all_found(groups: Iterable[list[Region]], review: Comparison, notes: _Notes) -> list[_Found]:
    """The quotations. A piece that was split off another has what that one has, unless it was given its own.

    “A. B.” he said: the Quote's edge dragged back to “A. and B.” added   →   both are his, and of one kind
    """
    origins = [(parts, review.origin(parts)) for parts in groups]
    whole = {
        region.id: _found(parts, review, notes)
        for parts, origin in origins
        if origin is None
        for region in parts[:1]
    }
    first_of = {region.id: parts[0].id for parts, origin in origins if origin is None for region in parts}
    return [
        whole[parts[0].id] if origin is None else _found(parts, review, notes, whole[first_of[origin.id]])
        for parts, origin in origins
    ]


def _found(group: list[Region], review: Comparison, notes: _Notes, rest: _Found | None = None) -> _Found:
    """One quotation. `rest` is the one that it was split off."""
    quotes = [region for region in group if region.role == config.QUOTE]
    others = [region for region in group if region.role != config.QUOTE]
    parts = [*quotes, *others]
    spans = _joined(quotes or others, notes)
    content = _content(quotes, others, notes.text) if quotes and others else None
    kind, _ = review.value(config.KIND, quotes)
    if not quotes:
        kind = "indirect"
    elif kind is None and rest is not None:
        kind = rest.kind
    elif kind is None:
        in_marks = notes.text.startswith(_OPENING_MARKS, spans[0][0])
        kind = "mixed" if content else "direct" if in_marks else "indirect"
        notes.add(spans, f"has no kind: taken as {kind}")
    channel, _ = review.value(config.CHANNEL, parts)
    everyone = several(review, parts, notes.text)
    speaker, old_speaker, speakers = review.target(config.SPEAKER, parts)
    if everyone:
        speaker, speakers = everyone[0].region, 1
        old_speaker = next((one.region for one in named_before(review, parts).values()), None)
    source, _, sources = review.target(config.SOURCE, parts)
    cue, _, cues = review.target(config.CUE, parts)
    for drawn, role in ((speakers, config.SPEAKER), (sources, config.SOURCE), (cues, config.CUE)):
        if drawn > 1:
            notes.add(spans, f"has {drawn} new arrows to a {role}: the last one counts")
    name, is_typed = review.value(config.NAME, parts)
    speaker_kind, is_chosen = review.value(config.SPEAKER_KIND, parts)
    changed = old_speaker is not None and not _overlap(speaker, old_speaker)
    if changed and old_speaker is not None and not everyone and _still_tied(old_speaker, review, parts):
        old = excerpt(notes.text, old_speaker.start, old_speaker.end)
        notes.add(spans, f"has a new speaker: the old arrow to {old} does not count")
    # A pre-annotated name and source belong to the old speaker.
    if changed and not sources and not _overlap(speaker, source):
        source = None
    if everyone:
        name, is_typed = everyone[0].name, not everyone[0].inherits
        if everyone[0].kind is not None and not is_chosen:
            speaker_kind, is_chosen = everyone[0].kind, True
    inherits = not is_typed and (changed or (name is None and old_speaker is None and speaker is not None))
    attribution_type, _ = review.value(config.TYPE, parts)
    negated, _ = review.value(config.NEGATED, parts)
    verdict, _ = review.value(config.VERDICT, parts)
    verified = next((part.verification for part in parts if part.verification is not None), None)
    one = _Found(
        region=next(region.id for region in parts if region.role in _HEADS),
        parts=spans,
        content=None if content == spans else content,
        kind="unattributed" if kind == config.NOT_A_QUOTATION else kind,
        channel=channel or (rest.channel if rest else "speech"),
        speaker=speaker,
        source=source,
        cue=cue,
        attribution_type=attribution_type,
        negated=negated is not None,
        name=None if inherits else name,
        speaker_kind=speaker_kind,
        inherits=inherits,
        dropped=name if inherits else None,
        chosen=is_chosen,
        about=_about(review, parts, everyone) if everyone or not (changed or is_typed or inherits) else {},
        verification=verdicts.judged(verdict, verified),
        several=everyone if len(everyone) > 1 else (),
    )
    return one if rest is None else _completed(one, rest)


def _about(review: Comparison, parts: Sequence[Region], everyone: Sequence[Marked]) -> Mapping[str, str]:
    """The role and the id of the speaker; of several, of the first, if that one is still the first."""
    if everyone:
        first = next(iter(named_before(review, parts).values()), None)
        now = (everyone[0].region.id, everyone[0].name)
        if first is None or (first.region.id, first.name) != now:
            return {}
    return next((part.meta for part in parts if part.meta), {})


def _completed(one: _Found, rest: _Found) -> _Found:
    """A piece, with what the quotation has that it was split off."""
    piece = replace(
        one,
        cue=one.cue or rest.cue,
        attribution_type=one.attribution_type or rest.attribution_type,
        negated=one.negated or rest.negated,
        speaker_kind=one.speaker_kind or (rest.speaker_kind if one.speaker is None else None),
    )
    if one.speaker is not None or one.name is not None:
        return piece
    return replace(
        piece,
        speaker=rest.speaker,
        source=one.source or rest.source,
        name=rest.name,
        inherits=rest.inherits,
        chosen=rest.chosen,
        about=rest.about,
        several=rest.several,
    )


def _joined(parts: list[Region], notes: _Notes) -> _Ranges:
    """The ranges of the parts. Parts that overlap, as they can after dragging, become one."""
    spans = [(parts[0].start, parts[0].end)]
    for part in parts[1:]:
        if part.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], part.end))
            notes.add([(part.start, part.end)], "overlaps the part before it: joined")
        else:
            spans.append((part.start, part.end))
    return tuple(spans)


def _content(quotes: list[Region], others: list[Region], text: str) -> _Ranges:
    """All that is reported. Reviewers may mark all of it as Reported, or only what is outside the Quotes."""
    around = sorted((region.start, region.end) for region in others)
    inside = [(region.start, region.end) for region in quotes]
    disjoint = all(one[1] <= other[0] for one, other in pairwise(around))
    if disjoint and all(any(start <= s and e <= end for start, end in around) for s, e in inside):
        return tuple(around)
    joined: list[tuple[int, int]] = []
    for start, end in sorted([*around, *inside]):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _still_tied(old: Region, review: Comparison, parts: Sequence[Region]) -> bool:
    return any(region.id == old.id for region in review.now.tied(config.SPEAKER, parts))


def _overlap(one: Region | None, other: Region | None) -> bool:
    """Whether two mentions are the same: one may have moved edges, or be drawn again."""
    if one is None or other is None:
        return False
    return one.id == other.id or (one.start < other.end and other.start < one.end)


_Known = dict[tuple[int, int], tuple[str | None, str | None]]


def _known(found: Iterable[_Found]) -> _Known:
    """The name and kind of each mention, from the quotations that have them themselves."""
    known: _Known = {}
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


def _known_by_words(
    found: Iterable[_Found], known: _Known, all_found: Iterable[_Found], text: str, text_sha256: str
) -> _Known:
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
        one.parts: _quotation(_named(one, known, _Notes(text)), text, text_sha256, "") for one in all_found
    }
    record = DocumentRecord(
        doc_id="", text_sha256=text_sha256, quotations=tuple(quotations.values()), text=text
    )
    names = People(record).names
    by_words: _Known = {}
    for mention in new:
        words = text[mention.start : mention.end].split()
        fits = [name for name in names if name.split()[-len(words) :] == words]
        if len(fits) == 1:
            by_words[mention.start, mention.end] = (fits[0], names[fits[0]])
    return by_words


def _named(one: _Found, known: _Known, notes: _Notes) -> _Found:
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


def _quotation(one: _Found, text: str, text_sha256: str, rule: str) -> Quotation:
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


def _speakers(one: _Found, text: str) -> tuple[Speaker, ...]:
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
