"""Either side of a score from its file: records, a Label Studio export, or a folder of brat files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quotes.errors import ReadError
from quotes.records import DocumentRecord
from quotes.scoring.corrections import Corrections, blind_documents, corrections
from quotes.scoring.items import Judged, judged_of


@dataclass(frozen=True, slots=True)
class Side:
    """What a file says."""

    documents: tuple[Judged, ...]
    notes: tuple[str, ...] = ()
    """What a person should know of how it was read."""
    corrections: Corrections | None = None
    """What reviewers did with what was pre-annotated, where it was a Label Studio export."""


def read_side(path: Path, texts: Sequence[str] = ()) -> Side:
    """Read predictions or gold. `texts` are the articles, for records that don't hold theirs.

    Raises ReadError, or LabelStudioError for an export that can't be used.
    """
    from quotes.formats.record_files import holds_records, read_any_records

    if path.is_dir() and not holds_records(path):
        return _brat(path)
    if _is_export(path):
        return _export(path)
    return Side(tuple(_judged(read_any_records(path), str(path), texts)))


def _judged(records: Iterator[DocumentRecord], where: str, texts: Sequence[str]) -> Iterator[Judged]:
    if not texts:
        yield from (judged_of(record, where) for record in records)
        return
    known = _texts(texts)
    for record in records:
        text = record.text if record.text is not None else known.get(record.text_sha256)
        yield judged_of(record.model_copy(update={"text": text}), where)


def _texts(paths: Sequence[str]) -> dict[str, str]:
    """The articles' texts by their hashes. Raises ReadError."""
    from quotes.formats.sources import expand, read_all

    return {document.text_sha256: document.text for document in read_all(expand(paths))}


def _brat(folder: Path) -> Side:
    from quotes.scoring.brat_gold import is_brat, read_brat

    if not is_brat(folder):
        raise ReadError(
            f"{folder}: no brat annotations are in this folder. It needs folders text/ and attributions/, or "
            ".ann files beside .txt files; or be a folder that `quotes` wrote, brat files or part files."
        )
    note = f"{folder} is annotated in brat: runs between quotation marks are scored, not whole quotations."
    return Side(tuple(read_brat(folder)), notes=(note,))


def _is_export(path: Path) -> bool:
    """Whether a file is JSON of many lines or a list, as Label Studio exports it; records are a line each."""
    if path.suffix.lower() == ".jsonl" or not path.is_file():  # a pipe can be read only once
        return False
    try:
        with path.open("rb") as file:
            return file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    except OSError:
        return False  # reading it as records tells what is wrong


def _export(path: Path) -> Side:
    from quotes.labelstudio.exports import read_export
    from quotes.labelstudio.reviews import review

    tasks = read_export(path)
    reviews = review(tasks, with_text=True)
    blind = blind_documents(tasks)
    documents = tuple(judged_of(record, str(path), blind=record.doc_id in blind) for record in reviews.gold)
    return Side(documents, tuple(reviews.report.lines()), corrections(tasks))
