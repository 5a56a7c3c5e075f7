"""Input that is empty, huge, damaged or hostile: no exception, no hang, and no quotation is lost.

Growth is measured in work, never in seconds: the calls of the package's own functions, and the characters
that they copy, for a text and for one four times as long.
"""

from __future__ import annotations

import cProfile
import pstats
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import quotes
from quotes import Document, Extractor, Quotation
from quotes.extractor import mark
from quotes.parsing import masking
from quotes.speakers import names
from quotes.text import marks
from quotes.text.splitting import articles

PACKAGE = str(Path(quotes.__file__).parent)
KINDS = ['"', "“", "”", "'", "‘", "’", "«", "»", "„", "‚", "``", "''", "`"]
SENTENCE = (
    "The river rose over the lower streets of Lowmarsh again, and most of the boats were gone by noon. "
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    found = Extractor(include_unattributed=True)
    found.extract("“It rained,” said Ada Quill.")  # Every word list is read now, and costs nothing below.
    return found


@pytest.fixture
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut paragraphs to short windows: within one, every quotation is held against every cue."""
    monkeypatch.setattr(masking, "LONG_PARAGRAPH", 600)


def said(found: tuple[Quotation, ...]) -> list[str]:
    return [quotation.text for quotation in found if quotation.speaker is not None]


def calls(work: Callable[[], Any]) -> int:
    """The calls of the package's own functions that `work` makes, generators' steps included."""
    profile = cProfile.Profile()
    profile.runcall(work)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return sum(row[1] for (path, _, _), row in stats.items() if path.startswith(PACKAGE))


class Copied(str):
    """A text that counts the characters which slicing copies out of it."""

    copied = 0

    def __getitem__(self, key: Any) -> str:
        part = super().__getitem__(key)
        Copied.copied += len(part)
        return part


def copies(work: Callable[[Copied], Any], text: str) -> int:
    Copied.copied = 0
    work(Copied(text))
    return Copied.copied


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["", " ", "\n\n\t \u00a0\n", "It rained all night.", "No marks.\n\nNone here.\n"]
)
def test_nothing_to_find(extractor: Extractor, text: str) -> None:
    assert extractor.extract(text) == ()
    [record] = extractor.pipe([Document(doc_id="a", text=text)])
    assert record.doc_id == "a"
    assert record.quotations == ()


@pytest.mark.model
def test_no_documents(extractor: Extractor) -> None:
    assert list(extractor.pipe([])) == []


def big(size: int, gap: str) -> tuple[str, list[str]]:
    """A document of `size` code points, and the quotations in it."""
    out, known, length = [], [], 0
    while length < size:
        paragraph = SENTENCE * 5
        if len(out) % 100 == 0:
            known.append(f"“It rained all night in {1000 + len(out)},”")
            paragraph = f"{known[-1]} said Ada Quill. {SENTENCE}"
        out.append(paragraph.strip())
        length += len(paragraph)
    return gap.join(out), known


@pytest.mark.model
@pytest.mark.parametrize("gap", ["\n\n", " "], ids=["lines", "one line"])
def test_ten_million_characters(extractor: Extractor, gap: str) -> None:
    text, known = big(10_000_000, gap)
    found = extractor.extract(text)
    assert [quotation.text for quotation in found] == known
    assert {quotation.speaker_name for quotation in found} == {"Ada Quill"}


@pytest.mark.model
def test_a_long_line_without_marks_around_one_quotation(extractor: Extractor) -> None:
    text = f"{'word ' * 300_000}“It rained all night,” said Ada Quill. {'word ' * 300_000}"
    assert said(extractor.extract(text)) == ["“It rained all night,”"]


@pytest.mark.parametrize("kind", [*KINDS, "mixed"])
@pytest.mark.parametrize("shape", [" {}x", "x{} ", "{}", " {} ", "x{}y", " {}x\n", "{}.{} "])
def test_unbalanced_marks_take_linear_work(kind: str, shape: str) -> None:
    def text(count: int) -> str:
        choose = random.Random(count).choice
        return "".join(shape.replace("{}", choose(KINDS) if kind == "mixed" else kind) for _ in range(count))

    few, many = text(1_000), text(4_000)
    for measure in (
        lambda text: calls(lambda: marks.segments(text)),
        lambda text: copies(marks.segments, text),
    ):
        assert measure(many) <= 5 * measure(few) + 1000


@pytest.mark.parametrize("kind", ['"', "“", "'", "‘", "’", "mixed"])
def test_a_hundred_thousand_unbalanced_marks(kind: str) -> None:
    choose = random.Random(1).choice
    text = "".join(f" {choose(KINDS) if kind == 'mixed' else kind}x" for _ in range(100_000))
    previous = 0
    for segment in marks.segments(text):
        assert previous <= segment.start < segment.end
        previous = segment.end


@pytest.mark.model
@pytest.mark.parametrize("kind", ['"', "“", "'", "‘", "”"])
def test_unbalanced_marks_through_the_whole_flow(extractor: Extractor, kind: str) -> None:
    closing = {"“": "”", "‘": "’", "”": "”"}.get(kind, kind)
    middle = f" {kind}odd" * 10_000
    text = f"“It rained,” said Ada Quill.\n\n{middle}\n\n{kind}It snowed,{closing} said Ada Quill."
    texts = said(extractor.extract(text))
    assert texts[0] == "“It rained,”"
    assert texts[-1].endswith(f"It snowed,{closing}")


@pytest.mark.model
@pytest.mark.usefixtures("short_windows")
def test_mixed_marks_take_linear_work_through_the_whole_flow(extractor: Extractor) -> None:
    def text(count: int) -> str:
        choose = random.Random(7).choice
        return "".join(
            choose([' "it', " “it", " ‘it", " 'it", "rained’ ", "rained” ", "said Quill, "])
            for _ in range(count)
        )

    few, many = text(1_000), text(4_000)
    assert calls(lambda: extractor.extract(many)) <= 5 * calls(lambda: extractor.extract(few))


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "\0“It rained all night,”\0 said Ada Quill.",
        "“It \0rained all night,” said Ada\x01 Quill.",
        "“It rained all night,” said\x07 Ada Quill.\x1b[31m",
        "“It rained all night,”\u200b said Ada Quill.\u202e",
        "\ufeff“It rained all night,” said Ada Quill.",
        "“It rained\x0ball night,”\x85said Ada Quill.",
    ],
)
def test_control_characters(extractor: Extractor, text: str) -> None:
    [quotation] = extractor.extract(text)
    assert quotation.text == text[text.index("“") : text.index("”") + 1]


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "\udc00“\ud800”",
        "“It \ud800 rained,” said \udc80 Ada Quill.",
        "“It rained,” said Ada\udfff Quill.",
    ],
)
def test_lone_surrogates(extractor: Extractor, text: str) -> None:
    for quotation in extractor.extract(text):
        assert quotation.text in text
    [record] = extractor.pipe([Document(doc_id="a", text=text)])
    assert len(record.text_sha256) == 64


@pytest.mark.model
@pytest.mark.parametrize(
    "word",
    ["x" * 100_000, "X" * 100_000, "é" * 100_000, "\U0001f30a" * 100_000, "x-" * 50_000, "X." * 50_000],
)
def test_very_long_words(extractor: Extractor, word: str) -> None:
    text = f"{word} “It rained all night, {word},” said Ada Quill. {word}"
    [quotation] = extractor.extract(text)
    assert quotation.text == text[text.index("“") : text.index("”") + 1]
    assert quotation.speaker is not None


@pytest.mark.model
@pytest.mark.parametrize(
    ("opening", "closing"), ["“”", "‘’", "«»", '""', "''", ("“‘", "’”"), ("\"'", "'\""), ("“«", "»”")]
)
def test_five_thousand_nested_marks(extractor: Extractor, opening: str, closing: str) -> None:
    depth = 5_000 // len(opening)
    nest = f"{opening * depth}odd{closing * depth}"
    text = f"“It rained,” said Ada Quill.\n\n{nest} said Ada Quill.\n\n“No,” said Ada Quill."
    texts = said(extractor.extract(text))
    assert (texts[0], texts[-1]) == ("“It rained,”", "“No,”")
    if opening[0] not in "'\"‘":
        assert nest in texts


@pytest.mark.model
def test_sentences_that_nest_deeply(extractor: Extractor) -> None:
    clauses = "Renn said that " * 3_000
    text = f"{clauses}“the pier is lost,” {'who said ' * 3_000}Ada Quill, {'the mayor, ' * 3_000}said."
    found = extractor.extract(text)
    assert [quotation.text for quotation in found] == ["“the pier is lost,”"]


@pytest.mark.model
def test_a_paragraph_of_two_thousand_quotations(extractor: Extractor) -> None:
    text = " ".join(f"“It rained in {year},” Ada Quill said." for year in range(2_000))
    found = extractor.extract(text)
    assert [quotation.text for quotation in found] == [f"“It rained in {year},”" for year in range(2_000)]
    assert {quotation.speaker_name for quotation in found} == {"Ada Quill"}


@pytest.mark.model
@pytest.mark.usefixtures("short_windows")
def test_quotations_of_one_paragraph_take_linear_work(extractor: Extractor) -> None:
    def text(count: int) -> str:
        return " ".join(f"“It rained in {year},” Ada Quill said." for year in range(count))

    few, many = text(100), text(400)
    assert calls(lambda: extractor.extract(many)) <= 5 * calls(lambda: extractor.extract(few))


def syllables(number: int) -> str:
    """A surname for each number."""
    name = ""
    while True:
        name += "bcdfghklmnprst"[number % 14] + "aeiou"[number // 14 % 5]
        number //= 70
        if not number:
            return name.capitalize() + "ndell"


def people(count: int, line: str) -> str:
    given = ["Ada", "Tobias", "Ida", "Rufus", "Nora", "Silas"]
    return "\n\n".join(
        line.format(name=f"{given[i % 6]} {syllables(i)}", surname=syllables(i)) for i in range(count)
    )


@pytest.mark.model
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("“It rained,” {name} said. “It snowed,” {surname} added.", id="names"),
        pytest.param("“It rained,” said {name}. It was cold. “It snowed,” he added.", id="pronouns"),
        pytest.param(
            "“It rained,” said {name}, the mayor of Lowmarsh. “It snowed,” the mayor added.", id="roles"
        ),
        pytest.param(
            "“It rained,” said the {surname} Commission. “It snowed,” the commission added.",
            id="bodies",
        ),
        pytest.param("“It rained,” said {surname}. “It snowed,” said {surname}x.", id="surnames"),
        pytest.param("“It rained.” Quill said.", id="one person"),
    ],
)
def test_people_of_one_document_take_linear_work(extractor: Extractor, line: str) -> None:
    few, many = people(100, line), people(400, line)
    assert calls(lambda: extractor.extract(many)) <= 5 * calls(lambda: extractor.extract(few))


@pytest.mark.parametrize(
    "paragraph",
    [
        pytest.param("“It rained.” Quill said.\n\n", id="quotations"),
        pytest.param("LOWMARSH (AP) — The river rose.\n", id="datelines"),
        pytest.param("The wall is back\nBy BO FENWICK\n", id="bylines"),
        pytest.param("The wall is back\n", id="titles"),
        pytest.param("•\nThe wall is back\n", id="bullets"),
        pytest.param(f"{SENTENCE * 5}\nLOWMARSH, June 5 — {SENTENCE}\n", id="articles"),
    ],
)
def test_splitting_takes_linear_work(paragraph: str) -> None:
    def split(text: str) -> list[Document]:
        return list(articles(Document.model_construct(doc_id="a", text=text)))

    few, many = paragraph * 500, paragraph * 2_000
    split(few)  # The patterns are read now, and cost nothing below.
    assert calls(lambda: split(many)) <= 5 * calls(lambda: split(few))
    assert copies(split, many) <= 5 * copies(split, few) + 1000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ada Quill left. It rained in Lowmarsh. ", id="names"),
        pytest.param("Quill Renn Vale ", id="capitals"),
        pytest.param("Council of ", id="organisations"),
        pytest.param("General Secretary Mayor ", id="titles"),
    ],
)
def test_names_of_one_line_take_linear_work(text: str) -> None:
    def work(line: str) -> list[names.Name]:
        names._core.cache_clear()  # what is known of a run would hide what it costs
        return names.find(line, marks.paragraphs(line), [])

    few, many = text * 100 + "said", text * 400 + "said"
    work(few)  # Every word list is read now, and costs nothing below.
    assert calls(lambda: work(many)) <= 5 * calls(lambda: work(few))
    assert copies(work, many) <= 5 * copies(work, few)


@pytest.mark.model
@pytest.mark.parametrize(
    "filler",
    [
        pytest.param("-" * 10_000, id="dashes"),
        pytest.param("— " * 5_000, id="parted dashes"),
        pytest.param(". " * 5_000, id="stops"),
        pytest.param("!" * 10_000, id="exclamations"),
        pytest.param("A" * 10_000, id="one word"),
        pytest.param("Aa " * 1_000, id="capitals"),
        pytest.param(", " * 5_000, id="commas"),
        pytest.param("Mr. " * 3_000, id="titles"),
        pytest.param("of the " * 2_000, id="particles"),
        pytest.param("(" * 10_000, id="brackets"),
        pytest.param(":\n" * 3_000, id="colons"),
        pytest.param(" \u00a0" * 5_000, id="spaces"),
        pytest.param("@" * 5_000, id="handles"),
        pytest.param("http://a.b/" * 1_000, id="addresses"),
        pytest.param("A.B." * 3_000, id="initials"),
        pytest.param("O’" * 3_000, id="apostrophes"),
    ],
)
def test_no_pattern_runs_away(extractor: Extractor, filler: str) -> None:
    text = f"{filler} “It rained,” {filler} said Ada Quill.\n\n{filler}\n\n“No,” said Quill.\n\n{filler}"
    assert "“No,”" in said(extractor.extract(text))


@pytest.mark.model
def test_a_broken_document_leaves_its_neighbours_alone(extractor: Extractor) -> None:
    good = "“It rained all night,” said Ada Quill."
    texts = [good, "\0", "“" * 1_000, "\ud800", "", good, "'" * 1_001, good]
    records = extractor.pipe(Document(doc_id=str(i), text=text) for i, text in enumerate(texts))
    counts = {record.doc_id: said(record.quotations) for record in records}
    assert [counts[str(i)] for i, text in enumerate(texts) if text == good] == [
        ["“It rained all night,”"]
    ] * 3


def test_marking_is_lazy_about_nothing() -> None:
    assert mark("").items == ()
    assert mark("“").items == ()
