"""The desk: one step of the reviewer in, what the page shows next out. Decisions go to the journal.

The page holds no state of its own but the draft: the quotation as it would be saved, which it sends back with
each step. So a page that is reloaded, or open twice, can't save what its reader doesn't see.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from statistics import median
from typing import Final, Literal, NamedTuple, get_args

from quotes.errors import OutputError
from quotes.files.visible import visible_in_place
from quotes.records import (
    DocumentRecord,
    Offset,
    Quotation,
    Record,
    Span,
    SpeakerKind,
    misplaced,
    parts_text,
    quote_id,
)
from quotes.review.decisions import (
    Decision,
    Key,
    Verdict,
    accepted,
    moved,
    named,
    rejected,
    said_by,
    same_answer,
)
from quotes.review.journal import Entry, Journal
from quotes.review.people import Candidate, People, known_names
from quotes.review.queue import BANDS, Place, Queue, band
from quotes.review.view import Paragraph, excerpt

Action = Literal[
    "right", "reject", "unsure", "person", "person-name", "name", "nobody",
    "mention", "cue", "no-cue", "speaker-kind", "kind", "start", "end", "add",
    "undo", "back", "forward", "next", "wide", "cancel",
]  # fmt: skip

_KINDS: Final[tuple[SpeakerKind, ...]] = get_args(SpeakerKind)
_OPENING_MARKS: Final = tuple("“\"„«‹‘'‚＂`")
# The speed is that of the last so many decisions.
_RECENT: Final = 20


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review is. `left` counts by BANDS, and `speed` is decisions a minute, None if unknown."""

    total: int
    decided: int
    unsure: int
    left: tuple[tuple[str, int], ...]
    speed: float | None


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page shows: a quotation, or that nothing is left. `said` is for the line of messages."""

    place: int
    progress: Progress
    said: str = ""
    problem: str = ""
    record: DocumentRecord | None = None
    predicted: Quotation | None = None
    draft: Quotation | None = None
    draft_json: str = ""
    sure: float = 0.0
    adding: bool = False
    changed: bool = False
    verdict: Verdict | None = None
    candidates: tuple[Candidate, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    wide: bool = False


class _Page(NamedTuple):
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
        assert self.record.text is not None  # a queue's records have their texts
        return self.record.text


class Desk:
    """A queue, and the journal of its reviewer."""

    def __init__(self, queue: Queue, journal: Journal) -> None:
        self._queue = queue
        self._journal = journal
        self._rule = f"review:{journal.reviewer}"
        self._verdicts: list[Verdict | None] = [None] * len(queue.places)
        self._left = [0] * len(BANDS)
        self._unsure = 0
        for place in queue.places:
            self._left[band(place.sure)] += 1
        for key, entry in journal.entries.items():
            if (number := queue.number_of.get(key)) is not None:
                self._set(number, self._fitting(key, entry))
        self._times: deque[float] = deque(maxlen=_RECENT)
        self._people = lru_cache(4)(lambda document: People(queue.record(document)))
        self._saves: dict[Action, Callable[[_Page], tuple[Verdict, Quotation | None]]] = {
            "right": self._right,
            "reject": lambda page: ("rejected", rejected(page.predicted, self._rule)),
            "unsure": lambda _: ("unsure", None),
            "person": lambda page: self._corrected(page, self._said_by(page)),
            "person-name": lambda page: self._corrected(page, self._called(page)),
            "name": lambda page: self._corrected(page, self._renamed(page)),
            "nobody": lambda page: self._corrected(
                page, said_by(page.draft, None, None, "unknown", page.draft.cue)
            ),
        }
        self._edits: dict[Action, Callable[[_Page], Quotation]] = {
            "mention": self._with_mention,
            "cue": lambda page: page.draft.model_copy(update={"cue": self._selected(page)}),
            "no-cue": lambda page: page.draft.model_copy(update={"cue": None}),
            "speaker-kind": self._other_speaker_kind,
            "kind": self._other_kind,
            "start": lambda page: self._moved(page, "start"),
            "end": lambda page: self._moved(page, "end"),
            "wide": lambda page: page.draft,
        }

    @property
    def reviewer(self) -> str:
        """The name of the reviewer."""
        return self._journal.reviewer

    def first(self) -> Screen:
        """The page to begin with: the least sure quotation that is open."""
        return self._show(self._next_open(-1))

    def names(self, place: int, typed: str) -> list[tuple[str, SpeakerKind]]:
        """Names that begin with what was typed, those of the article at `place` first."""
        people: dict[str, SpeakerKind] = {}
        if place < len(self._queue.places):
            people = self._people(self._queue.places[place].document).names
        kinds = self._queue.names | people
        return [(name, kinds[name]) for name in known_names(people, self._queue.names, typed)]

    def take(self, step: Step) -> Screen:
        """Take a step. What can't be done is said on the page, and the draft is kept."""
        try:
            return self._take(step)
        except StaleError as problem:
            return self._show(step.place, problem=str(problem))
        except (StepError, OutputError) as problem:
            return self._show(
                step.place, step.draft, adding=step.adding, wide=step.wide, problem=str(problem)
            )

    def _take(self, step: Step) -> Screen:
        if step.action == "undo":
            return self._undo()
        if step.action in ("back", "forward", "next"):
            if step.action == "next":
                return self._show(self._next_open(step.place), said="The next open quotation.")
            to = step.place + (1 if step.action == "forward" else -1)
            return self._show(min(max(to, 0), len(self._queue.places) - 1))
        page = self._page(step)
        if step.action == "add":
            return self._show(step.place, self._new(page), adding=True, wide=step.wide)
        if step.action == "cancel" or (step.adding and step.action in ("reject", "unsure")):
            return self._show(step.place, said="Nothing was changed.")
        if step.action in self._edits:
            draft = self._edits[step.action](page)
            wide = step.wide ^ (step.action == "wide")
            return self._show(step.place, draft, adding=step.adding, wide=wide)
        return self._save(page, *self._saves[step.action](page))

    # Saving

    def _save(self, page: _Page, verdict: Verdict, quotation: Quotation | None) -> Screen:
        adding = page.step.adding
        if adding and quotation is not None:
            verdict = "added"
            key = (page.record.doc_id, quotation.quote_id)
            if key in self._queue.number_of:
                raise StepError("These words are a quotation of the list already. Press Escape.")
        self._journal.add(
            Decision(
                at=_now(),
                doc_id=page.record.doc_id,
                text_sha256=page.record.text_sha256,
                quote_id=quotation.quote_id if adding and quotation is not None else page.place.key[1],
                verdict=verdict,
                quotation=quotation,
            )
        )
        self._times.append(time.monotonic())
        said = _saved(verdict, quotation)
        if adding:
            return self._show(page.step.place, said=said)
        self._set(page.step.place, verdict)
        return self._show(self._next_open(page.step.place), said=said)

    def _undo(self) -> Screen:
        undone = self._journal.undo(_now())
        if undone is None:
            raise StepError("There is nothing to undo.")
        key, entry = undone
        number = self._queue.number_of.get(key)
        if number is None:
            return self._show(self._next_open(-1), said="Undone: a quotation that isn’t in this list.")
        self._set(number, self._fitting(key, entry))
        return self._show(number, said="Undone. Decide again.")

    def _right(self, page: _Page) -> tuple[Verdict, Quotation]:
        if same_answer(page.draft, page.predicted):
            return "accepted", accepted(page.draft, self._rule)
        if page.draft.kind == "unattributed":
            return "rejected", accepted(page.draft, self._rule)
        return self._corrected(page, page.draft)

    def _corrected(self, page: _Page, quotation: Quotation) -> tuple[Verdict, Quotation]:
        del page
        return "corrected", accepted(quotation, self._rule)

    def _candidate(self, page: _Page) -> Candidate:
        found = page.people.candidates(page.draft)
        if not 1 <= page.step.number <= len(found):
            raise StepError(f"There is no candidate {page.step.number}. Press n to type a name.")
        return found[page.step.number - 1]

    def _said_by(self, page: _Page) -> Quotation:
        """The candidate's nearest mention and cue, except for what the reviewer selected."""
        who, draft, before = self._candidate(page), page.draft, page.before
        mention = who.mention if draft.speaker == before.speaker else draft.speaker
        cue = who.cue if draft.cue == before.cue and mention == who.mention else draft.cue
        return said_by(draft, mention, who.name, who.kind, cue)

    def _called(self, page: _Page) -> Quotation:
        who = self._candidate(page)
        return named(page.draft, who.name, who.kind)

    def _renamed(self, page: _Page) -> Quotation:
        name = " ".join(page.step.name.split())
        if not name:
            return named(page.draft, None, "unknown")
        known = self._queue.names | page.people.names
        kind = page.draft.speaker_kind
        new = kind if kind in ("organization", "group") and name not in known else "person"
        kind = known.get(name, new)
        self._queue.names.setdefault(name, kind)
        return named(page.draft, name, kind)

    # Changing the draft

    def _with_mention(self, page: _Page) -> Quotation:
        """The selected mention, with the name and the cue that it has by all that is known."""
        mention = self._selected(page)
        found = page.people.name_of(mention)
        name, kind = found if found is not None else (None, "unknown")
        if found is None and mention.text[:1].isupper() and " " in mention.text:
            name, kind = mention.text, "person"
        own = page.draft.cue if page.draft.cue != page.before.cue else None
        return said_by(page.draft, mention, name, kind, own or page.people.cue_of(mention, page.draft))

    def _other_speaker_kind(self, page: _Page) -> Quotation:
        at = _KINDS.index(page.draft.speaker_kind)
        return named(page.draft, page.draft.speaker_name, _KINDS[(at + 1) % len(_KINDS)])

    def _other_kind(self, page: _Page) -> Quotation:
        kinds = {"direct": "mixed", "mixed": "direct", "unattributed": "direct"}
        if page.draft.kind not in kinds:
            raise StepError("Indirect speech stands in no quotation marks: its kind stays.")
        return page.draft.model_copy(update={"kind": kinds[page.draft.kind]})

    def _moved(self, page: _Page, edge: Literal["start", "end"]) -> Quotation:
        draft = moved(page.draft, page.text, page.record.text_sha256, edge, page.step.number)
        if draft == page.draft:
            raise StepError("The end of this quotation can’t be moved there.")
        return draft

    def _new(self, page: _Page) -> Quotation:
        """The selected words as a quotation that was missing."""
        words = self._selected(page, whole_words=False)
        parts = ((words.start, words.end),)
        key = quote_id(page.record.text_sha256, parts)
        if (page.record.doc_id, key) in self._queue.number_of:
            raise StepError("These words are a quotation of the list already.")
        return Quotation(
            quote_id=key,
            kind="direct" if words.text.startswith(_OPENING_MARKS) else "indirect",
            channel="speech",
            parts=parts,
            text=parts_text(page.text, parts),
            speaker=None,
            speaker_name=None,
            speaker_kind="unknown",
            cue=None,
            rule=self._rule,
            confidence=1.0,
        )

    def _selected(self, page: _Page, *, whole_words: bool = True) -> Span:
        """The selected words, without blanks at their edges."""
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

    # Showing

    def _page(self, step: Step) -> _Page:
        places = self._queue.places
        place = places[step.place] if 0 <= step.place < len(places) else None
        if place is None or place.key[1] != step.quote_id:
            raise StaleError("This page was older than the list. Look at the quotation again.")
        record = self._queue.record(place.document)
        predicted, before = self._queue.quotation(place), self._answer(step.place)
        draft = step.draft or before
        if misplaced(record.model_copy(update={"quotations": (draft,)})) is not None:
            raise StaleError("This page didn’t fit the article. Look at the quotation again.")
        if step.adding:
            before = draft.model_copy(update={"speaker": None, "cue": None})
        return _Page(step, place, record, predicted, before, draft, self._people(place.document))

    def _answer(self, number: int) -> Quotation:
        """The reviewer's answer for a place, or the prediction."""
        place = self._queue.places[number]
        decided = self._journal.decision(place.key).quotation if self._verdicts[number] else None
        return decided or self._queue.quotation(place)

    def _show(
        self,
        number: int,
        draft: Quotation | None = None,
        *,
        adding: bool = False,
        wide: bool = False,
        said: str = "",
        problem: str = "",
    ) -> Screen:
        if not 0 <= number < len(self._queue.places):
            return Screen(len(self._queue.places), self._progress(), said, problem)
        place = self._queue.places[number]
        record, predicted = self._queue.record(place.document), self._queue.quotation(place)
        assert record.text is not None
        answer = self._answer(number)
        shown = draft or answer
        return Screen(
            place=number,
            progress=self._progress(),
            said=said,
            problem=problem,
            record=record,
            predicted=predicted,
            draft=shown,
            draft_json=json.dumps(shown.model_dump(mode="json")),  # ASCII: the template changes no letter
            sure=place.sure,
            adding=adding,
            changed=adding or not same_answer(shown, answer),
            verdict=self._verdicts[number],
            candidates=tuple(self._people(place.document).candidates(shown)),
            paragraphs=tuple(excerpt(record.text, shown, wide=wide)),
            wide=wide,
        )

    def _progress(self) -> Progress:
        lows = [*BANDS, 1.0]
        labels = [f"{100 * lows[n]:.0f}–{100 * lows[n + 1]:.0f} %" for n in range(len(BANDS))]
        gaps = [after - before for before, after in zip(self._times, list(self._times)[1:], strict=False)]
        typical = median(gaps) if gaps else 0.0
        total = len(self._queue.places)
        return Progress(
            total=total,
            decided=total - sum(self._left) - self._unsure,
            unsure=self._unsure,
            left=tuple(zip(labels, self._left, strict=True)),
            speed=60 / typical if typical else None,
        )

    def _fitting(self, key: Key, entry: Entry | None) -> Verdict | None:
        """The verdict of an entry, unless it is about another text of the document."""
        return entry.verdict if entry and entry.text_sha256 == self._queue.hashes[key[0]] else None

    def _set(self, number: int, verdict: Verdict | None) -> None:
        """Note the verdict on a place, and count."""
        before = self._verdicts[number]
        self._verdicts[number] = verdict
        self._unsure += (verdict == "unsure") - (before == "unsure")
        self._left[band(self._queue.places[number].sure)] += (verdict is None) - (before is None)

    def _next_open(self, after: int) -> int:
        """The next place that isn't decided, from the beginning if there is none behind.

        The number of places if none is left.
        """
        for begin, end in ((after + 1, len(self._verdicts)), (0, after + 1)):
            with suppress(ValueError):
                return self._verdicts.index(None, begin, end)
        return len(self._verdicts)


def _saved(verdict: Verdict, quotation: Quotation | None) -> str:
    """What the line of messages says of a decision: all of it, so that nothing is saved unseen."""
    if quotation is None:
        return "Unsure: left for somebody else."
    if verdict == "rejected":
        return "Saved: not a quotation."
    mention, cue = quotation.speaker, quotation.cue
    who = quotation.speaker_name or (mention.text if mention else "nobody named")
    told = [span.text for span in (mention, cue) if span is not None and span.text != who]
    what = {"accepted": "Right", "added": "Added"}.get(verdict, "Saved")
    words = f" ({', '.join(told)})" if told else ""
    return f"{what}: {who}{words}, {quotation.speaker_kind}."


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
