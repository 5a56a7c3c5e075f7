"""The word lists load, say what is meant, and complain in a way that helps."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from quotes import data
from quotes.data import schemas as files
from quotes.errors import DataError

LOADERS = [
    data.cues,
    data.titles,
    data.first_names,
    data.nicknames,
    data.marks,
    data.registry,
    data.role_words,
]


@pytest.mark.parametrize("load", LOADERS, ids=lambda load: str(load.__name__))
def test_a_list_loads_once(load: Callable[[], object]) -> None:
    assert load() is load()


# --- Inflection ---


@pytest.mark.parametrize(
    ("lemma", "irregular", "third", "past", "participle", "gerund"),
    [
        ("argue", [], "argues", "argued", "argued", "arguing"),
        ("deny", [], "denies", "denied", "denied", "denying"),
        ("convey", [], "conveys", "conveyed", "conveyed", "conveying"),
        ("quip", [], "quips", "quipped", "quipped", "quipping"),
        ("sob", [], "sobs", "sobbed", "sobbed", "sobbing"),
        ("shout", [], "shouts", "shouted", "shouted", "shouting"),
        ("scoff", [], "scoffs", "scoffed", "scoffed", "scoffing"),
        ("offer", [], "offers", "offered", "offered", "offering"),
        ("preach", [], "preaches", "preached", "preached", "preaching"),
        ("confess", [], "confesses", "confessed", "confessed", "confessing"),
        ("echo", [], "echoes", "echoed", "echoed", "echoing"),
        ("coo", [], "coos", "cooed", "cooed", "cooing"),
        ("agree", [], "agrees", "agreed", "agreed", "agreeing"),
        ("lie", [], "lies", "lied", "lied", "lying"),
        ("panic", [], "panics", "panicked", "panicked", "panicking"),
        ("tweet", [], "tweets", "tweeted", "tweeted", "tweeting"),
        ("say", ["said"], "says", "said", "said", "saying"),
        ("write", ["wrote", "written"], "writes", "wrote", "written", "writing"),
        ("admit", ["admitted", "admitting"], "admits", "admitted", "admitted", "admitting"),
        ("sing", ["sang", "sung"], "sings", "sang", "sung", "singing"),
        ("read", ["read"], "reads", "read", "read", "reading"),
        ("have", ["has", "had"], "has", "had", "had", "having"),
    ],
)
def test_verbs_are_inflected(
    lemma: str, irregular: list[str], third: str, past: str, participle: str, gerund: str
) -> None:
    forms = data.inflect(lemma, irregular)
    expected = {"base": lemma, "third": third, "past": past, "participle": participle, "gerund": gerund}
    assert {kind: form for form, kinds in forms.items() for kind in kinds} == expected


def test_two_spellings_stand_side_by_side() -> None:
    forms = data.inflect("signal", ["signalled", "signaled", "signalling", "signaling"])
    assert forms["signalled"] == forms["signaled"] == ("past", "participle")
    assert forms["signalling"] == forms["signaling"] == ("gerund",)


@pytest.mark.parametrize(
    ("noun", "several"),
    [
        ("official", "officials"),
        ("spokeswoman", "spokeswomen"),
        ("secretary", "secretaries"),
        ("boss", "bosses"),
        ("wife", "wives"),
        ("person", "people"),
        ("businessperson", "businesspeople"),
        ("grandchild", "grandchildren"),
        ("attorney general", "attorneys general"),
        ("secretary-general", "secretaries-general"),
        ("chief of staff", "chiefs of staff"),
        ("commander in chief", "commanders in chief"),
        ("brother-in-law", "brothers-in-law"),
        ("passer-by", "passers-by"),
        ("passerby", "passersby"),
        ("baby boomer", "baby boomers"),
    ],
)
def test_nouns_have_plurals(noun: str, several: str) -> None:
    assert data.plural(noun) == several


# --- cues.toml ---


@pytest.mark.parametrize(
    ("form", "lemma", "strength", "channel", "kind"),
    [
        ("said", "say", "strong", "speech", "past"),
        ("told", "tell", "strong", "speech", "past"),
        ("adding", "add", "strong", "speech", "gerund"),
        ("argues", "argue", "strong", "speech", "third"),
        ("written", "write", "strong", "writing", "participle"),
        ("tweeted", "tweet", "strong", "tweet", "past"),
        ("posting", "post", "weak", "writing", "gerund"),
        ("read", "read", "weak", "writing", "base"),
        ("laughed", "laugh", "weak", "speech", "past"),
        ("theorised", "theorise", "strong", "speech", "past"),
    ],
)
def test_a_cue_is_found_by_its_form(form: str, lemma: str, strength: str, channel: str, kind: str) -> None:
    cue = data.cues().verbs[form]
    assert (cue.lemma, cue.strength, cue.channel, cue.form) == (lemma, strength, channel, kind)


def test_verbs_that_describe() -> None:
    verbs = data.cues().verbs
    assert verbs["called"].describes
    assert verbs["slammed"].describes
    assert not verbs["said"].describes


def test_there_are_several_hundred_cues() -> None:
    lemmas = {cue.lemma for cue in data.cues().verbs.values()}
    phrases = {phrase.text for group in data.cues().phrases.values() for phrase in group}
    assert len(lemmas) >= 350
    assert len(phrases) >= 100


@pytest.mark.parametrize("word", ["titled", "entitled", "named", "believes", "thought", "stars", "wearing"])
def test_what_harms_is_no_cue(word: str) -> None:
    assert word not in data.cues().verbs
    assert data.cues().never[word]


@pytest.mark.parametrize(
    ("text", "phrase", "side", "channel"),
    [
        ("according to the mayor", "according to", "after", "speech"),
        ("pointed out that", "point out", "before", "speech"),
        ("went on to say that", "go on to say", "before", "speech"),
        ("went on : no", "go on", "before", "speech"),
        ("took to twitter", "take to twitter", "before", "tweet"),
        ("quoted as saying so", "quoted as saying", "before", "speech"),
    ],
)
def test_the_longest_phrase_is_found(text: str, phrase: str, side: str, channel: str) -> None:
    found = data.cues().phrase_at(text.split(), 0)
    assert found is not None
    assert (found.text, found.side, found.channel) == (phrase, side, channel)


@pytest.mark.parametrize("text", ["pointed at it", "went", "according", "nothing here"])
def test_no_phrase_where_there_is_none(text: str) -> None:
    assert data.cues().phrase_at(text.split(), 0) is None


def test_a_noun_names_its_medium() -> None:
    nouns = data.cues().nouns
    assert nouns["statement"] == data.CueNoun("statement", "writing")
    assert nouns["tweets"] == data.CueNoun("tweet", "tweet")
    assert nouns["twitter"].channel == "tweet"


def test_each_doubtful_verb_has_its_reason() -> None:
    """The README's table of doubtful verbs and cues.toml say the same, and each verb's reason is there."""
    table = (data.FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w-]+) \| (strong|weak|never) \| (\d+) \| (\d+) \|", table, re.MULTILINE)
    assert len(rows) > 50
    file = files.read(data.FOLDER / "cues.toml", files.CuesFile)
    listed: dict[str, tuple[str, str | None]]
    listed = {verb.lemma: (verb.strength, verb.reason) for verb in file.verb}
    listed |= {verb.lemma: ("never", verb.reason) for verb in file.never}
    for lemma, strength, claimed, right in rows:
        assert listed[lemma][0] == strength, lemma
        assert listed[lemma][1], lemma
        assert int(right) <= int(claimed), lemma


# --- titles.toml ---


@pytest.mark.parametrize(
    ("title", "gender"),
    [
        ("mr.", "male"),
        ("mr", "male"),
        ("mrs", "female"),
        ("congresswoman", "female"),
        ("president", None),
        ("sen.", None),
        ("lt gov", None),
        ("white house press secretary", None),
        ("attorney general", None),
    ],
)
def test_titles_tell_a_gender_or_none(title: str, gender: str | None) -> None:
    assert data.titles().titles[title] == gender


def test_no_title_is_longer_than_said() -> None:
    titles = data.titles()
    assert max(len(title.split()) for title in titles.titles) == titles.longest_title


@pytest.mark.parametrize(
    ("word", "kind", "gender", "anonymous", "plural"),
    [
        ("spokeswoman", "person", "female", False, False),
        ("spokesmen", "group", "male", False, True),
        ("source", "person", None, True, False),
        ("officials", "group", None, True, True),
        ("attorneys general", "group", None, False, True),
        ("police", "group", None, False, True),
        ("ministries", "organization", None, False, True),
        ("white house", "organization", None, False, False),
        ("report", "document", None, False, False),
    ],
)
def test_nouns_tell_what_they_stand_for(
    word: str, kind: str, gender: str | None, anonymous: bool, plural: bool
) -> None:
    noun = data.titles().nouns[word]
    assert (noun.kind, noun.gender, noun.anonymous, noun.plural) == (kind, gender, anonymous, plural)


@pytest.mark.parametrize("word", ["who", "met", "will", "he", "said", "the"])
def test_everyday_words_are_no_nouns_of_speakers(word: str) -> None:
    assert word not in data.titles().nouns


def test_endings_of_organisations() -> None:
    assert {"inc.", "inc", "times", "university"} <= data.titles().organization_endings


# --- Names ---


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Mary", "female"),
        ("JOHN", "male"),
        ("Siobhán", "female"),
        ("LaMonica", "female"),
        ("Reince", "male"),
        ("Xi", "male"),
        ("Kim", None),
        ("Andrea", None),
        ("Qwrtz", None),
    ],
)
def test_first_names_tell_a_gender(name: str, gender: str | None) -> None:
    assert data.first_names().gender(name) == gender


def test_a_name_that_tells_nothing_is_a_name() -> None:
    assert "Kim" in data.first_names()
    assert "Qwrtz" not in data.first_names()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Rudy", "Rudolph", True),
        ("William", "Bill", True),
        ("Bill", "Will", True),
        ("Steven", "Stephen", True),
        ("Bob", "bob", True),
        ("Bob", "Bill", False),
        ("Qwrtz", "Qwert", False),
    ],
)
def test_nicknames(one: str, other: str, same: bool) -> None:
    assert data.nicknames().same(one, other) is same
    assert data.nicknames().same(other, one) is same


def test_marks() -> None:
    assert {"'em", "'tis", "'til"} <= data.marks().elisions
    assert all(elision.startswith("'") for elision in data.marks().elisions)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  The  Mayor ", "the mayor"),
        ("O’Brien", "o'brien"),
        ("Ségolène", "segolene"),
        ("STRASSE", "strasse"),
    ],
)
def test_fold(text: str, key: str) -> None:
    assert data.fold(text) == key


# --- speakers.toml ---

NAMED = """
Donald Trump, Jeff Sessions, Rudy Giuliani, Sean Spicer, Robert Mueller, Rod Rosenstein, James Comey,
Reince Priebus, Jody Hunt, Sergey Kislyak, Jared Kushner, Kellyanne Conway, Michael Flynn, Rick Dearborn,
Stephen Miller, Jim Sciutto, Chris Christie, Hillary Clinton, Maggie Haberman, Peter Baker, Catherine Garcia,
Cheryl Sanders, Joe Rogan, Ashli Babbitt, LaMonica McIver, Tulsi Gabbard, Joe Biden, Chang W. Lee
"""
BODIES = """
ABC News, CNN, Daily Mail, Entertainment Weekly, Fox News, iNewsToday, NBC News, The New York Times,
The Washington Post, The Week, Wirecutter
"""


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name.strip(), "person") for name in NAMED.split(",")]
    + [(name.strip(), "organization") for name in BODIES.split(",")],
)
def test_whom_the_five_articles_name_is_registered(name: str, kind: str) -> None:
    [speaker] = data.registry().named(name)
    assert (speaker.name, speaker.kind) == (name, kind)
    assert speaker.gender in ("male", "female") if kind == "person" else speaker.gender is None


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Trump", "Donald Trump"),
        ("Donald J. Trump", "Donald Trump"),
        ("Jefferson Beauregard Sessions III", "Jeff Sessions"),
        ("Rudolph W. Giuliani", "Rudy Giuliani"),
        ("new york times", "The New York Times"),
    ],
)
def test_aliases_lead_to_the_name(alias: str, name: str) -> None:
    assert [speaker.name for speaker in data.registry().named(alias)] == [name]


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("the president", "Donald Trump"),
        ("attorney general", "Jeff Sessions"),
        ("White House press secretary", "Sean Spicer"),
    ],
)
def test_roles_lead_to_the_name(role: str, name: str) -> None:
    assert [speaker.name for speaker in data.registry().in_role(role)] == [name]


@pytest.mark.parametrize("handle", ["@realDonaldTrump", "realdonaldtrump"])
def test_handles_lead_to_the_name(handle: str) -> None:
    speaker = data.registry().tweeting_as(handle)
    assert speaker is not None
    assert (speaker.name, speaker.wikidata) == ("Donald Trump", "Q22686")


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        ("@realDonaldTrump", "Donald Trump"),
        ("@seanspicer", "Sean Spicer"),
        ("@RudyGiuliani", "Rudy Giuliani"),
        ("@jeffsessions", "Jeff Sessions"),
        ("@PressSec", "White House Press Secretary"),
    ],
)
def test_accounts_of_2017(handle: str, name: str) -> None:
    speaker = data.registry().tweeting_as(handle)
    assert speaker is not None
    assert speaker.name == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (None, "White House Press Secretary"),
        ("2017-01-19", "White House Press Secretary"),
        ("2017-01-20", "Sean Spicer"),
        ("2017-06-06T23:59:59+00:00", "Sean Spicer"),
        ("2017-07-21", "White House Press Secretary"),
        ("2017-07-26", "Sarah Huckabee Sanders"),
        ("2019-07-01", "White House Press Secretary"),
        ("no day", "White House Press Secretary"),
    ],
)
def test_an_offices_account_is_its_holders_of_the_day(day: str | None, name: str) -> None:
    speaker = data.registry().tweeting_as("@PressSec", day)
    assert speaker is not None
    assert speaker.name == name


def test_an_office_is_no_name_in_a_text() -> None:
    assert data.registry().named("White House Press Secretary") == ()
    assert {speaker.name for speaker in data.registry().holders("presssec")} == {
        "Sean Spicer",
        "Sarah Huckabee Sanders",
    }
    assert data.registry().holders("@seanspicer") == ()


def test_a_users_office_and_a_users_account_before_an_office(tmp_path: Path) -> None:
    text = """
    [[speaker]]
    name = "Ada Quill"
    kind = "person"
    gender = "female"
    twitter = ["PressSec"]

    [[office]]
    name = "Mayor of Lowmarsh"
    twitter = ["@LowmarshMayor"]
    holder = [{ name = "Tobias Renn", until = 2017-01-20 }, { name = "Ada Quill", since = 2017-01-20 }]
    """
    registry = data.registry(write(tmp_path, text))
    holders = [registry.tweeting_as("lowmarshmayor", day) for day in ("1999-01-01", "2017-01-20", None)]
    assert [one.name for one in holders if one] == ["Tobias Renn", "Ada Quill", "Mayor of Lowmarsh"]
    assert holders[1] == registry.named("Ada Quill")[0]
    assert registry.tweeting_as("@PressSec", "2017-06-06") == registry.named("Ada Quill")[0]


@pytest.mark.parametrize("written", ["Ned Pell Jr.", "ned pell jr", "Ned Pell, Jr.", "Ned Pell, Jr"])
def test_a_junior_is_registered_however_he_is_written(tmp_path: Path, written: str) -> None:
    registry = data.registry(write(tmp_path, '[[speaker]]\nname = "Ned Pell, Jr."'))
    assert [speaker.name for speaker in registry.named(written)] == ["Ned Pell, Jr."]
    assert registry.named("Ned Pell") == registry.named("Ned Pell Sr.") == ()


def test_a_registered_father_is_not_his_son() -> None:
    assert data.registry().named("Donald Trump Jr.") == ()


def test_who_is_not_registered_is_nobody() -> None:
    registry = data.registry()
    assert registry.named("Ada Quill") == ()
    assert registry.in_role("mayor of Lowmarsh") == ()
    assert registry.tweeting_as("mayorquill") is None


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_users_file_adds_and_overrides(tmp_path: Path) -> None:
    text = """
    [[speaker]]
    name = "Ada Quill"
    roles = ["mayor of Lowmarsh"]
    twitter = ["@MayorQuill"]

    [[speaker]]
    name = "donald  trump"
    aliases = ["The Donald"]
    """
    registry = data.registry(write(tmp_path, text))
    assert [speaker.name for speaker in registry.in_role("the mayor of Lowmarsh")] == ["Ada Quill"]
    assert registry.tweeting_as("mayorquill") == registry.named("Ada Quill")[0]
    assert [speaker.name for speaker in registry.named("Donald Trump")] == ["donald  trump"]
    assert registry.named("Trump") == ()
    assert len(registry.speakers) == len(data.registry().speakers) + 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[speaker]]\nname = "A', "is not valid TOML"),
        (
            '[[speaker]]\nname = "Ada Quill"\nnick = "A"',
            r"speaker number 1 \('Ada Quill'\): nick: is not a known field",
        ),
        ('[[speaker]]\nname = "A B"\n[[speaker]]\ngender = "male"', "speaker number 2: name: is missing"),
        ('[[speaker]]\nname = "Ada Quill"\nkind = "town"', r"\('Ada Quill'\): kind: .*found 'town'"),
        ('[[speaker]]\nname = "Ada Quill"\ngender = "f"', r"\('Ada Quill'\): gender: .*found 'f'"),
        ('[[speaker]]\nname = "Ada Quill"\nwikidata = "42"', r"\('Ada Quill'\): wikidata: .*found '42'"),
        ('[[speaker]]\nname = "Ada Quill"\naliases = "Ada"', r"\('Ada Quill'\): aliases: is not a list"),
        ('[[speaker]]\nname = "Ada Quill"\nroles = [1]', r"\('Ada Quill'\): roles.0: .*found 1"),
        ('[[speaker]]\nname = ""', r"speaker number 1 \(''\): name: .*found ''"),
        (
            '[[speaker]]\nname = "Ada Quill"\n[[speaker]]\nname = "ADA QUILL"',
            "'ADA QUILL' is listed twice",
        ),
        ('[speaker]\nname = "Ada Quill"', r"speaker: is not a list.*\[\[speaker\]\]"),
        ('speaker = ["Ada Quill"]', "speaker number 1: .*found 'Ada Quill'"),
        ("", "speaker: is missing"),
        ('[[person]]\nname = "Ada Quill"', "speaker: is missing"),
    ],
)
def test_a_bad_registry_names_the_file_and_the_entry(tmp_path: Path, text: str, complaint: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(DataError, match=complaint) as error:
        data.registry(path)
    assert str(error.value).startswith(f"{path}: ")


def test_one_handle_cannot_be_two_peoples(tmp_path: Path) -> None:
    text = '[[speaker]]\nname = "A B"\ntwitter = ["ab"]\n[[speaker]]\nname = "C D"\ntwitter = ["@AB"]'
    with pytest.raises(DataError, match="'@AB' is listed twice"):
        data.registry(write(tmp_path, text))


def test_a_registry_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read"):
        data.registry(tmp_path / "none.toml")


def test_a_registry_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('[[speaker]]\nname = "Siobhán Quill"'.encode("latin-1"))
    with pytest.raises(DataError, match="is not UTF-8"):
        data.registry(path)


def test_a_registry_from_windows(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b'\xef\xbb\xbf[[speaker]]\r\nname = "Ada Quill"\r\n')
    assert data.registry(path).named("Ada Quill")


# --- Malformed lists ---

SAY = '{ lemma = "say", strength = "strong" }'


def cues_file(folder: Path, verb: str = SAY, phrase: str = "", noun: str = "", never: str = "") -> Path:
    return write(
        folder, f"verb = [{verb}]\nphrase = [{phrase}]\nnoun = [{noun}]\nnever = [{never}]\n", "cues.toml"
    )


def test_a_small_list_of_cues_is_enough(tmp_path: Path) -> None:
    assert set(data.cues(cues_file(tmp_path)).verbs) == {"say", "says", "sayed", "saying"}


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ({"verb": f"{SAY}, {SAY}"}, "'say' is listed twice"),
        (
            {"verb": '{ lemma = "say", strength = "firm" }'},
            r"verb number 1 \('say'\): strength: .*found 'firm'",
        ),
        ({"verb": '{ lemma = "say" }'}, r"verb number 1 \('say'\): strength: is missing"),
        (
            {"verb": '{ lemma = "say", strength = "weak", why = "x" }'},
            r"\('say'\): why: is not a known",
        ),
        (
            {"verb": '{ lemma = "say", strength = "weak", channel = "sky" }'},
            r"\('say'\): channel: .*found 'sky'",
        ),
        ({"never": '{ lemma = "say", reason = "x" }'}, "is a form of the verb 'say'"),
        ({"never": '{ lemma = "name" }'}, r"never number 1 \('name'\): reason: is missing"),
        (
            {"phrase": '{ text = "per", strength = "weak", side = "left" }'},
            r"\('per'\): side: .*found 'left'",
        ),
        (
            {"phrase": ", ".join(2 * ['{ text = "per", strength = "weak", side = "after" }'])},
            "'per' is listed twice",
        ),
        (
            {"never": '{ lemma = "name", reason = "x" }]\nsaying = ["name"'},
            "'name' is not in the list `verb`",
        ),
        ({"noun": '{ lemma = "press release", channel = "writing" }'}, r"\('press release'\): lemma: "),
        ({"noun": ", ".join(2 * ['{ lemma = "tweet", channel = "tweet" }'])}, "'tweet' is listed twice"),
    ],
)
def test_malformed_cues(tmp_path: Path, tables: dict[str, str], complaint: str) -> None:
    path = cues_file(tmp_path, **tables)
    with pytest.raises(DataError, match=complaint) as error:
        data.cues(path)
    assert str(error.value).startswith(f"{path}: ")


def test_two_verbs_must_not_share_a_form(tmp_path: Path) -> None:
    verbs = '{ lemma = "find", strength = "weak", forms = ["found"] }, { lemma = "found", strength = "weak" }'
    with pytest.raises(DataError, match=r"'found' is also a form of 'find'"):
        data.cues(cues_file(tmp_path, verb=verbs))


def test_a_name_stands_in_one_list_only(tmp_path: Path) -> None:
    path = write(tmp_path, 'female = "ada jo"\nmale = "jo"\nboth = ""\n')
    with pytest.raises(DataError, match="'jo' is listed twice"):
        data.first_names(path)


def test_nothing_can_be_changed() -> None:
    with pytest.raises(ValidationError):
        data.registry().speakers[0].name = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        data.cues().verbs["x"] = data.cues().verbs["said"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        data.cues().verbs["said"].lemma = "x"  # type: ignore[misc]
