"""Names by the million: of each only a hash is kept, eight bytes.

Two different names have one hash by accident with a chance of about 3 in a million among ten million names.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

_RECENT = 1 << 16


class Hashes:
    """A sorted list of hashes that is made once and looked up often."""

    def __init__(self, values: Iterable[int] = ()) -> None:
        self._sorted = _in_order(array("q", values))

    def __len__(self) -> int:
        return len(self._sorted)

    def __contains__(self, value: int) -> bool:
        at = bisect_left(self._sorted, value)
        return at < len(self._sorted) and self._sorted[at] == value

    def repeated(self) -> Hashes:
        """Those that stand more than once, each of them once."""
        found = Hashes()
        if len(self) < 2:
            return found
        import numpy as np  # with spaCy it is there, but slow to import

        values = np.frombuffer(self._sorted, dtype=np.int64)
        found._sorted = array("q", np.unique(values[1:][values[1:] == values[:-1]]).tobytes())
        return found

    def distinct(self) -> int:
        """How many different ones there are."""
        if len(self) < 2:
            return len(self)
        import numpy as np

        values = np.frombuffer(self._sorted, dtype=np.int64)
        return int((values[1:] != values[:-1]).sum()) + 1


class Numbers:
    """Small numbers by hashes, sorted once and looked up often; 0 is for those that aren't there."""

    def __init__(self, hashes: array[int] | None = None, numbers: array[int] | None = None) -> None:
        self._hashes, self._numbers = hashes or array("q"), numbers or array("H")
        if not self._hashes:
            return
        import numpy as np

        order = np.argsort(np.frombuffer(self._hashes, dtype=np.int64))
        self._numbers = array("H", np.frombuffer(self._numbers, dtype=np.uint16)[order].tobytes())
        self._hashes = _in_order(self._hashes)

    def __getitem__(self, value: int) -> int:
        at = bisect_left(self._hashes, value)
        return self._numbers[at] if at < len(self._hashes) and self._hashes[at] == value else 0


class Names:
    """A growing set of names."""

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._older: list[Hashes] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, name: object) -> bool:
        value = hash(name)
        return value in self._recent or any(value in older for older in self._older)

    def add(self, name: str) -> bool:
        """Put a name in; say whether it is new."""
        if name in self:
            return False
        self._recent.add(hash(name))
        self._count += 1
        if len(self._recent) == _RECENT:
            self._put_away()
        return True

    def _put_away(self) -> None:
        """Sort the recent ones in; lists of about one length are merged, so that there are few."""
        values = array("q", self._recent)
        while self._older and len(self._older[-1]) <= len(values):
            values.extend(self._older.pop()._sorted)
        self._older.append(Hashes(values))
        self._recent = set()


def _in_order(values: array[int]) -> array[int]:
    if len(values) > 1:
        import numpy as np

        np.frombuffer(values, dtype=np.int64).sort()
    return values
