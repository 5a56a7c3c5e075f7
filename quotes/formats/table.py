"""The one table of formats: what a file holds, and which functions read and write it.

`quotes extract`, `quotes convert`, `quotes formats` and the walk through folders all use it. To add a format,
write one module in this folder and one entry of `FORMATS`. Functions are named "module:function", in this
package, and imported when they are first called, so that a command loads only the formats that it uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Final

from quotes.errors import OutputError, QuotesError, ReadError, how_to_install, installed
from quotes.files.inputs import PACKED, unpacked_name

if TYPE_CHECKING:
    from quotes.files.inputs import Input
    from quotes.formats.writers import WriteOptions, Writer
    from quotes.records import Document, DocumentRecord


@dataclass(frozen=True, slots=True)
class ArticleFormat:
    """How articles are read from files with one of the `suffixes`, in lower case.

    `reader` names a function that takes an `Input` and yields its Documents. It raises ReadError if it cannot
    read the file at all, and passes an error in a part of the file to `Input.report`. `many`: a file holds
    many documents, each with an id of its own. `extra`: the extra of this package that the reader needs.
    """

    suffixes: tuple[str, ...]
    holds: str
    reader: str
    many: bool = False
    extra: str | None = None

    @property
    def in_folders(self) -> bool:
        """Whether such files are read from folders. Files of many articles are not: they may be results."""
        return not self.many

    def read(self, source: Input) -> Iterator[Document]:
        """Stream the documents of a file. Raises ReadError, and OSError if the file cannot be opened."""
        _require(self.extra, source.where, ReadError)
        documents: Iterator[Document] = _function(self.reader)(source)
        return documents


@dataclass(frozen=True, slots=True)
class RecordFormat:
    """How records are written to files with this suffix and, if there is a `reader`, read back.

    `writer` names a function that takes a path and `WriteOptions` and returns a context manager that gives a
    `Writer`. `reader` names a function that takes a path and yields DocumentRecords. `needs_text`: records
    must contain their texts. `may_be_packed`: FILE.gz and FILE.zst are allowed, too. `extra`:
    the extra of this package that the format needs.
    """

    suffix: str
    holds: str
    writer: str
    reader: str | None = None
    needs_text: bool = False
    may_be_packed: bool = False
    extra: str | None = None

    def open(self, path: Path, options: WriteOptions) -> AbstractContextManager[Writer]:
        """Open a writer. Raises OutputError if the extra is missing or the file cannot be written."""
        _require(self.extra, path, OutputError)
        writer: AbstractContextManager[Writer] = _function(self.writer)(path, options)
        return writer

    def read(self, path: Path) -> Iterator[DocumentRecord]:
        """Stream the records of a file. Raises ReadError; the format must have a `reader`."""
        assert self.reader is not None
        _require(self.extra, path, ReadError)
        records: Iterator[DocumentRecord] = _function(self.reader)(path)
        return records


@dataclass(frozen=True, slots=True)
class Format:
    """A format: articles are read from it, records are written to it, or both."""

    name: str
    articles: ArticleFormat | None = None
    records: RecordFormat | None = None


PLAIN_TEXT: Final = ArticleFormat(
    (".txt", ".text"), "an article in plain text", "files.decoding:read_plain_text"
)
JSON_LINES: Final = RecordFormat(
    ".jsonl",
    "a record a line: everything",
    "formats.jsonl.records:opened",
    "formats.jsonl.records:read_records",
    may_be_packed=True,
)
BRAT: Final = RecordFormat(
    ".brat",
    "a folder to correct in brat",
    "formats.brat.writing:opened",
    "formats.brat.reading:read_brat_records",
    needs_text=True,
)

FORMATS: Final = (
    Format("text", PLAIN_TEXT),
    Format(
        "jsonl",
        ArticleFormat((".jsonl",), "an article or a tweet a line", "formats.jsonl.articles:read", many=True),
        JSON_LINES,
    ),
    Format(
        "csv",
        ArticleFormat((".csv",), "a table of tweets", "tweets.archive_files:read_csv", many=True),
        RecordFormat(".csv", "a row a quotation, for spreadsheets", "formats.csv:opened", may_be_packed=True),
    ),
    Format(
        "parquet",
        ArticleFormat((".parquet",), "an article a row", "formats.parquet:read", many=True, extra="parquet"),
        RecordFormat(
            ".parquet",
            "a row a document: everything",
            "formats.parquet:opened",
            "formats.parquet:read_parquet_records",
            extra="parquet",
        ),
    ),
    Format("brat", None, BRAT),
    Format(
        "docbin",
        None,
        RecordFormat(
            ".spacy",
            "spaCy Docs with span groups",
            "formats.docbin:opened",
            "formats.docbin:read_docbin_records",
            needs_text=True,
        ),
    ),
    Format(
        "web-annotation",
        None,
        RecordFormat(".jsonld", "W3C Web Annotation", "formats.web_annotation:opened", needs_text=True),
    ),
    Format(
        "tei", None, RecordFormat(".tei.xml", "TEI P5, for editors", "formats.tei:opened", needs_text=True)
    ),
    Format(
        "markdown",
        None,
        RecordFormat(".md", "the articles, quotations in bold", "formats.markdown:opened", needs_text=True),
    ),
    Format(
        "html",
        ArticleFormat((".html", ".htm", ".xhtml"), "a web page", "formats.html.reading:read", extra="pages"),
        RecordFormat(".html", "a page to mail", "formats.html.writing:opened", needs_text=True, extra="html"),
    ),
    Format("docx", ArticleFormat((".docx",), "a Word document", "formats.office:read", extra="office")),
    Format("pdf", ArticleFormat((".pdf",), "a PDF with a text layer", "formats.pdf:read", extra="pdf")),
    Format(
        "json",
        ArticleFormat(
            (".json",), "an array of tweets or articles", "formats.jsonl.articles:read_array", many=True
        ),
    ),
    Format(
        "js",
        ArticleFormat(
            (".js",), "an account's own archive of tweets", "tweets.archive_files:read_js", many=True
        ),
    ),
)

#: The formats that articles are read from, by suffix.
ARTICLE_FORMATS: Final = {
    suffix: each.articles for each in FORMATS if each.articles for suffix in each.articles.suffixes
}

#: The formats that records are written to, by suffix.
RECORD_FORMATS: Final = {each.records.suffix: each.records for each in FORMATS if each.records}

#: The suffixes, in lower case, of the files that are read from a folder.
FOLDER_SUFFIXES: Final = tuple(suffix for suffix, each in ARTICLE_FORMATS.items() if each.in_folders)


def article_format(path: Path | None) -> ArticleFormat:
    """The format of a file of articles, packed or not, by its suffix; plain text if it has no other."""
    if path is None:
        return PLAIN_TEXT
    return ARTICLE_FORMATS.get(Path(unpacked_name(path)).suffix, PLAIN_TEXT)


def record_format(path: Path) -> RecordFormat:
    """The format of a file of records to write, by its suffix.

    Raises OutputError, with the choices, if unknown.
    """
    return RECORD_FORMATS[_suffixes(path)[0]]


def split_suffixes(path: Path) -> tuple[str, str]:
    """The file's name without the suffixes of its format and packing, and these: "a", ".jsonl.gz".

    Raises OutputError as `record_format` does.
    """
    length = sum(map(len, _suffixes(path)))
    return path.name[:-length], path.name[-length:]


def _suffixes(path: Path) -> tuple[str, str]:
    """The suffix of the format, and that of the packing, if any."""
    name = path.name.lower()
    packed = next((suffix for suffix in PACKED if name.endswith(suffix)), "")
    bare = name.removesuffix(packed)
    # The longest first: the suffix of "a.tei.xml" is ".tei.xml", not ".xml".
    for suffix in sorted(RECORD_FORMATS, key=len, reverse=True):
        if bare.endswith(suffix) and (not packed or RECORD_FORMATS[suffix].may_be_packed):
            return suffix, packed
    *known, last = RECORD_FORMATS
    raise OutputError(
        f"{path}: no format has this suffix. Use {', '.join(known)} or {last}, "
        "or write JSON Lines to standard output with -."
    )


def _require(extra: str | None, where: object, error: type[QuotesError]) -> None:
    if extra is not None and not installed(extra):
        raise error(f"{where}: this format needs an extra. {how_to_install(extra)}")


def _function(name: str) -> Any:
    """The function "module:function", whose module is one of this package."""
    return resolve_name(f"quotes.{name}")
