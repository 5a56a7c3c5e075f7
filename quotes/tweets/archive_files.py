"""Files of tweets that are not plain JSON: a table, and an account's own archive.

    id,text,isRetweet,isDeleted,device,favorites,retweets,date,isFlagged       CSV, the Trump Twitter Archive
    window.YTD.tweets.part0 = [ { "tweet" : { "id" : "…", … } }, … ]           data/tweets.js of an archive

A CSV file without the columns of tweets is read as plain text. JavaScript is never run: only the words before
the JSON are matched.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

from quotes.errors import ReadError
from quotes.files import json_values
from quotes.files.decoding import read_plain_text
from quotes.files.inputs import BROKEN, Input
from quotes.files.limits import max_size, too_large
from quotes.records import Document
from quotes.tweets.archives import Account, account_of, documents, handle, name
from quotes.tweets.threads import joined

_COLUMNS = {column.lower(): column for column in ("isRetweet", "isDeleted")}
# A table of tweets has an id, a text, and one of these columns.
_TELLTALE = frozenset(["isRetweet", "isDeleted", "created_at", "full_text"])
_AUTHORS = ("screen_name", "username", "user_screen_name")

# Also the older tweet.js, and archives from before 2019, which have a file for each month.
_TWEETS = re.compile(r"\s*(?:window\.YTD\.(?:tweets?|deleted_tweets?)\.part\d+|Grailbird\.data\.\w+)\s*=\s*")
_ACCOUNT = re.compile(r"\s*window\.YTD\.account\.part\d+\s*=\s*")
_HEAD = 400
_ACCOUNT_SIZE = 1 << 20


def read_csv(source: Input) -> Iterator[Document]:
    """Stream the tweets of a table. The tweets of a thread are one document.

    A row that is not a tweet is reported with its line. Raises ReadError if the table is truncated or a field
    doesn't end, and OSError if it can't be opened.
    """
    with source.open() as file:
        # Bytes that are not UTF-8 are kept, and decoded cell by cell.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        lines = _Lines(text, source.where)
        rows = csv.reader(lines)
        try:
            columns = [_COLUMNS.get(cell.strip().lower(), cell.strip().lower()) for cell in next(rows, [])]
        except csv.Error:
            columns = []
        if _is_tweets(columns):
            yield from joined(_documents_of_table(source, lines, rows, columns))
            return
    yield from read_plain_text(source)


def _is_tweets(columns: list[str]) -> bool:
    known = set(columns)
    return bool(
        known & {"id", "id_str"}
        and known & {"text", "full_text"}
        and known & _TELLTALE
        and "title" not in known
    )


class _Lines(Iterator[str]):
    """The lines of a table, for `csv.reader`. Raises ReadError if a row is larger than the limit."""

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
            raise too_large(place, self._limit, "The rows before it were read. ")
        return line

    def begin_row(self) -> None:
        """Start counting the size of a row."""
        self._left = self._limit


def _documents_of_table(
    source: Input, lines: _Lines, rows: Iterator[list[str]], columns: list[str]
) -> Iterator[Document]:
    line = 1
    owner = account_of(source)
    try:
        for row in rows:
            lines.begin_row()
            where = f"{source.where}, line {line + 1}"
            line = rows.line_num  # type: ignore[attr-defined]
            if not any(row):
                continue
            fields: dict[str, object] = dict(zip_longest(columns, map(_decoded, row[: len(columns)])))
            for column in _AUTHORS:
                if column in fields:
                    fields["user"] = {"screen_name": fields[column], "name": fields.get("name")}
            yield from documents(fields, where, source.report, owner)
    except csv.Error as error:
        raise ReadError(
            f"{source.where}: not a table from line {line + 1} on ({error}). A quotation mark may be missing"
            " there. The rows before it were read."
        ) from error
    except BROKEN as error:
        raise ReadError(
            f"{source.where}: damaged after line {line} ({error}). The rows before it were read."
        ) from error


def _decoded(cell: str) -> str:
    """A cell, decoded as Windows-1252 if it is not UTF-8: old spreadsheets save tables so."""
    if cell.isascii() or not any("\udc80" <= character <= "\udcff" for character in cell):
        return cell
    return cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def read_js(source: Input) -> Iterator[Document]:
    """Stream the tweets of an account's archive. The tweets of a thread are one document.

    The account is the one in `account.js` beside the file, else `source.author`. An item that is not a tweet
    is reported with its number. Raises ReadError if the file is something else or truncated, and OSError if
    it can't be opened.
    """
    yield from joined(_documents_of_script(source))


def _documents_of_script(source: Input) -> Iterator[Document]:
    with source.open() as file:
        texts = json_values.decoded(file, source.where)
        head = ""
        while len(head) < _HEAD and (more := next(texts, None)) is not None:
            head += more
        opening = _TWEETS.match(head[:_HEAD])
        if opening is None:
            raise ReadError(
                f"{source.where}: this is not a file of tweets, window.YTD.tweets.part0 = [ … ]."
                " Name the file tweets.js of an account's archive."
            )
        owner = _account(source)
        rest = chain([head[opening.end() :]], texts)
        for where, value in json_values.values(rest, source.where, "tweet"):
            if isinstance(value, dict):
                yield from documents(value, where, source.report, owner)
            else:
                source.report(ReadError(f"{where}: this is not a tweet. It is left out."))


def _account(source: Input) -> Account | None:
    """The account of an archive, by the file beside it; `source.author` if that file can't be used."""
    named = account_of(source)
    path = source.path.with_name("account.js") if source.path else Path()
    try:
        with path.open("rb") as file:
            text = file.read(_ACCOUNT_SIZE).decode("utf-8-sig")
        opening = _ACCOUNT.match(text)
        found = list(json_values.values(iter([text[opening.end() :]]), str(path))) if opening else []
    except (OSError, UnicodeDecodeError, ReadError):
        return named
    for _, value in found:
        account = value.get("account") if isinstance(value, dict) else None
        if isinstance(account, dict) and (owner := handle(account.get("username"))):
            return Account(owner, name(account.get("accountDisplayName")))
    return named
