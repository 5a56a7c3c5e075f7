"""A group of marks → one quotation as it was marked: its parts, its speaker, its cue, and its name so far.

Quote “It rained,” → “she”; the arrow was drawn anew, to “Orr”   →   the speaker Orr, who has no name yet
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quotes.labelstudio import config, verdicts
from quotes.labelstudio.regions import Comparison, Region, excerpt
from quotes.labelstudio.several import Marked, named_before, several
from quotes.records import Verification

_OPENING_MARKS = tuple("“\"„«‹‘'‚＂`")

#: A Quote or an Indirect makes a quotation; Reported belongs to one.
HEADS = (config.QUOTE, config.INDIRECT)

Ranges = tuple[tuple[int, int], ...]
"""Half-open ranges of code points, in text order."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation as marked. With `inherits`, it gets the name that its mention has for another quotation.

    `dropped` is the pre-annotated name of the old speaker, which is not used.
    """

    region: str
    parts: Ranges
    content: Ranges | None
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
class Notes:
    """Notes on doubtful marks in `text`, for the reviewer."""

    text: str
    lines: list[str] = field(default_factory=list)

    def add(self, spans: Sequence[tuple[int, int]], note: str) -> None:
        """Note something about the first of these ranges."""
        self.lines.append(f"{excerpt(self.text, *spans[0])} {note}")


def all_found(groups: Iterable[list[Region]], review: Comparison, notes: Notes) -> list[Found]:
    """The quotations. A piece that was split off another has what that one has, unless it was given its own.

    “A. B.” he said: the Quote's edge dragged back to “A. and B.” added   →   both are his, and of one kind
    """
    origins = [(parts, review.origin(parts)) for parts in groups]
    whole = {
        region.id: found_of(parts, review, notes)
        for parts, origin in origins
        if origin is None
        for region in parts[:1]
    }
    first_of = {region.id: parts[0].id for parts, origin in origins if origin is None for region in parts}
    return [
        whole[parts[0].id] if origin is None else found_of(parts, review, notes, whole[first_of[origin.id]])
        for parts, origin in origins
    ]


def found_of(group: list[Region], review: Comparison, notes: Notes, rest: Found | None = None) -> Found:
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
    one = Found(
        region=next(region.id for region in parts if region.role in HEADS),
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


def _completed(one: Found, rest: Found) -> Found:
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


def _joined(parts: list[Region], notes: Notes) -> Ranges:
    """The ranges of the parts. Parts that overlap, as they can after dragging, become one."""
    spans = [(parts[0].start, parts[0].end)]
    for part in parts[1:]:
        if part.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], part.end))
            notes.add([(part.start, part.end)], "overlaps the part before it: joined")
        else:
            spans.append((part.start, part.end))
    return tuple(spans)


def _content(quotes: list[Region], others: list[Region], text: str) -> Ranges:
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
