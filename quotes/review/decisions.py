"""What a reviewer decides about a quotation, and the quotation that it makes.

predicted “It rained,” (she, Ada Quill, 0.41)   →   accepted: the same, by review:bo, confidence 1
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from quotes.records import Quotation, Record, Span, SpeakerKind, parts_text, quote_id

#: `accepted` and `corrected` are quotations, `rejected` is none, `unsure` is for somebody else to decide, and
#: `added` was missing. `undone` takes back the last decision that counts.
Verdict = Literal["accepted", "corrected", "rejected", "unsure", "added", "undone"]

#: A document's id, and the `quote_id` of a prediction in it, or of a quotation that was added.
Key = tuple[str, str]

_NEAR: Final = 1000  # in code points; a word that is longer can't be stepped over

# What says how sure the program was, or was found out about the quotation that isn't one.
_UNSURE: dict[str, Any] = {"confidence": 1.0, "name_confidence": None}
_NOBODY: dict[str, Any] = {
    "speaker": None,
    "speaker_name": None,
    "speaker_kind": "unknown",
    "source": None,
    "speakers": None,
    "speaker_role": None,
    "speaker_id": None,
}


class Decision(Record):
    """A line of a journal: what one reviewer decided about one quotation, and when (UTC, ISO 8601).

    `quote_id` is the prediction's; `quotation` is the answer, None if there is none.
    """

    at: str
    doc_id: str
    text_sha256: str
    quote_id: str
    verdict: Verdict
    quotation: Quotation | None = None

    @property
    def key(self) -> Key:
        """What was decided about."""
        return self.doc_id, self.quote_id


def accepted(quotation: Quotation, rule: str) -> Quotation:
    """The quotation as a reviewer's answer; `rule` is "review:" and the reviewer's name."""
    return quotation.model_copy(update={**_UNSURE, "rule": rule})


def rejected(quotation: Quotation, rule: str) -> Quotation:
    """These words as a reviewed example of what is no quotation: nobody says them."""
    update = {**_NOBODY, "kind": "unattributed", "cue": None, "content": None}
    return accepted(quotation.model_copy(update={**update, "attribution_type": None, "negated": False}), rule)


def said_by(
    quotation: Quotation, mention: Span | None, name: str | None, kind: SpeakerKind, cue: Span | None
) -> Quotation:
    """The quotation with this speaker and cue. What belonged to another speaker is dropped."""
    update = {**_NOBODY, "speaker": mention, "speaker_name": name, "speaker_kind": kind, "cue": cue}
    if mention is not None and _overlap(mention, quotation.speaker):
        update["source"] = quotation.source
    if name is not None and name == quotation.speaker_name:
        update |= {"speaker_role": quotation.speaker_role, "speaker_id": quotation.speaker_id}
    if quotation.kind == "unattributed":
        update["kind"] = "direct"
    return quotation.model_copy(update=update)


def named(quotation: Quotation, name: str | None, kind: SpeakerKind) -> Quotation:
    """The quotation whose first speaker, mentioned as before, has this name and kind."""
    update: dict[str, Any] = {"speaker_name": name, "speaker_kind": kind}
    if name != quotation.speaker_name:
        update["speaker_id"] = None
    if quotation.speakers is not None:
        first, *others = quotation.speakers
        update["speakers"] = (first.model_copy(update={"name": name, "kind": kind}), *others)
    if name is not None and quotation.kind == "unattributed":
        update["kind"] = "direct"
    return quotation.model_copy(update=update)


def same_answer(one: Quotation, other: Quotation) -> bool:
    """Whether two quotations differ in nothing but in who found them and how sure that was."""
    return accepted(one, "") == accepted(other, "")


def moved(
    quotation: Quotation, text: str, text_sha256: str, edge: Literal["start", "end"], words: int
) -> Quotation:
    """The quotation with an edge of all that is reported moved by some words, to the right if positive.

    Of an indirect one, that are its parts, so that its `quote_id` changes. Of another, it is its content,
    which stays around the parts. A quotation that has neither, or an edge that can't move, stays as it is.
    """
    ranges = list(quotation.reported)
    if quotation.kind != "indirect" and quotation.content is None:
        return quotation
    if edge == "start":
        start, end = ranges[0]
        ranges[0] = (_moved_start(text, start, words, end), end)
    else:
        start, end = ranges[-1]
        ranges[-1] = (start, _moved_end(text, end, words, start))
    found = tuple(ranges)
    if quotation.kind == "indirect":
        return quotation.model_copy(
            update={
                "parts": found,
                "text": parts_text(text, found),
                "quote_id": quote_id(text_sha256, found),
                "content": None,
            }
        )
    if found[0][0] > quotation.parts[0][0] or found[-1][1] < quotation.parts[-1][1]:
        return quotation
    return quotation.model_copy(update={"content": found})


def _moved_start(text: str, start: int, words: int, end: int) -> int:
    """The start of the word before or after the one at `start`; the same if there is none before `end`."""
    if words < 0:
        before = re.search(r"\S+\s*$", text[max(0, start - _NEAR) : start])
        return start - len(before[0]) if before else start
    after = text[start:end].split(None, 1)
    return end - len(after[1]) if len(after) == 2 else start


def _moved_end(text: str, end: int, words: int, start: int) -> int:
    """The end of the word before or after the one that ends at `end`; the same if there is none."""
    if words > 0:
        after = re.match(r"\s*\S+", text[end : end + _NEAR])
        return end + len(after[0]) if after else end
    before = text[start:end].rsplit(None, 1)
    return start + len(before[0]) if len(before) == 2 else end


def _overlap(one: Span, other: Span | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end
