"""Whose words a post has, and which posts are one statement."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes import Document, Extractor, Quotation
from quotes.extractor import mark
from quotes.record.posts import POST_RULES
from quotes.records import Metadata
from quotes.text.marks import paragraphs, segments
from quotes.tweets.embedded import footers
from quotes.tweets.posts import others, own_parts
from quotes.tweets.threads import joined

ME = "@portellery"


class Said(NamedTuple):
    """What a record says: whose words, by which rule, and its parts' words."""

    who: str | None
    rule: str
    parts: list[str]


def own(*parts: str) -> Said:
    return Said("Port Ellery Council", "tweet-author", list(parts))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(with_text=True)


def records(extractor: Extractor, text: str, account: str = ME, **known: str) -> tuple[Quotation, ...]:
    metadata = Metadata(**({"author": "Port Ellery Council"} | known))
    post = Document(doc_id="1", text=text, posted_by=account, metadata=metadata)
    [record] = extractor.pipe([post])
    return record.quotations


CASES: list[tuple[str, list[Said]]] = [
    ("The ferry is sold. Sad!", [own("The ferry is sold. Sad!")]),
    ("The ferry is sold 🚢🎉", [own("The ferry is sold 🚢🎉")]),
    ("🚢🚢", [own("🚢🚢")]),
    ("The ferry is sold #lowmarsh", [own("The ferry is sold #lowmarsh")]),
    ("It was 9/11 that year, and never 24/7", [own("It was 9/11 that year, and never 24/7")]),
    # Whom it answers, and what it links to.
    ("@adaquill @tubs_renn We know. https://t.co/a https://t.co/b", [own("We know.")]),
    ("https://t.co/a We know.pic.twitter.com/b", [own("We know.")]),
    ("We know https://t.co/a for long", [own("We know https://t.co/a for long")]),
    ("@portferry is late again", [own("@portferry is late again")]),
    ("@portferry are you late again?", [own("are you late again?")]),
    ("@adaquill: thanks for that", [own("thanks for that")]),
    ("@adaquill’s speech was long", [own("@adaquill’s speech was long")]),
    # Nobody says a word.
    ("", []),
    ("https://t.co/a", []),
    ("@adaquill @tubs_renn", []),
    ("…", []),
    # Retweets.
    ("RT @adaquill: It is sold. https://t.co/a", [Said("@adaquill", "retweet", ["It is sold."])]),
    ("RT @adaquill It is sold.", [Said("@adaquill", "retweet", ["It is sold."])]),
    ("MT @adaquill: It is sold.", [Said("@adaquill", "retweet", ["It is sold."])]),
    ("True! RT @adaquill: It is sold.", [own("True!"), Said("@adaquill", "retweet", ["It is sold."])]),
    ("RT @adaquill: RT @tubs_renn: It is sold.", [Said("@tubs_renn", "retweet", ["It is sold."])]),
    (
        "RT @adaquill: Yes! RT @tubs_renn: It is sold.",
        [Said("@adaquill", "retweet", ["Yes!"]), Said("@tubs_renn", "retweet", ["It is sold."])],
    ),
    ("PLEASE RT @adaquill and us", [own("PLEASE RT @adaquill and us")]),
    ("RT if you want the ferry back", [own("RT if you want the ferry back")]),
    ("ART @adaquill: a show", [own("ART @adaquill: a show")]),
    # Manual retweets.
    (
        '"@adaquill: It is sold." At last!',
        [Said("@adaquill", "manual-retweet", ["It is sold."]), own("At last!")],
    ),
    (
        '""@adaquill: It is sold"" At last!',
        [Said("@adaquill", "manual-retweet", ["It is sold"]), own("At last!")],
    ),
    (
        "So: “@adaquill: @portellery you are the best” Thanks!",
        [own("So:", "Thanks!"), Said("@adaquill", "manual-retweet", ["you are the best"])],
    ),
    (
        '"@adaquill: He said "no" to us" Right. He said "no" twice',
        [
            Said("@adaquill", "manual-retweet", ['He said "no" to us']),
            own('Right. He said "no" twice'),
        ],
    ),
    (
        '"@adaquill: "@tubs_renn: It is sold" I fear" Wow',
        [
            Said("@tubs_renn", "manual-retweet", ["It is sold"]),
            Said("@adaquill", "manual-retweet", ["I fear"]),
            own("Wow"),
        ],
    ),
    ('"@adaquill: It is sold', [Said("@adaquill", "manual-retweet", ["It is sold"])]),
    ("'@adaquill: don't sell it' ok", [Said("@adaquill", "manual-retweet", ["don't sell it"]), own("ok")]),
    ('We love "@portferry" most', [own('We love "@portferry" most')]),
    # Credits.
    (
        "“It is sold and gone.” @adaquill",
        [Said("@adaquill", "tweet-credit", ["“It is sold and gone.”"])],
    ),
    (
        '"It is sold and gone." - Ada Quill https://t.co/a #sad',
        [Said("Ada Quill", "tweet-credit", ['"It is sold and gone."']), own("#sad")],
    ),
    (
        "“It is sold and gone.” — Ada Quill, mayor of Port Ellery 🎉",
        [Said("Ada Quill", "tweet-credit", ["“It is sold and gone.”"])],
    ),
    (
        "Wise words. “It is sold and gone.” – @adaquill",
        [own("Wise words."), Said("@adaquill", "tweet-credit", ["“It is sold and gone.”"])],
    ),
    ("Watch “The Morning Tide” @ktv tonight", [own("Watch “The Morning Tide” @ktv tonight")]),
    ("Watch “The Morning Tide” @ktv", [own("Watch “The Morning Tide” @ktv")]),
    ("“The Morning Tide Is Out” @ktv", [own("“The Morning Tide Is Out” @ktv")]),
    ("A “mess” @adaquill", [own("A “mess” @adaquill")]),
    ("“It is sold and gone.” @adaquill is right", [own("“It is sold and gone.” @adaquill is right")]),
    # Clauses.
    (
        "Mayor Ada Quill said: “The ferry is sold and gone.” We are sorry.",
        [Said("Ada Quill", "before-quotation", ["“The ferry is sold and gone.”"]), own("We are sorry.")],
    ),
    (
        "“The ferry is sold,” said Ada Quill. At last!",
        [Said("Ada Quill", "after-quotation", ["“The ferry is sold,”"]), own("At last!")],
    ),
    ("Ada Quill called it “a mess” and left.", [own("Ada Quill called it “a mess” and left.")]),
    ("I said: “We will not sell it.” Never!", [own("I said: “We will not sell it.” Never!")]),
    ("The so-called “angry mob” was polite.", [own("The so-called “angry mob” was polite.")]),
    ("“It is sold and gone.”", [own("“It is sold and gone.”")]),
    # Threads, joined: a part a tweet.
    (
        "@adaquill Sold, 1/2\n\n@portellery and gone. 2/2 https://t.co/a",
        [own("Sold,", "and gone.")],
    ),
    ("(1/3) One.\n\n(2/3) Two.\n\n(3/3) Three.", [own("One.", "Two.", "Three.")]),
    ("Sold....\n\n....and gone.", [own("Sold....", "....and gone.")]),
    ("Sold.\n\n@ktv has it.", [own("Sold.", "@ktv has it.")]),
    ("1/2 of it is sold.\n\nThe rest is not.", [own("1/2 of it is sold.", "The rest is not.")]),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:50] for text, _ in CASES])
def test_whose_words_they_are(extractor: Extractor, text: str, expected: list[Said]) -> None:
    found = records(extractor, text)
    said = [Said(one.speaker_name, one.rule, [text[a:b] for a, b in one.parts]) for one in found]
    # A record stands where its first part does; the author's may go around another's.
    assert said == sorted(expected, key=lambda one: text.index(one.parts[0]))
    for one in found:
        assert (one.kind, one.cue) == ("direct", None) or one.rule not in POST_RULES
        assert (one.speaker is None) == (one.rule == "tweet-author")
        assert one.channel == "tweet" or one.rule not in POST_RULES
        assert one.text == " ".join(text[a:b] for a, b in one.parts)


@pytest.mark.model
@pytest.mark.parametrize(
    ("account", "known", "expected"),
    [
        ("@jeffsessions", {}, ("Jeff Sessions", "person")),
        ("@JEFFSESSIONS", {}, ("Jeff Sessions", "person")),
        ("@realDonaldTrump", {"author": "Donald J. Trump"}, ("Donald Trump", "person")),
        ("@seanspicer", {}, ("Sean Spicer", "person")),
        ("@RudyGiuliani", {}, ("Rudy Giuliani", "person")),
        ("@PressSec", {"date": "2017-06-06T10:00:00+00:00"}, ("Sean Spicer", "person")),
        ("@PressSec", {"date": "2017-07-20"}, ("Sean Spicer", "person")),
        ("@PressSec", {"date": "2017-07-26"}, ("Sarah Huckabee Sanders", "person")),
        ("@PressSec", {"date": "2010-01-01"}, ("White House Press Secretary", "organization")),
        ("@PressSec", {}, ("White House Press Secretary", "organization")),
        ("@adaquill", {"author": "Ada Quill"}, ("Ada Quill", "person")),
        ("@harbour", {"author": "Port Ellery Harbour Board"}, ("Port Ellery Harbour Board", "organization")),
        ("@tubs", {"author": "tubs 🐟"}, ("tubs 🐟", "unknown")),
    ],
)
def test_whose_account_it_is(
    extractor: Extractor, account: str, known: dict[str, str], expected: tuple[str, str]
) -> None:
    [one] = records(extractor, "Good morning.", account, **known)
    assert (one.speaker_name, one.speaker_kind, one.rule) == (*expected, "tweet-author")


@pytest.mark.model
def test_an_account_without_a_name_goes_by_its_handle(extractor: Extractor) -> None:
    [record] = extractor.pipe([Document(doc_id="1", text="Good morning.", posted_by=ME)])
    assert [one.speaker_name for one in record.quotations] == [ME]


@pytest.mark.model
def test_a_retweeted_office_is_its_holders_of_the_day(extractor: Extractor) -> None:
    [one] = records(extractor, "RT @PressSec: Good morning.", date="2018-01-01T10:00:00")
    assert (one.speaker_name, one.rule) == ("Sarah Huckabee Sanders", "retweet")


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@PressSec: “The briefing is at noon today.”\n\nSean Spicer was early.", "Sean Spicer"),
        ("@PressSec: “The briefing is at noon today.”", "White House Press Secretary"),
    ],
)
def test_an_office_in_an_article_is_the_holder_whom_it_names(
    extractor: Extractor, text: str, name: str
) -> None:
    assert [one.speaker_name for one in extractor.extract(text)] == [name]


@pytest.mark.model
def test_a_post_has_nothing_unattributed(extractor: Extractor) -> None:
    post = Document(doc_id="1", text="The “angry mob” was polite.", posted_by=ME)
    [record] = Extractor(include_unattributed=True).pipe([post])
    assert [one.rule for one in record.quotations] == ["tweet-author"]


POST = st.lists(
    st.sampled_from(
        ["RT @a:", "RT", "@a", "@bc:", '"', "“", "”", "'", "’", "…", "....", "1/2", "(2/2)", "\n", "\n\n",
         " ", "- Ada Quill", "— @a", "https://t.co/x", "said", "Ada Quill", "The ferry is sold.", "🚢", "#x",
         ":", "\ud800", "(@a) June 5, 2017", ">"]
    )
    | st.text(max_size=4),
    max_size=14,
).map("".join)  # fmt: skip


@pytest.mark.model
@settings(deadline=None)  # the first example loads the model
@given(text=POST)
def test_no_words_are_two_peoples(extractor_of: Extractor, text: str) -> None:
    [record] = extractor_of.pipe([Document(doc_id="1", text=text, posted_by=ME)])
    parts = sorted(part for one in record.quotations for part in one.parts)
    assert all(0 <= a < b <= len(text) for a, b in parts)
    assert all(one[1] <= other[0] for one, other in pairwise(parts))
    assert len({one.quote_id for one in record.quotations}) == len(record.quotations)
    for one in record.quotations:
        assert one.speaker is None or text[one.speaker.start : one.speaker.end] == one.speaker.text


@pytest.fixture(scope="session")
def extractor_of() -> Extractor:
    return Extractor()


@pytest.mark.parametrize(
    "unit",
    ['"@a: ', "RT @a: ", "https://", "https://t.co/x ", "@a ", "“@a: x” ", "....", "\n \n",
     "x “y z w” - Ada Quill ", " ", "1/2 ", "— (@a) "],
)  # fmt: skip
def test_a_post_of_one_thing_many_times_is_soon_done(unit: str) -> None:
    # It would run for hours if a pattern went back and forth; the time itself is no matter.
    text = unit * 20_000
    found = others(text, segments(text))
    own_parts(text, [one.whole for one in found], ME)
    list(joined([post("1", text), post("2", text)]))


# --- Threads ---


def post(number: str, text: str, account: str = ME, day: str | None = None) -> Document:
    return Document(doc_id=number, text=text, posted_by=account, metadata=Metadata(date=day))


THREADS: list[tuple[str, list[str], list[str]]] = [
    ("numbers at the end", ["a 1/2", "b 2/2"], ["a 1/2\n\nb 2/2"]),
    ("numbers at the head", ["1/3 a", "2/3 b", "(3/3) c"], ["1/3 a\n\n2/3 b\n\n(3/3) c"]),
    ("no total", ["1/ a", "2/ b"], ["1/ a\n\n2/ b"]),
    ("behind whom they answer", ["@x 1/2 a", "@x 2/2 b"], ["@x 1/2 a\n\n@x 2/2 b"]),
    ("before a link", ["a 1/2 https://t.co/x", "b 2/2"], ["a 1/2 https://t.co/x\n\nb 2/2"]),
    ("dots", ["a....", "....b....", "...c"], ["a....\n\n....b....\n\n...c"]),
    ("ellipses", ["a…", "… b"], ["a…\n\n… b"]),
    ("dots on one side only", ["a....", "b"], ["a....", "b"]),
    ("dots on the other side only", ["a", "....b"], ["a", "....b"]),
    ("another total", ["a 1/2", "b 2/3"], ["a 1/2", "b 2/3"]),
    ("a number left out", ["a 1/3", "b 3/3"], ["a 1/3", "b 3/3"]),
    ("a number twice", ["a 1/2", "b 1/2"], ["a 1/2", "b 1/2"]),
    ("dates", ["never forget 9/11", "sold on 10/11"], ["never forget 9/11\n\nsold on 10/11"]),
    ("more than all", ["a 6/5", "b 7/5"], ["a 6/5", "b 7/5"]),
    ("another tweet between", ["a 1/2", "x", "b 2/2"], ["a 1/2", "x", "b 2/2"]),
    ("retweets", ["RT @x: a....", "RT @x: ....b"], ["RT @x: a....", "RT @x: ....b"]),
    ("a tweet alone", ["x"], ["x"]),
]


@pytest.mark.parametrize("reverse", [False, True], ids=["old to new", "new to old"])
@pytest.mark.parametrize(("name", "texts", "expected"), THREADS, ids=[name for name, *_ in THREADS])
def test_threads(name: str, texts: list[str], expected: list[str], reverse: bool) -> None:
    tweets = [post(str(number), text) for number, text in enumerate(texts, 1)]
    found = list(joined(reversed(tweets) if reverse else tweets))
    assert [one.text for one in (reversed(found) if reverse else found)] == expected
    assert {one.doc_id for one in found} <= {tweet.doc_id for tweet in tweets}
    if len(expected) == 1:
        assert found[0].doc_id == "1"


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (post("1", "a 1/2", day="2017-06-05T10:00:00"), post("2", "b 2/2", day="2017-06-05T10:01:00"), True),
        (post("1", "a 1/2", day="2017-06-05"), post("2", "b 2/2", day="2017-06-05T10:01:00Z"), True),
        (post("1", "a 1/2", day="2017-06-05T10:00:00"), post("2", "b 2/2", day="2017-06-09T10:00:00"), False),
        (post("2", "a 1/2"), post("1", "b 2/2"), False),
        (post("x", "a 1/2"), post("x/../y", "b 2/2"), True),
        (post("9" * 5000, "a 1/2"), post("8" * 5000, "b 2/2"), True),
        (post("1", "a 1/2"), post("2", "b 2/2", "@adaquill"), False),
    ],
)
def test_threads_are_one_accounts_within_a_day(one: Document, other: Document, together: bool) -> None:
    assert len(list(joined([one, other]))) == (1 if together else 2)


def test_threads_of_accounts_that_stand_mixed() -> None:
    mixed = [post("1", "a 1/2"), post("2", "c....", "@x"), post("3", "b 2/2"), post("4", "....d", "@x")]
    article = Document(doc_id="5", text="An article.... 1/2")
    found = list(joined([*mixed, article]))
    assert found[0] == article
    assert [one.text for one in found[1:]] == ["a 1/2\n\nb 2/2", "c....\n\n....d"]


def test_no_tweet_is_lost_however_many_threads_are_open() -> None:
    tweets = [post(str(i), f"{i} 1/2", f"@account{i}") for i in range(1000)]
    assert sorted(one.doc_id for one in joined(tweets)) == sorted(tweet.doc_id for tweet in tweets)
    endless = [post(str(i), f"....{i}....") for i in range(1000)]
    assert sum(one.text.count("\n\n") + 1 for one in joined(endless)) == 1000


# --- Tweets that stand in articles ---


@settings(deadline=None)
@given(text=POST)
def test_segments_with_tweets_are_in_order_and_share_nothing(text: str) -> None:
    found = mark(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
    ranges = paragraphs(text)
    assert all(ranges[one.paragraph][0] <= one.start and one.end <= ranges[one.paragraph][1] for one in found)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Sold! — Tobias Renn (@tubs_renn) June 5, 2017", "2017-06-05"),
        ("Sold! — Tobias Renn (@tubs_renn) 5 June 2017", "2017-06-05"),
        ("Sold! -- Tobias Renn (@tubs_renn) Sept. 15, 2017", "2017-09-15"),
        ("Sold!\n— Tobias\xa0Renn 🐟\n(@tubs_renn)\nMay 5, 2017", "2017-05-05"),
        ("Sold! — Tobias Renn (@tubs_renn)", None),
        ("Sold! — Tobias Renn (@tubs_renn) June 55, 2017", None),
        ("Sold! — Tobias Renn (tubs_renn) June 5, 2017", None),
        ("Sold! Tobias Renn (@tubs_renn) June 5, 2017", None),
        ("Sold! — Tobias Renn (@tubs_renn) at noon on June 5, 2017", None),
    ],
)
def test_footers(text: str, day: str | None) -> None:
    assert [footer.day for footer in footers(text)] == ([day] if day else [])
    assert [segment.family for segment in mark(text)] == (["tweet"] if day else [])


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200 + "— Tobias Renn (@tubs_renn) June 5, 2017",
        "“He said so. — Tobias Renn (@tubs_renn) June 5, 2017. And then he left.”",
        "“A story that\n\n“goes on — Tobias Renn (@tubs_renn) June 5, 2017\n\n“and ends,” Quill said.",
        "https://t.co/x\n— Tobias Renn (@tubs_renn) June 5, 2017",
    ],
    ids=["too long", "quoted with its footer", "within a longer quotation", "no words"],
)
def test_what_is_not_an_embedded_tweet(text: str) -> None:
    assert "tweet" not in {segment.family for segment in mark(text)}


@pytest.mark.model
@pytest.mark.parametrize(
    ("footer", "name"),
    [
        ("Donald J. Trump (@realDonaldTrump) June 5, 2017", "Donald Trump"),
        ("Jeff Sessions (@jeffsessions) June 5, 2017", "Jeff Sessions"),
        ("Kayla of the Press Office (@PressSec) June 5, 2017", "Sean Spicer"),
        ("Kayla of the Press Office (@PressSec) 5 June 2018", "Sarah Huckabee Sanders"),
        ("Tobias Renn (@tubs_renn) June 5, 2017", "Tobias Renn"),
    ],
)
def test_whose_embedded_tweet_it_is(extractor: Extractor, footer: str, name: str) -> None:
    [one] = extractor.extract(f"Good morning, harbour. — {footer}")
    assert (one.speaker_name, one.speaker_kind, one.channel, one.kind) == (name, "person", "tweet", "direct")
    assert one.speaker is not None
    assert one.speaker.text == footer.partition(" (")[0]


@pytest.mark.parametrize("unit", ["— ", "(@a) ", "— a (@a) June 5, 2017\n", "— a\n", "- a - b (@", "x (@a) "])
def test_an_article_of_footers_is_soon_done(unit: str) -> None:
    mark(unit * 20_000)
