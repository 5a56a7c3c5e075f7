"""The turns of a transcript without quotation marks → quotations.

MR. SPICER: We did. And we will.   →   Sean Spicer: We did. And we will.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from quotes.attribution.labels import SPEAKER_LABEL
from quotes.record.quotations import quotation
from quotes.records import Quotation, Span
from quotes.speakers import Entities
from quotes.text.segments import Segments

# Set by hand, not fitted: the corpus has hardly any transcripts. A label says who speaks; below questions in
# bold, only the introduction tells, and a paragraph may be none of the speaker's words.
_NAMED, _UNNAMED = 0.95, 0.85
_FIRST_PERSON = frozenset(["i", "me", "my", "we", "us", "our"])


def with_turns(
    found: Sequence[Quotation], segments: Segments, entities: Entities, text_sha256: str
) -> list[Quotation]:
    """The quotations of a document and the turns of its transcript, in text order.

    Within a turn, marked words remain a quotation of their own only if they are somebody else's.
    """
    turns = list(_turns(segments, entities, text_sha256))
    if not turns:
        return list(found)
    pieces = [(start, end, turn) for turn in turns for start, end in turn.parts]
    starts = [start for start, _, _ in pieces]
    kept = []
    for one in found:
        first, last = one.parts[0][0], one.parts[-1][1]
        near = pieces[max(0, bisect_right(starts, first) - 1) : bisect_left(starts, last)]
        if not any(first < end and _is_part(one, turn) for _, end, turn in near):
            kept.append(one)
    return sorted([*turns, *kept], key=lambda one: (one.parts[0][0], -one.parts[-1][1]))


def outside_turns(reported: Iterable[Quotation], segments: Segments) -> Iterator[Quotation]:
    """The reports outside of turns without marks: like quoted words, those of a turn report nothing."""
    pieces = [piece for turn in segments.transcript.unmarked for piece in turn.words]
    starts = [start for start, _ in pieces]
    for one in reported:
        at = bisect_right(starts, one.reported[0][0]) - 1
        if at < 0 or pieces[at][1] < one.reported[-1][1]:
            yield one


def _turns(segments: Segments, entities: Entities, text_sha256: str) -> Iterator[Quotation]:
    for turn, who in zip(segments.transcript.unmarked, entities.turns, strict=True):
        if who is not None:
            yield quotation(
                segments.text,
                text_sha256,
                turn.words,
                kind="direct",
                rule=SPEAKER_LABEL,
                speaker=Span.of(segments.text, *who.mention),
                who=who,
                confidence=_NAMED if turn.label else _UNNAMED,
            )


def _is_part(one: Quotation, turn: Quotation) -> bool:
    """Whether marked words are the speaker's own, or nobody's, and not those of somebody else in the turn."""
    mention = one.speaker
    if mention is None or mention.text.lower() in _FIRST_PERSON:
        return True
    inside = any(first <= mention.start and mention.end <= last for first, last in turn.parts)
    return not inside or (one.speaker_name is not None and one.speaker_name == turn.speaker_name)
