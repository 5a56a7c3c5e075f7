"""The `result` list of an annotation, checked and put together: regions with their values, and relations.

Label Studio gives each value of a region as an item of its own, which shares the region's id. Only the
offsets count: `value.text` loses line ends and blanks, and may contradict them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from quotes.errors import LabelStudioError
from quotes.labelstudio import config

_EXCERPT = 40
_OPENING_MARKS = tuple('“„"‘«')


@dataclass(frozen=True, slots=True)
class Region:
    """A marked stretch [start, end) of the text; `values` holds the values of its controls by their names.

    `drawn` tells that a person made or changed it; what was pre-filled and left alone is not.
    """

    id: str
    role: str
    start: int
    end: int
    drawn: bool
    manual: bool
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relation:
    """An arrow between two regions, by their ids; `label` is None where a person drew it and chose none."""

    source: str
    target: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Marks:
    """All of one annotation: regions by id, and relations in the order in which they were made.

    `ties` has, for each region, the numbers of its relations and the regions at their other ends.
    """

    regions: Mapping[str, Region]
    relations: tuple[Relation, ...]
    ties: Mapping[str, list[tuple[int, Region]]]
    notes: tuple[str, ...]


class _Value(BaseModel):
    model_config = ConfigDict(strict=True)

    start: int
    end: int
    labels: list[str] | None = None
    choices: list[str] | None = None
    text: str | list[str] | None = None


class _Item(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str
    from_name: str
    type: str
    origin: str | None = None
    value: _Value


class _Arrow(BaseModel):
    model_config = ConfigDict(strict=True)

    from_id: str
    to_id: str
    labels: list[str] | None = None


def read_marks(result: Iterable[Any], text: str) -> Marks:
    """Put the items of a `result` list together. Marks of other controls than ours are noted and left out.

    Raises LabelStudioError when an item is no region or relation of Label Studio, a region lies outside the
    text, or two regions share an id: such an annotation is damaged, and no part of it can be trusted.
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
            raise LabelStudioError(f"result {number} is damaged (it stands outside the text)")
        items.setdefault(item.id, []).append(item)
    regions: dict[str, Region] = {}
    notes: list[str] = []
    for group in items.values():
        if (region := _region(group, text, notes)) is not None:
            regions[region.id] = region
    known = tuple(one for one in relations if one.source in regions and one.target in regions)
    ties: dict[str, list[tuple[int, Region]]] = {}
    for number, relation in enumerate(known):
        ties.setdefault(relation.source, []).append((number, regions[relation.target]))
        ties.setdefault(relation.target, []).append((number, regions[relation.source]))
    return Marks(regions, known, ties, tuple(notes))


def excerpt(text: str, start: int, end: int) -> str:
    """Some words of the text, short and on one line, to tell a person which region is meant."""
    words = " ".join(text[start : min(end, start + 4 * _EXCERPT)].split())
    if len(words) > _EXCERPT or end > start + 4 * _EXCERPT:
        words = words[:_EXCERPT].rstrip() + "…"
    return f"{words if words[:1] in _OPENING_MARKS else f'“{words}”'} [{start}, {end})"


def _region(items: list[_Item], text: str, notes: list[str]) -> Region | None:
    labels = [item for item in items if item.from_name == config.ROLE and item.value.labels]
    values = {(item.value.start, item.value.end) for item in items}
    if len(values) > 1:
        raise LabelStudioError(f"the region {items[0].id!r} is damaged (it stands at two places)")
    [(start, end)] = values
    where = excerpt(text, start, end)
    role = next(
        (label for item in labels for label in item.value.labels or () if label in config.ROLES), None
    )
    if role is None:
        notes.append(f"{where} is neither Quote nor Speaker nor Cue: left out")
        return None
    origin = next((item.origin for item in items if item.origin), None)
    drawn = origin not in (None, "prediction")
    if drawn:
        start, end = _without_edges(text, start, end)
        if start == end:
            notes.append(f"a {role} at {start} holds nothing but blanks: left out")
            return None
    read = _values(items, where, notes, drawn=drawn)
    return Region(items[0].id, role, start, end, drawn, origin == "manual", read)


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the blanks that were caught at its edges in dragging."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


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
        elif name in config.VALUES and name != config.ROLE:
            known = [choice for choice in given.choices or () if choice in config.VALUES[name]]
            if len(given.choices or ()) > 1 or len(known) < len(given.choices or ()):
                notes.append(f"{where} has {name.replace('_', ' ')} {', '.join(given.choices or ())}")
            if known:
                values[name] = known[0]
    return values
