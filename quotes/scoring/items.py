"""What is scored: quotations as ranges and names, whatever file they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quotes.errors import ReadError
from quotes.records import DocumentRecord, Quotation, misplaced
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


def word_count(text: str) -> int:
    """How many runs of letters and digits a text has."""
    return len(_WORD.findall(text))


def in_word(text: str, at: int) -> bool:
    """Whether a cut before the code point `at` would go through a word."""
    return _WORD.match(text[at - 1]) is not None and _WORD.match(text[at]) is not None


@dataclass(frozen=True, slots=True)
class Item:
    """One quotation, or one run of quoted words. All ranges are half-open code points of the document.

    `name_known` is False where nobody has judged whom the mention means; such an item says nothing about
    names. Gold of a corpus may have several ranges for one mention, and no kind.
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

    @property
    def size(self) -> int:
        """How many code points the parts hold."""
        return sum(end - start for start, end in self.parts)

    @property
    def start(self) -> int:
        """Where the first part begins."""
        return self.parts[0][0]

    def words(self) -> set[Range]:
        """The ranges of the words, which are runs of letters and digits within a part."""
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
        """How many words there are."""
        return word_count(self.text)

    def sort_key(self) -> tuple[object, ...]:
        """An order that doesn't depend on the file's."""
        return (
            self.parts,
            self.speaker,
            self.kind or "",
            self.name or "",
            self.cue,
            self.rule,
            self.confidence,
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """The attributed quotations of one document, in text order, each once.

    `negatives` are the ranges that a reviewer, or the extractor, holds for no quotation of anybody.
    `names_known` is False where nobody has judged the names of the whole document.
    """

    doc_id: str
    text_sha256: str
    items: tuple[Item, ...]
    text: str | None = None
    negatives: tuple[tuple[Range, ...], ...] = ()
    names_known: bool = True
    segments: bool = False
    """The items are runs between marks, not whole quotations."""
    blind: bool | None = field(default=None, compare=False)
    """Whether the reviewer saw no prediction; None where that isn't known."""


def form_of(quotation: Quotation) -> str:
    """The form of a quotation's mention: one of FORMS.

    "Ada Quill" is a name if that is who is meant, "Quill" a part of it, "she" a pronoun and "the mayor"
    nominal; whoever stays unnamed is anonymous, whatever the mention.
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
    """A record's quotation as an item."""
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
    )


def judged_of(record: DocumentRecord, where: str, *, blind: bool | None = None) -> Judged:
    """A record as what is scored. Raises ReadError, naming `where`, for offsets that fit no text.

    A quotation that stands there twice, in the very same words, counts once. One of kind `unattributed` is
    nobody's quotation: it goes to the negatives.
    """
    _check_ids(record, where)
    if (wrong := misplaced(record)) is not None:
        raise ReadError(
            f"{where}: the offsets of quotation {wrong.quote_id!r} in {record.doc_id!r} don't fit the "
            "text: they lie beyond it, or other words stand there. Write the file again from this text."
        )
    found = {item_of(q) for q in record.quotations if q.kind != "unattributed"}
    negatives = {q.parts for q in record.quotations if q.kind == "unattributed"}
    return Judged(
        doc_id=record.doc_id,
        text_sha256=record.text_sha256,
        items=tuple(sorted(found, key=Item.sort_key)),
        text=record.text,
        negatives=tuple(sorted(negatives)),
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
