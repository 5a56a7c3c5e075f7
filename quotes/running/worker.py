"""A process that works on documents, seen from both ends of the pipe to it.

Not `concurrent.futures`: one death breaks its whole pool, and when the parent is killed its workers wait for
ever. Here each worker has a pipe of its own, so a death costs nothing but what the dead one had in hand, and
a worker whose parent is gone reads the end of the pipe and leaves.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.errors import QuotesError
from quotes.records import Document, DocumentRecord

if TYPE_CHECKING:
    from quotes.extractor import Extractor

# A fresh interpreter in every system: a copy of this process could hold locks that nobody lets go of.
_CONTEXT = multiprocessing.get_context("spawn")
_LEAVE_IN = 5.0  # seconds that an idle worker has to leave before it is killed
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def itself(record: DocumentRecord) -> DocumentRecord:
    """What is made of a record where nothing is."""
    return record


class Ready(NamedTuple):
    """The worker has made its extractor."""


class Failed(NamedTuple):
    """An exception that isn't a user's: which, in a line."""

    reason: str


class Died(NamedTuple):
    """The process ended without being told to: how, in words."""

    how: str


Answer = Ready | Failed | Died | QuotesError | list[Any]


class Worker:
    """The parent's end: a process with one task in hand at most."""

    def __init__(self, make: Callable[[], Extractor], finish: Callable[[DocumentRecord], Any]) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, make, finish), daemon=True)
        with _without_interrupts(), _one_thread():
            self._process.start()
        theirs.close()  # so that the pipe ends when the worker does

    @property
    def pid(self) -> int | None:
        """The number of the process."""
        return self._process.pid

    def send(self, documents: Sequence[Document]) -> bool:
        """Hand over a task; False where the worker is dead already."""
        try:
            self.connection.send(documents)
        except OSError:
            return False
        return True

    def receive(self) -> Answer:
        """Take an answer, which must be there. `Died` when there will never be one again."""
        try:
            answer: Answer = self.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):  # also in the middle of an answer
            self._process.join(_LEAVE_IN)
            if self._process.is_alive():  # something in it holds its end up
                self._process.kill()
                self._process.join()
            return Died(_how(self._process.exitcode))
        return answer

    def dismiss(self) -> None:
        """Let the worker leave, if it is idle."""
        self.connection.close()

    def kill(self) -> None:
        """End the worker, whatever it does."""
        self._process.kill()

    def bury(self) -> None:
        """Wait until the process is gone, and take it off the system's list; no zombie stays."""
        self.connection.close()
        self._process.join(_LEAVE_IN)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _serve(
    connection: Connection, make: Callable[[], Extractor], finish: Callable[[DocumentRecord], Any]
) -> None:
    """The worker's end: make the extractor, then answer task after task until the pipe ends."""
    with contextlib.suppress(EOFError, OSError):  # the parent has left, and needs no answer
        try:
            extractor = make()
        except QuotesError as error:
            connection.send(error)
            return
        except Exception as error:  # as where memory is short
            connection.send(Failed(f"{type(error).__name__}: {error}"))
            return
        gc.freeze()  # the model lives as long as the process: no search for cycles needs to look at it
        gc.set_threshold(50_000, 20, 50)  # as in `quotes.cli.main`
        connection.send(Ready())
        while True:
            connection.send(_answer(extractor, finish, connection.recv()))


def _answer(
    extractor: Extractor, finish: Callable[[DocumentRecord], Any], documents: Sequence[Document]
) -> Answer:
    try:
        return [finish(record) for record in extractor.pipe(documents)]
    except QuotesError as error:
        return error
    except Exception as error:  # the article's fault or ours: it must not cost the others
        return Failed(f"{type(error).__name__}: {error}")


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start processes that never see Ctrl-C, which goes to all of a terminal: the parent ends them itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Start processes whose linear algebra takes one thread: there is a process for each core."""
    added = {name: "1" for name in _THREADS if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _how(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"left with exit code {exitcode}"
    try:
        name = signal.Signals(-exitcode).name
    except ValueError:
        name = f"signal {-exitcode}"
    perhaps = ", perhaps because memory ran out" if name == "SIGKILL" and os.name == "posix" else ""
    return f"was ended by {name}{perhaps}"
