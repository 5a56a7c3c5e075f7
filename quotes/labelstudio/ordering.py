"""Which documents go to review, and which first."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from quotes.labelstudio.tasks import document_score
from quotes.records import Document, DocumentRecord

T = TypeVar("T")


def draw(pairs: Sequence[T], number: int, seed: int) -> list[T]:
    """A sample without replacement, in random order, so that its beginning is a sample, too.

    The same pairs, number and seed give the same sample; all of them, if there are no more than `number`.
    """
    return random.Random(seed).sample(pairs, min(number, len(pairs)))


def uncertain_first(
    pairs: Sequence[tuple[Document, DocumentRecord]],
) -> list[tuple[Document, DocumentRecord]]:
    """The least certain documents first, those last in which nobody is quoted, of which nothing is known."""

    def certainty(pair: tuple[Document, DocumentRecord]) -> float:
        score = document_score(pair[1])
        return 2.0 if score is None else score

    return sorted(pairs, key=certainty)
