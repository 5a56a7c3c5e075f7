"""Search results as a table for a terminal. Text from articles is never interpreted as rich markup."""

from __future__ import annotations

import re

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quotes.database.search import HIT_BEGINS, HIT_ENDS, Found, Hit
from quotes.files.visible import shortened, visible

_LONGEST_CELL = 40
_LONGEST_QUOTATION = 400
_MARKED = re.compile(f"{HIT_BEGINS}([^{HIT_BEGINS}{HIT_ENDS}]*){HIT_ENDS}")
# Not by colour alone, so that matches show for colour-blind users and with NO_COLOR, too.
_HIT = "bold underline yellow"


def found_table(found: Found) -> RenderableType:
    """One row for each hit, and the total number below."""
    if not found.hits:
        return Text("Nothing found.", style="dim")
    table = Table(box=box.ROUNDED, border_style="dim", show_lines=True)
    table.add_column("Speaker", max_width=24, overflow="fold")
    table.add_column("Quotation", overflow="fold", ratio=1)
    table.add_column("Date", max_width=10, overflow="fold")
    table.add_column("Outlet", max_width=24, overflow="fold")
    table.add_column("Document", max_width=28, overflow="fold")
    for hit in found.hits:
        table.add_row(*_cells(hit))
    shown = f"{len(found.hits):,} of {found.total:,}" if len(found.hits) < found.total else f"{found.total:,}"
    return Group(table, Text(f"{shown} quotation{'s' * (found.total != 1)}", style="dim"))


def _cells(hit: Hit) -> list[Text]:
    if hit.speaker is not None:
        speaker = Text(shortened(hit.speaker, _LONGEST_CELL), style="bold cyan")
    else:
        mention = shortened(hit.mention or "", _LONGEST_CELL)
        speaker = Text(f"– ({mention})" if mention else "–", style="dim")
    return [
        speaker,
        highlighted(hit.text, style="" if hit.kind == "indirect" else "green"),
        Text(shortened((hit.date or "")[:10], 10)),
        Text(shortened(hit.outlet or "", _LONGEST_CELL)),
        Text(shortened(hit.title or hit.doc_id, _LONGEST_CELL), style="dim"),
    ]


def highlighted(text: str, style: str = "green") -> Text:
    """A quotation on one line, with matches highlighted."""
    line = Text(style=style)
    at = 0
    for hit in _MARKED.finditer(text):
        line.append(_flat(text[at : hit.start()]))
        line.append(_flat(hit[1]), style=_HIT)
        at = hit.end()
    line.append(_flat(text[at:]))
    if len(line) > _LONGEST_QUOTATION:
        line.truncate(_LONGEST_QUOTATION, overflow="ellipsis")
    return line


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", visible(text))
