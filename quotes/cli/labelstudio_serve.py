"""`quotes labelstudio serve`: run a local Label Studio."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotes.cli.messages import message

if TYPE_CHECKING:
    from quotes.labelstudio.server import Server

DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        file_okay=False,
        help="The data folder of `serve`, with its database, log and login.",
    ),
]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port; 0 is any free port.")
]


def serve(
    data_dir: DataDirOption = None,
    port: PortOption = 8080,
    email: Annotated[
        str | None,
        typer.Option(
            "--email",
            metavar="ADDRESS",
            help="The e-mail address of the account, on the first start; recorded as the reviewer.",
        ),
    ] = None,
    install_only: Annotated[
        bool, typer.Option("--install-only", help="Install Label Studio if it is missing, and exit.")
    ] = False,
) -> None:
    """Run a Label Studio that only this machine can reach, until Ctrl-C.

    The first start installs it into an environment of its own, which takes some minutes and 1 GB.
    """
    from quotes.labelstudio.address import DEFAULT_EMAIL, default_data_dir
    from quotes.labelstudio.installation import install, server_command
    from quotes.labelstudio.server import Server

    if server_command() is None:
        message("Installing Label Studio (some minutes, 1 GB) ...")
        install()
    if install_only:
        message(f"Label Studio is installed: {server_command()}")
        return
    message("Starting Label Studio (the first start creates its database) ...")
    with ended_by_signals():
        try:
            with Server(data_dir or default_data_dir(), port, email or DEFAULT_EMAIL) as server:
                show_login(server)
                server.wait()
        except KeyboardInterrupt:  # the normal way to stop it
            message("Label Studio has stopped.")


def show_login(server: Server) -> None:
    """Print the address and the account. The password is printed on a terminal only, not into a log."""
    from quotes.labelstudio.address import login_file

    login, file = server.login, login_file(server.data_dir)
    password = login.password.get_secret_value() if sys.stderr.isatty() else f"in {file}"
    # Shells start background jobs with SIGINT ignored.
    ignores_ctrl_c = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    end = f"`kill {os.getpid()}`" if ignores_ctrl_c else "Ctrl-C"
    message(f"Label Studio is running: {login.url}")
    message(f"E-mail:   {login.email}")
    message(f"Password: {password}")
    message(f"Saved in {file}, with the key that `push` and `pull` use. Stop Label Studio with {end}.")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Handle SIGTERM and SIGHUP, from a service manager or a closed terminal, like Ctrl-C."""

    def end(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    numbers = [signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored under nohup
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
