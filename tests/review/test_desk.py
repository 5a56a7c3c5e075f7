"""The steps of a reviewer: what each gesture saves, and what the page shows next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import quotation, record, span
from review_by_hand import CLOSED, CLOSING, DAM, FLOOD, ORDER, PITY, RAIN, Reviewer

from quotes.records import Quotation
from quotes.review.journal import Journal

Reviewers = Callable[..., Reviewer]


@pytest.fixture
def bo(tmp_path: Path) -> Reviewer:
    return Reviewer(tmp_path)


def shown(bo: Reviewer) -> Quotation:
    assert bo.screen.predicted is not None
    return bo.screen.predicted


def test_the_least_sure_quotation_comes_first_and_right_is_one_key(bo: Reviewer) -> None:
    for predicted in ORDER:
        assert shown(bo) == predicted
        bo.step("right")
        saved = bo.saved()
        assert (saved.rule, saved.confidence, saved.name_confidence) == ("review:bo", 1.0, None)
        assert (saved.parts, saved.speaker, saved.cue) == (predicted.parts, predicted.speaker, predicted.cue)
    assert bo.screen.draft is None
    assert bo.screen.progress.decided == 5
    assert {entry.verdict for entry in bo.journal.entries.values()} == {"accepted"}


def test_what_is_left_is_counted_by_confidence(bo: Reviewer) -> None:
    assert bo.screen.progress.left == (("0–50 %", 1), ("50–70 %", 2), ("70–90 %", 1), ("90–100 %", 1))
    bo.step("right")
    bo.step("unsure")
    assert bo.screen.progress.left == (("0–50 %", 0), ("50–70 %", 1), ("70–90 %", 1), ("90–100 %", 1))
    assert (bo.screen.progress.decided, bo.screen.progress.unsure) == (1, 1)
    bo.step("undo")
    assert (bo.screen.progress.decided, bo.screen.progress.unsure) == (1, 0)
    assert shown(bo) == CLOSED


def test_a_candidate_is_one_key_for_mention_name_kind_and_cue(bo: Reviewer) -> None:
    bo.step("right")
    [orr, quill] = bo.screen.candidates
    assert (orr.called, quill.called) == ("Cy Orr", "Ada Quill")
    bo.step("person", number=1)
    saved = bo.saved()
    assert (saved.speaker_name, saved.speaker_kind) == ("Cy Orr", "person")
    assert (saved.speaker, saved.cue) == (span(FLOOD, ("held,” ", "Orr")), span(FLOOD, "told"))
    assert saved.kind == "direct"
    assert bo.screen.said == "Saved: Cy Orr (Orr, told), person."


def test_the_name_alone_keeps_the_mention(bo: Reviewer) -> None:
    bo.step("person-name", number=1)
    saved = bo.saved()
    assert (saved.speaker, saved.speaker_name, saved.cue) == (RAIN.speaker, "Ada Quill", RAIN.cue)


def test_mention_and_cue_by_mouse_then_the_name_are_saved_together(bo: Reviewer) -> None:
    bo.step("cue", "shrugged")
    bo.step("mention", ("said. ", "Orr"))
    assert bo.journal.entries == {}
    assert bo.screen.changed
    assert (bo.screen.draft and bo.screen.draft.speaker_name) == "Cy Orr"  # whom it means elsewhere
    bo.step("person", number=1)
    saved = bo.saved()
    assert (saved.speaker, saved.cue) == (span(FLOOD, ("said. ", "Orr")), span(FLOOD, "shrugged"))
    assert saved.speaker_name == "Ada Quill"


def test_a_selected_mention_brings_its_name_and_its_cue(bo: Reviewer) -> None:
    bo.step("mention", ("held,” ", "Orr"))
    bo.step("right")
    saved = bo.saved()
    assert (saved.speaker, saved.speaker_name) == (span(FLOOD, ("held,” ", "Orr")), "Cy Orr")
    assert saved.cue == span(FLOOD, "told")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("Ad", "Ada"), (" Ada Quill ", "Ada Quill"), (("Mayor A", "da Qui"), "Ada Quill"), ("\n\n“It", "“It")],
)
def test_a_selection_becomes_whole_words(bo: Reviewer, words: str | tuple[str, str], wanted: str) -> None:
    bo.step("mention", words)
    assert bo.screen.draft is not None
    assert bo.screen.draft.speaker is not None
    assert bo.screen.draft.speaker.text == wanted


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"start": 3, "end": 3, "words": ""},
        {"start": 0, "end": 5, "words": "other"},
        {"start": 0, "end": 10_000, "words": FLOOD},
        {"start": 0, "end": len(FLOOD), "words": FLOOD},
        {"start": 26, "end": 27, "words": " "},
    ],
)
def test_a_selection_that_is_none_is_said(bo: Reviewer, fields: dict[str, object]) -> None:
    bo.step("mention", **fields)
    assert bo.screen.problem
    assert not bo.screen.changed
    assert shown(bo) == RAIN


def test_a_typed_name_has_the_kind_it_has_elsewhere(bo: Reviewer) -> None:
    bo.step("name", name="  Ines   Vale ")
    assert (bo.saved().speaker_name, bo.saved().speaker_kind) == ("Ines Vale", "person")
    assert bo.saved().speaker == RAIN.speaker
    bo.step("name", name="Nora Tide")
    assert bo.desk.names(0, "ti") == [("Nora Tide", "person")]
    bo.step("name", name="")
    assert (bo.saved().speaker_name, bo.saved().speaker_kind) == (None, "unknown")


def test_nobody_named_is_a_quotation_without_a_speaker(bo: Reviewer) -> None:
    bo.step("nobody")
    assert (bo.saved().kind, bo.saved().speaker, bo.saved().cue) == ("direct", None, RAIN.cue)


def test_kinds_go_round(bo: Reviewer) -> None:
    found = []
    for _ in range(5):
        bo.step("speaker-kind")
        assert bo.screen.draft is not None
        found.append(bo.screen.draft.speaker_kind)
    assert found == ["organization", "group", "anonymous", "unknown", "person"]
    bo.step("kind")
    assert (bo.screen.draft and bo.screen.draft.kind) == "mixed"
    bo.step("cancel")
    assert not bo.screen.changed
    assert bo.journal.entries == {}


def test_the_ends_of_indirect_speech(bo: Reviewer) -> None:
    bo.step("forward")
    bo.step("forward")
    assert shown(bo) == CLOSING
    bo.step("end", number=1)
    bo.step("end", number=1)
    bo.step("start", number=-1)
    bo.step("right")
    assert bo.saved().text == "that the old pier would close on Friday."
    assert list(bo.journal.entries) == [("pier", CLOSING.quote_id)]
    assert shown(bo) == DAM
    bo.step("end", number=1)
    assert "can’t be moved" in bo.screen.problem
    bo.step("back")
    bo.step("kind")
    assert "its kind stays" in bo.screen.problem


def test_going_back_shows_the_answer_and_a_new_one_replaces_it(bo: Reviewer) -> None:
    bo.step("reject")
    bo.step("back")
    assert (shown(bo), bo.screen.verdict) == (RAIN, "rejected")
    assert (bo.screen.draft and bo.screen.draft.kind) == "unattributed"
    bo.step("right")  # what is shown
    assert bo.journal.entries["flood", RAIN.quote_id].verdict == "rejected"
    bo.step("back")
    first = bo.screen.candidates[0]
    assert (first.called, first.mention.text) == ("Cy Orr", "she")
    bo.step("person", number=2)
    saved = bo.saved()
    assert (saved.kind, saved.speaker_name) == ("direct", "Ada Quill")
    assert saved.speaker == span(FLOOD, "Ada Quill")
    bo.step("back")
    bo.step("person", number=1)
    assert bo.saved().speaker_name == "Cy Orr"
    assert bo.saved().speaker != span(FLOOD, "Ada Quill")
    assert [entry.verdict for entry in bo.journal.entries.values()] == ["accepted"]  # as predicted


def test_looking_around_decides_nothing(bo: Reviewer) -> None:
    for action in ("back", "forward", "forward", "next", "wide", "wide"):
        bo.step(action)
        assert not bo.screen.problem
    assert shown(bo) == DAM
    assert bo.journal.entries == {}


def test_undo_goes_back_to_the_quotation(bo: Reviewer) -> None:
    bo.step("right")
    bo.step("reject")
    bo.step("undo")
    assert (shown(bo), bo.screen.verdict) == (CLOSED, None)
    bo.step("undo")
    assert shown(bo) == RAIN
    bo.step("undo")
    assert bo.screen.problem == "There is nothing to undo."


def test_a_missing_quotation_is_added_and_the_page_returns(bo: Reviewer) -> None:
    bo.step("add", "Orr shrugged")
    assert bo.screen.adding
    assert (bo.screen.draft and (bo.screen.draft.kind, bo.screen.draft.speaker)) == ("indirect", None)
    bo.step("person", number=1)
    saved = bo.saved()
    assert (saved.text, saved.speaker_name) == ("Orr shrugged", "Cy Orr")
    assert saved.speaker is not None
    assert bo.journal.entries["flood", saved.quote_id].verdict == "added"
    assert (shown(bo), bo.screen.adding) == (RAIN, False)
    assert bo.screen.progress.decided == 0
    bo.step("undo")
    assert bo.journal.entries == {}


def test_adding_can_be_dropped_and_adds_nothing_twice(bo: Reviewer) -> None:
    for action in ("cancel", "reject", "unsure"):
        bo.step("add", "shrugged")
        bo.step(action)
        assert (bo.screen.adding, bo.journal.entries) == (False, {})
    bo.step("add", "“The dam held,”")
    assert "already" in bo.screen.problem


def test_a_page_that_does_not_fit_saves_nothing(bo: Reviewer) -> None:
    bo.step("right", quote_id=DAM.quote_id)
    assert "Look at the quotation again" in bo.screen.problem
    assert bo.screen.draft == RAIN
    bo.step("right", place=99)
    bo.screen = bo.desk.first()
    bo.step("right", draft=PITY)
    assert "didn’t fit" in bo.screen.problem
    bo.step("person", number=7)
    assert "no candidate 7" in bo.screen.problem
    assert bo.journal.entries == {}


def test_what_cannot_be_saved_is_said_and_the_draft_stays(
    bo: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo.step("kind")
    monkeypatch.setattr("os.fsync", _full)
    bo.step("right")
    assert "can't be written (No space left" in bo.screen.problem
    assert bo.screen.changed
    monkeypatch.undo()
    assert bo.path.read_bytes().count(b"\n") == 1
    bo.step("right")
    assert bo.saved().kind == "mixed"


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_it_goes_on_after_a_restart(bo: Reviewer, tmp_path: Path) -> None:
    bo.step("right")
    bo.step("unsure")
    again = Reviewer(tmp_path)
    assert shown(again) == CLOSING
    assert (again.screen.progress.decided, again.screen.progress.unsure) == (1, 1)
    again.step("undo")
    assert shown(again) == CLOSED
    assert [entry.verdict for entry in Journal(bo.path).entries.values()] == ["accepted"]


def test_answers_on_another_text_count_for_nothing(tmp_path: Path) -> None:
    """Records of other programs may have ids that don't depend on the text."""
    one = RAIN.model_copy(update={"quote_id": "q1"})
    Reviewer(tmp_path, "bo", record("flood", FLOOD, one)).step("reject")
    text = FLOOD + "More.\n"
    bo = Reviewer(tmp_path, "bo", record("flood", text, one))
    assert (bo.screen.verdict, bo.screen.progress.decided) == (None, 0)
    bo.step("right")
    assert bo.screen.progress.decided == 1
    bo.step("undo")
    assert (bo.screen.verdict, bo.screen.progress.decided) == (None, 0)


def test_the_same_words_twice_are_decided_once(tmp_path: Path) -> None:
    again = RAIN.model_copy(update={"confidence": 0.9})
    bo = Reviewer(tmp_path, "bo", record("flood", FLOOD, RAIN, again))
    assert bo.screen.progress.total == 1


def test_letters_that_the_page_cannot_show_are_no_trouble(tmp_path: Path) -> None:
    text = "“It\u202e rained\x07,” \rAda Quill said.\n"
    one = quotation(text, "“It\u202e rained\x07,”", speaker="Ada Quill", speaker_name="Ada \u202eQuill")
    bo = Reviewer(tmp_path, "bo", record("odd\x1b", text, one))
    assert bo.screen.draft_json.isascii()
    bo.step("cue", "said")
    bo.step("right")
    assert bo.saved().cue == span(text, "said")
    assert bo.saved().speaker_name == one.speaker_name


def test_nothing_to_review(tmp_path: Path) -> None:
    bo = Reviewer(tmp_path, "bo", record("empty", "Nothing."))
    assert (bo.screen.draft, bo.screen.progress.total) == (None, 0)
    bo.step("back")
    assert bo.screen.draft is None
    assert bo.desk.names(0, "a") == []
