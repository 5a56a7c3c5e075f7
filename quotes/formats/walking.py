"""Files and folders on the disk: found one by one, and never all held."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from quotes.errors import ReadError
from quotes.files.inputs import OnError
from quotes.files.opening import what_it_is
from quotes.formats.articles_table import FOLDER_SUFFIXES

# A folder with more entries than this is taken in the order in which the file system has them.
_SORTED = 100_000
_PAGES = (".html", ".htm")


def walk(path: str, report: OnError) -> Iterator[str | None]:
    """The files that a path stands for; None for "-".

    Folders are walked in the order of their names, their own files first; see `expand`. Folders below it
    that can't be listed go to `report` as a ReadError; one is raised where nothing is found.
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
        raise ReadError(
            f"{path}: no article is in this folder or below ({' or '.join(FOLDER_SUFFIXES)}). "
            "Name files of other suffixes one by one."
        )


def identities() -> Callable[[str | None], str]:
    """A function that resolves paths, each folder once for the files of it that come together."""
    folder, real = "", os.path.realpath("")

    def identity(path: str | None) -> str:
        nonlocal folder, real
        if path is None:
            return "-"
        if os.path.islink(path):  # noqa: PTH114
            return os.path.realpath(path)  # unlike Path.resolve(), it takes a link to itself as it is
        its, name = os.path.split(path)
        if its != folder:
            folder, real = its, os.path.realpath(its)
        return os.path.join(real, name)  # noqa: PTH118

    return identity


def is_folder(path: str) -> bool:
    """Whether it is one, or a link to one."""
    try:
        return Path(path).is_dir()
    except OSError:
        return False  # reading it tells what is wrong


def _articles(top: str, report: OnError) -> Iterator[str]:
    """Walk with a stack, not by recursion; links to folders are not followed, so no loop can hold us."""
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
                    below = None  # too many to be held
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
    """What a folder shows, by name; a None first, and no order, where that is too much to be held."""
    with os.scandir(folder) as listing:
        shown = (entry for entry in listing if not entry.name.startswith("."))
        ahead = list(islice(shown, _SORTED + 1))
        if len(ahead) <= _SORTED:
            yield from sorted(ahead, key=lambda entry: entry.name)
        else:
            yield None
            yield from chain(ahead, shown)


def _folders(folder: str) -> Iterator[str]:
    """List a great folder once more, for the folders in it."""
    with suppress(OSError), os.scandir(folder) as listing:  # a moment ago it could be listed
        for entry in listing:
            if not entry.name.startswith(".") and _is_folder_of_articles(entry):
                yield entry.path


def _is_folder_of_articles(entry: os.DirEntry[str]) -> bool:
    """Whether to walk it: story_files/ beside story.html holds what a browser saved with the page."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    page = entry.path.removesuffix("_files")
    return page == entry.path or not any(os.path.exists(page + suffix) for suffix in _PAGES)  # noqa: PTH110


def _is_article(entry: os.DirEntry[str], report: OnError) -> bool:
    """Whether to read it. A pipe or a device that is called like an article goes to `report`."""
    if os.path.splitext(entry.name)[1].lower() not in FOLDER_SUFFIXES:  # noqa: PTH122
        return False
    try:
        if entry.is_file():
            return True
        kind = what_it_is(entry.stat().st_mode)
    except OSError:
        return True  # a broken link, or one to itself: reading it tells
    if kind is not None:
        report(ReadError(f"{entry.path}: this is {kind}, not a file. In folders only files are read."))
    return False
