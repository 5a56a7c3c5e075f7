"""Verdicts as a table for a terminal. Text from articles and sources is never read as rich's markup."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from rich import box
from rich.table import Table
from rich.text import Text

from quotes.files.visible import shortened
from quotes.verify.counts import Checked
from quotes.verify.sides import sides

#: Verdicts that accuse somebody.
_GRAVE = frozenset(["altered", "other_speaker", "context"])
_LONGEST_WORDS = 300
_LONGEST_CELL = 40


def verdict_table(shown: Sequence[Checked]) -> Table:
    """A row for each quotation: verdict, speaker, both wordings with their differences marked, and where."""
    table = Table(box=box.ROUNDED, border_style="dim", show_lines=True)
    table.add_column("Verdict", max_width=13, overflow="fold")
    table.add_column("Speaker", max_width=18, overflow="fold")
    table.add_column("Quotation", ratio=1, overflow="fold")
    table.add_column("Source", ratio=1, overflow="fold")
    table.add_column("Where", max_width=20, overflow="fold")
    for one in shown:
        table.add_row(*_cells(one))
    return table


def _cells(one: Checked) -> list[Text]:
    found = one.verification
    verdict = Text(found.verdict, style="bold red" if found.verdict in _GRAVE else "")
    verdict.append(f"\n{floor(100 * found.probability)} % sure", style="dim")  # never rounded to certainty
    kinds = dict.fromkeys(change.kind for change in found.changes)
    verdict.append("".join(f"\n{kind}" for kind in kinds), style="dim")
    speaker = one.quotation.speaker_name or (one.quotation.speaker.text if one.quotation.speaker else "–")
    quoted, source = sides(one.quotation.text, found)
    return [
        verdict,
        Text(shortened(speaker, _LONGEST_CELL), style="bold cyan"),
        _marked(quoted, "bold red"),
        _marked(source, "bold green"),
        Text(_where(one)),
    ]


def _marked(runs: Sequence[tuple[str, bool]], style: str) -> Text:
    """Differences are underlined, too, for those who see no colours."""
    text = Text()
    for words, differs in runs:
        line = shortened(words, _LONGEST_WORDS)
        text.append(" " if text and line else "")
        text.append(line, style=f"{style} underline" if differs else "")
    text.truncate(_LONGEST_WORDS, overflow="ellipsis")
    return text


def _where(one: Checked) -> str:
    found = one.verification
    lines = [shortened(one.doc_id, _LONGEST_CELL)]
    if found.source is not None:
        lines.append(f"← {shortened(found.source, _LONGEST_CELL)}")
        lines += [shortened(part, _LONGEST_CELL) for part in (found.speaker, (found.date or "")[:10]) if part]
    return "\n".join(lines)
