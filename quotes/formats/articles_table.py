"""Which reader reads which file. A new format is one file in this folder and one line in this table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from quotes.errors import ReadError
from quotes.files import plain_text
from quotes.files.inputs import BROKEN, Input, OnError, cannot_read, unpacked_name
from quotes.formats import json_array as tweets_json
from quotes.formats import office
from quotes.formats.jsonl import articles as json_lines
from quotes.formats.pages import reading as pages
from quotes.formats.parquet import reading as parquet
from quotes.formats.pdf import reading as pdf
from quotes.records import Document
from quotes.tweets.archive_files import read_csv, read_js


class InputFormat(NamedTuple):
    """What can be read.

    `suffixes` are in small letters. `read` streams the documents of a file; it raises ReadError where the
    file can't be read at all, and gives what is wrong with a part of it to `Input.report`. `many`: such a
    file holds many documents with ids of their own. `in_folders`: files of this suffix in a folder are read;
    where it is False, they have to be named. `extra` is what has to be installed for it.
    """

    name: str
    suffixes: tuple[str, ...]
    holds: str
    read: Callable[[Input], Iterator[Document]]
    many: bool = False
    in_folders: bool = True
    extra: str | None = None


INPUT_FORMATS: tuple[InputFormat, ...] = (
    InputFormat("text", (".txt", ".text"), "an article in plain text", plain_text.read),
    InputFormat("html", (".html", ".htm", ".xhtml"), "a web page", pages.read, extra="pages"),
    InputFormat("docx", (".docx",), "a Word document", office.read, extra="office"),
    InputFormat("pdf", (".pdf",), "a PDF with a text layer", pdf.read, extra="pdf"),
    # In a folder they are no articles: results end so, too.
    InputFormat(
        "parquet",
        (".parquet",),
        "an article a row",
        parquet.read,
        many=True,
        in_folders=False,
        extra="parquet",
    ),
    InputFormat(
        "jsonl", (".jsonl",), "an article or a tweet a line", json_lines.read, many=True, in_folders=False
    ),
    InputFormat(
        "json", (".json",), "an array of tweets or articles", tweets_json.read, many=True, in_folders=False
    ),
    InputFormat(
        "js",
        (".js",),
        "an account's own archive of tweets",
        read_js,
        many=True,
        in_folders=False,
    ),
    InputFormat("csv", (".csv",), "a table of tweets", read_csv, many=True, in_folders=False),
)

_BY_SUFFIX = {suffix: format_ for format_ in INPUT_FORMATS for suffix in format_.suffixes}

# So much that is wrong within one file is told one by one; of the rest, how much it is.
_TOLD = 100

#: In a folder, only files with these suffixes (in small letters) are articles.
FOLDER_SUFFIXES = tuple(suffix for suffix, format_ in _BY_SUFFIX.items() if format_.in_folders)


def format_of(path: Path | None) -> InputFormat:
    """The format of a file by its name, packed or not. Any other file that the user names is plain text."""
    if path is None:
        return INPUT_FORMATS[0]
    return _BY_SUFFIX.get(Path(unpacked_name(path)).suffix, INPUT_FORMATS[0])


def documents_of(source: Input) -> Iterator[Document]:
    """Stream the documents of an input, by the format of its name. All that can go wrong is a ReadError."""
    told = _Told(source.report)
    try:
        yield from format_of(source.path).read(replace(source, report=told.report))
    except BROKEN as error:
        raise ReadError(f"{source.where}: it is broken ({error}). Pack the file anew.") from error
    except OSError as error:
        raise ReadError(cannot_read(source.where, error)) from error
    finally:
        told.rest(source.where)


class _Told:
    """Hands on what is wrong with parts of a file, and counts what is too much to be read."""

    def __init__(self, report: OnError) -> None:
        self._report = report
        self._count = 0

    def report(self, error: ReadError) -> None:
        """Hand on what is wrong, if there were not too many before."""
        self._count += 1
        if self._count <= _TOLD:
            self._report(error)

    def rest(self, where: str) -> None:
        """Tell how many there were that weren't told."""
        if (more := self._count - _TOLD) > 0:
            self._report(ReadError(f"{where}: {more:,} more like these are left out."))
