"""Everything about one set of predictions, held against one gold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotes.scoring import measures
from quotes.scoring.calibration import Calibration, calibrate
from quotes.scoring.counts import Counts
from quotes.scoring.criteria import IOU
from quotes.scoring.extra import require
from quotes.scoring.intervals import Intervals, intervals
from quotes.scoring.items import Item, Judged
from quotes.scoring.judging import Judge, Judgement
from quotes.scoring.names import Names
from quotes.scoring.pairing import Pairing, pair_documents

#: By what figures can be sliced.
SLICES = ("rule", "document", "speaker", "folder")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure's counts over all documents, and how far its shares may be off by chance."""

    name: str
    counts: Counts
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class Scores:
    """What scoring found."""

    pairing: Pairing
    judgements: tuple[Judgement, ...]
    documents: tuple[measures.Of, ...]
    """Each document's counts, by measure."""
    measures: dict[str, Measure]
    confusion: dict[tuple[str, str], int]
    resolved: dict[str, Counts]
    calibration: Calibration
    slices: dict[str, dict[str, Counts]]
    """By SLICES: attributed, and for speakers person."""
    gold_sha256: str
    threshold: float
    names: Names


def score(
    predicted: Iterable[Judged],
    gold: Iterable[Judged],
    *,
    names: Names | None = None,
    threshold: float = IOU,
    samples: int = 0,
) -> Scores:
    """Score predictions against gold.

    `threshold` is the overlap from which words match; `samples` is the number of bootstrap draws, 0 for no
    intervals.
    Raises ScoringError when no document can be scored, or a package is missing.
    """
    require("numpy", "scipy")
    names = names or Names()
    pairing = pair_documents(predicted, gold)
    judge = Judge(names, threshold)
    judgements = tuple(judge.judge(document) for document in pairing.both)
    kinds = not any(both.gold.segments for both in pairing.both)
    documents = tuple(measures.count(judgement, kinds=kinds) for judgement in judgements)
    return Scores(
        pairing=pairing,
        judgements=judgements,
        documents=documents,
        measures=totals(documents, samples),
        confusion=measures.confusion(judgements),
        resolved=measures.resolved(judgements),
        calibration=calibrate(judgements),
        slices=_slices(judgements, names),
        gold_sha256=fingerprint(both.gold for both in pairing.both),
        threshold=threshold,
        names=names,
    )


def fingerprint(gold: Iterable[Judged]) -> str:
    """SHA-256 over what the gold says of which text, whatever the order and the names of its documents."""
    lines = []
    for document in gold:
        items = (
            (item.parts, item.kind, item.speaker, item.cue, item.name, item.form, item.name_known)
            for item in document.items
        )
        lines.append(f"{document.text_sha256}\0{document.names_known}\0{list(items)!r}\n")
    return hashlib.sha256("".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def totals(documents: Sequence[measures.Of], samples: int) -> dict[str, Measure]:
    """The measures over all documents: the headline ones first, then by kind and by form."""
    known = {name for of in documents for name in of}
    order = [name for name in measures.MEASURES if name in known]
    order += sorted(known.difference(order))
    table = [[of.get(name, Counts()) for name in order] for of in documents]
    summed = [Counts(*map(sum, zip(*column, strict=True))) for column in zip(*table, strict=True)]
    spread = intervals(table, samples)
    rows = zip(order, summed, spread, strict=True)
    return {name: Measure(name, counts, found) for name, counts, found in rows}


def _slices(judgements: Sequence[Judgement], names: Names) -> dict[str, dict[str, Counts]]:
    def folder(judgement: Judgement, _: Item) -> str:
        return judgement.document.doc_id.rpartition("/")[0] or "."

    def speaker(judgement: Judgement, item: Item) -> str | None:
        known = judgement.document.gold.names_known and item.name_known
        return names.canonical(item.name) if item.name and known else None

    return {
        "rule": measures.sliced(
            judgements, lambda _, item: item.rule, lambda v: v.attributed, sides="predicted"
        ),
        "document": measures.sliced(judgements, lambda j, _: j.document.doc_id, lambda v: v.attributed),
        "speaker": measures.sliced(judgements, speaker, lambda v: v.span and v.person is True),
        "folder": measures.sliced(judgements, folder, lambda v: v.attributed),
    }
