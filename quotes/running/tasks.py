"""What is handed to workers, and where their results are gathered."""

from __future__ import annotations

from typing import Any, NamedTuple

from quotes.errors import ExtractionError
from quotes.records import Document

#: In the place of a result: there is none, or none yet.
NONE = object()


class Batch:
    """Documents that were read together, and what came of them as far as it is there."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.results: list[Any] = [NONE] * len(documents)
        self.left = len(documents)

    def settle(self, task: Task, results: list[Any] | None) -> None:
        """Put in the results of a task; None for one without."""
        if results is not None:
            self.results[task.first : task.last] = results
        self.left -= task.last - task.first


class Task(NamedTuple):
    """The documents [first, last) of a batch. `again`: one that was in a worker that died, now alone."""

    batch: Batch
    first: int
    last: int
    again: bool = False

    @property
    def documents(self) -> list[Document]:
        """The documents themselves."""
        return self.batch.documents[self.first : self.last]


def left_out(document: Document, reason: str) -> ExtractionError:
    """What to tell of a document that can't be worked on."""
    return ExtractionError(f"{document.doc_id}: this article can't be worked on ({reason}). It is left out.")
