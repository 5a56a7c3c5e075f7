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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from quotes import data
from quotes.attribution.cue_rules import TESTS
from quotes.attribution.cues import Link, Strength
from quotes.attribution.scene import Candidate, Claim, Decided, Rivals, Scene, Scored
from quotes.attribution.titles import is_titled, title_case
from quotes.parsing.mentions import Form
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
_LAST_WORD = re.compile(r"[\w’'-]+$")
# No listed word is longer, in code points. The limit avoids quadratic time in the search for a word's end.
_LONGEST_WORD = 60
_FIRST_WORD = re.compile(r"[\w’'-]+")
_WORD = re.compile(r"\w")
_STOP = re.compile(r"[.?!](?:\s|$)")
# Probabilities that are the same in so many digits count as equal.
_DIGITS = 1e9


# Separates the rule from the rest in the name of a feature that counts for this rule's candidates only.
SCOPE = " & "
# What the names of the features begin with that count for all candidates alike.
_FOR_ALL = ("lemma ", "never a cue", "title of a work")


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
_MOST_GAP, _MOST_APART, _MOST_WORDS = len(_GAP) - 1, len(_APART) - 1, len(_WORDS) - 1

# A part of a candidate's features: the function that names them, and with what it is called.
Part = tuple[Any, ...]
# The sums of weights that are kept for each rule.
_MOST_KEPT = 1 << 13


class _Sums(dict[Part, float]):
    """For a rule's candidates the weights of parts: few combinations occur, so each is added up once."""

    def __init__(self, rule: str, ranker: Ranker) -> None:
        self._rule = rule
        self._weights = ranker.weights
        self.of_all = ranker.bias + ranker.weights.get(rule, 0.0)

    def __missing__(self, part: Part) -> float:
        if len(self) >= _MOST_KEPT:
            self.clear()
        weight = self[part] = sum([self._weights.get(name, 0.0) for name in _names_of(self._rule, part)])
        return weight


@dataclass(frozen=True)
class Ranker:
    """Weights by feature name; `threshold` is the lowest probability at which a speaker is named."""

    bias: float
    threshold: float
    weights: dict[str, float]

    @cached_property
    def _sums(self) -> dict[str, _Sums]:
        return {}

    def _sums_of(self, rule: str) -> _Sums:
        known = self._sums.get(rule)
        if known is None:
            known = self._sums[rule] = _Sums(rule, self)
        return known

    def score(self, scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> list[float]:
        """The probability of each candidate that it is right.

        It adds up the weights of the `features`, mostly without building their names, which saves time.
        """
        if not candidates:
            return []
        words, surroundings = _context(scene, segment)
        shared: dict[str, tuple[_Sums, float]] = {}
        for rule, rivals in _rivals(*[candidate.rule for candidate in candidates]).items():
            known = self._sums_of(rule)
            shared[rule] = known, known.of_all + known[rivals] + known[words] + known[surroundings]
        found = []
        for candidate, own in zip(candidates, _facts(scene, segment, candidates, decided), strict=True):
            known, score = shared[candidate.rule]
            for part in own:
                score += known[part]
            found.append(1 / (1 + math.exp(-score if -30 < score < 30 else math.copysign(30, -score))))
        return found

    def weigh(self, scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> Scored:
        """The candidates with their probabilities."""
        return tuple(zip(candidates, self.score(scene, segment, candidates, decided), strict=True))

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
        if not scored:
            return None
        best, probability = _best(scored)
        if probability < self._least(scene, segment, least):
            return None
        # Several cues may give the same mention: the one found by the most precise matcher counts.
        start = best.mention.start
        same = [one for one in scored if one[0].mention.start == start]
        others = [p for one, p in scored if one.mention.start != start]
        if len(same) > 1:
            best = min([one for one in same if one[1] >= probability / 2], key=_directness)[0]
        return Claim(best, probability, Rivals(max(others, default=0.0), sum(others), len(same)))


@cache
def shipped() -> Ranker:
    """The weights that ship with the package."""
    return data.fitted(WEIGHTS, lambda file: Ranker(file["bias"], file["threshold"], file["weights"]))


def features(
    scene: Scene, segment: int, candidates: list[Candidate], decided: Decided
) -> Iterator[list[str]]:
    """The names of the features that each candidate has, in the candidates' order."""
    context, rivals = _context(scene, segment), _rivals(*[candidate.rule for candidate in candidates])
    for candidate, own in zip(candidates, _facts(scene, segment, candidates, decided), strict=True):
        rule = candidate.rule
        yield [rule, *(name for part in (rivals[rule], *context, *own) for name in _names_of(rule, part))]


def _names_of(rule: str, part: Part) -> Iterator[str]:
    """The names of a part's features. Most count for the candidates of one rule only."""
    kind, *values = part
    for name in kind(*values):
        if not name.startswith(_FOR_ALL):
            yield f"{rule}{SCOPE}{name}"
        if name.startswith((*_FOR_ALL, "governs ")):
            yield name


@lru_cache(_MOST_KEPT)
def _rivals(*rules: str) -> Mapping[str, Part]:
    """For each of the rules that propose the candidates: the rules of the others."""
    often = Counter(rules)
    return {rule: (_rival_rules, rule, count > 1, *often) for rule, count in often.items()}


def _rival_rules(own: str, again: bool, *rules: str) -> list[str]:
    return [f"rival {rule}" for rule in rules if again or rule != own]


def _facts(scene: Scene, segment: int, candidates: list[Candidate], decided: Decided) -> Iterator[list[Part]]:
    """What is known of each candidate, in the candidates' order."""
    announces = scene.segments.afters[segment].rstrip().endswith(":")
    governing = [r.depth for c in candidates if (r := c.relation) and r.governs and _is_cue(c)]
    innermost = min(governing, default=99)
    for candidate, rank in zip(candidates, _nearness(candidates), strict=True):
        mention, cue, relation = candidate.mention, candidate.cue, candidate.relation
        form = mention.form
        who = form, _kind(form, mention.head), mention.plural
        found: list[Part] = [_RANKS[rank] if rank < _LAST_RANK else _RANKS[_LAST_RANK]]
        if cue is None:
            found.append((_mention, *who))
        else:
            found.append((_source, *who, cue.strength, cue.link, cue.passive, cue.describes))
            found.append((_lemma, cue.lemma))
        if relation is None:
            found += _inherited(scene, candidate, decided)
        else:
            after, gap, cue_gap, sentences, segments, rivals, governs, depth, governed, straddles, join = (
                relation
            )
            near = gap if gap < _MOST_GAP else _MOST_GAP
            cue_near = cue_gap if cue_gap < _MOST_GAP else _MOST_GAP
            found.append((_distances, after, near, cue_near, sentences, segments))
            level = depth <= innermost if governs else None
            found.append(
                (_syntax, after, rivals, depth, join, governed, straddles, level, after and announces)
            )
        yield found


def _nearness(candidates: list[Candidate]) -> list[int]:
    """For each candidate how many are nearer."""
    distances = sorted(
        [(r.sentences, r.gap, k) if (r := c.relation) else (9, 0, k) for k, c in enumerate(candidates)]
    )
    found = [0] * len(candidates)
    for rank, (_, _, k) in enumerate(distances):
        found[k] = rank
    return found


def _is_cue(candidate: Candidate) -> bool:
    return candidate.cue is not None and candidate.cue.strength != "none"


def _named(*names: str) -> tuple[str, ...]:
    return names


def _context(scene: Scene, segment: int) -> tuple[Part, Part]:
    """What is known of the quotation itself, and of what is beside it."""
    segments = scene.segments
    this = segments[segment]
    inner = scene.text[this.start : this.end].strip(MARKS).rstrip()
    before, after = segments.before(segment), segments.after(segment)
    first = inner[:1]
    begins = "upper" if first.isupper() else "lower" if first.islower() else "other"
    last = inner[-1:] if inner.endswith((",", ".", "?", "!")) else "open"
    beside = this.family != "double" and segments.mostly_double
    alone = not (_WORD.search(before) or _WORD.search(after))
    words = min(len(segments.words[segment]), _MOST_WORDS)
    case = title_case(segments, segment)
    titled = case is not None and is_titled(segments, segment)
    return (
        (_words, words, begins, last, this.family, beside, this.closed),
        (_surroundings, _lead(before), _follow(after), alone, case, titled),
    )


def _words(count: int, begins: str, last: str, family: str, beside: bool, closed: bool) -> list[str]:
    found = [_WORDS.at(count), f"begins {begins}", f"ends {last}"]
    if family != "double":
        found.append(f"marks {family}{' beside double' if beside else ''}")
    if not closed:
        found.append("unclosed")
    return found


def _surroundings(lead: str, follows: str, alone: bool, case: str | None, titled: bool) -> list[str]:
    found = [f"led by {lead}", f"followed by {follows}"]
    if alone:
        found.append("alone")
    if case is not None:
        found += [case, f"{case} led by {lead}"]
    if titled:
        found.append("title of a work")
    return found


def _lead(before: str) -> str:
    """What leads to a quotation: the mark or the small word at its edge, or the kind of word before it."""
    words = before.rstrip()[-_LONGEST_WORD:].rsplit(None, 1)
    return _led_by(words[-1]) if words else "nothing"


@lru_cache(_MOST_KEPT)
def _led_by(last_word: str) -> str:
    if last_word[-1] in ":,.;?!(-–—":
        return last_word[-1]
    word = _LAST_WORD.search(last_word)
    lower = word.group().lower() if word else ""
    if lower in _ARTICLES or lower in _LEADS:
        return lower
    if lower.endswith(("’s", "'s", "s’", "s'")):
        return "possessive"
    return "cue" if lower in data.cues().verbs else "word"


def _follow(after: str) -> str:
    """What follows a quotation: the mark at its edge, or the kind of word behind it."""
    words = after.lstrip()[:_LONGEST_WORD].split(None, 1)
    return _followed_by(words[0]) if words else "nothing"


@lru_cache(_MOST_KEPT)
def _followed_by(first_word: str) -> str:
    if first_word[0] in ",.;:?!-–—)":
        return first_word[0]
    word = _FIRST_WORD.match(first_word)
    lower = word.group().lower() if word else ""
    if lower in data.cues().verbs:
        return "cue"
    return "lower word" if word and first_word[0].islower() else "word"


@lru_cache(_MOST_KEPT)
def _kind(form: Form, head: str) -> str:
    if head in _FIRST_PERSON:
        return "first person"
    if head == "it":
        return "it"
    if form != "nominal":
        return ""
    noun = data.titles().nouns.get(head)
    return f"noun {noun.kind if noun else 'other'}"


def _rank(rank: int) -> list[str]:
    return [_NEARNESS.at(rank)]


_RANKS: list[Part] = [(_rank, rank) for rank in range(len(_NEARNESS))]
_LAST_RANK = len(_RANKS) - 1


def _mention(form: Form, kind: str, plural: bool) -> list[str]:
    found: list[str] = [form]
    if kind:
        found.append(kind)
    if plural:
        found.append("plural")
    return found


def _source(
    form: Form, kind: str, plural: bool, strength: Strength, link: Link, passive: bool, describes: bool
) -> list[str]:
    found = [*_mention(form, kind, plural), strength, link]
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


def _syntax(
    after: bool, rivals: int, depth: int, join: str, governed: bool, straddles: bool,
    innermost: bool | None, announces: bool,
) -> list[str]:  # fmt: skip
    """`innermost` is None where the cue doesn't govern the quotation."""
    found = [_RIVALS.at(rivals), _DEPTH.at(depth), f"join {join or 'none'} {'after' if after else 'before'}"]
    if governed:
        found.append("governed")
    if straddles:
        found.append("straddles")
    if innermost is not None:
        found.append("governs innermost" if innermost else "governs outer")
    if announces:
        found.append("announces another")
    return found


def _inherited(scene: Scene, candidate: Candidate, decided: Decided) -> Iterator[Part]:
    """What is known of an inherited speaker: how sure the antecedent is, and how far away."""
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
    stops = len(_STOP.split(between, 3)) - 1
    yield _between, len(between.split(None, _MOST_APART - 1)), stops, min(between.count("\n"), 3)


def _antecedent(tenths: int, rule: str) -> list[str]:
    return [f"antecedent sure {_bin(tenths, (4, 6, 8, 9))}", f"antecedent {rule}"]


def _between(words: int, stops: int, lines: int) -> list[str]:
    return [_APART.at(words), f"stops {stops}", f"lines {lines}"]


def _lemma(lemma: str) -> list[str]:
    return [f"lemma {lemma}", "never a cue"] if lemma in data.cues().never else [f"lemma {lemma}"]


def best_first(scored: Scored) -> Scored:
    """Candidates in the order of their probabilities; of equal ones, the most direct is first."""
    return tuple(sorted(scored, key=_order))


def _best(scored: Scored) -> tuple[Candidate, float]:
    """The first of `best_first`, without sorting all."""
    least = max(scored, key=itemgetter(1))[1] - 2 / _DIGITS
    likely = [pair for pair in scored if pair[1] > least]
    return min(likely, key=_order) if len(likely) > 1 else likely[0]


def _order(pair: tuple[Candidate, float]) -> tuple[int, tuple[int, int]]:
    """Weights have few digits, so scores may be equal: then the most direct is first, for all rounding."""
    return -round(pair[1] * _DIGITS), _closeness(pair[0])


def _directness(pair: tuple[Candidate, float]) -> tuple[tuple[int, int], int]:
    """The most direct is first; of equal ones, the more probable."""
    return _closeness(pair[0]), -round(pair[1] * _DIGITS)


def _closeness(candidate: Candidate) -> tuple[int, int]:
    """How directly a candidate's cue introduces the quotation; the least is the most direct."""
    rank, relation = _RANK.get(candidate.rule, -1), candidate.relation
    if relation is None:
        return rank, 0
    # Quill turned to Twitter, posting: “…”: nothing but a colon is between.
    touches = _is_cue(candidate) and relation.join == ":" and relation.cue_gap == 0 and not relation.after
    return -1 if touches else rank, relation.cue_gap
