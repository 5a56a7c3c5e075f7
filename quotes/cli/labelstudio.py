"""`quotes labelstudio`: send predictions to reviewers, and fetch their corrections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from quotes.cli.labelstudio_serve import DataDirOption, serve
from quotes.cli.messages import EXIT_FAILED, Problems, examples, message
from quotes.cli.options import MaxSizeOption, need_records

if TYPE_CHECKING:
    from quotes.labelstudio.client import Connection
    from quotes.labelstudio.push import PushReport
    from quotes.records import Document, DocumentRecord

app = typer.Typer(
    name="labelstudio",
    help="Let people review quotations in Label Studio, and fetch their corrections.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples(
        "quotes labelstudio export predictions.jsonl --out tasks.json",
        "quotes labelstudio import export.json --out gold.jsonl",
    ),
)

PredictionsArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PREDICTIONS",
        help="Records of `quotes extract`, preferably made with --with-text: .jsonl, …",
    ),
]
TextsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--texts",
        metavar="PATH",
        help="The extracted articles, files or folders, if the records don't include their text.",
    ),
]
CurrentTextsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--texts",
        metavar="PATH",
        help="The articles, files or folders; reviews of a different text are reported, not used.",
    ),
]
TaskModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="The spaCy pipeline of the extraction, if not the default."),
]
BlindOption = Annotated[
    bool, typer.Option("--blind", help="Send the texts without predictions, for a blind review.")
]
VerifiedOption = Annotated[
    bool,
    typer.Option(
        "--verified", help="Show what `quotes verify` found in sources, for reviewers to confirm or correct."
    ),
]
ConsensusOption = Annotated[
    bool,
    typer.Option("--consensus", help="If several people reviewed a document, keep the majority's answer."),
]
DropMissingOption = Annotated[
    bool,
    typer.Option(
        "--drop-missing",
        help="Drop what FILE has from earlier and this export doesn't have any more; otherwise it is kept.",
    ),
]
GoldWithTextOption = Annotated[
    bool, typer.Option("--with-text", help="Include each document's text in its record.")
]
GoldOption = Annotated[
    Path,
    typer.Option(
        "--out", "-o", metavar="FILE", help="The file of gold records to write: .jsonl, .parquet, …"
    ),
]
ProjectOption = Annotated[
    str, typer.Option("--project", metavar="NAME|ID", help="The project's title or number.")
]
UrlOption = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="Label Studio's address; or set LABEL_STUDIO_URL."),
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--api-key",
        metavar="KEY",
        help="Your key. It is safer to set LABEL_STUDIO_API_KEY: process lists show options.",
    ),
]


@app.command(epilog=examples("quotes labelstudio config", "quotes labelstudio config --out label_config.xml"))
def config(
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The file to write (default: standard output)."),
    ] = Path("-"),
    verified: VerifiedOption = False,
) -> None:
    """Print the labelling interface, to paste into a project's Settings › Labeling Interface › Code."""
    from quotes.files.alone import alone
    from quotes.files.standard_output import write_bytes
    from quotes.labelstudio.config import label_config

    with alone(out):
        write_bytes(out, label_config(verified=verified).encode())


app.command(
    epilog=examples("quotes labelstudio serve", "quotes labelstudio serve --data-dir review --port 8090")
)(serve)


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
    verified: VerifiedOption = False,
    model: TaskModelOption = None,
    _max_size: MaxSizeOption = None,
) -> None:
    """Write tasks with pre-annotations, to import in a project's web page.

    A document whose text is missing or has changed is reported and left out, and the exit code is 1.
    """
    from quotes.errors import LabelStudioError
    from quotes.files.alone import alone
    from quotes.labelstudio.checks import validate
    from quotes.labelstudio.tasks import model_version, to_task, write_tasks

    if str(out) != "-" and out.suffix.lower() != ".json":
        raise typer.BadParameter(f"{out}: end the name in .json.", param_hint="--out")
    _check_verified(verified, blind)
    problems = Problems()
    version = model_version(model)
    tasks = []
    with alone(out):
        pairs = list(_pairs(predictions, texts, problems))
        _check_verdicts(predictions, pairs, verified=verified, blind=blind)
        for document, record in pairs:
            try:
                tasks.append(to_task(document, record, model_version=version, blind=blind, verified=verified))
            except LabelStudioError as problem:
                problems.report(problem)
        validate(tasks, verified=verified)
        if tasks:
            write_tasks(tasks, out, [predictions])
            if str(out) != "-":
                message(f"{len(tasks):,} task{'s' * (len(tasks) != 1)} in {out}.")
        else:
            message("There are no documents to export.")
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
        Path, typer.Argument(metavar="EXPORT", help="A file from the project's Export button, as “JSON”.")
    ],
    out: GoldOption,
    consensus: ConsensusOption = False,
    texts: CurrentTextsOption = None,
    with_text: GoldWithTextOption = False,
    drop_missing: DropMissingOption = False,
    _max_size: MaxSizeOption = None,
) -> None:
    """Turn finished reviews into gold records, from a file that was exported in the web page.

    If several people reviewed a document, FILE has its latest review (or, with --consensus, the majority's
    answer), and a file per reviewer is written beside it. Documents that FILE has from earlier and that have
    no finished review in this export are named, and kept. What can't be used is reported, and the exit code
    is 1.
    """
    from quotes.files.alone import alone

    with_text |= need_records(out, "--out")
    with alone(out):
        _write_gold(
            export_,
            out,
            consensus=consensus,
            with_text=with_text,
            drop_missing=drop_missing,
            hashes=_hashes(texts),
        )


@app.command(
    epilog=examples(
        "quotes labelstudio push predictions.jsonl --project floods",
        "quotes labelstudio push predictions.jsonl --project floods --order uncertain",
        "quotes labelstudio push predictions.jsonl --project accuracy --sample 50 --seed 1",
        "quotes labelstudio push checked.jsonl --project facts --verified",
    )
)
def push(
    predictions: PredictionsArgument,
    project: ProjectOption,
    texts: TextsOption = None,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1, metavar="N", help="Review a random sample of N documents."),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="The random seed; the same seed gives the same sample.")
    ] = 0,
    order: Annotated[
        Literal["file", "uncertain"],
        typer.Option(
            "--order", help="The order in the file, or first the documents with the least sure quotation."
        ),
    ] = "file",
    blind: BlindOption = False,
    verified: VerifiedOption = False,
    model: TaskModelOption = None,
    url: UrlOption = None,
    api_key: KeyOption = None,
    data_dir: DataDirOption = None,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no summary.")] = False,
) -> None:
    """Send predictions to a project for review. The project is created if it does not exist.

    Pushing again creates no duplicates: new predictions replace our earlier ones, and tasks that a person
    has annotated are not changed.
    """
    from quotes.labelstudio.checks import validate
    from quotes.labelstudio.projects import find_or_create_project
    from quotes.labelstudio.push import push as push_tasks
    from quotes.labelstudio.tasks import draw, model_version, to_task, uncertain_first

    _check_verified(verified, blind)
    problems = Problems()
    pairs = list(_pairs(predictions, texts, problems))
    _check_verdicts(predictions, pairs, verified=verified, blind=blind)
    if sample is not None:
        if sample > len(pairs):
            message(f"Note: there are only {len(pairs):,} documents; all of them are pushed.")
        pairs = draw(pairs, sample, seed)
    if order == "uncertain":
        pairs = uncertain_first(pairs)
    version = model_version(model)
    tasks = [
        to_task(document, record, model_version=version, blind=blind, verified=verified)
        for document, record in pairs
    ]
    validate(tasks, verified=verified)
    if not tasks:
        message("Error: there are no documents to push.")
        raise typer.Exit(EXIT_FAILED)
    connection = _connect(url, api_key, data_dir)
    there = find_or_create_project(connection, project, verified=verified)
    with _progress(quiet) as progress:
        report = push_tasks(connection, there, tasks, progress)
    if not quiet:
        _summarize(connection, report)
    for note in report.notes:
        message(f"Note: {note}")
    if problems.found:
        raise typer.Exit(EXIT_FAILED)


@app.command(epilog=examples("quotes labelstudio pull --project floods --out annotations/gold.jsonl"))
def pull(
    project: ProjectOption,
    out: GoldOption,
    texts: CurrentTextsOption = None,
    consensus: ConsensusOption = False,
    with_text: GoldWithTextOption = False,
    drop_missing: DropMissingOption = False,
    url: UrlOption = None,
    api_key: KeyOption = None,
    data_dir: DataDirOption = None,
    _max_size: MaxSizeOption = None,
) -> None:
    """Fetch a project's finished reviews as gold records.

    The raw export is kept in the folder `exports` beside FILE. Documents that FILE has from earlier and that
    have no finished review any more are named, and kept. Documents with several reviewers, skipped tasks,
    drafts and what can't be used are reported, as by `quotes labelstudio import`.
    """
    from quotes.files.alone import alone
    from quotes.labelstudio.projects import find_project
    from quotes.labelstudio.pull import pull as pull_export

    with_text |= need_records(out, "--out")
    with alone(out):
        hashes = _hashes(texts)
        connection = _connect(url, api_key, data_dir)
        raw = pull_export(connection, find_project(connection, project), out.parent / "exports")
        message(f"Raw export: {raw}")
        _write_gold(
            raw,
            out,
            consensus=consensus,
            with_text=with_text,
            drop_missing=drop_missing,
            hashes=hashes,
        )


def _pairs(
    predictions: Path, texts: Sequence[str] | None, problems: Problems
) -> Iterator[tuple[Document, DocumentRecord]]:
    """Read predictions, each record with its text; a record without a text is reported to `problems`."""
    from quotes.formats.record_files import read_any_records
    from quotes.formats.texts import with_texts

    return with_texts(read_any_records(predictions), texts or (), problems.report)


def _check_verified(verified: bool, blind: bool) -> None:
    if verified and blind:
        raise typer.BadParameter(
            "a blind review shows no verdicts; leave out --blind or --verified.", param_hint="--verified"
        )


def _check_verdicts(
    predictions: Path, pairs: Iterable[tuple[Document, DocumentRecord]], *, verified: bool, blind: bool
) -> None:
    """Say it where verdicts won't be shown. Raises BadParameter if they are to be, and there are none."""
    some = any(one.verification is not None for _, record in pairs for one in record.quotations)
    if verified and not some:
        raise typer.BadParameter(
            f"{predictions} has no verdicts. Make them: quotes verify {predictions} --against PATH "
            "--out checked.jsonl",
            param_hint="--verified",
        )
    if some and not verified and not blind:
        message("Note: reviewers don't see the verdicts in these records, nor does gold have them; "
                "with --verified, they do.")  # fmt: skip


def _hashes(texts: Sequence[str] | None) -> dict[str, str] | None:
    """The current hashes of the articles, by `doc_id`; None if no articles are given."""
    from quotes.formats.texts import text_hashes

    return text_hashes(texts) if texts else None


def _write_gold(
    export: Path,
    out: Path,
    *,
    consensus: bool,
    with_text: bool,
    drop_missing: bool,
    hashes: Mapping[str, str] | None,
) -> None:
    """Write the gold of an export, and print the report.

    Raises Exit if anything can't be used, or if there are no finished reviews.
    """
    from quotes.gold.files import publish
    from quotes.labelstudio.exports import read_export
    from quotes.labelstudio.reviews import review

    tasks = read_export(export, out.parent / "exports")
    reviews = review(tasks, consensus=consensus, with_text=with_text, hashes=hashes)
    if reviews.gold:
        written = publish(reviews.gold, reviews.by_reviewer, out, [export], keep=not drop_missing)
        for path, missing in written.items():
            if str(path) != "-":
                message(f"Written: {path}")
            if drop_missing:
                for doc_id in missing:
                    message(f"Dropped: {doc_id}, which has no finished review now.")
            elif missing:
                message(f"Kept: {_some(missing)}, without a finished review now; --drop-missing drops them.")
    for line in reviews.report.lines():
        message(line)
    if reviews.report.problems or not reviews.report.reviewed:
        raise typer.Exit(EXIT_FAILED)


def _some(names: Sequence[str], most: int = 20) -> str:
    """Names in a message: a gold file may have thousands of documents of other projects."""
    more = f" and {len(names) - most:,} more documents" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _connect(url: str | None, key: str | None, data_dir: Path | None) -> Connection:
    from quotes.labelstudio.address import find_address
    from quotes.labelstudio.client import Connection

    return Connection(find_address(url, key, data_dir))


def _summarize(connection: Connection, report: PushReport) -> None:
    counts = (
        (report.new, "new"),
        (report.renewed, "with new predictions"),
        (report.unchanged, "unchanged"),
        (report.touched, "annotated and not changed"),
    )
    done = ", ".join(f"{number:,} {words}" for number, words in counts if number) or "nothing to do"
    created = " (created)" if report.project.created else ""
    message(f"Project {report.project.id}, “{report.project.title}”{created}: {done}.")
    message(f"Review them at {connection.url}projects/{report.project.id}/data")


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("Pushing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
