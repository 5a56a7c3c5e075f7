"""Who else may have said it: the people of an article, nearest first."""

from __future__ import annotations

import pytest
from builders import quotation, record, span
from review_by_hand import CLOSED, DAM, FLOOD, FLOOD_RECORD, PIER_RECORD, PITY, RAIN

from quotes.review.people import MOST, Candidate, People, known_names


def shown(candidates: list[Candidate]) -> list[tuple[str, str, str | None]]:
    return [(one.called, one.mention.text, one.cue.text if one.cue else None) for one in candidates]


def test_the_nearest_mention_of_each_with_the_verb_beside_it() -> None:
    people = People(FLOOD_RECORD)
    assert shown(people.candidates(RAIN)) == [("Ada Quill", "Ada Quill", None)]
    assert shown(people.candidates(CLOSED)) == [("Cy Orr", "Orr", "told"), ("Ada Quill", "Ada Quill", None)]
    assert people.names == {"Cy Orr": "person", "Ada Quill": "person"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("“No,” Ada Quill said. Nora Tarn left.", ["Nora Tarn"]),
        ("Mr. Tarn left. “No,” Ada Quill said.", ["Tarn"]),
        ("Dr. Ines Vale’s boat sank. “No,” Ada Quill said.", ["Ines Vale"]),
        ("On Monday Paul van Orr left. “No,” Ada Quill said.", ["Paul van Orr"]),
        ("The Old Pier of Port Ellery sank. “No,” Ada Quill said.", []),
        ("“Ask Bo Tarn,” Ada Quill said.", []),
        ("Quill left with Ada. “No,” Ada Quill said.", []),
    ],
)
def test_a_light_pass_finds_names_outside_of_quotations(text: str, wanted: list[str]) -> None:
    said = "“Ask Bo Tarn,”" if "Ask" in text else "“No,”"
    one = quotation(text, said, speaker="Ada Quill", speaker_name="Ada Quill", cue="said")
    assert [candidate.called for candidate in People(record("a", text, one)).candidates(one)] == wanted


def test_the_speakers_of_the_article_without_a_name_are_candidates_and_pronouns_are_not() -> None:
    text = "“No,” an aide said. “Yes,” she said. “Never,” residents said. “Ah,” Ada Quill said."
    said = [
        quotation(text, "“No,”", speaker="an aide", speaker_kind="anonymous", cue="said"),
        quotation(text, "“Yes,”", speaker="she", cue="said", speaker_kind="unknown"),
        quotation(text, "“Never,”", speaker="residents", speaker_kind="group", cue="said"),
        quotation(text, "“Ah,”", speaker="Ada Quill", speaker_name="Ada Quill"),
    ]
    found = People(record("a", text, *said)).candidates(said[3])
    assert shown(found) == [("residents", "residents", "said"), ("an aide", "an aide", "said")]
    assert [one.kind for one in found] == ["group", "anonymous"]


@pytest.mark.parametrize(
    ("text", "mention", "cue"),
    [
        ("“No,” said Mayor Quill yesterday.", "Quill", "said"),
        ("“No,” Quill also said.", "Quill", "said"),
        ("“No.” Quill left. Orr said so.", "Quill", None),
        ("Special counsel Quill left.", "Quill", None),
        ("“No”\nQuill, who was there, nodded.\nSaid who?", "Quill", None),
    ],
)
def test_the_cue_of_a_mention(text: str, mention: str, cue: str | None) -> None:
    one = quotation(text, (0, 4))
    found = People(record("a", text, one)).cue_of(span(text, mention), one)  # type: ignore[arg-type]
    assert (found.text if found else None) == cue


def test_whom_a_mention_means() -> None:
    people = People(FLOOD_RECORD)
    assert people.name_of(span(FLOOD, ("held,” ", "Orr"))) == ("Cy Orr", "person")  # type: ignore[arg-type]
    assert people.name_of(span(FLOOD, "Quill")) == ("Ada Quill", "person")  # type: ignore[arg-type]
    assert people.name_of(span(FLOOD, "Harbour")) is None  # type: ignore[arg-type]


def test_no_more_candidates_than_keys() -> None:
    names = [f"Ada Q{chr(97 + n)}ill" for n in range(20)]
    text = "“No,” Bo Tarn said. " + " ".join(f"{name} left." for name in names)
    one = quotation(text, "“No,”", speaker="Bo Tarn", speaker_name="Bo Tarn")
    assert [c.called for c in People(record("a", text, one)).candidates(one)] == names[:MOST]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", ["Cy Orr", "Ada Quill", "Ines Vale"]),
        ("q", ["Ada Quill"]),
        ("ORR c", ["Cy Orr"]),
        ("al", []),
        ("ín", []),
    ],
)
def test_names_as_one_types(typed: str, wanted: list[str]) -> None:
    assert known_names(["Cy Orr", "Ada Quill"], ["Ada Quill", "Ines Vale"], typed) == wanted


def test_people_of_another_article_are_no_candidates() -> None:
    assert [one.called for one in People(PIER_RECORD).candidates(PITY)] == ["Bo Tarn"]
    assert DAM.speaker_name not in People(PIER_RECORD).names
