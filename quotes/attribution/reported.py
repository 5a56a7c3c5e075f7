"""Speech that is itself reported, and speech that is denied.

Quill told Renn that Brody had said “…”          Brody's words, not Quill's
Quill told the court that, Brody said, “…”       Brody's words
Quill spoke of a charge that Brody called “…”    Brody's words
Quill denied ever saying “…”; she never said “…”  nobody's words
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import data
from quotes.attribution.cue_rules import before_quotation
from quotes.attribution.cues import Cue
from quotes.attribution.relations import Relation
from quotes.attribution.scene import Candidate, Scene
from quotes.parsing import Window
from quotes.parsing.tokens import Token

# What somebody would not or could not say is often reported in his or her own words.
_MODALS = frozenset(
    ["would", "will", "could", "can", "ca", "wo", "may", "might", "should", "shall", "must", "'d", "’d"]
)
# "She didn't just say “…”": she said it, and more.
_NO_LESS = frozenset(["only", "just", "merely", "simply"])
_COMPLEMENTS = frozenset(["ccomp", "xcomp", "pcomp", "prep", "conj", "acl", "dobj"])
_RELATIVE = frozenset(["that", "which", "what", "whatever"])
# The most steps up from a verb to the one that reports it: "denied reports of ever having said".
_STEPS = 4


def of_speakers(scene: Scene, segment: int, candidates: list[Candidate]) -> list[Candidate]:
    """Drop those who only report that another said the words, and all if the words were not said.

    A pronoun is left to the ranker ("Quill said she had asked her “friends”"), and so is what somebody
    should or could say: both are mostly the reporting person's own words.
    """
    inner, relation = _innermost(candidates) or (None, None)
    if inner is None or relation is None:
        return candidates
    window = scene.layout_of[segment].window
    if _is_relative(window, inner, relation):
        return [c for c in candidates if c.relation is None or c.cue == inner]
    if _is_aside(window, inner, relation):
        return [c for c in candidates if not _is_outer(window, c, inner)]
    if inner.lemma not in data.cues().saying:
        return candidates
    verb = window.tokens[inner.verb]
    if _is_negated(verb) or any(_lemma(token) in data.cues().denying for token in _reporting(verb)):
        return []
    if inner.source is None or inner.source.form == "pronoun" or inner.link != "subject" or _is_modal(verb):
        return candidates
    verbs = {token.i for token in _reporting(verb)}
    return [c for c in candidates if not (c.relation and c.cue and c.cue.verb in verbs and _is_strong(c.cue))]


def _is_aside(window: Window, cue: Cue, relation: Relation) -> bool:
    """Because, he said, “…”: a clause of saying between commas, the second of which touches the quotation."""
    if cue.strength != "strong" or cue.link != "subject" or relation.join != ",":
        return False
    if window.tokens[cue.left - 1].text != "," or _is_behind_quotation(window, cue):
        return False
    return relation.gap == relation.cue_gap == 0


def _is_relative(window: Window, cue: Cue, relation: Relation) -> bool:
    """A charge that Quill called “…”: the object of a verb of describing stands in front of its subject."""
    if not cue.describes or cue.link != "subject" or cue.source is None or cue.source.form == "pronoun":
        return False
    related = window.tokens[cue.verb].dep_ == "relcl" or window.tokens[cue.left - 1].lower_ in _RELATIVE
    between = 1 if relation.join == "as" else 0
    return related and relation.governs and relation.gap == relation.cue_gap == between


def _is_outer(window: Window, candidate: Candidate, inner: Cue) -> bool:
    """Whether a candidate's cue stands before an inner one in its sentence, and not behind a quotation."""
    cue, relation = candidate.cue, candidate.relation
    if cue is None or relation is None or not _is_ahead(cue, relation) or cue.verb >= inner.verb:
        return False
    return not _is_behind_quotation(window, cue)


def _is_behind_quotation(window: Window, cue: Cue) -> bool:
    """“…,” Quill said: whether the clause of a cue begins right behind a quotation."""
    before = [i for i in range(max(0, cue.left - 2), cue.left) if not window.tokens[i].is_punct]
    return bool(before) and window.segment_at[before[-1]] >= 0


def _innermost(candidates: list[Candidate]) -> tuple[Cue, Relation] | None:
    """The last cue before a segment in its sentence, if its verb governs the segment or leads up to it."""
    best: tuple[Cue, Relation] | None = None
    for candidate in candidates:
        cue, relation = candidate.cue, candidate.relation
        if cue is None or relation is None or not _is_ahead(cue, relation):
            continue
        if best is None or cue.verb > best[0].verb:
            best = cue, relation
    return best if best is not None and (best[1].governs or before_quotation(*best)) else None


def _is_ahead(cue: Cue, relation: Relation) -> bool:
    return not relation.after and relation.sentences == 0 and cue.strength != "none"


def _reporting(verb: Token) -> Iterator[Token]:
    """The verbs and nouns whose complement a verb is: "told" above "that Brody had said"."""
    for _ in range(_STEPS):
        if verb.dep_ not in _COMPLEMENTS or verb.head == verb or (verb.dep_, verb.tag_) == ("acl", "VBG"):
            return  # "a report saying “…”" speaks for itself
        joined = verb.dep_ == "conj"
        if joined and not any(child.dep_ == "nsubj" for child in verb.lefts):
            return  # "denied that it was late and said “…”": whose verb it is, the parse hardly knows
        verb = verb.head
        if not joined:
            yield verb


def _lemma(token: Token) -> str:
    cue = data.cues().verbs.get(token.lower_)
    return cue.lemma if cue else ""


def _is_negated(verb: Token) -> bool:
    """Never said, didn't say; but not "didn't only say", and not "wouldn't say"."""
    words = [child.lower_ for child in verb.lefts]
    negated = any(child.dep_ == "neg" for child in verb.lefts)
    return negated and not _NO_LESS.intersection(words) and not _is_modal(verb)


def _is_modal(verb: Token) -> bool:
    if verb.head.lower_ == "used":
        return False  # "used to say": said, often
    return verb.tag_ == "VB" and any(child.lower_ in _MODALS or child.lower_ == "to" for child in verb.lefts)


def _is_strong(cue: Cue) -> bool:
    return cue.strength == "strong"
