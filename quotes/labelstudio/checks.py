"""Check tasks before they are sent.

The server accepts nearly anything, and shows reviewers an empty page for a broken task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from quotes.errors import LabelStudioError
from quotes.labelstudio import config
from quotes.labelstudio.predictions import Json
from quotes.labelstudio.regions import read_marks
from quotes.records import Document

_BATCH = 100


def validate(tasks: Iterable[Json], label_config: str | None = None, *, verified: bool = False) -> None:
    """Check tasks, and the labelling interface that they are for (by default, ours).

    `verified`: the tasks and the interface show verdicts.

    The SDK's `LabelInterface` checks the interface, control names, labels and choices. It does not check
    offsets, ids, hashes and the ends of relations, which are checked here. Raises LabelStudioError with the
    `doc_id` and the first problem.
    """
    from label_studio_sdk.label_interface.interface import LabelInterface  # takes a second

    xml = config.label_config(verified=verified) if label_config is None else label_config
    if missing := config.missing_labels(xml, verified=verified):
        raise LabelStudioError(f"The labelling interface lacks {', '.join(missing)}.")
    try:
        interface: Any = LabelInterface(xml)
        interface.validate()
    except Exception as error:  # the SDK documents no base class
        raise LabelStudioError(f"The labelling interface is invalid: {error}") from error
    for task in tasks:
        for problem in _problems(task, interface):
            raise LabelStudioError(f"{task.get('data', {}).get('doc_id')}: its task is invalid: {problem}.")


def _problems(task: Json, interface: Any) -> Iterator[str]:
    data, predictions = task.get("data"), task.get("predictions")
    sha = (task.get("meta") or {}).get("text_sha256")
    if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in ("text", "doc_id")):
        yield "its data lacks text or doc_id"
        return
    if Document(doc_id=data["doc_id"], text=data["text"]).text_sha256 != sha:
        yield "its text does not have the hash text_sha256"
    if not isinstance(predictions, list):
        yield "its predictions are not a list"
        return
    for prediction in predictions:
        if not isinstance(prediction, dict) or not isinstance(prediction.get("result"), list):
            yield "a prediction has no list of results"
            continue
        if not isinstance(prediction.get("model_version"), str) or not prediction["model_version"]:
            yield "a prediction has no model_version"
        result = prediction["result"]
        try:
            marks = read_marks(result, data["text"])
        except LabelStudioError as error:
            yield str(error)
            continue
        for some in _batches(result):
            errors = interface.validate_prediction({**prediction, "result": some}, return_errors=True)
            # The SDK returns the errors of relations as a list in the list.
            yield from map(str, chain.from_iterable(e if isinstance(e, list) else [e] for e in errors))
        yield from _result_problems(result, data["text"])
        yield from marks.notes
        if len(marks.relations) < sum(map(_is_relation, result)):
            yield "a relation has no region at one end"


def _batches(result: Sequence[Json]) -> Iterator[list[Json]]:
    """The results in batches, because `LabelInterface` takes quadratic time: minutes for a long document.

    Relations come with the regions that they tie.
    """
    regions = [item for item in result if not _is_relation(item)]
    by_id = {item["id"]: item for item in regions}
    for first in range(0, max(1, len(regions)), _BATCH):
        yield regions[first : first + _BATCH]
    relations = list(filter(_is_relation, result))
    for first in range(0, len(relations), _BATCH):
        some = relations[first : first + _BATCH]
        ends = {item[end] for item in some for end in ("from_id", "to_id")}
        yield [by_id[end] for end in sorted(ends & by_id.keys())] + some


def _is_relation(item: Json) -> bool:
    return item.get("type") == "relation"


def _result_problems(result: Iterable[Json], text: str) -> Iterator[str]:
    """What neither `read_marks` nor `LabelInterface` notices."""
    seen: set[tuple[str, str]] = set()
    for item in result:
        if _is_relation(item):
            continue
        key, value = (item["id"], item["from_name"]), item["value"]
        if key in seen:
            yield f"the region {key[0]} has two values of {key[1]}"
        seen.add(key)
        said = value.get("text")
        if isinstance(said, str) and said != text[value["start"] : value["end"]]:
            yield f"the region {key[0]} does not contain the text at its offsets"
        for name in ("labels", "choices"):
            if name in value and len(value[name] or ()) != 1:
                yield f"the region {key[0]} must have exactly one of its {name}"
