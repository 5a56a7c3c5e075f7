"""`quotes extract`: articles in, quotations out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli.extract_ray import Engine, extract_ray
from quotes.cli.messages import EXIT_FAILED, EXIT_INTERRUPTED, message, usage
from quotes.cli.options import (
    FormulasOption,
    IndirectOption,
    KindOption,
    MaxSizeOption,
    MinConfidenceOption,
    ModelOption,
    QuietOption,
    SpeakersOption,
    TunedOption,
    TypeOption,
    UnattributedOption,
    selection_of,
)


def extract(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files or folders of articles, or - for standard input. `quotes formats` says what is read.",
        ),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write .jsonl, .csv, … (`quotes formats`); - writes JSON Lines to standard output.",
        ),
    ] = None,
    model: ModelOption = None,
    speakers: SpeakersOption = None,
    tuned: TunedOption = None,
    indirect: IndirectOption = False,
    kind: KindOption = None,
    type_: TypeOption = None,
    include_unattributed: UnattributedOption = False,
    min_confidence: MinConfidenceOption = 0.0,
    skip: Annotated[
        str | None,
        typer.Option("--skip", metavar="WHAT", help="Leave out boilerplate, duplicates, or both."),
    ] = None,
    split: Annotated[bool, typer.Option("--split", help="Split texts that hold several articles.")] = False,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Write each document's text with its quotations (.jsonl).")
    ] = False,
    exhaustive: Annotated[
        bool, typer.Option("--exhaustive", help="Parse every paragraph, not only those near quotations.")
    ] = False,
    any_language: Annotated[
        bool, typer.Option("--any-language", help="Extract articles in other languages as if in English.")
    ] = False,
    author: Annotated[
        str | None,
        typer.Option("--author", metavar="@HANDLE", help="The author of tweets, if the file names none."),
    ] = None,
    formulas: FormulasOption = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Number of processes (default: all cores)."),
    ] = None,
    unordered: Annotated[
        bool, typer.Option("--unordered", help="Write documents as they are finished, not in order.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue a run that was interrupted or killed (.jsonl).")
    ] = False,
    shard_size: Annotated[
        str | None,
        typer.Option(
            "--shard-size", metavar="SIZE", help="Start a new file when one reaches this size: 100MB, 64MiB."
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Run in this program, or on many machines with Ray.")
    ] = Engine.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(
            "--address", metavar="ADDRESS", help="The Ray cluster (default: start Ray on this machine)."
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field", metavar="NAME=FIELD", help="Map a field of .jsonl articles: text=body, id=uuid."
        ),
    ] = None,
    _max_size: MaxSizeOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find the quotations in articles and who said them.

    Prints a table for each document and a summary, or writes a file with --out. A file that can't be read is
    reported, the others are done, and the exit code is 1.
    """
    from quotes.cli.extract_run import ExtractRun
    from quotes.files.alone import alone
    from quotes.formats.sources import expand
    from quotes.running import ExtractorFactory

    selection = selection_of(kind, include_unattributed, min_confidence, skip, indirect=indirect, type_=type_)
    if engine is Engine.LOCAL:
        with_text = _check_suffix(out, resume) or with_text
    # All are asked for, so that the summary can count those without a speaker.
    settings = ExtractorFactory(
        model,
        speakers,
        include_unattributed=True,
        with_text=with_text,
        exhaustive=exhaustive,
        indirect=indirect,
        any_language=any_language,
        tuned=tuned,
    )
    if engine is Engine.RAY:
        local_only = {"author": author, "field": field, "split": split, "shard-size": shard_size}
        _refuse_on_ray(**local_only, formulas=formulas)
        with alone(out):
            extract_ray(
                paths, out, settings, selection, address=address, jobs=jobs, resume=resume, quiet=quiet
            )
        return
    if address is not None:
        raise typer.BadParameter("this works with --engine ray only.", param_hint="--address")
    size = _shard_size(shard_size, out)
    run = ExtractRun(selection, quiet, author=_account(author), fields=_fields(field or []), split=split)
    sources = expand(paths, run.failed)
    if not sources:
        raise typer.Exit(EXIT_FAILED)
    try:
        with alone(out), run.output(out, sources, resume=resume, shard_size=size, formulas=formulas):
            run.extract(sources, settings, jobs=jobs, ordered=not unordered)
    except KeyboardInterrupt:
        message(_interrupted(run.written, sources.total, out, resume=resume, sharded=size is not None))
        raise typer.Exit(EXIT_INTERRUPTED) from None
    run.finish(sys.stdout if out is None else sys.stderr)


def _fields(pairs: list[str]) -> dict[str, str]:
    from quotes.formats.jsonl.articles import parse_fields

    with usage("--field"):
        return parse_fields(pairs)


def _refuse_on_ray(**options: object) -> None:
    """Raise BadParameter for an option that was given and that Ray would ignore."""
    for name, value in options.items():
        if value:
            raise typer.BadParameter("this does not work with --engine ray.", param_hint=f"--{name}")


def _account(author: str | None) -> str | None:
    from quotes.tweets.archives import handle

    if author is not None and handle(author) is None:
        raise typer.BadParameter(f"{author!r} is not an account; write it as @name.", param_hint="--author")
    return handle(author)


def _check_suffix(out: str | None, resume: bool) -> bool:
    """Whether the format of `out` needs the documents' texts. Raises BadParameter for an unusable one."""
    from quotes.formats.output import resumable
    from quotes.formats.table import record_format

    if resume and not resumable(out):
        raise typer.BadParameter("--resume works with .jsonl only. Name such a file.", param_hint="--out")
    if out is None or out == "-":
        return False
    with usage("--out"):
        return record_format(Path(out)).needs_text


def _shard_size(size: str | None, out: str | None) -> int | None:
    """The size in bytes. Raises BadParameter if it is not a size, or if there is no file to split."""
    from quotes.files.limits import parse_size

    if size is None:
        return None
    if out in (None, "-"):
        raise typer.BadParameter("--shard-size needs a file. Name one.", param_hint="--out")
    with usage("--shard-size"):
        return parse_size(size)


def _interrupted(done: int, total: int | None, out: str | None, *, resume: bool, sharded: bool) -> str:
    from quotes.formats.output import all_shards

    of = "" if total is None else f" of {total:,}"
    if out is None or out == "-":
        return f"Interrupted: {done:,}{of} documents are done."
    if resume:
        return f"Interrupted: {done:,}{of} documents are done. Run the same command again to continue."
    where = all_shards(Path(out)) if sharded else out
    if not done:
        first = "the first document" if total is None else f"the first{of} documents"
        return f"Interrupted before {first} was done; {where} is unchanged."
    return f"Interrupted: {done:,}{of} documents are in {where}."
