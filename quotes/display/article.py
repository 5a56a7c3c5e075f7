"""An article with its quotations marked, in colour or in brackets: [[“No,”]] {Bo Tarn} <said>."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.text import Text

from quotes.files.visible import visible_in_place
from quotes.records import Document, Quotation


class _Mark(NamedTuple):
    """A mark's name and its look. Never by colour alone: some readers can't tell colours apart."""

    name: str
    style: str
    opens: str
    closes: str


_QUOTATION: Final = _Mark("quotation", "green", "[[", "]]")
_UNATTRIBUTED: Final = _Mark("no speaker found", "dim green", "[?", "?]")
_CUE: Final = _Mark("cue", "bold yellow", "<", ">")
_SPEAKER: Final = _Mark("speaker", "bold underline cyan", "{", "}")


class _Marked(NamedTuple):
    start: int
    end: int
    mark: _Mark


def legend(*, brackets: bool = False) -> Text:
    """One line that explains the colours, or the brackets."""
    marks = (_QUOTATION, _CUE, _SPEAKER, _UNATTRIBUTED)
    names = (f"{m.opens}{m.name}{m.closes}" if brackets else m.name for m in marks)
    return Text("   ").join(Text(name, style=m.style) for name, m in zip(names, marks, strict=True))


def article(document: Document, quotations: Sequence[Quotation], *, brackets: bool = False) -> Text:
    """The whole text with quotations, cues and speakers coloured, and also in brackets if asked for."""
    text = Text(visible_in_place(document.text))
    marked = list(dict.fromkeys(_marked(quotations)))
    for start, end, mark in marked:
        text.stylize(mark.style, start, end)
    if brackets:
        text = _bracketed(text, marked)
    text.rstrip()
    return text


def _marked(quotations: Sequence[Quotation]) -> Iterator[_Marked]:
    for quotation in quotations:
        mark = _UNATTRIBUTED if quotation.kind == "unattributed" else _QUOTATION
        yield from (_Marked(start, end, mark) for start, end in quotation.parts)
    for quotation in quotations:
        for span, mark in ((quotation.cue, _CUE), (quotation.speaker, _SPEAKER)):
            if span is not None:
                yield _Marked(span.start, span.end, mark)


def _bracketed(text: Text, marked: Sequence[_Marked]) -> Text:
    """Put brackets around the ranges, those of longer ranges outside those of shorter ones."""
    outer_first = sorted((one for one in marked if one.start < one.end), key=lambda one: one.start - one.end)
    brackets: dict[int, str] = {}
    for one in reversed(outer_first):
        brackets[one.end] = brackets.get(one.end, "") + one.mark.closes
    for one in outer_first:
        brackets[one.start] = brackets.get(one.start, "") + one.mark.opens
    places = sorted(brackets)
    first, *rest = text.divide(places)
    for place, piece in zip(places, rest, strict=True):
        first.append(brackets[place]).append_text(piece)
    return first
