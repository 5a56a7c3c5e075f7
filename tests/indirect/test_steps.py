"""The steps of indirect speech on parses made by hand."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from quotes.indirect import contents, cues, sources
from quotes.indirect.contents import Attribution
from quotes.indirect.grammar import Grammar, bucket, lemma
from quotes.indirect.sources import Source
from quotes.parsing import Window
from quotes.parsing.tokens import tokens_of

ENGLISH = spacy.blank("en")

# A parse is written a token a word: `form|TAG|relation|head`.
SAID = (
    "Ana|NNP|compound|1 Cruz|NNP|nsubj|6 ,|,|punct|1 the|DT|det|4 mayor|NN|appos|1 ,|,|punct|1"
    " said|VBD|ROOT|6 the|DT|det|8 pier|NN|nsubj|10 would|MD|aux|10 close|VB|ccomp|6 on|IN|prep|10"
    " Monday|NNP|pobj|11 .|.|punct|6"
)
AROUND = (
    "The|DT|det|1 pier|NN|nsubj|6 ,|,|punct|6 Quill|NNP|nsubj|4 said|VBD|parataxis|6 ,|,|punct|6"
    " leaks|VBZ|ROOT|6 .|.|punct|6"
)


def grammar(written: str) -> Grammar:
    rows = [token.split("|") for token in written.split()]
    doc = Doc(
        ENGLISH.vocab,
        words=[form for form, *_ in rows],
        tags=[tag for _, tag, _, _ in rows],
        deps=[relation for _, _, relation, _ in rows],
        heads=[int(head) for *_, head in rows],
    )
    starts, ends = [token.idx for token in doc], [token.idx + len(token) for token in doc]
    return Grammar.of(Window(tokens_of(doc, doc.text), starts, ends, [-1] * len(doc), {}, 0))


def words(of: Grammar, first: int, last: int) -> str:
    return " ".join(token.text for token in of.tokens[first:last])


def test_edges_of_subtrees() -> None:
    said = grammar(SAID)
    assert words(said, said.left[1], said.right[1]) == "Ana Cruz , the mayor ,"
    assert words(said, said.left[10], said.right[10]) == "the pier would close on Monday"
    assert (said.left[6], said.right[6]) == (0, 14)
    assert said.tokens[said.opens[7]].text == "close"
    assert said.tokens[said.closes[13]].text == "close"
    assert said.tokens[said.closes[8]].text == "the"
    assert said.closes[7] == -1  # the subtree of "said" goes on behind it


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        (10, 6, "ccomp|"),
        (6, 10, r"|ccomp"),
        (1, 10, r"nsubj|ccomp"),
        (12, 6, "pobj/prep/ccomp|"),
        (6, 6, "|"),
    ],
)
def test_paths(one: int, other: int, path: str) -> None:
    assert grammar(SAID).path(one, other) == path


def test_a_long_path_is_far_and_sentences_have_none() -> None:
    chain = "a|NN|ROOT|0 " + " ".join(f"a|NN|prep|{i}" for i in range(8))
    assert grammar(chain).path(8, 0) == "far"
    assert grammar("No|UH|ROOT|0 .|.|punct|0 Yes|UH|ROOT|2").path(0, 2) == "none"


@pytest.mark.parametrize(
    ("middle", "sentence"),
    [(":|:|punct|1", (0, 5)), (",|,|punct|1", (0, 5)), (".|.|punct|1", (0, 3)), ("!|.|punct|1", (0, 3))],
)
def test_a_colon_and_a_comma_join_what_the_parser_cut(middle: str, sentence: tuple[int, int]) -> None:
    assert grammar(f"Quill|NNP|nsubj|1 said|VBD|ROOT|1 {middle} It|PRP|nsubj|4 rained|VBD|ROOT|4").sentence(
        1
    ) == (sentence)


@pytest.mark.parametrize(
    ("forms", "one"),
    [
        ("say says said saying", "say"),
        ("deny denies denied denying", "deny"),
        ("believe believes believed believing", "believ"),
        ("plan plans planned planning", "plan"),
        ("think thinks thought thinking", "think"),
    ],
)
def test_forms_of_a_word_have_one_lemma(forms: str, one: str) -> None:
    assert {lemma(form) for form in forms.split()} == {one}


def test_words_that_only_look_alike_have_two() -> None:
    assert lemma("say") != lemma("sale")
    assert lemma("state") != lemma("star")


@given(st.integers(-1000, 1000))
def test_a_bucket_is_a_number_no_farther_from_zero(number: int) -> None:
    assert abs(int(bucket(number))) <= abs(number)
    assert int(bucket(number)) * number >= 0


@pytest.mark.parametrize(
    ("wanted", "cue"),
    [
        (set(), "said"),
        ({7}, "said the"),
        ({5, 4, 3}, "the mayor , said"),
        ({3}, "said"),  # not beside it
    ],
)
def test_a_cue_grows_by_what_is_beside_it(wanted: set[int], cue: str) -> None:
    said = grammar(SAID)
    assert words(said, *cues.extent(said, 6, lambda _, at: at in wanted)) == cue


def test_the_phrases_that_may_name_a_source() -> None:
    said = grammar(SAID)
    found = {words(said, one.first, one.last) for one in sources.candidates(said, 6)}
    assert {"Ana Cruz", "Ana Cruz , the mayor", "the mayor", "the pier", "Monday"} <= found
    assert not any("said" in phrase for phrase in found)
    assert not any(phrase.endswith(",") for phrase in found)


@pytest.mark.parametrize(
    ("hull", "content"),
    [((0, 7), "The pier leaks"), ((0, 2), "The pier"), ((6, 7), "leaks"), ((3, 5), "")],
)
def test_what_attributes_is_cut_out_of_a_content(hull: tuple[int, int], content: str) -> None:
    around = grammar(AROUND)
    attribution = Attribution(around, 4, (4, 5), Source(3, 4, 3))
    tokens = contents.without_attribution(attribution, *hull)
    assert " ".join(around.tokens[i].text for i in tokens) == content


def test_sides() -> None:
    said = grammar(SAID)
    attribution = Attribution(said, 6, (6, 7), Source(0, 5, 1))
    assert [attribution.side(i) for i in (0, 5, 6, 8)] == ["<=", "<>", "=>", ">>"]
    assert Attribution(said, 6, (6, 7), None).side(8) == ">0"


def test_a_content_has_no_edge_at_a_stop() -> None:
    said = grammar(SAID)
    attribution = Attribution(said, 6, (6, 7), None)
    assert 13 not in contents.start_places(attribution)
    assert 14 not in contents.end_places(attribution)
    assert 13 in contents.end_places(attribution)
