"""Why each quotation has its speaker: “she” → “Mayor Quill” → Ada Quill, and who else was considered.

Text from articles is never read as rich's markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from quotes.files.visible import shortened
from quotes.formats.marked_text import attribution_of
from quotes.records import Explanation, Weighed

_MOST_CANDIDATES = 6
_LONGEST_QUOTATION = 100
_LONGEST_CELL = 40
_INDENT = (0, 0, 0, 3)


def explanations(found: Sequence[Explanation]) -> RenderableType:
    """For each quotation: the rule, the steps from mention to person, and the candidates' scores."""
    if not found:
        return Text("no quotations", style="dim")
    return Group(*(part for number, one in enumerate(found, 1) for part in _block(number, one)))


def _block(number: int, explanation: Explanation) -> Iterator[RenderableType]:
    quotation, candidates = explanation.quotation, explanation.candidates
    if number > 1:
        yield Text()
    colour = "" if quotation.kind == "indirect" else "green"
    style = colour if quotation.speaker else f"dim {colour}"
    yield Text(f"{number}. ").append(shortened(quotation.text, _LONGEST_QUOTATION), style=style)
    if quotation.speaker is not None:
        yield _indented(_chain(explanation))
        if quotation.speaker_role is not None or quotation.speaker_id is not None:
            yield _indented(Text(", ".join(filter(None, (quotation.speaker_role, quotation.speaker_id)))))
        how = [f"confidence {quotation.confidence:.2f}"]
        how += [] if quotation.name_confidence is None else [f"of the name {quotation.name_confidence:.2f}"]
        how += filter(None, [attribution_of(quotation)])
        yield _indented(Text.assemble(Text(quotation.rule, style="bold"), ", ", ", ".join(how)))
    else:
        why = "no candidate is likely enough" if candidates else "no candidates"
        yield _indented(Text(f"no speaker: {why}", style="italic"))
    if candidates:
        yield _indented(_table(candidates))


def _indented(part: RenderableType) -> Padding:
    return Padding(part, _INDENT, expand=False)


def _chain(explanation: Explanation) -> Text:
    """“she” → “Mayor Quill” → Ada Quill; the chain of an unnamed source ends in its kind."""
    quotation = explanation.quotation
    mentions, last = explanation.chain, f"no name ({quotation.speaker_kind})"
    if quotation.speaker_name is not None:
        mentions, last = mentions[:-1], mentions[-1] if mentions else quotation.speaker_name
    steps = [Text(f"“{shortened(step, _LONGEST_CELL)}”", style="cyan") for step in mentions]
    style = "dim italic" if quotation.speaker_name is None else "bold cyan"
    chain = Text(" → ").join([*steps, Text(shortened(last, _LONGEST_CELL), style=style)])
    for one in (quotation.speakers or ())[1:]:
        chain.append(" and ").append(shortened(one.name or f"“{one.text}”", _LONGEST_CELL), style="bold cyan")
    return chain


def _table(candidates: Sequence[Weighed]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", width=1)
    table.add_column("Score", justify="right")
    for name in ("Mention", "Cue", "Rule"):
        table.add_column(name, overflow="fold")
    shown = _shown(candidates)
    for candidate in shown:
        cue = shortened(candidate.cue.text, _LONGEST_CELL) if candidate.cue else "—"
        table.add_row(
            Text("→" if candidate.chosen else ""),
            Text(f"{candidate.probability:.2f}"),
            Text(shortened(candidate.mention.text, _LONGEST_CELL), style="cyan"),
            Text(cue, style="yellow"),
            Text(candidate.rule),
            style="bold" if candidate.chosen else "",
        )
    if left := len(candidates) - len(shown):
        table.add_row("", "", Text(f"and {left} less likely", style="dim"))
    return table


def _shown(candidates: Sequence[Weighed]) -> list[Weighed]:
    """The likeliest candidates in order, always with the chosen one."""
    chosen_first = sorted(range(len(candidates)), key=lambda i: not candidates[i].chosen)
    return [candidates[i] for i in sorted(chosen_first[:_MOST_CANDIDATES])]
