"""Align the quotations of one document, and say for each pair what is right and what is wrong.

gold “A.” (she, Ada Quill), predicted “A.” (he, Cy Orr)   →   wrong mention, wrong person
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quotes.scoring.items import INDIRECT, Item, trimmed
from quotes.scoring.matching import (
    IOU,
    Shared,
    cue_agrees,
    iou,
    match,
    mention_agrees,
    overlap,
    overlapping,
    shared_points,
)
from quotes.scoring.names import Names
from quotes.scoring.pairing import Both

#: The kinds of error, in the order in which tables and filters show them.
ERRORS = ("missed", "spurious", "boundary", "wrong mention", "wrong person", "wrong kind")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gold quotation and the prediction for it; one of the two may be missing.

    `span` says that the words match. Nothing else counts as right without it. `person` is None if the gold
    has no answer. `speakers` says that all who speak are the same people, where one side has several.
    `recalled` is False if the gold quotation doesn't count for recall, because its document was reviewed in
    part: which quotations were judged there depends on earlier predictions.
    """

    gold: Item | None
    predicted: Item | None
    span: bool = False
    mention: bool = False
    person: bool | None = None
    cue: bool = False
    speakers: bool = False
    recalled: bool = True

    @property
    def attributed(self) -> bool:
        """The words match, and the mention is right."""
        return self.span and self.mention

    @property
    def errors(self) -> tuple[str, ...]:
        """The kinds of error; empty if everything is right."""
        if self.predicted is None:
            return ("missed",)
        if self.gold is None:
            return ("spurious",)
        found = [
            ("boundary", self.gold.parts != self.predicted.parts),
            ("wrong mention", not self.mention),
            ("wrong person", self.person is False),
            ("wrong kind", self.gold.kind is not None and self.gold.kind != self.predicted.kind),
        ]
        return tuple(name for name, wrong in found if wrong)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One document's verdicts: each gold and each predicted item is in exactly one of them.

    `attributions` are the verdicts on all that is reported, if indirect speech is scored.
    """

    document: Both
    verdicts: tuple[Verdict, ...]
    shared: Shared
    attributions: tuple[Verdict, ...] = ()

    @property
    def gold(self) -> Sequence[Item]:
        """The gold items."""
        return self.document.gold.items

    @property
    def predicted(self) -> Sequence[Item]:
        """The predicted items."""
        return self.document.predicted.items

    @property
    def indirect(self) -> tuple[Verdict, ...]:
        """The verdicts on indirect speech: on one side or on both, the kind is indirect."""
        return tuple(
            verdict
            for verdict in self.attributions
            if any(item is not None and item.kind == INDIRECT for item in (verdict.gold, verdict.predicted))
        )

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """Those on what stands in marks, and those on indirect speech."""
        return (*self.verdicts, *self.indirect)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges documents. `threshold` is the overlap from which words match; `names` compares names."""

    names: Names
    threshold: float = IOU

    def judge(self, document: Both, *, indirect: bool = False) -> Judgement:
        """Align one document's quotations and give a verdict on each; with `indirect`, attributions too."""
        gold, predicted = document.gold.items, document.predicted.items
        shared = shared_points(gold, predicted)
        attributions = self._attributions(document) if indirect else ()
        verdicts = tuple(self._verdicts(gold, predicted, shared))
        if document.gold.partial:
            verdicts, attributions = _not_recalled(verdicts), _not_recalled(attributions)
        return Judgement(document, verdicts, shared, attributions)

    def _attributions(self, document: Both) -> tuple[Verdict, ...]:
        gold, predicted = document.gold.attributions, document.predicted.attributions
        if document.text is not None:
            gold, predicted = trimmed(gold, document.text), trimmed(predicted, document.text)
        return tuple(self._verdicts(gold, predicted, shared_points(gold, predicted)))

    def _verdicts(self, gold: Sequence[Item], predicted: Sequence[Item], shared: Shared) -> Iterator[Verdict]:
        """First the pairs whose words match; then, among the rest, those that overlap at all."""
        pairs = match(gold, predicted, shared, overlapping(self.threshold), self._likeness)
        spans = len(pairs)
        golds, predictions = {p.gold for p in pairs}, {p.predicted for p in pairs}
        rest = {ij: n for ij, n in shared.items() if ij[0] not in golds and ij[1] not in predictions}
        if rest:
            pairs += match(gold, predicted, rest, lambda *_: 1.0, self._likeness)
        of_gold = {pair.gold: (pair.predicted, number < spans) for number, pair in enumerate(pairs)}
        for i, item in enumerate(gold):
            j, span = of_gold.get(i, (None, False))
            yield self._verdict(item, None if j is None else predicted[j], span)
        taken = {j for j, _ in of_gold.values()}
        for j, item in enumerate(predicted):
            if j not in taken:
                yield Verdict(None, item)

    def _verdict(self, gold: Item, predicted: Item | None, span: bool) -> Verdict:
        if predicted is None:
            return Verdict(gold, None)
        return Verdict(
            gold,
            predicted,
            span=span,
            mention=mention_agrees(gold, predicted),
            person=self.names.same(predicted.name, gold.name) if gold.name_known else None,
            cue=cue_agrees(gold, predicted),
            speakers=self._same_speakers(gold, predicted),
        )

    def _same_speakers(self, gold: Item, predicted: Item) -> bool:
        """Whether both sides have the same people, in any order; who has no name is known by the mention."""
        left = [
            (predicted.name, predicted.speaker),
            *((one.name, (one.mention,)) for one in predicted.others),
        ]
        wanted = [(gold.name, gold.speaker), *((one.name, (one.mention,)) for one in gold.others)]
        for name, mention in wanted:
            found = next(
                (one for one in left if self.names.same(one[0], name) and (name or overlap(one[1], mention))),
                None,
            )
            if found is None:
                return False
            left.remove(found)
        return not left

    def _likeness(self, gold: Item, predicted: Item, shared: int) -> float:
        """How similar two items are, from 0 to 1, in everything that is judged; the words weigh most."""
        agree = (
            mention_agrees(gold, predicted),
            self.names.either(predicted.name, gold.name),
            cue_agrees(gold, predicted),
            gold.kind == predicted.kind,
        )
        return (4 * iou(gold, predicted, shared) + sum(agree)) / 8


def _not_recalled(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    return tuple(replace(verdict, recalled=False) for verdict in verdicts)
