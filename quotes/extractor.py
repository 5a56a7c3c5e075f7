"""The whole flow on one screen: mark, parse, attribute, resolve, record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from quotes import data, parsing
from quotes.attribution import Claims, attribute
from quotes.parsing import Parse
from quotes.record.explanation import Explanation, explain
from quotes.record.posts import post_quotations
from quotes.record.quotations import quotations
from quotes.records import Document, DocumentRecord, Quotation
from quotes.speakers import Entities, resolve
from quotes.text import marks
from quotes.text.flags import flag
from quotes.text.segments import Segments
from quotes.tweets.embedded import with_tweets
from quotes.tweets.posts import Post, read_post

# Documents are parsed together until they hold this many code points: enough to fill the parser's batches,
# little enough that a stream of any length needs little memory.
_BATCH = 150_000


class Extractor:
    """Finds quotations and their speakers; made once, used for any number of documents.

    `model` names an installed English spaCy pipeline; `speakers` is a TOML file of people to know besides
    those that ship; `with_text` puts each document's text into its record; `exhaustive`
    parses every paragraph, not only those near quotations. Raises `ModelError` or `DataError` when one of
    them can't be used.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        speakers: Path | None = None,
        include_unattributed: bool = False,
        with_text: bool = False,
        exhaustive: bool = False,
    ) -> None:
        self.model = model or parsing.DEFAULT_MODEL
        self.registry = data.registry(speakers)
        self.include_unattributed = include_unattributed
        self.with_text = with_text
        self.exhaustive = exhaustive
        self._nlp = parsing.load(self.model)

    def extract(self, text: str) -> tuple[Quotation, ...]:
        """The quotations of `text`, in text order."""
        return next(self.pipe([Document(doc_id="", text=text)])).quotations

    def pipe(self, documents: Iterable[Document]) -> Iterator[DocumentRecord]:
        """Stream documents through, one record each, in order; results don't depend on the grouping."""
        batch: list[Document] = []
        size = 0
        for document in documents:
            batch.append(document)
            size += len(document.text)
            if size >= _BATCH:
                yield from self._extract(batch)
                batch, size = [], 0
        yield from self._extract(batch)

    def explain(self, text: str) -> tuple[Explanation, ...]:
        """The quotations of `text`, each with what was weighed for it and how its speaker was resolved."""
        document = Document(doc_id="", text=text)
        [parse] = self._parse([mark(text)])
        claims = attribute(parse, keep_weighed=True)
        entities = resolve(claims, self.registry)
        found = self._record(document, claims, entities).quotations
        return tuple(explain(claims, entities, found))

    def _extract(self, documents: list[Document]) -> Iterator[DocumentRecord]:
        parses = self._parse([mark(document.text) for document in documents])
        for document, parse in zip(documents, parses, strict=True):
            yield self._finished(document, parse)

    def _finished(self, document: Document, parse: Parse) -> DocumentRecord:
        """The record of a parsed document. What led to it is let go before the record is written."""
        claims = attribute(parse)
        parse.release()  # nothing behind needs the tokens, and records take the memory that they had
        post = read_post(document, parse.segments)
        entities = resolve(claims, self.registry, date=document.metadata.date, post=post)
        return self._record(document, claims, entities, post)

    def _parse(self, marked: list[Segments]) -> list[Parse]:
        with parsing.transient(self._nlp):
            return parsing.parse(self._nlp, marked, exhaustive=self.exhaustive)

    def _record(
        self, document: Document, claims: Claims, entities: Entities, post: Post | None = None
    ) -> DocumentRecord:
        sha = document.text_sha256
        if post is None:
            unattributed = self.include_unattributed
            found = list(quotations(claims, entities, sha, include_unattributed=unattributed))
        else:
            found = post_quotations(post, claims, entities, sha)
        return DocumentRecord(
            doc_id=document.doc_id,
            text_sha256=sha,
            quotations=tuple(flag(document.text, claims.segments.paragraphs, found)),
            metadata=document.metadata,
            text=document.text if self.with_text else None,
        )


def mark(text: str) -> Segments:
    """The document's paragraphs and quoted segments, embedded tweets included."""
    paragraphs = marks.paragraphs(text)
    found = with_tweets(text, paragraphs, marks.segments(text, paragraphs))
    return Segments.of(text, tuple(paragraphs), tuple(found))


def extract(text: str) -> tuple[Quotation, ...]:
    """The quotations of `text`, by an extractor with the default settings."""
    return Extractor().extract(text)
