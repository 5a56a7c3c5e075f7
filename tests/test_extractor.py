"""The settings of an extractor: declared once, the same wherever an extractor is made."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, asdict, fields
from pathlib import Path

import pytest

from quotes import DataError, Extractor, ModelError
from quotes.running import ExtractorFactory
from quotes.settings import Settings

pytestmark = pytest.mark.model

TEXT = "“It rained all night,” said Ada Quill. The novel “Salt” won."
SPEAKERS = '[[speaker]]\nname = "Adelheid Quill"\nkind = "person"\naliases = ["Ada Quill"]\n'


@pytest.fixture
def speakers(tmp_path: Path) -> Path:
    path = tmp_path / "speakers.toml"
    path.write_text(SPEAKERS, encoding="utf-8")
    return path


def test_the_arguments_of_an_extractor_are_the_settings(speakers: Path) -> None:
    extractor = Extractor("en_core_web_sm", speakers, include_unattributed=True)
    settings = Settings(model="en_core_web_sm", speakers=speakers, include_unattributed=True)
    assert {one.name: getattr(extractor, one.name) for one in fields(Settings)} == asdict(settings)
    said, title = extractor.extract(TEXT)
    assert (said.speaker_name, title.kind) == ("Adelheid Quill", "unattributed")
    with pytest.raises(FrozenInstanceError):
        extractor.include_unattributed = False  # type: ignore[misc]


def test_what_cant_be_used_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="en_lowmarsh_lg"):
        Extractor("en_lowmarsh_lg")
    with pytest.raises(DataError, match=r"nobody\.toml"):
        Extractor(speakers=tmp_path / "nobody.toml")


def test_a_factory_makes_the_same_extractor_in_another_process(speakers: Path) -> None:
    factory = ExtractorFactory(speakers=speakers, include_unattributed=True)
    again = pickle.loads(pickle.dumps(factory))
    assert again == factory
    assert again() == Extractor(speakers=speakers, include_unattributed=True)
    assert again().extract(TEXT) == factory().extract(TEXT)
