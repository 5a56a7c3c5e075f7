"""Mentions → people: names, who bears them, pronouns, roles, the registry. None of it needs a parser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes import data
from quotes.errors import DataError
from quotes.extractor import mark
from quotes.parsing.mentions import Form, Mention
from quotes.speakers import Resolution, names
from quotes.speakers.bearers import Draft, PersonKind
from quotes.speakers.entities import Resolver
from quotes.speakers.learned import Learned, Told
from quotes.speakers.people import Gathering, People, Person
from quotes.speakers.pronouns import FLOOR, GENDERS, of_places, of_standing
from quotes.text import marks

NARRATION = [
    "Ada Quill rose.",
    "Mayor Tobias Renn told Quill about it.",
    "“Bell will come.”",
    "Mr. Renn saw her.",
    "It rained.",
    "The Herald wrote that Renn was late.",
    "Lowmarsh voted.\n\n",
    "He asked Silas Vale.",
    "Quill’s boat was gone.",
    "Bell agreed with Ada Quill and the Vale Company.",
    "“No,” Vale said.",
]


def find(text: str) -> list[names.Name]:
    ranges = marks.paragraphs(text)
    return names.find(text, ranges, [(s.start, s.end) for s in marks.segments(text, ranges)])


def found(text: str) -> list[str]:
    return [text[name.start : name.end] for name in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Quill said so.", ["Ada Quill"]),
        ("But Quill left, and when Renn came he was alone.", ["Quill", "Renn"]),
        ("Mayor Ada Quill told Mr. Renn.", ["Ada Quill", "Renn"]),
        ("President Donald J. Trump spoke.", ["Donald J. Trump"]),
        ("Maarten van der Hoek and Anne-Marie O’Dell came.", ["Maarten van der Hoek", "Anne-Marie O’Dell"]),
        ("It was J.T. Vale's boat.", ["J.T. Vale"]),
        ("Silas P. Vale Jr. came.", ["Silas P. Vale Jr."]),
        ("Silas P. Vale, Jr., came.", ["Silas P. Vale, Jr."]),
        ("He saw Silas Vale Jr. Ada Quill came.", ["Silas Vale Jr.", "Ada Quill"]),
        ("He saw Silas Vale, III. Ada Quill came.", ["Silas Vale, III", "Ada Quill"]),
        ("Tobias “Tubs” Renn came.", ["Tobias “Tubs” Renn"]),
        ("Quill Tuesday said no.", ["Quill"]),
        ("Élodie Čapek came.", ["Élodie Čapek"]),
        ("Ada\u00a0Quill came.", ["Ada\u00a0Quill"]),
        ("Yesterday it rained. Then it snowed. However, nobody came.", []),
        ("it rained in march", []),
        ("@lowmarsh and #Lowmarsh", []),
        ("", []),
    ],
)
def test_names_in_a_text(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("capitals", "expected"),
    [
        ("ADA QUILL", "Ada Quill"),
        ("MAARTEN VAN DER HOEK", "Maarten van der Hoek"),
        ("TOBIAS MCVEY III", "Tobias McVey III"),
        ("IDA O’BRYNE-MARL", "Ida O’Bryne-Marl"),
        ("J. T. RENN", "J. T. Renn"),
    ],
)
def test_a_name_in_capitals(capitals: str, expected: str) -> None:
    assert names.in_small_letters(capitals) == expected


def test_what_is_known_of_a_name() -> None:
    text = "Attorney General Ada Quill’s lawyer saw Renn. “Ida Fenwick is odd,” said Vale."
    quill, renn, fenwick, vale = find(text)
    assert (quill.title, quill.words, quill.possessive, quill.opening) == (
        "attorney general", ("ada", "quill"), True, True,
    )  # fmt: skip
    assert (renn.title, renn.words, renn.possessive, renn.opening) == ("", ("renn",), False, False)
    assert [name.quoted for name in (quill, renn, fenwick, vale)] == [False, False, True, False]


def test_a_subject_and_what_follows_a_preposition() -> None:
    text = "Quill walked over to Renn. Vale (I-Port Ellery) said no."
    quill, renn, vale, *_ = find(text)
    assert (quill.subject, renn.subject, vale.subject) == (True, False, True)
    assert (quill.oblique, renn.oblique) == (False, True)


def test_a_headline_is_known_for_one() -> None:
    text = (
        "Mayor Quill Slams Harbour Plan\n\nAda Quill spoke at noon, and nobody in the town listened to her."
    )
    assert [name.headline for name in find(text)][:1] == [True]
    assert not any(name.headline for name in find(text) if text[name.start : name.end] == "Ada Quill")


def people(text: str) -> People:
    return Gathering(text, find(text), data.registry()).people()


def named(text: str) -> dict[str, list[str]]:
    """Each person's name, and the words by which the text names him or her."""
    return {
        person.name: [text[name.start : name.end] for name in person.occurrences]
        for person in people(text).all
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Quill came. Quill left. Ms. Quill slept.", {"Ada Quill": ["Ada Quill", "Quill", "Quill"]}),
        ("Quill came. Then Ada Quill left.", {"Ada Quill": ["Quill", "Ada Quill"]}),
        (
            "Ada Margaret Quill came. Ada Quill left.",
            {"Ada Margaret Quill": ["Ada Margaret Quill", "Ada Quill"]},
        ),
        ("Ada M. Quill came. Ada Quill left.", {"Ada M. Quill": ["Ada M. Quill", "Ada Quill"]}),
        ("R. Quill came. Rufus Quill left.", {"Rufus Quill": ["R. Quill", "Rufus Quill"]}),
        ("A. Quill came. Ada Quill left.", {"Ada Quill": ["A. Quill", "Ada Quill"]}),
        ("William Hask came. Bill Hask left.", {"William Hask": ["William Hask", "Bill Hask"]}),
        ("Ada Quill came. Rufus Quill left.", {"Ada Quill": ["Ada Quill"], "Rufus Quill": ["Rufus Quill"]}),
        (
            "Rob Hask came. Robert Hask Jr. left. Hask Jr. slept. Hask woke.",
            {"Rob Hask": ["Rob Hask", "Hask"], "Robert Hask Jr.": ["Robert Hask Jr.", "Hask Jr."]},
        ),
        (
            "Hask slept. Will Hask Sr. came. Will Hask, Jr., left.",
            {"Will Hask Sr.": ["Hask", "Will Hask Sr."], "Will Hask, Jr.": ["Will Hask, Jr."]},
        ),
        ("Hask Jr. came. Hask left.", {"Hask Jr.": ["Hask Jr.", "Hask"]}),
        ("Hask Jr. came. Robert Hask left.", {"Robert Hask": ["Robert Hask"], "Hask Jr.": ["Hask Jr."]}),
        ("Donald Trump Jr. came. Trump left.", {"Donald Trump Jr.": ["Donald Trump Jr.", "Trump"]}),
        ("Queen Ida II came. Queen Ida left.", {"Ida II": ["Ida II", "Ida"]}),
        ("Ida Fenwick came. Ida left.", {"Ida Fenwick": ["Ida Fenwick", "Ida"]}),
        ("Ada Quill’s boat sank. Quill’s did not.", {"Ada Quill": ["Ada Quill", "Quill"]}),
        ("Élodie Marsh came. Elodie Marsh left.", {"Élodie Marsh": ["Élodie Marsh", "Elodie Marsh"]}),
    ],
)
def test_occurrences_of_one_person(text: str, expected: dict[str, list[str]]) -> None:
    assert named(text) == expected


def test_husband_and_wife() -> None:
    text = "Tobias Renn and Greta Renn own a ferry. Mrs. Renn steers it; Mr. Renn sells the tickets."
    assert named(text) == {"Tobias Renn": ["Tobias Renn", "Renn"], "Greta Renn": ["Greta Renn", "Renn"]}


def test_husband_and_wife_without_first_names() -> None:
    crowd = people("The ferry belongs to Mr. Renn and Mrs. Renn. It was late when Mrs. Renn left.")
    assert sorted(str(person.gender) for person in crowd.all) == ["female", "male"]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill left Lowmarsh with Ida Fenwick.",
        "Ada Quill met Tobias Renn. “No,” she said.",
        "Mayor Quill told Tobias Renn.",
    ],
)
def test_a_short_sentence_is_no_headline(text: str) -> None:
    assert not any(name.headline for name in find(text))


def test_a_headline_adds_nobody() -> None:
    text = (
        "Ferry Sold By Harbour Board Under Quill\n\nAda Quill sold the ferry on Monday, and nobody was told."
    )
    assert list(named(text)) == ["Ada Quill"]


def person(text: str, name: str) -> Person:
    [wanted] = [person for person in people(text).all if person.name == name]
    return wanted


@pytest.mark.parametrize(
    ("text", "name", "kind", "gender"),
    [
        ("Ada Quill came.", "Ada Quill", "person", "female"),
        ("Tobias Renn came.", "Tobias Renn", "person", "male"),
        ("Mrs. Fenwick came.", "Fenwick", "person", "female"),
        ("Mr. Fenwick came.", "Fenwick", "person", "male"),
        ("Mayor Fenwick came.", "Fenwick", "person", None),
        ("Fenwick came.", "Fenwick", "unknown", None),
        (
            "Caldross County Council met and voted against the plan.",
            "Caldross County Council",
            "organization",
            None,
        ),
        (
            "The Association of Lowmarsh Fishers met and voted against the plan.",
            "Association of Lowmarsh Fishers",
            "organization",
            None,
        ),
    ],
)
def test_what_a_name_tells(text: str, name: str, kind: str, gender: str | None) -> None:
    who = person(text, name)
    assert (who.kind, who.gender) == (kind, gender)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("arkwrigt", "Arkwright"),
        ("arkwrihgt", "Arkwright"),
        ("arkwright", None),
        ("arkwr", None),
        ("fenwick", None),
        ("rein", None),
    ],
)
def test_a_misspelt_surname(word: str, name: str | None) -> None:
    crowd = people("Arkwright came. So did Renn.")
    who = crowd.misspelt(word)
    assert (who and who.name) == name


def resolver(text: str, subjects: Iterable[Mention] = (), speakers: Path | None = None) -> Resolver:
    return Resolver(mark(text), data.registry(speakers), subjects)


PRONOUNS = {"he", "she", "they", "it", "i", "we", "him", "her"}


def mention(text: str, words: str, which: int = -1) -> Mention:
    """The last occurrence of some words as a mention, or the first one."""
    start = text.rindex(words) if which < 0 else text.index(words)
    head = words.split()[-1].lower()
    form: Form = "nominal"
    if head in PRONOUNS:
        form = "pronoun"
    elif words[0].isupper() and not words.startswith("The "):
        form = "name"
    paragraph = sum(end <= start for _, end in marks.paragraphs(text))
    return Mention(start, start + len(words), form, head, head in ("they", "we"), 0, paragraph)


def who(text: str, words: str) -> Resolution:
    return resolver(text).resolve(mention(text, words), Learned())


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ada Quill met Tobias Renn at the harbour. “No,” she said.", "she", "Ada Quill"),
        ("Ada Quill met Tobias Renn at the harbour. “No,” he said.", "he", "Tobias Renn"),
        # The subject rather than whoever stands behind a preposition.
        ("Ada Quill walked with Ida Fenwick. “No,” she said.", "she", "Ada Quill"),
        # The nearest subject.
        ("Ada Quill left. Ida Fenwick stayed. “No,” she said.", "she", "Ida Fenwick"),
        # A name within quotation marks is less likely.
        ("Ada Quill came. “Ida Fenwick is odd,” she said.", "she", "Ada Quill"),
        # The owner is less likely than the subject.
        ("Ada Quill sold Ida Fenwick’s boat. “No,” she said.", "she", "Ada Quill"),
        ("Mrs. Fenwick met Mr. Vale at the harbour. “No,” she said.", "she", "Fenwick"),
        # No one agrees; or nobody is there.
        ("Tobias Renn came. “No,” she said.", "she", None),
        ("It rained. “No,” he said.", "he", None),
        ("Ada Quill came. “No,” I said.", "I", None),
        ("Ada Quill came. “No,” they said.", "they", None),
    ],
)
def test_pronouns(text: str, words: str, expected: str | None) -> None:
    assert who(text, words).name == expected


@given(
    sentences=st.lists(st.sampled_from(NARRATION), min_size=1, max_size=25),
    pronoun=st.sampled_from(["he", "she", "it"]),
    told=st.booleans(),
)
def test_who_is_not_weighed_is_not_the_likeliest(sentences: list[str], pronoun: str, told: bool) -> None:
    text = f"{' '.join(sentences)} “Yes,” {pronoun} said."
    resolving = resolver(text, [mention(text, "Renn")] if "Renn" in text else [])
    everybody = [person for person in resolving.people.all if person.occurrences]
    spoke = [(person.occurrences[0].start, person) for person in everybody[:2]]
    learned, start = Learned(spoke), text.rindex(pronoun)
    before = Told(start, everybody[0], everybody[-1], asked=True) if told and everybody else None
    found, score = resolving.antecedents.best(pronoun, start, learned, told=before)
    scores = {
        person: of_places(places)
        + of_standing(resolving.antecedents.standing(person, GENDERS.get(pronoun), learned, beside))
        for beside in [resolving.antecedents.beside(start, told=before)]
        for person, places in resolving.antecedents.candidates(pronoun, start, learned).items()
    }
    assert score == max([FLOOR, *scores.values()])
    assert found is None or scores[found] == score


def test_who_spoke_last_speaks_on() -> None:
    text = "Tobias Renn met Silas Vale at the harbour. “No,” Renn said.\n\n“Never,” he added."
    answers, learned = resolver(text), Learned()
    assert answers.resolve(mention(text, "Renn"), learned).name == "Tobias Renn"
    assert answers.resolve(mention(text, "he"), learned).name == "Tobias Renn"


@pytest.mark.parametrize(
    ("text", "words", "name", "kind"),
    [
        ("Ada Quill, the mayor, came. “No,” the mayor said.", "the mayor", "Ada Quill", "person"),
        ("Mayor Ada Quill came. “No,” the mayor said.", "the mayor", "Ada Quill", "person"),
        ("The mayor, Ada Quill, came. “No,” the mayor said.", "the mayor", "Ada Quill", "person"),
        ("Campaign manager Tobias Renn came. “No,” the campaign manager said.", "the campaign manager",
         "Tobias Renn", "person"),
        ("Sen. Ada Quill came. “No,” the senator said.", "the senator", "Ada Quill", "person"),
        ("Ada Quill, the mayor of Lowmarsh, met Ida Fenwick, the mayor of Caldross. “No,” the mayor of"
         " Lowmarsh said.", "the mayor of Lowmarsh", "Ada Quill", "person"),
        # Another's role, an indefinite one, and one that nobody holds.
        ("Ada Quill, the mayor, came. “No,” the surveyor said.", "the surveyor", None, "anonymous"),
        ("Ada Quill, a lawyer, came. “No,” a lawyer said.", "a lawyer", None, "anonymous"),
        ("Ada Quill came. “No,” a senior official said.", "a senior official", None, "anonymous"),
        ("Ada Quill came. “No,” a source close to Quill said.", "a source close to Quill", None, "anonymous"),
        # Bodies.
        ("The Caldross Bridge Inquiry sat. “No,” the inquiry said.", "the inquiry", "Caldross Bridge Inquiry",
         "organization"),
        ("“No,” the report said.", "the report", None, "organization"),
        ("“No,” the council said.", "the council", None, "organization"),
    ],
)  # fmt: skip
def test_roles(text: str, words: str, name: str | None, kind: str) -> None:
    start = text.rindex(words)
    heads = {"the mayor of Lowmarsh": "mayor", "a source close to Quill": "source"}
    head = heads.get(words, words.split()[-1].lower())
    answer = resolver(text).resolve(
        Mention(start, start + len(words), "nominal", head, False, 0, 0), Learned()
    )
    assert (answer.name, answer.kind) == (name, kind)


@pytest.mark.parametrize(
    ("words", "head", "plural", "kind"),
    [
        ("residents", "residents", True, "group"),
        ("police", "police", False, "group"),
        ("two officials", "officials", True, "anonymous"),
        ("a source", "source", False, "anonymous"),
        ("a baker", "baker", False, "anonymous"),
    ],
)
def test_the_kind_of_an_unnamed_source(words: str, head: str, plural: bool, kind: str) -> None:
    text = f"“No,” {words} said."
    start = text.index(words)
    answer = resolver(text).resolve(
        Mention(start, start + len(words), "nominal", head, plural, 0, 0), Learned()
    )
    assert (answer.name, answer.kind) == (None, kind)


def test_the_kind_of_a_pronoun_without_antecedent() -> None:
    assert who("“No,” they said.", "they").kind == "group"
    assert who("“No,” she said.", "she").kind == "unknown"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ada Quill came. “No,” Quill said.", "Quill", "Ada Quill"),
        ("“No,” Quill said.", "Quill", "Quill"),
        ("Delphine Arkwright came. “No,” Arkwrigt said.", "Arkwrigt", "Delphine Arkwright"),
        ("Arkwright came. Arkwrigt came, too. “No,” Arkwrigt said.", "Arkwrigt", "Arkwrigt"),
        ("Rudy Giuliani came. Later Giuliani left.", "Giuliani", "Rudy Giuliani"),
        ("Rudolph Giuliani came. Later Giuliani left.", "Giuliani", "Rudy Giuliani"),
    ],
)
def test_names_of_speakers(text: str, words: str, expected: str) -> None:
    assert who(text, words).name == expected


def test_the_chain_tells_the_steps() -> None:
    text = "Rudolph Giuliani came. Later Giuliani left."
    assert who(text, "Giuliani").chain == ("Giuliani", "Rudy Giuliani (registry)")
    text = "Ada Quill came. “No,” she said."
    assert who(text, "she").chain == ("she", "Ada Quill")


def test_a_known_role_means_its_holder_only_when_the_text_names_that_person() -> None:
    named_once = "Jeff Sessions recused himself. Later the attorney general left."
    assert who(named_once, "the attorney general").name == "Jeff Sessions"
    unnamed = "It rained in Lowmarsh. “No,” the attorney general said."
    assert who(unnamed, "the attorney general").name is None


def test_what_the_text_says_of_a_role_goes_before_the_registry() -> None:
    text = (
        "Jeff Sessions is not Ada Quill, the attorney general of Caldross. Later the attorney general left."
    )
    assert who(text, "the attorney general").name == "Ada Quill"


@pytest.mark.parametrize(
    ("speaker", "gender"),
    [
        (data.Speaker(name="Judith Farr"), "female"),
        (data.Speaker(name="Judith Farr", gender="male"), "male"),
        (data.Speaker(name="Quist Farr"), None),
        (data.Speaker(name="Judith Farr", kind="organization"), None),
    ],
)
def test_a_first_name_tells_the_gender_that_an_entry_does_not(
    speaker: data.Speaker, gender: str | None
) -> None:
    assert Draft.of(speaker).gender == gender


@pytest.mark.parametrize(
    ("kind", "gender"), [("organization", None), ("person", "female"), ("person", "male")]
)
def test_of_whom_kind_and_gender_are_known_no_role_tells_more(
    kind: PersonKind, gender: data.Gender | None
) -> None:
    person = Draft(("ada", "quill"), "Ada Quill", kind, gender)
    assert person.learned
    for role in (*data.titles().nouns, "old", "harbourmistress"):
        person.learn((role,))
    assert (person.kind, person.gender) == (kind, gender)


OWN = """
[[speaker]]
name = "Adelheid Quill"
kind = "person"
gender = "female"
aliases = ["Ada Quill", "Heidi Quill"]
roles = ["mayor of Lowmarsh"]
twitter = ["mayorquill"]

[[speaker]]
name = "Rudy Giuliani"
kind = "person"
aliases = ["Mayor Rudy"]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "speakers.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("“No,” Ada Quill said.", "Ada Quill", "Adelheid Quill"),
        ("Heidi Quill came. “No,” Quill said.", "Quill", "Adelheid Quill"),
        ("Ada Quill came, and Heidi Quill left. “No,” she said.", "she", "Adelheid Quill"),
        # The speakers that ship are still known, but for what the file says of them anew.
        ("Sean M. Spicer came. Later Spicer left.", "Spicer", "Sean Spicer"),
        ("Rudolph Giuliani came. Later Giuliani left.", "Giuliani", "Rudolph Giuliani"),
    ],
)
def test_a_file_of_ones_own(own: Path, text: str, words: str, expected: str) -> None:
    assert resolver(text, speakers=own).resolve(mention(text, words), Learned()).name == expected


def test_a_twitter_handle(own: Path) -> None:
    text = "“No,” @mayorquill tweeted."
    start = text.index("@")
    handle = Mention(start, start + len("@mayorquill"), "name", "@mayorquill", False, 0, 0)
    assert resolver(text, speakers=own).resolve(handle, Learned()).name == "Adelheid Quill"
    assert resolver(text).resolve(handle, Learned()).name == "@mayorquill"


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "speakers.toml"
    path.write_text("[[speaker]]\nname = 3\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"speakers\.toml"):
        data.registry(path)
    with pytest.raises(DataError, match="nobody"):
        data.registry(tmp_path / "nobody.toml")
