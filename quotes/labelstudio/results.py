"""Marks to quotations: what each mark of a reviewer means, as `guidelines.md` tells reviewers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from quotes.errors import LabelStudioError
from quotes.labelstudio import config
from quotes.labelstudio.corrections import Corrections
from quotes.labelstudio.regions import Marks, Region, excerpt, read_marks
from quotes.records import Channel, Kind, Quotation, Span, SpeakerKind, parts_text, quote_id
from quotes.text.flags import flag
from quotes.text.marks import paragraphs

_OPENING_MARKS = tuple("“\"„«‹‘'‚＂`")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one `result` list says: quotations in text order, their first regions' ids, and oddities."""

    quotations: tuple[Quotation, ...]
    regions: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A quotation as marked; a name of `None` with `follows` is to be that of its mention elsewhere."""

    region: str
    parts: tuple[tuple[int, int], ...]
    kind: str
    channel: str
    speaker: Region | None
    cue: Region | None
    name: str | None
    speaker_kind: str | None
    follows: bool
    dropped: str | None = None


@dataclass(slots=True)
class _Notes:
    text: str
    lines: list[str] = field(default_factory=list)

    def add(self, spans: Sequence[tuple[int, int]], says: str) -> None:
        self.lines.append(f"{excerpt(self.text, *spans[0])} {says}")


def read(
    result: Iterable[Any],
    text: str,
    text_sha256: str,
    *,
    rule: str,
    prefilled: Iterable[Any] | None = None,
) -> Reading:
    """Read a `result` list of Label Studio over `text`; all records get `rule` and the confidence 1.

    `prefilled` is the result list of the prediction that the reviewer began with, where it is known: it
    tells what was corrected. Raises LabelStudioError when the result list is damaged, as `read_marks` says.
    """
    marks = read_marks(result, text)
    before = _begun_with(prefilled, text, marks)
    corrections = Corrections(marks, before)
    notes = _Notes(text, list(marks.notes))
    found = [_found(parts, corrections, notes) for parts in _quotes(marks, notes)]
    known = _known(found)
    if before is not None:  # mentions whose quotations the reviewer deleted
        unread = _Notes(text)
        left_alone = Corrections(before, before)
        known = _known(_found(parts, left_alone, unread) for parts in _quotes(before, unread)) | known
    for role in (config.SPEAKER, config.CUE):
        for loose in corrections.loose(role):
            notes.add(
                [(loose.start, loose.end)], f"is a {role} that no relation ties to a quotation: left out"
            )
    once = _once((_named(one, known, notes) for one in found), notes)
    return Reading(
        # What stands in boilerplate or in a copy shows from the text: nobody marks it.
        quotations=tuple(
            flag(text, paragraphs(text), [_quotation(one, text, text_sha256, rule) for one in once])
        ),
        regions={quote_id(text_sha256, one.parts): one.region for one in once},
        notes=tuple(notes.lines),
    )


def _begun_with(prefilled: Iterable[Any] | None, text: str, marks: Marks) -> Marks | None:
    """The prediction's marks; None if they aren't known, or a person began anew beside them."""
    if prefilled is None:
        return None
    try:
        before = read_marks(prefilled, text)
    except LabelStudioError:
        return None  # the review can be right all the same
    return before if before.regions.keys() & marks.regions.keys() else None


def _once(found: Iterable[_Found], notes: _Notes) -> list[_Found]:
    """In text order, each stretch of words once."""
    kept: dict[tuple[tuple[int, int], ...], _Found] = {}
    for one in found:
        other = kept.get(one.parts)
        if other is not None:
            notes.add(one.parts, "is marked twice: one of the two is left out")
        if other is None or (other.speaker is None and one.speaker is not None):
            kept[one.parts] = one
    return [kept[parts] for parts in sorted(kept)]


def _quotes(marks: Marks, notes: _Notes) -> Iterator[list[Region]]:
    """The Quote regions, those of one split quotation together, each list in text order."""
    groups = {region.id: [region] for region in marks.regions.values() if region.role == config.QUOTE}
    for relation in marks.relations:
        ends = marks.regions[relation.source], marks.regions[relation.target]
        roles = {end.role for end in ends}
        if roles == {config.QUOTE} and relation.label in (None, config.CONTINUES):
            one, other = groups[ends[0].id], groups[ends[1].id]
            if one is not other:
                one += other
                groups.update((region.id, one) for region in other)
        elif config.QUOTE not in roles or len(roles) == 1:
            says = f"has a relation to {excerpt(notes.text, ends[1].start, ends[1].end)} that means nothing"
            notes.add([(ends[0].start, ends[0].end)], says)
    for group in {id(group): group for group in groups.values()}.values():
        yield sorted(group, key=lambda region: (region.start, region.end))


def _found(parts: list[Region], corrections: Corrections, notes: _Notes) -> _Found:
    spans = _joined(parts, notes)
    kind, _ = corrections.value(config.KIND, parts)
    if kind is None:
        kind = "direct" if notes.text.startswith(_OPENING_MARKS, spans[0][0]) else "indirect"
        notes.add(spans, f"has no kind: taken as {kind}")
    channel, _ = corrections.value(config.CHANNEL, parts)
    speaker, was, speakers = corrections.target(config.SPEAKER, parts)
    cue, _, cues = corrections.target(config.CUE, parts)
    for drawn, role in ((speakers, config.SPEAKER), (cues, config.CUE)):
        if drawn > 1:
            notes.add(spans, f"is tied to {drawn} new regions of the role {role}: the last one drawn counts")
    name, named = corrections.value(config.NAME, parts)
    speaker_kind, told = corrections.value(config.SPEAKER_KIND, parts)
    changed = was is not None and not (speaker is not None and _meet(speaker, was))
    # What was pre-filled was so for the old speaker.
    follows = not named and (changed or (name is None and was is None and speaker is not None))
    return _Found(
        region=parts[0].id,
        parts=spans,
        kind="unattributed" if kind == config.NOT_A_QUOTATION else kind,
        channel=channel or "speech",
        speaker=speaker,
        cue=cue,
        name=None if follows else name,
        speaker_kind=None if (follows or changed) and not told else speaker_kind,
        follows=follows,
        dropped=name if follows else None,
    )


def _joined(parts: list[Region], notes: _Notes) -> tuple[tuple[int, int], ...]:
    """The spans of the parts; those that overlap, as they can after dragging, become one."""
    spans = [(parts[0].start, parts[0].end)]
    for part in parts[1:]:
        if part.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], part.end))
            notes.add([(part.start, part.end)], "overlaps the part before it: joined")
        else:
            spans.append((part.start, part.end))
    return tuple(spans)


def _meet(one: Region, other: Region) -> bool:
    """Whether two mentions are the same one, its edges moved or drawn anew."""
    return one.id == other.id or (one.start < other.end and other.start < one.end)


_Known = dict[tuple[int, int], tuple[str | None, str | None]]


def _known(found: Iterable[_Found]) -> _Known:
    """Who each mention is, by the quotations that say so themselves."""
    known: _Known = {}
    for one in found:
        told = one.speaker_kind is not None and one.kind != "unattributed" and not one.follows
        if one.speaker is not None and told:
            known.setdefault((one.speaker.start, one.speaker.end), (one.name, one.speaker_kind))
    return known


def _named(one: _Found, known: _Known, notes: _Notes) -> _Found:
    """Give a quotation whose speaker is new the name and the kind that this mention has elsewhere."""
    name, speaker_kind = one.name, one.speaker_kind
    if one.speaker is not None:
        there, kind_there = known.get((one.speaker.start, one.speaker.end), (None, None))
        name = there if one.follows else name
        speaker_kind = speaker_kind or kind_there
    if one.dropped is not None and name is None and one.kind != "unattributed":
        notes.add(one.parts, f"has another speaker than before: the name {one.dropped!r} is left out")
    return replace(one, name=name, speaker_kind=speaker_kind or "unknown")


def _quotation(one: _Found, text: str, text_sha256: str, rule: str) -> Quotation:
    quoted = one.kind != "unattributed"
    return Quotation(
        quote_id=quote_id(text_sha256, one.parts),
        kind=cast(Kind, one.kind),
        channel=cast(Channel, one.channel),
        parts=one.parts,
        text=parts_text(text, one.parts),
        speaker=_span(text, one.speaker) if quoted else None,
        speaker_name=one.name if quoted else None,
        speaker_kind=cast(SpeakerKind, one.speaker_kind) if quoted else "unknown",
        cue=_span(text, one.cue) if quoted else None,
        rule=rule,
        confidence=1.0,
    )


def _span(text: str, region: Region | None) -> Span | None:
    return None if region is None else Span.of(text, region.start, region.end)
