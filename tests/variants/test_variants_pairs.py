"""Pairs of wordings, judged by hand."""

from __future__ import annotations

import tomllib
from typing import Any

import paths
import pytest
from builders import one_each

from quotes.variants import find_utterances

PAIRS: list[dict[str, Any]] = tomllib.loads(
    (paths.TESTS / "variants" / "pairs.toml").read_text(encoding="utf-8")
)["pair"]


def judged(one: str, other: str) -> str:
    """What the wordings of two documents change; "" where they are two utterances."""
    found = find_utterances(one_each([("Ada Quill", one), ("Ada Quill", other)]))
    return found[0].change if found else ""


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(pair, marks=[pytest.mark.xfail(reason=pair["xfail"])] if "xfail" in pair else [])
        for pair in PAIRS
    ],
    ids=[pair["other"][:40] for pair in PAIRS],
)
def test_a_pair_is_judged_as_by_hand(pair: dict[str, Any]) -> None:
    assert judged(pair["one"], pair["other"]) == pair["change"]
    assert judged(pair["other"], pair["one"]) == pair["change"]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["other"][:40] for pair in PAIRS])
def test_another_speaker_is_another_utterance(pair: dict[str, Any]) -> None:
    for name in ("Ned Pell", "Ada Quill Jr.", "Bea Quill", "Ada Quillan", None):
        assert not find_utterances(one_each([("Ada Quill", pair["one"]), (name, pair["other"])]))
