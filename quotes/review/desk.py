"""The desk: one step of the reviewer in, what the page shows next out. Decisions go to the journal.

The page holds no state of its own but the draft: the quotation as it would be saved, which it sends back with
each step. So a page that is reloaded, or open twice, can't save what its reader doesn't see.
"""

from __future__ import annotations

import json
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from statistics import median
from typing import Final

from quotes.errors import OutputError
from quotes.records import DocumentRecord, Quotation, SpeakerKind, misplaced
from quotes.review.decisions import Decision, Key, Verdict, accepted, rejected, same_answer
from quotes.review.journal import Entry, Journal
from quotes.review.people import Candidate, People, known_names
from quotes.review.queue import BANDS, Queue, band
from quotes.review.steps import (
    EDITS,
    Page,
    StaleError,
    Step,
    StepError,
    by_candidate,
    by_nobody,
    missing,
    named_as_candidate,
    named_as_typed,
)
from quotes.review.view import Paragraph, excerpt

# The speed is that of the last so many decisions.
_RECENT: Final = 20


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
        if step.action in EDITS:
            draft = EDITS[step.action](page)
            wide = step.wide ^ (step.action == "wide")
            return self._show(step.place, draft, adding=step.adding, wide=wide)
        return self._save(page, *self._decided(page))

    # Saving

    def _save(self, page: Page, verdict: Verdict, quotation: Quotation | None) -> Screen:
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

    def _decided(self, page: Page) -> tuple[Verdict, Quotation | None]:
        """The verdict of a step that decides, and the answer."""
        match page.step.action:
            case "unsure":
                return "unsure", None
            case "reject":
                return "rejected", rejected(page.predicted, self._rule)
            case "person":
                answer = by_candidate(page)
            case "person-name":
                answer = named_as_candidate(page)
            case "name":
                answer = named_as_typed(page, self._queue.names | page.people.names)
            case "nobody":
                answer = by_nobody(page)
            case _:
                answer = page.draft
        if answer.speaker_name:
            self._queue.names.setdefault(answer.speaker_name, answer.speaker_kind)
        verdict: Verdict = "corrected"
        if same_answer(answer, page.predicted):
            verdict = "accepted"
        elif answer.kind == "unattributed":
            verdict = "rejected"
        return verdict, accepted(answer, self._rule)

    def _new(self, page: Page) -> Quotation:
        quotation = missing(page)
        if (page.record.doc_id, quotation.quote_id) in self._queue.number_of:
            raise StepError("These words are a quotation of the list already.")
        return quotation

    # Showing

    def _page(self, step: Step) -> Page:
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
        return Page(step, place, record, predicted, before, draft, self._people(place.document))

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
