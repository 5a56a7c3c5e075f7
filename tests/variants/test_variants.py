"""Quotations of many documents become utterances: whose, with which ids, and in whichever order they come."""

from __future__ import annotations

import json
import random
from itertools import combinations

import pytest
from builders import one_each, spoken, words_of
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.records import DocumentRecord, Metadata, Span
from quotes.variants import Utterance, find_utterances, utterance_ids
from quotes.variants.grouping import NearIndex, RunIndex, group
from quotes.variants.verdict import contained, near
from quotes.variants.words import FILL, GAP, wording
from quotes.variants.writing import as_csv, as_json

PIER = "We will rebuild the old pier by spring, and we will do it with our own hands."
PIER_CUT = "We will rebuild the old pier by spring"
TUNNEL = "Nobody told the board that the tunnel had been closed since the flood."


def texts(utterances: list[Utterance]) -> list[list[str]]:
    return [[version.text for version in utterance.versions] for utterance in utterances]


# --- Whose words ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Ada Quill", "Ada Quill", id="the same name"),
        pytest.param("Ada Quill", "Quill", id="a surname alone"),
        pytest.param("Ada Quill", "ADA QUILL", id="case"),
        pytest.param("Ada M. Quill", "Ada Quill", id="an initial left out"),
        pytest.param("Ada M. Quill", "Ada Mary Quill", id="an initial and its name"),
        pytest.param("A. Quill", "Ada Quill", id="an initial for a first name"),
        pytest.param("William Pell", "Bill Pell", id="a short form"),
        pytest.param("Ned Pell Jr.", "Ned Pell, Jr.", id="Jr. with a comma and without"),
        pytest.param("Ned Pell Jr.", "Pell Jr.", id="a surname alone with its Jr."),
        pytest.param("Maarten van der Hoek", "van der Hoek", id="a surname of several words"),
        pytest.param("Jeff Sessions", "Sessions", id="Sessions"),
        pytest.param("Jeff Sessions", "Jefferson Beauregard Sessions III", id="an alias of the registry"),
    ],
)
def test_names_of_one_person_go_together(one: str, other: str) -> None:
    [utterance] = find_utterances(one_each([(one, PIER), (other, PIER_CUT)]))
    assert utterance.documents == 2
    assert utterance.speaker_name is not None
    assert len(utterance.speaker_name) == max(map(len, (utterance.speaker_name, min(one, other, key=len))))


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Ada Quill", "Ned Quill"], id="first names differ"),
        pytest.param(["Ada Quill", "Ada Quills"], id="surnames differ"),
        pytest.param(["Ada Quill", "Ada"], id="a first name alone"),
        pytest.param(["Ada Quill", "Ada Quill Jr."], id="junior"),
        pytest.param(["Ned Pell Sr.", "Ned Pell Jr."], id="father and son"),
        pytest.param(["Ned Pell", "Ned Pell, Jr."], id="a comma before Jr."),
        pytest.param(["Ned Pell III", "Ned Pell"], id="the third"),
        pytest.param(["Pell", "Ned Pell Jr."], id="a surname without its Jr."),
        pytest.param(["Ada M. Quill", "Ada T. Quill"], id="initials differ"),
        pytest.param(["Ada Mary Quill", "Ada Tess Quill"], id="middle names differ"),
        pytest.param(["Jo Quill", "Al Quill", "Quill"], id="a surname that could be either's"),
        pytest.param(["Bill Clinton", "Hillary Clinton", "Clinton"], id="Clinton"),
        pytest.param(["Ada Quill", "Adam Quill", "A. Quill"], id="an initial that could be either's"),
        pytest.param(["Ada Quill", None], id="somebody unnamed"),
    ],
)
def test_two_people_never_do(names: list[str | None]) -> None:
    assert not find_utterances(one_each([(name, PIER) for name in names]))


@pytest.mark.parametrize(
    ("kinds", "documents"),
    [
        (("direct", "direct", "direct"), [3]),
        (("direct", "mixed", "indirect"), [2]),
        (("direct", "indirect", "indirect"), []),
        (("indirect", "indirect", "indirect"), []),
    ],
)
def test_what_is_reported_is_no_wording(kinds: tuple[str, ...], documents: list[int]) -> None:
    found = find_utterances(
        [spoken(str(number), ("Ada Quill", PIER), kind=kind) for number, kind in enumerate(kinds)]
    )
    assert [one.documents for one in found] == documents
    assert {doc_id for doc_id, _ in utterance_ids(found)} <= {
        str(number) for number, kind in enumerate(kinds) if kind != "indirect"
    }


def test_a_surname_that_could_be_either_s_is_nobody_s_in_two_documents() -> None:
    known = [spoken(name, (name, TUNNEL)) for name in ("Ada Quill", "Ned Quill")]
    said = [spoken("one", ("Quill", PIER), ("Quill", PIER_CUT)), spoken("two", ("Quill", PIER))]
    assert [one.documents for one in find_utterances(said)] == [2]
    assert [one.documents for one in find_utterances(known + said)] == [1]


def test_names_that_one_document_tells_apart_are_two_people() -> None:
    both = spoken("both", ("Ada Quill", PIER), ("Quill", TUNNEL))
    assert not find_utterances([both, spoken("other", ("Quill", PIER))])
    assert find_utterances([spoken("one", ("Ada Quill", PIER)), spoken("other", ("Quill", PIER))])


@pytest.mark.parametrize(
    ("name", "kind", "other", "other_kind", "same"),
    [
        ("Harbour Board", "organization", "Harbour Board", "organization", True),
        ("Harbour Board", "organization", "harbour board", "unknown", True),
        ("Harbour Board", "organization", "Board", "organization", False),
        ("Ellery Quill", "organization", "Quill", "person", False),
        ("Quill", "organization", "Quill", "person", False),
        ("teachers", "group", "teachers", "group", True),
    ],
)
def test_bodies_are_who_bears_the_whole_name(
    name: str, kind: str, other: str, other_kind: str, same: bool
) -> None:
    found = find_utterances(
        [spoken("a", (name, PIER), speaker_kind=kind), spoken("b", (other, PIER), speaker_kind=other_kind)]
    )
    assert bool(found) == same


@pytest.mark.parametrize(
    ("one", "other", "text", "same"),
    [
        ("a White House official", "the White House official", PIER, True),
        ("a White House official", "a harbour official", PIER, False),
        ("he", "he", PIER, False),
        ("a White House official", "a White House official", "It was a bad day for all", False),
    ],
)
def test_the_unnamed_must_be_called_the_same_and_say_the_same(
    one: str, other: str, text: str, same: bool
) -> None:
    found = find_utterances(
        spoken(name, words_of("0", None, text, speaker=Span(start=0, end=len(mention), text=mention)))
        for name, mention in (("a", one), ("b", other))
    )
    assert bool(found) == same


def test_what_has_no_speaker_or_is_boilerplate_is_left_out() -> None:
    nobody = words_of("0", None, PIER, speaker=None, kind="unattributed")
    furniture = words_of("0", "Ada Quill", PIER, in_boilerplate=True)
    for one in (nobody, furniture):
        assert not find_utterances([spoken("a", one), spoken("b", one)])


# --- Which words ---


def test_a_part_of_two_statements_is_neither_s() -> None:
    said = [
        "And we will do it with our bare hands this time",
        "I told them we will do it with our bare hands",
    ]
    part = "we will do it with our bare hands"
    found = find_utterances(one_each([("Ada Quill", text) for text in [*said, part, part]]))
    assert texts(found) == [[part]]
    [alone] = find_utterances(one_each([("Ada Quill", text) for text in [said[0], part]]))
    assert [version.change for version in alone.versions] == ["none", "cut"]


def test_small_steps_do_not_lead_from_one_statement_to_another() -> None:
    words = "one by one the men of this old town will come back from the cold sea and sing".split()
    steps = [words]
    for at in range(0, len(words), 2):
        steps.append([*steps[-1][:at], f"other{at}", *steps[-1][at + 1 :]])
    found = find_utterances(one_each([("Ada Quill", " ".join(step)) for step in steps]))
    longest = max(len(utterance.versions) for utterance in found)
    assert 1 < longest < len(steps)


@pytest.mark.parametrize(
    ("text", "grouped"),
    [("No, I won't", False), ("Not one of us", False), ("It was the worst flood", True)],
)
def test_the_same_few_words_are_no_evidence(text: str, grouped: bool) -> None:
    assert bool(find_utterances(one_each([("Ada Quill", text)] * 2))) == grouped


def test_parts_of_one_quotation_are_its_words() -> None:
    first, second = "“We will rebuild the old pier by spring,”", "“and we will do it with our own hands.”"
    parted = words_of("0", "Ada Quill", f"{first} {second}", parts=((0, len(first)), (90, 90 + len(second))))
    [utterance] = find_utterances([spoken("parted", parted), spoken("whole", ("Ada Quill", PIER))])
    assert utterance.change == "marks"


@pytest.mark.parametrize(
    ("text", "sequence"),
    [
        ("“We don’t … know [the mayor], do we?”", ["we", "do", "not", GAP, "know", FILL, "do", "we"]),
        ("…and so it was…", ["and", "so", "it", "was"]),
        ("[W]e walk[ed] (applause) 1,000.5 miles", ["we", "walked", "1000.5", "miles"]),
        ("It’s the mayor's twenty-five", ["it", "is", "the", "mayor's", "25"]),
        ("a [...] b . . . c", ["a", GAP, "b", GAP, "c"]),
        ("Café NOËL", ["cafe", "noel"]),
        ("“”", []),
        ("… […] …", []),
        ("\ue000 \ud800", []),
    ],
)
def test_words_are_read_past_their_marks(text: str, sequence: list[str]) -> None:
    assert list(wording(text).sequence) == sequence


# --- What comes out ---


def test_an_utterance_lists_its_wordings_longest_first_and_places_by_date() -> None:
    found = find_utterances(
        [
            spoken("c", ("Quill", PIER_CUT), metadata=Metadata(outlet="The Bexley Post", date="2017-03-04")),
            spoken("b", ("Ada Quill", PIER), metadata=Metadata(outlet="The Ellery Echo", date="2017-03-05")),
            spoken("a", ("Ada Quill", PIER), metadata=Metadata(outlet="The Ferry", date="2017-03-02")),
        ]
    )
    assert texts(found) == [[PIER, PIER_CUT]]
    [utterance] = found
    assert [place.doc_id for place in utterance.places] == ["a", "b", "c"]
    assert [version.change for version in utterance.versions] == ["none", "cut"]
    assert not utterance.changes_words


def test_differences_are_in_every_form() -> None:
    said = ["I have not had a discussion with him about that", "I have not had that discussion with him"]
    [utterance] = find_utterances(one_each([("Ada Quill", text) for text in said]))
    assert utterance.changes_words
    line = json.loads(as_json(utterance))
    assert line["wordings"][1]["differences"] == [["a", "that"], ["about that", ""]]
    assert [one["doc_id"] for one in line["wordings"][1]["quotations"]] == ["doc-1"]
    assert as_csv(utterance).decode().count("\r\n") == 2


def test_the_id_is_the_person_s_and_the_longest_wording_s() -> None:
    said = [("Ada Quill", PIER), ("Quill", PIER_CUT)]
    [before] = find_utterances(one_each(said))
    [more] = find_utterances(one_each([*said, ("Ada Quill", PIER.upper()), ("Ned Pell", PIER)]))
    assert before.utterance_id == more.utterance_id
    [pell] = find_utterances(one_each([("Ned Pell", PIER), ("Ned Pell", PIER_CUT)]))
    assert pell.utterance_id != before.utterance_id


# --- Properties ---

_WORDS = st.sampled_from(
    "we will not rebuild the old pier and harbour by spring … [it] 15 with our own hands he never".split()
)
_SAID = st.lists(_WORDS, min_size=1, max_size=16).map(" ".join)
_NAMES = st.sampled_from(["Ada Quill", "Quill", "Ned Quill", "Ned Pell", "N. Pell", "Pell", "Ned Pell Jr."])
_ARCHIVE = st.lists(st.lists(st.tuples(_NAMES, _SAID), max_size=4), max_size=12)
#: Names that are two people's, whatever else there is.
_APART = [
    {"Ada Quill", "Ned Quill"},
    {"Ned Pell", "Ned Pell Jr."},
    *(
        {quill, pell}
        for quill in ("Ada Quill", "Quill", "Ned Quill")
        for pell in ("Ned Pell", "N. Pell", "Pell")
    ),
]


def _archive(said: list[list[tuple[str, str]]]) -> list[DocumentRecord]:
    return [spoken(f"doc-{number}", *one) for number, one in enumerate(said)]


@settings(max_examples=examples(150), deadline=None)
@given(_ARCHIVE, st.randoms(use_true_random=False))
def test_the_order_of_the_input_has_no_say(said: list[list[tuple[str, str]]], chance: random.Random) -> None:
    documents = _archive(said)
    shuffled = documents[:]
    chance.shuffle(shuffled)
    assert find_utterances(documents) == find_utterances(shuffled)


@settings(max_examples=examples(150), deadline=None)
@given(_ARCHIVE)
def test_two_speakers_are_never_merged_and_nothing_is_in_two_utterances(
    said: list[list[tuple[str, str]]],
) -> None:
    found = find_utterances(_archive(said))
    for utterance in found:
        names = {place.speaker_name for place in utterance.places}
        assert not any(apart <= names for apart in _APART)
        assert len(utterance.places) > 1
        assert utterance.versions[0].change in ("none", "marks")
        lengths = [version.words for version in utterance.versions]
        assert lengths == sorted(lengths, reverse=True)
    places = [(place.doc_id, place.quote_id) for utterance in found for place in utterance.places]
    assert len(places) == len(set(places)) == len(utterance_ids(found))
    assert len({utterance.utterance_id for utterance in found}) == len(found)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(_SAID, min_size=2, max_size=12))
def test_the_indexes_miss_nothing(said: list[str]) -> None:
    """What two nested loops over all pairs find, the indexes find: without gaps, also by prefix filtering."""
    wordings = sorted(
        {wording(text) for text in said}, key=lambda one: (-len(one.words), one.sequence, one.tokens)
    )
    for longer, other in combinations(wordings, 2):
        numbers = wordings.index(longer), wordings.index(other)
        near_index, runs = NearIndex(wordings), RunIndex()
        near_index.add(numbers[0])
        runs.add(0, longer)
        if GAP not in longer.sequence + other.sequence and FILL not in longer.sequence + other.sequence:
            assert not near(longer, other) or numbers[0] in near_index.like(numbers[1])
        if any(len(segment) > 3 for segment in other.segments):
            assert not contained(longer, other) or 0 in runs.containing(other)
    assert sum(map(len, group(wordings))) == sum(len(one.words) > 4 for one in wordings)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    said = wording(text)
    assert wording(text) == said
    assert len(said.joints) == max(0, len(said.segments) - 1)
    assert all(said.segments)


def test_what_utf_8_has_no_place_for_is_written_as_the_records_write_it() -> None:
    [utterance] = find_utterances(one_each([("Ada Quill", PIER + "\ud83d"), ("Ada Quill", PIER)]))
    assert PIER + "\ufffd" in as_json(utterance).decode()
    assert PIER + "\ufffd" in as_csv(utterance).decode()
