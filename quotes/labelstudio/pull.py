"""Download a project's annotations: the raw export is saved before anything is made of it."""

from __future__ import annotations

import contextlib
import secrets
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from quotes.errors import LabelStudioError, OutputError
from quotes.files.whole_file import WholeFile
from quotes.labelstudio.client import Connection
from quotes.labelstudio.projects import Project

#: Only a snapshot contains full predictions, everybody's drafts, and the annotators' e-mail addresses.
_EVERYTHING: Final = {
    "predictions": {"only_id": False},
    "drafts": {"only_id": False},
    "annotations__completed_by": {"only_id": False},
}
_TIMEOUT = 600  # seconds


def pull(connection: Connection, project: Project, folder: Path, moment: datetime | None = None) -> Path:
    """Save the project's raw export as a new file in the folder, and return its path.

    Raises LabelStudioError if the server can't create the export, OutputError if it can't be written.
    """
    data = _snapshot(connection, project)
    path = _new_path(folder, f"project-{project.id}-{moment or datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    with WholeFile(path) as file:
        file.write(data)
    return path


def _snapshot(connection: Connection, project: Project) -> bytes:
    exports = connection.client.projects.exports
    title = f"quotes pull {secrets.token_hex(6)}"
    try:
        # May be retried: a snapshot that was created twice is also removed twice.
        made: Any = connection.read(
            "create an export",
            lambda: exports.create(project.id, title=title, serialization_options=_EVERYTHING),
        )
        number = int(made.id)
        give_up = time.monotonic() + _TIMEOUT
        while made.status != "completed":
            if made.status == "failed" or time.monotonic() > give_up:
                raise LabelStudioError(
                    f"{connection.url}: the export of project {project.id} failed ({made.status}). Export it "
                    "as JSON in the web page, and run: quotes labelstudio import FILE"
                )
            time.sleep(0.5)
            made = connection.read("check the export", lambda: exports.get(project.id, number))
        options = {"timeout_in_seconds": _TIMEOUT}
        return connection.read(
            "download the export",
            lambda: b"".join(exports.download(project.id, number, request_options=options)),
        )
    finally:
        with contextlib.suppress(LabelStudioError):  # a snapshot left on the server does no harm
            for one in connection.write("list exports", lambda: exports.list(project.id)):
                if one.title == title:
                    connection.write("remove the export", partial(exports.delete, project.id, one.id))


def _new_path(folder: Path, name: str) -> Path:
    if not folder.parent.is_dir():
        raise OutputError(f"{folder}: the folder {folder.parent} does not exist. Create it first.")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: can't be created ({error.strerror}). Check the folder's permissions."
        ) from error
    number, path = 1, folder / f"{name}.json"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.json"
    return path
