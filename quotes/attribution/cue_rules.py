"""The rules with a cue: each is a test on how the cue relates to the quotation.

One line of examples each; “…” is the quotation.

| rule             | example                                                       |
|------------------|---------------------------------------------------------------|
| after-quotation  | “…,” Quill said.   “…,” said Ada Quill, the mayor.            |
| before-quotation | Quill told reporters on Monday: “…”   Quill said that “…”     |
| phrase           | It was “…”, according to two aides.                           |
| object           | Quill called the plan “…”                                     |
| list-item        | Quill called it “…” and “…”                                   |
| aside            | The plan, Quill said, was “…”                                 |
| clause           | Quill, who denied that he was “…” when he sold the ferry, …   |
| same-sentence    | any other cue in the sentence                                 |
| near-sentence    | a cue in the sentence before or after                         |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quotes import data
from quotes.attribution.cues import Cue
from quotes.attribution.relations import Relation
from quotes.attribution.scene import Candidate, Claim, Decided, Scene
from quotes.text.marks import MARKS

#: Verbs that say what somebody is or has. No quotation's cue.
BEING = frozenset(
    "am are be been being is was were 'm 're 's ’m ’re ’s do does did "
    "had has have having 'd 've ’d ’ve".split()
)

SAME_SENTENCE, NEAR_SENTENCE = "same-sentence", "near-sentence"

Test = Callable[[Cue, Relation], bool]


def after_quotation(cue: Cue, relation: Relation) -> bool:
    """“…,” Quill said.   “…,” said Ada Quill, the mayor."""
    return _beside(cue, relation) and relation.after and relation.gap <= 1 and not relation.straddles


def before_quotation(cue: Cue, relation: Relation) -> bool:
    """Quill told reporters on Monday: “…”   Quill said that “…”."""
    joined = relation.join in (":", ",", "that") or relation.cue_gap == 0
    return _beside(cue, relation) and not relation.after and relation.rivals == 0 and joined


def phrase(cue: Cue, relation: Relation) -> bool:
    """It was “…”, according to two aides."""
    return cue.link == "phrase" and relation.sentences == 0


def object_(cue: Cue, relation: Relation) -> bool:
    """Quill called the plan “…”: the quoted words complete the cue's clause."""
    near = relation.governs and relation.rivals == 0 and not relation.after
    return _beside(cue, relation) and near


def list_item(cue: Cue, relation: Relation) -> bool:
    """Quill called it “…” and “…”: another quotation stands between, no other cue."""
    return (
        cue.strength != "none"
        and relation.sentences == 0
        and relation.segments > 0
        and not relation.after
        and relation.rivals == 0
    )


def aside(cue: Cue, relation: Relation) -> bool:
    """The plan, Quill said, was “…”: the cue interrupts the clause that holds the quotation."""
    return cue.strength != "none" and relation.sentences == 0 and not relation.governs and not relation.after


def clause(cue: Cue, relation: Relation) -> bool:
    """Quill denied that the ferry that he sold was “…”: the cue governs the quotation from afar."""
    return cue.strength != "none" and relation.sentences == 0 and relation.governs


def same_sentence(_: Cue, relation: Relation) -> bool:
    """Quill went to the harbour to find “…”: any verb with a subject in the sentence."""
    return relation.sentences == 0


def near_sentence(_: Cue, __: Relation) -> bool:
    """Quill was furious. It was, the report found, all “…”: a clause in a sentence nearby."""
    return True


def _beside(cue: Cue, relation: Relation) -> bool:
    return cue.strength != "none" and relation.sentences == 0 and relation.segments == 0


# The most precise first: the first test that a cue passes gives the rule.
TESTS: tuple[tuple[str, Test], ...] = (
    ("phrase", phrase),
    ("after-quotation", after_quotation),
    ("before-quotation", before_quotation),
    ("object", object_),
    ("list-item", list_item),
    ("aside", aside),
    ("clause", clause),
    (SAME_SENTENCE, same_sentence),
    (NEAR_SENTENCE, near_sentence),
)


def match(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Every cue in the segment's window as a candidate; the first test that it passes gives the rule."""
    layout = scene.layout_of.get(segment)
    if layout is None:
        return
    another = _announces_another(scene, segment)
    for cue, relation in layout.related(segment):
        assert cue.source is not None
        if another and relation.after:
            continue
        yield Candidate(segment, _rule(cue, relation), cue.source, cue, relation)


def _rule(cue: Cue, relation: Relation) -> str:
    """The first rule whose test a cue passes; in another sentence, or of no cue verb, only the last ones."""
    if relation.sentences:
        return NEAR_SENTENCE
    if cue.strength == "none" and cue.link != "phrase":
        return SAME_SENTENCE
    for rule, test in TESTS:
        if test(cue, relation):
            return rule
    return NEAR_SENTENCE


def _announces_another(scene: Scene, segment: int) -> bool:
    """Quill posted: “Yes!” Renn replied: “…”: a colon introduces this quotation, and the next one, too."""
    segments = scene.segments
    if not segments.befores[segment].rstrip().endswith(":"):
        return False
    inner = scene.text[segments[segment].start : segments[segment].end].rstrip(MARKS + " ")
    return inner[-1:] not in ",—–-" and segments.after(segment).rstrip().endswith(":")


def named_cue(claim: Claim) -> Cue | None:
    """The cue that introduces the words: not what somebody is, nor what somebody does in another sentence."""
    cue, relation = claim.candidate.cue, claim.candidate.relation
    if cue is None or cue.strength != "none" or relation is None:
        return cue
    return None if cue.lemma in BEING or relation.sentences else cue


def is_being(claim: Claim) -> bool:
    """Whether a verb of being or having in the sentence is all that ties the words to somebody: Quill was “…”

    Of 24 such speakers in PolNeAR's train and dev parts, 4 are right. Not so before a colon: "Quill was
    plainer when he met the press: “…”".
    """
    cue, relation = claim.candidate.cue, claim.candidate.relation
    if claim.candidate.rule != "same-sentence" or cue is None or relation is None or relation.join == ":":
        return False
    return cue.lemma in BEING


def is_things(claim: Claim) -> bool:
    """Whether what moves in a sentence nearby can't speak: "The brush moved", "the chair creaked".

    Only listed nouns can, and of those that are things, too, none.
    """
    candidate = claim.candidate
    if candidate.rule != "near-sentence" or candidate.mention.form != "nominal" or candidate.cue is None:
        return False
    head, lexicon = candidate.mention.head, data.titles()
    return candidate.cue.strength == "none" and (head not in lexicon.nouns or head in lexicon.things_too)
