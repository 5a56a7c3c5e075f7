"""Tasks: unchanged text, unique ids, scores; broken tasks are refused before they are sent."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from labelstudio_by_hand import ALL, DOCUMENT, OUT, RAINED, RECORD, SHA, TEXT, at, cue, mention, quote, quoted

from quotes import __version__, parsing
from quotes.errors import LabelStudioError
from quotes.labelstudio import tasks as tasks_module
from quotes.labelstudio.checks import validate
from quotes.labelstudio.config import label_config
from quotes.labelstudio.tasks import document_score, model_version, to_task, write_tasks
from quotes.parsing import model
from quotes.records import Document, DocumentRecord, Quotation, Span, quote_id


def record(*quotations: Quotation, document: Document = DOCUMENT, **fields: Any) -> DocumentRecord:
    given: dict[str, Any] = {"doc_id": document.doc_id, "text_sha256": document.text_sha256}
    return DocumentRecord(**(given | fields), quotations=quotations)


def task(**fields: Any) -> dict[str, Any]:
    return to_task(DOCUMENT, RECORD, model_version="m", **fields)


# --- A task ---


def test_a_task_has_text_and_prediction() -> None:
    made = task()
    assert made["meta"] == {"text_sha256": SHA}
    assert made["data"] == {
        "title": "“It rained all night,” Mayor Ada Quill said. “And I,” she added, “was out in…",
        "doc_id": "flood",
        "text": TEXT,
        "quotations": 3,
        "least_confidence": 1.0,
        "people": [{"value": "Ada Quill"}, {"value": "Tobias Renn"}],
        "who": [
            {
                "Who": "Ada Quill\nperson",
                "What (and how sure)": "“It rained all night,” (1.00)\n“And I,” “was out in it.” (1.00)",
            },
            {"Who": "Tobias Renn\nperson", "What (and how sure)": "“disgrace” (1.00)"},
        ],
    }
    [prediction] = made["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("m", 1.0)
    [first, *_] = prediction["result"]
    start, end = RAINED.parts[0]
    assert first == {
        "id": quote(RAINED), "from_name": "role", "to_name": "text", "type": "labels", "score": 1.0,
        "meta": {"text": ["rule: review:ada@example.org · confidence: 1.00"]},
        "value": {"start": start, "end": end, "text": "“It rained all night,”", "labels": ["Quote"]},
    }  # fmt: skip
    relations = [item for item in prediction["result"] if item["type"] == "relation"]
    assert {(one["from_id"], one["to_id"], *one["labels"]) for one in relations} == {
        (quote(RAINED), mention("Ada Quill")),
        (quote(RAINED), cue("said")),
        (quote(OUT, 2), quote(OUT)),
        (quote(OUT), mention("she")),
        (quote(OUT), cue("added")),
        (quote(ALL[2]), mention("Tobias Renn")),
        (quote(ALL[2]), cue("called")),
    }


def test_a_mention_that_two_quotations_share_is_one_region() -> None:
    both = record(RAINED, quoted("“Closed”", speaker="Ada Quill", cue="said"))
    result = to_task(DOCUMENT, both, model_version="m")["predictions"][0]["result"]
    labels = [item["id"] for item in result if item.get("from_name") == "role"]
    assert labels.count(mention("Ada Quill")) == labels.count(cue("said")) == 1
    assert len(labels) == len(set(labels)) == 4


def test_a_blind_task_has_no_prediction() -> None:
    """Nor does what is shown beside the text tell it."""
    data = {**task()["data"], "people": [], "who": []}
    del data["quotations"], data["least_confidence"]
    assert task(blind=True) == {"data": data, "meta": task()["meta"], "predictions": []}


def test_tasks_are_deterministic() -> None:
    assert json.dumps(task()) == json.dumps(task())


@pytest.mark.parametrize(
    ("confidences", "score"), [((), None), ((0.5,), 0.5), ((1.0, 0.5, 0.0), 0.5), ((1.0, 1.0, 0.0), 0.6667)]
)
def test_the_score_of_a_document(confidences: tuple[float, ...], score: float | None) -> None:
    some = [one.model_copy(update={"confidence": c}) for one, c in zip(ALL, confidences, strict=False)]
    assert document_score(record(*some, ALL[3])) == score


def test_a_document_without_quotations_has_no_score() -> None:
    [prediction] = to_task(DOCUMENT, record(), model_version="m")["predictions"]
    assert prediction == {"model_version": "m", "result": []}


def test_the_version_names_program_and_model() -> None:
    assert model_version() == f"quotes-{__version__}+en_core_web_sm-3.8.0"
    assert model_version("no_such_model") == f"quotes-{__version__}+no_such_model"
    assert model_version("models/mine") == f"quotes-{__version__}+mine"
    assert model_version(parsing.DEFAULT_MODEL) == model_version()
    assert tasks_module._PACKAGES == model._SAME_MODEL


# --- What is refused ---


def misfit(**changes: Any) -> DocumentRecord:
    return record(RAINED.model_copy(update=changes))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param(record(RAINED, RAINED), "is a duplicate", id="twice"),
        pytest.param(misfit(quote_id="0" * 16), "does not fit", id="another id"),
        pytest.param(misfit(text="“It snowed all night,”"), "does not fit", id="another text"),
        pytest.param(
            misfit(speaker=OUT.speaker.model_copy(update={"start": 0, "end": 3})), "does not fit", id="span"
        ),
        pytest.param(misfit(kind="unattributed"), "but has a speaker", id="unattributed, with a speaker"),
        pytest.param(record(text_sha256="0" * 64), "another text", id="another hash"),
        pytest.param(record(doc_id="fair"), "another text", id="another document"),
        pytest.param(misfit(speaker_name="Ada\ud800"), r"U\+D800", id="half a character in a name"),
    ],
)
def test_a_record_that_does_not_fit_is_refused(made: DocumentRecord, says: str) -> None:
    with pytest.raises(LabelStudioError, match=f"^flood: .*{says}"):
        to_task(DOCUMENT, made, model_version="m")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\x00b", r"U\+0000 at offset 1"),
        ("ab\ud83d", r"U\+D83D at offset 2"),
        ("\udfff", r"U\+DFFF at offset 0"),
    ],
)
def test_a_text_that_label_studio_cannot_represent_is_refused(text: str, says: str) -> None:
    document = Document(doc_id="odd", text=text)
    with pytest.raises(LabelStudioError, match=f"^odd: .*{says}"):
        to_task(document, record(document=document), model_version="m", blind=True)


def test_parts_beyond_the_text_are_refused() -> None:
    short = Document(doc_id="flood", text=TEXT[:60])
    with pytest.raises(LabelStudioError, match="does not fit"):
        to_task(short, record(ALL[2], document=short), model_version="m")


# --- Tasks are looked over before they leave ---


def results(made: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made["predictions"][0]["result"]
    return found


def relation(made: dict[str, Any]) -> dict[str, Any]:
    return next(item for item in results(made) if item["type"] == "relation")


def kind(made: dict[str, Any]) -> dict[str, Any]:
    return next(item for item in results(made) if item.get("from_name") == "kind")


Spoil = Callable[[dict[str, Any]], object]
SPOILT: dict[str, tuple[Spoil, str]] = {
    "no text": (lambda t: t["data"].pop("text"), "data lacks"),
    "a text that is a number": (lambda t: t["data"].update(text=4), "data lacks"),
    "no hash": (lambda t: t["meta"].pop("text_sha256"), "hash"),
    "another text": (lambda t: t["data"].update(text=TEXT + "!"), "hash"),
    "predictions that are no list": (lambda t: t.update(predictions=None), "not a list"),
    "a prediction that is no object": (lambda t: t.update(predictions=["x"]), "no list of results"),
    "a prediction without a version": (lambda t: t["predictions"][0].pop("model_version"), "model_version"),
    "a score above one": (lambda t: t["predictions"][0].update(score=2), "[Ss]core"),
    "a result that is a string": (lambda t: results(t).append("x"), "dictionary"),  # type: ignore[arg-type]
    "an unknown control": (lambda t: results(t)[0].update(from_name="ner"), "ner"),
    "an unknown label": (lambda t: results(t)[0]["value"].update(labels=["Mood"]), "Mood"),
    "an unknown choice": (lambda t: kind(t)["value"].update(choices=["odd"]), "odd"),
    "two choices": (lambda t: kind(t)["value"].update(choices=["direct", "mixed"]), "exactly one of"),
    "no id": (lambda t: results(t)[0].pop("id"), "id: Field required"),
    "an id on two stretches": (
        lambda t: results(t)[-9].update(id=quote(RAINED)) or results(t).reverse(), "two positions|two values"
    ),
    "a label twice": (lambda t: results(t).append(copy.deepcopy(results(t)[0])), "two values of role"),
    "values without a region": (lambda t: results(t).pop(0), "has none of the labels"),
    "reversed": (lambda t: results(t)[0]["value"].update(start=9, end=4), "outside the text"),
    "negative": (lambda t: results(t)[0]["value"].update(start=-1), "outside the text"),
    "too long": (lambda t: results(t)[0]["value"].update(end=len(TEXT) + 1), "outside the text"),
    "an offset in a string": (lambda t: results(t)[0]["value"].update(start="0"), "start: .* valid integer"),
    "other words": (lambda t: results(t)[0]["value"].update(text="no"), "does not contain the text"),
    "a relation to nowhere": (lambda t: relation(t).update(to_id="gone"), "gone|no region"),
    "a relation from a list": (lambda t: relation(t).update(from_id=["q"]), "from_id: .* valid string"),
    "a relation that points up": (lambda t: relation(t).update(direction="up"), "Direction"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_a_broken_task_is_refused(name: str) -> None:
    spoil, says = SPOILT[name]
    broken = copy.deepcopy(task())
    spoil(broken)
    with pytest.raises(LabelStudioError, match=f"^flood: its task is invalid: .*({says})"):
        validate([task(), broken])


def test_every_batch_of_a_long_task_is_checked() -> None:
    """`LabelInterface` gets the results in batches."""
    line = "“It rained,” she said.\n"
    document = Document(doc_id="long", text=line * 250)
    starts = range(0, len(document.text), len(line))
    found = (_said(document, start, start + 12) for start in starts)
    made = to_task(document, record(*found, document=document), model_version="m")
    validate([made])
    for index in (-1, -260, -510, 300):
        broken = copy.deepcopy(made)
        item = results(broken)[index]
        item.update({"direction": "up"} if item["type"] == "relation" else {"from_name": "ner"})
        with pytest.raises(LabelStudioError, match=r"up|ner"):
            validate([broken])


def _said(document: Document, start: int, end: int) -> Quotation:
    sha, text = document.text_sha256, document.text
    return RAINED.model_copy(
        update={
            "quote_id": quote_id(sha, [(start, end)]),
            "parts": ((start, end),),
            "text": text[start:end],
            "speaker": Span.of(text, end + 1, end + 4),
            "cue": Span.of(text, end + 5, end + 9),
        }
    )


def test_our_tasks_are_valid() -> None:
    validate([task(), task(blind=True)])


def test_an_interface_that_lacks_something_is_refused() -> None:
    with pytest.raises(LabelStudioError, match="lacks the value “direct” of “kind”"):
        validate([], label_config().replace('<Choice value="direct" hotkey="4"/>', ""))
    with pytest.raises(LabelStudioError, match="invalid"):
        validate([], label_config().replace("<Style>", '<Labels name="kind" toName="gone"/><Style>'))


def test_tasks_are_written_as_json(tmp_path: Path) -> None:
    out = tmp_path / "tasks.json"
    write_tasks([task(), task(blind=True)], out)
    assert json.loads(out.read_text(encoding="utf-8")) == [task(), task(blind=True)]
    assert "🌊" in out.read_text(encoding="utf-8")
    assert at("🌊")[1] - at("🌊")[0] == 1
