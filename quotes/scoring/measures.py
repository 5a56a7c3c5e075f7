"""Judgements into counts: for every measure, four numbers a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from quotes.scoring import criteria
from quotes.scoring.counts import Counts
from quotes.scoring.items import FORMS, Item
from quotes.scoring.judging import Judgement, Verdict
from quotes.scoring.matching import Criterion, match

#: The headline measures: their names, what counts as found, in the order in which tables show them.
MEASURES: Mapping[str, str] = {
    "span": "the words match: intersection over union of at least the threshold",
    "attributed": "the words match, and the mention of the speaker overlaps",
    "person": "the words match, and the speaker has the right name",
    "cue": "the words match, and the cue overlaps",
    "exact": "the very same words",
    "strict": "the very same words, and the same kind",
    "partial": "the very same words, or one half for any overlap",
    "type": "any overlap, and the same kind",
    "words": "single words, credited one by one",
}

_BY_ASSIGNMENT: Mapping[str, Criterion] = {
    "exact": criteria.exact,
    "strict": criteria.strict,
    "partial": criteria.half,
    "type": criteria.typed,
}
_NEED_KINDS = frozenset(["strict", "type"])

Of = dict[str, Counts]


def count(judgement: Judgement, *, kinds: bool = True) -> Of:
    """One document's counts for every measure, by name; without `kinds`, those that need no kind.

    Beside the headline measures: `kind.direct` and so on (span, each side by its own kind) and `form.pronoun`
    and so on (person, each side by the form of its own mention).
    """
    found = _by_verdict(judgement)
    for name, criterion in _BY_ASSIGNMENT.items():
        if kinds or name not in _NEED_KINDS:
            pairs = match(judgement.gold, judgement.predicted, judgement.shared, criterion)
            credit = sum(pair.credit for pair in pairs)
            found[name] = Counts(credit, len(judgement.predicted), credit, len(judgement.gold))
    found["words"] = _words(judgement)
    return found


def _by_verdict(judgement: Judgement) -> Of:
    """The counts that follow from the verdicts."""
    total: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for name in ("span", "attributed", "cue"):
        total[name] = [0, 0, 0, 0]
    for verdict in judgement.verdicts:
        gold, predicted = verdict.gold, verdict.predicted
        if predicted is not None:
            _add(total, "span", 0, verdict.span)
            _add(total, "attributed", 0, verdict.attributed)
            if predicted.kind:
                _add(total, f"kind.{predicted.kind}", 0, verdict.span)
            if predicted.cue:
                _add(total, "cue", 0, verdict.span and verdict.cue)
        if gold is not None:
            _add(total, "span", 2, verdict.span)
            _add(total, "attributed", 2, verdict.attributed)
            if gold.kind:
                _add(total, f"kind.{gold.kind}", 2, verdict.span)
            if gold.cue:
                _add(total, "cue", 2, verdict.span and verdict.cue)
        if judgement.document.gold.names_known:
            _add_person(total, verdict)
    return {name: Counts(*numbers) for name, numbers in total.items()}


def _add_person(total: dict[str, list[float]], verdict: Verdict) -> None:
    """Count names: of those who have one. The anonymous are right when they were left unnamed."""
    gold, predicted = verdict.gold, verdict.predicted
    if gold is not None and not gold.name_known:
        return
    for item, place in ((predicted, 0), (gold, 2)):
        if item is None:
            continue
        right = verdict.span and verdict.person is True
        if item.name:
            _add(total, "person", place, right)
        if item.name or item.form == "anonymous":
            _add(total, f"form.{item.form if item.form in FORMS else 'nominal'}", place, right)


def _add(total: dict[str, list[float]], name: str, place: int, right: bool) -> None:
    total[name][place] += right
    total[name][place + 1] += 1


def _words(judgement: Judgement) -> Counts:
    pairs = match(judgement.gold, judgement.predicted, judgement.shared, criteria.words)
    shared = sum(pair.credit for pair in pairs)
    return Counts(shared, _size(judgement.predicted), shared, _size(judgement.gold))


def _size(items: Sequence[Item]) -> int:
    return sum(item.word_count() for item in items)


def resolved(judgements: Iterable[Judgement]) -> dict[str, Counts]:
    """How many of the quotations got their name whose words match and whose gold has one, by form of mention.

    Precision and recall are the same here. "all" is their sum.
    """
    found: dict[str, Counts] = {}
    for judgement in judgements:
        for verdict in judgement.verdicts:
            if verdict.span and verdict.gold is not None and verdict.gold.name and verdict.person is not None:
                one = Counts(verdict.person, 1, verdict.person, 1)
                for key in ("all", verdict.gold.form):
                    found[key] = found.get(key, Counts()) + one
    return found


def confusion(judgements: Iterable[Judgement]) -> dict[tuple[str, str], int]:
    """How often a gold kind met a predicted kind; "–" where the words of the other side don't match."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for judgement in judgements:
        for verdict in judgement.verdicts:
            gold = verdict.gold.kind if verdict.gold else None
            predicted = verdict.predicted.kind if verdict.predicted else None
            if verdict.span and gold and predicted:
                found[gold, predicted] += 1
                continue
            if gold:
                found[gold, "–"] += 1
            if predicted:
                found["–", predicted] += 1
    return dict(found)


def sliced(
    judgements: Iterable[Judgement],
    key_of: Callable[[Judgement, Item], str | None],
    right: Callable[[Verdict], bool],
    *,
    sides: str = "both",
) -> dict[str, Counts]:
    """Counts by a key that each item has; an item without one (None) is left out.

    With `sides` of "predicted", only predictions are counted, as by rule, which a gold item doesn't have.
    """
    total: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for judgement in judgements:
        for verdict in judgement.verdicts:
            for item, place in ((verdict.predicted, 0), (verdict.gold, 2)):
                if item is None or (place and sides == "predicted"):
                    continue
                if (key := key_of(judgement, item)) is not None:
                    _add(total, key, place, right(verdict))
    return {key: Counts(*numbers) for key, numbers in sorted(total.items())}
