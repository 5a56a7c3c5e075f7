"""`quotes extract`: articles in, quotations out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.extract_ray import Engine, extract_ray
from quotes.cli.messages import EXIT_FAILED, EXIT_INTERRUPTED, message, usage
from quotes.cli.options import (
    FormulasOption,
    KindOption,
    MaxSizeOption,
    MinConfidenceOption,
    ModelOption,
    SpeakersOption,
    UnattributedOption,
    selection_of,
)

if TYPE_CHECKING:
    from quotes.formats.sinks import Sink


def extract(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="Files, .jsonl of articles, folders (all .txt in them), or - for stdin."
        ),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write .jsonl, .csv, … (`quotes formats`); - is JSONL."
        ),
    ] = None,
    model: ModelOption = None,
    speakers: SpeakersOption = None,
    kind: KindOption = None,
    include_unattributed: UnattributedOption = False,
    min_confidence: MinConfidenceOption = 0.0,
    skip: Annotated[
        str | None,
        typer.Option("--skip", metavar="WHAT", help="Leave these out: boilerplate, duplicates, or both."),
    ] = None,
    split: Annotated[
        bool, typer.Option("--split", help="Part a text that holds several articles, where it shows.")
    ] = False,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Keep each document's text beside its quotations (.jsonl).")
    ] = False,
    exhaustive: Annotated[
        bool, typer.Option("--exhaustive", help="Parse every paragraph, not only those near quotations.")
    ] = False,
    author: Annotated[
        str | None,
        typer.Option("--author", metavar="@HANDLE", help="Whose tweets they are, if the file doesn't tell."),
    ] = None,
    formulas: FormulasOption = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Work on N processes; all cores if not said."),
    ] = None,
    unordered: Annotated[
        bool, typer.Option("--unordered", help="Write documents as they are done, not in the order read.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run was interrupted or killed (.jsonl).")
    ] = False,
    shard_size: Annotated[
        str | None,
        typer.Option(
            "--shard-size", metavar="SIZE", help="Begin a new file when one has reached this: 100MB, 64MiB."
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What does the work: this program, or Ray, on many machines.")
    ] = Engine.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(
            "--address", metavar="ADDRESS", help="The Ray cluster; one of this machine if not said."
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field", metavar="NAME=FIELD", help="What a field is called in .jsonl: text=body, id=uuid."
        ),
    ] = None,
    _max_size: MaxSizeOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bar and no summary; errors still show.")
    ] = False,
) -> None:
    """Find the quotations of articles and who said them.

    Prints a table a document and a summary, or writes a file with --out. A file that can't be read is
    reported, the others are done, and the exit code is 1.
    """
    from quotes.cli.extract_run import ExtractRun
    from quotes.files.alone import alone
    from quotes.formats.shards import all_shards
    from quotes.formats.sinks import open_sink
    from quotes.formats.sources import expand
    from quotes.formats.writers import WriteOptions
    from quotes.running import ExtractorFactory, available_cores

    selection = selection_of(kind, include_unattributed, min_confidence, skip)
    if engine is Engine.LOCAL:
        with_text = _check_suffix(out, resume) or with_text
    # All are asked for, so that the summary can count those without a speaker.
    settings = ExtractorFactory(
        model, speakers, include_unattributed=True, with_text=with_text, exhaustive=exhaustive
    )
    if engine is Engine.RAY:
        _refuse_on_ray(
            {
                "--author": author,
                "--field": field,
                "--split": split,
                "--shard-size": shard_size,
                "--formulas": formulas,
            }
        )
        with alone(out):
            extract_ray(
                paths, out, settings, selection, address=address, jobs=jobs, resume=resume, quiet=quiet
            )
        return
    if address is not None:
        raise typer.BadParameter("this is for --engine ray.", param_hint="--address")
    size = _shard_size(shard_size, out)
    run = ExtractRun(selection, quiet, author=_account(author), fields=_fields(field or []), split=split)
    sources = expand(paths, run.failed)
    if not sources:
        raise typer.Exit(EXIT_FAILED)
    sink: Sink | None = None
    try:
        inputs = (source.path for source in sources if source.path)
        options = WriteOptions(formulas)
        with alone(out), open_sink(out, inputs, resume=resume, shard_size=size, options=options) as sink:
            run.extract(sources, settings, sink, jobs=jobs or available_cores(), ordered=not unordered)
    except KeyboardInterrupt:
        where = out if size is None or out is None else str(all_shards(Path(out)))
        message(_interrupted(sink.written if sink else 0, sources.total, where, resume))
        raise typer.Exit(EXIT_INTERRUPTED) from None
    run.finish(sys.stdout if out is None else sys.stderr)


def _fields(pairs: list[str]) -> dict[str, str]:
    from quotes.formats.jsonl.articles import parse_fields

    with usage("--field"):
        return parse_fields(pairs)


def _refuse_on_ray(options: Mapping[str, object]) -> None:
    """Raises BadParameter for an option that was given and that Ray would pass over."""
    for name, value in options.items():
        if value:
            raise typer.BadParameter("--engine ray doesn't know this option.", param_hint=name)


def _account(author: str | None) -> str | None:
    from quotes.tweets.archives import handle

    if author is not None and handle(author) is None:
        raise typer.BadParameter(f"{author!r} is no account; write it as @name.", param_hint="--author")
    return handle(author)


def _check_suffix(out: str | None, resume: bool) -> bool:
    """Whether the format that `out` names needs the documents' texts."""
    from quotes.formats.sinks import resumable
    from quotes.formats.table import record_format

    if resume and not resumable(out):
        raise typer.BadParameter("--resume needs it. Name a .jsonl file with --out.", param_hint="--out")
    if out is None or out == "-":
        return False
    with usage("--out"):
        return record_format(Path(out)).needs_text


def _shard_size(size: str | None, out: str | None) -> int | None:
    """The size in bytes. Raises BadParameter where it is none, or there is no file to part."""
    from quotes.files.limits import parse_size

    if size is None:
        return None
    if out in (None, "-"):
        raise typer.BadParameter("--shard-size needs it. Name a file with --out.", param_hint="--out")
    with usage("--shard-size"):
        return parse_size(size)


def _interrupted(done: int, total: int | None, out: str | None, resume: bool) -> str:
    of = "" if total is None else f" of {total:,}"
    if out in (None, "-"):
        return f"Interrupted: {done:,}{of} documents are done."
    if resume:
        return f"Interrupted: {done:,}{of} documents are done. Say the same again to go on."
    if not done:
        first = "anything" if total is None else f"the first{of} documents"
        return f"Interrupted before {first} was done: {out} is left as it was."
    return f"Interrupted: {done:,}{of} documents are in {out}."
