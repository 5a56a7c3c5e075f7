"""JSON Lines of articles, read line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from quotes.errors import ReadError
from quotes.reading.inputs import BROKEN, Input
from quotes.records import Document


def read(source: Input) -> Iterator[Document]:
    r"""Stream the articles of a file: `{"id": …, "text": …}` a line; other fields are passed over.

    The id is a string or a whole number, and `doc_id` will do, too, so that records with their texts can be
    read; ``\r\n`` and ``\r`` in a text become ``\n``. Blank lines are passed over. A line that is no article
    is reported with file and line. Raises ReadError where the file is torn, OSError where it can't be opened.
    """
    number = 0
    try:
        with source.open() as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    document = _document(line, f"{source.where}, line {number}")
                except ReadError as error:
                    source.report(error)
                else:
                    yield document
    except BROKEN as error:
        raise ReadError(
            f"{source.where}: broken behind line {number} ({error}). "
            "What stands before was read; pack the file anew."
        ) from error


def _document(line: bytes, where: str) -> Document:
    try:
        article = json.loads(line)
    except (ValueError, RecursionError):
        raise ReadError(f"{where}: this is no JSON in UTF-8. The line is left out.") from None
    if not isinstance(article, dict):
        raise ReadError(f'{where}: this is no article, {{"id": …, "text": …}}. The line is left out.')
    doc_id = article.get("id", article.get("doc_id"))
    text = article.get("text")
    if isinstance(doc_id, int) and not isinstance(doc_id, bool):
        doc_id = str(doc_id)
    if not isinstance(doc_id, str) or not doc_id:
        raise ReadError(f'{where}: this article has no "id". The line is left out.')
    if not isinstance(text, str):
        raise ReadError(f'{where}: the article {doc_id!r} has no "text". The line is left out.')
    return Document(doc_id=doc_id, text=text.replace("\r\n", "\n").replace("\r", "\n"))
