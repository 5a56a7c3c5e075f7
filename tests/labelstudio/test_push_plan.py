"""The plan of a push, without a server: whatever the server has, carrying out the plan completes the push."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from quotes.labelstudio.projects import StoredPrediction, StoredTask, data_fingerprint, fingerprint, key_of
from quotes.labelstudio.push import Plan, left_behind, make_plan

Json = dict[str, Any]

names = st.sampled_from(["a", "b", "c"])
versions = st.sampled_from(["quotes-1", "quotes-2", "another-model"])


def task(name: str, text: str, result: int | None) -> Json:
    predictions = [] if result is None else [{"model_version": "quotes-2", "result": [result]}]
    return {"data": {"doc_id": name}, "meta": {"text_sha256": text}, "predictions": predictions}


def prediction(number: int, version: str, result: int) -> StoredPrediction:
    return StoredPrediction(number, version, fingerprint({"result": [result]}))


tasks = st.lists(
    st.builds(task, names, st.sampled_from(["x", "y"]), st.none() | st.integers(0, 2)),
    unique_by=lambda one: key_of(one["data"], one["meta"]),
)
stored = st.lists(
    st.builds(
        StoredTask,
        id=st.integers(1, 99),
        key=st.tuples(names, st.sampled_from(["x", "y"])),
        edited=st.booleans(),
        touched=st.booleans(),
        predictions=st.lists(
            st.builds(prediction, st.integers(1, 999), versions, st.integers(0, 2)),
            unique_by=lambda one: one.id,
        ).map(tuple),
    ),
    unique_by=lambda one: one.id,
)


def carried_out(plan: Plan, there: list[StoredTask]) -> list[StoredTask]:
    """The tasks on a server that did all of it."""
    fresh = count(1000)

    def add(one: Json) -> StoredPrediction:
        return StoredPrediction(next(fresh), one["model_version"], fingerprint(one))

    after = []
    for one in there:
        kept = [known for known in one.predictions if known.id not in plan.remove]
        added = [add(new) for new in plan.add if new["task"] == one.id]
        [data] = [fields["data"] for known, fields in plan.update if known == one.id] or [None]
        shown = one.data if data is None else data_fingerprint(data)
        after.append(replace(one, predictions=(*kept, *added), data=shown))
    after += [
        StoredTask(
            next(fresh),
            key_of(new["data"], new["meta"]),
            False,
            False,
            tuple(map(add, new["predictions"])),
            data_fingerprint(new["data"]),
        )
        for new in plan.new
    ]
    return after


@given(tasks, stored)
def test_a_plan_is_complete_and_changes_nothing_else(ours: list[Json], there: list[StoredTask]) -> None:
    numbers = [known.id for one in there for known in one.predictions]
    assume(len(numbers) == len(set(numbers)))
    plan = make_plan(ours, there)
    after = carried_out(plan, there)
    again = make_plan(ours, after)
    assert again.steps == 0
    present = [one.key for one in after]
    assert all(present.count(key_of(one["data"], one["meta"])) >= 1 for one in ours)
    for before, now in zip(there, after, strict=False):
        if (
            before.touched
            or before.edited
            or before.key not in {key_of(one["data"], one["meta"]) for one in ours}
        ):
            assert now == before
        foreign = [one for one in before.predictions if one.model_version == "another-model"]
        assert [one for one in now.predictions if one.model_version == "another-model"] == foreign


def test_a_blind_push_removes_predictions() -> None:
    there = [StoredTask(1, ("a", "x"), False, False, (prediction(5, "quotes-1", 0),))]
    assert make_plan([task("a", "x", None)], there).remove == [5]


def test_of_two_equal_predictions_the_newer_one_stays() -> None:
    twice = (prediction(5, "quotes-2", 0), prediction(6, "quotes-2", 0))
    assert make_plan([task("a", "x", 0)], [StoredTask(1, ("a", "x"), False, False, twice)]).remove == [5]


def test_only_untouched_tasks_with_other_predictions_are_left_behind() -> None:
    old, new = (prediction(1, "quotes-1", 0),), (prediction(2, "quotes-2", 0),)
    there = [
        StoredTask(1, ("a", "x"), False, False, old),
        StoredTask(2, ("b", "x"), False, True, old),
        StoredTask(3, ("c", "x"), False, False, new),
        StoredTask(4, ("c", "y"), False, False, ()),
    ]
    assert left_behind([], there, "quotes-2") == 1
    assert left_behind([task("a", "x", 0)], there, "quotes-2") == 0
