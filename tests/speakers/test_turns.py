"""The model of the order of speakers, and turns that are given to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes import Document, Extractor, data, parsing
from quotes.attribution import attribute
from quotes.extractor import mark
from quotes.speakers import resolve, take_turns
from quotes.speakers.alternation import SOMEBODY, Step, posteriors
from quotes.speakers.dialogue import Reader, Turn

TWO = {"Roe": 1.0, "Bell": 1.0, SOMEBODY: 0.1}
THREE = TWO | {"Kitty": 1.0}


def tag(name: str, **more: object) -> Step:
    return Step(THREE, {name: 60.0}, **more)  # type: ignore[arg-type]


def bare(**more: object) -> Step:
    return Step(THREE, bare=True, **more)  # type: ignore[arg-type]


def best(steps: list[Step]) -> list[str]:
    return [max(shares, key=shares.__getitem__) for shares in posteriors(steps)]


def test_turns_return_to_the_last_but_one() -> None:
    assert best([tag("Roe"), tag("Bell"), bare(), bare(), bare()]) == ["Roe", "Bell", "Roe", "Bell", "Roe"]


def test_a_tag_behind_tells_of_the_turns_before() -> None:
    assert best([bare(), bare(), tag("Roe"), tag("Bell")]) == ["Roe", "Bell", "Roe", "Bell"]


def test_it_grows_less_sure_with_the_distance_from_a_tag() -> None:
    steps = [tag("Roe"), tag("Bell"), *[bare() for _ in range(8)]]
    sure = [max(shares.values()) for shares in posteriors(steps)][2:]
    assert sure == sorted(sure, reverse=True)


def test_who_is_called_speaks_next() -> None:
    steps = [tag("Roe"), tag("Bell", addressed=("Kitty",)), bare()]
    assert best(steps)[2] == "Kitty"


def test_who_asks_does_not_answer() -> None:
    asked, told = (posteriors([tag("Roe", asks=asks), bare()])[1]["Roe"] for asks in (True, False))
    assert asked < told


def test_a_pause_lets_the_order_fade() -> None:
    sure = [posteriors([tag("Roe"), tag("Bell"), bare(gap=gap)])[2]["Roe"] for gap in range(4)]
    assert sure == sorted(sure, reverse=True)


def test_who_goes_on_keeps_the_partner() -> None:
    assert best([tag("Roe"), tag("Bell"), tag("Bell"), bare()])[3] == "Roe"


def test_no_turns() -> None:
    assert posteriors([]) == []


SPEAKERS = st.sampled_from(["Roe", "Bell", "Kitty", SOMEBODY])
SHARES = st.dictionaries(SPEAKERS, st.floats(0.01, 1), min_size=1)
STEPS = st.builds(
    Step,
    likely=SHARES,
    evidence=st.dictionaries(SPEAKERS, st.floats(0.01, 60)),
    gap=st.integers(0, 6),
    bare=st.booleans(),
    asks=st.booleans(),
    addressed=st.lists(SPEAKERS, max_size=2).map(tuple),
)


@given(st.lists(STEPS, max_size=12))
def test_probabilities_are_shared_among_those_who_may_speak(steps: list[Step]) -> None:
    found = posteriors(steps)
    assert len(found) == len(steps)
    for shares, step in zip(found, steps, strict=True):
        assert shares.keys() <= step.likely.keys()
        assert sum(shares.values()) == pytest.approx(1)


def runs(text: str) -> list[list[Turn]]:
    [parse] = parsing.parse(parsing.load(), [mark(text)])
    claims = attribute(parse)
    reader = Reader(claims, resolve(claims, data.registry()))
    found = list(reader.runs())
    for run in found:
        reader.read(run)
    return found


@pytest.mark.model
def test_what_a_turn_shows() -> None:
    [[first, second]] = runs("“Is it far, Bell?” Ned Roe asked Bell.\n\nBell was tired.\n\n“An hour.”")
    assert (list(first.tags), list(first.addressed), list(first.told)) == (["Ned Roe"], ["Bell"], ["Bell"])
    assert (first.asks, first.pure, first.opens, first.gap) == (True, False, True, 0)
    assert (second.tags, second.asks, second.pure, second.gap, second.words) == ({}, False, True, 1, 2)


@pytest.mark.model
@pytest.mark.parametrize("between", ["* * *", "Chapter Two", "XIV", "—", "ACT III. The Harbor"])
def test_a_scene_ends(between: str) -> None:
    assert len(runs(f"“Is it far?” asked Roe.\n\n{between}\n\n“An hour,” said Bell.")) == 2


@pytest.mark.model
@pytest.mark.parametrize("between", ["The road was long.", "I. He was gone.", "Part of it had been sold."])
def test_a_sentence_ends_no_scene(between: str) -> None:
    assert len(runs(f"“Is it far?” asked Roe.\n\n{between}\n\n“An hour,” said Bell.")) == 1


@pytest.mark.model
def test_without_a_dialogue_nothing_changes() -> None:
    text = "“It rained all night in the hills above the town,” Ada Quill said.\n\n“Nobody had expected it.”"
    [parse] = parsing.parse(parsing.load(), [mark(text)])
    claims = attribute(parse)
    entities = resolve(claims, data.registry())
    assert take_turns(claims, entities) == (claims, entities)


@pytest.mark.model
def test_turns_do_not_depend_on_indirect_speech() -> None:
    told = "“No,” said Bell. He said that it had rained."
    text = f"“Are you sure?” asked Roe.\n\n{told}\n\n“Then why say so?”\n\n“Hm.”"
    for indirect in (False, True):
        [record] = Extractor(indirect=indirect).pipe([Document(doc_id="", text=text)])
        named = [(one.text, one.speaker_name) for one in record.quotations if one.kind != "indirect"]
        assert named[2:] == [("“Then why say so?”", "Roe"), ("“Hm.”", "Bell")]


@pytest.mark.model
@pytest.mark.parametrize(("paragraphs", "teller"), [(2, "Roe"), (20, None)])
def test_the_order_of_turns_does_not_tell_who_tells_a_long_story(paragraphs: int, teller: str | None) -> None:
    talk = (
        '"Are you sure?" asked Roe.\n\n"No," said Bell.\n\n"Why say so, Bell?"\n\n"For peace." Bell sat down.'
    )
    story = ["\"'It rained, Bell,' said the cook."] * (paragraphs - 1)
    text = "\n\n".join([talk, *story, '"It rained on."'])
    [record] = Extractor(include_unattributed=True).pipe([Document(doc_id="", text=text)])
    assert [one.speaker_name for one in record.quotations[4:]] == [teller] * paragraphs
