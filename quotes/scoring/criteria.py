"""When a predicted quotation counts for a gold one: the criteria that the matcher is given.

`exact`, `strict`, `half` and `typed` are the four schemas of SemEval-2013 task 9.1 (Segura-Bedmar, Martínez
and Herrero-Zazo 2013), which the package nervaluate computes, too.
"""

from __future__ import annotations

from quotes.scoring.items import Item, in_word, word_count
from quotes.scoring.matching import Criterion, iou, overlap

#: Two spans match from this intersection over union on. Above one half, no two disjoint spans fit one.
IOU = 0.8


def overlapping(threshold: float) -> Criterion:
    """The words are the same but for the edges: the intersection over union reaches the threshold."""

    def criterion(gold: Item, predicted: Item, shared: int) -> float:
        return float(iou(gold, predicted, shared) >= threshold)

    return criterion


def exact(gold: Item, predicted: Item, shared: int) -> float:
    """The same parts, code point for code point."""
    del shared
    return float(gold.parts == predicted.parts)


def strict(gold: Item, predicted: Item, shared: int) -> float:
    """The same parts, and of the same kind."""
    return exact(gold, predicted, shared) if gold.kind == predicted.kind else 0.0


def half(gold: Item, predicted: Item, shared: int) -> float:
    """One for the same parts, one half for any overlap."""
    return exact(gold, predicted, shared) or 0.5


def typed(gold: Item, predicted: Item, shared: int) -> float:
    """Any overlap, of the same kind."""
    del shared
    return float(gold.kind == predicted.kind)


def words(gold: Item, predicted: Item, shared: int) -> float:
    """As many as the whole words that both hold."""
    if gold.parts == predicted.parts:
        return float(gold.word_count())
    if len(gold.parts) == 1 == len(predicted.parts):
        return float(_common_words(gold, predicted, shared))
    return float(len(gold.words() & predicted.words()))


def _common_words(gold: Item, predicted: Item, shared: int) -> int:
    """The same for items of one part, without a set: the words between, but for those that an edge cuts."""
    first, last = sorted((gold, predicted), key=lambda item: item.start)
    at = last.start - first.start
    common = word_count(last.text[:shared])
    common -= at > 0 and in_word(first.text, at)
    longer = first if first.start + first.size > last.start + shared else last
    end = last.start + shared - longer.start
    common -= end < longer.size and in_word(longer.text, end)
    return max(0, common)  # one word that both edges cut


def mention_agrees(gold: Item, predicted: Item) -> bool:
    """Whether the mentions overlap, or neither side has one."""
    if not gold.speaker or not predicted.speaker:
        return not gold.speaker and not predicted.speaker
    return overlap(gold.speaker, predicted.speaker) > 0


def cue_agrees(gold: Item, predicted: Item) -> bool:
    """Whether both have a cue, and the cues overlap."""
    return overlap(gold.cue, predicted.cue) > 0
