"""Whether two wordings of one speaker are the same utterance, and what differs.

I have not had a discussion with him about that  |  I have not had that discussion with him  →  words
We sent 15 boats out that night, all of them …   |  We sent 50 boats out that night, all …   →  facts
We will rebuild the pier by spring               |  We will rebuild the school by spring     →  two utterances
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from quotes.variants.words import FILL, GAP, PRONOUNS, Wording, is_content, is_fact

#: What a wording changes compared with the longest one of its utterance, the smallest change first.
#: `none`: nothing. `marks`: case, punctuation, division into parts. `spelling`: short forms, numbers in
#: letters. `cut`: it is shorter, or has an ellipsis. `brackets`: it contains words of the writer. `words`:
#: different words. `facts`: a different number or negation.
Change = Literal["none", "marks", "spelling", "cut", "brackets", "words", "facts"]
CHANGES: Final[tuple[Change, ...]] = ("none", "marks", "spelling", "cut", "brackets", "words", "facts")
CHANGING_WORDS: Final[frozenset[Change]] = frozenset({"words", "facts"})

#: Wordings with fewer words are never grouped.
FEWEST_EXACT: Final = 5
#: The fewest words of a wording that may differ from another, or be a part of it.
FEWEST_WORDS: Final = 6
#: The fewest content words among these: "and that is what it is" could be said at any time.
FEWEST_CONTENT: Final = 2
#: The most aligned words that may differ, in tenths.
MOST_CHANGED: Final = 3
#: The number of equal words required for each content word that is exchanged, or left out.
SAME_PER_EXCHANGED: Final = 15
SAME_PER_LEFT_OUT: Final = 6
#: The most words that brackets may replace.
LONGEST_FILL: Final = 8


class Verdict(NamedTuple):
    """Two wordings are one utterance; `differences` are pairs of words in the longer and the other one."""

    change: Change
    similarity: float
    differences: tuple[tuple[str, str], ...] = ()


class _Block(NamedTuple):
    """Words at the same place of two wordings that differ."""

    left: Sequence[str]
    right: Sequence[str]

    @property
    def changed(self) -> int:
        return max(len(self.left), len(self.right))

    @property
    def gap(self) -> str | None:
        for gap in (GAP, FILL):
            if gap in self.left or gap in self.right:
                return gap
        return None


def compare(longer: Wording, other: Wording) -> Verdict | None:
    """The verdict; None if they are two utterances, or too short to decide."""
    if longer.sequence == other.sequence:
        return Verdict("marks" if longer.tokens == other.tokens else "spelling", 1.0)
    return contained(longer, other) or near(longer, other)


def can_differ(wording: Wording) -> bool:
    """Whether a wording is long and specific enough to be recognised if it differs."""
    words = wording.words
    return len(words) >= FEWEST_WORDS and sum(map(is_content, words)) >= FEWEST_CONTENT


def contained(longer: Wording, other: Wording) -> Verdict | None:
    """The verdict if the longer wording contains the other's words: in one run, or in several at its gaps."""
    if not can_differ(other) or len(other.words) > len(longer.words):
        return None
    hard = tuple(joint for joint in other.joints if joint)
    if _in_order(longer.spaced, other.runs, hard) or (
        len(other.segments) > len(other.runs) and _in_order(longer.spaced, other.segments, other.joints)
    ):
        change: Change = "brackets" if FILL in other.tokens else "cut"
        return Verdict(change, len(other.words) / len(longer.words))
    return None


def _in_order(text: str, runs: Sequence[Sequence[str]], joints: Sequence[str]) -> bool:
    """Whether all runs stand in the text one behind the other, brackets not for many words."""
    if len(runs) > 1 and min(map(len, runs)) < 2:
        return False
    end = 0
    for number, run in enumerate(runs):
        words = f" {' '.join(run)} "
        start = text.find(words, max(0, end - 1))
        if start < 0:
            return False
        if number and joints[number - 1] == FILL and text.count(" ", end, start + 1) > LONGEST_FILL:
            return False
        end = start + len(words)
    return True


def near(longer: Wording, other: Wording) -> Verdict | None:
    """Whether the two differ by little enough: the rule of docs/variants.md."""
    ours, theirs = longer.sequence, other.sequence
    shorter = min(len(longer.words), len(other.words))
    gapped = bool(len(longer.runs) > 1 or len(other.runs) > 1 or FILL in ours or FILL in theirs)
    most = shorter * MOST_CHANGED // (10 - MOST_CHANGED)
    if shorter < FEWEST_WORDS or (
        not gapped and Levenshtein.distance(ours, theirs, score_cutoff=most) > most
    ):
        return None
    same, blocks = _aligned(ours, theirs)
    said = [block for block in blocks if block.gap is None]
    changed = sum(block.changed for block in said)
    matched = len(same)
    if matched < FEWEST_WORDS or 10 * changed > MOST_CHANGED * (matched + changed):
        return None
    needed = sum(map(_needed, said))
    if needed:  # What a gap hides may be as different again.
        needed += SAME_PER_EXCHANGED * (len(blocks) - len(said))
    if sum(map(is_content, same)) < FEWEST_CONTENT or matched < needed:
        return None
    if any(map(_hides, blocks)):
        return None
    return Verdict(
        _change(blocks),
        matched / (matched + changed),
        tuple((" ".join(block.left), " ".join(block.right)) for block in blocks),
    )


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> tuple[list[str], list[_Block]]:
    """The equal words, and the blocks that differ, in order; adjacent edits are one block."""
    same: list[str] = []
    blocks: list[_Block] = []
    open_ = False
    for operation in Levenshtein.opcodes(ours, theirs):
        left = ours[operation.src_start : operation.src_end]
        right = theirs[operation.dest_start : operation.dest_end]
        if operation.tag == "equal":
            same += _without_gaps(left)
        elif open_:
            blocks[-1] = _Block((*blocks[-1].left, *left), (*blocks[-1].right, *right))
        else:
            blocks.append(_Block(left, right))
        open_ = operation.tag != "equal"
    return same, blocks


def _needed(block: _Block) -> int:
    """How many words must be equal for this block to be an edit and not another statement."""
    left = {word for word in block.left if is_content(word)}
    right = {word for word in block.right if is_content(word)}
    exchanged = min(len(left - right), len(right - left))
    left_out = len(left ^ right) - 2 * exchanged
    who = {*block.left} & PRONOUNS, {*block.right} & PRONOUNS
    if all(who) and who[0] != who[1]:
        exchanged += 1
    if _changes_facts(block) and not exchanged:
        exchanged, left_out = 1, max(0, left_out - 1)
    return SAME_PER_EXCHANGED * exchanged + SAME_PER_LEFT_OUT * left_out


def _changes_facts(block: _Block) -> bool:
    return sorted(filter(is_fact, block.left)) != sorted(filter(is_fact, block.right))


def _hides(block: _Block) -> bool:
    """Whether a gap hides too much: other content words beside it, or too many words in brackets."""
    for side in (block.left, block.right):
        if (GAP in side or FILL in side) and any(map(is_content, _without_gaps(side))):
            return True
    return block.gap == FILL and block.changed > LONGEST_FILL


def _without_gaps(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in (GAP, FILL)]


def _change(blocks: Sequence[_Block]) -> Change:
    said = [block for block in blocks if block.gap is None]
    if any(map(_changes_facts, said)):
        return "facts"
    if said:
        return "words"
    return "brackets" if any(block.gap == FILL for block in blocks) else "cut"
