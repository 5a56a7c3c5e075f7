"""Marks become quotations: what each mark of a reviewer means, as `guidelines.md` tells reviewers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from quotes.errors import LabelStudioError
from quotes.labelstudio import config
from quotes.labelstudio.regions import Comparison, Marks, Region, excerpt, read_marks
from quotes.records import Channel, Kind, Quotation, Span, SpeakerKind, parts_text, quote_id
from quotes.text.flags import flag
from quotes.text.marks import paragraphs

_OPENING_MARKS = tuple("“\"„«‹‘'‚＂`")


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
    parts: tuple[tuple[int, int], ...]
    kind: str
    channel: str
    speaker: Region | None
    cue: Region | None
    name: str | None
    speaker_kind: str | None
    inherits: bool
    dropped: str | None = None


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
    found = [_found(parts, review, notes) for parts in _quotes(marks, notes)]
    known = _known(found)
    if before is not None:  # mentions whose quotations the reviewer deleted
        ignored = _Notes(text)
        accepted = Comparison(before, before)
        known = _known(_found(parts, accepted, ignored) for parts in _quotes(before, ignored)) | known
    for role in (config.SPEAKER, config.CUE):
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
    kept: dict[tuple[tuple[int, int], ...], _Found] = {}
    for one in found:
        other = kept.get(one.parts)
        if other is not None:
            notes.add(one.parts, "is marked twice: one of the two is left out")
        if other is None or (other.speaker is None and one.speaker is not None):
            kept[one.parts] = one
    return [kept[parts] for parts in sorted(kept)]


def _quotes(marks: Marks, notes: _Notes) -> Iterator[list[Region]]:
    """The Quote regions of each quotation, in text order."""
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
            target = excerpt(notes.text, ends[1].start, ends[1].end)
            notes.add([(ends[0].start, ends[0].end)], f"has an arrow to {target} without meaning: ignored")
    for group in {id(group): group for group in groups.values()}.values():
        yield sorted(group, key=lambda region: (region.start, region.end))


def _found(parts: list[Region], review: Comparison, notes: _Notes) -> _Found:
    spans = _joined(parts, notes)
    kind, _ = review.value(config.KIND, parts)
    if kind is None:
        kind = "direct" if notes.text.startswith(_OPENING_MARKS, spans[0][0]) else "indirect"
        notes.add(spans, f"has no kind: taken as {kind}")
    channel, _ = review.value(config.CHANNEL, parts)
    speaker, old_speaker, speakers = review.target(config.SPEAKER, parts)
    cue, _, cues = review.target(config.CUE, parts)
    for drawn, role in ((speakers, config.SPEAKER), (cues, config.CUE)):
        if drawn > 1:
            notes.add(spans, f"has {drawn} new arrows to a {role}: the last one counts")
    name, is_typed = review.value(config.NAME, parts)
    speaker_kind, is_chosen = review.value(config.SPEAKER_KIND, parts)
    changed = old_speaker is not None and not (speaker is not None and _overlap(speaker, old_speaker))
    # A pre-annotated name belongs to the old speaker.
    inherits = not is_typed and (changed or (name is None and old_speaker is None and speaker is not None))
    return _Found(
        region=parts[0].id,
        parts=spans,
        kind="unattributed" if kind == config.NOT_A_QUOTATION else kind,
        channel=channel or "speech",
        speaker=speaker,
        cue=cue,
        name=None if inherits else name,
        speaker_kind=None if (inherits or changed) and not is_chosen else speaker_kind,
        inherits=inherits,
        dropped=name if inherits else None,
    )


def _joined(parts: list[Region], notes: _Notes) -> tuple[tuple[int, int], ...]:
    """The ranges of the parts. Parts that overlap, as they can after dragging, become one."""
    spans = [(parts[0].start, parts[0].end)]
    for part in parts[1:]:
        if part.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], part.end))
            notes.add([(part.start, part.end)], "overlaps the part before it: joined")
        else:
            spans.append((part.start, part.end))
    return tuple(spans)


def _overlap(one: Region, other: Region) -> bool:
    """Whether two mentions are the same: one may have moved edges, or be drawn again."""
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
        ):
            known.setdefault((one.speaker.start, one.speaker.end), (one.name, one.speaker_kind))
    return known


def _named(one: _Found, known: _Known, notes: _Notes) -> _Found:
    """Give a quotation with a new speaker the name and the kind that this mention has elsewhere."""
    name, speaker_kind = one.name, one.speaker_kind
    if one.speaker is not None:
        other_name, other_kind = known.get((one.speaker.start, one.speaker.end), (None, None))
        name = other_name if one.inherits else name
        speaker_kind = speaker_kind or other_kind
    if one.dropped is not None and name is None and one.kind != "unattributed":
        notes.add(one.parts, f"has a new speaker: the name {one.dropped!r} is left out")
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
