"""The `result` list of an annotation, checked and grouped: regions with their values, and relations.

Label Studio stores each value of a region as an item of its own, with the region's id. Only the offsets
count: `value.text` loses line ends and blanks, and may contradict them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from quotes.errors import LabelStudioError
from quotes.labelstudio import config, verdicts
from quotes.records import Verification

_EXCERPT = 40
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_OPENING_MARKS = tuple('“„"‘«')


@dataclass(frozen=True, slots=True)
class Region:
    """A marked range [start, end) of the text, in code points; `values` maps its controls to their values.

    `drawn`: a person made or changed it. `manual`: a person made it.
    """

    id: str
    role: str
    start: int
    end: int
    drawn: bool
    manual: bool
    values: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    """What `to_task` says of the speaker besides: `speaker_role` and `speaker_id`."""
    verification: Verification | None = None
    """What `to_task` says of the words: what `quotes verify` found."""


@dataclass(frozen=True, slots=True)
class Relation:
    """An arrow between two regions, by their ids; `label` is None if a person drew it and chose none."""

    source: str
    target: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of one annotation: regions by id, and relations in the order in which they were made.

    `ties` has, for each region, the numbers of its relations and the regions at their other ends.
    """

    regions: Mapping[str, Region]
    relations: tuple[Relation, ...]
    ties: Mapping[str, list[tuple[int, Region]]]
    notes: tuple[str, ...]

    def tied(self, role: str, parts: Iterable[Region]) -> list[Region]:
        """The regions of a role that relations tie to these parts, in either direction."""
        ties = {number: region for part in parts for number, region in self.ties.get(part.id, ())}
        return [ties[number] for number in sorted(ties) if ties[number].role == role]

    def first_tied(self, role: str, parts: Iterable[Region]) -> Region | None:
        """The region of a role that the earliest part is tied to; the last one if there are several."""
        found = (self.tied(role, [part]) for part in parts)
        return next((regions[-1] for regions in found if regions), None)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class _Value(_Strict):
    start: int
    end: int
    labels: list[str] | None = None
    choices: list[str] | None = None
    text: str | list[str] | None = None


class _Item(_Strict):
    id: str
    from_name: str
    type: str
    origin: str | None = None
    meta: Any = None
    value: _Value


class _Arrow(_Strict):
    from_id: str
    to_id: str
    labels: list[str] | None = None


def read_marks(result: Iterable[Any], text: str) -> Marks:
    """Group the items of a `result` list. Marks of other controls than ours are noted and left out.

    Raises LabelStudioError if an item is not a region or relation of Label Studio, if a region is outside the
    text, or if two regions share an id: such an annotation is damaged, and no part of it can be trusted.
    """
    items: dict[str, list[_Item]] = {}
    relations: list[Relation] = []
    for number, raw in enumerate(result, 1):
        try:
            if isinstance(raw, dict) and raw.get("type") == "relation":
                arrow = _Arrow.model_validate(raw)
                label = arrow.labels[0] if arrow.labels else None
                relations.append(Relation(arrow.from_id, arrow.to_id, label))
                continue
            item = _Item.model_validate(raw)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "it"
            raise LabelStudioError(f"result {number} is damaged ({place}: {first['msg']})") from None
        if not 0 <= item.value.start < item.value.end <= len(text):
            raise LabelStudioError(f"result {number} is damaged (it is outside the text)")
        items.setdefault(item.id, []).append(item)
    notes: list[str] = []
    found = (_region(group, text, notes) for group in items.values())
    regions = {region.id: region for region in found if region is not None}
    known = tuple(one for one in relations if one.source in regions and one.target in regions)
    ties: dict[str, list[tuple[int, Region]]] = {}
    for number, relation in enumerate(known):
        ties.setdefault(relation.source, []).append((number, regions[relation.target]))
        ties.setdefault(relation.target, []).append((number, regions[relation.source]))
    return Marks(regions, known, ties, tuple(notes))


def excerpt(text: str, start: int, end: int) -> str:
    """The beginning of a range, short and on one line, so that a person can find it."""
    words = " ".join(text[start : min(end, start + 4 * _EXCERPT)].split())
    if len(words) > _EXCERPT or end > start + 4 * _EXCERPT:
        words = words[:_EXCERPT].rstrip() + "…"
    return f"{words if words[:1] in _OPENING_MARKS else f'“{words}”'} [{start}, {end})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reviewer's marks beside the pre-annotated ones: what the person gave counts first.

    A reviewer who draws a second *said by* arrow means the new one, and need not delete the old one. `before`
    is None if the pre-annotations are not known; then the origins of regions tell what a person drew.
    """

    now: Marks
    before: Marks | None

    def value(self, control: str, parts: Sequence[Region]) -> tuple[str | None, bool]:
        """The value of a control on the parts of one quotation, and whether a person gave it.

        A person's value has priority over a pre-annotated one, an earlier part's over a later one's. A
        pre-annotated value that a person deleted is (None, True).
        """
        values = [self._value(control, part) for part in parts]
        for value, given in values:
            if given and value is not None:
                return value, True
        if any(given for _, given in values):
            return None, True
        return next((value for value, _ in values if value is not None), None), False

    def target(self, role: str, parts: Sequence[Region]) -> tuple[Region | None, Region | None, int]:
        """The Speaker, Source or Cue of a quotation, the pre-annotated one, and how many a person drew.

        The last one that a person drew counts; otherwise the pre-annotated one of the earliest part, if it
        still exists.
        """
        here = self.now.tied(role, parts)
        if self.before is None:
            # Relations are in the order in which they were made: pre-annotated ones before drawn ones.
            was = here[0] if here and not any(part.manual for part in parts) else None
            return (here[-1] if here else None), was, max(0, len(here) - 1)
        old = {region.id for region in self.before.tied(role, parts)}
        drawn = [region for region in here if region.id not in old]
        counts = drawn[-1] if drawn else self.now.first_tied(role, parts)
        return counts, self.before.first_tied(role, parts), len(drawn)

    def origin(self, parts: Sequence[Region]) -> Region | None:
        """The region whose edge a person moved back, so that the words of these new parts were split off it.

        None if there is no such region.
        """
        if self.before is None or not all(self._is_added(part) for part in parts):
            return None
        start, end = parts[0].start, parts[-1].end
        for was in self.before.regions.values():
            now = self.now.regions.get(was.id)
            inside = was.start <= start and end <= was.end
            if now and inside and now.role == parts[0].role and (end <= now.start or now.end <= start):
                return now
        return None

    def unused(self, role: str) -> Iterator[Region]:
        """The regions of a role that a person drew and that no relation ties to anything."""
        for region in self.now.regions.values():
            if region.role == role and region.id not in self.now.ties and self._is_added(region):
                yield region

    def _is_added(self, region: Region) -> bool:
        return region.manual if self.before is None else region.id not in self.before.regions

    def _value(self, control: str, part: Region) -> tuple[str | None, bool]:
        if control == config.NAME:
            return self._name(part)
        value = part.values.get(control)
        if self.before is None:
            return value, part.drawn and value is not None
        there = self.before.regions.get(part.id)
        old = there.values.get(control) if there else None
        if (value or "").split() == (old or "").split():
            return old, False
        return value, True

    def _name(self, part: Region) -> tuple[str | None, bool]:
        """The name, typed or ticked among the people of the article: the one that a person gave counts."""
        typed, ticked = part.values.get(config.NAME), part.values.get(config.PERSON)
        if self.before is None:
            return typed or ticked, part.drawn and bool(typed or ticked)
        there = self.before.regions.get(part.id)
        was_typed, was_ticked = (
            there.values.get(name) if there else None for name in (config.NAME, config.PERSON)
        )
        if (typed or "").split() != (was_typed or "").split():
            return typed or ticked, True
        if ticked != was_ticked:
            return ticked or typed, True
        return was_typed or was_ticked, False


def _region(items: list[_Item], text: str, notes: list[str]) -> Region | None:
    ranges = {(item.value.start, item.value.end) for item in items}
    if len(ranges) > 1:
        raise LabelStudioError(f"the region {items[0].id!r} is damaged (it has two positions)")
    [(start, end)] = ranges
    where = excerpt(text, start, end)
    labels = (label for item in items if item.from_name == config.ROLE for label in item.value.labels or ())
    role = next((label for label in labels if label in config.VALUES[config.ROLE]), None)
    if role is None:
        notes.append(f"{where} has none of the labels {', '.join(config.VALUES[config.ROLE])}: left out")
        return None
    origin = next((item.origin for item in items if item.origin), None)
    drawn = origin not in (None, "prediction")
    if drawn:  # dragging catches blanks at the edges
        words = text[start:end]
        if not words.strip():
            notes.append(f"a {role} at {start} contains only blanks: left out")
            return None
        start, end = end - len(words.lstrip()), start + len(words.rstrip())
    values = _values(items, where, notes, drawn=drawn)
    if role == config.NEGATIVE:
        role, values[config.KIND] = config.QUOTE, config.NOT_A_QUOTATION
    meta = next((item.meta for item in items if isinstance(item.meta, dict)), {})
    found = verdicts.from_meta(meta.get("verification"))
    return Region(items[0].id, role, start, end, drawn, origin == "manual", values, _about(meta), found)


def _about(found: Mapping[str, Any]) -> dict[str, str]:
    role, known_as = found.get("speaker_role"), found.get("speaker_id")
    meta = {"speaker_role": role} if isinstance(role, str) and role else {}
    if isinstance(known_as, str) and _WIKIDATA.fullmatch(known_as):
        meta["speaker_id"] = known_as
    return meta


def _values(items: list[_Item], where: str, notes: list[str], *, drawn: bool) -> dict[str, str]:
    values: dict[str, str] = {}
    for item in items:
        name, given = item.from_name, item.value
        if name == config.NAME:
            typed = [given.text] if isinstance(given.text, str) else given.text or []
            typed = [line for line in typed if line.strip()]
            if len(typed) > 1:
                notes.append(f"{where} has {len(typed)} names: the last one counts")
            if typed:
                values[name] = " ".join(typed[-1].split()) if drawn else typed[-1]
        elif name == config.PERSON and given.choices:
            values[name] = given.choices[-1]
        elif name in config.VALUES and name != config.ROLE:
            choices = given.choices or []
            known = [choice for choice in choices if _is_known(name, choice)]
            if len(choices) > 1 or len(known) < len(choices):
                notes.append(f"{where} has {name.replace('_', ' ')} {', '.join(choices)}")
            if known:
                values[name] = known[0]
    return values


def _is_known(control: str, choice: str) -> bool:
    return choice in config.VALUES[control] or (control == config.KIND and choice in config.OLD_KINDS)
