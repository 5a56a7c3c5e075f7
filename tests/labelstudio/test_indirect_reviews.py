"""Indirect speech in a review: it comes home unchanged, and what each change of it means."""

from __future__ import annotations

from typing import Any

import pytest
from builders import Words, span
from indirect_by_hand import (
    ALL,
    CLOSE,
    DISGRACE,
    DOCUMENT,
    FENWICK,
    INNER,
    LEAKS,
    OPEN,
    OUTER,
    PLAN,
    QUILL,
    RECORD,
    RENN,
    TEXT,
    at,
    said,
)
from labelstudio_by_hand import Change, Reviewer, prediction, quote

from quotes.errors import LabelStudioError
from quotes.labelstudio.checks import validate
from quotes.labelstudio.regions import excerpt
from quotes.labelstudio.tasks import to_task
from quotes.records import Quotation, parts_text, quote_id


def reviewer() -> Reviewer:
    return Reviewer(prediction(RECORD, DOCUMENT), TEXT)


def reported(quotation: Quotation, number: int = 1) -> str:
    return f"r-{quotation.quote_id}-{number}"


def mention(words: Words) -> str:
    return "s-{}-{}".format(*at(words))


def phrase(words: Words) -> str:
    return "p-{}-{}".format(*at(words))


def changed(quotation: Quotation, **fields: Any) -> Quotation:
    return quotation.model_copy(update=fields)


def bounded(quotation: Quotation, *parts: Words) -> Quotation:
    ranges = tuple(at(part) for part in parts)
    sha = DOCUMENT.text_sha256
    return changed(quotation, parts=ranges, quote_id=quote_id(sha, ranges), text=parts_text(TEXT, ranges))


def instead(old: Quotation, *new: Quotation) -> tuple[Quotation, ...]:
    found = [*(one for one in ALL if one is not old), *new]
    return tuple(sorted(found, key=lambda one: one.parts))


def told(words: Words, says: str) -> str:
    return f"{excerpt(TEXT, *at(words))} {says}"


def test_a_task_shows_inner_regions_on_top() -> None:
    """A region comes after those that contain it: Reported, then the Quote in it."""
    items = prediction(RECORD, DOCUMENT)
    roles = [
        (item["value"]["labels"][0], item["value"]["text"])
        for item in items
        if "labels" in item.get("value", ())
    ]
    assert roles[:4] == [
        ("Source", "Mayor Ada Quill"),
        ("Speaker", "Ada Quill"),
        ("Cue", "said"),
        ("Indirect", "that the pier would close on Friday"),
    ]
    inner = ["Renn thinks the dam is “mad” now", "Renn", "thinks", "the dam is “mad” now", "“mad”"]
    assert [words for _, words in roles][-9:-3] == ["said", *inner]
    assert {role for role, words in roles if words == PLAN} == {"Reported"}
    arrows = {
        (item["from_id"], item["to_id"], *item["labels"]) for item in items if item["type"] == "relation"
    }
    assert {
        (reported(DISGRACE), quote(DISGRACE)),
        (quote(DISGRACE, 2), quote(DISGRACE)),
        (quote(DISGRACE), phrase("Ida Fenwick, who runs the ferry,")),
        (quote(OPEN, 2), quote(OPEN)),
    } < arrows
    validate([to_task(DOCUMENT, RECORD, model_version="m")])


CONTENT: dict[str, tuple[Change, tuple[Quotation, ...], list[str]]] = {
    "nothing": (lambda r: r, ALL, []),
    "an Indirect's edges moved, a blank caught": (
        lambda r: r.move(quote(CLOSE), *at("that the pier would close ")),
        instead(CLOSE, bounded(CLOSE, "that the pier would close")),
        [],
    ),
    "an Indirect deleted; what it contains stays": (lambda r: r.delete(quote(OUTER)), instead(OUTER), []),
    "an Indirect added, with everything": (
        lambda r: (
            r.delete(quote(CLOSE))
            .label("x", "Indirect", *at("the pier would close"), channel="writing",
                   attribution_type="fact", negated="negated")
            .tie("x", mention("Ada Quill")).tie("x", phrase("Mayor Ada Quill"))
        ),
        instead(CLOSE, said("the pier would close", speaker="Ada Quill", source="Mayor Ada Quill",
                            channel="writing", attribution_type="fact", negated=True, **QUILL)),
        [],
    ),
    "an Indirect in two parts added": (
        lambda r: r.label("x", "Indirect", *at("reporters")).label(
            "y", "Indirect", *at("on Friday")).tie("x", "y"),
        instead(OPEN, OPEN, said("on Friday", "reporters")),
        [],
    ),
    "an Indirect tied to another is a part of it": (
        lambda r: r.label("x", "Indirect", *at("reporters")).tie("x", quote(OPEN)),
        instead(OPEN, bounded(OPEN, "The harbour", "reporters", "would stay open")),
        [],
    ),
    "so is a Reported": (
        lambda r: r.label("x", "Reported", *at("reporters")).tie(quote(OPEN, 2), "x"),
        instead(OPEN, bounded(OPEN, "The harbour", "reporters", "would stay open")),
        [],
    ),
    "a Quote becomes an Indirect: its kind doesn't count any more": (
        lambda r: relabel(r, quote(INNER), "Indirect").delete(reported(INNER)),
        instead(INNER, changed(INNER, kind="indirect", content=None)),
        [],
    ),
    "an Indirect becomes a Quote": (
        lambda r: relabel(r, quote(LEAKS), "Quote"),
        ALL,
        [told("whether it leaks", "has no kind: taken as indirect")],
    ),
    "a Quote of the kind of an old project": (
        lambda r: relabel(r, quote(LEAKS), "Quote").set(quote(LEAKS), "kind", "indirect"), ALL, [],
    ),
    "Reported moved": (
        lambda r: r.move(reported(INNER), *at("dam is “mad” ")),
        instead(INNER, changed(INNER, content=(at("dam is “mad”"),))),
        [],
    ),
    "Reported moved off the Quote: the content is both": (
        lambda r: r.move(reported(INNER), *at("the dam")),
        instead(INNER, changed(INNER, content=(at("the dam"), at("“mad”")))),
        [],
    ),
    "Reported deleted": (
        lambda r: r.delete(reported(INNER)), instead(INNER, changed(INNER, content=None)), [],
    ),
    "Reported just over the Quote says nothing new": (
        lambda r: r.move(reported(INNER), *at("“mad”")),
        instead(INNER, changed(INNER, content=None)),
        [],
    ),
    "only the words outside the Quotes marked as Reported": (
        lambda r: (
            r.move(reported(DISGRACE), *at("the plan ")).label("x", "Reported", *at("to the"))
            .label("y", "Reported", *at(("“whole”", " town"))).tie("x", quote(DISGRACE, 2)).tie("y", "x")
        ),
        ALL,
        [],
    ),
    "an Indirect tied to a Quote is a Reported of it": (
        lambda r: relabel(r, reported(INNER), "Indirect"), ALL, [],
    ),
    "a Quote with its Reported added": (
        lambda r: (
            r.label("x", "Quote", *at("“whole”")).label("y", "Reported", *at("the “whole” town"))
            .tie("y", "x").delete(quote(DISGRACE)).delete(quote(DISGRACE, 2)).tie("x", mention("Ida Fenwick"))
        ),
        instead(DISGRACE, said("“whole”", kind="mixed", content=["the “whole” town"], speaker="Ida Fenwick",
                               **FENWICK)),
        [told("“whole”", "has no kind: taken as mixed")],
    ),
    "a Quote deleted, and its Reported forgotten": (lambda r: r.delete(quote(INNER)), instead(INNER), []),
    "not a quotation: nothing is reported": (
        lambda r: r.set(quote(INNER), "kind", "not a quotation"),
        instead(INNER, changed(INNER, kind="unattributed", content=None, speaker=None, speaker_name=None,
                               speaker_kind="unknown", cue=None, attribution_type=None)),
        [],
    ),
    "a Reported without an arrow": (
        lambda r: r.label("x", "Reported", *at("reporters")),
        ALL,
        [told("reporters", "is a Reported without an arrow to a quotation: left out")],
    ),
    "the same words marked as Quote and Indirect": (
        lambda r: r.label("x", "Indirect", *at("“mad”")),
        ALL,
        [told("“mad”", "is marked twice: one of the two is left out")],
    ),
}  # fmt: skip
OLD_ARROW = told(
    "that the pier would close on Friday",
    "has a new speaker: the old arrow to “Ada Quill” [6, 15) does not count",
)
SOURCE: dict[str, tuple[Change, tuple[Quotation, ...], list[str]]] = {
    "another type": (
        lambda r: r.set(quote(CLOSE), "attribution_type", "belief"),
        instead(CLOSE, changed(CLOSE, attribution_type="belief")),
        [],
    ),
    "a type taken away": (
        lambda r: r.clear(quote(CLOSE), "attribution_type"),
        instead(CLOSE, changed(CLOSE, attribution_type=None)),
        [],
    ),
    "not negated after all": (
        lambda r: r.clear(quote(LEAKS), "negated"), instead(LEAKS, changed(LEAKS, negated=False)), [],
    ),
    "a Source's edges moved": (
        lambda r: r.move(phrase("Ida Fenwick, who runs the ferry,"), *at("Ida Fenwick, who runs")),
        instead(DISGRACE, changed(DISGRACE, source=span(TEXT, "Ida Fenwick, who runs"))),
        [],
    ),
    "a Source deleted": (
        lambda r: r.delete(phrase("Mayor Ada Quill")), instead(CLOSE, changed(CLOSE, source=None)), [],
    ),
    "a Source added": (
        lambda r: r.label("x", "Source", *at("Tobias Renn told")).tie(quote(OPEN), "x"),
        instead(OPEN, changed(OPEN, source=span(TEXT, "Tobias Renn told"))),
        [],
    ),
    "a Source like the Speaker says nothing new": (
        lambda r: r.move(phrase("Mayor Ada Quill"), *at("Ada Quill ")),
        instead(CLOSE, changed(CLOSE, source=None)),
        [],
    ),
    "two Sources drawn": (
        lambda r: r.label("x", "Source", *at("Ida")).tie(quote(OPEN), phrase("Mayor Ada Quill")).tie(
            quote(OPEN), "x"),
        instead(OPEN, changed(OPEN, source=span(TEXT, "Ida"))),
        [told("The harbour", "has 2 new arrows to a Source: the last one counts")],
    ),
    "a Source without an arrow": (
        lambda r: r.label("x", "Source", *at("reporters")),
        ALL,
        [told("reporters", "is a Source without an arrow to a quotation: left out")],
    ),
    "another speaker: the old one's Source is left out": (
        lambda r: r.tie(quote(CLOSE), mention("Tobias Renn")),
        instead(CLOSE, changed(CLOSE, speaker=OPEN.speaker, source=None, **RENN)),
        [OLD_ARROW],
    ),
    "another speaker and Source": (
        lambda r: r.tie(quote(CLOSE), mention("Ida Fenwick")).tie(
            quote(CLOSE), phrase("Ida Fenwick, who runs the ferry,")),
        instead(CLOSE, changed(CLOSE, speaker=DISGRACE.speaker, source=DISGRACE.source, **FENWICK)),
        [OLD_ARROW],
    ),
    "another mention within the same Source": (
        lambda r: r.label("x", "Speaker", *at("Mayor")).tie(quote(CLOSE), "x"),
        instead(CLOSE, changed(CLOSE, speaker=span(TEXT, "Mayor"), speaker_name=None)),
        [OLD_ARROW, told("that the pier would close on Friday",
              "has a new speaker: the name 'Ada Quill' is left out")],
    ),
}  # fmt: skip
MEANINGS = {**CONTENT, **SOURCE}


def relabel(reviewer: Reviewer, region: str, label: str) -> Reviewer:
    """Click a region and press the key of another label."""
    [item] = [one for one in reviewer.result if one.get("id") == region and one["from_name"] == "role"]
    item["value"]["labels"] = [label]
    for one in reviewer.result:
        if one.get("id") == region:
            one["origin"] = "prediction-changed"
    return reviewer


@pytest.mark.parametrize("name", MEANINGS)
def test_what_a_change_means(name: str) -> None:
    change, meant, notes = MEANINGS[name]
    done = reviewer()
    change(done)
    reading = done.reading()
    assert reading.quotations == meant
    assert list(reading.notes) == notes


#: The mention's own quotation is deleted: without the prediction, nobody is left who knows its name.
NEEDS_THE_PREDICTION = {"an Indirect added, with everything", "a Quote with its Reported added"}


@pytest.mark.parametrize("name", MEANINGS)
def test_what_a_change_means_if_the_prediction_is_unknown(name: str) -> None:
    change, meant, _ = MEANINGS[name]
    done = reviewer()
    change(done)
    assert (done.reading(knows=False).quotations == meant) == (name not in NEEDS_THE_PREDICTION)


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (changed(CLOSE, content=(at("the pier"),)), "indirect but has other content"),
        (changed(INNER, source=CLOSE.source, content=((0, len(TEXT) + 1),)), "does not fit"),
        (changed(CLOSE, source=CLOSE.source.model_copy(update={"start": 1, "end": 16})), "does not fit"),
        (changed(LEAKS, kind="unattributed", speaker=None, speaker_name=None, cue=None), "unattributed but"),
    ],
)  # fmt: skip
def test_a_record_that_does_not_fit_is_refused(record: Quotation, says: str) -> None:
    with pytest.raises(LabelStudioError, match=f"^pier: .*{says}"):
        to_task(DOCUMENT, RECORD.model_copy(update={"quotations": (record,)}), model_version="m")
