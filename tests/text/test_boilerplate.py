"""What isn't the article's is told, copies are told, and an article's own words are left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import paths
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes import Document, Extractor, Quotation
from quotes.data import boilerplate_patterns as data
from quotes.errors import DataError
from quotes.formats.sources import read, single
from quotes.records import DocumentRecord
from quotes.running.selection import Selection, parse_skip
from quotes.text import marks
from quotes.text.boilerplate import Boilerplate
from quotes.text.flags import flag

SCRAPE = paths.TESTS / "samples" / "scrapes" / "harbour-wall.txt"
LINES = data.boilerplate().rows.line
SECTIONS = data.boilerplate().rows.section
BODY = "The wall held all night, and nobody in the lower town had to leave a bed or a boat."


def kinds(text: str) -> list[str | None]:
    paragraphs = marks.paragraphs(text)
    around = Boilerplate(text, paragraphs)
    return [around.kind(number) for number in range(len(paragraphs))]


def framed(line: str) -> str:
    """A paragraph in the middle of an article; one that needs boilerplate beside it gets some."""
    return f"{BODY}\n\n{line}\n\n{BODY}"


@pytest.mark.parametrize(
    ("kind", "at", "example"), [(row.kind, row.at, example) for row in LINES for example in row.examples]
)
def test_each_row_recognises_its_examples(kind: str, at: str, example: str) -> None:
    text = f"{BODY}\n\n{example}\n\nAdvertisement" if at == "within" else framed(example)
    assert kinds(text)[1] == kind


@pytest.mark.parametrize("line", [line for row in LINES for line in row.unlike])
def test_what_looks_alike_is_the_articles(line: str) -> None:
    assert kinds(framed(line)) == [None] * 3


@pytest.mark.parametrize("row", LINES, ids=lambda row: f"{row.kind}-{row.at}")
def test_each_row_has_examples_of_both_sides(row: data.LineRow) -> None:
    assert row.examples
    assert row.unlike


@pytest.mark.parametrize(
    ("kind", "items", "example"),
    [(row.kind, row.items, example) for row in SECTIONS for example in row.examples],
)
def test_sections_end_where_the_article_goes_on(kind: str, items: str, example: str) -> None:
    bullet = "• " if items == "bullets" else ""
    text = f"{BODY}\n\n{example}\n{bullet}Quill’s ‘last word’ on the wall\n{bullet}Ferry late again\n\n{BODY}"
    assert kinds(text) == [None, kind, kind, kind, None]


def test_a_biography_counts_only_beside_boilerplate_or_at_an_edge() -> None:
    [example] = [example for row in LINES if row.at == "within" for example in row.examples]
    assert kinds(framed(example))[1] is None
    assert kinds(f"{BODY}\n\n{example}")[1] == "biography"
    assert kinds(f"{BODY}\n\nAdvertisement\n\n{example}\n\n{BODY}")[2] == "biography"


def test_what_stands_between_two_lines_of_a_form() -> None:
    form = "Sign up for our newsletter"
    assert kinds(f"{BODY}\n\n{form}\n“The Tide” on Sundays\n{form}\n\n{BODY}")[1:4] == ["newsletter"] * 3
    assert kinds(f"{form}\n{BODY}\n{BODY}\n{BODY}\n{form}")[2] is None
    assert kinds(f"{form}\n“The Tide” on Sundays\n{BODY}")[1] is None


@pytest.mark.parametrize(
    "text",
    [
        "-\n“The dam held,” Quill said.\n-\n“It broke,” Pellow said.\n-\n“Nobody knows,” said Trask.",
        "Key points\nThe wall is new\nThe wall is ‘too high’ for Pellow",
        "Related charges followed\n“It is over,” Quill said.",
        "-\nOne title with ‘words’\n-\nAnother title",
        "“Is it over?”\n“It is over!”",
    ],
)
def test_lists_within_an_article_are_its_own(text: str) -> None:
    assert kinds(text) == [None] * len(kinds(text))


def test_a_scrape() -> None:
    text = SCRAPE.read_text(encoding="utf-8")
    found = dict(zip((text[slice(*p)] for p in marks.paragraphs(text)), kinds(text), strict=True))
    articles = [words for words, kind in found.items() if kind is None]
    assert [words.split()[0].strip("“") for words in articles] == [
        "Harbour", "The", "It", "No,”", "Ingram", "Fishermen"
    ]  # fmt: skip
    assert set(found.values()) - {None} == {
        "navigation", "byline", "share", "highlights", "caption", "related", "newsletter", "biography",
        "copyright",
    }  # fmt: skip


@pytest.fixture(scope="module")
def scrape_record() -> DocumentRecord:
    [record] = Extractor(include_unattributed=True).pipe([read(single(str(SCRAPE)))])
    return record


@pytest.mark.model
def test_quotations_of_a_scrape_are_flagged(scrape_record: DocumentRecord) -> None:
    own = [q.text for q in scrape_record.quotations if not q.in_boilerplate and q.duplicate_of is None]
    night = "“It rained all night, and the wall held only where it was new,”"
    assert own == [night, "“No,”", "“magnificent ruin”", "“No,”", "“every election year.”"]
    around = [q.text for q in scrape_record.quotations if q.in_boilerplate]
    assert {
        "‘I want to sleep again’",
        "“the ruin”",
        "‘Nobody told the tide,’",
        '"The Book of Tides,"',
    } <= set(around)
    [copy] = [q for q in scrape_record.quotations if q.duplicate_of]
    [first] = [q for q in scrape_record.quotations if q.quote_id == copy.duplicate_of]
    assert first.text == copy.text == night
    assert first.parts < copy.parts


@pytest.mark.model
def test_flags_change_nothing_else(scrape_record: DocumentRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.record.flag", lambda text, paragraphs, found: list(found))
    [plain] = Extractor(include_unattributed=True).pipe([read(single(str(SCRAPE)))])
    unset = {"in_boilerplate": False, "duplicate_of": None}
    assert [q.model_copy(update=unset) for q in scrape_record.quotations] == list(plain.quotations)


def test_copies(quotation: Callable[..., Quotation]) -> None:
    long = "“It rained all night over the town,” Quill said.\n"
    text = long + "“No,” she said.\n" + long + "“No,” she said.\n"
    paragraphs = marks.paragraphs(text)
    found = []
    for start, end in [(s.start, s.end) for s in marks.segments(text)]:
        base = quotation(text, text[start:end], speaker="Quill")
        found.append(base.model_copy(update={"parts": ((start, end),), "quote_id": str(start)}))
    assert [q.duplicate_of for q in flag(text, paragraphs, found)] == [None, None, found[0].quote_id, None]
    # One that isn't in the output by default is no original of one that is.
    found[0] = found[0].model_copy(update={"speaker": None})
    assert [q.duplicate_of for q in flag(text, paragraphs, found)] == [None] * 4


@given(
    st.lists(
        st.sampled_from(["-", "• a", "“A,” he said.", "Related stories", "Read More", "Title here", "\n"])
    )
)
def test_any_text_has_kinds(lines: list[str]) -> None:
    kinds("\n".join(lines))


@given(st.text(alphabet="-•“”'\n aA.:|©#1/()", max_size=300))
def test_any_characters_have_kinds(text: str) -> None:
    kinds(text)


def test_skip_keeps_the_copy_of_what_another_filter_took(quotation: Callable[..., Quotation]) -> None:
    text = "“It rained,” Quill said."
    first = quotation(text, "“It rained,”", speaker="Quill", confidence=0.4)
    copy = first.model_copy(update={"quote_id": "b", "duplicate_of": first.quote_id, "confidence": 0.9})
    around = first.model_copy(update={"quote_id": "c", "in_boilerplate": True})
    record = DocumentRecord(doc_id="a", text_sha256="0" * 64, quotations=(first, copy, around))

    def kept(**settings: object) -> list[str]:
        return [q.quote_id for q in Selection(**settings).of(record).quotations]  # type: ignore[arg-type]

    assert kept() == [first.quote_id, "b", "c"]
    assert kept(skip=parse_skip("boilerplate")) == [first.quote_id, "b"]
    assert kept(skip=parse_skip(" Duplicates ,boilerplate")) == [first.quote_id]
    assert kept(skip=parse_skip("duplicates"), min_confidence=0.5) == ["b"]


@pytest.mark.parametrize("names", ["", ",", "adverts", "boilerplate,adverts"])
def test_what_cannot_be_skipped(names: str) -> None:
    with pytest.raises(ValueError, match="choose from boilerplate, duplicates"):
        parse_skip(names)


@pytest.mark.model
def test_skip_on_the_command_line(run_quotes: Callable[..., CompletedProcess[str]]) -> None:
    done = run_quotes("extract", str(SCRAPE), "--skip", "boilerplate,duplicates", "-o", "-", "-q")
    record = DocumentRecord.model_validate_json(done.stdout)
    assert not any(q.in_boilerplate or q.duplicate_of for q in record.quotations)
    assert run_quotes("extract", str(SCRAPE), "--skip", "adverts").returncode == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('at = "start"\npattern = "("', "not a regular expression"),
        ('at = "start"\npattern = "(a)"', "capturing group"),
        ('at = "end"\npattern = "a"', "`contains` goes with"),
    ],
)
def test_mistakes_in_the_file_are_reported(row: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "boilerplate.toml"
    path.write_text(
        f'section = []\n[[line]]\nkind = "a"\nreason = "why"\nmax_words = 3\nexamples = []\n{row}\n', "utf-8"
    )
    with pytest.raises(DataError, match=re.escape(message)):
        data.patterns(path)


def test_documents_of_one_line() -> None:
    assert kinds("") == []
    assert kinds("Advertisement") == ["navigation"]
    assert Document(doc_id="a", text="").text == ""


SHARED = paths.ROOT.parent / "shared" / "seeds"

#: Of real scrapes: where quotations begin that aren't the article's; copies, and where their originals begin.
AROUND = {"000": set(), "001": {2306, 3030, 3559, 4269}, "002": set(), "003": set(), "004": set()}
COPIES = {"004": {7050: 1152}}


@pytest.mark.model
@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the scrapes in ../shared/seeds are missing")
def test_real_scrapes() -> None:
    paths = sorted(SHARED.glob("*.txt"))
    for path, record in zip(
        paths, Extractor(include_unattributed=True).pipe(read(single(str(p))) for p in paths), strict=True
    ):
        name = path.stem[:3]
        starts = {q.quote_id: q.parts[0][0] for q in record.quotations}
        assert {q.parts[0][0] for q in record.quotations if q.in_boilerplate} == AROUND[name]
        copies = {q.parts[0][0]: starts[q.duplicate_of] for q in record.quotations if q.duplicate_of}
        assert copies == COPIES.get(name, {})
