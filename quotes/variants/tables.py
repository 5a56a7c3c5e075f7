"""Utterances as tables for a terminal. Text from articles is never interpreted as rich markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quotes.files.visible import shortened
from quotes.variants.utterances import Place, Utterance, Version
from quotes.variants.verdict import CHANGING_WORDS

_LONGEST_WORDING = 400
_LONGEST_CELL = 40
_MOST_PLACES = 8


def utterance_table(utterance: Utterance, number: int) -> RenderableType:
    """One utterance: its speaker, and its wordings with their differences and places."""
    title = Text(f"{number}. ", style="bold")
    title.append(shortened(utterance.speaker_name or "–", _LONGEST_CELL), style="bold cyan")
    title.append(
        f"  {_count(len(utterance.places), 'quotation')} in {_count(utterance.documents, 'document')}"
    )
    if utterance.changes_words:
        title.append(f"  {utterance.change} changed", style="bold red")
    table = Table(box=box.ROUNDED, border_style="dim", show_lines=True)
    table.add_column("Wording", ratio=3, overflow="fold")
    table.add_column("Change", max_width=8, overflow="fold")
    table.add_column("Different here", ratio=1, overflow="fold")
    table.add_column("Where", ratio=1, overflow="fold")
    for version in utterance.versions:
        table.add_row(
            Text(shortened(version.text, _LONGEST_WORDING), style="green"),
            Text(version.change, style="bold red" if version.change in CHANGING_WORDS else "dim"),
            _differences(version),
            _places(version.places),
        )
    return Group(title, table)


def summary(utterances: Sequence[Utterance]) -> Text:
    """One line with the totals."""
    if not utterances:
        return Text("No statement has more than one wording or place.", style="dim")
    changing = sum(utterance.changes_words for utterance in utterances)
    places = sum(len(utterance.places) for utterance in utterances)
    return Text(
        f"{_count(len(utterances), 'utterance')}, {_count(places, 'quotation')}; "
        f"{changing:,} of them with words changed."
    )


def _differences(version: Version) -> Text:
    """Words of the longest wording → words of this one."""
    lines = (
        Text.assemble(
            (shortened(before, _LONGEST_CELL) or "∅", "red"),
            " → ",
            (shortened(here, _LONGEST_CELL) or "∅", "bold green"),
        )
        for before, here in version.differences
    )
    return Text("\n").join(lines)


def _places(places: Sequence[Place]) -> Text:
    count = Counter(map(_line, places))  # in the order of the first of each
    lines = [f"{line} (×{times})" if times > 1 else line for line, times in count.items()]
    shown = [Text(line) for line in lines[:_MOST_PLACES]]
    if len(lines) > _MOST_PLACES:
        shown.append(Text(f"and {len(lines) - _MOST_PLACES:,} more", style="dim"))
    return Text("\n").join(shown)


def _line(place: Place) -> str:
    """Outlet and day, as far as they are known; without an outlet, the document's id."""
    outlet = shortened(place.metadata.outlet or place.doc_id, _LONGEST_CELL)
    return f"{outlet}, {shortened(place.metadata.date[:10], 10)}" if place.metadata.date else outlet


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"
