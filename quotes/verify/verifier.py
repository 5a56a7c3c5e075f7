"""Records and sources → records with verdicts: the whole flow.

look up    the sentences of the sources that share rare words with the quotation  (index)
align      its words with theirs, and judge what differs  (alignment, deciding, contexts)
weigh      who said it there, when, and whether that source is evidence at all  (evidence)
answer     the best place as a `Verification`  (here)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from quotes.records import Change, Document, DocumentRecord, Quotation, Verdict, Verification
from quotes.verify import index as indexes
from quotes.verify.deciding import TOO_SHORT, Judged, Quoted, Window, judge
from quotes.verify.evidence import Evidence, Place, other_speakers, preferred
from quotes.verify.index import Index, Sentence
from quotes.verify.probability import probability
from quotes.verify.sources import Sourcing

# So many sentences that have all of a quotation's rarest words are aligned with it, and so many of those that
# share most of them.
_HAVING = 12
_LIKE = 6
# Words on either side of a quotation's that belong to its window.
_SLACK = 12
# Places that lie farther apart, in code points, are not given as one range.
_LONGEST_PLACE = 4000
_LONGEST_CHANGE = 200
# Somebody is said to use another's words only if it is so sure that the article attributes them so.
_SURE = 0.5


class Verifier:
    """Holds quotations against sources: documents, or an index that was built of them.

    Documents are indexed in a temporary file, which `close` or the end of a `with` block removes. `speaker`
    says whose words the documents hold where they don't say it themselves; `speakers` is a file of known
    people. Raises ReadError for a file that is no index, and DataError for a wrong file of speakers.
    """

    def __init__(
        self, sources: Index | Iterable[Document], *, speaker: str | None = None, speakers: Path | None = None
    ) -> None:
        self._temporary = None
        if not isinstance(sources, Index):
            self._temporary = indexes.temporary(sources, Sourcing(speaker, speakers))
            sources = self._temporary.__enter__()
        self._index = sources
        self._speakers = speakers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary index, if there is one."""
        if self._temporary is not None:
            self._temporary.__exit__(None, None, None)
            self._temporary = None

    def verify(self, records: Iterable[DocumentRecord]) -> Iterator[DocumentRecord]:
        """Stream records, each quotation in marks with its `verification`; in order, one by one."""
        for record in records:
            evidence = Evidence(self._index, record, self._speakers)
            quotations = tuple(
                one
                if one.kind == "indirect"
                else one.model_copy(update={"verification": self._check(one, evidence)})
                for one in record.quotations
            )
            yield record.model_copy(update={"quotations": quotations})

    def _check(self, quotation: Quotation, evidence: Evidence) -> Verification:
        quoted = Quoted.of(quotation)
        if len(quoted.words) <= TOO_SHORT:
            return Verification(verdict="too_short", probability=1.0)
        places = self._places(quoted, quotation, evidence)
        best = preferred(places)
        if (best is None or best.judged.verdict == "altered") and len(quoted.pieces) > 1:
            best = self._joined(quoted, quotation, evidence) or best
        if best is not None:
            return self._answer(best, best.judged.verdict)
        # That the article names this speaker may be the extractor's mistake.
        sure = quotation.confidence * (1 if quotation.name_confidence is None else quotation.name_confidence)
        if sure >= _SURE and (other := other_speakers(places, quotation)) is not None:
            answer = self._answer(other, "other_speaker")
            return answer.model_copy(update={"probability": round(answer.probability * sure, 3)})
        return Verification(verdict="not_found", probability=probability("not_found", None))

    def _places(self, quoted: Quoted, quotation: Quotation, evidence: Evidence) -> list[Place]:
        """The places in sources that hold the quotation, as far as these are evidence."""
        found: dict[tuple[int, int, int], Place] = {}
        tried: set[int] = set()
        rarest = self._index.rarest(quoted.words)
        for look_up, limit in ((self._index.having, _HAVING), (self._index.like, _LIKE)):
            for number in look_up(rarest, limit):
                if number in tried:
                    continue
                tried.add(number)
                exact = any(place.is_exact and place.whose != "other" for place in found.values())
                judged = self._judged(quoted, number, alone=exact)
                if judged is None or (judged.sentence.document, judged.start, judged.end) in found:
                    continue
                place = evidence.weigh(judged, quotation)
                if place is None:
                    continue
                found[judged.sentence.document, judged.start, judged.end] = place
                if judged.verdict == "verbatim" and place.whose == "same" and not place.later:
                    return [place]  # there is nothing better
            if any(place.is_exact and place.whose != "other" for place in found.values()):
                break
        return list(found.values())

    def _judged(self, quoted: Quoted, number: int, *, alone: bool) -> Judged | None:
        """The verdict at a sentence and around it; `alone`: only if the sentence alone has all words."""
        around = self._index.around(number)
        [at] = [at for at, sentence in enumerate(around) if sentence.number == number]
        window = Window(around[at : at + 1])
        if quoted.spaced not in f" {' '.join(window.words)} ":
            if alone:
                return None
            window = _window(around, at, quoted)
        return judge(quoted, window, self._index.weight, self._index.chance)

    def _joined(self, quoted: Quoted, quotation: Quotation, evidence: Evidence) -> Place | None:
        """One place for a quotation whose pieces stand far apart.

        In one source they must stand in order. In several, the quoted speaker must have said all of them; the
        place is then that of the first.
        """
        if any(len(piece.words) <= TOO_SHORT for piece in quoted.pieces):
            return None
        found = []
        for piece in quoted.pieces:
            places = self._places(piece, quotation, evidence)
            exact = [place for place in places if place.judged.verdict in ("verbatim", "marks")]
            if not exact:
                return None
            found.append(exact)
        chain = _in_order(found)
        if chain is None:
            said = [next((place for place in places if place.whose == "same"), None) for places in found]
            chain = [place for place in said if place is not None]
            if len(chain) < len(found):
                return None
        first, last = chain[0].judged, chain[-1].judged
        together = first.sentence.document == last.sentence.document
        near = together and 0 < last.end - first.start <= _LONGEST_PLACE
        joined = first._replace(
            verdict="cut",
            end=last.end if near else first.end,
            changes=(Change(kind="left_out", source="…", quoted=""),),
            evidence=sum(place.judged.evidence for place in chain),
            words=len(quoted.words),
        )
        return chain[0]._replace(judged=joined)

    def _answer(self, place: Place, verdict: Verdict) -> Verification:
        judged, origin = place.judged, place.origin
        return Verification(
            verdict=verdict,
            source=origin.doc_id,
            start=judged.start,
            end=judged.end,
            text=self._index.text(judged.sentence.document, judged.start, judged.end),
            date=origin.date,
            url=origin.url,
            speaker=place.speaker,
            changes=tuple(map(_shortened, judged.changes)),
            probability=probability(verdict, place),
        )


def _in_order(found: Sequence[Sequence[Place]]) -> list[Place] | None:
    """One place of each piece, all in one source, of one speaker, in order; None if there are no such."""
    for first in found[0]:
        chain = [first]
        for places in found[1:]:
            behind = (
                place
                for place in places
                if place.judged.sentence.document == first.judged.sentence.document
                and place.speaker == first.speaker
                and place.judged.start >= chain[-1].judged.end
            )
            if (following := next(behind, None)) is None:
                break
            chain.append(following)
        if first.whose != "other" and len(chain) == len(found):
            return chain
    return None


def _shortened(change: Change) -> Change:
    if len(change.source) <= _LONGEST_CHANGE:
        return change
    half = _LONGEST_CHANGE // 2
    return change.model_copy(update={"source": f"{change.source[:half]} … {change.source[-half:]}"})


def _window(around: Sequence[Sentence], at: int, quoted: Quoted) -> Window:
    """The sentence, and as many before and behind it in its turn as the quotation may reach."""
    size = len(quoted.words)
    needed = max(size - around[at].text.count(" "), size // 2) + _SLACK
    first = last = at
    words = 0
    while first > 0 and words < needed and around[first - 1].turn == around[at].turn:
        first -= 1
        words += around[first].text.count(" ") + 1
    words = 0
    while last + 1 < len(around) and words < needed and around[last + 1].turn == around[at].turn:
        last += 1
        words += around[last].text.count(" ") + 1
    return Window(around[first : last + 1])
