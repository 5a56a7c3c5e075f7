"""The cases of tests/cases/: a text in, its attributed quotations out.

To add a case, copy one. Only the keys that a quotation gives are checked: `text` (the parts, joined by a
space), `speaker` (the words in the text that name who spoke), `name` (who that is), `speaker_kind`, `cue`,
`kind`, `channel`, `rule`; an empty string says that there must be none. `quotations = []` says that nobody is
quoted. `xfail = "reason"` marks a known miss, and must go once the case holds; `subset = true` leaves out of
account the quotations that the case doesn't list.
"""

from __future__ import annotations

import tomllib
from typing import Any

import paths
import pytest

from quotes import Extractor, Quotation

pytestmark = pytest.mark.model

FOLDER = paths.TESTS / "cases"
CASE_KEYS = {"name", "text", "quotations", "subset", "xfail"}
KEYS = {"text", "speaker", "name", "speaker_kind", "cue", "kind", "channel", "rule"}


def cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            label = f"{path.stem}: {case.get('name')}"
            unknown = set(case) - CASE_KEYS
            unknown |= {key for expected in case["quotations"] for key in set(expected) - KEYS}
            assert not unknown, f"{label} has unknown keys: {', '.join(sorted(unknown))}"
            reason = case.get("xfail")
            assert reason is None or reason.strip(), f"{label}: xfail needs a reason"
            marks = [pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError)] if reason else []
            found.append(pytest.param(case, id=label, marks=marks))
    return found


def shown(quotation: Quotation) -> dict[str, str]:
    """A record with the keys of the case files; what is missing is an empty string."""
    return {
        "text": quotation.text,
        "speaker": quotation.speaker.text if quotation.speaker else "",
        "name": quotation.speaker_name or "",
        "speaker_kind": quotation.speaker_kind,
        "cue": quotation.cue.text if quotation.cue else "",
        "kind": quotation.kind,
        "channel": quotation.channel,
        "rule": quotation.rule,
    }


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize("case", cases())
def test_case(extractor: Extractor, case: dict[str, Any]) -> None:
    found = [shown(quotation) for quotation in extractor.extract(case["text"])]
    expected = case["quotations"]
    if case.get("subset"):
        wanted = {quotation["text"] for quotation in expected}
        found = [quotation for quotation in found if quotation["text"] in wanted]
    compared = [
        {key: value for key, value in given.items() if key in keys}
        for given, keys in zip(found, [*expected, *[{"text", "speaker"}] * len(found)], strict=False)
    ]
    assert compared == expected


def test_case_names_are_unique() -> None:
    ids = [param.id for param in cases()]
    assert len(set(ids)) == len(ids)
