"""Open a database file so that it is complete at any time, even if the writing process is killed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from quotes.errors import DatabaseError, how_to_install
from quotes.files.whole_file import aside, no_folder, to_disk

if TYPE_CHECKING:
    from sqlite_utils import Database

#: These mark the file as ours: the bytes "quot", and the version of the schema.
APPLICATION_ID: Final = 0x71756F74
SCHEMA_VERSION: Final = 4


@contextmanager
def to_write(path: Path) -> Iterator[Database]:
    """Open a quotation database, or create one, for one transaction.

    A new one is built in a temporary file and renamed when the block ends without an error. An existing one
    changes only then: after a crash, SQLite rolls back by its journal. Raises DatabaseError if the file is
    not a quotation database, is in use or cannot be written.
    """
    path = Path(os.path.realpath(path))
    if not path.parent.is_dir():
        raise DatabaseError(no_folder(path))
    if path.is_dir():
        raise DatabaseError(f"{path} is a folder. Name a file.")
    try:
        with _in_place(path) if path.exists() else _aside(path) as db:
            yield db
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {_explain(error)}") from error
    except OSError as error:
        raise DatabaseError(f"{path}: cannot be written ({error.strerror}).") from error


@contextmanager
def to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a quotation database read-only. Raises DatabaseError if it is not one."""
    if not path.is_file():
        raise DatabaseError(
            f"{path}: there is no such file. Build a database: quotes db build FILE.jsonl --out {path}"
        )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            check(connection, path)
            yield connection
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: {_explain(error)}") from error


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseError if this is not a quotation database of our version."""
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise DatabaseError(f"{path}: this database wasn't built by quotes. Name another file.")
    if version != SCHEMA_VERSION:
        raise DatabaseError(
            f"{path}: this database has version {version}, and this program reads version {SCHEMA_VERSION}. "
            "Build a new one under another name."
        )


@contextmanager
def _aside(path: Path) -> Iterator[Database]:
    # The temporary file is useless after a crash, so it needs neither a journal nor syncing.
    unfinished = aside(path)
    try:
        with _connected(unfinished) as db:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            with _transaction(db):
                _create(db)
                yield db
        to_disk(unfinished)
        unfinished.replace(path)
        with contextlib.suppress(OSError):  # not every file system can sync a folder
            to_disk(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _create(db: Database) -> None:
    """Create the schema in an empty database, within the open transaction."""
    # `executescript` would commit the transaction.
    for statement in Path(__file__).with_name("schema.sql").read_text(encoding="utf-8").split(";\n"):
        db.execute(statement)
    # English stems: "recuse" finds "recused". Accents and case are ignored.
    db.table("quotations").enable_fts(
        ["text"], tokenize="porter unicode61 remove_diacritics 2", create_triggers=True
    )
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


@contextmanager
def _in_place(path: Path) -> Iterator[Database]:
    with _connected(path) as db, _transaction(db):
        if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            _create(db)
        check(db.conn, path)
        yield db


@contextmanager
def _connected(path: Path) -> Iterator[Database]:
    try:
        from sqlite_utils import Database
    except ImportError:
        raise DatabaseError(f"A quotation database needs an extra. {how_to_install('db')}") from None
    with closing(sqlite3.connect(path)) as connection:
        # Without plug-ins, so that other installed packages cannot change the file.
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA cache_size = -64000")
        yield db


@contextmanager
def _transaction(db: Database) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")  # an error in writing shows now, not after minutes
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _explain(error: sqlite3.Error) -> str:
    """An SQLite error, and what to do."""
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return f"not a database, or a damaged one ({text}). Name another file, or build a new one."
    if "locked" in text:
        return f"another program is writing to it ({text}). Try again when it has finished."
    return f"cannot be used ({text}). Check the file's permissions and the free disk space."
