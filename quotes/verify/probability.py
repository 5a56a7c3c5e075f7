"""How likely a verdict is right, if the sources are.

It is the share of right verdicts on the archive of scripts/bench_verify.py, less the chance that the words
met by accident, which matters where they are few. docs/verify.md says how right this is, and what the archive
lacks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from quotes.records import Verdict

if TYPE_CHECKING:
    from quotes.verify.evidence import Place

#: Of 12,000 quotations, three seeds. `context`, which that archive doesn't have: 106 of 120 that were read.
_RIGHT: Final[Mapping[Verdict, float]] = {
    "verbatim": 0.999, "marks": 0.997, "cut": 0.998, "altered": 0.998, "context": 0.88,
    "other_speaker": 0.998, "not_found": 0.991, "too_short": 1.0,
}  # fmt: skip
# Words aren't independent, as `evidence` supposes: it counts for less than it says. Checked on 16,000
# runs of four to nine words, half of them of other articles.
_DISCOUNT: Final = 3.0


def probability(verdict: Verdict, place: Place | None) -> float:
    """The probability that a verdict is right, to three digits."""
    chance = 0.0 if place is None else 1 / (1 + math.exp(min(place.judged.evidence / _DISCOUNT, 50.0)))
    return round(_RIGHT[verdict] * (1 - chance), 3)
