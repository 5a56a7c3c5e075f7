"""Words of a quotation ↔ words of a source: which stand for which, and what differs between them.

We will … rebuild the pier  |  and we will, I promise, rebuild the old pier
    →  equal: we will · rebuild the · pier; left out: i promise · old

rapidfuzz aligns the words so that as few as possible differ. Of several such alignments, the one is taken
whose words stand closest together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

from quotes.variants.words import FILL, GAP, is_content

#: Sounds that transcripts write down and newspapers don't.
SOUNDS: Final = frozenset("uh um uhm er erm ah mm hmm".split())
# A run at either end, this short or without content words, that is so many times farther from the rest than
# it is long, is equal by chance.
_CHANCE: Final = 2
_FAR: Final = 4


class Block(NamedTuple):
    """Equal words: `size` words, from `quoted` on in the quotation and from `source` on in the source."""

    quoted: int
    source: int
    size: int


class Difference(NamedTuple):
    """What stands between two blocks: half-open ranges of the quotation's words and of the source's.

    `marked`: the quotation has an ellipsis or brackets here. `inner`: it has equal words on both sides.
    """

    quoted: tuple[int, int]
    source: tuple[int, int]
    marked: bool
    inner: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """A quotation's words in a source. Ranges are half-open, in words."""

    blocks: tuple[Block, ...]
    differences: tuple[Difference, ...]

    @property
    def start(self) -> int:
        """The first word of the source that the quotation stands for."""
        return min(self.blocks[0].source, self.differences[0].source[0] if self.differences else 1 << 60)

    @property
    def end(self) -> int:
        """Behind the last word of the source that the quotation stands for."""
        last = self.blocks[-1]
        return max(last.source + last.size, self.differences[-1].source[1] if self.differences else 0)

    @property
    def longest(self) -> int:
        """The length of the longest block."""
        return max(block.size for block in self.blocks)


def without_gaps(sequence: Sequence[str]) -> tuple[list[str], dict[int, str]]:
    """A quotation's words, and the gap before a word, by the number of that word."""
    words: list[str] = []
    gaps: dict[int, str] = {}
    for word in sequence:
        if word in (GAP, FILL):
            gaps[len(words)] = FILL if FILL in (word, gaps.get(len(words))) else GAP
        else:
            words.append(word)
    return words, gaps


def align(
    quoted: Sequence[str], source: Sequence[str], gaps: dict[int, str], begins: Callable[[int], bool]
) -> Alignment | None:
    """Align a quotation's words with a window of a source; None if they have no word in common.

    `gaps` is what `without_gaps` found; `begins` tells whether a sentence begins at a word of the source.
    """
    joined = f" {' '.join(source)} "
    if (at := joined.find(f" {' '.join(quoted)} ")) >= 0:
        return Alignment((Block(0, joined.count(" ", 0, at), len(quoted)),), ())
    found = [
        Block(one.src_start, one.dest_start, one.src_end - one.src_start)
        for one in Levenshtein.opcodes(quoted, source)
        if one.tag == "equal"
    ]
    if not found:
        return None
    blocks = _extended(_trimmed(_together(found, quoted, source), quoted), quoted, source)
    return Alignment(tuple(blocks), tuple(_differences(blocks, len(quoted), len(source), gaps, begins)))


def _together(blocks: list[Block], quoted: Sequence[str], source: Sequence[str]) -> list[Block]:
    """Move words to the neighbouring block where the source has the same words right beside it."""
    found = [list(block) for block in blocks]
    for at in range(len(found) - 1, 0, -1):  # to the right
        left, right = found[at - 1], found[at]
        while (
            left[2]
            and left[0] + left[2] == right[0]
            and left[1] + left[2] < right[1]
            and source[right[1] - 1] == quoted[right[0] - 1]
            and right[2] >= left[2]
        ):
            left[2] -= 1
            right[0], right[1], right[2] = right[0] - 1, right[1] - 1, right[2] + 1
    found = [block for block in found if block[2]]
    for at in range(1, len(found)):  # to the left
        left, right = found[at - 1], found[at]
        while (
            right[2]
            and left[0] + left[2] == right[0]
            and left[1] + left[2] < right[1]
            and source[left[1] + left[2]] == quoted[right[0]]
            and left[2] > right[2]
        ):
            left[2] += 1
            right[0], right[1], right[2] = right[0] + 1, right[1] + 1, right[2] - 1
    return [Block(*block) for block in found if block[2]]


def _trimmed(blocks: list[Block], quoted: Sequence[str]) -> list[Block]:
    """The blocks without those at either end that are equal by chance."""
    while len(blocks) > 1 and _by_chance(blocks[0], blocks[1], blocks[0], quoted):
        blocks = blocks[1:]
    while len(blocks) > 1 and _by_chance(blocks[-2], blocks[-1], blocks[-1], quoted):
        blocks = blocks[:-1]
    return blocks


def _extended(blocks: list[Block], quoted: Sequence[str], source: Sequence[str]) -> list[Block]:
    """The blocks, with the words beside the first and the last one that are equal, too."""
    at, there, size = blocks[0]
    while at and there and quoted[at - 1] == source[there - 1]:
        at, there, size = at - 1, there - 1, size + 1
    blocks = [Block(at, there, size), *blocks[1:]]
    at, there, size = blocks[-1]
    while (
        at + size < len(quoted) and there + size < len(source) and quoted[at + size] == source[there + size]
    ):
        size += 1
    return [*blocks[:-1], Block(at, there, size)]


def _by_chance(left: Block, right: Block, outer: Block, quoted: Sequence[str]) -> bool:
    apart = right.source - left.source - left.size
    words = quoted[outer.quoted : outer.quoted + outer.size]
    return apart > _FAR * len(words) and (len(words) <= _CHANCE or not any(map(is_content, words)))


def _differences(
    blocks: Sequence[Block],
    quoted: int,
    source: int,
    gaps: dict[int, str],
    begins: Callable[[int], bool],
) -> list[Difference]:
    found = []
    first, last = blocks[0], blocks[-1]
    if first.quoted:
        start = first.source
        while start > max(0, first.source - first.quoted) and not begins(start):
            start -= 1
        marked = any(at in gaps for at in range(first.quoted + 1))
        found.append(Difference((0, first.quoted), (start, first.source), marked, False))
    for left, right in pairwise(blocks):
        words = left.quoted + left.size, right.quoted
        marked = any(at in gaps for at in range(words[0], words[1] + 1))
        found.append(Difference(words, (left.source + left.size, right.source), marked, True))
    # A gap within equal words stands for no words of the source.
    behind = last.quoted + last.size
    if behind < quoted:
        stop = last.source + last.size
        while stop < min(source, last.source + last.size + quoted - behind) and not begins(stop):
            stop += 1
        marked = any(at in gaps for at in range(behind, quoted + 1))
        found.append(Difference((behind, quoted), (last.source + last.size, stop), marked, False))
    return found
