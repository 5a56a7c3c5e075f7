"""Stop a change that makes the extractor worse: the figures on a gold, held against their floors.

    python scripts/gate.py                # seeds/ against annotations/gold.jsonl; 1 when a floor is missed
    python scripts/gate.py --set-floors   # after an improvement: raise the floors to what is reached

The floors stand in annotations/seeds-floors.json, tied to the fingerprint of the gold that they were measured
on: with another gold, the gate stays shut until they are measured anew. Floors only rise; --allow-lower
lowers them. `scripts/accuracy.py` does the same for PolNeAR with the yardstick, and has a file of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from quotes.errors import QuotesError, ScoringError
from quotes.scoring.scores import UPPER, Figures, figures, meets
from quotes.scoring.tracking import Floors, check, format_figure, raised, read_floors, write_floors
from scripts.track_accuracy import GOLD, ROOT, SEEDS, measure

FLOORS = ROOT / "annotations" / "seeds-floors.json"

#: What is guarded. The confidences are not: on a gold this small, one quotation moves them by points.
#: The floors of `scripts/accuracy.py` guard them, on PolNeAR.
GUARDED = (
    "span.f1", "attributed.precision", "attributed.recall", "attributed.f1", "person.precision",
    "person.recall", "person.f1", "cue.f1", "strict.f1",
)  # fmt: skip
#: What is guarded of all that is reported, with indirect speech.
GUARDED_INDIRECT = (
    "attribution.direct.f1", "attribution.mixed.f1", "attribution.indirect.precision",
    "attribution.indirect.recall", "attribution.indirect.f1", "indirect.content.f1", "indirect.source.f1",
    "indirect.cue.f1", "indirect.words.f1",
)  # fmt: skip


def table(measured: Figures, floors: Figures) -> str:
    """The figures, a line each, with the floor; what is missed is marked."""
    lines = [f"{'figure':22}{'value':>8}{'floor':>9}"]
    for name in dict.fromkeys([*GUARDED, *GUARDED_INDIRECT, *floors]):
        value, floor = measured.get(name), floors.get(name)
        bound = "–" if floor is None else f"{'≤' if name in UPPER else '≥'} {format_figure(name, floor)}"
        mark = "" if floor is None or meets(name, value, floor) else "  missed"
        lines.append(f"{name:22}{format_figure(name, value):>8}{bound:>9}{mark}")
    return "\n".join(lines)


def main(
    texts: Annotated[Path, typer.Option(help="The articles.")] = SEEDS,
    gold: Annotated[Path, typer.Option(help="Their right answers.")] = GOLD,
    floors: Annotated[Path, typer.Option(help="The file of floors.")] = FLOORS,
    set_floors: Annotated[
        bool, typer.Option("--set-floors", help="Raise the floors to the figures.")
    ] = False,
    allow_lower: Annotated[bool, typer.Option("--allow-lower", help="Let floors be lowered, too.")] = False,
    margin: Annotated[float, typer.Option(min=0, max=1, help="What to leave below the figures.")] = 0.01,
) -> None:
    """Measure, print the figures, and check or set the floors."""
    try:
        known = read_floors(floors)
        scores = measure(texts, gold).scores
        found = figures(scores)
        guarded = {name: found.get(name) for name in (*GUARDED, *GUARDED_INDIRECT)}
        same = known is not None and known.gold_sha256 == scores.gold_sha256
        print(table(found, dict(known.floors) if known is not None and same else {}), flush=True)
        if set_floors:
            write_floors(floors, raised(guarded, known, scores.gold_sha256, margin, lower=allow_lower))
            print(f"The floors in {floors.name} are set, {margin} below what was measured.")
        else:
            check(found, _set(known, floors), scores.gold_sha256)
    except QuotesError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None


def _set(known: Floors | None, path: Path) -> Floors:
    """A gate without floors would let everything pass."""
    if known is None:
        raise ScoringError(f"{path} has no floors yet. Set them: python scripts/gate.py --set-floors")
    return known


if __name__ == "__main__":
    typer.run(main)
