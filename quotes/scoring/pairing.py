"""Pair predicted and gold documents: only answers about the same text can be compared.

gold "story" of text A, predicted "news/story" of text A   →   one pair, named "story"
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from quotes.errors import ScoringError
from quotes.scoring.items import Item, Judged, Range, segments_of


@dataclass(frozen=True, slots=True)
class Both:
    """A document as both sides have it: the same text, under the gold's name."""

    gold: Judged
    predicted: Judged

    @property
    def doc_id(self) -> str:
        """The gold's name for the document."""
        return self.gold.doc_id

    @property
    def text(self) -> str | None:
        """The text, if one of the sides has it."""
        return self.gold.text if self.gold.text is not None else self.predicted.text


@dataclass(frozen=True, slots=True)
class Pairing:
    """The documents that can be scored, in the order of their names, and the names of the others."""

    both: tuple[Both, ...]
    other_text: tuple[str, ...] = ()
    """On both sides under this name, but with different texts."""
    only_predicted: tuple[str, ...] = ()
    only_gold: tuple[str, ...] = ()


def pair_documents(predicted: Iterable[Judged], gold: Iterable[Judged]) -> Pairing:
    """Pair the documents with the same text: first those of the same name, then those of different names.

    If the gold is cut into runs between quotation marks, so are the predictions. Raises ScoringError if
    there is nothing to score.
    """
    golds, predictions = _by_id(gold), _by_id(predicted)
    pairs = [
        (golds.pop(name), predictions.pop(name))
        for name in sorted(golds.keys() & predictions.keys())
        if golds[name].text_sha256 == predictions[name].text_sha256
    ]
    pairs += _renamed(golds, predictions)
    other_text = sorted(golds.keys() & predictions.keys())
    pairing = Pairing(
        both=tuple(_both(*pair) for pair in sorted(pairs, key=lambda p: p[0].doc_id)),
        other_text=tuple(other_text),
        only_predicted=tuple(sorted(predictions.keys() - golds.keys())),
        only_gold=tuple(sorted(golds.keys() - predictions.keys())),
    )
    if not pairing.both:
        raise ScoringError(_nothing(pairing))
    return pairing


def _by_id(documents: Iterable[Judged]) -> dict[str, Judged]:
    return {document.doc_id: document for document in documents}


def _renamed(golds: dict[str, Judged], predictions: dict[str, Judged]) -> list[tuple[Judged, Judged]]:
    """Remove from both the documents with the same text under different names, if they are unique."""
    by_text: dict[str, list[str]] = {}
    for name, document in predictions.items():
        by_text.setdefault(document.text_sha256, []).append(name)
    golds_by_text: dict[str, list[str]] = {}
    for name, document in golds.items():
        golds_by_text.setdefault(document.text_sha256, []).append(name)
    return [
        (golds.pop(names[0]), predictions.pop(by_text[sha][0]))
        for sha, names in golds_by_text.items()
        if len(names) == 1 and len(by_text.get(sha, ())) == 1
    ]


def _both(gold: Judged, predicted: Judged) -> Both:
    if predicted.segments and not gold.segments:
        raise ScoringError(
            f"{gold.doc_id!r}: the predictions are runs between quotation marks, from brat, and the gold is "
            "whole quotations. Swap the two."
        )
    if gold.segments and not predicted.segments:
        assert gold.text is not None  # gold in runs always has its text
        predicted = replace(predicted, items=_cut(predicted.items, gold.text), segments=True)
    if gold.partial:
        predicted = replace(
            predicted,
            items=_judged(predicted.items, (*(item.parts for item in gold.items), *gold.negatives)),
            attributions=_judged(
                predicted.attributions, (*(item.parts for item in gold.attributions), *gold.negatives)
            ),
        )
    return Both(gold, predicted)


def _judged(items: Iterable[Item], judged: Iterable[Sequence[Range]]) -> tuple[Item, ...]:
    """The predictions that a reviewer of a part of the document saw: half of each stands in what was judged.

    A judged quotation may stand within the content of an indirect one that nobody looked at.
    """
    points = {point for parts in judged for start, end in parts for point in range(start, end)}
    return tuple(
        item
        for item in items
        if 2 * sum(point in points for start, end in item.parts for point in range(start, end)) >= item.size
    )


def _cut(items: Sequence[Item], text: str) -> tuple[Item, ...]:
    return tuple(sorted(segments_of(items, text), key=Item.sort_key))


def _nothing(pairing: Pairing) -> str:
    if pairing.other_text:
        return (
            f"No document can be scored: {len(pairing.other_text)} are on both sides, but their texts differ "
            f"({', '.join(pairing.other_text[:3])}). Extract from the texts that the gold was made from."
        )
    if not pairing.only_gold and not pairing.only_predicted:
        return "No document can be scored: both files are empty. Name files with one document a line."
    for empty, side in ((pairing.only_predicted, "predictions"), (pairing.only_gold, "gold")):
        if not empty:
            return (
                f"No document can be scored: there are none in the {side}. "
                "Name a file with one document a line."
            )
    return (
        "No document can be scored: predictions and gold have none in common. The predictions have "
        f"{', '.join(pairing.only_predicted[:3])}; the gold has {', '.join(pairing.only_gold[:3])}."
    )
