"""A folder that `quotes tune` wrote: what is wrong with one is said, and it goes wherever settings go."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import spacy
from tuning_by_hand import WORDS, about

from quotes.errors import DataError
from quotes.extractor import Extractor
from quotes.settings import Carried, Settings
from quotes.tuned import Tuned, read_tuned

CUE = '[[cue]]\ntext = "yodelled"\nform = "past"\nstrength = "strong"\n'
PEOPLE = '[[speaker]]\nname = "Ada Quill"\naliases = ["Quill"]\n'
SUNG = f"{WORDS} yodelled Quill."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "ours"
    found.mkdir()
    (found / "tuned.json").write_text(about().model_dump_json(), encoding="utf-8")
    (found / "cues.toml").write_text(CUE, encoding="utf-8")
    (found / "speakers.toml").write_text(PEOPLE, encoding="utf-8")
    (found / "confidence.json").write_text('{"shift": -1.0, "slope": 1.0}', encoding="utf-8")
    return found


def test_a_folder_is_read(folder: Path) -> None:
    tuned = read_tuned(folder)
    assert tuned.verbs is not None
    assert (tuned.verbs["yodelled"].strength, tuned.verbs["said"].lemma) == ("strong", "say")
    assert tuned.speakers == folder / "speakers.toml"
    assert tuned.confidence is not None


def test_a_folder_may_lack_every_part(folder: Path) -> None:
    for name in ("cues.toml", "speakers.toml", "confidence.json"):
        (folder / name).unlink()
    assert read_tuned(folder) == Tuned(about(), None, None, None)


def test_what_ships_is_not_replaced(folder: Path) -> None:
    rows = CUE + CUE.replace("yodelled", "said") + CUE.replace("yodelled", "thinks")
    (folder / "cues.toml").write_text(rows.replace("strong", "weak"), encoding="utf-8")
    verbs = read_tuned(folder).verbs or {}
    assert verbs["said"].strength == "strong"
    assert "thinks" not in verbs  # it was measured, and must not be a cue


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tuned.json", None, r"ours: there is no tuned\.json in it\. Name a folder that `quotes tune` wrote"),
        ("tuned.json", "{}", r"tuned\.json: date: Field required"),
        ("confidence.json", '{"shift": 0, "slope": -1}', r"confidence\.json: slope: .* greater than 0"),
        ("confidence.json", "?", r"confidence\.json: .*JSON.* or run `quotes tune` again"),
        ("cues.toml", CUE + CUE, r"cues\.toml: 'yodelled' is listed twice"),
        ("cues.toml", CUE.replace("strong", "mighty"), r"cues\.toml: cue number 1 \('yodelled'\): strength"),
        ("speakers.toml", "[[speaker]]\n", r"speakers\.toml: speaker number 1: name: is missing"),
    ],
)
def test_a_mistake_is_named(folder: Path, name: str, content: str | None, message: str) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_tuned(folder)


def test_a_folder_for_other_weights_is_refused(folder: Path) -> None:
    old = about().model_copy(update={"fitted_on": "0" * 16, "quotes": "0.0.9"})
    (folder / "tuned.json").write_text(old.model_dump_json(), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"made by quotes 0\.0\.9 for other weights.* Run `quotes tune` again"
    ):
        read_tuned(folder)


def test_settings_carry_their_files(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(PEOPLE, encoding="utf-8")
    carried = Carried.of(Settings("a_model", own, tuned=folder))
    assert carried.settings == Settings("a_model")
    shutil.rmtree(folder)
    own.unlink()
    there = tmp_path / "there"
    there.mkdir()
    restored = carried.restored(there)
    assert restored == Settings("a_model", there / "speakers.toml", tuned=there / "tuned")
    assert read_tuned(there / "tuned").about == about()
    assert Carried.of(restored) == carried == Carried.read(Settings("a_model"), there)
    nothing = Carried.of(Settings("a_model"))
    assert nothing.restored(there) == Settings("a_model")
    assert Carried.read(Settings("a_model"), there).files == {}
    (there / "speakers.toml").touch()  # as quotes 0.1.0 wrote it for no speakers
    assert Carried.read(Settings("a_model"), there) == nothing


@pytest.mark.model
def test_an_extractor_needs_the_folder_only_once(folder: Path) -> None:
    extractor = Extractor(tuned=folder)
    shutil.rmtree(folder)
    [found] = extractor.extract(SUNG)
    assert (found.speaker_name, found.cue and found.cue.text) == ("Ada Quill", "yodelled")
    [explained] = Extractor().explain(f"{WORDS} Quill said.")
    [corrected] = extractor.explain(f"{WORDS} Quill said.")
    assert corrected.quotation.confidence < explained.quotation.confidence


@pytest.mark.model
def test_a_saved_pipeline_brings_its_tuned_folder_along(folder: Path, tmp_path: Path) -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotes", config={"tuned": str(folder)})
    content = blank.to_bytes()
    blank.to_disk(tmp_path / "pipeline")
    shutil.rmtree(folder)
    from_bytes = spacy.blank("en")
    from_bytes.add_pipe("quotes")
    from_bytes.from_bytes(content)
    for nlp in (from_bytes, spacy.load(tmp_path / "pipeline")):
        assert [one.speaker_name for one in nlp(SUNG)._.quotations] == ["Ada Quill"]
