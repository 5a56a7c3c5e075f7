"""An index of sources on the disk: which sentences share rare words with a quotation.

SQLite's FTS5 holds only which words are in which sentence. The sentences stand beside it with their places,
so that a quotation is looked up and aligned without its sources. docs/verify.md has the measurements.
"""

from __future__ import annotations

import math
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from quotes.errors import OutputError, ReadError
from quotes.files.whole_file import aside
from quotes.records import Document, encodable
from quotes.variants.words import located
from quotes.verify.sources import Sourcing

#: Marks the file: "quot", and the version of its tables.
_APPLICATION: Final = 0x71756F74
_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, doc_id TEXT, sha256 TEXT, date TEXT, url TEXT, copies INTEGER
);
CREATE TABLE speakers (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY, document INTEGER, start INTEGER, turn INTEGER, speaker INTEGER, text TEXT
);
CREATE INDEX places ON sentences (document, start);
CREATE TABLE frequencies (word TEXT PRIMARY KEY, sentences INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE occurring USING fts5(words, content='', detail=none, columnsize=0, tokenize='unicode61');
"""
# The rarest words of a quotation are looked up until so many sentences have been seen, but so many at least.
_ENOUGH: Final = 2000
_FEWEST_WORDS: Final = 3
_MOST_WORDS: Final = 12
# Sentences that have all of so many of the rarest words are tried first.
_TOGETHER: Final = 3
# A sentence that shares less than this of what the best one shares is not worth aligning.
_WORTH: Final = 0.5
#: Sentences before and behind one, of which a window is made.
AROUND: Final = 12
# In kilobytes, negative as SQLite wants it.
_CACHE: Final = -64_000


class Sentence(NamedTuple):
    """A sentence of a source. `start` is its offset in the source; sentences of one turn have one `turn`."""

    number: int
    document: int
    start: int
    turn: int
    speaker: str | None
    text: str


class Origin(NamedTuple):
    """The document of a sentence; `copies` are documents of the same text, this one included."""

    doc_id: str
    sha256: str
    date: str | None
    url: str | None
    copies: int


@dataclass(slots=True)
class Built:
    """What an index holds."""

    documents: int = 0
    duplicates: int = 0
    empty: int = 0
    sentences: int = 0
    words: int = 0


@contextmanager
def temporary(documents: Iterable[Document], sourcing: Sourcing | None = None) -> Iterator[Index]:
    """An index for this block only."""
    with TemporaryDirectory(prefix="quotes-") as folder:
        path = Path(folder) / "sources.idx"
        _write(path, documents, sourcing)
        with closing(Index(path)) as index:
            yield index


def build(path: Path, documents: Iterable[Document], sourcing: Sourcing | None = None) -> Built:
    """Write an index of these documents; it appears whole or not at all.

    A document whose text is there already, or has no words, is counted and left out. Raises OutputError, and
    ReadError where no document has words.
    """
    unfinished = aside(path)
    try:
        built = _write(unfinished, documents, sourcing)
        if not built.documents:
            raise ReadError(f"{path}: this index is not written, because no source has words.")
        unfinished.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise OutputError(f"{path}: the index can't be written ({error}). Name another file.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return built


def _write(path: Path, documents: Iterable[Document], sourcing: Sourcing | None) -> Built:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        return _Loading(db, sourcing or Sourcing()).load(documents)


class _Loading:
    def __init__(self, db: sqlite3.Connection, sourcing: Sourcing) -> None:
        self._db = db
        self._sourcing = sourcing
        self._built = Built()
        self._speakers: dict[str, int] = {}
        self._texts: dict[bytes, int] = {}
        self._frequencies: Counter[str] = Counter()
        self._turns = 0

    def load(self, documents: Iterable[Document]) -> Built:
        db = self._db
        db.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = {_CACHE};"
        )
        db.executescript(_SCHEMA)
        db.execute("BEGIN")
        for document in documents:
            self._add(document)
        db.executemany("INSERT INTO frequencies VALUES (?, ?)", sorted(self._frequencies.items()))
        db.executemany("INSERT INTO speakers (name, id) VALUES (?, ?)", self._speakers.items())
        db.execute("INSERT INTO occurring (occurring) VALUES ('optimize')")
        db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
        return self._built

    def _add(self, document: Document) -> None:
        key = bytes.fromhex(document.text_sha256)[:16] + encodable(document.posted_by or "").encode()
        if (known := self._texts.get(key)) is not None:
            self._db.execute("UPDATE documents SET copies = copies + 1 WHERE id = ?", (known,))
            self._built.duplicates += 1
            return
        number = self._built.documents + 1
        rows, words = self._rows(document, number)
        if not words:
            self._built.empty += 1
            return
        self._texts[key] = number
        self._built.documents = number
        known_ = document.metadata
        values = (document.doc_id, document.text_sha256, known_.date, known_.url)
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, 1)",
            (number, *(None if value is None else encodable(value) for value in values)),
        )
        self._db.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT INTO occurring (rowid, words) VALUES (?, ?)", words)
        self._built.sentences += len(rows)

    def _rows(
        self, document: Document, number: int
    ) -> tuple[list[tuple[object, ...]], list[tuple[int, str]]]:
        rows: list[tuple[object, ...]] = []
        words: list[tuple[int, str]] = []
        speaker: object = ...
        for passage in self._sourcing.passages(document):
            if passage.speaker != speaker:
                speaker, self._turns = passage.speaker, self._turns + 1
            at = self._built.sentences + len(rows) + 1
            text = encodable(document.text[passage.start : passage.end])
            whose = passage.speaker and self._speakers.setdefault(
                encodable(passage.speaker), len(self._speakers) + 1
            )
            rows.append((at, number, passage.start, self._turns, whose, text))
            found = [one.word for one in located(text)]
            if found:
                self._built.words += len(found)
                self._frequencies.update(set(found))
                words.append((at, " ".join(found)))
        return rows, words


class Index:
    """An index that `build` wrote, open for look-ups. All it does raises ReadError if the file is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            uri = f"{path.absolute().as_uri()}?mode=ro"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            [[application]], [[version]] = (
                self._db.execute(f"PRAGMA {name}").fetchall() for name in ("application_id", "user_version")
            )
        except sqlite3.Error as error:
            raise ReadError(
                f"{path}: this is no index of sources ({error}). Make one with --against PATH --index {path}."
            ) from error
        if (application, version) != (_APPLICATION, _VERSION):
            raise ReadError(
                f"{path}: this is no index of this version of quotes. Make it again with --against PATH."
            )
        self._rows(f"PRAGMA cache_size = {_CACHE}")
        [[self.sentences]] = self._rows("SELECT count(*) FROM sentences")
        self._frequency = lru_cache(maxsize=1 << 16)(self._look_up)
        self._origin = lru_cache(maxsize=1 << 12)(self._document)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def weight(self, word: str) -> float:
        """How much a word tells: the logarithm of how many sentences there are to one with it."""
        return math.log((self.sentences + 1) / (self._frequency(word) + 0.5))

    @property
    def chance(self) -> float:
        """The logarithm of the number of sentences in which words may meet by chance."""
        return math.log(self.sentences + 1)

    def origin(self, document: int) -> Origin:
        """The document of this number."""
        return self._origin(document)

    def rarest(self, words: Sequence[str]) -> list[str]:
        """Those of a quotation's words that occur in sources, the rarest first."""
        found = {(self._frequency(word), word) for word in words if word.isalnum()}
        return [word for times, word in sorted(found) if times][:_MOST_WORDS]

    def having(self, rarest: Sequence[str], limit: int) -> list[int]:
        """The first sentences that have all of the rarest few words."""
        return self._matching(" AND ".join(f'"{word}"' for word in rarest[:_TOGETHER]), limit)

    def like(self, rarest: Sequence[str], limit: int) -> list[int]:
        """The sentences that share the most of a quotation's rare words, best first."""
        score: dict[int, float] = {}
        for number, word in enumerate(rarest):
            if number >= _FEWEST_WORDS and len(score) + self._frequency(word) > _ENOUGH:
                break
            weight = self.weight(word)
            for found in self._matching(f'"{word}"'):
                score[found] = score.get(found, 0) + weight
        least = _WORTH * max(score.values(), default=0)
        worth = [found for found, shared in score.items() if shared >= least]
        return nsmallest(limit, worth, key=lambda found: (-score[found], found))  # of equal ones, the first

    def _matching(self, query: str, limit: int = -1) -> list[int]:
        if not query:
            return []
        rows = self._rows("SELECT rowid FROM occurring WHERE occurring MATCH ? LIMIT ?", query, limit)
        return [found for (found,) in rows]

    def around(self, number: int) -> list[Sentence]:
        """A sentence and those before and behind it in its document, in order."""
        rows = self._rows(
            "SELECT s.id, s.document, s.start, s.turn, p.name, s.text FROM sentences s "
            "LEFT JOIN speakers p ON p.id = s.speaker WHERE s.id BETWEEN ? AND ? "
            "AND s.document = (SELECT document FROM sentences WHERE id = ?) ORDER BY s.id",
            number - AROUND,
            number + AROUND,
            number,
        )
        found = [Sentence(*row) for row in rows]
        if [sentence.number for sentence in found].count(number) != 1:
            raise self._damaged()
        return found

    def text(self, document: int, start: int, end: int) -> str:
        """A range of a document's text."""
        rows = self._rows(
            "SELECT start, text FROM sentences WHERE document = ? AND start < ? AND start + length(text) > ? "
            "ORDER BY start",
            document,
            end,
            start,
        )
        first = rows[0][0] if rows else 0
        found = "".join(text for _, text in rows)[start - first : end - first]
        if len(found) != end - start:
            raise self._damaged()
        return found

    def _look_up(self, word: str) -> int:
        rows = self._rows("SELECT sentences FROM frequencies WHERE word = ?", word)
        times = rows[0][0] if rows else 0
        if not isinstance(times, int):
            raise self._damaged()
        return times

    def _document(self, number: int) -> Origin:
        rows = self._rows("SELECT doc_id, sha256, date, url, copies FROM documents WHERE id = ?", number)
        if not rows:
            raise self._damaged()
        return Origin(*rows[0])

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged() from error

    def _damaged(self) -> ReadError:
        return ReadError(f"{self.path}: this index is damaged. Make it again with --against PATH.")


def size(path: Path) -> int:
    """The size of an index in bytes."""
    return os.stat(path).st_size  # noqa: PTH116
