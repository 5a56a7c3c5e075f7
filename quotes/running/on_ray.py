"""Articles on many machines with Ray Data: tasks read, actors extract, tasks write part files.

    read (a task for each share) → Extracting (actors) → Parts (a task for each part)

Everything streams: only what is on its way is held in memory. When a process dies, Ray gives its work to
another. A part that is written twice replaces itself, so no document is lost or doubled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from quotes import data
from quotes.errors import ExtractionError, OutputError, QuotesError, ReadError
from quotes.files.inputs import OnError, first_line
from quotes.formats.parts import PartsFolder
from quotes.running import ExtractorFactory
from quotes.running.on_ray_plan import Plan, Share, count_repeated, digest, find, index, plan, repeated
from quotes.running.on_ray_session import cluster_cores, set_context
from quotes.running.selection import Selection
from quotes.running.tally import Tally
from quotes.settings import Carried
from quotes.tuned import read_tuned

if TYPE_CHECKING:
    import ray.data

#: The size of a part file's records in bytes, as JSON Lines.
PART: Final = 32 << 20
#: The size of an actor's task in bytes of articles: some seconds of work, which are lost if it dies.
BLOCK: Final = 1 << 20

# Extractors leave a little of each core to the tasks that read and write, which would never start otherwise.
_CORES_FOR_AN_ACTOR = 0.9
_CORES_FOR_A_TASK = 0.1
_POLL = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in bytes: of the records in a part file, and of the articles in an actor's task."""

    part: int = PART
    block: int = BLOCK


class Written(NamedTuple):
    """What a task has written: the part's name, the number of documents, errors of others, and counts."""

    name: str
    written: int
    problems: list[QuotesError]
    tally: Tally


class Ledger:
    """An actor that keeps what the processes of a run report, for the driver and for their successors."""

    def __init__(self) -> None:
        self._begun: Counter[bytes] = Counter()
        self._new: list[Written] = []
        self._names: set[str] = set()
        self._fatal: QuotesError | None = None

    def begin(self, key: bytes) -> int:
        """Note that this work begins. Returns how often it began before without an end: each was a crash."""
        self._begun[key] += 1
        return self._begun[key] - 1

    def end(self, key: bytes) -> None:
        """Note that this work has ended."""
        self._begun.pop(key, None)

    def add(self, part: Written) -> None:
        """Note a part, unless a task that died afterwards has already done so."""
        if part.name not in self._names:
            self._names.add(part.name)
            self._new.append(part)

    def take(self) -> list[Written]:
        """The parts that are new since the last call."""
        new, self._new = self._new, []
        return new

    def fail(self, error: QuotesError) -> None:
        """Note the error that ends the run. Ray's own errors have it only in a traceback."""
        self._fatal = self._fatal or error

    def fatal(self) -> QuotesError | None:
        """The error that ends the run, if there is one."""
        return self._fatal


class RayRun:
    """One run within a `session`: it plans what there is to do, then streams parts.

    Articles that can't be read or processed are passed to `problem` one by one. Raises QuotesError for
    unusable settings or an unusable output folder.
    """

    def __init__(
        self,
        paths: Sequence[str],
        settings: ExtractorFactory,
        selection: Selection,
        folder: PartsFolder,
        *,
        actors: int,
        problem: OnError,
        resume: bool = False,
        sizes: Sizes | None = None,
    ) -> None:
        from quotes.running.on_ray_workers import Work

        data.registry(settings.speakers)  # an error in it is raised here, not in a remote process
        if settings.tuned is not None:
            read_tuned(settings.tuned)
        self._work = Work(Carried.of(settings), selection)
        self._folder, self._actors, self._sizes = folder, actors, sizes or Sizes()
        shares = find(paths, problem)
        self.found = bool(shares)
        """Whether there is any file to read."""
        self.torn: list[str] = []
        """Damaged parts of an earlier run that were removed."""
        done = self._done(resume) if shares else b""
        self.before = len(done) // len(digest(""))
        """The number of documents that an earlier run has written."""
        self._plan = _planned(shares, done, problem)

    @property
    def total(self) -> int:
        """The number of documents that are left to do."""
        return self._plan.total

    def parts(self) -> Iterator[Written]:
        """Do the work, and report each part soon after it was written.

        Raises QuotesError if the run can't continue. Finished parts stay.
        """
        if self._plan.shares:
            import ray

            ledger: Any = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Ledger).remote()
            work: Future[None] = Future()
            # A daemon thread: it must not keep a program alive that has left the session.
            Thread(target=self._work_through, args=[ledger, work], daemon=True).start()
            while not wait([work], timeout=_POLL).done:
                yield from ray.get(ledger.take.remote())
            try:
                work.result()
            except ray.exceptions.RayError as error:
                raise ray.get(ledger.fatal.remote()) or _failed(error) from error
            yield from ray.get(ledger.take.remote())
        self._folder.finish()

    def _work_through(self, ledger: Any, work: Future[None]) -> None:
        """Do the work in a thread, and set the result of `work`."""
        try:
            self._extract_all(ledger)
        except BaseException as error:
            work.set_exception(error)
        else:
            work.set_result(None)

    def _extract_all(self, ledger: Any) -> None:
        from ray.data import ActorPoolStrategy

        from quotes.running.on_ray_workers import Extracting, Parts

        set_context(self._sizes.block)
        at_once = min(self._actors, cluster_cores())
        extracted = _source(self._plan.shares).map_batches(
            Extracting,
            fn_constructor_args=(self._work, ledger),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=_CORES_FOR_AN_ACTOR,
            compute=ActorPoolStrategy(min_size=at_once, max_size=self._actors),
        )
        parts = Parts(self._folder, self._sizes.part, ledger)
        extracted.write_datasink(parts, ray_remote_args={"num_cpus": _CORES_FOR_A_TASK})

    def _done(self, resume: bool) -> bytes:
        """The digests of the documents in the folder's parts. Removes damaged parts."""
        import ray

        names = self._folder.prepare(resume=resume)
        look = ray.remote(_part_digests)
        found = ray.get([look.remote(self._folder, name) for name in names])
        for name, its in zip(names, found, strict=True):
            if its is None:
                self._folder.delete(name)
                self.torn.append(name)
        done = b"".join(its for its in found if its is not None)
        if again := count_repeated(done):
            raise OutputError(
                f"{self._folder.place}: {again:,} documents are in two parts. Another run must have written "
                "here at the same time. Delete the newer parts and run again, or name another folder."
            )
        return done


def _planned(shares: Sequence[Share], done: bytes, problem: OnError) -> Plan:
    """Index the inputs, and report what can't be read and which ids are repeated."""
    import ray

    look, name = ray.remote(index), ray.remote(repeated)
    indexes = ray.get([look.remote(share) for share in shares])
    result = plan(shares, [found.digests for found in indexes], done)
    again = ray.get([name.remote(share, numbers) for share, numbers in result.repeated])
    for texts in (*(found.problems for found in indexes), *again):
        for text in texts:
            problem(ReadError(text))
    return result


def _part_digests(folder: PartsFolder, name: str) -> bytes | None:
    ids = folder.doc_ids(name)
    return None if ids is None else b"".join(map(digest, ids))


def _source(shares: Sequence[Share]) -> ray.data.Dataset:
    """A dataset of the shares' documents, with a task for each share."""
    import ray
    from ray.data.block import BlockMetadata
    from ray.data.datasource import Datasource, ReadTask

    from quotes.running.on_ray_workers import read

    class Articles(Datasource):  # here, because Ray is imported only when it is used
        def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[ReadTask]:
            del parallelism
            unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
            return [ReadTask(partial(read, share), unknown) for share in shares]

        def estimate_inmemory_data_size(self) -> int | None:
            return None

    source: ray.data.Dataset = ray.data.read_datasource(
        Articles(),  # type: ignore[no-untyped-call]
        override_num_blocks=len(shares),
        num_cpus=_CORES_FOR_A_TASK,
    )
    return source


def _failed(error: Exception) -> QuotesError:
    return ExtractionError(
        f"Ray: {first_line(error)}. Finished parts stay; run the same command with --resume to continue."
    )
