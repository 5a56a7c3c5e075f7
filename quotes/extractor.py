"""The whole flow on one screen: mark → parse → attribute → resolve → record.

“It rained,” Mayor Ada Quill said.
    mark        one segment: “It rained,”
    parse       [So] [Mayor] [Ada] [Quill] [said] [.]     the quotation is one placeholder
    attribute   the cue "said", the mention "Ada Quill", the rule "after-quotation"
    resolve     the person Ada Quill, mayor
    record      a `Quotation`
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quotes import collector, data, parsing
from quotes.attribution import Claims, attribute
from quotes.indirect import NOTHING, Reported, may_report, report
from quotes.parsing import Parse
from quotes.record import record
from quotes.record.explanation import explain
from quotes.records import Document, DocumentRecord, Explanation, Quotation
from quotes.settings import Settings
from quotes.speakers import Entities, resolve, take_turns
from quotes.text import marks
from quotes.text.blocks import with_blocks
from quotes.text.language import language_of
from quotes.text.segments import Segments
from quotes.tuned import Tuned, read_tuned
from quotes.tweets.embedded import with_tweets
from quotes.tweets.posts import Post, read_post

if TYPE_CHECKING:
    from spacy.language import Language

# Documents are parsed together until they hold this many code points: enough to fill the parser's batches,
# little enough that a stream of any length needs little memory.
_BATCH = 150_000


@dataclass(frozen=True)
class Extractor(Settings):
    """Finds quotations and their speakers. Make it once and use it for any number of documents.

    The arguments are the fields of `Settings`. Raises `ModelError` if the model can't be used, and
    `DataError` if the file of speakers or the tuned folder can't.
    """

    _tuned: Tuned | None = field(init=False, repr=False, compare=False)
    _registry: data.Registry = field(init=False, repr=False, compare=False)
    _nlp: Language = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tuned = read_tuned(self.tuned) if self.tuned is not None else None
        object.__setattr__(self, "_tuned", tuned)
        people = tuned.speakers if tuned is not None else None
        object.__setattr__(self, "_registry", data.registry(people, self.speakers))
        object.__setattr__(self, "_nlp", parsing.load(self.model or parsing.DEFAULT_MODEL))

    def extract(self, text: str) -> tuple[Quotation, ...]:
        """The quotations of `text`, in text order. Warns if there are none because it isn't in English."""
        record = next(self.pipe([Document(doc_id="", text=text)]))
        if record.metadata.language is not None and not self.any_language:
            warnings.warn(
                f"This text seems to be in another language ({record.metadata.language}), so nothing is "
                "extracted. Extractor(any_language=True) extracts it as if it were English.",
                stacklevel=2,
            )
        return record.quotations

    def pipe(self, documents: Iterable[Document]) -> Iterator[DocumentRecord]:
        """Stream documents through, one record each, in order. Results don't depend on the batches."""
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
        """The quotations of `text`, each with its candidates and how its speaker was resolved."""
        document = Document(doc_id="", text=text)
        [parse] = self._parse([mark(text)])
        claims, reported = self._reported(parse, self._attribute(parse, keep_weighed=True))
        claims, entities = take_turns(claims, resolve(claims, self._registry, reported=reported or NOTHING))
        found = self._record(document, claims, entities, reported=reported).quotations
        return tuple(explain(claims, entities, found, reported or NOTHING))

    def _extract(self, documents: list[Document]) -> Iterator[DocumentRecord]:
        marked = [mark(document.text) for document in documents]
        told = [_with_language(*pair) for pair in zip(documents, marked, strict=True)]
        left_out = [one.metadata.language is not None and not self.any_language for one in told]
        parses = self._parse([segments for segments, out in zip(marked, left_out, strict=True) if not out])
        for document, out in zip(told, left_out, strict=True):
            yield self._no_quotations(document) if out else self._finish(document, parses)

    def _no_quotations(self, document: Document) -> DocumentRecord:
        """The record of a document that is left out: on file, so that nobody misses it."""
        return DocumentRecord(
            doc_id=document.doc_id,
            text_sha256=document.text_sha256,
            quotations=(),
            metadata=document.metadata,
            text=document.text if self.with_text else None,
        )

    @collector.put_off()
    def _finish(self, document: Document, parses: Iterator[Parse]) -> DocumentRecord:
        """The record of a document, whose parse is next. What led to it is dropped before it is written."""
        parse = next(parses)
        claims, reported = self._reported(parse, self._attribute(parse))
        parse.release()  # no later stage needs the tokens, and the records can use their memory
        post = read_post(document, parse.segments)
        entities = resolve(
            claims, self._registry, reported=reported or NOTHING, date=document.metadata.date, post=post
        )
        if post is None:
            claims, entities = take_turns(claims, entities)
        return self._record(document, claims, entities, post, reported)

    def _attribute(self, parse: Parse, *, keep_weighed: bool = False) -> Claims:
        return attribute(parse, self._tuned.verbs if self._tuned else None, keep_weighed=keep_weighed)

    def _reported(self, parse: Parse, claims: Claims) -> tuple[Claims, Reported | None]:
        return report(parse, claims) if self.indirect else (claims, None)

    @collector.put_off()
    def _parse(self, marked: list[Segments]) -> Iterator[Parse]:
        with parsing.transient(self._nlp):
            also = may_report if self.indirect else None
            return parsing.parse(self._nlp, marked, exhaustive=self.exhaustive, also=also)

    def _record(
        self,
        document: Document,
        claims: Claims,
        entities: Entities,
        post: Post | None = None,
        reported: Reported | None = None,
    ) -> DocumentRecord:
        found = record(
            document,
            claims,
            entities,
            post,
            reported=reported,
            include_unattributed=self.include_unattributed,
            with_text=self.with_text,
        )
        corrected = self._tuned.confidence if self._tuned else None
        return found if corrected is None else corrected.of(found)


def mark(text: str) -> Segments:
    """The document's paragraphs and quoted segments, with block quotations and embedded tweets."""
    paragraphs = marks.without_arrows(text, marks.paragraphs(text))
    found = with_tweets(text, paragraphs, with_blocks(text, paragraphs, marks.segments(text, paragraphs)))
    return Segments.of(text, tuple(paragraphs), tuple(found))


def other_language(document: Document) -> str | None:
    """The language of a document that isn't English, as its code in ISO 639, such as "fr"; else None."""
    return _language(document, mark(document.text))


def _language(document: Document, segments: Segments) -> str | None:
    return None if document.posted_by is not None else language_of(segments)  # posts are too short to tell


def _with_language(document: Document, segments: Segments) -> Document:
    """The document, whose metadata tells the language if that isn't English."""
    language = _language(document, segments)
    if language == document.metadata.language:
        return document
    metadata = document.metadata.model_copy(update={"language": language})
    return document.model_copy(update={"metadata": metadata})


def extract(text: str) -> tuple[Quotation, ...]:
    """The quotations of `text`, found with the default settings."""
    return Extractor().extract(text)
