"""Articles in plain text, one a file."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.files.decoding import decode
from quotes.files.inputs import Input
from quotes.records import Document


def read(source: Input) -> Iterator[Document]:
    """The one article of a text file, in whatever encoding it is. Raises ReadError and OSError."""
    yield Document(doc_id=source.doc_id, text=decode(source.data(), source.where))
