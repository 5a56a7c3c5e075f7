"""Two reviewers of the same texts: how far they agree, beyond chance, and where they don't."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from quotes.scoring.criteria import mention_agrees
from quotes.scoring.items import Item
from quotes.scoring.judging import Judgement, Verdict
from quotes.scoring.scores import Scores

_WORD = re.compile(r"\w+")
_NOBODY = "nobody"

Values = list[tuple[Hashable, Hashable]]


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha of one question, over so many units; None where all answers are one."""

    question: str
    units: int
    alike: float | None
    """The share of units on which the two gave one answer."""
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree."""

    alphas: tuple[Alpha, ...]
    disagreements: tuple[tuple[str, Verdict], ...]
    """The document and what the two say; the first reviewer's quotation is the predicted one."""


def agree(scores: Scores) -> Agreement:
    """The agreement of two reviewers, the first of whom was scored as the predictions.

    Alpha is nominal (Krippendorff 2018): 1 is agreement, 0 what chance would give. Whether a word is quoted
    is asked of every word of the texts that are known; mention, person and kind, of each quotation that
    both have.
    """
    both = [(j, v) for j in scores.judgements for v in j.verdicts if v.span]
    return Agreement(
        alphas=(
            _alpha("is the word quoted?", [pair for j in scores.judgements for pair in _quoted(j)]),
            _alpha("which mention?", [_mentions(j, v) for j, v in both]),
            _alpha("who is it?", [_persons(scores, v) for _, v in both]),
            _alpha("which kind?", [(_of(v.predicted).kind, _of(v.gold).kind) for _, v in both]),
        ),
        disagreements=tuple(
            (j.document.doc_id, v) for j in scores.judgements for v in j.verdicts if v.errors
        ),
    )


def _alpha(question: str, values: Values) -> Alpha:
    """One minus the observed over the expected disagreement.

    For two reviewers who both answered each unit, the coincidence matrix comes down to counts of values. The
    package krippendorff builds it for every unit: a thousand quotations of a thousand mentions would take it
    eight gigabytes. The tests hold this against it.
    """
    if not values:
        return Alpha(question, 0, None, None)
    differing = sum(one != other for one, other in values) / len(values)
    marginal = Counter(value for pair in values for value in pair)
    n = 2 * len(values)
    expected = 1 - sum(count * (count - 1) for count in marginal.values()) / (n * (n - 1))
    alpha = 1 - differing / expected if expected else None  # nothing varies: chance would agree as well
    return Alpha(question, len(values), 1 - differing, alpha)


def _quoted(judgement: Judgement) -> Iterator[tuple[bool, bool]]:
    text = judgement.document.text
    if text is None:
        return
    sides = [_inside(text, items) for items in (judgement.predicted, judgement.gold)]
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
    """Two mentions that overlap are one answer; no mention is an answer, too."""
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
    assert item is not None  # of a pair whose words match
    return item
