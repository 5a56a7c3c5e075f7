"""Several reviewers of one document: the majority's answer, and how far the reviewers agree.

Quotations of two reviewers are the same if half of their words or more overlap (intersection over union of
code points); each is paired at most once, the closest pairs first. Agreement on which words are quotations is
the F1 of one reviewer against another, over all pairs. Chance-corrected measures need the number of ranges
that both left unmarked, which is undefined here; F1 is their limit (Hripcsak & Rothschild 2005, "Agreement,
the F-measure, and reliability in information retrieval").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from quotes.records import DocumentRecord, Quotation, Span

_SAME = 0.5

Answer = TypeVar("Answer", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Sums over all documents with several reviews, and over all pairs of their reviewers.

    `marked` counts the quotations of both reviewers, `pairs` those that both found; `parts`, `speaker`,
    `name` and `kind` are the numbers of pairs that agree on these.
    """

    documents: int = 0
    marked: int = 0
    pairs: int = 0
    parts: int = 0
    speaker: int = 0
    name: int = 0
    kind: int = 0

    @property
    def f1(self) -> float:
        """The F1 of one reviewer against the other; 1.0 if neither marked anything."""
        return 2 * self.pairs / self.marked if self.marked else 1.0

    def lines(self) -> list[str]:
        """The agreement as a line of text."""
        documents = f"{self.documents:,} document{'s' * (self.documents != 1)}"
        line = f"Agreement of reviewers on {documents}: which words are quotations {self.f1:.0%} (F1)"
        if not self.pairs:
            return [f"{line}."]
        counts = {"their edges": self.parts, "the speaker's mention": self.speaker}
        counts |= {"the name": self.name, "the kind": self.kind}
        shares = ", ".join(f"{what} {count / self.pairs:.0%}" for what, count in counts.items())
        return [f"{line}; on the {self.pairs:,} found by both: {shares}."]


def agreement(documents: Iterable[Sequence[DocumentRecord]]) -> Agreement:
    """How far reviewers agree. `documents` has, for each document, the records of all its reviewers."""
    count = Counter[str]()
    for records in documents:
        count["documents"] += 1
        for one, other in combinations(records, 2):
            ours, theirs = _quoted(one), _quoted(other)
            count["marked"] += len(ours) + len(theirs)
            for i, j in _pairs(ours, theirs):
                a, b = ours[i], theirs[j]
                count["pairs"] += 1
                count["parts"] += a.parts == b.parts
                count["speaker"] += _edges(a.speaker) == _edges(b.speaker)
                count["name"] += _names(a) == _names(b)
                count["kind"] += a.kind == b.kind
    return Agreement(**count)


def consensus_of(
    records: Sequence[DocumentRecord], rule: str
) -> tuple[tuple[Quotation, ...], tuple[Quotation, ...]]:
    """What the majority of a document's reviewers say, and the quotations without a majority.

    `records` are the reviewers', the latest last. A quotation is kept if more than half of the reviewers mark
    it. Its parts, speaker and kind are the most frequent ones; its name and speaker's kind are the most
    frequent ones of those who chose this speaker. Ties go to the latest review. If more than half call it
    "not a quotation", it becomes that.
    """
    settled: list[Quotation] = []
    unsettled: list[Quotation] = []
    for group in _groups([record.quotations for record in records]):
        quoted = [quotation for quotation in group if quotation.kind != "unattributed"]
        if 2 * len(quoted) > len(records):
            settled.append(_majority(quoted, rule))
        elif 2 * (len(group) - len(quoted)) > len(records):
            settled.append(_majority([one for one in group if one.kind == "unattributed"], rule))
        elif 2 * len(group) >= len(records):
            unsettled.append(group[-1])
    unique = {quotation.parts: quotation for quotation in settled}
    return tuple(unique[parts] for parts in sorted(unique)), tuple(unsettled)


def _majority(group: Sequence[Quotation], rule: str) -> Quotation:
    """One quotation from several reviewers' versions of it, the latest last."""
    parts = _most(group, lambda one: one.parts)
    speaker = _most(group, lambda one: _edges(one.speaker))
    agreeing = [one for one in group if _edges(one.speaker) == speaker]
    body = next(one for one in reversed(group) if one.parts == parts)
    who = _most(agreeing, lambda one: (one.speaker_name, one.speaker_kind, one.speakers))
    cue = _most(group, lambda one: _edges(one.cue))
    return body.model_copy(
        update={
            "kind": _most(group, lambda one: one.kind),
            "channel": _most(group, lambda one: one.channel),
            "speaker": agreeing[-1].speaker,
            "speaker_name": who[0],
            "speaker_kind": who[1],
            "speakers": who[2],
            "cue": next(one.cue for one in reversed(group) if _edges(one.cue) == cue),
            "content": _most([one for one in group if one.parts == parts], lambda one: one.content),
            "source": _most(agreeing, lambda one: one.source),
            "attribution_type": _most(group, lambda one: one.attribution_type),
            "negated": _most(group, lambda one: one.negated),
            "verification": _most(group, lambda one: one.verification),
            "rule": rule,
        }
    )


def _most(group: Sequence[Quotation], answer: Callable[[Quotation], Answer]) -> Answer:
    """The most frequent answer; in a tie, that of the latest review."""
    answers = [answer(one) for one in group]
    votes = Counter(answers)
    return max(reversed(answers), key=lambda one: votes[one])


def _groups(reviewers: Sequence[Sequence[Quotation]]) -> list[list[Quotation]]:
    """Group the reviewers' versions of each quotation, in the reviewers' order."""
    groups: list[list[Quotation]] = []
    for quotations in reviewers:
        pairs = dict(_pairs([group[-1] for group in groups], quotations))
        for i, j in pairs.items():
            groups[i].append(quotations[j])
        groups += [[one] for j, one in enumerate(quotations) if j not in pairs.values()]
    return groups


def _pairs(ours: Sequence[Quotation], theirs: Sequence[Quotation]) -> list[tuple[int, int]]:
    """Which quotations of two reviewers are the same: pairs of indices, each index at most once."""
    close = [
        (-overlap, i, j)
        for i, one in enumerate(ours)
        for j, other in enumerate(theirs)
        if (overlap := _overlap(one, other)) >= _SAME
    ]
    left, right = set(range(len(ours))), set(range(len(theirs)))
    pairs = []
    for _, i, j in sorted(close):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append((i, j))
    return pairs


def _overlap(one: Quotation, other: Quotation) -> float:
    """Intersection over union, in code points of all parts."""
    if one.parts[-1][1] <= other.parts[0][0] or other.parts[-1][1] <= one.parts[0][0]:
        return 0.0
    both = sum(max(0, min(e, f) - max(s, t)) for s, e in one.parts for t, f in other.parts)
    size = sum(end - start for start, end in (*one.parts, *other.parts))
    return both / (size - both)


def _quoted(record: DocumentRecord) -> list[Quotation]:
    return [quotation for quotation in record.quotations if quotation.kind != "unattributed"]


def _names(quotation: Quotation) -> list[str | None]:
    """The names of all who speak, in one order."""
    return sorted([one.name for one in quotation.everyone] or [quotation.speaker_name], key=str)


def _edges(span: Span | None) -> tuple[int, int] | None:
    return None if span is None else (span.start, span.end)
