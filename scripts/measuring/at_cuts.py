"""Two measures that the yardstick of `scripts/accuracy.py` doesn't print.

Precision and recall of the attributions at and above several confidences, for those who choose
`--min-confidence`; and the recall of quotations of eight words or more, which are hardly ever scare quotes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from quotes.formats.brat.standoff import Range, attributions
from scripts.count_cues import QUOTED

#: The lowest confidences that are compared.
CUTS = (0.0, 0.25, 0.5, 0.75, 0.9)
# In words.
_LONG = 8
# Two ranges are the same quotation when so much of both together is in either, as in the yardstick.
_SAME = 0.8

Row = Mapping[str, float | None]


class Gold(NamedTuple):
    """An annotated quotation in marks, and its sources."""

    quoted: Range
    sources: tuple[Range, ...]


def at_cuts(predictions: Path, score: Callable[[Path], Mapping[str, Any]]) -> dict[str, Row]:
    """Precision, recall and F1 in per cent at each cut. `score` is the yardstick's report on a file."""
    documents = [json.loads(line) for line in predictions.read_text(encoding="utf-8").splitlines() if line]
    found: dict[str, Row] = {}
    above = predictions.with_suffix(".above.jsonl")
    for cut in CUTS:
        kept = (
            document
            | {"quotations": [one for one in document["quotations"] if one.get("confidence", 0) >= cut]}
            for document in documents
        )
        above.write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")
        attributed = score(above).get("attributed", {})
        found[f"{cut:g}"] = {name: attributed.get(name) for name in ("p", "r", "f1")}
    above.unlink()
    return found


def cuts_table(rows: Mapping[str, Row]) -> str:
    """The precision and the recall at each cut, a line each."""
    lines = [f"{'confidence':22}{'precision':>10}{'recall':>8}{'F1':>8}"]
    for cut, row in rows.items():
        p, r, f1 = ("–" if (value := row[name]) is None else f"{value:.1f}" for name in ("p", "r", "f1"))
        lines.append(f"{'≥ ' + cut:22}{p:>10}{r:>8}{f1:>8}")
    return "\n".join(lines)


def long_quotations(compartment: Path, predictions: Path) -> dict[str, float | None]:
    """The per cent of annotated quotations of eight words or more with a speaker, and with the right one.

    None where there is no such quotation.
    """
    documents = (json.loads(line) for line in predictions.read_text(encoding="utf-8").splitlines() if line)
    predicted = {document["doc_id"]: document["quotations"] for document in documents}
    total = found = right = 0
    for doc_id, gold in _gold(compartment):
        claimed = [one for one in predicted.get(doc_id, ()) if one.get("speaker")]
        for quotation in gold:
            total += 1
            same = [one for one in claimed if any(_is_same(quotation.quoted, part) for part in one["parts"])]
            found += bool(same)
            right += any(
                min(end, one["speaker"]["end"]) > max(start, one["speaker"]["start"])
                for one in same[:1]
                for start, end in quotation.sources
            )
    if not total:
        return {"recall": None, "attributed": None}
    return {"recall": round(100 * found / total, 1), "attributed": round(100 * right / total, 1)}


def _gold(compartment: Path) -> Iterator[tuple[str, list[Gold]]]:
    """The long annotated quotations of each article, by the first of its annotators."""
    for path in sorted((compartment / "text").iterdir()):
        doc_id = path.name.removesuffix(".txt")
        files = sorted((compartment / "attributions").glob(doc_id.replace("[", "[[]") + "_????.ann"))
        if not files:
            continue
        text = path.read_bytes().decode("utf-8")
        found: dict[Range, Gold] = {}
        for attribution in attributions(files[0]):
            for start, end in attribution.content:
                for run in QUOTED.finditer(text, max(0, start - 1), min(len(text), end + 1)):
                    if len(run[0].split()) >= _LONG:
                        found.setdefault(run.span(), Gold(run.span(), tuple(attribution.source)))
        yield doc_id, list(found.values())


def _is_same(one: Range, other: Range) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= _SAME * (max(one[1], other[1]) - min(one[0], other[0]))
