"""An output in several files of about one size, each of them whole or not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from quotes.errors import OutputError
from quotes.formats.record_files import shards as numbered
from quotes.formats.table import split_suffixes
from quotes.formats.writers import PieceWriter, Writer
from quotes.records import DocumentRecord


class Shards:
    """A writer that begins a new file, FILE-00002 after FILE-00001, once one holds `size` bytes.

    A shard is published when the next is begun; what becomes of the last is the matter of `open_one`, which
    opens a writer for a path. The first is opened at once, so that a folder that is missing is told before
    the work begins; unless an earlier run has `finished` some, with so many records `written`.
    """

    def __init__(
        self,
        path: Path,
        size: int,
        open_one: Callable[[Path], AbstractContextManager[Writer]],
        *,
        finished: int = 0,
        written: int = 0,
    ) -> None:
        self._path = path
        self._limit = size
        self._open_one = open_one
        self._number = finished + 1
        self._before = written
        self._stack = ExitStack()
        self._writer = None if finished else self._begin()

    @property
    def current(self) -> Writer:
        """The writer of the file that is being written."""
        if self._writer is None:
            self._writer = self._begin()
        return self._writer

    @property
    def written(self) -> int:
        """How many records have been taken whole."""
        return self._before + (self._writer.written if self._writer else 0)

    @property
    def size(self) -> int:
        """About how many bytes the file that is being written holds."""
        return self._writer.size if self._writer else 0

    def write(self, record: DocumentRecord) -> None:
        """Take one record. Raises OutputError when it can't be written."""
        writer = self.current
        writer.write(record)
        self._end_if_full(writer)

    def write_piece(self, piece: bytes) -> None:
        """Take a piece for the current writer, which has to be a `PieceWriter`."""
        writer = self.current
        assert isinstance(writer, PieceWriter)
        writer.write_piece(piece)
        self._end_if_full(writer)

    def _begin(self) -> Writer:
        return self._stack.enter_context(self._open_one(shard(self._path, self._number)))

    def _end_if_full(self, writer: Writer) -> None:
        if writer.size < self._limit:
            return
        self._stack.close()  # published
        self._before += writer.written
        self._writer = None
        self._number += 1

    @contextmanager
    def until_left(self) -> Iterator[Shards]:
        """End the last shard as this block ends: in peace, or by an exception."""
        with self._stack:
            yield self


def shard(path: Path, number: int) -> Path:
    """The name of one shard of FILE: "quotations-00001.jsonl"."""
    name, suffixes = split_suffixes(path)
    return path.with_name(f"{name}-{number:05}{suffixes}")


def all_shards(path: Path) -> Path:
    """How the shards of FILE are named together: "quotations-*.jsonl"."""
    name, suffixes = split_suffixes(path)
    return path.with_name(f"{name}-*{suffixes}")


def shards(path: Path) -> dict[int, Path]:
    """The shards of FILE that are there, by their numbers in order."""
    return numbered(path, split_suffixes(path)[1])


def refuse_old(path: Path) -> None:
    """Raise OutputError where shards are there: new ones would stand among those of another run."""
    old = shards(path)
    if old:
        raise OutputError(
            f"{next(iter(old.values()))}: an earlier run has written this. Delete its {len(old):,} "
            f"{'file' if len(old) == 1 else 'files'}, name another file, or go on with them: --resume."
        )


def finished(path: Path) -> list[Path]:
    """The shards that a run can go on behind. Raises OutputError where one is missing among them."""
    found = shards(path)
    for number in range(1, len(found) + 1):
        if number not in found:
            raise OutputError(
                f"{shard(path, number)}: this file is missing among those of the earlier run. "
                "Bring it back, or delete them all to begin anew."
            )
    return list(found.values())
