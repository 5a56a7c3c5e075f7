"""Which sentences are worth a parse: those whose words make an attribution likely enough."""

from __future__ import annotations

import re

from quotes.indirect.grammar import lemma
from quotes.indirect.weights import shipped

_WORD = re.compile(r"[^\W\d_]+(?:['’]\w+)?|[:–—]")


def may_report(sentence: str) -> bool:
    """Whether a sentence may attribute something to somebody; it is parsed only then."""
    return shipped().sentences.score(sentence_features(sentence)) > 0


def sentence_features(sentence: str) -> frozenset[str]:
    """The words of a sentence in lower case, each once, and their lemmas."""
    words = frozenset(word.lower() for word in _WORD.findall(sentence))
    return words | frozenset(f"lemma {lemma(word)}" for word in words)
