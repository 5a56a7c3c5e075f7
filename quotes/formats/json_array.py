"""Tweets in a JSON file: the Trump Twitter Archive's array, or what the API answered. Articles, too."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.errors import ReadError
from quotes.files import json_values
from quotes.files.inputs import Input
from quotes.formats.jsonl import articles as json_lines
from quotes.records import Document
from quotes.tweets import threads


def read(source: Input) -> Iterator[Document]:
    """Stream the documents of an array, or of values that follow one another.

    What is neither a tweet nor an article is reported with its number. Raises ReadError where the file is
    torn, OSError where it can't be opened.
    """
    yield from threads.joined(_documents(source))


def _documents(source: Input) -> Iterator[Document]:
    with source.open() as file:
        texts = json_values.decoded(file, source.where)
        for where, value in json_values.values(texts, source.where):
            try:
                yield from json_lines.documents(value, where, source)
            except ReadError as error:
                source.report(error)
