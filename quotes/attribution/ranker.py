"""Which candidate is right, and how sure are we?

A logistic regression over features with readable names, fitted by `scripts/fit_ranker.py` on PolNeAR's train
compartment. The weights are a text file, `quotes/data/ranker.json`; applying them needs no library. The
probability is that of "this mention is the source of this quotation"; `confidence.py` refines it for the
winner. A quotation whose best candidate stays below the threshold has no speaker: it may be a title, or the
writer's own quotation marks.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from quotes import data
from quotes.attribution.cue_rules import TESTS
from quotes.attribution.scene import Candidate, Claim, Decided, Rivals, Scene, Scored
from quotes.attribution.titles import is_titled, title_case
from quotes.text.marks import MARKS

SINGLE_BESIDE_DOUBLE = 0.7
WEIGHTS = Path(__file__).parent.parent / "data" / "ranker.json"

# Labels and credit lines come before every cue; an inherited speaker comes after them.
_RANK = {rule: rank for rank, (rule, _) in enumerate(TESTS)}
_RANK |= {"floating": len(TESTS), "announced": len(TESTS) + 1}
# “…,” Quill said. “…”: a continuation is more direct than the cue "said" in the sentence before.
_RANK["continuation"] = _RANK["near-sentence"]
_RANK["near-sentence"] += 1
_FIRST_PERSON = frozenset(["i", "we", "me", "us", "you"])
_ARTICLES = frozenset(
    ["a", "an", "the", "his", "her", "their", "its", "this", "that", "these", "those", "so-called"]
)
_LEADS = frozenset(
    ["that", "as", "of", "to", "and", "or", "but", "called", "for", "is", "was", "with", "in", "by", "on",
     "at", "from", "about", "against", "into", "like", "such", "than", "if", "because", "not", "be", "are"]
)  # fmt: skip
_LAST_WORD = re.compile(r"[\w’'-]+\s*$")
# No listed word is longer, in code points. The limit avoids quadratic time in the search for a word's end.
_LONGEST_WORD = 60
_FIRST_WORD = re.compile(r"\s*[\w’'-]+")


# Separates the rule from the rest in the name of a feature that counts for this rule's candidates only.
SCOPE = " & "


def _bin(value: int, edges: tuple[int, ...]) -> str:
    """The bin of a count: the first edge that it doesn't pass, or "more"."""
    for edge in edges:
        if value <= edge:
            return f"≤{edge}"
    return f">{edges[-1]}"


class _Names(tuple[str, ...]):
    """Feature names for a count; the last is for all higher counts."""

    def at(self, value: int) -> str:
        return self[min(value, len(self) - 1)]


def _counts(name: str, most: int) -> _Names:
    """A name for each count up to the highest: "rivals 2"."""
    return _Names(f"{name} {value}" for value in range(most + 1))


def _bins(name: str, edges: tuple[int, ...]) -> _Names:
    """A name for each count, by its bin: "gap ≤4" for 3 and 4."""
    return _Names(f"{name} {_bin(value, edges)}" for value in range(edges[-1] + 2))


_GAP = _bins("gap", (0, 1, 2, 4, 8, 16))
_CUE_GAP = _bins("cue gap", (0, 1, 2, 4, 8, 16))
_DEPTH = _bins("depth", (0, 1, 2, 3, 5))
_SENTENCES = _counts("sentences", 3)
_BETWEEN = _counts("quotations between", 2)
_RIVALS = _counts("rivals", 3)
_NEARNESS = _counts("nearness", 4)


@dataclass(frozen=True)
class Ranker:
    """Weights by feature name; `threshold` is the lowest probability at which a speaker is named."""

    bias: float
    threshold: float
    weights: dict[str, float]

    @cached_property
    def _within(self) -> dict[str, dict[str, float]]:
        """For each rule the weights of what counts for its candidates only, by the rest of their names."""
        found: dict[str, dict[str, float]] = {}
        for name, weight in self.weights.items():
            rule, scoped, rest = name.partition(SCOPE)
            if scoped:
                found.setdefault(rule, {})[rest] = weight
        return found

    def score(self, scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> list[float]:
        """The probability of each candidate that it is right.

        It adds up the weights of the `features` without building their full names, which saves time.
        """
        weights = self.weights.get
        context, everywhere = list(_context(scene, segment)), _everywhere(scene, segment)
        shared: dict[str, float] = {}
        for rule, rivals in _rivals(candidates).items():
            within = self._within.get(rule, {}).get
            score = self.bias + weights(rule, 0.0)
            score += sum([weights(name, 0.0) for name in everywhere])
            shared[rule] = score + sum([within(name, 0.0) for name in (*context, *rivals)])
        found = []
        for candidate, facts in zip(candidates, _facts(scene, segment, candidates, decided), strict=True):
            within = self._within.get(candidate.rule, {}).get
            score = shared[candidate.rule] + sum([within(name, 0.0) for name in facts.within])
            score += sum([weights(name, 0.0) for name in facts.alone])
            found.append(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))))
        return found

    def weigh(self, scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> Scored:
        """The candidates with their probabilities, the best first.

        Weights have few digits, so scores may be equal; then the most direct wins, whatever the rounding.
        """
        scores = self.score(scene, segment, candidates, decided)
        pairs = zip(candidates, scores, strict=True)
        return tuple(sorted(pairs, key=lambda pair: (-round(pair[1], 9), _closeness(pair[0]))))

    def _least(self, scene: Scene, segment: int, least: float | None) -> float:
        """The lowest probability at which a speaker is named here.

        In a document that quotes in double marks, single marks enclose headlines and irony, and the training
        corpus has few of them: there the bar is higher.
        """
        if scene.segments.mostly_double and scene.segments[segment].family == "single":
            return max(self.threshold, SINGLE_BESIDE_DOUBLE) if least is None else self.threshold
        return self.threshold if least is None else least

    def choose(
        self, scene: Scene, segment: int, scored: Scored, *, least: float | None = None
    ) -> Claim | None:
        """The best of the weighed candidates, or None when nobody is likely enough to have said it.

        `least` is the lowest probability that is accepted, if it isn't the ranker's own.
        """
        if not scored or scored[0][1] < self._least(scene, segment, least):
            return None
        best, probability = scored[0]
        # Several cues may give the same mention: the one found by the most precise matcher counts.
        same = [
            candidate
            for candidate, p in scored
            if candidate.mention.start == best.mention.start and p >= probability / 2
        ]
        others = [p for candidate, p in scored if candidate.mention.start != best.mention.start]
        rivals = Rivals(max(others, default=0.0), sum(others), len(scored) - len(others))
        return Claim(min(same, key=_closeness), probability, rivals)


@cache
def shipped() -> Ranker:
    """The weights that ship with the package."""
    return data.fitted(WEIGHTS, lambda file: Ranker(file["bias"], file["threshold"], file["weights"]))


class _Facts(NamedTuple):
    """Features of a candidate: those `within` count for its rule only, those `alone` for all rules."""

    within: list[str]
    alone: list[str]


def features(
    scene: Scene, segment: int, candidates: list[Candidate], decided: Decided
) -> Iterator[list[str]]:
    """The names of the features that each candidate has, in the candidates' order."""
    context, everywhere = list(_context(scene, segment)), _everywhere(scene, segment)
    rivals = _rivals(candidates)
    for candidate, facts in zip(candidates, _facts(scene, segment, candidates, decided), strict=True):
        rule = candidate.rule
        within = [f"{rule}{SCOPE}{name}" for name in (*context, *rivals[rule], *facts.within)]
        yield [rule, *everywhere, *within, *facts.alone]


def _everywhere(scene: Scene, segment: int) -> list[str]:
    return ["title of a work"] if is_titled(scene.segments, segment) else []


def _rivals(candidates: list[Candidate]) -> dict[str, list[str]]:
    """For each rule that proposes a candidate: the rules of the others."""
    often = Counter([candidate.rule for candidate in candidates])
    names = {rule: f"rival {rule}" for rule in often}
    return {rule: [names[other] for other in often if other != rule or often[rule] > 1] for rule in often}


def _facts(scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> Iterator[_Facts]:
    """The features of each candidate, in the candidates' order."""
    announces = scene.segments.after(segment).rstrip().endswith(":")
    innermost = min(
        (c.relation.depth for c in candidates if c.relation and c.relation.governs and _is_cue(c)), default=99
    )
    order = sorted(range(len(candidates)), key=lambda k: _distance(candidates[k]))
    nearness = {k: rank for rank, k in enumerate(order)}
    for k, candidate in enumerate(candidates):
        relation = candidate.relation
        within = _mention(candidate) + _cue(candidate)
        if relation is not None and relation.after and announces:
            within.append("announces another")
        if relation is None:
            within += _inherited(scene, candidate, decided)
        alone = _lemma(candidate)
        if relation is not None and relation.governs:
            place = "governs innermost" if relation.depth <= innermost else "governs outer"
            alone.append(place)
            within.append(place)
        within.append(_NEARNESS.at(nearness[k]))
        yield _Facts(within, alone)


def _is_cue(candidate: Candidate) -> bool:
    return candidate.cue is not None and candidate.cue.strength != "none"


def _context(scene: Scene, segment: int) -> Iterator[str]:
    """Features of the quotation itself."""
    segments = scene.segments
    this = segments[segment]
    words = segments.words[segment]
    inner = scene.text[this.start : this.end].strip(MARKS).rstrip()
    yield f"words {_bin(len(words), (0, 1, 2, 3, 6, 12, 30))}"
    first = inner[:1]
    yield "begins " + ("upper" if first.isupper() else "lower" if first.islower() else "other")
    if (case := title_case(segments, segment)) is not None:
        yield case
        yield f"{case} led by {_lead(segments.before(segment))}"
    yield f"ends {inner[-1:] if inner[-1:] in ',.?!' else 'open'}"
    before, after = segments.before(segment), segments.after(segment)
    yield f"led by {_lead(before)}"
    follow = after.lstrip()[:1]
    yield "followed by " + ("nothing" if not follow else follow if follow in ",.;:?!-–—)" else _first(after))
    if not re.search(r"\w", before + after):
        yield "alone"
    if this.family != "double":
        yield f"marks {this.family}{' beside double' if segments.mostly_double else ''}"
    if not this.closed:
        yield "unclosed"


def _lead(before: str) -> str:
    stripped = before.rstrip()
    if not stripped:
        return "nothing"
    if stripped[-1] in ":,.;?!(-–—":
        return stripped[-1]
    word = _LAST_WORD.search(stripped[-_LONGEST_WORD:])
    lower = word.group().lower() if word else ""
    if lower in _ARTICLES or lower in _LEADS:
        return lower
    if lower.endswith(("’s", "'s", "s’", "s'")):
        return "possessive"
    return "cue" if lower in data.cues().verbs else "word"


def _first(after: str) -> str:
    word = _FIRST_WORD.match(after)
    lower = word.group().strip().lower() if word else ""
    if lower in data.cues().verbs:
        return "cue"
    return "lower word" if lower and word and word.group().strip()[0].islower() else "word"


def _mention(candidate: Candidate) -> list[str]:
    mention = candidate.mention
    found: list[str] = [mention.form]
    if mention.head in _FIRST_PERSON:
        found.append("first person")
    elif mention.head == "it":
        found.append("it")
    elif mention.form == "nominal":
        noun = data.titles().nouns.get(mention.head)
        found.append(f"noun {noun.kind if noun else 'other'}")
    if mention.plural:
        found.append("plural")
    return found


def _cue(candidate: Candidate) -> list[str]:
    cue, relation = candidate.cue, candidate.relation
    if cue is None:
        return []
    found: list[str] = [cue.strength, cue.link]
    if cue.passive:
        found.append("passive")
    if cue.describes:
        found.append("describes")
    if relation is None:
        return found
    found += (
        "after" if relation.after else "before",
        _GAP.at(relation.gap),
        _CUE_GAP.at(relation.cue_gap),
        _SENTENCES.at(relation.sentences),
        _BETWEEN.at(relation.segments),
        _RIVALS.at(relation.rivals),
        _DEPTH.at(relation.depth),
        f"join {relation.join or 'none'} {'after' if relation.after else 'before'}",
    )
    if relation.governed:
        found.append("governed")
    if relation.straddles:
        found.append("straddles")
    return found


def _inherited(scene: Scene, candidate: Candidate, decided: Decided) -> Iterator[str]:
    """Features of an inherited speaker: how sure the antecedent is, and how far away."""
    segment = scene.segments[candidate.segment]
    if candidate.rule == "announced":
        _, end = scene.segments.paragraphs[segment.paragraph - 1]
        yield f"paragraph before ends {scene.text[end - 1] if scene.text[end - 1] in ':.,' else 'other'}"
        return
    source = candidate.inherited_from
    claim = decided[source] if source is not None else None
    if source is None or claim is None:
        return
    between = scene.segments.between(source, candidate.segment)
    if claim.candidate.rule == "floating" and (first := claim.candidate.inherited_from) is not None:
        # Several floating paragraphs in a row: what counts is the antecedent of the first.
        source, claim = first, decided[first] or claim
    yield f"antecedent sure {_bin(int(10 * claim.probability), (4, 6, 8, 9))}"
    yield f"antecedent {claim.candidate.rule}"
    yield f"apart {_bin(len(between.split()), (0, 2, 4, 8, 16, 30, 60))}"
    cue = claim.candidate.cue
    if cue is not None and claim.candidate.rule != "announced":  # whose cue always stands before
        own = scene.segments[source].end <= cue.start < segment.start
        yield "antecedent's cue between" if own else "antecedent's cue elsewhere"
    stops = len(re.findall(r"[.?!](?:\s|$)", between))
    yield f"stops {min(stops, 3)}"
    yield f"lines {min(between.count(chr(10)), 3)}"


def _lemma(candidate: Candidate) -> list[str]:
    if candidate.cue is None:
        return []
    lemma = f"lemma {candidate.cue.lemma}"
    return [lemma, "never a cue"] if candidate.cue.lemma in data.cues().never else [lemma]


def _distance(candidate: Candidate) -> tuple[int, int]:
    relation = candidate.relation
    return (relation.sentences, relation.gap) if relation else (9, 0)


def _closeness(candidate: Candidate) -> tuple[int, int]:
    """How directly a candidate's cue introduces the quotation; the least is the most direct."""
    rank, relation = _RANK.get(candidate.rule, -1), candidate.relation
    if relation is None:
        return rank, 0
    # Quill turned to Twitter, posting: “…”: nothing but a colon is between.
    touches = _is_cue(candidate) and relation.join == ":" and relation.cue_gap == 0 and not relation.after
    return -1 if touches else rank, relation.cue_gap
