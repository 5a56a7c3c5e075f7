"""Where records go: a file of a known format, standard output, or tables for a person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from quotes.display.screen import Lines, Tables
from quotes.errors import OutputError
from quotes.formats.jsonl import records as jsonl
from quotes.formats.resumed_file import ResumedFile, begun, recorded
from quotes.formats.shards import Shards, finished, refuse_old, shard
from quotes.formats.table import record_format
from quotes.formats.writers import Encode, PieceWriter, WriteOptions, Writer
from quotes.records import DocumentRecord


class Sink(Protocol):
    """Takes records one by one."""

    @property
    def written(self) -> int:
        """How many records have been taken whole."""
        ...

    @property
    def before(self) -> Set[str]:
        """The `doc_id`s that an earlier run has written; they count as taken."""
        ...

    @property
    def on_screen(self) -> bool:
        """Whether it prints to standard output, so that a progress bar must step aside."""
        ...

    @property
    def encode(self) -> Encode | None:
        """What makes the piece of a record that `write_piece` takes; None where only `write` will do.

        It may be called in another process.
        """
        ...

    def write(self, record: DocumentRecord) -> None:
        """Take one record. Raises OutputError when it can't be written."""
        ...

    def write_piece(self, piece: bytes) -> None:
        """Take what `encode` made of one record. Raises OutputError when it can't be written."""
        ...


class _File:
    on_screen = False

    def __init__(self, writer: Writer, before: Set[str] = frozenset(), encode: Encode | None = None) -> None:
        self._writer = writer
        self.before = before
        self.encode = encode

    @property
    def written(self) -> int:
        return self._writer.written

    def write(self, record: DocumentRecord) -> None:
        self._writer.write(record)

    def write_piece(self, piece: bytes) -> None:
        assert isinstance(self._writer, PieceWriter | Shards)
        self._writer.write_piece(piece)


@contextmanager
def open_sink(
    out: str | None,
    inputs: Iterable[Path] = (),
    *,
    resume: bool = False,
    shard_size: int | None = None,
    options: WriteOptions = WriteOptions(),  # noqa: B008
) -> Iterator[Sink]:
    """Open the sink that `out` names: a file, "-" for JSONL on standard output, None for tables.

    A file is published when the block ends, as `WholeFile` says, or `ResumedFile` with `resume`, which only
    .jsonl can be: the other formats don't name documents without quotations. With a `shard_size` in bytes it
    is several, as `Shards` says. Raises OutputError at once when the suffix is unknown, the folder is
    missing, the file is one of the `inputs`, or shards are there and it isn't to `resume`.
    """
    if out is None:
        yield Tables()
        return
    if out == "-":
        yield Lines()
        return
    path = Path(out)
    if resume and not resumable(out):
        raise OutputError(f"{path}: only .jsonl can be gone on with. Name such a file.")
    open_writer = _resumed if resume else record_format(path).open

    def opened(path: Path) -> AbstractContextManager[Writer]:
        return open_writer(path, options)

    if shard_size is not None:
        with _sharded(path, shard_size, opened, resume=resume) as sink:
            yield sink
        return
    refuse_inputs(path, inputs)
    with opened(path) as writer:
        yield _File(writer, _before(writer), _encode(writer))


def _encode(writer: Writer) -> Encode | None:
    return writer.encode if isinstance(writer, PieceWriter) else None


def _before(writer: Writer) -> Set[str]:
    return writer.before if isinstance(writer, _ResumedWriter) else frozenset()


class _ResumedWriter(PieceWriter):
    def __init__(self, file: ResumedFile) -> None:
        super().__init__(file, jsonl.encode)
        self.before = file.before


@contextmanager
def _resumed(path: Path, options: WriteOptions) -> Iterator[Writer]:
    del options
    with ResumedFile(path) as file:
        yield _ResumedWriter(file)


@contextmanager
def _sharded(
    path: Path, size: int, opened: Callable[[Path], AbstractContextManager[Writer]], *, resume: bool
) -> Iterator[Sink]:
    if not resume:
        refuse_old(path)
        with Shards(path, size, opened).until_left() as writer:
            yield _File(writer, encode=_encode(writer.current))
        return
    done = finished(path)
    before: set[str] = set()
    for each in done:
        before |= recorded(each)
    with Shards(path, size, opened, finished=len(done), written=len(before)).until_left() as writer:
        if not done or begun(shard(path, len(done) + 1)):
            before |= _before(writer.current)
        yield _File(writer, before, jsonl.encode)


def resumable(out: str | None) -> bool:
    """Whether `out` names a file that a later run can go on with."""
    return out is not None and Path(out).suffix.lower() == ".jsonl"


def refuse_inputs(path: Path, inputs: Iterable[Path]) -> None:
    """Raise OutputError where a file to write is one of the inputs."""
    if not path.exists():
        return
    there = path.stat()
    for other in inputs:
        with suppress(OSError):  # an input that is missing is told when its turn comes
            if os.path.samestat(there, other.stat()):
                raise OutputError(f"{path}: this is one of the inputs. Name another file for the output.")
