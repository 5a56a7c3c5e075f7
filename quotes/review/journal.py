"""The journal: one reviewer's decisions, a line each, on the disk before the page says that they are saved.

{"journal_version":1,"reviewer":"ada"}
{"at":"2026-03-01T09:12:44Z","doc_id":"flood","quote_id":"3f…","verdict":"accepted","quotation":{…},…}

Nothing in it is ever changed: a decision on the same quotation, or a line `undone`, follows. A program that
is killed can leave one line that isn't whole, the last. Reading tells of it, and continuing cuts it off.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, NamedTuple, Self

from pydantic import ValidationError

from quotes.errors import OutputError, ReadError
from quotes.files.inputs import cannot_read
from quotes.files.whole_file import cannot_write, no_folder, to_disk
from quotes.formats.jsonl.records import encode_line
from quotes.records import Record
from quotes.review.decisions import Decision, Key, Verdict

#: Raised when a reader of the old journal would misread the new one.
VERSION: Final = 1


class _Header(Record):
    journal_version: Literal[1] = VERSION
    reviewer: str


class Entry(NamedTuple):
    """A decision that counts: its verdict, on which text, and where its line is in the file."""

    verdict: Verdict
    text_sha256: str
    offset: int
    size: int


class Journal:
    """The decisions in a file.

    `entries` has those that count, in the order in which their quotations were first decided. The decisions
    themselves stay in the file: there may be a hundred thousand.

    `Journal(path)` reads what is there. Raises ReadError if it is no journal, or a line other than the last
    is damaged. `Journal.continued(path, reviewer)` opens it to add to it, or begins a new one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reviewer = ""
        self.entries: dict[Key, Entry] = {}
        self.torn = 0
        """The bytes of a last line that isn't whole."""
        self._before: list[tuple[Key, Entry | None]] = []
        self._size = 0
        try:
            self._file = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise ReadError(cannot_read(str(path), error)) from error
        try:
            self._read()
        except BaseException as error:
            os.close(self._file)
            if isinstance(error, OSError):
                raise ReadError(cannot_read(str(path), error)) from error
            raise

    @classmethod
    def continued(cls, path: Path, reviewer: str) -> Self:
        """Open a journal to add decisions, or begin one.

        The caller must be the only one: lock the path first. Raises OutputError if it can't be written,
        ReadError as `Journal` does, or if it is another reviewer's.
        """
        if not path.parent.is_dir():
            raise OutputError(no_folder(path))
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666))
            journal = cls(path)
            os.close(journal._file)
            journal._file = os.open(path, os.O_RDWR | os.O_APPEND)
            journal._begin(reviewer)
        except OSError as error:
            raise OutputError(cannot_write(path, error)) from error
        return journal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.close(self._file)

    def add(self, decision: Decision) -> None:
        """Write a decision and wait until it is on the disk. Raises OutputError, and then it isn't."""
        entry = self._append(decision)
        self._take(decision, entry)

    def undo(self, at: str) -> tuple[Key, Entry | None] | None:
        """Take back the last decision that counts, and return its key and what counts for it now.

        None if there is nothing to take back. Raises OutputError.
        """
        if not self._before:
            return None
        last = self.decision(self._before[-1][0])
        undone = last.model_copy(update={"at": at, "verdict": "undone", "quotation": None})
        self._take(undone, self._append(undone))
        return last.key, self.entries.get(last.key)

    def decision(self, key: Key) -> Decision:
        """The decision that counts. Raises KeyError if there is none."""
        entry = self.entries[key]
        return Decision.model_validate_json(os.pread(self._file, entry.size, entry.offset))

    def decisions(self) -> Iterator[Decision]:
        """All that count."""
        return map(self.decision, list(self.entries))

    @property
    def problem(self) -> str | None:
        """What is wrong with the end of the file, if anything is."""
        if not self.torn:
            return None
        return (
            f"{self.path}: the last line ends in the middle ({self.torn:,} bytes), because the program was "
            "killed while it wrote a decision. That decision doesn't count; decide it again."
        )

    def _read(self) -> None:
        with open(self._file, "rb", closefd=False) as file:
            for number, line in enumerate(file, 1):
                if not self._read_line(number, line):
                    self.torn = len(line)
                    return
                self._size += len(line)

    def _read_line(self, number: int, line: bytes) -> bool:
        """Take a line; False if it is the last and isn't whole."""
        try:
            if number == 1:
                self.reviewer = _Header.model_validate_json(line).reviewer
            else:
                decision = Decision.model_validate_json(line)
                self._take(decision, self._entry(decision, line))
        except ValidationError as error:
            if not line.endswith(b"\n"):
                return False
            what = "a journal of decisions" if number == 1 else "a decision"
            problem = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise ReadError(
                f"{self.path}, line {number}: this is not {what} ({problem}). "
                "Restore the file, or delete the line."
            ) from None
        return True

    def _begin(self, reviewer: str) -> None:
        """Make the end of the file ready for the next line, and write the header of a new file."""
        if self.torn:
            os.ftruncate(self._file, self._size)
        if not self._size:
            self._write(encode_line(_Header(reviewer=reviewer)))
            self.reviewer = reviewer
            with contextlib.suppress(OSError):  # not every file system can sync a folder
                to_disk(self.path.parent)
        elif os.pread(self._file, 1, self._size - 1) != b"\n":  # killed right before the line end
            self._write(b"\n")
        if self.reviewer != reviewer:
            raise ReadError(
                f"{self.path}: this is the journal of {self.reviewer}, not of {reviewer}. "
                "Add --as with that name, or name another journal."
            )

    def _take(self, decision: Decision, entry: Entry) -> None:
        if decision.verdict != "undone":
            self._before.append((decision.key, self.entries.get(decision.key)))
            self.entries[decision.key] = entry
        elif self._before:
            key, before = self._before.pop()
            if before is None:
                del self.entries[key]
            else:
                self.entries[key] = before

    def _entry(self, decision: Decision, line: bytes) -> Entry:
        return Entry(decision.verdict, sys.intern(decision.text_sha256), self._size, len(line))

    def _append(self, decision: Decision) -> Entry:
        line = encode_line(decision)
        entry = self._entry(decision, line)
        try:
            self._write(line)
        except OSError as error:
            with contextlib.suppress(OSError):  # a part of the line may be there
                os.ftruncate(self._file, self._size)
            raise OutputError(cannot_write(self.path, error)) from error
        return entry

    def _write(self, line: bytes) -> None:
        rest = line
        while rest:
            rest = rest[os.write(self._file, rest) :]
        os.fsync(self._file)
        self._size += len(line)
