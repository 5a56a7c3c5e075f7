"""An article with its quotations marked, in colour or in brackets: [[“No,”]] {Bo Tarn} <said>.

What is reported without marks is underlined: {Bo Tarn} <said> [_it would rain_].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.text import Text

from quotes.files.visible import visible_in_place
from quotes.formats.marked_text import nested, writers_words
from quotes.records import Document, Quotation


class _Mark(NamedTuple):
    """A mark's name and its look. Never by colour alone: some readers can't tell colours apart."""

    name: str
    style: str
    opens: str
    closes: str


_QUOTATION: Final = _Mark("quotation", "green", "[[", "]]")
_UNATTRIBUTED: Final = _Mark("no speaker found", "dim green", "[?", "?]")
_REPORTED: Final = _Mark("reported", "underline", "[_", "_]")
_CUE: Final = _Mark("cue", "bold yellow", "<", ">")
_SPEAKER: Final = _Mark("speaker", "bold underline cyan", "{", "}")


class _Marked(NamedTuple):
    start: int
    end: int
    mark: _Mark


def legend(*, brackets: bool = False, indirect: bool = False) -> Text:
    """One line that explains the colours, or the brackets; with `indirect`, also what is reported."""
    marks = (_QUOTATION, *([_REPORTED] if indirect else []), _CUE, _SPEAKER, _UNATTRIBUTED)
    names = (f"{m.opens}{m.name}{m.closes}" if brackets else m.name for m in marks)
    return Text("   ").join(Text(name, style=m.style) for name, m in zip(names, marks, strict=True))


def article(document: Document, quotations: Sequence[Quotation], *, brackets: bool = False) -> Text:
    """The whole text with quotations, cues and speakers coloured, and also in brackets if asked for."""
    text = Text(visible_in_place(document.text))
    marked = list(dict.fromkeys(_marked(document.text, quotations)))
    for start, end, mark in marked:
        text.stylize(mark.style, start, end)
    if brackets:
        text = _bracketed(text, marked)
    text.rstrip()
    return text


def _marked(text: str, quotations: Sequence[Quotation]) -> Iterator[_Marked]:
    for quotation in quotations:
        yield from (_Marked(start, end, _REPORTED) for start, end in writers_words(text, quotation))
    for quotation in quotations:
        mark = _UNATTRIBUTED if quotation.kind == "unattributed" else _QUOTATION
        if quotation.kind != "indirect":
            yield from (_Marked(start, end, mark) for start, end in quotation.parts)
    for quotation in quotations:
        if quotation.cue is not None:
            yield _Marked(quotation.cue.start, quotation.cue.end, _CUE)
        yield from (_Marked(one.start, one.end, _SPEAKER) for one in quotation.everyone)


def _bracketed(text: Text, marked: Sequence[_Marked]) -> Text:
    """Put brackets around the ranges, longer ranges around shorter ones. Those that cross are cut."""
    pieces = nested([(one.start, one.end) for one in marked], [(0, len(text))])[0]
    cut = [_Marked(piece.start, piece.end, marked[piece.mark].mark) for piece in pieces]
    outer_first = sorted(cut, key=lambda one: one.start - one.end)
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
