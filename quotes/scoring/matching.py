"""Match gold and predicted items: an optimal one-to-one assignment, and what counts as a match.

gold [0, 10) [12, 20)   predicted [1, 10) [0, 20)   →   one pair, [0, 10) and [1, 10), at an overlap of 0.8

A criterion gives a pair its credit, 0 if it cannot match. The assignment has the greatest sum of credits, and
among equals the greatest likeness. Unlike greedy matching, it does not depend on the order of the items.

Only items that share a code point can match. They form small connected groups, each of which is solved by
itself (`scipy.optimize.linear_sum_assignment`), so no matrix is larger than its group.

`exact`, `strict`, `half` and `typed` are the four schemas of SemEval-2013 task 9.1 (Segura-Bedmar, Martínez
and Herrero-Zazo 2013). The package nervaluate computes them too, but matches greedily; the tests compare the
two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotes.scoring.items import Item, Range, in_word, word_count

#: Two spans match from this intersection over union. Above one half, a span matches no two disjoint spans.
IOU = 0.8
#: Takes a gold item, a predicted item and the code points they share; gives a credit, a multiple of 0.5.
Criterion = Callable[[Item, Item, int], float]
#: Code points shared, by the indices of a gold and a predicted item.
Shared = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold and a predicted item that were assigned to each other, by index, and the credit for it."""

    gold: int
    predicted: int
    credit: float


def shared_points(gold: Sequence[Item], predicted: Sequence[Item]) -> dict[tuple[int, int], int]:
    """How many code points each pair shares; pairs that share none are left out. One sweep over the text."""
    events = [(start, end, 0, i) for i, item in enumerate(gold) for start, end in item.parts]
    events += [(start, end, 1, j) for j, item in enumerate(predicted) for start, end in item.parts]
    events.sort()
    open_now: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    found: dict[tuple[int, int], int] = defaultdict(int)
    for start, end, side, index in events:
        other = 1 - side
        open_now[other][:] = [(stop, k) for stop, k in open_now[other] if stop > start]
        for stop, k in open_now[other]:
            found[(k, index) if side else (index, k)] += min(end, stop) - start
        open_now[side].append((end, index))
    return dict(found)


def overlap(one: Sequence[Range], other: Sequence[Range]) -> int:
    """How many code points two sets of disjoint ranges share."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)


def iou(gold: Item, predicted: Item, shared: int) -> float:
    """Intersection over union of the two items' code points."""
    return shared / (gold.size + predicted.size - shared)


def match(
    gold: Sequence[Item],
    predicted: Sequence[Item],
    shared: Shared,
    criterion: Criterion,
    likeness: Criterion = iou,
) -> list[Pair]:
    """The best assignment; its pairs are in the order of the gold items.

    `likeness`, from 0 to 1, decides between assignments of equal credit.
    """
    edges: dict[tuple[int, int], float] = {}
    for (i, j), points in shared.items():
        if credit := criterion(gold[i], predicted[j], points):
            edges[i, j] = credit
    pairs: list[Pair] = []
    for group in _groups(edges):
        if len(group) == 1:
            pairs.append(Pair(*group[0], edges[group[0]]))
            continue
        likenesses = {(i, j): likeness(gold[i], predicted[j], shared[i, j]) for i, j in group}
        pairs += _assign(group, edges, likenesses)
    return sorted(pairs, key=lambda pair: pair.gold)


def _groups(edges: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The connected groups of pairs: two groups have no item in common."""
    of_gold: dict[int, list[int]] = defaultdict(list)
    of_predicted: dict[int, list[int]] = defaultdict(list)
    for i, j in edges:
        of_gold[i].append(j)
        of_predicted[j].append(i)
    seen: set[int] = set()
    for first in sorted(of_gold):
        if first in seen:
            continue
        seen.add(first)
        stack, group = [first], []
        while stack:
            i = stack.pop()
            for j in of_gold[i]:
                group.append((i, j))
                new = [k for k in of_predicted[j] if k not in seen]
                seen.update(new)
                stack += new
        yield sorted(group)


def _assign(
    group: Sequence[tuple[int, int]],
    edges: Mapping[tuple[int, int], float],
    likenesses: Mapping[tuple[int, int], float],
) -> Iterator[Pair]:
    """Solve one group with a dense matrix."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows = {i: row for row, i in enumerate(dict.fromkeys(i for i, _ in group))}
    columns = {j: column for column, j in enumerate(sorted({j for _, j in group}))}
    weights = np.zeros((len(rows), len(columns)))
    # The sum of likenesses stays below the smallest difference of credits, one half.
    scale = 0.5 / (min(weights.shape) + 1)
    for i, j in group:
        weights[rows[i], columns[j]] = edges[i, j] + scale * likenesses[i, j]
    back = list(rows), list(columns)
    for row, column in zip(*linear_sum_assignment(weights, maximize=True), strict=True):
        pair = back[0][row], back[1][column]
        if pair in edges:
            yield Pair(*pair, edges[pair])


def overlapping(threshold: float) -> Criterion:
    """The intersection over union reaches the threshold."""

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
    """The number of whole words that both contain."""
    if gold.parts == predicted.parts:
        return float(gold.word_count())
    if len(gold.parts) == 1 == len(predicted.parts):
        return float(_common_words(gold, predicted, shared))
    return float(len(gold.words() & predicted.words()))


def _common_words(gold: Item, predicted: Item, shared: int) -> int:
    """The same for items of one part, without sets: the words in the overlap that no edge splits."""
    first, last = sorted((gold, predicted), key=lambda item: item.start)
    at = last.start - first.start
    common = word_count(last.text[:shared])
    common -= at > 0 and in_word(first.text, at)
    longer = first if first.start + first.size > last.start + shared else last
    end = last.start + shared - longer.start
    common -= end < longer.size and in_word(longer.text, end)
    return max(0, common)  # both edges split the same word


def mention_agrees(gold: Item, predicted: Item) -> bool:
    """Whether the mention overlaps the gold's source or, without one, its mention; or both have none."""
    source = gold.source or gold.speaker
    if not source or not predicted.speaker:
        return not source and not predicted.speaker
    return overlap(source, predicted.speaker) > 0


def cue_agrees(gold: Item, predicted: Item) -> bool:
    """Whether both have a cue, and the cues overlap."""
    return overlap(gold.cue, predicted.cue) > 0
