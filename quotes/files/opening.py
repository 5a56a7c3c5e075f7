"""Opening what a path names: a file, a pipe, or a device, which is none of the two."""

from __future__ import annotations

import os
import stat
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.files.limits import USUAL, whole

#: Seconds to wait for a program to open a named pipe for writing.
PATIENCE = 10.0


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading. Raises OSError, and ReadError for a device or a pipe without a writer."""
    found = path.stat()
    if stat.S_ISFIFO(found.st_mode) and _has_a_name(path):
        return _pipe(path)
    file = path.open("rb")
    if kind := _device(found, file):
        file.close()
        raise ReadError(f"{path}: this is {kind}, not a file. Name a file.")
    return file


def read_whole(path: Path, usual: int = USUAL) -> bytes:
    """All bytes of a file. Raises OSError, and ReadError where they are more than the limit on a document."""
    with open_plain(path) as file:
        return whole(file, str(path), usual)


def what_it_is(mode: int) -> str | None:
    """What a path stands for that is neither a file, a folder nor a link; None for these."""
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return "a device"
    return "a socket" if stat.S_ISSOCK(mode) else None


def _device(found: os.stat_result, file: BinaryIO) -> str | None:
    """What it is where it is a device; a terminal can be read, and /dev/null is an empty file."""
    kind = what_it_is(found.st_mode)
    if kind != "a device" or file.isatty():
        return None
    return None if os.path.samestat(found, os.stat(os.devnull)) else kind  # noqa: PTH116


def _has_a_name(path: Path) -> bool:
    """Whether `mkfifo` made a pipe; that of a shell, `<(zcat news.gz)`, has a writer from the beginning."""
    return Path(os.path.realpath(path)).exists()


def _pipe(path: Path) -> BinaryIO:
    """Open a named pipe, in a thread: the system waits until a program opens its other end."""
    opened: Future[BinaryIO] = Future()

    def wait() -> None:
        try:
            opened.set_result(path.open("rb"))
        except OSError as error:
            opened.set_exception(error)

    Thread(target=wait, daemon=True).start()
    try:
        return opened.result(timeout=PATIENCE)
    except TimeoutError:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))  # the thread waits for this
        opened.result().close()
    raise ReadError(
        f"{path}: no program writes to this pipe. Start the one that is to write, and then read it again."
    )
