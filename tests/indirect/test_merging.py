"""How reports and the quotations in marks become one record for each attribution."""

from __future__ import annotations

from functools import cache

import pytest

from quotes import data, parsing
from quotes.attribution import Claims, attribute
from quotes.extractor import mark
from quotes.indirect.merging import merge, nested, passed_on
from quotes.indirect.reports import Report
from quotes.parsing.mentions import Mention
from quotes.record.quotations import quotations, reported_quotations
from quotes.records import AttributionType, Quotation
from quotes.speakers import resolve

pytestmark = pytest.mark.model


@cache
def claims_of(text: str) -> Claims:
    [parse] = parsing.parse(parsing.load(), [mark(text)])
    return attribute(parse)


def report(
    text: str,
    source: str | None,
    cue: str,
    *content: str,
    confidence: float = 0.8,
    accepted: bool = True,
    type_: AttributionType = "assertion",
) -> Report:
    """A report by its words, each the first of its kind in the text."""

    def place(words: str) -> tuple[int, int]:
        start = text.index(words)
        return start, start + len(words)

    named = place(source) if source else None
    paragraph = text[: place(cue)[0]].count("\n\n")
    mention = None
    if named and source:
        mention = Mention(*named, "name", source.split()[-1].lower(), False, 0, paragraph)
    ranges = tuple(place(words) for words in content)
    return Report(ranges, place(cue), named, named, mention, type_, False, confidence, accepted)


def records(text: str, *reports: Report) -> list[Quotation]:
    claims = passed_on(nested(claims_of(text), reports), reports)
    reported = merge(claims, reports)
    entities = resolve(claims, data.registry(), reported=reported)
    found = [*quotations(claims, entities, "", reported=reported)]
    return [*found, *reported_quotations(claims, entities, "", reported)]


def shown(text: str, quotation: Quotation) -> tuple[str, str, list[str], str | None, str | None]:
    speaker, cue = quotation.speaker, quotation.cue
    content = [text[start:end] for start, end in quotation.reported]
    return quotation.kind, quotation.text, content, speaker and speaker.text, cue and cue.text


def test_a_fragment_in_a_report_of_its_speaker_is_one_mixed_record() -> None:
    text = "Ada Quill has called the plan “a gift” to Caldross."
    found = records(text, report(text, "Ada Quill", "has called", "the plan “a gift” to Caldross"))
    assert [shown(text, one) for one in found] == [
        ("mixed", "“a gift”", ["the plan “a gift” to Caldross"], "Ada Quill", "has called")
    ]


def test_a_report_without_marks_is_a_record_of_its_own() -> None:
    text = "Ada Quill said it rained."
    found = records(text, report(text, "Ada Quill", "said", "it rained"))
    assert [shown(text, one) for one in found] == [
        ("indirect", "it rained", ["it rained"], "Ada Quill", "said")
    ]
    assert (found[0].speaker_name, found[0].attribution_type) == ("Ada Quill", "assertion")
    assert found[0].source is None


def test_who_reports_a_quotation_of_somebody_else_has_a_record_beside_it() -> None:
    text = "Tobias Renn said Ada Quill had called it “a gift to us all”."
    outer = report(text, "Tobias Renn", "said", "Ada Quill had called it “a gift to us all”")
    inner = report(text, "Ada Quill", "had called", "it “a gift to us all”")
    found = {shown(text, one)[3]: shown(text, one) for one in records(text, outer, inner)}
    assert found["Ada Quill"][:2] == ("mixed", "“a gift to us all”")
    assert found["Tobias Renn"][0] == "indirect"
    assert found["Tobias Renn"][2] == ["Ada Quill had called it “a gift to us all”"]


def test_a_report_of_nothing_but_another_speaker_s_quotation_is_dropped() -> None:
    text = "“It rained all night,” said Ada Quill, thanking Tobias Renn."
    found = records(text, report(text, "Tobias Renn", "thanking", "“It rained all night,”"))
    assert [shown(text, one)[3] for one in found] == ["Ada Quill"]


def test_of_two_reports_of_the_same_words_the_surer_is_kept() -> None:
    text = "Ada Quill said and Tobias Renn confirmed that it rained."
    weak = report(text, "Ada Quill", "said", "that it rained", confidence=0.5)
    sure = report(text, "Tobias Renn", "confirmed", "that it rained", confidence=0.7)
    assert [shown(text, one)[3] for one in records(text, weak, sure)] == ["Tobias Renn"]
    assert [shown(text, one)[3] for one in records(text, sure, weak)] == ["Tobias Renn"]


def test_an_improbable_report_only_tells_more_of_a_quotation_with_its_cue() -> None:
    text = "Ada Quill called the plan “a gift” to us. She said it rained."
    found = records(
        text,
        report(text, "Ada Quill", "called", "the plan “a gift” to us", confidence=0.1, accepted=False),
        report(text, "She", "said", "it rained", confidence=0.1, accepted=False),
    )
    assert [shown(text, one)[2] for one in found] == [["the plan “a gift” to us"]]


def test_marks_that_nobody_else_is_said_to_have_said_are_parts_of_a_mixed_record() -> None:
    text = "Nobody knows what the “Eel Plan” by Ada Quill is."
    found = records(text, report(text, None, "knows", "what the “Eel Plan” by Ada Quill is"))
    assert [shown(text, one)[:2] for one in found] == [("mixed", "“Eel Plan”")]
    assert found[0].speaker is None


@pytest.mark.parametrize(
    ("second", "speaker"),
    [
        ("“It was a mistake that nobody wanted.”", "Ada Quill"),
        ("“A mistake.”", None),  # too short to be sure that it is speech
        ("The “mistake of the whole year” was hers.", None),
    ],
)
def test_a_quotation_after_a_report_goes_to_its_source(second: str, speaker: str | None) -> None:
    text = f"Ada Quill admitted that the pier leaked.\n\n{second}"
    found = records(text, report(text, "Ada Quill", "admitted", "that the pier leaked"))
    quoted = [one for one in found if one.kind != "indirect"]
    assert [one.speaker_name for one in quoted] == ([speaker] if speaker else [])


def test_a_plan_passes_no_speaker_on() -> None:
    text = "Ada Quill plans to close the pier.\n\n“It was a mistake that nobody wanted.”"
    found = records(text, report(text, "Ada Quill", "plans", "to close the pier", type_="eventuality"))
    assert [one.kind for one in found] == ["indirect"]
