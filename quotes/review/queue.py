"""The quotations to review, least sure first, and their documents, packed: an archive fits into memory.

flood: 0.93 Ada Quill, 0.41 she;  pier: 0.62 Bo Tarn   →   0.41 she, 0.62 Bo Tarn, 0.93 Ada Quill
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from quotes.formats.jsonl.records import encode
from quotes.records import Document, DocumentRecord, Quotation, SpeakerKind
from quotes.review.decisions import Key

#: The confidences from which a band begins, the least sure first.
BANDS: Final = (0.0, 0.5, 0.7, 0.9)

# Documents that are kept unpacked: the one on the page, and those one goes back to.
_UNPACKED: Final = 32


class Place(NamedTuple):
    """A quotation in the queue: how sure it is, and the numbers of its document and of it in there."""

    sure: float
    document: int
    quotation: int
    key: Key


def sureness(quotation: Quotation) -> float:
    """How sure the least sure part of an attribution is: its mention, or the name."""
    name = quotation.name_confidence
    return quotation.confidence if name is None else min(quotation.confidence, name)


def band(sure: float) -> int:
    """The number of the band in BANDS."""
    return max(number for number, low in enumerate(BANDS) if sure >= low)


class Queue:
    """All quotations of some documents, in the order of review; equally sure ones in text order."""

    def __init__(self, pairs: Iterable[tuple[Document, DocumentRecord]]) -> None:
        self._packed: list[bytes] = []
        self.doc_ids: list[str] = []
        self.hashes: dict[str, str] = {}
        """The `text_sha256` of each document."""
        self.places: list[Place] = []
        self.names: dict[str, SpeakerKind] = {}
        """All names of speakers, and what each of them is."""
        for number, (document, record) in enumerate(pairs):
            line = encode(record.model_copy(update={"text": document.text}))
            self._packed.append(zlib.compress(line, 1))
            doc_id = record.doc_id
            self.doc_ids.append(doc_id)
            self.hashes[doc_id] = record.text_sha256
            known: set[str] = set()
            for n, quotation in enumerate(record.quotations):
                if quotation.quote_id in known:  # the same words twice
                    continue
                known.add(quotation.quote_id)
                self.places.append(Place(sureness(quotation), number, n, (doc_id, quotation.quote_id)))
                if quotation.speaker_name:
                    self.names.setdefault(quotation.speaker_name, quotation.speaker_kind)
        self.places.sort()
        self.number_of = {place.key: number for number, place in enumerate(self.places)}
        """The number in `places` of each prediction."""
        self.record = lru_cache(_UNPACKED)(self._record)
        """The record of a document by its number, with its text."""

    @property
    def documents(self) -> int:
        """The number of documents."""
        return len(self._packed)

    def quotation(self, place: Place) -> Quotation:
        """The prediction at a place."""
        return self.record(place.document).quotations[place.quotation]

    def _record(self, document: int) -> DocumentRecord:
        return DocumentRecord.model_validate_json(zlib.decompress(self._packed[document]))
