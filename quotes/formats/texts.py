"""Pair records with the texts that their offsets refer to: from the record itself, or from the article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from quotes.errors import QuotesError, ReadError
from quotes.formats.record_checks import is_its_text
from quotes.formats.sources import Source, expand, read
from quotes.records import Document, DocumentRecord, misplaced

OnError = Callable[[QuotesError], None]


def with_texts(
    records: Iterable[DocumentRecord], paths: Sequence[str] = (), on_error: OnError | None = None
) -> Iterator[tuple[Document, DocumentRecord]]:
    """Pair each record with its document: the text in the record, or the article with its `doc_id`.

    `paths` are all the files and folders that were extracted, so that articles get the same `doc_id`s again;
    an article is read when its record comes. A record without a text, or whose text has changed, is passed
    to `on_error` as a ReadError, and the others continue. Without `on_error`, the error is raised.
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


def text_hashes(paths: Sequence[str]) -> dict[str, str]:
    """The current `text_sha256` of each article in files and folders, by `doc_id`.

    Raises ReadError if one is missing or can't be read.
    """
    return {source.doc_id: read(source).text_sha256 for source in expand(paths)}


def _document(record: DocumentRecord, sources: Mapping[str, Source]) -> Document:
    if record.text is not None:
        if not is_its_text(record):
            raise ReadError(
                f"{record.doc_id}: the text in the record is not the one that its quotations were extracted "
                "from. Extract it again."
            )
        return Document(doc_id=record.doc_id, text=record.text)
    source = sources.get(record.doc_id)
    if source is None:
        raise ReadError(
            f"{record.doc_id}: its text is missing. Extract with --with-text, or add --texts with all the "
            "files and folders that were extracted."
        )
    document = read(source)
    if document.text_sha256 != record.text_sha256:
        raise ReadError(
            f"{record.doc_id}: {source.where} has changed since its quotations were extracted. Extract it "
            "again."
        )
    return document


def _check_offsets(record: DocumentRecord, document: Document) -> None:
    wrong = misplaced(record.model_copy(update={"text": document.text}))
    if wrong is not None:
        raise ReadError(
            f"{record.doc_id}: the offsets of quotation {wrong.quote_id!r} don't fit the text. "
            "Extract it again."
        )


def _raise(problem: QuotesError) -> None:
    raise problem
