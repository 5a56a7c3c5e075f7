"""Lock files between processes. The system frees them however a process ends, so none is ever left behind."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def waiting_for(path: Path) -> Iterator[None]:
    """Hold a lock file; wait as long as another process holds it."""
    import fcntl

    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def taken(path: Path) -> Iterator[BinaryIO]:
    """Hold a lock file, or raise BlockingIOError at once where a process holds it.

    A child that inherits the file's descriptor holds the lock, too, for as long as it lives.
    """
    import fcntl

    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file
