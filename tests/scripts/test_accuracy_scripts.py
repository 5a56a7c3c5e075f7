"""The scripts that measure: accuracy.py, ablate.py and errors.py, on an invented compartment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import builders
import paths
import pytest
import typer

from quotes import parsing
from quotes.attribution import CONTINUED, Scene, decide
from quotes.extractor import mark
from quotes.formats.jsonl import records as jsonl
from quotes.records import Quotation
from scripts import ablate, accuracy, errors
from scripts.measuring import at_cuts

ROOT = paths.ROOT

# A quotation that is annotated, one that is not, one annotated with source and cue swapped, and a title.
TEXT = (
    "“It rained all night, and nobody came,” Ada Quill said.\n\n"
    "“The pier will outlive every one of us,” Bo Tarn said.\n\n"
    "“We will rebuild it before the winter,” Cy Orr said.\n\n"
    "It was a cold day.\n\n"
    "The shop sells the ‘Gull Gazette’ to visitors.\n"
)

# What the yardstick would print.
REPORT = {
    "span": {"p": 97.0, "r": 96.0, "f1": 96.5},
    "attributed": {"f1": 89.5},
    "confident": {"precision": 95.0, "coverage": 68.0, "ece": 0.02},
    "long": {"recall": 97.0, "attributed": 95.0},
    "resolved": {"of": 10, "share": 90.0, "by form": {"name": "5/5", "pronoun": "4/5"}},
}
CUTS = {"0": {"p": 91.0, "r": 90.0, "f1": 90.5}, "0.9": {"p": 96.0, "r": 72.0, "f1": None}}
# What the yardstick for attributions would print.
ATTRIBUTIONS = {
    "attributions": {"gold": 9, "predicted": 8},
    "attribution": {"p": 66.0, "r": 60.0, "f1": 62.9},
    "recall": {"direct": 83.0, "mixed": 60.0, "indirect": 51.0},
    "precision": {"direct": 85.0, "mixed": None, "indirect": 55.0},
    "exact": {"content": {"f1": 64.5}, "source": {"f1": 75.5}, "cue": {"f1": 70.5}},
    "content words": {"p": 88.0, "r": 85.0, "f1": 86.5},
}


def annotate(path: Path, text: str, *attributions: tuple[str, str, str]) -> None:
    """Write a brat file: the source, the cue and the content of each attribution, as words of the text."""
    rows, events = [], []
    for source, cue, content in attributions:
        end = text.index(content) + len(content)
        spans = {"Content": (text.index(content), end)}
        for role, words in (("Cue", cue), ("Source", source)):
            start = text.index(words, end)
            spans[role] = (start, start + len(words))
        roles = []
        for role, (start, stop) in spans.items():
            key = f"T{len(rows) + 1}"
            rows.append(f"{key}\t{role} {start} {stop}\t{text[start:stop]}")
            roles.append(f"{role}:{key}")
        events.append(f"E{len(events) + 1}\tAttribution:{roles[0][8:]} {' '.join(roles)}")
    path.write_text("\n".join([*rows, *events]) + "\n", encoding="utf-8")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A shared folder with a dev part of one article, and one that nobody annotated."""
    dev = tmp_path / "shared" / "polnear" / "dev"
    (dev / "text").mkdir(parents=True)
    (dev / "attributions").mkdir()
    (dev / "text" / "ferry[1].txt").write_text(TEXT, encoding="utf-8")
    (dev / "text" / "other.txt").write_text("“No,” Ada Quill said.", encoding="utf-8")
    annotate(
        dev / "attributions" / "ferry[1]_ab12.ann",
        TEXT,
        ("Ada Quill", "said", "“It rained all night, and nobody came,”"),
        ("said", "Cy Orr", "“We will rebuild it before the winter,”"),
    )
    (dev / "speakers.jsonl").write_text("")
    (tmp_path / "shared" / "bench").mkdir()
    # A yardstick that prints its report only for a prediction file that extraction has written.
    (tmp_path / "shared" / "bench" / "polnear.py").write_text(
        f"import pathlib, sys\nassert pathlib.Path(sys.argv[2]).read_text().count('doc_id') == 2\n"
        f"print({json.dumps(REPORT)!r})\n"
    )
    (tmp_path / "shared" / "bench" / "attributions.py").write_text(f"print({json.dumps(ATTRIBUTIONS)!r})\n")
    return tmp_path / "shared"


@pytest.fixture
def dev(shared: Path) -> Path:
    return shared / "polnear" / "dev"


# accuracy.py


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    return tmp_path / "floors.json"


NAMES = {"names.precision": 98.0, "names.coverage": 80.0, "names.ece": 0.03}
Accuracy = Callable[..., int]
Report = Mapping[str, Any]


@pytest.fixture
def run_accuracy(shared: Path, floors: Path, monkeypatch: pytest.MonkeyPatch) -> Accuracy:
    """Run accuracy.py with a measurement given by hand; its exit code."""

    def run(
        report: Report = REPORT, more: Report = ATTRIBUTIONS, *, set_floors: bool = False, lower: bool = False
    ) -> int:
        indirect = accuracy.values_with_indirect({"attributed": {"f1": 90.4}, **more})
        measured = accuracy.values(report) | NAMES | indirect
        monkeypatch.setattr(accuracy, "measure", lambda *_: (measured, CUTS))
        try:
            accuracy.main(shared, floors, set_floors, lower, 0.3)
        except typer.Exit as exit:
            return exit.exit_code
        return 0

    return run


def worse(attributed: float) -> Report:
    return {**REPORT, "attributed": {"f1": attributed}}


def test_without_floors_it_prints_figures_and_goals(
    run_accuracy: Accuracy, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_accuracy() == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-3:] == [
        "confidence             precision  recall      F1",
        "≥ 0                         91.0    90.0    90.5",
        "≥ 0.9                       96.0    72.0       –",
    ]
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line}
    assert rows["long.recall"] == ["97.0", "–", "≥", "96.0"]
    assert rows["long.attributed"] == ["95.0", "–", "–"]
    assert rows["attributed.f1"] == ["89.5", "–", "≥", "88.0"]
    assert rows["confident.precision"] == ["95.0", "–", "≥", "97.0", "goal", "not", "reached"]
    assert rows["confident.ece"] == ["0.020", "–", "≤", "0.050"]
    assert rows["resolved.pronoun"][:1] == ["80.0"]
    assert rows["attribution.f1"] == ["62.9", "–", "≥", "68.0", "goal", "not", "reached"]
    assert rows["indirect.attributed.f1"] == ["90.4", "–", "≥", "90.0"]
    assert rows["recall.indirect"] == ["51.0", "–", "–"]
    assert rows["precision.mixed"] == ["–", "–", "–"]


def test_floors_are_set_a_margin_below_what_was_measured(run_accuracy: Accuracy, floors: Path) -> None:
    assert run_accuracy(set_floors=True) == 0
    content = json.loads(floors.read_text())
    assert content["margin"] == 0.3
    assert content["floors"] == {
        "attributed.f1": 89.2,
        "span.f1": 96.2,
        "confident.precision": 94.7,
        "confident.coverage": 67.7,
        "confident.ece": 0.023,
        "long.recall": 96.7,
        "resolved.share": 89.7,
        "resolved.pronoun": 79.7,
        "names.precision": 97.7,
        "names.coverage": 79.7,
        "names.ece": 0.033,
        "indirect.attributed.f1": 90.1,
        "attribution.f1": 62.6,
        "content.f1": 64.2,
        "source.f1": 75.2,
        "cue.f1": 70.2,
        "words.f1": 86.2,
    }
    assert run_accuracy() == 0
    assert not list(floors.parent.glob("*.tmp"))


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (worse(89.1), "attributed.f1 is 89.1, its floor 89.2"),
        (
            {**REPORT, "confident": {**REPORT["confident"], "ece": 0.024}},
            "confident.ece is 0.024, its floor 0.023",
        ),
        ({**REPORT, "resolved": {"share": 90.0, "by form": {}}}, "resolved.pronoun is –, its floor 79.7"),
    ],
)
def test_a_missed_floor_is_named(
    report: Report, told: str, run_accuracy: Accuracy, capsys: pytest.CaptureFixture[str]
) -> None:
    run_accuracy(set_floors=True)
    capsys.readouterr()
    assert run_accuracy(report) == 1
    out, err = capsys.readouterr()
    assert err == f"Error: Missed: {told}.\n"
    assert out.count("floor missed") == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"attribution": {"f1": 60.0}}, "attribution.f1 is 60.0, its floor 62.6"),
        (
            {"exact": {}},
            "content.f1 is –, its floor 64.2; source.f1 is –, its floor 75.2; cue.f1 is –, its floor 70.2",
        ),
        ({"content words": {"f1": 86.1}}, "words.f1 is 86.1, its floor 86.2"),
        ({"attributed": {"f1": 89.0}}, "indirect.attributed.f1 is 89.0, its floor 90.1"),
    ],
)
def test_a_missed_floor_of_attributions_is_named(
    more: Report, told: str, run_accuracy: Accuracy, capsys: pytest.CaptureFixture[str]
) -> None:
    run_accuracy(set_floors=True)
    capsys.readouterr()
    assert run_accuracy(more={**ATTRIBUTIONS, **more}) == 1
    assert capsys.readouterr().err == f"Error: Missed: {told}.\n"


@pytest.mark.shared
@pytest.mark.skipif(
    not (accuracy.SHARED / "bench" / "attributions.py").is_file(),
    reason="the yardstick is not here: ../shared/bench is missing",
)
def test_predictions_by_hand_with_the_real_yardsticks(dev: Path, tmp_path: Path) -> None:
    rained = builders.quotation(
        TEXT, "“It rained all night, and nobody came,”", speaker="Ada Quill", cue="said"
    )
    cold = builders.quotation(TEXT, "It was a cold day", speaker=("outlive every one of us,” ", "Bo Tarn"),
                              kind="indirect")  # fmt: skip
    records = [
        builders.record("ferry[1]", TEXT, rained, cold),
        builders.record("other", "“No,” Ada Quill said."),
    ]
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_bytes(b"".join(map(jsonl.encode, records)))
    found = accuracy.score_indirect(dev, predictions, accuracy.SHARED / "bench")
    # One of two attributions is found, and one of the two that are found is one.
    assert (found["attribution.f1"], found["content.f1"], found["cue.f1"]) == (50.0, 50.0, 66.7)
    assert (found["recall.direct"], found["precision.indirect"], found["recall.indirect"]) == (
        50.0,
        0.0,
        None,
    )
    assert found["indirect.attributed.f1"] == 66.7


def test_long_quotations_and_cuts_by_hand(dev: Path, tmp_path: Path) -> None:
    long = "“It rained all night, and all day, and nobody came,”"
    text = f"{long} Ada Quill said.\n\n“We will rebuild every plank of it before the winter,” Cy Orr said.\n"
    (dev / "text" / "long.txt").write_text(text, encoding="utf-8")
    annotate(
        dev / "attributions" / "long_ab12.ann",
        text,
        ("Ada Quill", "said", long),
        ("Cy Orr", "said", "“We will rebuild every plank of it before the winter,”"),
    )
    found = builders.quotation(text, long, speaker="Ada Quill", cue="said", confidence=0.6)
    wrong = builders.quotation(
        text, "“We will rebuild every plank of it before the winter,”", speaker="Ada Quill", confidence=0.4
    )
    predictions = tmp_path / "predictions.jsonl"

    def recall(*quotations: Quotation) -> dict[str, float | None]:
        predictions.write_bytes(jsonl.encode(builders.record("long", text, *quotations)))
        return at_cuts.long_quotations(dev, predictions)

    assert recall() == {"recall": 0.0, "attributed": 0.0}
    assert recall(found) == {"recall": 50.0, "attributed": 50.0}
    assert recall(found, wrong) == {"recall": 100.0, "attributed": 50.0}

    def count(path: Path) -> Report:
        return {"attributed": {"p": path.read_text().count("quote_id")}}

    at = at_cuts.at_cuts(predictions, count)
    assert {cut: row["p"] for cut, row in at.items()} == {"0": 2, "0.25": 2, "0.5": 1, "0.75": 0, "0.9": 0}
    assert list(tmp_path.glob("*.above.jsonl")) == []


def test_without_long_quotations_their_recall_is_not_known(dev: Path, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("")
    assert at_cuts.long_quotations(dev, tmp_path / "none.jsonl") == {"recall": None, "attributed": None}


def test_floors_only_rise(run_accuracy: Accuracy, floors: Path) -> None:
    def attributed() -> float:
        return float(json.loads(floors.read_text())["floors"]["attributed.f1"])

    run_accuracy(set_floors=True)
    # It still holds, if only just: no reason to lower it.
    assert run_accuracy(worse(89.3), set_floors=True) == 0
    assert attributed() == 89.2
    assert run_accuracy(worse(91.0), set_floors=True) == 0
    assert attributed() == 90.7


def test_a_floor_is_lowered_only_on_purpose(
    run_accuracy: Accuracy, floors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_accuracy(set_floors=True)
    before = floors.read_text()
    assert run_accuracy(worse(80.0), set_floors=True) == 1
    assert "No floor was set" in capsys.readouterr().err
    assert floors.read_text() == before
    assert run_accuracy(worse(80.0), set_floors=True, lower=True) == 0
    after = json.loads(floors.read_text())["floors"]
    assert after == {**json.loads(before)["floors"], "attributed.f1": 79.7}


@pytest.mark.parametrize("part", ["text/ferry[1].txt", "attributions/ferry[1]_ab12.ann", "speakers.jsonl"])
def test_floors_hold_for_the_gold_files_that_they_were_measured_on(
    part: str, run_accuracy: Accuracy, floors: Path, dev: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_accuracy(set_floors=True)
    with (dev / part).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert run_accuracy(worse(99.0)) == 1
    assert run_accuracy(worse(99.0), set_floors=True) == 1
    assert capsys.readouterr().err.count("other gold files") == 2
    assert run_accuracy(worse(80.0), set_floors=True, lower=True) == 0
    assert run_accuracy(worse(80.0)) == 0
    assert json.loads(floors.read_text())["floors"]["attributed.f1"] == 79.7


def test_malformed_floors_are_told(
    run_accuracy: Accuracy, floors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floors.write_text("{}")
    assert run_accuracy() == 1
    assert capsys.readouterr().err.startswith("Error: floors.json is malformed.")


def test_without_the_shared_folder_it_skips_and_says_why(
    tmp_path: Path, floors: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "SHARED", tmp_path / "nowhere")
    accuracy.main(None, floors, True, False, 0.3)
    out, err = capsys.readouterr()
    assert out == "Skipped: ../shared/polnear/dev/text is missing, so nothing was measured.\n"
    assert err == ""
    assert not floors.exists()


def test_a_shared_folder_that_was_asked_for_must_be_there(
    tmp_path: Path, floors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as exit:
        accuracy.main(tmp_path / "nowhere", floors, False, False, 0.3)
    assert exit.value.exit_code == 1
    assert "has no polnear/dev/text" in capsys.readouterr().err


def test_the_floors_in_the_repository_are_well_formed() -> None:
    known = accuracy.read_floors(accuracy.FLOORS)
    assert known is not None
    assert set(known.floors) == {figure.name for figure in accuracy.ALL if figure.goal is not None}


def test_how_sure_names_are_is_measured(tmp_path: Path) -> None:
    said = [
        builders.quotation(
            TEXT,
            "“It rained all night, and nobody came,”",
            speaker="Ada Quill",
            speaker_name=name,
            name_confidence=sure,
        )
        for name, sure in (("Ada Quill", 0.95), ("Ida Vale", 0.9), ("Quill", 0.5), (None, None))
    ]
    predictions, speakers = tmp_path / "predictions.jsonl", tmp_path / "speakers.jsonl"
    predictions.write_bytes(
        b"".join(jsonl.encode(builders.record(f"d{n}", TEXT, one)) for n, one in enumerate(said))
    )
    start = TEXT.index("Ada Quill")
    rows = [{"doc": f"d{n}", "source": [start, start + 5], "name": "Ada Quill"} for n in range(4)]
    speakers.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {**rows[0], "name": None}]))
    assert accuracy.sureness_of_names(predictions, speakers) == {
        "names.precision": 50.0,
        "names.coverage": 66.7,
        "names.ece": round((abs(0.95 - 1 + 0.9) + 0.5) / 3, 3),
    }
    speakers.write_text("")
    assert set(accuracy.sureness_of_names(predictions, speakers).values()) == {None}


def accuracy_process(shared: Path, floors: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/accuracy.py", "--shared", str(shared), "--floors", str(floors)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=300)


@pytest.mark.model
def test_it_extracts_and_asks_the_yardstick(shared: Path, floors: Path) -> None:
    done = accuracy_process(shared, floors)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].split()[:2] == ["attributed.f1", "89.5"]


@pytest.mark.parametrize(
    ("yardstick", "told"),
    [
        ("import sys\nsys.exit('no such option')\n", "no such option"),
        ("print('hello')\n", "printed no report: 'hello"),
        ("", "printed no report: ''"),
    ],
)
def test_a_yardstick_that_fails_is_told(yardstick: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "polnear.py").write_text(yardstick)
    with pytest.raises(accuracy.MeasureError, match=told):
        accuracy.score(tmp_path, tmp_path / "predictions.jsonl", tmp_path)


def test_an_extraction_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(accuracy.MeasureError, match="there is no such file or folder"):
        accuracy.measure(tmp_path, tmp_path)


@pytest.mark.model
@pytest.mark.shared
@pytest.mark.skipif(
    not (accuracy.SHARED / "bench" / "polnear.py").is_file(),
    reason="the yardstick is not here: ../shared/bench is missing",
)
def test_with_the_real_yardstick(shared: Path, floors: Path) -> None:
    for real in (accuracy.SHARED / "bench").glob("*.py"):
        (shared / "bench" / real.name).write_bytes(real.read_bytes())
    done = accuracy_process(shared, floors)
    assert (done.returncode, done.stderr) == (0, "")
    rows = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines() if line}
    # Two of three are annotated, and one of them with source and cue swapped.
    assert (rows["span.f1"], rows["attributed.f1"]) == ("80.0", "40.0")


# ablate.py and errors.py


def test_every_rule_has_one_row() -> None:
    names = ablate.rules()
    assert len(names) == len(set(names))
    assert {"speaker-label", "after-quotation", "floating", CONTINUED} <= set(names)


@pytest.mark.model
@pytest.mark.parametrize("main", [ablate.main, errors.main], ids=["ablate", "errors"])
@pytest.mark.parametrize(
    ("folder", "told"), [("", "no folder text/"), ("dev", "no annotated article")], ids=["missing", "empty"]
)
def test_a_folder_that_is_no_compartment(
    main: Callable[[Path], None], folder: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("text", "attributions"):
        (tmp_path / "dev" / name).mkdir(parents=True)
    with pytest.raises(typer.Exit) as exit:
        main(tmp_path / folder)
    assert exit.value.exit_code == 1
    assert told in capsys.readouterr().err


@pytest.mark.model
def test_ablation_counts_claims_and_what_is_lost(dev: Path) -> None:
    articles = ablate.read_compartment(dev, parsing.DEFAULT_MODEL)
    claimed, hits = ablate.count(articles)
    assert (claimed["gold"], claimed["predicted"]) == (2, 3)
    assert (claimed["after-quotation"], hits["after-quotation"]) == (3, 1)
    without, fewer = ablate.count(articles, frozenset(["after-quotation"]))
    assert without["after-quotation"] == 0
    assert fewer.total() <= hits.total()
    assert ablate.count(articles) == (claimed, hits)
    assert ablate.proposals(articles)["after-quotation"] == 3


@pytest.mark.model
def test_the_ablation_page(dev: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ablate.main(dev, tmp_path / "ablation.md")
    assert capsys.readouterr().out == ""
    page = (tmp_path / "ablation.md").read_text(encoding="utf-8")
    ablate.main(dev, None)
    assert capsys.readouterr().out == page
    assert "on 1 articles with 2 quoted segments" in page
    rows = {row.split("|")[1].strip(" `"): row for row in page.splitlines() if row.startswith("| ")}
    assert list(rows) == ["rule", *ablate.rules(), "all"]
    assert rows["after-quotation"].startswith("| `after-quotation` | 3 | 3 | 1 | 33.3 |")
    assert rows["credit-line"] == "| `credit-line` | 0 | 0 | 0 | – | 40.0 | 0 |"
    assert rows["all"] == "| all | | 3 | 1 | 33.3 | 40.0 | |"


@pytest.mark.model
def test_a_rule_can_be_left_out() -> None:
    text = "Ada Quill told the council: “We waited for the boat.\n\n“Then the rain came.”"
    rules = {}
    for without in (frozenset[str](), frozenset([CONTINUED])):
        [parse] = parsing.parse(parsing.load(), [mark(text)])
        claims = decide(Scene.of(parse), without=without).of_segment
        rules[without] = [claim.candidate.rule for claim in claims if claim]
    assert CONTINUED in rules[frozenset()]
    assert CONTINUED not in rules[frozenset([CONTINUED])]


@pytest.mark.model
def test_the_kinds_of_error(dev: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errors.main(dev, 20, 0)
    out = capsys.readouterr().out
    assert out.splitlines() == [
        "| kind of error | count | decided by |",
        "|---|---:|---|",
        "| spurious: four words or more | 1 | `after-quotation` 1 |",
        "| wrong speaker: source and cue are swapped in the annotation | 1 | `after-quotation` 1 |",
        "| all | 2 | |",
    ]
    assert "outlive" not in out


@pytest.mark.model
def test_examples_are_shown_only_when_asked_for(dev: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errors.main(dev, 1, 3)
    out = capsys.readouterr().out
    assert "| 1 other kinds | 1 | |" in out
    assert "⟦“The pier will outlive every one of us,”⟧" in out
    assert "chosen: Bo Tarn, annotated: –" in out
