"""A Label Studio of our own: exact, hash-checked versions in a virtual environment of its own.

The server needs some 200 packages, many pinned to versions that would bind ours; so it never shares an
environment with `quotes`. The client (label-studio-sdk) is all that `quotes` itself depends on.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from quotes.errors import LabelStudioError
from quotes.labelstudio.locks import waiting_for

#: Where the server and, unless told otherwise, its data live. For machines whose home is small or shared.
HOME_VARIABLE: Final = "QUOTES_LABEL_STUDIO_HOME"


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for server and data: that of the variable, or the platform's for a user's data."""
    import platformdirs

    given = environment.get(HOME_VARIABLE)
    return Path(given).expanduser() if given else Path(platformdirs.user_data_dir("quotes")) / "label-studio"


def environment_folder() -> Path:
    """The virtual environment for this lock and this Python: another lock, another folder."""
    fingerprint = hashlib.sha256(_lock_file().read_bytes()).hexdigest()[:8]
    return home() / f"server-py{sys.version_info.major}.{sys.version_info.minor}-{fingerprint}"


def server_command() -> Path | None:
    """The `label-studio` program, or None where it isn't installed, or not to the end."""
    folder = environment_folder()
    return _program(folder) if _stamp(folder).exists() else None


def install() -> Path:
    """Install the server if it is missing, and give its program. Takes about two minutes and 1 GB.

    Of two processes that want it at once, one installs and the other waits. An installation that was cut off
    is done again. Raises LabelStudioError, with the end of pip's own words, when it fails.
    """
    folder = environment_folder()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with waiting_for(folder.with_name(f".{folder.name}.lock")):
            if not _stamp(folder).exists():
                _install(folder)
    except OSError as error:
        raise LabelStudioError(
            f"{folder}: Label Studio can't be installed there ({error.strerror}). Check the folder's "
            f"permissions and the space on the disk, or name another in {HOME_VARIABLE}."
        ) from error
    return _program(folder)


def _install(folder: Path) -> None:
    log = folder.with_name(f"{folder.name}.install.log")
    python = folder / "bin" / "python"
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    make: list[str | Path] = [sys.executable, "-m", "venv", "--clear", folder]
    fill: list[str | Path] = [*pip, "--require-hashes", "-r", _lock_file()]
    with log.open("wb") as output:
        for command in (make, fill):
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
            )
            if done.returncode:
                raise LabelStudioError(
                    f"Label Studio can't be installed into {folder}: {_last_error(log)} All that was said is "
                    f"in {log}. Try again once that is mended; on Debian, python3-venv must be there."
                )
    _stamp(folder).touch()


def _last_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    telling = [line for line in lines if line.lower().startswith("error")] or [line for line in lines if line]
    return telling[-1].rstrip(".") + "." if telling else "no reason was given."


def _lock_file() -> Path:
    return Path(str(resources.files("quotes.labelstudio").joinpath("server.lock")))


def _program(folder: Path) -> Path:
    return folder / "bin" / "label-studio"


def _stamp(folder: Path) -> Path:
    return folder / ".installed"
