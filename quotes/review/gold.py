"""Decisions become gold: one record a document, as `quotes labelstudio pull` writes it.

flood: 3 quotations, 3 decided   →   a complete record
pier:  9 quotations, 2 decided   →   a record of these two, partly_reviewed
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from quotes.gold.consensus import agreement, consensus_of
from quotes.records import DocumentRecord, Quotation
from quotes.review.decisions import Decision, Key
from quotes.review.journal import Journal
from quotes.review.queue import Queue
from quotes.text.flags import flag
from quotes.text.marks import paragraphs

CONSENSUS = "consensus"

#: The decisions on a document: those on each quotation, the latest last, by its `quote_id`.
_Answers = dict[str, list[Decision]]


@dataclass(frozen=True, slots=True)
class Gold:
    """Gold, sorted by `doc_id`.

    `by_reviewer` has each reviewer's own records, if a quotation was decided by several. `lines` are what a
    user should know, the most important last.
    """

    records: tuple[DocumentRecord, ...]
    by_reviewer: Mapping[str, tuple[DocumentRecord, ...]]
    lines: tuple[str, ...]


@dataclass(slots=True)
class _Count:
    complete: int = 0
    partial: int = 0
    unsure: int = 0
    left: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)

    def lines(self, documents: int) -> Iterator[str]:
        yield (
            f"{self.complete:,} of {documents:,} document{'s' * (documents != 1)} complete, "
            f"{self.partial:,} in part. Quotations: {self.verdicts['accepted']:,} unchanged, "
            f"{self.verdicts['corrected']:,} changed, "
            f"{self.verdicts['rejected']:,} rejected, {self.verdicts['added']:,} added; {self.left:,} left, "
            f"{self.unsure:,} of them unsure."
        )


def gold(
    queue: Queue, journals: Sequence[Journal], *, consensus: bool = False, with_text: bool = False
) -> Gold:
    """The gold of some reviewers' decisions.

    If several decided about one quotation, the latest answer counts, or with `consensus` that of more than
    half of them; without a majority, it counts as not decided. A document is complete if all its predictions
    are decided. One without a decision is left out.
    """
    journals_of = _by_document(journals)
    lines: list[str] = []
    unfit = Counter[tuple[str, str]]()
    records: list[DocumentRecord] = []
    everyone: dict[str, list[DocumentRecord]] = {}
    shared: list[list[DocumentRecord]] = []
    count = _Count(left=len(queue.places))
    for number, doc_id in enumerate(queue.doc_ids):
        if doc_id not in journals_of:
            continue
        record = queue.record(number)
        found = _answers(record, journals_of.pop(doc_id), unfit)
        settled = _settled(record, found, consensus=consensus, lines=lines)
        _count(count, record, found, settled)
        if settled:
            records.append(_reviewed(record, settled, with_text=with_text))
            count.partial += records[-1].partly_reviewed
            count.complete += not records[-1].partly_reviewed
        for who, own in _own(found).items():
            everyone.setdefault(who, []).append(_reviewed(record, own, with_text=with_text))
        if pairs := _shared(record, found):
            shared.append(pairs)
    for journal, _ in chain.from_iterable(journals_of.values()):
        unfit[journal.reviewer, "on documents that are not in these records"] += 1
    lines += [f"Not used: {n:,} decision{'s' * (n != 1)} of {who} {why}." for (who, why), n in unfit.items()]
    lines += agreement(shared).lines() if shared else []
    by_reviewer = {who: tuple(everyone[who]) for who in sorted(everyone)} if shared else {}
    records.sort(key=lambda one: one.doc_id)
    return Gold(tuple(records), by_reviewer, (*lines, *count.lines(queue.documents)))


def left(queue: Queue, journals: Sequence[Journal]) -> Iterator[DocumentRecord]:
    """The documents in which something is left or unsure, with their texts, and with what is decided in them.

    Whoever reviews such a document as a whole gives complete gold: decided quotations have the reviewer's
    answer and the confidence 1, so that the doubtful ones come first.
    """
    journals_of = _by_document(journals)
    for number, doc_id in enumerate(queue.doc_ids):
        record = queue.record(number)
        found = _answers(record, journals_of.get(doc_id, ()), Counter())
        settled = _settled(record, found, consensus=False, lines=[])
        if all(one.quote_id in settled for one in record.quotations):
            continue
        undecided = {one.quote_id: one for one in record.quotations if one.quote_id not in settled}
        quotations = {one.quote_id: one for one in (*undecided.values(), *_quotations(settled))}
        yield record.model_copy(
            update={"quotations": tuple(sorted(quotations.values(), key=lambda one: one.parts))}
        )


def _by_document(journals: Sequence[Journal]) -> dict[str, list[tuple[Journal, Key]]]:
    found: dict[str, list[tuple[Journal, Key]]] = {}
    for journal in journals:
        for key in journal.entries:
            found.setdefault(key[0], []).append((journal, key))
    return found


def _answers(
    record: DocumentRecord, entries: Iterable[tuple[Journal, Key]], unfit: Counter[tuple[str, str]]
) -> _Answers:
    """The decisions on a document. Those on another text are counted in `unfit`."""
    answers: _Answers = {}
    for journal, key in entries:
        if journal.entries[key].text_sha256 == record.text_sha256:
            answers.setdefault(key[1], []).append(journal.decision(key))
        else:
            unfit[journal.reviewer, "on documents whose text has changed since"] += 1
    for decisions in answers.values():
        decisions.sort(key=lambda one: one.at)
    return answers


def _settled(
    record: DocumentRecord, found: _Answers, *, consensus: bool, lines: list[str]
) -> dict[str, Decision]:
    """The decision that counts for each quotation that is decided, by `quote_id`."""
    settled = {}
    for quote_id, decisions in found.items():
        decided = [one for one in decisions if one.quotation is not None]
        if not decided:
            continue
        settled[quote_id] = decided[-1]
        if consensus and len(decided) > 1:
            answer, _ = consensus_of(
                [record.model_copy(update={"quotations": (one.quotation,)}) for one in decided],
                f"review:{CONSENSUS}",
            )
            if answer:
                settled[quote_id] = decided[-1].model_copy(update={"quotation": answer[0]})
                continue
            del settled[quote_id]
            where = decided[-1].quotation.parts if decided[-1].quotation is not None else ()
            lines.append(
                f"{record.doc_id}: no majority for the quotation from {where[0][0]} to {where[-1][1]}: "
                "left out. Decide it together."
            )
    return settled


def _reviewed(record: DocumentRecord, settled: Mapping[str, Decision], *, with_text: bool) -> DocumentRecord:
    assert record.text is not None  # a queue's records have their texts
    # Added quotations have no flags yet, and what is a copy of what may have changed.
    quotations = flag(record.text, paragraphs(record.text), _quotations(settled))
    return record.model_copy(
        update={
            "quotations": tuple(quotations),
            "partly_reviewed": any(one.quote_id not in settled for one in record.quotations),
            "text": record.text if with_text else None,
        }
    )


def _quotations(settled: Mapping[str, Decision]) -> list[Quotation]:
    """In text order, one quotation for the same words."""
    found = {one.quotation.parts: one.quotation for one in settled.values() if one.quotation is not None}
    return [found[parts] for parts in sorted(found)]


def _own(found: _Answers) -> dict[str, dict[str, Decision]]:
    """Each reviewer's decisions on a document that give a quotation, by `quote_id`."""
    own: dict[str, dict[str, Decision]] = {}
    for quote_id, decisions in found.items():
        for one in decisions:
            if one.quotation is not None:
                own.setdefault(one.quotation.rule.removeprefix("review:"), {})[quote_id] = one
    return own


def _shared(record: DocumentRecord, found: _Answers) -> list[DocumentRecord]:
    """The records of those who decided about the same quotations of a document, of only these quotations."""
    own = _own(found)
    if len(own) < 2:
        return []
    both = set.intersection(*(set(decisions) for decisions in own.values()))
    if not both:
        return []
    return [
        record.model_copy(
            update={"quotations": tuple(_quotations({key: decisions[key] for key in both})), "text": None}
        )
        for decisions in own.values()
    ]


def _count(count: _Count, record: DocumentRecord, found: _Answers, settled: Mapping[str, Decision]) -> None:
    count.verdicts.update(one.verdict for one in settled.values())
    open_ = [one.quote_id for one in record.quotations if one.quote_id not in settled]
    count.left -= len(record.quotations) - len(open_)
    count.unsure += sum(quote_id in found for quote_id in open_)
