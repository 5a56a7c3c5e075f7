"""What a decision makes of a quotation."""

from __future__ import annotations

import pytest
from builders import place, quotation, span
from hypothesis import given
from hypothesis import strategies as st
from review_by_hand import CLOSED, CLOSING, FLOOD, FLOOD_RECORD, PIER, PIER_RECORD, RAIN

from quotes.records import Quotation, Speaker, misplaced
from quotes.review.decisions import accepted, moved, named, rejected, said_by, same_answer

TWO = "Ada Quill and Cy Orr, both tired, said that “it rained”.\n"
BOTH = quotation(
    TWO,
    "“it rained”",
    content=["that “it rained”"],
    kind="mixed",
    speaker="Ada Quill",
    source="Ada Quill and Cy Orr, both tired",
    speaker_name="Ada Quill",
    speaker_role="mayor",
    speaker_id="Q42",
    speakers=(
        Speaker(start=0, end=9, text="Ada Quill", name="Ada Quill", kind="person"),
        Speaker(start=14, end=20, text="Cy Orr", name="Cy Orr", kind="person"),
    ),
    cue="said",
    attribution_type="assertion",
    negated=True,
    name_confidence=0.4,
)


def valid(answer: Quotation, text: str) -> Quotation:
    """The same, checked as when it is read back."""
    again = Quotation.model_validate_json(answer.model_dump_json())
    assert again == answer
    record = FLOOD_RECORD.model_copy(update={"quotations": (again,), "text": text})
    assert misplaced(record) is None
    return again


def test_what_is_accepted_keeps_all_but_how_sure_the_program_was() -> None:
    answer = valid(accepted(BOTH, "review:bo"), TWO)
    assert (answer.rule, answer.confidence, answer.name_confidence) == ("review:bo", 1.0, None)
    kept = {"rule": BOTH.rule, "confidence": BOTH.confidence, "name_confidence": 0.4}
    assert answer.model_copy(update=kept) == BOTH
    assert same_answer(answer, BOTH)


def test_what_is_rejected_has_nobody_who_says_it() -> None:
    answer = valid(rejected(BOTH, "review:bo"), TWO)
    said = answer.model_dump(exclude_defaults=True)
    assert answer.kind == "unattributed"
    assert said.keys() == {
        "quote_id", "kind", "channel", "parts", "text", "speaker", "speaker_name", "speaker_kind", "cue",
        "rule", "confidence",
    }  # fmt: skip
    assert answer.everyone == ()


def test_another_speaker_loses_what_belonged_to_the_old_one() -> None:
    orr = span(TWO, "Cy Orr")
    answer = valid(said_by(BOTH, orr, "Cy Orr", "person", None), TWO)
    assert (answer.speaker, answer.cue, answer.speakers) == (orr, None, None)
    assert (answer.speaker_role, answer.speaker_id) == (None, None)
    assert answer.source is None


def test_a_mention_that_only_moves_keeps_its_source_role_and_id() -> None:
    answer = said_by(BOTH, span(TWO, "Quill"), "Ada Quill", "person", BOTH.cue)
    assert (answer.source, answer.speaker_role, answer.speaker_id) == (BOTH.source, "mayor", "Q42")


def test_a_speaker_makes_a_quotation_of_what_was_none() -> None:
    none = rejected(CLOSED, "review:bo")
    assert said_by(none, CLOSED.speaker, "Cy Orr", "person", None).kind == "direct"
    assert named(none, "Cy Orr", "person").kind == "direct"


def test_another_name_keeps_the_other_speakers() -> None:
    answer = valid(named(BOTH, "Ada Quillfeather", "person"), TWO)
    assert [one.name for one in answer.everyone] == ["Ada Quillfeather", "Cy Orr"]
    assert answer.speaker_id is None
    assert named(BOTH, "Ada Quill", "group").speaker_id == "Q42"


@pytest.mark.parametrize(
    ("edge", "words", "wanted"),
    [
        ("start", -1, "that the old pier would close"),
        ("start", 1, "old pier would close"),
        ("end", 1, "the old pier would close on"),
        ("end", -1, "the old pier would"),
    ],
)
def test_the_ends_of_indirect_speech_move_by_words(edge: str, words: int, wanted: str) -> None:
    answer = valid(moved(CLOSING, PIER, PIER_RECORD.text_sha256, edge, words), PIER)  # type: ignore[arg-type]
    assert answer.text == wanted
    assert answer.parts == (place(PIER, wanted),)
    assert answer.quote_id != CLOSING.quote_id
    assert answer.speaker == CLOSING.speaker


def test_content_stays_around_the_quoted_words() -> None:
    sha = FLOOD_RECORD.text_sha256
    later = moved(BOTH, TWO, sha, "start", 1)
    assert later.reported == BOTH.parts
    assert later.quote_id == BOTH.quote_id
    assert moved(later, TWO, sha, "start", 1) == later
    assert moved(BOTH, TWO, sha, "end", -1) == BOTH
    earlier = moved(BOTH, TWO, sha, "start", -1)
    assert TWO[slice(*earlier.reported[0])] == "said that “it rained”"


def test_marks_hold_the_ends_of_direct_speech() -> None:
    assert moved(RAIN, FLOOD, FLOOD_RECORD.text_sha256, "end", 1) == RAIN


@given(
    st.text(alphabet="ab \n\t🌊", min_size=1, max_size=30),
    st.data(),
    st.lists(st.tuples(st.sampled_from(["start", "end"]), st.sampled_from([-1, 1])), max_size=8),
)
def test_moved_ends_are_always_ranges_of_the_text(
    text: str, data: st.DataObject, moves: list[tuple[str, int]]
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = quotation(text, (start, end), kind="indirect")
    for edge, words in moves:
        one = moved(one, text, "0" * 64, edge, words)  # type: ignore[arg-type]
        valid(one, text)
