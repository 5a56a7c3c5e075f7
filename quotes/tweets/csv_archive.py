"""Tweets as a table: the CSV of the Trump Twitter Archive, or another with an id and a text a row.

    id,text,isRetweet,isDeleted,device,favorites,retweets,date,isFlagged

A CSV file without a tweet's columns is plain text, as any file that the user names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import zip_longest

from quotes.errors import ReadError
from quotes.files.decoding import read_plain_text
from quotes.files.inputs import BROKEN, Input
from quotes.files.limits import max_size, too_large
from quotes.records import Document
from quotes.tweets import archives as tweets
from quotes.tweets import threads

_COLUMNS = {column.lower(): column for column in ("isRetweet", "isDeleted")}
#: A table of tweets has an id, a text, and one of these.
_TELLING = frozenset(["isRetweet", "isDeleted", "created_at", "full_text"])
_AUTHORS = ("screen_name", "username", "user_screen_name")


def read(source: Input) -> Iterator[Document]:
    """Stream the tweets of a table, those of a thread joined.

    A row that is no tweet is reported with its line. Raises ReadError where the table is torn, or a field
    without an end; OSError where it can't be opened.
    """
    with source.open() as file:
        # Bytes that are no UTF-8 are kept, and looked at in the row where they stand.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        lines = _Lines(text, source.where)
        rows = csv.reader(lines)
        try:
            columns = [_COLUMNS.get(cell.strip().lower(), cell.strip().lower()) for cell in next(rows, [])]
        except csv.Error:
            columns = []
        if _is_tweets(columns):
            yield from threads.joined(_documents(source, lines, rows, columns))
            return
    yield from read_plain_text(source)


def _is_tweets(columns: list[str]) -> bool:
    known = set(columns)
    return bool(
        known & {"id", "id_str"}
        and known & {"text", "full_text"}
        and known & _TELLING
        and "title" not in known
    )


class _Lines(Iterator[str]):
    """The lines of a table, for the reader of rows. Raises ReadError where a row is larger than the limit."""

    def __init__(self, text: io.TextIOWrapper, where: str) -> None:
        self._text, self._where = text, where
        self._limit = self._left = max_size()
        self._number = 0

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._left -= len(line)
        if self._left < 0:
            place = f"{self._where}, line {self._number}"
            raise too_large(place, self._limit, "What stands before was read. ")
        return line

    def begin_row(self) -> None:
        """Count anew."""
        self._left = self._limit


def _documents(
    source: Input, lines: _Lines, rows: Iterator[list[str]], columns: list[str]
) -> Iterator[Document]:
    line = 1
    owner = tweets.told(source)
    try:
        for row in rows:
            lines.begin_row()
            where = f"{source.where}, line {line + 1}"
            line = rows.line_num  # type: ignore[attr-defined]
            if not any(row):
                continue
            fields: dict[str, object] = dict(zip_longest(columns, map(_mended, row[: len(columns)])))
            for column in _AUTHORS:
                if column in fields:
                    fields["user"] = {"screen_name": fields[column], "name": fields.get("name")}
            yield from tweets.documents(fields, where, source.report, owner)
    except csv.Error as error:
        raise ReadError(
            f"{source.where}: no table from line {line + 1} on ({error}). Perhaps a quotation mark is missing"
            " there. What stands before was read."
        ) from error
    except BROKEN as error:
        raise ReadError(
            f"{source.where}: broken behind line {line} ({error}). What stands before was read."
        ) from error


def _mended(cell: str) -> str:
    """A cell with bytes that are no UTF-8 was saved by an old spreadsheet, in Windows' Latin letters."""
    if cell.isascii() or not any("\udc80" <= character <= "\udcff" for character in cell):
        return cell
    return cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
