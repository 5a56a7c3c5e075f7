"""Everything that one run of `quotes score` finds, as values and as a JSON report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quotes import data
from quotes.scoring.agreement import Agreement, agree
from quotes.scoring.calibration import Calibration
from quotes.scoring.compare import Comparison, compare
from quotes.scoring.corrections import SHOWN as SHOWN_BLIND
from quotes.scoring.corrections import Corrections, Estimates, estimates
from quotes.scoring.gold import Side
from quotes.scoring.items import Item
from quotes.scoring.measures import Counts
from quotes.scoring.names import Names
from quotes.scoring.scores import Measure, Scores, figures, score

#: Raised when a reader of the old report would misread the new one.
REPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Findings:
    """The scores, and the requested extras."""

    scores: Scores
    comparison: Comparison | None = None
    agreement: Agreement | None = None
    corrections: Corrections | None = None
    estimates: Estimates | None = None
    notes: tuple[str, ...] = ()
    """What a user should know: how the gold was read, and which documents were not scored."""


def find(
    predictions: Side,
    gold: Side,
    *,
    baseline: Side | None = None,
    agreement: bool = False,
    speakers: Path | None = None,
    threshold: float,
    samples: int,
) -> Findings:
    """Score and compare. `speakers` is a registry of people; the others are as in `score`.

    Raises ScoringError if nothing can be scored, and DataError for a malformed registry.
    """
    names = Names(data.registry(speakers))

    def scored(side: Side, draws: int) -> Scores:
        return score(side.documents, gold.documents, names=names, threshold=threshold, samples=draws)

    scores = scored(predictions, samples)
    return Findings(
        scores=scores,
        comparison=None if baseline is None else compare(scored(baseline, 0), scores),
        agreement=agree(scores) if agreement else None,
        corrections=gold.corrections,
        estimates=estimates(scores, samples),
        notes=(*gold.notes, *_notes(scores)),
    )


def _notes(scores: Scores) -> Iterator[str]:
    pairing = scores.pairing
    if partial := [both.doc_id for both in pairing.both if both.gold.partial]:
        noun = "document was" if len(partial) == 1 else "documents were"
        yield (
            f"{len(partial):,} {noun} reviewed in part: what was judged there counts for precision, nothing "
            "for recall. Where the least sure are judged first, precision is lower than elsewhere: "
            f"{_some(partial)}"
        )
    for names, what in (
        (pairing.other_text, "with another text than the gold's"),
        (pairing.only_gold, "in the gold only"),
        (pairing.only_predicted, "in the predictions only"),
    ):
        if names:
            noun = "document" if len(names) == 1 else "documents"
            yield f"Not scored: {len(names):,} {noun} {what}: {_some(names)}"


def _some(names: Sequence[str], most: int = 10) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


# JSON


def report(findings: Findings) -> bytes:
    """Everything as one JSON object, in ASCII."""
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
    pairing, calibration, indirect = scores.pairing, scores.calibration, scores.indirect
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
        **_calibration(calibration),
        **({} if indirect is None else {"indirect": _calibration(indirect)}),
        "by": {
            what: {key: _counts(counts) for key, counts in slices.items()}
            for what, slices in scores.slices.items()
        },
        # Every quotation with an error, in the order of the texts.
        "errors": [
            {
                "doc_id": judgement.document.doc_id,
                "errors": verdict.errors,
                "predicted": _item(verdict.predicted),
                "gold": _item(verdict.gold),
            }
            for judgement in scores.judgements
            for verdict in judgement.all_verdicts
            if verdict.errors
        ],
    }


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "reliability": [asdict(one) for one in calibration.bins],
        "curve": [{"threshold": p.threshold, **_counts(p.counts)} for p in calibration.curve],
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
        name: {"documents": documents} | {key: _measure(of[key]) for key in SHOWN_BLIND if key in of}
        for name, documents, of in (
            ("blind", estimates.blind_documents, estimates.blind),
            ("corrected", estimates.corrected_documents, estimates.corrected),
        )
    }


def _counts(counts: Counts) -> dict[str, float | None]:
    shares = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return counts._asdict() | shares


def _measure(measure: Measure) -> dict[str, Any]:
    return {**_counts(measure.counts), "intervals": measure.intervals._asdict()}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "documents": comparison.documents,
        "differences": [difference._asdict() for difference in comparison.differences],
        "changes": [
            {
                "doc_id": change.doc_id,
                "what": change.what,
                "kind": change.kind,
                "parts": change.parts,
                "old": change.old_speaker,
                "new": change.new_speaker,
            }
            for change in comparison.changes
        ],
    }
