"""The one matcher: an optimal one-to-one assignment between the items of two sides.

What fits is the criterion's business: it gives a credit for a pair, 0 for one that can't be. Of all ways to
pair the items, one is taken whose credits add up to the most; among equals, the one whose pairs are most
alike. Greedy matching depends on the order of the items and can miss pairs; this doesn't.

Only items that share a code point can be a pair. They fall into small connected groups, each of which is
solved by itself (`scipy.optimize.linear_sum_assignment`), so that no matrix is larger than its group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotes.scoring.items import Item, Range

#: Takes a gold item, a predicted item and the code points they share; gives a credit, a multiple of 0.5.
Criterion = Callable[[Item, Item, int], float]
#: Code points shared, by the indices of a gold and a predicted item.
Shared = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold and a predicted item that were assigned to each other, by index, and what that is worth."""

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
    """The best assignment, its pairs in the order of the gold items.

    `likeness`, from 0 to 1, decides between assignments of the same credit.
    """
    edges: dict[tuple[int, int], float] = {}
    for (i, j), points in shared.items():
        if credit := criterion(gold[i], predicted[j], points):
            edges[i, j] = credit
    alone, crowded = _apart(edges)
    pairs = [Pair(*edge, edges[edge]) for edge in alone]
    for group in _groups(crowded):
        likenesses = {(i, j): likeness(gold[i], predicted[j], shared[i, j]) for i, j in group}
        pairs += _assign(group, edges, likenesses)
    return sorted(pairs, key=lambda pair: pair.gold)


def _apart(edges: Iterable[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The pairs that nothing competes with, by far the most, and the others."""
    edges = list(edges)
    if len({i for i, _ in edges}) == len(edges) == len({j for _, j in edges}):
        return edges, []
    golds, predictions = Counter(i for i, _ in edges), Counter(j for _, j in edges)
    alone: list[tuple[int, int]] = []
    crowded: list[tuple[int, int]] = []
    for i, j in edges:
        (alone if golds[i] == 1 == predictions[j] else crowded).append((i, j))
    return alone, crowded


def _groups(edges: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The connected groups of pairs: none has an item of another's."""
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
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    rows = {i: row for row, i in enumerate(dict.fromkeys(i for i, _ in group))}
    columns = {j: column for column, j in enumerate(sorted({j for _, j in group}))}
    weights = np.zeros((len(rows), len(columns)))
    # All likenesses together stay below the smallest difference of credits, one half.
    scale = 0.5 / (min(weights.shape) + 1)
    for i, j in group:
        weights[rows[i], columns[j]] = edges[i, j] + scale * likenesses[i, j]
    back = list(rows), list(columns)
    for row, column in zip(*linear_sum_assignment(weights, maximize=True), strict=True):
        pair = back[0][row], back[1][column]
        if pair in edges:
            yield Pair(*pair, edges[pair])
