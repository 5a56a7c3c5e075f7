"""The page itself: what goes into the template, and the template's environment."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from quotes.formats.html.writing import environment
from quotes.scoring import tables as terminal
from quotes.scoring.blind import SHOWN as SHOWN_BLIND
from quotes.scoring.compare import CHANGES
from quotes.scoring.counts import percent
from quotes.scoring.extra import require
from quotes.scoring.findings import Findings
from quotes.scoring.history import SHOWN as SHOWN_IN_HISTORY
from quotes.scoring.history import Entry, show
from quotes.scoring.judging import ERRORS
from quotes.scoring.measures import MEASURES
from quotes.scoring.report import plots
from quotes.scoring.report.cards import Card, cards
from quotes.scoring.scores import Scores

_FOLDER = Path(__file__).parent
#: A browser stays quick with so many errors; the JSON report has them all.
MOST_CARDS = 1000
_MOST_CHANGES = 500


def page(findings: Findings, *, history: Sequence[Entry] = (), title: str = "Score report") -> bytes:
    """The report as one HTML page in UTF-8, which loads nothing from elsewhere.

    Everything that comes from files is escaped, and a content security policy forbids what isn't the page's
    own: no other script, no address, no form. Raises ScoringError when jinja2 or matplotlib is missing.
    """
    require("jinja2", "matplotlib")
    from markupsafe import Markup

    scores = findings.scores
    templates = environment(_FOLDER)
    templates.filters.update(
        percent=percent, interval=terminal.interval, number=terminal.number, share=_share
    )
    own = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "report.js")}
    drawn = {name: Markup(svg) for name, svg in _plots(scores, history).items()}
    content = templates.get_template("report.html.j2").render(
        title=title,
        css=Markup(own["report.css"]),
        js=Markup(own["report.js"]),
        js_hash=_hash(own["report.js"]),
        plots=drawn,
        headline=[m for m in MEASURES if m in scores.measures],
        described=MEASURES,
        changes=CHANGES,
        most_changes=_MOST_CHANGES,
        findings=findings,
        blind_names=SHOWN_BLIND,
        history=list(history),
        history_names=SHOWN_IN_HISTORY,
        figure=show,
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
            ("have another text than the gold’s", scores.pairing.other_text),
            ("are in the gold only", scores.pairing.only_gold),
            ("are in the predictions only", scores.pairing.only_predicted),
        ],
    }


def _errors(scores: Scores) -> dict[str, Any]:
    shown: list[Card] = list(islice(cards(scores.judgements), MOST_CARDS))
    verdicts = [verdict for judgement in scores.judgements for verdict in judgement.verdicts]
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
    }


def _plots(scores: Scores, history: Sequence[Entry]) -> dict[str, str]:
    found = {}
    if scores.calibration.curve:
        found["curve"] = plots.curve(scores.calibration)
        found["reliability"] = plots.reliability(scores.calibration)
    if scores.slices["rule"]:
        found["rules"] = plots.rules(scores.slices["rule"])
    if history:
        found["history"] = plots.history(history)
    return found


def _hash(script: str) -> str:
    """What a content security policy calls the one script that may run."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _share(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
