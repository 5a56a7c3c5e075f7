"""What the processes of a run tell the driver, and their successors: an actor of Ray that starts quickly."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from quotes.errors import QuotesError
from quotes.running.tally import Tally


class Written(NamedTuple):
    """What a task did: its part's name, documents written and left out, and their counts."""

    name: str
    written: int
    problems: list[QuotesError]
    tally: Tally


class Ledger:
    """Keeps which work was begun and hasn't ended, and which parts were written until the driver asks."""

    def __init__(self) -> None:
        self._begun: Counter[bytes] = Counter()
        self._new: list[Written] = []
        self._names: set[str] = set()
        self._refusal: QuotesError | None = None

    def begin(self, key: bytes) -> int:
        """How often this work was begun before and didn't end: each time it has cost a process its life."""
        self._begun[key] += 1
        return self._begun[key] - 1

    def end(self, key: bytes) -> None:
        """The work has ended."""
        self._begun.pop(key, None)

    def add(self, part: Written) -> None:
        """Take note of a part, unless a task that died before its end did that already."""
        if part.name not in self._names:
            self._names.add(part.name)
            self._new.append(part)

    def take(self) -> list[Written]:
        """The parts that are new."""
        new, self._new = self._new, []
        return new

    def refuse(self, error: QuotesError) -> None:
        """Take note of why the run can't go on: Ray's own errors tell it in a traceback only."""
        self._refusal = self._refusal or error

    def refusal(self) -> QuotesError | None:
        """Why the run can't go on, if anybody said so."""
        return self._refusal
