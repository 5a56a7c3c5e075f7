"""What the commands say on standard error, how they show examples, and how they end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from quotes.errors import OutputError, QuotesError
from quotes.files.visible import visible

EXIT_FAILED = 1  # something could not be read, loaded or written; what could be done is done
EXIT_INTERRUPTED = 130  # as shells report a program that SIGINT ended
EXIT_BROKEN_PIPE = 141  # the same for SIGPIPE: the next program in the pipe wanted no more


def message(text: str) -> None:
    """Print a line on standard error. File names in it may hold anything."""
    typer.echo(visible(text), err=True)


def error(problem: QuotesError) -> None:
    """Tell an error on standard error."""
    message(f"Error: {problem}")


class Problems:
    """Tells of documents that are left out when it happens, and remembers that there were some."""

    def __init__(self) -> None:
        self.found = False

    def report(self, problem: QuotesError) -> None:
        """Tell of one."""
        self.found = True
        error(problem)


@contextmanager
def usage(option: str) -> Iterator[None]:
    """Tell a value that can't be read, or names no file that can be written, as wrong usage of its option."""
    try:
        yield
    except (ValueError, OutputError) as problem:
        raise typer.BadParameter(str(problem), param_hint=option) from None


def once(stream: str, *paths: object) -> None:
    """Refuse a standard stream that is named twice. Raises BadParameter."""
    if [str(path) for path in paths].count("-") > 1:
        raise typer.BadParameter(f"this is {stream}, which can be named only once.", param_hint="-")


def examples(*commands: str) -> str:
    """Make an epilog of example commands; the leading backspace keeps their lines apart."""
    return "\n".join(("\b", "Examples:", *(f"  {command}" for command in commands)))
