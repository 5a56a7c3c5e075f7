"""Records of one quotation each, for the tests of variants and of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from quotes.records import DocumentRecord, Metadata, Quotation, Span, quote_id


def record(
    doc_id: str, *said: tuple[str | None, str] | Quotation, metadata: Metadata | None = None, **fields: Any
) -> DocumentRecord:
    """A document in which each (speaker, words) of `said` is a quotation, one behind the other."""
    text_sha256 = hashlib.sha256(repr((doc_id, said)).encode("utf-8", "replace")).hexdigest()
    quotations, at = [], 0
    for one in said:
        if isinstance(one, Quotation):
            quotations.append(one)
            continue
        name, words = one
        quotations.append(quotation(text_sha256, name, words, at, **fields))
        at += len(words) + 100
    return DocumentRecord(
        doc_id=doc_id, text_sha256=text_sha256, quotations=tuple(quotations), metadata=metadata or Metadata()
    )


def quotation(text_sha256: str, name: str | None, words: str, at: int = 0, **fields: Any) -> Quotation:
    """A quotation of `words` that begins at the code point `at`, by somebody of this name."""
    parts = ((at, at + len(words)),)
    mention = name or "a fisherman"
    values: dict[str, Any] = {
        "quote_id": quote_id(text_sha256, parts),
        "kind": "direct",
        "channel": "speech",
        "parts": parts,
        "text": words,
        "speaker": Span(start=at + len(words) + 1, end=at + len(words) + 1 + len(mention), text=mention),
        "speaker_name": name,
        "speaker_kind": "person" if name else "anonymous",
        "cue": Span(start=at + len(words) + 60, end=at + len(words) + 64, text="said"),
        "rule": "by-hand",
        "confidence": 0.9,
    }
    return Quotation(**values | fields)


def records(said: Iterable[tuple[str | None, str]]) -> list[DocumentRecord]:
    """A document for each (speaker, words)."""
    return [record(f"doc-{number}", one) for number, one in enumerate(said)]
