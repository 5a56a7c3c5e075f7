"""What the commands of `quotes labelstudio` do alike: read predictions and texts, bring reviews home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from quotes.cli.messages import EXIT_FAILED, Problems, message

if TYPE_CHECKING:
    from quotes.records import Document, DocumentRecord


def read_pairs(
    predictions: Path, texts: Sequence[str], problems: Problems
) -> Iterator[tuple[Document, DocumentRecord]]:
    """Read predictions, each record with its text; one without goes to `problems`."""
    from quotes.formats.record_files import read_any_records
    from quotes.labelstudio.texts import with_texts

    return with_texts(read_any_records(predictions), texts, problems.report)


def bring_home(
    export: Path, out: Path, *, consensus: bool, with_text: bool, hashes: Mapping[str, str] | None
) -> None:
    """Make gold of an export, and tell what became of the reviews.

    `hashes` are those of the articles as they are now, by `doc_id`. Raises Exit when something can't be
    used, or nothing is reviewed.
    """
    from quotes.labelstudio.exports import read_export
    from quotes.labelstudio.reviews import publish, review

    reviews = review(read_export(export), consensus=consensus, with_text=with_text, hashes=hashes)
    if reviews.gold:
        for path in publish(reviews, out, [export]):
            if str(path) != "-":
                message(f"Written: {path}")
    for line in reviews.report.lines():
        message(line)
    if reviews.report.problems or not reviews.report.reviewed:
        raise typer.Exit(EXIT_FAILED)
