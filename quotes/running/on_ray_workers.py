"""What runs on Ray's workers: read shares, extract, write parts. They exchange Arrow tables.

Documents are pickled: Arrow's strings are UTF-8, which can't hold lone surrogates.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import ray
from ray.data.datasource import Datasink

from quotes.errors import ExtractionError, QuotesError
from quotes.formats.jsonl import records as jsonl
from quotes.formats.parts import PartsFolder
from quotes.records import Document, DocumentRecord
from quotes.running import ExtractorFactory
from quotes.running.on_ray import Written
from quotes.running.on_ray_plan import Share, digest, documents
from quotes.running.pool import left_out
from quotes.running.selection import Selection
from quotes.running.tally import Tally
from quotes.settings import Carried

if TYPE_CHECKING:
    from ray.data._internal.execution.interfaces import TaskContext

    from quotes.extractor import Extractor

# The size in bytes of the tables of articles that Ray makes blocks of, about.
_TABLE = 1 << 16

# A document that crashes its worker this often, alone in its task, is left out. Once proves nothing: the
# machine may have been taken away.
_CRASHES = 2

_READ = pa.schema([("document", pa.large_binary()), ("problem", pa.large_binary())])
_DONE = pa.schema([("line", pa.large_binary()), ("problem", pa.large_binary()), ("tally", pa.large_binary())])


def read(share: Share) -> Iterator[pa.Table]:
    """The documents of a share, one in a row, and a row for each that can't be read."""
    problems: list[QuotesError] = []
    rows: list[tuple[bytes | None, bytes | None]] = []
    size = 0
    for document in documents(share, problems.append):
        rows.append((pickle.dumps(document), None))
        size += len(document.text)
        if size >= _TABLE:
            yield _table(_READ, rows)
            rows, size = [], 0
    if not share.many:  # those of other shares were reported by `index`
        rows += [(None, pickle.dumps(problem)) for problem in problems]
    if rows:
        yield _table(_READ, rows)


@dataclass(frozen=True, slots=True)
class Work:
    """How to make an extractor on any machine."""

    carried: Carried[ExtractorFactory]
    selection: Selection

    def __call__(self) -> Extractor:
        """Make the extractor. Raises ModelError or DataError."""
        with tempfile.TemporaryDirectory() as folder:
            return self.carried.restored(Path(folder))()


class Extracting:
    """One extractor that works on table after table; Ray makes it an actor.

    A document that raises an exception is left out. When one crashes the actor, Ray restarts the actor and
    gives it the same table, whose documents are then done one at a time. A document that crashes it two more
    times is left out.
    """

    def __init__(self, work: Work, ledger: Any) -> None:
        with _fatal_errors_noted(ledger):
            self._extractor = work()
        self._selection = work.selection
        self._any_language = work.carried.settings.any_language
        self._ledger = ledger

    def __call__(self, table: pa.Table) -> pa.Table:
        """Rows of `read` in, and a row out for each: a line of JSON, or the error."""
        rows: list[tuple[bytes | None, bytes | None, bytes | None]] = [
            (None, problem, None) for problem in table["problem"].to_pylist() if problem is not None
        ]
        found = [pickle.loads(document) for document in table["document"].to_pylist() if document is not None]
        tally = Tally()
        for document, answer in zip(found, self._answers(found), strict=True):
            if isinstance(answer, QuotesError):
                rows.append((None, pickle.dumps(answer), None))
                continue
            shown = self._selection.of(answer)
            words = len(document.text.split())
            tally.add(Tally.of(answer, shown, words=words, any_language=self._any_language))
            rows.append((jsonl.encode(shown), None, None))
        if rows:
            rows[0] = (*rows[0][:2], pickle.dumps(tally))
        return _table(_DONE, rows)

    def _answers(self, found: Sequence[Document]) -> list[DocumentRecord | QuotesError]:
        if not found:
            return []
        key = b"table" + digest(found[0].doc_id)
        if not self._begin(key):
            try:
                answers: list[DocumentRecord | QuotesError] = [*self._extractor.pipe(found)]
            except Exception:  # of one document; alone, each shows whether it is the one
                answers = [self._answer(document) for document in found]
        else:
            answers = [self._careful_answer(document) for document in found]
        self._ledger.end.remote(key)
        return answers

    def _answer(self, document: Document) -> DocumentRecord | QuotesError:
        try:
            return next(iter(self._extractor.pipe([document])))
        except Exception as error:  # one document must not stop the others
            return left_out(document, f"{type(error).__name__}: {error}")

    def _careful_answer(self, document: Document) -> DocumentRecord | QuotesError:
        key = digest(document.doc_id)
        if self._begin(key) >= _CRASHES:
            return ExtractionError(
                f"{document.doc_id}: this article crashes its worker process again and again. It is left out."
            )
        answer = self._answer(document)
        ray.get(self._ledger.end.remote(key))  # before the next one can crash this process
        return answer

    def _begin(self, key: bytes) -> int:
        before: int = ray.get(self._ledger.begin.remote(key))
        return before


class Parts(Datasink[Written]):
    """Writes the output of `Extracting`: a task gathers at least `size` bytes for one part."""

    def __init__(self, folder: PartsFolder, size: int, ledger: Any) -> None:
        self._folder, self._size, self._ledger = folder, size, ledger

    def write(self, blocks: Iterable[pa.Table], ctx: TaskContext) -> Written:
        """Write one part. Raises OutputError."""
        lines: list[bytes] = []
        problems: list[QuotesError] = []
        tally = Tally()
        for block in blocks:
            lines += (line for line in block["line"].to_pylist() if line is not None)
            problems += (pickle.loads(each) for each in block["problem"].to_pylist() if each is not None)
            for part in block["tally"].to_pylist():
                if part is not None:
                    tally.add(pickle.loads(part))
        with _fatal_errors_noted(self._ledger):
            name = self._folder.write(lines) if lines else f"none-{ctx.task_idx}"
        report = Written(name, len(lines), problems, tally)
        ray.get(self._ledger.add.remote(report))
        return report

    @property
    def min_bytes_per_write(self) -> int:
        """The least size of a part in bytes."""
        return self._size


@contextmanager
def _fatal_errors_noted(ledger: Any) -> Iterator[None]:
    """Report an error that ends the run to the driver before Ray does."""
    try:
        yield
    except QuotesError as error:
        ray.get(ledger.fail.remote(error))
        raise


def _table(schema: pa.Schema, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema
    )
