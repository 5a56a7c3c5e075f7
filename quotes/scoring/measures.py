"""Judgements → counts: for every measure four numbers a document, and the shares computed from them.

2 of 3 predictions right, 2 of 4 gold quotations found   →   precision 0.667, recall 0.5, F1 0.571
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from quotes.scoring import matching
from quotes.scoring.items import FORMS, INDIRECT, Item
from quotes.scoring.judging import Judgement, Verdict
from quotes.scoring.matching import Criterion, match


class Counts(NamedTuple):
    """The numbers of predicted and gold quotations, and how many of each are right.

    `right` and `found` differ only where each side is sliced by its own value, such as its kind. A share
    whose denominator is zero is None, which means unknown, not 0.
    """

    right: float = 0
    predicted: float = 0
    found: float = 0
    gold: float = 0

    @property
    def precision(self) -> float | None:
        """The share of the predictions that are right."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of the gold that was found."""
        return self.found / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None if one of them is None."""
        precision, recall = self.precision, self.recall
        if precision is None or recall is None:
            return None
        both = precision + recall
        return 2 * precision * recall / both if both else 0.0

    def __add__(self, other: object) -> Counts:
        """The sum, number by number."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


def percent(share: float | None) -> str:
    """Format a share in per cent with one decimal; – if it is unknown."""
    return "–" if share is None else f"{100 * share:.1f}"


#: The headline measures in the order of the tables, and what counts as right.
MEASURES: Mapping[str, str] = {
    "span": "the words match: intersection over union of at least the threshold",
    "attributed": "the words match, and the mention of the speaker overlaps",
    "person": "the words match, and the speaker has the right name",
    "speakers": "the words match, and so do all who speak together",
    "cue": "the words match, and the cue overlaps",
    "exact": "exactly the same words",
    "strict": "exactly the same words, and the same kind",
    "partial": "exactly the same words, or one half for any overlap",
    "type": "any overlap, and the same kind",
    "words": "single words, credited one by one",
}

_BY_ASSIGNMENT: Mapping[str, Criterion] = {
    "exact": matching.exact,
    "strict": matching.strict,
    "partial": matching.half,
    "type": matching.typed,
}
_NEED_KINDS = frozenset(["strict", "type"])

Of = dict[str, Counts]


def count(judgement: Judgement, *, kinds: bool = True) -> Of:
    """One document's counts for every measure, by name; without `kinds`, only measures that need no kind.

    Besides these there are `kind.direct` etc. (span, each side by its own kind) and `form.pronoun` etc.
    (person, each side by the form of its own mention).
    """
    found = _by_verdict(judgement)
    for name, criterion in _BY_ASSIGNMENT.items():
        if kinds or name not in _NEED_KINDS:
            pairs = match(judgement.gold, judgement.predicted, judgement.shared, criterion)
            credit = sum(pair.credit for pair in pairs)
            found[name] = Counts(credit, len(judgement.predicted), credit, len(judgement.gold))
    found["words"] = _words(judgement)
    return unrecalled(found) if judgement.document.gold.partial else found


def unrecalled(found: Of) -> Of:
    """The counts of a document that was reviewed in part: they say something of precision only."""
    return {name: counts._replace(found=0, gold=0) for name, counts in found.items()}


def _by_verdict(judgement: Judgement) -> Of:
    """The counts that are computed from the verdicts."""
    total: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for name in ("span", "attributed", "cue"):
        total[name] = [0, 0, 0, 0]
    for verdict in judgement.verdicts:
        for item, place in sides_of(verdict):
            add(total, "span", place, verdict.span)
            add(total, "attributed", place, verdict.attributed)
            if item.kind:
                add(total, f"kind.{item.kind}", place, verdict.span)
            if item.cue:
                add(total, "cue", place, verdict.span and verdict.cue)
        if judgement.document.gold.names_known:
            _add_person(total, verdict)
            if not judgement.document.gold.segments:
                _add_speakers(total, verdict)
    return {name: Counts(*numbers) for name, numbers in total.items()}


def sides_of(verdict: Verdict) -> Iterator[tuple[Item, int]]:
    """The items of a verdict that count, and the places of their two numbers in `Counts`."""
    if verdict.predicted is not None:
        yield verdict.predicted, 0
    if verdict.gold is not None and verdict.recalled:
        yield verdict.gold, 2


def _add_person(total: dict[str, list[float]], verdict: Verdict) -> None:
    """Count names, of speakers who have one. An anonymous source is right if it has no name."""
    if verdict.gold is not None and not verdict.gold.name_known:
        return
    right = verdict.span and verdict.person is True
    for item, place in sides_of(verdict):
        if item.name:
            add(total, "person", place, right)
        if item.name or item.form == "anonymous":
            add(total, f"form.{item.form if item.form in FORMS else 'nominal'}", place, right)


def _add_speakers(total: dict[str, list[float]], verdict: Verdict) -> None:
    """Count quotations of several speakers; gold that is runs of a corpus doesn't tell of several."""
    if verdict.gold is not None and not verdict.gold.name_known:
        return
    for item, place in sides_of(verdict):
        if item.others:
            add(total, "speakers", place, verdict.span and verdict.speakers)


def add(total: dict[str, list[float]], name: str, place: int, right: bool) -> None:
    """Count an item at one of the places that `sides_of` gives."""
    total[name][place] += right
    total[name][place + 1] += 1


def _words(judgement: Judgement) -> Counts:
    pairs = match(judgement.gold, judgement.predicted, judgement.shared, matching.words)
    shared = sum(pair.credit for pair in pairs)
    predicted, gold = (
        sum(item.word_count() for item in items) for items in (judgement.predicted, judgement.gold)
    )
    return Counts(shared, predicted, shared, gold)


def resolved(judgements: Iterable[Judgement]) -> dict[str, Counts]:
    """The share of right names among gold quotations with a name whose words match, by form of mention.

    Precision and recall are equal here. "all" is the sum over the forms.
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
    """How often each predicted kind occurs with each gold kind; "–" if no words of the other side match.

    Words in marks are compared with words in marks, and indirect content with any content.
    """
    found: dict[tuple[str, str], int] = defaultdict(int)
    for judgement in judgements:
        for verdicts, only in ((judgement.verdicts, None), (judgement.indirect, INDIRECT)):
            for verdict in verdicts:
                gold = verdict.gold.kind if verdict.gold else None
                predicted = verdict.predicted.kind if verdict.predicted else None
                if verdict.span and gold and predicted:
                    found[gold, predicted] += 1
                    continue
                if gold and only in (None, gold):
                    found[gold, "–"] += 1
                if predicted and only in (None, predicted):
                    found["–", predicted] += 1
    return dict(found)


def by_rule(judgements: Iterable[Judgement]) -> dict[str, Counts]:
    """Predictions by their rule: those in marks, and those of indirect speech. A gold item has no rule."""
    total: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for judgement in judgements:
        indirect = (v for v in judgement.indirect if v.predicted and v.predicted.kind == INDIRECT)
        for verdict in (*judgement.verdicts, *indirect):
            if verdict.predicted is not None:
                add(total, verdict.predicted.rule, 0, verdict.attributed)
    return {rule: Counts(*numbers) for rule, numbers in sorted(total.items())}


def sliced(
    judgements: Iterable[Judgement],
    key_of: Callable[[Judgement, Item], str | None],
    right: Callable[[Verdict], bool],
) -> dict[str, Counts]:
    """Counts by a key of each item; an item whose key is None is left out."""
    total: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for judgement in judgements:
        for verdict in judgement.verdicts:
            for item, place in sides_of(verdict):
                if (key := key_of(judgement, item)) is not None:
                    add(total, key, place, right(verdict))
    return {key: Counts(*numbers) for key, numbers in sorted(total.items())}
