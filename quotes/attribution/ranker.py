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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from quotes import data
from quotes.attribution.cue_rules import TESTS
from quotes.attribution.cues import Link, Strength
from quotes.attribution.scene import Candidate, Claim, Decided, Rivals, Scene, Scored
from quotes.attribution.titles import is_titled, title_case
from quotes.parsing.mentions import Form, Mention
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
_WORD = re.compile(r"\w")
_STOP = re.compile(r"[.?!](?:\s|$)")


# Separates the rule from the rest in the name of a feature that counts for this rule's candidates only.
SCOPE = " & "
# Stands for a rule where a feature counts for all candidates.
_ALL = ""


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
_WORDS = _bins("words", (0, 1, 2, 3, 6, 12, 30))
_APART = _bins("apart", (0, 2, 4, 8, 16, 30, 60))
# All that is more has the last name of a bin, and the same weight.
_MOST_GAP, _MOST_APART = len(_GAP) - 1, len(_APART) - 1

# A part of a candidate's features: the function that names them, and with what it is called.
Part = tuple[Any, ...]
# The sums of weights that are kept for each rule; others take as many again.
_MOST_KEPT = 1 << 12


@dataclass(frozen=True)
class Ranker:
    """Weights by feature name; `threshold` is the lowest probability at which a speaker is named."""

    bias: float
    threshold: float
    weights: dict[str, float]

    @cached_property
    def _within(self) -> dict[str, dict[str, float]]:
        """For each rule the weights of what counts for its candidates only, by the rest of their names."""
        found: dict[str, dict[str, float]] = {_ALL: self.weights}
        for name, weight in self.weights.items():
            rule, scoped, rest = name.partition(SCOPE)
            if scoped:
                found.setdefault(rule, {})[rest] = weight
        return found

    @cached_property
    def _sums(self) -> dict[str, dict[Part, float]]:
        """For each rule the weights of parts, kept: few combinations occur, so each is added up once."""
        return {}

    def _weight(self, rule: str, parts: Iterable[Part]) -> float:
        """The weight of some parts of the features of a rule's candidate."""
        known = self._sums.setdefault(rule, {})
        total = 0.0
        for part in parts:
            weight = known.get(part)
            if weight is None:
                within = self._within.get(rule, {})
                weight = sum([within.get(name, 0.0) for name in _names_of([part])])
                if len(known) >= _MOST_KEPT:
                    known.clear()
                known[part] = weight
            total += weight
        return total

    def score(self, scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> list[float]:
        """The probability of each candidate that it is right.

        It adds up the weights of the `features`, mostly without building their names, which saves time.
        """
        if not candidates:
            return []
        weights = self.weights.get
        context = list(_context(scene, segment))
        everywhere = self.bias + sum([weights(name, 0.0) for name in _everywhere(scene, segment)])
        shared: dict[str, float] = {}
        for rule, rivals in _rivals(candidates).items():
            within = self._within.get(rule, {}).get
            score = everywhere + weights(rule, 0.0) + self._weight(rule, (rivals,))
            shared[rule] = score + sum([within(name, 0.0) for name in context])
        found = []
        for candidate, facts in zip(candidates, _facts(scene, segment, candidates, decided), strict=True):
            score = shared[candidate.rule] + self._weight(candidate.rule, facts.within)
            score += self._weight(_ALL, facts.alone)
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

    within: list[Part]
    alone: list[Part]


def features(
    scene: Scene, segment: int, candidates: list[Candidate], decided: Decided
) -> Iterator[list[str]]:
    """The names of the features that each candidate has, in the candidates' order."""
    context, everywhere = list(_context(scene, segment)), _everywhere(scene, segment)
    rivals = _rivals(candidates)
    for candidate, facts in zip(candidates, _facts(scene, segment, candidates, decided), strict=True):
        rule = candidate.rule
        own = _names_of([rivals[rule], *facts.within])
        within = [f"{rule}{SCOPE}{name}" for name in (*context, *own)]
        yield [rule, *everywhere, *within, *_names_of(facts.alone)]


def _names_of(parts: Iterable[Part]) -> Iterator[str]:
    for names, *values in parts:
        yield from names(*values)


def _everywhere(scene: Scene, segment: int) -> list[str]:
    return ["title of a work"] if is_titled(scene.segments, segment) else []


def _rivals(candidates: list[Candidate]) -> dict[str, Part]:
    """For each rule that proposes a candidate: the rules of the others."""
    often: dict[str, int] = {}
    for candidate in candidates:
        often[candidate.rule] = often.get(candidate.rule, 0) + 1
    return {
        rule: (_rival_rules, *[other for other in often if other != rule or often[rule] > 1])
        for rule in often
    }


def _rival_rules(*rules: str) -> list[str]:
    return [f"rival {rule}" for rule in rules]


def _facts(scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> Iterator[_Facts]:
    """The features of each candidate, in the candidates' order."""
    announces = scene.segments.after(segment).rstrip().endswith(":")
    governing = [c.relation.depth for c in candidates if c.relation and c.relation.governs and _is_cue(c)]
    innermost = min(governing, default=99)
    distances = [_distance(candidate) for candidate in candidates]
    nearness = [0] * len(candidates)
    for rank, k in enumerate(sorted(range(len(candidates)), key=distances.__getitem__)):
        nearness[k] = rank
    for candidate, rank in zip(candidates, nearness, strict=True):
        cue, relation = candidate.cue, candidate.relation
        within = [_who(candidate.mention, rank)]
        alone: list[Part] = []
        if cue is not None:
            within.append((_cue, cue.strength, cue.link, cue.passive, cue.describes))
            alone.append((_lemma, cue.lemma))
        if relation is None:
            within += _inherited(scene, candidate, decided)
        else:
            after, gap, cue_gap, sentences, segments, rivals, governs, depth, governed, straddles, join = (
                relation
            )
            near, cue_near = min(gap, _MOST_GAP), min(cue_gap, _MOST_GAP)
            within.append((_distances, after, near, cue_near, sentences, segments))
            within.append((_syntax, after, rivals, depth, join, governed, straddles))
            if after and announces:
                within.append((_named, "announces another"))
            if governs:
                place = (_named, "governs innermost" if depth <= innermost else "governs outer")
                alone.append(place)
                within.append(place)
        yield _Facts(within, alone)


def _is_cue(candidate: Candidate) -> bool:
    return candidate.cue is not None and candidate.cue.strength != "none"


def _named(*names: str) -> tuple[str, ...]:
    return names


def _context(scene: Scene, segment: int) -> Iterator[str]:
    """Features of the quotation itself."""
    segments = scene.segments
    this = segments[segment]
    inner = scene.text[this.start : this.end].strip(MARKS).rstrip()
    before, after = segments.before(segment), segments.after(segment)
    lead, first, last, follow = _lead(before), inner[:1], inner[-1:], after.lstrip()[:1]
    yield _WORDS.at(len(segments.words[segment]))
    yield "begins upper" if first.isupper() else "begins lower" if first.islower() else "begins other"
    if (case := title_case(segments, segment)) is not None:
        yield case
        yield f"{case} led by {lead}"
    yield f"ends {last if last in ',.?!' else 'open'}"
    yield f"led by {lead}"
    yield "followed by " + ("nothing" if not follow else follow if follow in ",.;:?!-–—)" else _first(after))
    if not (_WORD.search(before) or _WORD.search(after)):
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


def _who(mention: Mention, nearness: int) -> Part:
    kind = ""
    if mention.head in _FIRST_PERSON:
        kind = "first person"
    elif mention.head == "it":
        kind = "it"
    elif mention.form == "nominal":
        noun = data.titles().nouns.get(mention.head)
        kind = f"noun {noun.kind if noun else 'other'}"
    return _mention, mention.form, kind, mention.plural, nearness


def _mention(form: Form, kind: str, plural: bool, nearness: int) -> list[str]:
    found: list[str] = [form, _NEARNESS.at(nearness)]
    if kind:
        found.append(kind)
    if plural:
        found.append("plural")
    return found


def _cue(strength: Strength, link: Link, passive: bool, describes: bool) -> list[str]:
    found: list[str] = [strength, link]
    if passive:
        found.append("passive")
    if describes:
        found.append("describes")
    return found


def _distances(after: bool, gap: int, cue_gap: int, sentences: int, between: int) -> list[str]:
    return [
        "after" if after else "before", _GAP.at(gap), _CUE_GAP.at(cue_gap), _SENTENCES.at(sentences),
        _BETWEEN.at(between),
    ]  # fmt: skip


def _syntax(after: bool, rivals: int, depth: int, join: str, governed: bool, straddles: bool) -> list[str]:
    found = [
        _RIVALS.at(rivals), _DEPTH.at(depth), f"join {join or 'none'} {'after' if after else 'before'}",
    ]  # fmt: skip
    if governed:
        found.append("governed")
    if straddles:
        found.append("straddles")
    return found


def _inherited(scene: Scene, candidate: Candidate, decided: Decided) -> Iterator[Part]:
    """Features of an inherited speaker: how sure the antecedent is, and how far away."""
    segment = scene.segments[candidate.segment]
    if candidate.rule == "announced":
        last = scene.text[scene.segments.paragraphs[segment.paragraph - 1][1] - 1]
        yield _named, f"paragraph before ends {last if last in ':.,' else 'other'}"
        return
    source = candidate.inherited_from
    claim = decided[source] if source is not None else None
    if source is None or claim is None:
        return
    between = scene.segments.between(source, candidate.segment)
    if claim.candidate.rule == "floating" and (first := claim.candidate.inherited_from) is not None:
        # Several floating paragraphs in a row: what counts is the antecedent of the first.
        source, claim = first, decided[first] or claim
    yield _antecedent, int(10 * claim.probability), claim.candidate.rule
    cue = claim.candidate.cue
    if cue is not None and claim.candidate.rule != "announced":  # whose cue always stands before
        own = scene.segments[source].end <= cue.start < segment.start
        yield _named, "antecedent's cue between" if own else "antecedent's cue elsewhere"
    stops = min(len(_STOP.findall(between)), 3)
    yield _between, min(len(between.split()), _MOST_APART), stops, min(between.count("\n"), 3)


def _antecedent(tenths: int, rule: str) -> list[str]:
    return [f"antecedent sure {_bin(tenths, (4, 6, 8, 9))}", f"antecedent {rule}"]


def _between(words: int, stops: int, lines: int) -> list[str]:
    return [_APART.at(words), f"stops {stops}", f"lines {lines}"]


def _lemma(lemma: str) -> list[str]:
    return [f"lemma {lemma}", "never a cue"] if lemma in data.cues().never else [f"lemma {lemma}"]


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
