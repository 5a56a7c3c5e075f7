"""A record whose numbers fit no text is refused, wherever it is read, with where it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from documents_by_hand import FLOOD, FLOOD_RECORD
from typer.testing import CliRunner

from quotes.cli.app import app
from quotes.errors import ReadError
from quotes.formats.brat.standoff import MANIFEST
from quotes.formats.jsonl import records as jsonl
from quotes.formats.output import open_output
from quotes.formats.record_files import read_any_records
from quotes.formats.texts import with_texts
from quotes.records import DocumentRecord

FIRST = FLOOD_RECORD.quotations[0].quote_id
Change = Callable[[dict[str, Any]], object]


def written(path: Path, change: Change, *, with_text: bool) -> Path:
    """FLOOD_RECORD, and a second record whose first quotation is changed."""
    value = json.loads(jsonl.encode(FLOOD_RECORD.model_copy(update={"doc_id": "second"})))
    if not with_text:
        del value["text"]
    change(value["quotations"][0])
    path.write_bytes(jsonl.encode(FLOOD_RECORD) + json.dumps(value).encode() + b"\n")
    return path


@pytest.mark.parametrize("with_text", [True, False])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda q: q.update(parts=[[0, 10**30]]), "parts.0.1", id="beyond any text"),
        pytest.param(lambda q: q.update(parts=[[0, 2**53]]), "parts.0.1", id="beyond what JSON holds"),
        pytest.param(lambda q: q.update(parts=[[-1, 3]]), "parts.0.0", id="negative"),
        pytest.param(lambda q: q.update(parts=[[5, 5]]), "not in text order", id="empty"),
        pytest.param(lambda q: q.update(parts=[[5, 9], [7, 12]]), "not in text order", id="overlapping"),
        pytest.param(lambda q: q.update(parts=[[7, 12], [1, 3]]), "not in text order", id="backwards"),
        pytest.param(lambda q: q.update(parts=[]), "parts", id="no part"),
        pytest.param(
            lambda q: q["speaker"].update(start=10**30, end=10**30 + 15), "speaker.start", id="mention"
        ),
        pytest.param(lambda q: q["cue"].update(end=2), "does not fit", id="cue"),
        pytest.param(lambda q: q.update(content=[]), "content", id="no content"),
        pytest.param(lambda q: q.update(content=[[9, 5]]), "content are not in text order", id="content"),
        pytest.param(lambda q: q.update(source={"start": 0, "end": 9, "text": "she"}), "source", id="source"),
        pytest.param(lambda q: q.update(attribution_type="wish"), "attribution_type", id="type"),
        pytest.param(lambda q: q.update(negated="perhaps"), "negated", id="negated"),
        pytest.param(lambda q: q.update(confidence=float("nan")), "confidence", id="NaN"),
        pytest.param(lambda q: q.update(confidence=1.5), "confidence", id="too sure"),
        pytest.param(lambda q: q.update(confidence=-0.1), "confidence", id="less than unsure"),
        pytest.param(lambda q: q.update(kind="quoted"), "kind", id="kind"),
        pytest.param(lambda q: q.update(channel="radio"), "channel", id="channel"),
        pytest.param(lambda q: q.update(speaker_kind="cat"), "speaker_kind", id="speaker_kind"),
        pytest.param(lambda q: q.update(text="Other words."), "don't fit the text", id="another size"),
    ],
)
def test_a_bad_quotation_is_told_with_its_place(
    tmp_path: Path, change: Change, told: str, with_text: bool
) -> None:
    path = written(tmp_path / "r.jsonl", change, with_text=with_text)
    with pytest.raises(ReadError, match=r"r\.jsonl, line 2: ") as problem:
        list(read_any_records(path))
    assert told in str(problem.value)
    assert f"quotation {FIRST!r}" in str(problem.value)


BEYOND: list[Any] = [
    pytest.param(
        lambda q: q.update(parts=[[start + len(FLOOD), end + len(FLOOD)] for start, end in q["parts"]]),
        id="parts beyond the text",
    ),
    pytest.param(lambda q: q["speaker"].update(start=9_000, end=9_015), id="a mention beyond the text"),
    pytest.param(lambda q: q["cue"].update(start=1, end=5), id="a cue elsewhere"),
    pytest.param(lambda q: q.update(content=[[0, len(FLOOD) + 1]]), id="content beyond the text"),
    pytest.param(lambda q: q.update(source={"start": 1, "end": 4, "text": "she"}), id="a source elsewhere"),
    pytest.param(lambda q: q.update(text=q["text"].replace("rained", "snowed")), id="other words"),
]


@pytest.mark.parametrize("change", BEYOND)
def test_offsets_are_held_against_a_text_that_is_there(tmp_path: Path, change: Change) -> None:
    path = written(tmp_path / "r.jsonl", change, with_text=True)
    with pytest.raises(ReadError, match=rf"r\.jsonl, line 2: the offsets of quotation '{FIRST}' in 'second'"):
        list(read_any_records(path))


@pytest.mark.parametrize("change", BEYOND)
def test_offsets_are_held_against_the_article(tmp_path: Path, change: Change) -> None:
    path = written(tmp_path / "r.jsonl", change, with_text=False)
    (tmp_path / "second.txt").write_text(FLOOD, encoding="utf-8")
    problems: list[Exception] = []
    found = with_texts(read_any_records(path), [str(tmp_path / "second.txt")], problems.append)
    assert [document.doc_id for document, _ in found] == ["river-flood"]
    [problem] = problems
    assert isinstance(problem, ReadError)
    assert f"second: the offsets of quotation {FIRST!r} don't fit the text" in str(problem)


@pytest.mark.parametrize("suffix", [".parquet", ".spacy"])
def test_offsets_are_checked_in_other_files(tmp_path: Path, suffix: str) -> None:
    [moved] = [FLOOD_RECORD.quotations[0].model_copy(update={"parts": ((1, 23), (77, 134))})]
    path = tmp_path / f"r{suffix}"
    with open_output(str(path)) as sink:
        sink.write(FLOOD_RECORD.model_copy(update={"quotations": (moved,)}))
    with pytest.raises(ReadError, match=rf"r\{suffix}, \w+ 1: the offsets of quotation '{FIRST}'"):
        list(read_any_records(path))


@pytest.mark.parametrize("range_", ["32 999999", f"32 {10**30}", "54 32"])
def test_offsets_are_checked_in_brat(tmp_path: Path, range_: str) -> None:
    folder = tmp_path / "r.brat"
    with open_output(str(folder)) as sink:
        sink.write(FLOOD_RECORD)
    path = folder / "river-flood.ann"
    path.write_text(path.read_text(encoding="utf-8").replace("32 54;77 134", range_), encoding="utf-8")
    with pytest.raises(ReadError, match=r"river-flood\.ann"):
        list(read_any_records(folder))


def test_a_manifest_of_the_future_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "r.brat"
    with open_output(str(folder)) as sink:
        sink.write(FLOOD_RECORD)
    path = folder / MANIFEST
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 2'))
    with pytest.raises(ReadError, match=r"documents\.jsonl, line 1: .*schema_version"):
        list(read_any_records(folder))


def test_the_schema_knows_the_bound() -> None:
    schema = DocumentRecord.model_json_schema()
    assert schema["$defs"]["Span"]["properties"]["start"]["maximum"] == 2**53 - 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "a.txt", "--jobs", "0"],
        ["extract", "a.txt", "--min-confidence", "2"],
        ["extract", "a.txt", "--min-confidence", "nan"],
        ["extract", "a.txt", "--out", "a.jsonl", "--shard-size", "0"],
        ["extract", "a.txt", "--out", "a.jsonl", "--shard-size", "-1MB"],
        ["extract", "a.txt", "--out", "a.jsonl", "--shard-size", "inf"],
        ["score", "a.jsonl", "a.jsonl", "--iou", "0"],
        ["score", "a.jsonl", "a.jsonl", "--iou", "nan"],
        ["score", "a.jsonl", "a.jsonl", "--samples", "-1"],
        ["score", "a.jsonl", "a.jsonl", "--samples", f"{10**9}"],
        ["score", "a.jsonl", "a.jsonl", "--want-precision", "nan"],
        ["score", "a.jsonl", "a.jsonl", "--fail-under", "attributed.f1=nan"],
        ["score", "a.jsonl", "a.jsonl", "--fail-under", "attributed.f1=2"],
        ["variants", "a.jsonl", "--documents", "0"],
        ["db", "search", "a", "--limit", "-1"],
        ["db", "search", "a", "--limit", f"{10**30}"],
        ["labelstudio", "push", "a.jsonl", "--project", "p", "--sample", "0"],
        ["labelstudio", "serve", "--port", "65536"],
    ],
    ids=" ".join,
)
def test_numbers_without_sense_are_wrong_usage(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value" in result.stderr
    assert list(tmp_path.iterdir()) == []
