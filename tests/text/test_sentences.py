"""Sentences without a parser, and the sentences that are parsed for indirect speech."""

from __future__ import annotations

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.extractor import mark
from quotes.parsing import masking
from quotes.text.sentences import sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It rained. It stopped.", ["It rained. ", "It stopped."]),
        ("Why? “No.” He left!", ["Why? ", "“No.” ", "He left!"]),
        ("Mr. Quill and Sen. Renn met J. Vale.", ["Mr. Quill and Sen. Renn met J. Vale."]),
        ("Renn (I-Port E.) said so.", ["Renn (I-Port E.) said so."]),
        ("a line\nthat is wrapped. Next", ["a line\nthat is wrapped. ", "Next"]),
        ("at 3.15 p.m. it rained", ["at 3.15 p.m. it rained"]),
        ("", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text, 0, len(text), longest=100)] == found


def test_a_long_sentence_is_cut_at_a_space_and_a_long_word_anywhere() -> None:
    text = "aa bb cc dd " + "x" * 25
    found = [text[start:end] for start, end in sentences(text, 0, len(text), longest=10)]
    assert found == ["aa bb cc ", "dd ", "x" * 10, "x" * 10, "x" * 5]


TEXTS = st.lists(
    st.sampled_from(
        ["Quill said so", ". ", "“", "”", "\n\n", "\n", " ", "Mr. ", "word " * 400, "x" * 700, "😀"]
    ),
    max_size=12,
).map("".join)


@given(TEXTS)
@settings(deadline=None, max_examples=examples(200))
def test_every_word_is_parsed_once_with_indirect_speech(text: str) -> None:
    segments = mark(text)
    stretches = [*masking.stretches(segments), *masking.elsewhere(segments, lambda _: True)]
    seen = [
        place
        for stretch in stretches
        for piece in stretch.pieces
        if piece.size
        for place in range(piece.start, piece.start + piece.size)
    ]
    assert len(seen) == len(set(seen))
    quoted = {place for one in segments for place in range(one.start, one.end)}
    assert {place for place, letter in enumerate(text) if letter.isalnum()} <= {*seen, *quoted}
    assert all(len(stretch.text) <= masking.LONG_PARAGRAPH + 1 for stretch in stretches)


def test_what_is_not_wanted_is_not_parsed_and_neighbours_stay_together() -> None:
    segments = mark("The boat left. Quill said so. Renn said so. It rained. Vale said so.")
    found = [stretch.text for stretch in masking.elsewhere(segments, lambda text: "said" in text)]
    assert found == ["Quill said so. Renn said so. ", "Vale said so."]
