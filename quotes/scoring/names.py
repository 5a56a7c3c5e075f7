"""Whether a predicted name is right.

predicted "Donald J. Trump", gold "Trump"   →   right
predicted "Trump", gold "Donald J. Trump"   →   wrong
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from quotes.data import Registry

_NEITHER_LETTER_NOR_SPACE = re.compile(r"[^\w ]")


@lru_cache(maxsize=100_000)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name for comparison, without case, accents and punctuation.

    >>> words_of("Siobhán  O’Neil-Tarn, Jr.")
    ('siobhan', 'oneiltarn', 'jr')
    """
    plain = unicodedata.normalize("NFKD", " ".join(name.split())).casefold()
    return tuple(_NEITHER_LETTER_NOR_SPACE.sub("", plain).split())


class Names:
    """Compares names, with the aliases of a registry if there is one."""

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry = registry

    def same(self, predicted: str | None, gold: str | None) -> bool:
        """Whether the predicted name is the gold one, an alias of it, or a fuller form of it.

        The two sides cannot be swapped. Two missing names are the same.
        """
        if predicted is None or gold is None:
            return predicted is None and gold is None
        ours, theirs = words_of(predicted), words_of(gold)
        if ours == theirs:
            return True
        fuller = bool(ours) and ours[-1:] == theirs[-1:] and set(theirs) <= set(ours)
        return fuller or self._one_speaker(predicted, gold)

    def either(self, one: str | None, other: str | None) -> bool:
        """Whether one of the names is the other, an alias of it, or a fuller form."""
        return self.same(one, other) or self.same(other, one)

    def canonical(self, name: str) -> str:
        """The registry's name of the only person with this name, otherwise the name itself."""
        known = self._registry.named(name) if self._registry else ()
        return known[0].name if len(known) == 1 else name

    def _one_speaker(self, one: str, other: str) -> bool:
        if self._registry is None:
            return False
        ones, others = self._registry.named(one), self._registry.named(other)
        return len(ones) == 1 and ones == others
