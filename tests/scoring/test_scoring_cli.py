"""`quotes score` as people call it: what it prints and writes, bad input, and its exit codes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import builders
import paths
import pytest
from typer.testing import CliRunner, Result

from quotes.cli.app import app
from quotes.formats.jsonl import records as jsonl
from quotes.records import Document, DocumentRecord, Quotation
from quotes.scoring.gold import read_side
from quotes.scoring.report import page
from quotes.scoring.scores import score
from tests.conftest import STORY

ROOT = paths.ROOT
SHARED = ROOT.parent / "shared"
SHA = Document(doc_id="story", text=STORY).text_sha256

Make = Callable[..., Quotation]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["score", *map(str, arguments)])


@pytest.fixture
def rained(quotation: Make) -> Quotation:
    return quotation(STORY, "“It rained all night,”", speaker="Mayor Ada Quill", name="Ada Quill", cue="said")


@pytest.fixture
def disgrace(quotation: Make) -> Quotation:
    return quotation(STORY, "“disgrace”", speaker="She", name="Ada Quill", cue="called", kind="mixed")


def record(*quotations: Quotation, doc_id: str = "story", **changed: Any) -> DocumentRecord:
    numbered = tuple(q.model_copy(update={"quote_id": f"q{q.parts[0][0]}"}) for q in quotations)
    made = DocumentRecord(doc_id=doc_id, text_sha256=SHA, quotations=numbered)
    return made.model_copy(update=changed)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(name: str, *records: DocumentRecord) -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(map(jsonl.encode, records)))
        return path

    return written


Write = Callable[..., Path]


@pytest.fixture
def files(write: Write, rained: Quotation, disgrace: Quotation) -> tuple[Path, Path]:
    """Predictions that miss one of two, and the gold."""
    return write("new.jsonl", record(rained)), write("gold.jsonl", record(rained, disgrace))


def rows(result: Result) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in result.stdout.splitlines():
        if line.startswith("│"):
            name, *cells = (cell.strip() for cell in line.strip("│").split("│"))
            found.setdefault(name, cells)
    return found


def test_it_prints_the_figures(run: Run, files: tuple[Path, Path]) -> None:
    result = run(*files)
    assert result.exit_code == 0, result.output
    assert "1 documents, 2 quotations in the gold" in result.stdout
    assert rows(result)["attributed"] == ["100.0", "50.0", "66.7", "–", "1", "1", "2"]
    assert rows(result)["mixed"][:3] == ["–", "0.0", "–"]
    assert "Expected calibration error: 0.100" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("by", "row", "cells"),
    [
        ("rule", "by-hand", ["100.0", "1", "1"]),
        ("document", "story", ["100.0", "50.0", "66.7", "1", "1", "2"]),
        ("speaker", "Ada Quill", ["100.0", "50.0", "66.7", "1", "1", "2"]),
        ("folder", ".", ["100.0", "50.0", "66.7", "1", "1", "2"]),
    ],
)
def test_slices(by: str, row: str, cells: list[str], run: Run, files: tuple[Path, Path]) -> None:
    assert rows(run(*files, "--by", by))[row] == cells


def test_json_has_every_figure(run: Run, files: tuple[Path, Path]) -> None:
    result = run(*files, "--json", "-")
    content = json.loads(result.stdout)
    assert content["figures"]["attributed.recall"] == 0.5
    assert content["figures"]["kind.mixed.precision"] is None
    assert content["report_version"] == 1
    assert [error["errors"] for error in content["errors"]] == [["missed"]]
    assert content["curve"] == [
        {"threshold": 0.9, "right": 1, "predicted": 1, "found": 1, "gold": 2,
         "precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3)}
    ]  # fmt: skip
    run(*files, "--json", "figures.json", "--quiet")
    assert json.loads(Path("figures.json").read_text()) == content


def test_html_is_written_whole(run: Run, files: tuple[Path, Path]) -> None:
    result = run(*files, "--html", "report.html", "--quiet")
    assert (result.exit_code, result.stdout) == (0, "")
    assert Path("report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert run(*files, "--html", "no/folder.html").exit_code == 1


def test_the_threshold_for_a_precision(
    run: Run, write: Write, rained: Quotation, disgrace: Quotation
) -> None:
    unsure = disgrace.model_copy(update={"confidence": 0.3})
    new, gold = write("new.jsonl", record(rained, unsure)), write("gold.jsonl", record(rained))

    def told(path: Path, precision: str) -> str:
        return " ".join(run(path, gold, "--want-precision", precision).stdout.split())

    assert "--min-confidence 0.9000 gives 100.0 % at a recall of 100.0 % and keeps 1 of 2." in told(
        new, "0.97"
    )
    assert "--min-confidence 0.3000 gives 50.0 %" in told(new, "0.5")
    assert "No threshold of confidence reaches" in told(write("wrong.jsonl", record(disgrace)), "0.97")


def test_a_baseline(run: Run, write: Write, files: tuple[Path, Path], disgrace: Quotation) -> None:
    result = run(*files, "--baseline", write("old.jsonl", record(disgrace)))
    assert "1 documents in common: 1 broken, 0 new spurious, 1 fixed, 0 spurious gone." in result.stdout


def test_two_reviewers(run: Run, files: tuple[Path, Path]) -> None:
    result = run(*files, "--agreement", "--texts", ROOT / "seeds")
    assert "only the second" in result.stdout
    assert rows(result)["which mention?"] == ["1", "100.0", "–"]


# Floors


@pytest.mark.parametrize(
    ("floors", "code", "told"),
    [
        (["attributed.precision=1"], 0, ""),
        (["attributed.f1=0.66", "confident.ece=0.1"], 0, ""),
        (["attributed.f1=0.67"], 1, "Error: Missed: attributed.f1 is 0.6667, its floor 0.6700.\n"),
        (["kind.mixed.precision=0"], 1, "Error: Missed: kind.mixed.precision is –, its floor 0.0000.\n"),
        (["confident.ece=0.05"], 1, "Error: Missed: confident.ece is 0.1000, its ceiling 0.0500.\n"),
    ],
)
def test_floors(floors: list[str], code: int, told: str, run: Run, files: tuple[Path, Path]) -> None:
    result = run(*files, *(word for floor in floors for word in ("--fail-under", floor)))
    assert (result.exit_code, result.stderr) == (code, told)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--fail-under", "attributed.f1"], "Write it like attributed.f1=0.90"),
        (["--fail-under", "attributed.f1=90"], "'90' is not a share"),
        (["--fail-under", "attributed.f1=much"], "'much' is not a share"),
        (["--fail-under", "attributed=0.9"], "'attributed' is not a figure"),
        (["--by", "mood"], "choose from rule, document, speaker, folder"),
        (["--iou", "0"], "0.01"),
        (["--want-precision", "97"], "less than or equal to 1"),
    ],
)
def test_wrong_usage(options: list[str], told: str, run: Run, files: tuple[Path, Path]) -> None:
    result = run(*files, *options)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


# Bad input


def test_documents_of_another_text_are_named(run: Run, write: Write, rained: Quotation) -> None:
    gold = write("gold.jsonl", record(rained), record(rained, doc_id="fair", text_sha256="1" * 64))
    other = record(rained, doc_id="fair", text_sha256="2" * 64)
    more = record(rained, doc_id="fête", text_sha256="3" * 64)
    result = run(write("new.jsonl", record(rained), other, more), gold)
    assert rows(result)["span"][-2:] == ["1", "1"]
    assert result.stderr.splitlines() == [
        "Not scored: 1 document with another text than the gold's: fair",
        "Not scored: 1 document in the predictions only: fête",
    ]


def test_a_document_of_another_name_and_the_same_text_is_scored(
    run: Run, write: Write, rained: Quotation
) -> None:
    files = write("new.jsonl", record(rained, doc_id="a/story")), write("gold.jsonl", record(rained))
    assert rows(run(*files))["span"][-2:] == ["1", "1"]


def test_two_documents_of_one_text_and_other_names_are_left_alone(
    run: Run, write: Write, rained: Quotation
) -> None:
    twins = write("new.jsonl", record(rained, doc_id="a"), record(rained, doc_id="b"))
    result = run(twins, write("gold.jsonl", record(rained)))
    assert result.exit_code == 1
    assert "none in common" in result.stderr


@pytest.mark.parametrize(
    ("new", "gold", "told"),
    [
        ("", "", "both files are empty"),
        ("", "{gold}", "there are none in the predictions"),
        ("{gold}", "", "there are none in the gold"),
        ("{other}", "{gold}", "none in common"),
        ("{changed}", "{gold}", "their texts differ (story)"),
        ("{gold}", "{torn}", "line 2: the file ends in the middle of a record"),
        ("{gold}", "{gold}{gold}", "the document 'story' is already on line 1"),
        ("{version}", "{gold}", "schema version 7, and this program reads version 1"),
        ("{twice}", "{gold}", "two different quotations of the id 'q0'"),
        ("{beyond}", "{gold}", "don't fit the text"),
        ("{moved}", "{gold}", "don't fit the text"),
    ],
)
def test_bad_input_is_told(
    new: str, gold: str, told: str, run: Run, write: Write, rained: Quotation, disgrace: Quotation
) -> None:
    line = jsonl.encode(record(rained)).decode()
    value = json.loads(line)
    longer = [{**value["quotations"][0], "parts": [[0, 23]]}]
    lines = {
        "gold": line,
        "torn": line + line[:80],
        "other": line.replace('"story"', '"fair"').replace(SHA, "1" * 64),
        "changed": line.replace(SHA, "1" * 64),
        "version": json.dumps({**value, "schema_version": 7}) + "\n",
        "twice": jsonl.encode(record(rained, disgrace)).decode().replace('"q66"', '"q0"'),
        "beyond": json.dumps({**value, "quotations": longer}) + "\n",
        "moved": jsonl.encode(record(rained, text="X" + STORY[1:])).decode(),
    }
    assert '"q66"' not in lines["twice"]
    moved = Document(doc_id="story", text="X" + STORY[1:]).text_sha256
    lines["moved"] = lines["moved"].replace(SHA, moved)
    for name, content in (("new.jsonl", new), ("gold.jsonl", gold)):
        Path(name).write_text(content.format(**lines) if content else "", encoding="utf-8")
    result = run("new.jsonl", "gold.jsonl")
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.startswith("Error: ")


def test_offsets_are_held_against_the_articles_that_are_named(
    run: Run, write: Write, quotation: Make, tmp_path: Path
) -> None:
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    shifted = quotation(STORY, "“disgrace”", speaker="She").model_copy(update={"parts": ((0, 10),)})
    files = write("new.jsonl", record(shifted)), write("gold.jsonl", record())
    assert run(*files).exit_code == 0
    result = run(*files, "--texts", "story.txt")
    assert result.exit_code == 1
    assert "don't fit the text" in result.stderr


@pytest.mark.parametrize("side", [0, 1])
def test_a_missing_file(side: int, run: Run, files: tuple[Path, Path]) -> None:
    names: list[object] = list(files)
    names[side] = "nowhere.jsonl"
    result = run(*names)
    assert result.exit_code == 1
    assert "nowhere.jsonl: there is no such file" in result.stderr


def test_a_folder_without_annotations(run: Run, files: tuple[Path, Path]) -> None:
    Path("empty").mkdir()
    result = run(files[0], "empty")
    assert result.exit_code == 1
    assert "no brat annotations are in this folder" in result.stderr


def test_a_missing_package_is_told(
    run: Run, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, options in (("scipy", []), ("jinja2", ["--html", "r.html"])):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, name, None)
            result = run(*files, *options)
        assert result.exit_code == 1
        assert f"{name}, which is not installed. Install it: pip install 'quotes[score]'" in result.stderr
    assert page  # imported before, so that a module half imported can't hide the error


# brat


def brat(folder: Path, *, beside: bool = False) -> Path:
    """STORY annotated in brat: the first quotation, and a clause around the second."""
    text, annotations = (folder, folder) if beside else (folder / "text", folder / "attributions")
    for one in (text, annotations):
        one.mkdir(parents=True, exist_ok=True)
    (text / "story.txt").write_text(STORY, encoding="utf-8")
    clause = STORY.index("the dam"), STORY.index(" and left")
    spans = ["Source 22 37", "Cue 38 42", "Content 0 21", "Source 44 47", f"Content {clause[0]} {clause[1]}"]
    lines = [f"T{number}\t{span}\t…" for number, span in enumerate(spans, 1)]
    lines += ["E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3", "E2\tAttribution:T4 Source:T4 Content:T5"]
    name = "story.ann" if beside else "story_ab12.ann"
    (annotations / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("beside", [False, True], ids=["corpus", "side by side"])
def test_gold_in_brat(
    beside: bool, run: Run, write: Write, rained: Quotation, disgrace: Quotation, tmp_path: Path
) -> None:
    gold = brat(tmp_path / "corpus", beside=beside)
    if not beside:
        row = {"doc": "story", "source": [22, 37], "form": "name", "kind": "person", "name": "Ada Quill"}
        (gold / "speakers.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    result = run(write("new.jsonl", record(rained, disgrace)), gold)
    assert rows(result)["attributed"] == ["100.0", "100.0", "100.0", "–", "2", "2", "2"]
    assert "strict" not in rows(result), "the corpus has no kinds"
    assert rows(result).get("person", [])[-3:] == ([] if beside else ["1", "1", "1"])
    assert "runs between quotation marks are scored" in result.stderr


def test_brat_offsets_that_our_reading_would_move_are_refused(
    run: Run, files: tuple[Path, Path], tmp_path: Path
) -> None:
    gold = brat(tmp_path / "corpus")
    (gold / "text" / "story.txt").write_bytes(STORY.replace("\n", "\r\n").encode())
    result = run(files[0], gold)
    assert result.exit_code == 1
    assert "move brat's offsets" in result.stderr


def test_a_torn_speakers_file_is_told(run: Run, files: tuple[Path, Path], tmp_path: Path) -> None:
    gold = brat(tmp_path / "corpus")
    (gold / "speakers.jsonl").write_text('{"doc": "sto')
    result = run(files[0], gold)
    assert result.exit_code == 1
    assert "speakers.jsonl, line 1" in result.stderr


@pytest.mark.model
@pytest.mark.shared
@pytest.mark.skipif(
    not (SHARED / "bench" / "polnear.py").is_file(),
    reason="no yardstick is here: ../shared/bench is missing",
)
def test_the_yardstick_gives_the_same_numbers(tmp_path: Path) -> None:
    out, dev = tmp_path / "dev.jsonl", SHARED / "polnear" / "dev"
    command = [sys.executable, "-m", "quotes", "extract", str(dev / "text"), "--out", str(out), "--quiet"]
    subprocess.run(command, check=True, cwd=ROOT)
    yardstick = [sys.executable, str(SHARED / "bench" / "polnear.py"), str(dev), str(out)]
    names = ["--names", str(dev / "speakers.jsonl")]
    printed = subprocess.run([*yardstick, *names], check=True, capture_output=True, encoding="utf-8").stdout
    theirs = json.loads(printed.splitlines()[0])
    scores = score(read_side(out).documents, read_side(dev).documents)  # without a registry, as it has none
    calibration = scores.calibration
    ours = {
        "segments": {"gold": calibration.total.gold, "predicted": calibration.total.predicted},
        **{name: _as_there(scores.measures[name].counts) for name in ("span", "attributed")},
        "confident": {
            "precision": round(100 * (calibration.sure.precision or 0), 1),
            "coverage": round(100 * (calibration.coverage or 0), 1),
            "ece": round(calibration.error or 0, 3),
        },
        "resolved": {
            "of": scores.resolved["all"].predicted,
            "share": round(100 * (scores.resolved["all"].precision or 0), 1),
            "by form": {
                form: f"{counts.right:.0f}/{counts.predicted:.0f}"
                for form, counts in sorted(scores.resolved.items())
                if form != "all"
            },
        },
    }
    assert ours == theirs


@pytest.mark.shared
@pytest.mark.skipif(
    not (SHARED / "bench" / "attributions.py").is_file(),
    reason="no yardstick is here: ../shared/bench is missing",
)
def test_the_yardstick_gives_the_same_numbers_for_attributions(tmp_path: Path) -> None:
    dev = SHARED / "polnear" / "dev"
    out = predicted_badly(dev, tmp_path / "dev.jsonl")
    yardstick = [sys.executable, str(SHARED / "bench" / "attributions.py"), str(dev), str(out)]
    printed = subprocess.run(yardstick, check=True, capture_output=True, encoding="utf-8").stdout
    theirs = json.loads(printed.splitlines()[0])
    measures = score(read_side(out).documents, read_side(dev).documents).measures
    kinds = {kind: measures[f"attribution.{kind}"].counts for kind in ("direct", "mixed", "indirect")}
    assert 40 < theirs["attribution"]["f1"] < 90
    assert _as_there(measures["attribution"].counts) == theirs["attribution"]
    assert {kind: round(100 * (of.recall or 0), 1) for kind, of in kinds.items()} == theirs["recall"]
    assert {kind: round(100 * (of.precision or 0), 1) for kind, of in kinds.items()} == theirs["precision"]


def predicted_badly(gold: Path, out: Path) -> Path:
    """Predictions made of the gold: some left out, some with other edges, some with another source."""
    dice = random.Random(15)
    records = []
    for document in read_side(gold).documents:
        assert document.text is not None
        text, quotations = document.text, {}
        for item in document.attributions:
            if dice.random() < 0.2 or not item.speaker:
                continue
            parts = item.parts
            if dice.random() < 0.3:
                start, end = parts[-1]
                parts = (*parts[:-1], (start, min(len(text), end + dice.choice([3, 12, 60]))))
            start, end = (0, 3) if dice.random() < 0.1 else item.speaker[0]
            quotation = builders.quotation(text, *parts, kind=item.kind, speaker=(start, end))
            quotations.setdefault(quotation.quote_id, quotation)
        records.append(builders.record(document.doc_id, text, *quotations.values()))
    out.write_text("".join(f"{record.model_dump_json()}\n" for record in records), encoding="utf-8")
    return out


def _as_there(counts: Any) -> dict[str, float]:
    values = {"p": counts.precision, "r": counts.recall, "f1": counts.f1}
    return {name: round(100 * value, 1) for name, value in values.items()}


def test_a_history_that_is_not_there_is_an_error(
    run: Run, write: Callable[..., Path], rained: Quotation
) -> None:
    """Not even --quiet makes it a success."""
    files = (write("predictions.jsonl", record(rained)), write("gold.jsonl", record(rained)))
    done = run(*files, "--quiet", "--html", "report.html", "--history", "missing.jsonl")
    assert (done.exit_code, "missing.jsonl: there is no such file" in done.output) == (1, True)
    done = run(*files, "--quiet", "--history", "missing.jsonl")
    assert (done.exit_code, "this needs --html" in done.output) == (2, True)
