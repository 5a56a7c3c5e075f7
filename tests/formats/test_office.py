"""Word documents: all that a reader sees, in its order, and nothing that a stranger put there to do harm."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.formats import office
from quotes.formats.sources import read, single
from quotes.records import Metadata

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NOTES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def article() -> Any:
    document = docx.Document()
    document.core_properties.title = "Harbour wall to be rebuilt"
    document.core_properties.author = "Bo Fenwick"
    document.core_properties.created = datetime(2017, 6, 5, 21, 40)
    document.add_heading("Harbour wall to be rebuilt", 0)
    paragraph = document.add_paragraph("“It rained all ")
    paragraph.add_run("night").bold = True
    paragraph.add_run(",” Mayor Ada Quill said.")
    document.add_paragraph("A poem:\nThe wall\tholds.")
    document.add_paragraph("   ")
    document.add_heading("The vote", 1)
    document.add_paragraph("Nobody walked out", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Ada Quill", "“Yes.”", "Bo Larch", "“No.”"], strict=True):
        cell.text = text
    table._cells[3].add_paragraph("“Never.”")
    document.add_paragraph("The end.")
    document.sections[0].header.paragraphs[0].text = "The Lowmarsh Courier, page 1"
    return document


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The archive with its parts changed, and more parts in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, content in more.items():
            new.writestr(name, content)
    return file.getvalue()


def in_body(xml: str) -> bytes:
    """A document whose body is this XML."""

    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        head, _, rest = content.decode().partition("<w:body>")
        return f"{head}<w:body>{xml}<w:sectPr>{rest.partition('<w:sectPr')[2].partition('>')[2]}".encode()

    return changed(saved(docx.Document()), change)


def text_of(data: bytes) -> str:
    return office.content(data, "story.docx").text


def test_an_article(tmp_path: Path) -> None:
    (tmp_path / "story.docx").write_bytes(saved(article()))
    document = read(single(str(tmp_path / "story.docx")))
    assert document.text.split("\n\n") == [
        "Harbour wall to be rebuilt",
        "“It rained all night,” Mayor Ada Quill said.",
        "A poem:\nThe wall\tholds.",
        "The vote",
        "Nobody walked out",
        "Ada Quill",
        "“Yes.”",
        "Bo Larch",
        "“No.”",
        "“Never.”",
        "The end.\n",
    ]
    assert document.metadata == Metadata(
        title="Harbour wall to be rebuilt", author="Bo Fenwick", date="2017-06-05"
    )


def test_a_program_is_no_author() -> None:
    document = docx.Document()
    document.add_paragraph("Words.")
    assert office.content(saved(document), "story.docx").metadata == Metadata()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "Document1", {"author": "Bo Fenwick", "date": "2017-06-05"}),
        ("author", "Mac", {"title": "Harbour wall to be rebuilt", "date": "2017-06-05"}),
        ("author", "user", {"title": "Harbour wall to be rebuilt"}),
        # The day of the template that python-docx starts from.
        (
            "created",
            datetime(2013, 12, 23, 23, 15),
            {"title": "Harbour wall to be rebuilt", "author": "Bo Fenwick"},
        ),
    ],
)
def test_doubtful_properties_count_as_none(field: str, value: object, expected: dict[str, str]) -> None:
    document = article()
    setattr(document.core_properties, field, value)
    assert office.content(saved(document), "story.docx").metadata == Metadata(**expected)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:hyperlink><w:r><w:t>a link</w:t></w:r></w:hyperlink></w:p>", "a link\n"),
        ("<w:p><w:ins w:id='1'><w:r><w:t>put in</w:t></w:r></w:ins></w:p>", "put in\n"),
        ("<w:p><w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText></w:r></w:del></w:p>", "a\n"),
        ("<w:p><w:r><w:t>a</w:t></w:r><w:moveFrom><w:r><w:t>b</w:t></w:r></w:moveFrom></w:p>", "a\n"),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>",
         "in a control\n"),
        ("<w:p><w:r><w:t>twenty</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r></w:p>", "twenty-four\n"),
        ("<w:p><w:r><w:t>rain\u00ading</w:t></w:r></w:p>", "raining\n"),
        ("<w:p><w:r><w:t>a</w:t><w:instrText>HYPERLINK</w:instrText></w:r></w:p>", "a\n"),
    ],
)  # fmt: skip
def test_what_counts_as_text(xml: str, text: str) -> None:
    assert text_of(in_body(xml)) == text


def test_paragraphs_in_a_style_for_quotations_have_arrows() -> None:
    document = docx.Document()
    document.add_paragraph("The board wrote:")
    document.add_paragraph("We regret the noise.\nIt will end.", style="Quote")
    document.add_paragraph("It will end in May.", style="Intense Quote")
    document.add_paragraph("“It will not end.”", style="Quote")
    assert text_of(saved(document)) == (
        "The board wrote:\n\n> We regret the noise.\n> It will end.\n\n> It will end in May.\n\n"
        "“It will not end.”\n"
    )


def test_footnotes_come_at_the_end() -> None:
    notes = (
        f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>“It leaked,” said the log.</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )

    def change(name: str, content: bytes) -> bytes:
        if name == "[Content_Types].xml":
            override = f'<Override PartName="/word/footnotes.xml" ContentType="{NOTES_TYPE}"/></Types>'
            return content.replace(b"</Types>", override.encode())
        if name == "word/_rels/document.xml.rels":
            relation = (
                f'<Relationship Id="rId99" Type="{NOTES_RELATION}" Target="footnotes.xml"/></Relationships>'
            )
            return content.replace(b"</Relationships>", relation.encode())
        return content

    data = changed(saved(article()), change, **{"word/footnotes.xml": notes.encode()})
    assert text_of(data).endswith("The end.\n\n“It leaked,” said the log.\n")


def with_document(prefix: bytes) -> bytes:
    """An article with these bytes between the XML declaration and the first element."""

    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        head, mark, rest = content.partition(b"<w:document")
        return head + prefix + mark + rest.replace(b"The end.", b"The &b; end.")

    return changed(saved(article()), change)


LAUGHS = b'<!DOCTYPE w:document [<!ENTITY a "' + b"ha" * 50 + b'"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = b'<!DOCTYPE w:document [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
DEEP = "<w:sdt><w:sdtContent>" * 3000 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 3000


def bomb() -> bytes:
    return changed(saved(article()), lambda _, content: content, **{"word/x.xml": b" " * (150 << 20)})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a Word document"),
        (b"plain words", "not a Word document"),
        (b"PK\3\4 and nothing of it", "not a Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "has a password, or is an old .doc"),
        (saved(article())[:-200], "not a Word document"),
        (saved(docx.Document()), "no text in this document"),
        (with_document(LAUGHS), "declares entities"),
        (with_document(FILE), "declares entities"),
        (with_document(b"<!DOCTYPE w:document>"), "declares entities"),
        (in_body(DEEP), "not a Word document"),
        (in_body("<w:p>"), "not a Word document"),
    ],
)
def test_what_is_no_document_is_told(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        text_of(data)
    assert str(caught.value).startswith("story.docx: ")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_that_is_torn_is_told(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 50)
        header = archive.infolist()[0].FileHeader()
    data = file.getvalue()
    for torn in (b"\0" * 12, b"\xff" * 12):
        with pytest.raises(ReadError, match="not a Word document"):
            text_of(data[: len(header)] + torn + data[len(header) + 12 :])


@pytest.mark.parametrize(
    ("at", "put", "cause"),
    [
        (8, b"\1\0", "RuntimeError"),  # it has a password
        (10, b"\x63\0", "NotImplementedError"),  # a method that nobody knows
        (6, b"\xff\0", "NotImplementedError"),  # for a program of the future
    ],
)
def test_a_part_that_nobody_can_unpack_is_told(at: int, put: bytes, cause: str) -> None:
    data = bytearray(SOUND)
    at += data.index(b"PK\1\2")  # where the directory begins: version, flags, method of the first part
    data[at : at + len(put)] = put
    with pytest.raises(ReadError, match="not a Word document, or it is damaged") as caught:
        text_of(bytes(data))
    assert type(caught.value.__cause__).__name__ == cause


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bomb()
    assert len(data) < 1 << 20

    def refuse(*args: object) -> None:
        raise AssertionError("a part was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "read", refuse)
    monkeypatch.setattr(zipfile.ZipFile, "open", refuse)
    with pytest.raises(ReadError, match="unpacks to far more than any text"):
        text_of(data)


def test_parts_without_number_are_a_bomb() -> None:
    many = {f"word/{i}.bin": b"" for i in range(10_001)}
    with pytest.raises(ReadError, match="unpacks to far more"):
        text_of(changed(saved(article()), lambda _, content: content, **many))


def test_broken_properties_cost_the_metadata_only() -> None:
    data = changed(
        saved(article()),
        lambda name, content: (
            content.replace(b"2017-06-05", b"the 5th") if name == "docProps/core.xml" else content
        ),
    )
    found = office.content(data, "story.docx")
    assert found.text.startswith("Harbour wall")
    assert found.metadata.date is None


SOUND = saved(article())


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=30), st.integers(0, 60))
def test_mutated_bytes_are_read_or_refused(at: int, put: bytes, cut: int) -> None:
    with contextlib.suppress(ReadError):
        assert text_of(SOUND[:at] + put + SOUND[at + cut :]).strip()


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_xml_is_read_or_refused(data: st.DataObject) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name not in ("word/document.xml", "docProps/core.xml", "[Content_Types].xml"):
            return content
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 40))
        put = data.draw(st.sampled_from([b"", b"<w:p>", b"</w:p>", b"&a;", b"\xff", b"<!--", b'w:val="-1"']))
        return content[:at] + put + content[at + cut :]

    with contextlib.suppress(ReadError):
        assert text_of(changed(SOUND, change)).strip()
