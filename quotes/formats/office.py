"""Word documents (.docx): the text as a reader sees it, and the metadata."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from quotes.errors import ReadError
from quotes.files import apart
from quotes.files.apart import Content
from quotes.files.inputs import Input
from quotes.formats.metadata_fields import authors, file_title
from quotes.records import Document, Metadata
from quotes.text.marks import MARKS

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

#: The default limit in bytes, with pictures. That for the text is `_MAX_XML`.
MAX_BYTES: Final = 100_000_000

# Bytes of all parts, unpacked. A novel has 5 MB.
_MAX_XML = 100 << 20
_MAX_PARTS = 10_000
# Text is packed to a tenth; only an archive bomb is packed to a five-hundredth.
_MAX_RATIO = 500
_SMALL = 1 << 20

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# An alternative form of other content, or text that was moved or deleted with tracked changes.
_SKIPPED = frozenset([f"{_COMPATIBILITY}Fallback", f"{_WORD}moveFrom", f"{_WORD}del"])
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_QUOTING = frozenset(["quote", "intense quote", "block text", "quotations"])
_NOTES = ("/word/footnotes.xml", "/word/endnotes.xml")
# What programs write if nobody entered an author.
_PROGRAMS = frozenset(["python-docx", "unknown", "user", "microsoft office user", "owner"])
_TEMPLATE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)


def read(source: Input) -> Iterator[Document]:
    """The one article of a document. Raises ReadError and OSError."""
    yield apart.document(source, "office", MAX_BYTES)


def content(data: bytes, where: str) -> Content:
    """The text of a Word document, with empty lines between paragraphs and notes last, and its metadata.

    Table cells are paragraphs. One in a style for quotations has an arrow (">") before each line, as in
    Markdown, unless it has quotation marks. Deleted text, headers and footers are left out. Raises ReadError
    if it is not
    a Word document, has a password or no text, or is an archive bomb.
    """
    import docx

    _check(data, where)
    try:
        document = docx.Document(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # python-docx raises various exceptions for damaged files
        raise _broken(where) from error
    quoting = _quoting_styles(document)
    paragraphs = list(_paragraphs(document.element.body, quoting))
    for part in document.part.package.iter_parts():
        if str(part.partname) in _NOTES:
            paragraphs += _paragraphs(_parse(part.blob, where), quoting)
    text = "\n\n".join(paragraphs)
    if not text:
        raise ReadError(f"{where}: there is no text in this document, perhaps only pictures.")
    return Content(text + "\n", _metadata(document))


def _check(data: bytes, where: str) -> None:
    """Refuse anything but an intact archive of moderate size before it is unpacked."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError(
            f"{where}: this document has a password, or is an old .doc. Save it as .docx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
            if (
                len(parts) > _MAX_PARTS
                or any(_explodes(part) for part in parts)
                or _size(parts) > 4 * _MAX_XML
            ):
                raise _bomb(where)
            if _size(xml) > _MAX_XML:
                raise _bomb(where)
            for part in xml:
                _check_xml(archive.read(part), where)
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # of zipfile, and of the compression that a part declares
        raise _broken(where) from error


def _explodes(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > _MAX_RATIO * max(part.compress_size, 1)


def _size(parts: list[zipfile.ZipInfo]) -> int:
    # zipfile never unpacks more of a part than the size in the directory, even if that is wrong.
    return sum(part.file_size for part in parts)


def _check_xml(xml: bytes, where: str) -> None:
    """Refuse document types, which can declare entities. Word never writes them."""
    from defusedxml import DefusedXmlException, ElementTree

    try:
        for _ in ElementTree.iterparse(io.BytesIO(xml), events=("start",), forbid_dtd=True):
            return  # a document type can only be before the first element
    except DefusedXmlException as error:
        raise ReadError(
            f"{where}: this document declares entities, which Word never does. It is not read."
        ) from error
    except (ElementTree.ParseError, LookupError, UnicodeError) as error:
        raise _broken(where) from error


def _quoting_styles(document: WordDocument) -> frozenset[str]:
    """The ids of the styles for block quotations. Their names are the same in Word of every language."""
    try:
        return frozenset(
            style.style_id for style in document.styles if (style.name or "").lower() in _QUOTING
        )
    except Exception:  # damaged styles don't affect the text
        return frozenset()


def _paragraphs(body: Any, quoting: frozenset[str]) -> Iterator[str]:
    """The paragraphs of a part in order, with those in tables, text boxes and controls."""
    from lxml.etree import iterwalk

    open_paragraphs: list[list[str]] = []
    quoted: set[int] = set()  # the depths of open paragraphs in one of the styles `quoting`
    walk = iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag == f"{_WORD}p":
            if event == "start":
                open_paragraphs.append([])
                continue
            lines = [line for line in map(_line, "".join(open_paragraphs.pop()).split("\n")) if line]
            arrow = "> " if len(open_paragraphs) in quoted and lines and lines[0][0] not in MARKS else ""
            quoted.discard(len(open_paragraphs))
            if lines:
                yield "\n".join(arrow + line for line in lines)
        elif event == "start" and tag in _SKIPPED:
            walk.skip_subtree()
        elif event == "start" and open_paragraphs and tag.startswith(_WORD):
            name = tag[len(_WORD) :]
            if name == "pStyle" and element.get(f"{_WORD}val") in quoting:
                quoted.add(len(open_paragraphs) - 1)
            open_paragraphs[-1].append((element.text or "") if name == "t" else _CHARACTERS.get(name, ""))


def _line(text: str) -> str:
    # Tabs within a line are kept: they separate columns.
    return text.replace("\u00ad", "").strip()


def _parse(blob: bytes, where: str) -> Any:
    from docx.oxml import parse_xml

    try:
        return parse_xml(blob)
    except Exception as error:
        raise _broken(where) from error


def _metadata(document: WordDocument) -> Metadata:
    try:
        properties = document.core_properties
        title, author, created = properties.title, properties.author, properties.created
    except Exception:  # damaged properties don't affect the text
        return Metadata()
    date = None
    # python-docx's template has a date; without an author, the date may come from another template.
    if created is not None and author and author.lower() not in _PROGRAMS and created != _TEMPLATE:
        date = created.date().isoformat()
    return Metadata(title=file_title(title), author=authors([[author]]), date=date)


def _broken(where: str) -> ReadError:
    return ReadError(
        f"{where}: this is not a Word document, or it is damaged. "
        "Open it in the program that made it, save it again, and try again."
    )


def _bomb(where: str) -> ReadError:
    return ReadError(
        f"{where}: this document unpacks to far more than any text, so it is not read. "
        "If you trust it, save its text as UTF-8 (.txt)."
    )
