"""What is looked up or left out to save time, against what it stands for."""

from __future__ import annotations

from pathlib import Path

import paths
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from quotes import attribution, data, parsing
from quotes.attribution import ORDER, Candidate, Claim, Scene, agents, cue_rules, cues, owners, ranker
from quotes.attribution.clauses import Clauses
from quotes.attribution.cues import Cue
from quotes.attribution.lists import LISTED
from quotes.attribution.relations import Relation
from quotes.extractor import mark
from quotes.parsing import Parse, Window
from quotes.parsing.mentions import Mention
from quotes.parsing.tokens import Token, tokens_of
from quotes.text.marks import BLOCK

ENGLISH = spacy.blank("en")
RELATIONS = ["nsubj", "nsubjpass", "csubj", "agent", "auxpass", "pobj", "dobj"]
SEEDS = paths.ROOT / "seeds"
QUILL = Mention(0, 5, "name", "quill", False, -1, 0)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """A window of words in any tree, some of them quoted."""
    size = draw(st.integers(1, 9))
    order = draw(st.permutations(range(size)))
    heads, relations = list(range(size)), ["ROOT"] * size
    for place, i in enumerate(order[1:], 1):
        heads[i] = order[draw(st.integers(0, place - 1))]
        relations[i] = draw(st.sampled_from(RELATIONS))
    tags = draw(st.lists(st.sampled_from(["NN", "EX"]), min_size=size, max_size=size))
    doc = Doc(ENGLISH.vocab, words=["word"] * size, tags=tags, heads=heads, deps=relations)
    segment_at = draw(st.lists(st.sampled_from([-1, 0]), min_size=size, max_size=size))
    starts = [token.idx for token in doc]
    return Window(tokens_of(doc, doc.text), starts, [start + 4 for start in starts], segment_at, {}, 0)


def subject(window: Window, verb: Token) -> Token | None:
    """The first subject behind a verb, else the last one before it."""
    found = [
        child
        for child in verb.children
        if child.dep_ in ("nsubj", "nsubjpass", "csubj")
        and window.segment_at[child.i] < 0
        and child.tag_ != "EX"
    ]
    behind = [child for child in found if child.i > verb.i]
    return behind[0] if behind else found[-1] if found else None


def agent(verb: Token) -> Token | None:
    """The noun behind the first "by" that has one."""
    ties = [child for child in verb.children if child.dep_ == "agent"]
    return next((noun for tie in ties for noun in tie.children if noun.dep_ == "pobj"), None)


@given(windows())
def test_what_a_verb_governs(window: Window) -> None:
    clauses = Clauses.of(window)
    for verb in window.tokens:
        assert clauses.subjects.get(verb.i) is subject(window, verb)
        assert clauses.agent(verb) is agent(verb)
        assert (verb.i in clauses.passive) == any(child.dep_ == "auxpass" for child in verb.lefts)


PIECES = ["“We sail at noon,”", "“So”", "‘We do’", "Ada Quill", " said", ", a baker", ":", ".", " - ", " ",
          "• ", "\n", "\n\n", " — Renn (@renn) June 5, 2017", "> "]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12))
def test_matchers_that_are_left_out_have_no_candidates(pieces: list[str]) -> None:
    scene = Scene.of(Parse(mark("".join(pieces)), {}))
    decided = [Claim(Candidate(i, LISTED, QUILL), 1.0) for i in range(len(scene.segments))]
    for number, segment in enumerate(scene.segments):
        if segment.family != BLOCK:  # of a block quotation, some are not asked on purpose
            left_out = set(ORDER).difference(attribution._matchers(scene, number))
            assert not [one for matcher in left_out for one in matcher(scene, number, decided[:number])]


@pytest.mark.model
@pytest.mark.parametrize("story", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_matchers_that_the_words_of_a_window_rule_out_have_no_candidates(story: Path) -> None:
    [parse] = parsing.parse(parsing.load(), [mark(story.read_text(encoding="utf-8"))])
    scene = Scene.of(parse)
    for number in range(len(scene.segments)):
        left_out = {agents.agent, owners.owner}.difference(attribution._matchers(scene, number))
        assert not [one for matcher in left_out for one in matcher(scene, number, [])]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["near-sentence", "same-sentence", "object", "floating"]),
            st.sampled_from([0.1, 0.5, 0.5 + 1e-12, 0.5 + 4e-10, 0.5 + 1e-9, 0.9]),
        ),
        min_size=1,
    )
)
def test_the_best_is_the_first_of_all_in_order(rules: list[tuple[str, float]]) -> None:
    scored = tuple((Candidate(i, rule, QUILL), p) for i, (rule, p) in enumerate(rules))
    assert ranker._best(scored) == ranker.best_first(scored)[0]


@given(
    st.sampled_from(["strong", "weak", "none"]),
    st.sampled_from(["subject", "phrase"]),
    st.builds(
        Relation,
        *[st.booleans(), *[st.integers(0, 2)] * 5, st.booleans(), st.just(0), *[st.booleans()] * 2],
        st.sampled_from(["", ":", ","]),
    ),
)
def test_the_rule_is_the_first_whose_test_is_passed(strength: str, link: str, relation: Relation) -> None:
    cue = Cue(0, 0, 0, 0, "say", strength, "speech", QUILL, link, 0, 0)  # type: ignore[arg-type]
    first = next(rule for rule, test in cue_rules.TESTS if test(cue, relation))
    assert cue_rules._rule(cue, relation) == first


def test_no_phrase_is_overlooked() -> None:
    lexicon = data.cues()
    for phrase in [phrase for group in lexicon.phrases.values() for phrase in group]:
        words = ["they", *phrase.words, "it"]
        tokens = tokens_of(doc := Doc(ENGLISH.vocab, words=words, tags=["NN"] * len(words)), doc.text)
        window = Window(tokens, [], [], [-1] * len(words), {}, 0)
        found = cues._phrases(window, cues._telling(window, lexicon.verbs))
        assert found[1] == lexicon.phrase_at(words, 1)
