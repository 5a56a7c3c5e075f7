"""Send tasks to a project. A task can be pushed any number of times; the project has it once.

A push compares the tasks with those on the server, does what is missing, and compares again until nothing is
missing. So the next push completes an interrupted one, and if the server fails during a write, we check what
it has before we send anything again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from label_studio_sdk.core.api_error import ApiError

from quotes.errors import LabelStudioError
from quotes.labelstudio.client import PAUSES, Connection, UnsureError
from quotes.labelstudio.projects import (
    Key,
    Project,
    StoredTask,
    data_fingerprint,
    fingerprint,
    key_of,
    project_of,
    show_least_sure_first,
    stored_tasks,
)

Json = dict[str, Any]

#: The most tasks, and the most characters of JSON, in one request.
BATCH = 50
BATCH_SIZE = 5_000_000

_OURS = "quotes-"
"""The prefix of the versions of our predictions. Those of other models are not changed."""


@dataclass(slots=True)
class Plan:
    """The difference between our tasks and those on the server.

    `new` tasks are missing on the server; `update` are the new data of tasks, by their ids, that show
    something else; `add` are predictions for tasks that it has; `remove` are ids of our predictions that are
    out of date. The counts are of tasks: with changed predictions, without changes,
    and touched by a person.
    """

    new: list[Json] = field(default_factory=list)
    update: list[tuple[int, Json]] = field(default_factory=list)
    add: list[Json] = field(default_factory=list)
    remove: list[int] = field(default_factory=list)
    renewed: int = 0
    unchanged: int = 0
    touched: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many things there are to do."""
        return len(self.new) + len(self.update) + len(self.add) + len(self.remove)


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push did, as numbers of tasks."""

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
    """Make the project contain these tasks, each once, with these predictions.

    `tasks` are from `to_task`, all with one model version, or all blind; `progress` is called with the
    number of finished steps and of all steps. Raises LabelStudioError if the server refuses, or keeps
    failing; what is done until then stays, and the next push continues from there.
    """
    run = _Push(connection, project, tasks, progress)
    pauses = iter(PAUSES)
    while True:
        before = run.left
        try:
            if run.step():
                if any("least_confidence" in task["data"] for task in tasks):
                    show_least_sure_first(connection, project.id)
                return run.report()
        except UnsureError as problem:
            if before is None or (run.left or 0) < before:  # there was progress
                pauses = iter(PAUSES)
            if (pause := next(pauses, None)) is None:
                raise
            connection.wait(problem, pause)


def make_plan(tasks: Sequence[Json], stored: Iterable[StoredTask]) -> Plan:
    """Compare. A task that a person has touched, or whose text was edited on the server, is not changed."""
    by_key: dict[Key, list[StoredTask]] = {}
    by_document: dict[str, list[StoredTask]] = {}
    for one in stored:
        by_key.setdefault(one.key, []).append(one)
        by_document.setdefault(one.key[0], []).append(one)
    plan = Plan()
    for task in tasks:
        doc_id, _ = key = key_of(task["data"], task["meta"])
        same = by_key.get(key, [])
        if len(same) > 1:
            plan.notes.append(
                f"{doc_id}: the project has it {len(same)} times ({_numbers(same)}). Delete all but one."
            )
        if same:
            # Of several, the one that people have worked on counts.
            _compare(task, next((one for one in same if one.touched), same[0]), plan)
            continue
        plan.new.append(task)
        if others := by_document.get(doc_id):
            plan.notes.append(
                f"{doc_id}: the project also has it with another text ({_numbers(others)}); a new task was "
                "created."
            )
    return plan


def left_behind(tasks: Sequence[Json], stored: Iterable[StoredTask], version: str) -> int:
    """How many other untouched tasks have predictions, but none of the version that reviewers see now."""
    pushed = {key_of(task["data"], task["meta"]) for task in tasks}
    return sum(
        one.key not in pushed
        and not one.touched
        and bool(one.predictions)
        and all(prediction.model_version != version for prediction in one.predictions)
        for one in stored
    )


def _compare(task: Json, there: StoredTask, plan: Plan) -> None:
    if there.edited:
        plan.notes.append(
            f"{there.key[0]}: its text was edited in Label Studio (task {there.id}), so it was not changed. "
            "Delete that task and push again."
        )
        return
    if there.touched:
        plan.touched += 1
        return
    missing: list[Json] = []
    current: set[int] = set()
    for ours in task["predictions"]:
        wanted = (ours["model_version"], fingerprint(ours))
        found = [one.id for one in there.predictions if (one.model_version, one.fingerprint) == wanted]
        if found:
            current.add(max(found))  # of two equal ones, reviewers see the newer one
        else:
            missing.append({"task": there.id, **ours})
    stale = [
        one.id for one in there.predictions if one.id not in current and one.model_version.startswith(_OURS)
    ]
    other_data = there.data != data_fingerprint(task["data"])
    if other_data:
        plan.update.append((there.id, {"data": task["data"], "meta": task["meta"]}))
    plan.add += missing
    plan.remove += stale
    changed = bool(missing or stale or other_data)
    plan.renewed += changed
    plan.unchanged += not changed


def _numbers(tasks: Iterable[StoredTask]) -> str:
    return "task " + ", ".join(str(task.id) for task in tasks)


class _Push:
    """One push: compares, and does what is missing."""

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
        self._left_behind = 0
        self._sent_all = False
        self.left: int | None = None
        """How many steps the last comparison found."""

    def step(self) -> bool:
        """Compare, and do what is missing; true if nothing was. Raises UnsureError during a write."""
        stored = stored_tasks(self._connection, self._project.id)
        plan = make_plan(self._tasks, stored)
        self._first = self._first or plan
        if self._sent_all and plan.steps and plan.steps >= (self.left or 0):
            raise LabelStudioError(
                f"{self._connection.url}: project {self._project.id} accepted the tasks but does not list "
                "them. Check its tasks, and whether another push is running."
            )
        self.left = plan.steps
        self._report_progress(0)
        if not plan.steps:
            self._show_version(stored)
            return True
        self._sent_all = False
        self._do(plan)
        self._sent_all = True
        return False

    def report(self) -> PushReport:
        """What the first comparison found, all of which is done."""
        plan = self._first or Plan()
        notes = list(plan.notes)
        if self._left_behind:
            notes.append(
                f"{self._left_behind:,} other tasks of the project have predictions of another version, "
                "which reviewers no longer see. Push these tasks, too."
            )
        return PushReport(
            self._project, len(plan.new), plan.renewed, plan.unchanged, plan.touched, tuple(notes)
        )

    def _do(self, plan: Plan) -> None:
        """Add before removing, so that a reviewer who opens a task meanwhile always finds a prediction."""
        projects, number = self._client.projects, self._project.id
        done = 0
        for batch in _batches(plan.new):
            self._connection.write("import tasks", partial(projects.import_tasks, number, request=batch))
            self._report_progress(done := done + len(batch))
        for number_of_task, fields in plan.update:
            self._connection.read(  # may be retried: updating twice does no harm
                "update a task", partial(self._client.tasks.update, str(number_of_task), **fields)
            )
            self._report_progress(done := done + 1)
        for batch in _batches(plan.add):
            # The server silently drops invalid predictions: the next comparison finds that they are missing.
            self._connection.write(
                "import predictions", partial(projects.import_predictions, number, request=batch)
            )
            self._report_progress(done := done + len(batch))
        if self._version and (plan.add or plan.remove):
            self._switch(self._version)
        for prediction in plan.remove:
            self._remove(prediction)
            self._report_progress(done := done + 1)

    def _remove(self, prediction: int) -> None:
        def remove() -> None:
            try:
                self._client.predictions.delete(prediction)
            except ApiError as error:
                if error.status_code != 404:  # already removed
                    raise

        self._connection.write("remove an old prediction", remove)

    def _switch(self, version: str) -> None:
        """Show reviewers a version. The server accepts only a version that some prediction has."""
        if project_of(self._connection, self._project.id).model_version != version:
            self._connection.write(
                "choose the predictions that reviewers see",
                lambda: self._client.projects.update(self._project.id, model_version=version),
            )

    def _show_version(self, stored: Sequence[StoredTask]) -> None:
        """Show what was pushed, even if an earlier push was interrupted before it did."""
        version = self._version
        if version and any(one.model_version == version for task in stored for one in task.predictions):
            self._switch(version)
            self._left_behind = left_behind(self._tasks, stored, version)

    def _report_progress(self, done: int) -> None:
        if self._first is not None and self.left is not None:
            total = self._first.steps
            self._progress(max(total - self.left, 0) + done, total)


def _batches(items: Sequence[Json]) -> Iterator[list[Json]]:
    """Batches of at most BATCH items and BATCH_SIZE characters; a larger item is a batch of its own."""
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
