"""An article with its quotations, cues and speakers in colour."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from quotes.records import Document, Quotation
from quotes.writing.visible import visible_in_place

# Not by colour alone: who can't tell colours apart, or sets NO_COLOR, still sees the difference.
_QUOTATION = "green"
_UNATTRIBUTED = "dim green"
_CUE = "bold yellow"
_SPEAKER = "bold underline cyan"


def legend() -> Text:
    """One line that says what each colour means."""
    styles = {
        "quotation": _QUOTATION,
        "cue": _CUE,
        "speaker": _SPEAKER,
        "no speaker found": _UNATTRIBUTED,
    }
    return Text("   ").join(Text(name, style=style) for name, style in styles.items())


def article(document: Document, quotations: Sequence[Quotation]) -> Text:
    """Give the whole text with its quotations coloured; speakers and cues show where they stand in one."""
    text = Text(visible_in_place(document.text))
    for quotation in quotations:
        style = _UNATTRIBUTED if quotation.kind == "unattributed" else _QUOTATION
        for start, end in quotation.parts:
            text.stylize(style, start, end)
    for quotation in quotations:
        for span, style in ((quotation.cue, _CUE), (quotation.speaker, _SPEAKER)):
            if span is not None:
                text.stylize(style, span.start, span.end)
    text.rstrip()
    return text
