"""Scores of one set of predictions against one gold: measures with intervals, slices, and named figures.

attributed: 0.893 precision, 0.842 recall, 0.867 F1 (0.84 to 0.89)   →   the figure "attributed.f1" is 0.867
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.errors import ScoringError, how_to_install
from quotes.scoring import attributions, measures
from quotes.scoring.calibration import Calibration, calibrate
from quotes.scoring.items import INDIRECT, Item, Judged
from quotes.scoring.judging import Judge, Judgement
from quotes.scoring.matching import IOU
from quotes.scoring.measures import Counts
from quotes.scoring.names import Names
from quotes.scoring.pairing import Both, Pairing, pair_documents

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Interval = tuple[float, float]
Figures = dict[str, float | None]

#: By what figures can be sliced.
SLICES = ("rule", "document", "speaker", "folder")
#: The figures for which a smaller value is better: their bound is a ceiling, not a floor.
UPPER = frozenset(["confident.ece", "indirect.confident.ece"])
#: The number of bootstrap samples.
SAMPLES = 1000

_LEVEL = 0.95
_SEED = 20_170_301  # fixed, so that the same files give the same report
_CELLS = 20_000_000  # the most cells of the sampling matrix that are held at a time


class Intervals(NamedTuple):
    """The intervals of one measure's shares; None where a share is unknown in all samples."""

    precision: Interval | None = None
    recall: Interval | None = None
    f1: Interval | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure's counts over all documents, and the intervals of its shares."""

    name: str
    counts: Counts
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class Scores:
    """The results of scoring."""

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
    indirect: Calibration | None = None
    """The confidences of indirect speech, if one of the sides has any."""

    @property
    def indirect_gold(self) -> int:
        """The number of gold items of indirect speech, those that don't count for recall included."""
        verdicts = (verdict for judgement in self.judgements for verdict in judgement.indirect)
        return sum(verdict.gold is not None and verdict.gold.kind == INDIRECT for verdict in verdicts)


def require(*packages: str) -> None:
    """Raise ScoringError if one of these packages cannot be imported."""
    for name in packages:
        try:
            import_module(name)
        except ImportError:
            raise ScoringError(
                f"Scoring needs the package {name}, which is not installed. {how_to_install('score')}"
            ) from None


def score(
    predicted: Iterable[Judged],
    gold: Iterable[Judged],
    *,
    names: Names | None = None,
    threshold: float = IOU,
    samples: int = 0,
) -> Scores:
    """Score predictions against gold.

    `threshold` is the overlap from which words match; `samples` is the number of bootstrap samples, 0 for no
    intervals. Raises ScoringError if no document can be scored, or a package is missing.
    """
    require("numpy", "scipy")
    names = names or Names()
    pairing = pair_documents(predicted, gold)
    judge = Judge(names, threshold)
    indirect = any(map(_has_indirect, pairing.both))
    judgements = tuple(judge.judge(document, indirect=indirect) for document in pairing.both)
    kinds = not any(both.gold.segments for both in pairing.both)
    documents = tuple(
        measures.count(judgement, kinds=kinds) | (attributions.count(judgement) if indirect else {})
        for judgement in judgements
    )
    return Scores(
        pairing=pairing,
        judgements=judgements,
        documents=documents,
        measures=totals(documents, samples),
        confusion=measures.confusion(judgements),
        resolved=measures.resolved(judgements),
        calibration=calibrate(verdict for judgement in judgements for verdict in judgement.verdicts),
        slices=_slices(judgements, names),
        gold_sha256=fingerprint(both.gold for both in pairing.both),
        threshold=threshold,
        names=names,
        indirect=calibrate((v for j in judgements for v in j.indirect), INDIRECT) if indirect else None,
    )


def _has_indirect(both: Both) -> bool:
    return any(item.kind == INDIRECT for side in (both.gold, both.predicted) for item in side.attributions)


def fingerprint(gold: Iterable[Judged]) -> str:
    """SHA-256 of the gold's texts and answers, independent of the order and the names of its documents."""
    lines = []
    for document in gold:
        answers: list[tuple[object, ...]] = [
            (item.parts, item.kind, item.speaker, item.cue, item.name, item.form, item.name_known)
            + ((item.others,) if item.others else ())
            for item in document.items
        ]
        known = set(document.items)
        if not document.segments:  # the answers of brat are in the segments already
            answers += [
                (item.parts, item.kind, item.speaker, item.cue, item.name, item.form, item.source)
                for item in document.attributions
                if item not in known
            ]
        # What was rejected in part of a document decides which predictions are scored.
        part = f"\0partly\0{document.negatives!r}" if document.partial else ""
        lines.append(f"{document.text_sha256}\0{document.names_known}\0{answers!r}{part}\n")
    return hashlib.sha256("".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def totals(documents: Sequence[measures.Of], samples: int) -> dict[str, Measure]:
    """The measures over all documents: the headline ones first, then by kind and by form."""
    known = {name for of in documents for name in of}
    order = [name for name in (*measures.MEASURES, *attributions.MEASURES) if name in known]
    order += sorted(known.difference(order))
    table = [[of.get(name, Counts()) for name in order] for of in documents]
    summed = [Counts(*map(sum, zip(*column, strict=True))) for column in zip(*table, strict=True)]
    rows = zip(order, summed, intervals(table, samples), strict=True)
    return {name: Measure(name, counts, found) for name, counts, found in rows}


def _slices(judgements: Sequence[Judgement], names: Names) -> dict[str, dict[str, Counts]]:
    def folder(judgement: Judgement, _: Item) -> str:
        return judgement.document.doc_id.rpartition("/")[0] or "."

    def speaker(judgement: Judgement, item: Item) -> str | None:
        known = judgement.document.gold.names_known and item.name_known
        return names.canonical(item.name) if item.name and known else None

    return {
        "rule": measures.by_rule(judgements),
        "document": measures.sliced(judgements, lambda j, _: j.document.doc_id, lambda v: v.attributed),
        "speaker": measures.sliced(judgements, speaker, lambda v: v.span and v.person is True),
        "folder": measures.sliced(judgements, folder, lambda v: v.attributed),
    }


# Figures


def figures(scores: Scores) -> Figures:
    """Every figure by its name, such as "attributed.f1"; a share from 0 to 1, None if it is unknown."""
    found: Figures = {}
    for name, measure in scores.measures.items():
        for share in ("precision", "recall", "f1"):
            found[f"{name}.{share}"] = getattr(measure.counts, share)
    for form, counts in scores.resolved.items():
        found[f"resolved.{'share' if form == 'all' else form}"] = counts.precision
    for prefix, calibration in (("", scores.calibration), ("indirect.", scores.indirect)):
        if calibration is not None:
            found[f"{prefix}confident.precision"] = calibration.sure.precision
            found[f"{prefix}confident.coverage"] = calibration.coverage
            found[f"{prefix}confident.ece"] = calibration.error
    return found


def meets(name: str, value: float | None, bound: float) -> bool:
    """Whether a figure reaches its bound. An unknown figure does not."""
    # Shares are quotients: 0.9 computed as 9/10 must reach 0.9 despite rounding in the last bit.
    tolerance = 1e-9
    if value is None:
        return False
    return value <= bound + tolerance if name in UPPER else value >= bound - tolerance


def rounded(values: Mapping[str, float | None], digits: int = 4) -> Figures:
    """Figures for a file that people read and compare."""
    return {name: None if value is None else round(value, digits) for name, value in values.items()}


# Intervals


def intervals(documents: Sequence[Sequence[Counts]], samples: int = SAMPLES) -> list[Intervals]:
    """The 95 % intervals of several measures: `documents[d][m]` are document d's counts of measure m.

    Quotations of one document are not independent, so the bootstrap draws documents, with replacement
    (Efron and Tibshirani 1993, chapter 13: percentile intervals). Without samples, or with fewer than two
    documents, intervals are unknown and each is empty.

    Counts add up, so one matrix product gives the totals of many samples of all measures. scipy's `bootstrap`
    takes one statistic at a time and gathers every row, and gives NaN where some samples have no share.
    """
    import numpy as np

    if samples < 1 or len(documents) < 2:
        return [Intervals() for _ in documents[0]] if documents else []
    table: Floats = np.asarray(documents, dtype=np.float64)
    shares = _shares(_resampled(table, samples))
    known = np.isfinite(shares)
    edges = [100 * (1 - _LEVEL) / 2, 100 * (1 + _LEVEL) / 2]
    found = []
    for measure in range(table.shape[1]):
        one: list[Any] = []
        for share in range(3):
            values = shares[known[:, measure, share], measure, share]
            one.append(tuple(map(float, np.percentile(values, edges))) if len(values) else None)
        found.append(Intervals(*one))
    return found


def _resampled(table: Floats, samples: int) -> Floats:
    """Totals of sampled documents: (documents, measures, 4) → (samples, measures, 4)."""
    import numpy as np

    documents = len(table)
    flat = table.reshape(documents, -1)
    generator = np.random.default_rng(_SEED)
    odds = np.full(documents, 1 / documents)
    rows = max(1, _CELLS // documents)
    blocks = [
        generator.multinomial(documents, odds, size=min(rows, samples - done)).astype(np.float64) @ flat
        for done in range(0, samples, rows)
    ]
    return np.concatenate(blocks).reshape(samples, *table.shape[1:])


def _shares(totals: Floats) -> Floats:
    """Precision, recall and F1 in the last axis, as `Counts` has them; NaN where a denominator is zero."""
    import numpy as np

    right, predicted, found, gold = np.moveaxis(totals, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision, recall = right / predicted, found / gold
        both = precision + recall
        f1 = np.where(both == 0, 0.0, 2 * precision * recall / both)
    return np.stack([precision, recall, f1], axis=-1)
