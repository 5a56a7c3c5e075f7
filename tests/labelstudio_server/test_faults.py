"""Servers that are down, refuse, fail or are not Label Studio; interrupted pushes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from quotes.errors import LabelStudioError
from quotes.labelstudio import client
from quotes.labelstudio.address import Address, find_address
from quotes.labelstudio.client import Connection, UnsureError
from quotes.labelstudio.projects import find_or_create_project, find_project
from quotes.labelstudio.push import push
from quotes.labelstudio.tasks import to_task
from quotes.records import Document, DocumentRecord

from review_room import Reviewer, Run, request  # isort: skip
from fault_proxy import Fault, FaultProxy, fault_proxy  # isort: skip

# One worker for all tests of the server, so that a run has one server.
pytestmark = pytest.mark.xdist_group("labelstudio")

STORY = "“It rained all night,” Mayor Ada Quill said.\n"


def tasks(number: int, version: str = "quotes-1") -> list[dict[str, object]]:
    """Tasks without quotations: they are enough to be lost or doubled."""
    documents = [Document(doc_id=f"story {n}", text=f"{n}. {STORY}") for n in range(number)]
    return [
        to_task(
            document,
            DocumentRecord(doc_id=document.doc_id, text_sha256=document.text_sha256, quotations=()),
            model_version=version,
        )
        for document in documents
    ]


@pytest.fixture
def proxy(address: Address) -> Iterator[FaultProxy]:
    with fault_proxy(address.url) as running:
        yield running


@pytest.fixture
def through(proxy: FaultProxy, address: Address, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A connection through the proxy, which loses no time between tries."""
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01, 0.01))
    return Connection(Address(proxy.url + "/", address.key))


def names(reviewer: Reviewer) -> list[str]:
    return sorted(task.key[0] for task in reviewer.tasks)


IMPORT = r"POST /api/projects/\d+/import\b"


@pytest.mark.parametrize("status", [500, 502, 503, 429, 0])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failing_import_is_completed_without_duplicates(
    status: int, when: str, proxy: FaultProxy, through: Connection, reviewer: Reviewer
) -> None:
    project = find_or_create_project(through, reviewer.title)
    proxy.faults = [Fault(IMPORT, status, times=2, when=when)]
    report = push(through, project, tasks(5))
    assert report.new == 5
    assert names(reviewer) == [f"story {n}" for n in range(5)]
    assert all([one.model_version for one in task.predictions] == ["quotes-1"] for task in reviewer.tasks)
    # Done at the first try, it was seen to be done, and not sent again.
    assert proxy.count(IMPORT) == (1 if when == "after" else 3)


def test_failing_predictions_are_completed_without_duplicates(
    proxy: FaultProxy, through: Connection, reviewer: Reviewer
) -> None:
    project = find_or_create_project(through, reviewer.title)
    push(through, project, tasks(3))
    proxy.faults = [
        Fault(r"POST /api/projects/\d+/import/predictions", 500, when="after"),
        Fault(r"PATCH /api/projects/", 503),
        Fault(r"DELETE /api/predictions/", 500, when="after", times=2),
        Fault(r"DELETE /api/predictions/", 429, headers={"Retry-After": "0"}),
    ]
    push(through, project, tasks(3, "quotes-2"))
    assert all(fault.times == 0 for fault in proxy.faults)
    assert [[one.model_version for one in task.predictions] for task in reviewer.tasks] == [["quotes-2"]] * 3
    assert reviewer.project.model_version == "quotes-2"


def test_a_project_is_created_once_even_if_the_answer_is_lost(
    proxy: FaultProxy, through: Connection, reviewer: Reviewer
) -> None:
    proxy.faults = [Fault(r"POST /api/projects/", 500, when="after")]
    assert find_or_create_project(through, reviewer.title).created
    assert find_project(through, reviewer.title).title == reviewer.title  # only one has the title


def test_reads_are_retried_and_a_server_that_keeps_failing_is_reported(
    proxy: FaultProxy, through: Connection
) -> None:
    proxy.faults = [Fault("GET /api/projects", 500, times=4)]
    with pytest.raises(LabelStudioError, match="there is no project"):
        find_project(through, "no such project")
    proxy.faults = [Fault("GET /api/projects", 429, times=99)]
    with pytest.raises(UnsureError, match=r"keeps answering with an error \(429\).*Try again later"):
        find_project(through, "no such project")


def test_retry_after_is_respected(
    proxy: FaultProxy, through: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(client.time, "sleep", slept.append)
    proxy.faults = [Fault("GET /api/projects", 429, headers={"Retry-After": "17"})]
    with pytest.raises(LabelStudioError, match="there is no project"):
        find_project(through, "no such project")
    assert slept == [17.0]


def test_a_push_ends_with_an_error_and_the_next_one_completes_it(
    proxy: FaultProxy, through: Connection, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotes.labelstudio.push.BATCH", 2)
    project = find_or_create_project(through, reviewer.title)
    proxy.faults = [Fault(IMPORT, 500, times=99, skip=1)]
    with pytest.raises(UnsureError, match=r"can't import tasks.*\(500\)"):
        push(through, project, tasks(6))
    assert len(reviewer.tasks) == 2
    proxy.faults = []
    assert push(through, project, tasks(6)).new == 4
    assert names(reviewer) == [f"story {n}" for n in range(6)]


def predictions_file(folder: Path, number: int) -> Path:
    path = folder / "predictions.jsonl"
    lines = []
    for task in tasks(number):
        data = task["data"]
        assert isinstance(data, dict)
        record = {"doc_id": data["doc_id"], "text_sha256": task["meta"]["text_sha256"], "quotations": []}
        lines.append(json.dumps({**record, "text": data["text"]}) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_a_push_that_is_killed_midway_is_completed_by_the_next(
    proxy: FaultProxy, address: Address, labelstudio: Run, reviewer: Reviewer, tmp_path: Path,
    environment: dict[str, str],
) -> None:  # fmt: skip
    file = predictions_file(tmp_path, 200)
    # The server does the second batch, and its answer never comes: there the push is killed.
    proxy.faults = [Fault(IMPORT, 429, skip=1, times=99, when="after", headers={"Retry-After": "60"})]
    pushing = subprocess.Popen(
        [sys.executable, "-m", "quotes", "labelstudio", "push", str(file), "--project", reviewer.title],
        env={
            **environment,
            "LABEL_STUDIO_URL": proxy.url,
            "LABEL_STUDIO_API_KEY": address.key.get_secret_value(),
        },
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    give_up = time.monotonic() + 120
    while proxy.count(IMPORT) < 2 or proxy.faults[0].times == 99:
        assert pushing.poll() is None
        assert time.monotonic() < give_up
        time.sleep(0.05)
    pushing.send_signal(signal.SIGKILL)
    pushing.wait()
    done = labelstudio("push", file, "--project", reviewer.title)
    assert done.returncode == 0, done.stderr
    assert len(names(reviewer)) == 200
    assert len(set(names(reviewer))) == 200
    again = labelstudio("push", file, "--project", reviewer.title)
    assert "200 unchanged" in again.stderr


def refused(address: Address) -> str:
    """What we are told, with everything that a traceback would show of it."""
    with pytest.raises(LabelStudioError) as caught:
        Connection(address)
    shown = "".join(traceback.format_exception(caught.value))
    assert address.key.get_secret_value() not in shown + repr(address)
    assert "sessionid" not in shown
    assert caught.value.__context__ is None
    return str(caught.value)


WRONG_KEYS = {
    "made up": ("0" * 40, "the key is refused"),
    # Signed by nobody, expired in 2001.
    "expired": (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6MTAwMDAwMDAwMH0."
        "c2lnbmF0dXJlLXRoYXQtbm9ib2R5LW1hZGU",
        "the key has expired",
    ),
    "forged": (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6OTAwMDAwMDAwMH0."
        "c2lnbmF0dXJlLXRoYXQtbm9ib2R5LW1hZGU",
        "the key is refused",
    ),
}


@pytest.mark.parametrize("name", WRONG_KEYS)
def test_a_wrong_key_is_reported_and_not_shown(name: str, address: Address) -> None:
    key, words = WRONG_KEYS[name]
    assert words in refused(Address(address.url, SecretStr(key)))


@pytest.fixture(scope="session")
def personal(connection: Connection) -> str:
    """The account's personal access token: it can have but one."""
    token: str = connection.client.tokens.create().token
    return token


def test_both_kinds_of_token_work(address: Address, connection: Connection, personal: str) -> None:
    assert personal.count(".") == 2
    assert address.key.get_secret_value().count(".") == 0
    other = Connection(Address(address.url, SecretStr(personal)))
    assert other.client.users.whoami().email == connection.client.users.whoami().email
    access = request(connection, "POST", "api/token/refresh/", json={"refresh": personal})["access"]
    assert "access token" in refused(Address(address.url, SecretStr(access)))


def test_a_disabled_legacy_token_is_reported(address: Address, personal: str) -> None:
    settings = Connection(Address(address.url, SecretStr(personal))).client.jwt_settings
    settings.update(api_tokens_enabled=True, legacy_api_tokens_enabled=False, api_token_ttl_days=73000)
    try:
        assert "legacy token, which this server has disabled" in refused(address)
    finally:
        settings.update(api_tokens_enabled=True, legacy_api_tokens_enabled=True, api_token_ttl_days=73000)


def test_no_permission_is_reported(proxy: FaultProxy, through: Connection) -> None:
    body = b'{"detail": "You do not have permission to perform this action."}'
    proxy.faults = [Fault("GET /api/projects", 403, body=body)]
    with pytest.raises(LabelStudioError, match=r"has no permission \(“You do not have permission"):
        find_project(through, "somebody else's")


def test_a_project_number_that_is_not_there_is_reported(connection: Connection) -> None:
    with pytest.raises(LabelStudioError, match=r"can't open the project 99999: it does not exist"):
        find_project(connection, "99999")


@pytest.mark.parametrize("path", ["api", "api/", "projects/1/data", "user/login"])
def test_the_address_of_a_page_is_reported(path: str, address: Address) -> None:
    with pytest.raises(
        LabelStudioError, match=f"is a page of Label Studio. Use the address above it: {address.url}$"
    ):
        find_address(address.url + path, "key")


@pytest.mark.parametrize(
    "url", ["localhost:8080", "ftp://localhost", "http://", "http://localhost:port", "studio"]
)
def test_an_invalid_address_is_reported(url: str) -> None:
    with pytest.raises(LabelStudioError, match="is not an address"):
        find_address(url, "key")


def test_a_password_in_an_address_is_neither_used_nor_shown() -> None:
    for url in ("http://ada:s3cret@localhost", "ada:s3cret@localhost"):
        with pytest.raises(LabelStudioError) as caught:
            find_address(url, "key")
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("key", [" ", "a key", "schlüssel", "two\nlines"])
def test_an_invalid_key_is_reported_and_not_shown(key: str) -> None:
    with pytest.raises(LabelStudioError, match="it contains characters that keys never have") as caught:
        find_address("http://localhost:8080", key)
    assert key.strip() not in str(caught.value) or not key.strip()


def test_a_key_goes_only_where_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(LabelStudioError, match="no address"):
        find_address(key="secret-of-another-server", environment={})
    with pytest.raises(LabelStudioError, match="no key for http://elsewhere"):
        find_address("http://elsewhere", environment={})
    with pytest.raises(LabelStudioError, match="--data-dir can't be combined"):
        find_address("http://elsewhere", data_dir=tmp_path, environment={})
    with pytest.raises(LabelStudioError, match="no local server was started"):
        find_address(data_dir=tmp_path, environment={"LABEL_STUDIO_API_KEY": "x"})


def test_another_site_is_reported(address: Address) -> None:
    with fault_proxy(address.url) as site:
        site.faults = [Fault(".*", 200, times=99, body=b"<html>Welcome</html>")]
        assert "there is no Label Studio at this address" in refused(Address(site.url + "/", address.key))
    assert "there is no Label Studio at this address" in refused(
        Address(address.url + "elsewhere/", address.key)
    )


def test_a_redirect_is_reported(address: Address) -> None:
    with fault_proxy(address.url) as site:
        site.faults = [Fault(".*", 301, times=99, headers={"Location": "https://127.0.0.1/"})]
        assert "redirects to another one" in refused(Address(site.url + "/", address.key))


def test_https_to_a_server_without_it_is_reported(address: Address) -> None:
    assert "does not use HTTPS" in refused(Address(address.url.replace("http:", "https:"), address.key))


@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_server_that_is_down_ends_the_command_with_an_error(
    command: str, run_quotes: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    with fault_proxy("http://127.0.0.1:9") as gone:
        url = gone.url  # a port that was free a moment ago, and on which nobody listens any more
    environment |= {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": "f" * 40}
    more = [str(predictions_file(tmp_path, 1))] if command == "push" else ["--out", "gold.jsonl"]
    done = run_quotes("labelstudio", command, *more, "--project", "some project")
    assert done.returncode == 1
    assert f"{url}/: can't log in: no server answers at this address." in done.stderr
    assert "f" * 40 not in done.stdout + done.stderr
    assert not (tmp_path / "gold.jsonl").exists()


def test_a_wrong_key_ends_a_command_with_an_error(
    address: Address, run_quotes: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"LABEL_STUDIO_URL": address.url, "LABEL_STUDIO_API_KEY": "f" * 40}
    done = run_quotes("labelstudio", "push", str(predictions_file(tmp_path, 1)), "--project", "some project")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {address.url}: can't log in: the key is refused")
    assert "f" * 40 not in done.stderr


def test_missing_labels_of_a_project_are_reported(
    labelstudio: Run, connection: Connection, title: str, tmp_path: Path
) -> None:
    config = (
        '<View><Labels name="role" toName="text"><Label value="Quote"/></Labels>'
        '<Text name="text" value="$text"/></View>'
    )
    project = connection.client.projects.create(title=title, label_config=config)
    done = labelstudio("push", predictions_file(tmp_path, 1), "--project", str(project.id))
    assert done.returncode == 1
    for words in (
        f"project {project.id}",
        "“Speaker”",
        "“Cue”",
        "“Not a quotation”",
        "quotes labelstudio config",
    ):
        assert words in done.stderr
    assert "“Quote”" not in done.stderr


def test_an_empty_project_made_by_hand_gets_our_interface(connection: Connection, reviewer: Reviewer) -> None:
    made = connection.client.projects.create(title=reviewer.title)
    assert push(connection, find_or_create_project(connection, reviewer.title), tasks(1)).new == 1
    assert reviewer.project.id == made.id


def test_two_projects_of_one_title_are_reported_by_number(connection: Connection, title: str) -> None:
    numbers = [connection.client.projects.create(title=title).id for _ in range(2)]
    with pytest.raises(LabelStudioError, match=f"2 projects have the title.*{numbers[0]}, {numbers[1]}"):
        find_or_create_project(connection, title)


@pytest.mark.parametrize("name", ["ab", "x" * 51])
def test_a_title_that_label_studio_would_refuse_is_reported(name: str, connection: Connection) -> None:
    with pytest.raises(LabelStudioError, match="3 to 50 characters"):
        find_or_create_project(connection, name)


def test_a_task_with_an_edited_text_is_reported_and_not_pulled(
    connection: Connection, reviewer: Reviewer, labelstudio: Run, tmp_path: Path
) -> None:
    project = find_or_create_project(connection, reviewer.title)
    push(connection, project, tasks(2))
    reviewer.accept_all()
    edited = reviewer.tasks[0]
    data = {**reviewer.raw(edited.id)["data"], "text": "Somebody wrote another text."}
    request(connection, "PATCH", f"api/tasks/{edited.id}/", json={"data": data})
    report = push(connection, project, tasks(2))
    assert any("its text was edited" in note and edited.key[0] in note for note in report.notes)
    out = tmp_path / "gold.jsonl"
    done = labelstudio("pull", "--project", reviewer.title, "--out", out)
    assert done.returncode == 1
    assert edited.key[0] in done.stderr
    assert "edited" in done.stderr
    assert [json.loads(line)["doc_id"] for line in out.read_text(encoding="utf-8").splitlines()] == [
        "story 1"
    ]


def test_skipped_tasks_and_drafts_are_reported_and_make_no_gold(
    connection: Connection, reviewer: Reviewer, labelstudio: Run, tmp_path: Path
) -> None:
    push(connection, find_or_create_project(connection, reviewer.title), tasks(4))
    accepted, skipped, begun, _ = reviewer.tasks
    reviewer.submit(accepted.id)
    reviewer.submit(skipped.id, was_cancelled=True)
    request(
        connection, "POST", f"api/tasks/{begun.id}/drafts", json={"result": [], "lead_time": 1, "draft_id": 0}
    )
    out = tmp_path / "gold.jsonl"
    done = labelstudio("pull", "--project", reviewer.title, "--out", out)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["doc_id"] for line in out.read_text(encoding="utf-8").splitlines()] == [
        "story 0"
    ]
    assert "skipped" in done.stderr
    assert "draft" in done.stderr or "not submitted" in done.stderr
