"""Cues: the words that say that something is reported, by their head and their extent.

Quill [called for] a new pier. Her [claim] that it leaks. She [did not say] whether it would close.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from quotes import data
from quotes.indirect.grammar import Grammar, Tokens, lemma, noun_class, subject
from quotes.indirect.weights import Models
from quotes.parsing.tokens import Token

# The tokens of a cue stand within so many of its head.
_LONGEST = 8
# What a cue's complement, object and modifiers say of it; their own words count as well.
_TELLING = frozenset("ccomp xcomp acl prep advcl dobj attr acomp pcomp mark prt neg aux".split())
_CLAUSES = frozenset({"ccomp", "xcomp", "acl", "prep"})
_CLAUSE_WORDS = frozenset({"mark", "aux", "pobj", "pcomp"})
_SHARING = frozenset({"conj", "xcomp", "advcl", "acl", "relcl", "aux", "pcomp", "prep"})
_COMPLEMENTS = ("ccomp", "xcomp", "dobj", "prep", "attr", "acomp", "acl")
# Prepositions of times and places; "to" and "with" tell to whom it was said, and belong to a cue.
_OF_TIMES = frozenset(["after", "at", "before", "during", "for", "in", "on", "since"])
_UNTOLD = frozenset({"punct", "advmod", "npadvmod", "det"})


class CueHead(NamedTuple):
    """A token that may head a cue, and how probable that is."""

    head: int
    probability: float


def heads(grammar: Grammar, models: Models, least: float) -> Iterator[CueHead]:
    """The tokens that head a cue with a probability of at least `least`, in text order."""
    for token in grammar.tokens:
        if not grammar.quoted(token.i) and lemma(token.lower_) in models.lemmas:
            probability = models.cues.probability(features(grammar, token))
            if probability >= least:
                yield CueHead(token.i, probability)


def features(grammar: Grammar, token: Token) -> list[str]:
    """What is known of a token that may head a cue."""
    i, tag, dep = token.i, token.tag_, token.dep_
    this = lemma(token.lower_)
    known = [
        f"lemma {this}", f"word {token.lower_}", f"tag {tag}", f"lemma {this} tag {tag}", f"dep {dep}",
        f"lemma {this} dep {dep}",
    ]  # fmt: skip
    add = known.append
    verb = data.cues().verbs.get(token.lower_)
    if verb is not None:
        add(f"strength {verb.strength}")
    for place in (-2, -1, 1, 2):
        word, beside = grammar.word(i + place), grammar.tag(i + place)
        add(f"at {place} {word}")
        add(f"at {place} tag {beside}")
        if place in (-1, 1):
            add(f"lemma {this} at {place} {word}")
            add(f"lemma {this} at {place} tag {beside}")
    head = token.head
    if head is not token:
        above = lemma(head.lower_)
        known += (
            f"head {above}", f"head tag {head.tag_}", f"dep {dep} head {above}", f"lemma {this} head {above}",
            f"head dep {head.dep_}",
        )  # fmt: skip
        if head.head is not head:
            add(f"head's head {lemma(head.head.lower_)}")
    known += _of_children(grammar, token, this)
    known += _of_subject(token, this)
    first, last = grammar.left[grammar.root[i]], grammar.right[grammar.root[i]]
    if any(part >= 0 for part in grammar.window.segment_at[first:last]):
        add("quotation")
        add(f"lemma {this} quotation")
    add(f"place {min(5, (i - first) // 5)}")
    return known


def _of_children(grammar: Grammar, token: Token, this: str) -> Iterator[str]:
    relations: set[str] = set()
    for child in token.children:
        side, dep, word = "<" if child.i < token.i else ">", child.dep_, grammar.word(child.i)
        relations.add(side + dep)
        yield f"child {side}{dep}"
        yield f"lemma {this} child {side}{dep}"
        yield f"child {side}{dep} {word}"
        if dep in _TELLING:
            yield f"lemma {this} child {dep} {word}"
            yield f"lemma {this} child {dep} tag {child.tag_}"
        if dep in _CLAUSES:
            for below in child.lefts[:4] + child.rights[:3]:
                yield f"below {dep} {below.dep_}"
                if below.dep_ in _CLAUSE_WORDS:
                    yield f"below {dep} {below.dep_} {below.lower_}"
        if dep in _CLAUSES or dep == "dobj":
            yield f"size {dep} {min(6, (grammar.right[child.i] - grammar.left[child.i]) // 2)}"
        if dep == "dobj":
            yield f"object {lemma(child.lower_)}"
    told = sorted(relation for relation in relations if relation[1:] not in _UNTOLD)
    yield f"children {' '.join(told)}"


def _of_subject(token: Token, this: str) -> Iterator[str]:
    own = subject(token)
    if own is not None:
        yield f"subject {noun_class(own)}"
        yield f"lemma {this} subject {noun_class(own)}"
        if own.lower_ in ("who", "that", "which") and token.dep_ == "relcl":
            yield f"modifies {noun_class(token.head)}"
        return
    yield "no subject"
    above = token
    for _ in range(4):
        if above.head is above or above.dep_ not in _SHARING:
            break
        above = above.head
        shared = next((child for child in above.lefts if child.dep_.startswith(("nsubj", "csubj"))), None)
        if shared is not None:
            yield f"shared subject {noun_class(shared)}"
            break
    if token.dep_ in ("relcl", "acl"):
        yield f"modifies {noun_class(token.head)}"


def extent(grammar: Grammar, head: int, belongs: Callable[[list[str], int], bool]) -> Tokens:
    """The tokens of the cue that a token heads: it grows to the left, then to the right.

    `belongs` tells from its features whether the token beside belongs to the cue.
    """
    first, last = head, head + 1
    low, high = grammar.sentence(head)
    for side in "<>":
        while True:
            at = first - 1 if side == "<" else last
            if not low <= at < high or grammar.quoted(at) or abs(at - head) > _LONGEST:
                break
            if not belongs([side + name for name in _extent_features(grammar, head, (first, last), at)], at):
                break
            first, last = min(first, at), max(last, at + 1)
    return first, _before_time(grammar, head, last)


def _before_time(grammar: Grammar, head: int, last: int) -> int:
    """The end of a cue without the preposition of a time or a place: [knew] for six years that it leaked."""
    tokens = grammar.tokens
    tie = tokens[last - 1]
    if last - 1 <= head or tie.dep_ != "prep" or tie.head_i != head or tie.lower_ not in _OF_TIMES:
        return last
    clause = any(child.dep_ == "ccomp" and child.i > last for child in tokens[head].rights)
    return last - 1 if clause else last


def _extent_features(grammar: Grammar, head: int, cue: Tokens, at: int) -> Iterator[str]:
    """What is known of the token `at`, right beside the cue as it is so far."""
    tokens = grammar.tokens
    token, top = tokens[at], tokens[head]
    this, word = lemma(top.lower_), grammar.word(at)
    if token.head_i == head:
        tie = f"child {token.dep_}"
    elif top.head_i == at:
        tie = f"head {top.dep_}"
    elif token.head_i == top.head_i:
        tie = f"sibling {token.dep_}"
    else:
        tie = f"inside {token.dep_}" if cue[0] <= token.head_i < cue[1] else "other"
    left = at < head
    edge = cue[0] if left else cue[1] - 1
    beyond = at - 1 if left else at + 1
    length = min(4, abs(edge - head))
    edge_word, tag = grammar.word(edge), token.tag_
    yield from (
        "", tie, f"word {word}", f"tag {tag}", f"{tie} {word}", f"lemma {this}", f"lemma {this} {word}",
        f"lemma {this} {tie}", f"tag {top.tag_} word {word}", f"tag {top.tag_} {tag}",
        f"tag {top.tag_} {tie}",
        f"beyond {grammar.word(beyond)}", f"beyond {grammar.tag(beyond)}", f"length {length} {tag}",
        f"length {length} word {word}", f"length {length} of {top.tag_}", f"edge {edge_word} {word}",
        f"edge {grammar.tag(edge)} {tag}", f"dep {top.dep_} {tag}", f"lemma {this} edge {edge_word} {tag}",
    )  # fmt: skip
    after = {child.dep_ for child in top.rights}
    for dep in _COMPLEMENTS:
        if dep in after:
            yield f"has {dep} {tie}"
            yield f"has {dep} {tag}"
    if (size := grammar.right[at] - grammar.left[at]) > 1:
        yield f"long {tie} {min(5, size)}"
