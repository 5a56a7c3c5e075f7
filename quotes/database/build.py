"""Records → rows, in batches. A second build updates the database: changed documents are replaced.

a record with two quotations   →   one row in documents, two in quotations, their speakers, cues, verdicts
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from quotes.database.opening import to_write
from quotes.formats.record_files import read_any_records
from quotes.records import DocumentRecord, Quotation, Span

if TYPE_CHECKING:
    from sqlite_utils import Database

_BATCH = 500

# The fields of a quotation that are ranges, each with a table of its own.
_RANGES = ("parts", "content")

Value = str | int | float | None
Row = tuple[Value, ...]


@dataclass(slots=True)
class Built:
    """The numbers of documents in a build, and of all quotations in the database after it."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    quotations: int = 0


def build(paths: Sequence[Path], out: Path) -> Built:
    """Put the records of files into the database `out`, which is created if it does not exist.

    A document that is already there is replaced if its record changed. Other documents stay. Raises ReadError
    and DatabaseError; the database is then unchanged.
    """
    built = Built()
    with to_write(out) as db:
        loading = _Loading(db, built)
        for path in paths:
            records = read_any_records(path)
            while batch := list(islice(records, _BATCH)):
                loading.take(batch)
        if built.added or built.changed:
            _clean_up(db)
        built.quotations = db.table("quotations").count
    return built


class _Loading:
    """Inserts records into the tables, and numbers speakers and cues."""

    def __init__(self, db: Database, built: Built) -> None:
        self._db = db
        self._built = built
        self._speakers = _Numbered(db, "speakers", "name")
        self._cues = _Numbered(db, "cues", "text")
        self._last_id: int = db.execute("SELECT coalesce(max(id), 0) FROM quotations").fetchone()[0]

    def take(self, records: Sequence[DocumentRecord]) -> None:
        """Add or replace these documents; their ids are distinct."""
        hashes = {record.doc_id: _sha256(record) for record in records}
        known = self._known(list(hashes))
        new = [record for record in records if known.get(record.doc_id) != hashes[record.doc_id]]
        replaced = [record.doc_id for record in new if record.doc_id in known]
        self._built.added += len(new) - len(replaced)
        self._built.changed += len(replaced)
        self._built.unchanged += len(records) - len(new)
        self._delete(replaced)
        rows = (_document(record, hashes[record.doc_id]) for record in new)
        self._db.table("documents").upsert_all(rows, pk="doc_id")
        numbered = [(one, record.doc_id) for record in new for one in record.quotations]
        first = self._last_id + 1
        rows_of = [self._quotation(at, *one) for at, one in enumerate(numbered, first)]
        ranges: dict[str, list[Row]] = {name: [] for name in _RANGES}
        for at, (quotation, _) in enumerate(numbered, first):
            for name in _RANGES:
                found = enumerate(getattr(quotation, name) or (), 1)
                ranges[name] += [(at, number, start, end) for number, (start, end) in found]
        said_by = [row for at, (one, _) in enumerate(numbered, first) for row in self._said_by(at, one)]
        self._last_id += len(numbered)
        self._speakers.save()
        self._db.conn.executemany(
            "UPDATE speakers SET wikidata = ? WHERE name = ?",
            {
                (one.speaker_id, one.speaker_name)
                for one, _ in numbered
                if one.speaker_id and one.speaker_name
            },
        )
        self._cues.save()
        utterances = {(one.utterance_id,) for one, _ in numbered if one.utterance_id is not None}
        self._insert("utterances", ("utterance_id",), sorted(utterances), ignore=True)
        self._insert("quotations", tuple(self._db.table("quotations").columns_dict), rows_of)
        self._insert("said_by", tuple(self._db.table("said_by").columns_dict), said_by)
        for name in _RANGES:
            self._insert(name, ("quotation_id", "number", "start", "end"), ranges[name])
        self._verifications(enumerate((one for one, _ in numbered), first))

    def _verifications(self, numbered: Iterable[tuple[int, Quotation]]) -> None:
        found = [(at, one.verification) for at, one in numbered if one.verification is not None]
        columns = tuple(self._db.table("verifications").columns_dict)
        rows = ((at, *(getattr(one, column) for column in columns[1:])) for at, one in found)
        self._insert("verifications", columns, rows)
        changes = (
            (at, number, change.kind, change.source, change.quoted)
            for at, one in found
            for number, change in enumerate(one.changes, 1)
        )
        self._insert("changes", ("quotation_id", "number", "kind", "source", "quoted"), changes)

    def _insert(
        self, table: str, columns: Sequence[str], rows: Iterable[Row], *, ignore: bool = False
    ) -> None:
        """Insert tuples; takes half the time of sqlite-utils' `insert_all`, which takes dictionaries."""
        names, marks = ", ".join(f"[{name}]" for name in columns), ", ".join("?" * len(columns))
        insert = "INSERT OR IGNORE" if ignore else "INSERT"
        self._db.conn.executemany(f"{insert} INTO [{table}] ({names}) VALUES ({marks})", rows)

    def _known(self, doc_ids: Sequence[str]) -> dict[str, str]:
        marks = ", ".join("?" * len(doc_ids))
        return dict(
            self._db.execute(
                f"SELECT doc_id, record_sha256 FROM documents WHERE doc_id IN ({marks})",
                doc_ids,
            ).fetchall()
        )

    def _delete(self, doc_ids: Iterable[str]) -> None:
        for doc_id in doc_ids:
            for name in ("changes", "verifications", "said_by", *_RANGES):
                self._db.execute(
                    f"DELETE FROM {name} WHERE quotation_id IN (SELECT id FROM quotations WHERE doc_id = ?)",
                    [doc_id],
                )
            self._db.execute("DELETE FROM quotations WHERE doc_id = ?", [doc_id])

    def _said_by(self, at: int, quotation: Quotation) -> Iterator[Row]:
        """A row for each speaker; one who is named twice has one row, so that counts are right."""
        seen = set()
        for number, (name, kind, mention) in enumerate(_speakers(quotation), 1):
            if name is None or name not in seen:
                seen.add(name)
                yield (at, number, self._speakers.of(name), kind, *_span(mention))

    def _quotation(self, at: int, quotation: Quotation, doc_id: str) -> Row:
        """The row of a quotation; `schema.sql` has the order of its columns."""
        cue = quotation.cue
        return (
            at,
            doc_id,
            quotation.quote_id,
            quotation.text,
            self._speakers.of(quotation.speaker_name),
            quotation.speaker_kind,
            quotation.kind,
            quotation.channel,
            quotation.parts[0][0],
            quotation.parts[-1][1],
            *_span(quotation.speaker),
            *_span(quotation.source),
            *((self._cues.of(cue.text.lower()), cue.start, cue.end) if cue else (None, None, None)),
            quotation.attribution_type,
            quotation.negated,
            quotation.rule,
            quotation.confidence,
            quotation.speaker_role,
            quotation.name_confidence,
            quotation.in_boilerplate,
            quotation.duplicate_of,
            quotation.utterance_id,
        )


def _speakers(quotation: Quotation) -> list[tuple[str | None, str, Span | None]]:
    """Name, kind and mention of all who speak; empty if nobody is known to."""
    if quotation.speakers is not None:
        return [(one.name, one.kind, one) for one in quotation.speakers]
    known = quotation.speaker is not None or quotation.speaker_name is not None
    return [(quotation.speaker_name, quotation.speaker_kind, quotation.speaker)] if known else []


def _span(span: Span | None) -> Row:
    return (None, None, None) if span is None else (span.text, span.start, span.end)


class _Numbered:
    """A table of strings, each with a number that other tables refer to."""

    def __init__(self, db: Database, table: str, column: str) -> None:
        self._table = db.table(table)
        self._column = column
        rows = db.execute(f"SELECT [{column}], id FROM [{table}]").fetchall()
        self._numbers: dict[str, int] = dict(rows)
        self._last = max(self._numbers.values(), default=0)
        self._unsaved: list[dict[str, Value]] = []

    def of(self, text: str | None) -> int | None:
        """The number of a string; a new string gets the next number."""
        if text is None:
            return None
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = self._last = self._last + 1
            self._unsaved.append({"id": number, self._column: text})
        return number

    def save(self) -> None:
        """Insert the new strings."""
        self._table.insert_all(self._unsaved, pk="id")
        self._unsaved = []


def _document(record: DocumentRecord, record_sha256: str) -> dict[str, Value]:
    known = record.metadata
    return {
        "doc_id": record.doc_id,
        "title": known.title,
        "author": known.author,
        "date": known.date,
        "outlet": known.outlet,
        "url": known.url,
        "text_sha256": record.text_sha256,
        "text": record.text,
        "record_sha256": record_sha256,
    }


def _sha256(record: DocumentRecord) -> str:
    return hashlib.sha256(record.model_dump_json().encode()).hexdigest()


def _clean_up(db: Database) -> None:
    """Delete speakers, cues and utterances without quotations; set the text and speaker of utterances."""
    db.execute("DELETE FROM utterances WHERE utterance_id NOT IN (SELECT utterance_id FROM quotations "
               "WHERE utterance_id IS NOT NULL)")  # fmt: skip
    db.execute(
        """
        UPDATE utterances SET
            text = (SELECT q.text FROM quotations q WHERE q.utterance_id = utterances.utterance_id
                    ORDER BY length(q.text) DESC, q.text LIMIT 1),
            speaker_id = (SELECT s.id FROM quotations q JOIN speakers s ON s.id = q.speaker_id
                    WHERE q.utterance_id = utterances.utterance_id
                    ORDER BY length(s.name) DESC, s.name LIMIT 1)
        """
    )
    for table, column, used in (("speakers", "speaker_id", "said_by"), ("cues", "cue_id", "quotations")):
        db.execute(f"DELETE FROM {table} WHERE id NOT IN "
                   f"(SELECT {column} FROM {used} WHERE {column} IS NOT NULL)")  # fmt: skip
    db.execute("ANALYZE")
