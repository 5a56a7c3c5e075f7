"""Block quotations: paragraphs that the layout sets apart, without marks → segments.

The board wrote to its members:
> We regret the noise.                a segment: the paragraph without its arrow
> It will end in May.                 another, which continues it

Lines that begin with ">" are set apart: in Markdown, in mail, and in the texts that the readers of pages and
Word documents make. In plain text, so are lines that are indented below a line that ends in a colon, and what
follows "The statement reads in full:". Only what a sentence introduces, or a credit line names, is a
quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from quotes import data
from quotes.text.marks import BLOCK, MARKS, Range, Segment, is_set_apart
from quotes.text.sentences import ABBREVIATION_AWARE_END

_CREDIT = re.compile(r"[-–—―]+\s*@?[^\W\d_a-z][^.!?]{1,120}\.?")
_IN_FULL = re.compile(
    r"\b(?:in full|full (?:text|statement|letter)|reads?|as follows|in its entirety)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_STOP = re.compile(r"[.!?…]+[”\"’')\]]*\Z")
_ITEM = re.compile(r"[-–—•*·‣▪●◦○#]\s?|\(?\w{1,2}[.)]\s")
_CODE = re.compile(r"[{}<>=;\\|]|\w\(\)|://|^\s*(?:def|for|if|import|return|var)\b.*:?$", re.MULTILINE)
_LABEL = re.compile(r"[^\W\d_a-z][\w.’' -]{0,40}:\s")
_FIRST_PERSON = re.compile(r"\b(?:i|we|our|ours|my|us|me)\b", re.IGNORECASE)
# The last sentence of an introduction is looked for in so many code points.
_INTRODUCTION = 300
# A shorter indented run is a line of an address, of verse or of a table. In words.
_FEWEST = 8
# The longest statement in plain text, in paragraphs.
_LONGEST = 40


def with_blocks(text: str, paragraphs: Sequence[Range], marked: list[Segment]) -> list[Segment]:
    """The segments of a document; those of block quotations replace marked segments within them."""
    found = [part for block in _blocks(text, paragraphs, marked) for part in _parts(text, paragraphs, block)]
    if not found:
        return marked
    taken = {segment.paragraph for segment in found}
    kept = [segment for segment in marked if segment.paragraph not in taken]
    return sorted([*kept, *found], key=lambda segment: segment.start)


def introduction(text: str, paragraphs: Sequence[Range], number: int) -> str:
    """The last sentence of the paragraph before this one; "" if there is none."""
    if not number:
        return ""
    start, end = paragraphs[number - 1]
    last = text[max(start, end - _INTRODUCTION) : end]
    ends = [found.end() for found in ABBREVIATION_AWARE_END.finditer(last + " ") if found.end() < len(last)]
    return last[ends[-1] :] if ends else last


def _blocks(text: str, paragraphs: Sequence[Range], marked: list[Segment]) -> Iterator[range]:
    """The paragraphs of each block quotation."""
    inside: dict[int, list[Segment]] = {}
    for segment in marked:
        inside.setdefault(segment.paragraph, []).append(segment)
    for block in _candidates(text, paragraphs):
        credit = block[-1] if _is_credit(text, paragraphs, block[-1]) else block[-1] + 1
        credited = _is_credit(text, paragraphs, credit)
        words = range(block[0], credit if credit == block[-1] else block[-1] + 1)
        introduced = _introduces(introduction(text, paragraphs, block[0]))
        if words and (introduced or credited) and not _says_itself(text, paragraphs, words, inside):
            yield words


def _candidates(text: str, paragraphs: Sequence[Range]) -> Iterator[range]:
    """Runs of paragraphs that are set apart."""
    if ">" in text:
        apart = [is_set_apart(text, start) for start, _ in paragraphs]
        for is_apart, group in groupby(range(len(paragraphs)), key=apart.__getitem__):
            if is_apart:
                yield _range(list(group))
    for number, (_, end) in enumerate(paragraphs[:-1]):
        if text[end - 1] != ":" or is_set_apart(text, paragraphs[number + 1][0]):
            continue
        run = _indented(text, paragraphs, number) or _in_full(text, paragraphs, number)
        if run and sum(len(_WORD.findall(text, *paragraphs[i])) for i in run) >= _FEWEST:
            yield run


def _range(numbers: list[int]) -> range:
    return range(numbers[0], numbers[-1] + 1)


def _indented(text: str, paragraphs: Sequence[Range], above: int) -> range:
    """The prose that is indented below a line; not a list, code, an address or verse."""
    depth = _indent(text, paragraphs[above][0])
    last = above
    while last + 1 < len(paragraphs) and _indent(text, paragraphs[last + 1][0]) >= depth + 2:
        last += 1
    run = range(above + 1, last + 1)
    return run if run and all(_is_prose(text, *paragraphs[i]) for i in run) else range(0)


def _indent(text: str, start: int) -> int:
    """How far a line is indented; a tab counts as four spaces."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return len(before.expandtabs(4)) if not before.strip() else 0


def _is_prose(text: str, start: int, end: int) -> bool:
    words = text[start:end]
    return _STOP.search(words) is not None and not _ITEM.match(words) and not _CODE.search(words)


def _in_full(text: str, paragraphs: Sequence[Range], above: int) -> range:
    """What follows "The statement reads in full:": one paragraph, and those in the first person after it."""
    if not _IN_FULL.search(introduction(text, paragraphs, above + 1)):
        return range(0)
    last = above
    for number in range(above + 1, min(len(paragraphs), above + 1 + _LONGEST)):
        start, end = paragraphs[number]
        first = number == above + 1
        if text[start] in MARKS or _LABEL.match(text, start, end) or not _is_prose(text, start, end):
            break
        if not first and not _FIRST_PERSON.search(text, start, end):
            break
        last = number
    return range(above + 1, last + 1)


def _introduces(sentence: str) -> bool:
    """Whether a sentence introduces what follows: it ends in a colon, or names something written."""
    if sentence.rstrip().endswith(":"):
        return True
    nouns = data.cues().nouns
    return any(
        (noun := nouns.get(word.lower())) is not None and noun.channel != "speech"
        for word in _WORD.findall(sentence)
    )


def _is_credit(text: str, paragraphs: Sequence[Range], number: int) -> bool:
    return number < len(paragraphs) and _CREDIT.fullmatch(text, *paragraphs[number]) is not None


def _says_itself(
    text: str, paragraphs: Sequence[Range], block: range, inside: dict[int, list[Segment]]
) -> bool:
    """Whether marks already show what is said: the block is one quotation, or has quotations with cues."""
    first = paragraphs[block[0]][0]
    if any(segment.start == first and segment.family != BLOCK for segment in inside.get(block[0], ())):
        return True
    verbs = data.cues().verbs
    for number in block:
        start, end = paragraphs[number]
        for segment in inside.get(number, ()):
            own = (
                text[max(start, segment.start - 40) : segment.start]
                + " "
                + text[segment.end : min(end, segment.end + 40)]
            )
            if len(segment.words(text)) > 3 and any(word in verbs for word in _WORD.findall(own.lower())):
                return True
    return False


def _parts(text: str, paragraphs: Sequence[Range], block: range) -> Iterator[Segment]:
    """The segments of a block: one for each paragraph, in wrapped text one for each line."""
    continues = False
    for number in block:
        start, end = paragraphs[number]
        arrows = is_set_apart(text, start) and "\n" in text[start:end]
        for a, b in _lines(text, start, end) if arrows else [(start, end)]:
            yield Segment(a, b, number, BLOCK, continues=continues)
            continues = True


def _lines(text: str, start: int, end: int) -> Iterator[Range]:
    for found in re.finditer(r"(?:^[ \t]*>[> \t]*)?(?P<words>\S(?:.*\S)?)", text[start:end], re.MULTILINE):
        yield start + found.start("words"), start + found.end("words")
