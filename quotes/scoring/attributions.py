"""Attributions → counts: all that is reported, direct, mixed and indirect, with its source and cue.

said [that the pier would close on Friday], predicted [that the pier would close]   →   no match at 0.8

Marks and punctuation at edges don't count if the text is known. The measures are those of the yardstick with
which indirect speech is compared with published systems; how it matches is in `matching.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from quotes.scoring.items import INDIRECT, Item, Range
from quotes.scoring.judging import Judgement
from quotes.scoring.measures import Counts, Of, add, sides_of, unrecalled

#: The measures in the order of the tables, and what counts as right.
MEASURES: Mapping[str, str] = {
    "attribution": "the contents match, and the mention overlaps the source",
    "attribution.direct": "the same, each side by its own kind",
    "attribution.mixed": "the same, each side by its own kind",
    "attribution.indirect": "the same, each side by its own kind",
    "indirect.content": "exactly the same ranges of indirect content",
    "indirect.source": "exactly the same phrases that name the sources of indirect speech",
    "indirect.cue": "exactly the same cues of indirect speech",
    "indirect.words": "single words of indirect content",
}

_RANGES: Mapping[str, Callable[[Item], Iterable[Range]]] = {
    "indirect.content": lambda item: item.parts,
    "indirect.source": lambda item: item.source or item.speaker,
    "indirect.cue": lambda item: item.cue,
    "indirect.words": lambda item: item.words(),
}


def count(judgement: Judgement) -> Of:
    """One document's counts for every measure, by name. A range that two contents share counts once."""
    total: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    gold: list[Item] = []
    predicted: list[Item] = []
    for verdict in judgement.attributions:
        for item, place in sides_of(verdict):
            add(total, "attribution", place, verdict.attributed)
            add(total, f"attribution.{item.kind}", place, verdict.attributed)
        for one, side in ((verdict.gold, gold), (verdict.predicted, predicted)):
            if one is not None and one.kind == INDIRECT:
                side.append(one)
    found = {name: Counts(*numbers) for name, numbers in total.items()}
    for name, ranges_of in _RANGES.items():
        right, ours = ({one for item in side for one in ranges_of(item)} for side in (gold, predicted))
        shared = len(right & ours)
        found[name] = Counts(shared, len(ours), shared, len(right))
    return unrecalled(found) if judgement.document.gold.partial else found
