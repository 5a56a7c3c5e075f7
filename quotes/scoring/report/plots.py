"""The plots of the report, as SVG to embed in the page."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.files.visible import shortened
from quotes.files.whole_file import WholeFile
from quotes.scoring.calibration import Calibration
from quotes.scoring.measures import Counts
from quotes.scoring.tracking import SHOWN, Entry

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BLUE, _GREEN, _GREY = "#1f5fa8", "#2a7d4f", "#888888"
_COLOURS = (_BLUE, _GREEN, "#b3541e", "#7b4fa0", "#4a4a4a", "#b0a000")
_MOST_RULES = 20
#: `$` in a rule's name is not a formula; text stays text; the same plot has the same ids in every run.
_SETTINGS: Any = {
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "quotes",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def curve(calibration: Calibration) -> str:
    """Precision over recall, for every threshold of confidence."""

    def draw(axes: Axes) -> None:
        points = [p for p in calibration.curve if p.counts.recall is not None]
        axes.plot(
            [p.counts.recall or 0.0 for p in points], [p.counts.precision or 0.0 for p in points], color=_BLUE
        )
        axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02))
        axes.grid(alpha=0.3)

    return _svg("curve", draw)


def reliability(calibration: Calibration) -> str:
    """The share that is right over the confidence, in ten bins; the dotted line is perfect calibration."""

    def draw(axes: Axes) -> None:
        bins = [b for b in calibration.bins if b.count]
        axes.plot([0, 1], [0, 1], color=_GREY, linestyle=":")
        right = [b.right or 0.0 for b in bins]
        axes.bar([(b.low + b.high) / 2 for b in bins], right, width=0.08, color=_BLUE, alpha=0.35)
        axes.scatter([b.confidence or 0.0 for b in bins], right, color=_BLUE, zorder=3)
        axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02))

    return _svg("reliability", draw)


def rules(slices: Mapping[str, Counts]) -> str:
    """The predictions of each rule, and how many of them are right; the most frequent rules."""
    frequent = sorted(slices.items(), key=lambda pair: pair[1].predicted)[-_MOST_RULES:]

    def draw(axes: Axes) -> None:
        places = range(len(frequent))
        axes.barh(places, [c.predicted for _, c in frequent], color="#d8d8d8", label="predicted")
        axes.barh(places, [c.right for _, c in frequent], color=_BLUE, label="right")
        axes.set_yticks(list(places), [shortened(name, 24) for name, _ in frequent])
        axes.set(xlabel="quotations")
        axes.legend(frameon=False, loc="lower right")

    return _svg("rules", draw, width=7.0, height=max(2.0, 0.27 * len(frequent) + 0.8))


def history(entries: Sequence[Entry]) -> str:
    """The figures of all entries for one gold."""
    return _svg("history", lambda axes: _history(axes, entries), width=7.0)


def write_history(entries: Sequence[Entry], path: Path) -> None:
    """Write the plot of the history to a file. Raises OutputError."""
    with WholeFile(path) as file:
        file.write(f"{history(entries)}\n".encode())


def _history(axes: Axes, entries: Sequence[Entry]) -> None:
    shares = [name for name in SHOWN if name != "confident.ece"]
    places = list(range(len(entries)))
    lowest = 1.0
    for name, colour in zip(shares, _COLOURS, strict=True):
        values = [entry.figures.get(name) for entry in entries]
        if all(value is None for value in values):
            continue
        lowest = min([lowest, *(value for value in values if value is not None)])
        axes.plot(
            places, [float("nan") if v is None else v for v in values], color=colour, marker="o", label=name
        )
    axes.set_xticks(places, [f"{entry.date[:10]}\n{entry.commit[:7]}" for entry in entries], fontsize=8)
    axes.set(ylim=(max(0.0, lowest - 0.05), 1.01), ylabel="share")
    axes.grid(axis="y", alpha=0.3)
    axes.legend(frameon=False, fontsize=8, loc="lower right")


def _svg(name: str, draw: Callable[[Axes], None], width: float = 4.6, height: float = 3.4) -> str:
    """Draw on a new figure; its ids begin with `name`, so that one page can hold several."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # about letters that the measuring font lacks; the browser's fonts have them
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.add_subplot())
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    return re.sub(r'(url\(#|xlink:href="#)', rf"\g<1>{name}-", svg).rstrip()
