"""Sources: the phrase that names who said, believes or wants it.

[Ana Cruz, former head of the state party], said so. According to [the mayor], … [His] claim that …
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from quotes.indirect.grammar import Grammar, Tokens, bucket, lemma, noun_class
from quotes.indirect.weights import Models
from quotes.parsing.tokens import Token

_NAMING = frozenset("NN NNS NNP NNPS PRP PRP$ WP WDT DT CD JJ JJR JJS VBG EX".split())
# Words that name somebody only where the parser makes them head a phrase: "many", "two", "the French".
_RARELY = frozenset("DT JJ CD JJR JJS VBG EX".split())
_HEADING = frozenset("nsubj nsubjpass pobj dobj conj attr poss".split())
_SUBJECTS = frozenset(["nsubj", "nsubjpass", "csubj"])
_WITHIN = frozenset(["compound", "det", "aux"])
_SET_OFF_LEFT = frozenset("relcl advcl cc punct preconj".split())
_SET_OFF = frozenset("relcl acl appos punct cc prep advcl".split())
_EDGES = frozenset([",", "—", "–", "--", "“", '"', "-", ":", "."])
_GENITIVES = frozenset(["'s", "’s", "'", "’"])
# Phrases with one head, by where they may end.
_MOST_ENDS = 12
# The source stands within so many tokens of the cue's head.
_REACH = 100


class Source(NamedTuple):
    """A phrase of tokens [first, last) with its head."""

    first: int
    last: int
    head: int


def candidates(grammar: Grammar, head: int) -> list[Source]:
    """The phrases of a cue's sentence that may name its source; `head` heads the cue."""
    low, high = grammar.sentence(head)
    low, high = max(low, head - _REACH), min(high, head + _REACH)
    found: dict[Tokens, Source] = {}
    for token in grammar.tokens[low:high]:
        if _may_name(grammar, token, head):
            for first in _firsts(grammar, token):
                for last in _lasts(grammar, token):
                    if first <= head < last:
                        continue
                    phrase = _without_edges(grammar, first, last, token.i)
                    found.setdefault(phrase, Source(*phrase, token.i))
    return list(found.values())


def _may_name(grammar: Grammar, token: Token, cue: int) -> bool:
    if grammar.quoted(token.i) or token.i == cue:
        return False
    tag, dep = token.tag_, token.dep_
    if tag not in _NAMING and dep not in _SUBJECTS and not (token.text[0].isupper() and token.i + 1 == cue):
        return False
    if dep in _WITHIN and tag not in ("PRP", "PRP$") and token.head_i != cue:
        return False
    return tag not in _RARELY or dep in _HEADING


def _firsts(grammar: Grammar, token: Token) -> list[int]:
    inner = {grammar.right[child.i] for child in token.lefts if child.dep_ in _SET_OFF_LEFT}
    between = sorted(inner - {grammar.left[token.i], token.i})
    return sorted({grammar.left[token.i], token.i, *between[:1]})


def _lasts(grammar: Grammar, token: Token) -> list[int]:
    ends = {token.i + 1, grammar.right[token.i]}
    for child in token.rights:
        ends |= {grammar.left[child.i], grammar.right[child.i]}
        below = list(child.rights)
        for inner in below:
            if len(ends) >= _MOST_ENDS:
                break
            if inner.dep_ in _SET_OFF:
                ends.add(grammar.left[inner.i])
            below += inner.rights
    return sorted(ends)


def _without_edges(grammar: Grammar, first: int, last: int, head: int) -> Tokens:
    while last > head + 1 and grammar.tokens[last - 1].text in _EDGES:
        last -= 1
    while first < head and grammar.tokens[first].text in _EDGES:
        first += 1
    return first, last


def choose(grammar: Grammar, head: int, cue: Tokens, models: Models) -> tuple[Source | None, float]:
    """The most probable source of a cue, and its probability; None where it probably has none."""
    choices = [*candidates(grammar, head), None]
    shares = models.sources.shares([features(grammar, head, cue, choice) for choice in choices])
    best = max(range(len(choices)), key=shares.__getitem__)
    return choices[best], shares[best]


def features(grammar: Grammar, head: int, cue: Tokens, source: Source | None) -> list[str]:
    """What is known of a phrase as the source of a cue; of None, that the cue has no source."""
    top = grammar.tokens[head]
    this = lemma(top.lower_)
    if source is None:
        known = ["none", f"none lemma {this}", f"none tag {top.tag_}", f"none dep {top.dep_}"]
        known += (f"none child {child.dep_}" for child in top.children)
        return [*known, f"none before {grammar.word(head - 1)}", f"none after {grammar.word(head + 1)}"]
    token = grammar.tokens[source.head]
    path, kind = grammar.path(source.head, head), noun_class(token)
    known = [
        f"path {path}", f"path {path} lemma {this}", f"path {path} tag {top.tag_}", f"kind {kind}",
        f"kind {kind} path {path}", f"dep {token.dep_}", f"head {token.lower_}",
    ]  # fmt: skip
    known += _of_place(grammar, cue, source, this, path, top.tag_)
    known += _of_extent(grammar, head, source, path)
    return known


def _of_place(grammar: Grammar, cue: Tokens, source: Source, this: str, path: str, tag: str) -> Iterator[str]:
    after = source.first >= cue[1]
    side = "after" if after else "before"
    between = grammar.tokens[slice(cue[1], source.first) if after else slice(source.last, cue[0])]
    gap = bucket(source.first - cue[1] if after else cue[0] - source.last)
    yield from (
        f"{side} {gap}", f"{side} lemma {this}", f"{side} {gap} tag {tag}", f"{side} path {path}",
        f"{side} then {grammar.word(cue[1])}",
        f"{side} commas {min(3, sum(token.text == ',' for token in between))}",
        f"{side} verbs {min(3, sum(token.tag_[0] == 'V' for token in between))}",
        f"{side} nouns {min(4, sum(token.tag_[0] == 'N' for token in between))}",
    )  # fmt: skip
    if len(between) <= 3:
        yield f"{side} between {' '.join([token.tag_ for token in between])}"
    if len(between) <= 2:
        yield f"{side} between words {' '.join([token.lower_ for token in between])}"
    yield f"{side} commas around {grammar.word(source.first - 1) == ','} {grammar.word(source.last) == ','}"


def _of_extent(grammar: Grammar, cue: int, source: Source, path: str) -> Iterator[str]:
    first, last, head = source
    token = grammar.tokens[head]
    yield from (
        f"whole {first == grammar.left[head]} {last == grammar.right[head]}",
        f"length {bucket(last - first)}", f"first {grammar.word(first)}", f"first tag {grammar.tag(first)}",
        f"last tag {grammar.tag(last - 1)}",
        f"last dep {grammar.tokens[last - 1].dep_}", f"next {grammar.word(last)}",
        f"next tag {grammar.tag(last)}", f"previous {grammar.word(first - 1)}",
        f"previous tag {grammar.tag(first - 1)}",
    )  # fmt: skip
    for child in token.rights:
        if grammar.left[child.i] >= last:
            yield f"without {child.dep_} {child.tag_}"
            yield f"without {child.dep_} path {path}"
        elif child.dep_ != "punct":
            yield f"with {child.dep_} {child.tag_}"
            yield f"with {child.dep_} path {path}"
    for child in token.lefts:
        if grammar.right[child.i] <= first:
            yield f"without left {child.dep_}"
    if last <= cue < grammar.right[head]:
        yield "subtree holds the cue"
    if grammar.word(last - 1) in _GENITIVES:
        yield "ends with a genitive"
    if grammar.word(last) in _GENITIVES:
        yield "before a genitive"
