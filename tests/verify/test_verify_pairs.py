"""Verdicts that were judged by hand: `pairs.toml` against `sources.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import paths
import pytest
from builders import spoken

from quotes.records import Document, Metadata
from quotes.verify import Verifier

FOLDER = paths.ROOT / "tests" / "verify"
PAIRS = tomllib.loads((FOLDER / "pairs.toml").read_text(encoding="utf-8"))["pair"]
SOURCES = tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))["source"]


def documents() -> list[Document]:
    return [
        Document(
            doc_id=one["id"],
            text=one["text"].strip(),
            metadata=Metadata(date=one["date"], author=one.get("author")),
            posted_by=one.get("account"),
        )
        for one in SOURCES
    ]


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier(documents()) as opened:
        yield opened


def pairs() -> Iterator[Any]:
    for pair in PAIRS:
        marks = [pytest.mark.xfail(reason=pair["xfail"], strict=True)] if "xfail" in pair else []
        yield pytest.param(pair, id=f"{pair['verdict']}: {pair['quotation'][:50]}", marks=marks)


@pytest.mark.parametrize("pair", list(pairs()))
def test_the_verdict_is_right(pair: dict[str, Any], verifier: Verifier) -> None:
    speaker = pair.get("speaker")
    kind = "organization" if speaker == "Merrow Salt" else "person" if speaker else "unknown"
    article = spoken("article", (speaker, f"“{pair['quotation']}”"), speaker_kind=kind)
    [checked] = verifier.verify([article])
    found = checked.quotations[0].verification
    assert found is not None
    assert found.verdict == pair["verdict"], found
    assert set(pair.get("kinds", ())) <= {change.kind for change in found.changes}, found
    if found.source is not None:
        text = next(one.text for one in documents() if one.doc_id == found.source)
        assert text[found.start : found.end] == found.text
