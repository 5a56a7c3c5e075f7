"""Walk through files and folders on the disk, one file at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from quotes.errors import ReadError
from quotes.files.inputs import OnError, special_kind, unpacked_name
from quotes.formats.table import ARTICLE_FORMATS, FOLDER_SUFFIXES

# A folder with more entries than this is not sorted, and walked in the order of the file system.
_SORTED = 100_000
_PAGES = (".html", ".htm")


def walk(path: str, report: OnError) -> Iterator[str | None]:
    """The files that a path stands for; None for "-".

    Folders are walked by name, the files of a folder before its subfolders; see `expand`. A subfolder that
    can't be listed is passed to `report` as a ReadError. Raises ReadError if nothing is found.
    """
    if path == "-":
        yield None
        return
    path = str(Path(path))
    if not os.path.lexists(path):
        raise ReadError(f"{path}: there is no such file or folder. Check its spelling, or name another.")
    if not is_folder(path):
        yield path
        return
    empty = True
    for article in _articles(path, report):
        empty = False
        yield article
    if empty:
        other = min(filter(_is_readable, Path(path).iterdir()), default=None)
        raise ReadError(
            f"{path}: no article is in this folder or below ({' or '.join(FOLDER_SUFFIXES)}). "
            f"Name files of other suffixes one by one{f', such as {other}' if other else ''}."
        )


def identities() -> Callable[[str | None], str]:
    """A function that resolves paths; it resolves a folder once for consecutive files of it."""
    folder, real = "", os.path.realpath("")

    def identity(path: str | None) -> str:
        nonlocal folder, real
        if path is None:
            return "-"
        if os.path.islink(path):  # noqa: PTH114
            return os.path.realpath(path)  # unlike Path.resolve(), it takes a link to itself as it is
        parent, name = os.path.split(path)
        if parent != folder:
            folder, real = parent, os.path.realpath(parent)
        return os.path.join(real, name)  # noqa: PTH118

    return identity


def is_folder(path: str) -> bool:
    """Whether the path is a folder, or a link to one."""
    try:
        return Path(path).is_dir()
    except OSError:
        return False  # reading it raises the error


def _articles(top: str, report: OnError) -> Iterator[str]:
    """Walk without recursion, and without following links to folders, which could form a loop."""
    waiting: list[Iterator[str]] = [iter([top])]
    while waiting:
        folder = next(waiting[-1], None)
        if folder is None:
            waiting.pop()
            continue
        below: list[str] | None = []
        try:
            for entry in _entries(folder):
                if entry is None:
                    below = None  # too many to hold
                elif _is_article(entry, report):
                    yield entry.path
                elif below is not None and _is_folder_of_articles(entry):
                    below.append(entry.path)
        except OSError as error:
            unlisted = ReadError(
                f"{folder}: can't be listed ({error.strerror}). Check that you may open this folder."
            )
            if folder == top:
                raise unlisted from error
            report(unlisted)
            continue
        waiting.append(_folders(folder) if below is None else iter(below))


def _entries(folder: str) -> Iterator[os.DirEntry[str] | None]:
    """The entries of a folder that are not hidden, by name; if too many, first None and then all unsorted."""
    with os.scandir(folder) as listing:
        shown = (entry for entry in listing if not entry.name.startswith("."))
        ahead = list(islice(shown, _SORTED + 1))
        if len(ahead) <= _SORTED:
            yield from sorted(ahead, key=lambda entry: entry.name)
        else:
            yield None
            yield from chain(ahead, shown)


def _folders(folder: str) -> Iterator[str]:
    """List a large folder again, for its subfolders."""
    with suppress(OSError), os.scandir(folder) as listing:  # it could be listed a moment ago
        for entry in listing:
            if not entry.name.startswith(".") and _is_folder_of_articles(entry):
                yield entry.path


def _is_readable(path: Path) -> bool:
    """Whether a file can be named that isn't looked for in folders, such as one of many documents."""
    return not path.name.startswith(".") and Path(unpacked_name(path)).suffix in ARTICLE_FORMATS


def _is_folder_of_articles(entry: os.DirEntry[str]) -> bool:
    """Whether to walk it: not story_files/ beside story.html, which a browser saved with the page."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    page = entry.path.removesuffix("_files")
    return page == entry.path or not any(os.path.exists(page + suffix) for suffix in _PAGES)  # noqa: PTH110


def _is_article(entry: os.DirEntry[str], report: OnError) -> bool:
    """Whether to read it. A pipe or a device with the name of an article is passed to `report`."""
    if os.path.splitext(entry.name)[1].lower() not in FOLDER_SUFFIXES:  # noqa: PTH122
        return False
    try:
        if entry.is_file():
            return True
        kind = special_kind(entry.stat().st_mode)
    except OSError:
        return True  # a broken link, or one to itself: reading it raises the error
    if kind is not None:
        report(ReadError(f"{entry.path}: this is {kind}, not a file. Only files are read from folders."))
    return False
