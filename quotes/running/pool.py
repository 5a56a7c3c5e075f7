"""A pool of worker processes that survives articles that crash them.

batch of 20 documents → Task → worker 1 → results, in the order read
Task → worker 2 dies → 20 tasks of one document each
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.errors import ExtractionError, QuotesError
from quotes.records import Document, DocumentRecord
from quotes.running.worker import Answer, Died, Failed, Ready, Worker

if TYPE_CHECKING:
    from quotes.extractor import Extractor

# Code points in a batch: enough to fill the parser's batches, few enough that all workers end together.
_BATCH = 60_000
# Batches between reading and writing, for each worker: enough to wait for the slowest.
_OPEN = 4
_FAILED_STARTS = 3

# In place of a missing result.
_NONE = object()


class Batch:
    """Documents that were read together, and their results so far."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.results: list[Any] = [_NONE] * len(documents)
        self.left = len(documents)


class Task(NamedTuple):
    """The documents [first, last) of a batch. `retry`: one document of a task that failed before."""

    batch: Batch
    first: int
    last: int
    retry: bool = False

    @property
    def documents(self) -> list[Document]:
        """The task's documents."""
        return self.batch.documents[self.first : self.last]

    def finish(self, results: list[Any] | None) -> None:
        """Store the results; None for a document that is left out."""
        if results is not None:
            self.batch.results[self.first : self.last] = results
        self.batch.left -= self.last - self.first

    def retries(self) -> list[Task]:
        """A task for each document."""
        return [Task(self.batch, i, i + 1, retry=True) for i in range(self.first, self.last)]


class Pool:
    """Up to `jobs` workers for one stream of documents.

    A worker that dies is replaced, and the documents of its task are tried again one by one. A document that
    fails again is left out and passed to `on_error`; the others continue.
    """

    def __init__(
        self,
        make: Callable[[], Extractor],
        jobs: int,
        finish: Callable[[DocumentRecord], Any] | None = None,
        *,
        ordered: bool = True,
        on_error: Callable[[QuotesError], None] | None = None,
    ) -> None:
        self._make = make
        self._finish = finish or unchanged
        self._jobs = jobs
        self._ordered = ordered
        self._report = on_error or _raise
        self._idle: list[Worker] = []
        self._starting: list[Worker] = []
        self._busy: dict[Worker, Task] = {}
        self._retries: deque[Task] = deque()
        self._waiting: deque[Task] = deque()
        self._open: deque[Batch] = deque()
        self._failed_starts = 0

    def pipe(self, documents: Iterable[Document]) -> Iterator[Any]:
        """Stream what `finish` makes of the documents' records; holds at most four batches for each worker.

        Raises what `make` raises, and ExtractionError if no worker can be started.
        """
        coming = batches(documents)
        try:
            while True:
                while len(self._open) < self._jobs * _OPEN and (batch := next(coming, None)):
                    self._open.append(batch)
                    self._waiting.append(Task(batch, 0, len(batch.documents)))
                if not self._open:
                    break
                self._send_tasks()
                yield from self._finished()
                if self._busy or self._starting:
                    self._receive_answers()
            for worker in self._idle:
                worker.connection.close()  # all at once, so that they end at the same time
        finally:
            for worker in (*self._busy, *self._starting):
                worker.kill()
            for worker in (*self._busy, *self._starting, *self._idle):
                worker.wait_until_ended()

    def _send_tasks(self) -> None:
        """Give tasks to idle workers, and start workers for the rest."""
        while self._idle and (queue := self._retries or self._waiting):
            worker = self._idle.pop()
            if worker.send(queue[0].documents):
                self._busy[worker] = queue.popleft()
            else:
                worker.wait_until_ended()  # it died while idle: no article is to blame
        tasks = len(self._retries) + len(self._waiting)
        while len(self._starting) < min(tasks, self._jobs - len(self._busy) - len(self._idle)):
            try:
                self._starting.append(Worker(self._make, self._finish))
            except OSError as error:  # out of processes or pipes
                self._start_failed(f"could not be started ({error.strerror})")

    def _receive_answers(self) -> None:
        workers: dict[Any, Worker] = {each.connection: each for each in (*self._busy, *self._starting)}
        for connection in wait(list(workers)):
            worker = workers[connection]
            answer = worker.receive()
            if isinstance(answer, QuotesError):
                raise answer
            if worker in self._starting:
                self._starting.remove(worker)
                self._started(worker, answer)
            else:
                self._answered(worker, self._busy.pop(worker), answer)

    def _started(self, worker: Worker, answer: Answer) -> None:
        if isinstance(answer, Ready):
            self._failed_starts = 0
            self._idle.append(worker)
            return
        worker.wait_until_ended()
        self._start_failed(f"{_what_went_wrong(answer)} before it was ready")

    def _start_failed(self, how: str) -> None:
        """Try again; after three failures, continue with the workers that there are."""
        self._failed_starts += 1
        if self._failed_starts < _FAILED_STARTS:
            return
        alive = len(self._busy) + len(self._idle) + len(self._starting)
        if not alive:
            raise ExtractionError(
                f"A worker process {how}, {_FAILED_STARTS} times. Use fewer processes; --jobs 1 starts none."
            )
        self._jobs = alive

    def _answered(self, worker: Worker, task: Task, answer: Answer) -> None:
        """Store a worker's results, or try its documents again."""
        if isinstance(answer, Died):
            worker.wait_until_ended()
        else:
            self._idle.append(worker)
        if isinstance(answer, list):
            task.finish(answer)
        elif not task.retry:
            self._retries += task.retries()
        else:
            task.finish(None)
            self._report(_given_up(task.documents[0], answer))

    def _finished(self) -> Iterator[Any]:
        """The results of finished batches: in order up to the first unfinished one, or all of them."""
        if self._ordered:
            finished = []
            while self._open and not self._open[0].left:
                finished.append(self._open.popleft())
        else:
            finished = [batch for batch in self._open if not batch.left]
            self._open = deque(batch for batch in self._open if batch.left)
        for batch in finished:
            yield from (result for result in batch.results if result is not _NONE)


def unchanged(record: DocumentRecord) -> DocumentRecord:
    """The record itself: the default `finish`."""
    return record


def left_out(document: Document, reason: str) -> ExtractionError:
    """The error for a document that raises an exception."""
    if reason.startswith(MemoryError.__name__):
        reason = "it needs more memory than there is; split it, or raise the limit on memory"
    return ExtractionError(f"{document.doc_id}: this article can't be processed ({reason}). It is left out.")


def batches(documents: Iterable[Document]) -> Iterator[Batch]:
    """The documents in batches of about the same number of code points."""
    gathered: list[Document] = []
    size = 0
    for document in documents:
        gathered.append(document)
        size += len(document.text)
        if size >= _BATCH:
            yield Batch(gathered)
            gathered, size = [], 0
    if gathered:
        yield Batch(gathered)


def _what_went_wrong(answer: Answer) -> str:
    if isinstance(answer, Died):
        return answer.how
    return f"failed ({answer.reason})" if isinstance(answer, Failed) else "gave an unexpected answer"


def _given_up(document: Document, answer: Answer) -> ExtractionError:
    if isinstance(answer, Died):
        return ExtractionError(
            f"{document.doc_id}: this article crashes its worker process, which {answer.how} twice. "
            "It is left out."
        )
    return left_out(document, answer.reason if isinstance(answer, Failed) else "no answer")


def _raise(error: QuotesError) -> None:
    raise error
