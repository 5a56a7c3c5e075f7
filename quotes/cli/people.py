"""`quotes people`: who is quoted in many articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.messages import message, once, usage
from quotes.cli.options import RECORDS_HELP, MaxSizeOption, SpeakersOption

if TYPE_CHECKING:
    from quotes.people import Found
    from quotes.records import SpeakerKind

# Rows of a table, unless --limit says otherwise.
_ROWS = 50
_KINDS: tuple[SpeakerKind, ...] = ("person", "organization", "group")


def people(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=RECORDS_HELP)],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write .jsonl or .csv; or .toml, a file for --speakers, which is extended if it exists.",
        ),
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KINDS", help="Whom to list: person, organization, group.")
    ] = "person",
    documents: Annotated[
        int, typer.Option("--documents", min=1, metavar="N", help="Only people in N documents or more.")
    ] = 1,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=1, metavar="N", help=f"At most N, the most quoted; a table has {_ROWS} without it."
        ),
    ] = None,
    doubtful: Annotated[
        bool, typer.Option("--doubtful", help="Write doubtful people to a .toml file, too.")
    ] = False,
    speakers: SpeakersOption = None,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no summary.")] = False,
) -> None:
    """List who is quoted in many articles, each person once, and say what is doubtful.

    Prints the people with their names, roles and dates, the most quoted first; with --out, writes a file
    instead. Single given names and unnamed sources are left out.
    """
    from quotes.display.tables import console
    from quotes.files.alone import alone
    from quotes.formats.record_files import read_all_records
    from quotes.people import find_people
    from quotes.people.speakers_file import speakers_in, write_speakers
    from quotes.people.tables import doubtful_table, people_table, summary
    from quotes.people.writing import PEOPLE

    once("standard input", *files)
    kinds = _kinds(kind)
    to_toml = _is_toml(out, doubtful=doubtful)
    with alone(out):
        if out is not None and to_toml and speakers_in(out) is not None:
            speakers = speakers or out
        found = find_people(read_all_records(files), speakers, kinds)
        _need_names(found, files)
        listed = [person for person in found.people if person.documents >= documents]
        if out is not None and to_toml:
            written = write_speakers(out, listed[:limit], found.people, doubtful=doubtful)
        elif out is not None:
            PEOPLE.write(listed[:limit], out)
    if out is None:
        terminal = console(sys.stdout)
        clear = [person for person in listed if not person.doubts]
        unclear = [person for person in listed if person.doubts]
        if clear:
            terminal.print(people_table(clear, limit or _ROWS))
        if unclear:
            terminal.print(doubtful_table(unclear, limit or _ROWS))
    if quiet:
        return
    message(summary(found).plain)
    if to_toml:
        message(f"{out}: {written.added:,} added, {written.extended:,} extended, {written.kept:,} as before.")
        if not doubtful and any(person.doubts for person in listed[:limit]):
            message("Doubtful speakers were not written; --doubtful writes those with a full name.")
        message(f"To use it: quotes extract … --speakers {out}")


def _is_toml(out: Path | None, *, doubtful: bool) -> bool:
    """Whether a file of speakers is to be written. Raises BadParameter for wrong options."""
    from quotes.people.writing import PEOPLE

    if out is not None and out.suffix.lower() == ".toml":
        return True
    if doubtful:
        raise typer.BadParameter("only with --out FILE.toml; lists have the doubtful anyway.",
                                 param_hint="--doubtful")  # fmt: skip
    if out is not None:
        with usage("--out"):
            PEOPLE.encoder(out)
    return False


def _kinds(text: str) -> frozenset[SpeakerKind]:
    kinds = frozenset(name.strip().lower() for name in text.split(","))
    if unknown := sorted(kinds.difference(_KINDS)):
        raise typer.BadParameter(
            f"{', '.join(unknown) or 'nothing'} is no kind of speaker; choose from {', '.join(_KINDS)}.",
            param_hint="--kind",
        )
    return frozenset(known for known in _KINDS if known in kinds)


def _need_names(found: Found, files: list[Path]) -> None:
    """Raise ReadError if there is nobody to list."""
    from quotes.errors import ReadError

    where = ", ".join(map(str, files))
    if not found.documents:
        raise ReadError(f"{where}: there are no records here. Name a file that `quotes extract --out` wrote.")
    if not found.people:
        left_out = ", ".join(f"{number:,} of {reason}" for reason, number in found.left_out.items())
        raise ReadError(
            f"{where}: none of {found.quotations:,} quotations names such a speaker"
            f"{left_out and f' ({left_out})'}. Name records of other articles, or another --kind."
        )
