"""The report: one HTML page that loads nothing, with figures, plots, and every error in its paragraph."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from quotes.files.visible import visible_in_place
from quotes.formats.html.writing import environment
from quotes.scoring import attributions
from quotes.scoring.compare import CHANGES
from quotes.scoring.corrections import OPTIMISM
from quotes.scoring.corrections import SHOWN as SHOWN_BLIND
from quotes.scoring.findings import Findings
from quotes.scoring.items import Item, Range
from quotes.scoring.judging import ERRORS, Judgement, Verdict
from quotes.scoring.measures import MEASURES, percent
from quotes.scoring.report import plots, tables
from quotes.scoring.scores import Scores, require
from quotes.scoring.tracking import SHOWN as SHOWN_IN_HISTORY
from quotes.scoring.tracking import Entry, format_figure

_FOLDER = Path(__file__).parent
#: The most errors on a page, so that browsers stay fast; the JSON report has all.
MOST_CARDS = 1000
_MOST_CHANGES = 500
#: The CSS classes that mark a run of the text.
_CLASSES = ("gold", "predicted", "gold-speaker", "predicted-speaker", "gold-cue", "predicted-cue")
#: A mention or cue within so many code points of the quotation is shown, too.
_NEAR = 600
#: The most code points that are shown on each side of the quotation.
_AROUND = 400
#: The most code points of one run.
_LONGEST = 2000


def page(findings: Findings, *, history: Sequence[Entry] = (), title: str = "Score report") -> bytes:
    """The report as one HTML page in UTF-8, which loads nothing from elsewhere.

    Text from files is escaped, and a content security policy forbids everything but the page's own script:
    no other script, no address, no form. Raises ScoringError if jinja2 or matplotlib is missing.
    """
    require("jinja2", "matplotlib")
    from markupsafe import Markup

    scores = findings.scores
    templates = environment(_FOLDER)
    templates.filters.update(percent=percent, interval=tables.interval, number=tables.number, share=_share)
    own = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "report.js")}
    drawn = {name: Markup(svg) for name, svg in _plots(scores, history).items()}
    content = templates.get_template("report.html.j2").render(
        title=title,
        css=Markup(own["report.css"]),
        js=Markup(own["report.js"]),
        js_hash=_hash(own["report.js"]),
        plots=drawn,
        headline=[m for m in MEASURES if m in scores.measures],
        described={**MEASURES, **attributions.MEASURES},
        attribution_tables=tables.attribution_tables(scores),
        changes=CHANGES,
        most_changes=_MOST_CHANGES,
        findings=findings,
        blind_names=SHOWN_BLIND,
        optimism=OPTIMISM,
        history=list(history),
        history_names=SHOWN_IN_HISTORY,
        figure=format_figure,
        **_scored(scores),
        **_errors(scores),
    )
    return content.encode()


def _scored(scores: Scores) -> dict[str, Any]:
    golds = sorted({gold for gold, _ in scores.confusion} - {"–"})
    predicted = sorted({kind for _, kind in scores.confusion} - {"–"})
    return {
        "scores": scores,
        "documents": len(scores.pairing.both),
        "quotations": sum(len(judgement.gold) for judgement in scores.judgements),
        "kinds": [name for name in scores.measures if name.startswith("kind.")],
        "forms": [name for name in scores.measures if name.startswith("form.")],
        "confusion_rows": [*golds, "–"] if scores.confusion else [],
        "confusion_columns": [*predicted, "–"],
        "unscored": [
            ("have a different text than the gold", scores.pairing.other_text),
            ("are in the gold only", scores.pairing.only_gold),
            ("are in the predictions only", scores.pairing.only_predicted),
        ],
    }


def _errors(scores: Scores) -> dict[str, Any]:
    shown: list[Card] = list(islice(cards(scores.judgements), MOST_CARDS))
    verdicts = [verdict for judgement in scores.judgements for verdict in judgement.all_verdicts]
    return {
        "cards": shown,
        "wrong": sum(bool(verdict.errors) for verdict in verdicts),
        "texts": any(judgement.document.text is not None for judgement in scores.judgements),
        "kinds_of_error": [
            (kind, kind.replace(" ", "-"), sum(kind in verdict.errors for verdict in verdicts))
            for kind in ERRORS
        ],
        "rules_of_errors": sorted({card.rule for card in shown} - {""}),
        "documents_of_errors": sorted({card.doc_id for card in shown}),
        "quotations_of_errors": sorted({kind for card in shown for kind in card.quotation.split()}),
    }


def _plots(scores: Scores, history: Sequence[Entry]) -> dict[str, str]:
    found = {}
    if scores.calibration.curve:
        found["curve"] = plots.curve(scores.calibration)
        found["reliability"] = plots.reliability(scores.calibration)
    if scores.indirect is not None and scores.indirect.curve:
        found["indirect-curve"] = plots.curve(scores.indirect)
        found["indirect-reliability"] = plots.reliability(scores.indirect)
    if scores.slices["rule"]:
        found["rules"] = plots.rules(scores.slices["rule"])
    if history:
        found["history"] = plots.history(history)
    return found


def _hash(script: str) -> str:
    """The hash by which the content security policy allows the page's script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _share(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


# Errors


@dataclass(frozen=True, slots=True)
class Run:
    """A range of the text and the CSS classes that mark it, separated by spaces."""

    text: str
    classes: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One side's answer: mention, name, cue and kind."""

    speaker: str
    name: str
    cue: str
    kind: str
    text: str
    rule: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One error. Texts are not escaped; the template does that."""

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

    @property
    def quotation(self) -> str:
        """The kinds of the quotation on both sides, as words for a filter: "mixed indirect"."""
        kinds = [side.kind for side in (self.gold, self.predicted) if side is not None]
        return " ".join(dict.fromkeys(kinds))


def cards(judgements: Sequence[Judgement]) -> Iterator[Card]:
    """A card for each quotation with an error, in the order of the texts."""
    for judgement in judgements:
        text = judgement.document.text
        shown = None if text is None else visible_in_place(text)
        wrong = [verdict for verdict in judgement.all_verdicts if verdict.errors]
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
    """The paragraph, cut wherever a marked range begins or ends; nothing if the text is unknown."""
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
    """The text, without its middle if it is very long."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def _layers(verdict: Verdict) -> dict[str, tuple[Range, ...]]:
    gold, predicted = verdict.gold, verdict.predicted
    ranges = (
        gold.parts if gold else (),
        predicted.parts if predicted else (),
        (gold.source or gold.speaker) if gold else (),
        predicted.speaker if predicted else (),
        gold.cue if gold else (),
        predicted.cue if predicted else (),
    )
    return dict(zip(_CLASSES, ranges, strict=True))


def _context(text: str, layers: dict[str, tuple[Range, ...]]) -> Range:
    """The range of the paragraphs of the quotation and of near mentions and cues, cut if they are long."""
    words = [*layers["gold"], *layers["predicted"]]
    first, last = min(start for start, _ in words), max(end for _, end in words)
    for name in _CLASSES[2:]:
        for start, end in layers[name]:
            if start >= first - _NEAR and end <= last + _NEAR:
                first, last = min(first, start), max(last, end)
    before = max(text.rfind("\n", 0, first) + 1, first - _AROUND)
    after = text.find("\n", last)
    return before, min(len(text) if after < 0 else after, last + _AROUND)
