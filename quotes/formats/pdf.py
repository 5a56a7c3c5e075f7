"""PDFs: the text layer, page by page, joined to paragraphs again.

A PDF says where its letters are, but not which lines belong together.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from quotes.errors import ReadError
from quotes.files import apart
from quotes.files.apart import Content
from quotes.files.inputs import Input
from quotes.formats.metadata_fields import authors, dateline, file_title
from quotes.records import Document, Metadata

if TYPE_CHECKING:
    from pypdf import PdfReader

#: The default limit in bytes: a whole issue of a newspaper, with pictures.
MAX_BYTES: Final = 200_000_000

# Programs that print: browsers, drivers, and libraries that make a PDF of a page. Their date is that of
# printing.
_PRINTS = re.compile(
    r"skia|chrom(?:e|ium)|mozilla|firefox|safari|quartz pdfcontext|cairo|print to pdf|wkhtmltopdf"
    r"|\bqt \d|ghostscript|weasyprint|dompdf|mpdf|tcpdf|jspdf"
    r"|pdfcreator|dopdf|cutepdf|bullzip|novapdf|primopdf|phantomjs",
    re.IGNORECASE,
)

# The number of lines at the top and bottom of a page that can be a running head or foot.
_EDGE = 2
_PAGE_NUMBER = re.compile(r"\W*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[.!?:…][”\"’')\]]*\Z")
# The first part of a hyphenated word.
_BROKEN = re.compile(r"[^\W\d_]{2,}[-\u00ad\u2010]\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
# First parts that keep their hyphen: "twenty-" and "four".
_HYPHENATED = re.compile(
    r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|self|well|half|ex|non|vice|mid|so)-\Z",
    re.IGNORECASE,
)
# Fonts have ligatures for some letters; a name written with one is not found elsewhere.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " "}
)
# A line shorter than this share of the longest lines is unfilled: its paragraph may end there.
_FILLED = 0.75


def read(source: Input) -> Iterator[Document]:
    """The one document of a PDF. Raises ReadError and OSError."""
    yield apart.document(source, "pdf", MAX_BYTES)


def content(data: bytes, where: str) -> Content:
    """The text of a PDF, with an empty line between paragraphs, and its metadata.

    Lines are joined to paragraphs, hyphenated words to whole words, and running heads and feet are left out.
    Raises ReadError if the file is not a PDF, or is damaged, encrypted or without text.
    """
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not _opens(reader):
            raise ReadError(f"{where}: this PDF has a password. Save it without one and try again.")
        pages = [page.extract_text() for page in reader.pages]
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # pypdf raises various exceptions for a damaged file
        raise ReadError(
            f"{where}: this is not a PDF, or it is damaged. Open it in a viewer, print it to a new PDF, "
            "and try again."
        ) from error
    text = paragraphs(pages)
    if not text:
        raise ReadError(
            f"{where}: there is no text in this PDF, only pictures of its pages. Recognise it (OCR) first."
        )
    return Content("\n\n".join(text) + "\n", _metadata(reader, pages[0]))


def _opens(reader: PdfReader) -> bool:
    """Whether it opens without a password, like files that only forbid printing."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # the cipher is unknown to pypdf, or needs a missing package
        return False


def _metadata(reader: PdfReader, first_page: str) -> Metadata:
    """The properties of the file; for a printed page, the date in its first lines."""
    try:
        found: Any = reader.metadata
        if found is None:
            return Metadata()
        title, author, created = found.title, found.author, found.creation_date
        printed = any(_PRINTS.search(str(program)) for program in (found.producer, found.creator))
    except Exception:  # damaged properties don't affect the text
        return Metadata()
    day = created.date().isoformat() if created else None
    return Metadata(
        title=file_title(title),
        author=authors([[author]]) if isinstance(author, str) else None,
        date=dateline(first_page.splitlines()) if printed else day,
    )


def paragraphs(pages: Sequence[str]) -> list[str]:
    """Join the lines of all pages to paragraphs, without running heads, running feet and page numbers.

    A paragraph ends at an empty line, and at an unfilled line that ends a sentence or is not followed by a
    lower-case letter. A paragraph that ends in the middle of a sentence continues on the next page.
    """
    found: list[str] = []
    gathered = ""
    bodies = list(_bodies(pages))
    width = _width([line for lines in bodies for line in lines])
    for lines in bodies:
        for i, line in enumerate(lines):
            if not line:
                if gathered and (_ENDS.search(gathered) or i + 1 < len(lines)):
                    found.append(gathered)
                    gathered = ""
                continue
            gathered = _join(gathered, line)
            follows = next((other for other in lines[i + 1 :] if other), "")
            if follows and _ends_paragraph(line, lines[i + 1], width):
                found.append(gathered)
                gathered = ""
        # At the end of a page, only a complete sentence on an unfilled line ends the paragraph.
        if gathered and _ENDS.search(gathered) and lines and len(lines[-1]) < _FILLED * width:
            found.append(gathered)
            gathered = ""
    return [*found, gathered] if gathered else found


def _ends_paragraph(line: str, after: str, width: float) -> bool:
    if not after or len(line) >= _FILLED * width or _BROKEN.search(line):
        return False
    return _ENDS.search(line) is not None or not after[:1].islower()


def _join(gathered: str, line: str) -> str:
    if not gathered:
        return line
    if _BROKEN.search(gathered) and line[:1].islower():
        return gathered + line if _HYPHENATED.search(gathered) else gathered[:-1] + line
    if gathered.endswith("\u00ad"):
        return gathered[:-1] + line
    return f"{gathered} {line}"


def _width(lines: Sequence[str]) -> float:
    """The number of characters of a filled line: the 90th percentile of all lengths."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[ceil(0.9 * (len(lengths) - 1))] if lengths else 0


def _bodies(pages: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each page, without the running heads and feet."""
    split = [_lines(page) for page in pages]
    seen: Counter[str] = Counter()
    for lines in split:
        seen.update({_shape(lines[i]) for i in _edges(lines)})
    often = max(2, (len(split) + 1) // 3)
    for lines in split:
        dropped = {
            i for i in _edges(lines) if _PAGE_NUMBER.fullmatch(lines[i]) or seen[_shape(lines[i])] >= often
        }
        yield [line for i, line in enumerate(lines) if i not in dropped]


def _lines(page: str) -> list[str]:
    text = _CONTROL.sub(
        "", page.translate(_LIGATURES).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    )
    return [" ".join(line.split()) for line in text.strip().split("\n")]


def _edges(lines: Sequence[str]) -> list[int]:
    """The indices of the first and last non-empty lines."""
    filled = [i for i, line in enumerate(lines) if line]
    return sorted({*filled[:_EDGE], *filled[-_EDGE:]})


def _shape(line: str) -> str:
    """A line with every number as 0, so that lines with page numbers are equal."""
    return _DIGITS.sub("0", line)
