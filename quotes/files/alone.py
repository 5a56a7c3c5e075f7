"""One run at a time writes an output. The system frees a lock however its process ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from quotes.errors import OutputError


@contextmanager
def alone(*outputs: str | Path | None) -> Iterator[None]:
    """Hold outputs for this run, so that no other run that asks for them can replace its results.

    None and "-" are no files. The lock is a hidden file beside the output, which is removed at the end; that
    of a killed run is taken over by the next one. Where a file system knows no locks, there are none. Raises
    OutputError where another run holds an output.
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
    except OSError:  # if the folder is missing, or can't be written to, whoever writes the output says so
        file = None
    try:
        yield
    finally:
        if file is not None:
            with suppress(OSError):
                lock.unlink()
            file.close()


def locked(path: Path) -> BinaryIO:
    """Open a file, which is made if it is missing, and lock it until it is closed.

    Raises BlockingIOError where another has locked it, and OSError where it can't be opened or locked.
    """
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        try:
            import fcntl  # not on every system

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            return file
        except OSError:
            file.close()
            raise
        # A run that ended just now may have removed the file, or given it its final name.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()


def in_use(path: Path) -> str:
    """What to tell where another run holds an output."""
    return f"{path}: another run is writing to this file. Wait for its end, or name another file."
