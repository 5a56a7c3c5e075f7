"""Several workers, and what each has in hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from quotes.errors import ExtractionError, QuotesError
from quotes.records import Document, DocumentRecord
from quotes.running.tasks import NONE, Batch, Task, left_out
from quotes.running.worker import Answer, Died, Failed, Ready, Worker, itself

if TYPE_CHECKING:
    from quotes.extractor import Extractor

# Code points that go to a worker together: enough to fill the parser's batches, little enough that all
# workers are done at about the same time.
_BATCH = 60_000
# Batches between reading and writing, for each worker: with these the slowest can be waited for.
_OPEN = 4
_FALSE_STARTS = 3


class Pool:
    """Up to `jobs` workers; used for one stream of documents.

    A worker that dies is replaced. What it had in hand is tried again, each document alone, and only one
    that kills its worker again, or fails again, is given up: it goes to `on_error`, and the rest goes on.
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
        self._finish = finish or itself
        self._jobs = jobs
        self._ordered = ordered
        self._report = on_error or _raise
        self._idle: list[Worker] = []
        self._starting: list[Worker] = []
        self._busy: dict[Worker, Task] = {}
        self._again: deque[Task] = deque()
        self._open: deque[Batch] = deque()
        self._false_starts = 0

    def pipe(self, documents: Iterable[Document]) -> Iterator[Any]:
        """Give what `finish` makes of the documents' records; at most four batches a worker are held.

        Raises what `make` raises, and ExtractionError where no worker can be started.
        """
        batches = _batches(documents)
        waiting: deque[Task] = deque()
        more = True
        try:
            while True:
                while more and len(self._open) < self._jobs * _OPEN:
                    batch = next(batches, None)
                    if batch is None:
                        more = False
                        break
                    self._open.append(batch)
                    waiting.append(Task(batch, 0, len(batch.documents)))
                self._hand_out(waiting)
                yield from self._done()
                if not self._open and not more:
                    break
                if self._busy or self._starting:
                    self._take_answers()
            self._leave()
        finally:
            self._end()

    def _hand_out(self, waiting: deque[Task]) -> None:
        """Give idle workers what waits, and start workers for the rest."""
        while self._idle and (self._again or waiting):
            queue = self._again or waiting
            worker = self._idle.pop()
            if worker.send(queue[0].documents):
                self._busy[worker] = queue.popleft()
            else:
                worker.bury()  # it died while it had nothing to do: no article is to blame
        wanted = min(len(self._again) + len(waiting), self._jobs - len(self._busy) - len(self._idle))
        while len(self._starting) < wanted:
            try:
                self._starting.append(Worker(self._make, self._finish))
            except OSError as error:  # no process or pipe is to be had
                self._start_failed(f"could not be started ({error.strerror})")
                wanted = min(wanted, self._jobs - len(self._busy) - len(self._idle))

    def _take_answers(self) -> None:
        workers = {worker.connection: worker for worker in (*self._busy, *self._starting)}
        for connection in wait(list(workers)):
            worker = workers[connection]  # type: ignore[index]
            answer = worker.receive()
            if isinstance(answer, QuotesError):
                raise answer
            if worker in self._busy:
                self._settle(worker, self._busy[worker], answer)
            else:
                self._started(worker, answer)

    def _started(self, worker: Worker, answer: Answer) -> None:
        if isinstance(answer, Ready):
            self._false_starts = 0
            self._starting.remove(worker)
            self._idle.append(worker)
            return
        self._starting.remove(worker)
        worker.bury()
        if isinstance(answer, Died):
            self._start_failed(answer.how)
        else:
            self._start_failed(
                f"failed ({answer.reason})" if isinstance(answer, Failed) else "spoke nonsense"
            )

    def _start_failed(self, how: str) -> None:
        """Try again; after some times go on with the workers that there are, if there are any."""
        self._false_starts += 1
        if self._false_starts < _FALSE_STARTS:
            return
        alive = len(self._busy) + len(self._idle) + len(self._starting)
        if not alive:
            raise ExtractionError(
                f"A process that should work on articles {how} before it had begun, {_FALSE_STARTS} times. "
                "Try fewer at a time: --jobs 1 needs none."
            )
        self._jobs = alive

    def _settle(self, worker: Worker, task: Task, answer: Answer) -> None:
        """Take what a worker made of its task."""
        if isinstance(answer, Died):
            del self._busy[worker]
            worker.bury()
        else:
            del self._busy[worker]
            self._idle.append(worker)
        if isinstance(answer, list):
            task.batch.settle(task, answer)
        elif not task.again:
            self._again += [Task(task.batch, i, i + 1, again=True) for i in range(task.first, task.last)]
        else:
            self._report(_given_up(task.documents[0], answer))
            task.batch.settle(task, None)

    def _done(self) -> Iterator[Any]:
        """The results of batches that are whole: from the first on, or in any order."""
        if not self._ordered:
            whole = [batch for batch in self._open if not batch.left]
            self._open = deque(batch for batch in self._open if batch.left)
        else:
            whole = []
            while self._open and not self._open[0].left:
                whole.append(self._open.popleft())
        for batch in whole:
            yield from (result for result in batch.results if result is not NONE)

    def _leave(self) -> None:
        for worker in self._idle:
            worker.dismiss()  # all at once, so that they are waited for at the same time

    def _end(self) -> None:
        for worker in (*self._busy, *self._starting):
            worker.kill()
        for worker in (*self._busy, *self._starting, *self._idle):
            worker.bury()


def _batches(documents: Iterable[Document]) -> Iterator[Batch]:
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


def _given_up(document: Document, answer: Answer) -> ExtractionError:
    if isinstance(answer, Died):
        return ExtractionError(
            f"{document.doc_id}: the process that worked on this article {answer.how}, twice. "
            "It is left out; look what is strange about it."
        )
    reason = answer.reason if isinstance(answer, Failed) else "no answer"
    return left_out(document, reason)


def _raise(error: QuotesError) -> None:
    raise error
