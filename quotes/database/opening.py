"""A database file, opened so that it is whole at any time, whatever happens to whoever writes it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from quotes.database.schema import APPLICATION_ID, SCHEMA_VERSION, create
from quotes.errors import DatabaseError, how_to_install
from quotes.files.whole_file import aside, no_folder, to_disk

if TYPE_CHECKING:
    from sqlite_utils import Database


@contextmanager
def to_write(path: Path) -> Iterator[Database]:
    """Open a quotation database, or make one; what is done with it is done in one transaction.

    A new one is made aside and put in its place when the block ends in peace. One that is there keeps what
    it holds until then: whoever is killed leaves SQLite's journal, by which the next to open it takes back
    what was half done. Raises DatabaseError where it is no quotation database, in use or can't be written.
    """
    path = Path(os.path.realpath(path))
    if not path.parent.is_dir():
        raise DatabaseError(no_folder(path))
    if path.is_dir():
        raise DatabaseError(f"{path}: this is a folder. Name a file.")
    try:
        with _in_place(path) if path.exists() else _aside(path) as db:
            yield db
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {_said(error)}") from error
    except OSError as error:
        raise DatabaseError(f"{path}: can't be written ({error.strerror}).") from error


@contextmanager
def to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a quotation database for reading only. Raises DatabaseError where it is none."""
    if not path.is_file():
        raise DatabaseError(
            f"{path}: there is no quotation database. Build one: quotes db build FILE.jsonl --out {path}"
        )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            check(connection, path)
            yield connection
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {_said(error)}") from error


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseError where this isn't a quotation database of our version."""
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise DatabaseError(f"{path}: this database wasn't built by quotes. Name another file.")
    if version != SCHEMA_VERSION:
        raise DatabaseError(
            f"{path}: this database has version {version}, and this program knows version {SCHEMA_VERSION}. "
            "Build it anew under another name."
        )


@contextmanager
def _aside(path: Path) -> Iterator[Database]:
    # A killed run's file is nobody's: no journal is kept of it, nor is it waited for.
    unfinished = aside(path)
    try:
        with _connected(unfinished) as db:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            with _transaction(db):
                create(db)
                yield db
        to_disk(unfinished)
        unfinished.replace(path)
        with contextlib.suppress(OSError):  # not every file system can sync a folder
            to_disk(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _in_place(path: Path) -> Iterator[Database]:
    with _connected(path) as db, _transaction(db):
        if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            create(db)
        check(db.conn, path)
        yield db


@contextmanager
def _connected(path: Path) -> Iterator[Database]:
    try:
        from sqlite_utils import Database
    except ImportError:
        raise DatabaseError(f"A quotation database needs an extra. {how_to_install('db')}") from None
    with closing(sqlite3.connect(path)) as connection:
        # Without plug-ins: what others installed has no say in what this file holds.
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA cache_size = -64000")
        yield db


@contextmanager
def _transaction(db: Database) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")  # who can't write is told now, not after minutes
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _said(error: sqlite3.Error) -> str:
    """What SQLite complains of, and what to do."""
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return f"this is no database, or a broken one ({text}). Name another file, or build it anew."
    if "locked" in text:
        return f"another program is writing to it ({text}). Try again when it is done."
    return f"can't be used ({text}). Check the file's permissions and the space on the disk."
