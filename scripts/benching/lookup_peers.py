"""Peers of `quotes verify`: one score for a quotation and a sentence, and two thresholds.

difflib's ratio, rapidfuzz's partial_ratio and SQLite's BM25 say how similar two texts are. At or above the
higher threshold, a quotation counts as said; at or above the lower one, as altered; below, as not found. The
thresholds are those that are best on another archive. All take the ten best sentences by BM25; none knows who
speaks.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from scripts.benching.misquotations import Archive

#: The verdicts that a peer tells apart.
SAID, ALTERED, NOT_FOUND = "said", "altered", "not found"
COARSE: Final[Mapping[str, str]] = {
    "verbatim": SAID, "marks": SAID, "cut": SAID, "context": SAID, "altered": ALTERED, "not_found": NOT_FOUND,
}  # fmt: skip
_CANDIDATES: Final = 10
_STEPS: Final = 20

Score = Callable[[str, str, float], float]


def _difflib(quoted: str, sentence: str, _: float) -> float:
    return difflib.SequenceMatcher(None, quoted, sentence, autojunk=False).ratio()


def _partial(quoted: str, sentence: str, _: float) -> float:
    return fuzz.partial_ratio(quoted, sentence) / 100


def _bm25(quoted: str, sentence: str, rank: float) -> float:
    del sentence
    return rank / max(1, len(quoted.split()))


PEERS: Final[Mapping[str, Score]] = {
    "difflib ratio": _difflib, "rapidfuzz partial_ratio": _partial, "FTS5 BM25 alone": _bm25,
}  # fmt: skip


def peers(fitting: Archive, testing: Archive) -> dict[str, dict[str, str]]:
    """The coarse verdict of each peer on each quotation, by the peer's name and the document's id."""
    fitted, tested = _scores(fitting), _scores(testing)
    return {name: _verdicts(tested[name], *_best(fitted[name], coarse_truth(fitting))) for name in PEERS}


def coarse_truth(archive: Archive) -> dict[str, str]:
    """The right coarse verdict of each quotation; those of somebody else's words are left out."""
    return {doc_id: COARSE[right] for doc_id, (_, right) in archive.truth.items() if right in COARSE}


def _scores(archive: Archive) -> dict[str, dict[str, float]]:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE sentences USING fts5(text)")
    db.executemany("INSERT INTO sentences VALUES (?)", ((one.text,) for one in archive.statements))
    found: dict[str, dict[str, float]] = {name: {} for name in PEERS}
    right = coarse_truth(archive)
    for record in archive.records:
        if record.doc_id not in right:
            continue
        quoted = record.quotations[0].text[1:-1]
        query = " OR ".join(f'"{word}"' for word in set(re.findall(r"\w+", quoted)))
        rows = db.execute(
            "SELECT text, -rank FROM sentences WHERE sentences MATCH ? ORDER BY rank LIMIT ?",
            (query, _CANDIDATES),
        ).fetchall()
        for name, score in PEERS.items():
            best = max((score(quoted.lower(), text.lower(), rank) for text, rank in rows), default=0.0)
            found[name][record.doc_id] = best
    return found


def _best(scores: Mapping[str, float], right: Mapping[str, str]) -> tuple[float, float]:
    """The lower and the higher threshold with the most right verdicts."""
    ordered = sorted(scores.values())
    steps: Sequence[float] = sorted({ordered[len(ordered) * at // _STEPS] for at in range(_STEPS)})
    return max(
        combinations(steps, 2),
        key=lambda pair: sum(
            verdict == right[doc_id] for doc_id, verdict in _verdicts(scores, *pair).items()
        ),
    )


def _verdicts(scores: Mapping[str, float], low: float, high: float) -> dict[str, str]:
    return {
        doc_id: SAID if score >= high else ALTERED if score >= low else NOT_FOUND
        for doc_id, score in scores.items()
    }
