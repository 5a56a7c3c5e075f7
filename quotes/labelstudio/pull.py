"""A project's annotations home, whole: the raw export is kept before anything is made of it."""

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
from quotes.labelstudio.connect import Connection
from quotes.labelstudio.projects import Project

#: A snapshot is the one export that holds predictions in full, everybody's drafts, and annotators' e-mails.
_WHOLE: Final = {
    "predictions": {"only_id": False},
    "drafts": {"only_id": False},
    "annotations__completed_by": {"only_id": False},
}
_SECONDS = 600
_DOWNLOAD: Final = {"timeout_in_seconds": _SECONDS}


def pull(connection: Connection, project: Project, folder: Path, moment: datetime | None = None) -> Path:
    """Save the project's raw export in the folder, under a name that no file has, and give its path.

    Raises LabelStudioError when the server can't make the export, OutputError when it can't be written.
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
        # Made twice by a second try, it is removed twice.
        made: Any = connection.read(
            "make an export", lambda: exports.create(project.id, title=title, serialization_options=_WHOLE)
        )
        number = int(made.id)
        give_up = time.monotonic() + _SECONDS
        while made.status != "completed":
            if made.status == "failed" or time.monotonic() > give_up:
                raise LabelStudioError(
                    f"{connection.url}: the export of project {project.id} was not made ({made.status}). "
                    "Export it in the web page as JSON, and say: quotes labelstudio import FILE"
                )
            time.sleep(0.5)
            made = connection.read("look after the export", lambda: exports.get(project.id, number))
        return connection.read(
            "fetch the export",
            lambda: b"".join(exports.download(project.id, number, request_options=_DOWNLOAD)),
        )
    finally:
        with contextlib.suppress(LabelStudioError):  # a snapshot left on the server does no harm
            _remove(connection, project.id, title)


def _remove(connection: Connection, project: int, title: str) -> None:
    exports = connection.client.projects.exports
    for one in connection.write("list exports", lambda: exports.list(project)):
        if one.title == title:
            connection.write("remove the export", partial(exports.delete, project, one.id))


def _new_path(folder: Path, name: str) -> Path:
    if not folder.parent.is_dir():
        raise OutputError(f"{folder}: the folder {folder.parent} does not exist. Create it first.")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: can't be made ({error.strerror}). Check the permissions.") from error
    number, path = 1, folder / f"{name}.json"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.json"
    return path
