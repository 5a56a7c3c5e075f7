"""The whole flow on one screen: mark, parse, attribute, resolve, record."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from quotes import data, marks, parsing
from quotes.attribution import Scene, attribute
from quotes.attribution.footers import with_tweets
from quotes.explaining import Explanation, explain
from quotes.flagging import flag
from quotes.posts.recording import record_post
from quotes.recording import record
from quotes.records import Document, DocumentRecord, Quotation
from quotes.speakers import Resolver

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
        [scene] = self._parsed([document], keeps_considered=True)
        found = self._record(document, scene).quotations
        return tuple(explain(scene, found, self._resolver(scene)))

    def _extract(self, documents: list[Document]) -> Iterator[DocumentRecord]:
        with _no_collection():
            scenes = self._parsed(documents)
        for document, scene in zip(documents, scenes, strict=True):
            with _no_collection():
                found = self._record(document, scene)
            yield found

    def _parsed(self, documents: list[Document], *, keeps_considered: bool = False) -> list[Scene]:
        scenes = [mark(document.text) for document in documents]
        for scene in scenes:
            scene.keeps_considered = keeps_considered
        masked = (
            (stretch, scene) for scene in scenes for stretch in scene.masked(exhaustive=self.exhaustive)
        )
        with parsing.transient(self._nlp):
            for window, scene in parsing.parse(self._nlp, masked):
                scene.add(window)
        return scenes

    def _record(self, document: Document, scene: Scene) -> DocumentRecord:
        attribute(scene)
        sha = document.text_sha256
        resolver = self._resolver(scene, document.metadata.date)
        if not scene.keeps_considered:
            scene.close()  # records need no parse, and take the memory that it had
        if document.posted_by is None:
            found = list(record(scene, resolver, sha, include_unattributed=self.include_unattributed))
        else:
            found = record_post(document, scene, resolver, sha, list(record(scene, resolver, sha)))
        flagged = flag(document.text, scene.paragraphs, found)
        return DocumentRecord(
            doc_id=document.doc_id,
            text_sha256=sha,
            quotations=tuple(flagged),
            metadata=document.metadata,
            text=document.text if self.with_text else None,
        )

    def _resolver(self, scene: Scene, date: str | None = None) -> Resolver:
        quoted = [(segment.start, segment.end) for segment in scene.segments]
        return Resolver(scene.text, scene.paragraphs, quoted, self.registry, scene.subjects(), date)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking for cycles meanwhile.

    A batch makes hundreds of thousands of small objects that live until it is done, and each search looks
    through them and all of spaCy's: without any, a run took a fifth less time. Between two records, and two
    batches, the collector runs as ever.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def mark(text: str) -> Scene:
    """The document's paragraphs and quoted segments, embedded tweets included."""
    paragraphs = marks.paragraphs(text)
    return Scene(text, paragraphs, with_tweets(text, paragraphs, marks.segments(text, paragraphs)))


def extract(text: str) -> tuple[Quotation, ...]:
    """The quotations of `text`, by an extractor with the default settings."""
    return Extractor().extract(text)
