"""A step of the reviewer, the page on which it was taken, and the quotation that it makes of the draft.

draft “It rained,” (Cy Orr, she), step “person 1”   →   “It rained,” (Ada Quill, Ada Quill)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple, get_args

from quotes.files.visible import visible_in_place
from quotes.records import (
    DocumentRecord,
    Offset,
    Quotation,
    Record,
    Span,
    SpeakerKind,
    parts_text,
    quote_id,
)
from quotes.review.decisions import moved, named, said_by
from quotes.review.people import Candidate, People
from quotes.review.queue import Place

Action = Literal[
    "right", "reject", "unsure", "person", "person-name", "name", "nobody",
    "mention", "cue", "no-cue", "speaker-kind", "kind", "start", "end", "add",
    "undo", "back", "forward", "next", "wide", "cancel",
]  # fmt: skip

_KINDS: Final[tuple[SpeakerKind, ...]] = get_args(SpeakerKind)
_OPENING_MARKS: Final = tuple("“\"„«‹‘'‚＂`")


class Step(Record):
    """What the reviewer did. `place` and `quote_id` say on which page, and `draft` what it showed.

    `number` is that of a candidate, or of words to move by; `start`, `end` and `words` are what is selected.
    """

    action: Action
    place: int
    quote_id: str | None = None
    draft: Quotation | None = None
    adding: bool = False
    wide: bool = False
    number: int = 0
    start: Offset | None = None
    end: Offset | None = None
    words: str = ""
    name: str = ""


class StepError(Exception):
    """A step that can't be taken; the message says why, and what to do."""


class StaleError(StepError):
    """The page doesn't fit what is on the desk, so that its draft can't be shown."""


class Page(NamedTuple):
    """The page on which a step was taken; `before` is what it showed before anything was changed."""

    step: Step
    place: Place
    record: DocumentRecord
    predicted: Quotation
    before: Quotation
    draft: Quotation
    people: People

    @property
    def text(self) -> str:
        """The text of the article."""
        assert self.record.text is not None  # a queue's records have their texts
        return self.record.text


def by_candidate(page: Page) -> Quotation:
    """A candidate said it: its nearest mention and cue, except for what the reviewer selected."""
    who, draft, before = _candidate(page), page.draft, page.before
    mention = who.mention if draft.speaker == before.speaker else draft.speaker
    cue = who.cue if draft.cue == before.cue and mention == who.mention else draft.cue
    return said_by(draft, mention, who.name, who.kind, cue)


def named_as_candidate(page: Page) -> Quotation:
    """The mention means a candidate."""
    who = _candidate(page)
    return named(page.draft, who.name, who.kind)


def named_as_typed(page: Page, known: Mapping[str, SpeakerKind]) -> Quotation:
    """The mention means whom the reviewer typed; `known` are the kinds of names. Nobody named if empty."""
    name = " ".join(page.step.name.split())
    if not name:
        return named(page.draft, None, "unknown")
    kind = page.draft.speaker_kind
    return named(page.draft, name, known.get(name, kind if kind in ("organization", "group") else "person"))


def by_nobody(page: Page) -> Quotation:
    """A quotation whose speaker the text doesn't mention."""
    return said_by(page.draft, None, None, "unknown", page.draft.cue)


def with_mention(page: Page) -> Quotation:
    """The selected mention, with the name and the cue that it has by all that is known."""
    mention = selected(page)
    found = page.people.name_of(mention)
    name, kind = found if found is not None else (None, "unknown")
    if found is None and mention.text[:1].isupper() and " " in mention.text:
        name, kind = mention.text, "person"
    own = page.draft.cue if page.draft.cue != page.before.cue else None
    return said_by(page.draft, mention, name, kind, own or page.people.cue_of(mention, page.draft))


def with_cue(page: Page) -> Quotation:
    """The selected cue."""
    return page.draft.model_copy(update={"cue": selected(page)})


def without_cue(page: Page) -> Quotation:
    """No cue."""
    return page.draft.model_copy(update={"cue": None})


def other_speaker_kind(page: Page) -> Quotation:
    """The next kind of speaker."""
    at = _KINDS.index(page.draft.speaker_kind)
    return named(page.draft, page.draft.speaker_name, _KINDS[(at + 1) % len(_KINDS)])


def other_kind(page: Page) -> Quotation:
    """Mixed instead of direct, or direct."""
    kinds = {"direct": "mixed", "mixed": "direct", "unattributed": "direct"}
    if page.draft.kind not in kinds:
        raise StepError("Indirect speech stands in no quotation marks: its kind stays.")
    return page.draft.model_copy(update={"kind": kinds[page.draft.kind]})


def other_start(page: Page) -> Quotation:
    """All that is reported begins `step.number` words later."""
    return _moved(page, "start")


def other_end(page: Page) -> Quotation:
    """All that is reported ends `step.number` words later."""
    return _moved(page, "end")


#: The actions that change the draft and save nothing.
EDITS: Final[Mapping[Action, Callable[[Page], Quotation]]] = {
    "mention": with_mention,
    "cue": with_cue,
    "no-cue": without_cue,
    "speaker-kind": other_speaker_kind,
    "kind": other_kind,
    "start": other_start,
    "end": other_end,
    "wide": lambda page: page.draft,
}


def missing(page: Page) -> Quotation:
    """The selected words as a quotation that was missing, without a speaker."""
    words = selected(page, whole_words=False)
    parts = ((words.start, words.end),)
    return Quotation(
        quote_id=quote_id(page.record.text_sha256, parts),
        kind="direct" if words.text.startswith(_OPENING_MARKS) else "indirect",
        channel="speech",
        parts=parts,
        text=parts_text(page.text, parts),
        speaker=None,
        speaker_name=None,
        speaker_kind="unknown",
        cue=None,
        rule="review:",  # completed when it is saved
        confidence=1.0,
    )


def selected(page: Page, *, whole_words: bool = True) -> Span:
    """The selected words, without blanks at their edges. Raises StepError if there are none."""
    start, end, text = page.step.start, page.step.end, page.text
    if start is None or end is None or start >= end:
        raise StepError("Select the words with the mouse first.")
    if end > len(text) or visible_in_place(text[start:end]) != visible_in_place(page.step.words):
        raise StepError("The selected words aren’t those of the article. Select them again.")
    if whole_words and "\n" in text[start:end].strip():
        raise StepError("Select words of one paragraph.")
    if whole_words:
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == end:
        raise StepError("Only blanks are selected.")
    return Span.of(text, start, end)


def _candidate(page: Page) -> Candidate:
    found = page.people.candidates(page.draft)
    if not 1 <= page.step.number <= len(found):
        raise StepError(f"There is no candidate {page.step.number}. Press n to type a name.")
    return found[page.step.number - 1]


def _moved(page: Page, edge: Literal["start", "end"]) -> Quotation:
    draft = moved(page.draft, page.text, page.record.text_sha256, edge, page.step.number)
    if draft == page.draft:
        raise StepError("The end of this quotation can’t be moved there.")
    return draft
