"""How sure is a name? The probability that it is whom the mention means, given that the mention is right.

“…,” Ada Quill said.    →   0.99, the mention is the whole name
“…,” she said.          →   less, and less still where other women were named shortly before

A logistic model with few features, which `scripts/fit_names.py` fits. `quotes/data/names.json` holds its
weights as text, the log odds that each feature adds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from quotes import data
from quotes.parsing.mentions import Mention
from quotes.speakers.learned import Learned
from quotes.speakers.people import People, Person
from quotes.speakers.pronouns import GENDERS, Distance
from quotes.text.marks import Range

WEIGHTS: Final = Path(__file__).parent.parent / "data" / "names.json"

#: How a name was found that the model doesn't weigh, and its confidence. Set by hand, not fitted: no corpus
#: has these annotated. The registry's account, or label; the display name of an account; several for "they";
#: whom the order of the speakers of a dialogue tells.
CERTAIN: Final[Mapping[str, float]] = {"account": 0.97, "label": 0.95, "they": 0.85, "turn": 0.8}

Evidence = Mapping[str, float]

# People who were named so shortly before a pronoun may be meant, in code points; more than so many don't
# make it less sure, and a name that is farther away, in sentences, doesn't either.
_NEAR, _MOST, _FARTHEST = 1000, 4, 6


def confidence(known: Evidence) -> float:
    """The probability that a name is right, by the weights that ship. Evidence of `CERTAIN` has its own."""
    for feature in known:
        if feature in CERTAIN:
            return CERTAIN[feature]
    return probability(known, shipped())


def probability(known: Evidence, weights: Mapping[str, float]) -> float:
    """The probability by some weights; a feature without a weight adds nothing."""
    score = weights["bias"] + sum(weights.get(feature, 0.0) * value for feature, value in known.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def shipped() -> Mapping[str, float]:
    """The weights that ship with the package."""
    return data.fitted(WEIGHTS, _weights)


def _weights(file: Mapping[str, Any]) -> Mapping[str, float]:
    weights = {str(name): float(weight) for name, weight in file["weights"].items()}
    return {"bias": weights.pop("bias"), **weights}


def evidence(
    people: People, mention: Mention, whole: Range, person: Person, learned: Learned, distance: Distance
) -> Evidence:
    """What speaks for and against a name; 1 for what holds, and numbers. Call it before `learned` grows."""
    kind = learned.kind(person)
    found: list[tuple[str, float]] = [
        ("known beforehand", person.known is not None),
        ("one word", len(person.words) == 1 and kind != "organization"),
        ("unknown kind", kind == "unknown"),
        ("named once", _is_named_once(person)),
    ]
    if mention.form == "name":
        words = len(people.text[whole[0] : whole[1]].split())
        found.append(("a part of the name", words < len(person.words)))
        found.append(("namesakes", min(_MOST, people.sharing(person.surname) - 1)))
        return {f"name: {feature}": float(value) for feature, value in found if value}
    before = list(people.between(mention.start - _NEAR, mention.start))
    own = [name.end for name, other in before if other is person and not name.headline]
    found.append(("sentences away", min(_FARTHEST, distance(own[-1], mention.start)) if own else _FARTHEST))
    found.append(("spoke last", bool(learned.spoke) and learned.spoke[-1][1] is person))
    if mention.form == "nominal":
        return {"role": 1.0, **{f"role: {feature}": float(value) for feature, value in found if value}}
    wanted = GENDERS.get(mention.head)
    others = {other for _, other in before if other is not person}
    rivals = islice((other for other in others if _is_rival(other, wanted, learned)), _MOST)
    found.append(("rivals", len(list(rivals))))
    found.append(("gender unknown", wanted is not None and person.gender is None))
    found.append(("I, we, you or it", wanted is None))
    return {"pronoun": 1.0, **{f"pronoun: {feature}": float(value) for feature, value in found if value}}


def _is_named_once(person: Person) -> bool:
    """Whether a person is named only once, headlines aside, or not at all."""
    running = 0
    for name in person.occurrences:
        running += not name.headline
        if running > 1:
            return False
    return True


def _is_rival(other: Person, wanted: str | None, learned: Learned) -> bool:
    """Whether a pronoun might as well mean this other person."""
    if learned.kind(other) != ("person" if wanted else "organization"):
        return False
    return wanted is None or learned.gender(other) in (wanted, None)
