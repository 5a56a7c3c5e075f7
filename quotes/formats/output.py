"""Where records go: one file, shards of a file, a file that an earlier run began, or standard output.

with open_output("quotations.jsonl") as output:                          one file, whole or not there
with open_output("quotations.brat") as output:                           the same for a folder
with open_output("quotations.csv", shard_size=100_000_000) as output:    quotations-00001.csv, …
with open_output("quotations.jsonl", resume=True) as output:             continues quotations.jsonl.partial
with open_output("-") as output:                                         JSON Lines on standard output
output.write(record)
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Set
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from types import TracebackType

from pydantic_core import from_json

from quotes.errors import OutputError
from quotes.files.alone import in_use, locked
from quotes.files.standard_output import to_stdout
from quotes.files.whole_file import Done, WholeFile
from quotes.formats.jsonl import records as jsonl
from quotes.formats.shards import shard, shards
from quotes.formats.table import record_format, split_suffixes
from quotes.formats.writers import Encode, PieceWriter, WriteOptions, Writer
from quotes.records import DocumentRecord


@contextmanager
def open_output(
    out: str,
    inputs: Iterable[Path] = (),
    *,
    resume: bool = False,
    shard_size: int | None = None,
    options: WriteOptions = WriteOptions(),  # noqa: B008
) -> Iterator[Output]:
    """Open the output that `out` names: a file or folder of a known format, or "-" for standard output.

    Files appear when the block ends, as `WholeFile` says, or `ResumedFile` with `resume`. Only .jsonl can be
    resumed: the other formats have no line for a document without quotations. `shard_size` is in bytes.
    Raises OutputError at once if the suffix is unknown, the folder is missing, the file is one of the
    `inputs`, or shards exist and `resume` is false.
    """
    if out == "-":
        yield Output.to(PieceWriter(_StandardOutput(), jsonl.encode))
        return
    path = Path(out)
    if resume and not resumable(out):
        raise OutputError(f"{path}: --resume works with .jsonl only. Name such a file.")
    open_writer = _open_resumed if resume else record_format(path).open
    finished: list[Path] = []
    names = iter([path])
    if shard_size is None:
        refuse_inputs(path, inputs)
    else:
        finished = finished_shards(path) if resume else no_shards(path)
        names = _shards_from(path, len(finished) + 1)
    before = frozenset[str]().union(*map(recorded_ids, finished))
    with ExitStack() as stack:
        output = Output((open_writer(name, options) for name in names), stack, shard_size, before)
        # If all shards are finished, the next one is opened when there is a record for it.
        if not finished or begun(next(_shards_from(path, len(finished) + 1))):
            output.open_next()
        yield output


class Output:
    """Takes records one by one and passes them to a writer, and to the next one when a shard is full.

    A full shard is published before the next is opened.
    """

    def __init__(
        self,
        writers: Iterator[AbstractContextManager[Writer]],
        stack: ExitStack,
        shard_size: int | None = None,
        before: Set[str] = frozenset(),
    ) -> None:
        self._writers = writers
        self._stack = stack
        self._shard_size = shard_size
        self._writer: Writer | None = None
        self._published = len(before)
        self.before = before
        """The `doc_id`s that an earlier run has written. They count as written."""
        self.encode: Encode | None = jsonl.encode
        """Makes the piece of a record for `write_piece`, in any process; None for some formats."""

    @classmethod
    def to(cls, writer: Writer) -> Output:
        """An output to one writer that needs no closing, such as standard output."""
        output = cls(iter([nullcontext(writer)]), ExitStack())
        output.open_next()
        return output

    @property
    def written(self) -> int:
        """The number of records written."""
        return self._published + (self._writer.written if self._writer else 0)

    def write(self, record: DocumentRecord) -> None:
        """Write one record. Raises OutputError."""
        writer = self._writer or self.open_next()
        writer.write(record)
        self._publish_if_full(writer)

    def write_piece(self, piece: bytes) -> None:
        """Write what `encode` made of one record. Raises OutputError."""
        writer = self._writer or self.open_next()
        assert isinstance(writer, PieceWriter)
        writer.write_piece(piece)
        self._publish_if_full(writer)

    def open_next(self) -> Writer:
        """Open the next file."""
        self._writer = writer = self._stack.enter_context(next(self._writers))
        self.encode = writer.encode if isinstance(writer, PieceWriter) else None
        if isinstance(writer, _ResumedWriter):
            self.before |= writer.before
        return writer

    def _publish_if_full(self, writer: Writer) -> None:
        if self._shard_size is None or writer.size < self._shard_size:
            return
        self._stack.close()
        self._published += writer.written
        self._writer = None


class _StandardOutput:
    """JSON Lines as bytes: always UTF-8, whatever the terminal's encoding."""

    def __init__(self) -> None:
        self.pieces = self.size = 0

    def write(self, piece: bytes) -> None:
        to_stdout(piece)
        self.pieces += 1
        self.size += len(piece)


def refuse_inputs(path: Path, inputs: Iterable[Path]) -> None:
    """Raise OutputError if the file to write is one of the inputs."""
    if not path.exists():
        return
    own = path.stat()
    for other in inputs:
        with contextlib.suppress(OSError):  # a missing input is reported when it is read
            if os.path.samestat(own, other.stat()):
                raise OutputError(f"{path}: this is one of the inputs. Name another file for the output.")


# Shards


def all_shards(path: Path) -> Path:
    """A pattern for the names of all shards of FILE: "quotations-*.jsonl". Raises OutputError."""
    name, suffixes = split_suffixes(path)
    return path.with_name(f"{name}-*{suffixes}")


def _shards_from(path: Path, first: int) -> Iterator[Path]:
    suffixes = split_suffixes(path)[1]
    return (shard(path, suffixes, number) for number in count(first))


def no_shards(path: Path) -> list[Path]:
    """An empty list. Raises OutputError if there are shards of an earlier run, which would be mixed in."""
    if old := shards(path, split_suffixes(path)[1]):
        files = f"its {len(old):,} {'file' if len(old) == 1 else 'files'}"
        raise OutputError(
            f"{next(iter(old.values()))}: an earlier run has written this file. "
            f"Delete {files}, name another file, or continue that run with --resume."
        )
    return []


def finished_shards(path: Path) -> list[Path]:
    """The shards that an earlier run has finished, in order. Raises OutputError if one is missing."""
    suffixes = split_suffixes(path)[1]
    found = shards(path, suffixes)
    for number in range(1, len(found) + 1):
        if number not in found:
            raise OutputError(
                f"{shard(path, suffixes, number)}: this file of the earlier run is missing. "
                "Restore it, or delete the others to start again."
            )
    return list(found.values())


# Resuming


def resumable(out: str | None) -> bool:
    """Whether a later run can continue the file that `out` names."""
    return out is not None and Path(out).suffix.lower() == ".jsonl"


class ResumedFile(WholeFile):
    """Writes JSON Lines to FILE.partial, and renames it to FILE when the block ends normally.

    After an error, Ctrl-C or a kill, FILE.partial stays and the next `ResumedFile` continues it. A torn last
    line is cut off. If there is only FILE, a copy of it is continued. `before` holds the `doc_id`s that the
    file already has, once the block is entered.

    Raises OutputError as `WholeFile` does, and if another run is writing to the file or it holds anything
    other than records.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._aside = _partial(self.path)
        self.before: Set[str] = frozenset()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._publish()
            else:
                self._keep()
        except OSError as problem:
            raise self._failed(problem) from problem
        finally:
            with contextlib.suppress(OSError):
                self._file.close()

    def _open(self) -> Done:
        try:
            self._file = locked(self._aside)
        except BlockingIOError:
            raise OutputError(in_use(self._aside)) from None
        if not os.fstat(self._file.fileno()).st_size and self.path.exists():
            with self.path.open("rb") as finished:
                shutil.copyfileobj(finished, self._file)
        self._file.seek(0)
        try:
            self.before, size = _whole_lines(self._file, self._aside)
        except OutputError:
            self._file.close()
            raise
        self._file.seek(size)
        self._file.truncate()
        return Done(len(self.before), size)

    def _keep(self) -> None:
        """Leave the finished lines to the next run."""
        with contextlib.suppress(OSError):  # on a full disk, the next run cuts off the torn line
            self._file.flush()
            self._file.truncate(self._done.size)
        if not self._done.size:
            self._aside.unlink(missing_ok=True)


class _ResumedWriter(PieceWriter):
    def __init__(self, file: ResumedFile) -> None:
        super().__init__(file, jsonl.encode)
        self.before = file.before


@contextmanager
def _open_resumed(path: Path, options: WriteOptions) -> Iterator[Writer]:
    del options
    with ResumedFile(path) as file:
        yield _ResumedWriter(file)


def begun(path: Path) -> bool:
    """Whether an earlier run has left an unfinished FILE.partial with records."""
    try:
        return _partial(path).stat().st_size > 0
    except OSError:
        return False


def recorded_ids(path: Path) -> Set[str]:
    """The `doc_id`s of a finished file of records. Raises OutputError if its last line is torn."""
    try:
        with path.open("rb") as file:
            found, size = _whole_lines(file, path)
            torn = size < os.fstat(file.fileno()).st_size
    except OSError as error:
        raise OutputError(f"{path}: can't be read ({error.strerror}).") from error
    if torn:
        raise OutputError(f"{path}: the last line is not a record. Delete the file to have it written again.")
    return found


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.partial")


def _whole_lines(lines: Iterable[bytes], path: Path) -> tuple[Set[str], int]:
    """The `doc_id`s of a file's lines, and its size in bytes up to the end of the last whole line."""
    found: set[str] = set()
    size = torn = 0
    for number, line in enumerate(lines, 1):
        if torn:
            raise OutputError(
                f"{path}, line {torn}: this is not a record; cannot resume. Delete the file to start again."
            )
        doc_id = _doc_id(line)
        if doc_id is None:
            torn = number  # allowed in the last line
            continue
        if doc_id in found:
            raise OutputError(
                f"{path}, line {number}: the document {doc_id!r} appears twice. "
                "Delete one of the lines, or the file."
            )
        found.add(doc_id)
        size += len(line)
    return found, size


def _doc_id(line: bytes) -> str | None:
    """The `doc_id` of a whole line that holds a record, else None."""
    try:
        record = from_json(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    if not isinstance(record, dict) or "quotations" not in record:
        return None
    doc_id = record.get("doc_id")
    return doc_id if isinstance(doc_id, str) else None
