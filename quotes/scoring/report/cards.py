"""Each error as a card: its paragraph with prediction and correction marked, and both in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotes.files.visible import visible_in_place
from quotes.scoring.items import Item, Range
from quotes.scoring.judging import ERRORS, Judgement, Verdict

#: What a run of the text can be, and the class that marks it.
_CLASSES = ("gold", "predicted", "gold-speaker", "predicted-speaker", "gold-cue", "predicted-cue")
#: A mention further away than this from the quotation doesn't stretch the paragraph shown.
_NEAR = 600
#: Of a long paragraph, so many code points are shown on each side.
_AROUND = 400
#: Of a very long stretch of words, so many are shown.
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and the classes that mark it, parted by spaces."""

    text: str
    classes: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says: who, under which name, by which cue, of which kind."""

    speaker: str
    name: str
    cue: str
    kind: str
    text: str
    rule: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One error. All texts are as the article has them: whoever shows them escapes them."""

    kinds: tuple[str, ...]
    doc_id: str
    rule: str
    runs: tuple[Run, ...]
    predicted: Side | None
    gold: Side | None

    @property
    def slugs(self) -> str:
        """The kinds of error as words for a filter: "wrong-mention missed"."""
        return " ".join(kind.replace(" ", "-") for kind in self.kinds)


def cards(judgements: Sequence[Judgement]) -> Iterator[Card]:
    """A card for each quotation with an error, in the order of the texts."""
    for judgement in judgements:
        text = judgement.document.text
        shown = None if text is None else visible_in_place(text)
        wrong = [verdict for verdict in judgement.verdicts if verdict.errors]
        for verdict in sorted(wrong, key=_start):
            yield Card(
                kinds=tuple(kind for kind in ERRORS if kind in verdict.errors),
                doc_id=judgement.document.doc_id,
                rule=verdict.predicted.rule if verdict.predicted else "",
                runs=tuple(_runs(verdict, shown)),
                predicted=_side(verdict.predicted),
                gold=_side(verdict.gold),
            )


def _start(verdict: Verdict) -> int:
    return min(item.start for item in (verdict.gold, verdict.predicted) if item is not None)


def _side(item: Item | None) -> Side | None:
    if item is None:
        return None
    predicted = not item.rule.startswith("review:")
    return Side(
        speaker=visible_in_place(item.speaker_text) or "no mention",
        name=visible_in_place(item.name or "no name"),
        cue=visible_in_place(item.cue_text) or "–",
        kind=item.kind or "",
        text=visible_in_place(item.text[:_LONGEST]),
        rule=visible_in_place(item.rule) if predicted else "",
        confidence=f"{item.confidence:.2f}" if predicted else "",
    )


def _runs(verdict: Verdict, text: str | None) -> Iterator[Run]:
    """The paragraph cut where a mark begins or ends; without the text, nothing."""
    if text is None:
        return
    layers = _layers(verdict)
    first, last = _context(text, layers)
    edges = {first, last}
    for ranges in layers.values():
        for start, end in ranges:
            edges.update(edge for edge in (start, end) if first < edge < last)
    if first > 0 and text[first - 1] != "\n":
        yield Run("… ")
    for start, end in pairwise(sorted(edges)):
        marked = [name for name, ranges in layers.items() if any(a <= start and end <= b for a, b in ranges)]
        yield Run(_cut(text[start:end]), " ".join(marked))
    if last < len(text) and text[last] != "\n":
        yield Run(" …")


def _cut(text: str) -> str:
    """A stretch without its middle, where it is very long."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def _layers(verdict: Verdict) -> dict[str, tuple[Range, ...]]:
    gold, predicted = verdict.gold, verdict.predicted
    ranges = (
        gold.parts if gold else (),
        predicted.parts if predicted else (),
        gold.speaker if gold else (),
        predicted.speaker if predicted else (),
        gold.cue if gold else (),
        predicted.cue if predicted else (),
    )
    return dict(zip(_CLASSES, ranges, strict=True))


def _context(text: str, layers: dict[str, tuple[Range, ...]]) -> Range:
    """The paragraphs of the quotation and of what stands near it, cut where they are long."""
    words = [*layers["gold"], *layers["predicted"]]
    first, last = min(start for start, _ in words), max(end for _, end in words)
    for name in _CLASSES[2:]:
        for start, end in layers[name]:
            if start >= first - _NEAR and end <= last + _NEAR:
                first, last = min(first, start), max(last, end)
    before = max(text.rfind("\n", 0, first) + 1, first - _AROUND)
    after = text.find("\n", last)
    return before, min(len(text) if after < 0 else after, last + _AROUND)
