"""Write people for other programs: .jsonl has one a line, .csv one a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from quotes.files.standard_output import file_or_stdout
from quotes.formats.csv import harmless_rows
from quotes.formats.listing import json_line, listing
from quotes.people.archive import Person

COLUMNS = (
    "name",
    "kind",
    "quotations",
    "uncertain",
    "documents",
    "outlets",
    "first",
    "last",
    "forms",
    "roles",
    "gender",
    "wikidata",
    "doubts",
)


def write_people(people: Iterable[Person], path: Path) -> None:
    """Write .jsonl or .csv; an error leaves no file. Raises OutputError."""
    header, encode = writer_for(path)
    with file_or_stdout(path, header) as write:
        for person in people:
            write(encode(person))


def writer_for(path: Path) -> tuple[bytes, Callable[[Person], bytes]]:
    """A file's header, and the function that encodes a person. Raises OutputError for another suffix."""
    return listing(path, COLUMNS, as_json, as_csv)


def as_json(person: Person) -> bytes:
    """A person as a line of JSON."""
    return json_line(
        {
            "name": person.name,
            "kind": person.kind,
            "quotations": person.quotations,
            "uncertain": person.uncertain,
            "documents": person.documents,
            "outlets": person.outlets,
            "first": person.first,
            "last": person.last,
            "forms": person.forms,
            "roles": [role._asdict() for role in person.roles],
            "gender": person.gender,
            "wikidata": person.wikidata,
            "doubts": [doubt._asdict() for doubt in person.doubts],
        }
    )


def as_csv(person: Person) -> bytes:
    """A person as a row; the items of a list are separated by "; "."""
    return harmless_rows(
        [
            (
                person.name,
                person.kind,
                person.quotations,
                person.uncertain,
                person.documents,
                "; ".join(person.outlets),
                person.first,
                person.last,
                "; ".join(person.forms),
                "; ".join(role.dated for role in person.roles),
                person.gender,
                person.wikidata,
                "; ".join(doubt.why for doubt in person.doubts),
            )
        ]
    )
