"""Articles and tweets in JSON Lines or in a JSON array.

{"id": 7, "text": "…", "headline": "…", "source": {"name": "The Lowmarsh Courier"}, "date": "June 5, 2017"}

A field may have one of several names, listed in `FIELDS`, or the name that the user gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from quotes.errors import ReadError
from quotes.files import json_values
from quotes.files.inputs import BROKEN, Input
from quotes.files.limits import lines
from quotes.formats.metadata_fields import iso_date
from quotes.records import Document, Metadata
from quotes.tweets import archives as tweets
from quotes.tweets import threads

#: The fields of an article, with the names under which they are looked up, the preferred name first.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "doc_id"),
    "text": ("text",),
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "date": ("date", "published_at", "publishedAt", "datePublished", "date_publish", "published"),
    "outlet": ("outlet", "publisher", "source", "sitename"),
    "url": ("url", "link"),
}

# A file that begins with so many lines that are not JSON is not JSON Lines.
_MOST_BAD_LINES = 10


def read(source: Input) -> Iterator[Document]:
    r"""Stream the articles of a JSON Lines file: `{"id": …, "text": …}` a line, with any metadata.

    The id is a string or a whole number; `doc_id` is accepted, too, so that records with their texts can be
    read. ``\r\n`` and ``\r`` in a text become ``\n``. A line may also hold a tweet, or a page of tweets; the
    tweets of a thread are joined. Blank lines are skipped. Any other line is reported with file and line.
    Raises ReadError if the file is truncated or not JSON Lines, and OSError if it can't be opened.
    """
    yield from threads.joined(_documents_of_lines(source))


def read_array(source: Input) -> Iterator[Document]:
    """Stream the documents of a JSON array, such as the Trump Twitter Archive's, or of values in a row.

    A value that is neither a tweet nor an article is reported with its number. Raises ReadError if the file
    is truncated, and OSError if it can't be opened.
    """
    yield from threads.joined(_documents_of_array(source))


def _documents_of_lines(source: Input) -> Iterator[Document]:
    with source.open() as file:
        for where, value in _lines(file, source):
            yield from _documents(value, where, source)


def _documents_of_array(source: Input) -> Iterator[Document]:
    with source.open() as file:
        texts = json_values.decoded(file, source.where)
        for where, value in json_values.values(texts, source.where):
            yield from _documents(value, where, source)


def _documents(value: object, where: str, source: Input) -> Iterator[Document]:
    """The documents of a JSON value: an article, a tweet, or a page of tweets. Reports any other value."""
    try:
        if isinstance(value, dict) and tweets.is_tweet(value):
            yield from tweets.documents(value, where, source.report, tweets.account_of(source))
        elif isinstance(value, dict):
            yield document(value, source, where)
        else:
            raise ReadError(f'{where}: this is not an article, {{"id": …, "text": …}}. It is left out.')
    except ReadError as error:
        source.report(error)


def _lines(file: BinaryIO, source: Input) -> Iterator[tuple[str, object]]:
    """The value of each line, with its place. A line that is not JSON is reported.

    Raises ReadError if the file is truncated, and once, instead of reports, if it is not JSON Lines at all.
    """
    number = 0
    before: list[ReadError] | None = []  # the errors in the lines before the first that is JSON
    try:
        for number, line in lines(file, source.where, source.report):
            if not line.strip():
                continue
            where = f"{source.where}, line {number}"
            try:
                value = _parsed(line, where)
            except ReadError as error:
                if before is None:
                    source.report(error)
                    continue
                before.append(ReadError(str(error)))  # without its traceback, which holds the line
                if b"\0" in line or len(before) == _MOST_BAD_LINES:
                    raise _not_json_lines(source.where) from None
                continue
            for earlier in before or ():
                source.report(earlier)
            before = None
            yield where, value
        for earlier in before or ():
            source.report(earlier)
    except BROKEN as error:
        raise ReadError(
            f"{source.where}: damaged after line {number} ({error}). "
            "The lines before it were read; pack the file again."
        ) from error


def _parsed(line: bytes, where: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise ReadError(f"{where}: this is not JSON in UTF-8. It is left out.") from None


def _not_json_lines(where: str) -> ReadError:
    return ReadError(
        f'{where}: this is not JSON Lines in UTF-8, {{"id": …, "text": …}} a line. '
        "Save it as such, or give it the suffix of its format."
    )


def document(article: Mapping[str, Any], source: Input, where: str) -> Document:
    r"""The document of an article; `source.fields` maps its fields to other names.

    The id is a string or a whole number. ``\r\n`` and ``\r`` in the text become ``\n``. Raises ReadError if
    id or text is missing. Metadata of a wrong type is reported if its field has the preferred name or the
    user's; the article is read without it.
    """
    doc_id = _value(article, "id", source.fields)
    if isinstance(doc_id, int) and not isinstance(doc_id, bool):
        doc_id = str(doc_id)
    if not isinstance(doc_id, str) or not doc_id:
        name = source.fields.get("id", "id")
        raise ReadError(f'{where}: this article has no "{name}". It is left out.')
    text = _value(article, "text", source.fields)
    if not isinstance(text, str):
        name = source.fields.get("text", "text")
        raise ReadError(f'{where}: the article {doc_id!r} has no "{name}". It is left out.')
    metadata = _metadata(article, source, where)
    return Document(doc_id=doc_id, text=text.replace("\r\n", "\n").replace("\r", "\n"), metadata=metadata)


def _metadata(article: Mapping[str, Any], source: Input, where: str) -> Metadata:
    found: dict[str, str] = {}
    given = article.get("metadata")
    places = [article, given] if isinstance(given, dict) else [article]  # as in records
    if isinstance(given, dict) and isinstance(language := given.get("language"), str):
        found["language"] = language  # of a record; for an article, the extractor finds it itself
    for name in filter(FIELDS.__contains__, Metadata.model_fields):
        value = next((v for place in places if (v := _value(place, name, source.fields)) is not None), None)
        if value is None or value == "" or value == []:
            continue
        readable = _CONVERTERS.get(name, _words)(value)
        if readable is not None:
            found[name] = readable
        elif name in article or name in source.fields:
            called = source.fields.get(name, name)
            source.report(
                ReadError(
                    f'{where}: "{called}" is not a {_EXPECTED.get(name, "string")}: {str(value)[:60]!r}. '
                    "The article is read without it."
                )
            )
    return Metadata(**found)


def _value(article: Mapping[str, Any], name: str, fields: Mapping[str, str]) -> object:
    """The value of a field, or None. In the user's name, a dot leads to a field of a field: "body.text"."""
    if name not in fields:
        return next((article[key] for key in FIELDS[name] if article.get(key) is not None), None)
    path = fields[name]
    value: object = article.get(path)
    if value is None and "." in path:
        value = article
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
    return value


def _words(value: object) -> str | None:
    """A string on one line; of a list, all strings, joined by "; "; of {"name": …}, the name."""
    if isinstance(value, str):
        return " ".join(value.split()) or None
    if isinstance(value, dict):
        return _words(value.get("name"))
    if isinstance(value, list):
        names = [_words(item) for item in value]
        return "; ".join(name for name in names if name) if all(names) else None
    return None


def _date(value: object) -> str | None:
    return iso_date(value) if isinstance(value, str) else None


_CONVERTERS: Mapping[str, Callable[[object], str | None]] = {"date": _date}
_EXPECTED = {"date": "date such as 2017-06-05"}


def parse_fields(pairs: list[str]) -> dict[str, str]:
    """Parse pairs such as "text=body". Raises ValueError for anything else and for unknown fields."""
    fields: dict[str, str] = {}
    for pair in pairs:
        name, equals, called = (part.strip() for part in pair.partition("="))
        if not equals or not called:
            raise ValueError(f"{pair!r} is not a pair such as text=body.")
        if name not in FIELDS:
            raise ValueError(f"{name!r} is not a field of an article; choose from {', '.join(FIELDS)}.")
        if fields.setdefault(name, called) != called:
            raise ValueError(f"{name!r} is named twice.")
    return fields
