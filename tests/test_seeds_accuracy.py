"""The extractor on seeds/, held against annotations/gold.jsonl: nearly all, and each miss has its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

import paths
import pytest

from quotes import Document, Extractor, Quotation
from quotes.formats.jsonl.records import read_records

ROOT = paths.ROOT
GOLD = {record.doc_id: record.quotations for record in read_records(ROOT / "annotations" / "gold.jsonl")}
KNOWN = tomllib.loads((ROOT / "tests" / "seeds_known_misses.toml").read_text(encoding="utf-8"))["miss"]
FIELDS = ("speaker", "speaker_name", "speaker_kind", "kind", "channel", "cue")

pytestmark = pytest.mark.model


@cache
def predictions() -> dict[str, tuple[Quotation, ...]]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    documents = (Document(doc_id=path.stem, text=path.read_bytes().decode("utf-8")) for path in paths)
    return {record.doc_id: record.quotations for record in Extractor().pipe(documents)}


def overlaps(one: Quotation, other: Quotation) -> bool:
    a, b = one.speaker, other.speaker
    return a is not None and b is not None and a.start < b.end and b.start < a.end


def differences() -> Iterator[tuple[str, str, str]]:
    """Every difference from the gold: the document, the quotation's first words, and what differs."""
    for doc_id, gold in GOLD.items():
        wanted = {quotation.parts: quotation for quotation in gold}
        found = {quotation.parts: quotation for quotation in predictions()[doc_id]}
        for parts, quotation in wanted.items():
            if parts not in found:
                yield doc_id, quotation.text, "missed"
                continue
            for field in FIELDS:
                if getattr(found[parts], field) != getattr(quotation, field):
                    yield doc_id, quotation.text, field
        for parts, quotation in found.items():
            if parts not in wanted:
                yield doc_id, quotation.text, "spurious"


def test_attributed_f1() -> None:
    right = predicted = wanted = 0
    for doc_id, gold in GOLD.items():
        found = {quotation.parts: quotation for quotation in predictions()[doc_id]}
        wanted += len(gold)
        predicted += len(found)
        right += sum(
            quotation.parts in found and overlaps(quotation, found[quotation.parts]) for quotation in gold
        )
    assert 2 * right / (wanted + predicted) >= 0.97


def _cases() -> Iterator[Any]:
    for doc_id, gold in GOLD.items():
        for number, quotation in enumerate(gold, 1):
            for field in ("missed", *FIELDS):
                reasons = [
                    miss["reason"]
                    for miss in KNOWN
                    if miss["doc"] == doc_id
                    and quotation.text.startswith(miss["text"])
                    and miss.get("number", number) == number
                    and field in miss["fields"]
                ]
                marks = [pytest.mark.xfail(reason=reasons[0], strict=True)] if reasons else []
                yield pytest.param(doc_id, quotation, field, marks=marks, id=f"{doc_id}-{number}-{field}")


@pytest.mark.parametrize(("doc_id", "quotation", "field"), list(_cases()))
def test_quotation(doc_id: str, quotation: Quotation, field: str) -> None:
    found = {other.parts: other for other in predictions()[doc_id]}.get(quotation.parts)
    if field == "missed":
        assert found is not None
    elif found is not None:  # that it is missed is told once
        assert getattr(found, field) == getattr(quotation, field)


@pytest.mark.parametrize("doc_id", GOLD)
def test_nothing_else_is_found(doc_id: str) -> None:
    known = [miss["text"] for miss in KNOWN if miss["doc"] == doc_id and "spurious" in miss["fields"]]
    extra = [text for doc, text, what in differences() if doc == doc_id and what == "spurious"]
    assert sorted(extra) == sorted(known), "A spurious quotation is new, or a known one is gone."


def test_every_known_miss_is_one() -> None:
    actual = {(doc, what, text) for doc, text, what in differences()}
    for miss in KNOWN:
        for field in miss["fields"]:
            assert any(
                doc == miss["doc"] and what == field and text.startswith(miss["text"])
                for doc, what, text in actual
            ), f"{miss['doc']}: {miss['text']!r} is no longer {field}: take it out."
