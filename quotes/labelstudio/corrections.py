"""What a person gave, told from what was pre-filled: where the two stand side by side, the person counts.

A reviewer who draws a second *said by* from a quotation means the new one, and need not delete the old one;
a name that was pre-filled for the old speaker must not stay with the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quotes.labelstudio.regions import Marks, Region


@dataclass(frozen=True, slots=True)
class Corrections:
    """One annotation's marks beside the prediction's that they began as; None where that isn't known."""

    now: Marks
    before: Marks | None

    def value(self, control: str, parts: Sequence[Region]) -> tuple[str | None, bool]:
        """The value of a control on the parts of one quotation, and whether a person gave it.

        A person's value counts before a pre-filled one, an earlier part's before a later one's. A
        pre-filled value that a person took away is gone: (None, True).
        """
        cleared = False
        prefilled = None
        for part in parts:
            value, given = self._value(control, part)
            if given and value is not None:
                return value, True
            cleared = cleared or given
            prefilled = prefilled if prefilled is not None else value
        return (None, True) if cleared else (prefilled, False)

    def target(self, role: str, parts: Sequence[Region]) -> tuple[Region | None, Region | None, int]:
        """The Speaker or Cue that counts for a quotation, the pre-filled one, and how many were drawn.

        The last one that a person drew counts; else the pre-filled one of the earliest part, if it is still
        there.
        """
        here = _targets(self.now, role, parts)
        if self.before is None:
            # Relations stand in the order in which they were made: pre-filled ones before drawn ones.
            was = here[0] if here and not any(part.manual for part in parts) else None
            return (here[-1] if here else None), was, max(0, len(here) - 1)
        there = _targets(self.before, role, parts)
        old = {region.id for region in there}
        drawn = [region for region in here if region.id not in old]
        counts = drawn[-1] if drawn else self._earliest(self.now, role, parts)
        return counts, self._earliest(self.before, role, parts), len(drawn)

    def added(self, parts: Iterable[Region]) -> bool:
        """Whether no part of a quotation was pre-filled."""
        if self.before is None:
            return all(part.manual for part in parts)
        return not any(part.id in self.before.regions for part in parts)

    def loose(self, role: str) -> Iterator[Region]:
        """The regions of a role that a person drew and that no relation holds."""
        for region in self.now.regions.values():
            if region.role == role and region.id not in self.now.ties and self.added([region]):
                yield region

    @staticmethod
    def _earliest(marks: Marks, role: str, parts: Sequence[Region]) -> Region | None:
        """What the earliest part that is tied to any region of a role is tied to, last if to several."""
        tied = (_targets(marks, role, [part]) for part in parts)
        return next((regions[-1] for regions in tied if regions), None)

    def _value(self, control: str, part: Region) -> tuple[str | None, bool]:
        value = part.values.get(control)
        if self.before is None:
            return value, part.drawn and value is not None
        there = self.before.regions.get(part.id)
        prefilled = there.values.get(control) if there else None
        if _words(value) == _words(prefilled):
            return prefilled, False
        return value, True


def _targets(marks: Marks, role: str, parts: Iterable[Region]) -> list[Region]:
    """The regions of a role at the other end of the parts' relations, whichever way these were drawn."""
    ties = {number: region for part in parts for number, region in marks.ties.get(part.id, ())}
    return [ties[number] for number in sorted(ties) if ties[number].role == role]


def _words(value: str | None) -> list[str]:
    return (value or "").split()
