"""People as tables for a terminal. Text from articles is never interpreted as rich markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from quotes.files.visible import shortened
from quotes.people.archive import Found, Person
from quotes.people.roles import days

_LONGEST_CELL = 60
# Of these, a cell shows the first.
_MOST_FORMS, _MOST_ROLES, _MOST_OUTLETS = 4, 3, 2


def people_table(people: Sequence[Person], limit: int) -> RenderableType:
    """The first people with their names, roles, numbers and days. A column that says nothing is left out."""
    shown = people[:limit]
    columns: tuple[tuple[str, list[Text]], ...] = (
        ("Name", [_name(person) for person in shown]),
        ("Also", [_also(person) for person in shown]),
        ("Role", [_lines((role.dated for role in person.roles), _MOST_ROLES) for person in shown]),
        ("Quotations", [Text(f"{person.quotations:,}") for person in shown]),
        ("Documents", [Text(f"{person.documents:,}") for person in shown]),
        ("Outlets", [_lines(person.outlets, _MOST_OUTLETS) for person in shown]),
        ("Days", [Text(days(person.first, person.last)) for person in shown]),
    )
    told = [(column, cells) for column, cells in columns if any(cell.plain for cell in cells)]
    table = _table(*(column for column, _ in told))
    for row in zip(*(cells for _, cells in told), strict=True):
        table.add_row(*row)
    return _with_rest(table, len(people) - limit)


def doubtful_table(people: Sequence[Person], limit: int) -> RenderableType:
    """The first doubtful people, and why they are doubtful."""
    table = _table("Doubtful", "Also", "Quotations", "Documents", "Why")
    for person in people[:limit]:
        table.add_row(
            _name(person),
            _also(person),
            f"{person.quotations:,}",
            f"{person.documents:,}",
            Text("\n").join(
                Text(shortened(doubt.why, 4 * _LONGEST_CELL), style="yellow") for doubt in person.doubts
            ),
        )
    return _with_rest(table, len(people) - limit)


def summary(found: Found) -> Text:
    """One line with the totals, and one with what is left out."""
    doubtful = sum(bool(person.doubts) for person in found.people)
    quotations = sum(person.quotations for person in found.people)
    text = Text(
        f"{len(found.people):,} in {found.documents:,} documents with {found.quotations:,} quotations; "
        f"{doubtful:,} of them doubtful. Their quotations: {quotations:,}."
    )
    if found.left_out:
        reasons = ", ".join(f"{number:,} of {reason}" for reason, number in found.left_out.items())
        text.append(f"\nLeft out: {reasons}.")
    return text


def _table(*columns: str) -> Table:
    table = Table(box=box.ROUNDED, border_style="dim")
    for column in columns:
        table.add_column(
            column,
            justify="right" if column in ("Quotations", "Documents") else "left",
            overflow="fold",
            min_width=min(len(column), 10),
        )
    return table


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


def _with_rest(table: Table, rest: int) -> RenderableType:
    if rest > 0:
        table.caption = f"{rest:,} more; --limit shows them"
        table.caption_style, table.caption_justify = "dim", "left"
    return table
