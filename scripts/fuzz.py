"""Look for inputs that the commands can't cope with; `make fuzz`.

    python scripts/fuzz.py --minutes 60                   # what is wrong goes to build/fuzz/finds/
    python scripts/fuzz.py --minutes 60 --seed 7
    python scripts/fuzz.py --replay build/fuzz/finds      # are they mended?
    python scripts/fuzz.py --replay build/fuzz/finds/1234

Runs `extract`, `convert`, `score`, `db`, `variants`, `people` and `verify` on noise, on texts of marks, on
JSON, on packed files, and on sound files of every format that were damaged. A command may read them or refuse
them with a message, within limits on memory and time that the system sets. A traceback is a find, and so are
an exit code other than 0, 1 and 2, an output that can't be read back, and a file left behind. A seed and a
number give the same case each time. Ends with 1 where something was found. For Linux.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, islice, takewhile
from pathlib import Path
from typing import Annotated

import typer

from scripts.fuzzing.base import Base
from scripts.fuzzing.cases import LARGEST, Case, make
from scripts.fuzzing.judging import Find, judge
from scripts.fuzzing.running import Outcome, Program, Run

ROOT = Path(__file__).resolve().parent.parent
_PAUSE = 0.005


def loaded() -> Program:
    """The program in this process, with all that takes long to load."""
    # More threads than one, and a copy of this process could hang.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    from importlib import import_module

    from quotes import parsing
    from quotes.cli.app import app

    for name in (
        "cli.extract_run", "extractor", "scoring.findings", "labelstudio.gold", "variants.utterances",
        "variants.writing", "people.speakers_file", "people.tables",
        "verify.verifier", "verify.page", "verify.tables", "verify.parallel",
        "database.build", "database.tables", "formats.output", "display.tables",
        "formats.html.reading", "formats.html.writing", "formats.docbin", "formats.parquet",
    ):  # fmt: skip
        import_module(f"quotes.{name}")
    for name in ("pyarrow.parquet", "spacy.tokens", "zstandard", "sqlite_utils", "jinja2", "scipy.optimize"):
        import_module(name)
    parsing.load()
    gc.collect()
    gc.freeze()
    return lambda arguments: app(list(arguments), prog_name="quotes")


def ended(
    cases: Iterable[Case], program: Program, jobs: int, scratch: Path
) -> Iterator[tuple[Case, Outcome, Path]]:
    """Run cases side by side, and give each as it ends, with its folder, which is then gone."""
    waiting, running = iter(cases), dict[int, Run]()
    more = True
    try:
        while more or running:
            while more and len(running) < jobs:
                if more := (case := next(waiting, None)) is not None:
                    assert case is not None
                    run = Run(case, Path(tempfile.mkdtemp(dir=scratch)), program)
                    running[run.pid] = run
            for pid, run in list(running.items()):
                run.hurry()
                gone, status, usage = os.wait4(pid, os.WNOHANG)
                if gone:
                    del running[pid]
                    run.end()  # what it left running
                    yield run.case, run.outcome(status, usage), run.folder
                    run.remove()
            time.sleep(_PAUSE)
    finally:
        for run in running.values():
            run.end()
            os.waitpid(run.pid, 0)


class Finds:
    """What was found, each once, in a folder of its own below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.times = Counter[str]()

    def add(self, case: Case, outcome: Outcome, find: Find, seed: int | None) -> None:
        """Count it; save and tell it where it is new, or where its input is smaller."""
        place = self.folder / hashlib.sha256(find.key.encode()).hexdigest()[:12]
        known = place / "files"
        first = not self.times[find.key] and not place.exists()
        self.times[find.key] += 1
        if not first and case.size >= sum(path.stat().st_size for path in known.rglob("*") if path.is_file()):
            return
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        case.save(place, {"seed": seed, "key": find.key, "what": find.what})
        (place / "stderr.txt").write_text(outcome.err, encoding="utf-8")
        if first:
            print(f"{place}: quotes {' '.join(case.arguments)}\n  {find.what}", flush=True)

    def summary(self) -> str:
        """A line for each, the most frequent first."""
        return "\n".join(f"{times:6}  {key}" for key, times in self.times.most_common())


def replayed(path: Path) -> list[Case]:
    """The saved cases in a folder: one, or the folders of many. Raises BadParameter where there are none."""
    folder = path.parent if path.is_file() else path
    found = sorted(file.parent for file in folder.rglob("case.json"))
    if not found:
        raise typer.BadParameter(
            f"{path}: no case.json is there. Name a folder of finds.", param_hint="--replay"
        )
    return [Case.load(place) for place in found]


def campaign(
    cases: Iterable[Case], program: Program, finds: Finds, jobs: int, scratch: Path, seed: int | None
) -> Counter[str]:
    """Run and judge the cases; how often each command ended with each exit code."""
    codes = Counter[str]()
    for case, outcome, folder in ended(cases, program, jobs, scratch):
        codes[f"{case.arguments[0]} {f'signal {outcome.signal}' if outcome.signal else outcome.code}"] += 1
        if find := judge(case, outcome, folder):
            finds.add(case, outcome, find, seed)
    return codes


def main(
    minutes: Annotated[float, typer.Option(min=0, help="How long to look.")] = 10,
    seed: Annotated[int | None, typer.Option(help="Where cases begin; the day's number by default.")] = None,
    cases: Annotated[int | None, typer.Option(min=1, help="How many cases at most.")] = None,
    largest: Annotated[int, typer.Option(min=1, help="The most bytes of an input that is made.")] = LARGEST,
    jobs: Annotated[int, typer.Option(min=1, help="How many cases run side by side.")] = os.cpu_count() or 1,
    out: Annotated[Path, typer.Option(help="The folder for finds.")] = ROOT / "build" / "fuzz",
    replay: Annotated[
        Path | None, typer.Option(help="Run saved finds again instead: one, or a folder.")
    ] = None,
) -> None:
    """Run cases until the time is over, save what is wrong, and print a summary."""
    begun = time.monotonic()
    seed = int(time.time() // 86_400) if seed is None else seed
    if replay is not None:
        todo: Iterator[Case] = iter(replayed(replay))
        out = out / "replayed"
        shutil.rmtree(out, ignore_errors=True)
    else:
        base = Base.of(out / "base")
        every = (make(base, seed, number, largest) for number in count())
        todo = takewhile(lambda _: time.monotonic() < begun + 60 * minutes, islice(every, cases))
    finds = Finds(out / "finds")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs is ended
    with tempfile.TemporaryDirectory() as scratch:
        codes = campaign(todo, loaded(), finds, jobs, Path(scratch), None if replay else seed)
    took = time.monotonic() - begun
    print(f"{codes.total():,} cases in {took / 60:.1f} minutes" + ("" if replay else f", seed {seed}") + ".")
    print(", ".join(f"{name}: {times:,}" for name, times in sorted(codes.items())))
    if finds.times:
        print(f"{len(finds.times)} kinds of fault:\n{finds.summary()}")
        raise typer.Exit(1)
    print("Nothing was found.")


if __name__ == "__main__":
    typer.run(main)
