"""Many articles: in this process, in several (`pool`), or on many machines (`on_ray`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, overload

from quotes.errors import QuotesError
from quotes.records import Document, DocumentRecord
from quotes.settings import Settings

if TYPE_CHECKING:
    from quotes.extractor import Extractor

Finished = TypeVar("Finished")
OnError = Callable[[QuotesError], None]

# Code points. Less text is done before other processes have loaded their models.
_WORTH_PROCESSES = 200_000


class ExtractorFactory(Settings):
    """Settings that make an extractor, in this process or in another: the factory can be pickled."""

    def __call__(self) -> Extractor:
        """Make the extractor. Raises `ModelError` or `DataError` as it does."""
        from quotes.extractor import Extractor

        return Extractor(**asdict(self))


def available_cores() -> int:
    """The number of cores that this process may use, which can be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every operating system
        return os.cpu_count() or 1


@overload
def extract_all(
    documents: Iterable[Document],
    make: Callable[[], Extractor],
    *,
    jobs: int = 1,
    ordered: bool = True,
    on_error: OnError | None = None,
) -> Generator[DocumentRecord, None, None]: ...


@overload
def extract_all(
    documents: Iterable[Document],
    make: Callable[[], Extractor],
    finish: Callable[[DocumentRecord], Finished],
    *,
    jobs: int = 1,
    ordered: bool = True,
    on_error: OnError | None = None,
) -> Generator[Finished, None, None]: ...


def extract_all(
    documents: Iterable[Document],
    make: Callable[[], Extractor],
    finish: Callable[[DocumentRecord], Any] | None = None,
    *,
    jobs: int = 1,
    ordered: bool = True,
    on_error: OnError | None = None,
) -> Generator[Any, None, None]:
    """Extract documents on up to `jobs` processes, and stream one result for each.

    `make` makes the extractor. `finish` turns each record into the result, in the process that found it; by
    default the result is the record. Both must be picklable for other processes. Less than 200,000 code
    points of text stay in this process; the records are the same either way. Unless `ordered`, results come
    as they are finished.

    A document that crashes its process, or needs more memory than there is, is passed to `on_error` as an
    ExtractionError, which is raised if `on_error` is None. Close the iterator to end the processes early.
    """
    alone = jobs == 1
    if not alone:
        documents, alone = _little_text(documents)
    if alone:
        yield from _in_this_process(documents, make(), finish, on_error)
        return
    from quotes.running.pool import Pool

    yield from Pool(make, jobs, finish, ordered=ordered, on_error=on_error).pipe(documents)


def _in_this_process(
    documents: Iterable[Document],
    extractor: Extractor,
    finish: Callable[[DocumentRecord], Any] | None,
    on_error: OnError | None,
) -> Iterator[Any]:
    """If the memory is too small for a batch, the rest of its documents are tried again one by one."""
    from quotes.running.pool import batches, left_out

    waiting: Iterator[list[Document]] = (batch.documents for batch in batches(documents))
    while batch := next(waiting, None):
        records = extractor.pipe(batch)
        for done, document in enumerate(batch):
            try:
                record = next(records)
            except MemoryError:
                if len(batch) > 1:
                    waiting = chain([[document] for document in batch[done:]], waiting)
                    break
                error = left_out(document, MemoryError.__name__)
                if on_error is None:
                    raise error from None
                on_error(error)
            else:
                yield record if finish is None else finish(record)


def _little_text(documents: Iterable[Document]) -> tuple[Iterator[Document], bool]:
    """The same documents, and whether they are too little text for other processes."""
    rest = iter(documents)
    ahead: list[Document] = []
    size = 0
    for document in rest:
        ahead.append(document)
        size += len(document.text)
        if size >= _WORTH_PROCESSES:
            return chain(ahead, rest), False
    return iter(ahead), True
