"""spaCy's DocBin: a Doc a document, by a blank English tokenizer, with span groups and the record.

`doc.spans` has the groups "quotations" (a span for each part), "speakers", "cues", "content" (all that is
reported) and "sources" (whole phrases). A span's id is the `quote_id` of its quotation. If an offset is
within a token, the span is expanded to whole tokens (`alignment_mode="expand"`). The exact record is in
`doc.user_data["quotes_record"]`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from quotes.errors import ReadError
from quotes.files.inputs import cannot_read, first_line, read_whole
from quotes.files.limits import max_size, too_large
from quotes.files.whole_file import WholeFile
from quotes.formats.jsonl import records as jsonl
from quotes.formats.record_checks import WRITE_AGAIN, Checks
from quotes.formats.writers import WriteOptions, Writer, text_of, undisturbed
from quotes.records import DocumentRecord, encodable

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

#: The default limit for the bytes of a file, packed and unpacked. It is held whole, with all its Docs.
LARGEST: Final = 1_000_000_000
_CHUNK: Final = 1 << 14  # bytes that unpack to 16 MB at most

# Runs of this many code points without white space are cut into pieces of half the length.
_UNBROKEN = re.compile(r"\S{2000,}")
_CUT: Final = 1000

#: The groups of `Doc.spans`.
GROUPS: Final = ("quotations", "speakers", "cues", "content", "sources")

#: The key of `Doc.user_data` under which the record is, as a line of JSON without the text.
KEY: Final = "quotes_record"


def read_docbin_records(path: Path) -> Iterator[DocumentRecord]:
    """The records of a DocBin, each with its text.

    Raises ReadError if it is not a DocBin, or has other Docs.
    """
    import spacy
    from spacy.tokens import DocBin

    try:
        packed = read_whole(path, LARGEST)
        _check_size(packed, str(path))
        docs = DocBin().from_bytes(packed)
    except ReadError:
        raise
    except OSError as error:
        raise ReadError(cannot_read(str(path), error)) from error
    except Exception as error:  # of zlib, msgpack or numpy, depending on the bytes
        raise ReadError(f"{path}: this is not a DocBin ({first_line(error)}). {WRITE_AGAIN}") from error
    checks = Checks(str(path))
    for number, doc in enumerate(docs.get_docs(spacy.blank("en").vocab), 1):
        try:
            record = DocumentRecord.model_validate_json(doc.user_data[KEY])
        except (KeyError, ValidationError):
            raise ReadError(f"{path}, Doc {number}: it holds no record. {WRITE_AGAIN}") from None
        yield checks.take(record.model_copy(update={"text": doc.text}), f"Doc {number}")


def _check_size(packed: bytes, where: str) -> None:
    """Raises ReadError if it unpacks to more than the limit, and zlib.error if it isn't packed."""
    limit = left = max_size(LARGEST)
    unpacking = zlib.decompressobj()
    for start in range(0, len(packed), _CHUNK):
        left -= len(unpacking.decompress(packed[start : start + _CHUNK]))
        if left < 0:
            raise too_large(where, limit)


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer.

    All Docs are held in memory until it is closed, because a DocBin is packed as a whole.
    """
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
        with undisturbed():  # DocBin has separate lists of tokens, spaces and user data
            self._docs.add(doc)
            self.written += 1
        self.size += 4 * len(doc.text)  # tokens and their attributes, packed

    def to_bytes(self) -> bytes:
        return self._docs.to_bytes()


def _tokenized(text: str, tokenizer: Any) -> Doc:
    """The tokens of a text. Long runs without white space are cut: one of brackets takes quadratic time."""
    from spacy.tokens import Doc

    cuts = [at for run in _UNBROKEN.finditer(text) for at in range(run.start() + _CUT, run.end(), _CUT)]
    if not cuts:
        tokens: Doc = tokenizer(text)
        return tokens
    pieces = [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]
    return Doc.from_docs([tokenizer(piece) for piece in pieces], ensure_whitespace=False)


def as_doc(record: DocumentRecord, tokenizer: Any) -> Doc:
    """The record as a Doc with the document's text. Raises OutputError if the record has no text."""
    text = encodable(text_of(record))
    doc = _tokenized(text, tokenizer)
    groups: dict[str, list[Span]] = {name: [] for name in GROUPS}
    for quotation in record.quotations:
        key = quotation.quote_id
        for start, end in quotation.parts:
            groups["quotations"] += _spans(doc, start, end, quotation.kind, key)
        for start, end in quotation.reported:
            groups["content"] += _spans(doc, start, end, quotation.attribution_type or "", key)
        source = quotation.source or quotation.speaker
        speakers = {(one.start, one.end): one for one in reversed(quotation.everyone)}
        for name, span, label in (
            *(("speakers", one, one.kind) for one in reversed(speakers.values())),
            ("sources", source, quotation.speaker_kind),
            ("cues", quotation.cue, "cue"),
        ):
            if span is not None:
                groups[name] += _spans(doc, span.start, span.end, label, key)
    for name, spans in groups.items():
        doc.spans[name] = spans
    # The Doc has the text already.
    doc.user_data[KEY] = jsonl.encode(record.model_copy(update={"text": None})).decode()
    return doc


def _spans(doc: Doc, start: int, end: int, label: str, key: str) -> list[Span]:
    """The span of these code points, expanded to whole tokens, in a list; an empty list for an empty span."""
    if start == end:
        return []
    span = doc.char_span(start, end, label=label, span_id=encodable(key), alignment_mode="expand")
    return [] if span is None else [span]
