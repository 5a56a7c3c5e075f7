"""HTML: a page to mail, with the articles, their quotations marked, and their speakers beside them.

The page is one file that loads nothing and runs nothing: all text from an article is escaped, and a content
security policy forbids scripts, frames, forms and addresses. Templates need jinja2, an extra.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from quotes.files.visible import shortened, visible_in_place
from quotes.files.whole_file import WholeFile
from quotes.formats.marked_text import (
    Piece,
    Range,
    Speakers,
    attribution_of,
    how_told,
    nested,
    speakers_of,
    walk,
    writers_words,
)
from quotes.formats.writers import PieceWriter, WriteOptions, Writer, text_of
from quotes.records import DocumentRecord, Quotation, encodable
from quotes.text.marks import paragraphs

if TYPE_CHECKING:
    from jinja2 import Environment


_FOLDER: Final = Path(__file__).parent
_COLOURS: Final = 8
_LONGEST_QUOTATION: Final = 240


class Mark(NamedTuple):
    """A marked stretch of the article, with the numbers of its speakers.

    Of an indirect quotation, the kind is "indirect"; what else is in the writer's words is "around".
    """

    kind: str
    range: Range
    speakers: tuple[int, ...]
    quotation: int
    hint: str


class Step(NamedTuple):
    """A step of a template: show `text`, or begin or end an element for a mark."""

    kind: str
    text: str = ""
    mark: Mark | None = None
    first: bool = False
    last: bool = False
    in_link: bool = False


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer of a page."""
    del options
    page = environment(_FOLDER).get_template("page.html.j2").module
    css = (_FOLDER / "page.css").read_text(encoding="utf-8")
    numbers = count(1)
    everybody: dict[str, list[tuple[str, int]]] = {}

    def encode(record: DocumentRecord) -> bytes:
        key = f"d{next(numbers)}"
        article = _article(record, key)
        for speaker in article["speakers"]:
            if speaker.named:
                place = (f"{key}-s{speaker.number}", len(speaker.quotations))
                everybody.setdefault(speaker.name, []).append(place)
        return _bytes(page.article(**article))  # type: ignore[attr-defined]

    with WholeFile(path, _bytes(page.head(css))) as file:  # type: ignore[attr-defined]
        try:
            yield PieceWriter(file, encode)
        finally:
            file.footer = _bytes(page.foot(everybody, file.pieces))  # type: ignore[attr-defined]


def _bytes(page: str) -> bytes:
    return encodable(page).encode()


def _article(record: DocumentRecord, key: str) -> dict[str, Any]:
    """The values for the template of one document."""
    text = visible_in_place(text_of(record))
    speakers = speakers_of(record.quotations)
    marks = list(_marks(text, record.quotations, speakers))
    said = {
        number: shortened(quotation.text, _LONGEST_QUOTATION)
        for number, quotation in enumerate(record.quotations)
    }
    shown = list(_paragraphs(text, marks))
    there = [step.mark for paragraph in shown for step in paragraph if step.mark is not None]
    return {
        "key": key,
        # A quotation that is only white space between paragraphs has no element to link to.
        "marked": {mark.quotation for mark in there if mark.kind in ("quotation", "indirect")},
        "title": " ".join((record.metadata.title or record.doc_id).split()),
        "known": record.metadata,
        "url": record.metadata.url if is_address(record.metadata.url) else None,
        "paragraphs": shown,
        "speakers": speakers.all,
        "quotations": record.quotations,
        "said": said,
        "told": {number: " · ".join(how_told(one)) for number, one in enumerate(record.quotations)},
        "colours": _COLOURS,
    }


def _marks(text: str, quotations: Sequence[Quotation], speakers: Speakers) -> Iterator[Mark]:
    for number, (quotation, owners) in enumerate(zip(quotations, speakers.of, strict=True)):
        owner = tuple(speaker.number for speaker, _ in owners)
        names = [speaker.name + ("" if speaker.named else " (unnamed)") for speaker, _ in owners]
        hint = _hint(quotation, " and ".join(names)) if owner else "no speaker found"
        indirect = quotation.kind == "indirect"
        for part in () if indirect else quotation.parts:
            yield Mark("quotation", part, owner, number, hint)
        for words in writers_words(text, quotation):
            yield Mark("indirect" if indirect else "around", words, owner, number, hint)
        for speaker, mention in owners:
            if mention is not None:
                place = mention.start, mention.end
                yield Mark("speaker", place, (speaker.number,), number, f"the speaker: {speaker.name}")
        if quotation.cue is not None:
            yield Mark("cue", (quotation.cue.start, quotation.cue.end), owner, number, "the cue")


def _hint(quotation: Quotation, speaker: str) -> str:
    kind = f"{quotation.kind} {quotation.channel}"
    sure = f"{quotation.confidence:.0%} sure"
    return " · ".join(filter(None, (speaker, kind, attribution_of(quotation), sure)))


def _paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[list[Step]]:
    blocks = paragraphs(text)
    found = nested([mark.range for mark in marks], blocks)
    ends: dict[tuple[str, int], tuple[Piece, Piece]] = {}
    for piece in (piece for pieces in found for piece in pieces):
        chain = (marks[piece.mark].kind, marks[piece.mark].quotation)
        ends[chain] = (ends.get(chain, (piece, piece))[0], piece)
    for block, pieces in zip(blocks, found, strict=True):
        yield list(_steps(text, block, pieces, marks, ends))


def _steps(
    text: str,
    block: Range,
    pieces: Sequence[Piece],
    marks: Sequence[Mark],
    ends: dict[tuple[str, int], tuple[Piece, Piece]],
) -> Iterator[Step]:
    """The steps of one paragraph. HTML forbids a link within a link."""
    links = 0
    for event in walk(text, block, pieces):
        if event.piece is None:
            yield Step("text", event.text)
            continue
        mark = marks[event.piece.mark]
        first, last = ends[mark.kind, mark.quotation]
        is_link = mark.kind == "speaker"
        if is_link and event.kind == "close":
            links -= 1
        yield Step(event.kind, "", mark, event.piece == first, event.piece == last, links > 0)
        if is_link and event.kind == "open":
            links += 1


def is_address(url: str | None) -> bool:
    """Whether a link may lead there: only http and https, so that it is never a script."""
    try:
        return url is not None and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def environment(folder: Path) -> Environment:
    """The templates of a folder. Every value is escaped, and a missing one is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: Any) -> Any:
    """Replace control characters and marks that reverse the reading direction in every text.

    The page's own markup has another type and is unchanged.
    """
    return visible_in_place(value) if type(value) is str else value
