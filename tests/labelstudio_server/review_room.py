"""Shared by the tests here: the server as a process, and a reviewer who uses the web page's API."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from quotes.labelstudio.client import Connection
from quotes.labelstudio.projects import Project, StoredTask, find_project, stored_tasks
from quotes.records import Document, DocumentRecord

ROOT = Path(__file__).resolve().parents[2]

Pairs = list[tuple[Document, DocumentRecord]]
Run = Callable[..., subprocess.CompletedProcess[str]]


def missing(what: str) -> None:
    """Skip the test and say what to install; in CI, fail."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(what)
    pytest.skip(what)


class Serving:
    """`quotes labelstudio serve` as a process, as a user runs it; in the background, without Ctrl-C."""

    def __init__(self, data_dir: Path, *arguments: str, background: bool = False) -> None:
        self.data_dir = data_dir
        self.said: list[str] = []
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "quotes",
                "labelstudio",
                "serve",
                "--data-dir",
                str(data_dir),
                *list(arguments or ("--port", "0")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            # Whatever the test run itself was started with.
            preexec_fn=partial(
                signal.signal, signal.SIGINT, signal.SIG_IGN if background else signal.SIG_DFL
            ),
        )

    def until_up(self) -> Serving:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if line.startswith("Saved in"):
                return self
        pytest.fail(f"the server ended with {self.process.wait()}: {''.join(self.said)}")

    def end(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=60)
        self.said += rest.splitlines(keepends=True)
        return self.process.returncode


def request(connection: Connection, method: str, path: str, **arguments: Any) -> Any:
    """Make a request that the SDK has no call for, and return the parsed body."""
    response = connection.client._client_wrapper.httpx_client.request(path, method=method, **arguments)
    assert response.is_success, response.text
    return response.json()


class Reviewer:
    """Does through the API what the page does for a reviewer."""

    def __init__(self, connection: Connection, title: str) -> None:
        self.connection = connection
        self.title = title

    @property
    def project(self) -> Project:
        return find_project(self.connection, self.title)

    @property
    def tasks(self) -> list[StoredTask]:
        return stored_tasks(self.connection, self.project.id)

    def raw(self, task: int) -> dict[str, Any]:
        return request(self.connection, "GET", f"api/tasks/{task}/")

    def submit(self, task: int, result: list[Any] | None = None, **more: Any) -> dict[str, Any]:
        """Submit what was pre-filled, or another result, as the page's button does."""
        [prediction] = self.raw(task)["predictions"] or [{"id": None, "result": []}]
        body = {
            "result": prediction["result"] if result is None else result,
            "parent_prediction": prediction["id"],
            "parent_annotation": None,
            "draft_id": 0,
            "lead_time": 1.5,
            "started_at": "2026-01-01T00:00:00.000Z",
            **more,
        }
        return request(self.connection, "POST", f"api/tasks/{task}/annotations/", json=body)

    def accept_all(self) -> None:
        for task in self.tasks:
            self.submit(task.id)
