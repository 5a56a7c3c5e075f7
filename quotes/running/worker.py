"""A worker process: it makes an extractor and works on documents that arrive through a pipe.

Not `concurrent.futures`: there, one crash breaks the whole pool, and workers whose parent was killed wait
for ever. Here each worker has its own pipe. A crash loses only the worker's current task, and a worker whose
parent is gone reads the end of the pipe and exits.
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

# A fresh interpreter on every operating system: a fork could inherit locks that nobody releases.
_CONTEXT = multiprocessing.get_context("spawn")
_EXIT_IN = 5.0  # seconds that an idle worker has to exit before it is killed
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Ready(NamedTuple):
    """The worker has made its extractor."""


class Failed(NamedTuple):
    """An exception other than a QuotesError, in one line."""

    reason: str


class Died(NamedTuple):
    """The process ended unexpectedly: "was killed by SIGKILL"."""

    how: str


Answer = Ready | Failed | Died | QuotesError | list[Any]


class Worker:
    """The parent's side of a worker, which has at most one task at a time."""

    def __init__(self, make: Callable[[], Extractor], finish: Callable[[DocumentRecord], Any]) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, make, finish), daemon=True)
        with _interrupts_blocked(), _one_thread():
            self._process.start()
        theirs.close()  # so that the pipe ends when the worker does

    def send(self, documents: Sequence[Document]) -> bool:
        """Send a task. Returns False if the worker is dead."""
        try:
            self.connection.send(documents)
        except OSError:
            return False
        return True

    def receive(self) -> Answer:
        """Receive an answer that has arrived. Returns `Died` if there will never be another."""
        try:
            answer: Answer = self.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):  # also in the middle of an answer
            self._join()
            return Died(_how(self._process.exitcode))
        return answer

    def kill(self) -> None:
        """Kill the worker, whatever it is doing."""
        self._process.kill()

    def wait_until_ended(self) -> None:
        """Close the pipe, which ends an idle worker, and wait until the process is gone."""
        self.connection.close()
        self._join()
        self._process.close()

    def _join(self) -> None:
        self._process.join(_EXIT_IN)
        if self._process.is_alive():  # something in it blocks
            self._process.kill()
            self._process.join()


def _serve(
    connection: Connection, make: Callable[[], Extractor], finish: Callable[[DocumentRecord], Any]
) -> None:
    """The worker's side: make the extractor, then answer each task until the pipe ends."""
    with contextlib.suppress(EOFError, OSError):  # the parent has left and needs no answer
        try:
            extractor = make()
        except QuotesError as error:
            connection.send(error)
            return
        except Exception as error:  # such as MemoryError
            connection.send(Failed(f"{type(error).__name__}: {error}"))
            return
        gc.freeze()  # the model lives as long as the process, so the collector needn't look at it
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
    except Exception as error:  # one document must not stop the others
        return Failed(f"{type(error).__name__}: {error}")


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Start processes that ignore Ctrl-C, which a terminal sends to all of them: the parent ends them."""
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
    """Start processes whose linear algebra uses one thread: there is already a process for each core."""
    added = {name: "1" for name in _THREADS if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _how(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"ended with exit code {exitcode}"
    try:
        name = signal.Signals(-exitcode).name
    except ValueError:
        name = f"signal {-exitcode}"
    perhaps = ", perhaps because memory ran out," if name == "SIGKILL" and os.name == "posix" else ""
    return f"was killed by {name}{perhaps}"
