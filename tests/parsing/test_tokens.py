"""The table of a parse says what spaCy's own tokens say."""

from __future__ import annotations

from pathlib import Path

import paths
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.tokens import Token as TheirToken

from quotes import parsing
from quotes.parsing.tokens import Token, tokens_of

SEEDS = paths.ROOT / "seeds"
VOCAB = English().vocab


def check(doc: Doc) -> None:
    tokens = tokens_of(doc, doc.text)
    assert len(tokens) == len(doc)
    for ours, theirs in zip(tokens, doc, strict=True):
        assert facts(ours) == facts(theirs)
        assert ours.is_ancestor(ours.head) == theirs.is_ancestor(theirs.head)
        assert ours.head.is_ancestor(ours) == theirs.head.is_ancestor(theirs)


def facts(token: Token | TheirToken) -> tuple[object, ...]:
    family = [[one.i for one in some] for some in (token.lefts, token.rights, token.children)]
    extent = token.extent if isinstance(token, Token) else (token.left_edge.i, token.right_edge.i + 1)
    return (
        token.i, token.idx, len(token), token.text, token.lower_, token.tag_, token.dep_,
        bool(token.is_punct), family, extent, token.head.i,
    )  # fmt: skip


@pytest.mark.model
@pytest.mark.parametrize("story", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_it_says_what_spacy_says(story: Path) -> None:
    for paragraph in story.read_text(encoding="utf-8").split("\n"):
        check(parsing.load()(paragraph))


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1)), max_size=9)
)
def test_without_a_parse_each_token_stands_alone(words: list[tuple[str]]) -> None:
    check(Doc(VOCAB, words=[word for (word,) in words]))


def test_a_cleared_text_lets_its_tokens_go() -> None:
    tokens = tokens_of(
        doc := Doc(VOCAB, words=["It", "rained"], heads=[1, 1], deps=["nsubj", "ROOT"]), doc.text
    )
    rained = tokens[1]
    assert rained.lefts[0].head is rained
    tokens.clear()
    assert rained.doc == []
