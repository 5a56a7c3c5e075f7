"""What a push has to do: the difference between the tasks we have and those on the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quotes.labelstudio.stored import Key, StoredTask, fingerprint, key_of

Json = dict[str, Any]

#: How the versions of our predictions begin; those of other models are left alone.
OURS = "quotes-"


@dataclass(slots=True)
class Plan:
    """What is missing, what is out of date, and what stays as it is."""

    new: list[Json] = field(default_factory=list)
    """Tasks that the server doesn't have."""
    add: list[Json] = field(default_factory=list)
    """Predictions for tasks that it has."""
    remove: list[int] = field(default_factory=list)
    """Predictions of ours that are out of date."""
    renewed: int = 0
    """Tasks whose predictions change."""
    unchanged: int = 0
    touched: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many things there are to do."""
        return len(self.new) + len(self.add) + len(self.remove)


def make_plan(tasks: Sequence[Json], stored: Iterable[StoredTask]) -> Plan:
    """Compare. A task that a person has touched, or whose text was edited on the server, stays as it is."""
    there: dict[Key, list[StoredTask]] = {}
    texts: dict[str, list[StoredTask]] = {}
    for one in stored:
        there.setdefault(one.key, []).append(one)
        texts.setdefault(one.key[0], []).append(one)
    plan = Plan()
    for task in tasks:
        key = key_of(task["data"])
        same = there.get(key, [])
        if len(same) > 1:
            plan.notes.append(f"{key[0]}: there {len(same)} times ({_numbers(same)}). Delete all but one.")
        if same:
            # Where a task is there twice, people's work decides which one counts.
            _compare(task, next((one for one in same if one.touched), same[0]), plan)
            continue
        plan.new.append(task)
        if others := texts.get(key[0]):
            plan.notes.append(
                f"{key[0]}: there with another text, too ({_numbers(others)}); this is a new task."
            )
    return plan


def left_behind(tasks: Sequence[Json], stored: Iterable[StoredTask], version: str) -> int:
    """How many other untouched tasks have predictions, but none of the version that reviewers see now."""
    pushed = {key_of(task["data"]) for task in tasks}
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
            f"{there.key[0]}: its text was edited in Label Studio (task {there.id}); left as it is. "
            "Delete that task and push again."
        )
        return
    if there.touched:
        plan.touched += 1
        return
    missing: list[Mapping[str, Any]] = []
    valid: set[int] = set()
    for ours in task["predictions"]:
        wanted = (ours["model_version"], fingerprint(ours))
        found = [one.id for one in there.predictions if (one.model_version, one.fingerprint) == wanted]
        if found:
            valid.add(max(found))  # of two that say the same, reviewers see the newer one
        else:
            missing.append(ours)
    stale = [
        one.id for one in there.predictions if one.id not in valid and one.model_version.startswith(OURS)
    ]
    plan.add += ({"task": there.id, **prediction} for prediction in missing)
    plan.remove += stale
    plan.renewed += bool(missing or stale)
    plan.unchanged += not (missing or stale)


def _numbers(tasks: Iterable[StoredTask]) -> str:
    return "task " + ", ".join(str(task.id) for task in tasks)
