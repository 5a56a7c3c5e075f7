"""Projects by name or number: found, made where they are missing, and fit for our tasks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from quotes.errors import LabelStudioError
from quotes.labelstudio.config import instructions, label_config, missing_labels
from quotes.labelstudio.connect import PAUSES, Connection, UnsureError

_EMPTY_CONFIGS = ("", "<View></View>", "<View/>")
_PAGE = 100
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Project:
    """A project; `model_version` is the one whose predictions reviewers see."""

    id: int
    title: str
    label_config: str
    model_version: str | None
    task_number: int
    made: bool = False
    """Whether we have just made it."""


def find_project(connection: Connection, name: str) -> Project:
    """The project of that number, if `name` is all digits, or of exactly that title.

    Raises LabelStudioError when there is none, or several of the title.
    """
    if project := _by_number(connection, name) or _by_title(connection, name):
        return project
    titles = sorted({f"“{title}”" for _, title in _all(connection)})
    there = ", ".join(titles[:_SHOWN]) + (" and others" if len(titles) > _SHOWN else "")
    raise LabelStudioError(
        f"{connection.url}: no project is called “{name}”. "
        + (f"There are {there}." if titles else "None is there.")
    )


def find_or_make_project(connection: Connection, name: str) -> Project:
    """The project of that number or title, made if no project has that title, its interface checked.

    Raises LabelStudioError when the name can't be a title, several projects have it, or the project's
    labelling interface lacks what our tasks need.
    """
    if project := _by_number(connection, name) or _by_title(connection, name):
        return _fitted(connection, project)
    if not 3 <= len(name) <= 50:
        raise LabelStudioError(f"“{name}” can't be a project's title: Label Studio wants 3 to 50 characters.")
    for pause in (*PAUSES, None):
        try:
            made = connection.write("make the project", lambda: _make(connection, name))
            return project_of(connection, made, made=True)
        except UnsureError as problem:
            if pause is None:
                raise
            connection.wait(problem, pause)
            if project := _by_title(connection, name):  # it was made all the same
                return replace(_fitted(connection, project), made=True)
    raise AssertionError("the last try returns or raises")


def project_of(connection: Connection, number: int, *, made: bool = False) -> Project:
    """A project by its number. Raises LabelStudioError when there is none, or it is somebody else's."""
    raw: Any = connection.read(f"open the project {number}", lambda: connection.client.projects.get(number))
    return Project(
        id=raw.id,
        title=raw.title or "",
        label_config=raw.label_config or "",
        model_version=raw.model_version or None,
        task_number=raw.task_number or 0,
        made=made,
    )


def _by_number(connection: Connection, name: str) -> Project | None:
    return project_of(connection, int(name)) if name.isascii() and name.isdigit() else None


def _by_title(connection: Connection, title: str) -> Project | None:
    numbers = sorted(number for number, known in _all(connection) if known == title)
    if len(numbers) > 1:
        raise LabelStudioError(
            f"{connection.url}: {len(numbers)} projects are called “{title}”. Name one by its number: "
            + ", ".join(map(str, numbers))
            + "."
        )
    return project_of(connection, numbers[0]) if numbers else None


def _all(connection: Connection) -> list[tuple[int, str]]:
    def read() -> list[tuple[int, str]]:
        # Without counts, which cost the server a query each.
        listed = connection.client.projects.list(page_size=_PAGE, include="id,title")
        return [(project.id, project.title or "") for project in listed]

    return connection.read("list the projects", read)


def _make(connection: Connection, title: str) -> int:
    made = connection.client.projects.create(
        title=title, label_config=label_config(), expert_instruction=instructions(), show_instruction=True
    )
    return int(made.id)


def _fitted(connection: Connection, project: Project) -> Project:
    if "".join(project.label_config.split()) in _EMPTY_CONFIGS and not project.task_number:
        connection.read(  # setting the same twice does no harm
            "set the labelling interface",
            lambda: connection.client.projects.update(
                project.id,
                label_config=label_config(),
                expert_instruction=instructions(),
                show_instruction=True,
            ),
        )
        return project_of(connection, project.id)
    if missing := missing_labels(project.label_config):
        raise LabelStudioError(
            f"The labelling interface of project {project.id}, “{project.title}”, lacks "
            f"{', '.join(missing)}. "
            "Paste what `quotes labelstudio config` prints into its Settings, Labeling Interface, Code; or "
            "name another project."
        )
    return project
