"""spaCy's DocBin: a Doc a document, by a blank English tokenizer, with span groups and the record.

`doc.spans` has the groups "quotations" (a span for each part), "speakers" and "cues"; the ids of the spans
are the `quote_id`s, which tie them together. Where an offset falls within a token, the span is expanded to
whole tokens (`alignment_mode="expand"`). The exact record is in `doc.user_data["quotes_record"]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.files.whole_file import WholeFile
from quotes.formats.docbin.reading import KEY
from quotes.formats.jsonl import writing as jsonl
from quotes.formats.writers import WriteOptions, Writer, text_of, undisturbed
from quotes.records import DocumentRecord, encodable

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer. A DocBin is one block of bytes: it is held in memory until the block ends."""
    del options
    with WholeFile(path) as file:
        writer = _Docs()
        try:
            yield writer
        except KeyboardInterrupt:
            if writer.written:
                file.write(writer.to_bytes())
            raise
        file.write(writer.to_bytes())


class _Docs:
    def __init__(self) -> None:
        import spacy
        from spacy.tokens import DocBin

        self._tokenizer: Any = spacy.blank("en").tokenizer
        self._docs = DocBin(store_user_data=True)
        self.written = 0
        self.size = 0

    def write(self, record: DocumentRecord) -> None:
        doc = as_doc(record, self._tokenizer)
        with undisturbed():  # it keeps tokens, spaces and user data in lists of their own
            self._docs.add(doc)
            self.written += 1
        self.size += 4 * len(doc.text)  # tokens and their attributes, packed

    def to_bytes(self) -> bytes:
        return self._docs.to_bytes()


def as_doc(record: DocumentRecord, tokenizer: Any) -> Doc:
    """The record as a Doc whose text is the document's. Raises OutputError where the record has no text."""
    text = encodable(text_of(record))
    doc: Doc = tokenizer(text)
    quotations, speakers, cues = list[Any](), list[Any](), list[Any]()
    for quotation in record.quotations:
        label, key = quotation.kind, quotation.quote_id
        for start, end in quotation.parts:
            quotations += _spans(doc, start, end, label, key)
        if quotation.speaker is not None:
            speakers += _spans(
                doc, quotation.speaker.start, quotation.speaker.end, quotation.speaker_kind, key
            )
        if quotation.cue is not None:
            cues += _spans(doc, quotation.cue.start, quotation.cue.end, "cue", key)
    doc.spans["quotations"], doc.spans["speakers"], doc.spans["cues"] = quotations, speakers, cues
    # The text is the Doc's own: no need to store it twice.
    doc.user_data[KEY] = jsonl.encode(record.model_copy(update={"text": None})).decode()
    return doc


def _spans(doc: Doc, start: int, end: int, label: str, key: str) -> list[Span]:
    """The span over these code points, widened to whole tokens; none where it is empty."""
    if start == end:
        return []
    span = doc.char_span(start, end, label=label, span_id=encodable(key), alignment_mode="expand")
    return [] if span is None else [span]
