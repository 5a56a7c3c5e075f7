"""`quotes labelstudio push` and `pull`: to a project, and home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from quotes.cli.labelstudio_connection import DataDirOption, KeyOption, ProjectOption, UrlOption, connect
from quotes.cli.labelstudio_options import (
    BlindOption,
    ConsensusOption,
    CurrentTextsOption,
    GoldWithTextOption,
    PredictionsArgument,
    TaskModelOption,
    TextsOption,
)
from quotes.cli.labelstudio_steps import bring_home, read_pairs
from quotes.cli.messages import EXIT_FAILED, Problems, message
from quotes.cli.options import MaxSizeOption, need_records

if TYPE_CHECKING:
    from quotes.labelstudio.connect import Connection
    from quotes.labelstudio.push import PushReport
    from quotes.records import Document, DocumentRecord


def push(
    predictions: PredictionsArgument,
    project: ProjectOption,
    texts: TextsOption = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="Draw N documents by lot.")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="Which lot: the same seed draws the same sample.")
    ] = 0,
    order: Annotated[
        Literal["file", "uncertain"],
        typer.Option("--order", help="As in the file, or the least certain documents first."),
    ] = "file",
    blind: BlindOption = False,
    model: TaskModelOption = None,
    url: UrlOption = None,
    api_key: KeyOption = None,
    data_dir: DataDirOption = None,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no summary.")] = False,
) -> None:
    """Send predictions to a project for review; it is made if it is missing.

    Pushed again, no document is there twice: new predictions replace ours of before, and what a person has
    annotated stays as it is.
    """
    from quotes.labelstudio.checks import validate
    from quotes.labelstudio.projects import find_or_make_project
    from quotes.labelstudio.push import push as push_tasks
    from quotes.labelstudio.tasks import model_version, to_task

    problems = Problems()
    pairs = list(read_pairs(predictions, texts or (), problems))
    chosen = _chosen(pairs, sample, seed, order)
    version = model_version(model)
    tasks = [to_task(document, record, model_version=version, blind=blind) for document, record in chosen]
    validate(tasks)
    if not tasks:
        message("Error: there is no document to push.")
        raise typer.Exit(EXIT_FAILED)
    connection = connect(url, api_key, data_dir)
    there = find_or_make_project(connection, project)
    with _progress("Pushing", quiet) as progress:
        report = push_tasks(connection, there, tasks, progress)
    if not quiet:
        _tell(connection, report)
    for note in report.notes:
        message(f"Note: {note}")
    if problems.found:
        raise typer.Exit(EXIT_FAILED)


def pull(
    project: ProjectOption,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FILE", help="The file of gold records to write: .jsonl, .parquet, …"
        ),
    ],
    texts: CurrentTextsOption = None,
    consensus: ConsensusOption = False,
    with_text: GoldWithTextOption = False,
    url: UrlOption = None,
    api_key: KeyOption = None,
    data_dir: DataDirOption = None,
    _max_size: MaxSizeOption = None,
) -> None:
    """Fetch a project's finished reviews as gold records.

    The raw export is kept in the folder `exports` beside FILE. Several reviewers, skipped tasks, drafts and
    what can't be used are told of, as by `quotes labelstudio import`.
    """
    from quotes.files.alone import alone
    from quotes.labelstudio.projects import find_project
    from quotes.labelstudio.pull import pull as pull_export
    from quotes.labelstudio.texts import hashes

    with_text |= need_records(out, "--out")
    with alone(out):
        now = hashes(texts) if texts else None
        connection = connect(url, api_key, data_dir)
        raw = pull_export(connection, find_project(connection, project), out.parent / "exports")
        message(f"Kept: {raw}")
        bring_home(raw, out, consensus=consensus, with_text=with_text, hashes=now)


def _chosen(
    pairs: list[tuple[Document, DocumentRecord]], sample: int | None, seed: int, order: str
) -> list[tuple[Document, DocumentRecord]]:
    from quotes.labelstudio.ordering import draw, uncertain_first

    if sample is not None:
        if sample > len(pairs):
            message(f"Note: there are only {len(pairs):,} documents; all of them are pushed.")
        pairs = draw(pairs, sample, seed)
    return uncertain_first(pairs) if order == "uncertain" else pairs


def _tell(connection: Connection, report: PushReport) -> None:
    counts = (
        (report.new, "new"),
        (report.renewed, "with new predictions"),
        (report.unchanged, "unchanged"),
        (report.touched, "annotated and left as they are"),
    )
    done = ", ".join(f"{number:,} {words}" for number, words in counts if number) or "nothing to do"
    made = "made" if report.project.made else "there"
    message(f"Project {report.project.id}, “{report.project.title}” ({made}): {done}.")
    message(f"Review them: {connection.url}projects/{report.project.id}/data")


@contextmanager
def _progress(doing: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
