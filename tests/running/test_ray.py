"""Extraction on Ray: the records of the local engine, whatever dies meanwhile; a Ray of two workers, once."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import paths
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tuning_by_hand import about

from quotes.errors import DataError, ModelError, OutputError, QuotesError
from quotes.extractor import Extractor
from quotes.formats.jsonl import records as jsonl
from quotes.formats.parquet import from_row
from quotes.formats.parts import PartsFolder
from quotes.formats.shards import PARTS_DONE
from quotes.formats.sources import expand, read_all
from quotes.records import Document, DocumentRecord
from quotes.running import ExtractorFactory
from quotes.running.on_ray import RayRun, Sizes
from quotes.running.on_ray_session import session
from quotes.running.selection import Selection

ROOT = paths.ROOT
SEEDS = ROOT / "seeds"
DEV = ROOT.parent / "shared" / "polnear" / "dev" / "text"

Run = Callable[..., subprocess.CompletedProcess[str]]

# One Ray is enough for one machine: all of these run in one process of pytest-xdist.
pytestmark = [
    pytest.mark.model,
    pytest.mark.xdist_group("ray"),
    pytest.mark.skipif(find_spec("ray") is None, reason="the extra quotes[ray] isn't installed"),
]


@pytest.fixture(scope="module")
def two_workers() -> Iterator[str]:
    """A Ray with two cores on the loopback interface, and its address."""
    kept = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, (ROOT, paths.TESTS, Path(__file__).parent)))
    try:
        with session("local", 2):
            import ray

            yield ray.get_runtime_context().gcs_address
    finally:
        os.environ.pop("PYTHONPATH")
        if kept is not None:
            os.environ["PYTHONPATH"] = kept


class Obedient(ExtractorFactory):
    """Makes an extractor that does to its process what a text says."""

    def __call__(self) -> Extractor:
        return Doing()  # type: ignore[return-value]


class Doing:
    def pipe(self, documents: Iterable[Document]) -> Iterator[DocumentRecord]:
        for document in documents:
            order, _, rest = document.text.partition(" ")
            if order == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            if order == "raise":
                raise ValueError("an ugly sentence")
            if order == "once" and not Path(rest).exists():
                Path(rest).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield DocumentRecord(doc_id=document.doc_id, text_sha256="", quotations=())


class Gated(ExtractorFactory):
    """Makes real extractors that wait at a text such as "wait FILE" until the file is there."""

    def __call__(self) -> Extractor:
        return Waiting(super().__call__())  # type: ignore[return-value]


class Waiting:
    def __init__(self, extractor: Extractor) -> None:
        self.extractor = extractor

    def pipe(self, documents: list[Document]) -> Iterator[DocumentRecord]:
        for document in documents:
            order, _, rest = document.text.partition(" ")
            while order == "wait" and not Path(rest).exists():
                time.sleep(0.02)
        yield from self.extractor.pipe(documents)


def on_ray(
    paths: list[str],
    out: Path,
    *,
    resume: bool = False,
    settings: ExtractorFactory | None = None,
    part: int = 100_000,
    after_the_first: Callable[[], None] = lambda: None,
) -> tuple[list[bytes], list[str], RayRun]:
    """Run; give the lines of all parts, sorted, and what was told."""
    problems: list[QuotesError] = []
    run = RayRun(
        paths,
        settings or ExtractorFactory(include_unattributed=True),
        Selection(include_unattributed=True),
        PartsFolder(str(out)),
        actors=2,
        problem=problems.append,
        resume=resume,
        sizes=Sizes(part=part, block=20_000),
    )
    for number, done in enumerate(run.parts()):
        problems += done.problems
        if number == 0:
            after_the_first()
    return lines(out), sorted(map(str, problems)), run


def lines(out: Path) -> list[bytes]:
    """The lines of JSON that a folder of parts holds, sorted."""
    if out.suffix == ".parquet":
        rows = [row for part in out.glob("part-*") for row in pq.read_table(part).to_pylist()]
        return sorted(jsonl.encode(from_row(row)) for row in rows)
    return sorted(line for part in out.glob("part-*") for line in part.read_bytes().splitlines(keepends=True))


def locally(paths: list[str]) -> tuple[list[bytes], list[str]]:
    """What the local engine makes of them: its lines, sorted, and what it tells."""
    problems: list[QuotesError] = []
    read = read_all(expand(paths, problems.append), problems.append)
    written = sorted(map(jsonl.encode, Extractor(include_unattributed=True).pipe(read)))
    return written, sorted(map(str, problems))


def articles(path: Path, texts: dict[str, str]) -> str:
    path.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in texts.items()))
    return str(path)


def seeds() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}


def below(pid: int) -> dict[int, str]:
    """The processes that a process has started, and those these have, with their command lines."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found: dict[int, str] = {}
    for child in (child for child, parent in parents.items() if parent == pid):
        with suppress(OSError):
            found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
        found |= below(child)
    return found


def extractors() -> list[int]:
    """The processes of this Ray that extract."""
    return [pid for pid, command in below(os.getpid()).items() if "Extracting" in command]


def kill_extractors() -> None:
    assert extractors()
    for pid in extractors():
        os.kill(pid, signal.SIGKILL)


# Equality with the local engine


def test_articles_of_all_kinds_good_and_bad(two_workers: str, tmp_path: Path) -> None:
    assert two_workers.startswith("127.0.0.1:")
    texts = list(seeds().values())[:6]
    odd = [
        b"no json",
        b'{"text": "no id"}',
        b'{"id": 7}',
        b"",
        rb'{"id": "a", "text": "\u201cIt rained,\u201d Ada Quill said. \ud800"}',
        b'{"id": "a", "text": "The same id again."}',
        rb'{"id": "\udfff", "text": ""}',
        b'{"id": "french", "text": "%s"}' % (b"Le maire a dit que la pluie tombait depuis lundi. " * 5),
    ]
    good = [json.dumps({"id": n, "text": text, "title": "Rain"}).encode() for n, text in enumerate(texts)]
    plain, packed, torn = tmp_path / "plain.jsonl", tmp_path / "packed.jsonl.gz", tmp_path / "torn.jsonl.gz"
    plain.write_bytes(b"\n".join([*odd, *good[:2]]))
    packed.write_bytes(gzip.compress(b"\n".join(good[1:4])))
    torn.write_bytes(
        gzip.compress(b"\n".join([*good[4:], *(b'{"id": "%d"}' % n for n in range(9000))]))[:-40]
    )
    rows = {"id": ["p1", None, "p3", "0"], "text": [texts[0], "“No,” Quill said.", None, "again"]}
    pq.write_table(pa.table({**rows, "outlet": ["The Ellery Post"] * 4}), tmp_path / "rows.parquet")
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\x00\x01\x02")
    inputs = (plain, packed, torn, tmp_path / "rows.parquet", broken, tmp_path / "none.txt", SEEDS)
    paths = list(map(str, inputs))
    found, told, run = on_ray(paths, tmp_path / "out.parquet")
    assert (found, told) == locally(paths)
    assert len(told) > 8
    assert len({json.loads(line)["doc_id"] for line in found}) == len(found) > 20
    assert run.total == len(found) + 1  # what is broken shows when it is read
    assert (tmp_path / "out.parquet" / PARTS_DONE).exists()


def test_folders_of_many_files_at_uris(two_workers: str, tmp_path: Path) -> None:
    shards = tmp_path / "shards and more" / "2026"
    shards.mkdir(parents=True)
    twice = dict(list(seeds().items())[:4])
    for number, (name, text) in enumerate(twice.items()):
        articles(shards / f"{number}.jsonl", {name: text})
    (shards / "_notes.jsonl").write_text("nothing")
    found, told, _ = on_ray([shards.parent.as_uri(), SEEDS.as_uri()], tmp_path / "out.jsonl")
    assert found == locally([str(SEEDS)])[0]
    assert [text.rpartition(": ")[2] for text in told] == [
        f"another has the id {name!r}. Give each its own." for name in twice
    ]


def test_what_the_extractors_need_is_told(two_workers: str, tmp_path: Path) -> None:
    path = articles(tmp_path / "a.jsonl", {"a": "“It rained,” Ada Quill said."})
    with pytest.raises(ModelError, match="no_such_model"):
        on_ray([path], tmp_path / "out.jsonl", settings=ExtractorFactory("no_such_model"))


def test_speakers_and_a_tuned_folder_reach_every_machine(two_workers: str, tmp_path: Path) -> None:
    ours, own = tmp_path / "ours", tmp_path / "own.toml"
    ours.mkdir()
    (ours / "tuned.json").write_text(about().model_dump_json(), encoding="utf-8")
    (ours / "speakers.toml").write_text('[[speaker]]\nname = "Ada Quill"\naliases = ["Quill"]\n', "utf-8")
    own.write_text('[[speaker]]\nname = "Bo Tarn"\naliases = ["Tarn"]\n', encoding="utf-8")
    path = articles(tmp_path / "a.jsonl", {"a": "“It rained,” Quill said. “No,” Tarn said."})
    settings = ExtractorFactory(speakers=own, tuned=ours)
    found, _, _ = on_ray([path], tmp_path / "out.jsonl", settings=settings)
    [record] = map(json.loads, found)
    assert [one["speaker_name"] for one in record["quotations"]] == ["Ada Quill", "Bo Tarn"]
    (ours / "tuned.json").unlink()
    with pytest.raises(DataError, match=r"no tuned\.json"):
        on_ray([path], tmp_path / "again.jsonl", settings=ExtractorFactory(tuned=ours))


# What dies


def killed_in_the_middle(paths: list[str], tmp_path: Path) -> list[bytes]:
    """Run over the paths and an article that can't be done before all extractors were killed."""
    flag = tmp_path / "flag"
    gate = articles(tmp_path / "gate.jsonl", {"gate": f"wait {flag}"})

    def kill_and_open() -> None:
        kill_extractors()
        flag.touch()

    found, told, run = on_ray(
        [gate, *paths],
        tmp_path / "out.jsonl",
        settings=Gated(include_unattributed=True),
        part=20_000,
        after_the_first=kill_and_open,
    )
    assert flag.exists()
    assert (found, told) == locally([gate, *paths])
    assert run.total == len(found)
    return found


def test_workers_killed_in_the_middle_lose_and_double_nothing(two_workers: str, tmp_path: Path) -> None:
    """Over PolNeAR's dev part where it is there, else over the seeds, each three times."""
    if DEV.is_dir():
        paths, count = [str(DEV)], len(list(DEV.glob("*.txt")))
    else:
        many = {f"{name}-{n}": text for n in range(3) for name, text in seeds().items()}
        paths, count = [articles(tmp_path / "many.jsonl", many)], len(many)
    assert len(killed_in_the_middle(paths, tmp_path)) == count + 1


def test_a_document_that_raises_or_kills_costs_itself_only(two_workers: str, tmp_path: Path) -> None:
    texts = {f"d{n}": "work" for n in range(200)}
    texts |= {"d7": "die now", "d8": "raise now", "d150": f"once {tmp_path / 'flag'}", "d199": "die now"}
    path = articles(tmp_path / "a.jsonl", texts)
    found, told, _ = on_ray([path], tmp_path / "out.jsonl", settings=Obedient(), part=2_000)
    ids = [json.loads(line)["doc_id"] for line in found]
    assert sorted(ids) == sorted(texts.keys() - {"d7", "d8", "d199"})
    assert (tmp_path / "flag").exists()
    assert [text.partition(":")[0] for text in told] == ["d199", "d7", "d8"]
    assert "crashes its worker process again and again" in told[0]
    assert "ValueError: an ugly sentence" in told[2]


def test_a_driver_that_was_killed_goes_on(
    two_workers: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    many = {f"{name}-{n}": text for n in range(3) for name, text in seeds().items()}
    flag, out = tmp_path / "flag", tmp_path / "out.jsonl"
    paths = [
        articles(tmp_path / "gate.jsonl", {"gate": f"wait {flag}"}),
        articles(tmp_path / "many.jsonl", many),
    ]
    program = (
        "from functools import partial\n"
        "import quotes.running, test_ray\n"
        "from quotes.running import on_ray\n"
        "on_ray.Sizes = partial(on_ray.Sizes, 20_000, 20_000)\n"
        "quotes.running.ExtractorFactory = test_ray.Gated\n"
        "from quotes.cli import main; main()"
    )
    command = ["extract", *paths, "--engine", "ray", "--address", two_workers, "--out", str(out), "--quiet"]
    with subprocess.Popen(
        [sys.executable, "-c", program, *command, "--include-unattributed"],
        env=environment | {"PYTHONPATH": os.environ["PYTHONPATH"]},
    ) as process:
        while process.poll() is None and not list(out.glob("part-*")):
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    while extractors():  # Ray ends them when it sees that their driver is gone
        time.sleep(0.05)
    before = lines(out)
    assert 0 < len(before) <= len(many)
    assert not (out / PARTS_DONE).exists()
    torn = sorted(out.glob("part-*"))[0]
    torn.write_bytes(torn.read_bytes()[:-30])
    (out / f".{torn.name}.0123456789ab.tmp").write_bytes(b"{")
    with pytest.raises(OutputError, match="isn't empty"):
        on_ray(paths, out)
    flag.touch()
    found, told, run = on_ray(paths, out, resume=True)
    assert run.torn == [torn.name]
    assert 0 <= run.before < len(before)
    assert run.before + run.total == len(found)
    assert (found, told) == locally(paths)
    assert {entry.name[:5] for entry in out.iterdir()} == {"part-", PARTS_DONE[:5]}


# As users run it


def marked(mark: str) -> list[Path]:
    """The folders in /proc of processes that have this in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (entry / "environ").read_bytes():
                found.append(entry)
    return found


def listening(processes: list[Path]) -> set[str]:
    """The addresses at which these processes listen, in hexadecimal digits as the kernel gives them."""
    sockets = set()
    for process in processes:
        with suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                with suppress(OSError):
                    sockets.add(str(descriptor.readlink()))
    lines = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for line in Path(table).read_text().splitlines()[1:]
    ]
    return {
        line[1].partition(":")[0] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in sockets
    }


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_command_starts_a_ray_that_only_this_machine_sees_and_ends_it(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "bad.jsonl").write_text("no json\n")
    mark = f"QUOTES_TEST_MARK={uuid.uuid4()}"
    name, _, value = mark.partition("=")
    common = [sys.executable, "-m", "quotes", "extract", str(SEEDS), "bad.jsonl", "--out"]
    seen: set[str] = set()
    with subprocess.Popen(
        [*common, "out.jsonl", "--engine", "ray", "--jobs", "2"],
        cwd=tmp_path,
        env={key: text for key, text in environment.items() if not key.startswith("RAY_")} | {name: value},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        told: list[str] = []
        reading = Thread(target=lambda: told.extend(process.stderr or []))
        reading.start()
        while process.poll() is None:
            seen |= listening(marked(mark))
            time.sleep(0.2)
        reading.join()
    assert process.returncode == 1
    assert seen
    assert seen <= LOOPBACK
    assert marked(mark) == []
    local = subprocess.run(
        [*common, "local.jsonl"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert lines(tmp_path / "out.jsonl") == sorted((tmp_path / "local.jsonl").read_bytes().splitlines(True))
    # The same is told, but for the seconds.
    expected = [line for line in local.stderr.splitlines() if "seconds" not in line]
    assert [line.rstrip("\n") for line in told if "seconds" not in line] == expected


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.txt", "--engine", "ray"], "name a folder that ends in .parquet or .jsonl"),
        (["a.txt", "--engine", "ray", "--out", "-"], "name a folder that ends in"),
        (["a.txt", "--engine", "ray", "--out", "out.csv"], "name a folder that ends in"),
        (["-", "--engine", "ray", "--out", "out.jsonl"], "--engine ray can't read standard input"),
        (["a.txt", "--address", "127.0.0.1:1"], "this works with --engine ray only"),
        (["a.txt", "--engine", "spark"], "spark"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], told: str, run_quotes: Run) -> None:
    done = run_quotes("extract", *arguments)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
