"""Which documents of a run's inputs are left to do.

The driver holds a digest of each document's id, 16 bytes: so it knows which ids come twice and which
documents an earlier run has done, wherever they are, and each task is told which ones to pass over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from quotes.files.inputs import repeated_id
from quotes.running.on_ray_inputs import Share, documents

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Digests = NDArray[np.bytes_]

_DIGEST = 16  # bytes


class Index(NamedTuple):
    """The digests of a share's ids, in order, 16 bytes each, and what can't be read of it."""

    digests: bytes
    problems: list[str]


def index(share: Share) -> Index:
    """Look what is in a share; files of one document each aren't opened, for their ids are known."""
    if not share.many:
        return Index(b"".join(digest(file.doc_id) for file in share.files), [])
    problems: list[str] = []
    found = documents(share, lambda error: problems.append(str(error)))
    return Index(b"".join(digest(document.doc_id) for document in found), problems)


def repeated(share: Share, numbers: Sequence[int]) -> list[str]:
    """What to tell of the documents with these numbers, whose ids others have that come before."""
    wanted = set(numbers)
    if not share.many:
        return [repeated_id(f.shown, 1, f.doc_id) for n, f in enumerate(share.files) if n in wanted]
    where = share.files[0].shown
    read = enumerate(documents(share, lambda _: None))
    return [repeated_id(where, n + 1, document.doc_id) for n, document in read if n in wanted]


class Plan(NamedTuple):
    """Shares with what is left to do of each, how many documents that is, and whose ids come again."""

    shares: list[Share]
    total: int
    repeated: list[tuple[Share, list[int]]]


def plan(shares: Sequence[Share], indexes: Sequence[bytes], done: bytes) -> Plan:
    """Leave out what is done, and all documents but the first of those that have one id."""
    import numpy as np

    first = _first(_digests(b"".join(indexes)))
    finished = np.sort(_digests(done))
    result = Plan([], 0, [])
    end = total = 0
    for share, its in zip(shares, indexes, strict=True):
        start, end = end, end + len(its) // _DIGEST
        if not first[start:end].all():
            result.repeated.append((share, np.flatnonzero(~first[start:end]).tolist()))
        keep = first[start:end] & ~_among(_digests(its), finished)
        if not keep.any():
            continue
        total += int(keep.sum())
        if share.many:
            result.shares.append(replace(share, keep=None if keep.all() else np.packbits(keep).tobytes()))
        else:
            result.shares.append(Share(tuple(f for f, kept in zip(share.files, keep, strict=True) if kept)))
    return result._replace(total=total)


def _first(digests: Digests) -> NDArray[np.bool_]:
    """For each, whether it stands there for the first time."""
    import numpy as np

    order = np.argsort(digests, kind="stable")
    in_order = digests[order]
    again = order[1:][in_order[1:] == in_order[:-1]]
    first = np.ones(len(digests), bool)
    first[again] = False
    return first


def _among(digests: Digests, finished: Digests) -> NDArray[np.bool_]:
    """For each, whether it is among others, which are sorted."""
    import numpy as np

    if not len(finished):
        return np.zeros(len(digests), bool)
    places = np.searchsorted(finished, digests)
    found: NDArray[np.bool_] = finished[np.minimum(places, len(finished) - 1)] == digests
    return found


def digest(doc_id: str) -> bytes:
    """16 bytes for an id: among a billion, two alike by accident would be a wonder."""
    return hashlib.blake2b(doc_id.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def twice(done: bytes) -> int:
    """How many of the digests are there more than once."""
    import numpy as np

    digests = _digests(done)
    return len(digests) - len(np.unique(digests))


def _digests(content: bytes) -> Digests:
    import numpy as np

    return np.frombuffer(content, dtype=f"S{_DIGEST}")
