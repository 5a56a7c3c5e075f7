"""`scripts/fuzz.py` itself: it makes the same cases each time, and finds the faults that are planted here."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from signal import SIGKILL, SIGXCPU

import pytest
from hypothesis import settings

from quotes.records import Document, DocumentRecord
from scripts.fuzzing import mutations, texts
from scripts.fuzzing.base import Base
from scripts.fuzzing.cases import Case, _build, _Maker, make
from scripts.fuzzing.judging import judge
from scripts.fuzzing.running import Outcome
from tests.conftest import STORY

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it copies processes and asks what they took")

WELL = Outcome(code=0, signal=0, out="", err="", memory=100 << 20, seconds=1.0)
FAILED = replace(WELL, code=1, err="Error: in.jsonl: this is no record.\n")
CONVERT = Case(1, "noise", {"in.jsonl": b"{}"}, ("convert", "in.jsonl", "--out", "out.jsonl"), ("out.jsonl",))
VARIANTS = Case(2, "noise", {"in.jsonl": b"{}"}, ("variants", "in.jsonl", "--out", "out.csv"), ("out.csv",))

# Like the program, with faults that a file's first line asks for.
PLANTED = """
import os, sys, time
from pathlib import Path
from scripts import fuzz

def program(arguments):
    first = Path(arguments[1]).read_bytes()[:5]
    match first:
        case b"raise":
            raise ZeroDivisionError("planted")
        case b"leave":
            Path("out.jsonl.tmp").touch()
        case b"kill!":
            os.kill(os.getpid(), 9)
        case b"code3":
            sys.exit(3)
        case b"quiet":
            sys.exit(1)
        case b"start":
            # What it starts holds its pipes no longer than it lives.
            os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "600")
    Path("out.jsonl").write_text("")

fuzz.loaded = lambda: program
fuzz.typer.run(fuzz.main)
"""


def fuzz(*arguments: str, program: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def saved(folder: Path, *firsts: bytes) -> None:
    for number, first in enumerate(firsts):
        place = folder / str(number)
        place.mkdir(parents=True)
        replace(CONVERT, number=number, files={"in.jsonl": first}).save(place, {})


def test_planted_faults_are_found_once_each(tmp_path: Path, environment: dict[str, str]) -> None:
    firsts = (b"raise", b"raise again", b"leave", b"kill!", b"code3", b"quiet", b"start", b"fine.")
    saved(tmp_path / "old", *firsts)
    arguments = ("--replay", str(tmp_path / "old"), "--out", str(tmp_path / "out"), "--jobs", "3")
    done = fuzz(*arguments, program=PLANTED, environment=environment)
    assert done.returncode == 1, done.stderr
    told = sorted(" ".join(line.split()) for line in done.stdout.splitlines() if line.startswith("     "))
    assert told == [
        "1 convert code #",
        "1 convert leftover",
        "1 convert signal SIGKILL",
        "1 convert silent",
        "2 convert traceback ZeroDivisionError in program, <string>",
    ]
    finds = [json.loads(file.read_text()) for file in (tmp_path / "out").rglob("case.json")]
    assert len(finds) == 5
    [raised] = [find for find in finds if "ZeroDivisionError" in find["key"]]
    assert raised["what"].startswith("ZeroDivisionError: planted")


@pytest.mark.model
def test_a_short_run_finds_nothing_and_a_planted_fault_is_found_and_replayed(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    plain = "from scripts import fuzz; fuzz.typer.run(fuzz.main)"
    spoilt = f"import quotes.variants.utterances as u; u.find_utterances = lambda *_: 1 / 0; {plain}"
    arguments = ("--seed", "1", "--cases", "40", "--largest", "2000", "--out", str(tmp_path), "--jobs", "2")
    done = fuzz(*arguments, program=plain, environment=environment)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "40 cases in " in done.stdout
    done = fuzz(*arguments, program=spoilt, environment=environment)
    assert done.returncode == 1
    [find] = (tmp_path / "finds").iterdir()
    assert "ZeroDivisionError" in (find / "stderr.txt").read_text()
    replayed = ("--replay", str(find), "--out", str(tmp_path))
    assert fuzz(*replayed, program=spoilt, environment=environment).returncode == 1
    assert fuzz(*replayed, program=plain, environment=environment).returncode == 0


def test_a_folder_without_finds_is_told(tmp_path: Path, environment: dict[str, str]) -> None:
    done = fuzz("--replay", str(tmp_path), program=PLANTED, environment=environment)
    assert done.returncode == 2
    assert "case.json" in done.stderr


@pytest.fixture
def base() -> Base:
    line = DocumentRecord(doc_id="a", text_sha256="0" * 64, quotations=(), text="“It rained,” Quill said.")
    data = line.model_dump_json().encode() + b"\n"
    records = {"records.jsonl": data, "records.brat/a.ann": b"T1\tquote 0 3\tabc\n"}
    others = {"gold.jsonl": data, "export.json": b"[]", "history.jsonl": b"{}", "quotes.db": b"SQLite"}
    suffixes = ("txt", "html", "docx", "pdf", "parquet", "jsonl", "json", "js", "csv")
    articles = {f"article.{suffix}": b'{"id": 1, "text": "It rained."}' for suffix in suffixes}
    return Base(
        articles,
        {**records, "records.parquet": b"PAR1", "records.spacy": b"x"},
        {**others, "a.toml": b"x = 1", "sources.idx": b"SQLite"},
    )


def test_a_seed_and_a_number_make_the_same_case(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations, "of_archive", lambda random, data: data)  # here it is none
    monkeypatch.setattr(mutations, "bomb", lambda random, suffix: b"")
    cases = [make(base, 1, number, 5000) for number in range(300)]
    assert cases == [make(base, 1, number, 5000) for number in range(300)]
    assert cases[:9] != [make(base, 2, number, 5000) for number in range(9)]
    assert {case.arguments[0] for case in cases} == {
        "extract",
        "convert",
        "score",
        "db",
        "variants",
        "people",
        "verify",
    }
    kinds = {kind for case in cases for kind in case.kind.split("+")}
    assert kinds >= {"noise", "marks", "changed", "json", "packed", "bomb", "search", "sound"}


@pytest.mark.parametrize(
    ("case", "outcome", "left", "key"),
    [
        (CONVERT, WELL, {"out.jsonl": ""}, None),
        (CONVERT, FAILED, {}, None),
        (CONVERT, replace(FAILED, code=2), {}, None),
        (CONVERT, WELL, {}, "convert missing"),
        (CONVERT, WELL, {"out.jsonl": "", "out.jsonl.k3.tmp": ""}, "convert leftover"),
        (CONVERT, WELL, {"out.jsonl": "{"}, "convert output"),
        (CONVERT, FAILED, {"out.jsonl": ""}, "convert empty"),
        (VARIANTS, FAILED, {"out.csv": "who\n"}, "variants output of a failure"),
        (VARIANTS, WELL, {"out.csv": "who,what\nQuill\n"}, "variants output"),
        (CONVERT, replace(FAILED, err=" \n"), {}, "convert silent"),
        (CONVERT, replace(FAILED, code=70), {}, "convert code"),
        (CONVERT, replace(FAILED, code=0, signal=int(SIGKILL)), {}, "convert signal SIGKILL"),
        (CONVERT, replace(FAILED, code=0, signal=int(SIGKILL), late=True), {}, "convert late"),
        (CONVERT, replace(FAILED, code=0, signal=int(SIGXCPU), seconds=31.0), {}, "convert slow"),
        (CONVERT, replace(FAILED, seconds=31.0), {}, "convert slow"),
        (CONVERT, replace(FAILED, memory=(1 << 30) + 1), {}, "convert memory noise"),
        (replace(CONVERT, files={"in.jsonl": b" " * (1 << 21)}), replace(FAILED, memory=2 << 30), {}, None),
    ],
)  # fmt: skip
def test_what_is_a_find(
    case: Case, outcome: Outcome, left: dict[str, str], key: str | None, tmp_path: Path
) -> None:
    for name in ("in.jsonl", *left):
        (tmp_path / name).write_text(left.get(name, ""))
    found = judge(case, outcome, tmp_path)
    assert (found and found.key.startswith(key or "?")) == (key and True), found


def test_spans_must_be_what_stands_there(story_record: DocumentRecord, tmp_path: Path) -> None:
    text = STORY.replace("rained", "snowed")
    changed = {"text": text, "text_sha256": Document(doc_id="", text=text).text_sha256}
    line = story_record.model_copy(update=changed).model_dump_json()
    (tmp_path / "out.jsonl").write_text(line + "\n", encoding="utf-8")
    found = judge(CONVERT, WELL, tmp_path)
    assert found is not None
    assert found.key.startswith("convert output out.jsonl ")


def test_json_that_is_made_is_meant_to_be_none(base: Base) -> None:
    from random import Random

    made = [texts.raw_json(Random(seed)) for seed in range(60)]
    assert any(one.startswith("[[") for one in made)
    assert any("NaN" in one for one in made)


@pytest.mark.skipif(settings.get_current_profile_name() == "fuzz", reason="make fuzz looks for more")
def test_property_tests_try_the_same_examples_each_time() -> None:
    assert settings.default is not None
    assert settings.default.derandomize
    assert settings.default.database is None


def test_a_database_s_metadata_is_expected_beside_it(base: Base) -> None:
    """`--out quotes.db` writes quotes-metadata.json, too, which is not a leftover."""
    builds = [_build(_Maker(base, Random(number), number, 10_000)) for number in range(40)]
    assert {case.arguments[-1] for case in builds} == {"out.db", "quotes.db"}
    for case in builds:
        assert case.arguments[-1].replace(".db", "-metadata.json") in case.outputs
