"""The five real articles that the project was asked for: who said what in them, and nothing else."""

from __future__ import annotations

import re

import paths
import pytest

from quotes import Extractor, Quotation

SEEDS = paths.ROOT.parent / "shared" / "seeds"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.model,
    pytest.mark.skipif(
        not SEEDS.is_dir(), reason="the five articles are not here: ../shared/seeds is missing"
    ),
]

# article, how the statement begins (marks aside), speaker_name, speaker_kind, kind
TABLE = {
    "000": [
        ("Unrecuse doesn't say", "Rudy Giuliani", "person", "direct"),
        ("Attorney General Jeff Sessions has taken", "Donald Trump", "person", "direct"),
    ],
    "001": [("Unrecuse doesn't say", "Rudy Giuliani", "person", "direct")],
    "002": [
        ("did not have communications", "Jeff Sessions", "person", "mixed"),
        ("Let me be clear", "Jeff Sessions", "person", "direct"),
        ("Recusal is not an admission", "Jeff Sessions", "person", "direct"),
        ("relevant senior career", "Jeff Sessions", "person", "mixed"),
        ("having concluded those meetings", "Jeff Sessions", "person", "direct"),
        ("total", "Donald Trump", "person", "mixed"),
        ("ballistic", None, "anonymous", "mixed"),
    ],
    "003": [
        ("has thrown a lot of this", None, "anonymous", "mixed"),
        ("I think his use of social media", "Sean Spicer", "person", "direct"),
    ],
    "004": [
        ("I have not had a discussion", "Sean Spicer", "person", "direct"),
        ("I have not had that discussion", "Sean Spicer", "person", "direct"),
        ("I have not had a discussion", "Sean Spicer", "person", "direct"),
    ],
}


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[str, tuple[Quotation, ...]]]:
    extractor = Extractor()
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    return {number: (text, extractor.extract(text)) for number, text in texts.items()}


def plain(text: str) -> str:
    return re.sub(r"[“”\"‘]|(?<!\w)'|'(?!\w)|’(?!\w)", "", text).replace("’", "'")


@pytest.mark.parametrize("article", TABLE)
def test_exactly_these_statements(article: str, found: dict[str, tuple[str, tuple[Quotation, ...]]]) -> None:
    _, quotations = found[article]
    got = [(plain(q.text), q.speaker_name, q.speaker_kind, q.kind) for q in quotations]
    assert len(got) == len(TABLE[article]), got
    for (text, *who), (begins, *expected) in zip(got, TABLE[article], strict=True):
        assert text.startswith(begins)
        assert who == expected


def test_the_tweet_is_a_tweet(found: dict[str, tuple[str, tuple[Quotation, ...]]]) -> None:
    tweet = found["000"][1][1]
    assert tweet.channel == "tweet"
    assert tweet.cue is not None
    assert tweet.cue.text == "posting"


def test_a_split_quotation_is_one_record(found: dict[str, tuple[str, tuple[Quotation, ...]]]) -> None:
    (split,) = found["001"][1]
    assert len(split.parts) == 2
    assert "he argued" not in split.text
    assert split.text.endswith('handle it correctly."')


def test_anonymous_sources_keep_their_mention(found: dict[str, tuple[str, tuple[Quotation, ...]]]) -> None:
    sources = {
        q.speaker.text
        for number in ("002", "003")
        for q in found[number][1]
        if q.speaker and not q.speaker_name
    }
    assert sources == {"a senior White House source", "the official"}


def test_every_span_is_its_text(found: dict[str, tuple[str, tuple[Quotation, ...]]]) -> None:
    for text, quotations in found.values():
        for q in quotations:
            assert q.text == " ".join(text[start:end] for start, end in q.parts)
            for span in (q.speaker, q.cue):
                assert span is None or text[span.start : span.end] == span.text
