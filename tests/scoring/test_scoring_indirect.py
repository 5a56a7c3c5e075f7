"""Indirect speech in everything that is made of scores; its measures are in `cases.toml`."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from indirect_by_hand import ALL, CLOSE, DISGRACE, INNER, LEAKS, OPEN, OUTER, RECORD, TEXT, at, said
from rich.console import Console

from quotes.records import DocumentRecord, Quotation
from quotes.scoring.agreement import agree
from quotes.scoring.compare import compare
from quotes.scoring.corrections import Review, count_corrections
from quotes.scoring.findings import Findings, report
from quotes.scoring.items import judged_of
from quotes.scoring.report.page import cards, page
from quotes.scoring.report.tables import tables
from quotes.scoring.scores import Scores, figures, fingerprint, meets, score

IN_MARKS = (DISGRACE, INNER)
WIDER = said("said that the pier would close on Friday", speaker="Ada Quill", rule="clause", confidence=0.6)
WRONG = said("on Friday", speaker="Tobias Renn", rule="clause", confidence=0.4)


def record(*quotations: Quotation, with_text: bool = True) -> DocumentRecord:
    return RECORD.model_copy(update={"quotations": quotations, "text": TEXT if with_text else None})


def scored(predicted: tuple[Quotation, ...], gold: tuple[Quotation, ...] = ALL) -> Scores:
    return score(*([judged_of(record(*side), "file")] for side in (predicted, gold)), samples=20)


def changed(quotation: Quotation, **fields: Any) -> Quotation:
    return quotation.model_copy(update=fields)


@pytest.mark.parametrize("predicted", [IN_MARKS, (INNER,), ALL, (CLOSE, LEAKS), (OUTER, INNER, WRONG), ()])
@pytest.mark.parametrize("gold", [ALL, (*IN_MARKS, CLOSE)])
def test_figures_of_what_is_in_marks_stay_as_they_are(
    predicted: tuple[Quotation, ...], gold: tuple[Quotation, ...]
) -> None:
    with_indirect = scored(predicted, gold)
    without = scored(*(tuple(one for one in side if one in IN_MARKS) for side in (predicted, gold)))
    new = ("attribution", "indirect.")
    assert {name: f for name, f in figures(with_indirect).items() if not name.startswith(new)} == figures(
        without
    )
    assert without.indirect is None
    for what in ("document", "speaker", "folder"):
        assert with_indirect.slices[what] == without.slices[what]


def test_all_right() -> None:
    found = figures(scored(ALL))
    assert {
        found[name] for name in found if name.startswith(("attribution", "indirect.")) and "ece" not in name
    } == {1.0}
    assert found["indirect.confident.ece"] == 0.0
    assert "attribution.direct.f1" not in found


def test_without_a_text_edges_count() -> None:
    """A blank or a full stop at an edge is left out where the text is known."""
    longer = said("that the pier would close on Friday.", speaker="Ada Quill")
    for with_text, exact in ((True, 1.0), (False, 0.0)):
        sides = ([judged_of(record(q, with_text=with_text), "file")] for q in (longer, CLOSE))
        assert figures(score(*sides))["indirect.content.f1"] == exact


def test_a_worse_calibration_is_a_larger_error() -> None:
    assert meets("indirect.confident.ece", 0.04, 0.05)
    assert not meets("indirect.confident.ece", 0.06, 0.05)


def test_a_fingerprint_is_that_of_the_answers() -> None:
    def of(*quotations: Quotation) -> str:
        return fingerprint([judged_of(record(*quotations), "file")])

    plain = changed(INNER, content=None)
    found = [
        of(),
        of(plain),
        of(INNER),
        of(plain, CLOSE),
        of(plain, OPEN),
        of(plain, changed(CLOSE, source=None)),
    ]
    assert len(set(found)) == len(found)
    assert of(CLOSE, plain) == of(plain, CLOSE)


def test_rules_of_indirect_speech_are_listed() -> None:
    rules = scored((WIDER, WRONG, changed(INNER, rule="object"))).slices["rule"]
    assert {name: (counts.right, counts.predicted) for name, counts in rules.items()} == {
        "clause": (1, 2),
        "object": (1, 1),
    }


def test_kinds_are_confused() -> None:
    found = scored((CLOSE, changed(LEAKS, kind="direct"))).confusion
    assert found["indirect", "indirect"] == 1
    assert found["indirect", "direct"] == found["–", "direct"] == 1
    assert found["mixed", "–"] == 2
    # Words that are right in marks and overlap indirect content count once.
    assert scored((INNER,), (INNER, OUTER)).confusion == {("mixed", "mixed"): 1, ("indirect", "–"): 1}


def test_what_was_fixed_and_what_broke() -> None:
    found = compare(scored((CLOSE, INNER, WRONG)), scored((OPEN, INNER, changed(LEAKS, speaker=None))))
    assert [(one.what, one.kind, one.parts[0][0]) for one in found.changes] == [
        ("broken", "indirect", CLOSE.parts[0][0]),
        ("fixed", "indirect", OPEN.parts[0][0]),
        ("spurious gone", "indirect", WRONG.parts[0][0]),
    ]
    names = {one.name for one in found.differences}
    assert {"attributed", "attribution", "attribution.indirect", "indirect.words"} < names


def test_a_baseline_without_indirect_speech() -> None:
    found = compare(scored(IN_MARKS), scored(ALL))
    assert {(one.what, one.kind) for one in found.changes} == {("fixed", "indirect")}
    assert len(found.changes) == 4
    only_ours = compare(scored(IN_MARKS, IN_MARKS), scored(ALL, IN_MARKS))
    assert {(one.what, one.kind) for one in only_ours.changes} == {("new spurious", "indirect")}


def test_two_reviewers() -> None:
    first = (changed(CLOSE, speaker=OPEN.speaker, speaker_name="Tobias Renn"), *ALL[1:-1])
    found = agree(scored(first))
    alphas = {alpha.question: alpha for alpha in found.alphas}
    assert len(alphas) == 8
    assert alphas["which mention?"].units == 2
    assert alphas["which mention of what is reported?"].units == 5
    assert alphas["which mention of what is reported?"].alike == 0.8
    assert alphas["is the word quoted?"].alpha == 1.0
    words = alphas["is the word reported?"]
    assert words.alike == 1 - 3 / words.units  # whether it leaks
    assert [verdict.errors for _, verdict in found.disagreements] == [
        ("wrong mention", "wrong person"), ("missed",)
    ]  # fmt: skip
    assert len(agree(scored(IN_MARKS, IN_MARKS)).alphas) == 4


def test_corrections_are_counted() -> None:
    after = (
        CLOSE,
        WRONG,
        changed(OPEN, source=CLOSE.source),
        DISGRACE,
        changed(INNER, content=(at("dam is “mad”"),)),
        changed(LEAKS, speaker=None),
    )
    found = count_corrections([Review(False, record(*ALL), record(*after), 9.0)])
    assert found.preannotated == 6
    assert found.outcomes == {
        "accepted": 2, "changed": 3, "added": 1, "re-attributed": 2, "moved": 1, "deleted": 1,
    }  # fmt: skip


def test_what_is_shown() -> None:
    scores = scored((WIDER, OPEN, WRONG, *IN_MARKS))
    out = StringIO()
    for table in tables(Findings(scores=scores), ["rule"]):
        Console(file=out, width=140).print(table)
    shown = out.getvalue()
    assert "2 quotations in the gold, and 4 of indirect speech" in shown
    assert "All that is reported, by kind" in shown
    assert "Confidence of indirect speech: of those at 0.9 and above, 100.0 % are right" in shown
    html = page(Findings(scores=scores)).decode()
    assert "Indirect speech: share right over confidence" in html
    assert '<option value="=indirect">' in html
    assert html.count('data-quotation="indirect"') == 4
    found = json.loads(report(Findings(scores=scores)))
    assert found["figures"]["attribution.indirect.precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert len(found["indirect"]["reliability"]) == 10
    assert (
        sum(error["gold"] is not None and error["gold"]["kind"] == "indirect" for error in found["errors"])
        == 3
    )


def test_a_card_marks_the_phrase_of_the_source() -> None:
    [card] = cards(scored((changed(CLOSE, speaker=OPEN.speaker),), (CLOSE,)).judgements)
    assert card.kinds == ("wrong mention",)
    assert card.quotation == "indirect"
    assert {run.text for run in card.runs if "gold-speaker" in run.classes.split()} == {"Mayor Ada Quill"}


def test_nothing_is_shown_without_indirect_speech() -> None:
    scores = scored(IN_MARKS, IN_MARKS)
    html = page(Findings(scores=scores)).decode()
    assert "Indirect speech" not in html
    assert "indirect" not in json.loads(report(Findings(scores=scores)))
