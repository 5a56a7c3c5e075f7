"""Tasks to a project: as often as you like, each task once.

A push looks what is there, does what is missing, and looks again, until nothing is. So a push that was
cut off is completed by the next one, and where a server stumbles in the middle of a write, we look before we
send anything again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quotes.errors import LabelStudioError
from quotes.labelstudio.connect import PAUSES, Connection, UnsureError
from quotes.labelstudio.plan import Plan, left_behind, make_plan
from quotes.labelstudio.projects import Project, project_of
from quotes.labelstudio.stored import StoredTask, stored_tasks

Json = dict[str, Any]

#: The most tasks, and the most characters of JSON, that go in one request.
BATCH = 50
BATCH_SIZE = 5_000_000


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push did, in tasks."""

    project: Project
    new: int
    renewed: int
    unchanged: int
    touched: int
    notes: tuple[str, ...]


def push(
    connection: Connection,
    project: Project,
    tasks: Sequence[Json],
    progress: Callable[[int, int], None] | None = None,
) -> PushReport:
    """Bring the project to hold these tasks, each once, with these predictions.

    `tasks` are those of `to_task`, all with one model version, or blind; `progress` hears of steps done, and
    of how many. Raises LabelStudioError when the server refuses, or keeps stumbling; what was done by then
    stays done, and the next push goes on from there.
    """
    run = _Push(connection, project, tasks, progress)
    pauses = iter(PAUSES)
    while True:
        before = run.left
        try:
            if run.step():
                return run.report()
        except UnsureError as problem:
            if before is None or (run.left or 0) < before:  # it gets on, if slowly
                pauses = iter(PAUSES)
            if (pause := next(pauses, None)) is None:
                raise
            connection.wait(problem, pause)


class _Push:
    """One push: looks, and does what the look found missing."""

    def __init__(
        self,
        connection: Connection,
        project: Project,
        tasks: Sequence[Json],
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._connection = connection
        self._client = connection.client
        self._project = project
        self._tasks = tasks
        versions = (one["model_version"] for task in tasks for one in task["predictions"])
        self._version: str | None = next(versions, None)
        self._progress = progress or (lambda _done, _total: None)
        self._first: Plan | None = None
        self._behind = 0
        self._sent_all = False
        self.left: int | None = None
        """The steps that the last look found."""

    def step(self) -> bool:
        """Look, and do what is missing; True when nothing was. Raises UnsureError amid a write."""
        stored = stored_tasks(self._connection, self._project.id)
        plan = make_plan(self._tasks, stored)
        self._first = self._first or plan
        if self._sent_all and plan.steps and plan.steps >= (self.left or 0):
            raise LabelStudioError(
                f"{self._connection.url}: project {self._project.id} took what was sent and doesn't show it. "
                "Look at its tasks, and whether another push is running."
            )
        self.left = plan.steps
        self._tell(0)
        if not plan.steps:
            self._show_version(stored)
            return True
        self._sent_all = False
        self._do(plan)
        self._sent_all = True
        return False

    def report(self) -> PushReport:
        """What the first look found, all of which is done."""
        plan = self._first or Plan()
        notes = list(plan.notes)
        if self._behind:
            notes.append(
                f"{self._behind:,} other tasks of the project have predictions of another version, which "
                "reviewers no longer see. Push these, too."
            )
        return PushReport(
            self._project, len(plan.new), plan.renewed, plan.unchanged, plan.touched, tuple(notes)
        )

    def _do(self, plan: Plan) -> None:
        """New before old: a reviewer who opens a task meanwhile finds a prediction in it at any moment."""
        done = 0
        for batch in _batches(plan.new):
            self._import(batch)
            self._tell(done := done + len(batch))
        for batch in _batches(plan.add):
            self._add(batch)
            self._tell(done := done + len(batch))
        if self._version and (plan.add or plan.remove):
            self._switch(self._version)
        for prediction in plan.remove:
            self._remove(prediction)
            self._tell(done := done + 1)

    def _import(self, batch: list[Json]) -> None:
        self._connection.write(
            "import tasks",
            lambda: self._client.projects.import_tasks(
                self._project.id,
                request=batch,
            ),
        )

    def _add(self, batch: list[Json]) -> None:
        # What the server finds invalid it drops without a word: the next look will miss it.
        self._connection.write(
            "import predictions",
            lambda: self._client.projects.import_predictions(
                self._project.id,
                request=batch,
            ),
        )

    def _remove(self, prediction: int) -> None:
        from label_studio_sdk.core.api_error import ApiError

        def remove() -> None:
            try:
                self._client.predictions.delete(prediction)
            except ApiError as error:
                if error.status_code != 404:  # gone is gone
                    raise

        self._connection.write("remove an old prediction", remove)

    def _switch(self, version: str) -> None:
        """Have reviewers see a version; only one that some prediction of the project has can be set."""
        if project_of(self._connection, self._project.id).model_version != version:
            self._connection.write(
                "choose the predictions that reviewers see",
                lambda: self._client.projects.update(self._project.id, model_version=version),
            )

    def _show_version(self, stored: Sequence[StoredTask]) -> None:
        """Make sure that what was pushed is seen, also where an earlier push was cut off before that."""
        version = self._version
        if version and any(one.model_version == version for task in stored for one in task.predictions):
            self._switch(version)
            self._behind = left_behind(self._tasks, stored, version)

    def _tell(self, done: int) -> None:
        if self._first is not None and self.left is not None:
            total = self._first.steps
            self._progress(max(total - self.left, 0) + done, total)


def _batches(items: Sequence[Json]) -> Iterator[list[Json]]:
    """Cut into batches of at most so many tasks and, but for a single large one, so many characters."""
    batch: list[Json] = []
    size = 0
    for item in items:
        length = len(json.dumps(item))
        if batch and (len(batch) == BATCH or size + length > BATCH_SIZE):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch
