"""Write people for other programs: .jsonl has one a line, .csv one a row."""

from __future__ import annotations

from quotes.formats.csv import harmless_rows
from quotes.formats.listing import Listing, json_line
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


#: How `quotes people` writes its results.
PEOPLE = Listing(COLUMNS, as_json, as_csv)
