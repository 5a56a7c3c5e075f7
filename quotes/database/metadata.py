"""What Datasette shows beside a quotation database: titles, descriptions, units, facets, and a question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from quotes.files.whole_file import WholeFile

_QUOTATION: Final = {
    "text": "The quoted words, marks included; parts are joined by a space",
    "kind": "direct: all words in marks; mixed: the writer's clause holds some; unattributed: no speaker",
    "channel": "speech, writing or tweet",
    "mention": "What attributes it in the text: a name, a pronoun, “a White House official”",
    "speaker_kind": "person, organization, group, anonymous or unknown",
    "confidence": "How likely the speaker is right, 0 to 1",
    "rule": "The rule that decided, or review: and a name where a person did",
    "utterance_id": "Quotations with one id are wordings of one statement",
    "quote_id": "The same text and the same parts give the same id in every run",
}

_TABLES: Final[dict[str, dict[str, Any]]] = {
    "statements": {
        "title": "Who said what, where and when",
        "description": "Every quotation with its speaker and its article. Search it for words.",
        "fts_table": "quotations_fts",
        "fts_pk": "id",
        "facets": ["speaker", "outlet", "kind", "channel"],
        "sort_desc": "date",
        "columns": _QUOTATION,
    },
    "most_quoted": {
        "title": "Who is quoted most",
        "description": "Quotations, documents and outlets of each speaker; copies and boilerplate aside.",
    },
    "by_month_and_outlet": {
        "title": "Quotations by month and outlet",
        "description": "Documents without a date or an outlet have none here.",
        "facets": ["outlet"],
    },
    "speakers_by_month": {
        "title": "Who is quoted when, and where",
        "facets": ["speaker", "outlet"],
    },
    "wordings": {
        "title": "The same statement in many articles",
        "description": "Each utterance with its wordings, the longest first.",
        "facets": ["speaker"],
    },
    "documents": {
        "title": "Articles",
        "description": "Where quotations come from, as far as it is known.",
        "label_column": "doc_id",
        "facets": ["outlet"],
        "columns": {
            "date": "ISO 8601, a day or a moment",
            "text_sha256": "Of the text that offsets count in",
            "record_sha256": "Of the record; by it, a build knows what is unchanged",
        },
    },
    "quotations": {
        "title": "Quotations",
        "facets": ["kind", "channel", "speaker_kind"],
        "units": {"start": "char", "end": "char", "mention_start": "char", "mention_end": "char",
                  "cue_start": "char", "cue_end": "char"},
        "columns": _QUOTATION | {
            "start": "Where it begins: code points from the start of the text",
            "end": "Where its last part ends; parts has each part",
        },
    },
    "parts": {
        "title": "The stretches of text of which quotations consist",
        "units": {"start": "char", "end": "char"},
    },
    "speakers": {"title": "Speakers", "label_column": "name"},
    "cues": {"title": "Cues: the words that introduce quotations", "label_column": "text"},
    "utterances": {
        "title": "Utterances",
        "description": "What was quoted in several wordings or places; text is the longest wording.",
        "label_column": "text",
    },
}  # fmt: skip

_SAID_ABOUT: Final = """
select statements.* from statements
join quotations_fts on quotations_fts.rowid = statements.id
where quotations_fts match escape_fts(:about)
    and (:speaker = '' or instr(lower(statements.speaker), lower(:speaker)))
order by statements.date desc, quotations_fts.rank
"""


def metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata for a database of this name, which is its file's without the suffix."""
    return {
        "title": "Quotations",
        "description": "Who said what, as articles quote it: no proof that it was said.",
        "custom_units": ["character = [character] = char"],
        "databases": {
            database: {
                "tables": _TABLES,
                "queries": {
                    "said_about": {
                        "title": "What did … say about …?",
                        "sql": _SAID_ABOUT.strip(),
                        "params": ["speaker", "about"],
                    }
                },
            }
        },
    }


def path_for(database: Path) -> Path:
    """Where the metadata of a database stands: beside it."""
    return database.with_name(f"{database.stem}-metadata.json")


def write(database: Path) -> Path | None:
    """Write the metadata beside a database, if there is none yet: whoever changed it keeps his.

    Gives the path of what was written. Raises OutputError.
    """
    path = path_for(database)
    if path.exists():
        return None
    with WholeFile(path) as file:
        file.write(json.dumps(metadata(database.stem), ensure_ascii=False, indent=2).encode() + b"\n")
    return path
