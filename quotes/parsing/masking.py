"""Segments → masked stretches: which paragraphs are parsed, with their quotations masked.

    “I never said so. Ever,” Quill told us.   →   So, Quill told us.

Quoted words hide the sentence that attributes them, and parsing them takes time. So one short placeholder
**masks** each quotation, and only paragraphs near quotations are parsed. A short fragment within the writer's
own clause keeps its words and loses only its marks, because the clause needs the words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from quotes import data
from quotes.records import encodable
from quotes.text.furniture import above
from quotes.text.marks import MARKS, Range, Segment
from quotes.text.segments import Segments
from quotes.text.sentences import sentences

PLACEHOLDER = "So"
FRAGMENT_WORDS = 12
# A fragment that begins with a capital has no more words.
_FEW_WORDS = 3
_LONGER, _SEVERAL = (re.compile(rf"(?:\w+\W+){{{most}}}\w") for most in (FRAGMENT_WORDS, _FEW_WORDS))
# A longer paragraph (code points, masked) is cut to the sentences around its quotations.
LONG_PARAGRAPH = 3000
_STRETCH = 600
# A longer sentence is cut before it is parsed for indirect speech.
_LONG_SENTENCE = 1500
# spaCy rejects texts of over a million code points, and a parse takes memory.
_WHOLE = 20_000
# A quotation's own cue is looked for in so many code points on either side.
_BESIDE = 200

_WORD = re.compile(r"\w+")
# The tokenizer takes quadratic time for a run of brackets without white space.
_UNBROKEN = re.compile(r"\S{2000}")
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?]*[.!?]+[”\"’')]*(?=\s|$)|[^.!?]+|[.!?]+")
_TAIL = re.compile(r"[,.;:?!…—–-]*[\s”\"’'»›]*$")


class Piece(NamedTuple):
    """A run of the masked text, and the range of the document that it stands for."""

    offset: int
    length: int
    start: int
    size: int
    segment: int
    """The number of the segment it belongs to, or -1 for the writer's own words."""

    def original(self, offset: int) -> int:
        """The offset in the document of an offset in the masked text; a placeholder gives its end."""
        return self.start + (self.size if self.stands_in else min(max(offset - self.offset, 0), self.size))

    @property
    def stands_in(self) -> bool:
        """Whether it is a placeholder, and not a copy of the document's characters."""
        return self.length != self.size


class Masked(NamedTuple):
    """A stretch of a document with its quotations masked, ready for the parser."""

    text: str
    pieces: tuple[Piece, ...]
    paragraph: int


def stretches(segments: Segments, *, exhaustive: bool = False) -> Iterator[Masked]:
    """The stretches to parse: paragraphs with quotations, and paragraphs that may announce one.

    With `exhaustive`, every paragraph is parsed, to measure what the selection loses.
    """
    inside: dict[int, list[tuple[int, Segment]]] = {}
    for i, segment in enumerate(segments):
        inside.setdefault(segment.paragraph, []).append((i, segment))
    text, paragraphs = segments.text, segments.paragraphs
    if exhaustive:
        for number, paragraph in enumerate(paragraphs):
            yield from mask(text, paragraph, number, inside.get(number, []), whole=True)
        return
    done = -1
    for number, found in inside.items():
        if number and number - 1 not in inside and not _has_cue(segments, found[0][0]):
            before = above(segments, number) if _is_lone(segments, found[0][0]) else None
            if before is not None and done < before < number - 1 and before not in inside:
                yield from mask(text, paragraphs[before], before, [])
            yield from mask(text, paragraphs[number - 1], number - 1, [])
        yield from mask(text, paragraphs[number], number, found)
        done = number


def elsewhere(segments: Segments, is_wanted: Callable[[str], bool]) -> Iterator[Masked]:
    """The sentences that `stretches` leaves out, if they are wanted; neighbours are one stretch."""
    text = segments.text
    group, in_paragraph = (0, 0), -1
    for number, (start, end) in other_sentences(segments):
        if not is_wanted(text[start:end]):
            continue
        if (number, start) == (in_paragraph, group[1]) and end - group[0] <= LONG_PARAGRAPH:
            group = group[0], end
            continue
        if in_paragraph >= 0:
            yield _unmasked(text, group, in_paragraph)
        group, in_paragraph = (start, end), number
    if in_paragraph >= 0:
        yield _unmasked(text, group, in_paragraph)


def other_sentences(segments: Segments) -> Iterator[tuple[int, Range]]:
    """The sentences that `stretches` leaves out, each with the number of its paragraph."""
    parsed: dict[int, list[Range]] = {}
    for stretch in stretches(segments):
        last = stretch.pieces[-1]
        parsed.setdefault(stretch.paragraph, []).append((stretch.pieces[0].start, last.start + last.size))
    for number, (start, end) in enumerate(segments.paragraphs):
        position = start
        for first, last_end in [*parsed.get(number, ()), (end, end)]:
            for sentence in sentences(segments.text, position, first, longest=_LONG_SENTENCE):
                yield number, sentence
            position = max(position, last_end)


def _unmasked(text: str, part: Range, number: int) -> Masked:
    start, end = part
    return Masked(encodable(text[start:end]), (Piece(0, end - start, start, end - start, -1),), number)


def _is_lone(segments: Segments, first: int) -> bool:
    """Whether a paragraph's first quotation begins it, and the writer adds nothing."""
    return not _WORD.search(segments.before(first)) and not _WORD.search(segments.after(first))


def _has_cue(segments: Segments, first: int) -> bool:
    """Whether the writer's own words beside a paragraph's first quotation hold a cue verb."""
    own = segments.before(first)[-_BESIDE:] + " " + segments.after(first)[:_BESIDE]
    return not data.cues().verbs.keys().isdisjoint(_LETTERS.findall(own.lower()))


def mask(
    text: str,
    paragraph: tuple[int, int],
    number: int,
    inside: list[tuple[int, Segment]],
    *,
    whole: bool = False,
) -> Iterator[Masked]:
    """Mask one paragraph. `inside` are its segments with their numbers.

    A long paragraph is cut to stretches around its segments, unless `whole` is set and it has at most 20,000
    code points.
    """
    out: list[str] = []
    pieces: list[Piece] = []
    length = 0

    def put(string: str, start: int, size: int, segment: int = -1) -> None:
        nonlocal length
        if string:
            out.append(string)
            pieces.append(Piece(length, len(string), start, size, segment))
            length += len(string)

    position, end = paragraph
    for index, segment in inside:
        put(text[position : segment.start], position, segment.start - position)
        if out and not out[-1][-1:].isspace():
            put(" ", segment.start, 0)
        if is_fragment(text, segment):
            put(*_without_marks(text[segment.start : segment.end], segment.start), index)
        else:
            put(PLACEHOLDER, segment.start, segment.end - segment.start, index)
            put(_closing_punctuation(text, segment, end), segment.end, 0)
        position = segment.end
        if position < end and text[position].isalnum():
            put(" ", position, 0)
    put(text[position:end], position, end - position)
    # spaCy rejects lone surrogates, which JSON can hold.
    masked = encodable("".join(out))
    whole = whole and not _UNBROKEN.search(masked)
    if len(masked) <= (_WHOLE if whole else LONG_PARAGRAPH):
        yield Masked(masked, tuple(pieces), number)
    else:
        yield from _around_quotations(masked, pieces, number)


def is_fragment(text: str, segment: Segment) -> bool:
    """Whether a segment is a short fragment of a clause: “a witch hunt”, not “It was a witch hunt.”"""
    if not segment.closed:
        return False
    first = _WORD.search(text, segment.start, segment.end)
    if first is None:
        return False
    small = first.group()[0].islower()
    if not small and text[segment.end - 2] in ".,?!":
        return False
    more = _LONGER if small else _SEVERAL
    return not more.match(text, first.start(), segment.end)


def _without_marks(inner: str, start: int) -> tuple[str, int, int]:
    # White space within the marks would join that around them to one token.
    bare = inner.strip(MARKS + "".join(filter(str.isspace, inner)))
    return bare, start + inner.find(bare), len(bare)


def _closing_punctuation(text: str, segment: Segment, end: int) -> str:
    """The punctuation inside the marks that the sentence needs after the placeholder."""
    tail = _TAIL.search(text, max(segment.start + 1, segment.end - 6), segment.end)
    stops = [c for c in (tail.group() if tail else "") if c in ",.;:?!…—–-"]
    rest = text[segment.end : min(end, segment.end + 160)].lstrip()
    if not stops or not rest or rest[0] in ",.;:?!":
        return ""
    if stops[-1] in ",;:—–-":
        return ","
    if rest[0].islower():
        return ","
    if stops[-1] == ".":
        return "."
    # “Why not?” Quill asked: the mark ends the quotation, not the sentence.
    clause = re.split(r"[.!?“\"”:;]", rest, maxsplit=1)[0]
    words = _WORD.findall(clause.lower())
    return "," if any(word in data.cues().verbs for word in words[:8]) else "."


def _around_quotations(masked: str, pieces: list[Piece], number: int) -> Iterator[Masked]:
    """Cut a long paragraph to the sentences around its quotations."""
    bounds = list(_sentences(masked))
    starts = [start for start, _ in bounds]
    wanted: set[int] = set()
    for piece in pieces:
        if piece.segment >= 0:
            at = bisect_right(starts, piece.offset) - 1
            wanted.update((at - 1, at, at + 1))
    group: list[int] = []
    for i in sorted(wanted & set(range(len(bounds)))):
        if group and (i != group[-1] + 1 or bounds[i][1] - bounds[group[0]][0] > LONG_PARAGRAPH):
            yield _cut(masked, pieces, bounds[group[0]][0], bounds[group[-1]][1], number)
            group = []
        group.append(i)
    if group:
        yield _cut(masked, pieces, bounds[group[0]][0], bounds[group[-1]][1], number)


def _sentences(masked: str) -> Iterator[tuple[int, int]]:
    """Rough sentences as half-open ranges, none longer than a stretch."""
    for match in _SENTENCE.finditer(masked):
        start = match.start()
        while match.end() - start > _STRETCH:
            cut = masked.rfind(" ", start, start + _STRETCH)
            cut = cut if cut > start else start + _STRETCH
            yield start, cut
            start = cut
        yield start, match.end()


def _cut(masked: str, pieces: list[Piece], start: int, end: int, number: int) -> Masked:
    """The range [start, end) of a masked paragraph as a stretch of its own."""
    chosen = []
    first = max(0, bisect_right(pieces, start, key=lambda piece: piece.offset) - 1)
    for i in range(first, len(pieces)):
        piece = pieces[i]
        if piece.offset >= end:
            break
        dropped = max(0, start - piece.offset)
        kept = piece._replace(offset=piece.offset + dropped - start, length=piece.length - dropped)
        if not piece.stands_in:
            kept = kept._replace(start=piece.start + dropped, size=piece.size - dropped)
        chosen.append(kept)
    return Masked(masked[start:end], tuple(chosen), number)
