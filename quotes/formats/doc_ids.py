"""Ids of documents: short, and all different; and sets of millions of names.

/news/a/story.txt and /news/b/story.txt → "a/story", "b/story"

Of each name only a hash of eight bytes is held. The chance that two of ten million names have the same hash
is about 3 in a million.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

# So many new names are held in a set before they are sorted into a list.
_RECENT = 1 << 16

STDIN_ID = "stdin"

#: A path, or None for standard input.
Place = str | Path | None


def doc_ids(paths: Sequence[Place]) -> list[str]:
    """The ids of all paths, in order, as `DocIds` gives them."""
    ids = DocIds(lambda: paths)
    return [ids.of(path) for path in paths]


class DocIds:
    """Gives each path an id; None stands for standard input, whose id is "stdin".

    An id is the file's name without its last suffix. If several files would have the same id, parent folders
    are put before it until all ids differ ("a/story", "b/story"); files of one folder keep their suffixes.

    `walk` returns all paths, each once, and may be called several times. There may be millions, so no path is
    kept: eight bytes of each are held, and a few more if the file name alone is not unique.
    """

    def __init__(self, walk: Callable[[], Iterable[Place]]) -> None:
        self._walk = walk
        self._doubled = Hashes()  # stems that occur more than once in one folder
        self._depths = Numbers()  # how many parent folders an id needs
        self._numbered: dict[_Place, str] = {}
        stems = Hashes(hash(_readable(place.stem)) for place in self._places())
        repeated = stems.repeated()
        if not repeated:
            return
        self._doubled = Hashes(
            place.slot for place in self._places() if hash(_readable(place.stem)) in repeated
        ).repeated()
        self._tell_apart()

    def of(self, path: Place) -> str:
        """The id of one of the paths."""
        place = _place(path)
        return self._numbered.get(place) or self._named(place, self._depths[hash(place)])

    def _places(self) -> Iterable[_Place]:
        return map(_place, self._walk())

    def _named(self, place: _Place, depth: int) -> str:
        """The id of a place with `depth` parent folders before its name."""
        name = place.name if place.slot in self._doubled else place.stem
        folders = place.folder.rsplit("/", depth)[1:] if depth else []
        return _readable("/".join((*folders, name)))

    def _tell_apart(self) -> None:
        """Put folders before ids that occur more than once, until none does or no folder is left."""
        repeated = Hashes()
        while True:
            ids, deep, depths = array("q"), array("q"), array("H")
            extended = False
            for place in self._places():
                depth = self._depths[hash(place)]
                doc_id = self._named(place, depth)
                if hash(doc_id) in repeated and depth < place.folder.count("/"):
                    depth, extended = depth + 1, True
                    doc_id = self._named(place, depth)
                if depth:
                    deep.append(hash(place))
                    depths.append(depth)
                ids.append(hash(doc_id))
            self._depths, given = Numbers(deep, depths), Hashes(ids)
            if repeated and not extended:
                self._number(given, repeated)
                return
            repeated = given.repeated()
            if not repeated:
                return

    def _number(self, given: Hashes, repeated: Hashes) -> None:
        """Number the files whose folders don't distinguish them: "story", "story~2"."""
        used: set[str] = set()
        for place in self._places():
            name = candidate = self._named(place, self._depths[hash(place)])
            if hash(name) not in repeated:
                continue
            number = 1
            while candidate in used or (number > 1 and hash(candidate) in given):
                number += 1
                candidate = f"{name}~{number}"
            used.add(candidate)
            self._numbered[place] = candidate


class _Place(NamedTuple):
    """A path split into "/folder/folder" and "name.suffix"; the folder of "/name" is ""."""

    folder: str
    name: str
    is_file: bool = True

    @property
    def slot(self) -> int:
        """A hash that is equal for files of one folder whose names differ only in the suffix."""
        return hash((self.folder, self.stem))

    @property
    def stem(self) -> str:
        stem, dot, suffix = self.name.rpartition(".")
        return stem if dot and stem and suffix else self.name


def _place(path: Place) -> _Place:
    if path is None:
        return _Place("", STDIN_ID, is_file=False)
    # Not Path.resolve(): a link gets the id of its own name and folder, not of its target's.
    place = os.path.abspath(path)  # noqa: PTH100
    folder, _, name = place.replace(os.sep, "/").rpartition("/")
    return _Place(folder, name)


def _readable(name: str) -> str:
    """The file name for JSON: bytes that are not UTF-8 become U+FFFD."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")


class Hashes:
    """A sorted list of hashes, built once for many look-ups."""

    def __init__(self, values: Iterable[int] = ()) -> None:
        self._sorted = _in_order(array("q", values))

    def __len__(self) -> int:
        return len(self._sorted)

    def __contains__(self, value: int) -> bool:
        at = bisect_left(self._sorted, value)
        return at < len(self._sorted) and self._sorted[at] == value

    def repeated(self) -> Hashes:
        """The hashes that occur more than once, each once."""
        found = Hashes()
        if len(self) < 2:
            return found
        import numpy as np  # spaCy requires it; slow to import

        values = np.frombuffer(self._sorted, dtype=np.int64)
        found._sorted = array("q", np.unique(values[1:][values[1:] == values[:-1]]).tobytes())
        return found

    def distinct(self) -> int:
        """The number of different hashes."""
        if len(self) < 2:
            return len(self)
        import numpy as np

        values = np.frombuffer(self._sorted, dtype=np.int64)
        return int((values[1:] != values[:-1]).sum()) + 1


class Numbers:
    """A map from hashes to small numbers, sorted once for many look-ups; 0 for a hash that is missing."""

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
    """A set of names to which more are added."""

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
        """Add a name. Returns whether it is new."""
        if name in self:
            return False
        self._recent.add(hash(name))
        self._count += 1
        if len(self._recent) == _RECENT:
            self._sort_recent()
        return True

    def _sort_recent(self) -> None:
        """Move the recent names to a sorted list. Lists of similar length are merged, so there are few."""
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
