"""Paths to sources, and sources to documents: nothing is opened before its turn comes."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quotes.errors import ReadError
from quotes.files.inputs import Input, OnError, repeated_id
from quotes.formats.articles_table import documents_of, format_of
from quotes.formats.doc_ids import DocIds
from quotes.formats.hashes import Hashes, Names
from quotes.formats.walking import identities, is_folder, walk
from quotes.records import Document
from quotes.text.splitting import articles


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
        """Whether it holds many documents, each with an id of its own."""
        return format_of(self.path).many


class Sources(Collection[Source]):
    """The sources that files, folders and "-" stand for, in the order given, each one once.

    They are found anew each time that they are gone through, so that there may be millions. What is added
    meanwhile may be among them, and what is taken away is not.
    """

    def __init__(self, paths: Iterable[str], report: OnError) -> None:
        self._paths = tuple(paths)
        self._report = report
        self._told: set[str] = set()
        self._twice = Hashes()
        self.streams = False
        """Whether one holds many documents, each with an id of its own."""
        found = self._survey()
        self._count = found.distinct()
        self._twice = found.repeated()
        self._ids = DocIds(self._places)

    @property
    def total(self) -> int | None:
        """How many documents they hold; None where that shows only in the end."""
        return None if self.streams else self._count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Source]:
        for place in self._places():
            yield Source(self._ids.of(place), None if place is None else Path(place))

    def __contains__(self, source: object) -> bool:
        return any(source == each for each in self)

    def _survey(self) -> Hashes:
        """Hashes of what is found; paths that stand for nothing are told and left out from here on."""
        identity = identities()
        found = array("q")
        there = []
        for path in self._paths:
            try:
                for place in walk(path, self._tell):
                    found.append(hash(identity(place)))
                    self.streams = self.streams or (place is not None and format_of(Path(place)).many)
                there.append(path)
            except ReadError as error:
                self._tell(error)
        self._paths = tuple(there)
        return Hashes(found)

    def _tell(self, error: ReadError) -> None:
        if str(error) not in self._told:  # each walk comes by again
            self._told.add(str(error))
            self._report(error)

    def _places(self) -> Iterator[str | None]:
        identity = identities()
        seen: set[str] = set()  # of those that come more than once
        for place in self._walked():
            if self._twice and hash(its := identity(place)) in self._twice:
                if its in seen:
                    continue
                seen.add(its)
            yield place

    def _walked(self) -> Iterator[str | None]:
        for path in self._paths:
            try:
                yield from walk(path, self._tell)
            except ReadError as error:
                self._tell(error)


def expand(paths: Iterable[str], on_error: OnError | None = None) -> Sources:
    """Find the sources that files, folders and "-" stand for, in the order given, each one once.

    Folders are walked in the order of their names, their own files first; one with more than 100,000
    entries, in that of the file system. Hidden files, files of other suffixes than `FOLDER_SUFFIXES` has,
    and links to folders are left out. What is missing or can't be listed goes to `on_error` as a ReadError
    and the rest goes on; without `on_error` it is raised.
    """
    return Sources(paths, on_error or _raise)


def single(path: str) -> Source:
    """Find the source of one file, or of "-". Raises ReadError when it is missing or a folder."""
    if path != "-" and is_folder(path):
        raise ReadError(f"{path}: this is a folder. Name one file in it.")
    [source] = expand([path])
    return source


def read(source: Source) -> Document:
    """Read the one document of a source. Raises ReadError when it can't be opened, or holds none or many."""
    documents = list(documents_of(Input(source.doc_id, source.path, _raise)))
    if len(documents) != 1:
        raise ReadError(
            f"{source.where}: this file holds {len(documents)} documents. Name one that holds a single one."
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
    """Read one source after the other, as they are asked for; of one with many documents, one by one.

    `author` is the account of posts that name none, `fields` names fields of articles in JSON Lines, such as
    {"text": "body"}. With `split`, a text that holds several articles is parted (`quotes.text.splitting`).
    What can't be read goes to `on_error` as a ReadError and is left out, and so does a document whose id was
    there before; without `on_error` it is raised. A tweet that was there before is left out and not told: it
    is in one file, and quoted in another.
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
                        continue  # a tweet's number is its own in the whole world
                    report(ReadError(repeated_id(source.where, number, document.doc_id)))
                    continue
                yield document
        except ReadError as error:
            report(error)


def _raise(error: ReadError) -> None:
    raise error
