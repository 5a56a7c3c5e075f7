"""The matchers on parses made by hand, so that no model's mood decides.

A parse is written a token a word: `form|TAG|relation|head`, where head is the number of the governing token;
a star before the form marks a quoted token: `*So|RB|ccomp|3`.
"""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from quotes.attribution import ORDER, Scene, attribute, decide, propose
from quotes.attribution.cue_rules import TESTS
from quotes.attribution.cues import Cue, cues
from quotes.attribution.relations import Layout, Relation
from quotes.extractor import mark
from quotes.parsing import Parse, Window
from quotes.parsing.mentions import Mention, mention_at, title_length
from quotes.parsing.tokens import tokens_of

ENGLISH = spacy.blank("en")


def parse(written: str, names: str = "") -> Window:
    rows = [token.split("|") for token in written.split()]
    quoted = [form.startswith("*") for form, *_ in rows]
    doc = Doc(
        ENGLISH.vocab,
        words=[form.removeprefix("*") for form, *_ in rows],
        tags=[tag for _, tag, _, _ in rows],
        deps=[relation for _, _, relation, _ in rows],
        heads=[int(head) for _, _, _, head in rows],
    )
    segment_at, segment = [], -1
    for i, inside in enumerate(quoted):
        if inside and (i == 0 or not quoted[i - 1]):
            segment += 1
        segment_at.append(segment if inside else -1)
    where = {
        s: (segment_at.index(s), len(segment_at) - segment_at[::-1].index(s)) for s in range(segment + 1)
    }
    starts = [token.idx for token in doc]
    ends = [token.idx + len(token) for token in doc]
    return Window(tokens_of(doc, doc.text), starts, ends, segment_at, where, 0, frozenset(names.split()))


def text_of(window: Window) -> str:
    """The parsed text, by the places of its tokens."""
    text = ""
    for token in window.tokens:
        text = text.ljust(token.idx) + token.text
    return text


def words(window: Window, mention: Mention | None) -> str | None:
    return None if mention is None else text_of(window)[mention.start : mention.end]


def sources(window: Window) -> list[tuple[str, str | None, str, str]]:
    """Each cue as (words, source, link, strength)."""
    text = text_of(window)
    return [(text[c.start : c.end], words(window, c.source), c.link, c.strength) for c in cues(window)]


SUBJECT = "*So|UH|ccomp|4 ,|,|punct|4 Ada|NNP|compound|3 Quill|NNP|nsubj|4 said|VBD|ROOT|4 .|.|punct|4"
INVERTED = "*So|UH|ccomp|2 ,|,|punct|2 said|VBD|ROOT|2 Ada|NNP|compound|4 Quill|NNP|nsubj|2 .|.|punct|2"
OBJECT = "*So|UH|dep|2 ,|,|punct|2 said|VBD|ROOT|2 Ada|NNP|compound|4 Quill|NNP|dobj|2 .|.|punct|2"
SHARED = (
    "Quill|NNP|nsubj|1 rose|VBD|ROOT|1 and|CC|cc|1 said|VBD|conj|1 ,|,|punct|3 *So|UH|ccomp|3 .|.|punct|1"
)
PARTICIPLE = (
    "Quill|NNP|nsubj|1 left|VBD|ROOT|1 ,|,|punct|1 saying|VBG|advcl|1 that|IN|mark|7 it|PRP|nsubj|7"
    " was|VBD|aux|7 *lost|VBN|ccomp|3 .|.|punct|1"
)
AGENT = (
    "It|PRP|nsubjpass|2 was|VBD|auxpass|2 called|VBN|ROOT|2 *a|DT|det|4 *farce|NN|oprd|2 by|IN|agent|2"
    " Ada|NNP|compound|7 Quill|NNP|pobj|5 .|.|punct|2"
)
ACCORDING = (
    "It|PRP|nsubj|1 was|VBD|ROOT|1 *odd|JJ|acomp|1 ,|,|punct|1 according|VBG|prep|1 to|IN|prep|4"
    " Ada|NNP|compound|7 Quill|NNP|pobj|5 .|.|punct|1"
)
CLAIM = (
    "Quill|NNP|poss|2 's|POS|case|0 claim|NN|nsubj|6 that|IN|mark|5 *all|DT|nsubj|5 *rained|VBD|acl|2"
    " spread|VBD|ROOT|6 .|.|punct|6"
)
RELATIVE = (
    "Ada|NNP|compound|1 Quill|NNP|nsubj|7 ,|,|punct|1 who|WP|nsubj|4 said|VBD|relcl|1 *so|RB|ccomp|4"
    " ,|,|punct|1 left|VBD|ROOT|7 .|.|punct|7"
)
APPOSITION = (
    "Ada|NNP|compound|1 Quill|NNP|nsubj|6 ,|,|punct|1 the|DT|det|4 mayor|NN|appos|1 ,|,|punct|1"
    " said|VBD|ROOT|6"
)
NAMED_ROLE = (
    "The|DT|det|1 mayor|NN|nsubj|6 ,|,|punct|1 Ada|NNP|compound|4 Quill|NNP|appos|1 ,|,|punct|1"
    " said|VBD|ROOT|6"
)
MODIFIER = (
    "A|DT|det|1 man|NN|nsubj|5 shouting|VBG|acl|1 *so|RB|advmod|2 ,|,|punct|5 fell|VBD|ROOT|5 .|.|punct|5"
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (SUBJECT, ("said", "Ada Quill", "subject", "strong")),
        (INVERTED, ("said", "Ada Quill", "inverted", "strong")),
        # The parser calls the inverted subject an object.
        (OBJECT, ("said", "Ada Quill", "inverted", "strong")),
        (SHARED, ("said", "Quill", "shared", "strong")),
        (PARTICIPLE, ("saying", "Quill", "participle", "strong")),
        (AGENT, ("called", "Ada Quill", "agent", "weak")),
        (ACCORDING, ("according to", "Ada Quill", "phrase", "strong")),
        (CLAIM, ("claim", "Quill", "noun", "weak")),
        (RELATIVE, ("said", "Ada Quill", "subject", "strong")),
        (MODIFIER, ("shouting", "A man", "modifier", "strong")),
    ],
    ids=[
        "subject",
        "inverted",
        "object",
        "shared",
        "participle",
        "agent",
        "phrase",
        "noun",
        "relative",
        "modifier",
    ],
)
def test_a_cue_and_its_source(written: str, expected: tuple[str, str, str, str]) -> None:
    assert expected in sources(parse(written))


def test_a_verb_that_is_no_cue_is_known_for_what_it_is() -> None:
    assert ("rose", "Quill", "subject", "none") in sources(parse(SHARED))


def test_quoted_words_are_no_cue_and_no_source() -> None:
    window = parse("*Renn|NNP|nsubj|1 *said|VBD|ccomp|4 *so|RB|advmod|1 Quill|NNP|nsubj|4 said|VBD|ROOT|4")
    assert sources(window) == [("said", "Quill", "subject", "strong")]


def test_a_verb_without_anybody() -> None:
    window = parse("It|PRP|nsubj|1 rained|VBD|ROOT|1 .|.|punct|1 Said|VBD|ROOT|3 .|.|punct|3")
    assert ("Said", None, "shared", "strong") in [
        (text, source, "shared", strength) for text, source, _, strength in sources(window)
    ]


def test_an_auxiliary_is_no_cue() -> None:
    window = parse("*So|UH|ccomp|3 Quill|NNP|nsubj|3 had|VBD|aux|3 said|VBD|ROOT|3")
    assert [row[0] for row in sources(window)] == ["said"]


def test_a_particle_belongs_to_its_verb() -> None:
    window = parse("Quill|NNP|nsubj|1 blurted|VBD|ROOT|1 out|RP|prt|1 *so|RB|advmod|1")
    assert "blurted out" in [row[0] for row in sources(window)]


def test_a_phrase_with_its_source_in_front() -> None:
    window = parse("*So|UH|ccomp|3 ,|,|punct|3 Quill|NNP|nsubj|3 pointed|VBD|ROOT|3 out|RP|prt|3 .|.|punct|3")
    assert sources(window) == [("pointed out", "Quill", "phrase", "strong")]


def test_a_passive_knows_it() -> None:
    assert [cue.passive for cue in cues(parse(AGENT))] == [True]
    assert [cue.passive for cue in cues(parse(SUBJECT))] == [False]


def test_posting_for_which_the_tagger_saw_a_noun() -> None:
    window = parse(
        "Renn|NNP|nsubj|1 tweeted|VBD|ROOT|1 ,|,|punct|1 posting|NN|advcl|1 :|:|punct|3 *So|UH|dobj|3"
    )
    assert "posting" in [row[0] for row in sources(window)]


def test_a_noun_that_looks_like_a_cue_verb_is_none() -> None:
    window = parse("the|DT|det|1 posting|NN|nsubj|2 vanished|VBD|ROOT|2 *So|UH|dep|2")
    assert "posting" not in [row[0] for row in sources(window)]


@pytest.mark.parametrize(
    ("written", "token", "expected", "form"),
    [
        # A name without its title, and without what stands in apposition.
        ("Mayor|NNP|compound|2 Ada|NNP|compound|2 Quill|NNP|nsubj|3 said|VBD|ROOT|3", 2, "Ada Quill", "name"),
        ("Attorney|NNP|compound|1 General|NNP|nmod|3 Ada|NNP|compound|3 Quill|NNP|nsubj|4 said|VBD|ROOT|4",
         3, "Ada Quill", "name"),
        (APPOSITION, 1, "Ada Quill", "name"),
        # A role with the name in apposition is the name.
        (NAMED_ROLE, 1, "Ada Quill", "name"),
        # A day beside a name is no part of it.
        ("Quill|NNP|nsubj|2 Tuesday|NNP|npadvmod|2 said|VBD|ROOT|2", 0, "Quill", "name"),
        # A nominal with its prepositional phrase.
        ("a|DT|det|1 spokeswoman|NN|nsubj|6 for|IN|prep|1 the|DT|det|5 harbour|NN|compound|5 board|NN|pobj|2"
         " said|VBD|ROOT|6", 1, "a spokeswoman for the harbour board", "nominal"),
        ("A|DT|det|3 senior|JJ|amod|3 harbour|NN|compound|3 official|NN|nsubj|4 said|VBD|ROOT|4",
         3, "A senior harbour official", "nominal"),
        ("Quill|NNP|poss|2 's|POS|case|0 lawyer|NN|nsubj|3 said|VBD|ROOT|3", 2, "Quill 's lawyer", "nominal"),
        # A title alone is a role.
        ("the|DT|det|1 President|NNP|nsubj|2 said|VBD|ROOT|2", 1, "the President", "nominal"),
        # A description stops before its relative clause.
        ("One|CD|nummod|1 trader|NN|nsubj|4 who|WP|nsubj|3 left|VBD|relcl|1 said|VBD|ROOT|4",
         1, "One trader", "nominal"),
        ("he|PRP|nsubj|1 said|VBD|ROOT|1", 0, "he", "pronoun"),
        ("They|PRP|nsubj|1 said|VBD|ROOT|1", 0, "They", "pronoun"),
        # The antecedent of a relative pronoun.
        (RELATIVE, 3, "Ada Quill", "name"),
        ("Many|JJ|nsubj|1 said|VBD|ROOT|1", 0, "Many", "nominal"),
    ],
)  # fmt: skip
def test_a_mention(written: str, token: int, expected: str, form: str) -> None:
    window = parse(written)
    mention = mention_at(window, window.tokens[token])
    assert words(window, mention) == expected
    assert mention is not None
    assert mention.form == form


@pytest.mark.parametrize(
    ("written", "token"),
    [
        ("That|DT|nsubj|1 said|VBD|ROOT|1", 0),
        ("There|EX|expl|1 was|VBD|ROOT|1", 0),
        ("Nobody|NN|nsubj|1 said|VBD|ROOT|1", 0),
        ("myself|PRP|nsubj|1 said|VBD|ROOT|1", 0),
        ("*Quill|NNP|nsubj|1 said|VBD|ROOT|1", 0),
        ("quickly|RB|advmod|1 said|VBD|ROOT|1", 0),
    ],
)
def test_no_mention(written: str, token: int) -> None:
    window = parse(written)
    assert mention_at(window, window.tokens[token]) is None


def test_a_quoted_apposition_names_nobody() -> None:
    window = parse(
        "A|DT|det|1 spokeswoman|NN|nsubj|4 *Mr.|NNP|compound|3 *Renn|NNP|appos|1 tweeted|VBD|ROOT|4"
    )
    mention = mention_at(window, window.tokens[1])
    assert words(window, mention) == "A spokeswoman"


@pytest.mark.parametrize(
    ("written", "token", "plural"),
    [
        ("residents|NNS|nsubj|1 said|VBD|ROOT|1", 0, True),
        ("they|PRP|nsubj|1 said|VBD|ROOT|1", 0, True),
        ("Quill|NNP|nsubj|3 and|CC|cc|0 Renn|NNP|conj|0 said|VBD|ROOT|3", 0, True),
        ("Quill|NNP|nsubj|1 said|VBD|ROOT|1", 0, False),
        ("she|PRP|nsubj|1 said|VBD|ROOT|1", 0, False),
    ],
)
def test_number(written: str, token: int, plural: bool) -> None:
    window = parse(written)
    mention = mention_at(window, window.tokens[token])
    assert mention is not None
    assert mention.plural is plural


@pytest.mark.parametrize(
    ("written", "token", "role"),
    [
        (APPOSITION, 1, "the mayor"),
        (NAMED_ROLE, 1, "the mayor"),
        ("Quill|NNP|nsubj|1 said|VBD|ROOT|1", 0, ""),
    ],
)  # fmt: skip
def test_the_role_beside_a_name(written: str, token: int, role: str) -> None:
    window = parse(written)
    mention = mention_at(window, window.tokens[token])
    assert mention is not None
    assert mention.role == role


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("Ada Quill", 0),
        ("Mayor Ada Quill", 1),
        ("Attorney General Ada Quill", 2),
        ("former Mayor Ada Quill", 2),
        ("Mr. Renn", 1),
        ("Gov. Earl Ray Tolland", 1),
        ("Former Ada", 0),
    ],
)
def test_titles_before_a_name(name: str, length: int) -> None:
    assert title_length(name.split()) == length


def relation_of(written: str, cue: str, segment: int = 0) -> Relation:
    window = parse(written)
    found = cues(window)
    layout = Layout(window, found)
    [wanted] = [c for c in found if text_of(window)[c.start : c.end] == cue]
    relation = layout.relation(segment, wanted)
    assert relation is not None
    return relation


TWO = (
    "Quill|NNP|nsubj|1 said|VBD|ROOT|1 *so|RB|ccomp|1 ,|,|punct|1 and|CC|cc|1 Renn|NNP|nsubj|6"
    " said|VBD|conj|1 :|:|punct|6 *no|UH|dobj|6 .|.|punct|1"
)
BETWEEN = (
    "Quill|NNP|nsubj|1 argued|VBD|ROOT|1 .|.|punct|1 Renn|NNP|nsubj|4 shrugged|VBD|ROOT|4 :|:|punct|4"
    " *no|UH|dobj|4 .|.|punct|4"
)


def test_a_cue_behind_the_quotation() -> None:
    found = relation_of(SUBJECT, "said")
    assert (found.after, found.gap, found.cue_gap, found.join) == (True, 0, 2, ",")
    assert (found.governs, found.depth) == (True, 1)
    assert (found.sentences, found.segments, found.rivals) == (0, 0, 0)


def test_a_cue_before_the_quotation() -> None:
    found = relation_of(SHARED, "said")
    assert (found.after, found.gap, found.cue_gap, found.join) == (False, 0, 0, ",")


def test_a_quotation_between_and_a_rival() -> None:
    window = parse(TWO)
    first, second = cues(window)
    layout = Layout(window, [first, second])
    over, near = layout.relation(1, first), layout.relation(1, second)
    assert over is not None
    assert near is not None
    assert (over.segments, over.rivals) == (1, 1)
    assert (near.segments, near.rivals, near.join) == (0, 0, ":")


def test_a_sentence_end_between() -> None:
    found = relation_of(BETWEEN, "argued")
    assert (found.sentences, found.rivals, found.governs, found.depth) == (1, 1, False, 0)


def test_a_cue_among_the_quoted_words_has_no_relation() -> None:
    window = parse("*Renn|NNP|nsubj|1 *said|VBD|ccomp|4 *so|RB|advmod|1 Quill|NNP|nsubj|4 said|VBD|ROOT|4")
    [said] = cues(window)
    inside = said._replace(verb=1, last=2)
    assert Layout(window, [inside]).relation(0, inside) is None


def test_the_quotation_may_govern_the_verb() -> None:
    governed = "*So|UH|ROOT|0 ,|,|punct|0 Quill|NNP|nsubj|3 said|VBD|parataxis|0"
    assert relation_of(governed, "said").governed
    assert not relation_of(SUBJECT, "said").governed


def blank(kind: type[Any], **given: Any) -> Any:
    """A record in which everything is 0, "" or False but what is given."""
    empty = {"bool": False, "int": 0, "str": ""}
    values = {name: empty.get(type_.__forward_arg__) for name, type_ in kind.__annotations__.items()}
    return kind(**{**values, **given})


def rule(strength: str = "strong", link: str = "subject", **facts: Any) -> str:
    cue, relation = blank(Cue, strength=strength, link=link), blank(Relation, **facts)
    return next(name for name, test in TESTS if test(cue, relation))


@pytest.mark.parametrize(
    ("name", "facts", "against"),
    [
        # “…,” Quill said.        Not: “…” The mayor, who had come late, said
        ("after-quotation", {"after": True, "gap": 0}, {"gap": 2}),
        ("after-quotation", {"after": True, "gap": 1}, {"sentences": 1}),
        ("after-quotation", {"after": True}, {"segments": 1}),
        ("after-quotation", {"after": True}, {"strength": "none"}),
        ("after-quotation", {"after": True}, {"after": False}),
        # Quill told reporters: “…”
        ("before-quotation", {"join": ":", "cue_gap": 1}, {"join": ""}),
        ("before-quotation", {"join": "that", "cue_gap": 1}, {"rivals": 1}),
        ("before-quotation", {"join": ",", "cue_gap": 1}, {"sentences": 1}),
        ("before-quotation", {"cue_gap": 0}, {"segments": 1}),
        ("before-quotation", {"cue_gap": 0}, {"after": True}),
        # It was “…”, according to two aides.
        ("phrase", {"link": "phrase", "after": True}, {"link": "subject"}),
        ("phrase", {"link": "phrase", "segments": 1}, {"sentences": 1}),
        # Quill called the plan “…”
        ("object", {"governs": True, "depth": 1, "cue_gap": 2}, {"governs": False}),
        ("object", {"governs": True, "depth": 1, "cue_gap": 2}, {"rivals": 1}),
        # Quill called it “…” and “…”
        ("list-item", {"segments": 1}, {"segments": 0}),
        ("list-item", {"segments": 1}, {"rivals": 1}),
        ("list-item", {"segments": 1}, {"sentences": 1}),
        # The plan, Quill said, was “…”
        ("aside", {"cue_gap": 1}, {"governs": True}),
        ("aside", {"cue_gap": 1}, {"after": True}),
        # Quill denied that the ferry that he sold was “…”
        ("clause", {"governs": True, "rivals": 1}, {"governs": False}),
        ("clause", {"governs": True, "rivals": 1}, {"strength": "none"}),
        ("same-sentence", {"strength": "none"}, {"sentences": 1}),
        ("near-sentence", {"sentences": 2}, None),
    ],
)
def test_each_rule(name: str, facts: dict[str, Any], against: dict[str, Any] | None) -> None:
    def holds(given: dict[str, Any]) -> bool:
        cue = blank(Cue, strength=given.pop("strength", "strong"), link=given.pop("link", "subject"))
        return dict(TESTS)[name](cue, blank(Relation, **given))

    assert holds({**facts})
    if against is not None:
        assert not holds({**facts, **against})


def test_the_most_precise_rule_names_the_candidate() -> None:
    assert rule(after=True) == "after-quotation"
    assert rule(cue_gap=0) == "before-quotation"
    assert rule(governs=True, cue_gap=2) == "object"
    assert rule(cue_gap=2) == "aside"
    assert rule(segments=1) == "list-item"
    assert rule(link="phrase", after=True) == "phrase"
    assert rule(strength="none", cue_gap=2) == "same-sentence"
    assert rule(sentences=1, after=True) == "near-sentence"


def unparsed(text: str) -> Parse:
    return Parse(mark(text), {})


def proposed(text: str, segment: int = 0) -> list[tuple[str, str]]:
    """The candidates that need no parse, as (rule, mention)."""
    scene = Scene.of(unparsed(text))
    found = propose(scene, segment, decide(scene).of_segment)
    return [(c.rule, text[c.mention.start : c.mention.end]) for c in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VALE: “Why was the gate shut?”", ("speaker-label", "VALE")),
        ("Ada Quill: “Why was the gate shut?”", ("speaker-label", "Ada Quill")),
        ("Ada Quill (I-Port Ellery): “Why was the gate shut?”", ("speaker-label", "Ada Quill")),
        ("Mayor Ada Quill: “Why was the gate shut?”", ("speaker-label", "Ada Quill")),
        ("Ada Quill, mayor of Lowmarsh: “Why was the gate shut?”", ("speaker-label", "Ada Quill")),
        ("“A harbour is a puddle.” — Ida Fenwick", ("credit-line", "Ida Fenwick")),
        ("“A harbour is a puddle.” -- Ida Fenwick", ("credit-line", "Ida Fenwick")),
        ("“A harbour is a puddle.”\n\n- Ida Fenwick, 84, baker", ("credit-line", "Ida Fenwick")),
        ("“A harbour is a puddle.”\n— Professor Ida Fenwick", ("credit-line", "Ida Fenwick")),
    ],
)
def test_the_layout_names_the_speaker(text: str, expected: tuple[str, str]) -> None:
    assert expected in proposed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Instead, he wrote on the wall: “Why was the gate shut?”",
        "the mayor: “Why was the gate shut?”",
        "Quill left. “Why was the gate shut?”",
        "“A harbour is a puddle” — a saying of the county",
        "“A harbour is a puddle.”\n\nIda Fenwick is 84.",
        "“A harbour is a puddle.” — Ida Fenwick left the room and slammed the door behind her",
    ],
)
def test_no_layout_names_a_speaker(text: str) -> None:
    assert not [row for row in proposed(text) if row[0] in ("speaker-label", "credit-line")]


@pytest.mark.parametrize(
    ("text", "segment", "rule"),
    [
        ("VALE: “Why was the gate shut?” “And who shut it?”", 1, "continuation"),
        ("VALE: “Why was the gate shut?”\n\n“And who shut it?”", 1, "floating"),
    ],
)
def test_a_quotation_inherits_its_speaker(text: str, segment: int, rule: str) -> None:
    assert (rule, "VALE") in proposed(text, segment)


def test_the_parts_of_a_quotation_over_paragraphs_have_one_speaker() -> None:
    text = "VALE: “Why was the gate shut?\n\n“And who shut it?\n\n“Who?”"
    claims = attribute(unparsed(text)).of_segment
    assert [
        claim and text[claim.candidate.mention.start : claim.candidate.mention.end] for claim in claims
    ] == ["VALE"] * 3
    assert [claim and claim.candidate.rule for claim in claims] == ["speaker-label", "continued", "continued"]


def test_nothing_is_inherited_from_nobody() -> None:
    assert proposed("It rained. “Why was the gate shut?” “And who shut it?”", 1) == []


def test_matchers_are_tried_in_one_visible_order() -> None:
    assert [matcher.__name__ for matcher in ORDER][:4] == [
        "tweet_footer",
        "speaker_label",
        "headline",
        "credit_line",
    ]
    assert len({name for name, _ in TESTS}) == len(TESTS)
