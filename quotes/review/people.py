"""The people of an article, the nearest to a quotation first: who else may have said it.

“It rained,” she said. Cy Orr nodded. “Quill is late,” he said.   →   1 Cy Orr (Cy Orr), 2 Ada Quill (she)

Records name those who speak somewhere in the article. Others are found by a light pass: a known first name,
or a title, and capitalised words behind it. Nothing is parsed, so the reviewer's computer needs no model.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from quotes import data
from quotes.records import DocumentRecord, Quotation, Span, SpeakerKind

#: As many as there are keys from 1 to 9.
MOST: Final = 9

_Range = tuple[int, int]

_CAPITALS = re.compile(r"[^\W\d_a-z][\w'’.-]*(?:[ \u00a0](?:(?:van|von|de|da|di|del|bin|al|el|la)[ \u00a0])?"
                       r"[^\W\d_a-z][\w'’-]*\.?)*")  # fmt: skip
_WORD = re.compile(r"[\w'’-]+")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_POSSESSIVE = re.compile(r"['’]s?$")
# Words that may stand between a mention and its cue: "Quill also said", "said Mayor Quill".
_ADVERBS: Final = 2
_FAR: Final = 5000  # in code points; farther away, there is a line between
_FINITE: Final = ("past", "third")
_NEAR: Final = 120  # in code points: as far as a cue is looked for


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may have said a quotation: the mention nearest to it, and the cue beside that."""

    name: str | None
    kind: SpeakerKind
    mention: Span
    cue: Span | None

    @property
    def called(self) -> str:
        """The name, or the words of the mention of somebody unnamed."""
        return self.name or self.mention.text


class People:
    """The people of a document. Finding them reads the text once."""

    def __init__(self, record: DocumentRecord) -> None:
        assert record.text is not None  # a queue's records have their texts
        self._text = record.text
        self._quotations = [one for one in record.quotations if one.kind != "unattributed"]
        self._quoted = sorted(
            part for one in self._quotations if one.kind != "indirect" for part in one.parts
        )
        self._kinds: dict[str, tuple[str | None, SpeakerKind]] = {}
        self._mentions: dict[str, set[_Range]] = {}
        for one in self._quotations:
            for speaker in one.everyone:
                called = speaker.name or speaker.text
                if speaker.name is None and not _tells_who(speaker.text):
                    continue
                self._kinds.setdefault(called, (speaker.name, speaker.kind))
                self._mentions.setdefault(called, set()).add((speaker.start, speaker.end))
        for start, end in self._capitals():
            self._add(start, end)

    @property
    def names(self) -> dict[str, SpeakerKind]:
        """The names, and what each of them is."""
        return {name: kind for name, kind in self._kinds.values() if name is not None}

    def name_of(self, mention: Span) -> tuple[str | None, SpeakerKind] | None:
        """Whom a mention means, by its words or by what the same mention means elsewhere; None if unknown."""
        edges = (mention.start, mention.end)
        for called, mentions in self._mentions.items():
            if edges in mentions or mention.text == called:
                return self._kinds[called]
        words = mention.text.split()
        for called, who in self._kinds.items():
            if who[0] is not None and words and called.split()[-len(words) :] == words:
                return who
        return None

    def candidates(self, quotation: Quotation) -> list[Candidate]:
        """Those who may have said it instead, the nearest first, MOST at most."""
        current = quotation.speaker_name or (quotation.speaker.text if quotation.speaker else None)
        found = [
            (self._distance(span, quotation), span, called)
            for called, mentions in self._mentions.items()
            if called != current
            for span in [min(mentions, key=lambda span: (self._distance(span, quotation), span))]
        ]
        return [self._candidate(called, span, quotation) for _, span, called in sorted(found)[:MOST]]

    def _candidate(self, called: str, edges: _Range, quotation: Quotation) -> Candidate:
        name, kind = self._kinds[called]
        mention = Span.of(self._text, *edges)
        return Candidate(name, kind, mention, self.cue_of(mention, quotation))

    def cue_of(self, mention: Span, quotation: Quotation) -> Span | None:
        """The cue of a mention: the verb beside it, or the quotation's own if that is in its sentence."""
        return self._verb_beside(mention) or self._own_cue(mention, quotation)

    def _verb_beside(self, mention: Span) -> Span | None:
        verbs = data.cues().verbs
        line_end = self._text.find("\n", mention.end, mention.end + _NEAR)
        after = _WORD.finditer(self._text, mention.end, line_end if line_end >= 0 else mention.end + _NEAR)
        begin = max(self._text.rfind("\n", 0, mention.start) + 1, mention.start - _NEAR)
        before = reversed(list(_WORD.finditer(self._text, begin, mention.start)))
        for words in (after, before):
            for _, word in zip(range(1 + _ADVERBS), words, strict=False):
                low, high = sorted((word.span(), (mention.start, mention.end)))
                if _SENTENCE_END.search(self._text, low[1], high[0]) or self._is_quoted(word.start()):
                    break
                verb = verbs.get(word[0])
                if verb is not None and (verb.form in _FINITE or verb.strength == "strong"):
                    return Span.of(self._text, *word.span())
        return None

    def _own_cue(self, mention: Span, quotation: Quotation) -> Span | None:
        cue = quotation.cue
        if cue is None:
            return None
        low, high = sorted(((cue.start, cue.end), (mention.start, mention.end)))
        between = self._text[low[1] : high[0]]
        return None if len(between) > _NEAR or _SENTENCE_END.search(between) else cue

    def _capitals(self) -> Iterator[_Range]:
        """Runs of capitalised words outside of quotations that look like a person's name."""
        first_names, titles = data.first_names(), data.titles()
        for run in _CAPITALS.finditer(self._text):
            words = [
                (run.start() + word.start(), run.start() + word.end())
                for word in re.finditer(r"\S+", _POSSESSIVE.sub("", run[0]))
            ]
            texts = [self._text[start:end] for start, end in words]
            titled = False
            while texts and texts[0].lower().rstrip(".") in titles.titles:
                titled = True
                del texts[0], words[0]
            if not texts or self._is_quoted(words[0][0]):
                continue
            begin = next(
                (n for n, text in enumerate(texts[:-1]) if len(text) > 2 and text in first_names),
                0 if titled else None,
            )
            if begin is not None and (titled or len(texts) - begin > 1):
                yield words[begin][0], words[-1][1]
            elif any(text == called.split()[-1] for text in texts[-1:] for called in self._kinds):
                yield words[-1]

    def _add(self, start: int, end: int) -> None:
        """Add a mention: of the one with this name or last name, otherwise of somebody new."""
        text = self._text[start:end].rstrip(".,")
        edges = (start, start + len(text))
        for called, (name, _) in self._kinds.items():
            if name is not None and (text == name or name.endswith(f" {text}")):
                self._mentions[called].add(edges)
                return
        if " " in text or not any(text in called for called in self._kinds):
            self._kinds[text] = (text, "person")
            self._mentions.setdefault(text, set()).add(edges)

    def _is_quoted(self, at: int) -> bool:
        behind = bisect_right(self._quoted, (at, sys.maxsize))
        return behind > 0 and at < self._quoted[behind - 1][1]

    def _distance(self, span: _Range, quotation: Quotation) -> int:
        """In code points, from the nearest part; a line between doubles it."""
        gaps = [max(start - span[1], span[0] - end, 0) for start, end in quotation.parts]
        nearest = min(gaps)
        start, end = quotation.parts[gaps.index(nearest)]
        if nearest > _FAR or "\n" in self._text[min(end, span[1]) : max(start, span[0])]:
            return 2 * nearest
        return nearest


def _tells_who(mention: str) -> bool:
    """Whether words that aren't a name say who speaks: "an aide", "residents", but not "she"."""
    return " " in mention or mention.lower() in data.titles().nouns


def known_names(people: Iterable[str], others: Iterable[str], typed: str, most: int = MOST) -> list[str]:
    """Names in which a word begins with what was typed: the article's people first, then all others."""
    wanted = typed.casefold().split()

    def fits(name: str) -> bool:
        words = name.casefold().split()
        return all(any(word.startswith(start) for word in words) for start in wanted)

    found = dict.fromkeys(name for name in people if fits(name))
    for name in others:
        if len(found) >= most:
            break
        if name not in found and fits(name):
            found[name] = None
    return list(found)[:most]
