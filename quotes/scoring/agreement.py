"""How far two reviewers agree beyond chance (Krippendorff's alpha), and where they disagree.

“A.” said she   →   both quote it; one says Ada Quill, the other Cy Orr: they disagree on the person
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from quotes.scoring.items import Item
from quotes.scoring.judging import Judgement, Verdict
from quotes.scoring.matching import mention_agrees
from quotes.scoring.scores import Scores

_WORD = re.compile(r"\w+")
_NOBODY = "nobody"

Values = list[tuple[Hashable, Hashable]]


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha for one question; None if there is only one answer."""

    question: str
    units: int
    alike: float | None
    """The share of units on which both gave the same answer."""
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of two reviewers."""

    alphas: tuple[Alpha, ...]
    disagreements: tuple[tuple[str, Verdict], ...]
    """The document and the two answers; the first reviewer's quotation is the predicted one."""


def agree(scores: Scores) -> Agreement:
    """The agreement of two reviewers; the first one's quotations were scored as predictions.

    Alpha is nominal (Krippendorff 2018): 1 is full agreement, 0 is agreement by chance. Whether it is quoted
    is asked for every word, if the texts are known; mention, person and kind for each quotation that both
    have. With indirect speech, the same is asked for all that is reported.
    """
    judgements = scores.judgements
    asked = list(_asked(scores, "quoted", [(j, j.verdicts) for j in judgements]))
    if scores.indirect is not None:
        asked += _asked(scores, "reported", [(j, j.attributions) for j in judgements])
    return Agreement(
        alphas=tuple(asked),
        disagreements=tuple((j.document.doc_id, v) for j in judgements for v in j.all_verdicts if v.errors),
    )


def _asked(
    scores: Scores, what: str, verdicts: Sequence[tuple[Judgement, Sequence[Verdict]]]
) -> Iterator[Alpha]:
    both = [(j, v) for j, some in verdicts for v in some if v.span]
    end = "" if what == "quoted" else f" of what is {what}"
    yield _alpha(f"is the word {what}?", [pair for j, some in verdicts for pair in _inside_both(j, some)])
    yield _alpha(f"which mention{end}?", [_mentions(j, v) for j, v in both])
    yield _alpha(f"who is it{end}?", [_persons(scores, v) for _, v in both])
    yield _alpha(f"which kind{end}?", [(_of(v.predicted).kind, _of(v.gold).kind) for _, v in both])


def _alpha(question: str, values: Values) -> Alpha:
    """One minus the observed over the expected disagreement.

    For two reviewers who both answered every unit, counts of values are enough. The package krippendorff
    builds a matrix of values for every unit: 1,000 quotations of 1,000 mentions would take 8 GB. The tests
    compare the two.
    """
    if not values:
        return Alpha(question, 0, None, None)
    differing = sum(one != other for one, other in values) / len(values)
    marginal = Counter(value for pair in values for value in pair)
    n = 2 * len(values)
    expected = 1 - sum(count * (count - 1) for count in marginal.values()) / (n * (n - 1))
    alpha = 1 - differing / expected if expected else None  # no variation: chance agreement is complete, too
    return Alpha(question, len(values), 1 - differing, alpha)


def _inside_both(judgement: Judgement, verdicts: Sequence[Verdict]) -> Iterator[tuple[bool, bool]]:
    text = judgement.document.text
    if text is None:
        return
    items = [v.predicted for v in verdicts if v.predicted], [v.gold for v in verdicts if v.gold]
    sides = [_inside(text, side) for side in items]
    for word in _WORD.finditer(text):
        yield sides[0][word.start()] == 1, sides[1][word.start()] == 1


def _inside(text: str, items: Sequence[Item]) -> bytearray:
    """One byte a code point: 1 within a quotation."""
    found = bytearray(len(text))
    for item in items:
        for start, end in item.parts:
            found[start:end] = b"\x01" * (end - start)
    return found


def _mentions(judgement: Judgement, verdict: Verdict) -> tuple[Hashable, Hashable]:
    """Two mentions that overlap are the same answer; no mention is an answer, too."""
    one, other = _of(verdict.predicted), _of(verdict.gold)
    place = judgement.document.doc_id
    second = (place, other.speaker) if other.speaker else _NOBODY
    if mention_agrees(other, one):
        return second, second
    return ((place, one.speaker, "other") if one.speaker else _NOBODY), second


def _persons(scores: Scores, verdict: Verdict) -> tuple[Hashable, Hashable]:
    names = scores.names
    one, other = _of(verdict.predicted).name, _of(verdict.gold).name
    second = names.canonical(other) if other else _NOBODY
    if names.either(one, other):
        return second, second
    return (names.canonical(one) if one else _NOBODY), second


def _of(item: Item | None) -> Item:
    assert item is not None  # a pair whose words match has both
    return item
