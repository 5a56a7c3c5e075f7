"""Install the Label Studio server: exact, hash-checked versions in a virtual environment of its own.

The server needs about 200 packages, many pinned to versions that would conflict with ours, so it never shares
an environment with `quotes`. `quotes` itself depends only on the client, label-studio-sdk.
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

#: Where the server and, by default, its data are stored. For machines whose home folder is small or shared.
HOME_VARIABLE: Final = "QUOTES_LABEL_STUDIO_HOME"


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for the server and its data: from the variable, or the platform's folder for user data."""
    import platformdirs

    given = environment.get(HOME_VARIABLE)
    return Path(given).expanduser() if given else Path(platformdirs.user_data_dir("quotes")) / "label-studio"


def server_command() -> Path | None:
    """The `label-studio` program, or None if it is not installed or the installation is incomplete."""
    folder = _environment_folder()
    return _program(folder) if _stamp(folder).exists() else None


def install() -> Path:
    """Install the server if it is missing, and return its program. Takes about two minutes and 1 GB.

    If two processes install at the same time, one of them waits for the other. An interrupted installation is
    repeated. Raises LabelStudioError, with the last error that pip printed, if the installation fails.
    """
    import fcntl

    folder = _environment_folder()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_name(f".{folder.name}.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # released when the process ends, however it ends
            if not _stamp(folder).exists():
                _install(folder)
    except OSError as error:
        raise LabelStudioError(
            f"{folder}: Label Studio can't be installed there ({error.strerror}). Check the folder's "
            f"permissions and the space on the disk, or set {HOME_VARIABLE} to another folder."
        ) from error
    return _program(folder)


def _install(folder: Path) -> None:
    log = folder.with_name(f"{folder.name}.install.log")
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    commands: tuple[tuple[str | Path, ...], ...] = (
        (sys.executable, "-m", "venv", "--clear", folder),
        (*pip, "--no-input", "--require-hashes", "-r", _lock_file()),
    )
    with log.open("wb") as output:
        for command in commands:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
            )
            if done.returncode:
                raise LabelStudioError(
                    f"Label Studio can't be installed into {folder}: {_last_error(log)} The full output is "
                    f"in {log}. Fix the problem and try again; on Debian, install python3-venv first."
                )
    _stamp(folder).touch()


def _last_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    errors = [line for line in lines if line.lower().startswith("error")] or [line for line in lines if line]
    return errors[-1].rstrip(".") + "." if errors else "no reason was given."


def _environment_folder() -> Path:
    """The virtual environment for this lock file and this version of Python."""
    fingerprint = hashlib.sha256(_lock_file().read_bytes()).hexdigest()[:8]
    return home() / f"server-py{sys.version_info.major}.{sys.version_info.minor}-{fingerprint}"


def _lock_file() -> Path:
    return Path(str(resources.files("quotes.labelstudio").joinpath("server.lock")))


def _program(folder: Path) -> Path:
    return folder / "bin" / "label-studio"


def _stamp(folder: Path) -> Path:
    """A file that is written when the installation is complete."""
    return folder / ".installed"
