"""CSV: a row a quotation, for spreadsheets and data frames. A document without quotations has no row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from quotes.files.whole_file import file_for
from quotes.formats.writers import PieceWriter, WriteOptions, Writer
from quotes.records import DocumentRecord, Metadata, Quotation, Span, encodable

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
    *Metadata.model_fields,
    "in_boilerplate",
    "duplicate_of",
    "utterance_id",
    "content",
    "source",
    "source_start",
    "source_end",
    "attribution_type",
    "negated",
    "speakers",
    "speaker_role",
    "speaker_id",
    "name_confidence",
    "verification",
)

# The beginning of a cell that a spreadsheet would compute or split (OWASP, "CSV Injection"), also after white
# space and in full width. It includes apostrophes, so that removing one always restores the cell.
_FORMULA: Final = re.compile("'*(?:[\t\r\n]|[\\s\ufeff]*[=+\\-@＝＋－＠])")

Row = Sequence[str | int | float | None]


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer. With `options.formulas`, cells are written unchanged."""
    with file_for(path)(path, HEADER, b"") as file:
        yield PieceWriter(file, partial(encode, formulas=options.formulas))


def encode(record: DocumentRecord, *, formulas: bool = False) -> bytes:
    """The rows of one record, by RFC 4180, in UTF-8.

    `start` and `end` are those of the whole quotation, from its first part to its last; `parts` and `content`
    are JSON lists of [start, end] pairs, `speakers` is a JSON list of objects, and
    `verification` is a JSON object. A missing value is an
    empty cell; lone surrogates become U+FFFD.
    Unless `formulas`, an apostrophe is put before a text that a spreadsheet would compute.
    """
    rows: Iterable[Row] = (_row(record, quotation) for quotation in record.quotations)
    return _rows(rows) if formulas else harmless_rows(rows)


def harmless_rows(rows: Iterable[Row]) -> bytes:
    """Rows of cells, each made `harmless`, in UTF-8; lone surrogates become U+FFFD."""
    return _rows(map(harmless, row) for row in rows)


def harmless(cell: str | int | float | None) -> str | int | float | None:
    """The cell, with an apostrophe before it if it is a text that a spreadsheet would compute."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _row(record: DocumentRecord, quotation: Quotation) -> Row:
    return (
        record.doc_id,
        quotation.quote_id,
        quotation.kind,
        quotation.channel,
        quotation.parts[0][0],
        quotation.parts[-1][1],
        json.dumps(quotation.parts),
        quotation.text,
        *_span(quotation.speaker),
        quotation.speaker_name,
        quotation.speaker_kind,
        *_span(quotation.cue),
        quotation.rule,
        quotation.confidence,
        *(value for _, value in record.metadata),
        "true" if quotation.in_boilerplate else "false",
        quotation.duplicate_of,
        quotation.utterance_id,
        json.dumps(quotation.content) if quotation.content else None,
        *_span(quotation.source),
        quotation.attribution_type,
        "true" if quotation.negated else "false",
        json.dumps([one.model_dump() for one in quotation.speakers], ensure_ascii=False)
        if quotation.speakers
        else None,
        quotation.speaker_role,
        quotation.speaker_id,
        quotation.name_confidence,
        quotation.verification.model_dump_json() if quotation.verification else None,
    )


def _span(span: Span | None) -> Row:
    return (None, None, None) if span is None else (span.text, span.start, span.end)


def _rows(rows: Iterable[Iterable[str | int | float | None]]) -> bytes:
    # With the line ends of RFC 4180, the csv module also quotes a cell that contains "\r".
    table = io.StringIO(newline="")
    csv.writer(table).writerows(rows)
    return encodable(table.getvalue()).encode()


HEADER = _rows([COLUMNS])
