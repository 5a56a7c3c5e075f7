"""Write utterances (.jsonl: one a line; .csv: one quotation a row), and records with utterance ids."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from quotes.formats.csv import harmless_rows
from quotes.formats.listing import Listing, json_line
from quotes.formats.output import open_output
from quotes.formats.record_files import read_all_records
from quotes.variants.utterances import Place, Utterance, Version

COLUMNS = (
    "utterance_id",
    "speaker_name",
    "documents",
    "change",
    "differences",
    "text",
    "doc_id",
    "quote_id",
    "named_here",
    "outlet",
    "date",
    "title",
    "url",
)


def write_records(paths: Sequence[Path], ids: Mapping[tuple[str, str], str], out: Path) -> None:
    """Copy the records of files, and set each quotation's `utterance_id`; None if it has no utterance.

    The keys of `ids` are `doc_id` and `quote_id`. Raises ReadError and OutputError.
    """
    with open_output(str(out)) as sink:
        for record in read_all_records(paths):
            quotations = tuple(
                quotation.model_copy(update={"utterance_id": ids.get((record.doc_id, quotation.quote_id))})
                for quotation in record.quotations
            )
            sink.write(record.model_copy(update={"quotations": quotations}))


def as_json(utterance: Utterance) -> bytes:
    """An utterance as a line of JSON in UTF-8; lone surrogates become U+FFFD."""
    return json_line(
        {
            "utterance_id": utterance.utterance_id,
            "speaker_name": utterance.speaker_name,
            "text": utterance.text,
            "documents": utterance.documents,
            "change": utterance.change,
            "changes_words": utterance.changes_words,
            "wordings": [_version(version) for version in utterance.versions],
        }
    )


def _version(version: Version) -> dict[str, object]:
    return {
        "text": version.text,
        "words": version.words,
        "change": version.change,
        "differences": version.differences,
        "quotations": [_place(place) for place in version.places],
    }


def _place(place: Place) -> dict[str, object]:
    known = place.metadata.model_dump(exclude_none=True)
    return {
        "doc_id": place.doc_id,
        "quote_id": place.quote_id,
        "text": place.text,
        "speaker_name": place.speaker_name,
    } | known


def as_csv(utterance: Utterance) -> bytes:
    """An utterance as rows, one a quotation; `differences` is a JSON list of pairs."""
    return harmless_rows(
        (
            utterance.utterance_id,
            utterance.speaker_name,
            utterance.documents,
            version.change,
            json.dumps(version.differences, ensure_ascii=False),
            place.text,
            place.doc_id,
            place.quote_id,
            place.speaker_name,
            place.metadata.outlet,
            place.metadata.date,
            place.metadata.title,
            place.metadata.url,
        )
        for version in utterance.versions
        for place in version.places
    )


#: How `quotes variants` writes its results.
UTTERANCES = Listing(COLUMNS, as_json, as_csv)
