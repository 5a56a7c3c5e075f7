"""Marks become quotations: what each mark of a reviewer means, as `guidelines.md` tells reviewers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quotes.errors import LabelStudioError
from quotes.labelstudio import config
from quotes.labelstudio.marked import HEADS, Found, Notes, Ranges, all_found, found_of
from quotes.labelstudio.named import known_by_words, known_of, named, quotation_of
from quotes.labelstudio.regions import Comparison, Marks, Region, excerpt, read_marks
from quotes.records import Quotation, quote_id
from quotes.text.flags import flag
from quotes.text.marks import paragraphs

_REPORTED = (*HEADS, config.REPORTED)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one `result` list says: quotations in text order, and notes on doubtful marks.

    `regions` maps each `quote_id` to the id of its first region.
    """

    quotations: tuple[Quotation, ...]
    regions: Mapping[str, str]
    notes: tuple[str, ...]


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
    notes = Notes(text, list(marks.notes))
    found = all_found(_quotes(marks, notes), review, notes)
    known = known_of(found)
    if before is not None:  # mentions whose quotations the reviewer deleted
        ignored = Notes(text)
        accepted = Comparison(before, before)
        were = [found_of(parts, accepted, ignored) for parts in _quotes(before, ignored)]
        known = known_of(were) | known
        known |= known_by_words(found, known, [*were, *found], text, text_sha256)
    for role in (config.SPEAKER, config.SOURCE, config.CUE, config.REPORTED):
        for region in review.unused(role):
            notes.add([(region.start, region.end)], f"is a {role} without an arrow to a quotation: left out")
    unique = _without_duplicates((named(one, known, notes) for one in found), notes)
    # Reviewers do not mark boilerplate and copies: they are found in the text.
    quotations = flag(text, paragraphs(text), [quotation_of(one, text, text_sha256, rule) for one in unique])
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


def _without_duplicates(found: Iterable[Found], notes: Notes) -> list[Found]:
    """In text order, one quotation for the same words: the one with a speaker, otherwise the first."""
    kept: dict[Ranges, Found] = {}
    for one in found:
        other = kept.get(one.parts)
        if other is not None:
            notes.add(one.parts, "is marked twice: one of the two is left out")
        if other is None or (other.speaker is None and one.speaker is not None):
            kept[one.parts] = one
    return [kept[parts] for parts in sorted(kept)]


def _quotes(marks: Marks, notes: Notes) -> Iterator[list[Region]]:
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
        if any(region.role in HEADS for region in group):
            yield sorted(group, key=lambda region: (region.start, region.end))
