"""What each part fits, and when a part is kept, without a model."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

import pytest
from builders import quotation, record
from tuning_by_hand import WORDS, surname_alone, unknown_cue

from quotes.records import DocumentRecord
from quotes.scoring.items import judged_of
from quotes.scoring.judging import Judgement
from quotes.scoring.scores import score
from quotes.tuned import Confidence
from quotes.tuning.confidence import chance, fit_confidence, log_losses
from quotes.tuning.cues import fit_cues
from quotes.tuning.people import fit_people


def without_words(one: DocumentRecord) -> DocumentRecord:
    """The record of an extractor that missed WORDS."""
    return one.model_copy(update={"quotations": tuple(q for q in one.quotations if q.text != WORDS)})


def judged(gold: Sequence[DocumentRecord], predicted: Sequence[DocumentRecord]) -> Sequence[Judgement]:
    sides = ([judged_of(one, "test") for one in side] for side in (predicted, gold))
    return score(*sides).judgements


def cue_rows(gold: Sequence[DocumentRecord], predicted: Sequence[DocumentRecord]) -> list[dict[str, str]]:
    content = fit_cues(judged(gold, predicted))
    return [] if content is None else tomllib.loads(content.decode())["cue"]


# Cues


def test_an_unknown_cue_that_was_missed_in_two_articles_is_learned() -> None:
    gold = [unknown_cue(1), unknown_cue(2)]
    [row] = cue_rows(gold, [without_words(one) for one in gold])
    assert (row["text"], row["form"], row["strength"]) == ("yodelled", "past", "strong")
    assert row["reason"] == "a cue in 2 of 2 reviewed cases, 2 of them missed"


@pytest.mark.parametrize(
    ("gold", "missed"),
    [
        pytest.param([unknown_cue(1)], True, id="in one article"),
        pytest.param([unknown_cue(1), unknown_cue(2)], False, id="found without it"),
        pytest.param([unknown_cue(1, said=False), unknown_cue(2, said=False)], True, id="no quotation"),
    ],
)
def test_no_cue_is_learned(gold: list[DocumentRecord], missed: bool) -> None:
    assert cue_rows(gold, [without_words(one) if missed else one for one in gold]) == []


@pytest.mark.parametrize("cue", ["said", "thinks", "statement", "according to", "up", "e-yodelled", "“"])
def test_known_words_and_other_signs_are_no_new_cues(cue: str) -> None:
    text = f"{WORDS} {cue} Quill."
    gold = [
        record(name, text, quotation(text, WORDS, speaker="Quill", cue=(f"{WORDS} ", cue)))
        for name in ("one", "two")
    ]
    assert cue_rows(gold, [without_words(one) for one in gold]) == []


def test_a_cue_that_is_as_often_wrong_is_weak() -> None:
    gold = [unknown_cue(1), unknown_cue(2), unknown_cue(3, said=False)]
    predicted = [without_words(unknown_cue(1)), unknown_cue(2), unknown_cue(3)]
    [row] = cue_rows(gold, predicted)
    assert row["strength"] == "weak"
    predicted = [without_words(unknown_cue(1)), *(unknown_cue(number) for number in range(2, 6))]
    assert cue_rows([*gold, unknown_cue(4, said=False), unknown_cue(5, said=False)], predicted) == []


# People


def speakers(*gold: DocumentRecord) -> dict[str, dict[str, object]]:
    content = fit_people(gold, None)
    return {} if content is None else {row["name"]: row for row in tomllib.loads(content.decode())["speaker"]}


def test_a_surname_is_an_alias_where_reviewers_say_whose_it_is() -> None:
    assert speakers(surname_alone(1))["Ada Quill"]["aliases"] == ["Quill"]


def test_a_surname_is_no_alias_where_the_article_has_the_whole_name() -> None:
    text = f"Ada Quill came late.\n\n{WORDS} Quill said.\n"
    said = quotation(text, WORDS, speaker=(f"{WORDS} ", "Quill"), cue="said", speaker_name="Ada Quill")
    assert "aliases" not in speakers(record("late", text, said))["Ada Quill"]


def test_a_surname_of_two_people_is_nobodys_alias() -> None:
    found = speakers(surname_alone(1), surname_alone(2, "Bo Quill"))
    assert set(found) == {"Ada Quill", "Bo Quill"}
    assert not any("aliases" in row for row in found.values())


@pytest.mark.parametrize(
    ("mention", "roles"),
    [("the mayor of Lowmarsh", ["mayor of Lowmarsh"]), ("the mayor", []), ("an aide", [])],
)
def test_an_office_is_a_role_if_one_person_has_it(mention: str, roles: list[str]) -> None:
    text = f"{WORDS} {mention} said.\n"
    said = quotation(text, WORDS, speaker=mention, cue="said", speaker_name="Ada Quill")
    assert speakers(record("mayor", text, said))["Ada Quill"].get("roles", []) == roles


def test_nobody_is_learned_of_unnamed_sources() -> None:
    text = f"{WORDS} an aide said.\n"
    said = quotation(text, WORDS, speaker="an aide", cue="said", speaker_kind="anonymous")
    assert fit_people([record("aide", text, said)], None) is None


# Confidences


def test_a_confidence_that_is_too_high_is_lowered_and_the_order_stays() -> None:
    documents = [[(0.9, number % 2 == 0)] * 2 + [(0.6, number % 4 == 0)] for number in range(2000)]
    correction = fit_confidence(documents)
    assert correction is not None
    values = [correction.value(number / 20) for number in range(21)]
    assert values == sorted(values)
    assert abs(correction.value(0.9) - 0.5) < 0.05
    corrected = [[(correction.value(one), so) for one, so in document] for document in documents]
    assert sum(log_losses(corrected)) < sum(log_losses(documents))


def test_few_corrections_hardly_move_it() -> None:
    correction = fit_confidence([[(0.9, False)]])
    assert correction is not None
    assert 0.88 < correction.value(0.9) < 0.9


def test_there_is_nothing_to_correct_without_predictions() -> None:
    assert fit_confidence([[], []]) is None


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_the_ends_of_the_scale_have_a_value(confidence: float) -> None:
    assert 0 <= Confidence(shift=-0.5, slope=1.2).value(confidence) <= 1


def test_unattributed_and_indirect_confidences_stay() -> None:
    text = "Quill said the dam held. The “dam” held. “No,” Quill said."
    quotations = (
        quotation(text, "the dam held", kind="indirect", confidence=0.6),
        quotation(text, "“dam”", kind="unattributed", confidence=0.0),
        quotation(text, "“No,”", confidence=0.6),
    )
    found = Confidence(shift=-1, slope=1).of(record("dam", text, *quotations)).quotations
    assert [one.confidence for one in found] == [0.6, 0.0, 0.356]


@pytest.mark.parametrize(
    ("old", "new", "low", "high"),
    [
        pytest.param([1.0] * 10, [1.0] * 10, 1, 1, id="the same"),
        pytest.param([1.0], [0.0], 1, 1, id="one document"),
        pytest.param([1.0] * 10, [0.5] * 10, 0.0, 0.01, id="each is better"),
        pytest.param([1.0, 0.5] * 5, [0.5, 1.0] * 5, 0.9, 1, id="as many better as worse"),
    ],
)
def test_the_chance_of_a_difference(old: list[float], new: list[float], low: float, high: float) -> None:
    assert low <= chance(old, new) <= high
