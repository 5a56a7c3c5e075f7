"""The cases of tests/cases/: a text in, its attributed quotations out.

To add a case, copy one. Only the keys that a quotation gives are checked: `text` (the parts, joined by a
space), `content` (all that is reported, likewise), `speaker` (the words in the text that name who spoke),
`source` (the whole phrase), `name` (who that is), `speaker_kind`, `speakers` (of several, the names, or the
words in the text), `role` (what the text says of the speaker), `cue`, `kind`, `channel`, `type`, `negated`,
`rule`; an empty string, or list, says that there must be none. `quotations = []` says that nobody is quoted.
`xfail = "reason"` marks a known miss, and must go once the case holds; `subset = true` leaves out of account
the quotations that the case doesn't list. A file that begins with `indirect = true` is about indirect speech.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import builders
import paths
import pytest

from quotes import Extractor, Quotation
from quotes.records import parts_text

FOLDER = paths.TESTS / "cases"
FILE_KEYS = {"indirect", "case"}
CASE_KEYS = {"name", "text", "quotations", "subset", "xfail"}
KEYS = {
    "text", "content", "speaker", "source", "name", "speaker_kind", "cue", "kind", "channel", "type",
    "negated", "rule", "speakers", "role",
}  # fmt: skip
#: The keys whose words stand in the text.
WORDS = ("text", "content", "speaker", "source", "cue", "role")


def cases() -> list[Any]:
    """A parameter for each case: whether it is about indirect speech, and the case."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(file) <= FILE_KEYS, f"{path.name} has unknown keys: {', '.join(set(file) - FILE_KEYS)}"
        for case in file["case"]:
            label = f"{path.stem}: {case.get('name')}"
            unknown = set(case) - CASE_KEYS
            unknown |= {key for expected in case["quotations"] for key in set(expected) - KEYS}
            assert not unknown, f"{label} has unknown keys: {', '.join(sorted(unknown))}"
            reason = case.get("xfail")
            assert reason is None or reason.strip(), f"{label}: xfail needs a reason"
            marks = [pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError)] if reason else []
            found.append(pytest.param(file.get("indirect", False), case, id=label, marks=marks))
    return found


def shown(text: str, quotation: Quotation) -> dict[str, str | bool | list[str]]:
    """A record of a text with the keys of the case files; what is missing is an empty string."""
    return {
        "text": quotation.text,
        "content": parts_text(text, quotation.content or ()),
        "speaker": quotation.speaker.text if quotation.speaker else "",
        "source": quotation.source.text if quotation.source else "",
        "name": quotation.speaker_name or "",
        "speaker_kind": quotation.speaker_kind,
        "cue": quotation.cue.text if quotation.cue else "",
        "kind": quotation.kind,
        "channel": quotation.channel,
        "type": quotation.attribution_type or "",
        "negated": quotation.negated,
        "rule": quotation.rule,
        "speakers": [one.name or one.text for one in quotation.speakers or ()],
        "role": quotation.speaker_role or "",
    }


@cache
def extractor(*, indirect: bool) -> Extractor:
    return Extractor(indirect=indirect)


def compared(
    case: dict[str, Any], quotations: Sequence[Quotation]
) -> list[dict[str, str | bool | list[str]]]:
    """What was found in a case's text, with the keys that its expected quotations give."""
    found = [shown(case["text"], quotation) for quotation in quotations]
    expected = case["quotations"]
    if case.get("subset"):
        wanted = {quotation["text"] for quotation in expected}
        found = [quotation for quotation in found if quotation["text"] in wanted]
    return [
        {key: value for key, value in given.items() if key in keys}
        for given, keys in zip(found, [*expected, *[{"text", "speaker"}] * len(found)], strict=False)
    ]


@pytest.mark.model
@pytest.mark.parametrize(("indirect", "case"), cases())
def test_case(indirect: bool, case: dict[str, Any]) -> None:
    assert compared(case, extractor(indirect=indirect).extract(case["text"])) == case["quotations"]


@pytest.mark.parametrize("case", [pytest.param(one.values[1], id=one.id) for one in cases()])
def test_the_expected_words_stand_in_the_text(case: dict[str, Any]) -> None:
    for expected in case["quotations"]:
        for key in WORDS:
            at = 0
            for word in re.findall(r"\S+", expected.get(key, "")):
                place = case["text"].find(word, at)
                assert place >= 0, (
                    f"{key} = {expected[key]!r}: {word!r} isn't in the text, or not in this order"
                )
                at = place + len(word)


def test_a_record_made_by_hand_is_compared() -> None:
    text = "The pier, Ada Quill, the mayor, never said, was “mad” and would close."
    by_hand = builders.quotation(
        text,
        "“mad”",
        speaker="Ada Quill",
        cue="never said",
        kind="mixed",
        content=["The pier", "was “mad” and would close"],
        source="Ada Quill, the mayor",
        attribution_type="assertion",
        negated=True,
    )
    expected = {
        "text": "“mad”",
        "content": "The pier was “mad” and would close",
        "speaker": "Ada Quill",
        "source": "Ada Quill, the mayor",
        "cue": "never said",
        "type": "assertion",
        "negated": True,
    }
    case = {"text": text, "quotations": [expected]}
    assert compared(case, [by_hand]) == [expected]
    assert compared(case, []) != [expected]
    assert compared(case, [by_hand, by_hand]) != [expected]
    for key, wrong in (("content", ""), ("source", "Ada Quill"), ("type", "belief"), ("negated", False)):
        other = {**expected, key: wrong}
        assert compared({"text": text, "quotations": [other]}, [by_hand]) != [other]


def test_case_names_are_unique() -> None:
    ids = [param.id for param in cases()]
    assert len(set(ids)) == len(ids)
