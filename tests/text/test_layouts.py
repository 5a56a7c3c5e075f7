"""Layouts: transcripts, block quotations and pull quotes, found in the text alone."""

from __future__ import annotations

import pytest
from builders import quotation
from hypothesis import given
from hypothesis import strategies as st

from quotes.extractor import mark
from quotes.records import Quotation
from quotes.text import marks
from quotes.text.flags import flag
from quotes.text.marks import BLOCK
from quotes.text.pull_quotes import Stretch, repeats
from quotes.text.transcripts import Turn

BRIEFING = """MR. QUILL: Good morning. I have two things.

We sold the ferry.

Q    Who bought it?

(Laughter.)

MR. QUILL (smiling): I can’t tell you that.

“VALE: You must.”

Q: Will you tell us on Monday?
"""


def turns(text: str) -> tuple[Turn, ...]:
    return mark(text).transcript.turns


def blocks(text: str) -> list[tuple[str, bool]]:
    return [(text[one.start : one.end], one.continues) for one in mark(text) if one.family == BLOCK]


def test_turns_have_their_label_and_their_paragraphs() -> None:
    found = [
        (one.key, one.label and BRIEFING[slice(*one.label)], [BRIEFING[a:b] for a, b in one.words])
        for one in turns(BRIEFING)
    ]
    assert found == [
        ("quill", "QUILL", ["Good morning. I have two things.", "We sold the ferry."]),
        ("q", "Q", ["Who bought it?"]),
        ("quill", "QUILL", ["I can’t tell you that."]),
        ("vale", "VALE", ["You must."]),
        ("q", "Q", ["Will you tell us on Monday?"]),
    ]


def test_turns_in_marks_are_told_apart() -> None:
    text = (
        "QUILL: “I did.” (laughs)\n\nVALE: “You?”\n\nQUILL: “Yes.” I left.\n\nVALE: “Oh.”\n\nAda Quill left."
    )
    assert [one.marked for one in turns(text)] == [True, True, False, True]
    assert mark(text).transcript.unmarked == ()


@pytest.mark.parametrize(
    "text",
    [
        "Q: Is it open?\n\nA: Yes.\n\nQ: Do you mind?\n\nA: No.",  # and nothing about an interview
        "FAQ. We spoke to experts.\n\nQ: Is it open?\n\nA: Yes.\n\nQ: Do you mind?\n\nA: No.",
        "Date: we know\n\nWhere: you see\n\nDate: I say\n\nWhere: my house",
        "Ada Quill: one\n\nSam Brody: two\n\nAda Quill: three\n\nSam Brody: four",  # nobody says I or you
        "Ada Quill: I am.\n\nSam Brody: You are.\n\nAda Quill: We are.",
        "",
        "Q:",
        "**?**\n\n**?**\n\n**?**\n\n**?**",
    ],
)
def test_what_is_no_transcript(text: str) -> None:
    assert turns(text) == ()


LABELS = st.sampled_from(
    ["Q: ", "A. ", "MR. QUILL: ", "“Vale: ", "**Who?**", "THE COURT: ", "Ada (laughs): ", "> ", ""]
)
LINES = st.lists(st.tuples(LABELS, st.text(st.sampled_from('I you. ?“”"():*>\n'), max_size=20)), max_size=12)


@given(LINES)
def test_ranges_are_in_order_and_within_the_text(lines: list[tuple[str, str]]) -> None:
    text = "An interview with Ada Quill.\n\n" + "\n\n".join(label + words for label, words in lines)
    segments = mark(text)
    last = 0
    for turn in segments.transcript.turns:
        for start, end in (*([turn.label] if turn.label else []), *turn.words):
            assert last <= start < end <= len(text)
            last = end
    last = 0
    for segment in segments:
        first, stop = segments.paragraphs[segment.paragraph]
        assert first <= segment.start < segment.end <= stop
        assert last <= segment.start
        last = segment.end
    assert all(
        segments[one].paragraph != segments[other].paragraph for one, other in segments.pull_quotes.items()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quill wrote:\n\n> One.\n\n> Two.\n\nThree.", [("One.", False), ("Two.", True)]),
        ("Quill wrote:\n\n> > One.", [("One.", False)]),
        ("Quill sent a letter.\n\n> One.\n\n— Ada Quill", [("One.", False)]),
        ("Quill came.\n\n> One.\n\n— Ada Quill", [("One.", False)]),
        ("Quill came.\n\n> One.\n\n> — Ada Quill", [("One.", False)]),
        ("Quill came.\n\n> One.", []),
        ("Quill wrote:\n\n> “One.”", []),
        ("> One.", []),
        (">", []),
        ("Quill wrote:\n\n    One, two, three, four. Five, six, seven, eight.\n\nNine.",
         [("One, two, three, four. Five, six, seven, eight.", False)]),
        ("Quill wrote:\n\n    One, two, three.", []),  # too short
        ("Quill wrote:\n\n    - One, two, three, four. Five, six, seven, eight.", []),
        ("Quill wrote:\n\n    x = 1; y = 2. One, two, three, four, five, six, seven, eight.", []),
    ],
)  # fmt: skip
def test_block_quotations(text: str, expected: list[tuple[str, bool]]) -> None:
    assert blocks(text) == expected


def test_arrows_are_no_part_of_a_paragraph() -> None:
    text = ">> One\n> \nTwo > one\n>Three"
    found = marks.without_arrows(text, marks.paragraphs(text))
    assert [text[start:end] for start, end in found] == ["One", "Two > one", "Three"]
    assert [marks.is_set_apart(text, start) for start, _ in found] == [True, False, True]


LONG = "We will rebuild the pier and we will do it by May"


def stretch(words: str, paragraph: int, *, alone: bool = False, set_apart: bool = False) -> Stretch:
    return Stretch(words.lower().split(), paragraph, alone, set_apart)


@pytest.mark.parametrize(
    ("pull", "running", "repeated"),
    [
        (LONG, LONG, True),
        (LONG, f"So {LONG} at last", True),
        (LONG, LONG.replace("pier", "old and noisy pier"), True),
        (LONG, LONG.replace("pier", "hall"), False),
        ("We will rebuild it", LONG, False),
        ("We will rebuild the pier", LONG, False),  # too short
        ("it by May we will rebuild the pier and", LONG, False),  # another order
        ("", LONG, False),
    ],
)
def test_a_pull_quote_repeats_the_running_text(pull: str, running: str, repeated: bool) -> None:
    for order in (1, -1):
        both = [stretch(pull, 0, alone=True), stretch(running, 1)][::order]
        assert repeats(both) == (
            {both.index(stretch(pull, 0, alone=True)): order % 3 % 2} if repeated else {}
        )
    assert repeats([stretch(pull, 0), stretch(running, 1)]) == {}
    assert repeats([stretch(pull, 0, alone=True), stretch(running, 1, alone=True)]) == {}


def test_a_pull_quote_that_is_set_apart_may_be_shorter() -> None:
    assert repeats(
        [stretch("we will rebuild the pier", 0, alone=True, set_apart=True), stretch(LONG, 1)]
    ) == {0: 1}


PULLED = f"“{LONG}.”\n\nThe mayor was tired.\n\n“{LONG},” Quill said. “Not later.”\n"


def said(*words: str) -> Quotation:
    return quotation(PULLED, *words, speaker="Quill", speaker_name="Quill")


def test_a_pull_quote_is_flagged_though_it_comes_first() -> None:
    pull, running = flag(
        PULLED, marks.paragraphs(PULLED), [said(f"“{LONG}.”"), said(f"“{LONG},”", "“Not later.”")]
    )
    assert (pull.duplicate_of, running.duplicate_of) == (running.quote_id, None)


def test_a_quotation_alone_is_the_original_of_nothing() -> None:
    text = f"“{LONG}.”\n\nThe mayor was tired.\n"
    [alone] = flag(text, marks.paragraphs(text), [quotation(text, f"“{LONG}.”")])
    assert alone.duplicate_of is None
