"""The commands with their examples, and how their errors become messages and exit codes."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from quotes import __version__
from quotes.cli.convert import convert
from quotes.cli.database import app as database
from quotes.cli.extract import extract
from quotes.cli.formats import formats
from quotes.cli.labelstudio import app as labelstudio
from quotes.cli.messages import EXIT_BROKEN_PIPE, EXIT_FAILED, EXIT_INTERRUPTED, error, examples, message
from quotes.cli.people import people
from quotes.cli.review import review
from quotes.cli.schema import schema
from quotes.cli.score import score
from quotes.cli.show import show
from quotes.cli.tune import tune
from quotes.cli.variants import variants
from quotes.cli.verify import verify
from quotes.errors import QuotesError


class _Commands(TyperGroup):
    """Turns the exceptions of all commands into messages and exit codes."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # while a broken pipe can still be caught
        except QuotesError as problem:
            error(problem)
            raise typer.Exit(EXIT_FAILED) from None
        except KeyboardInterrupt:
            message("Interrupted.")
            raise typer.Exit(EXIT_INTERRUPTED) from None
        except BrokenPipeError:
            _discard_stdout()
            raise typer.Exit(EXIT_BROKEN_PIPE) from None
        except OSError as problem:
            if problem.filename is not None:  # an unexpected error with a file
                raise
            _discard_stdout()
            message(f"Error: standard output can't be written ({problem.strerror}).")
            raise typer.Exit(EXIT_FAILED) from None
        return result


# Plain help: rich's takes more than twice as long.
app = typer.Typer(
    name="quotes",
    cls=_Commands,
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    epilog=examples(
        "quotes extract seeds/", "quotes extract articles/ --out quotations.jsonl", "quotes show story.txt"
    ),
)
app.command(
    epilog=examples(
        "quotes extract seeds/",
        "quotes extract story.txt another.txt --out quotations.csv",
        "quotes extract articles/ --kind direct,mixed --min-confidence 0.8",
        "cat story.txt | quotes extract - --out -",
    )
)(extract)
app.command(
    epilog=examples(
        "quotes score predictions.jsonl annotations/gold.jsonl",
        "quotes score new.jsonl gold.jsonl --baseline old.jsonl --html report.html",
        "quotes score new.jsonl gold.jsonl --fail-under attributed.f1=0.90",
    )
)(score)
app.command(
    epilog=examples(
        "quotes variants quotations.jsonl",
        "quotes variants quotations.jsonl --changed --out variants.csv",
        "quotes variants quotations.jsonl --records grouped.jsonl",
    )
)(variants)
app.command(
    epilog=examples(
        "quotes people quotations.jsonl",
        "quotes people 2017.jsonl 2018.parquet --documents 3 --out people.csv",
        "quotes people quotations.jsonl --out speakers.toml",
        "quotes extract articles/ --speakers speakers.toml --out quotations.jsonl",
    )
)(people)
app.command(
    epilog=examples(
        "quotes verify quotations.jsonl --against transcripts/ --against tweets.js",
        "quotes verify quotations.jsonl --against speeches/ --speaker 'Ada Quill' --html checked.html",
        "quotes verify --against transcripts/ --index sources.idx",
        "quotes verify quotations.jsonl --index sources.idx --out checked.jsonl",
    )
)(verify)
app.add_typer(database)
app.command(
    epilog=examples(
        "quotes show story.txt",
        "quotes show story.txt --include-unattributed",
        "quotes show story.txt --html story.html",
    )
)(show)
app.command(
    epilog=examples(
        "quotes convert quotations.jsonl --out quotations.brat",
        "quotes convert quotations.brat --out corrected.jsonl",
        "quotes convert quotations.jsonl --texts articles/ --out quotations.html",
    )
)(convert)
app.command(epilog=examples("quotes formats"))(formats)
app.command(epilog=examples("quotes schema > record.schema.json", "quotes schema --articles"))(schema)
app.add_typer(labelstudio)
app.command(
    epilog=examples(
        "quotes review predictions.jsonl --texts articles/",
        "quotes review predictions.jsonl --gold gold.jsonl",
        "quotes review predictions.jsonl --left left.jsonl",
    )
)(review)
app.command(
    epilog=examples(
        "quotes tune gold.jsonl --texts articles/ --out ours/",
        "quotes extract articles/ --tuned ours/ --out quotations.jsonl",
    )
)(tune)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"quotes {__version__}")
        raise typer.Exit


@app.callback()
def quotes(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Who said what: find quotations in news articles, and who said them."""
    del version  # its callback has done everything
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def _discard_stdout() -> None:
    """Send what is left in the buffer to nowhere, so that Python doesn't complain at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
