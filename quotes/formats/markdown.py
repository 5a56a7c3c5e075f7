"""Markdown: the articles with quotations in bold, and mentions linked to a list of speakers.

What is reported in the writer's words is underlined by <ins>: Markdown has no sign for it, and GitHub shows
no <u>.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from quotes.files.visible import shortened, visible_in_place
from quotes.files.whole_file import WholeFile
from quotes.formats.marked_text import (
    Piece,
    Range,
    Speaker,
    Speakers,
    how_told,
    nested,
    speakers_of,
    walk,
    writers_words,
)
from quotes.formats.writers import PieceWriter, WriteOptions, Writer, text_of
from quotes.records import DocumentRecord, Metadata, Quotation, encodable
from quotes.text.marks import paragraphs

# The markup of Markdown (CommonMark, GitHub, Pandoc); at the beginning of a line, there is more.
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&~|$]")
_LINE_MARKUP: Final = re.compile(r"(^|\n)([ \t]*)(?:([#+=:-])|(\d{1,9})([.)]))")
# Next to these characters, "**" always opens or closes bold text.
_BEFORE_BOLD: Final = re.compile(r"[\s(]?")
_BEHIND_BOLD: Final = re.compile(r"[\s).,;:!?]?")

_LONGEST_QUOTATION: Final = 300

# What a mark is, where it is no link, whose target is in its place.
_BOLD: Final = "bold"
_UNDERLINED: Final = "underlined"


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer. Documents are numbered, so that every anchor of the file is unique."""
    del options
    numbers = count(1)
    with WholeFile(path) as file:
        yield PieceWriter(file, lambda record: encode(record, f"d{next(numbers)}"))


def encode(record: DocumentRecord, key: str) -> bytes:
    """The record as Markdown, whose anchors begin with `key`. Raises OutputError if it has no text.

    Control characters and lone surrogates become U+FFFD.
    """
    text = visible_in_place(text_of(record))
    speakers = speakers_of(record.quotations)
    page = [f"# {_line(record.metadata.title or record.doc_id)}"]
    if known := _origin(record.metadata):
        page.append(known)
    page += _paragraphs(text, record.quotations, speakers, key)
    page.append("## Who is quoted" if speakers.all else "*Nobody is quoted here.*")
    if speakers.all:
        page.append("\n".join(_entry(speaker, record.quotations, key) for speaker in speakers.all))
    return encodable("\n\n".join(page) + "\n\n---\n\n").encode()


def _origin(known: Metadata) -> str:
    facts = (
        _line(fact) for fact in (known.outlet, known.author, known.date, known.language, known.url) if fact
    )
    return " · ".join(filter(None, facts))


def _paragraphs(text: str, quotations: Sequence[Quotation], speakers: Speakers, key: str) -> Iterator[str]:
    """The paragraphs with their marks, each of which ends with its paragraph."""
    marks: list[Range] = []
    looks: list[str] = []
    for quotation, owners in zip(quotations, speakers.of, strict=True):
        if quotation.kind != "indirect":
            marks += quotation.parts
            looks += [_BOLD] * len(quotation.parts)
        words = writers_words(text, quotation)
        marks += words
        looks += [_UNDERLINED] * len(words)
        for speaker, mention in owners:
            if mention is not None:
                marks.append((mention.start, mention.end))
                looks.append(f"#{key}-s{speaker.number}")
    blocks = paragraphs(text)
    for block, pieces in zip(blocks, nested(marks, blocks), strict=True):
        yield "".join(_marked(text, block, pieces, looks))


def _marked(text: str, block: Range, pieces: Sequence[Piece], looks: Sequence[str]) -> Iterator[str]:
    """One paragraph. Bold within bold, a line under a line, and links within links are left out."""
    within = Counter[str]()
    for event in walk(text, block, pieces):
        if event.piece is None:
            yield escaped(event.text)
            continue
        look = looks[event.piece.mark]
        kind = look if look in (_BOLD, _UNDERLINED) else "link"
        within[kind] -= event.kind == "close"
        if not within[kind]:
            yield _tag(text, event.piece, look, opens=event.kind == "open")
        within[kind] += event.kind == "open"


def _tag(text: str, piece: Piece, look: str, *, opens: bool) -> str:
    if look == _UNDERLINED:
        return "<ins>" if opens else "</ins>"
    if look != _BOLD:
        return "[" if opens else f"]({look})"
    inside = text[piece.start : piece.end]
    fits = (
        _BEFORE_BOLD.fullmatch(text[max(0, piece.start - 1) : piece.start])
        and _BEHIND_BOLD.fullmatch(text[piece.end : piece.end + 1])
        and inside.strip() == inside
    )
    if fits:
        return "**"
    return "<strong>" if opens else "</strong>"


def _entry(speaker: Speaker, quotations: Sequence[Quotation], key: str) -> str:
    """A speaker and their quotations, as an item of a list."""
    indirect = sum(quotations[number].kind == "indirect" for number in speaker.quotations)
    times = len(speaker.quotations) - indirect
    counts = [f"{times} quotation{'s' * (times != 1)}"] if times else []
    counts += [f"{indirect} indirect"] if indirect else []
    name = f"**{_line(speaker.name)}**" if speaker.named else f"{_line(speaker.name)} (unnamed)"
    role = f", {_line(speaker.role)}" if speaker.role else ""
    lines = [f'- <a id="{key}-s{speaker.number}"></a>{name}{role}: {", ".join(counts)}']
    for number in speaker.quotations:
        quotation = quotations[number]
        said = escaped(shortened(quotation.text, _LONGEST_QUOTATION))
        if quotation.kind == "indirect":
            said = f"<ins>{said}</ins>"
        told = ", ".join([*map(_line, how_told(quotation)), f"{quotation.confidence:.2f}"])
        lines.append(f"  - {said} ({told})")
    return "\n".join(lines)


def escaped(text: str) -> str:
    """The text with Markdown's markup escaped."""
    text = _MARKUP.sub(r"\\\g<0>", text)
    return _LINE_MARKUP.sub(
        lambda found: f"{found[1]}{found[2]}{found[4] or ''}\\{found[3] or found[5]}", text
    )


def _line(text: str) -> str:
    return escaped(" ".join(visible_in_place(text).split()))
