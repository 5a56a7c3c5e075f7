"""Messages on standard error ("Error: story.txt: …"), exit codes, and the examples below a command's help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from quotes.errors import OutputError, QuotesError
from quotes.files.visible import visible

EXIT_FAILED = 1  # something could not be read, loaded or written; the rest is done
EXIT_INTERRUPTED = 130  # as shells report a program that SIGINT ended
EXIT_BROKEN_PIPE = 141  # the same for SIGPIPE: the next program in the pipe has left


def message(text: str) -> None:
    """Print a line on standard error, with control characters made visible."""
    typer.echo(visible(text), err=True)


def error(problem: QuotesError) -> None:
    """Print an error on standard error."""
    message(f"Error: {problem}")


class Problems:
    """Prints errors about documents that are left out, and remembers that there were some."""

    def __init__(self) -> None:
        self.found = False

    def report(self, problem: QuotesError) -> None:
        """Print one error."""
        self.found = True
        error(problem)


@contextmanager
def usage(option: str) -> Iterator[None]:
    """Turn the ValueError or OutputError of an option's value into a usage error."""
    try:
        yield
    except (ValueError, OutputError) as problem:
        raise typer.BadParameter(str(problem), param_hint=option) from None


def once(stream: str, *paths: object) -> None:
    """Raise BadParameter if a standard stream is named twice."""
    if [str(path) for path in paths].count("-") > 1:
        raise typer.BadParameter(f"this is {stream}, which can be named only once.", param_hint="-")


def examples(*commands: str) -> str:
    """An epilog of example commands; the leading backspace keeps each on its own line."""
    return "\n".join(("\b", "Examples:", *(f"  {command}" for command in commands)))
