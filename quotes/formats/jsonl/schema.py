"""JSON Schema of the records that are written and of the articles that are read."""

from __future__ import annotations

from typing import Any, Final

from quotes.formats.jsonl.articles import FIELDS
from quotes.records import SCHEMA_VERSION, DocumentRecord, Metadata

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

#: The meaning of each field, by model.
DESCRIPTIONS: Final[dict[str, dict[str, str]]] = {
    "DocumentRecord": {
        "doc_id": "The document's id, unique in the file.",
        "text_sha256": "SHA-256 of the text in UTF-8, in hexadecimal digits.",
        "quotations": "All quotations, in text order; an empty list if there are none.",
        "metadata": "The document's origin; left out if nothing is known.",
        "text": "The text to which all offsets refer; left out unless requested.",
        "partly_reviewed": "In gold, whether only these quotations were judged, and the document may have "
        "others; left out if false.",
        "schema_version": "Increased if a reader of the old format would misread the new one.",
    },
    "Metadata": {
        "title": "The headline.",
        "author": "The author, several joined by '; '; of a post, the name of the account.",
        "date": "The date of publication, by ISO 8601, with or without a time.",
        "outlet": "The publisher.",
        "url": "The address of publication.",
        "language": "The language of the text by its code in ISO 639, if it isn't English.",
    },
    "Quotation": {
        "quote_id": "The same text and the same parts give the same id in every run.",
        "kind": "direct: all words in quotation marks. mixed: a clause with some of them. "
        "indirect: no quotation marks. unattributed: quotation marks, but no speaker.",
        "channel": "Spoken, written, or posted as a tweet.",
        "parts": "Half-open ranges of code points in text order, with quotation marks.",
        "text": "The parts' text, joined by a space.",
        "speaker": "The mention of the speaker here, such as a name or a pronoun.",
        "speaker_name": "The speaker's fullest known name, without title.",
        "speaker_kind": "The kind of speaker.",
        "cue": "The words that introduce the quotation, such as 'said'.",
        "rule": "The rule that attributed it, or 'review:' and the name of the reviewer.",
        "confidence": "The probability that the speaker is right.",
        "speakers": "All who speak, if they are several; the first is the speaker. Left out if there is one.",
        "speaker_role": "What the document says of the speaker, in its words; left out if it says nothing.",
        "speaker_id": "The speaker's id in Wikidata; left out if it isn't known.",
        "name_confidence": "The probability that speaker_name is whom the mention means; left out without a "
        "name, and if a person gave it.",
        "content": "All that is reported, with the writer's words, as half-open ranges; left out if it is "
        "the same as parts.",
        "source": "The whole phrase that names the source, of which speaker is the mention; left out if it "
        "is the same.",
        "attribution_type": "What the cue says of the source: that it said, believes, knows or intends it; "
        "with --indirect.",
        "negated": "Whether the cue is denied, as in 'did not say whether'; left out if false.",
        "in_boilerplate": "Whether it is outside of the article's own text; left out if false.",
        "duplicate_of": "The quote_id of the same quotation in an earlier copy of its paragraph; "
        "left out if there is none.",
        "utterance_id": "Quotations with the same id are wordings of one statement; left out if unknown.",
        "verification": "What quotes verify found in sources; left out if the quotation was not verified.",
    },
    "Verification": {
        "verdict": "verbatim; marks: only punctuation, case or spelling differ; cut: words left out or in "
        "brackets; altered: other words; context: what stands beside it turns it; other_speaker: somebody "
        "else's words; not_found; too_short: three words or fewer.",
        "source": "The doc_id of the source; null, as the next five are, if nothing was found.",
        "start": "The offset of the words' first code point in the source.",
        "end": "The offset after their last code point.",
        "text": "The source's words there.",
        "date": "The date of the source.",
        "url": "The address of the source.",
        "speaker": "Whose words they are by the source; null if it doesn't tell.",
        "changes": "All differences of words, in the order of the quotation.",
        "probability": "How likely the verdict is right, if the sources are.",
    },
    "Change": {
        "kind": "number, negation, name, words: other words. spelling: short forms, numbers in letters. "
        "left_out: words of the source only. bracket: the writer's words. context: what stands beside it.",
        "source": "The source's words; empty if it has none here.",
        "quoted": "The quotation's words; empty if it has none here.",
    },
    "Speaker": {
        "start": "The offset of the mention's first code point.",
        "end": "The offset after its last code point.",
        "text": "The mention: a name, or one word for all of them, such as 'they'.",
        "name": "The fullest known name, without title.",
        "kind": "The kind of speaker.",
    },
    "Span": {
        "start": "The offset of the first code point.",
        "end": "The offset after the last code point.",
        "text": "The text between them.",
    },
}


def record_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a line of `.jsonl`: a document and its quotations."""
    schema = DocumentRecord.model_json_schema(mode="serialization")
    for name, model in ((schema["title"], schema), *schema["$defs"].items()):
        for field, description in DESCRIPTIONS[name].items():
            model["properties"][field]["description"] = description
    schema["properties"]["text_sha256"]["pattern"] = "^[0-9a-f]{64}$"
    return {"$schema": _DRAFT, **schema}


def article_schema() -> dict[str, Any]:
    """The JSON Schema of an article in JSON Lines, as `quotes extract` reads it. Other fields are allowed."""
    properties: dict[str, Any] = {
        "id": {
            "type": ["string", "integer"],
            "minLength": 1,
            "description": "Becomes doc_id; unique in all files.",
        },
        "doc_id": {
            "type": ["string", "integer"],
            "minLength": 1,
            "description": "The same, if there is no id.",
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
