"""`quotes labelstudio`: predictions out to reviewers, and their corrections home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quotes.cli.labelstudio_options import (
    BlindOption,
    ConsensusOption,
    CurrentTextsOption,
    GoldWithTextOption,
    PredictionsArgument,
    TaskModelOption,
    TextsOption,
    need_suffix,
)
from quotes.cli.labelstudio_serve import serve
from quotes.cli.labelstudio_server import pull, push
from quotes.cli.labelstudio_steps import bring_home, read_pairs
from quotes.cli.messages import EXIT_FAILED, Problems, examples, message
from quotes.cli.options import MaxSizeOption, need_records

app = typer.Typer(
    name="labelstudio",
    help="Have people review quotations in Label Studio, and bring their corrections home.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples(
        "quotes labelstudio export predictions.jsonl --out tasks.json",
        "quotes labelstudio import export.json --out gold.jsonl",
    ),
)


@app.command(epilog=examples("quotes labelstudio config", "quotes labelstudio config --out label_config.xml"))
def config(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Write it to this file instead.")
    ] = Path("-"),
) -> None:
    """Print the labelling interface, to paste into a project's Settings › Labeling Interface › Code."""
    from quotes.files.alone import alone
    from quotes.files.standard_output import write_bytes
    from quotes.labelstudio.config import label_config

    with alone(out):
        write_bytes(out, label_config().encode())


@app.command(
    epilog=examples(
        "quotes labelstudio export predictions.jsonl --out tasks.json",
        "quotes labelstudio export predictions.jsonl --texts articles/ --out tasks.json",
        "quotes labelstudio export predictions.jsonl --out tasks.json --blind",
    )
)
def export(
    predictions: PredictionsArgument,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The .json file to write.")],
    texts: TextsOption = None,
    blind: BlindOption = False,
    model: TaskModelOption = None,
    _max_size: MaxSizeOption = None,
) -> None:
    """Write tasks with pre-annotations, to import by hand in a project's web page.

    A document whose text is missing or has changed is reported and left out, and the exit code is 1.
    """
    from quotes.errors import LabelStudioError
    from quotes.files.alone import alone
    from quotes.labelstudio.checks import validate
    from quotes.labelstudio.tasks import model_version, to_task, write_tasks

    need_suffix(out, ".json")
    problems = Problems()
    version = model_version(model)
    tasks = []
    with alone(out):
        for document, record in read_pairs(predictions, texts or (), problems):
            try:
                tasks.append(to_task(document, record, model_version=version, blind=blind))
            except LabelStudioError as problem:
                problems.report(problem)
        validate(tasks)
        if tasks:
            write_tasks(tasks, out, [predictions])
            if str(out) != "-":
                message(f"{len(tasks):,} task{'s' * (len(tasks) != 1)} in {out}.")
        else:
            message("There is no document to export.")
    if problems.found or not tasks:
        raise typer.Exit(EXIT_FAILED)


@app.command(
    name="import",
    epilog=examples(
        "quotes labelstudio import project-1.json --out annotations/gold.jsonl",
        "quotes labelstudio import project-1.json --out gold.jsonl --consensus --texts articles/",
    ),
)
def import_(
    export_: Annotated[
        Path, typer.Argument(metavar="EXPORT", help="What the project's Export button gave, as “JSON”.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write: .jsonl, .parquet, …")
    ],
    consensus: ConsensusOption = False,
    texts: CurrentTextsOption = None,
    with_text: GoldWithTextOption = False,
    _max_size: MaxSizeOption = None,
) -> None:
    """Make gold records of finished reviews, from a file that was exported in the web page.

    Where several people reviewed a document, its latest review goes into FILE (or, with --consensus, what
    most of them say), and beside it a file of each reviewer's own. What can't be used is reported, and the
    exit code is 1.
    """
    from quotes.files.alone import alone
    from quotes.labelstudio.texts import hashes

    with_text |= need_records(out, "--out")
    with alone(out):
        now = hashes(texts) if texts else None
        bring_home(export_, out, consensus=consensus, with_text=with_text, hashes=now)


# --- Commands that talk to a server: serve, push, pull ---
app.command(
    epilog=examples("quotes labelstudio serve", "quotes labelstudio serve --data-dir review --port 8090")
)(serve)
app.command(
    epilog=examples(
        "quotes labelstudio push predictions.jsonl --project floods",
        "quotes labelstudio push predictions.jsonl --project floods --order uncertain",
        "quotes labelstudio push predictions.jsonl --project accuracy --sample 50 --seed 1",
    )
)(push)
app.command(epilog=examples("quotes labelstudio pull --project floods --out annotations/gold.jsonl"))(pull)
