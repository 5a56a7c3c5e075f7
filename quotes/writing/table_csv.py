"""A row a quotation, for spreadsheets and data frames. A document without quotations has no row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from quotes.records import DocumentRecord, Quotation

COLUMNS = (
    "doc_id",
    "quote_id",
    "kind",
    "channel",
    "start",
    "end",
    "parts",
    "text",
    "speaker",
    "speaker_start",
    "speaker_end",
    "speaker_name",
    "speaker_kind",
    "cue",
    "cue_start",
    "cue_end",
    "rule",
    "confidence",
)

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Row = Sequence[str | int | float | None]


def encode(record: DocumentRecord) -> bytes:
    """Give the rows of one record, as RFC 4180 wants them, in UTF-8.

    `start` and `end` hold the whole quotation, from its first part to its last; `parts` is a JSON list of
    [start, end] pairs. What is missing is an empty cell; lone surrogates become U+FFFD.
    """
    return _rows(_row(record.doc_id, quotation) for quotation in record.quotations)


def _row(doc_id: str, quotation: Quotation) -> Row:
    speaker, cue = quotation.speaker, quotation.cue
    return (
        doc_id,
        quotation.quote_id,
        quotation.kind,
        quotation.channel,
        quotation.parts[0][0],
        quotation.parts[-1][1],
        json.dumps(quotation.parts),
        quotation.text,
        *((speaker.text, speaker.start, speaker.end) if speaker else (None, None, None)),
        quotation.speaker_name,
        quotation.speaker_kind,
        *((cue.text, cue.start, cue.end) if cue else (None, None, None)),
        quotation.rule,
        quotation.confidence,
    )


def _rows(rows: Iterable[Row]) -> bytes:
    # The line end of RFC 4180 is also what makes the csv module put a cell that holds "\r" in quotes.
    table = io.StringIO(newline="")
    csv.writer(table).writerows(rows)
    return _LONE_SURROGATE.sub("\ufffd", table.getvalue()).encode()


HEADER = _rows([COLUMNS])
