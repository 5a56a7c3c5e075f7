"""Names for documents: short, and no two alike."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

STDIN_ID = "stdin"


def doc_ids(paths: Sequence[Path | None]) -> list[str]:
    """Give one id a path, in order; None stands for standard input, whose id is "stdin".

    An id is the file's name without its last suffix. Where two would be alike, as many parent folders are
    put before them as tell them apart ("a/story", "b/story"); two of one folder keep their suffixes.
    """
    # As strings, not as paths: there may be millions.
    places = [("", STDIN_ID) if path is None else _folder_and_name(path) for path in paths]
    stems = Counter((folder, _stem(name)) for folder, name in places)
    names = [name if stems[folder, _stem(name)] > 1 else _stem(name) for folder, name in places]
    ids = [_readable(name) for name in names]
    depths = [0] * len(ids)
    while climbing := _climbing(ids, depths, [folder for folder, _ in places]):
        for index in climbing:
            depths[index] += 1
            folders = places[index][0].rsplit("/", depths[index])[1:]
            ids[index] = _readable("/".join((*folders, names[index])))
    return _numbered(ids)


def _climbing(ids: Sequence[str], depths: Sequence[int], folders: Sequence[str]) -> list[int]:
    """Find the ids that stand more than once and have a folder left to put before them."""
    seen = Counter(ids)
    return [i for i, name in enumerate(ids) if seen[name] > 1 and depths[i] < folders[i].count("/")]


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


def _folder_and_name(path: Path) -> tuple[str, str]:
    """Split a path into "/folder/folder" and "name.suffix"; the folder of "/name" is ""."""
    # Not Path.resolve(): a link is filed under its own name and folder, not under its target's.
    place = os.path.abspath(path)  # noqa: PTH100
    folder, _, name = place.replace(os.sep, "/").rpartition("/")
    return folder, name


def _stem(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and stem and suffix else name


def _readable(name: str) -> str:
    """Make a file name in no known encoding fit for JSON: its broken bytes become U+FFFD."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")
