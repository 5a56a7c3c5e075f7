"""Exports: JSON is read, other formats are refused with the name of the right button, damage is reported."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from labelstudio_by_hand import (
    ALL,
    DOCUMENT,
    SHA,
    TEXT,
    Reviewer,
    exported,
    only_annotation,
    parsed,
    prediction,
    saved,
    submitted,
)

from quotes.errors import LabelStudioError
from quotes.labelstudio import exports
from quotes.labelstudio.exports import Draft, parse_export, read_export
from quotes.labelstudio.reviews import review


def test_a_task_is_read(tmp_path: Path) -> None:
    [task] = read_export(saved(tmp_path, exported(submitted())))
    assert (task.id, task.doc_id, task.text, task.text_sha256, task.problem) == (7, "flood", TEXT, SHA, None)
    [annotation] = task.annotations
    assert (annotation.who, annotation.skipped, annotation.id) == ("ada@example.org", False, 2)
    assert annotation.updated_at == "2026-11-21T22:47:39.882201Z"
    assert annotation.prefilled == tuple(prediction())


@pytest.mark.parametrize(
    ("given", "seconds"),
    [(12.5, 12.5), (3, 3.0), (0, None), (-1, None), (True, None), ("9", None), (None, None), (10**400, None)],
)
def test_the_time_of_a_review(given: object, seconds: float | None) -> None:
    assert only_annotation(exported({**submitted(), "lead_time": given})).lead_time == seconds


@pytest.mark.parametrize(
    ("completed_by", "who"),
    [
        (5, "user-5"),
        ({"id": 5, "email": "ada@example.org"}, "ada@example.org"),
        ({"id": 5, "email": ""}, "user-5"),
        ({"id": 6}, "user-6"),
        (" ada@example.org\n5 ", "ada@example.org 5"),
        (None, "somebody"),
        ({}, "somebody"),
    ],
)
def test_the_reviewer(completed_by: object, who: str) -> None:
    task = exported({**submitted(), "completed_by": completed_by})
    [read] = parse_export([task], "it")
    assert read.annotations[0].who == who


@pytest.mark.parametrize(
    ("predictions", "annotation", "known"),
    [
        pytest.param([3], {}, True, id="the annotation's copy"),
        pytest.param([{"id": 3, "result": prediction()}], {"prediction": {}}, True, id="the task's own"),
        pytest.param([{"id": 4, "result": []}], {}, True, id="the task has another"),
        pytest.param([{"id": 3}], {"prediction": {}}, False, id="without its results"),
        pytest.param([], {"prediction": {"id": 4, "result": []}}, False, id="a copy of another version"),
        pytest.param([], {"prediction": {}}, False, id="none: blind"),
        pytest.param([], {"prediction": None, "parent_prediction": None}, False, id="nothing at all"),
        pytest.param([3], {"parent_prediction": None}, True, id="made by a program"),
    ],
)
def test_what_a_reviewer_started_with(
    predictions: list[object], annotation: dict[str, object], known: bool
) -> None:
    found = only_annotation(exported(submitted(**annotation), predictions=predictions)).prefilled
    assert found == (tuple(prediction()) if known else None)


def test_drafts_are_read() -> None:
    drafts = [{"user": "ada@example.org", "annotation": None, "result": []}, {"user": 5, "annotation": 2}, 99]
    [task] = parsed(exported(drafts=drafts))
    assert task.drafts == (Draft("ada@example.org", None), Draft("user-5", 2))


# --- Other formats, and files that are no export ---

MINIMAL = [{"text": TEXT, "doc_id": "flood", "id": 7, "role": [], "annotator": 1, "annotation_id": 2}]
REFUSED: dict[str, tuple[bytes, str]] = {
    "JSON-MIN": (json.dumps(MINIMAL).encode(), "JSON-MIN.*relations.*choose “JSON”"),
    "CSV": (b"annotation_id,annotator,created_at,doc_id\n1,1,now,flood\n", "CSV.*choose “JSON”"),
    "CSV with a mark": (b"\xef\xbb\xbfannotation_id,annotator\n1,1\n", "CSV"),
    "TSV": (b"annotation_id\tannotator\tdoc_id\n1\t1\tflood\n", "TSV.*choose “JSON”"),
    "CONLL": (b"-DOCSTART- -X- O\nIt -X- _ B-Quote\n", "CONLL2003.*choose “JSON”"),
    "a ZIP": (b"PK\x03\x04\xff\xff", "not JSON.*choose “JSON”"),
    "nothing": (b"", "not JSON"),
    "a story": (TEXT.encode(), "not JSON"),
    "cut off": (json.dumps([exported(submitted())]).encode()[:-40], "is incomplete"),
    "cut off in a character": (
        json.dumps([exported()], ensure_ascii=False).encode()[:80],
        "is incomplete|as Label",
    ),
    "NaN": (b'[{"id": NaN}]', "as Label Studio writes it"),
    "Infinity": (b'[{"id": -Infinity}]', "as Label Studio writes it"),
    "deep": (b"[" * 100_000, "as Label Studio writes it.*recursion"),
    "deep objects": (b'{"a":' * 100_000, "as Label Studio writes it.*recursion"),
    "broken UTF-8": (b'["\xff\xfe"]', "as Label Studio writes it"),
    "an object": (b'{"detail": "Not found."}', "not a list of tasks.*choose “JSON”"),
    "a number": (b"[1" + b"0" * 5000 + b"]", "as Label Studio writes it|another project"),
    "strings": (b'["a", "b"]', "another project"),
    "another project": (
        json.dumps([{"id": 1, "data": {"text": "x"}, "annotations": []}]).encode(),
        "another project",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused(name: str, tmp_path: Path) -> None:
    data, says = REFUSED[name]
    path = tmp_path / "export.json"
    path.write_bytes(data)
    with pytest.raises(LabelStudioError, match=f"export.json: .*(?:{says})"):
        read_export(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(LabelStudioError, match="can't be read"):
            read_export(path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LARGEST", 100)
    with pytest.raises(LabelStudioError, match="larger than"):
        read_export(saved(tmp_path, exported()))


def test_an_empty_project_gives_no_task(tmp_path: Path) -> None:
    assert read_export(saved(tmp_path)) == []


# --- A bad task beside a good one ---

BAD: dict[str, tuple[dict[str, Any] | list[Any], str, str]] = {
    "of another project": (
        {"id": 4, "data": {"text": "x"}, "annotations": []},
        "task 4",
        "not a task of quotes",
    ),
    "without data": ({"id": 4, "annotations": []}, "task 4", "damaged.*data"),
    "without an id": ({"annotations": []}, "task 2", "damaged"),
    "a list": ([], "task 2", "damaged"),
    "an id that is no number": ({**exported(), "id": "4"}, "flood", "damaged.*id"),
    "a huge id": ({**exported(), "id": 1.5e300}, "flood", "damaged.*id"),
    "annotations that are no list": (
        {**exported(), "annotations": {"a": 1}},
        "flood",
        "damaged.*annotations",
    ),
    "an annotation that is no object": (
        {**exported(), "annotations": ["a"]},
        "flood",
        "damaged.*annotations.0",
    ),
    "a result that is no list": (exported({**submitted(), "result": "x"}), "flood", "damaged.*result"),
    "a skip that is no truth value": (
        exported({**submitted(), "was_cancelled": "no"}),
        "flood",
        "was_cancelled",
    ),
    "a text that is no text": (
        {**exported(), "data": {"text": 4, "doc_id": "flood", "text_sha256": SHA}},
        "flood",
        "not a task of quotes",
    ),
    "an edited text": (
        {**exported(), "data": {"text": TEXT + "!", "doc_id": "flood", "text_sha256": SHA}},
        "flood",
        "edited",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_task_is_reported_and_the_others_are_used(name: str) -> None:
    raw, doc_id, says = BAD[name]
    good = {**exported(submitted()), "data": {"text": "a", "doc_id": "good", "text_sha256": _sha("a")}}
    good["annotations"][0]["result"] = []
    [one, other] = parse_export(json.loads(json.dumps([good, raw])), "it")
    assert (one.doc_id, one.problem) == ("good", None)
    assert other.doc_id == doc_id
    with pytest.raises(AssertionError, match=says):
        assert other.problem is None, other.problem
    assert (other.annotations, other.text) == ((), "")


def _sha(text: str) -> str:
    return type(DOCUMENT)(doc_id="", text=text).text_sha256


# --- Whatever stands where ---

ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 200),
        st.integers(),
        st.just(10**400),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5),
        st.sampled_from(["Quote", "Speaker", "role", "kind", "relation", "labels", "direct", "manual"]),
    ),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(["id", "result", "x"]), some),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places(inner, (*path, key))


WHOLE = [exported(submitted(), submitted(Reviewer(), who="bo@example.org"), drafts=[{"user": 5}])]
PLACES = [place for place in places(WHOLE) if place]


@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=4))
@settings(
    deadline=None,
    max_examples=examples(400),
    suppress_health_check=list(HealthCheck),
)
def test_any_export_is_read_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """No damage makes the program crash, and no record comes out that doesn't fit its text."""
    tasks = copy.deepcopy(WHOLE)
    for (*path, last), value in changes:
        inner: Any = tasks
        try:
            for key in path:
                inner = inner[key]
            inner[last] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    try:
        reviews = review(parse_export(tasks, "it"), consensus=True)
    except LabelStudioError:
        return
    for record in reviews.gold:
        for quotation in record.quotations:
            assert quotation.text == " ".join(TEXT[start:end] for start, end in quotation.parts)
            for span in (quotation.speaker, quotation.cue):
                assert span is None or TEXT[span.start : span.end] == span.text
    assert reviews.report.lines()


def test_the_undamaged_export_is_read() -> None:
    reviews = review(parse_export(copy.deepcopy(WHOLE), "it"))
    assert [record.quotations for record in reviews.by_reviewer.values() for record in record] == [
        ALL,
        tuple(one.model_copy(update={"rule": "review:bo@example.org"}) for one in ALL),
    ]
