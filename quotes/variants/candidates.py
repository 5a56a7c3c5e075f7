"""Which wordings are worth comparing: two inverted indexes that miss nothing, in place of all pairs.

*Prefix filtering* (Chaudhuri, Ganti and Kaushik, ICDE 2006; Bayardo, Ma and Srikant, WWW 2007): two wordings
that share at least seven in ten of their words share one of the rarest four in ten, too. So only rare words
are looked up. *Runs of four words*: a wording that is contained in another has all its runs there, so the one
that stands in the fewest others tells all that can contain it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from quotes.variants.verdict import MOST_CHANGED
from quotes.variants.words import Wording

_RUN: Final = 4

Token = tuple[str, int]


class NearIndex:
    """Finds, of the wordings that were added, those that may differ from another in few words.

    All `wordings` are told beforehand; later they go by their numbers, which are their places in the list.
    """

    def __init__(self, wordings: Sequence[Wording]) -> None:
        tokens = [list(_numbered(wording.words)) for wording in wordings]
        # The rarity of words only sets their order: any order finds the same pairs, this one does it fast.
        rarity = Counter(token for each in tokens for token in each)
        self._rarest = [_rarest(each, rarity) for each in tokens]
        self._having: dict[Token, list[int]] = {}

    def add(self, number: int) -> None:
        """Let a wording be found."""
        for token in self._rarest[number]:
            self._having.setdefault(token, []).append(number)

    def like(self, number: int) -> set[int]:
        """The numbers of all that were added and may be near this one."""
        return {found for token in self._rarest[number] for found in self._having.get(token, ())}


class RunIndex:
    """Finds, of the wordings that were added, those that may contain another."""

    def __init__(self) -> None:
        self._having: dict[int, list[int]] = {}
        self._numbers: dict[str, int] = {}

    def add(self, number: int, wording: Wording) -> None:
        """Let a wording be found under its number."""
        for run in wording.runs:
            for hashed in self._hashed(run):
                having = self._having.setdefault(hashed, [])
                if not having or having[-1] != number:
                    having.append(number)

    def containing(self, wording: Wording) -> Sequence[int]:
        """The numbers of all that may contain this one; none where no part of it has four words."""
        fewest: Sequence[int] | None = None
        for segment in wording.segments:
            for hashed in self._hashed(segment):
                having = self._having.get(hashed, ())
                if fewest is None or len(having) < len(fewest):
                    fewest = having
        return fewest or ()

    def _hashed(self, words: Sequence[str]) -> Iterator[int]:
        # Numbers take a fraction of the memory of strings, and hash alike in every process.
        ids = [self._numbers.setdefault(word, len(self._numbers)) for word in words]
        for at in range(len(ids) - _RUN + 1):
            yield hash(tuple(ids[at : at + _RUN]))


def _numbered(words: Sequence[str]) -> Iterator[Token]:
    """Tell the occurrences of a word apart, so that a set of them counts each."""
    count: Counter[str] = Counter()
    for word in words:
        count[word] += 1
        yield word, count[word]


def _rarest(tokens: list[Token], rarity: Mapping[Token, int]) -> list[Token]:
    """So many of the rarest words that whoever shares none of them shares too few at all."""
    must_share = -(-len(tokens) * (10 - MOST_CHANGED) // 10)
    tokens = sorted(tokens, key=lambda token: (rarity[token], token))
    return tokens[: len(tokens) - must_share + 1]
