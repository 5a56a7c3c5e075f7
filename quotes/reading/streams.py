"""Files of many articles: JSON Lines, plain or packed with gzip, read line by line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from quotes.errors import ReadError
from quotes.records import Document

#: A file whose name ends so holds an article a line. In a folder they are no articles: results end so, too.
STREAMS = (".jsonl", ".jsonl.gz")


def is_stream(path: Path) -> bool:
    """Whether the file holds many articles, by its name."""
    return path.name.lower().endswith(STREAMS)


def documents(path: Path, report: Callable[[ReadError], None], seen: set[str]) -> Iterator[Document]:
    r"""Stream the articles of a file: `{"id": …, "text": …}` a line; other fields are passed over.

    The id is a string or a whole number, and `doc_id` will do, too, so that records with their texts can be
    read; ``\r\n`` and ``\r`` in a text become ``\n``. Blank lines are passed over. A line that is no article,
    or whose id is among those `seen`, goes to `report` as a ReadError with file and line; the others' ids are
    added there. Raises ReadError where the file can't be opened, or is torn.
    """
    number = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                where = f"{path}, line {number}"
                try:
                    document = _document(line, where)
                    if document.doc_id in seen:
                        raise ReadError(
                            f"{where}: another article has the id {document.doc_id!r} already. "
                            "Give each one of its own."
                        )
                except ReadError as error:
                    report(error)
                else:
                    seen.add(document.doc_id)
                    yield document
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(
            f"{path}: broken behind line {number} ({error}). What stands before was read; pack the file anew."
        ) from error
    except OSError as error:
        raise ReadError(
            f"{path}: can't be read ({error.strerror}). Check that it is there and you may read it."
        ) from error


def _opened(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


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
