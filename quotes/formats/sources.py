"""Paths to sources, and sources to documents. A file is opened only when its documents are asked for."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from quotes.errors import ReadError
from quotes.files.inputs import BROKEN, Input, OnError, cannot_read, repeated_id
from quotes.formats.doc_ids import DocIds, Hashes, Names
from quotes.formats.table import article_format
from quotes.formats.walking import identities, is_folder, walk
from quotes.records import Document
from quotes.text.splitting import articles

# Of one file, so many errors are reported one by one; of the rest, only their number.
_MOST_REPORTED = 100


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document comes from; `path` is None for standard input."""

    doc_id: str
    path: Path | None

    @property
    def where(self) -> str:
        """The source's name for messages."""
        return "standard input" if self.path is None else str(self.path)

    @property
    def is_stream(self) -> bool:
        """Whether the file holds many documents, each with an id of its own."""
        return article_format(self.path).many


class Sources(Collection[Source]):
    """The sources that files, folders and "-" stand for, in the order given, each once.

    They are looked up again in every iteration and never held, so there may be millions. Files that are added
    or deleted meanwhile may appear or be missing.
    """

    def __init__(self, paths: Iterable[str], report: OnError) -> None:
        self._paths = tuple(paths)
        self._report = report
        self._reported: set[str] = set()
        self._twice = Hashes()
        self.streams = False
        """Whether any of them holds many documents, each with an id of its own."""
        found = self._survey()
        self._count = found.distinct()
        self._twice = found.repeated()
        self._ids = DocIds(self._places)

    @property
    def total(self) -> int | None:
        """How many documents they hold; None if that is known only at the end."""
        return None if self.streams else self._count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Source]:
        for place in self._places():
            yield Source(self._ids.of(place), None if place is None else Path(place))

    def __contains__(self, source: object) -> bool:
        return any(source == each for each in self)

    def _survey(self) -> Hashes:
        """Hashes of all files; paths without any are reported, and dropped from `_paths`."""
        identity = identities()
        found = array("q")
        valid = []
        for path in self._paths:
            try:
                for place in walk(path, self._report_once):
                    found.append(hash(identity(place)))
                    self.streams = self.streams or (place is not None and article_format(Path(place)).many)
                valid.append(path)
            except ReadError as error:
                self._report_once(error)
        self._paths = tuple(valid)
        return Hashes(found)

    def _report_once(self, error: ReadError) -> None:
        if str(error) not in self._reported:  # each walk meets it again
            self._reported.add(str(error))
            self._report(error)

    def _places(self) -> Iterator[str | None]:
        identity = identities()
        seen: set[str] = set()  # of the files that are found more than once
        for place in self._walked():
            if self._twice and hash(its := identity(place)) in self._twice:
                if its in seen:
                    continue
                seen.add(its)
            yield place

    def _walked(self) -> Iterator[str | None]:
        for path in self._paths:
            try:
                yield from walk(path, self._report_once)
            except ReadError as error:
                self._report_once(error)


def expand(paths: Iterable[str], on_error: OnError | None = None) -> Sources:
    """Find the sources that files, folders and "-" stand for, in the order given, each once.

    Folders are walked by name, the files of a folder before its subfolders; a folder with more than 100,000
    entries, in the order of the file system. Hidden files, files without a suffix of `FOLDER_SUFFIXES`, and
    links to folders are left out. A path that is missing or can't be listed is passed to `on_error` as a
    ReadError and left out; without `on_error`, the error is raised.
    """
    return Sources(paths, on_error or _raise)


def single(path: str) -> Source:
    """Find the source of one file, or of "-". Raises ReadError if it is missing or a folder."""
    if path != "-" and is_folder(path):
        raise ReadError(f"{path}: this is a folder. Name one file in it.")
    [source] = expand([path])
    return source


def read(source: Source) -> Document:
    """Read the one document of a source. Raises ReadError if it can't be read, or holds none or several."""
    documents = list(documents_of(Input(source.doc_id, source.path, _raise)))
    if len(documents) != 1:
        raise ReadError(
            f"{source.where}: this file holds {len(documents)} documents. Name a file that holds one."
        )
    return documents[0]


def read_all(
    sources: Iterable[Source],
    on_error: OnError | None = None,
    *,
    author: str | None = None,
    fields: Mapping[str, str] | None = None,
    split: bool = False,
) -> Iterator[Document]:
    """Stream the documents of all sources, in order.

    `author` is the account of posts that don't name one. `fields` maps fields of articles in JSON Lines to
    other names, such as {"text": "body"}. With `split`, a text that contains several articles is split
    (`quotes.text.splitting`). A document that can't be read, or whose id was seen before, is passed to
    `on_error` as a ReadError and left out; without `on_error`, the error is raised. A repeated tweet is left
    out silently: a tweet of one file is often quoted in another.
    """
    report = on_error or _raise
    seen = Names()
    for source in sources:
        try:
            documents = documents_of(Input(source.doc_id, source.path, report, author, fields or {}))
            if split:
                documents = (part for document in documents for part in articles(document))
            for number, document in enumerate(documents, 1):
                if not seen.add(document.doc_id):
                    if document.posted_by is not None and document.doc_id.isdecimal():
                        continue  # the number of a tweet is unique worldwide
                    report(ReadError(repeated_id(source.where, number, document.doc_id)))
                    continue
                yield document
        except ReadError as error:
            report(error)


def documents_of(source: Input) -> Iterator[Document]:
    """Stream the documents of one input in the format of its name. Raises ReadError, whatever goes wrong."""
    reports = _LimitedReports(source.report)
    try:
        yield from article_format(source.path).read(replace(source, report=reports.report))
    except BROKEN as error:
        raise ReadError(f"{source.where}: this packed file is damaged ({error}). Pack it again.") from error
    except OSError as error:
        raise ReadError(cannot_read(source.where, error)) from error
    finally:
        reports.summarize(source.where)


class _LimitedReports:
    """Passes on the first errors of a file, and counts the others."""

    def __init__(self, report: OnError) -> None:
        self._report = report
        self._count = 0

    def report(self, error: ReadError) -> None:
        self._count += 1
        if self._count <= _MOST_REPORTED:
            self._report(error)

    def summarize(self, where: str) -> None:
        """Report how many errors were not passed on."""
        if (more := self._count - _MOST_REPORTED) > 0:
            self._report(ReadError(f"{where}: {more:,} more like these are left out."))


def _raise(error: ReadError) -> None:
    raise error
