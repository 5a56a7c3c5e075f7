"""Measure the extractor on PolNeAR's dev part, and hold the figures against their floors.

    python scripts/accuracy.py                # or: make accuracy
    python scripts/accuracy.py --set-floors   # after an improvement: raise the floors to what is reached

Extracts `polnear/dev/text` of the shared folder, lets the yardstick `bench/polnear.py` score it, and prints
each figure beside its floor and its goal, and precision and recall at several confidences. Then it does so
with `--indirect`, where the yardstick `bench/attributions.py` scores all that is attributed, in marks or not.
The floors, in `annotations/floors.json`, hold for the gold files whose fingerprint stands beside them. Ends
with 1 and names what is missed. Where there is no shared folder, it says so and ends with 0, unless that
folder was asked for by name.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from quotes.formats.record_files import read_any_records
from quotes.scoring.names import Names
from scripts.measuring.at_cuts import Row, at_cuts, cuts_table, long_quotations

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FLOORS = ROOT / "annotations" / "floors.json"

# From here on, a confidence is high, as in the yardstick.
_SURE = 0.9

Values = dict[str, float | None]


class MeasureError(Exception):
    """What a person is told: why the figures could not be measured, or which floors they miss."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the yardstick's report and the goal that is set for it."""

    name: str
    goal: float | None = None
    """None if the figure is only shown: then it has no floor, either."""
    upper: bool = False
    """The smaller the better: floor and goal are upper bounds."""
    fraction: bool = False
    """It runs from 0 to 1, not to 100."""

    def meets(self, value: float | None, bound: float) -> bool:
        """Whether a value is no worse than a bound; one that wasn't measured isn't."""
        return value is not None and (value <= bound if self.upper else value >= bound)

    def floor(self, value: float, margin: float) -> float:
        """The floor that lies `margin` points below a value; points of a fraction are hundredths."""
        least = margin / 100 if self.fraction else margin
        return round(value + least if self.upper else value - least, 4)

    def show(self, value: float | None) -> str:
        """The value with the yardstick's decimals."""
        return "–" if value is None else f"{value:.3f}" if self.fraction else f"{value:.1f}"


FIGURES = (
    Figure("attributed.f1", 88.0),
    Figure("span.f1", 95.0),
    Figure("confident.precision", 97.0),
    Figure("confident.coverage", 70.0),
    Figure("confident.ece", 0.05, upper=True, fraction=True),
    Figure("long.recall", 96.0),
    Figure("long.attributed"),
    Figure("resolved.share", 90.0),
    Figure("resolved.pronoun", 85.0),
)

#: With `--indirect`: what stands in marks, and all attributions, with the yardstick's names for them.
WITH_INDIRECT = {
    Figure("indirect.attributed.f1", 90.0): ("attributed", "f1"),
    Figure("attribution.f1", 68.0): ("attribution", "f1"),
    Figure("content.f1", 70.0): ("exact", "content", "f1"),
    Figure("source.f1", 80.0): ("exact", "source", "f1"),
    Figure("cue.f1", 74.0): ("exact", "cue", "f1"),
    Figure("words.f1", 89.0): ("content words", "f1"),
    **{
        Figure(f"{share}.{kind}"): (share, kind)
        for share in ("recall", "precision")
        for kind in ("direct", "mixed", "indirect")
    },
}

#: How sure names are, where a source has a known one: the share right of those at 0.9 and above, their share
#: of all, and the calibration error. Measured here, for the yardstick looks at the mention's confidence only.
OF_NAMES = (
    Figure("names.precision", 97.0),
    Figure("names.coverage", 70.0),
    Figure("names.ece", 0.05, upper=True, fraction=True),
)
ALL = (*FIGURES, *OF_NAMES, *WITH_INDIRECT)


class Floors(BaseModel):
    """The file of floors: the least value of each figure that is accepted, on these gold files."""

    model_config = ConfigDict(extra="forbid")

    made_by: str = "scripts/accuracy.py --set-floors"
    gold_sha256: str
    margin: float
    """The points that floors were set below what was measured."""
    floors: dict[str, float]


def fingerprint(compartment: Path) -> str:
    """SHA-256 over the names and contents of all gold files: texts, annotations and speakers."""
    digest = hashlib.sha256()
    files = [*compartment.glob("text/*"), *compartment.glob("attributions/*"), compartment / "speakers.jsonl"]
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(compartment).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def measure(compartment: Path, bench: Path) -> tuple[Values, dict[str, Row]]:
    """Extract a compartment and have it scored: figure name to value, and a row for each cut.

    Raises `MeasureError`.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "predictions.jsonl"
        extract = (sys.executable, "-m", "quotes", "extract", compartment / "text", "--out", out, "--quiet")
        _run(*extract)
        found = score(compartment, out, bench)
        cuts = at_cuts(out, lambda file: report_of(bench / "polnear.py", compartment, file))
        found |= sureness_of_names(out, compartment / "speakers.jsonl")
        out.unlink()
        _run(*extract, "--indirect")
        return found | score_indirect(compartment, out, bench), cuts


def score(compartment: Path, predictions: Path, bench: Path) -> Values:
    """What the yardstick says of predictions without indirect speech. Raises `MeasureError`."""
    names = compartment / "speakers.jsonl"
    report = report_of(bench / "polnear.py", compartment, predictions, "--names", names)
    return values(report | {"long": long_quotations(compartment, predictions)})


def sureness_of_names(predictions: Path, speakers: Path) -> Values:
    """The figures of `name_confidence`, of the predicted names whose mention overlaps a source with a name.

    A name is right by the rule of `quotes score`: it is the gold one, or a fuller form of it.
    """
    same = Names().same
    known: dict[str, list[tuple[int, int, str]]] = {}
    for line in speakers.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["name"]:
            known.setdefault(row["doc"], []).append((*row["source"], row["name"]))
    pairs = []
    for record in read_any_records(predictions):
        for one in record.quotations:
            if one.speaker is None or one.speaker_name is None or one.name_confidence is None:
                continue
            for start, end, name in known.get(record.doc_id, ()):
                if start < one.speaker.end and one.speaker.start < end:
                    pairs.append((one.name_confidence, same(one.speaker_name, name)))
                    break
    if not pairs:
        return {figure.name: None for figure in OF_NAMES}
    sure = [right for confidence, right in pairs if confidence >= _SURE]
    bins: dict[int, list[float]] = {}
    for confidence, right in pairs:
        bins.setdefault(min(9, int(confidence * 10)), []).append(confidence - right)
    return {
        "names.precision": round(100 * sum(sure) / len(sure), 1) if sure else None,
        "names.coverage": round(100 * len(sure) / len(pairs), 1),
        "names.ece": round(sum(abs(sum(gaps)) for gaps in bins.values()) / len(pairs), 3),
    }


def score_indirect(compartment: Path, predictions: Path, bench: Path) -> Values:
    """What both yardsticks say of predictions with indirect speech. Raises `MeasureError`."""
    in_marks = report_of(bench / "polnear.py", compartment, predictions)
    attributions = report_of(bench / "attributions.py", compartment, predictions)
    return values_with_indirect({"attributed": in_marks.get("attributed", {}), **attributions})


def report_of(yardstick: Path, *arguments: str | Path) -> dict[str, Any]:
    """The report in the first line that a yardstick prints. Raises `MeasureError`."""
    printed = _run(sys.executable, yardstick, *arguments)
    try:
        return dict(json.loads(printed.splitlines()[0]))
    except (IndexError, ValueError, TypeError) as error:
        raise MeasureError(f"{yardstick.name} printed no report: {printed[:200]!r}") from error


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise MeasureError(f"{' '.join(map(str, command[1:]))} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def values(report: Mapping[str, Any]) -> Values:
    """The figures in a report; None for one that it doesn't have. A form's share is "91/100" there."""
    found: Values = {}
    for figure in FIGURES:
        group, name = figure.name.split(".")
        part = report.get(group, {})
        if form := part.get("by form", {}).get(name):
            hits, of = map(int, form.split("/"))
            found[figure.name] = round(100 * hits / of, 1)
        else:
            found[figure.name] = part.get(name)
    return found


def values_with_indirect(report: Mapping[str, Any]) -> Values:
    """The figures of an extraction with indirect speech; None for one that the report doesn't have."""
    found: Values = {}
    for figure, path in WITH_INDIRECT.items():
        value: Any = report
        for name in path:
            value = value.get(name, {})
        found[figure.name] = None if isinstance(value, Mapping) else value
    return found


def read_floors(path: Path) -> Floors | None:
    """The floors that are set, None before any are. Raises `MeasureError` when the file is malformed."""
    try:
        return Floors.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise MeasureError(f"{path.name} is malformed. Restore it from git.\n{error}") from error


def table(measured: Values, floors: Mapping[str, float]) -> str:
    """The figures, a line each, with floor and goal; what is missed is marked."""
    lines = [f"{'figure':22}{'value':>8}{'floor':>9}{'goal':>9}"]
    for figure in ALL:
        value, floor = measured[figure.name], floors.get(figure.name)
        sign = "≤" if figure.upper else "≥"
        bounds = [f"{sign} {figure.show(b)}" if b is not None else "–" for b in (floor, figure.goal)]
        missed = [] if floor is None or figure.meets(value, floor) else ["floor missed"]
        missed += [] if figure.goal is None or figure.meets(value, figure.goal) else ["goal not reached"]
        row = f"{figure.name:22}{figure.show(value):>8}{bounds[0]:>9}{bounds[1]:>9}"
        lines.append(f"{row}  {', '.join(missed)}".rstrip())
    return "\n".join(lines)


def missed(measured: Values, floors: Mapping[str, float]) -> list[str]:
    """A sentence for each floor that isn't reached."""
    return [
        f"{figure.name} is {figure.show(measured[figure.name])}, its floor {figure.show(floors[figure.name])}"
        for figure in ALL
        if figure.name in floors and not figure.meets(measured[figure.name], floors[figure.name])
    ]


def raised(measured: Values, floors: Mapping[str, float], margin: float) -> dict[str, float]:
    """The floors `margin` points below the figures; one that holds and is higher stays as it is."""
    found = {}
    for figure in ALL:
        value, old = measured[figure.name], floors.get(figure.name)
        if value is None or figure.goal is None:
            continue
        new = figure.floor(value, margin)
        keeps = old is not None and figure.meets(value, old) and not figure.meets(new, old)
        found[figure.name] = old if old is not None and keeps else new
    return found


def write_floors(path: Path, floors: Floors) -> None:
    """Replace the file of floors; an interrupted run leaves the old one."""
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(floors.model_dump(), indent=2) + "\n", encoding="utf-8")
    aside.replace(path)


def lacking(shared: Path) -> str | None:
    """The first thing that a measurement needs and the shared folder doesn't have."""
    dev = [f"polnear/dev/{name}" for name in ("text", "attributions", "speakers.jsonl")]
    bench = [f"bench/{name}" for name in ("polnear.py", "attributions.py")]
    return next((name for name in (*dev, *bench) if not (shared / name).exists()), None)


def check(measured: Values, floors: Floors | None, sha: str) -> None:
    """Raise `MeasureError` when a floor is missed, or the floors are those of other gold files."""
    if floors is None:
        return
    if floors.gold_sha256 != sha:
        raise MeasureError(
            "The floors were measured on other gold files, so they say nothing here. Look at what changed in"
            " polnear/dev; then measure anew: --set-floors --allow-lower."
        )
    if below := missed(measured, floors.floors):
        raise MeasureError(f"Missed: {'; '.join(below)}.")


def set_anew(
    path: Path, measured: Values, floors: Floors | None, sha: str, margin: float, *, lower: bool
) -> None:
    """Write the raised floors. Raises `MeasureError` instead of lowering one, unless `lower` is set."""
    try:
        check(measured, floors, sha)
    except MeasureError as problem:
        if not lower:
            raise MeasureError(
                f"{problem} No floor was set. To lower floors on purpose: --set-floors --allow-lower."
            ) from None
    old = floors.floors if floors is not None and floors.gold_sha256 == sha else {}
    write_floors(path, Floors(gold_sha256=sha, margin=margin, floors=raised(measured, old, margin)))


def main(
    shared: Annotated[
        Path | None, typer.Option(help="The folder with polnear/dev and bench/; ../shared by default.")
    ] = None,
    floors: Annotated[Path, typer.Option(help="The file of floors.")] = FLOORS,
    set_floors: Annotated[
        bool, typer.Option("--set-floors", help="Raise the floors to the figures.")
    ] = False,
    allow_lower: Annotated[bool, typer.Option("--allow-lower", help="Let floors be lowered, too.")] = False,
    margin: Annotated[float, typer.Option(min=0, help="Points to leave below the figures.")] = 0.3,
) -> None:
    """Measure, print the figures, and check or set the floors."""
    folder = shared or SHARED
    try:
        if lack := lacking(folder):
            if shared is not None:
                raise MeasureError(f"{folder} has no {lack}.")
            print(f"Skipped: ../shared/{lack} is missing, so nothing was measured.")
            return
        known = read_floors(floors)
        compartment = folder / "polnear" / "dev"
        measured, cuts = measure(compartment, folder / "bench")
        sha = fingerprint(compartment)
        same = known is not None and known.gold_sha256 == sha
        print(table(measured, known.floors if known is not None and same else {}))
        print(f"\n{cuts_table(cuts)}", flush=True)
        if set_floors:
            set_anew(floors, measured, known, sha, margin, lower=allow_lower)
            print(f"The floors in {floors.name} are set, {margin} points below what was measured.")
        else:
            check(measured, known, sha)
    except MeasureError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    typer.run(main)
