"""What each mark of a reviewer means; accepted records come back unchanged, whatever the text."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from labelstudio_by_hand import (
    ALL,
    CLOSED,
    DISGRACE,
    OUT,
    RAINED,
    SHA,
    TEXT,
    Change,
    Reviewer,
    at,
    cue,
    exported,
    mention,
    prediction,
    quote,
    quoted,
    span,
)

from quotes.errors import LabelStudioError
from quotes.labelstudio import config
from quotes.labelstudio.checks import validate
from quotes.labelstudio.exports import parse_export
from quotes.labelstudio.regions import excerpt
from quotes.labelstudio.results import read
from quotes.labelstudio.reviews import review
from quotes.labelstudio.tasks import to_task, uncertain_first
from quotes.records import Document, DocumentRecord, Quotation, Span, Speaker, parts_text, quote_id

Ranges = tuple[tuple[int, int], ...]


def relaxed(number: int) -> settings:
    return settings(
        deadline=None,
        max_examples=examples(number),
        suppress_health_check=list(HealthCheck),
    )


# --- Nothing lost ---

PIECES = st.sampled_from(
    ["“", "”", '"', "‘", "’", "Ada Quill", " said", "\U0001f30a", "\U0001f469\u200d\U0001f680",
     "\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f44d\U0001f3fd", "e\u0301", "\u0301", "雨が降った",
     "\U00020bb7", "\u00a0", "\u2009", "\u200b", "\ufeff", "\u00ad", "\t", "  ", "\n", "\n\n",
     "\n   \n", "\r\n", "\r", "\u2028", "\x0b", "\x0c", "\x85", "\u202e", "&amp;", "<b>", "\\n"]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, min_size=1, max_size=40).map("".join),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=80),
)
NAMES = st.one_of(
    st.none(),
    st.sampled_from(["Ada Quill", "Tobias Renn"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=9).filter(
        str.strip
    ),
)


@st.composite
def spans_of(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    return Span.of(text, start, draw(st.integers(start + 1, len(text))))


KINDS = st.sampled_from(config.VALUES["speaker_kind"])


def span_of(speaker: Speaker) -> Span:
    return Span(start=speaker.start, end=speaker.end, text=speaker.text)


@st.composite
def quotations_of(draw: st.DrawFn, document: Document, pool: list[Span]) -> Quotation:
    """Any quotation: mentions and cues come from a small pool, so that several quotations share them."""
    text = document.text
    cuts = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=8, unique=True).map(sorted))
    parts = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    kind = draw(st.sampled_from(["direct", "mixed", "indirect", "unattributed"]))
    quoted = kind != "unattributed"
    some = st.one_of(st.none(), st.sampled_from(pool))
    speaker, source = draw(some) if quoted else None, draw(some) if quoted else None
    content = draw(st.none() | contents_of(parts, len(text))) if kind in ("direct", "mixed") else None
    name = draw(NAMES) if quoted else None
    speaker_kind = draw(KINDS) if quoted else "unknown"
    mentions = sorted(
        {(one.start, one.end): one for one in pool}.values(), key=lambda one: (one.start, one.end)
    )
    speakers = None
    if quoted and len(mentions) > 1 and draw(st.booleans()):
        speakers = tuple(
            Speaker(
                **one.model_dump(),
                name=draw(st.sampled_from([None, "Ada Quill", "The Post"])),
                kind=draw(KINDS),
            )
            for one in mentions
        )
        speaker, name, speaker_kind = span_of(speakers[0]), speakers[0].name, speakers[0].kind
    return Quotation(
        quote_id=quote_id(document.text_sha256, parts),
        kind=kind,
        channel=draw(st.sampled_from(["speech", "writing", "tweet"])),
        parts=parts,
        text=parts_text(text, parts),
        speaker=speaker,
        speaker_name=name,
        speaker_kind=speaker_kind,
        speakers=speakers,
        speaker_role=draw(st.sampled_from([None, "mayor of Orlness"])) if speaker else None,
        speaker_id=draw(st.sampled_from([None, "Q76"])) if speaker else None,
        cue=draw(some) if quoted else None,
        rule=draw(st.sampled_from(["after-quotation", "none"])),
        confidence=draw(st.floats(0, 1)),
        content=None if content == parts else content,
        source=None if source == speaker else source,
        attribution_type=draw(st.sampled_from([None, *config.VALUES["attribution_type"]]))
        if quoted
        else None,
        negated=quoted and draw(st.booleans()),
    )


@st.composite
def contents_of(draw: st.DrawFn, parts: Ranges, size: int) -> Ranges:
    """Any ranges around the parts, in one or two pieces, which may touch."""
    start, end = draw(st.integers(0, parts[0][0])), draw(st.integers(parts[-1][1], size))
    gaps = [(one[1], other[0]) for one, other in pairwise(parts)]
    if not gaps or draw(st.booleans()):
        return ((start, end),)
    low, high = draw(st.sampled_from(gaps))
    cut = draw(st.integers(low, high))
    return ((start, cut), (draw(st.integers(cut, high)), end))


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, DocumentRecord]:
    document = Document(doc_id=draw(st.sampled_from(["a", "b/story", "雨"])), text=draw(TEXTS))
    pool = draw(st.lists(spans_of(document.text), min_size=1, max_size=4))
    found = draw(st.lists(quotations_of(document, pool), max_size=6, unique_by=lambda one: one.parts))
    in_order = tuple(sorted(found, key=lambda one: one.parts))
    return document, DocumentRecord(
        doc_id=document.doc_id, text_sha256=document.text_sha256, quotations=in_order
    )


def accepted(record: DocumentRecord, who: str) -> tuple[Quotation, ...]:
    """The record's quotations as a review says them that changed nothing."""
    return tuple(one.model_copy(update={"rule": who, "confidence": 1.0}) for one in record.quotations)


@given(documents(), st.sampled_from([None, "prediction"]), st.booleans())
@relaxed(600)
def test_an_accepted_record_comes_back_unchanged(
    pair: tuple[Document, DocumentRecord], origin: str | None, knows: bool
) -> None:
    """Through the whole way: task, JSON, export, review."""
    document, record = pair
    task = json.loads(json.dumps(to_task(document, record, model_version="m")))
    prefilled = task["predictions"][0]["result"]
    result = [
        item if origin is None or "from_id" in item else {**item, "origin": origin} for item in prefilled
    ]
    began = {"prediction": {"id": 3, "result": prefilled}} if knows else {"prediction": {}}
    annotation = {"id": 1, "completed_by": 9, "result": result, "was_cancelled": False, **began}
    exported_task = {**exported(annotation), "data": task["data"], "meta": task["meta"]}
    reviews = review(parse_export([exported_task], "it"))
    [gold] = reviews.gold
    assert gold.quotations == accepted(record, "review:user-9")
    assert gold == record.model_copy(update={"quotations": gold.quotations})
    assert (reviews.report.notes, reviews.report.problems) == ([], [])
    assert reviews.report.unchanged == (len(record.quotations) if knows else 0)
    assert (reviews.report.changed, reviews.report.added, reviews.report.removed) == (0, 0, 0)


@given(st.lists(documents(), min_size=1, max_size=3))
@relaxed(60)
def test_every_task_is_valid(pairs: list[tuple[Document, DocumentRecord]]) -> None:
    validate([to_task(document, record, model_version="m") for document, record in pairs])


# --- What marks mean ---

SHE, RENN = span("she"), span("Tobias Renn")


def named(words: str, name: str | None, kind: str = "person") -> Speaker:
    return Speaker.model_validate({**Span.of(TEXT, *at(words)).model_dump(), "name": name, "kind": kind})


SHE_IS_ADA, RENN_HIMSELF = named("she", "Ada Quill"), named("Tobias Renn", "Tobias Renn")
NOBODY: dict[str, Any] = {"speaker_name": None, "speaker_kind": "unknown"}
BARE = {"kind": "unattributed", "speaker": None, "cue": None, **NOBODY}


def changed(quotation: Quotation, **fields: Any) -> Quotation:
    return quotation.model_copy(update=fields)


def bounded(quotation: Quotation, *parts: tuple[int, int]) -> Quotation:
    return changed(quotation, parts=parts, quote_id=quote_id(SHA, parts), text=parts_text(TEXT, parts))


def instead(old: Quotation, *new: Quotation) -> tuple[Quotation, ...]:
    """All the quotations but one."""
    return in_order(*(one for one in ALL if one is not old), *new)


def in_order(*quotations: Quotation) -> tuple[Quotation, ...]:
    return tuple(sorted(quotations, key=lambda one: one.parts))


def told(quotation: Quotation, says: str) -> str:
    return f"{excerpt(TEXT, *quotation.parts[0])} {says}"


START, END = RAINED.parts[0]
RENN_SAID = changed(RAINED, speaker=RENN, speaker_name="Tobias Renn")
DROPPED = "has a new speaker: the name 'Ada Quill' is left out"


def old_arrow(quotation: Quotation) -> str:
    """What is said if a reviewer left the old arrow, which no longer counts."""
    assert quotation.speaker is not None
    old = excerpt(TEXT, quotation.speaker.start, quotation.speaker.end)
    return told(quotation, f"has a new speaker: the old arrow to {old} does not count")


ANOTHER_SPEAKER: dict[str, tuple[Change, tuple[Quotation, ...], list[str]]] = {
    "one arrow to another mention: name and kind follow": (
        lambda r: r.tie(quote(RAINED), mention("Tobias Renn")),
        instead(RAINED, RENN_SAID),
        [old_arrow(RAINED)],
    ),
    "the arrow drawn the other way round": (
        lambda r: r.tie(mention("Tobias Renn"), quote(RAINED)),
        instead(RAINED, RENN_SAID),
        [old_arrow(RAINED)],
    ),
    "the old arrow deleted": (
        lambda r: r.untie(quote(RAINED), mention("Ada Quill")).tie(
            quote(RAINED), mention("Tobias Renn"), "said by"
        ),
        instead(RAINED, RENN_SAID),
        [],
    ),
    "arrow and name": (
        lambda r: r.tie(quote(RAINED), mention("Tobias Renn")).set(
            quote(RAINED), "speaker_name", "T.  Renn "
        ),
        instead(RAINED, changed(RENN_SAID, speaker_name="T. Renn")),
        [old_arrow(RAINED)],
    ),
    "another kind doesn't make the name a typed one": (
        lambda r: r.tie(quote(RAINED), mention("Tobias Renn")).set(quote(RAINED), "kind", "mixed"),
        instead(RAINED, changed(RENN_SAID, kind="mixed")),
        [old_arrow(RAINED)],
    ),
    "a mention that nobody knows by name": (
        lambda r: r.label("x", "Speaker", *at("Mayor")).tie(quote(OUT), "x"),
        instead(OUT, changed(OUT, speaker=span("Mayor"), speaker_name=None)),
        [old_arrow(OUT), told(OUT, DROPPED)],
    ),
    "a new mention of somebody whom the article names: name and kind come with it": (
        lambda r: r.label("x", "Speaker", *at("Renn")).tie(quote(RAINED), "x"),
        instead(RAINED, changed(RENN_SAID, speaker=span("Renn"))),
        [old_arrow(RAINED)],
    ),
    "another mention and another name: the kind that stays ticked is stored": (
        lambda r: r.label("x", "Speaker", *at("Mayor")).tie(quote(OUT), "x").set(
            quote(OUT), "speaker_name", "Ida Fenwick"
        ),
        instead(OUT, changed(OUT, speaker=span("Mayor"), speaker_name="Ida Fenwick")),
        [old_arrow(OUT)],
    ),
    "a mention of another kind, and a name that is typed: the kind that stays ticked is stored": (
        lambda r: r.set(quote(DISGRACE), "speaker_kind", "group").tie(
            quote(RAINED), mention("Tobias Renn")
        ).set(quote(RAINED), "speaker_name", "T. Renn"),
        in_order(
            changed(RENN_SAID, speaker_name="T. Renn"), OUT, changed(DISGRACE, speaker_kind="group"), CLOSED
        ),
        [old_arrow(RAINED)],
    ),
    "a mention of another kind, and nothing typed: name and kind follow, which is told": (
        lambda r: r.set(quote(DISGRACE), "speaker_kind", "group").tie(quote(RAINED), mention("Tobias Renn")),
        in_order(
            changed(RENN_SAID, speaker_kind="group"), OUT, changed(DISGRACE, speaker_kind="group"), CLOSED
        ),
        [old_arrow(RAINED), told(RAINED, "has a new speaker: group, not person, as elsewhere")],
    ),
    "the name follows as it is corrected, not as it was predicted": (
        lambda r: r.set(quote(DISGRACE), "speaker_name", "T. Renn").tie(quote(OUT), mention("Tobias Renn")),
        in_order(
            RAINED,
            changed(OUT, speaker=RENN, speaker_name="T. Renn"),
            changed(DISGRACE, speaker_name="T. Renn"),
            CLOSED,
        ),
        [old_arrow(OUT)],
    ),
    "the name follows of a mention whose own quotation is deleted": (
        lambda r: r.tie(quote(OUT), mention("Tobias Renn")).delete(quote(DISGRACE)),
        in_order(RAINED, changed(OUT, speaker=RENN, speaker_name="Tobias Renn"), CLOSED),
        [old_arrow(OUT)],
    ),
    "two arrows drawn": (
        lambda r: r.tie(quote(RAINED), mention("Tobias Renn")).tie(quote(RAINED), mention("she")),
        instead(RAINED, changed(RAINED, speaker=SHE, speakers=(SHE_IS_ADA, RENN_HIMSELF))),
        [],
    ),
    "an arrow to another, and both names": (
        lambda r: r.tie(quote(RAINED), mention("Tobias Renn")).set(
            quote(RAINED), "speaker_name", "Ada Quill; Tobias Renn"
        ),
        instead(RAINED, changed(RAINED, speakers=(named("Ada Quill", "Ada Quill"), RENN_HIMSELF))),
        [],
    ),
    "an arrow to another, both names, and another kind": (
        lambda r: r.tie(quote(RAINED), mention("Tobias Renn")).set(
            quote(RAINED), "speaker_name", "Ada Quill;– (group)"
        ),
        instead(
            RAINED,
            changed(RAINED, speakers=(named("Ada Quill", "Ada Quill"), named("Tobias Renn", None, "group"))),
        ),
        [],
    ),
    "the mention deleted": (
        lambda r: r.delete(mention("Ada Quill")),
        instead(RAINED, changed(RAINED, speaker=None, speaker_name=None)),
        [told(RAINED, DROPPED)],
    ),
    "the mention deleted, a name typed": (
        lambda r: r.delete(mention("Ada Quill")).set(quote(RAINED), "speaker_name", "Ida Fenwick"),
        instead(RAINED, changed(RAINED, speaker=None, speaker_name="Ida Fenwick")),
        [],
    ),
    "a mention's edges moved, a blank caught": (
        lambda r: r.move(mention("Ada Quill"), *at("Mayor Ada Quill ")),
        instead(RAINED, changed(RAINED, speaker=span("Mayor Ada Quill"))),
        [],
    ),
    "a mention drawn anew over the same words": (
        lambda r: r.delete(mention("Ada Quill")).label("x", "Speaker", *at("Mayor Ada Quill")).tie(
            quote(RAINED), "x"
        ),
        instead(RAINED, changed(RAINED, speaker=span("Mayor Ada Quill"))),
        [],
    ),
    "another cue": (
        lambda r: r.label("x", "Cue", *at("called the dam")).tie(quote(DISGRACE), "x"),
        instead(DISGRACE, changed(DISGRACE, cue=span("called the dam"))),
        [],
    ),
    "two cues drawn": (
        lambda r: r.tie(quote(OUT), cue("said")).tie(quote(OUT), cue("called")),
        instead(OUT, changed(OUT, cue=span("called"))),
        [told(OUT, "has 2 new arrows to a Cue: the last one counts")],
    ),
    "the cue deleted": (
        lambda r: r.delete(cue("said")),
        instead(RAINED, changed(RAINED, cue=None)),
        [],
    ),
}  # fmt: skip
VALUES: dict[str, tuple[Change, tuple[Quotation, ...], list[str]]] = {
    "nothing": (lambda r: r, ALL, []),
    "a name": (
        lambda r: r.set(quote(RAINED), "speaker_name", "Ada J. Quill"),
        instead(RAINED, changed(RAINED, speaker_name="Ada J. Quill")),
        [],
    ),
    "a name taken away": (
        lambda r: r.clear(quote(RAINED), "person"),
        instead(RAINED, changed(RAINED, speaker_name=None)),
        [],
    ),
    "another of the people": (
        lambda r: r.tick(quote(RAINED), "Tobias Renn"),
        instead(RAINED, changed(RAINED, speaker_name="Tobias Renn")),
        [],
    ),
    "another of the people, and another name typed: that one": (
        lambda r: r.tick(quote(RAINED), "Tobias Renn").set(quote(RAINED), "speaker_name", "T. Renn"),
        instead(RAINED, changed(RAINED, speaker_name="T. Renn")),
        [],
    ),
    "channel and speaker's kind": (
        lambda r: r.set(quote(DISGRACE), "channel", "tweet").set(quote(DISGRACE), "speaker_kind", "group"),
        instead(DISGRACE, changed(DISGRACE, channel="tweet", speaker_kind="group")),
        [],
    ),
    "not a quotation": (
        lambda r: r.set(quote(DISGRACE), "kind", "not a quotation"),
        instead(DISGRACE, changed(DISGRACE, **BARE)),
        [],
    ),
    "a quotation after all": (
        lambda r: (
            r.set(quote(CLOSED), "kind", "direct")
            .label("x", "Speaker", *at("The sign"))
            .tie(quote(CLOSED), "x")
        ),
        instead(CLOSED, changed(CLOSED, kind="direct", speaker=span("The sign"))),
        [],
    ),
    "a kind taken away": (
        lambda r: r.clear(quote(DISGRACE), "kind"),
        instead(DISGRACE, changed(DISGRACE, kind="direct")),
        [told(DISGRACE, "has no kind: taken as direct")],
    ),
}
REGIONS: dict[str, tuple[Change, tuple[Quotation, ...], list[str]]] = {
    "a deleted Quote; what it was tied to is no orphan of the reviewer's": (
        lambda r: r.delete(quote(DISGRACE)),
        instead(DISGRACE),
        [],
    ),
    "a blank caught at the end": (lambda r: r.move(quote(RAINED), START, END + 1), ALL, []),
    "a blank caught at the start": (
        lambda r: r.move(quote(DISGRACE), DISGRACE.parts[0][0] - 1, DISGRACE.parts[0][1]),
        ALL,
        [],
    ),
    "a Quote's edges moved": (
        lambda r: r.move(quote(RAINED), START, END + 6),
        instead(RAINED, bounded(RAINED, (START, END + 6))),
        [],
    ),
    "an added Quote, nested in another": (
        lambda r: r.label("x", "Quote", *at("And I"), kind="indirect", speaker_name="Ida Fenwick",
                          speaker_kind="person", channel="tweet"),
        in_order(*ALL, quoted("And I", kind="indirect", speaker_name="Ida Fenwick", speaker_kind="person",
                              channel="tweet")),
        [],
    ),
    "an added Quote takes the name that its mention has elsewhere": (
        lambda r: r.label("x", "Quote", *at("The sign "), kind="mixed").tie("x", mention("Tobias Renn")),
        in_order(*ALL, quoted("The sign", kind="mixed", speaker="Tobias Renn", speaker_name="Tobias Renn",
                              speaker_kind="person")),
        [],
    ),
    "added without a kind, in marks": (
        lambda r: r.label("x", "Quote", *at("“And")),
        in_order(*ALL, quoted("“And")),
        [f"{excerpt(TEXT, *at('“And'))} has no kind: taken as direct"],
    ),
    "added without a kind, without marks": (
        lambda r: r.label("x", "Quote", *at("the dam")),
        in_order(*ALL, quoted("the dam", kind="indirect")),
        [f"{excerpt(TEXT, *at('the dam'))} has no kind: taken as indirect"],
    ),
    "drawn over nothing but blanks": (
        lambda r: r.label("x", "Quote", TEXT.index("\n\n"), TEXT.index("\n\n") + 2),
        ALL,
        ["a Quote at 81 contains only blanks: left out"],
    ),
    "the same words marked twice: the one with a speaker counts": (
        lambda r: r.label("x", "Quote", *DISGRACE.parts[0], kind="direct"),
        ALL,
        [told(DISGRACE, "is marked twice: one of the two is left out")],
    ),
    "a drawn Speaker without an arrow": (
        lambda r: r.label("x", "Speaker", *at("The sign")),
        ALL,
        [f"{excerpt(TEXT, *at('The sign'))} is a Speaker without an arrow to a quotation: left out"],
    ),
    "a drawn Cue without an arrow": (
        lambda r: r.label("x", "Cue", *at("The sign")),
        ALL,
        [f"{excerpt(TEXT, *at('The sign'))} is a Cue without an arrow to a quotation: left out"],
    ),
    "an arrow from a Speaker to a Cue": (
        lambda r: r.tie(mention("she"), cue("said")),
        ALL,
        [
            f"{excerpt(TEXT, *at('she'))} has an arrow to {excerpt(TEXT, *at('said'))} "
            "without meaning: ignored"
        ],
    ),
    "an arrow said by between two Quotes": (
        lambda r: r.tie(quote(RAINED), quote(DISGRACE), "said by"),
        ALL,
        [told(RAINED, f"has an arrow to {excerpt(TEXT, *DISGRACE.parts[0])} without meaning: ignored")],
    ),
    "an arrow to nowhere": (lambda r: r.tie(quote(RAINED), "gone"), ALL, []),
}  # fmt: skip
PARTS: dict[str, tuple[Change, tuple[Quotation, ...], list[str]]] = {
    "tied the other way round, without a word": (
        lambda r: r.untie(quote(OUT, 2), quote(OUT)).tie(quote(OUT), quote(OUT, 2)),
        ALL,
        [],
    ),
    "two quotations made one: the earlier part's values count": (
        lambda r: r.tie(quote(DISGRACE), quote(RAINED)),
        in_order(OUT, CLOSED, bounded(RAINED, *RAINED.parts, *DISGRACE.parts)),
        [],
    ),
    "a later part added": (
        lambda r: r.label("x", "Quote", *at("Closed")).tie("x", quote(DISGRACE)),
        instead(DISGRACE, bounded(DISGRACE, *DISGRACE.parts, at("Closed"))),
        [],
    ),
    "an earlier part added": (
        lambda r: r.label("x", "Quote", *at("the dam")).tie("x", quote(DISGRACE)),
        instead(DISGRACE, bounded(DISGRACE, at("the dam"), *DISGRACE.parts)),
        [],
    ),
    "values given on a later part": (
        lambda r: r.set(quote(OUT, 2), "kind", "mixed").set(quote(OUT, 2), "speaker_name", "Ada J. Quill"),
        instead(OUT, changed(OUT, kind="mixed", speaker_name="Ada J. Quill")),
        [],
    ),
    "the speaker's arrow from a later part": (
        lambda r: r.untie(quote(OUT), mention("she")).tie(quote(OUT, 2), mention("she")),
        ALL,
        [],
    ),
    "another speaker's arrow from a later part": (
        lambda r: r.tie(quote(OUT, 2), mention("Tobias Renn")),
        instead(OUT, changed(OUT, speaker=RENN, speaker_name="Tobias Renn")),
        [old_arrow(OUT)],
    ),
    "parts that overlap become one": (
        lambda r: r.move(quote(OUT, 2), OUT.parts[0][1] - 3, OUT.parts[1][1]),
        instead(OUT, bounded(OUT, (OUT.parts[0][0], OUT.parts[1][1]))),
        [f"{excerpt(TEXT, OUT.parts[0][1] - 3, OUT.parts[1][1])} overlaps the part before it: joined"],
    ),
    "split in two, as the guidelines say": (
        lambda r: r.move(quote(RAINED), START, START + 10).label("x", "Quote", START + 10, END),
        instead(RAINED, bounded(RAINED, (START, START + 10)), bounded(RAINED, (START + 11, END))),
        [],
    ),
    "split, and the second piece has another speaker and kind": (
        lambda r: (
            r.move(quote(RAINED), START, START + 10)
            .label("x", "Quote", START + 10, END, kind="mixed")
            .tie("x", mention("Tobias Renn"))
        ),
        instead(
            RAINED,
            bounded(RAINED, (START, START + 10)),
            changed(bounded(RENN_SAID, (START + 11, END)), kind="mixed"),
        ),
        [],
    ),
    "split, and the speaker of the first piece corrected: both are the other's": (
        lambda r: (
            r.move(quote(RAINED), START, START + 10)
            .label("x", "Quote", START + 10, END)
            .tie(quote(RAINED), mention("Tobias Renn"))
        ),
        instead(RAINED, bounded(RENN_SAID, (START, START + 10)), bounded(RENN_SAID, (START + 11, END))),
        [old_arrow(bounded(RAINED, (START, START + 10)))],
    ),
    "a piece at the front, of an interrupted quotation": (
        lambda r: r.move(quote(OUT, 2), OUT.parts[1][0] + 5, OUT.parts[1][1]).label(
            "x", "Quote", OUT.parts[1][0], OUT.parts[1][0] + 5
        ),
        instead(
            OUT,
            bounded(OUT, OUT.parts[0], (OUT.parts[1][0] + 5, OUT.parts[1][1])),
            bounded(OUT, (OUT.parts[1][0], OUT.parts[1][0] + 4)),
        ),
        [],
    ),
    "a part deleted": (
        lambda r: r.delete(quote(OUT, 2)),
        instead(OUT, bounded(OUT, OUT.parts[0])),
        [],
    ),
}
MEANINGS = {**ANOTHER_SPEAKER, **VALUES, **REGIONS, **PARTS}


@pytest.mark.parametrize("name", MEANINGS)
def test_what_a_change_means(name: str) -> None:
    change, meant, notes = MEANINGS[name]
    reviewer = Reviewer()
    change(reviewer)
    reading = reviewer.reading()
    assert reading.quotations == meant
    assert list(reading.notes) == notes


#: What can't be told without the prediction that a reviewer began with, and how it is read then.
NEEDS_THE_PREDICTION = {
    "a new mention of somebody whom the article names: name and kind come with it": "it may be blind",
    "another kind doesn't make the name a typed one": "the name counts as typed, and stays",
    "the name follows of a mention whose own quotation is deleted": "nobody is left who knows it",
    "two arrows drawn": "the first of three arrows may be any of them: the last one counts",
    "the old arrow deleted": "nobody sees that there was another: the name stays",
    "the mention deleted": "the same",
    "split in two, as the guidelines say": "nobody sees what the second piece was a part of",
    "split, and the second piece has another speaker and kind": "the same",
    "split, and the speaker of the first piece corrected: both are the other's": "the same",
    "a piece at the front, of an interrupted quotation": "the same",
    "two quotations made one: the earlier part's values count": "the later part's arrow counts as drawn",
}


@pytest.mark.parametrize("name", sorted({*ANOTHER_SPEAKER, *VALUES, *PARTS}))
def test_what_a_change_means_if_the_prediction_is_unknown(name: str) -> None:
    change, meant, _ = MEANINGS[name]
    reviewer = Reviewer()
    change(reviewer)
    assert (reviewer.reading(knows=False).quotations == meant) == (name not in NEEDS_THE_PREDICTION)


def test_a_review_of_an_empty_task() -> None:
    """Blind: nothing was pre-filled, so all is drawn."""
    reviewer = Reviewer([])
    reviewer.label("a", "Quote", *at("“disgrace”"), kind="mixed").label("b", "Speaker", *at("Tobias Renn"))
    reviewer.set("a", "speaker_name", "Tobias Renn").set("a", "speaker_kind", "person").tie("a", "b")
    reviewer.label("c", "Quote", *at("“Closed”"), kind="direct").tie("c", "b")
    renn = {"speaker": "Tobias Renn", "speaker_name": "Tobias Renn", "speaker_kind": "person"}
    meant = (quoted("“disgrace”", kind="mixed", **renn), quoted("“Closed”", **renn))
    for knows in (True, False):
        assert reviewer.reading(knows=knows).quotations == meant


def test_a_review_from_scratch_ignores_the_prediction() -> None:
    reviewer = Reviewer()
    reviewer.result = []
    reviewer.label("a", "Quote", *at("“disgrace”"), kind="mixed").label("b", "Speaker", *at("Tobias Renn"))
    assert reviewer.tie("a", "b").reading().quotations == (
        quoted("“disgrace”", kind="mixed", speaker="Tobias Renn"),
    )


def test_only_the_offsets_of_a_region_count() -> None:
    result = prediction()
    for item in result:
        if "value" in item and "start" in item["value"] and item["type"] != "textarea":
            item["value"]["text"] = "\\n lies \\n"
    assert read(result, TEXT, SHA, rule=RAINED.rule).quotations == ALL


# --- Damage ---


def _first(**changes: object) -> list[Any]:
    result = prediction()
    result[0] = {**result[0], **changes}
    return result


def _first_value(**changes: object) -> list[Any]:
    return _first(value={**prediction()[0]["value"], **changes})


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(_first_value(end=len(TEXT) + 1), id="beyond the text"),
        pytest.param(_first_value(start=10**400), id="a huge number"),
        pytest.param(_first_value(start=-1), id="before the text"),
        pytest.param(_first_value(start=9, end=9), id="empty"),
        pytest.param(_first_value(start=9, end=4), id="reversed"),
        pytest.param(_first_value(start="0"), id="a number in a string"),
        pytest.param(_first_value(start=0.0), id="a float"),
        pytest.param(_first_value(start=True), id="a truth value"),
        pytest.param(_first_value(start=None), id="no start"),
        pytest.param(_first_value(labels="Quote"), id="labels in a string"),
        pytest.param(_first_value(start=1), id="two places under one id"),
        pytest.param(_first(id=None), id="no id"),
        pytest.param(_first(id=["q"]), id="an id that is a list"),
        pytest.param(_first(value=None), id="no value"),
        pytest.param(_first(type=None), id="no type"),
        pytest.param(["region"], id="a string"),
        pytest.param([None], id="nothing"),
        pytest.param([{"type": "relation", "from_id": 4, "to_id": "q"}], id="a relation from a number"),
        pytest.param([{"type": "relation", "from_id": "q"}], id="half a relation"),
        pytest.param(
            [{"type": "relation", "from_id": "a", "to_id": "b", "labels": [3]}], id="a number's label"
        ),
    ],
)
def test_damage_is_refused(result: list[Any]) -> None:
    with pytest.raises(LabelStudioError, match="damaged"):
        read(result, TEXT, SHA, rule="review:x")


def test_a_damaged_prediction_does_not_spoil_a_review() -> None:
    reading = read(prediction(), TEXT, SHA, rule=RAINED.rule, prefilled=_first_value(start=-1))
    assert reading.quotations == ALL


def test_marks_of_other_controls_are_left_out() -> None:
    place = {"start": 0, "end": 4}
    other = [
        {"id": "o", "from_name": "mood", "type": "labels", "value": {**place, "labels": ["Sad"]}},
        {"id": "p", "from_name": "role", "type": "labels", "value": {**place, "labels": []}},
        {"id": quote(RAINED), "from_name": "mood", "type": "choices",
         "value": {"start": START, "end": END, "choices": ["glad"]}},
    ]  # fmt: skip
    reading = read([*prediction(), *other], TEXT, SHA, rule=RAINED.rule)
    assert reading.quotations == ALL
    labels = "Quote, Speaker, Cue, Indirect, Reported, Source, Not a quotation"
    assert list(reading.notes) == [f"“It [0, 4) has none of the labels {labels}: left out"] * 2


@pytest.mark.parametrize(
    ("choices", "kind", "note"),
    [
        (["mixed", "direct"], "mixed", "kind mixed, direct"),
        (["nonsense"], "direct", "kind nonsense"),
        ([], "direct", "no kind"),
    ],
)
def test_odd_choices_are_reported(choices: list[str], kind: str, note: str) -> None:
    reviewer = Reviewer()
    [item] = [
        one for one in reviewer.result if one.get("id") == quote(DISGRACE) and one["from_name"] == "kind"
    ]
    item["value"]["choices"] = choices
    reading = reviewer.reading()
    assert [one.kind for one in reading.quotations if one.parts == DISGRACE.parts] == [kind]
    assert any(note in told for told in reading.notes)


def test_of_several_names_the_last_counts() -> None:
    reviewer = Reviewer().set(quote(RAINED), "speaker_name", "x")
    reviewer.result[-1]["value"]["text"] = ["Ada Quill", " ", "Ada J. Quill"]
    reading = reviewer.reading()
    assert reading.quotations[0].speaker_name == "Ada J. Quill"
    assert [note.partition(") ")[2] for note in reading.notes] == ["has 2 names: the last one counts"]


# --- Several speakers ---

TWO = changed(
    DISGRACE,
    speaker=span("she"),
    speaker_name="Ada Quill",
    speakers=(SHE_IS_ADA, RENN_HIMSELF),
)
PUSHED = prediction(DocumentRecord(doc_id="flood", text_sha256=SHA, quotations=(RAINED, TWO)))


def of_two(change: Change) -> Quotation:
    reviewer = Reviewer(PUSHED)
    change(reviewer)
    [found] = [one for one in reviewer.reading().quotations if one.parts == TWO.parts]
    return found


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        pytest.param(lambda r: r, {}, id="nothing"),
        pytest.param(
            lambda r: r.delete(mention("Tobias Renn")), {"speakers": None}, id="the second mention deleted"
        ),
        pytest.param(
            lambda r: r.delete(mention("she")),
            {"speakers": None, "speaker": RENN, "speaker_name": "Tobias Renn"},
            id="the first mention deleted",
        ),
        pytest.param(
            lambda r: r.tie(quote(TWO), mention("Ada Quill")),
            {"speakers": None, "speaker": span("Ada Quill")},
            id="one arrow drawn",
        ),
        pytest.param(
            lambda r: r.set(quote(TWO), "speaker_name", "Ida Fenwick; Tobias Renn"),
            {"speaker_name": "Ida Fenwick", "speakers": (named("she", "Ida Fenwick"), RENN_HIMSELF)},
            id="a name typed",
        ),
    ],
)
def test_what_a_change_of_several_speakers_means(change: Change, fields: dict[str, Any]) -> None:
    assert of_two(change) == changed(TWO, **fields)


def test_one_word_for_several_keeps_all_names() -> None:
    they = Document(doc_id="they", text="“It rained,” they said.")
    mention = Span.of(they.text, 13, 17)
    both = tuple(
        Speaker(**mention.model_dump(), name=name, kind="person") for name in ("Ada Quill", "Bo Tarn")
    )
    one = Quotation(
        quote_id=quote_id(they.text_sha256, [(0, 12)]), kind="direct", channel="speech", parts=((0, 12),),
        text="“It rained,”", speaker=mention, speaker_name="Ada Quill", speaker_kind="person", speakers=both,
        cue=None, rule="review:ada@example.org", confidence=1.0,
    )  # fmt: skip
    record = DocumentRecord(doc_id="they", text_sha256=they.text_sha256, quotations=(one,))
    result = prediction(record, they)
    [found] = read(result, they.text, they.text_sha256, rule=one.rule, prefilled=result).quotations
    assert found == one


def test_a_doubtful_name_comes_first() -> None:
    sure, doubtful = (changed(RAINED, confidence=0.9, name_confidence=sureness) for sureness in (0.9, 0.3))
    pairs = [
        (
            Document(doc_id=str(n), text=TEXT),
            DocumentRecord(doc_id=str(n), text_sha256=SHA, quotations=(one,)),
        )
        for n, one in enumerate((sure, doubtful))
    ]
    assert [document.doc_id for document, _ in uncertain_first(pairs)] == ["1", "0"]


def test_one_doubtful_quotation_among_sure_ones_comes_first() -> None:
    """Their mean is higher than that of a document whose quotations are all fairly sure."""

    def document(name: str, *confidences: float) -> tuple[Document, DocumentRecord]:
        found = tuple(changed(one, confidence=sure) for one, sure in zip(ALL, confidences, strict=False))
        return (
            Document(doc_id=name, text=TEXT),
            DocumentRecord(doc_id=name, text_sha256=SHA, quotations=found),
        )

    pairs = [
        document("none"), document("fairly", 0.6, 0.6, 0.6), document("one", 0.99, 0.99, 0.2),
        document("title", 0.9, 0.9, 0.9, 0.1),  # nobody is quoted with the last
    ]  # fmt: skip
    assert [one.doc_id for one, _ in uncertain_first(pairs)] == ["one", "fairly", "title", "none"]
