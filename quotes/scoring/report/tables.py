"""Findings as tables for a terminal. Text from files is never interpreted as rich markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz.distance import Prefix
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from quotes.files.visible import shortened
from quotes.scoring import attributions
from quotes.scoring.agreement import Agreement
from quotes.scoring.calibration import Calibration
from quotes.scoring.compare import CHANGES, Comparison
from quotes.scoring.corrections import SHOWN, Corrections, Estimates
from quotes.scoring.findings import Findings
from quotes.scoring.items import FORMS, Item
from quotes.scoring.judging import Verdict
from quotes.scoring.measures import MEASURES, Counts, percent
from quotes.scoring.scores import Interval, Scores

_LONGEST = 44
_LONGEST_LIST = 20


def tables(findings: Findings, by: Iterable[str] = ()) -> Iterator[RenderableType]:
    """The headline measures, by kind and by form, the confusion of kinds, and the requested extras."""
    scores = findings.scores
    documents, gold = len(scores.pairing.both), sum(len(j.gold) for j in scores.judgements)
    more = "" if scores.indirect is None else f", and {scores.indirect_gold:,} of indirect speech"
    yield Text(f"{documents:,} documents, {gold:,} quotations in the gold{more}", style="bold")
    yield _measures(scores, [name for name in MEASURES if name in scores.measures])
    kinds = [name for name in scores.measures if name.startswith("kind.")]
    if kinds:
        yield _measures(scores, kinds, "Words match, by kind")
    forms = [name for name in (f"form.{form}" for form in FORMS) if name in scores.measures]
    if forms:
        yield _measures(scores, forms, "Right person, by form of the mention")
    for title, names in attribution_tables(scores).items():
        yield _measures(scores, names, title)
    if scores.confusion:
        yield confusion_table(scores.confusion)
    yield _confidence("Confidence", scores.calibration)
    if scores.indirect is not None:
        yield _confidence("Confidence of indirect speech", scores.indirect)
    for what in by:
        yield _slice(what, scores.slices[what])
    if findings.comparison is not None:
        yield from comparison_tables(findings.comparison)
    if findings.agreement is not None:
        yield from agreement_tables(findings.agreement)
    if findings.corrections is not None:
        yield _corrections(findings.corrections)
    if findings.estimates is not None:
        yield _estimates(findings.estimates)


def attribution_tables(scores: Scores) -> dict[str, list[str]]:
    """The measures of attributions by the titles of their tables; empty without indirect speech."""
    names = [name for name in attributions.MEASURES if name in scores.measures]
    tables = {
        "All that is reported, by kind: contents match, and the mention": "attribution",
        "Indirect speech: the same ranges, and words": "indirect.",
    }
    return {
        title: [name for name in names if name.startswith(start)] for title, start in tables.items() if names
    }


def _table(title: str, *columns: str, left: int = 1) -> Table:
    table = Table(box=box.ROUNDED, border_style="dim", title=title or None, title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < left else "right", overflow="fold")
    return table


def _measures(scores: Scores, names: Iterable[str], title: str = "") -> Table:
    table = _table(title, "Measure", "Precision", "Recall", "F1", "95 %", "Right", "Predicted", "Gold")
    for name in names:
        measure = scores.measures[name]
        table.add_row(
            Text(name.rpartition(".")[2]),
            *_shares(measure.counts),
            interval(measure.intervals.f1),
            *map(number, measure.counts[:2]),
            number(measure.counts.gold),
        )
    return table


def confusion_table(confusion: Mapping[tuple[str, str], int]) -> Table:
    """Gold kinds as rows, predicted kinds as columns; the last of each is for quotations without a match."""
    golds = [*sorted({gold for gold, _ in confusion} - {"–"}), "–"]
    predicted = [*sorted({kind for _, kind in confusion} - {"–"}), "–"]
    table = _table("Kinds: gold in rows, predicted in columns", "", *predicted)
    for gold in golds:
        cells = [str(confusion.get((gold, kind), 0)) for kind in predicted]
        if gold == "–":
            cells[-1] = ""
        table.add_row(Text(gold), *cells)
    return table


def _confidence(what: str, calibration: Calibration) -> Text:
    error = "–" if calibration.error is None else f"{calibration.error:.3f}"
    return Text(
        f"{what}: of those at 0.9 and above, {percent(calibration.sure.precision)} % are right, and they "
        f"are {percent(calibration.coverage)} % of all. Expected calibration error: {error}"
    )


def wanted(scores: Scores, precision: float) -> Text:
    """The threshold that reaches a precision, and its recall."""
    point = scores.calibration.reaching(precision)
    if point is None:
        return Text(f"No threshold of confidence reaches a precision of {percent(precision)} %.")
    return Text(
        f"For a precision of {percent(precision)} %: --min-confidence {point.threshold:.4f} gives "
        f"{percent(point.counts.precision)} % at a recall of {percent(point.counts.recall)} % and keeps "
        f"{number(point.counts.predicted)} of {number(scores.calibration.total.predicted)}."
    )


def _slice(what: str, slices: Mapping[str, Counts]) -> Table:
    if what == "rule":  # gold quotations have no rule, so there is no recall
        table = _table("By rule: attributed", "Rule", "Precision", "Right", "Predicted")
        for key, counts in slices.items():
            row = percent(counts.precision), number(counts.right), number(counts.predicted)
            table.add_row(Text(shortened(key, _LONGEST)), *row)
        return table
    measure = "right person" if what == "speaker" else "attributed"
    columns = ("Precision", "Recall", "F1", "Right", "Predicted", "Gold")
    table = _table(f"By {what}: {measure}", what.capitalize(), *columns)
    for key, counts in slices.items():
        numbers = map(number, (counts.right, counts.predicted, counts.gold))
        table.add_row(Text(shortened(key, _LONGEST)), *_shares(counts), *numbers)
    return table


def _corrections(corrections: Corrections) -> Table:
    table = _table("Corrections by reviewers", "", "")
    table.show_header = False
    for name, value in corrections.rows():
        table.add_row(name, value)
    return table


def _estimates(estimates: Estimates) -> Table:
    table = _table("Reviewed blind, and corrected", "F1 of", "Blind", "95 %", "Corrected", "95 %")
    table.add_row("documents", f"{estimates.blind_documents:,}", "", f"{estimates.corrected_documents:,}", "")
    for name in SHOWN:
        cells: list[str] = []
        for side in (estimates.blind, estimates.corrected):
            measure = side.get(name)
            cells += [percent(measure.counts.f1), interval(measure.intervals.f1)] if measure else ["–", "–"]
        table.add_row(name, *cells)
    return table


def comparison_tables(comparison: Comparison) -> Iterator[RenderableType]:
    """What is better or worse than the baseline, and whether chance explains it."""
    table = _table("Against the baseline", "F1 of", "Before", "Now", "Change", "p")
    for name, old, new, p in comparison.differences:
        change = "–" if old is None or new is None else f"{100 * (new - old):+.1f}"
        table.add_row(name, percent(old), percent(new), change, "–" if p is None else f"{p:.3f}")
    yield table
    counted = ", ".join(f"{comparison.count(what)} {what}" for what in CHANGES)
    yield Text(f"{comparison.documents:,} documents in common: {counted}.")
    if comparison.changes:
        yield _changes(comparison)


def _changes(comparison: Comparison) -> Table:
    table = _table("", "What", "Kind", "Document", "Quotation", "Gold", "Before", "Now", left=7)
    for change in comparison.changes[:_LONGEST_LIST]:
        cells = (
            change.kind,
            change.doc_id,
            change.text,
            change.wanted,
            change.old_speaker,
            change.new_speaker,
        )
        table.add_row(change.what, *(Text(shortened(cell, _LONGEST) or "–") for cell in cells))
    if (left := len(comparison.changes) - _LONGEST_LIST) > 0:
        table.add_row("…", "", f"{left:,} more: see --html or --json", *[""] * 4)
    return table


def agreement_tables(agreement: Agreement) -> Iterator[RenderableType]:
    """How far two reviewers agree, and where they disagree."""
    table = _table("Agreement of the two reviewers", "Question", "Units", "Agreed", "Alpha")
    for asked in agreement.alphas:
        alpha = "–" if asked.alpha is None else f"{asked.alpha:.3f}"
        table.add_row(asked.question, f"{asked.units:,}", percent(asked.alike), alpha)
    yield table
    if not agreement.disagreements:
        yield Text("No disagreements.")
        return
    where = _table(
        f"{len(agreement.disagreements):,} disagreements", "Document", "About", "First", "Second", left=4
    )
    for doc_id, verdict in agreement.disagreements[:_LONGEST_LIST]:
        about = {"missed": "only the second", "spurious": "only the first"}
        named = ", ".join(about.get(e, e.removeprefix("wrong ")) for e in verdict.errors)
        where.add_row(Text(shortened(doc_id, _LONGEST)), named, *map(Text, sides(verdict)))
    if (left := len(agreement.disagreements) - _LONGEST_LIST) > 0:
        where.add_row("…", f"{left:,} more: see --html", "", "")
    yield where


def sides(verdict: Verdict) -> list[str]:
    """The two reviewers' answers, cut so that the difference shows: “Ada Quill (she): “It rained…””."""
    first, second = verdict.predicted, verdict.gold
    if first is None or second is None:
        return ["–" if item is None else _said(item, item.text) for item in (first, second)]
    kinds = "wrong kind" in verdict.errors
    shared = Prefix.similarity(first.text, second.text)
    cells = [_said(item, _from(item.text, shared), kind=kinds) for item in (first, second)]
    if cells[0] == cells[1]:  # the same words in two places
        return [f"{cell} [{_places(item)}]" for cell, item in zip(cells, (first, second), strict=True)]
    return cells


def _said(item: Item, text: str, *, kind: bool = False) -> str:
    name, mention = shortened(item.name or "–", _LONGEST), shortened(item.speaker_text, _LONGEST)
    who = name if mention in ("", name) else f"{name} ({mention})"
    return f"{who}{f', {item.kind}' if kind else ''}: {shortened(text, _LONGEST)}"


def _from(text: str, shared: int) -> str:
    """The text from a little before the code point `shared`, if the difference would be cut off otherwise."""
    if shared == len(text) or shared < _LONGEST // 2:
        return text
    return f"…{text[text.rfind(' ', 0, shared - 10) + 1 :]}"


def _places(item: Item) -> str:
    """The ranges of quotation and mention: "0–9, 12–20; 25–28"."""
    ranges = (", ".join(f"{start}–{end}" for start, end in place) for place in (item.parts, item.speaker))
    return "; ".join(filter(None, ranges))


def interval(found: Interval | None) -> str:
    """Format an interval in per cent; – if there is none."""
    return "–" if found is None else f"{100 * found[0]:.1f}–{100 * found[1]:.1f}"


def number(value: float) -> str:
    """Format a count, with a decimal if it has half credits."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _shares(counts: Counts) -> tuple[str, str, str]:
    return percent(counts.precision), percent(counts.recall), percent(counts.f1)
