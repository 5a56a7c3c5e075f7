"""How sure are we of an answer, once it is given?

The ranker weighs each candidate by itself. What it can't see is how clearly the best one won, so its
probabilities are too high where two mentions are close and too low where nobody else could have said it. Here
a few small decision trees, boosted (Friedman, Greedy function approximation, 2001), turn all that is known of
a claim into the `confidence` of the records. `scripts/fit_confidence.py` fits them on claims for articles
that the ranker hadn't seen; `quotes/data/confidence.json` holds them, readable, and applying them takes no
library.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from quotes.attribution.scene import Claim, Scene
from quotes.errors import DataError

TREES = Path(__file__).parent.parent / "data" / "confidence.json"

# A leaf is a number of log odds; a fork is a feature, the most that goes left, and its two branches.
Tree: TypeAlias = "float | tuple[str, float, Tree, Tree]"


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Boosted trees: the log odds that a claim is right are `bias` and what each tree adds."""

    bias: float
    trees: tuple[Tree, ...]

    def confidence(self, known: Mapping[str, float]) -> float:
        """The probability that a claim of which this is `known` is right; features left out are 0."""
        score = 0.0
        look_up = known.get
        # One loop without a call a tree: with a hundred trees a claim, calls were most of the time.
        for tree in self.trees:
            while not isinstance(tree, float):
                name, most, left, right = tree
                tree = left if look_up(name, 0.0) <= most else right
            score += tree
        score += self.bias
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def confidence_of(scene: Scene, segment: int, claim: Claim) -> float:
    """The confidence of a segment's claim, by the trees that ship. All segments must have been decided."""
    return shipped().confidence(evidence(scene, segment, claim))


@cache
def shipped() -> Calibrator:
    """The trees that ship with the package."""
    try:
        content = json.loads(TREES.read_text(encoding="utf-8"))
        return Calibrator(float(content["bias"]), tuple(_tree(tree) for tree in content["trees"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{TREES.name} can't be read ({error}). Install the package again, or fit it anew with"
            " scripts/fit_confidence.py."
        ) from error


def evidence(scene: Scene, segment: int, claim: Claim) -> dict[str, float]:
    """What is known of a claim: numbers by name, 1 for what holds."""
    this, candidate = scene.segments[segment], claim.candidate
    words = scene.words(segment)
    inner = scene.text[this.start + 1 : this.end].strip("“”„\"‘’'«» ")
    start = candidate.mention.start
    rivals = [p for other, p in claim.considered if other.mention.start != start]
    known = {
        "log odds": math.log(claim.probability / (1 - claim.probability + 1e-9) + 1e-9),
        "runner-up": max(rivals, default=0.0),
        "all others": sum(rivals),
        "proposals": len(claim.considered) - len(rivals),
        "words": len(words),
        "characters": this.end - this.start,
        "capitals": sum(word[:1].isupper() for word in words) / max(1, len(words)),
        "begins upper": inner[:1].isupper(),
        "ends a sentence": inner[-1:] in ",.?!",
        "mention's length": candidate.mention.end - start,
        "mention's distance": abs(start - this.start),
        "over paragraphs": this.continues
        or any(s.continues for s in scene.segments[segment + 1 : segment + 2]),
        f"rule {candidate.rule}": 1,
        f"form {candidate.mention.form}": 1,
    }
    if candidate.cue is not None:
        known[f"link {candidate.cue.link}"] = 1
    if (relation := candidate.relation) is not None:
        known |= {"related": 1, "gap": relation.gap, "depth": relation.depth, "rival cues": relation.rivals}
    return {name: float(value) for name, value in known.items()}


def _tree(value: object) -> Tree:
    """Check a tree as JSON gives it. Raises ValueError for what is none."""
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, Sequence) or len(value) != 4 or not isinstance(value[0], str):
        raise ValueError(f"{value!r} is no tree")
    return value[0], float(value[1]), _tree(value[2]), _tree(value[3])
