"""The house: docs/architecture.md shows the rooms and their imports as they are, and they point one way."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter

import paths
import pytest

from scripts.make_reference import arrows, rooms, tree

ARROWS = arrows()

#: Rooms that work on records. They need no parser.
AFTER_THE_RECORD = (
    "display", "labelstudio", "review", "gold", "tuning", "scoring", "verify", "variants", "people",
    "database", "running",
)  # fmt: skip
#: Rooms that find the records.
THE_CORE = {"attribution", "parsing", "speakers", "record"}


def test_the_page_shows_every_room_once() -> None:
    shown = tree()
    assert len(shown) == len(set(shown))
    assert set(shown) == rooms()


def test_the_page_shows_every_import() -> None:
    text = (paths.ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = {room: set(names.split()) - {"–"} for room, names in re.findall(r"^(\w+) +→ (.+)$", text, re.M)}
    assert shown == ARROWS, "Run: python scripts/make_reference.py"


@pytest.mark.parametrize("room", tree())
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    below = set(tree()[tree().index(room) + 1 :])
    assert ARROWS[room] <= below


def test_no_imports_make_a_circle() -> None:
    list(TopologicalSorter(ARROWS).static_order())  # raises CycleError, which names the circle


@pytest.mark.parametrize("room", AFTER_THE_RECORD)
def test_what_comes_after_the_record_needs_no_parser(room: str) -> None:
    assert not ARROWS[room] & THE_CORE
    assert room == "running" or "extractor" not in ARROWS[room]


def test_scoring_and_formats_need_neither_label_studio_nor_the_terminal() -> None:
    assert not ARROWS["scoring"] & {"labelstudio", "display"}
    assert not ARROWS["review"] & {"labelstudio", "display", "running", "scoring"}
    assert not ARROWS["formats"] & {"labelstudio", "display", "running"}


def test_the_program_starts_in_one_place() -> None:
    assert {room for room, imported in ARROWS.items() if "cli" in imported} == set()
