"""Say what is wrong with how a command ended, and with what it left."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from signal import SIGXCPU, Signals

from quotes.files.inputs import open_unpacked
from quotes.formats.record_files import read_any_records
from quotes.records import DocumentRecord, parts_text
from scripts.fuzzing.cases import Case
from scripts.fuzzing.running import Outcome, seconds

#: What an input of up to 1 MB may take.
MEMORY = 1 << 30
_SMALL = 1 << 20

_WRITES_RECORDS = ("extract", "convert", "verify")
_RECORDS = (".jsonl", ".parquet", ".brat", ".spacy")
_FRAME = re.compile(r'^  File "(.+)", line (\d+), in (.+)$', re.MULTILINE)
_PART = re.compile(r"\d+|'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Find:
    """What is wrong; finds of one `key` are one find."""

    key: str
    what: str


def judge(case: Case, outcome: Outcome, folder: Path) -> Find | None:
    """The worst thing that is wrong with a case that has ended, None where nothing is."""
    command = " ".join(case.arguments[: 2 if case.arguments[0] == "db" else 1])
    return next(
        (
            Find(_PART.sub("#", f"{command} {key}"), what)
            for key, what in (*_ends(case, outcome), *_leaves(case, outcome, folder))
        ),
        None,
    )


Found = Iterator[tuple[str, str]]


def _ends(case: Case, outcome: Outcome) -> Found:
    if "Traceback (most recent call last)" in outcome.err:
        file, line, function = _FRAME.findall(outcome.err)[-1]
        last = outcome.err.strip().splitlines()[-1]
        name = last.partition(":")[0]
        yield f"traceback {name} in {function}, {Path(file).name}", f"{last} ({file}, line {line})"
    if outcome.late:
        yield "late", "it hung, and was ended by the clock"
    elif outcome.signal == SIGXCPU or outcome.seconds > seconds(case.size):
        yield "slow", f"it took {outcome.seconds:.0f} s of processor time for {case.size:,} bytes"
    elif outcome.signal:
        yield f"signal {Signals(outcome.signal).name}", f"it was killed by {Signals(outcome.signal).name}"
    if outcome.code not in (0, 1, 2):
        yield f"code {outcome.code:x}", f"exit code {outcome.code}"
    if outcome.memory > MEMORY and case.size <= _SMALL:
        yield f"memory {case.kind}", f"it took {outcome.memory >> 20} MB for {case.size:,} bytes"
    if outcome.code and not outcome.err.strip():
        yield "silent", f"exit code {outcome.code} without a word"


def _leaves(case: Case, outcome: Outcome, folder: Path) -> Found:
    inputs = {name.partition("/")[0] for name in case.files}
    there = {path.name for path in folder.iterdir()} - inputs
    if extra := sorted(there - set(case.outputs)):
        yield "leftover", f"it left {', '.join(extra)}"
    if outcome.signal:
        return
    if outcome.code == 0 and (missing := sorted(set(case.outputs) - there)):
        yield "missing", f"exit code 0 without {', '.join(missing)}"
    for name in sorted(there & set(case.outputs)):
        # Where some documents can't be done, the others are written, and the exit code is 1.
        if outcome.code == 2 or (outcome.code and case.arguments[0] not in _WRITES_RECORDS):
            yield f"output of a failure {Path(name).suffix}", f"exit code {outcome.code}, and {name} is there"
            continue
        try:
            count = _check(folder / name, case)
        except Exception as error:  # whatever its reader says
            yield f"output {name} {type(error).__name__} {str(error)[-60:]}", f"{name}: {error}"
            continue
        if outcome.code and not count:
            yield f"empty {name}", f"exit code {outcome.code}, and {name} is there without a document"


def _check(path: Path, case: Case) -> int:
    """Read an output back, and count what is in it. Raises whatever comes where it isn't sound."""
    name = path.name.removesuffix(".gz").removesuffix(".zst")
    is_records = case.arguments[0] in _WRITES_RECORDS or name == "grouped.jsonl"
    if is_records and name.endswith(_RECORDS):
        return sum(map(_is_sound, _records(path)))
    if path.is_dir():
        raise ValueError("a folder where a file was asked for")
    with open_unpacked(path) as file:
        data = file.read()
    return _content(name, data, path)


def _content(name: str, data: bytes, path: Path) -> int:
    if name.endswith((".db", ".idx")):
        with closing(sqlite3.connect(path)) as db:
            [(told,)] = db.execute("PRAGMA integrity_check")
            if told != "ok":
                raise ValueError(told)
        return 1
    text = data.decode("utf-8")
    if name.endswith(".jsonl"):
        return sum(
            json.loads(line, parse_constant=_no_constant) is not None for line in text.split("\n") if line
        )
    if name.endswith((".json", ".jsonld")):
        json.loads(text, parse_constant=_no_constant)
    elif name.endswith(".csv"):
        csv.field_size_limit(max(csv.field_size_limit(), len(data) + 1))  # a cell may hold an article
        rows = list(csv.reader(io.StringIO(text, newline="")))
        if len({len(row) for row in rows}) > 1:
            raise ValueError("rows of several lengths")
    elif name.endswith(".toml"):
        tomllib.loads(text)
    elif name.endswith(".xml"):
        from lxml import etree

        etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
    return len(text)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _records(path: Path) -> Iterator[DocumentRecord]:
    if path.suffix in (".gz", ".zst"):
        with open_unpacked(path) as file:
            yield from map(DocumentRecord.model_validate_json, file)
        return
    yield from read_any_records(path)


def _is_sound(record: DocumentRecord) -> bool:
    """Whether all offsets of a record mean what stands there. Raises ValueError where they don't."""
    if record.text is None:
        return True
    for quotation in record.quotations:
        if parts_text(record.text, quotation.parts) != quotation.text:
            raise ValueError(f"a quotation is not what its parts are: {quotation.text[:40]!r}")
        for span in (quotation.speaker, quotation.cue):
            if span is not None and record.text[span.start : span.end] != span.text:
                raise ValueError(f"a span is not what stands there: {span.text[:40]!r}")
    return True
