"""What a page puts between two paragraphs of its article."""

from __future__ import annotations

import pytest

from quotes.extractor import mark
from quotes.text.furniture import above

TEXT = "Ada Quill said the ferry would sail on Monday."


@pytest.mark.parametrize(
    "between",
    [
        "",
        "Advertisement\n\n",
        "What they knew\n\n",
        "- the pier\n\n- the gate\n\n",
        "The square on Monday. Photo: Guild of Pictures\n\n",
        "Read more: The wall that nobody wanted\n\n",
    ],
)
def test_furniture_is_passed_over(between: str) -> None:
    segments = mark(f"{TEXT}\n\n{between}“It is late, and so is everybody else.”")
    assert above(segments, len(segments.paragraphs) - 1) == 0


@pytest.mark.parametrize(
    "between",
    [
        "* * *",
        "Chapter II",
        "IV.",
        "They sold it! — Tobias Renn (@tubs_renn) June 5, 2017",
        "“The Salt Road”",
    ],
)
def test_a_break_or_somebody_elses_words_are_not(between: str) -> None:
    segments = mark(f"{TEXT}\n\n{between}\n\n“It is late, and so is everybody else.”")
    assert above(segments, len(segments.paragraphs) - 1) is None


def test_only_a_few_lines_are_passed_over() -> None:
    segments = mark(f"{TEXT}\n\n" + "A heading\n\n" * 30 + "“It is late, and so is everybody else.”")
    assert above(segments, len(segments.paragraphs) - 1) is None
    assert above(segments, 0) is None
