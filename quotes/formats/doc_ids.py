"""Names for documents: short, and no two alike."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from quotes.formats.hashes import Hashes, Numbers

STDIN_ID = "stdin"

#: A path, or None for standard input.
Place = str | Path | None


def doc_ids(paths: Sequence[Place]) -> list[str]:
    """Give one id a path, in order, as `DocIds` does."""
    ids = DocIds(lambda: paths)
    return [ids.of(path) for path in paths]


class DocIds:
    """Gives each path an id; None stands for standard input, whose id is "stdin".

    An id is the file's name without its last suffix. Where two would be alike, as many parent folders are
    put before them as tell them apart ("a/story", "b/story"); two of one folder keep their suffixes.

    `walk` gives all the paths, each of them once, and as often as it is asked: there may be millions, so
    none is kept. Of each, eight bytes are held meanwhile, and some more of those that aren't named by their
    stems alone.
    """

    def __init__(self, walk: Callable[[], Iterable[Place]]) -> None:
        self._walk = walk
        self._doubled = Hashes()  # stems that stand more than once in one folder
        self._depths = Numbers()  # how many folders a place needs
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
        """The id of a place with so many folders before its name."""
        name = place.name if place.slot in self._doubled else place.stem
        folders = place.folder.rsplit("/", depth)[1:] if depth else []
        return _readable("/".join((*folders, name)))

    def _tell_apart(self) -> None:
        """Put folders before ids that stand more than once, until none does or none has a folder left."""
        repeated = Hashes()
        while True:
            ids, raised, depths = array("q"), array("q"), array("H")
            climbed = False
            for place in self._places():
                depth = self._depths[hash(place)]
                doc_id = self._named(place, depth)
                if hash(doc_id) in repeated and depth < place.folder.count("/"):
                    depth, climbed = depth + 1, True
                    doc_id = self._named(place, depth)
                if depth:
                    raised.append(hash(place))
                    depths.append(depth)
                ids.append(hash(doc_id))
            self._depths, given = Numbers(raised, depths), Hashes(ids)
            if repeated and not climbed:
                self._number(given, repeated)
                return
            repeated = given.repeated()
            if not repeated:
                return

    def _number(self, given: Hashes, repeated: Hashes) -> None:
        """Put numbers to names that no folder tells apart: "story", "story~2"."""
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
    """A path parted into "/folder/folder" and "name.suffix"; the folder of "/name" is ""."""

    folder: str
    name: str
    is_file: bool = True

    @property
    def slot(self) -> int:
        """The same for files of one folder that differ in their suffixes alone."""
        return hash((self.folder, self.stem))

    @property
    def stem(self) -> str:
        stem, dot, suffix = self.name.rpartition(".")
        return stem if dot and stem and suffix else self.name


def _place(path: Place) -> _Place:
    if path is None:
        return _Place("", STDIN_ID, is_file=False)
    # Not Path.resolve(): a link is filed under its own name and folder, not under its target's.
    place = os.path.abspath(path)  # noqa: PTH100
    folder, _, name = place.replace(os.sep, "/").rpartition("/")
    return _Place(folder, name)


def _readable(name: str) -> str:
    """Make a file name in no known encoding fit for JSON: its broken bytes become U+FFFD."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")
