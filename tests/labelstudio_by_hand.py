"""Build annotations as Label Studio exports them, from short descriptions of what a reviewer did."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from quotes.labelstudio.exports import Annotation, ExportedTask, parse_export
from quotes.labelstudio.results import Reading, read
from quotes.labelstudio.tasks import to_task
from quotes.records import Document, DocumentRecord, Quotation, Span, parts_text, quote_id

TEXT = (
    "“It rained all night,” Mayor Ada Quill said. “And I,” she added, “was out in it.”\n\n"
    "Tobias Renn 🌊 called the dam a “disgrace”. The sign said “Closed”.\n"
)
DOCUMENT = Document(doc_id="flood", text=TEXT)
SHA = DOCUMENT.text_sha256


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def span(words: str | None, text: str = TEXT) -> Span | None:
    return None if words is None else Span.of(text, *at(words, text))


def quoted(*parts: str, speaker: str | None = None, cue: str | None = None, **fields: Any) -> Quotation:
    spans = tuple(map(at, parts))
    given: dict[str, Any] = {
        "kind": "direct", "channel": "speech", "speaker_name": None, "speaker_kind": "unknown",
        "rule": "review:ada@example.org", "confidence": 1.0,
    }  # fmt: skip
    return Quotation(
        quote_id=quote_id(SHA, spans),
        parts=spans,
        text=parts_text(TEXT, spans),
        speaker=span(speaker),
        cue=span(cue),
        **(given | fields),
    )


RAINED = quoted(
    "“It rained all night,”", speaker="Ada Quill", cue="said", speaker_name="Ada Quill", speaker_kind="person"
)
OUT = quoted("“And I,”", "“was out in it.”", speaker="she", cue="added", speaker_name="Ada Quill",
             speaker_kind="person")  # fmt: skip
DISGRACE = quoted("“disgrace”", speaker="Tobias Renn", cue="called", speaker_name="Tobias Renn",
                  speaker_kind="person", kind="mixed", channel="writing")  # fmt: skip
CLOSED = quoted("“Closed”", kind="unattributed")
ALL = (RAINED, OUT, DISGRACE, CLOSED)
RECORD = DocumentRecord(doc_id="flood", text_sha256=SHA, quotations=ALL)


def prediction(record: DocumentRecord = RECORD, document: Document = DOCUMENT) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = to_task(document, record, model_version="m")["predictions"][0]["result"]
    return result


def quote(quotation: Quotation, part: int = 1) -> str:
    """The id of a Quote region."""
    return f"q-{quotation.quote_id}-{part}"


def mention(words: str) -> str:
    return "s-{}-{}".format(*at(words))


def cue(words: str) -> str:
    return "c-{}-{}".format(*at(words))


class Reviewer:
    """A reviewer of a pre-annotated (or empty) task; `result` is what is submitted."""

    def __init__(self, prefilled: Sequence[dict[str, Any]] | None = None, text: str = TEXT) -> None:
        self.text = text
        self.prefilled = prediction() if prefilled is None else list(prefilled)
        self.result = copy.deepcopy(self.prefilled)
        for item in self.result:
            if item["type"] != "relation":
                item["origin"] = "prediction"

    def _of(self, region: str) -> list[dict[str, Any]]:
        return [item for item in self.result if item.get("id") == region]

    def _touch(self, region: str) -> list[dict[str, Any]]:
        items = self._of(region)
        assert items, region
        for item in items:
            if item["origin"] == "prediction":
                item["origin"] = "prediction-changed"
        return items

    def label(self, region: str, role: str, start: int, end: int, **values: str) -> Self:
        """Drag over some text; `values` maps controls to values."""
        common = {"id": region, "to_name": "text", "origin": "manual"}
        edges = {"start": start, "end": end}
        self.result.append(
            {
                **common,
                "from_name": "role",
                "type": "labels",
                "value": {**edges, "labels": [role], "text": "?"},
            }
        )
        for control, value in values.items():
            self.set(region, control, value)
        return self

    def set(self, region: str, control: str, value: str) -> Self:
        if control == "kind" and value == "not a quotation":  # click it, and press the key of the label
            return self.relabel(region, "Not a quotation")
        if control == "kind":
            self.relabel(region, "Quote")
        self.clear(region, control)
        first = self._touch(region)[0]
        edges = {key: first["value"][key] for key in ("start", "end")}
        kind, given = (
            ("textarea", {"text": [value]})
            if control == "speaker_name"
            else ("choices", {"choices": [value]})
        )
        self.result.append(
            {"id": region, "from_name": control, "to_name": "text", "type": kind, "origin": first["origin"],
             "value": {**edges, **given}}
        )  # fmt: skip
        return self

    def relabel(self, region: str, role: str) -> Self:
        for item in self._touch(region):
            if item["from_name"] == "role":
                item["value"]["labels"] = [role]
        return self

    def tick(self, region: str, name: str) -> Self:
        """Choose a name among the people of the article."""
        return self.set(region, "person", name)

    def clear(self, region: str, control: str) -> Self:
        self._touch(region)
        self.result = [
            item for item in self.result if item.get("id") != region or item["from_name"] != control
        ]
        return self

    def move(self, region: str, start: int, end: int) -> Self:
        for item in self._touch(region):
            item["value"].update(start=start, end=end)
        return self

    def tie(self, source: str, target: str, *labels: str) -> Self:
        arrow = {"type": "relation", "from_id": source, "to_id": target, "direction": "right"}
        self.result.append({**arrow, "labels": list(labels)} if labels else arrow)
        return self

    def untie(self, source: str, target: str) -> Self:
        kept = [item for item in self.result if (item.get("from_id"), item.get("to_id")) != (source, target)]
        assert len(kept) < len(self.result)
        self.result = kept
        return self

    def delete(self, region: str) -> Self:
        assert self._of(region), region
        self.result = [
            item
            for item in self.result
            if region not in (item.get("id"), item.get("from_id"), item.get("to_id"))
        ]
        return self

    def reading(self, *, knows: bool = True) -> Reading:
        """The reading of the result; without `knows`, the prediction that it started from is unknown."""
        prefilled = self.prefilled if knows else None
        sha = Document(doc_id="", text=self.text).text_sha256
        return read(self.result, self.text, sha, rule="review:ada@example.org", prefilled=prefilled)


def exported(*annotations: dict[str, Any], document: Document = DOCUMENT, **fields: Any) -> dict[str, Any]:
    """A task as the web page exports it."""
    data = {"text": document.text, "doc_id": document.doc_id, "text_sha256": document.text_sha256}
    return {
        "id": 7, "data": data, "annotations": list(annotations), "drafts": [], "predictions": [3], "meta": {},
        "created_at": "2026-11-21T22:40:00.000000Z", "project": 2, "comment_count": 0, **fields,
    }  # fmt: skip


def submitted(
    reviewer: Reviewer | None = None, who: object = "ada@example.org", **fields: Any
) -> dict[str, Any]:
    """An annotation as the web page exports it; without a reviewer, accepted unchanged."""
    done = reviewer or Reviewer()
    who = {"id": 5, "email": who, "first_name": ""} if isinstance(who, str) else who
    return {
        "id": 2, "completed_by": who, "result": done.result, "was_cancelled": False, "ground_truth": False,
        "lead_time": 12.437, "created_at": "2026-11-21T22:47:39.882154Z",
        "updated_at": "2026-11-21T22:47:39.882201Z", "parent_prediction": 3,
        "prediction": {"id": 3, "model_version": "m", "score": 0.9, "result": done.prefilled}, **fields,
    }  # fmt: skip


def parsed(*tasks: dict[str, Any]) -> list[ExportedTask]:
    return parse_export(json.loads(json.dumps(tasks)), "the export")


def only_annotation(*tasks: dict[str, Any]) -> Annotation:
    [task] = parsed(*tasks)
    [annotation] = task.annotations
    return annotation


def saved(folder: Path, *tasks: dict[str, Any]) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


Change = Callable[[Reviewer], object]
