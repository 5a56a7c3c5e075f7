"""Tasks are looked over before they leave: by the SDK's `LabelInterface`, and for what that lets pass.

The server takes nearly anything, and a broken task then shows as an empty page to the reviewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from quotes.errors import LabelStudioError
from quotes.labelstudio import config
from quotes.records import Document

Json = dict[str, Any]

_PIECE = 100


def validate(tasks: Iterable[Json], label_config: str | None = None) -> None:
    """Check tasks, and the labelling interface they are for (ours, if none is given).

    `LabelInterface` checks the interface, control names, labels and choices; here offsets, ids, relations
    and hashes are checked besides. Raises LabelStudioError with the `doc_id` and what is wrong first.
    """
    from label_studio_sdk.label_interface.interface import LabelInterface  # takes a second

    xml = config.label_config() if label_config is None else label_config
    if missing := config.missing_labels(xml):
        raise LabelStudioError(f"The labelling interface lacks {', '.join(missing)}.")
    try:
        interface: Any = LabelInterface(xml)
        interface.validate()
    except Exception as error:  # whatever it raises, it is of the SDK's own kinds
        raise LabelStudioError(f"The labelling interface is invalid: {error}") from error
    for task in tasks:
        for problem in _problems(task, interface):
            raise LabelStudioError(f"{task.get('data', {}).get('doc_id')}: its task is invalid: {problem}.")


def _problems(task: Json, interface: Any) -> Iterator[str]:
    data, predictions = task.get("data"), task.get("predictions")
    if not isinstance(data, dict) or not all(
        isinstance(data.get(key), str) for key in ("text", "doc_id", "text_sha256")
    ):
        yield "its data lack text, doc_id or text_sha256"
        return
    if Document(doc_id=data["doc_id"], text=data["text"]).text_sha256 != data["text_sha256"]:
        yield "its text doesn't have the hash text_sha256"
    if not isinstance(predictions, list):
        yield "its predictions are no list"
        return
    for prediction in predictions:
        if not isinstance(prediction, dict) or not isinstance(prediction.get("result"), list):
            yield "a prediction has no list of results"
            continue
        if not isinstance(prediction.get("model_version"), str) or not prediction["model_version"]:
            yield "a prediction has no model_version"
        for piece in _pieces(prediction["result"]):
            errors = interface.validate_prediction({**prediction, "result": piece}, return_errors=True)
            yield from map(str, _flat(errors))
        yield from _result_problems(prediction["result"], data["text"])


def _pieces(result: list[Any]) -> Iterator[list[Any]]:
    """The results, some at a time: `LabelInterface` takes quadratic time, minutes for a long document.

    Regions stand alone; beside relations stand the regions that they tie.
    """
    regions = [item for item in result if not _is_relation(item)]
    relations = [item for item in result if _is_relation(item)]
    by_id = {item["id"]: item for item in regions if isinstance(item, dict) and _is_name(item.get("id"))}
    for first in range(0, max(1, len(regions)), _PIECE):
        yield regions[first : first + _PIECE]
    for first in range(0, len(relations), _PIECE):
        some = relations[first : first + _PIECE]
        ends = {item.get(end) for item in some for end in ("from_id", "to_id") if _is_name(item.get(end))}
        yield [by_id[end] for end in sorted(ends & by_id.keys())] + some


def _is_relation(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") == "relation"


def _is_name(value: object) -> bool:
    return isinstance(value, str)


def _flat(errors: Iterable[Any]) -> Iterator[Any]:
    """The SDK gives the errors of relations as a list in the list."""
    return chain.from_iterable(error if isinstance(error, list) else [error] for error in errors)


def _result_problems(result: list[Any], text: str) -> Iterator[str]:
    """What `LabelInterface` misses in one prediction's results."""
    edges: dict[str, tuple[object, object]] = {}
    taken: set[tuple[str, str]] = set()
    for item in result:
        if not isinstance(item, dict) or _is_relation(item):
            continue
        region, value = item.get("id"), item.get("value")
        if not isinstance(region, str) or not isinstance(value, dict):
            yield "a region has no id or no value"
            continue
        span = value.get("start"), value.get("end")
        yield from _value_problems(region, value, text)
        if edges.setdefault(region, span) != span:
            yield f"the id {region} is on two stretches of text"
        if (region, str(item.get("from_name"))) in taken:
            yield f"the region {region} has {item.get('from_name')} twice"
        taken.add((region, str(item.get("from_name"))))
    for region in edges:
        if (region, config.ROLE) not in taken:
            yield f"the region {region} has no label"
    for item in result:
        if _is_relation(item):
            yield from _relation_problems(item, edges)


def _value_problems(region: str, value: Mapping[str, Any], text: str) -> Iterator[str]:
    start, end, said = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        yield f"the region {region} stands at [{start}, {end}), which is not in the text"
    elif isinstance(said, str) and said != text[start:end]:
        yield f"the region {region} doesn't hold the text that stands there"
    for key in ("labels", "choices"):
        if key in value and (not isinstance(value[key], list) or len(value[key]) != 1):
            yield f"the region {region} must have one of its {key}"


def _relation_problems(item: Mapping[str, Any], regions: Mapping[str, object]) -> Iterator[str]:
    if not all(_is_name(item.get(end)) and item[end] in regions for end in ("from_id", "to_id")):
        yield "a relation leads to no region"
    labels = item.get("labels")
    if not isinstance(labels, list) or len(labels) != 1 or labels[0] not in config.RELATIONS:
        yield f"a relation is labelled {labels}"
