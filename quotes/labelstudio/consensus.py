"""Several reviewers of one document: what most of them say, and how far they agree.

Quotations of two reviewers are the same one when their words overlap by half or more (intersection over
union of code points); each is paired at most once, the closest first. Agreement on which words are
quotations is the F1 of one reviewer held against another, over all pairs: with no count of the
stretches that both left unmarked, chance-corrected measures are undefined, and F1 is what they tend to
(Hripcsak & Rothschild 2005, "Agreement, the F-measure, and reliability in information retrieval").
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
    """Sums over all documents that several people reviewed, and over all pairs of their reviewers.

    Of the `marked` quotations (both reviewers' counted), `paired` have a counterpart; of the `pairs`, so
    many have the same parts, mention, name and kind.
    """

    documents: int
    marked: int
    pairs: int
    parts: int
    speaker: int
    name: int
    kind: int

    @property
    def f1(self) -> float:
        """The F1 of one reviewer held against the other; 1.0 where neither marked anything."""
        return 2 * self.pairs / self.marked if self.marked else 1.0

    def lines(self) -> list[str]:
        """The agreement for a person."""
        told = f"Agreement of reviewers on {self.documents:,} document{'s' * (self.documents != 1)}: "
        told += f"which words are quotations {self.f1:.0%} (F1)"
        if not self.pairs:
            return [f"{told}."]
        shares = {"their edges": self.parts, "the speaker's mention": self.speaker}
        shares |= {"the name": self.name, "the kind": self.kind}
        on_pairs = ", ".join(f"{what} {count / self.pairs:.0%}" for what, count in shares.items())
        return [f"{told}; on the {self.pairs:,} found by both: {on_pairs}."]


def agreement(documents: Iterable[Sequence[DocumentRecord]]) -> Agreement:
    """How far reviewers agree: `documents` holds, for each document, the records of all its reviewers."""
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
                count["name"] += a.speaker_name == b.speaker_name
                count["kind"] += a.kind == b.kind
    fields = ("documents", "marked", "pairs", "parts", "speaker", "name", "kind")
    return Agreement(*(count[field] for field in fields))


def consensus_of(
    records: Sequence[DocumentRecord], rule: str
) -> tuple[tuple[Quotation, ...], tuple[Quotation, ...]]:
    """What most reviewers of one document say, and the quotations on which there is no majority.

    `records` are the reviewers', the latest last. More than half must mark a quotation; then its parts,
    speaker and kind are each what most of these say, and name and speaker's kind what most of those with
    that speaker say. Ties go to the latest review. More than half calling it "not a quotation" make it
    that; with neither majority it is left out.
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
    """One quotation out of several reviewers' versions of it, the latest last."""
    parts = _most(group, lambda one: one.parts)
    speaker = _most(group, lambda one: _edges(one.speaker))
    agreeing = [one for one in group if _edges(one.speaker) == speaker]
    body = next(one for one in reversed(group) if one.parts == parts)
    who = _most(agreeing, lambda one: (one.speaker_name, one.speaker_kind))
    cue = _most(group, lambda one: _edges(one.cue))
    return body.model_copy(
        update={
            "kind": _most(group, lambda one: one.kind),
            "channel": _most(group, lambda one: one.channel),
            "speaker": agreeing[-1].speaker,
            "speaker_name": who[0],
            "speaker_kind": who[1],
            "cue": next(one.cue for one in reversed(group) if _edges(one.cue) == cue),
            "rule": rule,
        }
    )


def _most(group: Sequence[Quotation], answer: Callable[[Quotation], Answer]) -> Answer:
    """The most frequent answer; of those alike, the one that the latest review gives."""
    answers = [answer(one) for one in group]
    votes = Counter(answers)
    return max(reversed(answers), key=lambda one: votes[one])


def _groups(reviewers: Sequence[Sequence[Quotation]]) -> list[list[Quotation]]:
    """The reviewers' versions of each quotation together, in the reviewers' order."""
    groups: list[list[Quotation]] = []
    for quotations in reviewers:
        pairs = dict(_pairs([group[-1] for group in groups], quotations))
        for i, j in pairs.items():
            groups[i].append(quotations[j])
        groups += [[one] for j, one in enumerate(quotations) if j not in pairs.values()]
    return groups


def _pairs(ours: Sequence[Quotation], theirs: Sequence[Quotation]) -> list[tuple[int, int]]:
    """Which quotations of two reviewers are the same one: pairs of indices, each index at most once."""
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


def _edges(span: Span | None) -> tuple[int, int] | None:
    return None if span is None else (span.start, span.end)
