"""Quotations held against sources: evidence, dates, bad input, and what always holds."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from builders import spoken
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import OutputError, ReadError
from quotes.formats.sources import expand, read_all
from quotes.records import Document, DocumentRecord, Metadata, Quotation, Verification
from quotes.variants.words import located, wording
from quotes.verify import Index, Verifier, build
from quotes.verify.contexts import turned_after, turned_before
from quotes.verify.deciding import number_of
from quotes.verify.index import temporary
from quotes.verify.parallel import verify_in_processes
from quotes.verify.sides import sides
from quotes.verify.sources import Sourcing
from quotes.verify.turns import turns

PIER = "We will rebuild the pier by spring, and we will do it with the town's own money"
FILLER = "The channel loses a foot a year, and the ships have noticed it. Eels are back in the lagoon."


def source(text: str, doc_id: str = "source", *, date: str | None = None, by: str | None = None) -> Document:
    author = "Ada Quill" if by == "@adaquill" else None
    return Document(doc_id=doc_id, text=text, metadata=Metadata(date=date, author=author), posted_by=by)


def article(words: str, speaker: str | None = "Ada Quill", *, date: str | None = None) -> DocumentRecord:
    return spoken("article", (speaker, f"“{words}”"), metadata=Metadata(date=date))


def verdict(record: DocumentRecord, *sources: Document, speaker: str | None = None) -> Verification:
    with Verifier([*sources, source(FILLER, "filler")], speaker=speaker) as verifier:
        [checked] = verifier.verify([record])
    found = checked.quotations[0].verification
    assert found is not None
    return found


# Whose words


def test_a_speaker_named_for_the_sources_says_what_no_label_says() -> None:
    assert verdict(article(PIER), source(PIER), speaker="Ada Quill").speaker == "Ada Quill"
    assert verdict(article(PIER), source(PIER), speaker="Tobias Renn").verdict == "other_speaker"


def test_without_a_speaker_the_words_alone_decide() -> None:
    found = verdict(article(PIER), source(PIER))
    assert (found.verdict, found.speaker) == ("verbatim", None)


def test_a_source_of_the_right_speaker_is_preferred() -> None:
    label = "RENN: Good evening.\n\nQUILL: {}.\n\nRENN: Thank you."
    found = verdict(article(PIER), source(PIER, "leaflet"), source(label.format(PIER), "council"))
    assert (found.source, found.speaker) == ("council", "QUILL")


def test_what_two_others_say_is_nobody_s_in_particular() -> None:
    label = "RENN: {0}.\n\nVALE: {0}.\n\nRENN: Thank you."
    assert verdict(article(PIER), source(label.format(PIER))).verdict == "not_found"


@pytest.mark.parametrize(("sure", "verdict_"), [(0.9, "other_speaker"), (0.4, "not_found")])
def test_a_doubtful_attribution_accuses_nobody(sure: float, verdict_: str) -> None:
    record = spoken("article", ("Ada Quill", PIER), name_confidence=sure)
    found = verdict(record, source(PIER), speaker="Tobias Renn")
    assert found.verdict == verdict_
    assert verdict_ == "not_found" or found.probability <= sure


def test_an_organization_is_never_said_to_use_a_person_s_words() -> None:
    record = spoken("article", ("Merrow Salt", PIER), speaker_kind="organization")
    assert verdict(record, source(PIER), speaker="Tobias Renn").verdict == "verbatim"


def test_a_quotation_of_nobody_known_is_verified_by_its_words() -> None:
    found = verdict(article(PIER, None), source(PIER), speaker="Tobias Renn")
    assert (found.verdict, found.speaker) == ("verbatim", "Tobias Renn")


# Whether it is evidence


def test_the_article_itself_is_no_evidence() -> None:
    text = f"“{PIER},” Ada Quill said."
    document = Document(doc_id="copy", text=text)
    record = article(PIER).model_copy(update={"text_sha256": document.text_sha256})
    assert verdict(record, document).verdict == "not_found"


def test_nor_is_a_copy_of_it_with_other_boilerplate() -> None:
    text = f"The mayor was angry on Friday. “{PIER},” Ada Quill told reporters in the rain. She left."
    [quotation] = article(PIER).quotations
    start = text.index("“")
    part = (start, text.index("”") + 1)
    moved = quotation.model_copy(update={"parts": (part,), "text": text[slice(*part)]})
    record = article(PIER).model_copy(update={"text": text, "quotations": (moved,)})
    copy = source(f"Read more.\n\n{text}\n\nSubscribe now.", "copy")
    assert verdict(record, copy).verdict == "not_found"
    other = source(f"In her speech she said this. “{PIER}.” Then she sat down and drank water.", "other")
    assert verdict(record, other).verdict == "verbatim"


def test_without_the_text_mention_and_cue_tell_a_copy() -> None:
    assert verdict(article(PIER), source(f"“{PIER},” said Ada Quill.")).verdict == "not_found"


# Dates


def test_of_two_sources_the_one_before_the_article_is_named() -> None:
    early, late = (source(f"{PIER}.\n\n{n}", n, date=date) for n, date in
                   (("early", "2026-03-01"), ("late", "2026-05-01")))  # fmt: skip
    assert verdict(article(PIER, date="2026-03-02"), late, early).source == "early"


def test_a_later_source_shows_that_it_was_said_but_accuses_nobody() -> None:
    late = source(PIER, date="2026-05-01")
    assert verdict(article(PIER, date="2026-03-02"), late).verdict == "verbatim"
    assert verdict(article(PIER, date="2026-03-02"), late, speaker="Tobias Renn").verdict == "not_found"


@pytest.mark.parametrize("date", ["", "yesterday", "2026-13-45", "05/06/2026"])
def test_a_date_that_is_none_changes_nothing(date: str) -> None:
    assert verdict(article(PIER, date=date), source(PIER, date=date)).verdict == "verbatim"


# Places


@pytest.mark.parametrize(
    ("there", "verdict_", "kinds"),
    [
        ("the [illegible] by spring", "cut", ["left_out"]),
        ("the – (word inaudible) – by spring", "cut", ["left_out"]),
        ("the ___ by spring", "cut", ["left_out"]),
        ("the ... and we will", "cut", ["left_out"]),
        ("the \ufffd by spring", "cut", ["left_out"]),
        ("the\n\n17\n\npier by spring", "cut", ["left_out"]),
        ("the [illegible] bridge by spring", "altered", ["words"]),
        ("the by spring", "altered", ["words"]),  # nothing says that a word is missing
    ],
)
def test_a_gap_in_a_source_accuses_nobody(there: str, verdict_: str, kinds: list[str]) -> None:
    whole = "the pier by spring" if "spring" in there else "the pier by spring, and we will"
    text = PIER.replace(whole, there)
    found = verdict(article(PIER), source(text), speaker="Ada Quill")
    assert (found.verdict, [change.kind for change in found.changes]) == (verdict_, kinds)


def test_the_place_is_the_words_in_the_source() -> None:
    text = f"{FILLER}\n\nMayor Ada Quill at the council. {PIER}, she said. Nobody else spoke."
    found = verdict(article("rebuild the pier … the town's own money"), source(text))
    assert found.verdict == "cut"
    assert text[found.start : found.end] == found.text
    assert found.text is not None
    assert found.text.startswith("rebuild the pier by")


def test_words_from_two_sources_of_one_speaker_are_put_together() -> None:
    one = source(f"{PIER}.", "one")
    other = source("I will drive to the county myself, and I will bring the mud.", "other")
    found = verdict(article(f"{PIER} … I will drive to the county myself"), one, other, speaker="Ada Quill")
    assert (found.verdict, found.source) == ("cut", "one")
    assert verdict(article(f"{PIER} … I will drive to the county myself"), one, other).verdict != "cut"


def test_a_tweet_is_found_by_its_words() -> None:
    tweet = source("30 days &amp; not one more", "1", by="@adaquill")
    tweet = tweet.model_copy(update={"text": "Thirty days & not one day more for the county"})
    found = verdict(article("Thirty days and not one day more for the county"), tweet)
    assert (found.verdict, found.speaker) == ("marks", "Ada Quill")


def test_what_is_reported_without_marks_is_not_verified() -> None:
    record = spoken("article", ("Ada Quill", PIER), kind="indirect")
    with Verifier([source(PIER)]) as verifier:
        assert next(verifier.verify([record])) == record


# Bad input


def test_duplicates_and_empty_sources_are_counted_and_left_out(tmp_path: Path) -> None:
    documents = [source(PIER, "a"), source(PIER, "b"), source("", "c"), source(" \n* * *\n", "d")]
    built = build(tmp_path / "sources.idx", documents)
    assert (built.documents, built.duplicates, built.empty) == (1, 1, 2)
    assert Index(tmp_path / "sources.idx").origin(1).copies == 2


@pytest.mark.parametrize("words", ["", "…", "“”", "[the mayor]", "!!!", "🌊🌊", "the town", "a b c"])
def test_quotations_without_enough_words_are_too_short(words: str) -> None:
    assert verdict(article(words or " "), source(PIER)).verdict == "too_short"


def test_no_sources_find_nothing() -> None:
    with Verifier([]) as verifier:
        [checked] = verifier.verify([article(PIER)])
    assert checked.quotations[0].verification is not None
    assert checked.quotations[0].verification.verdict == "not_found"


def test_sources_in_other_encodings(tmp_path: Path) -> None:
    words = "Das Café am Fluß hat fünf Türen und sieben Fenster"
    (tmp_path / "latin.txt").write_bytes(f"{words}.\n".encode("latin-1"))
    (tmp_path / "utf16.txt").write_text(f"{PIER}.\n", encoding="utf-16")
    with Verifier(read_all(expand([str(tmp_path)]))) as verifier:
        checked = [next(verifier.verify([article(one, None)])).quotations[0] for one in (words, PIER)]
    assert [one.verification and one.verification.verdict for one in checked] == ["verbatim", "verbatim"]


def test_lone_surrogates_keep_their_places() -> None:
    text = f"\ud800 {PIER} \udfff"
    found = verdict(article(PIER), source(text))
    assert (found.verdict, text[found.start : found.end]) == ("verbatim", found.text)


def test_another_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("“It rained,” she said.")
    with pytest.raises(ReadError, match="no index"):
        Index(tmp_path / "story.txt")
    with pytest.raises(ReadError, match="no index"):
        Index(tmp_path / "missing.idx")


def test_a_damaged_index_is_told(tmp_path: Path) -> None:
    build(tmp_path / "sources.idx", [source(f"{PIER} {at}.", f"speech-{at}") for at in range(200)])
    whole = (tmp_path / "sources.idx").read_bytes()
    told = 0
    for seed in range(60):
        random, damaged = Random(seed), bytearray(whole)
        for _ in range(random.choice((1, 10, 100))):
            damaged[random.randrange(100, len(damaged))] = random.randrange(256)
        path = tmp_path / f"{seed}.idx"
        path.write_bytes(damaged)
        with suppress(ReadError), Verifier(Index(path)) as verifier:
            assert len(list(verifier.verify([article(PIER)]))) == 1
            told -= 1
        told += 1
    assert told > 20


def test_an_index_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="can't be written"):
        build(tmp_path / "missing" / "sources.idx", [source(PIER)])

    def broken() -> list[Document]:
        raise ReadError("gone")

    with pytest.raises(ReadError):
        build(tmp_path / "sources.idx", (one for one in [source(PIER)] if broken()))
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_index_is_removed() -> None:
    with temporary([source(PIER)]) as index:
        assert index.sentences == 1
        [(_, _, file)] = index._db.execute("PRAGMA database_list")
    assert not Path(file).exists()


# Parts


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("QUILL: No.\nRENN: Yes.", ["QUILL", "RENN"]),
        ("Ida Vale: No.\nBo Renn: Yes.\nIda Vale: No.\nBo Renn: Oh.", ["Ida Vale", "Bo Renn"] * 2),
        ("MR. RENN: No.\nQ: Why?\nMR. RENN: So.", ["MR. RENN", None, "MR. RENN"]),
        ("REP. CRUZ (D-LM): No.\nTHE MODERATOR: Why?", ["REP. CRUZ", None]),
        ("MR. RENN: No.\nQ    Why?\nMR. RENN: So.", ["MR. RENN", None, "MR. RENN"]),
        ("MR. RENN: No.\nQ. Why?\nA. It rained.\nQ1. Where?", ["MR. RENN", None, None, None]),
        ("[00:12] QUILL: No.\n00:15 RENN: Yes.\n1:02:30 QUILL:\nOh.", ["QUILL", "RENN", "QUILL"]),
        ("A. Quill said so.\nA. Renn said so.\nA. Vale did.", []),
        ("Note: it rained.\nThen it stopped.", []),
        ("She said this: it rained.\nHe said that: it snowed.", []),
        ("QUILL: No.", []),
        ("", []),
    ],
)  # fmt: skip
def test_turns_have_labels(text: str, labels: list[str | None]) -> None:
    assert [turn.speaker for turn in turns(text)] == labels


@pytest.mark.parametrize(
    ("before", "turning"),
    [
        ("whom people like and I think", ""),
        ("Absolutely not,", ""),
        ("As you can imagine,", ""),
        ("The experts say,", "experts say"),
        ("we are not", "not"),
        ("Some people say that", "Some people say that"),
        ("I do not think that", "do not think that"),
        ("I say that", ""),
        ("We believe", ""),
        ("If", "If"),
        ("not a lawyer said so, but", ""),
        ("", ""),
    ],
)
def test_what_stands_before_turns_it(before: str, turning: str) -> None:
    size = turned_before(wording(before).words, apart=before.endswith(","))
    assert size == len(wording(turning).words)


@pytest.mark.parametrize(
    ("last", "after", "size"),
    [
        ("pier", "if the county pays", 1),
        ("pier", "is a lie", 3),
        ("pier", "in the rain", 0),
        ("is", "not safe", 1),
        ("start", "not the end", 0),
        ("pier", "not", 1),
        ("safe", "according to a count of the town", 0),
        ("safe", "according to my opponent", 3),
        ("pier", "", 0),
    ],
)
def test_what_stands_behind_turns_it(last: str, after: str, size: int) -> None:
    assert turned_after(after.split(), last) == size


@pytest.mark.parametrize(
    ("words", "number"),
    [("312", 312), ("3 hundred and 12", 312), ("2.5 million", 2_500_000), ("40 one", 41),
     ("one hundred", 100), ("a thousand", 1000), ("one", None), ("a pier", None), ("", None), ("and", None)],
)  # fmt: skip
def test_numbers_in_letters(words: str, number: float | None) -> None:
    assert number_of(words.split()) == number


def test_sides_mark_what_differs() -> None:
    found = Verification(verdict="altered", source="s", start=0, end=9, text="a b x d e", probability=1)
    assert sides("“A, b c d”", found) == (
        [("“A, b", False), ("c", True), ("d”", False)],
        [("a b", False), ("x", True), ("d", False), ("e", True)],
    )


# What always holds


@given(st.text(max_size=60))
def test_located_words_are_those_of_the_wording(text: str) -> None:
    plain = "".join(" " if character in "[]().…" else character for character in text)
    found = located(plain)
    assert tuple(one.word for one in found) == wording(plain).words
    assert all(0 <= one.start < one.end <= len(plain) for one in found)


WORDS = st.lists(
    st.sampled_from("pier town money spring eel fog not 15 fifteen the we a of to".split()), max_size=30
)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, st.data())
def test_a_part_of_a_source_is_in_it_and_every_place_is_true(
    said: list[str], other: list[str], data: st.DataObject
) -> None:
    text = " ".join([*said, "harbor", *other])
    start = data.draw(st.integers(0, len(said)))
    quoted = " ".join([*said[start:], "harbor", *other[: data.draw(st.integers(0, len(other)))]])
    found = verdict(article(quoted), source(text), speaker="Ada Quill")
    if len(wording(quoted).words) > 3:
        assert found.verdict in ("verbatim", "marks", "context")
    if found.source is not None:
        assert text[found.start : found.end] == found.text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_texts_can_be_held_against_each_other(quoted: str, text: str) -> None:
    quotation = f"“{quoted}”"
    record = spoken("article", ("Ada Quill", quotation))
    found = verdict(record, source(text))
    if found.source == "source":
        assert text[found.start : found.end] == found.text


def test_the_order_of_quotations_and_records_stays() -> None:
    records = [spoken(f"d{n}", ("Ada Quill", PIER), ("Tobias Renn", FILLER)) for n in range(3)]
    with Verifier([source(PIER)]) as verifier:
        checked = list(verifier.verify(iter(records)))
    assert [one.doc_id for one in checked] == ["d0", "d1", "d2"]
    assert [_bare(q) for one in checked for q in one.quotations] == [
        q for one in records for q in one.quotations
    ]


@pytest.mark.process
def test_several_processes_give_the_same(tmp_path: Path) -> None:
    records = [spoken(f"d{n}", ("Ada Quill", PIER), ("Tobias Renn", FILLER)) for n in range(120)]
    build(tmp_path / "sources.idx", [source(PIER)])
    index = Index(tmp_path / "sources.idx")
    assert list(verify_in_processes(index, records, 2)) == list(Verifier(index).verify(records))


def _bare(quotation: Quotation) -> Quotation:
    return quotation.model_copy(update={"verification": None})


def test_sentences_cover_their_source() -> None:
    text = f"Head\n\n{FILLER}\n\nQUILL: {PIER}.\nRENN: No!\n\n\n  End"
    found = list(Sourcing().passages(Document(doc_id="d", text=text)))
    assert "".join(text[one.start : one.end] for one in found) == text
