"""W3C Web Annotation: an AnnotationPage in JSON-LD with an annotation for each quotation.

Each part of a quotation is a target with a TextPositionSelector (code points) and a TextQuoteSelector (with
32 code points before and after). The body is a schema.org Quotation with its `spokenByCharacter`; fields that
schema.org lacks are in a vocabulary of this package, `quotes:`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from quotes.files.whole_file import WholeFile
from quotes.formats.writers import PieceWriter, WriteOptions, Writer, text_of
from quotes.records import DocumentRecord, Quotation, Span, SpeakerKind, Verification, encodable

#: The context of the W3C, and the prefixes of this package.
CONTEXT: Final[list[Any]] = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "quotes": "urn:quotes:vocabulary:",
        "quotes:mention": {"@type": "@id"},
        "quotes:cue": {"@type": "@id"},
        "quotes:content": {"@type": "@id"},
        "quotes:source": {"@type": "@id"},
    },
]

#: The number of code points before and after the text in a TextQuoteSelector.
AROUND: Final = 32

_WIKIDATA: Final = "http://www.wikidata.org/entity/"
_SPEAKER_TYPES: Final = {"organization": "schema:Organization", "group": "foaf:Group"}
_HEADER: Final = '{{"@context": {},\n"id": "urn:quotes:page:{}",\n"type": "AnnotationPage",\n"items": ['
_FOOTER: Final = "\n]}\n"


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer of one page of annotations. A document without quotations has no annotation."""
    del options
    header = _HEADER.format(json.dumps(CONTEXT), _safe(path.name)).encode()
    with WholeFile(path, header, _FOOTER.encode()) as file:

        def encode(record: DocumentRecord) -> bytes:
            lines = [_json(annotation) for annotation in annotations_of(record)]
            before = "\n" if file.size == len(header) else ",\n"
            return (before + ",\n".join(lines)).encode() if lines else b""

        yield PieceWriter(file, encode)


def annotations_of(record: DocumentRecord) -> Iterator[dict[str, Any]]:
    """The annotations of one document. Raises OutputError if the record has no text."""
    text = text_of(record)
    source = _source(record)
    for quotation in record.quotations:
        targets = [_target(text, source, start, end) for start, end in quotation.parts]
        yield {
            "id": f"urn:quotes:quotation:{_safe(quotation.quote_id)}:{_safe(record.doc_id)}",
            "type": "Annotation",
            "motivation": "identifying" if quotation.speaker_name or quotation.speaker else "highlighting",
            "body": _body(text, source, quotation),
            "target": targets[0] if len(targets) == 1 else targets,
        }


def _source(record: DocumentRecord) -> dict[str, Any]:
    known = record.metadata
    fields = {
        "id": known.url if _is_address(known.url) else f"urn:quotes:document:{_safe(record.doc_id)}",
        "type": "Text",
        "schema:identifier": record.doc_id,
        "schema:headline": known.title,
        "schema:author": known.author,
        "schema:datePublished": known.date,
        "schema:publisher": known.outlet,
        "schema:url": known.url,
        "schema:inLanguage": known.language,
        "schema:sha256": record.text_sha256,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _body(text: str, source: dict[str, Any], quotation: Quotation) -> dict[str, Any]:
    fields = {
        "type": "schema:Quotation",
        "schema:text": quotation.text,
        "schema:spokenByCharacter": _speakers(quotation),
        "quotes:mention": _mentions(text, source, quotation),
        "quotes:cue": _mention(text, source, quotation.cue),
        "quotes:content": [_target(text, {"id": source["id"]}, *words) for words in quotation.content or ()]
        or None,
        "quotes:source": _mention(text, source, quotation.source),
        "quotes:attributionType": quotation.attribution_type,
        "quotes:negated": quotation.negated or None,
        "quotes:kind": quotation.kind,
        "quotes:channel": quotation.channel,
        "quotes:rule": quotation.rule,
        "quotes:confidence": quotation.confidence,
        "quotes:nameConfidence": quotation.name_confidence,
        "quotes:inBoilerplate": quotation.in_boilerplate or None,
        "quotes:duplicateOf": quotation.duplicate_of,
        "quotes:utterance": quotation.utterance_id,
        "quotes:verification": quotation.verification and _verification(quotation.verification),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _verification(found: Verification) -> dict[str, Any]:
    changes = [{f"quotes:{name}": value for name, value in change} for change in found.changes]
    fields = {**dict(found), "changes": changes or None}
    return {f"quotes:{name}": value for name, value in fields.items() if value is not None}


def _speakers(quotation: Quotation) -> Any:
    """The speaker as an object; several as a list."""
    if quotation.speaker_name is None and quotation.speaker is None:
        return None
    first = _speaker(quotation.speaker_kind, quotation.speaker_name)
    if quotation.speaker_role is not None:
        first["schema:jobTitle"] = quotation.speaker_role
    if quotation.speaker_id is not None:
        first["id"] = _WIKIDATA + quotation.speaker_id
    more = [_speaker(one.kind, one.name) for one in (quotation.speakers or ())[1:]]
    return [first, *more] if more else first


def _speaker(kind: SpeakerKind, name: str | None) -> dict[str, Any]:
    speaker = {"type": _SPEAKER_TYPES.get(kind, "schema:Person"), "quotes:speakerKind": kind}
    if name is not None:
        speaker["schema:name"] = name
    return speaker


def _mentions(text: str, source: dict[str, Any], quotation: Quotation) -> Any:
    """The mention of the speaker; a list where several speakers have mentions of their own."""
    spans = {(one.start, one.end): one for one in quotation.everyone}
    found = [_mention(text, source, span) for span in spans.values()]
    return found if len(found) > 1 else found[0] if found else None


def _mention(text: str, source: dict[str, Any], span: Span | None) -> dict[str, Any] | None:
    return None if span is None else _target(text, {"id": source["id"]}, span.start, span.end)


def _target(text: str, source: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - AROUND) : start],
                "suffix": text[end : end + AROUND],
            },
        ],
    }


def _is_address(url: str | None) -> bool:
    """Whether the address is a valid IRI, by which other programs recognize the page."""
    if url is None or any(character in ' "<>\\^`{|}' or character <= "\x20" for character in url):
        return False
    try:
        return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).netloc)
    except ValueError:
        return False


def _safe(name: str) -> str:
    return quote(encodable(name), safe="")


def _json(value: Any) -> str:
    return encodable(json.dumps(value, ensure_ascii=False))
