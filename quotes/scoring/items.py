"""What is scored: quotations as ranges and names, independent of the file format they came from.

“It rained,” she said, “for days.”   →   one item of two parts
said [that the pier is “a sham”]     →   one segment: a sham

Gold in brat, such as PolNeAR, annotates whole clauses, quoted words or not. What such clauses and
our quotations have in common is the text between double quotation marks: these segments are then compared.

Items are what stands in marks. All that is reported, indirect speech included, is kept beside them, as
attributions: items whose parts are the whole content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from quotes.errors import ReadError
from quotes.records import DocumentRecord, Quotation, misplaced, parts_text
from quotes.scoring.names import words_of

Range = tuple[int, int]

#: The forms of a mention, in the order in which tables show them; "none" where there is no mention.
FORMS = ("name", "partial_name", "pronoun", "nominal", "anonymous", "none")

_PRONOUNS = frozenset(
    ["i", "we", "you", "he", "she", "it", "they", "me", "us", "him", "her", "them", "who", "whom",
     "this", "that", "these", "those", "my", "our", "your", "his", "its", "their", "one", "both",
     "himself", "herself", "themselves"]
)  # fmt: skip
_WORD = re.compile(r"\w+")
# A curly pair may hold one level of curly pairs; a straight one ends with its line.
_QUOTED = re.compile(r"“[^“”]*(?:“[^“”]*”[^“”]*)*”|\"[^\"\n]*\"")
# Some corpora write a double mark as two single ones.
_PAIRS_OF_TWO = re.compile(r"''[^\n]+?''")
_EDGE = frozenset(" \t\r\n\"“”'‘’.,;:!?—-\u00a0")
_CONTENT_EDGE = _EDGE | frozenset("()[]–*_")
_LINE = re.compile(r"[^\n]+")

INDIRECT: Final = "indirect"


def word_count(text: str) -> int:
    """The number of words in a text: runs of letters and digits."""
    return len(_WORD.findall(text))


def in_word(text: str, at: int) -> bool:
    """Whether a cut before the code point `at` splits a word."""
    return _WORD.match(text[at - 1]) is not None and _WORD.match(text[at]) is not None


class Other(NamedTuple):
    """One more speaker of a quotation: the name, if it is known, and the range of the mention."""

    name: str | None
    mention: Range


@dataclass(frozen=True, slots=True)
class Item:
    """One quotation, or one run of quoted words. All ranges are half-open code points of the document.

    `name_known` is False if the gold does not say whom the mention means; such an item does not count for
    names. Gold of a corpus may have several ranges for one mention, and no kind. `source` is the whole phrase
    that names the source, of an attribution that has more than a mention.
    """

    parts: tuple[Range, ...]
    text: str
    kind: str | None = None
    speaker: tuple[Range, ...] = ()
    speaker_text: str = ""
    cue: tuple[Range, ...] = ()
    cue_text: str = ""
    name: str | None = None
    form: str = "none"
    rule: str = ""
    confidence: float = 1.0
    name_known: bool = True
    source: tuple[Range, ...] = ()
    others: tuple[Other, ...] = ()
    """Those who speak together with the speaker."""

    @property
    def size(self) -> int:
        """The length of all parts in code points."""
        return sum(end - start for start, end in self.parts)

    @property
    def start(self) -> int:
        """The start of the first part."""
        return self.parts[0][0]

    def words(self) -> set[Range]:
        """The ranges of the words: runs of letters and digits within a part."""
        if len(self.parts) == 1:
            shift = self.parts[0][0]
            return {(shift + word.start(), shift + word.end()) for word in _WORD.finditer(self.text)}
        found: set[Range] = set()
        before = 0
        for start, end in self.parts:
            shift = start - before
            words = _WORD.finditer(self.text, before, end - shift)
            found.update((shift + word.start(), shift + word.end()) for word in words)
            before += end - start + 1  # the space that joins the parts
        return found

    def word_count(self) -> int:
        """The number of words."""
        return word_count(self.text)

    def sort_key(self) -> tuple[object, ...]:
        """A key for an order that does not depend on the file."""
        return (
            self.parts,
            self.speaker,
            self.kind or "",
            self.name or "",
            self.cue,
            self.rule,
            self.confidence,
            self.source,
            [(other.name or "", other.mention) for other in self.others],
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """The attributed quotations of one document, in text order, each once.

    `items` stand in quotation marks. `attributions` are these and indirect speech, each with all that it
    reports. `negatives` are the ranges in quotation marks that are not attributed quotations.
    `names_known` is False if the gold has no names for the whole document.
    """

    doc_id: str
    text_sha256: str
    items: tuple[Item, ...]
    text: str | None = None
    negatives: tuple[tuple[Range, ...], ...] = ()
    attributions: tuple[Item, ...] = ()
    names_known: bool = True
    segments: bool = False
    """The items are runs between quotation marks, not whole quotations."""
    partial: bool = False
    """Of gold: only the items and the negatives were judged, and there may be others."""
    blind: bool | None = field(default=None, compare=False)
    """Whether the reviewer saw no prediction; None if unknown."""


def form_of(quotation: Quotation) -> str:
    """The form of a quotation's mention: one of FORMS.

    For the speaker Ada Quill, "Ada Quill" is a name, "Quill" a partial name, "she" a pronoun and "the mayor"
    nominal. An unnamed source is anonymous, whatever the mention.
    """
    if quotation.speaker is None:
        return "none"
    if quotation.speaker_kind == "anonymous":
        return "anonymous"
    mention = words_of(quotation.speaker.text)
    if len(mention) == 1 and mention[0] in _PRONOUNS:
        return "pronoun"
    name = words_of(quotation.speaker_name or "")
    if name and set(name) <= set(mention):
        return "name"
    if set(name) & set(mention):
        return "partial_name"
    return "nominal"


def item_of(quotation: Quotation) -> Item:
    """Convert a record's quotation to an item."""
    speaker, cue = quotation.speaker, quotation.cue
    return Item(
        parts=quotation.parts,
        text=quotation.text,
        kind=quotation.kind,
        speaker=((speaker.start, speaker.end),) if speaker else (),
        speaker_text=speaker.text if speaker else "",
        cue=((cue.start, cue.end),) if cue else (),
        cue_text=cue.text if cue else "",
        name=quotation.speaker_name or None,
        form=form_of(quotation),
        rule=quotation.rule,
        confidence=quotation.confidence,
        others=tuple(Other(one.name, (one.start, one.end)) for one in (quotation.speakers or ())[1:]),
    )


def content_item(quotation: Quotation, item: Item, text: str | None) -> Item:
    """The item of a quotation, as one whose parts are all that is reported."""
    content, source = quotation.content, quotation.source
    if content is None and source is None:
        return item
    return replace(
        item,
        parts=quotation.reported,
        text=quotation.text if content is None or text is None else parts_text(text, content),
        source=((source.start, source.end),) if source else (),
    )


def trimmed(attributions: Iterable[Item], text: str) -> tuple[Item, ...]:
    """The attributions without marks and punctuation at edges, parted at line ends; empty ones left out."""
    found = set()
    for item in attributions:
        if parts := _trimmed(item.parts, text):
            source, cue = _trimmed(item.source, text), _trimmed(item.cue, text)
            found.add(replace(item, parts=parts, text=parts_text(text, parts), source=source, cue=cue))
    return tuple(sorted(found, key=Item.sort_key))


def _trimmed(ranges: Iterable[Range], text: str) -> tuple[Range, ...]:
    lines = (line.span() for start, end in ranges for line in _LINE.finditer(text, start, end))
    return tuple(sorted({run for line in lines if (run := _without(_CONTENT_EDGE, text, *line)) is not None}))


def _without(edge: frozenset[str], text: str, start: int, end: int) -> Range | None:
    """The range without the characters of `edge` at its edges; None if nothing is left."""
    while start < end and text[start] in edge:
        start += 1
    while start < end and text[end - 1] in edge:
        end -= 1
    return (start, end) if start < end else None


def judged_of(record: DocumentRecord, where: str, *, blind: bool | None = None) -> Judged:
    """Convert a record to the items that are scored. `where` names its file in errors.

    Identical quotations count once. Those of kind `unattributed` become negatives. Raises ReadError if
    offsets do not fit the text, or two different quotations have the same id.
    """
    _check_ids(record, where)
    if (wrong := misplaced(record)) is not None:
        raise ReadError(
            f"{where}: the offsets of quotation {wrong.quote_id!r} in {record.doc_id!r} don't fit the "
            "text: they lie beyond it, or other words stand there. Write the file again from this text."
        )
    attributed = [(q, item_of(q)) for q in record.quotations if q.kind != "unattributed"]
    found = {item for _, item in attributed if item.kind != INDIRECT}
    attributions = {content_item(quotation, item, record.text) for quotation, item in attributed}
    negatives = {q.parts for q in record.quotations if q.kind == "unattributed"}
    return Judged(
        doc_id=record.doc_id,
        text_sha256=record.text_sha256,
        items=tuple(sorted(found, key=Item.sort_key)),
        text=record.text,
        negatives=tuple(sorted(negatives)),
        attributions=tuple(sorted(attributions, key=Item.sort_key)),
        partial=record.partly_reviewed,
        blind=blind,
    )


def _check_ids(record: DocumentRecord, where: str) -> None:
    parts_of: dict[str, tuple[Range, ...]] = {}
    for quotation in record.quotations:
        if parts_of.setdefault(quotation.quote_id, quotation.parts) != quotation.parts:
            raise ReadError(
                f"{where}: {record.doc_id!r} has two different quotations of the id {quotation.quote_id!r}. "
                "Give each an id of its own, or write the file again."
            )


def starts_of_words(text: str, ranges: Iterable[Range]) -> set[int]:
    """Where the words in these ranges begin."""
    return {word.start() for start, end in ranges for word in _WORD.finditer(text, start, end)}


def words_in_marks(text: str) -> set[int]:
    """Where the words between paired quotation marks begin."""
    pairs = (*_QUOTED.finditer(text), *_PAIRS_OF_TWO.finditer(text))
    return starts_of_words(text, (pair.span() for pair in pairs))


def quoted_runs(text: str, ranges: Iterable[Range]) -> Iterator[Range]:
    """The runs between paired quotation marks in these ranges, without the marks and edge punctuation.

    Empty runs are left out. The marks may be one code point outside a range: some annotators leave them out.
    """
    for first, last in ranges:
        for found in _QUOTED.finditer(text, max(0, first - 1), min(len(text), last + 1)):
            if (run := _without(_EDGE, text, *found.span())) is not None:
                yield run


def segments_of(items: Iterable[Item], text: str) -> Iterator[Item]:
    """The runs of all items, as items of one part and without a kind; the first of several items keeps a run.

    Items without a mention are left out, because the gold in segments has attributed content only.
    """
    seen: set[Range] = set()
    for item in items:
        if not item.speaker:
            continue
        for run in quoted_runs(text, item.parts):
            if run not in seen:
                seen.add(run)
                yield replace(item, parts=(run,), text=text[slice(*run)], kind=None)
