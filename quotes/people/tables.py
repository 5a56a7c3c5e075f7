"""People as tables for a terminal. Text from articles is never interpreted as rich markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from quotes.files.visible import shortened
from quotes.people.archive import Found, Person

_LONGEST_CELL, _LONGEST_REASON = 60, 240
# Of these, a cell shows the first.
_MOST_FORMS, _MOST_ROLES, _MOST_OUTLETS = 4, 3, 2


def people_table(people: Sequence[Person], limit: int) -> RenderableType:
    """The first people with their names, roles, numbers and days."""
    shown = people[:limit]
    return _table(
        [
            ("Name", [_name(person) for person in shown]),
            ("Also", [_also(person) for person in shown]),
            ("Role", [_lines((role.dated for role in person.roles), _MOST_ROLES) for person in shown]),
            *_numbers(shown),
            ("Outlets", [_lines(person.outlets, _MOST_OUTLETS) for person in shown]),
            ("First and last", [Text("\n".join(_days(person))) for person in shown]),
        ],
        len(people) - limit,
    )


def doubtful_table(people: Sequence[Person], limit: int) -> RenderableType:
    """The first doubtful people, and why they are doubtful."""
    shown = people[:limit]
    return _table(
        [
            ("Doubtful", [_name(person) for person in shown]),
            ("Also", [_also(person) for person in shown]),
            *_numbers(shown),
            ("Why", [_why(person) for person in shown]),
        ],
        len(people) - limit,
    )


def summary(found: Found) -> Text:
    """One line with the totals, and one with what is left out."""
    doubtful = sum(bool(person.doubts) for person in found.people)
    times = sum(person.quotations for person in found.people)
    text = Text(
        f"{len(found.people):,} speakers are quoted {times:,} times in {found.documents:,} documents; "
        f"{doubtful:,} of them are doubtful."
    )
    if found.left_out:
        reasons = ", ".join(f"{number:,} of {reason}" for reason, number in found.left_out.items())
        text.append(f"\nLeft out: {reasons}.")
    return text


def _table(columns: Iterable[tuple[str, Sequence[Text]]], rest: int) -> Table:
    """A table of these columns, without those that say nothing, and how many rows more there are."""
    told = [(column, cells) for column, cells in columns if any(cell.plain for cell in cells)]
    table = Table(box=box.ROUNDED, border_style="dim")
    for column, _ in told:
        number = column in ("Quotations", "Documents")
        # Of a number, all digits; of other cells, a word or so.
        table.add_column(
            column, justify="right" if number else "left", overflow="fold", no_wrap=number, min_width=8
        )
    for row in zip(*(cells for _, cells in told), strict=True):
        table.add_row(*row)
    if rest > 0:
        table.caption = f"{rest:,} more; --limit shows them"
        table.caption_style, table.caption_justify = "dim", "left"
    return table


def _numbers(people: Sequence[Person]) -> Iterator[tuple[str, list[Text]]]:
    yield "Quotations", [Text(f"{person.quotations:,}") for person in people]
    yield "Documents", [Text(f"{person.documents:,}") for person in people]


def _days(person: Person) -> Iterable[str]:
    """One below the other, so that the table stays narrow."""
    return dict.fromkeys(filter(None, (person.first, person.last)))


def _why(person: Person) -> Text:
    lines = (Text(shortened(doubt.why, _LONGEST_REASON), style="yellow") for doubt in person.doubts)
    return Text("\n").join(lines)


def _name(person: Person) -> Text:
    return Text(shortened(person.name, _LONGEST_CELL), style="bold cyan")


def _also(person: Person) -> Text:
    return _lines((form for form in person.forms if form != person.name), _MOST_FORMS)


def _lines(items: Iterable[str], most: int) -> Text:
    lines = [shortened(item, _LONGEST_CELL) for item in items]
    text = Text("\n".join(lines[:most]))
    if len(lines) > most:
        text.append(f"\nand {len(lines) - most:,} more", style="dim")
    return text
