"""Scores as plain values: each figure under one name, and everything as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from quotes.scoring.blind import SHOWN as SHOWN_BLIND
from quotes.scoring.blind import Estimates
from quotes.scoring.compare import Comparison
from quotes.scoring.counts import Counts
from quotes.scoring.findings import Findings
from quotes.scoring.items import Item
from quotes.scoring.scores import Measure, Scores

#: Grows when a reader of the old report would misread the new one.
REPORT_VERSION = 1
#: The smaller the better: what is a floor for the others is a ceiling for these.
UPPER = frozenset(["confident.ece"])

Figures = dict[str, float | None]


def figures(scores: Scores) -> Figures:
    """Every figure by its name, such as "attributed.f1"; a share from 0 to 1, None where it isn't known."""
    found: Figures = {}
    for name, measure in scores.measures.items():
        counts = measure.counts
        for share in ("precision", "recall", "f1"):
            found[f"{name}.{share}"] = getattr(counts, share)
    for form, counts in scores.resolved.items():
        found[f"resolved.{'share' if form == 'all' else form}"] = counts.precision
    found["confident.precision"] = scores.calibration.sure.precision
    found["confident.coverage"] = scores.calibration.coverage
    found["confident.ece"] = scores.calibration.error
    return found


def meets(name: str, value: float | None, bound: float) -> bool:
    """Whether a figure is no worse than a bound; one that isn't known isn't."""
    # Shares are quotients: 0.9 computed as 9/10 must reach 0.9 whatever its last bit.
    tolerance = 1e-9
    if value is None:
        return False
    return value <= bound + tolerance if name in UPPER else value >= bound - tolerance


def rounded(values: Mapping[str, float | None], digits: int = 4) -> Figures:
    """Figures for a file that people read and compare."""
    return {name: None if value is None else round(value, digits) for name, value in values.items()}


def report(findings: Findings) -> bytes:
    """Everything as JSON, one document, in ASCII."""
    content = _scores(findings.scores)
    if findings.comparison is not None:
        content["baseline"] = _comparison(findings.comparison)
    if findings.agreement is not None:
        content["agreement"] = [asdict(alpha) for alpha in findings.agreement.alphas]
    if findings.corrections is not None:
        content["corrections"] = asdict(findings.corrections)
    if findings.estimates is not None:
        content["estimates"] = _estimates(findings.estimates)
    return json.dumps(content, ensure_ascii=True, indent=1, allow_nan=False).encode() + b"\n"


def _scores(scores: Scores) -> dict[str, Any]:
    pairing, calibration = scores.pairing, scores.calibration
    return {
        "report_version": REPORT_VERSION,
        "gold_sha256": scores.gold_sha256,
        "iou": scores.threshold,
        "documents": {
            "scored": len(pairing.both),
            "other_text": pairing.other_text,
            "only_predicted": pairing.only_predicted,
            "only_gold": pairing.only_gold,
        },
        "figures": figures(scores),
        "measures": {name: _measure(measure) for name, measure in scores.measures.items()},
        "resolved": {form: _counts(counts) for form, counts in scores.resolved.items()},
        "kinds": [
            {"gold": gold, "predicted": predicted, "count": count}
            for (gold, predicted), count in sorted(scores.confusion.items())
        ],
        "reliability": [
            {"low": b.low, "high": b.high, "count": b.count, "confidence": b.confidence, "right": b.right}
            for b in calibration.bins
        ],
        "curve": [{"threshold": p.threshold, **_counts(p.counts)} for p in calibration.curve],
        "by": {
            what: {key: _counts(counts) for key, counts in slices.items()}
            for what, slices in scores.slices.items()
        },
        "errors": list(_errors(scores)),
    }


def _errors(scores: Scores) -> Iterator[dict[str, Any]]:
    """Every quotation with an error, in the order of the texts."""
    for judgement in scores.judgements:
        for verdict in judgement.verdicts:
            if verdict.errors:
                yield {
                    "doc_id": judgement.document.doc_id,
                    "errors": verdict.errors,
                    "predicted": _item(verdict.predicted),
                    "gold": _item(verdict.gold),
                }


def _item(item: Item | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {
        "parts": item.parts,
        "text": item.text,
        "kind": item.kind,
        "speaker": item.speaker_text,
        "speaker_name": item.name,
        "cue": item.cue_text,
        "rule": item.rule,
        "confidence": item.confidence,
    }


def _estimates(estimates: Estimates) -> dict[str, Any]:
    return {
        name: {
            "documents": documents,
            **{key: _measure(of[key]) for key in SHOWN_BLIND if key in of},
        }
        for name, documents, of in (
            ("blind", estimates.blind_documents, estimates.blind),
            ("corrected", estimates.corrected_documents, estimates.corrected),
        )
    }


def _counts(counts: Counts) -> dict[str, float | None]:
    return {
        **counts._asdict(),
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {**_counts(measure.counts), "intervals": measure.intervals._asdict()}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "documents": comparison.documents,
        "differences": [difference._asdict() for difference in comparison.differences],
        "changes": [
            {"doc_id": c.doc_id, "what": c.what, "parts": c.parts, "old": c.old_speaker, "new": c.new_speaker}
            for c in comparison.changes
        ],
    }
