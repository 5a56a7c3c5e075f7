"""Bytes to standard output, or to whatever FILE or "-" names. Raises OutputError as files do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from quotes.errors import OutputError
from quotes.files.whole_file import file_for


def to_stdout(piece: bytes) -> None:
    """Write bytes to standard output. Raises OutputError, or BrokenPipeError if its reader has left."""
    try:
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()  # so that the next program in the pipe can continue
    except BrokenPipeError:
        raise  # the next program has read enough; this is not an error
    except OSError as error:
        raise OutputError(f"standard output: can't be written ({error.strerror}).") from error


@contextmanager
def file_or_stdout(out: str | Path, header: bytes = b"") -> Iterator[Callable[[bytes], None]]:
    """Open what `out` names: a whole file, packed if its name says so, or standard output for "-".

    Gives a function that writes a piece. Raises as `WholeFile` and `to_stdout` do.
    """
    if str(out) == "-":
        to_stdout(header)
        yield to_stdout
        return
    path = Path(out)
    with file_for(path)(path, header, b"") as file:
        yield file.write


def write_bytes(out: str | Path, content: bytes) -> None:
    """Write a whole file, or to standard output for "-"."""
    with file_or_stdout(out) as write:
        write(content)
