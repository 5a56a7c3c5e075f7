"""An article as a dictionary, as archives and services give it out, to a document.

{"id": 7, "text": "…", "headline": "…", "source": {"name": "The Lowmarsh Courier"}, "date": "June 5, 2017"}

Fields go by many names. The first name of each in `FIELDS` is its own; of the others, the first that is there
counts, unless the user says which it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from quotes.errors import ReadError
from quotes.files.dates import iso_date
from quotes.files.inputs import Input
from quotes.records import Document, Metadata

#: What can be read of an article, and the names that it is looked for by, the most telling first.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "doc_id"),
    "text": ("text",),
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "date": ("date", "published_at", "publishedAt", "datePublished", "date_publish", "published"),
    "outlet": ("outlet", "publisher", "source", "sitename"),
    "url": ("url", "link"),
}


def document(article: Mapping[str, Any], source: Input, where: str) -> Document:
    r"""The document of one article; `source.fields` says what its fields are called.

    The id is a string or a whole number. ``\r\n`` and ``\r`` in the text become ``\n``. Raises ReadError
    where id or text is missing. Metadata of a wrong type is told by `source.report`, if the field has its own
    name or the user's; the article is read without it.
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
    places = [article, given] if isinstance(given, dict) else [article]  # records have it one level down
    for name in Metadata.model_fields:
        value = next((v for place in places if (v := _value(place, name, source.fields)) is not None), None)
        if value is None or value == "" or value == []:
            continue
        readable = _READABLE.get(name, _words)(value)
        if readable is not None:
            found[name] = readable
        elif name in article or name in source.fields:
            called = source.fields.get(name, name)
            source.report(
                ReadError(
                    f'{where}: "{called}" is no {_SHOULD_BE.get(name, "text")}: {str(value)[:60]!r}. '
                    "The article is read without it."
                )
            )
    return Metadata(**found)


def _value(article: Mapping[str, Any], name: str, fields: Mapping[str, str]) -> object:
    """What stands in a field; None for nothing. A dot in the user's name leads into what the field holds."""
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
    """A string as it is on one line; of several authors all; of {"name": …}, its name."""
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


_READABLE: Mapping[str, Callable[[object], str | None]] = {"date": _date}
_SHOULD_BE = {"date": "date such as 2017-06-05"}


def parse_fields(pairs: list[str]) -> dict[str, str]:
    """Read "text=body" and the like. Raises ValueError for what is no field, or no pair."""
    fields: dict[str, str] = {}
    for pair in pairs:
        name, equals, called = (part.strip() for part in pair.partition("="))
        if not equals or not called:
            raise ValueError(f"{pair!r} is no pair such as text=body.")
        if name not in FIELDS:
            raise ValueError(f"{name!r} is no field of an article; choose from {', '.join(FIELDS)}.")
        if fields.setdefault(name, called) != called:
            raise ValueError(f"{name!r} is named twice.")
    return fields
