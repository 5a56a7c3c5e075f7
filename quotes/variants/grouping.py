"""One person's wordings → groups, each around its longest wording.

Each wording joins the longest one that it is a variant of, and never a mere neighbour of it: with chains, a
statement would turn into another by small steps. Wordings are taken from the longest to the shortest, so the
order of the input has no say.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from quotes.variants.candidates import NearIndex, RunIndex
from quotes.variants.verdict import FEWEST_EXACT, Verdict, can_differ, compare, contained
from quotes.variants.words import Wording


class Member(NamedTuple):
    """A wording in a group, and how it differs from the group's longest, which has no verdict."""

    wording: Wording
    verdict: Verdict | None


def group(wordings: Collection[Wording]) -> list[list[Member]]:
    """Put variants together, the longest first; a wording that is nobody's variant is a group of its own.

    Those of fewer than five words are left out. `wordings` must be different from one another.
    """
    ordered = sorted(
        (wording for wording in wordings if len(wording.words) >= FEWEST_EXACT),
        key=lambda wording: (-len(wording.words), wording.sequence, wording.tokens),
    )
    if len(ordered) == 1:  # as most people have: no index is worth its while
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
        """Put the wording of this number, the longest that isn't placed, where it belongs."""
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
        """The groups that contain this wording. Two are enough: nobody knows then of which it is a part."""
        found: set[int] = set()
        for number in self._runs.containing(wording):
            home = self._group_of[number]
            if home not in found and contained(self._ordered[number], wording):
                found.add(home)
                if len(found) == 2:
                    break
        return found

    def _nearest(self, number: int) -> int | None:
        """The group whose longest wording this one comes closest to; of equally close ones, the longest."""
        wording, numbers = self._ordered[number], self._near.like(number)
        if len(wording.runs) > 1:  # What stands in its gaps may be more than the index of rare words allows.
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
        """The verdict on a part of a group's other wording: it shares the change of that one."""
        for member in self.groups[home][1:]:
            if contained(member.wording, wording):
                return member.verdict
        return None
