"""PDFs: the text layer, page by page, made paragraphs again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from quotes.errors import ReadError
from quotes.extras import how_to_install
from quotes.reading import apart
from quotes.reading.apart import Content, one_line
from quotes.reading.inputs import Input
from quotes.reading.pdf_lines import paragraphs
from quotes.records import Document, Metadata

if TYPE_CHECKING:
    from pypdf import PdfReader

#: With pictures; a whole issue of a newspaper.
MAX_BYTES: Final = 200 << 20

# Titles that programs make of a file's name.
_NO_TITLE = ("microsoft word - ", "untitled", "about:blank")


def read(source: Input) -> Iterator[Document]:
    """The one document of a PDF. Raises ReadError and OSError."""
    yield apart.document(source, "pdf", MAX_BYTES)


def content(data: bytes, where: str) -> Content:
    r"""The text of a PDF, paragraphs parted by an empty line, and what its properties say.

    Lines become paragraphs, words broken at a line's end become whole, and what stands at the top or bottom
    of every page is left out. Raises ReadError where the file is no PDF, damaged, encrypted or without text.
    """
    try:
        import pypdf
    except ImportError:
        raise ReadError(f"{where}: PDFs need an extra. {how_to_install('pdf')}") from None

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not _opens(reader):
            raise ReadError(f"{where}: this PDF has a password. Save it without one and try again.")
        pages = [page.extract_text() for page in reader.pages]
        metadata = _metadata(reader)
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # pypdf raises what Python raises at whatever is in the file
        raise ReadError(
            f"{where}: this is no PDF, or a damaged one. Open it in a viewer, print it to a new PDF, "
            "and try again."
        ) from error
    text = "\n\n".join(paragraphs(pages))
    if not text:
        raise ReadError(
            f"{where}: there is no text in this PDF, only pictures of its pages. Recognise it (OCR) first."
        )
    return Content(text + "\n", metadata)


def _opens(reader: PdfReader) -> bool:
    """Whether it opens without a password, as files do that only forbid printing."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # no cryptography is installed for it, or it isn't any that pypdf knows
        return False


def _metadata(reader: PdfReader) -> Metadata:
    try:
        found: Any = reader.metadata
        if found is None:
            return Metadata()
        title, author, created = found.title, found.author, found.creation_date
    except Exception:  # the properties may be broken without harm to the text
        return Metadata()
    title = one_line(title)
    if title is not None and (
        title.lower().startswith(_NO_TITLE) or title.lower().endswith((".doc", ".docx"))
    ):
        title = None
    return Metadata(
        title=title, author=one_line(author), date=created.date().isoformat() if created else None
    )
