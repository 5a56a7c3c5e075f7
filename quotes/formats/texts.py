"""Predictions and the texts that their offsets count in, brought together and held against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from quotes.errors import LabelStudioError, QuotesError
from quotes.formats.record_checks import is_its_text
from quotes.formats.sources import Source, expand, read
from quotes.records import Document, DocumentRecord, misplaced

OnError = Callable[[QuotesError], None]


def with_texts(
    records: Iterable[DocumentRecord], paths: Sequence[str] = (), on_error: OnError | None = None
) -> Iterator[tuple[Document, DocumentRecord]]:
    """Pair each record with its document: the text in the record, or else the article of its `doc_id`.

    `paths` are the files and folders that were extracted, all of them, so that they get the same `doc_id`s
    again; an article is read when its record comes. A record without a text, or with another one than it
    was made from, goes to `on_error` as a LabelStudioError, and an article that can't be read as a
    ReadError; the rest goes on. Without `on_error` they are raised.
    """
    report = on_error or _raise
    sources = {source.doc_id: source for source in expand(paths, report)}
    for record in records:
        try:
            document = _document(record, sources)
            _check_offsets(record, document)
        except QuotesError as problem:
            report(problem)
        else:
            yield document, record


def hashes(paths: Sequence[str]) -> dict[str, str]:
    """The `text_sha256` of each article in files and folders, by `doc_id`, as they are now.

    Raises ReadError when one is missing or can't be read.
    """
    return {source.doc_id: read(source).text_sha256 for source in expand(paths)}


def _document(record: DocumentRecord, sources: Mapping[str, Source]) -> Document:
    if record.text is not None:
        if not is_its_text(record):
            raise LabelStudioError(
                f"{record.doc_id}: the text beside its quotations isn't the one that they were found in. "
                "Extract it again."
            )
        return Document(doc_id=record.doc_id, text=record.text)
    source = sources.get(record.doc_id)
    if source is None:
        raise LabelStudioError(
            f"{record.doc_id}: its text is not here. Extract with --with-text, or name with --texts "
            "all the files and folders that were extracted."
        )
    document = read(source)
    if document.text_sha256 != record.text_sha256:
        raise LabelStudioError(
            f"{record.doc_id}: {source.where} has changed since its quotations were found. Extract it again."
        )
    return document


def _check_offsets(record: DocumentRecord, document: Document) -> None:
    wrong = misplaced(record.model_copy(update={"text": document.text}))
    if wrong is not None:
        raise LabelStudioError(
            f"{record.doc_id}: the offsets of quotation {wrong.quote_id!r} don't fit the text. "
            "Extract it again."
        )


def _raise(problem: QuotesError) -> None:
    raise problem
