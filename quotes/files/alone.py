"""Locks, so that one run at a time writes an output. The system frees a lock however its process ends.

Own code: it also removes the lock file, and moves the lock when a file gets its final name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from quotes.errors import OutputError


@contextmanager
def alone(*outputs: str | Path | None) -> Iterator[None]:
    """Lock outputs for this run, so that no other run can replace its results.

    None and "-" are skipped. The lock is a hidden file beside the output. It is removed at the end; the next
    run takes over that of a killed one. On file systems without locks, nothing is locked. Raises OutputError
    if another run holds an output.
    """
    named = [Path(output) for output in outputs if output is not None and str(output) != "-"]
    with ExitStack() as held:
        for real, path in {os.path.realpath(path): path for path in named}.items():
            held.enter_context(_held(Path(real), path))
        yield


@contextmanager
def _held(real: Path, path: Path) -> Iterator[None]:
    lock = real.with_name(f".{real.name}.lock")
    try:
        file = locked(lock)
    except BlockingIOError:
        raise OutputError(in_use(path)) from None
    except OSError:  # a missing or read-only folder is reported when the output is opened
        file = None
    try:
        yield
    finally:
        if file is not None:
            with suppress(OSError):
                lock.unlink()
            file.close()


def locked(path: Path) -> BinaryIO:
    """Open a file for reading and writing, creating it if needed, and lock it until it is closed.

    Raises BlockingIOError if another process has locked it, OSError if it can't be opened or locked.
    """
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        try:
            import fcntl  # not on every operating system

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            return file
        except OSError:
            file.close()
            raise
        # Another run may just have removed the file, or renamed it to its final name.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()


def in_use(path: Path) -> str:
    """The message for an output that another run holds."""
    return f"{path}: another run is writing to this file. Wait until it ends, or name another file."
