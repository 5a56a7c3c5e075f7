"""Paths to sources, and sources to documents: nothing is opened before its turn comes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from quotes.errors import ReadError
from quotes.reading.doc_ids import doc_ids
from quotes.reading.formats import FOLDER_SUFFIXES, format_of
from quotes.reading.inputs import Input, OnError
from quotes.records import Document


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


def expand(paths: Iterable[str], on_error: OnError | None = None) -> list[Source]:
    """Find the sources that files, folders and "-" stand for, in the order given, each one once.

    Folders are walked in the order of their names, their own files first; hidden files, files of other
    suffixes than `FOLDER_SUFFIXES` has, and links to folders are left out. What is missing or can't be
    listed goes to `on_error` as a ReadError and the rest goes on; without `on_error` it is raised.
    """
    report = on_error or _raise
    found: dict[str, Path | None] = {}
    real_folders: dict[Path, str] = {}
    for name in paths:
        if name == "-":
            found.setdefault("-", None)
            continue
        try:
            for path in _files(Path(name), report):
                found.setdefault(_identity(path, real_folders), path)
        except ReadError as error:
            report(error)
    ids = doc_ids(list(found.values()))
    return [Source(doc_id, path) for doc_id, path in zip(ids, found.values(), strict=True)]


def single(path: str) -> Source:
    """Find the source of one file, or of "-". Raises ReadError when it is missing or a folder."""
    if path != "-" and _is_folder(Path(path)):
        raise ReadError(f"{path}: this is a folder. Name one file in it.")
    [source] = expand([path])
    return source


def read(source: Source) -> Document:
    """Read the one document of a source. Raises ReadError when it can't be opened, or holds none or many."""
    documents = list(_documents(source, _raise))
    if len(documents) != 1:
        raise ReadError(
            f"{source.where}: this file holds {len(documents)} documents. Name one that holds a single one."
        )
    return documents[0]


def read_all(sources: Iterable[Source], on_error: OnError | None = None) -> Iterator[Document]:
    """Read one source after the other, as they are asked for; of one with many documents, one by one.

    What can't be read goes to `on_error` as a ReadError and is left out, and so does a document whose id was
    there before; without `on_error` it is raised.
    """
    report = on_error or _raise
    seen: set[str] = set()
    for source in sources:
        try:
            for number, document in enumerate(_documents(source, report), 1):
                if document.doc_id in seen:
                    place = f"{source.where}, document {number}"
                    report(ReadError(f"{place}: another has the id {document.doc_id!r}. Give each its own."))
                    continue
                seen.add(document.doc_id)
                yield document
        except ReadError as error:
            report(error)


def _documents(source: Source, report: OnError) -> Iterator[Document]:
    try:
        yield from format_of(source.path).read(Input(source.doc_id, source.path, report))
    except OSError as error:
        raise ReadError(
            f"{source.where}: can't be read ({error.strerror}). Check that it is there and you may read it."
        ) from error


def _files(path: Path, report: OnError) -> Iterator[Path]:
    if not os.path.lexists(path):
        raise ReadError(f"{path}: there is no such file or folder. Check its spelling, or name another.")
    if not _is_folder(path):
        yield path
        return
    empty = True
    for article in _articles(path, report):
        empty = False
        yield article
    if empty:
        raise ReadError(
            f"{path}: no article is in this folder or below ({' or '.join(FOLDER_SUFFIXES)}). "
            "Name files of other suffixes one by one."
        )


def _articles(top: Path, report: OnError) -> Iterator[Path]:
    """Walk with a stack, not by recursion; links to folders are not followed, so no loop can hold us."""
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            unlisted = ReadError(
                f"{folder}: can't be listed ({error.strerror}). Check that you may open this folder."
            )
            if folder == top:
                raise unlisted from error
            report(unlisted)
            continue
        shown = [entry for entry in entries if not entry.name.startswith(".")]
        yield from (Path(entry.path) for entry in shown if _is_article(entry))
        folders += [Path(entry.path) for entry in reversed(shown) if entry.is_dir(follow_symlinks=False)]


def _is_article(entry: os.DirEntry[str]) -> bool:
    if Path(entry.name).suffix.lower() not in FOLDER_SUFFIXES:
        return False
    try:
        # A broken link is an article that can't be read, and must be told; a pipe would block for ever.
        return entry.is_file() or (entry.is_symlink() and not Path(entry.path).exists())
    except OSError:
        return True  # a link to itself: reading it tells


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # reading it tells what is wrong


def _identity(path: Path, real_folders: dict[Path, str]) -> str:
    """Resolve a path, with its folder resolved once for all the files in it."""
    if path.is_symlink():
        return os.path.realpath(path)  # unlike Path.resolve(), it takes a link to itself as it is
    if path.parent not in real_folders:
        real_folders[path.parent] = os.path.realpath(path.parent)
    return str(Path(real_folders[path.parent], path.name))


def _raise(error: ReadError) -> None:
    raise error
