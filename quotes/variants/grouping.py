"""Group one person's wordings, each around its longest one, and find which are worth comparing.

“We will rebuild the pier by spring”  “We will … rebuild the pier”  “It’s over, folks, go home”  →  two groups

Each wording joins the longest wording that it is a variant of, never a mere neighbour of it: in chains, a
statement could turn into another in small steps. Wordings are taken from the longest to the shortest, so the
result does not depend on the order of the input.

Two inverted indexes find what to compare, miss nothing, and avoid comparing all pairs. *Prefix filtering*
(Chaudhuri, Ganti and Kaushik, ICDE 2006; Bayardo, Ma and Srikant, WWW 2007): two wordings that share at least
seven in ten of their words also share one of their rarest four in ten. *Runs of four words*: a wording
contains all runs of its parts, so the run that occurs in the fewest wordings gives all that can contain a
part. Libraries for this, such as datasketch, use MinHash, which misses some pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from quotes.variants.verdict import FEWEST_EXACT, MOST_CHANGED, Verdict, can_differ, compare, contained
from quotes.variants.words import Wording

_RUN: Final = 4

Token = tuple[str, int]


class Member(NamedTuple):
    """A wording in a group, and its difference from the group's longest; None for the longest itself."""

    wording: Wording
    verdict: Verdict | None


def group(wordings: Collection[Wording]) -> list[list[Member]]:
    """Group variants, the longest first; a wording without variants is a group of its own.

    Wordings of fewer than five words are left out. `wordings` must not contain duplicates.
    """
    ordered = sorted(
        (wording for wording in wordings if len(wording.words) >= FEWEST_EXACT),
        key=lambda wording: (-len(wording.words), wording.sequence, wording.tokens),
    )
    if len(ordered) == 1:  # as for most people; needs no index
        return [[Member(ordered[0], None)]]
    grouping = _Grouping(ordered)
    for number in range(len(ordered)):
        grouping.place(number)
    return grouping.groups


class _Grouping:
    def __init__(self, ordered: list[Wording]) -> None:
        self._ordered = ordered
        self._near = NearIndex(ordered)
        self._runs = RunIndex()
        self._spelled: dict[tuple[str, ...], int] = {}
        self._group_of: list[int] = []
        self.groups: list[list[Member]] = []

    def place(self, number: int) -> None:
        """Add the wording of this number, the longest that is not placed yet, to its group."""
        wording = self._ordered[number]
        home = self._spelled.get(wording.sequence)
        if home is None and can_differ(wording):
            containers = self._containers(wording)
            if not containers:
                home = self._nearest(number)
            elif len(containers) == 1:
                home = containers.pop()
        if home is None:
            home = len(self.groups)
            self.groups.append([Member(wording, None)])
            self._near.add(number)
        else:
            center = self.groups[home][0].wording
            verdict = compare(center, wording) or self._part_of(home, wording)
            self.groups[home].append(Member(wording, verdict))
        self._group_of.append(home)
        self._spelled.setdefault(wording.sequence, home)
        self._runs.add(number, wording)

    def _containers(self, wording: Wording) -> set[int]:
        """The groups that contain this wording; at most two, because two already make it ambiguous."""
        found: set[int] = set()
        for number in self._runs.containing(wording):
            home = self._group_of[number]
            if home not in found and contained(self._ordered[number], wording):
                found.add(home)
                if len(found) == 2:
                    break
        return found

    def _nearest(self, number: int) -> int | None:
        """The group with the most similar longest wording; among equals, the longest."""
        wording, numbers = self._ordered[number], self._near.like(number)
        if len(wording.runs) > 1:  # Its gaps may hide more words than the index of rare words allows.
            numbers.update(filter(self._is_center, self._runs.containing(wording)))
        best: tuple[float, int] | None = None
        for other in sorted(numbers):
            verdict = compare(self._ordered[other], wording)
            if verdict and (best is None or verdict.similarity > best[0]):
                best = verdict.similarity, self._group_of[other]
        return best[1] if best else None

    def _is_center(self, number: int) -> bool:
        return self.groups[self._group_of[number]][0].wording is self._ordered[number]

    def _part_of(self, home: int, wording: Wording) -> Verdict | None:
        """The verdict on a part of another wording of the group: that wording's verdict."""
        for member in self.groups[home][1:]:
            if contained(member.wording, wording):
                return member.verdict
        return None


class NearIndex:
    """Finds, among the added wordings, those that may differ from another in few words.

    `wordings` are all that will be added or looked up; other methods take their indices in this list.
    """

    def __init__(self, wordings: Sequence[Wording]) -> None:
        tokens = [list(_numbered(wording.words)) for wording in wordings]
        # Rarity only orders the words: any order finds the same pairs, this one finds them fast.
        rarity = Counter(token for each in tokens for token in each)
        self._rarest = [_rarest(each, rarity) for each in tokens]
        self._having: dict[Token, list[int]] = {}

    def add(self, number: int) -> None:
        """Add a wording."""
        for token in self._rarest[number]:
            self._having.setdefault(token, []).append(number)

    def like(self, number: int) -> set[int]:
        """The numbers of all added wordings that may be near this one."""
        return {found for token in self._rarest[number] for found in self._having.get(token, ())}


class RunIndex:
    """Finds, among the added wordings, those that may contain another."""

    def __init__(self) -> None:
        self._having: dict[int, list[int]] = {}
        self._numbers: dict[str, int] = {}

    def add(self, number: int, wording: Wording) -> None:
        """Add a wording under its number."""
        for run in wording.runs:
            for hashed in self._hashed(run):
                having = self._having.setdefault(hashed, [])
                if not having or having[-1] != number:
                    having.append(number)

    def containing(self, wording: Wording) -> Sequence[int]:
        """The numbers of all that may contain this one; none if it has no four words in a row."""
        fewest: Sequence[int] | None = None
        for segment in wording.segments:
            for hashed in self._hashed(segment):
                having = self._having.get(hashed, ())
                if fewest is None or len(having) < len(fewest):
                    fewest = having
        return fewest or ()

    def _hashed(self, words: Sequence[str]) -> Iterator[int]:
        # Numbers need a fraction of the memory of strings, and their hashes are the same in every process.
        ids = [self._numbers.setdefault(word, len(self._numbers)) for word in words]
        for at in range(len(ids) - _RUN + 1):
            yield hash(tuple(ids[at : at + _RUN]))


def _numbered(words: Sequence[str]) -> Iterator[Token]:
    """Number the occurrences of a word, so that a set counts each."""
    count: Counter[str] = Counter()
    for word in words:
        count[word] += 1
        yield word, count[word]


def _rarest(tokens: list[Token], rarity: Mapping[Token, int]) -> list[Token]:
    """The rarest words: a wording that shares none of them shares too few words in total."""
    must_share = -(-len(tokens) * (10 - MOST_CHANGED) // 10)
    tokens = sorted(tokens, key=lambda token: (rarity[token], token))
    return tokens[: len(tokens) - must_share + 1]
