"""Scores of small cases that were computed by hand: tests/scoring/cases.toml."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from typing import Any

import builders
import paths
import pytest

from quotes.data.lookups import Registry, Speaker, fold
from quotes.records import Document, DocumentRecord, Quotation, SpeakerKind
from quotes.scoring.items import judged_of
from quotes.scoring.names import Names
from quotes.scoring.scores import Scores, figures, score

TEXT = "abcd " * 40
DOCUMENT = Document(doc_id="story", text=TEXT)
CASES = tomllib.loads((paths.TESTS / "scoring" / "cases.toml").read_text(encoding="utf-8"))["case"]

MERCURY = Speaker(name="Quillford Mercury", kind="organization", aliases=("The Mercury",))
REGISTRY = Registry(
    (MERCURY,), {fold(n): (MERCURY,) for n in ("Quillford Mercury", "The Mercury")}, {}, {}, {}
)


def _quotation(row: dict[str, Any]) -> Quotation:
    kind: SpeakerKind = "anonymous" if row.get("anonymous") else "person" if row.get("name") else "unknown"
    # Who speaks, too: [[start, end], name], with "" for no name.
    also = [builders.speaker(TEXT, tuple(words), name or None) for words, name in row.get("also", ())]
    first = [builders.speaker(TEXT, tuple(row["speaker"]), row.get("name"), kind)] if also else []
    return builders.quotation(
        TEXT,
        *map(tuple, row["at"]),
        speakers=(*first, *also) or None,
        kind=row.get("kind", "direct"),
        speaker=tuple(row["speaker"]) if row.get("speaker") else None,
        speaker_name=row.get("name"),
        speaker_kind=kind,
        cue=tuple(row["cue"]) if row.get("cue") else None,
        source=tuple(row["source"]) if row.get("source") else None,
        content=[tuple(part) for part in row["content"]] if row.get("content") else None,
        rule=row.get("rule", "rule"),
        confidence=row.get("confidence", 1.0),
    )


def _record(rows: list[dict[str, Any]]) -> DocumentRecord:
    return builders.record("story", TEXT, *map(_quotation, rows))


def _score(case: dict[str, Any]) -> Scores:
    predicted, gold = (judged_of(_record(case[side]), side) for side in ("predicted", "gold"))
    names = Names(REGISTRY if case.get("registry") else None)
    return score([predicted], [gold], names=names, threshold=case.get("iou", 0.8))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_figures_are_exact(case: dict[str, Any]) -> None:
    scores = _score(case)
    found = figures(scores)
    expect = dict(case["expect"])
    kinds = expect.pop("kinds", None)
    assert expect
    for name, wanted in expect.items():
        # A measure that nothing belongs to isn't listed: its shares aren't known, either.
        value = found.get(name)
        expected = None if wanted == "–" else pytest.approx(float(Fraction(wanted)), abs=1e-12)
        assert value == expected, f"{name} is {value}, not {wanted}"
    if kinds is not None:
        assert {f"{gold} {predicted}": n for (gold, predicted), n in scores.confusion.items()} == kinds


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40
    assert len({case["name"] for case in CASES}) == len(CASES)
    figures_tested = {name for case in CASES for name in case["expect"]}
    assert {name.partition(".")[0] for name in figures_tested} >= {
        "span", "attributed", "person", "cue", "exact", "strict", "partial", "type", "words", "kind",
        "form", "resolved", "confident", "attribution", "indirect",
    }  # fmt: skip
