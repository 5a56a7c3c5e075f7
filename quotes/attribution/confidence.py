"""How sure are we of an answer?

The ranker weighs each candidate by itself and doesn't see how clearly the best one won. So its probabilities
are too high where two mentions are close, and too low where nobody else could have said it. Boosted decision
trees (Friedman, Greedy function approximation, 2001) turn all that is known of a claim into the `confidence`
of the records. `scripts/fit_confidence.py` fits them with scikit-learn on claims for articles that the ranker
hadn't seen. `quotes/data/confidence.json` holds them as text; applying them needs numpy only, so that users
don't need scikit-learn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from quotes import data
from quotes.attribution import ranker
from quotes.attribution.claims import Claims
from quotes.attribution.labels import SPEAKER_LABEL
from quotes.attribution.pull_quotes import PULL_QUOTE
from quotes.attribution.scene import Candidate, Claim
from quotes.text.marks import BLOCK, MARKS
from quotes.text.segments import Segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

TREES = Path(__file__).parent.parent / "data" / "confidence.json"

#: Rules that the ranker doesn't weigh, and their confidence. Set by hand, not fitted: the corpus has no
#: embedded tweets and hardly any lists. A footer names the author of a tweet, but not its first word.
#: A colon and bullets show who said the items of a list, but they may be somebody else's words. Of the
#: others, PolNeAR's train part has a handful each: `beside` is right in 13 of 14, `lead-in` in 9 of 10,
#: `agent` and `owner` in 7 of 9, `sole-source` in none of 4, since its articles have many sources.
CERTAIN: Mapping[str, float] = {
    "tweet-footer": 0.96, "listed": 0.9, "headline": 0.8, "source-above": 0.8, "source-behind": 0.9,
    "agent": 0.85, "owner": 0.85, "beside": 0.9, "lead-in": 0.85, "lone": 0.5, "sole-source": 0.35,
}  # fmt: skip

#: The confidence of a claim to which the ranker gives less than its threshold: `second_chance.py` makes such
#: claims for long quotations, and in PolNeAR's train part 25 of 58 are right, whatever the probability.
UNLIKELY = 0.45

#: The confidence in the label of a turn, where the layout is that of a transcript; elsewhere, the ranker
#: weighs labels. By hand, too: the corpus has hardly any transcripts.
LABELLED_TURN = 0.95

#: The confidence in whom the sentence above a block quotation, or the credit line below it, names.
BLOCKS = 0.9

#: Rules of claims that come from reports of indirect speech. Their probability is the confidence, as with
#: the rules in `CERTAIN`.
REPORTED, PASSED_ON = "reported", "passed-on"

#: The rule of a turn in a dialogue. Its confidence is the probability that all turns of the dialogue give it.
TURN = "turn"

# The rules whose probability is the confidence.
_GIVEN = frozenset([REPORTED, PASSED_ON, TURN])

# The claims that are evaluated at once: each takes some 5 kB, and a document may hold any number.
_TOGETHER = 1000

# A leaf is a number of log odds; a fork is a feature, the highest value that goes left, and two branches.
Tree: TypeAlias = "float | tuple[str, float, Tree, Tree]"


@dataclass(frozen=True)
class Calibrator:
    """Boosted trees: the log odds that a claim is right are `bias` and what each tree adds."""

    bias: float
    trees: tuple[Tree, ...]

    @cached_property
    def _forest(self) -> _Forest:
        return _Forest(self.trees)

    def confidence(self, known: Mapping[str, float]) -> float:
        """The probability that a claim with these features is right; missing features are 0."""
        return self.confidences([known])[0]

    def confidences(self, known: Sequence[Mapping[str, float]]) -> list[float]:
        """The same for any number of claims."""
        batches = (known[i : i + _TOGETHER] for i in range(0, len(known), _TOGETHER))
        scores = (added + self.bias for batch in batches for added in self._forest.added(batch))
        return [1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) for score in scores]


class _Forest:
    """All trees side by side, each filled up to the same depth, so that all are evaluated at once.

    The forks of a level are in one table, tree by tree and from left to right: below fork i of a level stand
    2i and 2i + 1 of the next. The last such table holds the leaves.
    """

    def __init__(self, trees: Sequence[Tree]) -> None:
        depth = max(map(_depth, trees), default=0)
        sizes = [len(trees) << level for level in range(depth + 1)]
        self._feature = [np.zeros(size, dtype=np.intp) for size in sizes[:-1]]
        self._most = [np.full(size, np.inf) for size in sizes[:-1]]  # where a tree ends early, all goes left
        self._leaves = np.zeros(sizes[-1])
        self._roots = np.arange(len(trees))
        numbers: dict[str, int] = {}
        for number, tree in enumerate(trees):
            self._fill(tree, 0, number, numbers)
        self._names = tuple(numbers)

    def added(self, known: Sequence[Mapping[str, float]]) -> list[float]:
        """The sum of the trees for each claim; missing features are 0."""
        if not self._names:
            return [float(self._leaves.sum())] * len(known)
        values = np.array([list(map(one.get, self._names, repeat(0.0))) for one in known], dtype=float)
        row = np.arange(len(known))[:, np.newaxis] * len(self._names)
        at: NDArray[np.intp] = 2 * self._roots + (values.take(self._feature[0], axis=1) > self._most[0])
        for feature, most in zip(self._feature[1:], self._most[1:], strict=True):
            at = 2 * at + (values.take(row + feature.take(at)) > most.take(at))
        added: list[float] = self._leaves.take(at).sum(axis=1).tolist()
        return added

    def _fill(self, tree: Tree, level: int, at: int, numbers: dict[str, int]) -> None:
        if level == len(self._feature):
            assert isinstance(tree, float)
            self._leaves[at] = tree
        elif isinstance(tree, float):
            self._fill(tree, level + 1, 2 * at, numbers)
        else:
            name, most, left, right = tree
            self._feature[level][at] = numbers.setdefault(name, len(numbers))
            self._most[level][at] = most
            self._fill(left, level + 1, 2 * at, numbers)
            self._fill(right, level + 1, 2 * at + 1, numbers)


def _depth(tree: Tree) -> int:
    return 0 if isinstance(tree, float) else 1 + max(_depth(tree[2]), _depth(tree[3]))


def certain(segments: Segments, candidate: Candidate) -> float | None:
    """The confidence in a candidate that the ranker doesn't weigh; None for the others."""
    if candidate.rule == SPEAKER_LABEL and segments.transcript.begins(segments[candidate.segment].start):
        return LABELLED_TURN
    if segments[candidate.segment].family == BLOCK:
        return BLOCKS
    return CERTAIN.get(candidate.rule)


def confidences(claims: Claims) -> dict[int, float]:
    """The confidence of each quotation that has a claim, by its first segment, by the trees that ship."""
    least = ranker.shipped().threshold
    every: dict[int, float] = {}
    pulled: dict[int, Candidate] = {}
    weighed: list[int] = []
    known: list[Mapping[str, float]] = []
    for group in claims.quotations:
        first = group[0]
        claim = claims.of_segment[first]
        if claim is None:
            continue
        candidate = claim.candidate
        if candidate.rule in _GIVEN or certain(claims.segments, candidate):
            every[first] = claim.probability
        elif claim.probability < least:
            every[first] = UNLIKELY
        elif candidate.rule != PULL_QUOTE:
            weighed.append(first)
            known.append(evidence(claims.segments, group, claim))
        if candidate.rule == PULL_QUOTE:
            pulled[first] = candidate
    every |= zip(weighed, shipped().confidences(known), strict=True)
    if pulled:
        firsts = {segment: group[0] for group in claims.quotations for segment in group}
        every |= {one: every[firsts[candidate.inherited_from or 0]] for one, candidate in pulled.items()}
    return every


@cache
def shipped() -> Calibrator:
    """The trees that ship with the package."""
    return data.fitted(TREES, calibrator)


def calibrator(file: Mapping[str, Any]) -> Calibrator:
    """The trees of a file as JSON gives it. Raises ValueError, KeyError or TypeError for anything else."""
    return Calibrator(float(file["bias"]), tuple(_tree(tree) for tree in file["trees"]))


def evidence(segments: Segments, group: Sequence[int], claim: Claim) -> dict[str, float]:
    """The features of the claim for a quotation's first segment: numbers by name, 1 for what holds."""
    segment, candidate = group[0], claim.candidate
    this, *following = segments.items[segment : segment + 2]
    words = segments.words[segment]
    inner = segments.text[this.start + 1 : this.end].strip(MARKS + " ")
    start = candidate.mention.start
    link = candidate.cue.link if candidate.cue is not None else None
    known: dict[str, float] = {
        **_kinds(candidate.rule, candidate.mention.form, link),
        "log odds": math.log(claim.probability / (1 - claim.probability + 1e-9) + 1e-9),
        "runner-up": claim.rivals.best,
        "all others": claim.rivals.all,
        "proposals": claim.rivals.proposals,
        "parts": len(group),
        "words": len(words),
        "characters": this.end - this.start,
        "capitals": sum([word[0].isupper() for word in words]) / (len(words) or 1),
        "begins upper": inner[:1].isupper(),
        "ends a sentence": inner[-1:] in ",.?!",
        "mention's length": candidate.mention.end - start,
        "mention's distance": abs(start - this.start),
        "over paragraphs": this.continues or (bool(following) and following[0].continues),
    }
    if (relation := candidate.relation) is not None:
        known |= {"related": 1, "gap": relation.gap, "depth": relation.depth, "rival cues": relation.rivals}
    return known


@lru_cache(1000)
def _kinds(rule: str, form: str, link: str | None) -> Mapping[str, float]:
    """The features of what kind a claim is of. Few combinations make up all claims."""
    known: dict[str, float] = {f"rule {rule}": 1, f"form {form}": 1}
    return known if link is None else known | {f"link {link}": 1}


def _tree(value: object) -> Tree:
    """Check a tree as JSON gives it. Raises ValueError for anything else."""
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, Sequence) or len(value) != 4 or not isinstance(value[0], str):
        raise ValueError(f"{value!r} is not a tree")
    return value[0], float(value[1]), _tree(value[2]), _tree(value[3])
