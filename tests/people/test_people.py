"""Records of many documents become people: who is one, who is two, who is doubtful, in whichever order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from builders import spoken
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes import data
from quotes.data.lookups import role_key
from quotes.people import Found, Person, find_people
from quotes.people.forms import form_of, gender_of
from quotes.people.persons import Name, Names, agree, parse_name
from quotes.people.roles import Role, contradicting, names_one_person
from quotes.records import DocumentRecord, Metadata, Span, Speaker

WORDS = "We will rebuild the old pier by spring"


def said(
    doc_id: str, *names: str, day: str | None = None, outlet: str | None = None, **fields: Any
) -> DocumentRecord:
    """A document in which each of these names is quoted once, all with the same fields."""
    metadata = Metadata(date=day, outlet=outlet)
    return spoken(doc_id, *((name, WORDS) for name in names), metadata=metadata, **fields)


def mentioned(doc_id: str, name: str, mention: str, **fields: Any) -> DocumentRecord:
    """A document with one quotation, whose speaker stands there as `mention`."""
    return said(doc_id, name, speaker=Span(start=100, end=100 + len(mention), text=mention), **fields)


def named(found: Found) -> dict[str, Person]:
    assert len({person.name for person in found.people}) == len(found.people)
    return {person.name: person for person in found.people}


def doubts(found: Found) -> dict[str, set[str]]:
    return {name: {doubt.kind for doubt in person.doubts} for name, person in named(found).items()}


# --- What is counted ---


def test_a_person_has_names_roles_numbers_and_days() -> None:
    found = find_people(
        [
            said("a", "Ada Quill", "Ada Quill", day="2017-06-05T10:00:00Z", outlet="The Echo"),
            said("b", "Ada J. Quill", day="2017-03-01", outlet="The Post", speaker_role="Mayor of Lowmarsh"),
            mentioned("c", "Quill", "Mayor Quill", day="2018", speaker_role="mayor of Lowmarsh"),
            mentioned("d", "Quill", "she"),
        ]
    )
    [ada] = found.people
    assert (ada.name, ada.kind) == ("Ada J. Quill", "person")
    assert ada.forms == ("Ada Quill", "Ada J. Quill", "Quill")
    assert ada.aliases == ("Ada J. Quill", "Ada Quill")
    assert ada.roles == (Role("mayor of Lowmarsh", 2, "2017-03-01", "2018"),)
    assert (ada.quotations, ada.documents, ada.outlets) == (5, 4, ("The Echo", "The Post"))
    assert (ada.first, ada.last, ada.doubts) == ("2017-03-01", "2018", ())
    assert (found.documents, found.quotations, found.left_out) == (4, 5, {})


def test_the_most_quoted_come_first() -> None:
    found = find_people([said("a", "Ned Pell"), said("b", "Ada Quill", "Ada Quill"), said("c", "Jo Renn")])
    assert [person.name for person in found.people] == ["Ada Quill", "Jo Renn", "Ned Pell"]


def test_each_of_several_speakers_is_counted() -> None:
    text = "Quill and Renn"
    both = (
        Speaker(start=200, end=205, text=text[:5], name="Ada Quill", kind="person"),
        Speaker(start=210, end=214, text=text[10:], name="Tobias Renn", kind="person"),
        Speaker(start=220, end=224, text="they", name=None, kind="group"),
    )
    found = find_people(
        [
            said(
                "a",
                "Ada Quill",
                speaker=Span(start=200, end=205, text="Quill"),
                speakers=both,
                speaker_role="mayor of Lowmarsh",
                speaker_id="Q42",
            )
        ]
    )
    people = named(found)
    assert {name: one.quotations for name, one in people.items()} == {"Ada Quill": 1, "Tobias Renn": 1}
    assert people["Tobias Renn"].forms == ("Renn", "Tobias Renn")
    assert [len(people[name].roles) for name in ("Ada Quill", "Tobias Renn")] == [1, 0]
    assert [people[name].wikidata for name in ("Ada Quill", "Tobias Renn")] == ["Q42", None]
    assert found.left_out == {"unnamed sources": 1}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"speaker_kind": "organization"}, "organizations"),
        ({"speaker_kind": "group"}, "groups"),
        ({"in_boilerplate": True}, "boilerplate or copies"),
        ({"duplicate_of": "0123456789abcdef"}, "boilerplate or copies"),
        ({"speaker_name": None, "speaker_kind": "anonymous"}, "unnamed sources"),
    ],
)
def test_what_is_no_person_s_is_left_out_and_told(fields: dict[str, Any], reason: str) -> None:
    found = find_people([said("a", "Ada Quill"), said("b", "Harbour Board", **fields)])
    assert [person.name for person in found.people] == ["Ada Quill"]
    assert found.left_out == {reason: 1}


def test_given_names_alone_are_left_out_and_surnames_alone_are_doubtful() -> None:
    found = find_people([said("a", "Katharine"), said("b", "Quill"), said("c", "Ned Pell")])
    assert doubts(found) == {"Quill": {"surname"}, "Ned Pell": set()}
    assert found.left_out == {"single given names": 1}


def test_a_given_name_that_is_a_surname_goes_to_its_bearer() -> None:
    [found] = find_people([said("a", "Scott"), said("b", "Ada Scott")]).people
    assert (found.name, found.quotations) == ("Ada Scott", 2)


def test_bodies_are_listed_if_asked_for() -> None:
    records = [
        said("a", "Harbour Board", speaker_kind="organization"),
        said("b", "Ada Quill"),
        said("c", "CNN"),
    ]
    found = find_people(records, kinds=["organization"])
    assert [(one.name, one.kind) for one in found.people] == [("Harbour Board", "organization")]
    assert found.left_out == {"people": 2}
    # The registry knows that CNN is no person.
    assert [one.name for one in find_people(records).people] == ["Ada Quill"]


def test_a_name_of_unknown_kind_is_a_person_s_if_one_article_says_so() -> None:
    unknown = said("a", "Ada Quill", speaker_kind="unknown")
    assert doubts(find_people([unknown])) == {"Ada Quill": {"kind"}}
    [ada] = find_people([unknown, said("b", "Ada Quill")]).people
    assert (ada.kind, ada.documents, ada.doubts) == ("person", 2, ())
    both = spoken("c", ("Ada Quill", WORDS), ("Ada Quill", WORDS))
    first, second = both.quotations
    mixed = both.model_copy(
        update={"quotations": (first, second.model_copy(update={"speaker_kind": "unknown"}))}
    )
    [ada] = find_people([mixed]).people
    assert (ada.quotations, ada.documents) == (2, 1)


# --- One or two ---


def test_names_are_merged_by_the_rules_of_variants() -> None:
    found = find_people([said("a", "William Pell"), said("b", "Bill Pell"), said("c", "Pell")])
    assert [(one.name, one.quotations) for one in found.people] == [("William Pell", 3)]


def test_a_son_is_another_than_his_father() -> None:
    found = find_people([said("a", "Donald Trump"), said("b", "Donald Trump Jr."), said("c", "Trump")])
    assert {one.name: one.quotations for one in found.people} == {"Donald Trump": 2, "Donald Trump Jr.": 1}
    assert not any(one.doubts for one in found.people)


def test_a_surname_of_two_people_is_doubtful_and_says_whose_it_could_be() -> None:
    found = find_people(
        [said("a", "Jo Quill"), said("b", "Al Quill"), said("c", "Al Quill"), said("d", "Quill")]
    )
    assert doubts(found) == {"Jo Quill": set(), "Al Quill": set(), "Quill": {"ambiguous"}}
    [doubt] = named(found)["Quill"].doubts
    assert doubt.why == "could be Al Quill or Jo Quill"


def test_of_two_people_whom_a_document_tells_apart_the_rarer_is_doubtful() -> None:
    found = find_people([said("a", "Ada Quill"), said("both", "Ada Quill", "Ada J. Quill")])
    assert doubts(found) == {"Ada Quill": set(), "Ada J. Quill": {"told-apart"}}
    assert named(found)["Ada J. Quill"].doubts[0].why == "the document both names Ada Quill, too"


def test_the_registry_tells_its_people_apart(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[speaker]]\nname = "Ada Quill"\n[[speaker]]\nname = "Ada J. Quill"\n', encoding="utf-8")
    found = find_people([said("a", "Ada Quill"), said("b", "Ada J. Quill")], own)
    assert doubts(found) == {"Ada Quill": set(), "Ada J. Quill": set()}


def test_the_registry_settles_doubts_of_roles(tmp_path: Path) -> None:
    records = [said("a", "Jo Pell", speaker_role="goalkeeper"), said("b", "Jo Pell", speaker_role="bishop")]
    assert doubts(find_people(records)) == {"Jo Pell": {"roles"}}
    own = tmp_path / "own.toml"
    own.write_text('[[speaker]]\nname = "Jo Pell"\n', encoding="utf-8")
    assert doubts(find_people(records, own)) == {"Jo Pell": set()}


def test_an_uncertain_name_is_doubtful_and_confuses_nobody() -> None:
    records = [
        said("a", "Ada Quill"),
        said("b", "Quill"),
        said("c", "Derelict Quill", name_confidence=0.2),
        said("d", "Quill", name_confidence=0.3),
    ]
    found = named(find_people(records))
    assert (found["Ada Quill"].quotations, found["Ada Quill"].uncertain) == (3, 1)
    assert not found["Ada Quill"].doubts
    [doubt] = found["Derelict Quill"].doubts
    assert (doubt.kind, doubt.why) == ("name", "the name is uncertain in 1 of 1 quotations")


def test_what_an_uncertain_name_is_called_counts_for_nothing() -> None:
    unsure = said("a", "Ada Quill", name_confidence=0.49, speaker_role="goalkeeper", speaker_id="Q1")
    [ada] = find_people([unsure, said("b", "Ada Quill", name_confidence=0.5), said("c", "Ada Quill")]).people
    assert (ada.roles, ada.wikidata, ada.uncertain, ada.doubts) == ((), None, 1, ())


def test_pronouns_that_contradict_are_doubtful() -> None:
    def pronouns(he: int, she: int) -> list[DocumentRecord]:
        words = ["he"] * he + ["She"] * she
        return [mentioned(str(number), "Sam Pell", word) for number, word in enumerate(words)]

    assert doubts(find_people(pronouns(3, 2))) == {"Sam Pell": {"gender"}}
    assert doubts(find_people(pronouns(3, 1))) == {"Sam Pell": set()}
    assert [one.gender for one in find_people(pronouns(0, 2)).people] == ["female"]
    assert [one.gender for one in find_people(pronouns(0, 1)).people] == [None]


def test_two_wikidata_ids_are_doubtful() -> None:
    found = find_people([said("a", "Jo Pell", speaker_id="Q1"), said("b", "Jo Pell", speaker_id="Q2")])
    assert doubts(found) == {"Jo Pell": {"wikidata"}}


# --- Roles ---


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        pytest.param("mayor of Port Ellery", "mayor of Lowmarsh", True, id="one office of two places"),
        pytest.param("mayor of Port Ellery", "goalkeeper", True, id="two fields"),
        pytest.param("Lowmarsh goalkeeper", "bishop of Ellery", True, id="two fields, with a place before"),
        pytest.param("Sen.", "heart surgeon", True, id="an abbreviation, and a word before the head"),
        pytest.param("chief of police of Ellery", "chief of police of Merrow", True, id="an of within"),
        pytest.param("mayor", "mayor of Lowmarsh", False, id="the shorter says less"),
        pytest.param("mayor of Lowmarsh", "mayor of the town of Lowmarsh", False, id="one place"),
        pytest.param("senator from Ellery", "senator from Merrow", False, id="an office that several hold"),
        pytest.param("president of Ellery Fund", "president of Merrow Net", False, id="of two bodies"),
        pytest.param("author", "economist at Ellery Bank", False, id="callings that go together"),
        pytest.param("mayor of Lowmarsh", "author", False, id="an office, and what anybody may be"),
        pytest.param("former mayor of Lowmarsh", "goalkeeper", False, id="former"),
        pytest.param("mayor of Lowmarsh", "ex-mayor of Merrow", False, id="ex"),
        pytest.param("bishop", "bishop", False, id="the same"),
        pytest.param("", "of", False, id="nothing"),
    ],
)
def test_roles_that_are_hardly_one_person_s(one: str, other: str, two: bool) -> None:
    roles = [Role(one, 1, None, None), Role(other, 1, None, None)]
    assert (contradicting(roles) is not None) == two
    assert (contradicting(roles[::-1]) is not None) == two
    assert contradicting(roles, {frozenset(map(role_key, (one, other)))}) is None


def test_a_role_that_is_called_former_elsewhere_contradicts_nothing() -> None:
    texts = ("mayor of Lowmarsh", "goalkeeper", "former Wexmoor goalkeeper")
    assert contradicting([Role(text, 1, None, None) for text in texts]) is None


def test_a_contradiction_says_when() -> None:
    found = find_people(
        [
            said("a", "John Smith", day="2017-03-01", speaker_role="mayor of Port Ellery"),
            said("b", "John Smith", day="2017-03-09", speaker_role="goalkeeper"),
        ]
    )
    [doubt] = named(found)["John Smith"].doubts
    roles = "mayor of Port Ellery (2017-03-01); goalkeeper (2017-03-09)"
    assert (doubt.kind, doubt.why) == ("roles", f"hardly one person's roles: {roles}")


def test_roles_in_one_document_are_one_person_s() -> None:
    both = spoken("a", ("Jo Pell", WORDS), ("Jo Pell", WORDS))
    pairs = zip(both.quotations, ("goalkeeper", "bishop of Ellery"), strict=True)
    quotations = tuple(one.model_copy(update={"speaker_role": role}) for one, role in pairs)
    found = find_people([both.model_copy(update={"quotations": quotations})])
    assert doubts(found) == {"Jo Pell": set()}


@pytest.mark.parametrize(
    ("role", "one"),
    [
        ("mayor of Port Ellery", True),
        ("chief executive of the Ellery Bank", True),
        ("ambassador to Caldross", True),
        ("director of the Ellery Institute", True),
        ("director of debate at the University of Ellery", False),
        ("mayor", False),
        ("mayor of the town", False),
        ("former mayor of Port Ellery", False),
        ("deputy mayor of Port Ellery", False),
        ("spokesman for the Ellery Bank", False),
        ("resident of Port Ellery", False),
    ],
)
def test_which_roles_name_one_person(role: str, one: bool) -> None:
    assert names_one_person(role) == one


# --- Forms ---


@pytest.mark.parametrize(
    ("mention", "name", "form"),
    [
        ("Mayor Ada Quill", "Ada Quill", "Ada Quill"),
        ("Mr. Pell", "Ned Pell", "Pell"),
        ("Donald J. Trump", "Donald Trump", "Donald J. Trump"),
        ("Donald Trump Jr.", "Donald Trump Jr.", "Donald Trump Jr."),
        ("Rudolph Giuliani", "Rudy Giuliani", "Rudolph Giuliani"),
        ("Pelow", "Ingram Pellow", "Pelow"),
        ("Quill’s", "Ada Quill", "Quill"),
        ("Maarten van der Hoek", "Maarten van der Hoek", "Maarten van der Hoek"),
        ("Ada Quill Hammers Bank CEO", "Ada Quill", "Ada Quill"),
        ("Ada Quill.", "Ada Quill", "Ada Quill"),
        ("Ada Q.", "Ada Quill", "Ada"),
        ("she", "Ada Quill", None),
        ("the mayor", "Ada Quill", None),
        ("Ada Quill’s lawyer Ned Quill", "Ned Quill", "Ned Quill"),
        ("Ned, as the younger Quill", "Ned Quill", None),
        ("her son", "Ned Quill", None),
        ("New Poll", "Ada Quill", None),
        ("", "Ada Quill", None),
    ],
)
def test_the_form_of_a_name(mention: str, name: str, form: str | None) -> None:
    assert form_of(mention, name) == form


@pytest.mark.parametrize(
    ("mention", "gender"),
    [
        ("he", "male"),
        ("She", "female"),
        ("Mrs. Quill", "female"),
        ("they", None),
        ("her son", None),
        ("", None),
    ],
)
def test_the_gender_that_a_mention_tells(mention: str, gender: str | None) -> None:
    assert gender_of(mention) == gender


# --- Whatever comes ---

_NAMES = st.sampled_from(
    "Ada Quill,Quill,A. Quill,Ada J. Quill,Adam Quill,Ada Quill Jr.,Bill Pell,William Pell,Pell,W. Pell,"
    "Katharine,Ada M. Quill,J. Quill,Donald Trump,Trump,Jo van der Hoek,van der Hoek".split(",")
)
_ROLES = st.sampled_from([None, "mayor of Lowmarsh", "mayor of Merrow", "goalkeeper", "former goalkeeper"])
_KINDS = st.sampled_from(["person", "unknown", "person", "organization"])
_QUOTED = st.tuples(_NAMES, _ROLES, _KINDS, st.sampled_from([None, 0.2, 0.9]))
ARCHIVES = st.lists(st.lists(_QUOTED, max_size=4), max_size=7)


def archive(documents: Sequence[Sequence[tuple[str, str | None, str, float | None]]]) -> list[DocumentRecord]:
    """Records of these documents: name, role, kind and confidence of each quotation."""
    records = []
    for number, quoted in enumerate(documents):
        record = said(f"doc-{number}", *(name for name, *_ in quoted), day=f"2017-01-0{number + 1}")
        quotations = tuple(
            quotation.model_copy(
                update={"speaker_role": role, "speaker_kind": kind, "name_confidence": confidence}
            )
            for quotation, (_, role, kind, confidence) in zip(record.quotations, quoted, strict=True)
        )
        records.append(record.model_copy(update={"quotations": quotations}))
    return records


@given(ARCHIVES, st.randoms(use_true_random=False))
@settings(max_examples=examples(60))
def test_the_order_of_documents_says_nothing(documents: list[Any], chance: random.Random) -> None:
    records = archive(documents)
    shuffled = list(records)
    chance.shuffle(shuffled)
    assert find_people(records) == find_people(shuffled)


@given(ARCHIVES)
@settings(max_examples=examples(60))
def test_no_quotation_is_lost_or_counted_twice(documents: list[Any]) -> None:
    found = find_people(archive(documents))
    counted = sum(person.quotations for person in found.people) + sum(found.left_out.values())
    assert counted == found.quotations == sum(map(len, documents))
    assert all(0 < person.documents <= min(person.quotations, len(documents)) for person in found.people)


@given(st.lists(st.builds(parse_name, _NAMES, _KINDS), max_size=14))
@settings(max_examples=examples(60))
def test_no_pair_of_names_that_agree_is_overlooked(names: list[Name]) -> None:
    """The index gives all that a comparison of every two names of one surname would."""
    from quotes.people.persons import _pairs

    for surname in {name.words[-1] for name in names}:
        block = sorted({name for name in names if name.words[-1] == surname}, key=str)
        every = {frozenset(pair) for pair in combinations(block, 2) if agree(*pair)}
        assert every == {frozenset(pair) for pair in _pairs(block) if agree(*pair)}


def test_names_of_one_spelling_and_two_kinds_are_not_told_apart() -> None:
    names = Names()
    names.add_document("a", [("Ada Quill", "person"), ("Ada Quill", "unknown")])
    assert len(set(names.people().values())) == 1


def test_the_words_of_roles_are_heads() -> None:
    for field, heads in data.role_words().fields.items():
        assert all(" of " not in head for head in heads), field
