"""Records for tests, made of a text and its words.

>>> text = "“It rained,” Ada Quill said."
>>> quotation(text, "“It rained,”", speaker="Ada Quill", cue="said").cue
Span(start=23, end=27, text='said')
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from quotes.records import (
    Document,
    DocumentRecord,
    Metadata,
    Quotation,
    Span,
    Speaker,
    SpeakerKind,
    parts_text,
    quote_id,
)

#: Words of a text: themselves; the second of two strings, where it follows the first; or their range.
Words = str | tuple[str, str] | tuple[int, int]


def place(text: str, words: Words) -> tuple[int, int]:
    """The half-open range of some words."""
    if isinstance(words, str):
        before, inner = "", words
    else:
        first, second = words
        if isinstance(first, int) and isinstance(second, int):
            return first, second
        before, inner = str(first), str(second)
    start = text.index(before + inner) + len(before)
    return start, start + len(inner)


def span(text: str, words: Words | None) -> Span | None:
    """The span of some words; None for None."""
    return None if words is None else Span.of(text, *place(text, words))


def speaker(text: str, words: Words, name: str | None, kind: SpeakerKind = "person") -> Speaker:
    """One of several speakers, by the words of the mention."""
    return Speaker(**Span.of(text, *place(text, words)).model_dump(), name=name, kind=kind)


def quotation(text: str, *parts: Words, content: Sequence[Words] | None = None, **fields: Any) -> Quotation:
    """A quotation by the words of its parts; `speaker`, `cue`, `source` and the list `content` by theirs.

    Other fields are as they are.
    """
    ranges = tuple(place(text, part) for part in parts)
    for name in ("speaker", "cue", "source"):
        fields[name] = span(text, fields.get(name))
    fields["content"] = content and tuple(place(text, words) for words in content)
    sha256 = Document(doc_id="", text=text).text_sha256
    return _quotation(sha256, ranges, parts_text(text, ranges), **fields)


def _quotation(
    text_sha256: str, parts: tuple[tuple[int, int], ...], words: str, /, **fields: Any
) -> Quotation:
    defaults = {
        "quote_id": quote_id(text_sha256, parts),
        "kind": "direct",
        "channel": "speech",
        "parts": parts,
        "text": words,
        "speaker": None,
        "speaker_name": None,
        "speaker_kind": "unknown" if fields.get("speaker") is None else "person",
        "cue": None,
        "rule": "by-hand",
        "confidence": 0.9,
    }
    return Quotation.model_validate(defaults | fields)


def record(doc_id: str, text: str, *quotations: Quotation, **metadata: str) -> DocumentRecord:
    """A record with its text."""
    return DocumentRecord(
        doc_id=doc_id,
        text_sha256=Document(doc_id=doc_id, text=text).text_sha256,
        quotations=quotations,
        metadata=Metadata(**metadata),
        text=text,
    )


def spoken(
    doc_id: str, *said: tuple[str | None, str] | Quotation, metadata: Metadata | None = None, **fields: Any
) -> DocumentRecord:
    """A record without a text, in which each (speaker, words) of `said` is a quotation."""
    text_sha256 = hashlib.sha256(repr((doc_id, said)).encode("utf-8", "replace")).hexdigest()
    quotations, at = [], 0
    for one in said:
        if isinstance(one, Quotation):
            quotations.append(one)
            continue
        quotations.append(words_of(text_sha256, *one, at, **fields))
        at += len(one[1]) + 100
    return DocumentRecord(
        doc_id=doc_id, text_sha256=text_sha256, quotations=tuple(quotations), metadata=metadata or Metadata()
    )


def words_of(text_sha256: str, name: str | None, words: str, at: int = 0, **fields: Any) -> Quotation:
    """A quotation of `words` from the code point `at` on, of a text that isn't there."""
    end, mention = at + len(words), name or "a fisherman"
    values: dict[str, Any] = {
        "speaker": Span(start=end + 1, end=end + 1 + len(mention), text=mention),
        "speaker_name": name,
        "speaker_kind": "person" if name else "anonymous",
        "cue": Span(start=end + 60, end=end + 64, text="said"),
    }
    return _quotation(text_sha256, ((at, end),), words, **values | fields)


def one_each(said: Iterable[tuple[str | None, str]]) -> list[DocumentRecord]:
    """A document for each (speaker, words)."""
    return [spoken(f"doc-{number}", one) for number, one in enumerate(said)]
