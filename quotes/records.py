"""The records: documents, and the quotations that are found or reviewed in them.

All offsets are half-open ranges of code points in `Document.text`, which never changes after it is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["direct", "mixed", "indirect", "unattributed"]
Channel = Literal["speech", "writing", "tweet"]
SpeakerKind = Literal["person", "organization", "group", "anonymous", "unknown"]
AttributionType = Literal["assertion", "belief", "fact", "eventuality"]
Verdict = Literal["verbatim", "marks", "cut", "altered", "context", "other_speaker", "not_found", "too_short"]
ChangeKind = Literal["number", "negation", "name", "words", "spelling", "left_out", "bracket", "context"]

#: The version of the record format. It rises if a reader of the old format would misread the new one.
SCHEMA_VERSION: Final = 1

#: The offset of a code point. JSON, Parquet and SQLite hold numbers up to this limit exactly.
Offset = Annotated[int, Field(ge=0, le=2**53 - 1)]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Record(BaseModel):
    """A frozen model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_unset(value: object) -> bool:
    return value is None or value is False or (isinstance(value, Metadata) and value == Metadata())


class Metadata(Record):
    """The origin of a document. A field is None if it isn't known.

    `date` is a date or a time in ISO 8601. `author` is the name in the byline, or a tweet's display name.
    `language` is the code in ISO 639 of a text that isn't English, such as "fr"; the extractor sets it.
    """

    title: str | None = Field(default=None, exclude_if=_is_unset)
    author: str | None = Field(default=None, exclude_if=_is_unset)
    date: str | None = Field(default=None, exclude_if=_is_unset)
    outlet: str | None = Field(default=None, exclude_if=_is_unset)
    url: str | None = Field(default=None, exclude_if=_is_unset)
    language: str | None = Field(default=None, exclude_if=_is_unset)


class Document(Record):
    """A text to extract from, with its id and its origin.

    `posted_by` is the account of a post, such as "@portellery", which says all words that aren't quoted.
    """

    doc_id: str
    text: str
    metadata: Metadata = Metadata()
    posted_by: str | None = None

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text in UTF-8, as lower-case hexadecimal digits."""
        # JSON can hold lone surrogates, which UTF-8 doesn't encode.
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class Span(Record):
    """A range of the document: `document.text[start:end] == text`."""

    start: Offset
    end: Offset
    text: str

    @model_validator(mode="after")
    def _offsets_fit(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"span [{self.start}, {self.end}) does not fit its {len(self.text)} characters")
        return self

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Self:
        """The span [start, end) of `text`."""
        return cls(start=start, end=end, text=text[start:end])


class Speaker(Span):
    """One of several speakers: the mention, who that is, and what that is, as in `Quotation`."""

    name: str | None
    kind: SpeakerKind


class Change(Record):
    """One difference between a quotation and its source, in the words of each; "" where one has none."""

    kind: ChangeKind
    source: str
    quoted: str


class Verification(Record):
    """What a source says of a quotation: the verdict, and the place in the source that it rests on.

    `source` is the source's `doc_id`, [start, end) the range in its text, and `text` that range; all are None
    where nothing was found. `speaker` is whose words these are by the source, `date` and `url` are the
    source's. `probability`: how likely the verdict is right, if the sources are.
    """

    verdict: Verdict
    source: str | None = None
    start: Offset | None = None
    end: Offset | None = None
    text: str | None = None
    date: str | None = None
    url: str | None = None
    speaker: str | None = None
    changes: tuple[Change, ...] = ()
    probability: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _place_is_whole(self) -> Self:
        place = (self.source, self.start, self.end, self.text)
        if any(part is None for part in place) != all(part is None for part in place):
            raise ValueError("source, start, end and text must be given together")
        if self.start is not None and self.end is not None and self.end - self.start != len(self.text or ""):
            raise ValueError(f"[{self.start}, {self.end}) does not fit the {len(self.text or '')} characters")
        return self


class Quotation(Record):
    """One quotation, its speaker, and the evidence.

    `parts` are the words between marks; of kind `indirect`, which has none, all that is reported.

    The fields from `speakers` on are written only if they are set. `speakers`: all who speak, if they are
    several, as in "Quill and Renn said"; `speaker`, `speaker_name` and `speaker_kind` are the first of them,
    and so are the next three fields. If one word stands for all, "they", each has its range. `speaker_role`:
    what the article says of the speaker, in its words, without article: "mayor of Port Ellery". `speaker_id`:
    the speaker's id in Wikidata, "Q76". `name_confidence`: how likely `speaker_name` is the name of whom the
    mention `speaker` means, calibrated as `confidence` is.

    `content`: all that is reported, with the writer's words of the clause, if that is more than `parts`.
    `source`: the whole phrase that names the source, if that is more than `speaker`, the mention in it.
    `attribution_type`: what the cue says of the source, in the terms of the PARC corpus and the Penn
    Discourse Treebank: that it said something (assertion), believes it, knows it for a fact, or wants or
    intends it (eventuality). `negated`: the cue is denied, as in "did not say whether".
    `in_boilerplate`: the quotation stands in the boilerplate of a page, not in its article.
    `duplicate_of`: the `quote_id` of the same quotation in an earlier paragraph, of which this one's
    paragraph is a copy. `utterance_id`: quotations with the same id are wordings of one statement, in one or
    several documents. `verification`: what `quotes verify` found when it held it against sources.
    """

    quote_id: str
    kind: Kind
    channel: Channel
    parts: tuple[tuple[Offset, Offset], ...] = Field(min_length=1)
    text: str
    speaker: Span | None
    speaker_name: str | None
    speaker_kind: SpeakerKind
    cue: Span | None
    rule: str
    confidence: float = Field(ge=0, le=1)
    speakers: tuple[Speaker, ...] | None = Field(default=None, min_length=2, exclude_if=_is_unset)
    speaker_role: str | None = Field(default=None, exclude_if=_is_unset)
    speaker_id: str | None = Field(default=None, pattern=r"^Q[1-9]\d*$", exclude_if=_is_unset)
    name_confidence: float | None = Field(default=None, ge=0, le=1, exclude_if=_is_unset)
    content: tuple[tuple[Offset, Offset], ...] | None = Field(
        default=None, min_length=1, exclude_if=_is_unset
    )
    source: Span | None = Field(default=None, exclude_if=_is_unset)
    attribution_type: AttributionType | None = Field(default=None, exclude_if=_is_unset)
    negated: bool = Field(default=False, exclude_if=_is_unset)
    in_boilerplate: bool = Field(default=False, exclude_if=_is_unset)
    duplicate_of: str | None = Field(default=None, exclude_if=_is_unset)
    utterance_id: str | None = Field(default=None, exclude_if=_is_unset)
    verification: Verification | None = Field(default=None, exclude_if=_is_unset)

    @property
    def everyone(self) -> tuple[Speaker, ...]:
        """All who speak: `speakers`, or the one speaker; empty where the quotation has none."""
        if self.speakers is not None or self.speaker is None:
            return self.speakers or ()
        mention = self.speaker.model_dump()
        return (Speaker(**mention, name=self.speaker_name, kind=self.speaker_kind),)

    @property
    def reported(self) -> tuple[tuple[int, int], ...]:
        """All that is reported: `content`, or `parts` where there is no more."""
        return self.content or self.parts

    @model_validator(mode="after")
    def _first_speaker_agrees(self) -> Self:
        if self.speakers is not None:
            first, speaker = self.speakers[0], self.speaker
            same_mention = speaker is not None and (speaker.start, speaker.end) == (first.start, first.end)
            if not same_mention or (self.speaker_name, self.speaker_kind) != (first.name, first.kind):
                raise ValueError(
                    "speaker, speaker_name and speaker_kind are not those of the first of speakers"
                )
        return self

    @model_validator(mode="after")
    def _ranges_in_order(self) -> Self:
        for name, ranges in (("parts", self.parts), ("content", self.content or ())):
            previous_end = 0
            for start, end in ranges:
                if start < previous_end or end <= start:
                    raise ValueError(f"{name} are not in text order, disjoint and non-empty: {ranges}")
                previous_end = end
        # All quotations share one set of fields: a set for each would double the memory of a quotation.
        object.__setattr__(self, "__pydantic_fields_set__", _ALL_FIELDS)
        return self


_ALL_FIELDS = set(Quotation.model_fields)


class DocumentRecord(Record):
    """One line of the output: a document and its quotations.

    `text` is the document's text, which the offsets refer to; it is written only with `--with-text`, and
    `text_sha256` is its hash. `metadata` is written if a field of it is known. `partly_reviewed` is set in
    gold only: `quotations` are those that a reviewer judged, the rejected ones among them of kind
    `unattributed`, and the document may have others. Without it, gold is complete.
    """

    doc_id: str
    text_sha256: str
    quotations: tuple[Quotation, ...]
    metadata: Metadata = Field(default=Metadata(), exclude_if=_is_unset)
    text: str | None = Field(default=None, exclude_if=_is_unset)
    partly_reviewed: bool = Field(default=False, exclude_if=_is_unset)
    schema_version: Literal[1] = SCHEMA_VERSION


class Weighed(Record):
    """A candidate for the speaker of one quotation."""

    mention: Span
    cue: Span | None
    rule: str
    probability: float = Field(ge=0, le=1)
    """That this mention is the source of this quotation."""
    chosen: bool


class Explanation(Record):
    """One quotation, and how its speaker was decided."""

    quotation: Quotation
    candidates: tuple[Weighed, ...]
    """The most probable first. Of several cues of one mention, that of the most precise rule is chosen."""
    chain: tuple[str, ...]
    """From the mention's words to the person's name: ("she", "Mayor Quill", "Ada Quill"). For a pronoun or a
    role, the middle is what the text last called that person. Empty where there is no speaker."""


def parts_text(text: str, parts: Iterable[tuple[int, int]]) -> str:
    """The text of the parts, joined by spaces, as in `Quotation.text`."""
    return " ".join([text[start:end] for start, end in parts])


def misplaced(record: DocumentRecord) -> Quotation | None:
    """The first quotation whose offsets don't fit its words, or the record's text if there is one."""
    return next((one for one in record.quotations if not _fits(one, record.text)), None)


def _fits(quotation: Quotation, text: str | None) -> bool:
    if text is None:
        size = sum(end - start for start, end in quotation.parts) + len(quotation.parts) - 1
        return size == len(quotation.text)
    single = (quotation.speaker, quotation.cue, quotation.source)
    spans = [*(span for span in single if span is not None), *(quotation.speakers or ())]
    return (
        max(quotation.parts[-1][1], quotation.reported[-1][1]) <= len(text)
        and parts_text(text, quotation.parts) == quotation.text
        and all(text[span.start : span.end] == span.text for span in spans)
    )


def quote_id(text_sha256: str, parts: Iterable[tuple[int, int]]) -> str:
    """A stable id: the same text and the same parts always give the same 16 hexadecimal digits.

    It takes the hash of the text, so that a long document is hashed only once.
    """
    spans = ";".join([f"{start}-{end}" for start, end in parts])
    return hashlib.sha256(f"{text_sha256}\0{spans}".encode()).hexdigest()[:16]


def encodable(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 can't encode, as U+FFFD. Offsets stay the same."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)
