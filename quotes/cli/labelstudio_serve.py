"""`quotes labelstudio serve`: a Label Studio of one's own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotes.cli.labelstudio_connection import DataDirOption
from quotes.cli.messages import message

if TYPE_CHECKING:
    from quotes.labelstudio.server import Server


def serve(
    data_dir: DataDirOption = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port; 0 is any free one.")
    ] = 8080,
    email: Annotated[
        str | None,
        typer.Option(
            "--email",
            metavar="ADDRESS",
            help="On a first start: whom to log in as; reviews bear it.",
        ),
    ] = None,
    install_only: Annotated[
        bool, typer.Option("--install-only", help="Install Label Studio if it is missing, and end.")
    ] = False,
) -> None:
    """Run a Label Studio on this machine, for this machine, until Ctrl-C.

    The first time it is installed into an environment of its own, which takes some minutes and 1 GB.
    """
    from quotes.labelstudio.installation import install, server_command
    from quotes.labelstudio.login import DEFAULT_EMAIL
    from quotes.labelstudio.server import Server, default_data_dir

    if server_command() is None:
        message("Installing Label Studio: some minutes, 1 GB ...")
        install()
    if install_only:
        message(f"Label Studio is installed: {server_command()}")
        return
    message("Starting Label Studio; the first time it makes its database ...")
    with ended_by_signals():
        try:
            with Server(data_dir or default_data_dir(), port, email or DEFAULT_EMAIL) as server:
                say_where(server)
                server.wait()
        except KeyboardInterrupt:  # how it is meant to end
            message("Label Studio has ended.")


def say_where(server: Server) -> None:
    """Tell a person how to get in. Where nobody watches, the password stays in its file."""
    from quotes.labelstudio.login import login_file

    login = server.login
    message(f"Label Studio is up: {login.url}")
    message(f"E-mail:   {login.email}")
    watched = sys.stderr.isatty()
    kept = login_file(server.data_dir)
    message(f"Password: {login.password.get_secret_value()}" if watched else f"Password: in {kept}")
    # Shells start jobs in the background so that Ctrl-C, meant for another program, ends none of them.
    unheard = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    end = f"`kill {os.getpid()}`" if unheard else "Ctrl-C"
    message(f"Kept in {kept}; the key that `push` and `pull` use, too. {end} ends Label Studio.")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let a request to end from a service manager or a closed terminal work as Ctrl-C does."""

    def end(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    asked = [signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
        asked.append(signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
