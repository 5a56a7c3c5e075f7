"""Articles to review, a desk for them, and the page as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paths
from builders import quotation, record

from quotes.formats.output import open_output
from quotes.records import Document, DocumentRecord, Quotation
from quotes.review.decisions import Decision, Verdict
from quotes.review.desk import Desk, Screen
from quotes.review.journal import Journal
from quotes.review.queue import Queue
from quotes.review.steps import Step

FLOOD = (
    "Mayor Ada Quill came late. Harbour master Cy Orr had waited.\n\n"
    "“It rained all night 🌊,” she said. Orr shrugged.\n\n"
    "“The dam held,” Orr told reporters. A sign read “Closed”.\n"
)
RAIN = quotation(
    FLOOD,
    "“It rained all night 🌊,”",
    speaker=("🌊,” ", "she"),
    cue="said",
    speaker_name="Cy Orr",
    confidence=0.41,
)
DAM = quotation(
    FLOOD,
    "“The dam held,”",
    speaker=("held,” ", "Orr"),
    cue="told",
    speaker_name="Cy Orr",
    confidence=0.97,
    name_confidence=0.8,
)
CLOSED = quotation(FLOOD, "“Closed”", speaker=("shrugged.\n\n“The dam held,” ", "Orr"), confidence=0.55)
FLOOD_RECORD = record("flood", FLOOD, RAIN, DAM, CLOSED, title="The river")

PIER = "Bo Tarn said that the old pier would close on Friday.\n\n“A pity,” Ines Vale of Ellery Boats added.\n"
CLOSING = quotation(
    PIER,
    "the old pier would close",
    kind="indirect",
    speaker="Bo Tarn",
    cue="said",
    speaker_name="Bo Tarn",
    confidence=0.62,
)
PITY = quotation(
    PIER, "“A pity,”", speaker="Ines Vale", cue="added", speaker_name="Ines Vale", confidence=0.99
)
PIER_RECORD = record("pier", PIER, CLOSING, PITY)

RECORDS = (FLOOD_RECORD, PIER_RECORD)
#: Least sure first: the name of DAM is less sure than its mention.
ORDER = (RAIN, CLOSED, CLOSING, DAM, PITY)


def queue(*records: DocumentRecord) -> Queue:
    """The queue of records with their texts."""
    return Queue((Document(doc_id=one.doc_id, text=one.text or ""), one) for one in records or RECORDS)


class Reviewer:
    """Somebody who takes steps at a desk, always from the screen that is shown."""

    def __init__(self, folder: Path, name: str = "bo", *records: DocumentRecord) -> None:
        self.path = folder / f"p.{name}.journal"
        self.journal = Journal.continued(self.path, name)
        self.desk = Desk(queue(*records), self.journal)
        self.screen: Screen = self.desk.first()

    def step(self, action: str, select: str | tuple[str, str] | None = None, **fields: Any) -> Screen:
        """Take a step; `select` are selected words, the second of two where it follows the first."""
        shown = self.screen
        if select is not None:
            before, inner = ("", select) if isinstance(select, str) else select
            assert shown.record is not None
            assert shown.record.text is not None
            start = shown.record.text.index(before + inner) + len(before)
            fields |= {"start": start, "end": start + len(inner), "words": inner}
        given: dict[str, Any] = {
            "place": shown.place,
            "quote_id": shown.predicted.quote_id if shown.predicted else None,
            "draft": shown.draft,
            "adding": shown.adding,
            "wide": shown.wide,
        }
        self.screen = self.desk.take(Step.model_validate({"action": action, **given, **fields}))
        return self.screen

    def saved(self) -> Quotation:
        """The answer of the last decision."""
        answer = list(self.journal.decisions())[-1].quotation
        assert answer is not None
        return answer


def decision(
    answered: DocumentRecord,
    predicted: Quotation,
    verdict: Verdict = "accepted",
    answer: Quotation | None = None,
    *,
    by: str = "bo",
    at: str = "2026-03-01T10:00:00Z",
) -> Decision:
    """A decision on a prediction; the answer is the prediction itself, if none is given."""
    given = None if verdict == "unsure" else (answer or predicted)
    return Decision(
        at=at,
        doc_id=answered.doc_id,
        text_sha256=answered.text_sha256,
        quote_id=predicted.quote_id,
        verdict=verdict,
        quotation=given and given.model_copy(update={"rule": f"review:{by}", "confidence": 1.0}),
    )


def write_records(path: Path, records: Sequence[DocumentRecord] = RECORDS) -> Path:
    """Write records to a file."""
    with open_output(str(path)) as out:
        for one in records:
            out.write(one)
    return path


class Page:
    """`quotes review` as a process: its address, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        assert process.stderr is not None
        for line in process.stderr:
            self.said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/([\w-]+)/", line):
                self.url, self.port, self.token = found[0], int(found[1]), found[2]
            if "Stop with Ctrl-C" in line:
                return
        raise AssertionError(f"the page did not open: {''.join(self.said)}")

    def stop(self) -> str:
        """Press Ctrl-C; what it says after that."""
        self.process.send_signal(signal.SIGINT)
        _, rest = self.process.communicate(timeout=60)
        return rest


@contextmanager
def review_page(*arguments: str | Path) -> Iterator[Page]:
    """Run `quotes review ARGUMENT...` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "quotes", "review", "--no-browser", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(paths.ROOT), "PYTHONUTF8": "1"},
    )
    try:
        yield Page(process)
    finally:
        process.kill()
        process.communicate()


def until(holds: Any, seconds: float = 60) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
