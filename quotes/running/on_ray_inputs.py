"""What there is to read, cut into shares for tasks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from quotes.errors import ReadError
from quotes.files.inputs import OnError, reason, unpacked_name
from quotes.files.uris import PlacedInput, absolute, file_system, is_uri
from quotes.formats.doc_ids import doc_ids
from quotes.formats.sources import documents_of, expand
from quotes.formats.table import FOLDER_SUFFIXES, article_format
from quotes.records import Document

# What a folder without texts stands for: tables and arrays of tweets have to be named.
_STANDS_FOR = (".jsonl", ".parquet")
# Files of one document each that a task reads; of files with many, a task reads one.
_FILES = 50


class File(NamedTuple):
    """A file to read: the id of the file, the path or URI, and how messages call it."""

    doc_id: str
    place: str
    shown: str


@dataclass(frozen=True, slots=True)
class Share:
    """Files that a task reads. `keep`: a bit for each document, in order; None for all of them."""

    files: tuple[File, ...]
    keep: bytes | None = None

    @property
    def many(self) -> bool:
        """Whether it is a file of many documents, whose ids stand in it."""
        return article_format(Path(self.files[0].place)).many


def find(paths: Sequence[str], report: OnError) -> list[Share]:
    """The files that paths, folders and URIs stand for, in the order given, URIs last, as shares.

    A folder stands for the files that the local engine takes of it; where it has none of them, for its files
    of many articles. What is missing goes to `report`. Raises QuotesError where there is no such file system.
    """
    local = [inner for path in paths if not is_uri(path) for inner in _unfolded(path)]
    remote = [inner for path in paths if is_uri(path) for inner in _listed(path, report)]
    places = [*(str(source.path) for source in expand(local, report)), *dict.fromkeys(remote)]
    ids = doc_ids([Path(file_system(place)[1] if is_uri(place) else place) for place in places])
    shares: list[list[File]] = []
    for place, doc_id in zip(places, ids, strict=True):
        file = File(doc_id, absolute(place), place)
        alone = _many(place) or not shares or _many(shares[-1][0].place) or len(shares[-1]) == _FILES
        if alone:
            shares.append([file])
        else:
            shares[-1].append(file)
    return [Share(tuple(files)) for files in shares]


def documents(share: Share, report: OnError) -> Iterator[Document]:
    """The documents of a share that are to be kept; what can't be read goes to `report` as a ReadError."""
    number = 0
    for file in share.files:
        source = PlacedInput(file.doc_id, Path(_path(file.place)), report, place=file.place, shown=file.shown)
        try:
            for document in documents_of(source):
                if share.keep is None or _bit(share.keep, number):
                    yield document
                number += 1
        except ReadError as error:
            report(error)


def _bit(bits: bytes, number: int) -> bool:
    return number < 8 * len(bits) and bool(bits[number // 8] & (0x80 >> number % 8))


def _many(place: str) -> bool:
    return article_format(Path(place)).many


def _path(place: str) -> str:
    return file_system(place)[1] if is_uri(place) else place


def _unfolded(path: str) -> list[str]:
    """The path; of a folder without what the local engine reads, its files of many articles."""
    streams: list[str] = []
    if not Path(path).is_dir():
        return [path]
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if any(_in_folders(name) for name in names):
            return [path]
        streams += [os.path.join(folder, name) for name in sorted(names) if _stream(name)]  # noqa: PTH118
    return streams or [path]


def _listed(uri: str, report: OnError) -> list[str]:
    """The files that a URI stands for, each a URI."""
    from pyarrow import fs

    files, path = file_system(uri)
    try:
        there = files.get_file_info(path)
        if there.type == fs.FileType.File:
            return [uri]
        if there.type == fs.FileType.NotFound:
            report(ReadError(f"{uri}: there is no such file or folder. Check its spelling, or name another."))
            return []
        entries = files.get_file_info(fs.FileSelector(path, recursive=True))
    except OSError as error:
        report(ReadError(f"{uri}: can't be listed ({reason(error)}). Check that you may open this folder."))
        return []
    start = len(path.rstrip("/")) + 1
    inner = sorted(entry.path[start:] for entry in entries if entry.type == fs.FileType.File)
    inner = [name for name in inner if not any(part.startswith(".") for part in name.split("/"))]
    articles = [n for n in inner if _in_folders(Path(n).name)] or [n for n in inner if _stream(Path(n).name)]
    if not articles:
        report(ReadError(f"{uri}: no article is in this folder or below. Name one with articles in it."))
    base, mark, query = uri.partition("?")
    return [f"{base.rstrip('/')}/{quote(name)}{mark}{query}" for name in articles]


def _in_folders(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in FOLDER_SUFFIXES


def _stream(name: str) -> bool:
    return not name.startswith((".", "_")) and unpacked_name(Path(name)).endswith(_STANDS_FOR)
