"""PDFs: lines made paragraphs again, and no file that hangs or crashes."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence

import paths
import pypdf
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.formats import pdf
from quotes.formats.pdf import paragraphs
from quotes.formats.sources import read, single
from quotes.records import Metadata

FILES = paths.TESTS / "samples" / "pdf"


def made(pages: Sequence[Sequence[str]], info: str = "") -> bytes:
    """A PDF of these lines by hand: one text object a page, a line each fourteen points."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        show = "".join(
            f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T* " for line in lines
        )
        stream = f"BT /F1 11 Tf 14 TL 60 780 Td {show}ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream",
        ]
    if info:
        objects.append(info)
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    root = f"/Root 1 0 R{f' /Info {len(objects)} 0 R' if info else ''}"
    size = len(objects) + 1
    trailer = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} {root} >>\n"
    return out + f"{trailer}startxref\n{len(out)}\n%%EOF\n".encode()


def text_of(data: bytes) -> str:
    return pdf.content(data, "story.pdf").text


def test_a_pdf_as_a_browser_prints_it() -> None:
    document = read(single(str(FILES / "harbour-wall.pdf")))
    assert document.text == (FILES / "harbour-wall.expected.txt").read_text(encoding="utf-8")
    assert document.metadata == Metadata(title="Harbour wall to be rebuilt")


def test_running_heads_page_numbers_and_broken_words() -> None:
    pages = [
        [
            "The Lowmarsh Courier - 1",
            "“It rained all night, and the wall held only where the stone-",
            "masons had been,” Mayor Ada Quill said on Monday in the har-",
            "bour office. Twenty-",
            "four people had slept there, and none of them would go home as",
            "long as the wind",
            "Page 1 of 3",
        ],
        [
            "The Lowmarsh Courier - 2",
            "stood in the north-west. The other half of the lower town lived",
            "in the school.",
            "“We will rebuild,” she said.",
            "Page 2 of 3",
        ],
        ["The Lowmarsh Courier - 3", "Nobody asked with what.", "Page 3 of 3"],
    ]
    assert text_of(made(pages)).split("\n\n") == [
        "“It rained all night, and the wall held only where the stonemasons had been,” Mayor Ada Quill "
        "said on Monday in the harbour office. Twenty-four people had slept there, and none of them would go "
        "home as long as the wind stood in the north-west. The other half of the lower town lived in the "
        "school.",
        "“We will rebuild,” she said.",
        "Nobody asked with what.\n",
    ]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([], []),
        (["", "\n\n"], []),
        (["A head\n\nA line."], ["A head", "A line."]),
        (["One line that fills the page’s width\nas prose does.\nNext"], [
            "One line that fills the page’s width as prose does.", "Next"]),
        (["It rained and rained and rained on\n12"], ["It rained and rained and rained on"]),
        (["In 2017\nthe dam broke."], ["In 2017 the dam broke."]),
        (["The ﬁrst ﬂood of the ofﬁce"], ["The first flood of the office"]),
        (["soft\u00ad\nly it fell"], ["softly it fell"]),
    ],
)  # fmt: skip
def test_lines_to_paragraphs(pages: list[str], expected: list[str]) -> None:
    assert paragraphs(pages) == expected


@given(st.lists(st.text(max_size=300), max_size=6))
def test_any_lines_have_paragraphs(pages: list[str]) -> None:
    found = paragraphs(pages)
    assert all(paragraph.strip() and "\n" not in paragraph for paragraph in found)


def test_properties() -> None:
    dated = "/CreationDate (D:20170605214000+01'00')"
    info = f"<< /Title (Microsoft Word - story.doc) /Author (Bo  Fenwick) {dated} >>"
    metadata = pdf.content(made([["It rained."]], info), "story.pdf").metadata
    assert (metadata.title, metadata.author, metadata.date) == (None, "Bo Fenwick", "2017-06-05")


@pytest.mark.parametrize(
    ("program", "date"),
    [
        ("/Producer (Adobe PDF Library 15.0) /Creator (Adobe InDesign CC)", "2019-01-02"),
        ("/Producer (Skia/PDF m156) /Creator (Chromium)", None),
        ("/Producer (Skia/PDF m90) /Creator (Mozilla/5.0 \\(X11; Linux\\))", None),
        ("/Producer (macOS Version 13.1 Quartz PDFContext) /Creator (Safari)", None),
        ("/Producer (Microsoft: Print To PDF)", None),
        ("/Producer (Qt 4.8.7) /Creator (wkhtmltopdf 0.12.5)", None),
        ("/Producer (cairo 1.16.0)", None),
        ("/Producer 7", "2019-01-02"),
    ],
)
def test_the_day_of_printing_is_not_the_article_s(program: str, date: str | None) -> None:
    info = f"<< {program} /CreationDate (D:20190102071335+00'00') >>"
    assert pdf.content(made([["It rained."]]), "story.pdf").metadata.date is None
    assert pdf.content(made([["It rained."]], info), "story.pdf").metadata.date == date
    printed = pdf.content(made([["Harbour wall", "", "June 5, 2017", "", "It rained."]], info), "story.pdf")
    assert printed.metadata.date == (date or "2017-06-05")


@pytest.mark.parametrize("author", ["Mac", "Administrator", "user", "bfenwick", "Owner"])
def test_an_account_is_no_author(author: str) -> None:
    assert (
        pdf.content(made([["It rained."]], f"<< /Author ({author}) >>"), "story.pdf").metadata.author is None
    )


@pytest.mark.parametrize("date", ["(yesterday)", "(D:99999999999999)", "7", "[1 2]"])
def test_odd_properties_cost_no_text(date: str) -> None:
    data = made([["It rained."]], f"<< /Title 7 /Author [ ] /CreationDate {date} >>")
    assert text_of(data) == "It rained.\n"


def encrypted(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made([["It rained."]])))
    writer.encrypt(password, owner_password="other", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_one_that_only_forbids_printing_is_read() -> None:
    assert text_of(encrypted("")) == "It rained.\n"


LOOP = made([["It rained."]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a PDF, or it is damaged"),
        (b"plain words", "not a PDF, or it is damaged"),
        (b"%PDF-1.7\n", "not a PDF, or it is damaged"),
        (encrypted("secret"), "has a password"),
        (made([[], []]), "only pictures of its pages"),
        (made([]), "only pictures of its pages"),
        (LOOP, "not a PDF|only pictures"),
    ],
)
def test_what_holds_no_text_is_told(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        text_of(data)
    assert str(caught.value).startswith("story.pdf: ")


SOUND = made([["“It rained all night,” Mayor Ada Quill said.", "The wall held."], ["Nobody slept."]])


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(SOUND) - 1), st.binary(max_size=30), st.integers(0, 60))
def test_mutated_bytes_are_read_or_refused(at: int, put: bytes, cut: int) -> None:
    with contextlib.suppress(ReadError):
        assert text_of(SOUND[:at] + put + SOUND[at + cut :]).strip()
