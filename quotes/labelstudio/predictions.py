"""Quotations → the regions and relations of a prediction, as Label Studio stores them.

“It rained,” she said.   →   a Quote, a Speaker, a Cue, and two relations from the Quote to them
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from quotes.labelstudio import config, verdicts
from quotes.labelstudio.several import names_of
from quotes.records import Quotation, Span, Verification

Json = dict[str, Any]

# Of regions with the same edges, the page shows the later one on top.
_LAYERS = (
    config.REPORTED,
    config.INDIRECT,
    config.QUOTE,
    config.NEGATIVE,
    config.SOURCE,
    config.SPEAKER,
    config.CUE,
)
# The labels of kinds that have their own.
_ROLES = {"indirect": config.INDIRECT, "unattributed": config.NEGATIVE}
# The letters that the ids of mentions and cues begin with.
_LETTERS = {config.SPEAKER: "s", config.SOURCE: "p", config.CUE: "c"}


def result_of(text: str, quotations: Sequence[Quotation], *, verified: bool) -> list[Json]:
    """The regions in text order, each mention and cue once, and the relations last.

    A region comes after those that contain it: then the page shows it on top of them, and it can be clicked.
    """
    regions: dict[str, list[Json]] = {}
    relations: list[Json] = []
    found = {one.quote_id: found for one, found in verdicts.verified(quotations)} if verified else {}
    for quotation in quotations:
        ids = [f"q-{quotation.quote_id}-{number}" for number in range(1, len(quotation.parts) + 1)]
        role = _ROLES.get(quotation.kind, config.QUOTE)
        for region, part in zip(ids, quotation.parts, strict=True):
            regions[region] = [_label(region, Span.of(text, *part), role, quotation)]
        verification = found.get(quotation.quote_id)
        regions[ids[0]] += _values(ids[0], Span.of(text, *quotation.parts[0]), quotation, verification)
        if verification is not None:
            regions[ids[0]][0]["meta"]["verification"] = verdicts.to_meta(verification)
        relations += (_relation(part, before) for before, part in pairwise(ids))
        for number, reported in enumerate(quotation.content or (), 1):
            region = f"r-{quotation.quote_id}-{number}"
            regions[region] = [_label(region, Span.of(text, *reported), config.REPORTED)]
            relations.append(_relation(region, ids[0]))
        speakers = {(one.start, one.end): one for one in quotation.everyone}
        for span, role in (
            *((one, config.SPEAKER) for one in speakers.values()),
            (quotation.source, config.SOURCE),
            (quotation.cue, config.CUE),
        ):
            if span is not None:
                region = f"{_LETTERS[role]}-{span.start}-{span.end}"
                regions.setdefault(region, [_label(region, span, role)])
                relations.append(_relation(ids[0], region))
    return [result for results in sorted(regions.values(), key=_layer) for result in results] + relations


def _layer(results: Sequence[Json]) -> tuple[int, int, int]:
    value = results[0]["value"]
    return value["start"], -value["end"], _LAYERS.index(value["labels"][0])


def _label(region: str, span: Span, role: str, quotation: Quotation | None = None) -> Json:
    result = {
        "id": region,
        "from_name": config.ROLE,
        "to_name": config.TEXT,
        "type": "labels",
        "value": {"start": span.start, "end": span.end, "text": span.text, "labels": [role]},
    }
    if quotation is None:
        return result
    note = f"rule: {quotation.rule} · confidence: {quotation.confidence:.2f}"
    if quotation.name_confidence is not None:
        note += f" · of the name: {quotation.name_confidence:.2f}"
    # What reviewers don't see comes back with the name that it belongs to.
    more = {"speaker_role": quotation.speaker_role, "speaker_id": quotation.speaker_id}
    meta = {"text": [note], **{name: value for name, value in more.items() if value}}
    return {**result, "score": quotation.confidence, "meta": meta}


def _values(
    region: str, span: Span, quotation: Quotation, verification: Verification | None
) -> Iterable[Json]:
    kind = None if quotation.kind in _ROLES else quotation.kind
    edges = {"start": span.start, "end": span.end}
    common = {"id": region, "to_name": config.TEXT}
    name = names_of(quotation)
    if name and quotation.speakers is None:
        value: Json = {**edges, "text": span.text, "choices": [name]}
        yield {**common, "from_name": config.PERSON, "type": "choices", "value": value}
    elif name:
        value = {**edges, "text": [name]}
        yield {**common, "from_name": config.NAME, "type": "textarea", "value": value}
    for name, choice in (
        (config.KIND, kind),
        (config.SPEAKER_KIND, quotation.speaker_kind),
        (config.CHANNEL, quotation.channel),
        (config.TYPE, quotation.attribution_type),
        (config.NEGATED, config.NEGATED if quotation.negated else None),
        (config.VERDICT, verification and verification.verdict),
    ):
        if choice is not None:
            value = {**edges, "text": span.text, "choices": [choice]}
            yield {**common, "from_name": name, "type": "choices", "value": value}


def _relation(source: str, target: str) -> Json:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": []}
