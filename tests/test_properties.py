"""What holds for any text whatever."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise

import paths
import pytest
from examples import examples
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quotes import Document, DocumentRecord, Extractor, Quotation
from quotes.records import misplaced, parts_text, quote_id
from quotes.text import marks

SEEDS = paths.ROOT / "seeds"

# Marks and what stands beside them: these make quotations of most texts.
MARKS = st.sampled_from(["“", "”", '"', "‘", "’", "'", "«", "»", "„", "‚", "``", "''", "`", "‹", "›", "＂"])
WORDS = st.sampled_from(
    ["Ada Quill", "Quill", "Mr. Renn", "Tobias Renn", "the mayor", "a spokeswoman", "he", "she", "they",
     "VALE:", "@lowmarsh", "said", "told reporters", "according to", "adding", "tweeted:", "called it",
     "that", "it rained", "No", "Session", "Sessions’", "O’Dell", "don't", "6'2\"", "1998", "—", "(CNP)",
     "...", "- Ida Fenwick"]
)  # fmt: skip
SPACES = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\u00a0", "\t", "", ", ", ". ", "? ", ": "])
STRANGE = st.sampled_from(
    ["\U0001f30a", "\U0001f469\u200d\U0001f680", "e\u0301", "\u0301", "\u200b", "\u202e", "\ufeff", "\x00",
     "\x1b[0m", "\r", "\u2028", "\x85", "\ud800", "\udfff", "İ", "ß", "雨", "ا"]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.one_of(MARKS, MARKS, WORDS, WORDS, SPACES, SPACES, STRANGE), max_size=60).map("".join),
    st.lists(st.one_of(MARKS, WORDS, SPACES, SPACES, st.text(max_size=5)), max_size=60).map("".join),
    # With more words than marks there is something to attribute.
    st.lists(st.tuples(WORDS, SPACES, MARKS, WORDS, MARKS, SPACES).map("".join), max_size=12).map("".join),
    st.lists(st.tuples(MARKS, WORDS, MARKS, SPACES, WORDS, SPACES, WORDS).map(" ".join), max_size=12).map(
        "\n".join
    ),
    st.text(st.characters(codec=None), max_size=200),
)


def relaxed(number: int) -> settings:
    return settings(
        deadline=None,
        max_examples=examples(number),
        suppress_health_check=list(HealthCheck),
    )


@given(TEXTS)
@relaxed(1000)
def test_paragraphs_and_segments(text: str) -> None:
    ranges = marks.paragraphs(text)
    assert all(start < end for start, end in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges)), "paragraphs touch"
    kept = "".join(text[start:end] for start, end in ranges)
    assert "".join(kept.split()) == "".join(text.split()), "a paragraph is missing"

    found = marks.segments(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for segment in found:
        start, end = ranges[segment.paragraph]
        assert start <= segment.start < segment.end <= end
        assert segment.closed or segment.end == end
        if segment.continues:
            assert segment.start == start
    assert found == marks.segments(text) == marks.segments(text, ranges)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(include_unattributed=True)


def check(text: str, found: Iterable[Quotation]) -> None:
    quotations = list(found)
    sha = Document(doc_id="", text=text).text_sha256
    parts = [part for quotation in quotations for part in quotation.parts]
    assert all(0 <= start < end <= len(text) for start, end in parts)
    in_order = sorted(parts)
    assert all(one[1] <= other[0] for one, other in pairwise(in_order)), "quotations overlap"
    starts = [quotation.parts[0] for quotation in quotations]
    assert starts == sorted(starts), "quotations are not in text order"
    ids = [quotation.quote_id for quotation in quotations]
    assert len(set(ids)) == len(ids)
    for quotation in quotations:
        assert list(quotation.parts) == sorted(quotation.parts)
        assert quotation.text == parts_text(text, quotation.parts)
        assert quotation.quote_id == quote_id(sha, quotation.parts)
        for span in filter(None, (quotation.speaker, quotation.cue)):
            assert span.text
            assert text[span.start : span.end] == span.text
            own = quotation.parts
            assert all(span.end <= start or end <= span.start for start, end in own), (
                "a span is its own quotation"
            )
            # A nickname in marks may be a part of a name; but nobody is named by quoted words alone.
            assert not any(start <= span.start and span.end <= end for start, end in parts), (
                "a span is quoted"
            )
        assert 0 <= quotation.confidence <= 1
        assert quotation.rule
        if quotation.kind == "unattributed":
            assert (quotation.speaker, quotation.speaker_name, quotation.cue) == (None, None, None)
            assert (quotation.speaker_kind, quotation.confidence) == ("unknown", 0)
        else:
            assert quotation.speaker is not None
            assert quotation.confidence > 0
            if quotation.speaker_kind == "anonymous":
                assert quotation.speaker_name is None
        assert quotation.speaker_name is None or quotation.speaker_name.strip()


@pytest.mark.model
@given(text=TEXTS)
@example(text="according to’s“l")  # a possessive of nobody
@relaxed(600)
def test_records(extractor: Extractor, text: str) -> None:
    found = extractor.extract(text)
    check(text, found)
    assert extractor.extract(text) == found
    # Every quoted segment is on record once, attributed or not.
    segments = marks.segments(text)
    parts = sorted(part for quotation in found for part in quotation.parts)
    assert [start for start, _ in parts] == [segment.start for segment in segments]


# Cues, sources and contents of indirect speech, in any order.
REPORTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["Ada Quill", "the mayor", "he", "who", "said", "that", "it rained", "according to", "the pier",
             "plans to close", "claim", "Quill’s", "did not say", "whether", "and denied", "called for", ":"]
        ),
        WORDS,
        MARKS,
        SPACES,
        STRANGE,
    ),
    max_size=60,
)  # fmt: skip


@pytest.fixture(scope="module")
def reporter() -> Extractor:
    return Extractor(include_unattributed=True, indirect=True)


@pytest.mark.model
@given(text=st.one_of(REPORTS.map(" ".join), TEXTS))
@example(text="SAID“0“")  # a report of nothing but a quotation of somebody else
@relaxed(600)
def test_records_with_indirect_speech(extractor: Extractor, reporter: Extractor, text: str) -> None:
    [record] = reporter.pipe([Document(doc_id="", text=text)])
    assert misplaced(record.model_copy(update={"text": text})) is None
    ids = [quotation.quote_id for quotation in record.quotations]
    assert len(set(ids)) == len(ids)
    for one in record.quotations:
        assert one.quote_id == quote_id(record.text_sha256, one.parts)
        assert one.content != one.parts
        assert one.kind != "indirect" or one.content is None
        covered = {place for start, end in one.reported for place in range(start, end)}
        assert covered >= {place for start, end in one.parts for place in range(start, end)}
        if one.source is not None and one.speaker is not None:
            assert one.source.start <= one.speaker.start < one.speaker.end <= one.source.end
        assert (one.attribution_type is None) == (one.kind == "unattributed")
        assert one.kind == "unattributed" or 0 < one.confidence <= 1
    # What stands in marks is found with the same parts as without.
    quoted = [one.parts for one in record.quotations if one.kind != "indirect"]
    assert sorted(part for parts in quoted for part in parts) == [
        part for one in extractor.extract(text) for part in one.parts
    ]


@pytest.mark.model
@given(text=TEXTS)
@relaxed(150)
def test_records_survive_json(extractor: Extractor, text: str) -> None:
    document = Document(doc_id="a", text=text.encode("utf-8", "replace").decode())
    [record] = extractor.pipe([document])
    assert record.text_sha256 == document.text_sha256
    assert DocumentRecord.model_validate_json(record.model_dump_json()) == record


@pytest.mark.model
@given(texts=st.lists(TEXTS, min_size=2, max_size=6), data=st.data())
@relaxed(80)
def test_the_company_of_a_document_changes_nothing(
    extractor: Extractor, texts: list[str], data: st.DataObject
) -> None:
    documents = [Document(doc_id=str(number), text=text) for number, text in enumerate(texts)]
    alone = {document.doc_id: extractor.extract(document.text) for document in documents}
    shuffled = data.draw(st.permutations(documents))
    records = list(extractor.pipe(shuffled))
    assert [record.doc_id for record in records] == [document.doc_id for document in shuffled]
    assert {record.doc_id: record.quotations for record in records} == alone
    assert all(record.text_sha256 == doc.text_sha256 for record, doc in zip(records, shuffled, strict=True))


@pytest.mark.model
def test_the_company_of_an_article_changes_nothing(extractor: Extractor) -> None:
    paths = sorted(SEEDS.glob("*.txt"))
    documents = [Document(doc_id=path.stem, text=path.read_bytes().decode()) for path in paths]
    alone = [extractor.extract(document.text) for document in documents]
    for order in (1, -1):
        together = [record.quotations for record in extractor.pipe(documents[::order])]
        assert together == alone[::order]


@pytest.mark.model
def test_every_process_finds_the_same(environment: dict[str, str]) -> None:
    # Sets are iterated in an order of their own in each process.
    program = (
        "import sys; from pathlib import Path; from quotes import Extractor\n"
        "extractor = Extractor(include_unattributed=True)\n"
        "for path in sorted(Path(sys.argv[1]).glob('*.txt')):\n"
        "    print(extractor.extract(path.read_bytes().decode()))\n"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program, str(SEEDS)],
            env={**environment, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second


@pytest.mark.model
@given(text=TEXTS)
@relaxed(150)
def test_unattributed_quotations_are_only_left_out(extractor: Extractor, text: str) -> None:
    # Asking for less must not change what is left.
    bare = Extractor()
    kept = [quotation for quotation in extractor.extract(text) if quotation.kind != "unattributed"]
    assert list(bare.extract(text)) == kept
