"""Compare two sets of predictions with one gold: what was fixed, what broke, and whether chance explains it.

before “A.” (he), now “A.” (she), gold “A.” (she)   →   fixed
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.errors import ScoringError
from quotes.scoring import attributions
from quotes.scoring.items import INDIRECT, Item, Range
from quotes.scoring.judging import Judgement, Verdict
from quotes.scoring.measures import MEASURES, Counts, Of
from quotes.scoring.scores import Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: How a quotation can change, in the order of the tables.
CHANGES = ("broken", "new spurious", "fixed", "spurious gone")

_RESAMPLES = 9999
_SEED = 20_170_301


class Difference(NamedTuple):
    """A measure's F1 before and after, and the probability that chance alone makes them differ as much."""

    name: str
    old: float | None
    new: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """A quotation that was right and is wrong now, or the reverse."""

    doc_id: str
    what: str
    kind: str
    parts: tuple[Range, ...]
    text: str
    wanted: str
    old_speaker: str
    new_speaker: str
    rule: str
    """The rule of the new prediction, or of the old one if there is no new one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes in the documents that both predictions have."""

    documents: int
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]

    def count(self, what: str) -> int:
        """The number of changes of one kind."""
        return sum(change.what == what for change in self.changes)


def compare(old: Scores, new: Scores) -> Comparison:
    """Compare two scores of the same gold, over the documents that both have.

    The test is approximate randomisation over documents (Noreen 1989; Yeh 2000): if both were equally good,
    swapping a document's two results would make no difference. If few documents differ, all ways to swap
    are tried. Raises ScoringError if the two have no document in common, or different gold.
    """
    olds = {judgement.document.gold.text_sha256: i for i, judgement in enumerate(old.judgements)}
    pairs = [
        (olds[judgement.document.gold.text_sha256], i)
        for i, judgement in enumerate(new.judgements)
        if judgement.document.gold.text_sha256 in olds
    ]
    if not pairs:
        raise ScoringError("The baseline has no document in common with the predictions. Name another.")
    changes: list[Change] = []
    for i, j in pairs:
        changes += _changes(old.judgements[i], new.judgements[j])
    documents = [(old.documents[i], new.documents[j]) for i, j in pairs]
    names = (*MEASURES, *attributions.MEASURES)
    known = [name for name in names if name in new.measures and name in old.measures]
    return Comparison(
        documents=len(pairs),
        changes=tuple(sorted(changes, key=lambda c: (CHANGES.index(c.what), c.doc_id, c.parts))),
        differences=tuple(_difference(name, documents) for name in known),
    )


def _changes(old: Judgement, new: Judgement) -> Iterator[Change]:
    if old.gold != new.gold:
        raise ScoringError(f"The gold of {old.document.doc_id!r} isn't the same for both predictions.")
    yield from _changes_of(new.document.doc_id, old.verdicts, new.verdicts)
    yield from _changes_of(new.document.doc_id, old.indirect, new.indirect, INDIRECT)


def _changes_of(
    doc_id: str, old: Sequence[Verdict], new: Sequence[Verdict], kind: str | None = None
) -> Iterator[Change]:
    """The changes from old to new verdicts; with `kind`, only those of items of this kind."""
    earlier = {verdict.gold: verdict for verdict in old}
    for after in new:
        gold = after.gold
        before = earlier.get(gold)
        if gold is None or before is None or kind not in (None, gold.kind):
            continue
        if before.attributed != after.attributed:
            what = "fixed" if after.attributed else "broken"
            rule = (after.predicted or before.predicted or gold).rule
            speakers = _who(gold), _who(before.predicted), _who(after.predicted)
            yield Change(doc_id, what, gold.kind or "", gold.parts, gold.text, *speakers, rule)
    olds, news = _spurious(old, kind), _spurious(new, kind)
    for parts in news.keys() - olds.keys():
        item = news[parts]
        yield Change(doc_id, "new spurious", item.kind or "", parts, item.text, "", "", _who(item), item.rule)
    for parts in olds.keys() - news.keys():
        item = olds[parts]
        yield Change(
            doc_id, "spurious gone", item.kind or "", parts, item.text, "", _who(item), "", item.rule
        )


def _spurious(verdicts: Sequence[Verdict], kind: str | None) -> dict[tuple[Range, ...], Item]:
    return {
        v.predicted.parts: v.predicted
        for v in verdicts
        if v.gold is None and v.predicted is not None and kind in (None, v.predicted.kind)
    }


def _who(item: Item | None) -> str:
    return item.speaker_text if item is not None else ""


def _difference(name: str, documents: Sequence[tuple[Of, Of]]) -> Difference:
    rows = [(old.get(name, Counts()), new.get(name, Counts())) for old, new in documents]
    before, after = (sum(side, Counts()) for side in zip(*rows, strict=True))
    if before.f1 is None or after.f1 is None:
        return Difference(name, before.f1, after.f1, None)
    return Difference(name, before.f1, after.f1, _p_value(rows))


def _p_value(rows: Sequence[tuple[Counts, Counts]]) -> float:
    import numpy as np
    from scipy.stats import permutation_test

    differ = [(old, new) for old, new in rows if old != new]
    if len(differ) < 2:  # swapping one document's results changes the sign only
        return 1.0
    rest: Floats = np.asarray([old for old, new in rows if old == new] or [Counts()], dtype=np.float64).sum(
        axis=0
    )
    # Rows 0 to n are the old results, n to 2n the new ones; the test swaps row numbers.
    table: Floats = np.asarray([*(old for old, _ in differ), *(new for _, new in differ)], dtype=np.float64)
    n = len(differ)

    def gain(old: Any, new: Any, axis: int = -1) -> Any:
        del axis  # the last: documents
        return _f1(table[new].sum(axis=-2) + rest) - _f1(table[old].sum(axis=-2) + rest)

    result = permutation_test(
        (np.arange(n), np.arange(n, 2 * n)),
        gain,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        batch=max(1, 2_000_000 // n),
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)


def _f1(totals: Floats) -> Any:
    """F1 of totals in the last axis; 0 where a share is unknown."""
    import numpy as np

    right, predicted, found, gold = np.moveaxis(totals, -1, 0)
    # 2PR / (P + R), written without the shares, so that no denominator is zero but where all is.
    above, below = 2 * right * found, right * gold + found * predicted
    return np.divide(above, below, out=np.zeros_like(below), where=below > 0)
