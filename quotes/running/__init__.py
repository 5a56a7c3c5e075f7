"""Many articles at once: in this process, or in several that work side by side."""

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

# Less text than this, in code points, is done sooner than other processes have loaded their models.
_WORTH_PROCESSES = 200_000


class ExtractorFactory(Settings):
    """Settings that make an extractor, in this process or in another: the factory can be pickled."""

    def __call__(self) -> Extractor:
        """Make the extractor. Raises `ModelError` or `DataError` as it does."""
        from quotes.extractor import Extractor

        return Extractor(**asdict(self))


def available_cores() -> int:
    """How many cores this process may use, which can be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
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
    """Stream documents through, one record each, on up to `jobs` processes; the records are always the same.

    `make` makes the extractor, and `finish` what comes out of each record, in the process that found it;
    for other processes both must be picklable. Little text, less than 200,000 code
    points, stays in this process. Unless `ordered`, records come as they are done. A document that costs its
    process the life goes to `on_error` as an ExtractionError, which is raised without one. Close the
    iterator when you leave it early, and the processes end.
    """
    few = jobs == 1
    if not few:
        documents, few = _few(documents)
    if few:
        records = make().pipe(documents)
        yield from records if finish is None else map(finish, records)
        return
    from quotes.running.pool import Pool

    yield from Pool(make, jobs, finish, ordered=ordered, on_error=on_error).pipe(documents)


def _few(documents: Iterable[Document]) -> tuple[Iterator[Document], bool]:
    """Look ahead for whether processes are worth it: the same documents, and whether they are few."""
    rest = iter(documents)
    ahead: list[Document] = []
    size = 0
    for document in rest:
        ahead.append(document)
        size += len(document.text)
        if size >= _WORTH_PROCESSES:
            return chain(ahead, rest), False
    return iter(ahead), True
