"""The contract as JSON Schema: of a record that comes out, and of an article that goes in."""

from __future__ import annotations

from typing import Any, Final

from quotes.formats.jsonl.fields import FIELDS
from quotes.records import SCHEMA_VERSION, DocumentRecord, Metadata

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

#: What each field means, by the model that has it.
DESCRIPTIONS: Final[dict[str, dict[str, str]]] = {
    "DocumentRecord": {
        "doc_id": "The document's name; no two of a file are alike.",
        "text_sha256": "SHA-256 of the text in UTF-8, in hexadecimal digits.",
        "quotations": "All that were found, in text order; none is an empty list.",
        "metadata": "What is known about where the document comes from; left out where nothing is.",
        "text": "The text that the offsets count in; left out unless asked for.",
        "schema_version": "It grows when a reader of the old format would misread the new one.",
    },
    "Metadata": {
        "title": "Its headline.",
        "author": "Whoever signed it; of a post, its account's name.",
        "date": "When it appeared: an ISO 8601 day or moment.",
        "outlet": "Who published it.",
        "url": "Where it was published.",
    },
    "Quotation": {
        "quote_id": "The same text and the same parts give the same id in every run.",
        "kind": "direct: all words in marks. mixed: the writer's clause holds some of them. "
        "indirect: no marks. unattributed: marks, but no speaker.",
        "channel": "How it was said.",
        "parts": "In text order, marks included: half-open ranges of code points into the text.",
        "text": "The parts' text, joined by a space.",
        "speaker": "The mention that attributes it here, such as a name or a pronoun.",
        "speaker_name": "Who that is: the fullest name known, without title.",
        "speaker_kind": "What kind of speaker that is.",
        "cue": "The words that introduce it, such as 'said'.",
        "rule": "Which rule decided, or review: and the name of a person who did.",
        "confidence": "How likely the speaker is right.",
        "in_boilerplate": "It stands in what the page has around its article; left out where false.",
        "duplicate_of": "The quote_id of the same quotation in an earlier copy of its paragraph; "
        "left out where there is none.",
        "utterance_id": "Quotations with one id are wordings of one statement; left out where unknown.",
    },
    "Span": {
        "start": "Where it begins, in code points.",
        "end": "Where it ends: the first code point behind it.",
        "text": "What stands there.",
    },
}


def record_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a line of `.jsonl`: a document and all that was found in it."""
    schema = DocumentRecord.model_json_schema(mode="serialization")
    for name, model in ((schema["title"], schema), *schema["$defs"].items()):
        for field, description in DESCRIPTIONS[name].items():
            model["properties"][field]["description"] = description
    schema["properties"]["text_sha256"]["pattern"] = "^[0-9a-f]{64}$"
    return {"$schema": _DRAFT, **schema}


def article_schema() -> dict[str, Any]:
    """The JSON Schema of an article in JSON Lines, as `quotes extract` reads it; it may have other fields."""
    properties: dict[str, Any] = {
        "id": {"type": ["string", "integer"], "minLength": 1, "description": "Becomes doc_id; no two alike."},
        "doc_id": {
            "type": ["string", "integer"],
            "minLength": 1,
            "description": "The same, where id is not.",
        },
        "text": {"type": "string", "description": "The article in plain text."},
    }
    for name, names in FIELDS.items():
        if name in Metadata.model_fields:
            also = f" Also read from {', '.join(names[1:])}." if names[1:] else ""
            properties[name] = {"description": f"{DESCRIPTIONS['Metadata'][name]}{also}"}
    return {
        "$schema": _DRAFT,
        "title": "Article",
        "description": f"A line of JSON Lines for quotes extract (record format {SCHEMA_VERSION}).",
        "type": "object",
        "properties": properties,
        "required": ["text"],
        "anyOf": [{"required": ["id"]}, {"required": ["doc_id"]}],
    }
