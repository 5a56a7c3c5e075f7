"""Many articles on several processes: nothing lost, nothing twice, and one death costs one article."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Thread

import pytest

import quotes.running
import quotes.running.pool
from quotes.errors import DataError, ExtractionError, QuotesError
from quotes.records import Document, DocumentRecord
from quotes.running import extract_all
from quotes.running.pool import Pool
from quotes.running.worker import Worker
from tests.conftest import PATIENT


class Obedient:
    """An extractor that does to its process what the text says."""

    def pipe(self, documents: Iterable[Document]) -> Iterator[DocumentRecord]:
        for document in documents:
            order, _, rest = document.text.partition(" ")
            if order == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            if order == "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            if order == "leave":
                os._exit(3)
            if order == "raise":
                raise ValueError("an ugly sentence")
            if order == "fill":
                raise MemoryError
            if order == "once":  # as when memory was short for a moment
                flag = Path(rest)
                if not flag.exists():
                    flag.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            yield DocumentRecord(doc_id=document.doc_id, text_sha256=str(os.getpid()), quotations=())


def unusable() -> Obedient:
    raise DataError("people.toml: line 1 is no TOML.")


def stillborn() -> Obedient:
    os._exit(4)


def forgetful() -> Obedient:
    raise MemoryError("no room")


class Lonely:
    """Makes an extractor once; a second process can't have one."""

    def __init__(self, flag: Path) -> None:
        self._flag = flag

    def __call__(self) -> Obedient:
        try:
            self._flag.mkdir()
        except FileExistsError:
            os._exit(4)
        return Obedient()


def shouted(record: DocumentRecord) -> str:
    """What is made of a record: its id, and whether the process that found it made it."""
    return f"{record.doc_id.upper()} {record.text_sha256 == str(os.getpid())}"


def many(count: int, **special: str) -> list[Document]:
    """Documents d0, d1, ... of a word each, but for those that are named."""
    return [Document(doc_id=f"d{n}", text=special.get(f"d{n}", "work")) for n in range(count)]


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    before = set(multiprocessing.active_children())
    yield
    assert set(multiprocessing.active_children()) == before


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty short documents to a batch, and no text too little for processes."""
    monkeypatch.setattr(quotes.running.pool, "_BATCH", 80)
    monkeypatch.setattr(quotes.running, "_WORTH_PROCESSES", 0)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_document_too_large_for_the_memory_is_left_out(jobs: int) -> None:
    documents = many(50, d7="fill it")
    problems: list[QuotesError] = []
    found = [
        record.doc_id for record in extract_all(documents, Obedient, jobs=jobs, on_error=problems.append)
    ]
    assert found == [document.doc_id for document in documents if document.doc_id != "d7"]
    assert [str(problem) for problem in problems] == [
        "d7: this article can't be processed (it needs more memory than there is; split it, or raise the "
        "limit on memory). It is left out."
    ]
    with pytest.raises(ExtractionError, match="d7"):
        list(extract_all(documents, Obedient, jobs=jobs))


def test_in_this_process_a_result_is_taken_before_the_next_is_finished() -> None:
    # A page of Web Annotations puts a comma before what isn't first, and sees from the file what was written.
    taken: list[str] = []

    def numbered(record: DocumentRecord) -> str:
        return f"{record.doc_id} after {len(taken)}"

    for result in extract_all(many(3), Obedient, numbered):
        taken += [result]
    assert taken == ["d0 after 0", "d1 after 1", "d2 after 2"]


@pytest.mark.usefixtures("small_batches")
def test_what_kills_its_process_is_left_out_and_all_else_is_there_in_order() -> None:
    documents = many(200, d7="die now", d8="crash now", d90="leave now", d91="raise now", d199="die now")
    problems: list[QuotesError] = []
    found = [r.doc_id for r in Pool(Obedient, 2, on_error=problems.append).pipe(documents)]
    strange = {"d7", "d8", "d90", "d91", "d199"}
    assert found == [document.doc_id for document in documents if document.doc_id not in strange]
    told = {str(problem).partition(":")[0]: str(problem) for problem in problems}
    assert len(problems) == len(told)
    assert set(told) == strange
    for doc_id, how in {
        "d7": "SIGKILL, perhaps because memory ran out",
        "d8": "SIGSEGV",
        "d90": "exit code 3",
        "d91": "ValueError: an ugly sentence",
    }.items():
        assert how in told[doc_id]


@pytest.mark.usefixtures("small_batches")
def test_a_death_that_does_not_come_again_costs_nothing(tmp_path: Path) -> None:
    documents = many(60, d30=f"once {tmp_path / 'flag'}")
    found = [record.doc_id for record in Pool(Obedient, 2).pipe(documents)]
    assert found == [document.doc_id for document in documents]
    assert (tmp_path / "flag").exists()


@pytest.mark.usefixtures("small_batches")
def test_without_order_each_comes_once() -> None:
    problems: list[QuotesError] = []
    pool = Pool(Obedient, 2, ordered=False, on_error=problems.append)
    found = [record.doc_id for record in pool.pipe(many(120, d0="die now"))]
    assert sorted(found) == sorted(f"d{n}" for n in range(1, 120))
    assert len(problems) == 1


@pytest.mark.usefixtures("small_batches")
def test_a_death_is_raised_where_nobody_asks_to_be_told() -> None:
    with pytest.raises(ExtractionError, match="d3: this article crashes its worker process"):
        list(Pool(Obedient, 2).pipe(many(10, d3="die now")))


@pytest.mark.usefixtures("small_batches")
def test_reading_waits_for_writing() -> None:
    read = 0

    def documents() -> Iterator[Document]:
        nonlocal read
        for document in many(2000):
            read += 1
            yield document

    records = Pool(Obedient, 2).pipe(documents())
    # Eight batches of twenty are open at most; one more is read once one of them is written.
    furthest = [read - done for done, _ in enumerate(records)]
    assert max(furthest) <= 9 * 20
    assert read == 2000


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("taken", [0, 1, 50])
def test_no_process_outlives_a_stream_that_is_left(taken: int) -> None:
    records = Pool(Obedient, 2).pipe(many(400))
    for _ in range(taken):
        next(records)
    records.close()  # and `no_process_is_left` looks


@pytest.mark.usefixtures("small_batches")
def test_what_the_extractor_needs_is_told() -> None:
    with pytest.raises(DataError, match="line 1 is no TOML"):
        list(Pool(unusable, 2).pipe(many(50)))


@pytest.mark.usefixtures("small_batches")
def test_processes_that_never_begin_end_the_run() -> None:
    with pytest.raises(ExtractionError, match="exit code 4 before it was ready, 3 times"):
        list(Pool(stillborn, 2).pipe(many(50)))


@pytest.mark.usefixtures("small_batches")
def test_what_an_extractor_fails_of_is_told() -> None:
    with pytest.raises(ExtractionError, match=r"failed \(MemoryError: no room\) before it was ready"):
        list(Pool(forgetful, 2).pipe(many(50)))


@pytest.mark.usefixtures("small_batches")
def test_with_one_process_that_works_the_run_goes_on(tmp_path: Path) -> None:
    found = list(Pool(Lonely(tmp_path / "taken"), 3).pipe(many(400)))
    assert [record.doc_id for record in found] == [f"d{n}" for n in range(400)]
    assert len({record.text_sha256 for record in found}) == 1


@pytest.mark.usefixtures("small_batches")
def test_where_no_process_is_to_be_had_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(quotes.running.pool, "Worker", none)
    with pytest.raises(ExtractionError, match=r"could not be started \(Resource temporarily unavailable\)"):
        list(Pool(Obedient, 2).pipe(many(50)))


@pytest.mark.usefixtures("small_batches")
def test_an_idle_worker_that_dies_costs_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    sends = 0

    class Unlucky(Worker):
        def send(self, documents: Sequence[Document]) -> bool:
            nonlocal sends
            sends += 1
            if sends % 3:
                self.kill()
                self._process.join()
            return super().send(documents)

    monkeypatch.setattr(quotes.running.pool, "Worker", Unlucky)
    found = [record.doc_id for record in Pool(Obedient, 2).pipe(many(60))]
    assert found == [f"d{n}" for n in range(60)]
    assert sends > 3


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_record_is_finished_where_it_was_found(jobs: int) -> None:
    documents = many(60)
    found = list(extract_all(documents, Obedient, shouted, jobs=jobs))
    assert found == [f"D{n} True" for n in range(60)]


@pytest.mark.parametrize(
    ("words", "jobs", "inside"), [(100, 2, True), (250_000, 1, True), (250_000, 2, False)]
)
def test_processes_are_for_much_text(words: int, jobs: int, inside: bool) -> None:
    documents = [Document(doc_id=str(n), text="x" * (words // 10)) for n in range(10)]
    records = list(extract_all(documents, Obedient, jobs=jobs))
    assert [record.doc_id for record in records] == [document.doc_id for document in documents]
    pids = {record.text_sha256 for record in records}
    assert (pids == {str(os.getpid())}) == inside


# As users run it: real processes


def children(pid: int) -> set[int]:
    """The processes that a process has started, and those these have."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    own = {int(child) for child in listing.read_text().split()} if listing.exists() else set()
    return own.union(*(children(child) for child in own))


def workers(pid: int) -> set[int]:
    """Those that work on articles; the interpreter starts one more that keeps account of resources."""
    return {child for child in children(pid) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()}


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(heap: Path, environment: dict[str, str]) -> Iterator[Start]:
    """Start `quotes extract news last.txt ARGUMENT...` in `heap`."""
    # Shells start background jobs with Ctrl-C switched off, and a test run may be one.
    program = (
        f"{PATIENT}"
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from quotes.cli import main; main()"
    )
    started = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, "extract", "news", "last.txt", "--quiet", *arguments],
            cwd=heap,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a process group of its own, which gets Ctrl-C as a terminal's does
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_killed_from_outside_loses_nothing(start: Start, heap: Path) -> None:
    process = start("--jobs", "2", "-o", "-")
    assert process.stdout is not None
    first = process.stdout.readline()
    os.kill(min(workers(process.pid)), signal.SIGKILL)
    # In a thread: it waits until the run reads there, and the run until its output is read.
    Thread(target=(heap / "last.txt").write_text, args=["Nobody said a word."], daemon=True).start()
    found = [json.loads(line) for line in (first, *process.stdout)]
    assert process.wait(timeout=300) == 0
    assert [record["doc_id"] for record in found] == [*(f"{n:03}" for n in range(300)), "last"]


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_when_nobody_reads_on(start: Start) -> None:
    process = start("--jobs", "2", "-o", "-")
    assert process.stdout is not None
    process.stdout.readline()
    helpers = workers(process.pid)
    assert helpers
    process.stdout.close()
    assert process.wait(timeout=300) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert not any(alive(helper) for helper in helpers)


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_workers_end_with_the_run(start: Start, how: signal.Signals, code: int) -> None:
    process = start("--jobs", "2", "-o", "-")
    assert process.stdout is not None
    process.stdout.readline()
    helpers = workers(process.pid)
    assert helpers
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does: to the workers, too
    else:
        process.kill()
    _, err = process.communicate(timeout=300)  # to the end of the pipes, which workers hold open
    assert process.returncode == code
    assert "Traceback" not in err
    while any(alive(helper) for helper in helpers):  # it has closed its pipes, and is about to be gone
        time.sleep(0.01)
