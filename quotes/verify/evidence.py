"""A place that holds a quotation → whose words these are there, and whether it is evidence at all.

the same article, or a copy of it     →  no evidence: its own quotation proves nothing
VALE: …, of a quotation of Vale       →  the same speaker
VALE: Quill said, “…”                 →  another's: Vale quotes
a tweet of @portellery, of Ada Quill  →  another's
an article, outside of any quotation  →  unknown
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from rapidfuzz.distance import LCSseq

from quotes import data
from quotes.data.lookups import name_words
from quotes.people.persons import agree, read_name
from quotes.records import DocumentRecord, Quotation, SpeakerKind
from quotes.text import marks
from quotes.variants.words import is_content, located
from quotes.verify.deciding import Judged
from quotes.verify.index import Index, Origin

Whose = Literal["same", "other", "unknown"]

# A copy has so many of the words beside the quotation, on both sides together.
_BESIDE: Final = 8
_COPIED: Final = 0.6
# Marks are looked for in the sentences within so many code points.
_BESIDE_SENTENCES: Final = 400
# A source so many days younger than the article can't be what it quotes.
_LATER: Final = 1
# So specific must words be to be somebody else's, and not what anybody may say.
_FEWEST_WORDS: Final = 6
_FEWEST_CONTENT: Final = 3
_LEAST_EVIDENCE: Final = 12.0
# Of a speaker who isn't known, fewer words in a row prove nothing.
_LEAST_UNKNOWN: Final = 4.0
_WORDS_PER_CHANGE: Final = 6
_OWN: Final = frozenset(["i", "we"])


class Place(NamedTuple):
    """What was found in a source: whose words these are, and whether the article is older."""

    judged: Judged
    origin: Origin
    whose: Whose
    speaker: str | None
    later: bool
    days: int
    """Days from the source to the article, if both are dated; 0 otherwise."""

    @property
    def is_exact(self) -> bool:
        """Whether no word is another."""
        return self.judged.verdict != "altered"


class Evidence:
    """Weighs the places found for the quotations of one article."""

    def __init__(self, index: Index, record: DocumentRecord, speakers: Path | None) -> None:
        self._index = index
        self._record = record
        self._registry = data.registry(speakers)

    def weigh(self, judged: Judged, quotation: Quotation) -> Place | None:
        """Whose words a place has; None if it is no evidence."""
        origin = self._index.origin(judged.sentence.document)
        if origin.sha256 == self._record.text_sha256:
            return None
        text, shift = self._paragraph(judged)
        inside = _quoted_within(text, judged.start - shift, judged.end - shift)
        if inside and self._is_copy(text, inside, quotation):
            return None
        whose, speaker = self._whose(judged, quotation)
        if inside and speaker is not None and not _own_words(text[: inside[0]]):
            whose, speaker = "other", None
        if whose == "unknown" and not _is_certain(judged):
            return None
        days = _days(origin.date, self._record.metadata.date)
        return Place(judged, origin, whose, speaker, days < -_LATER, days)

    def _paragraph(self, judged: Judged) -> tuple[str, int]:
        """The sentences around a place, and where they begin in the source."""
        around = [
            sentence
            for sentence in self._index.around(judged.sentence.number)
            if sentence.start <= judged.end + _BESIDE_SENTENCES
            and sentence.start + len(sentence.text) >= judged.start - _BESIDE_SENTENCES
        ]
        return "".join(sentence.text for sentence in around), around[0].start

    def _is_copy(self, text: str, inside: tuple[int, int], quotation: Quotation) -> bool:
        """Whether a quotation in marks has the same words around it as in the article."""
        before, after = text[: inside[0]], text[inside[1] :]
        if self._record.text is None:
            near = f"{before[-80:]} {after[:80]}"
            mentions = [span.text for span in (quotation.cue, quotation.speaker) if span is not None]
            return len(mentions) == 2 and all(mention in near for mention in mentions)
        start, end = quotation.parts[0][0], quotation.parts[-1][1]
        ours = _beside(self._record.text[max(0, start - 200) : start], self._record.text[end : end + 200])
        theirs = _beside(before[-200:], after[:200])
        most = max(len(ours), 1)
        return LCSseq.similarity(ours, theirs) >= _COPIED * most

    def _whose(self, judged: Judged, quotation: Quotation) -> tuple[Whose, str | None]:
        speaker = judged.sentence.speaker
        if speaker is None:
            return "unknown", None
        names = [(one.name, one.kind) for one in quotation.everyone if one.name is not None]
        if quotation.speaker_name is not None:
            names.append((quotation.speaker_name, quotation.speaker_kind))
        if not names:
            return "unknown", speaker
        if any(self._same(name, kind, speaker) for name, kind in names):
            return "same", speaker
        clear = all(kind == "person" for _, kind in names) and bool(name_words(speaker))
        return ("other", speaker) if clear else ("unknown", speaker)

    def _same(self, name: str, kind: SpeakerKind, speaker: str) -> bool:
        one, _ = read_name(name, kind, self._registry)
        other, _ = read_name(speaker.removeprefix("@"), "unknown", self._registry)
        if agree(one, other):
            return True
        known = self._registry.tweeting_as(speaker) if speaker.startswith("@") else None
        return known is not None and agree(one, read_name(known.name, known.kind, self._registry)[0])


def _is_certain(judged: Judged) -> bool:
    """Whether words of a speaker who isn't known are evidence: enough of them, and no mere part of them."""
    if judged.verdict == "altered":
        changes = sum(change.kind not in ("spelling", "bracket") for change in judged.changes)
        return not judged.loose and judged.words >= _WORDS_PER_CHANGE * changes
    return judged.evidence >= _LEAST_UNKNOWN


def preferred(places: Iterable[Place]) -> Place | None:
    """The best place that isn't somebody else's: the best verdict, then a known speaker, then the date."""
    ours = [place for place in places if place.whose != "other"]
    return min(ours, key=_order, default=None)


def other_speakers(places: Sequence[Place], quotation: Quotation) -> Place | None:
    """The place that shows that these are somebody else's words; None where that is not certain.

    What several people say is a slogan, and nobody's in particular.
    """
    exact = [
        place
        for place in places
        if place.whose == "other"
        and not place.later
        and place.is_exact
        and place.judged.evidence >= _LEAST_EVIDENCE
        and place.judged.words >= _FEWEST_WORDS
    ]
    content = sum(one.word.isalpha() and is_content(one.word) for one in located(quotation.text))
    if not exact or content < _FEWEST_CONTENT or len({place.speaker for place in exact}) > 1:
        return None
    return min(exact, key=_order)


def _order(place: Place) -> tuple[object, ...]:
    return (
        not place.is_exact,
        place.later,
        place.judged.rank[0],
        place.whose != "same",
        -place.judged.evidence,
        abs(place.days),
        place.judged.sentence.number,
    )


def _quoted_within(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The segment between marks that a range lies in."""
    if not any(mark in text for mark in marks.MARKS):
        return None
    for segment in marks.segments(text, marks.paragraphs(text)):
        if segment.start <= start and end <= segment.end:
            return segment.start, segment.end
    return None


def _own_words(before: str) -> bool:
    """Whether a speaker quotes himself or herself: "I said, “…”"."""
    words = [one.word for one in located(before[-40:])][-4:]
    return any(word in _OWN for word in words)


def _beside(before: str, after: str) -> list[str]:
    words = [one.word for one in located(before)][-_BESIDE:], [one.word for one in located(after)][:_BESIDE]
    return [*words[0], "|", *words[1]]


@lru_cache(maxsize=1 << 12)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _days(source: str | None, article: str | None) -> int:
    one, other = _day(source or ""), _day(article or "")
    return (other - one).days if one is not None and other is not None else 0
