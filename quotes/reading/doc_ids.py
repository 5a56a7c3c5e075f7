"""Names for documents: short, and no two alike."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

STDIN_ID = "stdin"


def doc_ids(paths: Sequence[Path | None]) -> list[str]:
    """One id a path, in order; None stands for standard input, whose id is "stdin".

    An id is the file's name without its last suffix. Where two would be alike, as many parent folders are
    put before them as tell them apart ("a/story", "b/story"); two of one folder keep their suffixes.
    """
    locations = [None if path is None else _absolute(path) for path in paths]
    stems = Counter((place.parent, place.stem) for place in locations if place is not None)
    names = [
        STDIN_ID if place is None else place.name if stems[place.parent, place.stem] > 1 else place.stem
        for place in locations
    ]
    folders = [() if place is None else place.parent.parts[1:] for place in locations]
    ids = [_readable(name) for name in names]
    depths = [0] * len(ids)
    while climbing := _climbing(ids, depths, folders):
        for index in climbing:
            depths[index] += 1
            ids[index] = _readable("/".join((*folders[index][-depths[index] :], names[index])))
    return _numbered(ids)


def _climbing(ids: Sequence[str], depths: Sequence[int], folders: Sequence[tuple[str, ...]]) -> list[int]:
    """Find the ids that stand more than once and have a folder left to put before them."""
    seen = Counter(ids)
    return [index for index, name in enumerate(ids) if seen[name] > 1 and depths[index] < len(folders[index])]


def _numbered(ids: Sequence[str]) -> list[str]:
    """Put numbers to names that no folder tells apart: "story", "story~2"."""
    given = set(ids)
    used: set[str] = set()
    result = []
    for name in ids:
        candidate, number = name, 1
        while candidate in used or (number > 1 and candidate in given):
            number += 1
            candidate = f"{name}~{number}"
        used.add(candidate)
        result.append(candidate)
    return result


def _readable(name: str) -> str:
    """Make a file name in no known encoding fit for JSON: its broken bytes become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def _absolute(path: Path) -> Path:
    # Not Path.resolve(): a link is filed under its own name and folder, not under its target's.
    return Path(os.path.abspath(path))  # noqa: PTH100
