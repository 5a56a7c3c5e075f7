"""JSON Lines of articles and of tweets, read line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.files.inputs import BROKEN, Input
from quotes.files.limits import lines
from quotes.formats.jsonl.fields import document
from quotes.records import Document
from quotes.tweets import archives as tweets
from quotes.tweets import threads

# A file is no JSON Lines if so many lines are none and not one is before them.
_NONE_IN = 10


def read(source: Input) -> Iterator[Document]:
    r"""Stream the articles of a file: `{"id": …, "text": …}` a line, with metadata where it has any.

    The id is a string or a whole number, and `doc_id` will do, too, so that records with their texts can be
    read; ``\r\n`` and ``\r`` in a text become ``\n``. A line may also be a tweet, or a page of them; those of
    a thread are joined. Blank lines are passed over. A line that is neither is reported with file and line.
    Raises ReadError where the file is torn or no JSON Lines, OSError where it can't be opened.
    """
    yield from threads.joined(_documents(source))


def _documents(source: Input) -> Iterator[Document]:
    with source.open() as file:
        for where, value in _values(file, source):
            try:
                yield from documents(value, where, source)
            except ReadError as error:
                source.report(error)


def _values(file: BinaryIO, source: Input) -> Iterator[tuple[str, object]]:
    """The values of the lines, each with the place where it stands; a line that is no JSON is reported.

    Raises ReadError where the file is torn, and once for a file that is something else.
    """
    number = 0
    before: list[ReadError] | None = []  # what is wrong with the lines before the first that is JSON
    try:
        for number, line in lines(file, source.where, source.report):
            if not line.strip():
                continue
            where = f"{source.where}, line {number}"
            try:
                value = _value(line, where)
            except ReadError as wrong:
                if before is None:
                    source.report(wrong)
                    continue
                before.append(ReadError(str(wrong)))  # without what it holds on to: the line
                if b"\0" in line or len(before) == _NONE_IN:
                    raise _no_json_lines(source.where) from None
                continue
            for error in before or ():
                source.report(error)
            before = None
            yield where, value
        for error in before or ():
            source.report(error)
    except BROKEN as error:
        raise ReadError(
            f"{source.where}: broken behind line {number} ({error}). "
            "What stands before was read; pack the file anew."
        ) from error


def documents(value: object, where: str, source: Input) -> Iterator[Document]:
    """The documents of one JSON value: an article's, a tweet's, or those of a page of tweets.

    Raises ReadError where it is none of them; `where` it stands is said in messages.
    """
    if isinstance(value, dict) and tweets.is_tweet(value):
        owner = tweets.account_of(source)
        yield from tweets.documents(value, where, source.report, owner)
    else:
        yield _article(value, source, where)


def _value(line: bytes, where: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise ReadError(f"{where}: this is no JSON in UTF-8. It is left out.") from None


def _no_json_lines(where: str) -> ReadError:
    return ReadError(
        f'{where}: this is no JSON Lines in UTF-8, {{"id": …, "text": …}} a line. '
        "Save it as such, or give it the suffix of what it is."
    )


def _article(article: object, source: Input, where: str) -> Document:
    if not isinstance(article, dict):
        raise ReadError(f'{where}: this is no article, {{"id": …, "text": …}}. It is left out.')
    return document(article, source, where)
