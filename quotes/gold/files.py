"""Gold files: writing them, a file per reviewer beside the gold, and bringing several of them together.

gold.jsonl                       the answers that count
gold.ada@example.org.jsonl       Ada's own, if several people reviewed a document
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from quotes.formats.output import open_output, refuse_inputs
from quotes.formats.record_files import read_any_records
from quotes.formats.table import split_suffixes
from quotes.records import DocumentRecord, Quotation

# Characters have up to four bytes in UTF-8, and file names up to 255 bytes.
_LONGEST_NAME = 40


def publish(
    gold: Sequence[DocumentRecord],
    by_reviewer: Mapping[str, Sequence[DocumentRecord]],
    out: Path,
    inputs: Iterable[Path] = (),
    *,
    keep: bool | None = None,
) -> dict[Path, tuple[str, ...]]:
    """Write the gold to `out`, and each reviewer's own records to a file beside it.

    These are named after the reviewer, as in `gold.ada@example.org.jsonl`; with standard output, "-", there
    are none. With `keep`, documents that such a file has and that aren't among the new ones stay in it.
    Returns the files' paths, each with the names of these documents, whether they were kept or not; nobody
    looks for them if `keep` is None. Raises OutputError if a file can't be written, or is one of `inputs`,
    and ReadError if an existing one can't be read.
    """
    files = {out: gold}
    for who, records in by_reviewer.items() if str(out) != "-" else ():
        files[_beside(out, who, files)] = records
    missing = {}
    for path, records in files.items():
        refuse_inputs(path, inputs)
        earlier = [] if keep is None else _missing(records, path)
        missing[path] = tuple(record.doc_id for record in earlier)
        all_records = (
            sorted([*records, *earlier], key=lambda one: one.doc_id) if keep and earlier else records
        )
        with open_output(str(path), inputs) as sink:
            for record in all_records:
                sink.write(record)
    return missing


def _missing(records: Iterable[DocumentRecord], path: Path) -> list[DocumentRecord]:
    """The records of an existing file whose documents aren't among these."""
    names = {record.doc_id for record in records}
    return [record for record in _existing(path) if record.doc_id not in names]


def _existing(path: Path) -> Iterable[DocumentRecord]:
    """The records that a gold file has already; none if there is no such file."""
    return () if str(path) == "-" or not path.exists() else read_any_records(path)


def earlier(path: Path, reviewers: Iterable[str]) -> tuple[DocumentRecord, ...]:
    """The gold that a file has already, from others: the file may be that of `quotes labelstudio pull`.

    Of a document that was reviewed in part, what these reviewers decided is left out: they may have changed
    their minds since. Raises ReadError if the file holds something else.
    """
    own = {f"review:{who}" for who in reviewers}
    found = []
    for record in _existing(path):
        others = tuple(one for one in record.quotations if one.rule not in own)
        if not record.partly_reviewed:
            found.append(record)
        elif others:
            found.append(record.model_copy(update={"quotations": others}))
    return tuple(found)


def safe_name(who: str) -> str:
    """A reviewer's name, which may contain anything, as a part of a file name."""
    return re.sub(r"[^\w@.+-]+", "_", who)[:_LONGEST_NAME].strip(".") or "_"


def _beside(out: Path, who: str, taken: Mapping[Path, object]) -> Path:
    name = safe_name(who)
    stem, suffixes = split_suffixes(out)
    path, number = out.with_name(f"{stem}.{name}{suffixes}"), 1
    while path in taken:
        number += 1
        path = out.with_name(f"{stem}.{name}~{number}{suffixes}")
    return path


def merge(files: Iterable[Iterable[DocumentRecord]]) -> tuple[tuple[DocumentRecord, ...], tuple[str, ...]]:
    """The gold of several files as one, sorted by `doc_id`, and notes on what differs.

    Of a document, a complete review counts more than one in part. Two complete ones, or reviews of two
    texts: the later file counts. Two in part: all that was judged in either, the later file's answer where
    both have one.
    """
    merged: dict[str, DocumentRecord] = {}
    notes: list[str] = []
    for records in files:
        for record in records:
            before = merged.get(record.doc_id)
            merged[record.doc_id] = record if before is None else _both(before, record, notes)
    return tuple(merged[doc_id] for doc_id in sorted(merged)), tuple(notes)


def _both(before: DocumentRecord, after: DocumentRecord, notes: list[str]) -> DocumentRecord:
    if before.text_sha256 != after.text_sha256:
        notes.append(f"{after.doc_id}: two versions of its text were reviewed: the later file counts.")
        return after
    if not before.partly_reviewed and not after.partly_reviewed:
        counts, other = after, before
    elif before.partly_reviewed and after.partly_reviewed:
        answers = {one.quote_id: one for one in (*before.quotations, *after.quotations)}
        quotations = tuple(sorted(answers.values(), key=lambda one: one.parts))
        counts, other = after.model_copy(update={"quotations": quotations}), before
    else:
        counts, other = (before, after) if after.partly_reviewed else (after, before)
    changed = len(_answers(other.quotations) - _answers(counts.quotations))
    if changed:
        noun = "answer differs" if changed == 1 else "answers differ"
        which = "complete review" if counts.partly_reviewed != other.partly_reviewed else "later file"
        notes.append(f"{after.doc_id}: {changed:,} {noun} in two reviews: the {which} counts.")
    return counts


def _answers(quotations: Iterable[Quotation]) -> set[tuple[object, ...]]:
    """What two reviews may differ in. Which of them found it is no difference."""
    return {(q.parts, q.kind, q.speaker, q.speaker_name, q.speaker_kind, q.cue) for q in quotations}
