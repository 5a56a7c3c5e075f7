"""Gold → a file of speakers: the people whom the reviewers named, with their names and roles.

“It rained,” Quill said. Gold: Ada Quill, whose full name the article hasn't   →   aliases: Quill
“It rained,” the mayor of Lowmarsh said. Gold: Ada Quill                       →   roles: mayor of Lowmarsh

`quotes people` leaves such names out: that a surname alone is hers, no article says. Reviewers do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from quotes.people import Person, Role, find_people
from quotes.people.roles import names_one_person
from quotes.people.speakers_file import write_speakers
from quotes.records import DocumentRecord

#: By the name of a person: what reviewers say is said of him or her where the article has no fuller name.
_Mentions = Mapping[str, set[str]]


def fit_people(gold: Iterable[DocumentRecord], speakers: Path | None) -> bytes | None:
    """The file of speakers; None if there is nobody that isn't known. `speakers` is the user's own file."""
    records = list(gold)
    mentions = _mentions(records)
    people = [_with_mentions(one, mentions) for one in find_people(records, speakers).people]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "speakers.toml")
        written = write_speakers(path, people, people)
        return path.read_bytes() if written.added else None


def _mentions(gold: Sequence[DocumentRecord]) -> _Mentions:
    found: dict[str, set[str]] = {}
    for record in gold:
        for one in record.quotations:
            name = one.speaker_name
            if one.speaker and name and one.speaker_kind == "person" and name not in (record.text or ""):
                found.setdefault(name, set()).add(one.speaker.text)
    return found


def _with_mentions(person: Person, mentions: _Mentions) -> Person:
    """The person with the surname, if it is used alone, and the offices that stand for him or her."""
    own = {mention for name in (person.name, *person.aliases) for mention in mentions.get(name, ())}
    surnames = own & {person.name.rpartition(" ")[2]}
    known = {role.text for role in person.roles}
    offices = {mention.removeprefix("the ").removeprefix("The ") for mention in own - surnames} - known
    roles = [Role(role, 1, None, None) for role in sorted(offices) if names_one_person(role)]
    return replace(person, aliases=(*person.aliases, *surnames), roles=(*person.roles, *roles))
