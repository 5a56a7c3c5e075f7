"""Many records in several processes, each with the index open: the same results, in the same order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from quotes.records import DocumentRecord
from quotes.verify.index import Index
from quotes.verify.verifier import Verifier

# Records that a process gets at a time, and how many such batches wait for each process.
_BATCH = 50
_WAITING = 3

_verifier: Verifier | None = None  # of a worker process


def verify_in_processes(
    index: Index, records: Iterable[DocumentRecord], jobs: int, speakers: Path | None = None
) -> Iterator[DocumentRecord]:
    """Stream records through `Verifier.verify` in `jobs` processes; few are held at a time."""
    records = iter(records)
    waiting: deque[Future[list[DocumentRecord]]] = deque()
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_open, initargs=(index.path, speakers)
    ) as pool:
        try:
            while batch := list(islice(records, _BATCH)):
                waiting.append(pool.submit(_verify, batch))
                if len(waiting) > _WAITING * jobs:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _open(path: Path, speakers: Path | None) -> None:
    global _verifier
    _verifier = Verifier(Index(path), speakers=speakers)


def _verify(records: list[DocumentRecord]) -> list[DocumentRecord]:
    assert _verifier is not None
    return list(_verifier.verify(records))
