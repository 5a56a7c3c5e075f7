"""Articles on many machines, with Ray Data: tasks read, one extractor an actor works, tasks write parts.

    read (a task a file) → Extracting (actors) → Parts (a task a part)

All of it streams: at no time is more held than what is on the way. What a dead process had in hand Ray gives
to another, and a part that is written twice replaces itself, so nothing is lost and nothing comes twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from quotes import data
from quotes.errors import ExtractionError, OutputError, QuotesError, ReadError
from quotes.files.inputs import OnError, first_line
from quotes.formats.parts import PartsFolder
from quotes.running import ExtractorFactory
from quotes.running.on_ray_inputs import Share, find
from quotes.running.on_ray_ledger import Ledger, Written
from quotes.running.on_ray_plan import Plan, digest, index, plan, repeated, twice
from quotes.running.on_ray_session import cluster_cores, set_context
from quotes.running.selection import Selection

if TYPE_CHECKING:
    import ray.data

#: Bytes of records, as JSON Lines, that go into a part file.
PART: Final = 32 << 20
#: Bytes of articles that an actor is given at a time: some seconds of work, which its death costs.
BLOCK: Final = 1 << 20

# Extractors leave a little of each core to the tasks that read and write, or those would wait for ever.
_CORES_AN_ACTOR = 0.9
_CORES_A_TASK = 0.1
_LOOK = 0.5  # seconds between two looks at what was reported


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much goes together, in bytes: records in a part file, articles in an actor's task."""

    part: int = PART
    block: int = BLOCK


class RayRun:
    """One run within a `session`: looks what there is to do, then streams parts.

    `problem` takes what can't be read or worked on, one by one. Raises QuotesError for settings that can't be
    used, an output folder that can't be, and where there is nothing to read.
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

        data.registry(settings.speakers)  # told here, not by a process far away
        speakers = None if settings.speakers is None else settings.speakers.read_bytes()
        self._work = Work(settings, selection, speakers)
        self._folder, self._actors, self._sizes = folder, actors, sizes or Sizes()
        shares = find(paths, problem)
        self.found = bool(shares)
        """Whether there is any file to read."""
        self.torn: list[str] = []
        """Parts that an earlier run left torn, and that were removed."""
        done = self._done(resume) if shares else b""
        self.before = len(done) // len(digest(""))
        """How many documents an earlier run has written."""
        self._plan = _planned(shares, done, problem)

    @property
    def total(self) -> int:
        """How many documents are to be worked on."""
        return self._plan.total

    def parts(self) -> Iterator[Written]:
        """Do the work; tells of each part soon after it was written.

        Raises QuotesError when the run can't go on. What was written stays.
        """
        if self._plan.shares:
            import ray

            ledger: Any = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Ledger).remote()
            work: Future[None] = Future()
            # A daemon: who leaves early ends the session, and with it the work.
            Thread(target=self._work_through, args=[ledger, work], daemon=True).start()
            while not wait([work], timeout=_LOOK).done:
                yield from ray.get(ledger.take.remote())
            try:
                work.result()
            except ray.exceptions.RayError as error:
                raise ray.get(ledger.refusal.remote()) or _ended(error) from error
            yield from ray.get(ledger.take.remote())
        self._folder.finish()

    def _work_through(self, ledger: Any, work: Future[None]) -> None:
        """Do it all, in a thread; `work` is then done."""
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
            num_cpus=_CORES_AN_ACTOR,
            compute=ActorPoolStrategy(min_size=at_once, max_size=self._actors),
        )
        parts = Parts(self._folder, self._sizes.part, ledger)
        extracted.write_datasink(parts, ray_remote_args={"num_cpus": _CORES_A_TASK})

    def _done(self, resume: bool) -> bytes:
        """Digests of what is in the folder's parts. Torn ones are removed."""
        import ray

        names = self._folder.prepare(resume=resume)
        look = ray.remote(_part_digests)
        found = ray.get([look.remote(self._folder, name) for name in names])
        for name, its in zip(names, found, strict=True):
            if its is None:
                self._folder.delete(name)
                self.torn.append(name)
        done = b"".join(its for its in found if its is not None)
        if again := twice(done):
            raise OutputError(
                f"{self._folder.place}: {again:,} documents are in two parts. Another run must have written "
                "here meanwhile: delete the newer parts and go on, or name another folder."
            )
        return done


def _planned(shares: Sequence[Share], done: bytes, problem: OnError) -> Plan:
    """Look through the inputs, and tell what can't be read of them and which ids come again."""
    import ray

    look, name = ray.remote(index), ray.remote(repeated)
    indexes = ray.get([look.remote(share) for share in shares])
    for found in indexes:
        for text in found.problems:
            problem(ReadError(text))
    result = plan(shares, [found.digests for found in indexes], done)
    for texts in ray.get([name.remote(share, numbers) for share, numbers in result.repeated]):
        for text in texts:
            problem(ReadError(text))
    return result


def _part_digests(folder: PartsFolder, name: str) -> bytes | None:
    ids = folder.doc_ids(name)
    return None if ids is None else b"".join(map(digest, ids))


def _source(shares: Sequence[Share]) -> ray.data.Dataset:
    """A dataset of the shares' documents, a task for each share."""
    import ray
    from ray.data.block import BlockMetadata
    from ray.data.datasource import Datasource, ReadTask

    from quotes.running.on_ray_workers import read

    class Articles(Datasource):  # here, because Ray is imported only when it is asked for
        def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[ReadTask]:
            del parallelism
            unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
            return [ReadTask(partial(read, share), unknown) for share in shares]

        def estimate_inmemory_data_size(self) -> int | None:
            return None

    source: ray.data.Dataset = ray.data.read_datasource(
        Articles(),  # type: ignore[no-untyped-call]
        override_num_blocks=len(shares),
        num_cpus=_CORES_A_TASK,
    )
    return source


def _ended(error: Exception) -> QuotesError:
    return ExtractionError(f"Ray: {first_line(error)}. What was written stays; --resume goes on there.")
