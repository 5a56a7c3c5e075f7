"""PDFs: the text layer, page by page, made paragraphs again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from quotes.errors import ReadError, how_to_install
from quotes.files import apart
from quotes.files.apart import Content
from quotes.files.dates import dateline
from quotes.files.inputs import Input
from quotes.formats.metadata_fields import authors, file_title
from quotes.formats.pdf.lines import paragraphs
from quotes.records import Document, Metadata

if TYPE_CHECKING:
    from pypdf import PdfReader

#: With pictures; a whole issue of a newspaper.
MAX_BYTES: Final = 200_000_000

# What prints: a browser, a driver, or a site that makes a PDF of a page. Its day is that of the printing.
_PRINTS = re.compile(
    r"skia|chrom(?:e|ium)|mozilla|firefox|safari|quartz pdfcontext|cairo|print to pdf|wkhtmltopdf"
    r"|\bqt \d|ghostscript|weasyprint|dompdf|mpdf|tcpdf|jspdf"
    r"|pdfcreator|dopdf|cutepdf|bullzip|novapdf|primopdf|phantomjs",
    re.IGNORECASE,
)


def read(source: Input) -> Iterator[Document]:
    """The one document of a PDF. Raises ReadError and OSError."""
    yield apart.document(source, "pdf.reading", MAX_BYTES)


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
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # pypdf raises what Python raises at whatever is in the file
        raise ReadError(
            f"{where}: this is no PDF, or a damaged one. Open it in a viewer, print it to a new PDF, "
            "and try again."
        ) from error
    text = paragraphs(pages)
    if not text:
        raise ReadError(
            f"{where}: there is no text in this PDF, only pictures of its pages. Recognise it (OCR) first."
        )
    return Content("\n\n".join(text) + "\n", _metadata(reader, pages[0]))


def _opens(reader: PdfReader) -> bool:
    """Whether it opens without a password, as files do that only forbid printing."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # no cryptography is installed for it, or it isn't any that pypdf knows
        return False


def _metadata(reader: PdfReader, first_page: str) -> Metadata:
    """What the properties say; of a printed page, the day that its first lines tell."""
    try:
        found: Any = reader.metadata
        if found is None:
            return Metadata()
        title, author, created = found.title, found.author, found.creation_date
        printed = any(_PRINTS.search(str(program)) for program in (found.producer, found.creator))
    except Exception:  # the properties may be broken without harm to the text
        return Metadata()
    day = created.date().isoformat() if created else None
    return Metadata(
        title=file_title(title),
        author=authors([[author]]) if isinstance(author, str) else None,
        date=dateline(first_page.splitlines()) if printed else day,
    )
