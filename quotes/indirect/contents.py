"""Contents: what is reported, as tokens from an edge to an edge of the cue's sentence.

Quill said [the pier would close]. [The pier], Quill said, [would close].

Every token may be the first, and every token the last. A model for each edge keeps the best six, and a third
model ranks their pairs. What attributes the content may stand within it, and is cut out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quotes.indirect.grammar import Grammar, Tokens, bucket, lemma
from quotes.indirect.sources import Source
from quotes.indirect.weights import Models

# So many of the most probable edges are paired.
_BEST = 6
# A pair that is less probable than the best by more than this hardly ever wins.
_WORTH = 0.005
# Cue and source are cut out together, with what stands between them, if they are so near to each other.
_TOGETHER = 12
# Contents begin and end within so many tokens of the cue's head. A sentence may have any length.
_REACH = 100
_NO_EDGES = frozenset([",", "."])
_DASHES = ("—", "–", "--")
#: The tags of finite verbs.
FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
_RELATIVES = frozenset(["who", "which"])
_LEAST = 1e-6
# "Asked more than once what": verbs of asking, the adverbs behind them, and what opens an indirect question.
_ASKING = frozenset(["ask", "wonder", "inquire"])
_ADVERBIAL = frozenset(["RB", "RBR", "RBS", "JJR", "IN", "CD"])
_QUESTION = frozenset("what who whom whose which why how when where whether if".split())
#: The names of the features with a value.
EDGES = ("log start", "log end")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue with its head and its source; all are tokens of one sentence."""

    grammar: Grammar
    head: int
    cue: Tokens
    source: Source | None

    @property
    def lemma(self) -> str:
        """The lemma of the cue's head."""
        return lemma(self.grammar.tokens[self.head].lower_)

    def side(self, i: int) -> str:
        """The side of the cue and of the source that a token is on: "<>" before the cue, after the source."""
        cue = "<" if i < self.cue[0] else ">" if i >= self.cue[1] else "="
        if self.source is None:
            return cue + "0"
        return cue + ("<" if i < self.source.first else ">" if i >= self.source.last else "=")


class Edges(NamedTuple):
    """The first token of a content and the token after its last, with the probabilities of both."""

    first: int
    last: int
    starts: float
    ends: float


class Content(NamedTuple):
    """The tokens [first, last), and how probable they are: as edges, and as a pair against the next one."""

    edges: Edges
    probability: float
    runner_up: float


def choose(attribution: Attribution, models: Models) -> Content | None:
    """The most probable content of an attribution; None if its sentence has no words left."""
    pairs = list(best_pairs(attribution, models))
    if not pairs:
        return None
    shares = models.pairs.shares(
        [pair_features(attribution, pair) for pair in pairs],
        [models.pairs.valued(zip(EDGES, pair_values(pair), strict=True)) for pair in pairs],
    )
    order = sorted(range(len(pairs)), key=lambda k: -shares[k])
    best = _from_question(attribution, pairs[order[0]])
    return Content(best, shares[order[0]], shares[order[1]] if len(order) > 1 else 0.0)


def _from_question(attribution: Attribution, pair: Edges) -> Edges:
    """Asked more than once [what it meant]: behind a verb of asking, adverbs belong to the verb."""
    if attribution.lemma not in _ASKING or pair.first < attribution.cue[1]:
        return pair
    for i, token in enumerate(attribution.grammar.tokens[pair.first : pair.last], pair.first):
        if token.lower_ in _QUESTION:
            return pair._replace(first=i)
        if token.tag_ not in _ADVERBIAL:
            return pair
    return pair


def pair_values(pair: Edges) -> tuple[float, float]:
    """The logarithms of the probabilities of two edges: features with a value."""
    return math.log(max(pair.starts, _LEAST)), math.log(max(pair.ends, _LEAST))


def best_pairs(attribution: Attribution, models: Models) -> Iterator[Edges]:
    """The pairs of the most probable edges."""
    firsts, lasts = start_places(attribution), end_places(attribution)
    starts = models.starts.shares([start_features(attribution, i) for i in firsts])
    ends = models.ends.shares([end_features(attribution, i) for i in lasts])
    best_start, best_end = _top(starts), _top(ends)
    if not best_start or not best_end:
        return
    least = _WORTH * starts[best_start[0]] * ends[best_end[0]]
    for k in best_start:
        for m in best_end:
            if firsts[k] < lasts[m] and starts[k] * ends[m] >= least:
                yield Edges(firsts[k], lasts[m], starts[k], ends[m])


def _top(shares: Sequence[float]) -> list[int]:
    return sorted(range(len(shares)), key=lambda k: -shares[k])[:_BEST]


def start_places(attribution: Attribution) -> list[int]:
    """The tokens that a content may begin with."""
    return [i for i in _reach(attribution) if attribution.grammar.tokens[i].text not in _NO_EDGES]


def end_places(attribution: Attribution) -> list[int]:
    """The tokens that a content may end before."""
    return [i + 1 for i in _reach(attribution) if attribution.grammar.tokens[i].text not in _NO_EDGES]


def _reach(attribution: Attribution) -> range:
    low, high = attribution.grammar.sentence(attribution.head)
    high = _end_of_relative_clause(attribution, high)
    return range(max(low, attribution.head - _REACH), min(high, attribution.head + _REACH))


def _end_of_relative_clause(attribution: Attribution, high: int) -> int:
    """The comma that ends an attribution's relative clause, if the parser didn't see it; else `high`.

    Quill, who said that it rained[,] left.   →   a comma and a finite verb: the main clause goes on
    """
    tokens, source = attribution.grammar.tokens, attribution.source
    if source is None or tokens[source.head].lower_ not in _RELATIVES or source.last != attribution.cue[0]:
        return high
    clause = any(child.dep_ == "ccomp" for child in tokens[attribution.head].rights)
    if not clause or not source.first or tokens[source.first - 1].text != ",":
        return high
    within = 0
    for i in range(attribution.cue[1], high - 1):
        if tokens[i].text == ",":
            if tokens[i + 1].lower_ in _RELATIVES:
                within += 1
            elif tokens[i + 1].tag_ in FINITE:
                if not within:
                    return i
                within -= 1
    return high


def without_attribution(attribution: Attribution, first: int, last: int) -> list[int]:
    """The tokens of [first, last) without the cue, its source, and the punctuation around them."""
    tokens, source = attribution.grammar.tokens, attribution.source
    low, high = attribution.cue
    if source is not None and max(source.first, low) - min(source.last, high) <= _TOGETHER:
        low, high = min(low, source.first), max(high, source.last)
    if low >= last or high <= first:
        return list(range(first, last))
    while low > first and tokens[low - 1].is_punct:
        low -= 1
    while high < last and tokens[high].is_punct:
        high += 1
    return [*range(first, low), *range(high, last)]


def start_features(attribution: Attribution, i: int) -> list[str]:
    """What is known of token i as the first of the content."""
    grammar, head, (first, last) = attribution.grammar, attribution.head, attribution.cue
    tokens, this, side = grammar.tokens, attribution.lemma, attribution.side(i)
    token, cue_tag = tokens[i], tokens[head].tag_
    top = tokens[grammar.opens[i]]
    path, dep = grammar.path(top.i, head), top.dep_
    word, before, tag = grammar.word(i), grammar.word(i - 1), token.tag_
    known = [
        side, f"{side} lemma {this}", f"{side} tag {cue_tag}", f"path {path}", f"path {path} lemma {this}",
        f"path {path} {side}", f"path {path} {top.tag_}", f"word {word}", f"word {word} lemma {this}",
        f"tag {tag}", f"tag {tag} {side}", f"word {word} {side}", f"before {before}",
        f"before {grammar.tag(i - 1)} {tag}", f"before {before} {side}", f"before {before} {word}",
        f"before {grammar.word(i - 2)} {before}", f"next {grammar.word(i + 1)}",
        f"next {grammar.tag(i + 1)} {tag}",
        f"size {bucket(grammar.right[top.i] - grammar.left[top.i])} {dep}", f"dep {dep} {word}",
        f"dep {dep} lemma {this}",
    ]  # fmt: skip
    add = known.append
    source = attribution.source
    if i >= last:
        gap = i - last
        known += (f"behind {bucket(gap)}", f"behind {bucket(gap)} lemma {this}")
        if not gap:
            known += (f"right behind {word}", f"right behind {tag} lemma {this}")
        if source is not None and source.first >= last:
            add(f"behind source {bucket(i - source.last)}")
        if gap < 4:
            add(f"between {' '.join([between.tag_ for between in tokens[last:i]])}")
    else:
        low, _ = grammar.sentence(head)
        known += (f"from sentence {bucket(i - low)}", f"to cue {bucket(first - i)}")
        if i == low:
            known += (
                "opens sentence",
                f"opens sentence lemma {this}",
                f"opens sentence dep {tokens[head].dep_}",
            )
        if source is not None:
            add(f"from source {bucket(i - (source.last if i >= source.last else source.first))} {side}")
    if grammar.left[top.i] <= head < grammar.right[top.i]:
        known += ("holds the cue", f"holds the cue {side}")
    if grammar.quoted(i) and (not i or grammar.window.segment_at[i - 1] != grammar.window.segment_at[i]):
        known += ("opens a quotation", f"opens a quotation {side}")
    return known


def end_features(attribution: Attribution, end: int) -> list[str]:
    """What is known of the end before token `end`."""
    grammar, head, (first, last) = attribution.grammar, attribution.head, attribution.cue
    tokens, this, side = grammar.tokens, attribution.lemma, attribution.side(end - 1)
    _, high = grammar.sentence(head)
    token, closing = tokens[end - 1], grammar.closes[end]
    inside = end < high
    top = tokens[grammar.opens[end]] if inside else None
    path = grammar.path(closing, head) if closing >= 0 else "no"
    ahead = grammar.path(top.i, head) if top is not None else "end"
    dep = top.dep_ if top is not None else "end"
    word, tag = (grammar.word(end), grammar.tag(end)) if inside else ("END", "END")
    following = grammar.word(end + 1)
    known = [
        side, f"{side} lemma {this}", f"{side} tag {tokens[head].tag_}", f"path {path}",
        f"path {path} {side}", f"path {path} lemma {this}", f"ahead {ahead}", f"ahead {ahead} {side}",
        f"ahead {ahead} {word}",
        f"ahead {ahead} lemma {this}", f"dep {dep} {tag}", f"dep {dep} {word}", f"word {token.lower_}",
        f"tag {token.tag_}", f"next {word}", f"next tag {tag}", f"next {word} {side}",
        f"tags {token.tag_} {tag}", f"next {word} {following}", f"next {word} {grammar.tag(end + 1)}",
        f"next {word} lemma {this}",
    ]  # fmt: skip
    add = known.append
    if inside:
        add(f"left {bucket(high - end)} {side}")
        if high - end == 1 and tokens[end].is_punct:
            known += ("before the stop", f"before the stop {side}", f"before the stop lemma {this}")
    else:
        known += (f"end {side}", f"end lemma {this}")
    add(f"behind {bucket(end - last)}" if end > last else f"to cue {bucket(first - end)}")
    if top is not None:
        tie = _tie(attribution, end, top.head_i)
        source = attribution.source
        at_source = source is not None and source.first <= top.head_i < source.last
        known += (
            f"hangs on {'source' if at_source and tie == 'else' else tie} {dep} {side}",
            f"hangs on {tie} {dep} {word}", f"hangs {bucket(end - top.head_i)} {dep}",
            f"size {bucket(grammar.right[top.i] - end)} {dep}",
        )  # fmt: skip
        if dep == "punct" and end + 1 < high:
            then = tokens[grammar.opens[end + 1]]
            tie = _tie(attribution, end, then.head_i)
            known += (
                f"stop, then {then.dep_} on {tie} {following}", f"stop, then {grammar.path(then.i, head)}",
                f"stop, then {then.dep_} {grammar.tag(end + 1)} {word}",
            )  # fmt: skip
    segment_at = grammar.window.segment_at
    if end < len(tokens) and grammar.quoted(end - 1) and segment_at[end] != segment_at[end - 1]:
        known += ("closes a quotation", f"closes a quotation {side}")
    known += _meets(attribution, end, high, this)
    return known


def _tie(attribution: Attribution, end: int, i: int) -> str:
    if i == attribution.head:
        return "cue"
    return "content" if attribution.cue[1] <= i < end else "else"


def _meets(attribution: Attribution, end: int, high: int, this: str) -> Iterator[str]:
    edges = {attribution.cue[0]} | ({attribution.source.first} if attribution.source else set())
    if end in edges:
        yield "meets"
        yield f"meets lemma {this}"
    behind = end
    while behind < high and attribution.grammar.tokens[behind].text == ",":
        behind += 1
    if behind != end and behind in edges:
        yield "meets behind a comma"
        yield f"meets behind a comma lemma {this}"


def pair_features(attribution: Attribution, pair: Edges) -> Iterator[str]:
    """What is known of two edges together, apart from their probabilities."""
    grammar, head, first, last = attribution.grammar, attribution.head, pair.first, pair.last
    tokens, this = grammar.tokens, attribution.lemma
    low, high = grammar.sentence(head)
    opening, closing = grammar.opens[first], grammar.closes[last]
    top = tokens[opening]
    holds = "cue inside" if first <= head < last else "cue outside"
    word, length = grammar.word(first), bucket(last - first)
    yield from (holds, f"{holds} {attribution.side(first)} {attribution.side(last - 1)}")
    yield from (
        f"length {length} {holds}",
        f"length {length} tag {tokens[head].tag_}",
        f"length {length} {word}",
    )
    if opening == closing:
        yield from ("one subtree", f"one subtree {top.dep_}", f"one subtree {grammar.path(opening, head)}")
    elif closing >= 0:
        same = "sisters" if top.head_i == tokens[closing].head_i else "no sisters"
        yield from (same, f"{same} {top.dep_} {tokens[closing].dep_}", f"{same} {holds}")
        yield f"last hangs on {_place(tokens[closing].head_i, pair)} {tokens[closing].dep_}"
    yield f"first hangs on {_place(top.head_i, pair)} {top.dep_} {holds}"
    if last < high:
        then = tokens[grammar.opens[last]]
        where = _place(then.head_i, pair)
        yield from (f"then on {where} {then.dep_}", f"then on {where} {then.dep_} {grammar.word(last)}")
        yield from (f"then on {where} {holds}", f"then {grammar.word(last)} behind {word}")
        if then.dep_ == "punct" and last + 1 < high:
            after = tokens[grammar.opens[last + 1]]
            where = _place(after.head_i, pair)
            yield from (
                f"stop, then on {where} {after.dep_}",
                f"stop, then on {where} {grammar.word(last + 1)}",
            )
            yield f"stop, then on {where} {after.dep_} {length}"
    else:
        yield f"to the end {holds}"
    if first == low:
        yield f"from the start {holds}"
    inside = [grammar.word(k) for k in range(first, last)]
    yield f"commas {min(3, inside.count(','))} {holds}"
    yield f"verbs {min(3, sum(tokens[k].tag_ in FINITE for k in range(first, last)))} {holds} {word}"
    if inside.count("(") != inside.count(")"):
        yield "open bracket"
    if sum(inside.count(dash) for dash in _DASHES) % 2:
        yield "open dash"
    if _cuts_quotation(grammar, first) or _cuts_quotation(grammar, last):
        yield "cuts a quotation"
    source = attribution.source
    if source is not None and first < source.last and source.first < last:
        yield f"source inside, {holds}"
    yield f"{word} lemma {this} {holds}"


def _place(i: int, pair: Edges) -> str:
    return "inside" if pair.first <= i < pair.last else "outside"


def _cuts_quotation(grammar: Grammar, edge: int) -> bool:
    segment_at = grammar.window.segment_at
    return 0 < edge < len(segment_at) and segment_at[edge] >= 0 and segment_at[edge] == segment_at[edge - 1]
