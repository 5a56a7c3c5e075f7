"""An article with indirect speech, and its records: nested, interrupted, mixed and negated ones."""

from __future__ import annotations

from typing import Any

from builders import Words, place, quotation

from quotes.records import Document, DocumentRecord, Quotation

TEXT = (
    "Mayor Ada Quill said that the pier would close on Friday.\n\n"
    "The harbour, Tobias Renn told reporters, would stay open.\n\n"
    "Ida Fenwick, who runs the ferry, called the plan “a disgrace” to the “whole” town.\n\n"
    "Quill said Renn thinks the dam is “mad” now. She did not say whether it leaks.\n"
)
DOCUMENT = Document(doc_id="pier", text=TEXT)
QUILL = {"speaker_name": "Ada Quill", "speaker_kind": "person"}
RENN = {"speaker_name": "Tobias Renn", "speaker_kind": "person"}
FENWICK = {"speaker_name": "Ida Fenwick", "speaker_kind": "person"}
REVIEWED = {"rule": "review:ada@example.org", "confidence": 1.0}


def said(*parts: Words, **fields: Any) -> Quotation:
    return quotation(TEXT, *parts, **{**REVIEWED, "kind": "indirect", **fields})


CLOSE = said("that the pier would close on Friday", speaker="Ada Quill", source="Mayor Ada Quill", cue="said",
             attribution_type="assertion", **QUILL)  # fmt: skip
OPEN = said("The harbour", "would stay open", speaker="Tobias Renn", cue="told", channel="writing", **RENN)
PLAN = "the plan “a disgrace” to the “whole” town"
DISGRACE = said("“a disgrace”", "“whole”", kind="mixed", content=[PLAN], speaker="Ida Fenwick",
                source="Ida Fenwick, who runs the ferry,", cue="called", attribution_type="eventuality",
                **FENWICK)  # fmt: skip
OUTER = said("Renn thinks the dam is “mad” now", speaker=("town.\n\n", "Quill"),
             cue=("town.\n\nQuill ", "said"), **QUILL)  # fmt: skip
INNER = said("“mad”", kind="mixed", content=["the dam is “mad” now"], speaker=("said ", "Renn"),
             cue="thinks", attribution_type="belief", **RENN)  # fmt: skip
LEAKS = said("whether it leaks", speaker="She", cue="did not say", negated=True, **QUILL)
ALL = (CLOSE, OPEN, DISGRACE, OUTER, INNER, LEAKS)
RECORD = DocumentRecord(doc_id="pier", text_sha256=DOCUMENT.text_sha256, quotations=ALL)


def at(words: Words) -> tuple[int, int]:
    return place(TEXT, words)
