"""The same records, however articles are shuffled, gathered, shared out and parsed together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import paths
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import quotes.extractor
import quotes.running
import quotes.running.pool
from quotes import parsing
from quotes.extractor import Extractor
from quotes.records import Document, DocumentRecord
from quotes.running import ExtractorFactory, extract_all

SEEDS = tuple(
    Document(doc_id=path.stem, text=path.read_text(encoding="utf-8"))
    for path in sorted((paths.ROOT / "seeds").glob("*.txt"))
)

# Paragraphs that put the seams of batches to the test: long and short, with and without quotations.
_PARAGRAPHS = (
    "",
    "Nobody said a word.",
    "“It rained all night,” Mayor Ada Quill said. She called the dam a “disgrace” and left.",
    "“We had no warning,” he said. “None.”",
    "The harbourmaster, Iven Marsh, told reporters: “The pier will be rebuilt.\n\n“And soon.”",
    "According to Ada Quill, the flood was “as calm as brine.” " * 12,
    "The ferry sailed at noon, and the fog came at one. " * 40,
)

_settings = ExtractorFactory(include_unattributed=True)
_make = cache(_settings)


@dataclass(frozen=True)
class Grouped:
    """Makes an extractor, in whatever process, that parses so much text and so many windows together."""

    text: int
    windows: int

    def __call__(self) -> Extractor:
        self.apply(pytest.MonkeyPatch())  # for good: the process is this extractor's own
        return _settings()

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(quotes.extractor, "_BATCH", self.text)
        patch.setattr(parsing, "parse", partial(parsing.parse, batch_size=self.windows))


@cache
def alone(document: Document) -> DocumentRecord:
    """The record of an article that is extracted by itself, as the settings have it."""
    [record] = _make().pipe([document])
    return record


@st.composite
def articles(draw: st.DrawFn) -> list[Document]:
    """Some seeds and some invented articles, in any order."""
    invented = draw(st.lists(st.lists(st.sampled_from(_PARAGRAPHS), max_size=6), max_size=8))
    made = [Document(doc_id=f"made-{n}", text="\n\n".join(each)) for n, each in enumerate(invented)]
    seeds = draw(st.lists(st.sampled_from(SEEDS), max_size=4, unique_by=lambda seed: seed.doc_id))
    return draw(st.permutations([*made, *seeds]))


@pytest.mark.model
@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    documents=articles(),
    text=st.sampled_from([1, 300, 5000, 10**9]),
    windows=st.sampled_from([1, 2, 7, 64, 10**6]),
)
def test_records_do_not_depend_on_what_is_parsed_together(
    documents: list[Document], text: int, windows: int
) -> None:
    expected = [alone(document) for document in documents]
    with pytest.MonkeyPatch.context() as patch:
        Grouped(text, windows).apply(patch)
        assert list(_make().pipe(documents)) == expected


@pytest.mark.model
@pytest.mark.parametrize(
    ("batch", "grouped", "ordered"),
    [
        (1, Grouped(10**9, 3), True),
        (4000, Grouped(1, 64), False),
        (10**9, Grouped(9000, 1), True),
    ],
)
def test_records_do_not_depend_on_the_processes(
    batch: int, grouped: Grouped, ordered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotes.running.pool, "_BATCH", batch)
    monkeypatch.setattr(quotes.running, "_WORTH_PROCESSES", 0)
    documents = [*SEEDS[1::2], *reversed(SEEDS[::2])]
    order = [document.doc_id for document in documents]
    found = list(extract_all(documents, grouped, jobs=2, ordered=ordered))
    if not ordered:
        found.sort(key=lambda record: order.index(record.doc_id))
    assert found == [alone(document) for document in documents]
    assert sum(len(record.quotations) for record in found) > 100
